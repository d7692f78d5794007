"""A person who answers one dialog after another, by keys, as each comes up.

Dialogs that ask run an event loop of their own; the answers are given from inside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QWidget,
)

Act = Callable[[Any], object]


class Answers(QObject):
    """Does one act for each dialog that comes up, in order, and notes what the dialog said.

    An act is done again until the dialog is gone.
    """

    _latest: Answers | None = None

    def __init__(self, *acts: Act) -> None:
        super().__init__()
        if Answers._latest is not None:  # one person at a time
            Answers._latest._timer.stop()
        Answers._latest = self
        self.said: list[str] = []
        self._acts = list(acts)
        self._before: QWidget | None = None
        self._act: Act = escapes
        self._timer = QTimer(self, interval=10)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @property
    def left(self) -> int:
        """Acts for which no dialog has come."""
        return len(self._acts)

    @Slot()
    def _look(self) -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or not dialog.isVisible():
            return
        if dialog is self._before:
            self._act(dialog)  # it came up, but did not listen yet
            return
        self._before = dialog
        self.said.append(spoken(dialog))
        # Without an answer left: away with it, so that the test ends and tells.
        self._act = self._acts.pop(0) if self._acts else escapes
        self._act(dialog)


def spoken(dialog: QWidget) -> str:
    """What a dialog says: its title, and the words of a message box."""
    words = [dialog.windowTitle()]
    if isinstance(dialog, QMessageBox):
        words += [dialog.text(), dialog.informativeText()]
        words += [button.text() for button in dialog.buttons()]
    return "\n".join(words)


def names(text: str) -> Act:
    """Type a name into a file dialog, and Return."""

    def act(dialog: QFileDialog) -> None:
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(field, QLineEdit), dialog
        field.setCompleter(None)  # type: ignore[arg-type]  # what it proposes would take the keys
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    return act


def presses(words: str) -> Act:
    """Press the button with these words by its key, the one behind the &."""

    def act(dialog: QWidget) -> None:
        button = next(
            b for b in dialog.findChildren(QAbstractButton) if b.text().replace("&", "") == words
        )
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)

    return act


def ticks_and_presses(words: str) -> Act:
    """Tick the box of a question, and press a button of it."""

    def act(dialog: QWidget) -> None:
        (box,) = dialog.findChildren(QCheckBox)
        if not box.isChecked():
            QTest.keyClick(box, Qt.Key.Key_Space)
        presses(words)(dialog)

    return act


def escapes(dialog: QWidget) -> None:
    """Escape."""
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
