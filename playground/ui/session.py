"""The session: the open document, its history, and the run that trains it.

Everything that changes an experiment goes through here and makes a new one; everything that happens
to a run comes back through here. Lives on the GUI thread and never touches torch.

    request -> Session -> new Experiment -> undo stack -> RunControl or a new Run -> Mailbox ->
    Session -> views
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from playground.core import edits, files
from playground.core.dataset import Dataset, prepare
from playground.core.errors import PlaygroundError
from playground.core.experiment import Experiment, PointsData, live_change
from playground.core.generators import GENERATORS
from playground.core.points import Points
from playground.engines.exchange import CurvePoint, Mailbox, RunControl, Snapshot, State, Views
from playground.ui.worker import Run, TrainingThread

__all__ = ["Activity", "Session"]

INSTANT_EPOCHS = 500
"""Epochs of a training in Instant, until the person says otherwise."""

UNDO_LIMIT = 500
"""Steps that are remembered; each holds two experiments, which share what did not change."""


class Activity(StrEnum):
    """What a person sees a run doing."""

    STARTING = "starting"
    PAUSED = "paused"
    TRAINING = "training"
    FAILED = "failed"


class _Edit(QUndoCommand):
    """One step back: the experiment before and after. Steps with the same token become one."""

    def __init__(self, session: Session, after: Experiment, text: str, token: str | None) -> None:
        super().__init__(text)
        self._session, self._before, self._after = session, session.experiment, after
        self._token = token

    def undo(self) -> None:
        self._session._become(self._before)

    def redo(self) -> None:
        self._session._become(self._after)

    def id(self) -> int:
        return 1 if self._token else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other._token != self._token:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True


class Session(QObject):
    """One document and its run."""

    experimentChanged = Signal(object)  # Experiment
    datasetChanged = Signal(object)  # Dataset that is being trained on
    pointsChanged = Signal(object)  # Points that the canvas shows
    runStarted = Signal()  # a new run begins: its curve is empty
    snapshotTaken = Signal(object)  # Snapshot
    activityChanged = Signal(str)  # Activity
    noticed = Signal(str, str)  # sentence, "info" or "warning"
    instantChanged = Signal(bool)
    noticeSettled = Signal()  # what was noticed no longer holds
    fileChanged = Signal()  # path, title or "unsaved changes"

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.experiment = Experiment()
        self.path: Path | None = None
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_LIMIT)
        self.undo_stack.cleanChanged.connect(self._on_clean_changed)
        self.dataset: Dataset | None = None
        self.snapshot: Snapshot | None = None
        self.curve: list[CurvePoint] = []
        self.activity = Activity.STARTING
        self._mailbox = Mailbox()
        self._thread = TrainingThread(self._mailbox, self)
        worker = self._thread.worker
        worker.posted.connect(self._on_posted)
        worker.prepared.connect(self._on_prepared)
        worker.failed.connect(self._on_failed)
        self.worker = worker
        self._run_id = 0
        self._control: RunControl | None = None
        self._speed: float | None = None
        self._views = Views()
        self._stroke = 0
        self._origin = (0, 0)
        self._origin_stroke = 0
        self.is_instant = False
        self.instant_epochs = INSTANT_EPOCHS

    # The document.

    @property
    def is_modified(self) -> bool:
        return not self.undo_stack.isClean()

    @property
    def name(self) -> str:
        """What the title bar calls the document."""
        if self.experiment.title:
            return self.experiment.title
        return self.path.name.removesuffix(files.SUFFIX) if self.path else "Untitled"

    def start(self) -> None:
        """Begin the first run, paused at its start."""
        self._start_run(paused=True)

    def replace(self, experiment: Experiment, path: Path | None = None) -> None:
        """Close the document and open another one, paused at its start."""
        self.undo_stack.clear()
        self.path = path
        self._show(experiment)
        self._start_run(paused=True)
        self.fileChanged.emit()

    def open(self, path: Path) -> None:
        """Open a project or a table. Raises PlaygroundError, and then nothing has changed."""
        experiment = files.open_any(path)
        _check_it_can_be_shown(experiment)
        self.replace(experiment, path if path.name.endswith(".json") else None)

    def save(self, path: Path) -> None:
        """Write the document. Raises FileError, and then the old file stays as it was."""
        files.save(self.experiment, path)
        self.path = path
        self.undo_stack.setClean()
        self.fileChanged.emit()

    # Edits. Each is one step back, except those that share a stroke.

    def set_value(self, path: str, value: Any, *, merge: bool = False, text: str = "") -> None:
        """Change one setting.

        merge  joins this step with those before it on the same setting, as a slider is dragged.
        """
        token = f"{path}#{self._stroke}" if merge else None
        self._try(text or _spoken(path), token, edits.set_value, path, value)

    def end_stroke(self) -> None:
        """The next merged edit is a step of its own."""
        self._stroke += 1

    def choose_generator(self, key: str) -> None:
        self._try(f"choose {GENERATORS[key].label}", None, edits.choose_generator, key)

    def choose_table(self, key: str) -> None:
        self._try(f"choose {key}", None, edits.choose_table, key)

    @property
    def can_draw(self) -> bool:
        """True where the data are points on the canvas."""
        return edits.can_draw(self.experiment)

    @property
    def points(self) -> Points:
        """The points as they are now, with their division into training and test points."""
        data = self.experiment.data
        if isinstance(data, PointsData) and (data.test is not None or len(data.x) == 0):
            return data.points()
        if self.dataset is None or self.dataset.data != data:
            self.dataset = prepare(self.experiment)
        return self.dataset.points

    def edit_points(self, points: Points, text: str) -> None:
        """Put these points in place of the present ones; a stroke of a tool is one step back."""
        self._try(text, f"points#{self._stroke}", edits.with_points, points)

    def clear_points(self) -> None:
        """Remove all points; the problem stays what it was."""
        points = Points.empty(regression=self.experiment.data.is_regression)
        self.edit_points(points, "clear all points")
        self.end_stroke()

    def add_class(self) -> None:
        self._try("add a class", None, edits.add_class, self.points)

    def add_layer(self, index: int, kind: str) -> None:
        self._try("add a layer", None, edits.add_layer, index, kind)

    def remove_layer(self, index: int) -> None:
        self._try("remove a layer", None, edits.remove_layer, index)

    def move_layer(self, start: int, end: int) -> None:
        self._try("move a layer", None, edits.move_layer, start, end)

    def set_layer(self, index: int, name: str, value: Any) -> None:
        """Change one setting of a hidden layer."""
        token = f"layer {index} {name}#{self._stroke}"
        self._try(f"change {name}", token, edits.set_layer, index, name, value)

    def toggle_feature(self, key: str, on: bool) -> None:
        self._try("change the features", None, edits.toggle_feature, key, on)

    def set_weight(self, name: str, index: tuple[int, ...], value: float) -> None:
        """Put one weight to a value; training goes on from there."""
        if self.snapshot is None or self._control is None:
            return
        if self.is_instant:
            self.noticed.emit(
                "Instant trains from the start with every change; switch it off to edit a weight.",
                "info",
            )
            return
        weights = dict(self.snapshot.weights)
        weights[name] = weights[name].copy()
        weights[name][index] = value
        self._control.change(weights=weights)

    def _try(
        self, text: str, token: str | None, edit: Callable[..., Experiment], *arguments: Any
    ) -> None:
        """Make the edited experiment the document, or say why it cannot be."""
        try:
            after = edit(self.experiment, *arguments)
        except PlaygroundError as error:
            self.noticed.emit(str(error), "warning")
            return
        if after != self.experiment:
            self.undo_stack.push(_Edit(self, after, text, token))

    # The run.

    @property
    def is_training(self) -> bool:
        return self.activity == Activity.TRAINING

    @Slot(bool)
    def set_instant(self, on: bool) -> None:
        """Train anew with every change and show the result, or go back to one run that goes on."""
        if on != self.is_instant:
            self.is_instant = on
            self.instantChanged.emit(on)
            self._start_run(paused=True)

    def set_instant_epochs(self, epochs: int) -> None:
        """How long each training in Instant is."""
        self.instant_epochs = epochs
        if self.is_instant:
            self._start_run(paused=True)

    @Slot()
    def toggle_training(self) -> None:
        if self.is_training:
            self.pause()
        else:
            self.resume()

    def pause(self) -> None:
        if self._control is not None:
            self._control.pause()
        self._set_activity(Activity.PAUSED)

    def resume(self) -> None:
        self.noticeSettled.emit()
        self._leave_instant()
        if self._control is None:
            self._start_run(paused=False)
            return
        self._control.resume()
        self._set_activity(Activity.TRAINING)

    @Slot()
    def step_epoch(self) -> None:
        self._take(epochs=1)

    @Slot()
    def step_batch(self) -> None:
        self._take(batches=1)

    def _leave_instant(self) -> None:
        """To watch a training is to leave Instant, which shows only results."""
        if self.is_instant:
            self.set_instant(False)

    def _take(self, *, epochs: int = 0, batches: int = 0) -> None:
        self._leave_instant()
        self.pause()
        if self._control is None:
            self._start_run(paused=True)
        assert self._control is not None
        if epochs:
            self._control.take_epochs(epochs)
        if batches:
            self._control.take_steps(batches)

    @Slot()
    def reset(self) -> None:
        """Go back to the same start, paused."""
        self.noticeSettled.emit()
        self._start_run(paused=True)

    @Slot()
    def new_start(self) -> None:
        """Draw other first weights, and go on training if a training was under way."""
        self.noticeSettled.emit()
        self.set_value("training.seed", self.experiment.training.seed + 1, text="new start")

    def set_speed(self, epochs_per_second: float | None) -> None:
        self._speed = epochs_per_second
        if self._control is not None:
            self._control.set_speed(epochs_per_second)

    def set_views(self, views: Views) -> None:
        self._views = views
        if self._control is not None:
            self._control.change(views=views)

    def close(self) -> None:
        """End the run and its thread."""
        if self._control is not None:
            self._control.stop()
        self._thread.close()

    def _start_run(self, *, paused: bool) -> None:
        if self._control is not None:
            self._control.stop()
        self._run_id += 1
        self._control = RunControl(
            interactive=True,
            paused=paused and not self.is_instant,
            speed=self._speed,
            views=self._views,
        )
        self._begin_curve((self._run_id, 0))
        self.snapshot = None
        self._set_activity(Activity.PAUSED if paused else Activity.TRAINING)
        epochs = self.instant_epochs if self.is_instant else None
        self._thread.requested.emit(Run(self._run_id, self.experiment, self._control, epochs))

    def _begin_curve(self, origin: tuple[int, int]) -> None:
        """Another training begins; within one stroke of a tool the ghost stays what it was before
        the stroke.
        """
        self._origin = origin
        is_same_stroke = self.is_instant and self._origin_stroke == self._stroke
        self._origin_stroke = self._stroke
        if not is_same_stroke:
            self.runStarted.emit()
        self.curve = []

    def _set_activity(self, activity: Activity) -> None:
        if activity != self.activity:
            self.activity = activity
            self.activityChanged.emit(activity)

    # What an edit does.

    def _become(self, after: Experiment) -> None:
        """Show another experiment and train it: without a restart where a run can take the change
        live.
        """
        before = self.experiment
        self._show(after)
        if self._control is not None and (self.is_instant or live_change(before, after)):
            self._control.change(experiment=after)
        else:
            self._start_run(paused=not self.is_training)

    def _show(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.experimentChanged.emit(experiment)
        if isinstance(experiment.data, PointsData) and experiment.data.test is not None:
            self.pointsChanged.emit(experiment.data.points())

    # What comes back.

    @Slot()
    def _on_posted(self) -> None:
        snapshot = self._mailbox.take()
        if snapshot is None or snapshot.run_id != self._run_id:
            return
        if snapshot.origin != self._origin and snapshot.generation:
            self._begin_curve(snapshot.origin)
        self.curve += snapshot.curve
        self.snapshot = snapshot
        self._show_dataset(snapshot.dataset)
        self.snapshotTaken.emit(snapshot)
        if snapshot.message:
            self.noticed.emit(
                snapshot.message, "info" if snapshot.state == State.REACHED else "warning"
            )
        if snapshot.state in (State.REACHED, State.DIVERGED):
            self._set_activity(Activity.PAUSED)

    @Slot(int, object)
    def _on_prepared(self, run_id: int, dataset: Dataset) -> None:
        if run_id == self._run_id:
            self._show_dataset(dataset)

    @Slot(int, str)
    def _on_failed(self, run_id: int, sentence: str) -> None:
        if run_id != self._run_id:
            return
        self._control = None
        self._set_activity(Activity.FAILED)
        self.noticed.emit(sentence, "warning")

    @Slot(bool)
    def _on_clean_changed(self, clean: bool) -> None:
        self.fileChanged.emit()

    def _show_dataset(self, dataset: Dataset) -> None:
        """Show the data that arrived, unless the hand is already further."""
        if dataset is self.dataset and self._shown is dataset:
            return
        if dataset.data == self.experiment.data:
            self.dataset = self._shown = dataset
            self.datasetChanged.emit(dataset)
            self.pointsChanged.emit(dataset.points)

    _shown: Dataset | None = None


def _check_it_can_be_shown(experiment: Experiment) -> None:
    """Raise what `prepare` raises; a document without points may be opened, to paint in."""
    if isinstance(experiment.data, PointsData) and len(experiment.data.x) == 0:
        return
    prepare(experiment)


def _spoken(path: str) -> str:
    """A setting's path as words for the undo menu."""
    return "change " + path.rsplit(".", 1)[-1].replace("_", " ")
