"""The network as a table: what each layer gives and costs, before anything is trained.

Owns the lines; `core.analysis` works out what they say. Imports `core`, PySide6 and the theme; GUI
thread only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from playground.core.network.analysis import Analysis, Row
from playground.ui.language import tr
from playground.ui.look import icons, theme
from playground.ui.widgets import describe, wrapped

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

HEADERS: Final = ("Layer", "Output", "Parameters", "Multiply-adds")
HELP: Final = (
    "What each layer is called.",
    "The shape of one point behind the layer: units, or channels × height × width of an image.",
    "Numbers that training changes.",
    "Products of a value with a weight, each added to a sum, for one point on its way forward.",
)
NO_ROW: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: the texts of its cells, or a fault that takes the whole line."""

    cells: tuple[str, ...]
    is_total: bool = False
    is_fault: bool = False


class _Lines(QAbstractTableModel):
    """The lines of an analysis: input, layers with their faults under them, output, total."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()

    def show_analysis(self, analysis: Analysis) -> None:
        self.beginResetModel()
        self.lines = _lines(analysis)
        self.endResetModel()

    def rowCount(self, parent: Index = NO_ROW) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = NO_ROW) -> int:
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return tr(HEADERS[section])
        if role == Role.ToolTipRole:
            return wrapped(HELP[section])
        return _alignment(section) if role == Role.TextAlignmentRole else None

    def data(self, index: Index, role: int = 0) -> Any:
        line, column = self.lines[index.row()], index.column()
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return tr(line.cells[column]) if column < len(line.cells) else ""
        if role == Role.TextAlignmentRole:
            return _alignment(column)
        if role == Role.FontRole:
            return theme.font("strong" if line.is_total else "body")
        if line.is_fault and role == Role.ForegroundRole:
            return theme.current().warning
        if line.is_fault and role == Role.DecorationRole and column == 0:
            return icons.icon("warning", theme.current().warning, theme.scaled(16))
        if line.is_fault and role == Role.ToolTipRole:
            return wrapped(line.cells[0])
        return None


class LayersTable(QTableView):
    """Layer, output shape, parameters and multiply-adds, with faults in place and a total.

    Arrow keys walk through the cells; nothing is edited here.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Lines(self)
        self.setModel(self._model)
        describe(
            self,
            "Layers",
            "What every layer gives and what it costs, worked out before training."
            " A layer that cannot be is marked, with the reason under it.",
        )
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setStyleSheet("QTableView, QTableView:focus { border: none; }")  # a card is box enough
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setAccessibleName(tr("Columns of the layers"))
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def show_analysis(self, analysis: Analysis) -> None:
        """Show a network as `core.analysis.analyse` describes it."""
        at = self.currentIndex().row()
        self._model.show_analysis(analysis)
        self.clearSpans()
        for row, line in enumerate(self._model.lines):
            if line.is_fault:
                self.setSpan(row, 0, 1, len(HEADERS))
        self.resizeRowsToContents()
        if 0 <= at < len(self._model.lines):
            self.setCurrentIndex(self._model.index(at, 0))

    def lines(self) -> tuple[Line, ...]:
        """What is on show."""
        return self._model.lines

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.resizeRowsToContents()


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column < 2 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _lines(analysis: Analysis) -> tuple[Line, ...]:
    lines = [Line(("Input", _shape(analysis.inputs), "", ""))]
    for row in analysis.rows:
        lines += _of_row(row)
    total = (f"{analysis.parameters:,}", f"{analysis.multiply_adds:,}")
    return (*lines, Line(("Total", "", *total), is_total=True))


def _of_row(row: Row) -> list[Line]:
    if row.fault is not None and not row.modules:
        return [Line((row.name, "?", "", "")), Line((row.fault,), is_fault=True)]
    costs = [f"{n:,}" if n else "" for n in (row.parameters, row.multiply_adds)]
    line = Line((row.name, _shape(row.shape), *costs))
    return [line] if row.fault is None else [line, Line((row.fault,), is_fault=True)]


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(f"{size:,}" for size in shape)
