"""The lanes as a table: legend, size, losses, accuracy, and when each got below the threshold.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from playground.core.messages import N_, Message
from playground.core.races import lane_style
from playground.engines.many.race import Standing
from playground.ui.compare.curves import MARKER_SIZE, lane_pen
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.look.marker_shapes import marker
from playground.ui.widgets import describe, painting

COLUMNS: Final = (
    *(N_("Lane"), N_("Parameters"), Message("Training", context="points"), N_("Test")),
    *(N_("Accuracy"), N_("Step"), N_("Epoch")),
)
NUMBERS: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
SAMPLE: Final = QSize(40, 14)
ROW_HEIGHT: Final = 26
ROWS_SHOWN: Final = (3, 8)
"""Fewest and most rows that there is room for without scrolling."""


class StandingsTable(QTableWidget):
    """A row for each lane. The row that is chosen is drawn boldly elsewhere."""

    laneChosen = Signal(int)  # number of a lane, -1 for none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self.setHorizontalHeaderLabels([tr(name) for name in COLUMNS])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)  # Tab leaves the table; the arrows walk in it
        self.setIconSize(SAMPLE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.verticalHeader().hide()
        # The card frames it already; the ring of the focus keeps its room.
        self.setStyleSheet("QTableWidget:!focus { border: 2px solid transparent; }")
        self._dress_header()
        describe(
            self,
            "Lanes",
            "The parameters of each lane, its losses and its accuracy, and the step and epoch at"
            " whose end its loss was below the threshold for the first time. Choose a row to see"
            " its curve boldly.",
        )
        self.itemSelectionChanged.connect(self._on_selection_changed)
        theme.follow(self, self._dress)

    def sizeHint(self) -> QSize:
        fewest, most = ROWS_SHOWN
        rows = min(max(self.rowCount(), fewest), most)
        height = self.horizontalHeader().sizeHint().height() + rows * theme.scaled(ROW_HEIGHT)
        return QSize(super().sizeHint().width(), height + 2 * self.frameWidth() + theme.GAP)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 4 * theme.scaled(ROW_HEIGHT))

    def chosen(self) -> int:
        """Number of the chosen lane, -1 for none."""
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    def start(self, names: Sequence[str]) -> None:
        """A new race with these lanes."""
        self.clearSelection()
        self.setRowCount(len(names))
        for row, name in enumerate(names):
            for column in range(len(COLUMNS)):
                item = QTableWidgetItem(name if column == 0 else "")
                if column:
                    item.setTextAlignment(NUMBERS)
                self.setItem(row, column, item)
            self._cell(row, 0).setToolTip(name)
        self._dress()
        self.updateGeometry()

    def show_standings(self, standings: Sequence[Standing]) -> None:
        for row, standing in enumerate(standings):
            for column, text in enumerate(_cells(standing), start=1):
                item = self._cell(row, column)
                if item.text() != text:
                    item.setText(text)

    def show_columns(self, *, test: bool, accuracy: bool) -> None:
        """Hide what the data do not have."""
        self.setColumnHidden(COLUMNS.index("Test"), not test)
        self.setColumnHidden(COLUMNS.index("Accuracy"), not accuracy)

    def _dress_header(self) -> None:
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(NUMBERS)
        first = QTableWidgetItem(tr(COLUMNS[0]))
        first.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setHorizontalHeaderItem(0, first)

    def _cell(self, row: int, column: int) -> QTableWidgetItem:
        item = self.item(row, column)
        assert item is not None, "a row has all its cells from the start"
        return item

    @Slot()
    def _dress(self) -> None:
        for row in range(self.rowCount()):
            self.setRowHeight(row, theme.scaled(ROW_HEIGHT))
            self._cell(row, 0).setIcon(_sample(row, self.devicePixelRatioF()))

    @Slot()
    def _on_selection_changed(self) -> None:
        self.laneChosen.emit(self.chosen())


def _cells(standing: Standing) -> tuple[str, ...]:
    test, accuracy = standing.test, (standing.test or standing.train).accuracy
    missing = tr("diverged") if standing.has_diverged else "–"
    return (
        f"{standing.parameters:,}",
        f"{standing.train.loss:.4g}",
        "" if test is None else f"{test.loss:.4g}",
        "" if accuracy is None else f"{accuracy:.1%}",
        missing if standing.step is None else f"{standing.step:,}",
        "" if standing.epoch is None else f"{standing.epoch:,}",
    )


def _sample(number: int, ratio: float) -> QIcon:
    """A piece of the line of a lane, with its marker."""
    style = lane_style(number)
    pixmap = QPixmap(SAMPLE * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with painting(pixmap) as painter:
        painter.setPen(lane_pen(style, 2.0))
        middle = QPointF(SAMPLE.width() / 2, SAMPLE.height() / 2)
        painter.drawLine(QPointF(0, middle.y()), QPointF(SAMPLE.width(), middle.y()))
        shape = marker(style.marker, middle, MARKER_SIZE)
        painter.fillPath(shape, theme.class_color(style.color))
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # Qt would tint it for the selection
    return icon
