"""The session: the open document, its history, and the run that trains it.

Everything that changes an experiment goes through here and makes a new one. Lives on the GUI thread
and never touches torch.

    request -> Session -> new Experiment -> undo stack -> Runner -> training thread
    training thread -> Mailbox -> Runner -> views
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from playground.core.class_looks import Marker
from playground.core.data.data import Data
from playground.core.data.dataset import Dataset, divided
from playground.core.data.generators import GENERATORS
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.data.tables.table import BUILTINS
from playground.core.errors import ExperimentError, PlaygroundError
from playground.core.experiment import edits, files, layer_places
from playground.core.experiment.clipboard import with_pasted
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.setting_paths import value_at
from playground.core.experiment.view import ViewSpec
from playground.core.messages import Message
from playground.engines.contract.base import Weights
from playground.engines.contract.run_control import Snapshot
from playground.ui.language import tr
from playground.ui.session.document import Document, read_file
from playground.ui.session.history import Edit, History, change_of
from playground.ui.session.runner import Activity, Runner
from playground.ui.session.unsaved import UnsavedTraining

KINDS = {"training.optimizer.kind": "optimizer", "training.schedule.kind": "schedule"}
"""Settings that are called as the part is of which they are the kind."""


class Session(QObject):
    """One document and its run."""

    changed = Signal(object, object)  # Document before and after: told once for each change
    noticed = Signal(object, str)  # sentence; "info", "warning", or "refusal" of an edit
    replaced = Signal()  # another document takes the place of the one before
    fileChanged = Signal(str, bool)  # path, title or "unsaved changes": name, and if there are any
    saved = Signal()  # the document was written to its file
    projectOpened = Signal()  # a project file is shown, which a person has opened
    pointsEdited = Signal(object, object)  # Experiment before and after a hand changed its points
    newStarted = Signal()  # other first weights were drawn
    dataBrought = Signal(object)  # Dataset of a table or picture that a person has imported

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = Document.of(Experiment())
        self.path: Path | None = None
        self.is_opening_project = False
        """True while a project file takes the place of the document, because a person opened it."""
        self.locked: tuple[str, ...] = ()
        """Paths of settings, or of whole parts, that edits may not change."""
        self._saved_view = self.experiment.view
        self._is_brought = False
        """True until the data that a person has imported are prepared."""
        self.undo_stack = History(self)
        self.undo_stack.cleanChanged.connect(self._tell_of_file)
        self.run = Runner(self)
        self.unsaved = UnsavedTraining(self.run)
        self.run.prepared.connect(self._on_prepared)
        self.run.snapshotTaken.connect(self._on_snapshot)
        self.run.noticed.connect(self.noticed)
        self.run.activityChanged.connect(self._on_activity_changed)

    # The document.

    @property
    def experiment(self) -> Experiment:
        return self.document.experiment

    @property
    def dataset(self) -> Dataset | None:
        """The data that are trained on, once they are prepared."""
        return self.document.dataset

    @property
    def is_modified(self) -> bool:
        return not self.undo_stack.isClean() or self.experiment.view != self._saved_view

    @property
    def name(self) -> str:
        """What the window calls the document, in its language where nobody has named it."""
        file = self.path.name.removesuffix(files.SUFFIX) if self.path else ""
        return self.experiment.title or file or tr("Untitled")

    def start(self) -> None:
        """Begin the first run, paused at its start."""
        self.run.start(self.experiment, paused=True)

    def close(self) -> None:
        """Forget the history, and tell the run to end, which it does by itself."""
        # A step refers to its session: as garbage it may go before the stack, which ends it again.
        self.undo_stack.clear()
        self.run.close()

    def replace(
        self, experiment: Experiment, path: Path | None = None, dataset: Dataset | None = None
    ) -> None:
        """Close the document and open another one, paused at its start.

        dataset  the data of the experiment where they are prepared already
        """
        self.undo_stack.clear()
        self.path, self._saved_view = path, experiment.view
        self.replaced.emit()
        self._show(experiment, None)
        self.run.start(experiment, paused=True, dataset=dataset)
        self._tell_of_file()

    def open(self, path: Path) -> None:
        """Open a project or a table. Raises PlaygroundError, and then nothing has changed."""
        self.show_file(path, read_file(path))

    def show_file(self, path: Path, content: tuple[Experiment, Dataset | None]) -> None:
        """Open what `read_file` found there."""
        experiment, dataset = content
        is_project = path.name.endswith(".json")
        self.is_opening_project = is_project
        try:
            self.replace(experiment, path if is_project else None, dataset)
        finally:
            self.is_opening_project = False
        if is_project:
            self.projectOpened.emit()

    def save(self, path: Path) -> None:
        """Write the document. Raises FileError, and then the old file stays as it was."""
        files.save(self.experiment, path)
        self.note_saved(path)

    def note_saved(self, path: Path) -> None:
        """The document lies at `path` as it is now."""
        self.path, self._saved_view = path, self.experiment.view
        self.undo_stack.setClean()
        self._tell_of_file()
        self.saved.emit()

    # Edits. Each is one step back, except those that share a stroke.

    def set_value(self, path: str, value: Any, *, merge: bool = False, text: str = "") -> bool:
        """Change one setting; False where that was refused.

        merge  joins this step with those before it on the same setting, as a slider is dragged.
        """
        token = f"{path}#{self.run.stroke}" if merge else None
        place, _, last = path.rpartition(".")
        name = text or change_of(value_at(self.experiment, place), KINDS.get(path, last))
        return self._try(name, token, edits.set_value, path, value)

    def end_merge(self) -> None:
        """The next merged edit is a step of its own."""
        self.run.stroke += 1

    def choose_generator(self, key: str) -> None:
        text = Message("choose {name}", name=Message(GENERATORS[key].label))
        self._try(text, None, edits.choose_generator, key)

    def choose_table(self, key: str) -> None:
        text = Message("choose {name:small}", name=Message(BUILTINS[key].label))
        self._try(text, None, edits.choose_table, key)

    @property
    def can_draw(self) -> bool:
        """True where the data are points on the canvas."""
        return self.document.can_draw

    @property
    def points(self) -> Points:
        """The points as they are now, with their division into training and test points."""
        data = self.experiment.data
        if isinstance(data, PointsData) and (data.test is not None or len(data.x) == 0):
            return data.points()
        if self.dataset is not None and self.dataset.data == data:
            return self.dataset.points
        return divided(self.experiment)

    def edit_points(self, points: Points, text: str) -> bool:
        """Put these points in place of the present ones; a stroke of a tool is one step back.

        False where that was refused.
        """
        if points.same_as(self.points):  # a click that moved nothing makes no drawing of the data
            return True
        before = self.experiment
        is_accepted = self._try(text, f"points#{self.run.stroke}", edits.with_points, points)
        if is_accepted:
            self.pointsEdited.emit(before, self.experiment)
        return is_accepted

    def paste_points(self, pasted: PointsData) -> bool:
        """Put these points behind the present ones; False where that was refused."""
        before = self.experiment
        is_accepted = self._try("paste points", None, with_pasted, self.points, pasted)
        if is_accepted:
            self.pointsEdited.emit(before, self.experiment)
        return is_accepted

    def clear_points(self) -> None:
        """Remove all points; the problem stays what it was."""
        points = Points.empty(regression=self.experiment.data.is_regression)
        self.edit_points(points, "clear all points")
        self.end_merge()

    def add_class(self) -> None:
        self._try("add a class", None, edits.add_class, self.points)

    def clear_class(self, label: int) -> None:
        """Remove the points of one class; the class itself stays."""
        points = self.points
        self.edit_points(points.take(points.y != label), "clear a class")
        self.end_merge()

    def remove_class(self, label: int) -> None:
        """Remove a class with its points."""
        self._try("remove a class", None, edits.remove_class, self.points, label)

    def set_class_color(self, label: int, color: str) -> None:
        """Another colour, as files write it, for one class."""
        self._try("change a colour", None, edits.set_class_color, label, color)

    def set_class_marker(self, label: int, marker: Marker) -> None:
        """Another marker for one class."""
        self._try("change a marker", None, edits.set_class_marker, label, marker)

    def rename_class(self, label: int, name: str) -> None:
        self._try("rename a class", None, edits.rename_class, self.points, label, name)

    def set_probes(self, probes: Sequence[Sequence[float]]) -> None:
        """Ask the network about these points, in the units of the data, and no others."""
        self._try("change the probes", None, edits.with_probes, probes)

    def use_experiment(self, experiment: Experiment, text: str) -> None:
        """Another experiment in place of the present one, as a step that can be undone."""
        if self._try(text, None, lambda _: experiment, keeps_locks=False):
            self._use_view(experiment.view)

    def use_data(self, data: Data, title: str) -> None:
        """Other data in place of the present ones, as a step that can be undone."""
        self._is_brought = self._try(
            Message("import {name}", name=title), None, edits.use_data, data, title
        )

    def add_layer(self, index: int, kind: str) -> None:
        self._try("add a layer", None, edits.add_layer, index, kind)

    def has_place_for_layer(self, kind: str) -> bool:
        """True where a layer of this kind can stand somewhere."""
        return layer_places.last_place(self.experiment, kind, self.dataset) is not None

    def append_layer(self, kind: str) -> None:
        """Add a layer as far back as it can stand."""
        self._try("add a layer", None, layer_places.append_layer, kind, self.dataset)

    def remove_layer(self, index: int) -> None:
        self._try("remove a layer", None, edits.remove_layer, index)

    def move_layer(self, start: int, end: int) -> None:
        self._try("move a layer", None, edits.move_layer, start, end)

    def set_layer(self, index: int, name: str, value: Any) -> None:
        """Change one setting of a hidden layer."""
        text = change_of(self.experiment.model.layers[index], name)
        self._try(text, None, edits.set_layer, index, name, value)

    def toggle_feature(self, key: str, on: bool) -> None:
        self._try("change the features", None, edits.toggle_feature, key, on)

    def set_weight(self, name: str, index: tuple[int, ...], value: float) -> None:
        """Put one weight to a value; training goes on from there, and the document stays."""
        self.run.edit_weight((name, index, value))
        self.unsaved.note_edit()

    def set_weights(self, weights: Weights) -> None:
        """Go on from these weights, which fit the network; the document stays."""
        self.run.set_weights(weights)

    @Slot()
    def new_start(self) -> None:
        """Draw other first weights; a training that is under way starts again with them."""
        self.run.settled.emit()
        seed = self.experiment.training.seed + 1
        if self._try("new start", None, edits.set_value, "training.seed", seed):
            self.newStarted.emit()

    def _try(
        self,
        text: str,
        token: str | None,
        edit: Callable[..., Experiment],
        *arguments: Any,
        keeps_locks: bool = True,
    ) -> bool:
        """Make the edited experiment the document, or say why it cannot be, and return False.

        keeps_locks  False for what a lesson itself brings
        """
        try:
            after = edit(self.experiment, *arguments)
            if keeps_locks:
                self._check_locks(after)
        except PlaygroundError as error:
            self.noticed.emit(error.message, "refusal")
            return False
        if token is None:
            self.end_merge()
        before = self.experiment
        if after != before:
            self._become(after)
            self.undo_stack.add(Edit(self._become, before, after, text, token))
        return True

    def _check_locks(self, after: Experiment) -> None:
        """Raise ExperimentError where an edit would change what a lesson keeps as it is."""
        for path in self.locked:
            if value_at(self.experiment, path) != value_at(after, path):
                raise ExperimentError(
                    "This lesson keeps '{path}' as it is; leave the lesson to change it.", path=path
                )

    def _become(self, after: Experiment) -> None:
        """Show another experiment and train it; how it is shown is no part of the history."""
        after = after.model_copy(update={"view": self.experiment.view})
        self._show(after, self.dataset)
        self.run.follow(after)
        self._tell_of_file()  # its title may be another one

    def set_view(self, name: str, value: Any) -> None:
        """Show the experiment in another way, which changes nothing of what is learned."""
        try:
            after = self.experiment.with_setting(f"view.{name}", value)
        except PlaygroundError as error:
            self.noticed.emit(error.message, "refusal")
            return
        self._use_view(after.view)

    def _use_view(self, view: ViewSpec) -> None:
        if view != self.experiment.view:
            after = self.experiment.model_copy(update={"view": view})
            self._show(after, self.dataset)
            self.run.follow(after)
            self._tell_of_file()

    def _show(self, experiment: Experiment, dataset: Dataset | None) -> None:
        """Another experiment, and as much of its data as can be shown at once."""
        data, points = experiment.data, self.document.points
        if dataset is not None and dataset.data is not data:
            dataset = dataset.looking_like(data)
        if points is None or data != self.experiment.data:
            if isinstance(data, PointsData) and data.test is not None:
                points = data.points()
            elif dataset is not None and dataset.data == data:
                # Back at what is being trained on: no other dataset will come to show it.
                points = dataset.points
        self._announce(Document.of(experiment, dataset, points))

    def _announce(self, document: Document) -> None:
        before, self.document = self.document, document
        self.changed.emit(before, document)

    # What comes back.

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._on_prepared(snapshot.dataset)

    @Slot()
    def _tell_of_file(self) -> None:
        self.fileChanged.emit(self.name, self.is_modified)

    @Slot(str)
    def _on_activity_changed(self, activity: str) -> None:
        """Data of before are none of a document whose own cannot be read."""
        if activity == Activity.FAILED and self.document.knows_other_data:
            self._announce(Document.of(self.experiment, None, Points.empty()))

    @Slot(object)
    def _on_prepared(self, dataset: Dataset) -> None:
        """Show the data that arrived, unless the hand is already further."""
        if dataset is not self.dataset and dataset.data == self.experiment.data:
            shown = self.document.points
            is_shown = shown is not None and shown.same_as(dataset.points)
            points = shown if is_shown else dataset.points
            self._announce(Document.of(self.experiment, dataset, points))
            if dataset.notes:
                self.noticed.emit(Message(*dataset.notes), "info")
            if self._is_brought:
                self._is_brought = False
                self.dataBrought.emit(dataset)
