"""TextField: a short text in a line.

Imports PySide6; GUI thread only.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from playground.ui.widgets.focus import ENTER_KEYS, give_focus_back, leave_by_escape

_BORROWED = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
"""The field's own menu, and another window, only borrow the focus."""


class TextField(QLineEdit):
    """A line of text. Enter takes what is written, Escape brings back what was there when the
    keyboard came; either way the keyboard goes back to the window.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = ""
        self.setAcceptDrops(False)  # a file is for the window, which opens it

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() not in _BORROWED:
            self._before = self.text()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._before)
            leave_by_escape(self, event)
            return
        super().keyPressEvent(event)
        if event.key() in ENTER_KEYS:
            give_focus_back(self)
