"""The run of a document: start, pause, step, change it live, and hear what comes of it.

Owns the training thread, the control of the run that is under way, and its loss curve. A run is
always there, if only paused at its start, so that there is always a picture. Lives on the GUI
thread and never touches torch.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from playground.core.data.dataset import Dataset
from playground.core.data.points import Points
from playground.core.experiment.comparing import can_be_compared
from playground.core.experiment.experiment import Experiment, learned_part, live_change
from playground.core.messages import N_, Message
from playground.engines.contract.base import Weights
from playground.engines.contract.run_control import (
    ENDED,
    CurvePoint,
    RunControl,
    Snapshot,
    State,
    WeightEdit,
)
from playground.engines.contract.views import Views
from playground.ui.session.trainer import Devices, Gallery, Run, Trainer
from playground.ui.session.worker import Worker

INSTANT_EPOCHS = 500
"""Epochs of a training in Instant."""

FAULT = N_("Training stopped on an unexpected error: {error}. Please report it.")


class Activity(StrEnum):
    """What a person sees a run doing."""

    STARTING = "starting"
    PAUSED = "paused"
    TRAINING = "training"
    FAILED = "failed"


class Runner(QObject):
    """Trains one experiment after another on the training thread."""

    started = Signal()  # another training begins: its curve is empty
    prepared = Signal(object)  # Dataset of the run, before its network exists
    snapshotTaken = Signal(object)  # Snapshot
    stepped = Signal(int, int)  # single batches, single epochs: taken since last told or marked
    activityChanged = Signal(str)  # Activity
    instantChanged = Signal(bool)
    pictured = Signal(str, object)  # key of a data set, Points for its picture
    devicesFound = Signal(object)  # list of (name, label)
    noticed = Signal(object, str)  # sentence, "info" or "warning"
    settled = Signal()  # what was noticed no longer holds

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.snapshot: Snapshot | None = None
        self.curve: list[CurvePoint] = []
        self.activity = Activity.STARTING
        self.is_instant = False
        self.instant_epochs = INSTANT_EPOCHS
        self.run_id = 0
        self.revision = 0
        """Raised with everything that decides what is learned; snapshots say which they know."""
        self.stroke = 0
        """Number of the gesture under way; within one, Instant keeps the ghost it began with."""
        self.pictures: dict[str, Points] = {}
        """Points for the picture of each data set, by its key, as far as they are drawn."""
        self.devices: list[tuple[str, str]] = []
        """(name, label) of what can train, as soon as they are found; told once a program."""
        self._stroke_of_ghost = -1
        self._of_curve = Experiment()
        self._experiment = Experiment()
        self._trained = self._training_since = 0.0
        self._is_stuck = False  # something is wrong that an edit may mend
        self.is_comparable = True
        """False where the run before the present one learned something else, so that there is
        nothing to compare."""
        self._origin = (0, 0)
        self._control: RunControl | None = None
        self._told_taken = (0, 0)
        self._speed: float | None = None
        self._views = Views()
        self._trainer = Trainer()
        self._worker = Worker(self, "training", in_turn=True, fault=FAULT)
        self._worker.posted.connect(self._on_posted)
        self._worker.failed.connect(self._on_failed)

    @property
    def speed(self) -> float | None:
        """Epochs a second; None is as fast as possible."""
        return self._speed

    @property
    def is_training(self) -> bool:
        return self.activity == Activity.TRAINING

    # Start and end.

    def start(
        self, experiment: Experiment, *, paused: bool, dataset: Dataset | None = None
    ) -> None:
        """End the run that is under way and begin one on `experiment`.

        dataset  its data, where they are prepared already
        """
        self._tell_steps()
        self._told_taken = (0, 0)
        self._experiment = experiment
        self.run_id += 1
        self._control = RunControl(
            interactive=True,
            paused=paused,
            speed=self._speed,
            views=self._views,
            revision=self._revise(),
        )
        self._begin_curve((self.run_id, 0))
        self.snapshot = None
        self._trained, self._training_since = 0.0, time.perf_counter()
        self._set_activity(Activity.PAUSED if paused else Activity.TRAINING)
        epochs = self.instant_epochs if self.is_instant else None
        run = Run(self.run_id, experiment, epochs, dataset, looks_around=not self.devices)
        self._worker.start(partial(self._trainer.train, run), self._control)

    def follow(self, experiment: Experiment) -> None:
        """Train a changed experiment: without a restart where a run can take the change live."""
        before, self._experiment = self._experiment, experiment
        if self._control is None or not (self.is_instant or live_change(before, experiment)):
            self.start(experiment, paused=not self.is_training)
        else:
            is_same = learned_part(before) == learned_part(experiment)
            revision = None if is_same else self._revise()
            self._of_curve = experiment
            self._control.change(experiment=experiment, revision=revision)

    def mark(self) -> int:
        """Begin another revision, so that what is trained from now on can be told from before."""
        revision = self._revise()
        if self._control is not None:
            self._control.change(revision=revision)
            self._told_taken = self._control.taken
        return revision

    def _revise(self) -> int:
        self.revision += 1
        return self.revision

    @Slot()
    def reset(self) -> None:
        """Go back to the same start, paused."""
        self.settled.emit()
        self.start(self._experiment, paused=True)

    def close(self) -> None:
        """Tell the run to end, which it does by itself, and its thread with it."""
        self._worker.stop()

    # While it runs.

    @Slot()
    def toggle(self) -> None:
        """Train, or pause."""
        if self.is_training:
            self.pause()
        else:
            self.resume()

    def pause(self) -> None:
        """Hold the training where it is. Instant goes on showing results: it waits by itself."""
        if self._control is not None:
            self._control.pause()
        self._set_activity(Activity.PAUSED)

    def resume(self) -> None:
        if not self._is_stuck:
            self.settled.emit()
        self._leave_instant()
        if self._control is None:
            self.start(self._experiment, paused=False)
            return
        self._control.resume()
        self._set_activity(Activity.TRAINING)

    @Slot()
    def step_epoch(self) -> None:
        self._ready_to_step().take_epochs(1)

    @Slot()
    def step_batch(self) -> None:
        self._ready_to_step().take_steps(1)

    def set_speed(self, epochs_per_second: float | None) -> None:
        """Slow down to that many epochs a second; None is as fast as possible."""
        self._speed = epochs_per_second
        if self._control is not None:
            self._control.set_speed(epochs_per_second)

    def set_views(self, views: Views) -> None:
        """Draw these pictures from now on."""
        self._views = views
        if self._control is not None:
            self._control.change(views=views)

    def edit_weight(self, edit: WeightEdit) -> None:
        """Put one weight to a value, and go on from there. It is not part of the document."""
        if self.is_instant:
            self.noticed.emit(
                Message(
                    "Instant trains from the start with every change; switch it off to edit a"
                    " weight."
                ),
                "info",
            )
        elif self._control is not None and self.snapshot is not None:
            # Without a snapshot the picture is still that of the network before.
            self._control.change(edited=edit, revision=self._revise())

    def set_weights(self, weights: Weights) -> None:
        """Put all weights in place of the present ones, and go on from there."""
        self._leave_instant()
        if self._control is not None:
            self._control.change(weights=weights, revision=self._revise())

    # Instant.

    @Slot(bool)
    def set_instant(self, on: bool) -> None:
        """Train anew with every change and show the result, or go back to one run that goes on."""
        if on != self.is_instant:
            self.is_instant = on
            self.instantChanged.emit(on)
            self.start(self._experiment, paused=True)

    def set_instant_epochs(self, epochs: int) -> None:
        """How long each training in Instant is."""
        self.instant_epochs = epochs
        if self.is_instant:
            self.start(self._experiment, paused=True)

    def _leave_instant(self) -> None:
        """To watch a training is to leave Instant, which shows only results."""
        if self.is_instant:
            self.set_instant(False)

    def _ready_to_step(self) -> RunControl:
        """The control of a run that is paused."""
        self._leave_instant()
        if self.is_training:  # to pause twice would take back the steps that were asked for before
            self.pause()
        if self._control is None:
            self.start(self._experiment, paused=True)
        assert self._control is not None
        return self._control

    # What comes back.

    @Slot(object)
    def _on_posted(self, content: object) -> None:
        match content:
            case Snapshot():
                self._show(content)
            case Dataset():
                self.prepared.emit(content)
            case Gallery(points=points):
                self.pictures.update(points)
                for key in points:
                    self.pictured.emit(key, points[key])
            case Devices(found=found):
                self.devices = list(found)
                self.devicesFound.emit(self.devices)

    def _show(self, snapshot: Snapshot) -> None:
        if snapshot.generation and snapshot.origin != self._origin:
            self._begin_curve(snapshot.origin)
        if self._is_stuck and snapshot.state != State.BLOCKED:
            self._is_stuck = False
            self.settled.emit()
        self._is_stuck = snapshot.state == State.BLOCKED
        self._lengthen_curve(snapshot.curve)
        self.snapshot = snapshot
        self.snapshotTaken.emit(snapshot)
        self._tell_steps()
        has_ended = snapshot.state in ENDED
        if has_ended and self._was_resumed_since(snapshot):
            return
        if snapshot.message:
            level = "info" if snapshot.state == State.REACHED else "warning"
            self.noticed.emit(snapshot.message, level)
        if has_ended:
            self._set_activity(Activity.PAUSED)

    def _tell_steps(self) -> None:
        """Steps count once they are taken: what is asked for may come to nothing."""
        if self._control is None:
            return
        before, self._told_taken = self._told_taken, self._control.taken
        batches, epochs = (now - told for now, told in zip(self._told_taken, before, strict=True))
        if batches or epochs:
            self.stepped.emit(batches, epochs)

    def _was_resumed_since(self, snapshot: Snapshot) -> bool:
        """True where the run was told to go on before it could tell of its end."""
        return self._control is not None and self._control.resumes > snapshot.resumes

    def _lengthen_curve(self, points: Sequence[CurvePoint]) -> None:
        """A point of an epoch that the curve has come to already takes the place of the old one, in
        a list of its own: whoever draws the curve sees that it did not just grow.
        """
        for point in points:
            if self.curve and point.epoch <= self.curve[-1].epoch:
                self.curve = [known for known in self.curve if known.epoch < point.epoch]
            self.curve.append(point)

    @Slot(object)
    def _on_failed(self, sentence: str) -> None:
        self._control = None
        self._is_stuck = True
        self._set_activity(Activity.FAILED)
        self.noticed.emit(sentence, "warning")

    def _begin_curve(self, origin: tuple[int, int]) -> None:
        """Another training begins; the one before becomes its ghost, unless one hand does both."""
        is_same_hand = self.is_instant and self._stroke_of_ghost == self.stroke
        self._origin, self._stroke_of_ghost = origin, self.stroke
        before, self._of_curve = self._of_curve, self._experiment
        if not is_same_hand or self.is_comparable:
            self.is_comparable = can_be_compared(before, self._experiment)
        if not is_same_hand:
            self.started.emit()
        self.curve = []

    def elapsed(self) -> float:
        """Seconds of this run in which it was training, by the clock on the wall."""
        now = time.perf_counter()
        return self._trained + (now - self._training_since if self.is_training else 0.0)

    def _set_activity(self, activity: Activity) -> None:
        if activity != self.activity:
            self._trained, self._training_since = self.elapsed(), time.perf_counter()
            self.activity = activity
            self.activityChanged.emit(activity)
