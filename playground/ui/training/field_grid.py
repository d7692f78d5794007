"""Fields side by side, in as many columns as leave what they show readable.

Imports PySide6 and the fields; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from playground.ui.look import theme
from playground.ui.training.fields import Field

FEWEST: Final = 2


class FieldGrid(QWidget):
    """At most `columns` fields in a row, fewer where one of them would be cut."""

    def __init__(self, fields: Sequence[Field], columns: int) -> None:
        super().__init__()
        self._fields, self._most, self._columns = fields, columns, 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.PANEL_GAP)
        self._grid.setVerticalSpacing(theme.GAP)
        for field in fields:
            field.committed.connect(self.refit)
        self._arrange(columns)

    @Slot()
    def refit(self) -> None:
        """Count the columns anew, after a field has come to show something else."""
        widest = max(field.shown_width() for field in self._fields) + theme.PANEL_GAP
        fitting = (self.width() + theme.PANEL_GAP) // widest
        self._arrange(max(FEWEST, min(fitting, self._most)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refit()

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for index, field in enumerate(self._fields):
            self._grid.addWidget(field, *divmod(index, columns))
        for column in range(self._most):
            self._grid.setColumnStretch(column, int(column < columns))
