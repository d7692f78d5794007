"""The training loop: what it does when, and what it does when it is told something.

Most tests iterate it by hand, so that what is told arrives between two known snapshots; those
that measure answers run it on a thread, as the window does.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from playground.core.data.dataset import prepare
from playground.core.errors import ExperimentError, PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.run_control import CurvePoint, RunControl, Snapshot, State
from playground.engines.contract.views import Views
from playground.engines.loop import clock
from playground.engines.loop import run as run_module
from playground.engines.loop.training import train

PICTURES = Views(grid=4, neuron_grid=2)
TIMEOUT = 20.0


def experiment_with(data: dict[str, Any] | None = None, **training: Any) -> Experiment:
    return Experiment.parse(
        {
            "data": {"kind": "generated", "samples": 100, "noise": 0.1, **(data or {})},
            "training": {"engine": "torch", **training},
        }
    )


@dataclass
class Run:
    """A run that is iterated by hand; it keeps every snapshot."""

    experiment: Experiment
    control: RunControl = field(default_factory=lambda: RunControl(interactive=True, paused=True))
    evaluate_every: int | None = None
    seen: list[Snapshot] = field(default_factory=list)

    def __post_init__(self) -> None:
        dataset = prepare(self.experiment)
        self.snapshots: Iterator[Snapshot] = train(
            self.experiment, dataset, self.control, evaluate_every=self.evaluate_every
        )
        self.next()

    def next(self) -> Snapshot:
        self.seen.append(next(self.snapshots))
        return self.seen[-1]

    def until(self, is_it: Callable[[Snapshot], bool]) -> Snapshot:
        """Iterate to the first such snapshot."""
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            if is_it(self.next()):
                return self.seen[-1]
        raise AssertionError(f"it never came; the last was {self.seen[-1].state}")

    def until_paused(self) -> Snapshot:
        return self.until(lambda snapshot: snapshot.state != State.RUNNING)

    def change(self, path: str, value: Any) -> Snapshot:
        """Change a setting while the run goes on; the snapshot that shows it."""
        self.experiment = self.experiment.with_setting(path, value)
        self.control.change(experiment=self.experiment)
        return self.next()

    def to_end(self) -> list[Snapshot]:
        self.seen.extend(self.snapshots)
        return self.seen

    @property
    def curve(self) -> list[CurvePoint]:
        return [point for snapshot in self.seen for point in snapshot.curve]

    @property
    def epochs(self) -> list[int]:
        return [point.epoch for point in self.curve]


def headless(experiment: Experiment, **options: Any) -> Run:
    control = RunControl(views=options.pop("views", None))
    run = Run(experiment, control, **options)
    run.to_end()
    return run


class Thread(threading.Thread):
    """A run on a thread of its own, as the window has it; answers are waited for."""

    def __init__(self, experiment: Experiment, control: RunControl) -> None:
        super().__init__(daemon=True)
        self.control = control
        self.seen: list[Snapshot] = []
        self._news = threading.Condition()
        self._experiment = experiment
        self.start()

    def run(self) -> None:
        for snapshot in train(self._experiment, prepare(self._experiment), self.control):
            with self._news:
                self.seen.append(snapshot)
                self._news.notify_all()

    def wait(self, is_it: Callable[[Snapshot], bool]) -> Snapshot:
        with self._news:
            assert self._news.wait_for(lambda: self.seen and is_it(self.seen[-1]), TIMEOUT)
            return self.seen[-1]

    def __enter__(self) -> "Thread":
        return self

    def __exit__(self, *_: object) -> None:
        self.control.stop()
        self.join(TIMEOUT)
        assert not self.is_alive()


# Start and end.


def test_the_start_is_a_point_of_the_curve() -> None:
    run = Run(experiment_with())
    first = run.seen[0]
    assert (first.state, first.epoch, first.step, run.epochs) == (State.PAUSED, 0, 0, [0])
    assert first.train == first.curve[0].train
    assert first.test == first.curve[0].test


def test_a_headless_run_ends_after_its_epochs() -> None:
    run = headless(experiment_with(epochs=7))
    last = run.seen[-1]
    assert (last.state, last.epoch, last.step) == (State.REACHED, 7, 35)
    assert last.message == "The run has reached epoch 7."
    assert run.epochs == list(range(8))


def test_no_epochs_are_no_steps() -> None:
    run = headless(experiment_with(epochs=0))
    assert [(s.state, s.epoch, s.step) for s in run.seen] == [(State.REACHED, 0, 0)]


def test_a_headless_run_needs_an_end() -> None:
    with pytest.raises(ExperimentError, match=r"training.epochs: say how many epochs"):
        headless(experiment_with())


def test_a_stopped_headless_run_tells_where_it_stands() -> None:
    control = RunControl()
    run = Run(experiment_with(epochs=1000), control)
    run.until(lambda snapshot: snapshot.epoch >= 3)
    control.stop()
    run.to_end()
    last = run.seen[-1]
    assert (last.state, last.step) == (State.RUNNING, last.epoch * 5)


def test_in_the_window_a_run_waits_and_can_go_on() -> None:
    run = Run(experiment_with(epochs=4), RunControl(interactive=True))
    assert run.until_paused().state == State.REACHED
    assert run.seen[-1].epoch == 4
    assert run.control.paused
    run.control.resume()
    reached = run.until(lambda snapshot: snapshot.state == State.REACHED)
    assert reached.epoch == 8
    run.control.take_epochs(1)
    assert run.until_paused().epoch == 9


def test_a_higher_limit_is_where_it_goes_on_to() -> None:
    run = Run(experiment_with(epochs=4), RunControl(interactive=True))
    run.until_paused()
    assert run.change("training.epochs", 6).state == State.PAUSED
    run.control.resume()
    assert run.until(lambda snapshot: snapshot.state == State.REACHED).epoch == 6


def test_a_lower_limit_stops_after_this_epoch() -> None:
    run = Run(experiment_with(epochs=1000))
    run.control.take_epochs(5)
    run.until_paused()
    run.change("training.epochs", 2)
    run.control.resume()
    assert run.until(lambda snapshot: snapshot.state == State.REACHED).epoch == 6


# Pausing and stepping.


@pytest.mark.parametrize("count", [1, 3, 5, 12])
def test_steps_are_counted(count: int) -> None:
    run = Run(experiment_with())
    for total in (count, 2 * count):
        run.control.take_steps(count)
        paused = run.until_paused()
        assert (paused.state, paused.step, paused.epoch) == (State.PAUSED, total, total // 5)


@pytest.mark.parametrize("count", [1, 3])
def test_epochs_are_counted(count: int) -> None:
    run = Run(experiment_with())
    for total in (count, 2 * count):
        run.control.take_epochs(count)
        paused = run.until_paused()
        assert (paused.state, paused.epoch, paused.step) == (State.PAUSED, total, total * 5)


def test_epochs_are_counted_where_the_curve_is_sparse() -> None:
    run = Run(experiment_with({"samples": 4}), evaluate_every=1000)
    for epoch in range(1, 30):
        run.control.take_epochs(1)
        assert run.until_paused().epoch == epoch


def test_an_epoch_step_ends_the_epoch_under_way() -> None:
    run = Run(experiment_with())
    run.control.take_steps(2)
    run.until_paused()
    run.control.take_epochs(1)
    assert run.until_paused().step == 5


def test_steps_and_epochs_are_the_same_training() -> None:
    stepped, whole = Run(experiment_with()), Run(experiment_with())
    for _ in range(15):
        stepped.control.take_steps(1)
        stepped.until_paused()
    whole.control.take_epochs(3)
    whole.until_paused()
    assert stepped.curve == whole.curve


def test_a_paused_run_says_so_without_having_worked() -> None:
    """Told to pause between two pictures, when no step is due any more."""
    run = Run(experiment_with(), RunControl(interactive=True, views=PICTURES))
    run.until(lambda snapshot: snapshot.step > 0)
    run.control.pause()
    paused = run.next()
    assert paused.state == State.PAUSED
    assert paused.step == run.seen[-1].step


@pytest.mark.parametrize("views", [None, PICTURES])
def test_pause_and_stop_answer_at_once(
    views: Views | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is under way is the last stretch of work; `test_clock.py` says how long one is."""
    stretches = 0
    advance = run_module.Run.advance

    def counted(one: run_module.Run) -> None:
        nonlocal stretches
        stretches += 1
        advance(one)

    monkeypatch.setattr(run_module.Run, "advance", counted)
    with Thread(experiment_with(), RunControl(interactive=True, views=views)) as run:
        for _ in range(5):
            run.control.resume()
            run.wait(lambda snapshot: snapshot.state == State.RUNNING)
            run.control.pause()
            begun = stretches
            paused = run.wait(lambda snapshot: snapshot.state == State.PAUSED)
            assert stretches <= begun + 1
            step = paused.step
            run.control.take_steps(1)
            assert run.wait(lambda s, step=step: s.step > step and s.state == State.PAUSED)
            assert run.seen[-1].step == step + 1
        run.control.resume()
        run.wait(lambda snapshot: snapshot.state == State.RUNNING)
        run.control.stop()
        begun = stretches
        run.join(TIMEOUT)
        assert not run.is_alive()
        assert stretches <= begun + 1


