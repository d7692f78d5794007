"""The curves beside the epochs: loss and accuracy, of training and test data, with the value under
the pointer.

GUI thread. The curves of the run before stay as a ghost until it is dismissed, so that a change can
be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.engines.base import Score
from playground.engines.exchange import CurvePoint, Snapshot
from playground.ui import theme

__all__ = ["CurvePlot", "Legend", "accuracy_of", "loss_of"]

Measure = Callable[[Score], float | None]

SMALLEST_ON_LOG_SCALE = 1e-12

PIXELS_A_MARK = 22

MOST_POINTS = 400
"""Points of a curve that are drawn, about one a pixel."""


def loss_of(score: Score) -> float | None:
    return score.loss


def accuracy_of(score: Score) -> float | None:
    return score.accuracy


class Track:
    """A curve as an array, which grows with the run instead of being made anew for every frame."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._source: Sequence[CurvePoint] = ()
        self._rows = np.zeros((0, 3))
        self._head = np.zeros((0, 3))

    def follow(self, curve: Sequence[CurvePoint], now: Snapshot | None = None) -> None:
        """Take over what has been added to the curve, or all of it where it is another one."""
        if curve is not self._source:  # every training has a list of its own, which only grows
            self._source, self._rows = curve, self._rows[:0]
        known = len(self._rows)
        if len(curve) > known:
            new = [self._row(point.epoch, point.train, point.test) for point in curve[known:]]
            self._rows = np.concatenate([self._rows, new])
        is_ahead = now is not None and not (curve and now.epoch <= curve[-1].epoch)
        head = [self._row(now.epoch, now.train, now.test)] if now is not None and is_ahead else []
        self._head = np.array(head).reshape(-1, 3)

    def thinned(self) -> npt.NDArray[np.float64]:
        """Rows (epoch, training value, test value), evenly over the epochs, at most MOST_POINTS."""
        rows = np.concatenate([self._rows, self._head])
        if len(rows) <= MOST_POINTS:
            return rows
        wanted = np.linspace(rows[0, 0], rows[-1, 0], MOST_POINTS)
        return rows[np.unique(np.searchsorted(rows[:, 0], wanted))]

    def nearest(self, epoch: float) -> tuple[float, float, float] | None:
        """The row nearest to an epoch; None while there is none."""
        rows = np.concatenate([self._rows, self._head])
        if not len(rows):
            return None
        row = rows[np.abs(rows[:, 0] - epoch).argmin()]
        return float(row[0]), float(row[1]), float(row[2])

    def _row(self, epoch: int, train: Score, test: Score | None) -> tuple[float, float, float]:
        """What does not exist is NaN."""
        values = (None if score is None else self._measure(score) for score in (train, test))
        first, second = (np.nan if value is None else value for value in values)
        return epoch, first, second


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
        return [f"{10**value:.3g}" for value in values]


