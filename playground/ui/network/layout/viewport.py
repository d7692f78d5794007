"""Through what the scene is seen: zoom and pan.

Owns the way from the scene's coordinates to the window's. Imports QtCore and QtGui value types; no
widgets, GUI thread only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QSize, QSizeF
from PySide6.QtGui import QTransform

LARGEST_ZOOM: Final = 8.0


@dataclass(frozen=True, slots=True)
class Viewport:
    """Through what the scene is seen: the window's size, its pixel ratio, and scene -> window."""

    width: int
    height: int
    ratio: float
    zoom: float
    x: float
    y: float

    @property
    def size(self) -> QSize:
        return QSize(self.width, self.height)

    @property
    def transform(self) -> QTransform:
        return QTransform.fromTranslate(self.x, self.y).scale(self.zoom, self.zoom)


class Zoom:
    """How far the person has zoomed in, and where to; 1 shows everything."""

    def __init__(self) -> None:
        self._zoom = 1.0
        self._pan = QPointF()

    def copy(self) -> Zoom:
        """Another one that shows the same."""
        twin = Zoom()
        twin._zoom, twin._pan = self._zoom, QPointF(self._pan)
        return twin

    @property
    def is_zoomed(self) -> bool:
        return self._zoom > 1.0

    def viewport(self, window: QSize, scene: QSizeF, ratio: float) -> Viewport:
        """The scene in a window: it never leaves it; what is smaller than the window is centred."""
        fit = min(window.width() / scene.width(), window.height() / scene.height())
        zoom = fit * self._zoom
        room_x = window.width() - scene.width() * zoom
        room_y = window.height() - scene.height() * zoom
        # Kept within bounds here, so that a pan back acts at once.
        self._pan = QPointF(_bounded(self._pan.x(), room_x), _bounded(self._pan.y(), room_y))
        x, y = room_x / 2 + self._pan.x(), room_y / 2 + self._pan.y()
        return Viewport(window.width(), window.height(), ratio, zoom, x, y)

    def zoom_by(self, factor: float) -> None:
        """Zoom around the middle."""
        before = self._zoom
        self._zoom = max(1.0, min(LARGEST_ZOOM, self._zoom * factor))
        self._pan *= self._zoom / before

    def pan_by(self, distance: QPointF) -> None:
        self._pan += distance

    def fit(self) -> None:
        """Show everything."""
        self._zoom, self._pan = 1.0, QPointF()


def _bounded(pan: float, room: float) -> float:
    half = max(0.0, -room / 2)
    return max(-half, min(half, pan))
