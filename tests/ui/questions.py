"""Everything that the window asks in boxes and in the dialogs of files, read and not answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from playground.ui import reports
from playground.ui.session import leaving, saving
from playground.ui.window.main_window import MainWindow
from tests.ui.words import all_said


class Reader:
    """Stands in the place of a person in front of every dialog that waits for an answer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.texts: set[str] = set()
        self.titles: list[str] = []
        monkeypatch.setattr(QMessageBox, "exec", lambda box: self.read(box))
        monkeypatch.setattr(QMessageBox, "about", staticmethod(self._read_about))
        for name in ("getOpenFileName", "getSaveFileName"):
            ask = staticmethod(partial(self._ask, "Save" in name))
            monkeypatch.setattr(QFileDialog, name, ask)

    def read(self, dialog: QDialog) -> int:
        """Take in what a dialog says, and close it."""
        dialog.show()
        self.titles.append(dialog.windowTitle())
        self.texts |= all_said(dialog)
        dialog.grab()
        dialog.close()
        dialog.deleteLater()
        return 0

    def _ask(
        self,
        is_saving: bool,
        parent: QWidget,
        title: str,
        start: str,
        kinds: str,
        *_: object,
    ) -> tuple[str, str]:
        """Qt's own dialog, which knows no other window system here."""
        dialog = QFileDialog(parent, title, str(Path(start).parent), kinds)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        if is_saving:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            self.texts.add(Path(start).stem)
        self.read(dialog)
        return "", ""

    def _read_about(self, parent: QWidget, title: str, text: str) -> None:
        """Without the names and numbers of what it all runs on."""
        self.titles.append(title)
        self.texts |= {title, text.partition("\n\n")[0]}


def ask_everything(window: MainWindow, folder: Path, reader: Reader) -> None:
    """Let the window ask all that it can ask; nothing comes of it."""
    taken, box = folder / "表.csv", folder / "箱"
    taken.touch()
    box.mkdir()
    documents, networks = window.documents, window.documents.networks
    wishes: list[Callable[[], object]] = [
        documents.ask_and_open,
        documents.save_as,
        documents.export_points,
        networks.ask_and_save,
        networks.ask_and_load,
        window.parts.curves.code._save,
        window.guide.save_as,
        window.show_about,
        partial(saving.may_replace, window, taken),
        partial(saving.may_replace, window, box),
        partial(saving.may_replace, window, Path("無") / "表.csv"),
        partial(reader.read, saving._Wait("Saving…", window)),
    ]
    for is_changed, lost in ((True, ""), (False, "学習"), (True, "学習")):
        wishes.append(
            partial(leaving.ask_about, window, "円", is_changed=is_changed, lost_training=lost)
        )
    for wish in wishes:
        before = len(reader.titles)
        wish()
        assert len(reader.titles) == before + 1, f"{wish} asked nothing"
    report = reports._Report("円", "詳細")
    reader.read(reports._box(report, window))
