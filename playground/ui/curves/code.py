"""CODE: the experiment as a script to read, copy and save, in PyTorch or in NumPy.

The script is written when someone can see it, not before; where a large file has to be read for
it, a job does that in the background. GUI thread.
"""

from __future__ import annotations

import io
import keyword
import tokenize
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Literal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFont,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from playground.core.data.tables.reading import Progress, no_progress
from playground.core.errors import PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import write_atomically
from playground.core.messages import N_
from playground.core.script.data_facts import is_quick
from playground.core.script.pytorch import pytorch_script
from playground.core.script.words import spoken
from playground.engines.contract.control import Control
from playground.engines.numpy.numpy_script import numpy_script
from playground.ui import language
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.session.saving import ask_where
from playground.ui.session.worker import Worker, with_progress
from playground.ui.widgets import Choice, Item, Label, QuietButton, describe
from playground.ui.widgets.layouts import STRETCH, hbox, vbox

Kind = Literal["keyword", "comment", "string", "number"]
Spans = dict[int, list[tuple[int, int, Kind]]]

Write = Callable[[Experiment, Progress], str]

_SCRIPTS: dict[str, Write] = {
    "torch": pytorch_script,
    "numpy": numpy_script,
}
_LIBRARIES = (
    Item(
        "torch",
        "PyTorch",
        "The script that most people would write: layers, loss, optimizer, loop.",
    ),
    Item(
        "numpy",
        "NumPy",
        "The network by hand: matrices, the chain rule and the update, each a few lines. For"
        " dense layers.",
    ),
)

_KINDS: dict[int, Kind] = {
    tokenize.COMMENT: "comment",
    tokenize.STRING: "string",
    tokenize.NUMBER: "number",
}
for _name in ("FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END"):  # from Python 3.12 on
    if hasattr(tokenize, _name):
        _KINDS[getattr(tokenize, _name)] = "string"


def spans(source: str) -> Spans:
    """Where each line, counted from 0, has something to colour: (start, length, kind).

    What is not Python has nothing to colour.
    """
    found: Spans = defaultdict(list)
    lines = source.splitlines()
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            is_keyword = token.type == tokenize.NAME and keyword.iskeyword(token.string)
            kind = "keyword" if is_keyword else _KINDS.get(token.type)
            if kind is None:
                continue
            (first, start), (last, end) = token.start, token.end
            for row in range(first, last + 1):
                left = start if row == first else 0
                right = end if row == last else len(lines[row - 1])
                found[row - 1].append((left, right - left, kind))
    except (tokenize.TokenError, SyntaxError):
        return {}
    return dict(found)


