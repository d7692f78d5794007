"""The only training loop: the window, the command line, scripts and benchmarks iterate `train`.

The loop decides *when*: which rows make the next batches, when to evaluate, when to draw, when to
look at what it was told. The engine decides *how*. How often it looks up changes nothing of what is
learned, so the same experiment gives the same curve in the window and without one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from playground.core.dataset import Dataset, Preparation, prepare
from playground.core.errors import ExperimentError, PlaygroundError
from playground.core.experiment import Experiment
from playground.core.points import FloatArray, frozen
from playground.core.schedules import Plateau, PlateauWatch
from playground.engines import network
from playground.engines.base import Engine, Plan, Score
from playground.engines.exchange import (
    Change,
    CurvePoint,
    Frame,
    RunControl,
    RunInfo,
    Snapshot,
    State,
    Views,
)
from playground.engines.selection import select

__all__ = ["train"]

LOOK_UP_SECONDS = 0.01
"""How long the loop works at most before it looks at its control again."""

FRAME_SECONDS = 1 / 30
"""Time between two pictures."""

CURVE_POINTS = 256
"""The loss curve has between this many and twice as many points, evenly spread, however long a run
is.
"""


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
    yield run.snapshot(run.idle_state())
    while not control.stopped:
        if run.apply(control.take_change()):
            yield run.snapshot(run.idle_state())
        elif run.state == State.BLOCKED:
            control.wait_for_change()
        elif run.waits():
            control.wait_while_paused()
        else:
            run.advance()
            if run.has_news():
                yield run.snapshot(run.state)
            if run.is_over():
                return
    if not control.interactive:
        yield run.snapshot(run.state)


class _Batches:
    """The order of the training rows: one generator seeded by the experiment, one permutation an
    epoch.
    """

    def __init__(self, experiment: Experiment, rows: int) -> None:
        self._random = np.random.default_rng(experiment.training.seed)
        self.resize(rows, experiment.training.batch_size)

    def resize(self, rows: int, batch_size: int | str) -> None:
        """Use this many rows from now on; another number of rows starts a new permutation."""
        if rows != getattr(self, "rows", None):
            self.position = 0
        self.rows = rows
        self.batch_size = rows if isinstance(batch_size, str) else min(batch_size, rows)

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(self.rows / self.batch_size)

    @property
    def steps_left(self) -> int:
        """Steps to the end of the epoch that is under way, or of a whole one."""
        return math.ceil((self.rows - self.position) / self.batch_size)

    def take(self, steps: int) -> npt.NDArray[np.int64]:
        """Rows for that many steps: (epochs, rows) for whole epochs, else (1, n) within the current
        epoch.
        """
        if self.position == 0 and steps >= self.steps_per_epoch:
            epochs = steps // self.steps_per_epoch
            return np.stack([self._random.permutation(self.rows) for _ in range(epochs)])
        if self.position == 0:
            self._order = self._random.permutation(self.rows)
        end = min(self.position + steps * self.batch_size, self.rows)
        part = self._order[None, self.position : end]
        self.position = end % self.rows
        return part


class _Run:
    """One run from its first weights on; everything in it belongs to the thread that iterates
    `train`.
    """

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
        selection = select(plan)
        self.engine: Engine = selection.engine(plan)  # type: ignore[call-arg]
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
        self.batches = _Batches(experiment, len(dataset.train))
        self.limit = experiment.training.epochs
        self.state, self.message = State.RUNNING, ""
        self.epoch = self.step = 0
        self.curve: list[CurvePoint] = []
        self.clock = _Clock()
        self.pictures = _Pictures()
        with self.clock.working():
            self._evaluate_epoch()

    # What the loop asks.

    def waits(self) -> bool:
        """True where a paused run has nothing to do."""
        return self.control.paused and self.control.wanted_steps() == (0, 0)

    def idle_state(self) -> State:
        is_paused = self.state == State.RUNNING and self.control.paused
        return State.PAUSED if is_paused else self.state

    def has_news(self) -> bool:
        """True where a snapshot is due: a picture in the window, a point of the curve without one."""
        if self.state in (State.REACHED, State.DIVERGED) or self.waits():
            return True
        if self.control.views is None:
            return bool(self.curve)
        return self.clock.frame_is_due()

    def is_over(self) -> bool:
        return self.state in (State.REACHED, State.DIVERGED) and not self.control.interactive

    # What the loop does.

    def apply(self, change: Change) -> bool:
        """Act on live changes; True where something can be seen to have changed."""
        if change.experiment is not None:
            self._apply_experiment(change.experiment)
        if change.weights is not None:
            self.engine.set_weights(change.weights)
        if change:
            self._evaluate_now()
        return bool(change)

    def advance(self) -> None:
        """Train until it is time to look up, and evaluate where the plan says so."""
        self._leave_idle_state()
        steps = self._steps_until_look_up()
        if steps == 0:
            self.control.sleep(self.clock.until_next_step(self._step_rate()))
            return
        with self.clock.working():
            orders = self.batches.take(steps)
            rates = np.array([self._rate(self.epoch + i) for i in range(len(orders))])
            taken = math.ceil(orders.shape[1] / self.batches.batch_size) * len(orders)
            self.engine.train(orders, self.batches.batch_size, rates)
        self.clock.took(taken)
        self.step += taken
        self.control.took_step()
        if self.batches.position == 0:
            self._finish_epochs(len(orders))

    def snapshot(self, state: State) -> Snapshot:
        """The run as it is now. `curve` is handed over and starts anew."""
        if self.evaluated_step != self.step:
            self._evaluate_now()
            state = self.state if self.state == State.DIVERGED else state
        curve, self.curve = tuple(self.curve), []
        message, self.message = self.message, ""
        self.clock.drew()
        return Snapshot(
            run_id=self.run_id,
            info=self.info,
            state=State.PAUSED if state == State.RUNNING and self.waits() else state,
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
            frame=self.pictures.draw(self.engine, self.dataset, self.control.views),
            dataset=self.dataset,
            message=message,
        )

    # Steps and epochs.

    def _steps_until_look_up(self) -> int:
        """How many steps to take in one go: whole epochs where they are short, else a part of one."""
        budget = self.clock.steps_within(LOOK_UP_SECONDS)
        if self.control.paused:
            steps, _ = self.control.wanted_steps()
            return 1 if steps else min(budget, self.batches.steps_left)
        if self.control.speed is not None:
            budget = min(budget, self.clock.steps_due(self._step_rate()))
        if self.batches.position or budget < self.batches.steps_per_epoch:
            return min(budget, self.batches.steps_left)
        epochs = min(budget // self.batches.steps_per_epoch, self._epochs_until_stop())
        return epochs * self.batches.steps_per_epoch

    def _epochs_until_stop(self) -> int:
        """Whole epochs to the next evaluation or to the end, whichever comes first."""
        stops = [self._next_evaluation() - self.epoch]
        if self.limit is not None:
            stops.append(self.limit - self.epoch)
        return max(1, min(stops))

    def _next_evaluation(self) -> int:
        every = self.evaluate_every or 1 << max(0, (self.epoch // CURVE_POINTS).bit_length() - 1)
        return self.epoch + 1 if self.plateau else (self.epoch // every + 1) * every

    def _finish_epochs(self, count: int) -> None:
        due = self._next_evaluation()
        self.epoch += count
        self.control.took_epoch()
        is_last = self.limit is not None and self.epoch >= self.limit
        if self.epoch >= due or is_last:
            with self.clock.working():
                self._evaluate_epoch()
        if is_last and self.state == State.RUNNING:
            self._stop_at(State.REACHED, f"The run has reached epoch {self.epoch:,}.")

    def _leave_idle_state(self) -> None:
        """Someone wants to go on: after the last epoch, that means as many once more."""
        if self.state == State.REACHED:
            self.limit = self.epoch + max(1, self.experiment.training.epochs or 1)
        if self.limit is not None and self.limit <= self.epoch:
            self.limit = self.epoch + 1
        self.state = State.RUNNING

    def _step_rate(self) -> float:
        """Steps a second that the chosen speed asks for."""
        return (self.control.speed or math.inf) * self.batches.steps_per_epoch

    def _rate(self, epoch: int) -> float:
        training = self.experiment.training
        factor = self.plateau.factor if self.plateau else training.schedule.factor(epoch)
        return training.optimizer.learning_rate * factor

    # Evaluation.

    def _evaluate_epoch(self) -> None:
        """Evaluate at the end of an epoch, and add a point to the curve."""
        if not self._evaluate_now():
            return
        point = CurvePoint(self.epoch, self.train_score, self.test_score, self._rate(self.epoch))
        self.curve.append(point)
        if self.plateau and self.epoch:
            self.plateau.observe(self.train_score.loss + self.engine.penalty())

    def _evaluate_now(self) -> bool:
        """Evaluate the current weights; where they are no longer finite, go back to the last good
        ones.
        """
        train = self.engine.evaluate("train")
        assert train is not None, "a dataset always has rows to train on"
        weights = self.engine.weights()
        is_good = math.isfinite(train.loss) and _all_finite(weights)
        if is_good:
            self.train_score, self.test_score = train, self.engine.evaluate("test")
            self.good_weights, self.good_at = weights, (self.epoch, self.step)
        else:
            self._go_back()
        self.evaluated_step = self.step
        return is_good

    def _go_back(self) -> None:
        """Restore the last good weights and say what happened."""
        if not hasattr(self, "good_weights"):
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
        self.batches.resize(len(self.dataset.train), experiment.training.batch_size)
        if experiment.training.epochs != old.training.epochs:
            self.limit = experiment.training.epochs

    def _replace_data(self, experiment: Experiment) -> None:
        """Train on other data from now on; where it cannot be trained on, wait for better with the
        old data.
        """
        try:
            self.dataset = prepare(experiment)
        except PlaygroundError as error:
            self.state, self.message = State.BLOCKED, str(error)
            return
        self.engine.load(self.dataset)
        if self.state == State.BLOCKED:
            self.state = State.RUNNING


class _Clock:
    """Measures work, and says how much fits into a time."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._seconds_per_step = math.inf
        self._working_since = 0.0
        self._last_frame = 0.0
        self._anchor: tuple[float, float] | None = None
        self._steps_since_anchor = 0
        self._rate_mark = (time.perf_counter(), 0)
        self._rate = 0.0

    def working(self) -> _Clock:
        """`with clock.working():` adds the time inside to `seconds`."""
        return self

    def __enter__(self) -> None:
        self._working_since = time.perf_counter()

    def __exit__(self, *exception: object) -> None:
        self._last_work = time.perf_counter() - self._working_since
        self.seconds += self._last_work

    def took(self, steps: int) -> None:
        """The last stretch of work was that many steps."""
        cost = self._last_work / steps
        # The first step pays for warming up; a mean of the recent ones follows what is true now.
        is_first = math.isinf(self._seconds_per_step)
        self._seconds_per_step = cost if is_first else 0.7 * self._seconds_per_step + 0.3 * cost
        self._steps_since_anchor += steps

    def steps_within(self, seconds: float) -> int:
        """Steps that fit into that time, at least one."""
        if math.isinf(self._seconds_per_step):
            return 1
        return max(1, int(seconds / self._seconds_per_step))

    def steps_due(self, rate: float) -> int:
        """Steps that a steady `rate` asks for now, counted from when that rate was first asked for."""
        now = time.perf_counter()
        if self._anchor is None or self._anchor[1] != rate or self._is_far_behind(now, rate):
            self._anchor, self._steps_since_anchor = (now, rate), -1
        return max(0, int((now - self._anchor[0]) * rate) - self._steps_since_anchor)

    def _is_far_behind(self, now: float, rate: float) -> bool:
        """After a pause, or where the computer cannot keep up, nothing is made up for."""
        assert self._anchor is not None
        return (now - self._anchor[0]) * rate - self._steps_since_anchor > max(1.0, rate / 10)

    def until_next_step(self, rate: float) -> float:
        return min(1 / rate, FRAME_SECONDS)

    def frame_is_due(self) -> bool:
        return time.perf_counter() - self._last_frame >= FRAME_SECONDS

    def drew(self) -> None:
        self._last_frame = time.perf_counter()

    def rate(self, step: int) -> float:
        """Steps a second by the clock on the wall, over the last half second or so."""
        now = time.perf_counter()
        then, steps_then = self._rate_mark
        if now - then > 0.5 or step < steps_then:
            self._rate = max(0.0, (step - steps_then) / (now - then))
            self._rate_mark = (now, step)
        elif self._rate == 0.0 and now > then:
            return (step - steps_then) / (now - then)
        return self._rate


