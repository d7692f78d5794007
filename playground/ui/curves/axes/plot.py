"""Plot: what the plots of this room have in common. It is looked at and not panned; while it is
empty it says in one sentence what will be here. GUI thread.
"""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QGraphicsGridLayout, QGraphicsItem, QSizePolicy, QWidget

from playground.ui.curves.axes.plot_axis import PlotAxis, overhang
from playground.ui.language import tr
from playground.ui.look import theme


class Plot(pg.GraphicsView):
    """A quiet plot: hairlines across, marks that have room.

    It is called as a `pyqtgraph.PlotWidget` is, which would bring two more axes and a menu with
    sixty controls, seen or not: most of what the tabs beside the loss would cost to make.
    """

    def __init__(
        self,
        bottom: PlotAxis | None = None,
        parent: QWidget | None = None,
        *,
        left: PlotAxis | None = None,
    ) -> None:
        self._axes = {"left": left or PlotAxis("left"), "bottom": bottom or PlotAxis("bottom")}
        self._is_log = False
        self._items: list[Any] = []
        self.waiting = ""
        self._covered = 0
        self._is_empty = False
        super().__init__(parent)
        self.enableMouse(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.box = pg.ViewBox(enableMenu=False, enableMouse=False)
        self._layout = self._assemble()
        for part in (self, self.viewport()):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            part.setAcceptDrops(False)  # a file is for the window, which opens it

    def _assemble(self) -> QGraphicsGridLayout:
        """Put the axes beside the box that they measure."""
        whole, layout = pg.GraphicsWidget(), QGraphicsGridLayout()
        layout.setSpacing(0)
        whole.setLayout(layout)
        layout.addItem(self.box, 0, 1)
        for side, row, column in (("left", 0, 0), ("bottom", 1, 1)):
            axis = self._axes[side]
            layout.addItem(axis, row, column)
            axis.linkToView(self.box)
            axis.enableAutoSIPrefix(False)
            axis.setFlag(QGraphicsItem.GraphicsItemFlag.ItemNegativeZStacksBehindParent)
        self.setCentralItem(whole)
        return layout

    def getAxis(self, side: str) -> PlotAxis:
        """The axis at the left or the bottom."""
        return self._axes[side]

    # What is drawn.

    def addItem(self, item: Any, *, ignoreBounds: bool = False) -> None:
        """Draw an item of pyqtgraph; the ranges that fit themselves fit it, too, or ignore it."""
        self._items.append(item)
        self.box.addItem(item, ignoreBounds=ignoreBounds)
        if isinstance(item, pg.PlotDataItem):
            item.setLogMode(False, self._is_log)

    def removeItem(self, item: Any) -> None:
        self._items.remove(item)
        self.box.removeItem(item)

    def plot(self, **style: Any) -> Any:
        """A new curve, still empty: a `pyqtgraph.PlotDataItem` made with these arguments."""
        curve = pg.PlotDataItem(**style)
        self.addItem(curve)
        return curve

    def setLogMode(self, *, y: bool) -> None:
        """Show powers of ten at equal distances upwards, and fit the ranges anew."""
        if y == self._is_log:
            return
        self._is_log = y
        for item in self._items:
            if isinstance(item, pg.PlotDataItem):
                item.setLogMode(False, y)
        for axis in self._axes.values():
            axis.setLogMode(False, y)
        self.box.enableAutoRange()

    def showGrid(self, *, x: bool, y: bool, alpha: float) -> None:
        """Hairlines at the marks of either axis, as strong as alpha from 0 to 1 says."""
        for side, is_shown in (("bottom", x), ("left", y)):
            self._axes[side].setGrid(round(255 * alpha) if is_shown else False)

    @property
    def is_empty(self) -> bool:
        return self._is_empty

    def set_empty(self, is_empty: bool) -> None:
        """Show the sentence, and no marks, until there is something to show."""
        if is_empty != self._is_empty:
            self._is_empty = is_empty
            for axis in self._axes.values():
                axis.set_empty(is_empty)
            self.viewport().update()

    def dress(self, *, grid_x: bool = False, grid_y: bool = True) -> None:
        """Take colours and sizes from the theme."""
        self.setBackground(theme.current().panel)
        theme.style_plot(self, grid_x=grid_x, grid_y=grid_y)
        headroom = QFontMetrics(theme.font("caption")).height() // 2  # of the highest mark's name
        self._layout.setContentsMargins(1, headroom, overhang(), 1)
        for axis in self._axes.values():
            axis.dress()
            axis.setZValue(-1)  # its hairlines belong behind the curves

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_empty and self.waiting:
            with QPainter(self.viewport()) as painter:
                painter.setFont(theme.font("caption"))
                painter.setPen(theme.current().muted)
                wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                room = self.box.sceneBoundingRect().adjusted(0, 0, -self._covered, 0)
                painter.drawText(room, wrapped, tr(self.waiting))

    def set_covered(self, pixels: int) -> None:
        """Something lies on so much of the right end: the sentence stands beside it."""
        if pixels != self._covered:
            self._covered = pixels
            self.viewport().update()
