"""Where to write a file to: one question for every place that a person names.

The ending is added before anything is asked, so that the question whether to replace a file is
about the name that is written. GUI thread.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QEventLoop, QSettings, QStandardPaths, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QProgressBar, QWidget

from playground.core.data.data import Data
from playground.core.errors import PlaygroundError
from playground.engines.contract.control import Control
from playground.ui.language import tr
from playground.ui.session.file_kinds import tables
from playground.ui.session.worker import Worker
from playground.ui.widgets import Label
from playground.ui.widgets.layouts import vbox

P = ParamSpec("P")
R = TypeVar("R")


def says_why_not(act: Callable[P, R]) -> Callable[P, R]:
    """For methods of who has a signal `failed`: it gives what they raise for a person, and they
    return False then.
    """

    @wraps(act)
    def tried(*arguments: Any, **named: Any) -> Any:
        try:
            return act(*arguments, **named)
        except PlaygroundError as error:
            arguments[0].failed.emit(error.message)
            return False

    return tried


def ask_where(
    parent: QWidget, title: str, proposal: Path | str, kinds: str, endings: Sequence[str]
) -> Path | None:
    """A place that may be written to, or None where the person wants none after all.

    title     English, as the code says it
    proposal  a name, or a whole path; a name alone is proposed for the usual folder
    kinds     what the dialog lists, in Qt's form "Projects (*.json)"
    endings   what a name may end in; a name without any of them gets the first
    """
    found = ask_where_and_how(parent, title, proposal, {kinds: endings})
    return None if found is None else found[0]


def ask_where_and_how(
    parent: QWidget,
    title: str,
    proposal: Path | str,
    kinds: Mapping[str, Sequence[str]],
    sources: Sequence[Path] = (),
) -> tuple[Path, str] | None:
    """As `ask_where`, with the kind that was chosen; each kind has endings of its own.

    sources  files that are read for as long as the document is open, and are never replaced
    """
    start, kind = str(usual_folder() / proposal), next(iter(kinds))
    while True:
        chosen, found = QFileDialog.getSaveFileName(
            parent,
            tr(title),
            start,
            ";;".join(kinds),
            kind,
            QFileDialog.Option.DontConfirmOverwrite,
        )
        if not chosen:
            return None
        kind = found if found in kinds else kind
        path = with_ending(Path(chosen), kinds[kind])
        # The dialog of macOS has asked about the name as it was typed, whatever it is told.
        is_asked = sys.platform == "darwin" and path == Path(chosen)
        if any(_is_same_file(path, source) for source in sources):
            text = tr("“{name}” is what is trained on. Choose another name.", name=path.name)
            _refuse(parent, text)
        elif is_asked or may_replace(parent, path):
            remember_folder(path)
            return path, kind
        start = str(path)


def ask_where_to_export(parent: QWidget, name: str, data: Data) -> tuple[Path, str] | None:
    """A place for a table of the points of these data, and its form, a key of TABLES; None where
    the person wants none after all. What the data are read from is never replaced.
    """
    kinds, sources = tables(), _sources_of(data)
    endings = {kind: found[1] for kind, found in kinds.items()}
    proposal = f"{name}.csv"
    if proposal.lower() in {source.name.lower() for source in sources}:
        proposal = f"{name}-points.csv"
    chosen = ask_where_and_how(parent, "Export points", proposal, endings, sources)
    return chosen and (chosen[0], kinds[chosen[1]][0])


def _sources_of(data: Data) -> list[Path]:
    """The files that data are read from whenever they are prepared."""
    paths = (getattr(data, "path", None), getattr(data, "test_path", None))
    return [Path(path) for path in paths if path]


def _is_same_file(path: Path, other: Path) -> bool:
    """True for one file, by whatever name; False where there is none."""
    with suppress(OSError):
        return path.samefile(other)
    return False


def usual_folder() -> Path:
    """Where dialogs for files begin: the folder that was used last, at first that of documents."""
    last = str(QSettings().value("folder", ""))
    if last and os.path.isdir(last):
        return Path(last)
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    found = QStandardPaths.writableLocation(documents)
    return Path(found) if found and os.path.isdir(found) else Path.home()


def remember_folder(path: Path) -> None:
    """A file was chosen there."""
    QSettings().setValue("folder", str(path.absolute().parent))


def with_ending(path: Path, endings: Sequence[str]) -> Path:
    """`path` with the first of the endings, unless it has one of them, in whatever case.

    A part of the ending that is there already is not repeated: "a.playground" becomes
    "a.playground.json".
    """
    if path.name.lower().endswith(tuple(endings)):
        return path
    name, ending = path.name.rstrip("."), endings[0]
    first = "." + ending.split(".")[1]
    if first != ending and name.lower().endswith(first):
        name = name[: -len(first)]
    return path.with_name(name + ending)


def may_replace(parent: QWidget, path: Path) -> bool:
    """True where nothing is at `path`, or the person wants it replaced; says why not otherwise."""
    if os.path.isdir(path):  # of what no file can be called, the writing says it
        return _refuse(parent, tr("“{name}” is a folder. Choose another name.", name=path.name))
    if not os.path.isdir(path.parent):
        folder = str(path.parent)
        return _refuse(parent, tr("There is no folder “{name}”. Choose another.", name=folder))
    if not os.path.exists(path):
        return True
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setTextFormat(Qt.TextFormat.PlainText)  # a name may hold what looks like markup
    box.setWindowTitle(tr("Replace the file?"))
    box.setText(tr("“{name}” is there already. Replace it?", name=_name_on_disk(path)))
    box.setInformativeText(tr("What is in it now will be lost."))
    replace = box.addButton(tr("&Replace"), QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(tr("&Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.exec()
    return box.clickedButton() is replace


def _refuse(parent: QWidget, sentence: str) -> bool:
    box = QMessageBox(QMessageBox.Icon.Warning, tr("Not possible here"), sentence, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.addButton(tr("&OK"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()
    return False


def _name_on_disk(path: Path) -> str:
    """The name of what would be replaced: some systems take "A" and "a" for the same file."""
    names = [place.name for place in path.parent.iterdir()]
    same = [name for name in names if name.casefold() == path.name.casefold()]
    return path.name if path.name in names or not same else same[0]


def done_while_waiting(parent: QWidget, words: str, work: Callable[[], object]) -> None:
    """Do what takes seconds in the background, while the window is drawn and takes no input.

    Raises what the work raises.
    """
    faults: list[BaseException] = []

    def carry_out(*_: object) -> None:
        try:
            work()
        except BaseException as error:
            faults.append(error)

    box, loop = _Wait(words, parent), QEventLoop()
    worker = Worker(loop, "saving", writes=True)
    worker.finished.connect(loop.quit)
    worker.failed.connect(loop.quit)
    worker.start(carry_out, Control())
    box.show()
    loop.exec()
    box.accept()
    if faults:
        raise faults[0]


class _Wait(QDialog):
    """Says what is being done, and stays until it is done."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr(words))
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        bar = QProgressBar()
        bar.setRange(0, 0)
        vbox(Label(words), bar, of=self, spacing=None, margins=None)

    def reject(self) -> None:
        """Escape ends nothing here."""
