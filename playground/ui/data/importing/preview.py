"""The first rows of a table, as a model for a table view. GUI thread."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from playground.core.data.tables.importing import TableText
from playground.core.data.tables.numerals import is_missing
from playground.ui.language import tr
from playground.ui.look import theme

ROWS = 200
_LONGEST_CELL = 60
_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class PreviewModel(QAbstractTableModel):
    """Cells as text; the header says what each column is used for, under its name."""

    def __init__(self) -> None:
        super().__init__()
        self._text: TableText | None = None
        self._roles: dict[str, str] = {}

    def show(self, text: TableText | None) -> None:
        """Show a table, or none."""
        self.beginResetModel()
        self._text = text
        self.endResetModel()

    def show_roles(self, roles: dict[str, str]) -> None:
        """Say under these names what their columns are used for."""
        if roles != self._roles:
            self._roles = roles
            last = max(self.columnCount() - 1, 0)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if self._text is None or parent.isValid() else min(len(self._text), ROWS)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if self._text is None or parent.isValid() else len(self._text.names)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if self._text is None or role not in _TEXT_ROLES:
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1)
        name = self._text.names[section]
        use = self._roles.get(name, "")
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{_short(name)}\n{tr(use) or '–'}"
        return f"{name}: {tr(use or 'not used')}"

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._text is None or not index.isValid():
            return None
        cell = self._text.columns[index.column()][index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _short(cell) or "–"
        if role == Qt.ItemDataRole.ToolTipRole and len(cell) > _LONGEST_CELL:
            return cell[:2_000]
        if role == Qt.ItemDataRole.ForegroundRole and is_missing(cell):
            return theme.current().muted
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return cell or tr("missing")
        return None


_TEXT_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)


def _short(cell: str) -> str:
    line = " ".join(cell[: _LONGEST_CELL + 1].split())
    return line if len(line) <= _LONGEST_CELL else f"{line[:_LONGEST_CELL]}…"
