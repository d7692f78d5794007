"""The lanes as a table: legend, size, losses, accuracy, and when each got below the threshold.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from playground.core import numbers
from playground.core.messages import N_, Message
from playground.core.races import lane_style
from playground.engines.many.race import Standing
from playground.ui.compare.curves import MARKER_SIZE, lane_color, lane_pen
from playground.ui.curves.axes.marks import number
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.look.marker_shapes import marker
from playground.ui.widgets import describe, painting

COLUMNS: Final = (
    *(N_("Lane"), N_("Parameters")),
    Message("Training", context="column of losses"),
    Message("Test", context="column of losses"),
    *(N_("Accuracy"), N_("Step"), N_("Epoch")),
)
NUMBERS: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
SAMPLE: Final = QSize(40, 14)
ROW_HEIGHT: Final = 26
ROWS_SHOWN: Final = (3, 8)
"""Fewest and most rows that there is room for without scrolling."""
MOST_NAME_SHARE: Final = 0.45
"""Of the width, that the names of the lanes keep, however much the numbers need."""
FIGURE_SPACE, POINT_SPACE = "\u2007", "\u2008"


class StandingsTable(QTableWidget):
    """A row for each lane. The row that is chosen is drawn boldly elsewhere."""

    laneChosen = Signal(int)  # number of a lane, -1 for none
    pointed = Signal(int)  # the number of the lane under the pointer; -1 when it leaves

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
        self._strong: tuple[bool, ...] = ()
        self.setMouseTracking(True)
        self.cellEntered.connect(self._on_cell_entered)
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
        rows = [_cells(standing) for standing in standings]
        columns = [aligned(column) for column in zip(*rows, strict=True)]
        for place, column in enumerate(columns, start=1):
            for row, text in enumerate(column):
                item = self._cell(row, place)
                if item.text() != text:
                    item.setText(text)
        self._fit_names()

    def show_threshold(self, loss: float) -> None:
        """Say at the last two columns of what they are the first step and epoch."""
        for name, text in (
            ("Step", Message("Step\nfirst below {loss}", loss=number(loss))),
            ("Epoch", Message("Epoch\nfirst below {loss}", loss=number(loss))),
        ):
            item = self.horizontalHeaderItem(COLUMNS.index(name))
            assert item is not None, "every column has a title"
            item.setText(tr(text))

    def emphasise(self, is_strong: Callable[[int], bool]) -> None:
        """Draw the signs of these lanes strongly."""
        strong = tuple(map(is_strong, range(self.rowCount())))
        if strong != self._strong:
            self._strong = strong
            self._dress()

    def show_columns(self, *, test: bool, accuracy: bool) -> None:
        """Hide what the data do not have."""
        self.setColumnHidden(COLUMNS.index("Test"), not test)
        self.setColumnHidden(COLUMNS.index("Accuracy"), not accuracy)

    def _dress_header(self) -> None:
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.setDefaultAlignment(NUMBERS)
        first = QTableWidgetItem(tr(COLUMNS[0]))
        first.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setHorizontalHeaderItem(0, first)

    def _fit_names(self) -> None:
        """Names take what they need; at most what the numbers leave, or a share of their own."""
        others = sum(self.columnWidth(column) for column in range(1, len(COLUMNS)))
        wide = self.viewport().width()
        kept = max(round(MOST_NAME_SHARE * wide), wide - others)
        self.setColumnWidth(0, min(self.sizeHintForColumn(0), kept))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_names()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(-1)

    @Slot(int, int)
    def _on_cell_entered(self, row: int, column: int) -> None:
        self.pointed.emit(row)

    def _cell(self, row: int, column: int) -> QTableWidgetItem:
        item = self.item(row, column)
        assert item is not None, "a row has all its cells from the start"
        return item

    @Slot()
    def _dress(self) -> None:
        for row in range(self.rowCount()):
            self.setRowHeight(row, theme.scaled(ROW_HEIGHT))
            is_strong = self._strong[row : row + 1] == (True,)
            self._cell(row, 0).setIcon(_sample(row, self.devicePixelRatioF(), is_strong=is_strong))

    @Slot()
    def _on_selection_changed(self) -> None:
        self.laneChosen.emit(self.chosen())


def _cells(standing: Standing) -> tuple[str, ...]:
    test, accuracy = standing.test, (standing.test or standing.train).accuracy
    missing = tr("diverged") if standing.has_diverged else "–"
    return (
        f"{standing.parameters:,}",
        number(standing.train.loss),
        "" if test is None else number(test.loss),
        "" if accuracy is None else numbers.percent(accuracy),
        missing if standing.step is None else f"{standing.step:,}",
        "" if standing.epoch is None else f"{standing.epoch:,}",
    )


def aligned(texts: Sequence[str]) -> list[str]:
    """Numbers padded at the right, so that their points stand under each other: figures all have
    one width, and the space is as wide as one.
    """
    digits = [len(text.partition(".")[2]) if _is_plain(text) else None for text in texts]
    most = max((count for count in digits if count is not None), default=0)
    padded = []
    for text, count in zip(texts, digits, strict=True):
        missing = 0 if count is None or not text else most - count
        point = POINT_SPACE if missing and "." not in text else ""
        padded.append(text + point + FIGURE_SPACE * missing)
    return padded


def _is_plain(text: str) -> bool:
    return bool(text) and all(letter in "0123456789.,−" for letter in text)


def _sample(lane: int, ratio: float, *, is_strong: bool) -> QIcon:
    """A piece of the line of a lane, with its marker."""
    style = lane_style(lane)
    pixmap = QPixmap(SAMPLE * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with painting(pixmap) as painter:
        painter.setPen(lane_pen(style, 2.0, is_strong=is_strong))
        middle = QPointF(SAMPLE.width() / 2, SAMPLE.height() / 2)
        painter.drawLine(QPointF(0, middle.y()), QPointF(SAMPLE.width(), middle.y()))
        shape = marker(style.marker, middle, MARKER_SIZE)
        painter.fillPath(shape, lane_color(is_strong=is_strong))
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # Qt would tint it for the selection
    return icon
