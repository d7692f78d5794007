"""The only training loop: the window, the command line, scripts and benchmarks iterate `train`.

The loop decides *when*: which rows make the next batches, when to evaluate, when to draw, when to
look at what it was told. The engine decides *how*. How often it looks up changes nothing of what is
learned, so the same experiment gives the same curve in the window and without one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from playground.core.dataset import Dataset, prepare
from playground.core.errors import DataError, ExperimentError, PlaygroundError
from playground.core.experiment import Experiment
from playground.core.schedules import Plateau, PlateauWatch
from playground.engines import network
from playground.engines.base import Engine, Plan, Weights
from playground.engines.batches import Batches
from playground.engines.clock import Clock
from playground.engines.ending import Ending
from playground.engines.exchange import (
    Change,
    CurvePoint,
    Inspection,
    RunControl,
    RunInfo,
    Snapshot,
    State,
    WeightEdit,
)
from playground.engines.frames import FramePainter
from playground.engines.inspection import Inspector
from playground.engines.memory import check_room
from playground.engines.selection import select

__all__ = ["train"]

LOOK_UP_SECONDS = 0.01
"""How long the loop works at most before it looks at its control again."""

CURVE_POINTS = 256
"""A loss curve has a point an epoch at first, then this many more for each doubling of a run."""


def train(
    experiment: Experiment,
    dataset: Dataset,
    control: RunControl | None = None,
    *,
    run_id: int = 0,
    evaluate_every: int | None = None,
) -> Iterator[Snapshot]:
    """Train, and yield a Snapshot at the start, at the end, and in between whenever there is
    something to see.

    Headless (`control.interactive` is False) the run ends after `training.epochs`, or where the
    loss is no longer finite, with state REACHED or DIVERGED. In the window it then waits, paused,
    until it is stopped.

    evaluate_every  epochs between two points of the curve; left out, the gap widens as the run gets
                    longer.

    Everything that touches torch happens in the thread that iterates. Raises PlaygroundError where
    the experiment cannot be trained.
    """
    control = control or RunControl()
    if experiment.training.epochs is None and not control.interactive:
        raise ExperimentError("training.epochs: say how many epochs to train for.")
    run = _Run(experiment, dataset, control, run_id, evaluate_every)
    yield run.snapshot()
    while not (control.stopped or run.is_over()):
        if run.apply(control.take_change()):
            yield run.snapshot()
        elif run.state == State.BLOCKED:
            control.wait_for_change()
        elif not run.waits():
            run.advance()
            if run.has_news():
                yield run.snapshot()
        elif run.is_shown():
            control.wait_while_paused()
        else:
            # Told to pause since the last snapshot: whoever looks has to know where it stopped.
            yield run.snapshot()
    if not (control.interactive or run.is_over()):
        yield run.snapshot()


class _Run:
    """One run from its first weights on; it belongs to the thread that iterates `train`."""

    def __init__(
        self,
        experiment: Experiment,
        dataset: Dataset,
        control: RunControl,
        run_id: int,
        evaluate_every: int | None,
    ) -> None:
        self.run_id, self.control, self.evaluate_every = run_id, control, evaluate_every
        self.experiment, self.dataset = experiment, dataset
        plan = Plan.of(experiment, dataset)
        network.check(plan, len(dataset.train))
        check_room(plan, len(dataset.train))
        selection = select(plan)
        self.engine: Engine = selection.engine(plan)
        self.engine.load(dataset)
        self.info = RunInfo(
            self.engine.key,
            self.engine.label,
            selection.reason,
            self.engine.device,
            network.parameter_count(self.engine.weights()),
        )
        schedule = experiment.training.schedule
        self.plateau = PlateauWatch(schedule) if isinstance(schedule, Plateau) else None
        self.batches = Batches(experiment, len(dataset.train))
        self.ending = Ending(experiment.training)
        self.state, self.message = State.RUNNING, ""
        self.epoch = self.step = 0
        self.shown: tuple[int, State] | None = None
        self.curve: list[CurvePoint] = []
        self.good_weights: Weights | None = None
        self.clock = Clock()
        self.pictures = FramePainter()
        self.inspector = Inspector(plan, dataset)
        with self.clock.working():
            self._evaluate_epoch()
        self._end_where_it_should()

    # What the loop asks.

    def waits(self) -> bool:
        """True where a paused run has nothing to do."""
        return self.control.paused and self.control.wanted_steps() == (0, 0)

    def shown_state(self) -> State:
        """The state as a person sees it: a running run that waits is paused."""
        return State.PAUSED if self.state == State.RUNNING and self.waits() else self.state

    def is_shown(self) -> bool:
        """True where the last snapshot tells where the run stands."""
        return self.shown == (self.step, self.shown_state())

    def has_news(self) -> bool:
        """True where a snapshot is due: a picture in the window, a curve point without one."""
        if self.state != State.RUNNING:
            return True
        if self.control.views is None:
            return bool(self.curve)
        return not (self.is_shown() or self._is_quiet()) and self.clock.frame_is_due()

    def is_over(self) -> bool:
        return self.state in (State.REACHED, State.DIVERGED) and not self.control.interactive

    # What the loop does.

    def apply(self, change: Change) -> bool:
        """Act on live changes; True where something can be seen to have changed."""
        if change.experiment is not None:
            self._apply_experiment(change.experiment)
        if change.weights is not None:
            self.engine.set_weights(change.weights)
        if change.edited:
            self._edit_weights(change.edited)
        if change.experiment is not None or change.weights is not None or change.edited:
            self._evaluate_now()
        return bool(change)

    def _edit_weights(self, edits: Iterable[WeightEdit]) -> None:
        """Put single weights to values, and leave all others as far as they have learned."""
        weights = {name: array.copy() for name, array in self.engine.weights().items()}
        for name, place, value in edits:
            weights[name][place] = value
        self.engine.set_weights(weights)

    def advance(self) -> None:
        """Train until it is time to look up, and evaluate where the plan says so."""
        # Read once: what is asked for meanwhile must not be counted as done.
        paused, speed = self.control.paused, self.control.speed
        wanted_steps, wanted_epochs = self.control.wanted_steps() if paused else (0, 0)
        if paused and not (wanted_steps or wanted_epochs):
            return
        self._leave_idle_state()
        steps = 1 if wanted_steps else self._steps_until_look_up(None if paused else speed)
        if wanted_epochs:
            steps = min(steps, self.batches.steps_left)
        if steps == 0:
            self.control.sleep(self.clock.until_next_step(self._step_rate(speed)))
            return
        if wanted_steps:
            self.control.took_step()
        epochs = self._take(steps)
        if epochs:
            self._finish_epochs(epochs)
            if wanted_epochs and not wanted_steps:
                self.control.took_epoch()

    def _take(self, steps: int) -> int:
        """Take that many steps, and give the number of epochs that they end."""
        with self.clock.working():
            orders = self.batches.take(steps)
            rates = np.array([self._rate(self.epoch + i) for i in range(len(orders))])
            self.engine.train(orders, self.batches.batch_size, rates)
        taken = math.ceil(orders.shape[1] / self.batches.batch_size) * len(orders)
        self.clock.took(taken)
        self.step += taken
        return len(orders) if self.batches.position == 0 else 0

    def snapshot(self) -> Snapshot:
        """The run as it is now. `curve` is handed over and starts anew."""
        with self.clock.drawing():
            return self._snapshot()

    def _snapshot(self) -> Snapshot:
        if self.evaluated_step != self.step:
            self._evaluate_now()
        state = self.shown_state()
        self.shown = self.step, state
        curve, self.curve = tuple(self.curve), []
        message, self.message = self.message, ""
        assert self.good_weights is not None, "the first evaluation has set them"
        return Snapshot(
            run_id=self.run_id,
            info=self.info,
            state=state,
            epoch=self.epoch,
            step=self.step,
            seconds=self.clock.seconds,
            steps_per_second=self.clock.rate(self.step),
            learning_rate=self._rate(self.epoch),
            train=self.train_score,
            test=self.test_score,
            penalty=self.engine.penalty(),
            curve=curve,
            weights=self.good_weights,
            frame=self.pictures.draw(
                self.engine,
                self.dataset,
                None if self._is_quiet() else self.control.views,
                self.experiment.view,
                self.batches.last,
            ),
            dataset=self.dataset,
            message=message,
            inspection=self._inspect(state),
            batch=self.inspector.rows_of(self.batches.last),
        )

    def _inspect(self, state: State) -> Inspection | None:
        """A look into the network, where one is wanted: a few times a second, and at a pause."""
        if self.control.views is None or self._is_quiet():
            return None
        assert self.good_weights is not None, "the first evaluation has set them"
        return self.inspector.look(
            self.engine, self.good_weights, self.control.views, at_once=state != State.RUNNING
        )

    def _is_quiet(self) -> bool:
        """True at the start of a run whose result may come before anyone could look."""
        return self.state == State.RUNNING and self.clock.age() < self.control.quiet

    # Steps and epochs.

    def _steps_until_look_up(self, speed: float | None) -> int:
        """How many steps to take in one go: whole epochs where they are short, else part of one."""
        budget = self.clock.steps_within(LOOK_UP_SECONDS)
        if speed is not None:
            budget = min(budget, self.clock.steps_due(self._step_rate(speed)))
        if self.batches.position or budget < self.batches.steps_per_epoch:
            return min(budget, self.batches.steps_left)
        epochs = min(budget // self.batches.steps_per_epoch, self._epochs_until_stop())
        return epochs * self.batches.steps_per_epoch

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
            with self.clock.working():
                self._evaluate_epoch(on_curve=is_due)
        if self.state == State.RUNNING:
            self._end_where_it_should(on_curve=is_due)

    def _end_where_it_should(self, *, on_curve: bool = True) -> None:
        """End the run after its last epoch, or where a condition holds."""
        reason = self.ending.reason(self.epoch, self.train_score, self.test_score)
        if reason is None:
            return
        if not on_curve:
            self._add_to_curve()
        self._stop_at(State.REACHED, reason)

    def _leave_idle_state(self) -> None:
        """Someone wants to go on."""
        has_ended = self.state == State.REACHED
        self.ending.go_on(self.epoch, self.experiment.training, has_ended=has_ended)
        self.state = State.RUNNING

    def _step_rate(self, speed: float | None) -> float:
        """Steps a second at a speed in epochs a second."""
        return math.inf if speed is None else speed * self.batches.steps_per_epoch

    def _rate(self, epoch: int) -> float:
        training = self.experiment.training
        factor = self.plateau.factor if self.plateau else training.schedule.factor(epoch)
        return training.optimizer.learning_rate * factor

    # Evaluation.

    def _evaluate_epoch(self, *, on_curve: bool = True) -> None:
        """Evaluate at the end of an epoch: for the curve, or for a schedule that watches it."""
        if not self._evaluate_now():
            return
        if on_curve:
            self._add_to_curve()
        if self.plateau and self.epoch:
            self.plateau.observe(self.train_score.loss + self.engine.penalty())

    def _add_to_curve(self) -> None:
        rate = self._rate(self.epoch)
        self.curve.append(CurvePoint(self.epoch, self.train_score, self.test_score, rate))

    def _evaluate_now(self) -> bool:
        """Evaluate the current weights; if they are not finite, go back to the last good ones."""
        train, test = self.engine.evaluate("train"), self.engine.evaluate("test")
        assert train is not None, "a dataset always has rows to train on"
        weights = self.engine.weights()
        losses = [score.loss for score in (train, test) if score is not None]
        is_good = all(map(math.isfinite, losses)) and _all_finite(weights)
        if is_good:
            self.train_score, self.test_score = train, test
            self.good_weights, self.good_at = weights, (self.epoch, self.step)
        else:
            self._go_back()
        self.evaluated_step = self.step
        return is_good

    def _go_back(self) -> None:
        """Restore the last good weights and say what happened."""
        if self.good_weights is None:
            raise PlaygroundError(
                "The loss is not a finite number before the first step; standardise the data or"
                " make it smaller."
            )
        broken_at = self.epoch
        self.engine.set_weights(self.good_weights)
        self.engine.forget()
        self.epoch, self.step = self.good_at
        self.batches.position = 0
        self._stop_at(
            State.DIVERGED,
            f"The loss stopped being a finite number in epoch {broken_at + 1:,}: the steps were"
            " too large."
            f" These are the last good weights, from epoch {self.epoch:,}."
            f" Lower the learning rate ({self._rate(self.epoch):g}) or reset.",
        )

    def _stop_at(self, state: State, message: str) -> None:
        self.state, self.message = state, message
        if self.control.interactive:
            self.control.pause()

    def _apply_experiment(self, experiment: Experiment) -> None:
        old, self.experiment = self.experiment, experiment
        if experiment.data != old.data:
            self._replace_data(experiment)
        self.engine.regularize(experiment.training.regularization)
        batch_size = self.batches.batch_size
        self.batches.resize(len(self.dataset.train), experiment.training.batch_size)
        if self.batches.batch_size != batch_size:
            self.clock.forget_cost()
        moved = self.ending.change(old.training, experiment.training)
        if moved and self.state == State.REACHED and not self.ending.is_at_limit(self.epoch):
            self.state = State.RUNNING

    def _replace_data(self, experiment: Experiment) -> None:
        """Train on other data from now on.

        Where it cannot be trained on, wait for better data, with the old ones in place.
        """
        try:
            dataset = prepare(experiment)
            self._check_fits_network(dataset)
        except PlaygroundError as error:
            self.state, self.message = State.BLOCKED, str(error)
            return
        self.dataset = dataset
        self.engine.load(dataset)
        self.inspector.load(dataset)
        if self.state == State.BLOCKED:
            self.state = State.RUNNING

    def _check_fits_network(self, dataset: Dataset) -> None:
        old = self.dataset
        if (dataset.width, dataset.outputs) != (old.width, old.outputs):
            raise DataError(
                f"The network has {old.width} inputs and {old.outputs} outputs, but this data needs"
                f" {dataset.width} and {dataset.outputs}; reset to start with a new network."
            )


def _all_finite(weights: Weights) -> bool:
    return all(np.isfinite(array).all() for array in weights.values())
