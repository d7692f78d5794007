"""Instant, a mode of the one training loop: what starts another training, and what does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from playground.core.data.dataset import prepare
from playground.core.errors import PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.run_control import RunControl, Snapshot, State
from playground.engines.contract.views import Views
from playground.engines.loop import run as run_module
from playground.engines.loop.headless import train_to_end
from playground.engines.loop.training import train

EPOCHS = 30
PICTURES = Views(grid=6, neuron_grid=3)


def small(**training: Any) -> Experiment:
    return Experiment.parse(
        {
            "data": {"kind": "generated", "samples": 60},
            "training": {"engine": "numpy", **training},
        }
    )


@dataclass
class Instant:
    """Instant, iterated by hand; it keeps every snapshot."""

    experiment: Experiment
    control: RunControl = field(
        default_factory=lambda: RunControl(interactive=True, paused=True, views=PICTURES)
    )
    epochs: int = EPOCHS
    seen: list[Snapshot] = field(default_factory=list)

    def __post_init__(self) -> None:
        data = prepare(self.experiment)
        self.snapshots: Iterator[Snapshot] = train(
            self.experiment, data, self.control, instant_epochs=self.epochs
        )

    def result(self) -> Snapshot:
        """The next snapshot that tells how a training ended."""
        while True:
            self.seen.append(next(self.snapshots))
            if self.seen[-1].state != State.RUNNING:
                return self.seen[-1]

    def change(self, **settings: Any) -> Snapshot:
        """Change settings by their paths, with __ for a dot, and give the answer."""
        for path, value in settings.items():
            self.experiment = self.experiment.with_setting(path.replace("__", "."), value)
        self.control.change(experiment=self.experiment)
        return self.result()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the computer is, a small training counts as one that is there at once."""
    monkeypatch.setattr(run_module, "PATIENCE_SECONDS", 60.0)


def test_it_shows_only_what_came_out() -> None:
    instant = Instant(small())
    first = instant.result()
    assert len(instant.seen) == 1
    assert (first.state, first.epoch, first.generation, first.message) == (
        State.REACHED,
        EPOCHS,
        1,
        "",
    )
    assert first.curve[0].epoch == 0
    assert first.curve[-1].epoch == EPOCHS
    assert first.frame is not None


def test_a_result_is_that_of_a_run_without_a_window() -> None:
    instant = Instant(small())
    instant.result()
    again = instant.change(training__optimizer__learning_rate=0.01)
    alone = train_to_end(instant.experiment, epochs=EPOCHS)
    assert again.train == alone.train
    assert all(np.array_equal(again.weights[name], alone.weights[name]) for name in alone.weights)


def test_what_is_learned_from_starts_another_training() -> None:
    instant = Instant(small())
    assert instant.result().generation == 1
    assert instant.change(training__optimizer__learning_rate=0.01).generation == 2
    assert instant.change(data__noise=0.2).generation == 3
    assert instant.change(training__seed=8).generation == 4
    assert instant.change(model__features=["x1", "x2", "x1^2"]).generation == 5


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("view.extent", 9.0),
        ("view.grid", 60),
        ("view.hidden", ["features"]),
        ("title", "Another name"),
        ("probes", [[0.5, 0.5]]),
    ],
)
def test_what_is_only_shown_starts_none(path: str, value: Any) -> None:
    instant = Instant(small())
    first = instant.result()
    again = instant.change(**{path.replace(".", "__"): value})
    assert (again.generation, again.step) == (1, first.step)
    assert again.weights is first.weights, "not even evaluated again"
    assert again.dataset is first.dataset
    assert again.curve == ()


def test_other_looks_of_the_classes_are_shown_and_start_none() -> None:
    instant = Instant(small())
    first = instant.result()
    again = instant.change(data__class_markers=["star", "plus"])
    assert (again.generation, again.step) == (1, first.step)
    assert again.weights is first.weights
    assert again.dataset.looks.markers[:2] == ("star", "plus")


@pytest.mark.parametrize(
    "views",
    [
        replace(PICTURES, extent=3.0),
        replace(PICTURES, center=(1.0, 1.0)),
        replace(PICTURES, inspect=True),
        replace(PICTURES, predictions=True),
        replace(PICTURES, pad=np.zeros(2, np.float32)),
    ],
    ids=["zoom", "pan", "tab", "mistakes", "pad"],
)
def test_another_picture_starts_none(views: Views) -> None:
    instant = Instant(small())
    first = instant.result()
    instant.control.change(views=views)
    again = instant.result()
    assert (again.generation, again.step) == (1, first.step)
    assert again.weights is first.weights
    assert again.frame is not None
    assert again.frame.extent == views.extent


