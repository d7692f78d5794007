"""Files as a person meets them: open, save, recent files, and the question before work is lost.

The session reads and writes; this module asks for names, remembers them, and says what went wrong.
GUI thread.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from playground.core import files
from playground.core.errors import PlaygroundError
from playground.core.experiment import Experiment
from playground.ui.session import Session

__all__ = ["Documents"]

PROJECTS = f"Projects (*{files.SUFFIX})"
EVERYTHING = f"Projects and tables (*{files.SUFFIX} *.csv *.tsv *.txt);;{PROJECTS};;All files (*)"
RECENT_FILES = 8


class Documents(QObject):
    """Opens and saves the document of a session, for a window that dialogs belong to."""

    opened = Signal()  # another document is shown
    failed = Signal(str)  # one sentence
    recentChanged = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._settings = QSettings()

    @Slot()
    def new(self) -> None:
        if self.may_leave():
            self._session.replace(Experiment())
            self.opened.emit()

    @Slot()
    def ask_and_open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._window, "Open", self._folder(), EVERYTHING)
        if path:
            self.open(Path(path))

    def open(self, path: Path) -> bool:
        """Open a file, unless the person wants to keep what is open; say what is wrong with it."""
        if not self.may_leave():
            return False
        try:
            self._session.open(path)
        except PlaygroundError as error:
            self.failed.emit(str(error))
            return False
        self._remember(path)
        self.opened.emit()
        return True

    @Slot()
    def save(self) -> bool:
        """Write the document where it came from, or ask where to; False where it is not written."""
        return self._write(self._session.path) if self._session.path else self.save_as()

    @Slot()
    def save_as(self) -> bool:
        proposal = str(Path(self._folder()) / f"{self._session.name}{files.SUFFIX}")
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save as", proposal, PROJECTS)
        if not chosen:
            return False
        return self._write(Path(chosen if chosen.endswith(".json") else chosen + files.SUFFIX))

    def may_leave(self) -> bool:
        """True where nothing would be lost, or the person does not mind."""
        if not self._session.is_modified:
            return True
        box = QMessageBox(self._window)
        box.setWindowTitle("Unsaved changes")
        box.setText(f"“{self._session.name}” has changes that are not saved.")
        save = box.addButton("&Save", QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton("&Discard", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("&Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        if box.clickedButton() is save:
            return self.save()
        return box.clickedButton() is discard

    def recent(self) -> list[Path]:
        """Files that were opened or saved, the latest first."""
        value = self._settings.value("recent", [])
        names = [value] if isinstance(value, str) else value
        return [Path(str(name)) for name in names] if isinstance(names, list) else []

    def _write(self, path: Path) -> bool:
        try:
            self._session.save(path)
        except PlaygroundError as error:
            self.failed.emit(str(error))
            return False
        self._remember(path)
        return True

    def _remember(self, path: Path) -> None:
        names = [str(place) for place in (path.resolve(), *self.recent())]
        self._settings.setValue("recent", list(dict.fromkeys(names))[:RECENT_FILES])
        self.recentChanged.emit()

    def _folder(self) -> str:
        return str(self._session.path.parent if self._session.path else Path.home())
