"""Everything that crosses between the thread that trains and the thread that looks.

    RunControl   in:  stop, pause, steps, speed, live changes, which pictures are wanted
    Snapshot     out: immutable numbers and arrays
    Mailbox      out: keeps the newest picture and every point of the loss curve

All three may be used from any thread.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from enum import StrEnum

from playground.core.dataset import Dataset
from playground.core.experiment import Experiment
from playground.core.points import IntArray
from playground.engines.base import Score, Weights
from playground.engines.views import Frame, Inspection, Views

__all__ = [
    "Change",
    "CurvePoint",
    "Frame",
    "Inspection",
    "Mailbox",
    "RunControl",
    "RunInfo",
    "Snapshot",
    "State",
    "Views",
    "WeightEdit",
]


class State(StrEnum):
    """What a run is doing when a snapshot is taken."""

    RUNNING = "running"
    PAUSED = "paused"
    REACHED = "reached"
    """The number of epochs that was asked for is reached; the run waits, paused."""
    BLOCKED = "blocked"
    """There is nothing to train on at present; the run goes on by itself once there is."""
    DIVERGED = "diverged"
    """The loss stopped being a finite number; the run waits at the last good weights."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The losses and accuracies at the end of an epoch; test values are None without test data."""

    epoch: int
    train: Score
    test: Score | None
    learning_rate: float


@dataclass(frozen=True, slots=True)
class RunInfo:
    """Who trains: the engine's key and label, why it was chosen, the device, the number of
    parameters, and how many threads of the processor share a step.
    """

    engine: str
    label: str
    reason: str
    device: str
    parameters: int
    threads: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The state of a run between two steps.

    curve is what was added to the loss curve since the snapshot before; losses exclude the penalty.
    A point of the epoch that the curve has come to already takes the place of the one before it.
    `message` is a sentence for a person where `state` is REACHED, BLOCKED or DIVERGED. `dataset` is
    what is being trained on. `generation` counts the trainings of a run that starts again with
    every change; it is 0 for any other run. `revision` is the newest one that the run was told
    of, and `steps_since` the steps that it has taken since then. `resumes` is how often it had been
    told to go on. `inspection` comes a few times a second, and with every
    pause, where it is wanted. `batch` holds the rows of `dataset.points` that the last step saw;
    None before the first one, and for batches too large to point out.
    """

    run_id: int
    info: RunInfo
    state: State
    epoch: int
    step: int
    seconds: float
    steps_per_second: float
    learning_rate: float
    train: Score
    test: Score | None
    penalty: float
    curve: tuple[CurvePoint, ...]
    weights: Weights
    frame: Frame | None
    dataset: Dataset
    message: str = ""
    generation: int = 0
    inspection: Inspection | None = None
    batch: IntArray | None = None
    revision: int = 0
    steps_since: int = 0
    resumes: int = 0

    @property
    def has_scores(self) -> bool:
        """False where the scores are those of data that are gone: there is nothing to train on."""
        return self.state != State.BLOCKED

    @property
    def origin(self) -> tuple[int, int]:
        """What training this is a moment of: snapshots of one origin belong to one curve."""
        return self.run_id, self.generation

    def answers_only(self, before: Snapshot | None) -> bool:
        """True where nothing is new since a snapshot but what the network was asked: all else can
        stay as it is shown.
        """
        if before is None or before.frame is None or self.frame is None:
            return False
        same = (
            (self.origin, before.origin),
            (self.state, before.state),
            (self.step, before.step),
            (self.revision, before.revision),
            (self.learning_rate, before.learning_rate),
            (self.penalty, before.penalty),
            ((self.train, self.test), (before.train, before.test)),
            ((), self.curve),
            ("", self.message),
        )
        return (
            all(one == other for one, other in same)
            and self.weights is before.weights
            and self.dataset is before.dataset
            and self.inspection is before.inspection
            and self.frame.shows_the_same_as(before.frame)
        )


class Mailbox:
    """One snapshot: a newer one replaces it, but takes over its points of the loss curve."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._content: Snapshot | None = None

    def put(self, snapshot: Snapshot) -> bool:
        """Leave a snapshot; True where the box was empty, so that somebody has to be told."""
        with self._lock:
            old, self._content = self._content, snapshot
            if old is not None and old.origin == snapshot.origin:
                is_same = old.dataset is snapshot.dataset
                self._content = replace(
                    snapshot,
                    curve=old.curve + snapshot.curve,
                    frame=snapshot.frame or old.frame,
                    inspection=snapshot.inspection or (old.inspection if is_same else None),
                    message=snapshot.message
                    or (old.message if old.state == snapshot.state else ""),
                )
            return old is None

    def take(self) -> Snapshot | None:
        """The content, which is then gone."""
        with self._lock:
            content, self._content = self._content, None
            return content


WeightEdit = tuple[str, tuple[int, ...], float]
"""One weight that a person put to a value: its name, its place in that array, the value."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a run has been told since it last looked; None means unchanged."""

    experiment: Experiment | None = None
    views: Views | None = None
    weights: Weights | None = None
    edited: tuple[WeightEdit, ...] = ()
    revision: int | None = None

    def __bool__(self) -> bool:
        told = (self.experiment, self.views, self.weights, self.revision)
        return bool(self.edited) or any(value is not None for value in told)


