"""The losses of all lanes over the epochs, each with its own dashes and markers: the best in ink,
the others muted until somebody points at them.

GUI thread. The table beside it is the legend.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget

from playground.core.races import LaneStyle, lane_style
from playground.engines.contract.base import SplitName
from playground.engines.many.race import Lane, watched_losses
from playground.ui.curves.axes.plot import Plot
from playground.ui.curves.axes.plot_axis import PlotAxis
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets.layouts import vbox

SMALLEST_ON_LOG_SCALE = 1e-16
MOST_POINTS = 400
SMALLEST = 150
"""Pixels of height under which curves say nothing."""

MARKS = 5
MARKER_SIZE = 9
WIDTH, CHOSEN_WIDTH = 1.5, 3.0
RAW = 0.2
"""Strength of what a lane really did, behind its smooth line."""
SMOOTH_SHARE = 30
"""Parts of the race; over one of them the line of a lane is smoothed."""


def lane_color(*, is_strong: bool) -> QColor:
    """The colours of classes mean classes: lanes are told apart by dashes and markers."""
    return theme.current().ink if is_strong else theme.current().muted


def lane_pen(style: LaneStyle, width: float = WIDTH, *, is_strong: bool = True) -> QPen:
    """The pen that draws a lane: the best one, or one that is pointed at, is strong."""
    pen = theme.line_pen(lane_color(is_strong=is_strong), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if style.dashes:
        pen.setDashPattern(style.dashes)
    return pen


class _LaneItems(NamedTuple):
    """What is drawn of a lane, from the back to the front."""

    raw: pg.PlotDataItem
    curve: pg.PlotDataItem
    markers: pg.PlotDataItem


class RaceCurves(QWidget):
    """A curve for each lane, and a line at the threshold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot = Plot(PlotAxis("bottom", whole=True))
        self._plot.box.setLimits(xMin=0, minXRange=1)
        self._plot.setAccessibleName(tr("Losses of all lanes over the epochs"))
        self._line = pg.InfiniteLine(angle=0)
        self._line.hide()
        self._plot.addItem(self._line, ignoreBounds=True)
        self._curves: list[_LaneItems] = []
        self._rows: list[npt.NDArray[np.float64]] = []
        self._is_log = True
        self._chosen = self._pointed = self.best = -1
        self._threshold: float | None = None
        vbox(self._plot, of=self)
        self._plot.setLogMode(y=True)
        theme.follow(self, self._dress)
        self._dress()

    def start(self, epochs: int) -> None:
        """A new race of that many epochs: no curve is left."""
        for item in (item for lane in self._curves for item in lane):
            self._plot.removeItem(item)
        self._curves, self._rows, self.best = [], [], -1
        self._plot.box.setXRange(0, max(1, epochs), padding=0.02)
        self._plot.set_empty(True)  # nothing has a height yet

    def show_lanes(self, lanes: Sequence[Lane], watch: SplitName) -> None:
        self._rows = [_losses(lane, watch) for lane in lanes]
        self._plot.set_empty(False)
        while len(self._curves) < len(lanes):
            self._add_curve(len(self._curves))
        self._draw()
        if (best := _best(self._rows)) != self.best:
            self.best = best
            self._dress_curves()

    def set_log(self, is_log: bool) -> None:
        """Show powers of ten at equal distances, which tells small losses apart."""
        self._is_log = is_log
        self._plot.setLogMode(y=is_log)
        self._draw()
        self._draw_threshold()

    def set_threshold(self, threshold: float | None) -> None:
        self._threshold = threshold
        self._draw_threshold()

    def choose(self, number: int) -> None:
        """Draw one lane boldly; -1 for none."""
        self._chosen = number
        self._dress_curves()

    def point_at(self, number: int) -> None:
        """Draw the lane under the pointer in ink; -1 for none."""
        self._pointed = number
        self._dress_curves()

    def is_strong(self, number: int) -> bool:
        """True for the best lane, and for those that somebody wants to see."""
        return number in (self.best, self._chosen, self._pointed)

    def drawn(self, number: int) -> npt.NDArray[np.float64]:
        """What is drawn of a lane: (epoch, loss) in rows."""
        return self._rows[number]

    def _add_curve(self, number: int) -> None:
        # pyqtgraph draws smooth dashes slowly where a curve has thousands of points; these have not
        raw, curve = (self._plot.plot(antialias=True) for _ in range(2))
        markers = self._plot.plot(antialias=True, pen=None, symbol=lane_style(number).marker)
        self._curves.append(_LaneItems(raw, curve, markers))
        self._dress_curves()

    def _draw(self) -> None:
        for number, (rows, lane) in enumerate(zip(self._rows, self._curves, strict=True)):
            x, y = rows.T
            if self._is_log:
                y = np.maximum(y, SMALLEST_ON_LOG_SCALE)
            smooth = smoothed(y, is_log=self._is_log)
            lane.raw.setData(x, y)
            lane.curve.setData(x, smooth)
            marked = _marks(x, number, len(self._rows))
            lane.markers.setData(x[marked], smooth[marked])

    def _draw_threshold(self) -> None:
        self._line.setVisible(self._threshold is not None)
        if self._threshold is not None:
            self._line.setPos(np.log10(self._threshold) if self._is_log else self._threshold)

    @Slot()
    def _dress(self) -> None:
        now = theme.current()
        self.setMinimumHeight(theme.scaled(SMALLEST))
        self._plot.dress()
        pen = theme.line_pen(now.muted)
        pen.setStyle(Qt.PenStyle.DotLine)
        self._line.setPen(pen)
        self._dress_curves()

    def _dress_curves(self) -> None:
        for number, lane in enumerate(self._curves):
            style, is_strong = lane_style(number), self.is_strong(number)
            is_bold = number in (self._chosen, self._pointed)
            width = CHOSEN_WIDTH if is_bold else WIDTH
            lane.curve.setPen(lane_pen(style, width, is_strong=is_strong))
            lane.raw.setPen(theme.line_pen(theme.faded(lane_color(is_strong=True), RAW)))
            lane.raw.setVisible(is_strong)
            lane.markers.setSymbolBrush(lane_color(is_strong=is_strong))
            lane.markers.setSymbolPen(theme.line_pen(theme.current().panel))
            lane.markers.setSymbolSize(theme.scaled(MARKER_SIZE))
            for height, item in enumerate(lane):
                item.setZValue(len(lane) * is_strong + height)


