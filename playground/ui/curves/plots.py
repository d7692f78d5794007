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

from playground.core.messages import N_, Message
from playground.engines.contract.base import Score
from playground.engines.contract.run_control import CurvePoint, Snapshot
from playground.ui.curves.axes.plot import Plot
from playground.ui.curves.axes.plot_axis import PlotAxis, ShareAxis
from playground.ui.look import theme
from playground.ui.widgets import describe
from playground.ui.widgets.layouts import vbox

Measure = Callable[[Score], float | None]
Reading = tuple[float, float, float]
"""Epoch, first value, second value; NaN where there is none."""

SMALLEST_ON_LOG_SCALE = 1e-12

MOST_DECADES = 4
"""Losses that differ by more powers of ten than these are shown on a logarithmic axis by itself."""
LEAST_SHARE, LEAST_DECADES = 0.05, 0.1
"""How much of a value, and how many powers of ten, the height of a plot is at least."""
MARGIN = 0.05
"""Of the height, that is left above and below the curves."""
WAITING = N_("The curve appears with the first epoch.")

STRONG = 1.5
"""Pixels of a curve: of test and training alike, which differ by colour."""
DASHES = [4.0, 3.0]
"""Of the run before, in widths of its line."""
CORNER_SHARE = 0.35
"""Of the width, that a key in a corner of the plot takes about."""

MOST_POINTS = 400
"""Points of a curve that are drawn, about one a pixel."""


def loss_of(score: Score) -> float | None:
    return score.loss


def accuracy_of(score: Score) -> float | None:
    return score.accuracy


def is_share(measure: Measure) -> bool:
    """True for a share of one, which is said in percent."""
    return measure is accuracy_of


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


class EpochPlot(QWidget):
    """A plot over the epochs that tells which values lie under the pointer.

    The axes fit what is set with `fit`, which is the present run; nothing else moves them.
    """

    read = Signal(object)  # Reading under the pointer; None when it leaves
    empty_corner = Qt.Corner.TopRightCorner
    """Where the curves leave most room, at the right: above them, or below."""

    def __init__(
        self,
        name: str,
        record: Record,
        parent: QWidget | None = None,
        *,
        left: PlotAxis | None = None,
    ) -> None:
        super().__init__(parent)
        self.record = record
        self._plot = Plot(PlotAxis("bottom", whole=True), left=left)
        self._plot.waiting = WAITING
        self._ranges: tuple[float, ...] = ()
        describe(self._plot, Message("{name} over epochs", name=Message(name)))
        self._plot.viewport().installEventFilter(self)
        self._cross = pg.InfiniteLine(angle=90)
        self._cross.hide()
        self._plot.addItem(self._cross, ignoreBounds=True)
        vbox(self._plot, of=self)
        theme.follow(self, self._dress)

    @property
    def is_empty(self) -> bool:
        """True while there is no curve yet, but a sentence."""
        return self._plot.is_empty

    def set_covered(self, pixels: int) -> None:
        """The key lies on so much of the right end."""
        self._plot.set_covered(pixels)

    def fit(self, epochs: float, low: float, high: float) -> None:
        """Show the epochs from 0 on, and these heights, in the units of the axis."""
        ranges = max(1.0, epochs), low, high
        if ranges != self._ranges:
            self._ranges = ranges
            self._plot.box.setXRange(0, ranges[0], padding=0)
            self._plot.box.setYRange(low, high, padding=0)

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
        found = self.values_at(self._plot.box.mapSceneToView(scene).x())
        if found is None:
            return
        self._cross.setPos(found[0])
        self._cross.show()
        self.read.emit(found)

    @Slot()
    def _dress(self) -> None:
        self._plot.dress()
        self._cross.setPen(theme.line_pen(theme.current().line))