class RunControl:
    """What one side tells a run, and the run reads between two steps.

    interactive  True in the window: the run waits, paused, where a headless one would end.
    speed        epochs a second, None for as fast as possible.
    revision     a number that the looking side raises with everything that decides what is learned.
    """

    def __init__(
        self,
        *,
        interactive: bool = False,
        paused: bool = False,
        speed: float | None = None,
        views: Views | None = None,
        revision: int = 0,
    ) -> None:
        self.interactive = interactive
        self.first_revision = revision
        self._told = threading.Condition()
        self._stopped = False
        self._paused = paused
        self._steps = 0
        self._epochs = 0
        self._taken = (0, 0)
        self._resumes = 0
        self._is_blocked = False
        self.set_speed(speed)
        self._views = views
        self._change = Change()

    # Told by the side that looks.

    def stop(self) -> None:
        """End the run; it cannot be resumed."""
        with self._told:
            self._stopped = True
            self._told.notify_all()

    def pause(self) -> None:
        with self._told:
            self._paused, self._steps, self._epochs = True, 0, 0
            self._told.notify_all()

    def resume(self) -> None:
        with self._told:
            self._paused, self._steps, self._epochs = False, 0, 0
            self._resumes += 1
            self._told.notify_all()

    def take_steps(self, count: int) -> None:
        """While paused, train that many batches and pause again; nothing where none can be."""
        with self._told:
            if self._can_step():
                self._steps += count
            self._told.notify_all()

    def take_epochs(self, count: int) -> None:
        """While paused, train to the end of this epoch, and `count - 1` more, and pause again."""
        with self._told:
            if self._can_step():
                self._epochs += count
            self._told.notify_all()

    def _can_step(self) -> bool:
        """False while there is nothing to train on, and nothing new to try."""
        return not self._is_blocked or self._change.experiment is not None

    def set_speed(self, epochs_per_second: float | None) -> None:
        """Epochs a second, more than 0; None for as fast as possible."""
        if epochs_per_second is not None and epochs_per_second <= 0:
            raise ValueError(f"a speed is more than 0 epochs a second, not {epochs_per_second}")
        with self._told:
            self._speed = epochs_per_second
            self._told.notify_all()

    def change(
        self,
        *,
        experiment: Experiment | None = None,
        views: Views | None = None,
        weights: Weights | None = None,
        edited: WeightEdit | None = None,
        revision: int | None = None,
    ) -> None:
        """Leave a live change; a newer one replaces it, except that edited weights add up until all
        weights are replaced.
        """
        with self._told:
            old = self._change
            edits = () if weights is not None else old.edited
            self._change = Change(
                experiment or old.experiment,
                views or old.views,
                old.weights if weights is None else weights,
                edits if edited is None else (*edits, edited),
                old.revision if revision is None else revision,
            )
            self._views = views or self._views
            self._told.notify_all()

    # Read by the run.

    @property
    def stopped(self) -> bool:
        return self._stopped

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def speed(self) -> float | None:
        return self._speed

    @property
    def views(self) -> Views | None:
        return self._views

    @property
    def resumes(self) -> int:
        """How often the run was told to go on."""
        return self._resumes

    def pause_after(self, resumes: int) -> None:
        """The run pauses by itself, unless it was told to go on since `resumes` were counted."""
        with self._told:
            if self._resumes == resumes:
                self._paused, self._steps, self._epochs = True, 0, 0

    def set_blocked(self, is_blocked: bool) -> None:
        """The run says whether there is something to train on. Steps that nothing can come of are
        forgotten.
        """
        with self._told:
            self._is_blocked = is_blocked
            if is_blocked:
                self._steps = self._epochs = 0

    def wanted_steps(self) -> tuple[int, int]:
        """(batches, epochs) that were asked for while paused and are not yet taken."""
        with self._told:
            return self._steps, self._epochs

    def took_step(self) -> None:
        with self._told:
            self._steps = max(0, self._steps - 1)
            self._taken = self._taken[0] + 1, self._taken[1]

    def took_epoch(self) -> None:
        with self._told:
            self._epochs = max(0, self._epochs - 1)
            self._taken = self._taken[0], self._taken[1] + 1

    @property
    def taken(self) -> tuple[int, int]:
        """(batches, epochs) that were taken while paused, because they were asked for."""
        return self._taken

    def take_change(self) -> Change:
        """What has changed since the last call."""
        with self._told:
            change, self._change = self._change, Change()
            return change

    def wait_while_paused(self) -> None:
        """Sleep until there is something to do: resumed, stopped, changed or asked for steps."""
        with self._told:
            self._told.wait_for(lambda: not self._paused or self._has_news())

    def wait_for_change(self) -> None:
        """Sleep until a live change arrives or the run is stopped."""
        with self._told:
            self._told.wait_for(lambda: self._stopped or bool(self._change))

    def sleep(self, seconds: float) -> None:
        """Sleep that long, or until something is told."""
        with self._told:
            self._told.wait_for(lambda: self._paused or self._has_news(), seconds)

    def _has_news(self) -> bool:
        return bool(self._stopped or self._change or self._steps or self._epochs)
