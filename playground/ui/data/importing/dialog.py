"""The import dialog: a table on its way to points, with every guess on show and open to change.

Reading goes on in the background; the dialog shows the first rows at once, and says in place what
is wrong or what an import would come to. GUI thread.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QSizePolicy,
    QTableView,
    QWidget,
)

from playground.core import numbers
from playground.core.data.tables.choosing import Choice, Made, Outlook, made_of, outlook
from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.importing import PASTED, TableText
from playground.core.data.tables.inputs import column_of
from playground.core.data.tables.reading import Progress
from playground.core.data.tables.table import Columns, table_of
from playground.core.messages import N_, Message, plural
from playground.engines.contract.control import Control
from playground.ui.data.importing.choice_card import ChoiceCard
from playground.ui.data.importing.foot import PROGRESS_STEPS, Foot, progress_bar
from playground.ui.data.importing.form_card import FormCard
from playground.ui.data.importing.preview import PreviewModel
from playground.ui.data.importing.reader import Reading, look_for_telling, read
from playground.ui.data.importing.remembered import Brought, Remembered, recalled, remember
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.session.worker import Worker, with_progress
from playground.ui.widgets import Card, describe
from playground.ui.widgets.layouts import STRETCH, fill, hbox, vbox

_SIZE = (960, 660)
_SIDE = 312
_COLUMN_WIDTH = 116
_HELP = N_("Make these points the data of the network.")

MOST_NAMED = 10
"""Classes that are named in what an import promises."""


class ImportDialog(QDialog):
    """Asks what to make of a table in a file, or in a text from the clipboard."""

    described = Signal(object)  # Brought, just before it is told that they are imported
    imported = Signal(object, str)  # Data, title

    def __init__(
        self,
        source: Path | str,
        parent: QWidget | None = None,
        *,
        begun: Remembered | None = None,
    ) -> None:
        """begun  what to begin with; None for what was chosen of the file the last time, if any"""
        super().__init__(parent)
        is_file = isinstance(source, Path)
        self._title = source.stem if isinstance(source, Path) else PASTED
        self._reading: Reading | None = None
        self._choice: Choice | None = None
        self._compared: tuple[str, bool] | None = None
        name = source.name if isinstance(source, Path) else PASTED
        self.setWindowTitle(tr("Import: {name}", name=name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.form, self.choices = FormCard(is_file=is_file), ChoiceCard()
        self.preview = PreviewModel()
        self.table = QTableView()
        self.progress = progress_bar(N_("How much of the table has been read."))
        self.foot = Foot(_HELP)
        self.message = self.foot.message
        self.import_button, self.cancel_button = self.foot.import_button, self.foot.cancel_button
        self._set_up()
        self._arrange()
        self._wire()
        self._source = source
        self._wire_workers()
        if begun is None and isinstance(source, Path):
            begun = recalled(source)
        self._begun = begun
        self._wanted = WantedForm()
        self._read(WantedForm() if begun is None else begun.form)

    def _set_up(self) -> None:
        self.table.setModel(self.preview)
        self.table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setProperty("bare", True)
        # It ends with its rows, as far as there is room for them.
        self.table.setSizeAdjustPolicy(QTableView.SizeAdjustPolicy.AdjustToContents)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.table.setCornerWidget(QWidget())  # the style would draw a box there
        header = self.table.horizontalHeader()
        header.setDefaultSectionSize(theme.scaled(_COLUMN_WIDTH))
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        rows = self.table.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.scaled(26))
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        describe(self.table, "First rows", "The start of the table, and what each column is for.")

    def _arrange(self) -> None:
        self.choices.setFixedWidth(theme.scaled(_SIDE))
        rows = Card("First rows")
        fill(rows.content, self.table, STRETCH)
        side = vbox((rows, 1), self.form, spacing=theme.PANEL_GAP)
        body = hbox(self.choices, (side, 1), spacing=theme.PANEL_GAP)
        vbox(
            (body, 1),
            self.progress,
            self.foot,
            of=self,
            spacing=theme.PANEL_GAP,
            margins=theme.PANEL_GAP,
        )
        self.resize(*(theme.scaled(side) for side in _SIZE))

    def _wire(self) -> None:
        self.form.wantedChanged.connect(self._read)
        self.choices.choiceChanged.connect(self._on_choice_changed)
        self.import_button.clicked.connect(self._import)
        self.cancel_button.clicked.connect(self.reject)

    def _wire_workers(self) -> None:
        self._reader, self._importer = Worker(self, "reading"), Worker(self, "importing")
        self._reader.posted.connect(self._on_posted)
        self._reader.finished.connect(self._on_read)
        self._reader.failed.connect(self._on_refused)
        self._importer.posted.connect(self._on_progress)
        self._importer.finished.connect(self._on_imported)
        self._importer.failed.connect(self._on_import_refused)
        self._comparer = Worker(self, "comparing")
        self._comparer.finished.connect(self.choices.inputs.show_telling)

    # Reading.

    @Slot(object)
    def _read(self, wanted: WantedForm) -> None:
        """Read the source in this form, in place of what was read before."""
        self._reading = self._choice = None
        self._compared = None
        self._wanted = wanted
        self.form.show_wanted(wanted)
        self._show_busy(N_("Reading…"))
        self.choices.setEnabled(False)
        self._reader.start(partial(read, self._source, wanted), Control())

    @Slot(object)
    def _on_posted(self, found: TableText | float) -> None:
        """The first rows, and the part that is read."""
        if isinstance(found, float):
            self.progress.setValue(round(found * PROGRESS_STEPS))
            self.message.setText(tr("Reading… {share}", share=numbers.percent(found, 0)))
        else:
            self.preview.show(found)
            self._show_form(found)

    @Slot(object)
    def _on_read(self, reading: Reading) -> None:
        begun, self._begun = self._begun, None
        fitting = None if begun is None else begun.among(reading.text.names)
        if begun is not None and fitting is None and begun.form != WantedForm():
            self._read(WantedForm())  # it is another table by now
            return
        self._reading = reading
        self.progress.hide()
        self.preview.show(reading.text)
        self._show_form(reading.text)
        self.choices.show_reading(reading, fitting)

    def _show_form(self, text: TableText) -> None:
        self.form.show_form(text.form, text.met.settled)
        self.form.show_parts(text.met.parts, text.met.part)

    @Slot(object)
    def _on_refused(self, sentence: str) -> None:
        """There is no table in the source, or not in this form."""
        begun, self._begun = self._begun, None
        if begun is not None and begun.form != WantedForm():
            self._read(WantedForm())  # what was chosen before is nothing that anybody insists on
            return
        self.progress.hide()
        self.preview.show(None)
        self.foot.say(sentence, can_import=False)

    # Choosing.

    @Slot(object)
    def _on_choice_changed(self, choice: Choice) -> None:
        if self._reading is None:
            return
        self._choice = choice
        columns = choice.columns
        names = set(self._reading.text.names)
        used = (column_of(name, names) for name in columns.inputs)
        roles = {name: N_("input") for name in used if name} | {columns.answer: N_("answer")}
        if columns.held_out:
            roles[columns.held_out] = N_("kept for testing")
        if choice.exported is not None:
            roles[self._reading.text.names[-1]] = N_("written by Playground")
        self.preview.show_roles(roles)
        self._compare(self._reading, columns)
        found = outlook(self._reading.text, self._reading.facts, choice)
        promise = _promise(found, self._reading, choice)
        is_wrong = bool(found.obstacle)
        self.foot.say(found.obstacle or promise, can_import=not is_wrong, warns=is_wrong)

    def _compare(self, reading: Reading, columns: Columns) -> None:
        """Find out in the background which columns give the answer away."""
        compared = columns.answer, columns.regression
        if compared != self._compared:
            self._compared = compared
            self._comparer.start(partial(look_for_telling, reading, *compared), Control())

    def _show_busy(self, words: str) -> None:
        self.progress.setValue(0)
        self.progress.show()
        self.foot.say(words, can_import=False, warns=False)

    # Importing.

    @Slot()
    def _import(self) -> None:
        """Make the data, which takes a moment for a long table, and hand them over."""
        reading, choice = self._reading, self._choice
        if reading is None or choice is None or self._importer.is_busy:
            return
        self._show_busy(N_("Importing…"))
        self._importer.start(with_progress(partial(_made, reading.text, choice)), Control())

    @Slot(object)
    def _on_progress(self, done: float) -> None:
        self.progress.setValue(round(done * PROGRESS_STEPS))

    @Slot(object)
    def _on_imported(self, made: Made) -> None:
        if not self.isVisible() or self._reading is None or self._choice is None:
            return
        chosen = Remembered.of(self._wanted, self._choice)
        if isinstance(self._source, Path) and self._choice.exported is None:
            remember(self._source, self._reading.text.names, chosen)
        self.described.emit(Brought(self._source, made.data, made.description, chosen))
        self.imported.emit(made.data, self._title)
        self.accept()

    @Slot(object)
    def _on_import_refused(self, sentence: str) -> None:
        self.progress.hide()
        self.foot.say(sentence, can_import=False)

    def done(self, result: int) -> None:
        """Close, and end what is under way."""
        self._reader.stop()
        self._importer.stop()
        self._comparer.stop()
        self.preview.show(None)  # else Qt would lay its headers out once more, for nobody
        super().done(result)


def _made(text: TableText, choice: Choice, progress: Progress) -> Made:
    """The work of a worker. Raises what is wrong with the test file, which else would be said only
    when training begins.
    """
    made = made_of(text, choice, progress)
    if choice.test_path is not None and made.description is None:
        table_of(text, choice.columns, choice.left_out, choice.test_path)
    return made


def _promise(found: Outlook, reading: Reading, choice: Choice) -> Message:
    """What an import would bring, in a sentence or two."""
    columns = choice.columns
    learned = next(facts for facts in reading.facts if facts.name == columns.answer)
    if columns.regression:
        answer = Message("the number “{name}”", name=columns.answer)
    else:
        labels = sorted(learned.labels)
        more = ["…"] * (len(labels) > MOST_NAMED)
        names = ", ".join([*map(_short, labels[:MOST_NAMED]), *more])
        answer = plural(
            "{count} class ({names})", "{count} classes ({names})", len(labels), names=names
        )
    points = plural("{count:,} point", "{count:,} points", found.rows)
    inputs = plural("{count:,} input", "{count:,} inputs", len(columns.inputs))
    said = Message("{points}, {inputs}, {answer}.", points=points, inputs=inputs, answer=answer)
    sentences = [said]
    if columns.regression and learned.may_be_classes and learned.span:
        template = N_("If {low} to {high} stand for classes, choose Classes.")
        sentences.append(Message(template, low=learned.span[0], high=learned.span[1]))
    if choice.exported is not None:
        sentences.append(Message("Playground wrote this table; it comes back as it was."))
    elif columns.image is not None:
        sentences.append(Message("They become images with pixels from 0 to 1."))
    elif columns.regression:
        sentences.append(
            Message(
                "For training the numbers to predict are standardised."
                if choice.fit
                else "For training the inputs and the numbers to predict are standardised."
            )
        )
    elif not choice.fit:
        sentences.append(Message("For training the inputs are standardised."))
    counts = {
        N_("Rows left out for want of an answer: {count:,}."): found.unanswered,
        N_("Rows left out for missing inputs: {count:,}."): found.incomplete,
        N_("Missing values filled with a mean: {count:,}."): found.filled,
    }
    return Message(*sentences, *(Message(t, count=count) for t, count in counts.items() if count))


def _short(label: str) -> str:
    line = " ".join(label.split())
    return line if len(line) <= 24 else f"{line[:23]}…"
