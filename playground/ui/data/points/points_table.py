"""The points as a table to read, sort, type and paste into: for the keyboard, for screen readers,
and for whoever wants exact numbers.

A window of its own that stays open beside the canvas. Shows points and asks for edits; it knows
nothing of the session. Imports core, PySide6 and the widget kit; GUI thread only.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)

from playground.core.data.data import GeneratedData
from playground.core.data.dataset import Dataset
from playground.core.data.points import ASIDE, IntArray, Points, frozen
from playground.core.data.points_data import PointsData
from playground.core.errors import ended
from playground.core.experiment.edits import test_share
from playground.core.experiment.experiment import Experiment
from playground.core.messages import N_, Message, plural
from playground.ui.data.points.cells import Cell, Columns, Kind, cells_of, runs
from playground.ui.data.points.delegates import ClassChoice, NumberCell, TestMark
from playground.ui.data.points.model import PointsModel
from playground.ui.data.points.view import CellView
from playground.ui.language import tr
from playground.ui.look import icons, theme
from playground.ui.widgets import Label, QuietButton, describe
from playground.ui.widgets.layouts import STRETCH, hbox, vbox

MOST_CELLS_TO_COPY: Final = 500_000
MOST_RUNS: Final = 2_000
"""Ranges of rows that are selected at once: Qt takes time with the square of their number."""
_TOO_MANY_CELLS: Final = N_(
    "{cells:,} cells are too many for the clipboard; select {most:,} at most, or export the points"
    " as a CSV file."
)
_TOO_WIDE: Final = N_(
    "The clipboard has {columns} columns, but only {fitting} fit from '{title}' on; choose a cell"
    " further to the left."
)
_ROW_HEIGHT: Final = 30
_COLUMN_WIDTH: Final = 104
_FIRST_SIZE: Final = (560, 560)
_WIDEST: Final = 920
"""Pixels of a window that nobody has sized yet, for data with many inputs."""


class PointsTable(QDialog):
    """All points, one a row. Cells are edited in place; rows are added, duplicated and removed.

    Cells go to and from spreadsheets as tab separated text. What does not fit is refused in a
    sentence under the table, and changes nothing.
    """

    edited = Signal(object, object)  # Points, what was done, for "Undo ..."
    selectionChanged = Signal(object)  # int64 (S,): the points whose rows are touched, ascending
    undoRequested = Signal()
    redoRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Points"))
        self.setAccessibleName(tr("Table of the points"))
        self.setModal(False)
        self.resize(*_FIRST_SIZE)
        self._experiment: Experiment | None = None
        self._dataset: Dataset | None = None
        self._points = Points.empty()
        self._followed: IntArray = np.zeros(0, np.int64)
        self._is_following = False
        self._widened: tuple[str, ...] = ()
        self.model = PointsModel(self)
        self.view = self._make_view()
        self._status = Label("", "caption", muted=True)
        self._status.setWordWrap(True)
        self._mark = QLabel()
        self._mark.hide()
        self._make_buttons()
        self._arrange()
        self._make_keys()
        self.model.edited.connect(self._on_edited)
        self.model.refused.connect(self.notify)
        self.view.selectionModel().selectionChanged.connect(self._on_selection)
        theme.follow(self, self._apply_theme)
        self._apply_theme()
        self._refresh()

    # What is shown ------------------------------------------------------------------------------

    def show_experiment(self, experiment: Experiment) -> None:
        """Name inputs and classes as the data of an experiment do."""
        self._experiment = experiment
        self._refresh()

    def show_dataset(self, dataset: Dataset) -> None:
        """Name inputs and classes as prepared data do."""
        self._dataset = dataset
        self._refresh()

    def show_points(self, points: Points) -> None:
        """Show other points; rows stay where they are as long as there are as many."""
        self._points = points
        self._refresh()

    def show_selection(self, numbers: IntArray) -> None:
        """Select the rows of these points; emits nothing.

        None where they are strewn over too many places: Qt would need seconds for them.
        """
        self._followed = numbers
        # Cells of those very points may be selected by hand: they stay, and not whole rows.
        if self.isVisible() and not np.array_equal(numbers, self.selected()):
            self._follow()

    def _follow(self) -> None:
        known = self._followed[self._followed < len(self.model.points)]
        parts = runs(self.model.rows_of(known))
        selection = QItemSelection()
        for first, last in parts if len(parts) <= MOST_RUNS else []:
            end = self.model.index(last, len(self.model.columns) - 1)
            selection.select(self.model.index(first, 0), end)
        self._is_following = True
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.view.selectionModel().select(selection, flags)
        self._is_following = False
        self._show_status()

    def notify(self, sentence: str) -> None:
        """Show why something was refused, until the next edit or selection."""
        self._status.set_muted(False)
        self._status.setText(sentence)
        self._mark.show()

    def status(self) -> str:
        return self._status.text()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
        self._follow()

    def _refresh(self) -> None:
        # Nobody sees a closed table; it catches up when it opens.
        if not self.isVisible():
            return
        columns = Columns.of(self._points, self._experiment, self._dataset)
        self.model.show(self._points, columns, is_editable=self._is_editable())
        for column, kind in enumerate(self.model.columns.kinds):
            self.view.setItemDelegateForColumn(column, self._delegates[kind])
        self._widen()
        self._show_status()

    def _widen(self) -> None:
        """Share the width out where every name has room in its part; else each column is as wide
        as it needs, until somebody drags it.
        """
        titles = self.model.columns.titles
        if titles == self._widened:
            return
        is_new, self._widened = not self._widened, titles
        header, columns = self.view.horizontalHeader(), range(len(titles))
        needed = [max(header.sectionSizeHint(c), self.view.sizeHintForColumn(c)) for c in columns]
        is_wide = max(needed) * len(needed) <= self.view.viewport().width()
        mode = QHeaderView.ResizeMode
        header.setSectionResizeMode(mode.Stretch if is_wide else mode.Interactive)
        if not is_wide:
            for column, width in enumerate(needed):
                header.resizeSection(column, max(width, theme.scaled(_COLUMN_WIDTH)))
        if not is_wide and is_new:
            missing = header.length() - self.view.viewport().width()
            self.resize(min(self.width() + missing, _WIDEST), self.height())

    def _is_editable(self) -> bool:
        data = None if self._experiment is None else self._experiment.data
        return data is None or isinstance(data, GeneratedData | PointsData)

    # What is selected ---------------------------------------------------------------------------

    def selected(self) -> IntArray:
        """int64 (S,): the points whose rows are touched by the selection, ascending."""
        return np.sort(self.model.points_at(self._selected_rows()))

    def _selected_rows(self) -> IntArray:
        rows = [np.arange(part.top(), part.bottom() + 1) for part in self._ranges()]
        return np.unique(np.concatenate(rows)) if rows else np.zeros(0, np.int64)

    def _selected_columns(self) -> list[int]:
        return sorted({c for part in self._ranges() for c in range(part.left(), part.right() + 1)})

    def _ranges(self) -> list[QItemSelectionRange]:
        selection = self.view.selectionModel().selection()
        return [selection.at(number) for number in range(selection.count())]

    @Slot()
    def _on_selection(self) -> None:
        if not self._is_following:
            self._followed = frozen(self.selected())
            self._show_status()
            self.selectionChanged.emit(self._followed)

    def _show_status(self) -> None:
        count, selected = len(self.model.points), len(self._selected_rows())
        words = plural("{count:,} point", "{count:,} points", count)
        if selected:
            words = Message("{points}, {count:,} selected", points=words, count=selected)
        if not self.model.is_editable():
            fixed = Message("These come from a file or a table, and are shown as they are.")
            words = Message(ended(words), fixed)
        self._status.set_muted(True)
        self._status.setText(words)
        self._mark.hide()
        for button in (self.duplicate, self.remove):
            button.setEnabled(bool(selected) and self.model.is_editable())
        self.copy.setEnabled(bool(selected))
        for button in (self.add, self.paste):
            button.setEnabled(self.model.is_editable())

    # What is done -------------------------------------------------------------------------------

    @Slot(object, object)
    def _on_edited(self, points: Points, words: str) -> None:
        self._points = points
        self._show_status()
        self.edited.emit(points, words)

    @Slot()
    def _on_add(self) -> None:
        """A new row at the end, with its first cell open to be written in."""
        count = len(self.model.points)
        self.model.change(self.model.columns.extended(self.model.points, count + 1), "add a point")
        if len(self.model.points) <= count:  # it was refused
            return
        first = self.model.index(count, 0)
        self.view.setCurrentIndex(first)
        self.view.scrollTo(first)
        self.view.edit(first)

    @Slot()
    def _on_duplicate(self) -> None:
        rows = self.selected()
        if not len(rows) or not self.model.is_editable():
            return
        points = self.model.points
        offset = np.zeros(points.x.shape[1])
        offset[: len(ASIDE)] = ASIDE[: len(offset)]
        before = len(points)
        self.model.change(points.duplicate(rows, offset.tolist()), "duplicate points")
        self.show_selection(np.arange(before, before + len(rows)))
        self._on_selection()
        self.view.scrollToBottom()

    @Slot()
    def _on_remove(self) -> None:
        rows = self.selected()
        if not len(rows) or not self.model.is_editable():
            return
        place = self.view.currentIndex()
        self.model.change(self.model.points.remove(rows), "remove points")
        row = min(place.row(), len(self.model.points) - 1)
        # The keyboard stays at the same place, with nothing selected that nobody has chosen.
        self.view.selectionModel().clearSelection()
        self.view.selectionModel().setCurrentIndex(
            self.model.index(row, place.column()), QItemSelectionModel.SelectionFlag.NoUpdate
        )

    @Slot()
    def _on_copy(self) -> None:
        """The touched rows of the touched columns, as they stand, as tab separated text."""
        rows, columns = self.model.points_at(self._selected_rows()), self._selected_columns()
        if len(rows) * len(columns) > MOST_CELLS_TO_COPY:
            cells, most = len(rows) * len(columns), MOST_CELLS_TO_COPY
            self.notify(tr(_TOO_MANY_CELLS, cells=cells, most=most))
            return
        text, points = self.model.columns.text, self.model.points
        lines = ["\t".join(text(points, int(row), c) for c in columns) for row in rows]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    @Slot()
    def _on_paste(self) -> None:
        """Cells from the current one on to the right and down, or one cell into all selected."""
        if not self.model.is_editable():
            return
        lines = cells_of(QGuiApplication.clipboard().text())
        current, columns = self.view.currentIndex(), self.model.columns
        top, left = max(0, current.row()), max(0, current.column())
        block = columns.placed(lines, left)
        last = max((column for line in block for column, _ in line), default=0)
        if last >= len(columns):
            widest, fitting = last - left + 1, len(columns) - left
            title = columns.titles[left]
            self.notify(tr(_TOO_WIDE, columns=widest, fitting=fitting, title=title))
        elif [len(line) for line in lines] == [1]:
            self._fill(lines[0][0], top, left)
        elif lines:
            self._write_block(block, top)

    def _fill(self, text: str, top: int, left: int) -> None:
        selected = self.view.selectionModel().selectedIndexes()
        cells = [(index.row(), index.column(), text) for index in selected]
        self._write(cells or [(top, left, text)])

    def _write_block(self, block: list[list[tuple[int, str]]], top: int) -> None:
        self._write(
            [(top + down, column, text) for down, line in enumerate(block) for column, text in line]
        )

    def _write(self, cells: list[Cell]) -> None:
        """Write cells given by the rows of the table; rows behind the last are new points."""
        count = len(self.model.points)
        order = self.model.points_at(np.arange(count))
        numbered = [
            (int(order[row]) if row < count else row, column, text) for row, column, text in cells
        ]
        data = None if self._experiment is None else self._experiment.data
        share = 0.0 if data is None else test_share(data)
        self.model.write(numbered, "paste points", share)

    # How it is made -----------------------------------------------------------------------------

    def _make_view(self) -> QTableView:
        view = CellView(self.model, self)
        describe(
            view,
            "Points",
            "One point a row. Arrow keys move, typing or F2 edits a cell, Space marks a test point,"
            " Delete removes the selected points.",
        )
        number = NumberCell(self)
        self._delegates: dict[Kind, QStyledItemDelegate] = {
            "input": number,
            "target": number,
            "class": ClassChoice(self),
            "test": TestMark(self),
        }
        return view

    def _make_buttons(self) -> None:
        self.add = QuietButton("Add", "A new point at the end. Key: Ctrl+Plus.", "plus")
        self.duplicate = QuietButton(
            "Duplicate", "The selected points once more, a little aside. Key: Ctrl+D.", "copy"
        )
        self.remove = QuietButton("Remove", "Remove the selected points. Key: Delete.", "trash")
        self.copy = QuietButton("Copy", "The selected cells for a spreadsheet. Key: Ctrl+C.")
        self.paste = QuietButton(
            "Paste",
            "Cells of a spreadsheet from the current cell on; rows behind the last become new"
            " points. Key: Ctrl+V.",
        )
        self.add.clicked.connect(self._on_add)
        self.duplicate.clicked.connect(self._on_duplicate)
        self.remove.clicked.connect(self._on_remove)
        self.copy.clicked.connect(self._on_copy)
        self.paste.clicked.connect(self._on_paste)

    def _arrange(self) -> None:
        buttons = hbox(self.add, self.duplicate, self.remove, STRETCH, self.copy, self.paste)
        foot = hbox(self._mark, (self._status, 1))
        vbox(buttons, (self.view, 1), foot, of=self, margins=theme.PANEL_PADDING)
        self.view.setFocus()

    def _make_keys(self) -> None:
        """Keys of the table act while it has the focus, those of the history everywhere in it."""
        own = Qt.ShortcutContext.WidgetShortcut
        for key, act in (
            ("Delete", self._on_remove),
            ("Ctrl+D", self._on_duplicate),
            ("Ctrl+C", self._on_copy),
            ("Ctrl+V", self._on_paste),
        ):
            QShortcut(QKeySequence(key), self.view, act, context=own)
        QShortcut(QKeySequence("Ctrl++"), self, self._on_add)
        QShortcut(QKeySequence("Ctrl+Z"), self, self.undoRequested.emit)
        QShortcut(QKeySequence("Ctrl+Shift+Z"), self, self.redoRequested.emit)

    @Slot()
    def _apply_theme(self) -> None:
        size, ratio = theme.scaled(16), self.devicePixelRatioF()
        self._mark.setPixmap(icons.pixmap("warning", theme.current().warning, size, ratio))
        self.view.verticalHeader().setDefaultSectionSize(theme.scaled(_ROW_HEIGHT))
        self.view.horizontalHeader().setDefaultSectionSize(theme.scaled(_COLUMN_WIDTH))
