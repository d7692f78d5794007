"""The session: the open document, its history, and the run that trains it.

Everything that changes an experiment goes through here and makes a new one; everything that happens to a run comes
back through here. Lives on the GUI thread and never touches torch.

    request -> Session -> new Experiment -> undo stack -> RunControl or a new Run -> Mailbox -> Session -> views
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from playground.core import files
from playground.core.dataset import Dataset, prepare
from playground.core.errors import PlaygroundError
from playground.core.experiment import Experiment, GeneratedData, PointsData, live_change
from playground.core.generators import GENERATORS
from playground.core.layers import LAYERS, Linear
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
        """Open a project or a table. Raises PlaygroundError, and then everything stays as it was."""
        experiment = files.open_any(path)
        _check_it_can_be_shown(experiment)
        self.replace(experiment, path if path.name.endswith(".json") else None)

    def save(self, path: Path) -> None:
        """Write the document. Raises FileError, and then the old file stays as it was."""
        files.save(self.experiment, path)
        self.path = path
        self.undo_stack.setClean()
        self.fileChanged.emit()

    # Edits of settings.

    def set_value(self, path: str, value: Any, *, merge: bool = False, text: str = "") -> bool:
        """Change one setting; False, with a notice, where the value does not fit.

        merge  joins this step with the ones before it on the same setting, as while a slider is dragged.
        """
        try:
            after = self.experiment.with_setting(path, value)
            if isinstance(after.data, PointsData) and path in _DECIDES_THE_DIVISION:
                after = _redivided(after)
        except PlaygroundError as error:
            self.noticed.emit(str(error), "warning")
            return False
        self._edit(after, text or _spoken(path), f"{path}#{self._stroke}" if merge else None)
        return True

    def end_stroke(self) -> None:
        """The next merged edit is a step of its own."""
        self._stroke += 1

    def choose_generator(self, key: str) -> None:
        """Take another generated data set; settings that fit it, too, are kept."""
        choice = GENERATORS[key]
        fewest, most = choice.value.classes
        data: dict[str, Any] = {
            "kind": "generated",
            "generator": key,
            "samples": choice.value.default_samples,
            "classes": min(3, most) if most > fewest else None,
            "noise": getattr(self.experiment.data, "noise", 0.0),
        }
        self._choose_data(data, f"choose {choice.label}")

    def choose_table(self, key: str) -> None:
        """Take one of scikit-learn's tables, standardised."""
        self._choose_data({"kind": key, "standardize": True}, f"choose {key}")

    def _choose_data(self, data: dict[str, Any], text: str) -> None:
        raw = self.experiment.plain()
        old = raw["data"]
        kept = {name: old[name] for name in ("seed", "test_ratio", "standardize", "stratify")}
        raw["data"] = {**kept, **data}
        try:
            after = _fitting(Experiment.parse(raw))
        except PlaygroundError as error:
            self.noticed.emit(str(error), "warning")
            return
        self._edit(after, text)

    # Edits of points.

    @property
    def points(self) -> Points:
        """The points as the document holds them now, with their division into training and test points."""
        data = self.experiment.data
        if isinstance(data, PointsData) and (data.test is not None or len(data.x) == 0):
            return data.points()
        if self.dataset is None or self.dataset.data != data:
            self.dataset = prepare(self.experiment)
        return self.dataset.points

    @property
    def can_draw(self) -> bool:
        """True where the data are points on the canvas."""
        data = self.experiment.data
        return isinstance(data, GeneratedData | PointsData) and data.shape[0] == 2

    def edit_points(self, points: Points, text: str) -> None:
        """Put these points in place of the present ones; one stroke of a tool is one step back."""
        old = self.experiment.data
        names = getattr(old, "class_names", ())
        data = PointsData.of(
            points,
            seed=old.seed,
            test_ratio=old.test_ratio,
            standardize=old.standardize,
            stratify=old.stratify,
            class_names=names,
        )
        after = self.experiment.model_copy(update={"data": data})
        self._edit(after, text, f"points#{self._stroke}")

    def clear_points(self) -> None:
        """Remove all points; the problem stays what it was."""
        points = Points.empty(regression=self.experiment.data.is_regression)
        self.edit_points(points, "clear all points")
        self.end_stroke()

    def add_class(self) -> None:
        """Make room for one class more."""
        from playground.core.palette import CLASS_NAMES

        data = self.experiment.data
        if not self.can_draw or data.is_regression:
            return
        points = self.points
        count = data.class_count + 1  # type: ignore[union-attr]
        if count > len(CLASS_NAMES):
            self.noticed.emit("There can be ten classes at most; paint with one of those.", "warning")
            return
        names = (*getattr(data, "class_names", ()), *CLASS_NAMES)
        names = tuple(dict.fromkeys(names))[:count]
        made = PointsData.of(
            points, seed=data.seed, test_ratio=data.test_ratio, standardize=data.standardize, class_names=names
        )
        self._edit(_fitting(self.experiment.model_copy(update={"data": made})), "add a class")

    # Edits of the network.

    def _edit_layers(self, layers: list[Any], text: str, token: str | None = None) -> None:
        raw = self.experiment.model_dump()
        raw["model"]["layers"] = layers
        try:
            after = Experiment.parse(raw)
        except PlaygroundError as error:
            self.noticed.emit(str(error), "warning")
            return
        self._edit(after, text, token)

    def add_layer(self, index: int, kind: str) -> None:
        """Put a new layer in front of hidden layer `index`; a linear one takes units and activation from beside it."""
        layers = list(self.experiment.model.layers)
        beside = [layer for layer in layers[:index][::-1] + layers[index:] if isinstance(layer, Linear)]
        new = beside[0] if kind == "linear" and beside else LAYERS[kind]()
        self._edit_layers([*layers[:index], new, *layers[index:]], f"add a {LAYERS[kind].label.lower()} layer")

    def remove_layer(self, index: int) -> None:
        layers = list(self.experiment.model.layers)
        del layers[index]
        self._edit_layers(layers, "remove a layer")

    def move_layer(self, start: int, end: int) -> None:
        layers = list(self.experiment.model.layers)
        layers.insert(end, layers.pop(start))
        self._edit_layers(layers, "move a layer")

    def set_layer(self, index: int, name: str, value: Any) -> None:
        """Change one setting of a hidden layer."""
        layers = [layer.model_dump() for layer in self.experiment.model.layers]
        layers[index][name] = value
        self._edit_layers(layers, f"change {name}", f"layer {index} {name}#{self._stroke}")

    def toggle_feature(self, key: str, on: bool) -> None:
        from playground.core.features import FEATURES

        current = self.experiment.model.features or ("x1", "x2")
        wanted = [choice.key for choice in FEATURES if (choice.key in current or choice.key == key)]
        if not on:
            wanted.remove(key)
        self.set_value("model.features", wanted or None, text="change the features")

    def set_weight(self, name: str, index: tuple[int, ...], value: float) -> None:
        """Put one weight to a value; training goes on from there."""
        if self.snapshot is None or self._control is None:
            return
        if self.is_instant:
            self.noticed.emit(
                "Instant trains from the start with every change; switch it off to edit a weight.", "info"
            )
            return
        weights = dict(self.snapshot.weights)
        weights[name] = weights[name].copy()
        weights[name][index] = value
        self._control.change(weights=weights)

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
            interactive=True, paused=paused and not self.is_instant, speed=self._speed, views=self._views
        )
        self._begin_curve((self._run_id, 0))
        self.snapshot = None
        self._set_activity(Activity.PAUSED if paused else Activity.TRAINING)
        epochs = self.instant_epochs if self.is_instant else None
        self._thread.requested.emit(Run(self._run_id, self.experiment, self._control, epochs))

    def _begin_curve(self, origin: tuple[int, int]) -> None:
        """Another training begins; within one stroke of a tool the ghost stays what it was before the stroke."""
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

    def _edit(self, after: Experiment, text: str, token: str | None = None) -> None:
        if after != self.experiment:
            self.undo_stack.push(_Edit(self, after, text, token))

    def _become(self, after: Experiment) -> None:
        """Show another experiment and train it: without a restart where a run can take the change live."""
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
            self.noticed.emit(snapshot.message, "info" if snapshot.state == State.REACHED else "warning")
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


