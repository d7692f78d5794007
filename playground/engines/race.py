"""A race: several experiments trained side by side, all through the one training loop.

    RaceControl    in:  stop, pause, speed
    race           the race itself, a generator
    RaceSnapshot   out: where every lane is; the newest one holds everything

All lanes of a race are iterated by one thread, a few epochs each in turn, so that they stay level
and a live picture of all of them can be drawn. torch is imported when a race begins, not before:
the window knows the types of this module. Control and snapshots may be used from any thread.
"""

from __future__ import annotations

import csv
import io
import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import numpy.typing as npt

from playground.core.dataset import Dataset, prepare
from playground.core.errors import ExperimentError, PlaygroundError
from playground.core.experiment import Experiment
from playground.core.points import frozen
from playground.engines.base import Plan, Score, SplitName
from playground.engines.exchange import CurvePoint, RunControl, Snapshot, State, Views

__all__ = [
    "Lane",
    "RaceControl",
    "RaceSnapshot",
    "Standing",
    "as_csv",
    "race",
    "standings",
    "watched_losses",
]

TURN_SECONDS = 0.05
"""About how long all lanes together train before they are looked at."""

OVER = (State.REACHED, State.DIVERGED)


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """One of the experiments, and how far it is.

    curve   a point for every epoch from 0 on, whatever has been looked at
    losses  float64 (epochs, 2): training and test loss of each point, NaN where there is none
    """

    name: str
    experiment: Experiment
    snapshot: Snapshot
    curve: tuple[CurvePoint, ...]
    losses: npt.NDArray[np.float64]

    @property
    def dataset(self) -> Dataset:
        return self.snapshot.dataset

    @property
    def steps_per_epoch(self) -> int:
        """Batches that make up an epoch; the last one may be short."""
        rows, size = len(self.dataset.train), self.experiment.training.batch_size
        return 1 if isinstance(size, str) else math.ceil(rows / min(size, rows))

    @property
    def is_over(self) -> bool:
        return self.snapshot.state in OVER


@dataclass(frozen=True, slots=True, eq=False)
class RaceSnapshot:
    """All lanes, in the order in which they were given."""

    lanes: tuple[Lane, ...]
    epochs: int

    @property
    def is_over(self) -> bool:
        return all(lane.is_over for lane in self.lanes)

    @property
    def epoch(self) -> int:
        """How far the first of them are."""
        return max(lane.snapshot.epoch for lane in self.lanes)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a table says of a lane. `epoch` and `step` are those at whose end its loss was below the
    threshold for the first time; None where it has not been yet, or no threshold is set.
    """

    name: str
    train: Score
    test: Score | None
    has_diverged: bool
    epoch: int | None
    step: int | None
    parameters: int = 0


def standings(
    lanes: Sequence[Lane], threshold: float | None, watch: SplitName = "train"
) -> list[Standing]:
    """A row for each lane; `watch` says whose loss has to get below the threshold.

    Losses are known at the end of every epoch, which is every step where the batch is full.
    """
    result = []
    for lane in lanes:
        now = lane.snapshot
        epoch = None if threshold is None else _first_below(lane.losses, threshold, watch)
        step = None if epoch is None else epoch * lane.steps_per_epoch
        has_diverged = now.state == State.DIVERGED
        result.append(
            Standing(lane.name, now.train, now.test, has_diverged, epoch, step, now.info.parameters)
        )
    return result


def watched_losses(losses: npt.NDArray[np.float64], watch: SplitName) -> npt.NDArray[np.float64]:
    """The column (epochs,) of a lane's losses that is watched; training without test points."""
    train, test = losses.T
    return test if watch == "test" and not np.isnan(test).all() else train


def _first_below(losses: npt.NDArray[np.float64], threshold: float, watch: SplitName) -> int | None:
    below = np.flatnonzero(watched_losses(losses, watch) < threshold)
    return int(below[0]) if len(below) else None


class RaceControl:
    """What one side tells a race. `views` are the pictures wanted of every lane, None for none.

    speed  epochs a second for every lane; None for as fast as possible
    """

    def __init__(self, *, views: Views | None = None, speed: float | None = None) -> None:
        self.views = views
        self._told = threading.Condition()
        self._stopped = self._paused = False
        self._speed = speed
        self._runs: list[RunControl] = []

    def stop(self) -> None:
        """End the race, in the middle of an epoch if need be; it cannot be resumed."""
        with self._told:
            self._stopped = True
            for run in self._runs:
                run.stop()
            self._told.notify_all()

    def pause(self) -> None:
        with self._told:
            self._paused = True
            self._told.notify_all()

    def resume(self) -> None:
        with self._told:
            self._paused = False
            self._told.notify_all()

    def set_speed(self, epochs_per_second: float | None) -> None:
        with self._told:
            self._speed = epochs_per_second
            self._told.notify_all()

    @property
    def stopped(self) -> bool:
        return self._stopped

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def speed(self) -> float | None:
        return self._speed

    def enter(self) -> RunControl:
        """The control of one more lane: it waits until it is told how many epochs to take."""
        run = RunControl(interactive=True, paused=True, views=self.views)
        with self._told:
            self._runs.append(run)
            if self._stopped:
                run.stop()
        return run

    def wait_while_paused(self) -> None:
        with self._told:
            self._told.wait_for(lambda: self._stopped or not self._paused)

    def sleep(self, seconds: float) -> None:
        """Sleep that long, or until something is told."""
        speed = self._speed
        with self._told:
            self._told.wait_for(
                lambda: self._stopped or self._paused or self._speed != speed, seconds
            )


