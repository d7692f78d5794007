"""A race: several experiments trained side by side, all through the one training loop.

    RaceControl    in:  stop, pause, speed (race_control)
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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import numpy.typing as npt

from playground.core.data.dataset import Dataset, prepare
from playground.core.data.points import frozen
from playground.core.data.tables.reading import Cancelled
from playground.core.errors import ExperimentError, PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.base import Plan, Score, SplitName
from playground.engines.contract.run_control import CurvePoint, Snapshot, State
from playground.engines.many.race_control import TURN_SECONDS, Pace, RaceControl

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


class _Racer:
    """One lane from the inside: its training loop, taken a few epochs at a time.

    Raises PlaygroundError where it cannot be trained, Cancelled where the race ends meanwhile.
    """

    def __init__(self, name: str, experiment: Experiment, epochs: int, race: RaceControl) -> None:
        from playground.engines.loop.selection import await_kernels
        from playground.engines.loop.training import train

        self.name, self.experiment = name, experiment.with_setting("training.epochs", epochs)
        self._race = race
        self._control = race.enter()
        try:
            dataset = prepare(self.experiment, race.check)
            if race.views is None:  # nobody watches, so nobody is kept waiting
                await_kernels(Plan.of(self.experiment, dataset), lambda: race.stopped)
            race.check()
            self._run = train(self.experiment, dataset, self._control, evaluate_every=1)
            first = next(self._run, None)
        except PlaygroundError as error:
            raise error.within(name) from None
        if first is None:
            raise Cancelled
        self.snapshot = first
        self._curve: list[CurvePoint] = []
        self._losses = np.full((epochs + 1, 2), np.nan)
        self._keep(self.snapshot)

    def ask(self, epochs: int) -> None:
        """Let `advance` take that many epochs, or those that are left if they are fewer."""
        left = (self.experiment.training.epochs or 0) - self.snapshot.epoch
        epochs = 0 if self.is_over else min(epochs, left)
        self._target = self.snapshot.epoch + epochs
        if epochs:
            self._control.take_epochs(epochs)

    def advance(self) -> bool:
        """Train for the epochs that were asked for; False where a pause came first, and the next
        call goes on from there.
        """
        while not self.is_over and self.snapshot.epoch < self._target:
            if self._race.paused:
                return False
            snapshot = next(self._run, None)
            if snapshot is None:  # stopped
                break
            self._keep(snapshot)
        return True

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
    racers = []
    with suppress(Cancelled):
        for name, lane in experiments.items():
            racers.append(_Racer(name, lane, epochs, control))
    if control.stopped:
        return
    pace = Pace()
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
    racers: Sequence[_Racer], turn: int, epochs: int, control: RaceControl, pace: Pace
) -> Iterator[RaceSnapshot]:
    """Let every lane train for `turn` epochs; where that takes long, yield in between, too.

    A pause holds the turn where it stands; it goes on with the same lane, so that all lanes are
    level at its end, as if there had been no pause.
    """
    spent, began = 0.0, perf_counter()
    shown = began
    for racer in racers:
        racer.ask(turn)
        while not (racer.advance() or control.stopped):
            yield _snapshot(racers, epochs)
            spent += perf_counter() - began
            control.wait_while_paused()
            began = shown = perf_counter()
            pace.rest()
        if control.stopped:
            return
        if perf_counter() - shown > 2 * TURN_SECONDS and racer is not racers[-1]:
            yield _snapshot(racers, epochs)
            shown = perf_counter()
    pace.took(turn, spent + perf_counter() - began)
    yield _snapshot(racers, epochs)


def _snapshot(racers: Sequence[_Racer], epochs: int) -> RaceSnapshot:
    return RaceSnapshot(tuple(racer.lane() for racer in racers), epochs)


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
