"""Everything that crosses between the thread that trains and the thread that looks.

    RunControl   in:  stop, pause, steps, speed, live changes, which pictures are wanted
    Snapshot     out: immutable numbers and arrays; in a Mailbox no point of the curve is lost

Both may be used from any thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from playground.core.data.dataset import Dataset
from playground.core.data.points import IntArray
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.base import Score, Weights
from playground.engines.contract.checkpoint import Checkpoint
from playground.engines.contract.control import Control
from playground.engines.contract.views import Frame, Inspection, Views


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


ENDED = frozenset((State.REACHED, State.DIVERGED))
"""States of a run that goes on only if it is told to."""


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
    None before the first one, and for batches too large to point out. `r2` is that of the test
    points, or of the training points where there are none; None for classes, and where nobody looks
    or there are too many points to ask for. `checkpoint` comes with the last snapshot of a run
    without a window.
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
    r2: float | None = None
    checkpoint: Checkpoint | None = None

    @property
    def has_scores(self) -> bool:
        """False where the scores are those of data that are gone: there is nothing to train on."""
        return self.state != State.BLOCKED

    @property
    def origin(self) -> tuple[int, int]:
        """What training this is a moment of: snapshots of one origin belong to one curve."""
        return self.run_id, self.generation

    def after(self, older: Snapshot) -> Snapshot:
        """This one in place of an older one that nobody has seen: with its points of the curve, and
        what else only the older one has.
        """
        if older.origin != self.origin:
            return self
        inspection = older.inspection if older.dataset is self.dataset else None
        message = older.message if older.state == self.state else ""
        return replace(
            self,
            curve=older.curve + self.curve,
            frame=self.frame or older.frame,
            inspection=self.inspection or inspection,
            message=self.message or message,
        )

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


NOTHING_NEW = Change()


class RunControl(Control):
    """What one side tells a run, and the run reads between two steps.

    interactive  True in the window: the run waits, paused, where a headless one would end.
    revision     a number that the looking side raises with everything that decides what is learned.
    views        the pictures that are wanted, None for none
    resumes      how often the run was told to go on
    taken        (batches, epochs) that were taken while paused, because they were asked for
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
        super().__init__(paused=paused, speed=speed)
        self.interactive = interactive
        self.first_revision = revision
        self._steps = 0
        self._epochs = 0
        self.taken = (0, 0)
        self.resumes = 0
        self._is_blocked = False
        self.views = views
        self._change = NOTHING_NEW

    # Told by the side that looks.

    def pause(self) -> None:
        with self._condition:
            self._steps = self._epochs = 0
            super().pause()

    def resume(self) -> None:
        with self._condition:
            self._steps = self._epochs = 0
            self.resumes += 1
            super().resume()

    def take_steps(self, count: int) -> None:
        """While paused, train that many batches and pause again; nothing where none can be."""
        with self._condition:
            if self._can_step():
                self._steps += count
            self._condition.notify_all()

    def take_epochs(self, count: int) -> None:
        """While paused, train to the end of this epoch, and `count - 1` more, and pause again."""
        with self._condition:
            if self._can_step():
                self._epochs += count
            self._condition.notify_all()

    def _can_step(self) -> bool:
        """False while there is nothing to train on, and nothing new to try."""
        return not self._is_blocked or self._change.experiment is not None

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
        with self._condition:
            old = self._change
            edits = () if weights is not None else old.edited
            self._change = Change(
                experiment or old.experiment,
                views or old.views,
                old.weights if weights is None else weights,
                edits if edited is None else (*edits, edited),
                old.revision if revision is None else revision,
            )
            self.views = views or self.views
            self._condition.notify_all()

    # Read by the run.

    def pause_after(self, resumes: int) -> None:
        """The run pauses by itself, unless it was told to go on since `resumes` were counted."""
        with self._condition:
            if self.resumes == resumes:
                self.paused, self._steps, self._epochs = True, 0, 0

    def set_blocked(self, is_blocked: bool) -> None:
        """The run says whether there is something to train on. Steps that nothing can come of are
        forgotten.
        """
        with self._condition:
            self._is_blocked = is_blocked
            if is_blocked:
                self._steps = self._epochs = 0

    def wanted_steps(self) -> tuple[int, int]:
        """(batches, epochs) that were asked for while paused and are not yet taken."""
        with self._condition:
            return self._steps, self._epochs

    def took_step(self) -> None:
        with self._condition:
            self._steps = max(0, self._steps - 1)
            self.taken = self.taken[0] + 1, self.taken[1]

    def took_epoch(self) -> None:
        with self._condition:
            self._epochs = max(0, self._epochs - 1)
            self.taken = self.taken[0], self.taken[1] + 1

    def take_change(self) -> Change:
        """What has changed since the last call, `NOTHING_NEW` if nothing has."""
        with self._condition:
            change, self._change = self._change, NOTHING_NEW
            return change

    def wait_for_change(self) -> None:
        """Sleep until a live change arrives or the run is stopped."""
        with self._condition:
            self._condition.wait_for(lambda: self.stopped or self._change is not NOTHING_NEW)

    def _has_news(self) -> bool:
        is_told = self._change is not NOTHING_NEW
        return self.stopped or is_told or bool(self._steps or self._epochs)
