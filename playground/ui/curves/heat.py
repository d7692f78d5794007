"""Histograms over time as a picture: a column a moment, the darker the more values.

Draws a `Heat` with pyqtgraph's own items. GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRectF, QSize, Signal, Slot
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.messages import N_, Message
from playground.ui.curves.axes.marks import Marks, number
from playground.ui.curves.axes.plot import Plot
from playground.ui.curves.axes.plot_axis import PlotAxis
from playground.ui.curves.histograms import Heat
from playground.ui.look import theme
from playground.ui.widgets import describe

HELP = N_(
    "Each column is a moment of the training, the newest at the right: the darker a place, the more"
    " values are there. The line is their mean."
)

STRENGTH = 0.7
"""How dark the fullest bin is, so that the mean in ink stands out."""

ROOMY = 90
"""Pixels of height from which on the epochs are written below."""


class _Epochs(PlotAxis):
    """Says the epochs of columns in place of their numbers."""

    epochs: Sequence[int] = ()

    def __init__(self) -> None:
        super().__init__(side="bottom", whole=True)

    def renamed(self, found: Marks) -> Marks:
        """The epoch of each column; of several in one epoch, at the first."""
        columns = [int(place) for place, _ in found if place in range(len(self.epochs))]
        return [(float(c), f"{self.epochs[c]:,}") for c in columns if self._begins(c)]

    def _begins(self, column: int) -> bool:
        return column == 0 or self.epochs[column] != self.epochs[column - 1]


class HeatPlot(Plot):
    """Histograms beside each other as a picture, with the mean as a line."""

    pointed = Signal(object)  # Message: the moment under the pointer; "" when it leaves

    def __init__(self, parent: QWidget | None = None) -> None:
        self._epochs = _Epochs()
        super().__init__(self._epochs, parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        describe(self, "Histograms over time", HELP)
        self._heat: Heat | None = None
        self._column: int | None = None
        self._image = pg.ImageItem(axisOrder="row-major")
        self._mean = pg.PlotDataItem(connect="finite", antialias=True)
        self._cross = pg.InfiniteLine(angle=90)
        for item in (self._image, self._cross, self._mean):
            self.addItem(item, ignoreBounds=True)
        theme.follow(self, self._dress)
        self._dress()
        self.show_heat(None)

    def show_heat(self, heat: Heat | None) -> None:
        """Show these histograms, or that there are none yet."""
        self._heat = heat
        for item in (self._image, self._mean):
            item.setVisible(heat is not None)
        if heat is not None:
            columns, height = len(heat.epochs), heat.high - heat.low
            self._epochs.epochs = heat.epochs.tolist()
            # The root shows where few values are.
            self._image.setImage(np.sqrt(heat.share), levels=(0, float(heat.share.max()) ** 0.5))
            self._image.setRect(QRectF(0, heat.low, columns, height))
            self._mean.setData(np.arange(columns) + 0.5, heat.means)
            self.box.setRange(QRectF(0, heat.low, columns, height), padding=0)
        self._show_axes()
        self._point_at(self._column)

    def words(self) -> str:
        """The moment under the pointer in words; empty where there is none."""
        heat, column = self._heat, self._column
        if heat is None or column is None:
            return ""
        template = N_("Epoch {epoch:,}: from {low} to {high}, mean {mean}.")
        values = {"low": heat.lowest, "mean": heat.means, "high": heat.highest}
        said = {name: number(float(array[column])) for name, array in values.items()}
        return Message(template, epoch=int(heat.epochs[column]), **said)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, theme.scaled(40))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        place = self.box.mapSceneToView(self.mapToScene(event.position().toPoint()))
        self._point_at(int(np.floor(place.x())))
        self.pointed.emit(self.words())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)
        self.pointed.emit("")

    def _point_at(self, column: int | None) -> None:
        is_there = self._heat is not None and column in range(len(self._heat.epochs))
        self._column = column if is_there else None
        self._cross.setVisible(is_there)
        self._cross.setPos(0.5 + (self._column or 0))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None:  # pyqtgraph calls it, too, while it is being made
            self._show_axes()

    def _show_axes(self) -> None:
        is_there = self._heat is not None
        self.set_empty(not is_there)
        self._epochs.setVisible(is_there and self.height() >= theme.scaled(ROOMY))

    @Slot()
    def _dress(self) -> None:
        now = theme.current()
        self.dress(grid_y=False)
        self.box.setBorder(theme.line_pen(now.line))
        ends = [np.array([c.red(), c.green(), c.blue()]) for c in (now.panel, now.ink)]
        shares = np.linspace(0, STRENGTH, 256)[:, None]
        table = np.rint(ends[0] + shares * (ends[1] - ends[0]))
        self._image.setLookupTable(table.astype(np.uint8))
        self._mean.setPen(theme.line_pen(now.ink, 1.5))
        self._mean.setShadowPen(theme.line_pen(now.panel, 3.0))
        self._cross.setPen(theme.line_pen(now.muted))
