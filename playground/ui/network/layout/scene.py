"""The scene of the network picture: where everything stands in the window.

Owns the layout of the diagram on show, and how far the person has zoomed, panned and scrolled.
Imports PySide6, the theme and the modules beside it; GUI thread only.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.experiment.experiment import Experiment
from playground.ui.look import theme
from playground.ui.network.layout import targets
from playground.ui.network.layout.arrange import arrange
from playground.ui.network.layout.shapes import Layout, Measures
from playground.ui.network.layout.targets import Target
from playground.ui.network.layout.viewport import Viewport, Zoom
from playground.ui.network.structure.diagram import Diagram

EMPTY: Final = Diagram.of(Experiment(), ("x1", "x2"), 2, 2)


class Scene(QWidget):
    """A diagram in a window, seen through a viewport; paints nothing itself."""

    zoomed = Signal(bool)  # False where everything is on show again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._diagram = EMPTY
        self._layout: Layout | None = None
        self._scroll: dict[int, int] = {}
        self._zoom = Zoom()
        self._has_tools = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def diagram(self) -> Diagram:
        return self._diagram

    def arrangement(self) -> Layout:
        """Where everything stands, in the coordinates of the scene."""
        if self._layout is None:
            self._layout = arrange(
                self._diagram,
                QSizeF(self.size().expandedTo(QSize(1, 1))),
                Measures(
                    QFontMetricsF(theme.font("caption")).horizontalAdvance,
                    QFontMetricsF(theme.font("body")).horizontalAdvance,
                ),
                self._scroll,
                theme.scaled(100) / 100,
                tools=self._has_tools,
            )
        return self._layout

    def show_tools(self, shown: bool) -> None:
        """Offer buttons to change the network, or leave them out: for the projector."""
        if shown != self._has_tools:
            self._has_tools = shown
            self._rearrange()

    # Zoom, pan and scroll.

    def viewport(self) -> Viewport:
        """How the scene is seen now."""
        scene = self.arrangement().size
        return self._zoom.viewport(self.size(), scene, self.devicePixelRatioF())

    @property
    def is_zoomed(self) -> bool:
        return self._zoom.is_zoomed

    def zoom_at(self, at: QPointF, factor: float) -> None:
        """Zoom by a factor; what is at this point of the window stays there, if it can."""
        before = self.to_scene(at)
        self._zoom.zoom_by(factor)
        self.zoomed.emit(self.is_zoomed)
        self.pan_by(at - self.viewport().transform.map(before))

    def take_over(self, other: Scene) -> None:
        """Look at the same part of the same network as another scene."""
        self._zoom, self._scroll = other._zoom.copy(), dict(other._scroll)
        self.zoomed.emit(self.is_zoomed)
        self._rearrange()

    def pan_by(self, distance: QPointF) -> None:
        self._zoom.pan_by(distance)
        self.update()

    def fit(self) -> None:
        """Show everything."""
        self._zoom.fit()
        self.zoomed.emit(False)
        self.update()

    def scroll_column(self, column: int, first: int) -> None:
        """Make `first` the first visible unit of a folded column, as far as there are so many."""
        layout = self.arrangement()
        group = self._diagram.columns[column].group
        first = max(0, min(first, layout.scroll_range(column)))
        if first != layout.places[column].first:
            self._scroll[group] = first
            self._rearrange()

    def to_scene(self, at: QPointF) -> QPointF:
        inverse, _ = self.viewport().transform.inverted()
        return inverse.map(at)

    def target_at(self, at: QPointF) -> Target | None:
        """What is at a point of the window."""
        zoom = self.viewport().zoom
        reach = targets.REACH / max(zoom, 1e-6)
        return targets.find(self.arrangement(), self.to_scene(at), reach)

    def window_box(self, target: Target) -> QRectF | None:
        """The rectangle of a target in the window."""
        area = targets.box(self.arrangement(), target)
        return None if area is None else self.viewport().transform.mapRect(area)

    def forget_scrolling(self) -> None:
        """After a change of structure: columns that are no longer folded begin with their first."""
        groups = {column.group for column in self._diagram.columns if column.is_folded}
        self._scroll = {group: n for group, n in self._scroll.items() if group in groups}
        self._rearrange()

    def _rearrange(self) -> None:
        self._layout = None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(276, 220)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._rearrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._rearrange()