def test_steps_asked_for_while_the_last_stretch_runs_are_not_lost() -> None:
    with Thread(experiment_with(), RunControl(interactive=True)) as run:
        for _ in range(20):
            run.control.resume()
            run.wait(lambda snapshot: snapshot.state == State.RUNNING)
            run.control.pause()
            paused = run.wait(lambda snapshot: snapshot.state == State.PAUSED)
            before = paused.step
            for _ in range(3):
                run.control.take_steps(1)
            run.wait(lambda s, before=before: s.state == State.PAUSED and s.step >= before + 3)
            assert run.seen[-1].step == before + 3


@pytest.mark.parametrize("batch_size", [1, "full"])
def test_the_speed_is_kept(batch_size: int | str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock that goes on with each look at it, and with each sleep of the run."""
    now = 0.0

    def look() -> float:
        nonlocal now
        now += 1e-3
        return now

    def sleep(_: RunControl, seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr(clock.time, "perf_counter", look)
    monkeypatch.setattr(RunControl, "sleep", sleep)
    experiment = experiment_with({"samples": 20}, batch_size=batch_size)
    run = Run(experiment, RunControl(interactive=True, speed=40.0, views=PICTURES))
    first = run.until(lambda snapshot: snapshot.epoch >= 1).epoch
    start = now
    last = run.until(lambda snapshot: snapshot.epoch >= first + 30).epoch
    assert (last - first) / (now - start) == pytest.approx(40, rel=0.1)
    run.control.set_speed(None)
    start = now
    free = run.until(lambda snapshot: snapshot.epoch >= last + 100).epoch
    assert (free - last) / (now - start) > 3 * 40


# What acts on a running training.


def test_the_learning_rate_acts_from_the_next_step_on() -> None:
    run = Run(experiment_with(optimizer={"kind": "sgd"}))
    assert run.change("training.optimizer.learning_rate", 0.0).learning_rate == 0.0
    run.control.take_epochs(2)
    still = run.until_paused()
    assert still.train == run.seen[0].train
    run.change("training.optimizer.learning_rate", 0.1)
    run.control.take_epochs(2)
    assert run.until_paused().train.loss < still.train.loss


def test_regularization_acts_at_once() -> None:
    run = Run(experiment_with())
    assert run.seen[0].penalty == 0.0
    changed = run.change("training.regularization", {"kind": "l2", "rate": 0.5})
    expected = sum((w**2).sum() for n, w in changed.weights.items() if n.endswith("weight")) / 4
    assert changed.penalty == pytest.approx(expected, rel=1e-5)
    assert changed.train == run.seen[0].train


@pytest.mark.parametrize(
    ("size", "left", "whole"), [(1, 30, 50), (7, 5, 8), ("full", 1, 1), (1000, 1, 1)]
)
def test_the_batch_size_acts_within_the_epoch(size: int | str, left: int, whole: int) -> None:
    run = Run(experiment_with())
    run.control.take_steps(2)
    run.until_paused()
    run.change("training.batch_size", size)
    run.control.take_epochs(1)
    ended = run.until_paused()
    assert (ended.epoch, ended.step) == (1, 2 + left)
    run.control.take_epochs(1)
    assert run.until_paused().step == 2 + left + whole


@pytest.mark.parametrize("samples", [20, 300])
def test_other_data_are_learned_without_a_restart(samples: int) -> None:
    run = Run(experiment_with())
    run.control.take_steps(7)
    before = run.until_paused()
    changed = run.change("data.samples", samples)
    assert changed.state == State.PAUSED
    assert changed.step == before.step
    assert len(changed.dataset.points) == samples
    assert changed.train.loss != before.train.loss
    for name, array in changed.weights.items():
        assert np.array_equal(array, before.weights[name])
    run.control.take_epochs(1)
    ended = run.until_paused()
    assert (ended.epoch, ended.step) == (2, before.step + samples // 2 // 10)


def test_as_many_other_points_keep_the_place_in_the_epoch() -> None:
    run = Run(experiment_with())
    run.control.take_steps(2)
    run.until_paused()
    run.change("data.noise", 0.4)
    run.control.take_epochs(1)
    assert run.until_paused().step == 5


@pytest.mark.parametrize("path", ["data.test_ratio", "data.samples"])
def test_data_may_change_while_it_runs(path: str) -> None:
    run = Run(experiment_with(), RunControl(interactive=True, views=PICTURES))
    for value in (0.1, 0.9, 0.3) if path == "data.test_ratio" else (10, 1000, 33):
        changed = run.change(path, value)
        assert changed.state == State.RUNNING
        step = changed.step
        run.until(lambda snapshot, step=step: snapshot.step > step + 20)
    assert [s.step for s in run.seen] == sorted(s.step for s in run.seen)


def test_data_that_cannot_be_trained_on_block_until_better_ones_come() -> None:
    drawn = {"kind": "points", "x": [[0, 0], [1, 1]], "label": [0, 1], "test": []}
    run = Run(experiment_with(), RunControl(interactive=True))
    run.change("data", drawn)
    blocked = run.change("data", drawn | {"x": [], "label": []})
    assert blocked.state == State.BLOCKED
    assert "no points to train on" in blocked.message
    assert len(blocked.dataset.points) == 2
    still = run.change("training.optimizer.learning_rate", 0.5)
    assert still.state == State.BLOCKED
    better = run.change("data", drawn | {"x": [[2, 2]], "label": [1]})
    assert better.state == State.RUNNING
    run.until(lambda snapshot: snapshot.step > better.step)


def test_data_that_do_not_fit_the_network_are_explained() -> None:
    run = Run(experiment_with())
    table = {"kind": "iris"}
    blocked = run.change("data", table)
    assert blocked.state == State.BLOCKED
    assert "has 2 inputs and 2 outputs, but this data needs 4 and 3; reset" in blocked.message


def test_other_looks_of_the_classes_leave_the_run_alone() -> None:
    changing, left_alone = Run(experiment_with()), Run(experiment_with())
    for run in (changing, left_alone):
        run.control.take_steps(3)  # in the middle of an epoch
        run.until_paused()
        if run is changing:
            shown = run.change("data.class_colors", ["#ff0000", "#00ff00"])
            assert shown.dataset.looks.colors[0] == "#ff0000"
        run.control.take_steps(40)
        run.until_paused()
    for name, array in left_alone.seen[-1].weights.items():
        assert np.array_equal(changing.seen[-1].weights[name], array)


def test_weights_may_be_set() -> None:
    run = Run(experiment_with())
    zeros = {name: np.zeros_like(array) for name, array in run.seen[0].weights.items()}
    run.control.change(weights=zeros)
    changed = run.next()
    assert changed.train.loss == pytest.approx(np.log(2))
    assert not any(array.any() for array in changed.weights.values())


def test_wanted_pictures_are_drawn() -> None:
    run = Run(experiment_with())
    assert run.seen[0].frame is None
    run.control.change(views=Views(grid=6, neuron_grid=3, extent=2.0))
    frame = run.next().frame
    assert frame is not None
    assert frame.map is not None
    assert frame.map.shape == (6, 6, 2)
    assert not frame.map.flags.writeable
    assert [layer.shape for layer in frame.neurons] == [(4, 3, 3), (2, 3, 3)]
    assert frame.extent == 2.0


def test_row_zero_of_a_picture_is_its_lower_edge() -> None:
    run = Run(experiment_with(optimizer={"kind": "sgd"}))
    one = {
        name: np.zeros_like(array) if name != "0.weight" else array * 0
        for name, array in run.seen[0].weights.items()
    }
    one["0.weight"][0] = [0, 1]  # the first unit sees x2
    one["0.weight"][1] = [1, 0]  # the second one x1
    run.control.change(weights=one, views=Views(grid=0, neuron_grid=4, extent=6.0))
    frame = run.next().frame
    assert frame is not None
    assert frame.map is None
    centers = np.tanh(np.float32([-4.5, -1.5, 1.5, 4.5]))
    upwards, sideways = frame.neurons[0][:2]
    assert np.allclose(upwards, centers[:, None])
    assert np.allclose(sideways, centers[None, :])


def test_one_input_is_drawn_as_a_curve() -> None:
    experiment = experiment_with({"generator": "sine", "noise": 0.0})
    run = Run(experiment, RunControl(interactive=True, paused=True, views=Views(grid=50)))
    frame = run.seen[0].frame
    assert frame is not None
    assert frame.map is not None
    assert frame.map.shape == (50, 1)
    assert frame.neurons == ()


def test_vectors_have_no_picture() -> None:
    data = {"kind": "vectors", "rows": 8, "inputs": 5, "outputs": 3}
    experiment = Experiment.parse({"data": data, "training": {"engine": "torch"}})
    run = Run(experiment, RunControl(interactive=True, paused=True, views=PICTURES))
    frame = run.seen[0].frame
    assert frame is not None
    assert frame.map is None


# The same experiment, the same curve.

DROPOUT = {
    "layers": [
        {"kind": "linear", "units": 5, "activation": "tanh"},
        {"kind": "dropout", "p": 0.2},
        {"kind": "batch_norm"},
    ]
}


@pytest.mark.parametrize("batch_size", [10, 7, "full"])
def test_pictures_change_nothing_of_the_curve(batch_size: int | str) -> None:
    experiment = experiment_with(epochs=40, batch_size=batch_size).with_setting("model", DROPOUT)
    without, again = headless(experiment), headless(experiment)
    with_pictures = headless(experiment, views=PICTURES)
    slow = Run(experiment, RunControl(interactive=True, speed=200.0, views=PICTURES))
    slow.until(lambda snapshot: snapshot.state == State.REACHED)
    for other in (again, with_pictures, slow):
        assert other.curve == without.curve
        for name, array in without.seen[-1].weights.items():
            assert np.array_equal(other.seen[-1].weights[name], array)


@pytest.mark.parametrize("every", [1, 7, 1000])
def test_the_curve_has_the_points_asked_for(every: int) -> None:
    run = headless(experiment_with(epochs=20), evaluate_every=every)
    assert run.epochs == sorted({0, 20, *range(0, 20, every)})
    plateau = experiment_with(epochs=20, schedule={"kind": "plateau"})
    assert headless(plateau, evaluate_every=every).epochs == run.epochs


def test_long_curves_get_wider_gaps() -> None:
    experiment = experiment_with({"samples": 2}, epochs=1100, batch_size="full")
    epochs = headless(experiment).epochs
    assert epochs == [*range(512), *range(512, 1024, 2), *range(1024, 1100, 4), 1100]


def test_schedules_move_the_rate_by_epochs() -> None:
    schedule = {"kind": "step", "period": 2, "gamma": 0.5}
    run = headless(experiment_with(epochs=5, schedule=schedule))
    rates = [point.learning_rate for point in run.curve]
    assert rates == pytest.approx([0.03, 0.03, 0.015, 0.015, 0.0075, 0.0075])


def test_a_plateau_lowers_the_rate() -> None:
    schedule = {"kind": "plateau", "patience": 0, "gamma": 0.1}
    experiment = experiment_with(
        epochs=3, schedule=schedule, optimizer={"kind": "sgd", "learning_rate": 0.0}
    )
    run = Run(experiment)
    run.control.take_epochs(3)
    run.until_paused()
    assert run.change("training.optimizer.learning_rate", 1.0).learning_rate == pytest.approx(0.01)


# Divergence.

RELU = {"kind": "linear", "units": 8, "activation": "relu"}
FAST = {"kind": "sgd", "learning_rate": 10.0}


def exploding(generator: str, optimizer: dict[str, Any], depth: int) -> Experiment:
    experiment = experiment_with({"generator": generator, "noise": 0.0}, optimizer=optimizer)
    return experiment.with_setting("model.layers", (RELU,) * depth)


EXPLODING = {
    "relu": exploding("hills", FAST, 3),
    "momentum": exploding("hills", FAST | {"momentum": 0.9}, 3),
    "lbfgs": exploding("plane", {"kind": "lbfgs", "learning_rate": 10.0}, 1),
}


@pytest.mark.parametrize("name", EXPLODING)
@pytest.mark.parametrize("views", [None, PICTURES])
def test_a_run_that_diverges_waits_at_its_last_good_weights(name: str, views: Views | None) -> None:
    run = Run(EXPLODING[name], RunControl(interactive=True, views=views))
    diverged = run.until_paused()
    assert diverged.state == State.DIVERGED
    assert "Lower the learning rate (10) or reset." in diverged.message
    assert run.control.paused
    assert np.isfinite(diverged.train.loss)
    assert all(np.isfinite(array).all() for array in diverged.weights.values())
    assert all(np.isfinite(point.train.loss) for point in run.curve)
    calm = run.change("training.optimizer.learning_rate", 1e-4)
    run.control.resume()
    later = run.until(lambda snapshot: snapshot.step > calm.step + 50)
    assert later.state == State.RUNNING
    assert np.isfinite(later.train.loss)
    assert run.epochs == sorted(set(run.epochs))


def test_an_epoch_that_diverges_is_begun_again() -> None:
    x = np.linspace(-1, 1, 40).reshape(20, 2).tolist()
    far = {"kind": "points", "x": x, "target": [1e18] * 20, "test": []}
    sgd = {"kind": "sgd", "learning_rate": 10.0}
    training = {"optimizer": sgd, "batch_size": 4, "engine": "torch"}
    run = Run(Experiment.parse({"data": far, "training": training}))
    run.control.take_steps(3)
    diverged = run.until_paused()
    assert (diverged.state, diverged.epoch, diverged.step) == (State.DIVERGED, 0, 0)
    run.change("training.optimizer.learning_rate", 0.0)
    run.control.take_epochs(1)
    ended = run.until_paused()
    assert (ended.state, ended.epoch, ended.step) == (State.PAUSED, 1, 5)


def test_what_drove_a_run_apart_is_forgotten() -> None:
    optimizer = {"kind": "sgd", "learning_rate": 0.1, "momentum": 0.9}
    experiment = experiment_with(optimizer=optimizer, batch_size="full")
    moving, fresh = Run(experiment), Run(experiment)
    moving.control.take_steps(5)
    good = moving.until_paused().weights
    moving.control.change(weights={name: array * np.nan for name, array in good.items()})
    assert moving.next().state == State.DIVERGED
    fresh.control.change(weights=good)
    fresh.next()
    for run in (moving, fresh):
        run.control.take_steps(1)
        run.until(lambda snapshot: snapshot.state == State.PAUSED)
    for name, array in fresh.seen[-1].weights.items():
        assert np.allclose(moving.seen[-1].weights[name], array, atol=1e-6)


def test_a_view_that_is_switched_after_divergence_does_not_hide_it() -> None:
    run = Run(EXPLODING["relu"], RunControl(interactive=True))
    run.until_paused()
    run.control.change(views=PICTURES)
    assert run.next().state == State.DIVERGED


def test_a_headless_run_ends_where_it_diverges() -> None:
    run = headless(EXPLODING["relu"].with_setting("training.epochs", 50))
    last = run.seen[-1]
    assert last.state == State.DIVERGED
    assert last.epoch < 50
    assert np.isfinite(last.train.loss)


def test_a_start_that_is_not_finite_is_explained() -> None:
    far = {"kind": "points", "x": [[1, 1], [2, 2]], "target": [3e38, -3e38], "test": []}
    with pytest.raises(PlaygroundError, match="not a finite number before the first step"):
        Run(Experiment.parse({"data": far, "training": {"loss": "mse", "engine": "torch"}}))


def test_test_points_may_not_be_infinitely_wrong_either() -> None:
    far = {"kind": "points", "x": [[1, 1], [2, 2]], "target": [1, 3e38], "test": [1]}
    with pytest.raises(PlaygroundError, match="not a finite number before the first step"):
        Run(Experiment.parse({"data": far, "training": {"loss": "mse", "engine": "torch"}}))


def test_batch_norm_needs_two_points() -> None:
    experiment = experiment_with(batch_size=1).with_setting("model", DROPOUT)
    with pytest.raises(ExperimentError, match=r"model.layers.2: Batch norm needs batches of at"):
        Run(experiment)