class PythonHighlighter(QSyntaxHighlighter):
    """Colours a document that holds one Python source, in the colours of the theme."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._spans: Spans = {}
        self._formats = _formats()
        theme.follow(self, self._on_theme_changed)

    def follow(self, source: str) -> None:
        """Colour this source, which the document is about to show."""
        self._spans = spans(source)

    def highlightBlock(self, text: str) -> None:
        for start, length, kind in self._spans.get(self.currentBlock().blockNumber(), ()):
            self.setFormat(start, length, self._formats[kind])

    @Slot()
    def _on_theme_changed(self) -> None:
        self._formats = _formats()
        self.rehighlight()


def _formats() -> dict[Kind, QTextCharFormat]:
    now = theme.current()
    colors: dict[Kind, QColor] = {
        "keyword": now.focus,
        "comment": now.muted,
        "string": now.warning,
        "number": now.warning,
    }
    result = {}
    for kind, color in colors.items():
        result[kind] = QTextCharFormat()
        result[kind].setForeground(color)
    result["keyword"].setFontWeight(QFont.Weight.DemiBold)
    return result


class Script(QPlainTextEdit):
    """A script to read, and to copy by keys or by its menu."""

    copied = Signal()  # all of it was put on the clipboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.matches(QKeySequence.StandardKey.Copy):
            self._tell()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.findChild(QAction, "edit-copy")
        if copy is not None:
            copy.triggered.connect(self._tell)
        menu.popup(event.globalPos())

    @Slot()
    def _tell(self) -> None:
        script, cursor = self.toPlainText().strip(), self.textCursor()
        if script and cursor.selection().toPlainText().strip() == script:
            self.copied.emit()


def _written(script: Write, spoken_in: str, experiment: Experiment, progress: Progress) -> str:
    """The script, which says what it does in a language; on any thread."""
    return spoken(script(experiment, progress), spoken_in)


class CodeView(QWidget):
    """The script of the experiment that is shown; `failed` says why it could not be saved."""

    failed = Signal(str)
    copied = Signal()  # the script is on the clipboard

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._written: Experiment | None = None
        self._worker = Worker(self, "script")
        self._worker.finished.connect(self._on_written)
        self._worker.failed.connect(self._on_failed)
        self.text = Script()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setUndoRedoEnabled(False)
        describe(self.text, "Code", "This experiment as a script that runs by itself.")
        self.library = Choice(
            "Library",
            _LIBRARIES,
            key="torch",
            help_text="What the script does its arithmetic with.",
        )
        self.library.chosen.connect(self._choose_library)
        self._highlighter = PythonHighlighter(self.text.document())
        self._reason = Label("", "body", muted=True)
        self._reason.setWordWrap(True)
        self._reason.hide()
        self.copy_button = QuietButton("Copy", "Copy the script to the clipboard.")
        self.save_button = QuietButton("Save…", "Save the script as a Python file.")
        self.save_button.setAccessibleName(tr("Save script"))
        self.copy_button.setAccessibleName(tr("Copy script"))
        self.copy_button.clicked.connect(self._copy)
        self.text.copied.connect(self.copied)
        self.save_button.clicked.connect(self._save)
        self._lay_out()
        self._set_font()
        theme.follow(self, self._set_font)

    def _lay_out(self) -> None:
        self.library.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        buttons = hbox(self.library, STRETCH, self.copy_button, self.save_button)
        vbox((self.text, 1), self._reason, buttons, of=self, margins=(0, theme.GAP, 0, 0))

    @property
    def script(self) -> str:
        """What is shown; empty where the experiment cannot be a script."""
        return self.text.toPlainText()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the script of this experiment, as soon as it can be seen."""
        self._experiment = experiment
        if self.isVisible():
            self._write()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._write()

    def hideEvent(self, event: QHideEvent) -> None:
        self._stop()
        super().hideEvent(event)

    def take_over(self, other: CodeView) -> None:
        """Write for the library that another view writes for."""
        self.library.set_key(other.library.key())

    @Slot(str)
    def _choose_library(self, key: str) -> None:
        self._written = None
        self.text.verticalScrollBar().setValue(0)
        self._write()

    def _write(self) -> None:
        if self._experiment is None or self._written is self._experiment:
            return
        self._stop()
        experiment = self._written = self._experiment
        write = partial(_written, _SCRIPTS[self.library.key()], language.code())
        if not is_quick(experiment):
            self._write_in_background(lambda progress: write(experiment, progress))
            return
        try:
            self._show(write(experiment, no_progress), "")
        except PlaygroundError as error:
            self._show("", error.message)

    def _write_in_background(self, work: Callable[[Progress], str]) -> None:
        reason = N_("The file is read, so that the script is sure to read the same from it.")
        self._show("", reason)
        self._worker.start(with_progress(work), Control())

    def _stop(self) -> None:
        """End the writing that is under way; it is begun again when the script can be seen."""
        if self._worker.is_busy:
            self._written = None
            self._worker.stop()

    @Slot(object)
    def _on_written(self, source: str) -> None:
        self._show(source, "")

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._show("", sentence)

    def _show(self, source: str, reason: str) -> None:
        """The script, or why there is none."""
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        for button in (self.copy_button, self.save_button):
            button.setEnabled(bool(source))
        self._replace_text(source)

    def _replace_text(self, source: str) -> None:
        """Show another source at the place where the person was reading."""
        if source == self.script:
            return
        bar = self.text.verticalScrollBar()
        place = bar.value()
        self._highlighter.follow(source)
        self.text.setPlainText(source)
        bar.setValue(place)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.script)
        self.copied.emit()

    @Slot()
    def _save(self) -> None:
        title = (self._experiment and self._experiment.title) or tr("Untitled")
        path = ask_where(self, "Save script", f"{title}.py", "Python (*.py)", [".py"])
        if path is None:
            return
        try:
            write_atomically(path, self.script.encode())
        except PlaygroundError as error:
            self.failed.emit(tr(error))

    @Slot()
    def _set_font(self) -> None:
        self.text.setFont(theme.font("mono"))
