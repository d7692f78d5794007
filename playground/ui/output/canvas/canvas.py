"""The canvas: the plane under a mouse or a pen.

Turns events in pixels into gestures in canvas units, pans and zooms, and shows what the tool in use
would do at the pointer. GUI thread.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from playground.core import palette
from playground.core.data.plane import Plane
from playground.core.messages import N_, Message
from playground.ui.data.tools import Modifier, Place
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.output.canvas import overlays
from playground.ui.output.canvas.editable_plane import EditablePlane
from playground.ui.output.canvas.region import Region
from playground.ui.widgets import ALT_DRAGS, describe

PICK_PIXELS = 12
"""How far from a point a click still means it."""
WHEEL_STEP = 1.2
"""How much more of the plane one notch of the wheel shows."""
DESCRIPTION = N_(
    "The points and what the network makes of the plane. Letters choose a tool, arrows"
    " move what is selected, Ctrl and + or - zoom, the middle button drags the plane."
)
_PEN = {
    QEvent.Type.TabletPress: "_press",
    QEvent.Type.TabletMove: "_move",
    QEvent.Type.TabletRelease: "_release",
}


class Canvas(EditablePlane):
    """A square picture of the input plane that can be drawn in."""

    pointed = Signal(object)  # (x1, x2) under the pointer, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        describe(self, "Canvas")
        self.setAccessibleDescription(tr(DESCRIPTION))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # one stop for Tab, not two
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents, False)
        self.setMouseTracking(True)

    _pointer: Place | None = None
    _held = Qt.KeyboardModifier.NoModifier
    _pan: tuple[QPointF, Region] | None = None

    def show_plane(self, plane: Plane | None) -> None:
        super().show_plane(plane)
        note = "" if plane is None else Message(plane.said, **plane.numbers)
        self.setAccessibleDescription(tr(Message(DESCRIPTION, note)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second click of a fast pair is a click like any other, except where there is nothing
        to take: there it brings the whole picture back.
        """
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and self._tool_key == "pick" and self._is_empty(event.position()):
            event.accept()
            self.reset_view()
        else:
            self._press(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """A pen works as the mouse does, at its own, finer rate."""
        if isinstance(event, QTabletEvent) and event.type() in _PEN:
            getattr(self, _PEN[event.type()])(event)
            return True
        return super().viewportEvent(event)

    def _press(self, event: QMouseEvent | QTabletEvent) -> None:
        event.accept()
        position, button = event.position(), event.button()
        is_left, held = button == Qt.MouseButton.LeftButton, event.modifiers()
        has_alt = ALT_DRAGS and bool(held & Qt.KeyboardModifier.AltModifier)
        if button == Qt.MouseButton.MiddleButton or (is_left and has_alt):
            self._pan = position, self._region
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif is_left and self._may_use_tool():
            self.tool.change_settings(reach=self._reach())
            self._press_tool(self._place(position), _modifiers_of(held))

    def _move(self, event: QMouseEvent | QTabletEvent) -> None:
        event.accept()
        position = event.position()
        place = self._place(position)
        if self._pan is not None:
            start, region = self._pan
            unit = self._unit_per_pixel()
            way = position - start
            self._look_at(region.moved(-way.x() * unit, way.y() * unit))
            return
        self._point_at(place, event.modifiers())
        self._drag_tool(self._region.clamped(place))

    def _release(self, event: QMouseEvent | QTabletEvent) -> None:
        event.accept()
        buttons = (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton)
        if self._pan is not None and event.button() in buttons:
            self._pan = None
            self._show_cursor()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._release_tool()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if not turned:
            event.ignore()
            return
        event.accept()
        self.zoom_by(WHEEL_STEP ** (-turned / 120), self._place(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)
        super().leaveEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody can let go of a button over a canvas that is not there."""
        self._release_tool()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys belong to the window's shortcuts, not to the scrolling of a graphics view."""
        event.ignore()

    def _is_empty(self, position: QPointF) -> bool:
        away = self._places - np.array(self._place(position), np.float32)
        return not (np.hypot(away[:, 0], away[:, 1]) <= self._reach()).any()

    def _place(self, position: QPointF) -> Place:
        return self._region.from_pixels(position.x(), position.y(), self.width(), self.height())

    def _unit_per_pixel(self) -> float:
        return 2 * self._region.extent / max(1, self.width())

    def _reach(self) -> float:
        return PICK_PIXELS * self._unit_per_pixel()

    # The look.

    def _point_at(
        self, place: Place | None, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Show what the tool would do there."""
        before, self._pointer, self._held = self._pointer, place, held
        self.pointed.emit(place)
        for spot in (before, place):
            if spot is not None and self.can_draw:
                self.viewport().update(self._around(spot))

    def _around(self, place: Place) -> QRect:
        """The pixels that the pointer's ring and marker may cover."""
        x, y = self._region.to_pixels(place, self.width(), self.height())
        reach = self._tool_radius() + theme.scaled(2 * overlays.PADDING)
        return QRectF(x - reach, y - reach, 2 * reach, 2 * reach).toAlignedRect()

    def _tool_radius(self) -> float:
        return self.tool.settings.radius / self._unit_per_pixel()

    def _paint_overlays(self, painter: QPainter) -> None:
        super()._paint_overlays(painter)
        size = self._size()
        if self._polygon is not None and len(self._polygon):
            overlays.outline(painter, self._region.to_pixels(self._polygon, *size))
        if self._pointer is not None and self.can_draw and self._pan is None:
            x, y = self._region.to_pixels(self._pointer, *size)
            ring = self._tool_radius() if self.tool.shows_radius else 0.0
            overlays.pointer(painter, (x, y), ring, self._paint_marker())

    def _paint_marker(self) -> tuple[str, QColor] | None:
        """Symbol and colour of what the tool would paint; None for tools that paint nothing."""
        if "answer" not in self.tool.uses:
            return None
        answer = self.tool.settings.answer(self._points, _modifiers_of(self._held))
        if not self._points.is_regression:
            label = int(answer)
            return self._looks.symbol(label), theme.color(self._looks.rgb[label])
        low, high = palette.CLASS_COLORS[:2]
        table = palette.ramp(low, high, theme.current().neutral, strength=1.0)
        shade = palette.signed_index(self._scale.shades(answer))
        return "o", theme.color(table[shade][:3])


def _modifiers_of(held: Qt.KeyboardModifier) -> Modifier:
    """The held keys that tools know of."""
    result = Modifier.NONE
    if held & Qt.KeyboardModifier.ShiftModifier:
        result |= Modifier.SHIFT
    if held & Qt.KeyboardModifier.ControlModifier:
        result |= Modifier.CTRL
    return result
