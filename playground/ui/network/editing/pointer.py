"""The pointer on the network picture: hover, click, drag, wheel.

Owns how they become attention and actions. Imports PySide6 and the modules below it; GUI thread
only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from playground.ui.network.editing.editable_scene import EditableScene
from playground.ui.network.editing.target_actions import TargetActions
from playground.ui.network.layout import targets
from playground.ui.network.layout.targets import Attention, Part, Target

DRAG_START: Final = 6.0
"""Pixels that the pointer has to go before a press becomes a drag."""

WHEEL_NOTCH: Final = 120
WHEEL_A_ROW: Final = 60
ZOOM_A_NOTCH: Final = 1.25

_DRAGGABLE: Final = frozenset({Part.HANDLE, Part.BLOCK, Part.LAYER, Part.ACTIVATION})
_CLICKABLE: Final = frozenset(Part) - {Part.HANDLE, Part.THUMB}


class Pointer:
    """The mouse: hover, click, drag a layer, drag a strip's thumb, pan, zoom."""

    def __init__(self, scene: EditableScene, actions: TargetActions) -> None:
        self._scene, self._actions = scene, actions
        self.at = QPointF()
        self._pressed_at: QPointF | None = None
        self._is_panning = False
        self._pressed: Target | None = None
        self._has_moved = False
        self._wheel = 0

    def press(self, event: QMouseEvent) -> None:
        self.at = event.position()
        self._is_panning = event.button() == Qt.MouseButton.MiddleButton and self._scene.is_zoomed
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed_at, self._pressed = self.at, self._scene.target_at(self.at)
        self._has_moved = False
        # Wherever the click went, the first arrow key moves on from there.
        stop = targets.stop_near(self._scene.arrangement(), self._scene.to_scene(self.at))
        self._scene.focus_on(stop, is_visible=False)

    def move(self, event: QMouseEvent) -> None:
        before, self.at = self.at, event.position()
        if self._is_panning:
            self._pan(self.at - before)
            return
        if self._pressed_at is None:
            self._hover()
            return
        far = (self.at - self._pressed_at).manhattanLength() >= DRAG_START
        self._has_moved = self._has_moved or far
        if self._pressed is not None and self._pressed.part is Part.THUMB:
            self._drag_thumb(self._pressed)
        elif self._has_moved and self._pressed is not None and self._pressed.part in _DRAGGABLE:
            self._drag_layer(self._pressed)
        elif self._has_moved and self._pressed is None and self._scene.is_zoomed:
            self._pan(self.at - before)

    def _pan(self, way: QPointF) -> None:
        self._scene.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._scene.pan_by(way)

    def release(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._is_panning = False
            self._hover()
        if event.button() != Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        pressed, self._pressed, self._pressed_at = self._pressed, None, None
        attention = self._scene.attention
        if attention.dragged is not None:
            self._drop(attention)
        elif pressed is not None and not self._has_moved and pressed.part in _CLICKABLE:
            self._actions.do(pressed, self.at)
        self._hover()

    def double_click(self, event: QMouseEvent) -> None:
        """On empty space: show everything. Elsewhere it is a second click."""
        if self._scene.target_at(event.position()) is None:
            self._scene.fit()
        else:
            self.press(event)

    def let_go(self) -> None:
        """Forget what was pressed: it is gone, or the person has thought better of it."""
        self._pressed = self._pressed_at = None
        self._is_panning = False
        self._scene.unsetCursor()

    def leave(self) -> None:
        if self._pressed_at is None:
            self._scene.attend(Attention(focus=self._scene.attention.focus))

    def wheel(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / WHEEL_NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._scene.zoom_at(event.position(), ZOOM_A_NOTCH**notches)
        elif not self._scroll(event):
            event.ignore()
            return
        event.accept()
        self._hover()

    def _scroll(self, event: QWheelEvent) -> bool:
        """Scroll the folded column below the pointer; False where there is none."""
        layout = self._scene.arrangement()
        column = targets.band_at(layout, self._scene.to_scene(event.position()))
        if column is None or not layout.diagram.columns[column].is_folded:
            return False
        # Touchpads send small pieces of a notch.
        self._wheel -= event.angleDelta().y()
        rows = int(self._wheel / WHEEL_A_ROW)
        self._wheel -= rows * WHEEL_A_ROW
        self._scene.scroll_column(column, layout.places[column].first + rows)
        return True

    def _hover(self) -> None:
        scene = self._scene
        target = scene.target_at(self.at) if scene.rect().contains(self.at.toPoint()) else None
        band = targets.band_at(scene.arrangement(), scene.to_scene(self.at))
        scene.attend(Attention(hover=target, focus=scene.attention.focus, band=band))
        scene.setCursor(_cursor(target))

    def _drag_thumb(self, target: Target) -> None:
        layout = self._scene.arrangement()
        place = layout.places[target.column]
        strip, thumb = place.parts["strip"], place.parts["thumb"]
        room = strip.height() - thumb.height() - 2 * thumb.width()
        part = (self._scene.to_scene(self.at).y() - strip.top() - thumb.height() / 2) / room
        self._scene.scroll_column(target.column, round(part * layout.scroll_range(target.column)))

    def _drag_layer(self, target: Target) -> None:
        layout = self._scene.arrangement()
        x = self._scene.to_scene(self.at).x()
        gaps = range(len(layout.additions))
        nearest = min(gaps, key=lambda gap: abs(layout.insertion_x(gap) - x))
        stays = nearest in (target.column - 1, target.column)
        self._scene.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._scene.attend(Attention(dragged=target.column, insertion=None if stays else nearest))

    def _drop(self, attention: Attention) -> None:
        self._scene.attend(replace(attention, dragged=None, insertion=None))
        if attention.insertion is None or attention.dragged is None:
            return
        layer = attention.dragged - 1
        # Behind itself, the layer leaves a place that the index has to make up for.
        to = attention.insertion - (attention.insertion > layer)
        self._scene.layerMoveRequested.emit(layer, to)


def _cursor(target: Target | None) -> Qt.CursorShape:
    if target is None:
        return Qt.CursorShape.ArrowCursor
    if target.part is Part.HANDLE:
        return Qt.CursorShape.OpenHandCursor
    if target.part is Part.NODE and target.column > 0:
        return Qt.CursorShape.ArrowCursor
    return Qt.CursorShape.PointingHandCursor
