"""The points as rows of a Qt table: quick for a million rows, because a cell is made when it is
seen.

Shows points and asks for edits; the rows can stand in another order than the points. Imports core
and PySide6; GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QIcon

from playground.core.data.axis import Axis
from playground.core.data.points import IntArray, Points
from playground.core.errors import PlaygroundError
from playground.ui.data.class_menu import class_icon
from playground.ui.data.points.cells import Cell, Columns
from playground.ui.language import tr

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

# Joined once: Qt asks for them very often.
_READ: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_MARKED: Final = _READ | Qt.ItemFlag.ItemIsUserCheckable
_WRITTEN: Final = _READ | Qt.ItemFlag.ItemIsEditable


class PointsModel(QAbstractTableModel):
    """Columns for inputs, class or targets, and the mark of test points.

    An edit shows at once and leaves with `edited`; whoever refuses it shows the old points again.
    """

    edited = Signal(object, object)  # Points, what was done
    refused = Signal(object)  # one sentence

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._points = Points.empty()
        self.columns = Columns((Axis("x1"), Axis("x2")), ("",))
        self._order: IntArray = np.arange(0)
        self._sorted: tuple[int, bool] | None = None
        self._is_editable = True
        self._icons: dict[int, QIcon] = {}

    @property
    def points(self) -> Points:
        return self._points

    def show(self, points: Points, columns: Columns, *, is_editable: bool) -> None:
        """Show other points; emits no request.

        Rows stay where they are as long as there are as many; new points come last.
        """
        if columns != self.columns or is_editable != self._is_editable:
            self.beginResetModel()
            if len(columns) != len(self.columns):
                self._sorted = None
            if columns.looks != self.columns.looks:
                self._icons = {}
            self.columns, self._is_editable, self._points = columns, is_editable, points
            self._order = self._arranged()
            self.endResetModel()
        elif points is not self._points:
            self._become(points)

    def is_editable(self) -> bool:
        return self._is_editable

    def _become(self, points: Points) -> None:
        before, after = len(self._points), len(points)
        nowhere = QModelIndex()
        if after > before:
            self.beginInsertRows(nowhere, before, after - 1)
            self._points = points
            self._order = np.concatenate([self._order, np.arange(before, after)])
            self.endInsertRows()
        elif after < before:
            # The last rows go first; then what is left shows other points.
            self.beginRemoveRows(nowhere, after, before - 1)
            self._order = self._order[:after]
            self.endRemoveRows()
            self._points = points
            self._order = self._arranged()
        self._points = points
        if after:
            self.dataChanged.emit(self.index(0, 0), self.index(after - 1, len(self.columns) - 1))

    def _arranged(self) -> IntArray:
        if self._sorted is None:
            return np.arange(len(self._points))
        column, descending = self._sorted
        return self.columns.order(self._points, column, descending=descending)

    # Rows and points ----------------------------------------------------------------------------

    def points_at(self, rows: IntArray) -> IntArray:
        """Numbers of the points in these rows of the table."""
        return self._order[rows]

    def rows_of(self, numbers: IntArray) -> IntArray:
        """Rows of the table in which these points stand, ascending."""
        place = np.empty(len(self._order), np.int64)
        place[self._order] = np.arange(len(self._order))
        return np.sort(place[numbers])

    # What Qt asks -------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if not self._is_editable:
            return _READ
        return _MARKED if self.columns.kinds[index.column()] == "test" else _WRITTEN

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        kind = self.columns.kinds[index.column()]
        number, column = int(self._order[index.row()]), index.column()
        if kind == "test":
            return self._mark(number, role)
        if role == Role.DisplayRole:
            return self.columns.shown(self._points, number, column)
        if role == Role.EditRole:
            return self.columns.text(self._points, number, column)
        if role == Role.DecorationRole and kind == "class":
            return self._icon(int(self._points.y[number]))
        if role == Role.TextAlignmentRole and kind != "class":
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _icon(self, label: int) -> QIcon:
        if label not in self._icons:
            self._icons[label] = class_icon(self.columns.looks, label)
        return self._icons[label]

    def _mark(self, number: int, role: int) -> Any:
        is_test = bool(self._points.held_out[number])
        if role == Role.CheckStateRole:
            return Qt.CheckState.Checked if is_test else Qt.CheckState.Unchecked
        if role == Role.AccessibleTextRole:
            return tr("held out for testing" if is_test else "used for training")
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return tr(self.columns.titles[section])
        if orientation == Qt.Orientation.Vertical and role == Role.DisplayRole:
            return f"{self._order[section] + 1:,}"
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Arrange the rows by a column; -1 brings back the order of the points."""
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        numbers = [self._order[index.row()] for index in kept]
        descending = order == Qt.SortOrder.DescendingOrder
        self._sorted = None if column < 0 else (column, descending)
        self._order = self._arranged()
        place = np.empty_like(self._order)
        place[self._order] = np.arange(len(place))
        for index, number in zip(kept, numbers, strict=True):
            self.changePersistentIndex(index, self.index(int(place[number]), index.column()))
        self.layoutChanged.emit()

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        number, column = int(self._order[index.row()]), index.column()
        if role == Role.CheckStateRole:
            text = "TRUE" if Qt.CheckState(value) == Qt.CheckState.Checked else "FALSE"
        elif role == Role.EditRole:
            text = str(value)
        else:
            return False
        if text == self.columns.text(self._points, number, column):
            return True
        return self.write([(number, column, text)], "edit a point")

    # Edits --------------------------------------------------------------------------------------

    def write(self, cells: Iterable[Cell], words: str, test_share: float = 0.0) -> bool:
        """Write texts into cells, given by point and column; False where one of them is refused,
        and nothing is written then. Of new points `test_share` are held out.
        """
        try:
            points = self.columns.edited(self._points, cells, test_share)
        except PlaygroundError as error:
            self.refused.emit(error.message)
            return False
        self.change(points, words)
        return True

    def change(self, points: Points, words: str) -> None:
        """Show other points, and announce them as the person's edit."""
        self._become(points)
        self.edited.emit(points, words)
