"""A race: level lanes, the same curves as alone, the table, and an end at any time."""

from __future__ import annotations

import math
import random
import threading
from typing import Any

import numpy as np
import pytest

from playground.core.data.dataset import Dataset, prepare
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.errors import ExperimentError, PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.core.races import RACES, sweep_all
from playground.engines.contract.run_control import CurvePoint, State
from playground.engines.contract.views import Views
from playground.engines.loop.headless import train_to_end
from playground.engines.many.race import Lane, RaceSnapshot, as_csv, race, standings
from playground.engines.many.race_control import RaceControl
from playground.engines.numpy.numpy_engine import NumpyEngine

RATE = "training.optimizer.learning_rate"


def small(**training: Any) -> Experiment:
    return Experiment.parse(
        {
            "data": {"kind": "generated", "generator": "circle", "samples": 40},
            "training": {"engine": "numpy", **training},
        }
    )


def raced(lanes: dict[str, Experiment], epochs: int = 6, **control: Any) -> RaceSnapshot:
    *_, last = race(lanes, epochs=epochs, control=RaceControl(**control))
    return last


def affine(loss: str = "mse", **seeds: int) -> Experiment:
    """One sample of twenty numbers, y = w x + 2, and one matrix to learn it."""
    return Experiment.parse(
        {
            "data": {
                "kind": "vectors",
                "rows": 1,
                "inputs": 20,
                "outputs": 20,
                "relation": "affine",
                "test_ratio": 0.0,
                "seed": seeds.get("data", 0),
            },
            "model": {"layers": [], "output": {"bias": False}},
            "training": {
                "loss": loss,
                "batch_size": "full",
                "engine": "numpy",
                "seed": seeds.get("training", 0),
            },
        }
    )


@pytest.mark.parametrize("views", [None, Views(grid=8)])
def test_a_lane_has_the_curve_that_it_has_alone(views: Views | None) -> None:
    lanes = sweep_all(small(), [(RATE, (0.01, 0.3))])
    result = raced(lanes, views=views)
    for lane in result.lanes:
        alone = train_to_end(lanes[lane.name], epochs=6, evaluate_every=1)
        assert lane.curve == alone.curve
        assert lane.snapshot.state == State.REACHED
        for name, weight in alone.weights.items():
            assert np.array_equal(lane.snapshot.weights[name], weight)


def test_losses_are_those_of_the_curve() -> None:
    moments = list(race({"tested": small(), "not": affine()}, epochs=9))
    for lane in (lane for moment in moments for lane in moment.lanes):
        assert [point.epoch for point in lane.curve] == list(range(len(lane.losses)))
        for point, (train, test) in zip(lane.curve, lane.losses, strict=True):
            assert train == point.train.loss
            assert np.isnan(test) if point.test is None else test == point.test.loss
        assert not lane.losses.flags.writeable


def test_lanes_start_from_one_start_and_stay_level(monkeypatch: pytest.MonkeyPatch) -> None:
    # On a busy computer a turn may take so long that its middle is shown, too.
    monkeypatch.setattr("playground.engines.many.race.TURN_SECONDS", math.inf)
    lanes = sweep_all(small(), [("training.optimizer.kind", ("sgd", "adam", "rmsprop"))])
    moments = list(race(lanes, epochs=30))
    for moment in moments:
        epochs = {lane.snapshot.epoch for lane in moment.lanes}
        assert len(epochs) == 1
        first = [lane.curve[0] for lane in moment.lanes]
        assert first[0] == first[1] == first[2]
    assert len(moments) > 2
    assert moments[-1].is_over


def test_pictures_come_only_where_they_are_wanted() -> None:
    lanes = {"one": small()}
    assert raced(lanes).lanes[0].snapshot.frame is None
    frame = raced(lanes, views=Views(grid=8)).lanes[0].snapshot.frame
    assert frame is not None
    assert frame.map is not None
    assert frame.map.shape == (8, 8, 2)


