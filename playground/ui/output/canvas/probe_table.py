"""The probes as a table: where they lie, and what the network says of each, as it learns.

GUI thread. Shows and forwards; decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from playground.core.data.axis import Axis
from playground.core.data.dataset import Dataset
from playground.core.data.picture_scale import PictureScale
from playground.core.messages import N_
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.output.canvas.axes import spoken
from playground.ui.output.canvas.probes import Reading
from playground.ui.output.names import class_names
from playground.ui.widgets import Label, QuietButton, describe
from playground.ui.widgets.layouts import STRETCH, hbox, vbox

EMPTY = N_("No probes yet. Choose the probe tool (P) and click on the canvas.")

MOST_STRETCHED = 13
"""Columns that share the width: a place, a prediction and ten classes."""


class ProbeTable(QDialog):
    """A small window beside the main one; it follows the training while it is open."""

    removed = Signal(object)  # tuple of the rows of the probes to remove

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Probes"))
        self.resize(560, 260)
        self.table = QTableWidget()
        describe(
            self.table, "Probes", "Each row is a probe: where it lies, and what is predicted there."
        )
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().setDefaultSectionSize(theme.scaled(theme.CONTROL_HEIGHT))
        self.table.setTabKeyNavigation(False)
        self.remove = QuietButton("Remove", "Take the selected probes off the canvas.", "trash")
        self._empty = Label(EMPTY, "body", muted=True)
        self._arrange()
        self.remove.clicked.connect(self._on_remove)
        self.table.itemSelectionChanged.connect(self._show_what_can_be_done)
        self.table.installEventFilter(self)
        self._show_what_can_be_done()

    def _arrange(self) -> None:
        foot = hbox((self._empty, 1), STRETCH, self.remove, spacing=None)
        vbox((self.table, 1), foot, of=self, spacing=None, margins=None)

    def show_readings(
        self,
        readings: Sequence[Reading],
        dataset: Dataset,
        axes: tuple[Axis, Axis],
        extent: float,
        scale: PictureScale,
    ) -> None:
        """Fill the table anew; what is selected stays so."""
        titles = self._titles(dataset, axes)
        if [self._title(column) for column in range(self.table.columnCount())] != titles:
            self.table.setColumnCount(len(titles))
            self.table.setHorizontalHeaderLabels(titles)
            mode = QHeaderView.ResizeMode  # more columns than have room are scrolled to
            is_wide = len(titles) > MOST_STRETCHED
            self.table.horizontalHeader().setSectionResizeMode(
                mode.ResizeToContents if is_wide else mode.Stretch
            )
        self.table.setRowCount(len(readings))
        for row, reading in enumerate(readings):
            for column, text in enumerate(_cells(reading, dataset, axes, extent, scale)):
                self._write(row, column, text)
        self._empty.setVisible(not readings)
        self._show_what_can_be_done()

    @staticmethod
    def _titles(dataset: Dataset, axes: tuple[Axis, Axis]) -> list[str]:
        names = [axes[0].name] if dataset.points.x.shape[1] == 1 else [axis.name for axis in axes]
        return [*names, tr("Prediction"), *([] if dataset.is_regression else class_names(dataset))]

    def _title(self, column: int) -> str:
        item = self.table.horizontalHeaderItem(column)
        return item.text() if item is not None else ""

    def _write(self, row: int, column: int, text: str) -> None:
        item = self.table.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            self.table.setItem(row, column, item)
        if item.text() != text:
            item.setText(text)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Delete in the table removes the selected probes."""
        if isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Delete):
            if event.type() == QEvent.Type.KeyPress:
                self._on_remove()
            return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    @Slot()
    def _show_what_can_be_done(self) -> None:
        self.remove.setEnabled(bool(self._rows()))

    @Slot()
    def _on_remove(self) -> None:
        rows = self._rows()
        if rows:
            self.table.clearSelection()
            self.removed.emit(rows)

    def _rows(self) -> tuple[int, ...]:
        return tuple(sorted({index.row() for index in self.table.selectedIndexes()}))


def _cells(
    reading: Reading,
    dataset: Dataset,
    axes: tuple[Axis, Axis],
    extent: float,
    scale: PictureScale,
) -> list[str]:
    """Coordinates in the units of the data, the prediction, and the probability of each class."""
    shown = 1 if dataset.points.x.shape[1] == 1 else 2
    places = zip(axes[:shown], reading.place[:shown], strict=True)
    coordinates = [spoken(axis, place, extent) for axis, place in places]
    if reading.prediction is None:
        return [*coordinates, "", *[""] * (0 if dataset.is_regression else dataset.classes)]
    if dataset.is_regression:
        return [*coordinates, reading.words(dataset, scale)]
    winner = class_names(dataset)[int(reading.prediction.argmax())]
    return [*coordinates, winner, *[f"{chance:.3f}" for chance in reading.prediction]]
