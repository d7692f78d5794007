"""The two hands on the network picture: the pointer and the keyboard.

Owns how presses, drags, wheels and keys become attention and actions. Imports PySide6 and the
modules beside it; GUI thread only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent

from playground.ui.views.network.layout import targets
from playground.ui.views.network.layout.targets import Part, Target
from playground.ui.views.network.painting.overlay import Attention

if TYPE_CHECKING:
    from playground.ui.views.network.view import NetworkView

__all__ = ["Keyboard", "Pointer"]

DRAG_START: Final = 6.0
"""Pixels that the pointer has to go before a press becomes a drag."""

WHEEL_NOTCH: Final = 120
WHEEL_A_ROW: Final = 60
ZOOM_A_NOTCH: Final = 1.25

_DRAGGABLE: Final = frozenset({Part.HANDLE, Part.BLOCK, Part.LAYER, Part.ACTIVATION})
_CLICKABLE: Final = frozenset(Part) - {Part.HANDLE, Part.THUMB}
_KEYBOARD_REASONS: Final = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)


class Pointer:
    """The mouse: hover, click, drag a layer, drag a strip's thumb, pan, zoom."""

    def __init__(self, view: NetworkView) -> None:
        self._view = view
        self.at = QPointF()
        self._pressed_at: QPointF | None = None
        self._pressed: Target | None = None
        self._has_moved = False
        self._wheel = 0

    def press(self, event: QMouseEvent) -> None:
        self.at = event.position()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed_at, self._pressed = self.at, self._view.target_at(self.at)
        self._has_moved = False
        # Wherever the click went, the first arrow key moves on from there.
        stop = targets.stop_near(self._view.arrangement(), self._view.to_scene(self.at))
        self._view.focus_on(stop, is_visible=False)

    def move(self, event: QMouseEvent) -> None:
        before, self.at = self.at, event.position()
        if self._pressed_at is None:
            self._hover()
            return
        far = (self.at - self._pressed_at).manhattanLength() >= DRAG_START
        self._has_moved = self._has_moved or far
        if self._pressed is not None and self._pressed.part is Part.THUMB:
            self._drag_thumb(self._pressed)
        elif self._has_moved and self._pressed is not None and self._pressed.part in _DRAGGABLE:
            self._drag_layer(self._pressed)
        elif self._has_moved and self._pressed is None and self._view.is_zoomed:
            self._view.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._view.pan_by(self.at - before)

    def release(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        pressed, self._pressed, self._pressed_at = self._pressed, None, None
        attention = self._view.attention
        if attention.dragged is not None:
            self._drop(attention)
        elif pressed is not None and not self._has_moved and pressed.part in _CLICKABLE:
            self._view.wishes.do(pressed, self.at)
        self._hover()

    def double_click(self, event: QMouseEvent) -> None:
        """On empty space: show everything. Elsewhere it is a second click."""
        if self._view.target_at(event.position()) is None:
            self._view.fit()
        else:
            self.press(event)

    def let_go(self) -> None:
        """Forget what was pressed: it is gone, or the person has thought better of it."""
        self._pressed = self._pressed_at = None
        self._view.unsetCursor()

    def leave(self) -> None:
        if self._pressed_at is None:
            self._view.attend(Attention(focus=self._view.attention.focus))

    def wheel(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / WHEEL_NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._view.zoom_at(event.position(), ZOOM_A_NOTCH**notches)
        elif not self._scroll(event):
            event.ignore()
            return
        event.accept()
        self._hover()

    def _scroll(self, event: QWheelEvent) -> bool:
        """Scroll the folded column below the pointer; False where there is none."""
        layout = self._view.arrangement()
        column = targets.band_at(layout, self._view.to_scene(event.position()))
        if column is None or not layout.diagram.columns[column].is_folded:
            return False
        # Touchpads send small pieces of a notch.
        self._wheel -= event.angleDelta().y()
        rows = int(self._wheel / WHEEL_A_ROW)
        self._wheel -= rows * WHEEL_A_ROW
        self._view.scroll_column(column, layout.places[column].first + rows)
        return True

    def _hover(self) -> None:
        view = self._view
        target = view.target_at(self.at) if view.rect().contains(self.at.toPoint()) else None
        band = targets.band_at(view.arrangement(), view.to_scene(self.at))
        view.attend(Attention(hover=target, focus=view.attention.focus, band=band))
        view.setCursor(_cursor(target))

    def _drag_thumb(self, target: Target) -> None:
        layout = self._view.arrangement()
        place = layout.places[target.column]
        strip, thumb = place.parts["strip"], place.parts["thumb"]
        room = strip.height() - thumb.height() - 2 * thumb.width()
        part = (self._view.to_scene(self.at).y() - strip.top() - thumb.height() / 2) / room
        self._view.scroll_column(target.column, round(part * layout.scroll_range(target.column)))

    def _drag_layer(self, target: Target) -> None:
        layout = self._view.arrangement()
        x = self._view.to_scene(self.at).x()
        gaps = range(len(layout.additions))
        nearest = min(gaps, key=lambda gap: abs(layout.insertion_x(gap) - x))
        stays = nearest in (target.column - 1, target.column)
        self._view.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._view.attend(Attention(dragged=target.column, insertion=None if stays else nearest))

    def _drop(self, attention: Attention) -> None:
        self._view.attend(replace(attention, dragged=None, insertion=None))
        if attention.insertion is None or attention.dragged is None:
            return
        layer = attention.dragged - 1
        # Behind itself, the layer leaves a place that the index has to make up for.
        to = attention.insertion - (attention.insertion > layer)
        self._view.layerMoveRequested.emit(layer, to)


def _cursor(target: Target | None) -> Qt.CursorShape:
    if target is None:
        return Qt.CursorShape.ArrowCursor
    if target.part is Part.HANDLE:
        return Qt.CursorShape.OpenHandCursor
    if target.part is Part.NODE and target.column > 0:
        return Qt.CursorShape.ArrowCursor
    return Qt.CursorShape.PointingHandCursor


_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_ON_LAYERS: Final = frozenset(
    {
        Qt.Key.Key_Plus,
        Qt.Key.Key_Equal,
        Qt.Key.Key_Minus,
        Qt.Key.Key_Delete,
        Qt.Key.Key_A,
        Qt.Key.Key_Insert,
    }
)


class Keyboard:
    """Arrow keys walk; the other keys act on what has the focus."""

    def __init__(self, view: NetworkView) -> None:
        self._view = view

    def focus_in(self, event: QFocusEvent) -> None:
        """Show where the keyboard is when it comes by Tab; a click shows it by itself."""
        if event.reason() in _KEYBOARD_REASONS:
            start = self._view.focus_target
            layout = self._view.arrangement()
            self._view.focus_on(start or targets.step(layout, None, 0, 0), is_visible=True)

    def wants(self, event: QKeyEvent) -> bool:
        """True for keys that act here, whatever else they may mean in the window.

        All but the arrows need a ring to act on: after a click, Space still means Train.
        """
        key, focus = Qt.Key(event.key()), self._view.attention.focus
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key == Qt.Key.Key_Escape:
            return self._view.attention.dragged is not None
        if key == Qt.Key.Key_Space:
            return focus is not None and focus.part is Part.NODE and focus.column == 0
        if has_control:
            return key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and focus is not None
        return key in _ARROWS or (focus is not None and (key in _ENTER or key in _ON_LAYERS))

    def press(self, event: QKeyEvent) -> bool:
        """Act on a key; False where it means nothing here."""
        key, view = Qt.Key(event.key()), self._view
        if not self.wants(event):
            return False
        if key == Qt.Key.Key_Escape:
            view.let_go()
            return True
        focus = view.focus_target
        if key in _ARROWS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            view.focus_on(targets.step(view.arrangement(), focus, *_ARROWS[key]), is_visible=True)
            return True
        return focus is not None and self._act(key, focus)

    def _act(self, key: Qt.Key, focus: Target) -> bool:
        actions = self._view.wishes
        if key == Qt.Key.Key_Space:
            actions.toggle(focus)
        elif key == Qt.Key.Key_Insert or (key in _ENTER and focus.part is Part.ADD):
            actions.open_add_menu(focus)
        elif key in _ENTER:
            self._enter(focus)
        elif focus.part is Part.ADD:
            return False
        elif key in _ARROWS:
            self._move(focus, _ARROWS[key][0])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            actions.change_units(focus, by=-1 if key == Qt.Key.Key_Minus else 1)
        elif key == Qt.Key.Key_Delete:
            actions.remove(focus)
        else:
            actions.open_activation_menu(focus)
        return True

    def _move(self, focus: Target, by: int) -> None:
        """Move a layer, and go with it."""
        view, to = self._view, focus.column + by
        if focus.part is Part.ADD or not 1 <= to <= len(view.diagram.hidden):
            return
        view.wishes.move(focus, by)
        view.focus_on(Target(focus.part, to, focus.unit), is_visible=True)

    def _enter(self, focus: Target) -> None:
        actions = self._view.wishes
        if focus.part is Part.LAYER:
            box = self._view.window_box(focus)
            actions.edit_layer(focus, box.center() if box else QPointF())
        elif focus.column == 0:
            actions.toggle(focus)
        else:
            actions.open_weights_menu(focus)
