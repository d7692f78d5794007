"""The windows beside the main window: the table of points, the comparison, what is hidden.

Makes each when it is first asked for, and imports it then, so that the window opens sooner; keeps
it in step with the session. GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from playground.core.data.points import Points
from playground.core.experiment.experiment import Experiment
from playground.ui.look import theme
from playground.ui.output.canvas.canvas import Canvas
from playground.ui.session.document import Document
from playground.ui.session.session import Session
from playground.ui.window.hide_dialog import HideDialog
from playground.ui.window.hiding import Hiding

if TYPE_CHECKING:
    from playground.ui.compare import CompareWindow
    from playground.ui.data.points.points_table import PointsTable

TITLE_BAR = 32
"""About the height of one: a window that opens over another leaves its title in sight."""


class SecondaryWindows(QObject):
    """Opens the windows that belong to a main window, and closes them with it."""

    raceStarted = Signal()
    raceFinished = Signal(object)  # tuple of the experiments that ran to their end

    def __init__(
        self,
        owner: QWidget,
        session: Session,
        canvas: Canvas,
        hiding: Hiding,
        lesson: QWidget,
    ) -> None:
        super().__init__(owner)
        self._lesson = lesson
        self._owner, self._session, self._canvas, self._hiding = owner, session, canvas, hiding
        self.points_table: PointsTable | None = None
        self.comparison: CompareWindow | None = None
        self.hiding: HideDialog | None = None

    @Slot()
    def open_points_table(self) -> None:
        """Every point as a row, in step with the canvas."""
        if self.points_table is None:
            self.points_table = self._make_points_table()
        _bring_forward(self.points_table)

    def _make_points_table(self) -> PointsTable:
        from playground.ui.data.points.points_table import PointsTable

        session, canvas = self._session, self._canvas
        table = PointsTable(self._owner)
        table.edited.connect(self._on_table_edited)
        table.undoRequested.connect(session.undo_stack.undo)
        table.redoRequested.connect(session.undo_stack.redo)
        table.selectionChanged.connect(canvas.select)
        canvas.selectionChanged.connect(table.show_selection)
        session.changed.connect(self._on_changed)
        table.show_experiment(session.experiment)
        if session.dataset is not None:
            table.show_dataset(session.dataset)
        table.show_points(session.points)
        table.show_selection(canvas.selection())
        return table

    @Slot(object, object)
    def _on_changed(self, before: Document, after: Document) -> None:
        table = self.points_table
        if table is None:
            return
        if before.experiment.data != after.experiment.data:
            table.show_experiment(after.experiment)
        if after.dataset is not None and after.dataset is not before.dataset:
            table.show_dataset(after.dataset)
        if after.points is not None and after.points is not before.points:
            table.show_points(after.points)

    @Slot(object, object)
    def _on_table_edited(self, points: Points, text: str) -> None:
        session = self._session
        before = len(session.points)
        is_accepted = session.edit_points(points, text)
        session.end_merge()
        if is_accepted:
            self._canvas.tell_of_test_points(before)
        elif self.points_table is not None:
            self.points_table.show_points(session.points)

    @Slot()
    def open_comparison(self) -> CompareWindow:
        """A race of settings of the present experiment; the window's own training waits."""
        from playground.ui.compare import CompareWindow

        self._session.run.pause()
        if self.comparison is not None:
            self.comparison.close()
        opened = CompareWindow(self._session.experiment, self._owner)
        self._listen_to(opened)
        self._place_beside_the_lesson(opened)
        _bring_forward(opened)
        return opened

    def _place_beside_the_lesson(self, window: QWidget) -> None:
        """Right of what is read meanwhile, as wide as there is room."""
        room = self._owner.screen().availableGeometry()
        left = room.left()
        if self._lesson.isVisible():
            left = self._lesson.mapToGlobal(self._lesson.rect().topRight()).x() + theme.PANEL_GAP
        width = max(window.minimumWidth(), min(window.width(), room.right() - left))
        top = min(self._owner.y() + TITLE_BAR, room.bottom() - window.height())
        window.resize(width, window.height())
        window.move(max(room.left(), room.right() - width), max(room.top(), top))

    def _listen_to(self, comparison: CompareWindow) -> None:
        # Each race begins with the experiment of its time; one that was closed is of no more use.
        comparison.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        comparison.closed.connect(self._on_comparison_closed)
        self.comparison = comparison
        comparison.adopted.connect(self._on_lane_adopted)
        comparison.started.connect(self._on_race_started)
        comparison.finished.connect(self._on_race_finished)

    @Slot()
    def _on_comparison_closed(self) -> None:
        self.comparison = None

    @Slot()
    def _on_race_started(self) -> None:
        self.raceStarted.emit()

    @Slot()
    def _on_race_finished(self) -> None:
        """A race may be shorter than its lanes say, where a person has chosen so."""
        if self.comparison is not None and self.comparison.moment is not None:
            epochs = self.comparison.moment.epochs
            lanes = self.comparison.lanes.values()
            self.raceFinished.emit(
                tuple(lane for lane in lanes if (lane.training.epochs or 0) <= epochs)
            )

    @Slot(object)
    def _on_lane_adopted(self, experiment: Experiment) -> None:
        self._session.use_experiment(experiment, "take over a lane")

    @Slot()
    def open_hiding(self) -> None:
        """A tick for everything that can be hidden."""
        if self.hiding is None:
            self.hiding = HideDialog(self._hiding.parts.values(), self._owner)
            self.hiding.hiddenChanged.connect(self._on_hidden_changed)
        self.hiding.show_hidden(self._session.experiment.view.hidden)
        _bring_forward(self.hiding)

    @Slot(object)
    def _on_hidden_changed(self, keys: object) -> None:
        self._session.set_view("hidden", keys)

    def take_over(self, other: SecondaryWindows) -> None:
        """Open what another window has open beside it; a race goes on, in its own language."""
        theirs, self.comparison = other.comparison, None
        other.comparison = None
        if theirs is not None and theirs.isVisible():
            if theirs.has_raced:
                self._adopt(theirs)
            else:
                self._open_like(theirs)
        for window, opened in (
            (other.points_table, self.open_points_table),
            (other.hiding, self.open_hiding),
        ):
            if window is not None and window.isVisible():
                opened()

    def _open_like(self, theirs: CompareWindow) -> None:
        """Open a comparison with what was chosen in one that has shown no race yet."""
        opened = type(theirs)(theirs.form.experiment, self._owner)
        opened.form.take_over(theirs.form)
        opened.setGeometry(theirs.geometry())
        theirs.close()
        self._listen_to(opened)
        opened.show()

    def _adopt(self, comparison: CompareWindow) -> None:
        """Take a comparison over from another window."""
        place = comparison.geometry()
        comparison.setParent(self._owner, comparison.windowFlags())
        self._listen_to(comparison)
        comparison.setGeometry(place)
        comparison.show()

    def close(self) -> None:
        """Close all of them; a comparison ends its own training."""
        for window in (self.points_table, self.comparison, self.hiding):
            if window is not None:
                window.close()


def _bring_forward(window: QWidget) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
