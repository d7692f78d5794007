"""The columns of a table as a list to check the inputs in. GUI thread."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    Slot,
)

from playground.core.data.tables.column_facts import ColumnFacts
from playground.core.data.tables.labels import MOST_VALUES
from playground.core.data.tables.writing.dates import PARTS
from playground.core.errors import short
from playground.core.messages import Message, plural
from playground.ui.language import tr
from playground.ui.look import theme

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_SHOWN_NAME = 32
_ROW_HEIGHT = 26


def summary(column: ColumnFacts, *, is_telling: bool = False) -> Message:
    """What is in a column, in a few words, and what speaks against it.

    is_telling  the column nearly equals the answer
    """
    words = _kind(column)
    if reason := _reason(column, is_telling=is_telling):
        words = Message("{words}, {reason}", words=words, reason=reason)
    if not column.missing or column.kind == "nothing":
        return words
    if not column.odd:
        return Message("{words}, {missing:,} missing", words=words, missing=column.missing)
    odd, line = next(iter(column.odd.items()))
    return Message(
        "{words}, {missing:,} missing ('{odd}' in line {line:,})",
        words=words,
        missing=column.missing,
        odd=short(odd, 20),
        line=line,
    )


def _kind(column: ColumnFacts) -> Message:
    if column.kind == "nothing":
        return Message("no values")
    if column.kind == "dates":
        return Message("dates")
    if column.kind == "numbers":
        return Message("numbers")
    if column.text is not None:
        word, line = column.text
        return Message("text in line {line:,}: '{word}'", line=line, word=short(word, 20))
    return plural("{count:,} word", "{count:,} different words", column.different)


def _reason(column: ColumnFacts, *, is_telling: bool) -> Message:
    """What speaks against a column as an input; "" where nothing does."""
    if column.role == "aside":
        return Message("set aside by the file")
    if column.numbers_rows:
        return Message("the row number")
    if column.is_constant:
        return Message("the same in every row")
    return Message("almost equals the answer") if is_telling else Message()


def _are_unfit_words(column: ColumnFacts) -> bool:
    """True for words that can be no input, though nothing that is said of them yet tells why."""
    is_told = column.text is not None or column.is_constant
    return column.kind == "text" and not column.can_be_input and not is_told


class _Row(NamedTuple):
    """A column, or a part of its dates, as something that can be an input."""

    name: str
    column: ColumnFacts
    is_part: bool = False


def _rows(facts: Sequence[ColumnFacts], answer: str) -> Iterator[_Row]:
    for column in facts:
        yield _Row(column.name, column)
        if column.name != answer:
            yield from (_Row(part, column, True) for part in column.parts)


class InputsModel(QAbstractListModel):
    """Every column that a network can be shown can be checked; the answer cannot."""

    checkedChanged = Signal()  # by the person

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[_Row] = ()
        self._answer = ""
        self._checked: set[str] = set()
        self._telling: Collection[str] = frozenset()

    def show(self, facts: Sequence[ColumnFacts], answer: str, checked: Collection[str]) -> None:
        """List these columns; emits no `checkedChanged`."""
        self.beginResetModel()
        self._rows, self._answer = tuple(_rows(facts, answer)), answer
        self._checked, self._telling = set(checked), frozenset()
        self.endResetModel()

    @Slot(object)
    def show_telling(self, names: Collection[str]) -> None:
        """Say of these columns that they nearly equal the answer."""
        self._telling = names
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def checked(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of the table."""
        return tuple(row.name for row in self._rows if row.name in self._checked)

    def check_all(self, on: bool) -> None:
        """Check every column that can be an input, dates as a whole; or none."""
        possible = (row for row in self._rows if self._can_be_input(row) and not row.is_part)
        self._checked = {row.name for row in possible} if on else set()
        self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
        self.checkedChanged.emit()

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid() or not self._can_be_input(self._rows[index.row()]):
            return Qt.ItemFlag.ItemIsSelectable
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsUserCheckable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole and self._can_be_input(row):
            is_on = row.name in self._checked
            return Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, theme.scaled(_ROW_HEIGHT))
        if role == Qt.ItemDataRole.DisplayRole:
            name = " ".join(row.name.split())
            if row.is_part:
                return name
            shown = name if len(name) <= _SHOWN_NAME else f"{name[: _SHOWN_NAME - 1]}…"
            return f"{shown} · {tr(self._said_of(row))}"
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.name}: {tr(self._said_of(row))}"
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or role != Qt.ItemDataRole.CheckStateRole:
            return False
        name = self._rows[index.row()].name
        is_on = Qt.CheckState(value) == Qt.CheckState.Checked
        (self._checked.add if is_on else self._checked.discard)(name)
        self.dataChanged.emit(index, index, [role])
        self.checkedChanged.emit()
        return True

    def _said_of(self, row: _Row) -> str:
        if row.name == self._answer:
            return Message("the answer, {words}", words=summary(row.column))
        if row.is_part:
            part = row.name.removeprefix(f"{row.column.name} (").removesuffix(")")
            return PARTS[part]
        words = summary(row.column, is_telling=row.name in self._telling)
        if not _are_unfit_words(row.column):
            return words
        many = row.column.different > MOST_VALUES
        why = Message("too many for an input" if many else "too rare for an input")
        return Message("{words}, {reason}", words=words, reason=why)

    def _can_be_input(self, row: _Row) -> bool:
        return row.column.can_be_input and row.name != self._answer
