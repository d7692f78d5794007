"""What keys mean everywhere, and where the keyboard goes when a field is done with: back to the
window, so that keys command it.

Imports PySide6; GUI thread only.
"""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget
from shiboken6 import isValid

_COMMANDING: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
"""Held for keys that open dialogs, which must not stand behind a panel that floats."""

ALT_DRAGS: Final = sys.platform != "linux"
"""False where dragging with Alt moves the whole window, because the window manager takes it."""
ENTER_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""Where each arrow key leads: to the right, and down."""
KEYBOARD_REASONS: Final = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)
"""Why the focus comes when it is the keyboard that brings it."""


def give_focus_back(field: QLineEdit) -> None:
    """Hand the keyboard to the window of a field, where letters and Space are commands.

    Tab goes on from the field, as if the keyboard had never left it.
    """
    if field.hasFocus():
        window = field.window()
        rest = window.findChild(_Rest, options=Qt.FindChildOption.FindDirectChildrenOnly)
        (rest or _Rest(window)).begin(field)


def leave_by_escape(field: QLineEdit, event: QKeyEvent) -> None:
    """What Escape does in a field that shows again what was there before.

    A panel that floats closes; any other window gets the keyboard back.
    """
    if field.window().windowType() == Qt.WindowType.Popup:
        event.ignore()  # on to the panel, which closes
    else:
        event.accept()
        give_focus_back(field)


class _Rest(QObject):
    """The keyboard rests on a window until Tab asks for the neighbour of the field it came from.

    Qt gives keys to the panel that floats and to nobody else; what it has no use for while the
    keyboard rests on it goes to the window behind, as a command of its menus.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._field: QLineEdit | None = None
        window.installEventFilter(self)

    def begin(self, field: QLineEdit) -> None:
        self._field = field
        self._window.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if not self._window.hasFocus():
            return False
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return self._go_on(forwards=event.key() == Qt.Key.Key_Tab)
        return self._window.windowType() == Qt.WindowType.Popup and self._command(event)

    def _go_on(self, *, forwards: bool) -> bool:
        field, self._field = self._field, None
        if field is None or not isValid(field) or not field.isVisible():
            return False
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(field.focusNextPrevChild(forwards))

    def _command(self, event: QKeyEvent) -> bool:
        owner, text = self._window.parentWidget(), event.text()
        if owner is None or not text or not text.isprintable() or event.modifiers() & _COMMANDING:
            return False
        keys = QKeySequence(event.keyCombination())
        for action in owner.window().findChildren(QAction):
            if keys in action.shortcuts() and action.isEnabled():
                action.trigger()
                return True
        return False
