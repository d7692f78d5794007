"""Plot: what the plots of this room have in common. It is looked at and not panned; while it is
empty it says in one sentence what will be here. GUI thread.
"""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.ui.curves.axes.plot_axis import PlotAxis, overhang
from playground.ui.language import tr
from playground.ui.look import theme


class Plot(pg.PlotWidget):
    """A quiet plot: hairlines across, marks that have room."""

    def __init__(
        self,
        bottom: PlotAxis | None = None,
        parent: QWidget | None = None,
        *,
        left: PlotAxis | None = None,
    ) -> None:
        self._axes = left or PlotAxis("left"), bottom or PlotAxis("bottom")
        axes = {"left": self._axes[0], "bottom": self._axes[1]}
        super().__init__(parent, enableMenu=False, axisItems=axes)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        for axis in self._axes:
            axis.enableAutoSIPrefix(False)
        for part in (self, self.viewport()):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.waiting = ""
        self._covered = 0
        self._is_empty = False

    @property
    def is_empty(self) -> bool:
        return self._is_empty

    def set_empty(self, is_empty: bool) -> None:
        """Show the sentence, and no marks, until there is something to show."""
        if is_empty != self._is_empty:
            self._is_empty = is_empty
            for axis in self._axes:
                axis.set_empty(is_empty)
            self.viewport().update()

    def dress(self, *, grid_x: bool = False, grid_y: bool = True) -> None:
        """Take colours and sizes from the theme."""
        self.setBackground(theme.current().panel)
        theme.style_plot(self.plotItem, grid_x=grid_x, grid_y=grid_y)
        headroom = QFontMetrics(theme.font("caption")).height() // 2  # of the highest mark's name
        self.plotItem.layout.setContentsMargins(1, headroom, overhang(), 1)
        for axis in self._axes:
            axis.dress()
            axis.setZValue(-1)  # its hairlines belong behind the curves

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_empty and self.waiting:
            with QPainter(self.viewport()) as painter:
                painter.setFont(theme.font("caption"))
                painter.setPen(theme.current().muted)
                wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                room = self.plotItem.vb.sceneBoundingRect().adjusted(0, 0, -self._covered, 0)
                painter.drawText(room, wrapped, tr(self.waiting))

    def set_covered(self, pixels: int) -> None:
        """Something lies on so much of the right end: the sentence stands beside it."""
        if pixels != self._covered:
            self._covered = pixels
            self.viewport().update()
