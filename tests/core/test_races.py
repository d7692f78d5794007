"""Line-ups: every combination once, by names that tell the lanes apart."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.errors import ExperimentError
from playground.core.experiment.experiment import Experiment
from playground.core.races import (
    MOST_LANES,
    RACES,
    lane_style,
    race_settings,
    sweep_all,
    values_in,
    with_setting,
)
from tests.strategies import experiments

RATE = "training.optimizer.learning_rate"


@given(
    st.lists(st.integers(0, 99), min_size=1, max_size=4, unique=True),
    st.lists(st.sampled_from(["sgd", "adam", "rmsprop"]), min_size=1, unique=True),
)
def test_a_sweep_is_every_combination_once(seeds: list[int], kinds: list[str]) -> None:
    lanes = sweep_all(
        Experiment(title="Mine"), [("training.seed", seeds), ("training.optimizer.kind", kinds)]
    )
    assert len(lanes) == len(seeds) * len(kinds)
    found = {(lane.training.seed, lane.training.optimizer.kind) for lane in lanes.values()}
    assert found == {(seed, kind) for seed in seeds for kind in kinds}


def test_names_say_what_differs_and_nothing_else() -> None:
    sweeps = [("training.optimizer.kind", ["sgd", "adam"]), ("training.batch_size", [5, "full"])]
    assert list(sweep_all(Experiment(), sweeps)) == [
        "sgd, batch size 5",
        "sgd, batch size full",
        "adam, batch size 5",
        "adam, batch size full",
    ]
    assert list(sweep_all(Experiment(title="Mine"), [(RATE, [0.1])])) == ["Mine"]
    assert list(sweep_all(Experiment(), [])) == ["As it is"]


def test_a_setting_of_all_layers() -> None:
    before = Experiment()
    after = with_setting(before, "model.layers.*.activation", "relu")
    assert [layer.activation for layer in after.model.layers] == ["relu", "relu"]  # type: ignore[union-attr]
    assert before.model.layers[0].activation == "tanh"  # type: ignore[union-attr]
    with pytest.raises(ExperimentError, match="no hidden layer"):
        with_setting(before, "model.layers.*.p", 0.1)


def test_too_many_lanes_and_values_named_twice_are_refused() -> None:
    with pytest.raises(ExperimentError, match="make 17 lanes"):
        sweep_all(Experiment(), [("training.seed", range(MOST_LANES + 1))])
    assert len(sweep_all(Experiment(), [("training.seed", range(MOST_LANES))])) == MOST_LANES
    with pytest.raises(ExperimentError, match="named twice"):
        sweep_all(Experiment(), [(RATE, [0.1, 0.1])])


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0.01, 0.1", (0.01, 0.1)),
        ("sgd,adam", ("sgd", "adam")),
        ("10, full", (10, "full")),
        ("true,false", (True, False)),
        ("[0.9, 0.99], [0.8, 0.9]", ([0.9, 0.99], [0.8, 0.9])),
        (" , ", ()),
        ("sin x1", ("sin x1",)),
    ],
)
def test_values_are_read_from_a_line(text: str, values: tuple[object, ...]) -> None:
    assert values_in(text) == values


@pytest.mark.parametrize("key", RACES.keys())
def test_ready_made_races_fit_any_first_experiment(key: str) -> None:
    lanes = RACES[key].value.experiments(Experiment())
    assert 2 <= len(lanes) <= MOST_LANES
    for first, second in combinations(lanes.values(), 2):
        assert first != second


@given(experiments())
def test_every_setting_can_be_raced_with_the_values_that_it_suggests(
    experiment: Experiment,
) -> None:
    settings = race_settings(experiment)
    paths = [setting.path for setting in settings]
    assert len(set(paths)) == len(paths)
    for setting in settings:
        suits_the_rest = not setting.path.startswith(("data.", "training.loss"))
        if suits_the_rest and not setting.path.endswith("nesterov"):
            sweep_all(experiment, [(setting.path, values_in(setting.usual)[:MOST_LANES])])


def test_settings_are_named_in_words() -> None:
    labels = {setting.path: setting.label for setting in race_settings(Experiment())}
    assert labels[RATE] == "Learning rate (optimizer)"
    assert labels["model.layers.1.units"] == "Units (layer 2)"
    assert "training.epochs" not in labels
    assert not any(path.startswith("training.stop") for path in labels)


def test_any_two_lanes_differ_without_their_color() -> None:
    looks = [(style.marker, style.dashes) for style in map(lane_style, range(MOST_LANES))]
    assert len(set(looks)) == MOST_LANES