def test_a_lane_that_diverges_leaves_the_others_running() -> None:
    experiment = affine()
    lanes = {
        "good": experiment.with_setting(RATE, 0.01),
        "bad": experiment.with_setting("training.optimizer.kind", "sgd").with_setting(RATE, 10.0),
    }
    good, bad = raced(lanes, epochs=400).lanes
    assert (good.snapshot.state, bad.snapshot.state) == (State.REACHED, State.DIVERGED)
    assert good.snapshot.epoch == 400
    table = standings((good, bad), 1e-3)
    assert [row.has_diverged for row in table] == [False, True]
    assert table[1].epoch is None


def test_a_lane_that_cannot_be_trained_is_named() -> None:
    bent = small().with_setting("model.output.activation", "tanh")
    lanes = {"good": small(), "bent": bent}
    with pytest.raises(ExperimentError, match=r"^bent: training\.loss"):
        raced(lanes)
    with pytest.raises(PlaygroundError, match="nothing to race"):
        raced({})


def test_stopped_it_ends_without_another_word() -> None:
    control = RaceControl()
    seen = 0
    for seen, _ in enumerate(race({"a": small(), "b": small()}, epochs=10**6, control=control)):
        if seen == 3:
            control.stop()
    assert seen == 3
    assert list(race({"a": small()}, epochs=5, control=control)) == []