def _best(rows: Sequence[npt.NDArray[np.float64]]) -> int:
    """The lane that ends lowest; -1 where none has an end."""
    ends = [lane[-1, 1] if len(lane) else np.inf for lane in rows]
    return int(np.argmin(ends)) if np.isfinite(ends).any() else -1


def smoothed(y: npt.NDArray[np.float64], *, is_log: bool) -> npt.NDArray[np.float64]:
    """A moving mean over a small part of the race, (N,); it begins and ends where y does.

    On a logarithmic scale the mean is that of the logarithms, which is the middle one sees.
    """
    reach = len(y) // (2 * SMOOTH_SHARE)
    if not reach:
        return y
    values = np.log(y) if is_log else y
    sums = np.concatenate([[0.0], np.cumsum(values)])
    place = np.arange(len(y))
    near = np.minimum(reach, np.minimum(place, place[::-1]))  # nearer to the ends, fewer neighbours
    means = (sums[place + near + 1] - sums[place - near]) / (2 * near + 1)
    return np.exp(means) if is_log else means


def _losses(lane: Lane, watch: SplitName) -> npt.NDArray[np.float64]:
    """(epoch, loss) of a lane in rows, evenly over the epochs, at most MOST_POINTS."""
    losses = watched_losses(lane.losses, watch)
    epochs = np.linspace(0, len(losses) - 1, min(MOST_POINTS, len(losses))).astype(np.int64)
    rows = np.stack([epochs, losses[epochs]], axis=1)
    return rows[np.isfinite(rows[:, 1])]


def _marks(x: npt.NDArray, number: int, lanes: int) -> npt.NDArray[np.int64]:
    """Points that carry a marker: evenly over the curve, each lane's a little further."""
    if len(x) == 0:
        return np.zeros(0, np.int64)
    shares = (np.arange(MARKS) + (number + 0.5) / lanes) / MARKS
    return np.unique(np.searchsorted(x, x[0] + shares * (x[-1] - x[0])).clip(0, len(x) - 1))
