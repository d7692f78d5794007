"""The keyboard on the network picture: arrows walk, other keys act on what has the focus.

Owns what each key means. Imports PySide6 and the modules below it; GUI thread only.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent

from playground.ui.network.editing.editable_scene import EditableScene
from playground.ui.network.editing.pointer import Pointer
from playground.ui.network.editing.target_actions import TargetActions
from playground.ui.network.layout import targets
from playground.ui.network.layout.targets import Attention, Part, Target
from playground.ui.widgets import ARROWS, ENTER_KEYS, KEYBOARD_REASONS

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

    def __init__(self, scene: EditableScene, pointer: Pointer, actions: TargetActions) -> None:
        self._scene, self._pointer, self._actions = scene, pointer, actions

    def focus_in(self, event: QFocusEvent) -> None:
        """Show where the keyboard is when it comes by Tab; a click shows it by itself."""
        if event.reason() in KEYBOARD_REASONS:
            start = self._scene.focus_target
            layout = self._scene.arrangement()
            self._scene.focus_on(start or targets.step(layout, None, 0, 0), is_visible=True)

    def wants(self, event: QKeyEvent) -> bool:
        """True for keys that act here, whatever else they may mean in the window.

        All but the arrows need a ring to act on: after a click, Space still means Train.
        """
        key, focus = Qt.Key(event.key()), self._scene.attention.focus
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key == Qt.Key.Key_Escape:
            return self._scene.attention.dragged is not None
        if key == Qt.Key.Key_Space:
            return focus is not None and focus.part is Part.NODE and focus.column == 0
        if has_control:
            return key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and focus is not None
        return key in ARROWS or (focus is not None and (key in ENTER_KEYS or key in _ON_LAYERS))

    def press(self, event: QKeyEvent) -> bool:
        """Act on a key; False where it means nothing here."""
        key, scene = Qt.Key(event.key()), self._scene
        if not self.wants(event):
            return False
        if key == Qt.Key.Key_Escape:
            self._pointer.let_go()
            scene.attend(Attention(focus=scene.attention.focus))
            return True
        focus = scene.focus_target
        if key in ARROWS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            scene.focus_on(targets.step(scene.arrangement(), focus, *ARROWS[key]), is_visible=True)
            return True
        return focus is not None and self._act(key, focus)

    def _act(self, key: Qt.Key, focus: Target) -> bool:
        actions = self._actions
        if key == Qt.Key.Key_Space:
            actions.toggle(focus)
        elif key == Qt.Key.Key_Insert or (key in ENTER_KEYS and focus.part is Part.ADD):
            actions.open_add_menu(focus)
        elif key in ENTER_KEYS:
            self._enter(focus)
        elif focus.part is Part.ADD:
            return False
        elif key in ARROWS:
            self._move(focus, ARROWS[key][0])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            actions.change_units(focus, by=-1 if key == Qt.Key.Key_Minus else 1)
        elif key == Qt.Key.Key_Delete:
            actions.remove(focus)
        else:
            actions.open_activation_menu(focus)
        return True

    def _move(self, focus: Target, by: int) -> None:
        """Move a layer, and go with it."""
        scene, to = self._scene, focus.column + by
        if focus.part is Part.ADD or not 1 <= to <= len(scene.diagram.hidden):
            return
        self._actions.move(focus, by)
        scene.focus_on(Target(focus.part, to, focus.unit), is_visible=True)

    def _enter(self, focus: Target) -> None:
        actions = self._actions
        if focus.part is Part.LAYER:
            box = self._scene.window_box(focus)
            actions.edit_layer(focus, box.center() if box else QPointF())
        elif focus.column == 0:
            actions.toggle(focus)
        else:
            actions.open_weights_menu(focus)
