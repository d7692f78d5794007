"""The losses of all lanes over the epochs, each in its own colour, dashes and markers.

GUI thread. The table beside it is the legend.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from playground.core.races import LaneStyle, lane_style
from playground.engines.contract.base import SplitName
from playground.engines.many.race import Lane, watched_losses
from playground.ui.curves.plots import LogAxis
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


def lane_pen(style: LaneStyle, width: float = WIDTH) -> QPen:
    """The pen that draws a lane."""
    pen = theme.line_pen(theme.class_color(style.color), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if style.dashes:
        pen.setDashPattern(style.dashes)
    return pen


class RaceCurves(QWidget):
    """A curve for each lane, and a line at the threshold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot = pg.PlotWidget(enableMenu=False, axisItems={"left": LogAxis("left")})
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.setLimits(xMin=0, minXRange=1)
        for side in ("left", "bottom"):
            self._plot.getAxis(side).setZValue(-1)  # its grid belongs behind the curves
        self._plot.setAccessibleName(tr("Losses of all lanes over the epochs"))
        for part in (self._plot, self._plot.viewport()):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._line = pg.InfiniteLine(angle=0)
        self._line.hide()
        self._plot.addItem(self._line, ignoreBounds=True)
        self._curves: list[tuple[pg.PlotDataItem, pg.PlotDataItem]] = []
        self._rows: list[npt.NDArray[np.float64]] = []
        self._is_log = True
        self._chosen = -1
        self._threshold: float | None = None
        vbox(self._plot, of=self)
        self._plot.setLogMode(y=True)
        theme.follow(self, self._dress)
        self._dress()

    def start(self, epochs: int) -> None:
        """A new race of that many epochs: no curve is left."""
        for curve, markers in self._curves:
            self._plot.removeItem(curve)
            self._plot.removeItem(markers)
        self._curves, self._rows = [], []
        self._plot.setXRange(0, max(1, epochs), padding=0.02)
        self._plot.getAxis("left").setStyle(showValues=False)  # nothing has a height yet

    def show_lanes(self, lanes: Sequence[Lane], watch: SplitName) -> None:
        self._rows = [_losses(lane, watch) for lane in lanes]
        self._plot.getAxis("left").setStyle(showValues=True)
        while len(self._curves) < len(lanes):
            self._add_curve(len(self._curves))
        self._draw()

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

    def drawn(self, number: int) -> npt.NDArray[np.float64]:
        """What is drawn of a lane: (epoch, loss) in rows."""
        return self._rows[number]

    def _add_curve(self, number: int) -> None:
        # pyqtgraph draws smooth dashes slowly where a curve has thousands of points; these have not
        curve = self._plot.plot(antialias=True)
        markers = self._plot.plot(antialias=True, pen=None, symbol=lane_style(number).marker)
        self._curves.append((curve, markers))
        self._dress_curves()

    def _draw(self) -> None:
        for number, (rows, (curve, markers)) in enumerate(
            zip(self._rows, self._curves, strict=True)
        ):
            x, y = rows.T
            if self._is_log:
                y = np.maximum(y, SMALLEST_ON_LOG_SCALE)
            curve.setData(x, y)
            marked = _marks(x, number, len(self._rows))
            markers.setData(x[marked], y[marked])

    def _draw_threshold(self) -> None:
        self._line.setVisible(self._threshold is not None)
        if self._threshold is not None:
            self._line.setPos(np.log10(self._threshold) if self._is_log else self._threshold)

    @Slot()
    def _dress(self) -> None:
        now = theme.current()
        self.setMinimumHeight(theme.scaled(SMALLEST))
        self._plot.setBackground(now.panel)
        theme.style_plot(self._plot.plotItem)
        self._plot.getAxis("left").setWidth(theme.scaled(52))
        self._plot.getAxis("left").setTickDensity(0.5)
        pen = theme.line_pen(now.muted)
        pen.setStyle(Qt.PenStyle.DotLine)
        self._line.setPen(pen)
        self._dress_curves()

    def _dress_curves(self) -> None:
        for number, (curve, markers) in enumerate(self._curves):
            style = lane_style(number)
            is_chosen = number == self._chosen
            curve.setPen(lane_pen(style, CHOSEN_WIDTH if is_chosen else WIDTH))
            curve.setZValue(int(is_chosen))
            markers.setSymbolBrush(theme.class_color(style.color))
            markers.setSymbolPen(theme.line_pen(theme.current().panel))
            markers.setSymbolSize(theme.scaled(MARKER_SIZE))
            markers.setZValue(2)


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
