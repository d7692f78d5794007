"""A network on its way: steps, epochs, the curve, and the way back from what is not a number.

Knows nothing of who looks or tells; `run` does. Belongs to the thread that trains.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from playground.core.data.data import same_but_for_looks
from playground.core.data.dataset import Dataset, prepare
from playground.core.data.points import frozen
from playground.core.data.target_scale import PLAIN
from playground.core.errors import DataError, PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.core.messages import Message
from playground.core.training.schedules import Plateau, PlateauWatch
from playground.core.training.stopping import StopWatch
from playground.engines.contract.base import Engine, Plan, Weights
from playground.engines.contract.batches import Batches
from playground.engines.contract.checkpoint import Checkpoint, Mark
from playground.engines.contract.run_control import CurvePoint, RunInfo, State, WeightEdit
from playground.engines.loop.clock import Clock
from playground.engines.loop.ending import Ending
from playground.engines.loop.measuring import Measured, measure
from playground.engines.loop.selection import select
from playground.engines.memory import check_room

CURVE_POINTS = 256
"""A loss curve has a point an epoch at first, then this many more for each doubling of a run."""


class Progress:
    """One training of one network, step by step. Raises PlaygroundError where it cannot begin.

    `state` and `message` tell where it ended or broke; `curve` grows until somebody takes it.

    stopped  asked while the engine is waited for, which then raises Cancelled
    start    the moment to go on from, of the same network and optimizer; None for the first weights
    """

    def __init__(
        self,
        experiment: Experiment,
        dataset: Dataset,
        evaluate_every: int | None,
        stopped: Callable[[], bool] = lambda: False,
        start: Checkpoint | None = None,
    ) -> None:
        self.experiment, self.dataset = experiment, dataset
        self.evaluate_every = evaluate_every
        plan, rows = Plan.of(experiment, dataset), len(dataset.train)
        plan.analysis.check()
        check_room(plan, rows)
        selection = select(plan, stopped)
        self.engine: Engine = selection.engine(plan)
        self.engine.load(dataset)
        schedule = experiment.training.schedule
        self.plateau = PlateauWatch(schedule) if isinstance(schedule, Plateau) else None
        self.batches = Batches(experiment, rows)
        self.ending = Ending(experiment.training)
        self.state, self.message = State.RUNNING, ""
        self.epoch = self.step = self.steps_since = 0
        self.curve: list[CurvePoint] = []
        self._newest_on_curve = -1
        self.clock = Clock()
        self.plan = plan
        self.info = RunInfo(
            self.engine.key,
            self.engine.label,
            selection.reason,
            self.engine.device,
            plan.analysis.parameters,
            self.engine.threads(self.batches.batch_size),
        )
        if start is None:
            self._begin()
        else:
            self._resume(start)

    def _begin(self) -> None:
        """Measure the first weights, the first to go back to."""
        with self.clock:
            self.now = self._measure()
            if not self.now.is_finite:
                raise PlaygroundError(
                    "The loss is not a finite number before the first step; standardise the data"
                    " or make it smaller."
                )
            self._mark()
            self._add_to_curve()
        self._end_where_it_should()

    def _resume(self, start: Checkpoint) -> None:
        """Go on from a moment: only what is there at the end of an epoch belongs on the curve."""
        self.engine.set_state(start.engine)
        self.batches.go_back(start.place)
        self.epoch, self.step, self._good = start.epoch, start.step, start.good
        for name, watch in self._watches():
            if name in start.watched:
                watch.go_on(start.watched[name].tolist())
        with self.clock:
            self.now = self._measure()
        if not self.now.has_finite_weights:
            raise PlaygroundError(
                "This checkpoint has weights that are not finite numbers; go on from an earlier"
                " one, or train anew."
            )
        if self.batches.position == 0:
            self._add_to_curve()
            self._end_where_it_should()

    def checkpoint(self) -> Checkpoint:
        """This moment, to go on from."""
        return Checkpoint(
            self.epoch,
            self.step,
            self.engine.state(),
            self.batches.place(),
            {name: frozen(np.array(watch.memory, np.float64)) for name, watch in self._watches()},
            self._good,
        )

    def _watches(self) -> list[tuple[str, PlateauWatch | StopWatch]]:
        """What remembers earlier epochs."""
        every = ("plateau", self.plateau), ("stop", self.ending.watch)
        return [(name, watch) for name, watch in every if watch is not None]

    # Steps and epochs.

    def take(self, steps: int) -> int:
        """Take that many steps: whole epochs, or a part of one; the number of epochs they end."""
        with self.clock:
            orders = self.batches.take(steps)
            rates = np.array([self.rate(self.epoch + i) for i in range(len(orders))])
            self.engine.train(orders, self.batches.batch_size, rates)
        taken = math.ceil(orders.shape[1] / self.batches.batch_size) * len(orders)
        self.clock.took(taken)
        self.step += taken
        self.steps_since += taken
        epochs = len(orders) if self.batches.position == 0 else 0
        if epochs:
            self._finish_epochs(epochs)
        return epochs

    def steps_within(self, budget: int) -> int:
        """How many of at most `budget` steps to take in one go: whole epochs where they are short,
        else part of one.
        """
        if self.batches.position or budget < self.batches.steps_per_epoch:
            return min(budget, self.batches.steps_left)
        epochs = min(budget // self.batches.steps_per_epoch, self._epochs_until_stop())
        return epochs * self.batches.steps_per_epoch

    def rate(self, epoch: int) -> float:
        """The learning rate in an epoch."""
        training = self.experiment.training
        factor = self.plateau.factor if self.plateau else training.schedule.factor(epoch)
        return training.optimizer.learning_rate * factor

    def go_on(self) -> None:
        """Somebody wants more, where need be beyond the last epoch that was set."""
        has_ended = self.state == State.REACHED
        self.ending.go_on(self.epoch, self.experiment.training, has_ended=has_ended)
        self.state = State.RUNNING

    def _epochs_until_stop(self) -> int:
        """Whole epochs to the next evaluation or to the end, whichever comes first."""
        watches = self.plateau or self.ending.watches
        stops = [1 if watches else self._next_curve_point() - self.epoch]
        left = self.ending.epochs_left(self.epoch)
        if left is not None:
            stops.append(left)
        return max(1, min(stops))

    def _next_curve_point(self) -> int:
        every = self.evaluate_every or 1 << max(0, (self.epoch // CURVE_POINTS).bit_length() - 1)
        return (self.epoch // every + 1) * every

    def _finish_epochs(self, count: int) -> None:
        due = self._next_curve_point()
        self.epoch += count
        is_due = self.epoch >= due or self.ending.is_at_limit(self.epoch)
        if is_due or self.plateau or self.ending.watches:
            with self.clock:
                self._evaluate_epoch(on_curve=is_due)
        if self.state == State.RUNNING:
            self._end_where_it_should()

    def _end_where_it_should(self) -> None:
        """End the training after its last epoch, or where a condition holds."""
        reason = self.ending.reason(self.epoch, self.now.train, self.now.test)
        if reason is None:
            return
        if self._newest_on_curve != self.epoch:
            self._add_to_curve()
        self.state, self.message = State.REACHED, reason

    # Evaluation.

    @property
    def _loss_unit(self) -> float:
        """The unit of the loss in the units of the data."""
        scale = self.dataset.target_scale
        return 1.0 if scale is PLAIN else scale.of_loss(self.experiment.training.loss)

    def _measure(self) -> Measured:
        return measure(self.engine, self.step, self._loss_unit)

    def look(self) -> None:
        """Measure the network as it is, for whoever looks at it between two points of the curve.

        Only weights that no step can mend end the training here, so that looking changes nothing:
        a loss may be out of range in the middle of an epoch and come back.
        """
        if self.now.step != self.step:
            self.now = self._measure()
            if not self.now.has_finite_weights:
                self._go_back()

    def _evaluate_epoch(self, *, on_curve: bool) -> None:
        """Evaluate at the end of an epoch: for the curve, or for a schedule that watches it."""
        self.now = self._measure()
        if not self.now.is_finite:
            self._go_back()
            return
        self._mark()
        if on_curve:
            self._add_to_curve()
        if self.plateau:
            # What is made small is the loss of the learned numbers.
            self.plateau.observe(self.now.train.loss / self._loss_unit + self.engine.penalty())

    def _add_to_curve(self) -> None:
        rate = self.rate(self.epoch)
        self.curve.append(CurvePoint(self.epoch, self.now.train, self.now.test, rate))
        self._newest_on_curve = self.epoch

    def _mark(self) -> None:
        """This is where to go back to."""
        self._good = Mark(self.epoch, self.step, self.now.weights, self.batches.place())

    def _go_back(self) -> None:
        """Restore the last good weights and say what happened.

        The rows are dealt out from there again, so that what is learned afterwards does not depend
        on when the break was noticed.
        """
        good = self._good
        self.engine.set_weights(good.weights)
        self.engine.forget()
        self.epoch, self.step = good.epoch, good.step
        self.batches.go_back(good.place)
        self.now = self._measure()
        if self.batches.position == 0 and self._newest_on_curve != self.epoch:
            self._add_to_curve()
        self.state = State.DIVERGED
        self.message = Message(
            "The loss stopped being a finite number after epoch {epoch:,}: the steps were too"
            " large. These are the last good weights. Lower the learning rate ({rate:g}) or reset.",
            epoch=self.epoch,
            rate=self.rate(self.epoch),
        )

    # What a person changes.

    def set_weights(self, weights: Weights) -> None:
        """Go on from these weights; finite ones are good ones to go back to."""
        self.engine.set_weights(weights)
        self.now = self._measure()
        if self.now.is_finite:
            self._mark()
            self._renew_curve_point()
        else:
            self._go_back()

    def edit_weights(self, edits: Iterable[WeightEdit]) -> None:
        """Put single weights to values, and leave all others as far as they have learned."""
        weights = {name: array.copy() for name, array in self.engine.weights().items()}
        for name, place, value in edits:
            # The hand may have been on the picture of a network that another one has replaced.
            if _is_inside(place, weights[name].shape if name in weights else ()):
                weights[name][place] = value
        self.set_weights(weights)

    def use(self, experiment: Experiment) -> None:
        """Go on with another experiment that `live_change` allows."""
        old, self.experiment = self.experiment, experiment
        before, now = old.training, experiment.training
        has_other_data = experiment.data != old.data
        if has_other_data and same_but_for_looks(experiment.data, old.data):
            self.use_looks(experiment)
            has_other_data = False
        if has_other_data:
            self._replace_data(experiment)
        if now.regularization != before.regularization:
            self.engine.regularize(now.regularization)
        if has_other_data or now.batch_size != before.batch_size:
            self._resize_batches(now.batch_size)
        moved = now != before and self.ending.change(before, now)
        if moved and self.state == State.REACHED and not self.ending.is_at_limit(self.epoch):
            self.state = State.RUNNING

    def use_looks(self, experiment: Experiment) -> None:
        """Have the classes look as in another experiment; nothing else changes."""
        self.dataset = self.dataset.looking_like(experiment.data)

    def block(self, message: str) -> None:
        """There is nothing to train on until something changes."""
        self.state, self.message = State.BLOCKED, message

    def _resize_batches(self, batch_size: int | str) -> None:
        before = self.batches.batch_size
        self.batches.resize(len(self.dataset.train), batch_size)
        if self.batches.batch_size != before:
            self.clock.forget_cost()
            threads = self.engine.threads(self.batches.batch_size)
            self.info = replace(self.info, threads=threads)

    def _replace_data(self, experiment: Experiment) -> None:
        """Train on other data from now on.

        Where they cannot be trained on, wait for better data, with the old ones in place.
        """
        before = self.dataset
        try:
            dataset = prepare(experiment)
            self._check_fits_network(dataset)
            self._load(dataset)
        except PlaygroundError as error:
            self.block(error.message)
            if self.dataset is not before:
                self._load(before)
            return
        if self.state == State.BLOCKED:
            self.state = State.RUNNING
        self._renew_curve_point()

    def _load(self, dataset: Dataset) -> None:
        """Take these data, and measure on them. Raises DataError where the loss gets out of range,
        unless the weights themselves are what is broken.
        """
        self.dataset = dataset
        self.engine.load(dataset)
        now = self._measure()
        if now.has_finite_weights and not now.is_finite:
            raise DataError(
                "The loss of this network on these points is not a finite number; standardise the"
                " data or make it smaller."
            )
        self.now = now
        if not now.has_finite_weights:
            self._go_back()

    def _renew_curve_point(self) -> None:
        """What was measured at the end of this epoch is measured again: other points, or other
        weights.
        """
        if self.batches.position == 0 and self._newest_on_curve == self.epoch:
            self._add_to_curve()

    def _check_fits_network(self, dataset: Dataset) -> None:
        old = self.dataset
        if (dataset.width, dataset.outputs) != (old.width, old.outputs):
            raise DataError(
                "The network has {inputs} inputs and {outputs} outputs, but this data needs"
                " {width} and {wanted}; reset to start with a new network.",
                inputs=old.width,
                outputs=old.outputs,
                width=dataset.width,
                wanted=dataset.outputs,
            )


def _is_inside(place: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """True where an array of that shape has an element at that place."""
    return len(place) == len(shape) > 0 and all(
        -length <= index < length for index, length in zip(place, shape, strict=True)
    )
