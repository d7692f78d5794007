"""WHAT TO LEARN: the answer, the inputs, and what happens to gaps and units.

Shows what is in a table and tells of the person's choice among it. GUI thread.
"""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QListView, QWidget

from playground.core.data.tables.choosing import Choice as Chosen
from playground.core.data.tables.choosing import automatic_choice, image_offered, why_not_fit
from playground.core.data.tables.inputs import Image
from playground.core.data.tables.table import Columns
from playground.core.messages import Message
from playground.ui.data.check_rows import CheckRows
from playground.ui.data.importing.form_card import LABEL_WIDTH
from playground.ui.data.importing.inputs_list import InputsModel, summary
from playground.ui.data.importing.reader import Reading
from playground.ui.look import theme
from playground.ui.widgets import Card, Choice, Item, Label, LinkButton, describe
from playground.ui.widgets.layouts import hbox

Kind = Literal["classes", "numbers"]

_KINDS: Final = (
    Item("classes", "Classes", "One of up to 100 labels: the network learns which one."),
    Item("numbers", "Numbers", "A measure: the network learns how large it is."),
)
_GAPS: Final = (
    Item("drop", "Leave out their rows", "A row with a missing input is not used."),
    Item("mean", "Fill with the mean", "A missing input becomes the mean of its column."),
)
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
        self.inputs.checkedChanged.connect(self._on_columns_chosen)
        self.show_reading(None)

    def choice(self) -> Chosen | None:
        """What is chosen now; None where nothing has been read."""
        return None if self._reading is None else self._chosen(self._columns())

    def _chosen(self, columns: Columns) -> Chosen:
        scale = self.units.key()
        if scale == "image" and self._reading is not None:
            image, _ = image_offered(self._reading.text, self._reading.facts, columns)
            return Chosen(columns._replace(image=image))
        if self._automatic is not None and scale == "exported":
            return self._automatic
        return Chosen(columns, scale == "fit")

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

    def show_reading(self, reading: Reading | None) -> None:
        """Offer the columns of a table; what the person chose among the same columns stays."""
        before, old = self.choice(), self._reading
        self._reading = reading
        self.setEnabled(reading is not None)
        if reading is None:
            return
        is_same = old is not None and old.text.names == reading.text.names
        self._is_own = self._is_own and is_same
        self._automatic = automatic_choice(reading.facts)
        chosen = before if before and self._is_own else self._automatic
        columns = chosen.columns
        self.answer.set_items([(c.name, c.name, summary(c)) for c in reading.facts], columns.answer)
        self.kind.set_key("numbers" if columns.regression else "classes")
        self.inputs.show(reading.facts, columns.answer, columns.inputs)
        self._tell()

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GAP)
        grid.setVerticalSpacing(theme.UNIT)
        grid.setColumnMinimumWidth(0, theme.scaled(LABEL_WIDTH))
        self._add(grid, self.answer)
        self._add(grid, self.kind)
        every = LinkButton("All", "Use every column of numbers.")
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
        grid.setColumnStretch(1, 1)
        self.content.addLayout(grid, 1)

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
        describe(self.units, "Scale", reason or "Whether the points move to the canvas.")