class CurvePlot(EpochPlot):
    """One measure over the epochs: test in ink, training muted, the run before dashed.

    The height is linear, or logarithmic where the curves span more than MOST_DECADES, unless
    somebody says which (`set_log`).
    """

    scaled = Signal(bool)  # the axis is logarithmic from now on, or no longer, by itself

    def __init__(self, measure: Measure, name: str, parent: QWidget | None = None) -> None:
        left = ShareAxis() if is_share(measure) else None
        super().__init__(name, Track(measure), parent, left=left)
        self._is_log = False
        self._chosen: bool | None = False
        self._ghost_track = Track(measure)
        # The curves have some hundred points at most, so smooth lines are cheap here.
        self._ghost = self._plot.plot(antialias=True)
        self._train = self._plot.plot(antialias=True)
        self._test = self._plot.plot(antialias=True)
        self._dress()
        self._draw()

    def start(self, before: Sequence[CurvePoint]) -> None:
        """A new run: the curve of the one before becomes the ghost."""
        if len(before) > 1:
            self._ghost_track.follow(before)
        self.record.follow(())
        self._draw()

    @property
    def ghost(self) -> Sequence[CurvePoint]:
        """The curve of the run before, as far as it is shown."""
        return self._ghost_track.source

    def ghost_end(self) -> float:
        """What the run before came to: its last test value, or else that of training; or NaN."""
        _, train, test = self._ghost_track.latest() or (np.nan, np.nan, np.nan)
        return test if np.isfinite(test) else train

    def dismiss_ghost(self) -> None:
        self._ghost_track.follow(())
        self._draw()

    def show_curve(self, curve: Sequence[CurvePoint], now: Snapshot) -> None:
        """The curve so far, and where the run is at this moment."""
        self.record.follow(curve, now)
        self._draw()

    def set_log(self, is_log: bool) -> None:
        """Show powers of ten at equal distances, which tells small losses apart."""
        self._chosen = is_log
        self._draw()

    def scale_itself(self) -> None:
        """Choose the scale by what there is to show, until somebody says which."""
        self._chosen = None
        self._draw()

    @property
    def scales_itself(self) -> bool:
        return self._chosen is None

    def _draw(self) -> None:
        lines = [self.record.line(column) for column in (2, 1)]
        ghost = self._ghost_line()
        is_begun = any(len(x) > 1 for x, _ in lines)
        self._plot.set_empty(not is_begun and not len(ghost[0]))
        shown = lines if is_begun else [ghost]
        self._choose_scale(np.concatenate([y for _, y in shown]))
        for item, (x, y) in zip(
            (self._test, self._train, self._ghost), (*lines, ghost), strict=True
        ):
            item.setData(x, np.maximum(y, SMALLEST_ON_LOG_SCALE) if self._is_log else y)
        self._fit(shown)

    def _ghost_line(self) -> tuple[npt.NDArray, npt.NDArray]:
        x, y = self._ghost_track.line(2)
        return (x, y) if len(x) else self._ghost_track.line(1)

    def _choose_scale(self, values: npt.NDArray) -> None:
        is_log = bool(self._chosen)
        if self.scales_itself:
            some = values[values > 0]
            is_log = bool(len(some) and some.max() > 10.0**MOST_DECADES * some.min())
        if is_log != self._is_log:
            self._is_log = is_log
            self._plot.setLogMode(y=is_log)
            if self.scales_itself:
                self.scaled.emit(is_log)

    def _fit(self, lines: list[tuple[npt.NDArray, npt.NDArray]]) -> None:
        """The axes end with the present run; before it, with the one before."""
        x, y = (np.concatenate(parts) for parts in zip(*lines, strict=True))
        if self._is_log:
            y = np.log10(np.maximum(y, SMALLEST_ON_LOG_SCALE))
        self.fit(x.max(initial=1.0), *_around(y, is_log=self._is_log))
        self.empty_corner = self._find_corner(x, y)

    def _find_corner(self, x: npt.NDArray, y: npt.NDArray) -> Qt.Corner:
        """Whether the training curve is high or low at the right, in the units of the axis."""
        late = y[x >= x.max(initial=0.0) * (1 - CORNER_SHARE)]
        is_high = bool(len(late) and late.mean() > sum(self._ranges[1:]) / 2)
        return Qt.Corner.BottomRightCorner if is_high else Qt.Corner.TopRightCorner

    @Slot()
    def _dress(self) -> None:
        super()._dress()
        now = theme.current()
        self._test.setPen(theme.line_pen(now.ink, STRONG))
        self._train.setPen(theme.line_pen(now.muted, STRONG))
        ghost = theme.line_pen(theme.faded(now.muted, 0.8))
        ghost.setDashPattern(DASHES)
        self._ghost.setPen(ghost)


def _around(values: npt.NDArray, *, is_log: bool) -> tuple[float, float]:
    """A range (low, high) with some room around the values, as wide as can be marked."""
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    least = LEAST_DECADES if is_log else LEAST_SHARE * max(abs(low), abs(high), 1e-300)
    missing = max(0.0, least - (high - low)) / 2
    margin = MARGIN * max(high - low, least)
    return low - missing - margin, high + missing + margin
