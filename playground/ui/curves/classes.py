"""CLASSES: which class is taken for which, of the test or the training points.

GUI thread. Counts the predictions of a snapshot, and says which rows stand behind a chosen cell.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from playground.core.data.dataset import Dataset
from playground.core.data.points import IntArray
from playground.core.messages import N_, Message
from playground.core.training.measures import confusion
from playground.engines.contract.run_control import CurvePoint, Snapshot
from playground.ui.curves.confusion import Cell, ConfusionTable
from playground.ui.curves.key import Gap, beside, caption
from playground.ui.curves.pages import Page
from playground.ui.language import tr
from playground.ui.output.names import class_names
from playground.ui.widgets import Choice, Item

SIDES = (
    Item("test", "Test", "The points that are held out: how well the network does on what is new."),
    Item(
        "training",
        Message("Training", context="points"),
        "The points that the network learns from.",
    ),
)
AT_REST = N_("Row: true class. Column: predicted class. Epoch {epoch:,}.")
WAITING = N_("The table appears when training starts.")

NOTHING: IntArray = np.zeros(0, np.int64)


class ClassesPage(Page):
    """The confusion matrix, and a choice of the points it counts."""

    wants = frozenset({"predictions"})

    cellChosen = Signal(object)  # IntArray: rows of dataset.points; empty where none is chosen

    def __init__(self) -> None:
        super().__init__()
        self.table = ConfusionTable()
        self.side = Choice("Points", SIDES, help_text="Which points the table counts.")
        self._words = caption(WAITING)
        self._dataset: Dataset | None = None
        self._labels = NOTHING
        self._shown = NOTHING
        self._epoch = 0
        self._area = QScrollArea()
        self._area.setWidget(self.table)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        # The style's own corner would be a mark between the scroll bars.
        self._area.setCornerWidget(QWidget())
        beside(self, self._area, self.side, Gap(), self._words, QWidget())
        self.table.chosen.connect(self._tell_rows)
        self.table.pointed.connect(self._say)
        self.side.chosen.connect(self._on_side_chosen)

    def show_dataset(self, dataset: Dataset) -> None:
        """Offer the test points where there are any, and mark classes as they look."""
        self.table.show_looks(dataset.looks)
        had_test = self.side.count() == len(SIDES)
        has_test = len(dataset.test) > 0
        if has_test != had_test:
            self.side.set_items(SIDES if has_test else SIDES[1:])

    def take_over(self, other: ClassesPage) -> None:
        """Count the points that another page counts."""
        self.side.set_key_if_there(other.side.key())

    def show_nothing(self) -> None:
        if len(self._labels):
            self._labels = NOTHING
            self.table.show_matrix(np.zeros((0, 0), np.int64), (), self.side.key())
            self._words.setText(WAITING)

    def leave(self) -> None:
        self.table.choose(None)

    def show_moment(self, curve: Sequence[CurvePoint], snapshot: Snapshot) -> None:
        inspection, dataset = snapshot.inspection, snapshot.dataset
        if not snapshot.has_scores:
            self.show_nothing()
        if inspection is None or inspection.predictions is None or dataset.is_regression:
            return
        if snapshot.has_scores and len(inspection.predictions) == len(dataset.points):
            self._dataset = dataset
            self._labels = inspection.predictions.argmax(axis=1)
            self._epoch = inspection.epoch
            self._count()

    def rows_of(self, cell: Cell | None) -> IntArray:
        """Rows of the dataset's points that a cell counts."""
        if cell is None or self._dataset is None or not len(self._labels):
            return NOTHING
        true, predicted = cell
        labels = self._dataset.points.y
        return np.flatnonzero(self._counted() & (labels == true) & (self._labels == predicted))

    def _counted(self) -> np.ndarray:
        """Which points (N,) are counted."""
        assert self._dataset is not None
        held_out = self._dataset.points.held_out
        return held_out if self.side.key() == "test" else ~held_out

    @Slot()
    def _on_side_chosen(self) -> None:
        if self._dataset is not None and len(self._labels):
            self._count()

    def _count(self) -> None:
        """Count anew; the points behind a chosen cell follow."""
        assert self._dataset is not None
        counted, dataset = self._counted(), self._dataset
        matrix = confusion(dataset.points.y[counted], self._labels[counted], dataset.classes)
        self.table.show_matrix(matrix, class_names(dataset), self.side.key())
        if self.table.choice is not None:
            self._tell_rows(self.table.choice)
        self._say(self.table.words())

    @Slot(object)
    def _tell_rows(self, cell: Cell | None) -> None:
        rows = self.rows_of(cell)
        if not np.array_equal(rows, self._shown):
            self._shown = rows
            self.cellChosen.emit(rows)

    @Slot(object)
    def _say(self, words: str) -> None:
        """Say a cell in words; the one that the keyboard has come to shall be in sight."""
        if self.table.has_ring():
            place = self.table.box(self.table.at).center().toPoint()
            self._area.ensureVisible(place.x(), place.y())
        at_rest = tr(AT_REST, epoch=self._epoch) if len(self.table.matrix) else WAITING
        self._words.setText(words or at_rest)