class _Pictures:
    """Draws frames, and keeps the grids they are drawn on."""

    def __init__(self) -> None:
        self._grids: dict[tuple[int, float], FloatArray] = {}
        self._preparation: Preparation | None = None

    def draw(self, engine: Engine, dataset: Dataset, views: Views | None) -> Frame | None:
        if views is None:
            return None
        if dataset.prepare is not self._preparation:
            self._grids, self._preparation = {}, dataset.prepare
        inputs = dataset.points.x.shape[1]
        picture, neurons = None, ()
        if views.grid and inputs <= 2:
            values = engine.predict(self._grid(views.grid, views.extent, inputs))
            picture = frozen(values.reshape(*[views.grid] * inputs, -1))
        if views.neuron_grid and inputs == 2:
            size = views.neuron_grid
            layers = engine.neurons(self._grid(size, views.extent, inputs))
            neurons = tuple(
                frozen(np.ascontiguousarray(layer.T).reshape(-1, size, size)) for layer in layers
            )
        return Frame(picture, neurons, views.extent)

    def _grid(self, size: int, extent: float, inputs: int) -> FloatArray:
        """Network inputs at the centres of size^inputs cells over [-extent, extent]^inputs, x1
        fastest.
        """
        if (size, extent) not in self._grids:
            assert self._preparation is not None
            centers = (np.arange(size, dtype=np.float32) + 0.5) * (2 * extent / size) - extent
            axes = np.meshgrid(*[centers] * inputs)
            points = np.stack([axis.ravel() for axis in axes], axis=1)
            self._grids[size, extent] = self._preparation(points)
        return self._grids[size, extent]


def _all_finite(weights: dict[str, npt.NDArray] | object) -> bool:
    return all(np.isfinite(array).all() for array in weights.values())  # type: ignore[attr-defined]
