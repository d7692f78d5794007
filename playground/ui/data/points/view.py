"""The view of the table of points: how its cells are reached, opened and closed.

Imports PySide6; GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)


class CellView(QTableView):
    """A table whose model may change while a cell is written in.

    Qt drops the field of a cell whose row has gone only after it has asked it for its content, and
    then complains that nobody knows it.
    """

    def __init__(self, model: QAbstractItemModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setTabKeyNavigation(False)  # Tab leaves the table, as it leaves every control
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(True)
        # Rows of one height, so that Qt never asks for the size of a cell that nobody sees.
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        # To light titles up, the header would ask for the flags of every selected cell: seconds.
        header.setSelectionModel(QItemSelectionModel(model, header))
        header.setResizeContentsPrecision(0)  # only what is in sight is measured
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        if model is not None:  # before the view hears of it
            model.modelAboutToBeReset.connect(self._close_cell)
            model.rowsAboutToBeRemoved.connect(self._close_cell)
        super().setModel(model)

    @Slot()
    def _close_cell(self) -> None:
        """Close the cell that is written in, and leave it as it was: Qt drops its editor only
        after the row it stood in.
        """
        field = self.indexWidget(self.currentIndex())
        if field is not None:
            self.closeEditor(field, QAbstractItemDelegate.EndEditHint.NoHint)
