"""HOW IT IS WRITTEN: encoding, delimiter, decimal mark and header, found out or chosen.

Shows a form and tells of the person's hand. GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from playground.core.data.tables.form import DELIMITERS, Form, WantedForm
from playground.core.data.tables.numerals import DecimalMark
from playground.core.data.tables.writing.encodings import ENCODINGS
from playground.core.messages import N_, Message
from playground.ui.look import theme
from playground.ui.widgets import Card, Choice, Item, Label

LABEL_WIDTH: Final = 64
"""Pixels of the names at the left, alike in both cards."""

_FOUND: Final = ""
"""The key of what is found out."""

_LABELS: Final[Mapping[str, Mapping[Any, str]]] = {
    "encoding": ENCODINGS,
    "delimiter": DELIMITERS,
    "decimal": {".": N_("Point, 1.5"), ",": N_("Comma, 1,5")},
    "has_header": {True: N_("Names of columns"), False: N_("Values")},
}
"""For each field of a form what its values are called."""

_DECIMAL_MARKS: Final[Mapping[str, DecimalMark]] = {".": ".", ",": ","}


class FormCard(Card):
    """Four choices; each begins with what was found out about the table."""

    wantedChanged = Signal(object)  # WantedForm

    def __init__(self, *, is_file: bool, parent: QWidget | None = None) -> None:
        super().__init__("How it is written", parent)
        self._wanted = WantedForm()
        self.encoding = Choice(
            "Encoding", help_text="How letters are stored. Choose another where names look broken."
        )
        self.delimiter = Choice("Delimiter", help_text="What stands between two values.")
        self.decimal = Choice("Decimals", help_text="What stands before the digits after one.")
        self.header = Choice("First row", help_text="Whether the first row names the columns.")
        self._fields = {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "decimal": self.decimal,
            "has_header": self.header,
        }
        self._shown: dict[str, tuple[object, object]] = {}  # what was found and is wanted, of each
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GAP)
        grid.setVerticalSpacing(theme.UNIT)
        for row, field in enumerate(self._fields.values()):
            label = Label(field.accessibleName(), muted=True)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            field.chosen.connect(self._on_chosen)
            if field is self.encoding and not is_file:  # what is pasted has been decoded
                label.hide()
                field.hide()
        grid.setColumnMinimumWidth(0, theme.scaled(LABEL_WIDTH))
        grid.setColumnStretch(1, 1)
        self.content.addLayout(grid)
        self.show_form(None)

    def show_form(self, form: Form | None) -> None:
        """Say what was found out; choices of the person stay. Emits nothing."""
        for name, labels in _LABELS.items():
            found, wanted = now = getattr(form, name, None), getattr(self._wanted, name)
            if now != self._shown.get(name):
                self._shown[name] = now
                self._list(self._fields[name], labels, found, wanted)

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

    def _on_chosen(self) -> None:
        header = self.header.key()
        self._wanted = WantedForm(
            self.encoding.key() or None,
            self.delimiter.key() or None,
            _DECIMAL_MARKS.get(self.decimal.key()),
            header == str(True) if header else None,
        )
        self.wantedChanged.emit(self._wanted)
