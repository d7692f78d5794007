"""Where a run goes back to when its loss stops being a number, and that no clock decides it.

A run that is watched draws whenever a picture is due, so it measures its network at other moments
than one that nobody watches. Neither may change what is left, or what is learned afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.data.dataset import prepare
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.run_control import RunControl, Snapshot, State
from playground.engines.contract.views import Views
from playground.engines.loop import clock
from playground.engines.loop.training import train

MOST_SNAPSHOTS = 20_000


def exploding(engine: str, seed: int, **training: Any) -> Experiment:
    """Quiet for some epochs, and then not: the rate rises with the schedule."""
    layers = [{"kind": "linear", "units": 8, "activation": "linear"}] * 3
    return Experiment.parse(
        {
            "data": {"kind": "generated", "generator": "hills", "samples": 60},
            "model": {"layers": layers},
            "training": {
                "engine": engine,
                "seed": seed,
                "optimizer": {"kind": "sgd", "learning_rate": 1.5, "momentum": 0.9},
                "schedule": {"kind": "one_cycle", "period": 60},
                "batch_size": 5,
                **training,
            },
        }
    )


def snapshots(experiment: Experiment, control: RunControl) -> Iterator[Snapshot]:
    return train(experiment, prepare(experiment), control)


def to_the_break(running: Iterator[Snapshot]) -> tuple[Snapshot, list[int]]:
    """The snapshot that tells of the break, and the epochs of the curve until then."""
    epochs: list[int] = []
    for _ in range(MOST_SNAPSHOTS):
        now = next(running)
        epochs += [point.epoch for point in now.curve]
        if now.state == State.DIVERGED:
            return now, epochs
    raise AssertionError("it never broke, so it proves nothing")


def learned_after(
    experiment: Experiment, control: RunControl, running: Iterator[Snapshot]
) -> Snapshot:
    """Three more epochs at a rate of zero, for the order in which the rows then come."""
    calm = experiment.with_setting("training.optimizer.learning_rate", 0.0)
    control.change(experiment=calm)
    broken_at = next(running).epoch
    control.take_epochs(3)
    return next(now for now in running if now.epoch == broken_at + 3)


def same(first: Snapshot, second: Snapshot) -> bool:
    return (
        (first.epoch, first.step, first.train) == (second.epoch, second.step, second.train)
        and np.array_equal(first.batch, second.batch)
        and all(np.array_equal(first.weights[name], second.weights[name]) for name in first.weights)
    )


def watched_at_random(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Look up, and draw, at moments that a generator chooses in place of the clock."""
    chance = np.random.default_rng(seed)
    monkeypatch.setattr(clock.Clock, "steps_within", lambda *_: int(chance.integers(1, 30)))
    monkeypatch.setattr(clock.Clock, "frame_is_due", lambda *_: bool(chance.integers(2)))


@pytest.mark.parametrize("engine", ["numpy", "torch"])
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 3), chance=st.integers(0, 10_000))
def test_what_is_left_does_not_depend_on_who_looks(engine: str, seed: int, chance: int) -> None:
    experiment = exploding(engine, seed)
    alone = RunControl(interactive=True)
    running = snapshots(experiment, alone)
    expected, curve = to_the_break(running)
    after = learned_after(experiment, alone, running)
    with pytest.MonkeyPatch.context() as patched:
        watched_at_random(patched, chance)
        control = RunControl(interactive=True, views=Views(grid=4))
        running = snapshots(experiment, control)
        found, seen = to_the_break(running)
        assert seen == curve
        assert same(found, expected)
        assert found.message == expected.message
        assert same(learned_after(experiment, control, running), after)


def test_it_goes_back_to_the_last_point_of_the_curve() -> None:
    found, curve = to_the_break(
        snapshots(exploding("numpy", 0), RunControl(interactive=True, views=Views(grid=4)))
    )
    assert found.epoch == curve[-1] > 0
    assert found.step == found.epoch * 6
    assert found.steps_since > found.step, "steps that were taken in vain are steps all the same"


def test_a_sparse_curve_is_gone_back_to_as_well() -> None:
    """With a point every seven epochs, the weights are those of such a point, too."""
    experiment = exploding("numpy", 0, epochs=400)
    control = RunControl()
    running = train(experiment, prepare(experiment), control, evaluate_every=7)
    found, curve = to_the_break(running)
    assert found.epoch == curve[-1]
    assert found.epoch % 7 == 0


def test_epochs_that_are_only_watched_are_put_on_the_curve() -> None:
    """A stop condition has every epoch measured; where the run goes back to is then shown."""
    stop = {"loss_below": 1e-12}
    experiment = exploding("numpy", 0, epochs=400, stop=stop)
    running = train(experiment, prepare(experiment), RunControl(), evaluate_every=50)
    found, curve = to_the_break(running)
    assert found.epoch == curve[-1]


def test_weights_that_a_person_set_are_good_ones() -> None:
    """They are what the person works on: to go back before them would lose them."""
    experiment = exploding("numpy", 0)
    control = RunControl(interactive=True, paused=True, views=Views(grid=4))
    running = snapshots(experiment, control)
    first = next(running)
    control.take_steps(2)
    next(now for now in running if now.step == 2 and now.state == State.PAUSED)
    mine = {name: array * np.float32(0.5) for name, array in first.weights.items()}
    control.change(weights=mine)
    next(running)
    control.change(weights={name: array * np.nan for name, array in mine.items()})
    broken = next(running)
    assert broken.state == State.DIVERGED
    assert broken.step == 2
    assert all(np.array_equal(broken.weights[name], mine[name]) for name in mine)


def test_a_loss_out_of_range_for_a_moment_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two points of the curve only weights that are no numbers end a run."""
    from playground.engines.loop import run

    experiment = exploding("numpy", 0)
    control = RunControl(interactive=True, paused=True, views=Views(grid=4))
    running = snapshots(experiment, control)
    next(running)
    huge = exploding("numpy", 0).with_setting("training.optimizer.learning_rate", 0.0)
    control.change(experiment=huge)
    next(running)
    honest = run.Progress.look

    def out_of_range(progress: Any) -> None:
        honest(progress)
        score = type(progress.now.train)(float("inf"), None)
        progress.now = replace(progress.now, train=score, test=None, is_finite=False)

    monkeypatch.setattr(run.Progress, "look", out_of_range)
    control.take_steps(1)
    now = next(now for now in running if now.step == 1)
    assert now.state != State.DIVERGED


def test_data_that_put_the_loss_out_of_range_are_refused() -> None:
    """The weights are not to blame, so they stay, and so do the data that they can be judged on."""
    near = {"kind": "points", "x": [[0, 0], [1, 1], [2, 1]], "target": [0, 1, 2], "test": []}
    far = {**near, "target": [0, 1, 3e38]}
    training = {"loss": "mse", "engine": "torch"}
    control = RunControl(interactive=True, paused=True)
    running = snapshots(Experiment.parse({"data": near, "training": training}), control)
    before = next(running)
    control.change(experiment=Experiment.parse({"data": far, "training": training}))
    blocked = next(running)
    assert blocked.state == State.BLOCKED
    assert "standardise the data" in blocked.message
    assert blocked.dataset is before.dataset
    assert np.isfinite(blocked.train.loss)
    assert same(blocked, before)