class _Racer:
    """One lane from the inside: its training loop, taken a few epochs at a time."""

    def __init__(self, name: str, experiment: Experiment, epochs: int, race: RaceControl) -> None:
        from playground.engines.selection import await_kernels
        from playground.engines.training import train

        self.name, self.experiment = name, experiment.with_setting("training.epochs", epochs)
        self._race = race
        self._control = race.enter()
        try:
            dataset = prepare(self.experiment)
            if race.views is None:  # nobody watches, so nobody is kept waiting
                await_kernels(Plan.of(self.experiment, dataset))
            self._run = train(self.experiment, dataset, self._control, evaluate_every=1)
            self.snapshot = next(self._run)
        except PlaygroundError as error:
            raise type(error)(f"{name}: {error}") from None
        self._curve: list[CurvePoint] = []
        self._losses = np.full((epochs + 1, 2), np.nan)
        self._keep(self.snapshot)

    def advance(self, epochs: int) -> None:
        """Train for that many epochs, or to the end if that comes first."""
        left = (self.experiment.training.epochs or 0) - self.snapshot.epoch
        target = self.snapshot.epoch + min(epochs, left)
        if self.is_over or target == self.snapshot.epoch:
            return
        self._control.take_epochs(min(epochs, left))
        for snapshot in self._run:
            self._keep(snapshot)
            if self.is_over or snapshot.epoch >= target:
                break

    @property
    def is_over(self) -> bool:
        return self.snapshot.state in OVER

    def lane(self) -> Lane:
        # Rows that are handed over are never written again, so nothing needs to be copied.
        losses = frozen(self._losses[: len(self._curve)])
        return Lane(self.name, self.experiment, self.snapshot, tuple(self._curve), losses)

    def _keep(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        for point in snapshot.curve:
            test = math.nan if point.test is None else point.test.loss
            self._losses[len(self._curve)] = point.train.loss, test
            self._curve.append(point)


def race(
    experiments: Mapping[str, Experiment], *, epochs: int, control: RaceControl | None = None
) -> Iterator[RaceSnapshot]:
    """Train every experiment for that many epochs, level with the others, and yield where they are.

    Yields at the start, after every turn, and at the end; stopped, it ends without another word.
    How long a turn is changes nothing of what is learned. Experiments with the same network and
    training seed start from the same weights. Raises PlaygroundError, with the name of the lane,
    where one cannot be trained.
    """
    control = control or RaceControl()
    if not experiments:
        raise ExperimentError("There is nothing to race; name at least one experiment.")
    racers = [_Racer(name, lane, epochs, control) for name, lane in experiments.items()]
    pace = _Pace()
    yield _snapshot(racers, epochs)
    while not control.stopped and not all(racer.is_over for racer in racers):
        if control.paused:
            control.wait_while_paused()
            pace.rest()
            continue
        speed = control.speed
        turn = pace.epochs_due(speed)
        if turn == 0:
            control.sleep(pace.until_next(speed))
            continue
        yield from _take_turns(racers, turn, epochs, control, pace)


def _take_turns(
    racers: Sequence[_Racer], turn: int, epochs: int, control: RaceControl, pace: _Pace
) -> Iterator[RaceSnapshot]:
    """Let every lane train for `turn` epochs; where that takes long, yield in between, too."""
    began = shown = perf_counter()
    for racer in racers:
        racer.advance(turn)
        if control.stopped:
            return
        if perf_counter() - shown > 2 * TURN_SECONDS and racer is not racers[-1]:
            yield _snapshot(racers, epochs)
            shown = perf_counter()
    pace.took(turn, perf_counter() - began)
    yield _snapshot(racers, epochs)


def _snapshot(racers: Sequence[_Racer], epochs: int) -> RaceSnapshot:
    return RaceSnapshot(tuple(racer.lane() for racer in racers), epochs)


class _Pace:
    """How many epochs a turn has: as many as fit into its time, or as a set speed allows."""

    def __init__(self) -> None:
        self._fit = 1
        self._speed: float | None = None
        self.rest()

    def rest(self) -> None:
        """Nothing is due for the time that has passed until now."""
        self._since, self._taken = perf_counter(), 0

    def epochs_due(self, speed: float | None) -> int:
        if speed != self._speed:
            self._speed = speed
            self.rest()
        if speed is None:
            return self._fit
        due = int((perf_counter() - self._since) * speed) - self._taken
        return max(0, min(due, self._fit))

    def until_next(self, speed: float | None) -> float:
        """Seconds until an epoch is due."""
        if speed is None:
            return 0.0
        return max(0.0, (self._taken + 1) / speed - (perf_counter() - self._since))

    def took(self, epochs: int, seconds: float) -> None:
        """Turns double at most: the first ones, in which kernels load, say little."""
        self._taken += epochs
        self._fit = max(1, min(2 * epochs, int(epochs * TURN_SECONDS / max(seconds, 1e-6))))


COLUMNS = (
    "lane", "epoch", "step", "train_loss", "test_loss", "train_accuracy", "test_accuracy",
    "learning_rate",
)  # fmt: skip


def as_csv(lanes: Sequence[Lane]) -> bytes:
    """The curves of all lanes as one table, a row for each lane and epoch; what does not exist is
    left empty.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for lane in lanes:
        for point in lane.curve:
            test = point.test or Score(math.nan, None)
            values = (point.train.loss, test.loss, point.train.accuracy, test.accuracy)
            table.writerow(
                [
                    lane.name,
                    point.epoch,
                    point.epoch * lane.steps_per_epoch,
                    *("" if value is None or math.isnan(value) else value for value in values),
                    point.learning_rate,
                ]
            )
    return text.getvalue().encode()
