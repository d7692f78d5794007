"""The columns of a table as a list to check the inputs in. GUI thread."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal

from playground.core.data.tables.column_facts import ColumnFacts
from playground.core.messages import N_, Message
from playground.ui.language import tr
from playground.ui.look import theme

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_SHOWN_NAME = 32
_ROW_HEIGHT = 26


def summary(column: ColumnFacts) -> Message:
    """What is in a column, in a few words."""
    if column.kind == "nothing":
        return Message("no values")
    words = Message("numbers")
    if column.kind == "text":
        count = len(column.labels)
        words = Message("text, {count} labels", count=count) if count else Message("text")
    if not column.missing:
        return words
    return Message("{words}, {missing:,} missing", words=words, missing=column.missing)


class InputsModel(QAbstractListModel):
    """Every column that holds numbers can be checked; the answer cannot."""

    checkedChanged = Signal()  # by the person

    def __init__(self) -> None:
        super().__init__()
        self._facts: Sequence[ColumnFacts] = ()
        self._answer = ""
        self._checked: set[str] = set()

    def show(self, facts: Sequence[ColumnFacts], answer: str, checked: Collection[str]) -> None:
        """List these columns; emits no `checkedChanged`."""
        self.beginResetModel()
        self._facts, self._answer, self._checked = facts, answer, set(checked)
        self.endResetModel()

    def checked(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of the table."""
        return tuple(column.name for column in self._facts if column.name in self._checked)

    def check_all(self, on: bool) -> None:
        """Check every column of numbers, or none."""
        names = {column.name for column in self._facts if self._can_be_input(column)}
        self._checked = names if on else set()
        self.dataChanged.emit(self.index(0), self.index(len(self._facts) - 1))
        self.checkedChanged.emit()

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._facts)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid() or not self._can_be_input(self._facts[index.row()]):
            return Qt.ItemFlag.ItemIsSelectable
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsUserCheckable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self._facts[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole and self._can_be_input(column):
            is_on = column.name in self._checked
            return Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, theme.scaled(_ROW_HEIGHT))
        if role == Qt.ItemDataRole.DisplayRole:
            name = " ".join(column.name.split())
            short = name if len(name) <= _SHOWN_NAME else f"{name[: _SHOWN_NAME - 1]}…"
            said = N_("the answer") if column.name == self._answer else summary(column)
            return f"{short} · {tr(said)}"
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{column.name}: {tr(summary(column))}"
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or role != Qt.ItemDataRole.CheckStateRole:
            return False
        name = self._facts[index.row()].name
        is_on = Qt.CheckState(value) == Qt.CheckState.Checked
        (self._checked.add if is_on else self._checked.discard)(name)
        self.dataChanged.emit(index, index, [role])
        self.checkedChanged.emit()
        return True

    def _can_be_input(self, column: ColumnFacts) -> bool:
        return column.kind == "numbers" and column.name != self._answer
