"""Dialogs that ask while a lesson is gone through: for the name of a file, or whether to go on.

They run an event loop of their own, so that a timer has to answer them, with keys. GUI thread.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QMessageBox

from playground.ui.lessons.driver import hand

MILLISECONDS = 40
MOST_TRIES = 20


class Answers(QObject):
    """Answers what is asked.

    asked     questions that nobody had foreseen, to which the answer was no
    discards  whether a question about work that would be lost is answered by losing it
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.asked: list[str] = []
        self.discards = False
        self._file: Path | None = None
        self._tries = 0
        # Anew each time: a timer does not fire in a loop that runs within its own slot, and an
        # answer may open another dialog.
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._answer)
        self._timer.start(MILLISECONDS)

    def give(self, file: Path | None) -> None:
        """The file whose name the next dialog gets."""
        self._file, self._tries = file, 0

    @property
    def is_given(self) -> bool:
        """True once a dialog has got the name."""
        return self._file is None

    @Slot()
    def _answer(self) -> None:
        self._timer.start(MILLISECONDS)
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog) and self._file is not None and self._tries < MOST_TRIES:
            self._name_file(dialog, self._file)
        elif isinstance(dialog, QMessageBox) and self.discards:
            self._discard(dialog)
        elif isinstance(dialog, QDialog):
            self._refuse(dialog)

    def _name_file(self, dialog: QFileDialog, file: Path) -> None:
        """Type the name; then Escape puts away the list of names that has opened below it, and
        Return gives it, which the dialog does not take while the list is open.
        """
        if QApplication.activePopupWidget() is not None:
            hand.press_key("Escape")
            return
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert line is not None, "a dialog that Qt draws itself has a line for the name"
        self._tries += 1
        if line.text() != str(file):
            hand.click(line)
            hand.press_key("Ctrl+A")
            hand.type_text(str(file))
            return
        hand.press_key("Return")
        if not dialog.isVisible():
            self._file = None

    def _discard(self, dialog: QMessageBox) -> None:
        for button in dialog.buttons():
            if dialog.buttonRole(button) == QMessageBox.ButtonRole.DestructiveRole:
                hand.click(button)
                return
        self._refuse(dialog)

    def _refuse(self, dialog: QDialog) -> None:
        text = dialog.text() if isinstance(dialog, QMessageBox) else dialog.windowTitle()
        self.asked.append(text)
        dialog.reject()
