"""The curves over the epochs: loss, accuracy and learning rate, with the values under the pointer.

GUI thread. The curves of the run before stay as a ghost until it is dismissed, so that a change can
be seen.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QPolygonF
from PySide6.QtWidgets import QWidget

from playground.core.messages import Message
from playground.engines.contract.base import Score
from playground.engines.contract.run_control import CurvePoint, Snapshot
from playground.ui.look import theme
from playground.ui.widgets import describe
from playground.ui.widgets.layouts import vbox

Measure = Callable[[Score], float | None]
Reading = tuple[float, float, float]
"""Epoch, first value, second value; NaN where there is none."""

SMALLEST_ON_LOG_SCALE = 1e-12

PIXELS_A_MARK = 22
LARGEST_EXPONENT = 308
"""Powers of ten from here on, up or down, are more than a number of Python holds."""

MOST_POINTS = 400
"""Points of a curve that are drawn, about one a pixel."""


def loss_of(score: Score) -> float | None:
    return score.loss


def accuracy_of(score: Score) -> float | None:
    return score.accuracy


def decimated(x: npt.NDArray, y: npt.NDArray) -> tuple[npt.NDArray, npt.NDArray]:
    """At most MOST_POINTS points (x, y) of a curve that look like all of them.

    x (N,) rises, y (N,) is finite. The range of x is cut into equal parts, and each keeps its
    lowest and its highest point, so that no spike is lost; the ends stay, too.
    """
    if len(x) <= MOST_POINTS:
        return x, y
    parts = (MOST_POINTS - 2) // 2
    part = np.minimum((x - x[0]) / (x[-1] - x[0]) * parts, parts - 1).astype(np.int64)
    # Sorted by part and then by value: lowest and highest stand at the ends of each part.
    order = np.lexsort((y, part))
    starts = np.flatnonzero(np.diff(part, prepend=-1))
    ends = np.append(starts[1:], len(x)) - 1
    kept = np.unique(np.concatenate([order[starts], order[ends], [0, len(x) - 1]]))
    return x[kept], y[kept]


def polygon(x: npt.NDArray, y: npt.NDArray) -> QPolygonF:
    """Places x, y (N,), which are finite, as Qt draws them."""
    if not len(x):  # the library cannot convert nothing
        return QPolygonF()
    return pg.functions.arrayToQPolygonF(*(np.ascontiguousarray(part, float) for part in (x, y)))


class Record(ABC):
    """A curve as an array, which grows with the run instead of being made anew for every frame."""

    def __init__(self) -> None:
        self._source: Sequence[CurvePoint] = ()
        self._rows = np.zeros((0, 3))
        self._head = np.zeros((0, 3))

    @abstractmethod
    def _row(self, moment: CurvePoint | Snapshot) -> Reading:
        """What is drawn of a moment."""

    @property
    def source(self) -> Sequence[CurvePoint]:
        """What was followed last."""
        return self._source

    def follow(self, curve: Sequence[CurvePoint], now: Snapshot | None = None) -> None:
        """Take over what has been added to the curve, or all of it where it is another one."""
        if curve is not self._source:  # every training has a list of its own, which only grows
            self._source, self._rows = curve, self._rows[:0]
        known = len(self._rows)
        if len(curve) > known:
            new = [self._row(point) for point in curve[known:]]
            self._rows = np.concatenate([self._rows, new])
        is_ahead = now is not None and not (curve and now.epoch <= curve[-1].epoch)
        head = [self._row(now)] if now is not None and is_ahead else []
        self._head = np.array(head).reshape(-1, 3)

    def line(self, column: int) -> tuple[npt.NDArray, npt.NDArray]:
        """Epochs and values of column 1 or 2 as they are drawn, without what is not finite."""
        rows = self._all()
        x, y = rows[np.isfinite(rows[:, column])][:, (0, column)].T
        return decimated(x, y)

    def nearest(self, epoch: float) -> Reading | None:
        """The row nearest to an epoch; None while there is none."""
        rows = self._all()
        if not len(rows):
            return None
        row = rows[np.abs(rows[:, 0] - epoch).argmin()]
        return float(row[0]), float(row[1]), float(row[2])

    def latest(self) -> Reading | None:
        """The newest row; None while there is none."""
        rows = self._all()
        return (float(rows[-1, 0]), float(rows[-1, 1]), float(rows[-1, 2])) if len(rows) else None

    def now(self, snapshot: Snapshot) -> Reading:
        """What is drawn of this moment, which may lie between two points of the curve."""
        return self._row(snapshot)

    def _all(self) -> npt.NDArray[np.float64]:
        return np.concatenate([self._rows, self._head])


class Track(Record):
    """One measure of training and test data."""

    def __init__(self, measure: Measure) -> None:
        super().__init__()
        self._measure = measure

    def _row(self, moment: CurvePoint | Snapshot) -> Reading:
        """Epoch, training value, test value."""
        values = [
            None if score is None else self._measure(score) for score in (moment.train, moment.test)
        ]
        first, second = (np.nan if value is None else value for value in values)
        return moment.epoch, first, second


class LogAxis(pg.AxisItem):
    """An axis whose marks on the logarithmic scale are powers of ten, or 1, 2, 5 between a few.

    The library marks every tenth of a decade, and their names lie on top of each other.
    """

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float, list[float]]]:
        if not self.logMode:
            return super().tickValues(minVal, maxVal, size)
        room = max(2, int(size / theme.scaled(PIXELS_A_MARK)))
        decades = np.arange(np.floor(minVal), np.ceil(maxVal) + 1)
        marks = np.add.outer(decades, np.log10([1, 2, 5])).ravel()
        if np.count_nonzero((marks >= minVal) & (marks <= maxVal)) > room:
            marks = decades[:: max(1, int(np.ceil((maxVal - minVal) / room)))]
        return [(1.0, [float(mark) for mark in marks if minVal <= mark <= maxVal])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if not self.logMode:
            return super().tickStrings(values, scale, spacing)
        return [_power_of_ten(value) for value in values]


def _power_of_ten(exponent: float) -> str:
    """10 ** exponent in a few digits, also where that is more than a number holds."""
    if abs(exponent) < LARGEST_EXPONENT:
        return f"{10**exponent:.3g}"
    return f"1e{exponent:+.0f}"


class EpochPlot(QWidget):
    """A plot over the epochs that tells which values lie under the pointer."""

    read = Signal(object)  # Reading under the pointer; None when it leaves

    def __init__(self, name: str, record: Record, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.record = record
        self._plot = pg.PlotWidget(enableMenu=False, axisItems={"left": LogAxis("left")})
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.setLimits(xMin=0, minXRange=1)
        describe(self._plot, Message("{name} over epochs", name=Message(name)))
        for part in (self._plot, self._plot.viewport()):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.viewport().installEventFilter(self)
        self._cross = pg.InfiniteLine(angle=90)
        self._cross.hide()
        self._plot.addItem(self._cross, ignoreBounds=True)
        vbox(self._plot, of=self)
        theme.follow(self, self._dress)

    def values_at(self, epoch: float) -> Reading | None:
        """What is known of the moment nearest to an epoch."""
        return self.record.nearest(epoch)

    def latest(self) -> Reading | None:
        """What is known of the newest moment."""
        return self.record.latest()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove:
            self._read_at(event.position())  # type: ignore[attr-defined]
        elif event.type() == QEvent.Type.Leave:
            self._cross.hide()
            self.read.emit(None)
        return False

    def _read_at(self, position: QPointF) -> None:
        scene = self._plot.mapToScene(position.toPoint())
        found = self.values_at(self._plot.plotItem.vb.mapSceneToView(scene).x())
        if found is None:
            return
        self._cross.setPos(found[0])
        self._cross.show()
        self.read.emit(found)

    @Slot()
    def _dress(self) -> None:
        now = theme.current()
        self._plot.setBackground(now.panel)
        theme.style_plot(self._plot.plotItem)
        self._plot.getAxis("left").setWidth(theme.scaled(44))
        self._plot.getAxis("left").setTickDensity(0.5)
        self._cross.setPen(theme.line_pen(now.line))


class CurvePlot(EpochPlot):
    """One measure over the epochs: test in ink, training muted, the run before dashed."""

    def __init__(self, measure: Measure, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, Track(measure), parent)
        self._is_log = False
        self._ghost_track = Track(measure)
        # The curves have some hundred points at most, so smooth lines are cheap here.
        self._ghost = self._plot.plot(antialias=True)
        self._train = self._plot.plot(antialias=True)
        self._test = self._plot.plot(antialias=True)
        self._dress()

    def start(self, before: Sequence[CurvePoint]) -> None:
        """A new run: the curve of the one before becomes the ghost."""
        if len(before) > 1:
            self._ghost_track.follow(before)
        self.record.follow(())
        self._draw()
        self._draw_ghost()

    @property
    def ghost(self) -> Sequence[CurvePoint]:
        """The curve of the run before, as far as it is shown."""
        return self._ghost_track.source

    def dismiss_ghost(self) -> None:
        self._ghost_track.follow(())
        self._draw_ghost()

    def show_curve(self, curve: Sequence[CurvePoint], now: Snapshot) -> None:
        """The curve so far, and where the run is at this moment."""
        self.record.follow(curve, now)
        self._draw()

    def set_log(self, is_log: bool) -> None:
        """Show powers of ten at equal distances, which tells small losses apart."""
        self._is_log = is_log
        self._plot.setLogMode(y=is_log)
        self._draw()
        self._draw_ghost()

    def _draw(self) -> None:
        self._test.setData(*self._drawable(self.record, 2))
        self._train.setData(*self._drawable(self.record, 1))

    def _draw_ghost(self) -> None:
        x, y = self._drawable(self._ghost_track, 2)
        self._ghost.setData(*((x, y) if len(x) else self._drawable(self._ghost_track, 1)))

    def _drawable(self, record: Record, column: int) -> tuple[npt.NDArray, npt.NDArray]:
        x, y = record.line(column)
        return x, np.maximum(y, SMALLEST_ON_LOG_SCALE) if self._is_log else y

    @Slot()
    def _dress(self) -> None:
        super()._dress()
        now = theme.current()
        self._test.setPen(theme.line_pen(now.ink, 1.5))
        self._train.setPen(theme.line_pen(now.muted))
        ghost = theme.line_pen(theme.faded(now.muted, 0.6))
        ghost.setStyle(Qt.PenStyle.DashLine)
        self._ghost.setPen(ghost)