class Legend(QWidget):
    """Which line is which: a piece of each, and its name."""

    LINE = 14

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("The test curve is dark, the training curve gray.")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme.current()
        painter.setFont(theme.font("caption"))
        left, middle = 0, self.height() / 2
        for name, color, width in (("test", now.ink, 1.5), ("training", now.muted, 1.0)):
            painter.setPen(theme.line_pen(color, width))
            painter.drawLine(QLineF(left, middle, left + self.LINE, middle))
            painter.setPen(now.muted)
            room = QRectF(left + self.LINE + theme.UNIT, 0, self._width(name), self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
            left += self.LINE + theme.UNIT + self._width(name) + theme.GAP
        painter.end()

    def sizeHint(self) -> QSize:
        names = self._width("test") + self._width("training")
        return QSize(names + 2 * (self.LINE + theme.UNIT) + theme.GAP, theme.scaled(16))

    def _width(self, name: str) -> int:
        return QFontMetrics(theme.font("caption")).horizontalAdvance(name) + 1


class CurvePlot(QWidget):
    """One measure over the epochs: test in ink, training muted, the run before dashed."""

    read = Signal(str)  # the values under the pointer as a sentence; empty when it leaves

    def __init__(self, measure: Measure, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measure, self._name = measure, name
        self._is_log = False
        self._track = Track(measure)
        self._ghost_track = Track(measure)
        self._plot = pg.PlotWidget(enableMenu=False, axisItems={"left": LogAxis("left")})
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.setLimits(xMin=0, minXRange=1)
        self._plot.setAccessibleName(f"{name} over epochs")
        for part in (self._plot, self._plot.viewport()):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.viewport().installEventFilter(self)
        # The curves have some hundred points at most, so smooth lines are cheap here.
        self._ghost = self._plot.plot(antialias=True)
        self._train = self._plot.plot(antialias=True)
        self._test = self._plot.plot(antialias=True)
        self._cross = pg.InfiniteLine(angle=90)
        self._cross.hide()
        self._plot.addItem(self._cross, ignoreBounds=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        theme.manager().changed.connect(self._dress)
        self._dress()

    # What is shown.

    def start(self, before: Sequence[CurvePoint]) -> None:
        """A new run: the curve of the one before becomes the ghost."""
        if len(before) > 1:
            self._ghost_track.follow(before)
        self._track.follow(())
        self._draw()
        self._draw_ghost()

    def dismiss_ghost(self) -> None:
        self._ghost_track.follow(())
        self._draw_ghost()

    def show_curve(self, curve: Sequence[CurvePoint], now: Snapshot) -> None:
        """The curve so far, and where the run is at this moment."""
        self._track.follow(curve, now)
        self._draw()

    def set_log(self, is_log: bool) -> None:
        """Show powers of ten at equal distances, which tells small losses apart."""
        self._is_log = is_log
        self._plot.setLogMode(y=is_log)
        self._draw()
        self._draw_ghost()

    def values_at(self, epoch: float) -> tuple[float, float, float] | None:
        """(epoch, training value, test value or NaN) of the point nearest to an epoch."""
        return self._track.nearest(epoch)

    def _draw(self) -> None:
        rows = self._track.thinned()
        self._test.setData(*self._drawable(rows[:, (0, 2)]))
        self._train.setData(*self._drawable(rows[:, (0, 1)]))

    def _draw_ghost(self) -> None:
        rows = self._ghost_track.thinned()
        column = 1 if np.isnan(rows[:, 2]).all() else 2
        self._ghost.setData(*self._drawable(rows[:, (0, column)]))

    def _drawable(self, pairs: npt.NDArray) -> tuple[npt.NDArray, npt.NDArray]:
        """Epochs and values without what is missing or not finite, which would break the curve."""
        x, y = pairs[np.isfinite(pairs[:, 1])].T
        return x, np.maximum(y, SMALLEST_ON_LOG_SCALE) if self._is_log else y

    # The value under the pointer.

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove:
            self._read_at(event.position())  # type: ignore[attr-defined]
        elif event.type() == QEvent.Type.Leave:
            self._cross.hide()
            self.read.emit("")
        return False

    def _read_at(self, position: QPointF) -> None:
        scene = self._plot.mapToScene(position.toPoint())
        found = self.values_at(self._plot.plotItem.vb.mapSceneToView(scene).x())
        if found is None:
            return
        epoch, train, test = found
        self._cross.setPos(epoch)
        self._cross.show()
        parts = [f"epoch {epoch:,.0f}", f"training {train:.4g}"]
        if np.isfinite(test):
            parts.append(f"test {test:.4g}")
        self.read.emit("  ".join(parts))

    @Slot()
    def _dress(self) -> None:
        now = theme.current()
        self._plot.setBackground(now.panel)
        theme.style_plot(self._plot.plotItem)
        self._plot.getAxis("left").setWidth(theme.scaled(44))
        self._plot.getAxis("left").setTickDensity(0.5)
        self._test.setPen(theme.line_pen(now.ink, 1.5))
        self._train.setPen(theme.line_pen(now.muted))
        ghost = theme.line_pen(theme.faded(now.muted, 0.6))
        ghost.setStyle(Qt.PenStyle.DashLine)
        self._ghost.setPen(ghost)
        self._cross.setPen(theme.line_pen(now.line))
