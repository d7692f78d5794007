"""What a run is told, in which order, and what it makes of what comes too late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from playground.core.data.dataset import prepare
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.run_control import RunControl, Snapshot, State
from playground.engines.contract.views import Views
from playground.engines.loop.training import train

PICTURES = Views(grid=4, neuron_grid=2)
NOTHING: dict[str, Any] = {"kind": "points", "x": [], "label": [], "test": []}
SOMETHING: dict[str, Any] = {
    "kind": "points",
    "x": [[0, 0], [1, 1], [0, 1], [1, 0]],
    "label": [0, 0, 1, 1],
    "test": [],
}


def small(data: dict[str, Any] | None = None, **training: Any) -> Experiment:
    data = data or {"kind": "generated", "samples": 100}
    return Experiment.parse({"data": data, "training": {"engine": "numpy", **training}})


def running(
    experiment: Experiment, *, paused: bool = True
) -> tuple[RunControl, Iterator[Snapshot], Snapshot]:
    """A run in a window, after its first snapshot."""
    control = RunControl(interactive=True, paused=paused, views=PICTURES)
    snapshots = train(experiment, prepare(experiment), control)
    return control, snapshots, next(snapshots)


def told(control: RunControl, snapshots: Iterator[Snapshot], **change: Any) -> Snapshot:
    control.change(**change)
    return next(snapshots)


def settled(snapshots: Iterator[Snapshot]) -> Snapshot:
    return next(now for now in snapshots if now.state != State.RUNNING)


# Steps.


def test_steps_that_nothing_can_come_of_are_forgotten() -> None:
    """Twenty presses of a key over an empty canvas are no twenty steps once there are points."""
    control, snapshots, _ = running(small(SOMETHING))
    assert told(control, snapshots, experiment=small(NOTHING)).state == State.BLOCKED
    for _ in range(20):
        control.take_steps(1)
        control.take_epochs(1)
    assert control.wanted_steps() == (0, 0)
    after = told(control, snapshots, experiment=small(SOMETHING))
    assert (after.state, after.step) == (State.PAUSED, 0)
    control.take_steps(1)
    assert settled(snapshots).step == 1


def test_steps_that_were_asked_for_before_the_points_went_are_forgotten_too() -> None:
    control, snapshots, _ = running(small(SOMETHING))
    control.take_steps(5)
    control.change(experiment=small(NOTHING))
    assert next(snapshots).state == State.BLOCKED
    assert control.wanted_steps() == (0, 0)


def test_a_step_behind_the_points_that_it_needs_is_taken() -> None:
    """Points and a step may come together before the run looks up."""
    control, snapshots, _ = running(small(SOMETHING))
    assert told(control, snapshots, experiment=small(NOTHING)).state == State.BLOCKED
    control.change(experiment=small(SOMETHING))
    control.take_steps(1)
    assert next(now for now in snapshots if now.state == State.PAUSED and now.step).step == 1


# The end, and going on.


def test_going_on_is_not_taken_back_by_an_end_that_came_before() -> None:
    """Somebody pauses and goes on while the run comes to its last epoch, unseen."""
    control, snapshots, _ = running(small(epochs=2), paused=False)
    honest = control.pause_after

    def overtaken(resumes: int) -> None:
        if control.resumes == 0:
            control.pause()
            control.resume()
        honest(resumes)

    control.pause_after = overtaken  # type: ignore[method-assign]
    ended = next(now for now in snapshots if now.state == State.REACHED and now.epoch > 2)
    assert (control.resumes, ended.resumes) == (1, 1)
    assert ended.epoch == 4
    assert control.paused


def test_a_snapshot_says_how_often_the_run_had_been_told_to_go_on() -> None:
    control, snapshots, first = running(small(epochs=3))
    assert first.resumes == 0
    control.resume()
    assert next(now for now in snapshots if now.state == State.REACHED).resumes == 1


def test_a_late_pause_of_the_run_itself_yields_to_a_person() -> None:
    control = RunControl(interactive=True)
    seen = control.resumes
    control.resume()
    control.pause_after(seen)
    assert not control.paused
    control.pause_after(control.resumes)
    assert control.paused


# Weights.


def test_weights_from_a_file_are_not_edited_by_what_was_asked_for_before() -> None:
    control, snapshots, first = running(small())
    loaded = {name: np.ones_like(array) for name, array in first.weights.items()}
    control.change(edited=("0.weight", (0, 0), 9.0))
    after = told(control, snapshots, weights=loaded)
    assert all(np.array_equal(after.weights[name], loaded[name]) for name in loaded)


def test_an_edit_behind_the_file_is_an_edit_of_it() -> None:
    control, snapshots, first = running(small())
    loaded = {name: np.ones_like(array) for name, array in first.weights.items()}
    control.change(weights=loaded)
    after = told(control, snapshots, edited=("0.weight", (0, 0), 9.0))
    assert after.weights["0.weight"][0, 0] == 9.0
    assert after.weights["0.weight"][0, 1] == 1.0


@pytest.mark.parametrize(
    ("name", "place"),
    [("0.weight", (99, 0)), ("0.weight", (0,)), ("9.weight", (0, 0)), ("0.bias", (0, 0))],
)
def test_an_edit_of_a_network_that_is_gone_changes_nothing(
    name: str, place: tuple[int, ...]
) -> None:
    control, snapshots, first = running(small())
    after = told(control, snapshots, edited=(name, place, 9.0))
    assert after.state == State.PAUSED
    assert all(np.array_equal(after.weights[key], first.weights[key]) for key in first.weights)


# What costs nothing.


def counted(monkeypatch: pytest.MonkeyPatch, name: str) -> list[int]:
    """How often the engine was asked for something."""
    from playground.engines.numpy.numpy_engine import NumpyEngine

    honest, calls = getattr(NumpyEngine, name), [0]

    def counting(*arguments: Any) -> Any:
        calls[0] += 1
        return honest(*arguments)

    monkeypatch.setattr(NumpyEngine, name, counting)
    return calls


@pytest.mark.parametrize(
    "change",
    [
        {"views": replace(PICTURES, extent=3.0)},
        {"experiment": small().with_setting("view.extent", 9.0)},
        {"experiment": small().with_setting("title", "Another name")},
        {"revision": 5},
    ],
    ids=["region", "view", "title", "mark"],
)
def test_what_is_only_shown_neither_evaluates_nor_copies_weights(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    control, snapshots, first = running(small())
    evaluated, copied = (counted(monkeypatch, name) for name in ("evaluate", "weights"))
    after = told(control, snapshots, **change)
    assert (evaluated[0], copied[0]) == (0, 0)
    assert after.weights is first.weights
    assert after.train is first.train


def test_a_learning_rate_is_no_reason_to_evaluate(monkeypatch: pytest.MonkeyPatch) -> None:
    control, snapshots, _ = running(small())
    evaluated = counted(monkeypatch, "evaluate")
    faster = small().with_setting("training.optimizer.learning_rate", 0.1)
    assert told(control, snapshots, experiment=faster).learning_rate == 0.1
    assert evaluated[0] == 0


# The same moment.


def test_other_data_at_the_end_of_an_epoch_renew_its_point_of_the_curve() -> None:
    control, snapshots, first = running(small())
    noisy = small({"kind": "generated", "samples": 100, "noise": 0.3})
    after = told(control, snapshots, experiment=noisy)
    assert [point.epoch for point in (*first.curve, *after.curve)] == [0, 0]
    assert after.curve[0].train == after.train != first.train
    assert after.curve[0].test == after.test


def test_other_weights_at_the_end_of_an_epoch_renew_it_too() -> None:
    control, snapshots, first = running(small())
    after = told(control, snapshots, edited=("0.weight", (0, 0), 3.0))
    assert [point.epoch for point in after.curve] == [0]
    assert after.curve[0].train == after.train != first.train


def test_in_the_middle_of_an_epoch_the_curve_stays() -> None:
    control, snapshots, _ = running(small())
    control.take_steps(1)
    settled(snapshots)
    assert told(control, snapshots, edited=("0.weight", (0, 0), 3.0)).curve == ()


# Revisions.


def test_a_revision_counts_the_steps_since_it_came_into_force() -> None:
    control, snapshots, first = running(small())
    assert (first.revision, first.steps_since) == (0, 0)
    control.take_steps(2)
    assert next(now for now in snapshots if now.step == 2).steps_since == 2
    marked = told(control, snapshots, revision=3)
    assert (marked.revision, marked.step, marked.steps_since) == (3, 2, 0)
    control.take_steps(1)
    after = next(now for now in snapshots if now.step == 3)
    assert (after.revision, after.steps_since) == (3, 1)


def test_a_run_begins_at_the_revision_it_is_given() -> None:
    control = RunControl(interactive=True, paused=True, views=PICTURES, revision=12)
    experiment = small()
    assert next(train(experiment, prepare(experiment), control)).revision == 12


# Who trains.


def test_a_run_records_who_trains_it() -> None:
    for engine in ("torch", "numpy"):
        info = running(small(engine=engine))[2].info
        assert (info.engine, info.device) == (engine, "cpu")
        assert info.threads >= 1


def test_the_number_of_threads_follows_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    from playground.engines.numpy.numpy_engine import NumpyEngine

    monkeypatch.setattr(NumpyEngine, "threads", lambda self, batch_size: batch_size)
    control, snapshots, first = running(small(batch_size=10))
    assert first.info.threads == 10
    larger = small(batch_size=25)
    assert told(control, snapshots, experiment=larger).info.threads == 25


# What whoever looks is told of numbers.


@pytest.mark.parametrize("test_ratio", [0.5, 0.0])
@pytest.mark.parametrize("loss", ["mse", "l1"])
def test_r2_is_that_of_the_points_that_the_scores_are_of(loss: str, test_ratio: float) -> None:
    data = {"kind": "generated", "generator": "sine", "samples": 60, "test_ratio": test_ratio}
    _, _, first = running(small(data, loss=loss))
    split = first.dataset.test if test_ratio else first.dataset.train
    score = first.test or first.train
    assert first.r2 is not None
    assert first.r2 < 1
    if loss == "mse":
        assert first.r2 == pytest.approx(1 - score.loss / split.targets.var(), rel=1e-4)


def test_classes_and_runs_that_nobody_looks_at_have_no_r2() -> None:
    assert running(small())[2].r2 is None
    sine = small({"kind": "generated", "generator": "sine", "samples": 60}, epochs=1)
    assert all(now.r2 is None for now in train(sine, prepare(sine), RunControl()))
