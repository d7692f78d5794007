"""A run that ends by itself, in the window and without one."""

import pytest

from playground.core.data.dataset import prepare
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.run_control import RunControl, Snapshot, State
from playground.engines.contract.views import Views
from playground.engines.loop.training import train


def circle(stop: dict, **training: object) -> Experiment:
    return Experiment.parse(
        {"data": {"kind": "generated"}, "training": {"engine": "numpy", "stop": stop, **training}}
    )


def headless(experiment: Experiment, **options: int) -> tuple[list[Snapshot], Snapshot]:
    snapshots = list(train(experiment, prepare(experiment), RunControl(), **options))
    return snapshots, snapshots[-1]


def losses(snapshots: list[Snapshot], watch: str) -> list[float]:
    points = [point for snapshot in snapshots for point in snapshot.curve]
    return [getattr(point, watch).loss for point in points]


@pytest.mark.parametrize("watch", ["test", "train"])
def test_it_ends_at_the_first_epoch_below(watch: str) -> None:
    every_epoch, _ = headless(circle({}, epochs=60), evaluate_every=1)
    expected = next(
        epoch for epoch, loss in enumerate(losses(every_epoch, watch)) if epoch and loss < 0.1
    )
    # The curve has a point every 50 epochs only; the condition is looked at in each.
    _, last = headless(circle({"loss_below": 0.1, "watch": watch}, epochs=60), evaluate_every=50)
    assert (last.state, last.epoch) == (State.REACHED, expected)
    assert f"Stopped at epoch {expected}: the loss" in last.message


def test_the_end_is_a_point_of_the_curve() -> None:
    snapshots, last = headless(circle({"accuracy_above": 0.9}, epochs=500), evaluate_every=400)
    assert snapshots[-1].curve[-1].epoch == last.epoch < 400


def test_without_test_points_the_training_points_count() -> None:
    experiment = circle({"loss_below": 0.1}, epochs=200).with_setting("data.test_ratio", 0.0)
    _, last = headless(experiment)
    assert last.epoch < 200
    assert last.train.loss < 0.1


def test_in_the_window_it_waits_and_goes_on_when_asked() -> None:
    experiment = circle({"accuracy_above": 0.9})
    control = RunControl(interactive=True, views=Views(grid=0))
    snapshots = train(experiment, prepare(experiment), control)
    stopped = next(item for item in snapshots if item.state == State.REACHED)
    control.resume()
    further = next(item for item in snapshots if item.epoch > stopped.epoch + 5)
    assert further.state == State.RUNNING
    control.stop()


def test_a_condition_that_is_set_while_it_runs_ends_it() -> None:
    experiment = circle({})
    control = RunControl(interactive=True, views=Views(grid=0))
    snapshots = train(experiment, prepare(experiment), control)
    next(item for item in snapshots if item.epoch > 50)
    control.change(experiment=experiment.with_setting("training.stop.loss_below", 1000.0))
    stopped = next(item for item in snapshots if item.state == State.REACHED)
    assert "is below 1000" in stopped.message
    control.stop()


def test_without_a_condition_nothing_is_different() -> None:
    _, plain = headless(circle({}, epochs=40))
    _, watched = headless(circle({"loss_below": 0.0, "patience": 1000}, epochs=40))
    assert plain.train == watched.train
