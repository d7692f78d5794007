"""HOW IT IS WRITTEN: encoding, delimiter, decimal mark and header, found out or chosen.

Shows a form and tells of the person's hand. GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from playground.core.data.tables.form import DELIMITERS, Form, WantedForm
from playground.core.data.tables.numerals import DecimalMark
from playground.core.data.tables.writing.encodings import ENCODINGS
from playground.core.errors import short
from playground.core.messages import N_, Message
from playground.ui.look import theme
from playground.ui.widgets import Card, Choice, Item, Label, allow

_NOTHING: Final = WantedForm()
_FOUND: Final = ""
"""The key of what is found out."""

_LABELS: Final[Mapping[str, Mapping[Any, str]]] = {
    "encoding": ENCODINGS,
    "delimiter": DELIMITERS,
    "decimal": {".": N_("Point, 1.5"), ",": N_("Comma, 1,5")},
    "has_header": {True: N_("Names of columns"), False: N_("Values")},
}
"""For each field of a form what its values are called."""

_HELP: Final[Mapping[str, str]] = {
    "encoding": N_("How letters are stored. Choose another where names look broken."),
    "delimiter": N_("What stands between two values."),
    "decimal": N_("What stands before the digits after one."),
    "has_header": N_("Whether the first row names the columns."),
}

_DECIMAL_MARKS: Final[Mapping[str, DecimalMark]] = {".": ".", ",": ","}


class FormCard(Card):
    """Four choices, each of which begins with what was found out about the table; and which sheet
    of a workbook or which file of an archive it is.
    """

    wantedChanged = Signal(object)  # WantedForm

    def __init__(self, *, is_file: bool, parent: QWidget | None = None) -> None:
        super().__init__("How it is written", parent)
        self._wanted = WantedForm()
        self.encoding = Choice("Encoding", help_text=_HELP["encoding"])
        self.delimiter = Choice("Delimiter", help_text=_HELP["delimiter"])
        self.decimal = Choice("Decimals", help_text=_HELP["decimal"])
        self.header = Choice("First row", help_text=_HELP["has_header"])
        self._fields = {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "decimal": self.decimal,
            "has_header": self.header,
        }
        self.part = Choice("Sheet", help_text="The sheet of a workbook, or the file in an archive.")
        self._part_label = Label("Sheet", muted=True)
        self._shown: dict[str, tuple[object, object]] = {}  # what was found and is wanted, of each
        for field in self._fields.values():
            field.chosen.connect(self._on_chosen)
        self.part.chosen.connect(self._on_part_chosen)
        known = [self.encoding] if is_file else []  # what is pasted has been decoded
        self.encoding.setVisible(is_file)
        grid = self._arranged([*known, self.delimiter, self.decimal, self.header])
        self.content.addLayout(grid)
        self.show_form(None)
        self.show_parts((), "")

    def _arranged(self, fields: Sequence[Choice]) -> QGridLayout:
        """Two fields in a row, with their names before them; the sheet under all."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GAP)
        grid.setVerticalSpacing(theme.UNIT)
        labels = [Label(field.accessibleName(), muted=True) for field in fields]
        pairs = zip([*labels, self._part_label], [*fields, self.part], strict=True)
        for place, (label, field) in enumerate(pairs):
            row, column = divmod(place, 2)
            grid.addWidget(label, row, 2 * column)
            grid.addWidget(field, row, 2 * column + 1)
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
        return grid

    def show_wanted(self, wanted: WantedForm) -> None:
        """Show what shall be in place of what is found out. Emits nothing."""
        self._wanted = wanted

    def show_parts(self, parts: Sequence[str], part: str) -> None:
        """Offer the sheets or files that there are, where there are several. Emits nothing."""
        for widget in (self.part, self._part_label):
            widget.setVisible(len(parts) > 1)
        if len(parts) > 1:
            self.part.set_items([(name, short(name), "") for name in parts], part)

    def show_form(self, form: Form | None, settled: WantedForm = _NOTHING) -> None:
        """Say what was found out; choices of the person stay. Emits nothing.

        settled  what nobody can choose, because the file is of a kind that leaves no choice
        """
        for name, labels in _LABELS.items():
            is_settled = getattr(settled, name) is not None
            found = None if is_settled else getattr(form, name, None)
            now = found, getattr(self._wanted, name)
            if now != self._shown.get(name):
                self._shown[name] = now
                self._list(self._fields[name], labels, *now)
            why = N_("A file of this kind has one form only, so there is nothing to choose.")
            allow(self._fields[name], _HELP[name], why if is_settled else "")

    def _list(
        self, field: Choice, labels: Mapping[Any, str], found: object, wanted: object
    ) -> None:
        known = labels.get(found) if wanted is None else None
        said = Message("Automatic: {value}", value=Message(known)) if known else N_("Automatic")
        items = [Item(_FOUND, said, "What the table looks like by itself.")]
        items += [Item(str(key), label, "") for key, label in labels.items()]
        field.set_items(items)
        if wanted is not None:
            field.set_key(str(wanted))

    def _on_part_chosen(self, part: str) -> None:
        """Another sheet is written in its own way."""
        self._wanted = WantedForm(part=part)
        self.wantedChanged.emit(self._wanted)

    def _on_chosen(self) -> None:
        header = self.header.key()
        self._wanted = WantedForm(
            self.encoding.key() or None,
            self.delimiter.key() or None,
            _DECIMAL_MARKS.get(self.decimal.key()),
            header == str(True) if header else None,
            self._wanted.part,
        )
        self.wantedChanged.emit(self._wanted)
