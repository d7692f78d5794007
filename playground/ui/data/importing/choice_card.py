"""WHAT TO LEARN: the answer, the inputs, and what happens to gaps and units.

Shows what is in a table and tells of the person's choice among it. GUI thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QGridLayout, QListView, QWidget

from playground.core import numbers
from playground.core.data.data import tested_by_file
from playground.core.data.tables.choosing import TEST_RATIO, image_offered, why_not_fit
from playground.core.data.tables.choosing import Choice as Chosen
from playground.core.data.tables.inputs import Image
from playground.core.data.tables.table import Columns
from playground.core.errors import short
from playground.core.experiment.usual_settings import FOR_TABLES
from playground.core.messages import N_, Message
from playground.ui.data.check_rows import CheckRows
from playground.ui.data.importing.inputs_list import InputsModel, summary
from playground.ui.data.importing.reader import Reading
from playground.ui.data.importing.remembered import Remembered
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.session.file_kinds import TABLES_TO_READ
from playground.ui.session.saving import usual_folder
from playground.ui.widgets import (
    Card,
    Choice,
    ElidedLabel,
    Item,
    Label,
    LinkButton,
    allow,
    describe,
)
from playground.ui.widgets.base import paragraph
from playground.ui.widgets.layouts import hbox

Kind = Literal["classes", "numbers"]

_LABEL_WIDTH: Final = 64
"""Pixels of the names at the left."""

_SHARES: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
_TEST: Final = N_(
    "The part of the rows that the network never trains on; it shows how well it generalises."
)

_KINDS: Final = (
    Item("classes", "Classes", "One of up to 100 labels: the network learns which one."),
    Item("numbers", "Numbers", "A measure: the network learns how large it is."),
)
_GAPS: Final = (
    Item("drop", "Leave out their rows", "A row with a missing input is not used."),
    Item("mean", "Fill with the mean", "A missing input becomes the mean of its column."),
)
_TEST_FILE: Final = N_(
    "A second file with the same columns, whose rows test the network; all rows of this table train"
    " it."
)
_MOST_EXPLAINED: Final = 300
"""Columns of which the list of answers says what is in them; more would take too long."""
_REMOVE: Final = Message("Remove", context="a file that was chosen")
_EXPORTED: Final = Item(
    "exported",
    "As it was exported",
    "Playground wrote this table: points, classes, test points and scale come back as they were.",
)
_UNITS: Final = (
    Item(
        "fit",
        "Fit to the canvas",
        "The points are scaled so that all tools work on them; the axes keep the units.",
    ),
    Item(
        "keep", "Keep the units", "The values stay as they are, and are standardised for training."
    ),
)


def _as_images(image: Image) -> Item:
    _, height, width = image
    return Item(
        "image",
        Message("Images of {width} x {height}", width=width, height=height),
        "The inputs are the pixels of images: layers of images fit them, and they are shown as"
        " images.",
    )


class _Training(ElidedLabel):
    """What training begins with, where nobody has chosen anything else."""

    def __init__(self) -> None:
        optimizer, size, initializer = FOR_TABLES.values()
        values = {
            "optimizer": Message(optimizer.label),
            "rate": numbers.plain(optimizer.learning_rate),
            "size": size,
            "initializer": initializer.capitalize(),
        }
        template = N_("{optimizer} {rate}, batches of {size}, {initializer}")
        self._values = Message(template, **values)
        super().__init__(self._values, muted=True)
        describe(self, "Training begins with")

    def _explain(self) -> None:
        sentence = tr(
            "Optimizer with its rate, batches and first weights: training begins with these where"
            " you have chosen nothing else."
        )
        self.setToolTip(f"{paragraph(tr(self._values))}{paragraph(sentence)}")


class ChoiceCard(Card):
    """The choice among the columns of a table; nothing can be chosen before one is read."""

    choiceChanged = Signal(object)  # Choice

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What to learn", parent)
        self._reading: Reading | None = None
        self._automatic: Chosen | None = None
        self._wanted = ""  # the scale that the person has chosen
        self._is_own = False  # the person has chosen columns
        self.answer = Choice("Answer", help_text="The column that the network shall predict.")
        self.kind = Choice("As", _KINDS, help_text="Whether the answers are classes or numbers.")
        self.gaps = Choice(
            "Gaps",
            _GAPS,
            help_text="What to do where an input is missing. Rows without an answer are left out.",
        )
        self.units = Choice("Scale", _UNITS, help_text="Whether the points move to the canvas.")
        self.test = Choice("Test share", help_text=_TEST)
        self._test_path: Path | None = None
        self.test_file = ElidedLabel("None", muted=True)
        self.training, self._of_training = _Training(), Label("Training", muted=True)
        self.choose_test = LinkButton("Choose…", _TEST_FILE)
        self.remove_test = LinkButton(_REMOVE, "Take the test rows from this table again.")
        self.inputs = InputsModel()
        self.list = QListView()
        self.list.setModel(self.inputs)
        self.list.setItemDelegate(CheckRows(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setProperty("bare", True)
        describe(self.list, "Inputs", "The columns that the network is shown. Space checks one.")
        self._arrange()
        self.answer.chosen.connect(self._on_answer_chosen)
        self.kind.chosen.connect(self._on_columns_chosen)
        self.gaps.chosen.connect(self._tell)
        self.units.chosen.connect(self._on_units_chosen)
        self.test.chosen.connect(self._tell)
        self.choose_test.clicked.connect(self._on_test_file_wanted)
        self.remove_test.clicked.connect(self._on_no_test_file_wanted)
        self.inputs.checkedChanged.connect(self._on_columns_chosen)
        self._show_test_file()
        self.show_reading(None)

    def choice(self) -> Chosen | None:
        """What is chosen now; None where nothing has been read."""
        return None if self._reading is None else self._chosen(self._columns())

    def _chosen(self, columns: Columns) -> Chosen:
        scale = self.units.key()
        if scale == "image" and self._reading is not None:
            image, _ = image_offered(self._reading.text, self._reading.facts, columns)
            chosen = Chosen(columns._replace(image=image), test_ratio=self._share())
        elif self._automatic is not None and scale == "exported":
            chosen = self._automatic
        else:
            left_out = {} if self._automatic is None else self._automatic.left_out
            chosen = Chosen(columns, scale == "fit", test_ratio=self._share(), left_out=left_out)
        return chosen.tested_with(self._test_path)

    def _share(self) -> float:
        return float(self.test.key() or TEST_RATIO)

    def _columns(self) -> Columns:
        division = None if self._automatic is None else self._automatic.columns.held_out
        inputs, answer = self.inputs.checked(), self.answer.key()
        return Columns(
            inputs,
            answer,
            self.kind.key() == "numbers",
            "mean" if self.gaps.key() == "mean" else "drop",
            None if division in (answer, *inputs) else division,
        )

    def show_reading(self, reading: Reading | None, begun: Remembered | None = None) -> None:
        """Offer the columns of a table; what the person chose among the same columns stays.

        begun  what to begin with, which fits these columns
        """
        before, old = self.choice(), self._reading
        self._reading = reading
        self.setEnabled(reading is not None)
        if reading is None:
            return
        is_same = old is not None and old.text.names == reading.text.names
        self._is_own = self._is_own and is_same
        self._automatic = reading.automatic
        chosen = before if before and self._is_own else self._automatic
        columns = chosen.columns
        if begun is not None:
            columns = self._begin(begun)
        explains = len(reading.facts) <= _MOST_EXPLAINED
        items = [(c.name, c.name, summary(c) if explains else "") for c in reading.facts]
        self.answer.set_items(items, columns.answer)
        self.kind.set_key("numbers" if columns.regression else "classes")
        self.inputs.show(reading.facts, columns.answer, columns.inputs)
        self._tell()

    def _begin(self, begun: Remembered) -> Columns:
        """Take what was chosen before as the choice of the person."""
        self._is_own = True
        self._wanted = begun.scale
        self.gaps.set_key(begun.missing)
        self._offer_shares(begun.test_ratio)
        self._test_path = None if begun.test_path is None else Path(begun.test_path)
        return Columns(begun.inputs, begun.answer, begun.regression, begun.missing)

    def _offer_shares(self, chosen: float) -> None:
        shares = sorted({*_SHARES, chosen})
        items = [(str(share), numbers.share(share), "") for share in shares]
        self.test.set_items(items, str(chosen))

    def _arrange(self) -> None:
        self._offer_shares(TEST_RATIO)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GAP)
        grid.setVerticalSpacing(theme.UNIT)
        grid.setColumnMinimumWidth(0, theme.scaled(_LABEL_WIDTH))
        self._add(grid, self.answer)
        self._add(grid, self.kind)
        every = LinkButton("All", "Use every column that can be an input.")
        none = LinkButton("None", "Begin with no input at all.")
        every.clicked.connect(self._on_all_wanted)
        none.clicked.connect(self._on_none_wanted)
        line = hbox((Label("Inputs", muted=True), 1), every, none, spacing=theme.PANEL_GAP)
        grid.addLayout(line, grid.rowCount(), 0, 1, 2)
        row = grid.rowCount()
        grid.addWidget(self.list, row, 0, 1, 2)
        grid.setRowStretch(row, 1)
        self._add(grid, self.gaps)
        self._add(grid, self.units)
        self._add(grid, self.test)
        row = grid.rowCount()
        grid.addWidget(Label("Test file", muted=True), row, 0)
        grid.addLayout(hbox((self.test_file, 1), self.choose_test, self.remove_test), row, 1)
        grid.addWidget(self._of_training, row + 1, 0)
        grid.addWidget(self.training, row + 1, 1)
        grid.setColumnStretch(1, 1)
        self.content.addLayout(grid, 1)

    def _why_not_divided(self, columns: Columns) -> Message:
        """Why the test share decides nothing; "" where it does."""
        if self._test_path is not None:
            return tested_by_file(self._test_path)
        if self.units.key() == "exported":
            return Message(
                "The test points come back as they were, so this decides nothing; choose another"
                " scale to divide the points anew."
            )
        if columns.held_out is not None:
            return Message(
                "The column '{name}' says which rows test, so this decides nothing; rename it to"
                " divide the table.",
                name=short(columns.held_out),
            )
        return Message()

    def _add(self, grid: QGridLayout, field: Choice) -> None:
        row = grid.rowCount()
        grid.addWidget(Label(field.accessibleName(), muted=True), row, 0)
        grid.addWidget(field, row, 1)

    def _on_all_wanted(self) -> None:
        self.inputs.check_all(True)

    def _on_none_wanted(self) -> None:
        self.inputs.check_all(False)

    def _on_answer_chosen(self, name: str) -> None:
        """Another answer brings its own kind, and stops being an input."""
        if self._reading is None:
            return
        column = next(column for column in self._reading.facts if column.name == name)
        self.kind.set_key("classes" if column.holds_classes else "numbers")
        checked = [other for other in self.inputs.checked() if other != name]
        self.inputs.show(self._reading.facts, name, checked)
        self._on_columns_chosen()

    def _on_units_chosen(self, key: str) -> None:
        self._wanted = key
        self._tell()

    def _show_test_file(self) -> None:
        path = self._test_path
        self.test_file.setText("None" if path is None else short(path.name))
        self.choose_test.setVisible(path is None)
        self.remove_test.setVisible(path is not None)

    @Slot()
    def _on_test_file_wanted(self) -> None:
        kinds = f"{tr('Tables')} ({TABLES_TO_READ});;{tr('All files')} (*)"
        path, _ = QFileDialog.getOpenFileName(self, tr("Test file"), str(usual_folder()), kinds)
        if path:
            self.test_with(Path(path))

    @Slot()
    def _on_no_test_file_wanted(self) -> None:
        self.test_with(None)

    def test_with(self, path: Path | None) -> None:
        """Take the test rows from another file, or from this table again."""
        self._test_path = path
        self._tell()

    def _on_columns_chosen(self) -> None:
        self._is_own = True
        self._tell()

    def _tell(self) -> None:
        """Tell what is chosen now."""
        if self._reading is not None and self._automatic is not None:
            columns = self._columns()
            self._offer_scales(self._reading, self._automatic, columns)
            self.choiceChanged.emit(self._chosen(columns))

    def _offer_scales(self, reading: Reading, automatic: Chosen, columns: Columns) -> None:
        """What Playground exported may come back as it was; more than two inputs have no place on
        the canvas, and say so. Pixels may be images, and are where that is clear.
        """
        image, is_clear = image_offered(reading.text, reading.facts, columns)
        is_exported = automatic.exported is not None and columns == automatic.columns
        reason = why_not_fit(reading.text, Chosen(columns))
        possible = ["exported"] * is_exported + ["fit"] * (not reason) + ["keep"]
        offered = [item for item in (_EXPORTED, *_UNITS) if item[0] in possible]
        if image is not None:
            place = 0 if is_clear else len(offered)
            possible.insert(place, "image")
            offered.insert(place, _as_images(image))
        self.units.set_items(offered, self._wanted if self._wanted in possible else possible[0])
        self.units.setEnabled(len(offered) > 1)
        allow(self.test, _TEST, self._why_not_divided(columns))
        self._show_test_file()
        for label in (self._of_training, self.training):
            label.setVisible(self.units.key() not in ("exported", "image"))
        describe(self.units, "Scale", reason or "Whether the points move to the canvas.")
