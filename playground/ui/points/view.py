"""The view of the table of points, whose open cell closes before its row goes away.

Imports PySide6; GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Slot
from PySide6.QtWidgets import QAbstractItemDelegate, QTableView

__all__ = ["CellView"]


class CellView(QTableView):
    """A table whose model may change while a cell is written in.

    Qt drops the field of a cell whose row has gone only after it has asked it for its content, and
    then complains that nobody knows it.
    """

    def setModel(self, model: QAbstractItemModel | None) -> None:
        if model is not None:  # before the view hears of it
            model.modelAboutToBeReset.connect(self._close_cell)
            model.rowsAboutToBeRemoved.connect(self._close_cell)
        super().setModel(model)

    @Slot()
    def _close_cell(self) -> None:
        """Close the cell that is written in, and leave it as it was."""
        field = self.indexWidget(self.currentIndex())
        if field is not None:
            self.closeEditor(field, QAbstractItemDelegate.EndEditHint.NoHint)