_DECIDES_THE_DIVISION = {"data.test_ratio", "data.seed", "data.stratify"}


def _redivided(experiment: Experiment) -> Experiment:
    """The same points, to be divided anew into training and test points."""
    data = experiment.data.model_copy(update={"test": None})
    return experiment.model_copy(update={"data": data})


def _fitting(experiment: Experiment) -> Experiment:
    """`experiment` with a loss and features that fit its data, changed only where they do not."""
    from playground.core import features
    from playground.core.errors import ExperimentError
    from playground.core.losses import check_fits

    data = experiment.data
    inputs, classes = data.shape if isinstance(data, GeneratedData | PointsData) else (99, 3)
    try:
        check_fits(experiment.training.loss, classes)
    except ExperimentError:
        loss = "cross_entropy" if classes else "mse"
        experiment = experiment.with_setting("training.loss", loss)
    possible = features.available(inputs)
    keys = experiment.model.features
    if keys is not None and not set(keys) <= set(possible):
        experiment = experiment.with_setting("model.features", None)
    return experiment


def _check_it_can_be_shown(experiment: Experiment) -> None:
    """Raise what `prepare` raises, except that a document without points may be opened to paint in."""
    if isinstance(experiment.data, PointsData) and len(experiment.data.x) == 0:
        return
    prepare(experiment)


def _spoken(path: str) -> str:
    """A setting's path as words for the undo menu."""
    return "change " + path.rsplit(".", 1)[-1].replace("_", " ")