def test_stopped_while_the_lanes_are_prepared_it_prepares_no_further(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    control, prepared = RaceControl(), []

    def slowly(experiment: Experiment, progress: Progress = no_progress) -> Dataset:
        """The person leaves while the second lane is read."""
        prepared.append(experiment)
        if len(prepared) == 2:
            control.stop()
            progress(0.5)
            pytest.fail("it was told to end and went on reading")
        return prepare(experiment, progress)

    monkeypatch.setattr("playground.engines.many.race.prepare", slowly)
    lanes = {name: small() for name in "abcd"}
    assert list(race(lanes, epochs=5, control=control)) == []
    assert len(prepared) == 2


def test_paused_it_waits_until_it_goes_on() -> None:
    control = RaceControl()
    control.pause()
    moments = race({"a": small()}, epochs=5, control=control)
    assert next(moments).epoch == 0
    threading.Timer(0.05, control.resume).start()
    assert next(moments).epoch >= 1
    assert not control.paused


class Pausing(RaceControl):
    """A person who pauses the race at every third look, by chance, and goes on at once."""

    def __init__(self, **how: Any) -> None:
        self.pauses, self.chance = 0, random.Random(3)
        super().__init__(**how)

    @property
    def paused(self) -> bool:
        return self.chance.random() < 1 / 3

    @paused.setter
    def paused(self, paused: bool) -> None:
        """Chance decides."""

    def wait_while_paused(self) -> None:
        self.pauses += 1


@pytest.mark.parametrize("engine", ["numpy", "compiled", "torch"])
def test_pausing_changes_nothing_of_what_is_learned(engine: str) -> None:
    lanes = sweep_all(small(engine=engine, batch_size=3), [(RATE, (0.01, 0.1, 0.3))])
    control = Pausing(views=Views(grid=8))
    *_, paused = race(lanes, epochs=12, control=control)
    assert control.pauses > 5
    for with_pauses, without in zip(paused.lanes, raced(lanes, 12).lanes, strict=True):
        assert with_pauses.curve == without.curve
        assert with_pauses.is_over
        for name, weight in without.snapshot.weights.items():
            assert np.array_equal(with_pauses.snapshot.weights[name], weight)


def test_a_pause_holds_the_turn_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paused while the first of three lanes trains, the other two wait, too; then all get level."""
    control, trained = RaceControl(views=Views(grid=8)), []
    advance = NumpyEngine.train

    def pausing(engine: NumpyEngine, *arguments: Any) -> None:
        trained.append(engine)
        advance(engine, *arguments)
        if len(trained) == 2:
            control.pause()

    monkeypatch.setattr(NumpyEngine, "train", pausing)
    moments = race({name: small(batch_size=2) for name in "abc"}, epochs=4, control=control)
    next(moments)
    held = next(moments)
    assert len(trained) == 2, "no lane trains on behind a pause"
    assert held.lanes[0].snapshot.step > 0
    assert [lane.snapshot.step for lane in held.lanes[1:]] == [0, 0]
    control.resume()
    seen = list(moments)
    level = next(moment for moment in seen if moment.lanes[2].snapshot.epoch)
    assert len({lane.snapshot.epoch for lane in level.lanes}) == 1
    assert seen[-1].is_over


def test_stopped_in_a_pause_it_ends() -> None:
    control = RaceControl()
    control.pause()
    moments = race({"a": small(), "b": small()}, epochs=5, control=control)
    next(moments)
    threading.Timer(0.05, control.stop).start()
    assert list(moments) == []


def test_a_speed_is_kept() -> None:
    control = RaceControl(speed=200.0)
    moments = list(race({"a": small()}, epochs=10, control=control))
    assert [moment.epoch for moment in moments][:2] == [0, 1]
    assert moments[-1].epoch == 10


def curved(losses: list[float], batch_size: int | str = "full") -> Lane:
    lane = raced({"lane": small(batch_size=batch_size)}, epochs=0).lanes[0]
    point = lane.curve[0]
    curve = [
        CurvePoint(epoch, type(point.train)(loss, None), None, 0.1)
        for epoch, loss in enumerate(losses)
    ]
    columns = np.array([(loss, np.nan) for loss in losses])
    return Lane("lane", lane.experiment, lane.snapshot, tuple(curve), columns)


def test_the_table_has_the_first_step_below_the_threshold() -> None:
    lane = curved([3.0, 1.0, 0.5, 0.7, 0.1])
    (row,) = standings([lane], 0.6)
    assert (row.epoch, row.step) == (2, 2)
    assert standings([lane], 0.5)[0].epoch == 4  # below, not at
    assert standings([lane], 0.01)[0].step is None
    assert standings([lane], None)[0].epoch is None


def test_steps_count_batches() -> None:
    lane = curved([3.0, 0.1], batch_size=3)
    rows = len(prepare(small()).train)
    assert standings([lane], 1.0)[0].step == lane.steps_per_epoch == -(-rows // 3)


def test_the_threshold_may_watch_the_test_points() -> None:
    lane = raced({"lane": small()}, epochs=30).lanes[0]
    losses = [point.test.loss for point in lane.curve if point.test is not None]
    threshold = losses[20]
    expected = next(epoch for epoch, loss in enumerate(losses) if loss < threshold)
    assert standings([lane], threshold, "test")[0].epoch == expected


def test_the_table_of_all_curves() -> None:
    lanes = raced({"a, b": small(), "c": affine()}, epochs=2).lanes
    lines = as_csv(lanes).decode().splitlines()
    assert lines[0].startswith("lane,epoch,step,train_loss,test_loss")
    assert len(lines) == 1 + 2 * 3
    assert lines[2].startswith('"a, b",1,2,')
    assert lines[-1].split(",")[:3] == ["c", "2", "2"]
    assert lines[-1].split(",")[4] == ""


def test_four_optimizers_on_one_sample() -> None:
    """With squares RMSprop is at zero first, and Adam, which swings, falls sooner than momentum;
    with distances nobody quite gets there.
    """
    lanes = raced(RACES["usual_optimizers"].value.experiments(affine(data=3)), epochs=40).lanes
    first = {row.name: row.step or 1000 for row in standings(lanes, 1e-3)}
    assert min(first, key=lambda name: first[name]) == "RMSprop"
    early = {row.name: row.step for row in standings(lanes, 0.2)}
    assert early == {"SGD": 10, "Momentum": 4, "Adam": 2, "RMSprop": 3}
    adam = next(lane for lane in lanes if lane.name == "Adam")
    assert any(np.diff([point.train.loss for point in adam.curve]) > 0)
    distances = RACES["usual_optimizers"].value.experiments(affine("l1", data=3))
    assert all(lane.snapshot.train.loss > 1e-3 for lane in raced(distances, epochs=40).lanes)