def test_strokes_on_the_pad_start_none() -> None:
    """One picture a stroke, of the network that is there."""
    instant = Instant(small())
    instant.result()
    for value in range(8):
        drawing = np.full(2, value, np.float32)
        instant.control.change(views=replace(PICTURES, pad=drawing))
        assert instant.result().generation == 1


def test_the_data_are_kept_as_long_as_they_are_the_same() -> None:
    instant = Instant(small())
    first = instant.result()
    assert instant.change(training__batch_size=20).dataset is first.dataset
    assert instant.change(data__samples=80).dataset is not first.dataset


def test_pausing_means_nothing_to_it() -> None:
    """As when a comparison opens, which pauses the window's own training and never resumes it."""
    instant = Instant(small())
    instant.result()
    instant.control.pause()
    after = instant.change(training__optimizer__learning_rate=0.02)
    assert (after.state, after.epoch) == (State.REACHED, EPOCHS)
    instant.control.resume()
    instant.control.pause()
    assert instant.change(training__seed=3).epoch == EPOCHS


def test_a_speed_means_nothing_to_it() -> None:
    instant = Instant(small())
    instant.control.set_speed(0.001)
    assert instant.result().epoch == EPOCHS


def test_of_many_changes_the_newest_counts() -> None:
    instant = Instant(small())
    instant.result()
    for seed in range(5):
        instant.experiment = instant.experiment.with_setting("training.seed", seed)
        instant.control.change(experiment=instant.experiment, revision=seed)
    last = instant.result()
    assert (last.generation, last.revision) == (2, 4)
    assert last.train == train_to_end(instant.experiment, epochs=EPOCHS).train


def test_a_long_training_is_shown_and_makes_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "PATIENCE_SECONDS", 0.0)
    instant = Instant(small(), epochs=1_000_000)
    instant.seen.append(next(instant.snapshots))
    assert instant.seen[-1].state == State.RUNNING
    instant.epochs = 5
    instant.experiment = instant.experiment.with_setting("training.seed", 9)
    instant.control.change(experiment=instant.experiment)
    while instant.seen[-1].generation == 1:
        instant.seen.append(next(instant.snapshots))
    assert instant.seen[-1].generation == 2
    assert instant.seen[-1].epoch < 1_000_000


def test_a_change_that_cannot_be_trained_leaves_the_last_result() -> None:
    instant = Instant(small())
    first = instant.result()
    nothing = {"kind": "points", "x": [], "label": []}
    instant.control.change(experiment=Experiment.parse({"data": nothing}), revision=4)
    blocked = instant.result()
    assert (blocked.state, blocked.revision) == (State.BLOCKED, 4)
    assert blocked.message
    assert not blocked.has_scores
    assert blocked.weights is first.weights
    instant.experiment = small(seed=1)
    instant.control.change(experiment=instant.experiment)
    assert instant.result().state == State.REACHED


def test_points_that_are_gone_are_not_learned_from_after_another_change() -> None:
    instant = Instant(small())
    first = instant.result()
    assert instant.change(data={"kind": "points", "x": [], "label": []}).state == State.BLOCKED
    again = instant.change(training__optimizer__learning_rate=0.5)
    assert (again.state, again.has_scores) == (State.BLOCKED, False)
    assert again.weights is first.weights


def test_what_was_blocked_is_not_tried_again_by_a_view() -> None:
    instant = Instant(small())
    instant.result()
    nothing = Experiment.parse({"data": {"kind": "points", "x": [], "label": []}})
    instant.control.change(experiment=nothing)
    assert instant.result().state == State.BLOCKED
    instant.control.change(experiment=nothing.with_setting("view.extent", 8.0))
    again = instant.result()
    assert (again.state, again.generation) == (State.BLOCKED, 1)


def test_the_first_experiment_has_to_be_one_that_can_be_trained() -> None:
    experiment = small().with_setting("data", {"kind": "generated", "samples": 60})
    bad = experiment.with_setting("training.device", "cuda:7")
    bad = bad.with_setting("training.engine", "torch")
    with pytest.raises(PlaygroundError, match="cuda:7"):
        Instant(bad).result()


def test_steps_count_from_the_newest_revision_on() -> None:
    """A mark alone trains nothing; only another training takes steps after it."""
    instant = Instant(small())
    assert instant.result().steps_since > 0
    instant.control.change(revision=7)
    marked = instant.result()
    assert (marked.generation, marked.revision, marked.steps_since) == (1, 7, 0)
    instant.experiment = instant.experiment.with_setting("training.seed", 4)
    instant.control.change(experiment=instant.experiment, revision=8)
    after = instant.result()
    assert (after.generation, after.revision) == (2, 8)
    assert after.steps_since == after.step > 0
