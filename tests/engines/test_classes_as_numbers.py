"""Two classes as -1 and +1: what a loss of numbers makes of them, and outputs that tanh bends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import playground
from playground.core.data.dataset import prepare
from playground.core.errors import ExperimentError
from playground.core.experiment import edits, files, sharing
from playground.core.experiment.experiment import FIRST_FORMAT, FORMAT, Experiment
from playground.core.training.losses import LOSSES
from playground.engines.contract.base import Plan
from playground.engines.loop.selection import ENGINES

NUMBERS = [choice.key for choice in LOSSES if choice.value.regression]


def with_tanh(loss: str = "mse", engine: str = "numpy", **data: Any) -> Experiment:
    return Experiment.parse(
        {
            "data": {"kind": "generated", "generator": "xor", "samples": 60, **data},
            "model": {"output": {"activation": "tanh"}},
            "training": {"loss": loss, "engine": engine, "epochs": 5},
        }
    )


def forward(weights: dict[str, np.ndarray], x: np.ndarray) -> np.ndarray:
    """A dense network with tanh behind every layer, the last one too; float64 (N, 1)."""
    value = x.astype(np.float64)
    for number in sorted({int(name.partition(".")[0]) for name in weights}):
        value = np.tanh(value @ weights[f"{number}.weight"].T + weights[f"{number}.bias"])
    return value


@pytest.mark.parametrize("loss", NUMBERS)
@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_loss_accuracy_and_shares_are_those_of_the_outputs(engine: str, loss: str) -> None:
    result = playground.train(with_tanh(loss, engine))
    dataset = result.dataset
    said = forward(dict(result.weights), dataset.test.inputs)[:, 0]
    labels = dataset.points.y[dataset.points.held_out]
    distance = said - np.where(labels == 1, 1.0, -1.0)
    each = {
        "mse": distance**2,
        "sse": distance**2,
        "l1": np.abs(distance),
        "huber": np.where(np.abs(distance) < 1, distance**2 / 2, np.abs(distance) - 0.5),
    }[loss]
    assert result.test is not None
    assert result.test.loss == pytest.approx(each.sum() if loss == "sse" else each.mean(), rel=1e-5)
    assert result.test.accuracy == pytest.approx(np.mean((said > 0) == (labels == 1)))
    shares = result.predict(dataset.points.x[dataset.points.held_out])
    np.testing.assert_allclose(shares, np.stack([1 - said, 1 + said], axis=1) / 2, atol=1e-6)


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_shares_have_ends_where_outputs_have_none(engine: str) -> None:
    experiment = with_tanh(engine=engine).with_setting("model.output.activation", "linear")
    dataset = prepare(experiment)
    plan = Plan.of(experiment, dataset)
    network = ENGINES[engine]()(plan)
    network.load(dataset)
    first = network.weights()
    network.set_weights({name: 9 * array for name, array in first.items()})
    shares = network.predict(dataset.train.inputs)
    assert shares.min() == 0
    assert shares.max() == 1
    np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_a_loss_for_classes_is_refused_in_one_sentence_whose_advice_works() -> None:
    with pytest.raises(ExperimentError, match=r"between -1 and 1; choose 'mse'") as refused:
        prepare(with_tanh("cross_entropy"))
    assert str(refused.value).startswith("training.loss: 'cross_entropy'")
    prepare(with_tanh("mse"))
    three = with_tanh(generator="rings", classes=3)
    with pytest.raises(ExperimentError, match="choose 'linear' for it, with 'cross_entropy'"):
        prepare(three)
    prepare(
        three.with_setting("model.output.activation", "linear").with_setting(
            "training.loss", "cross_entropy"
        )
    )


def test_more_than_two_classes_are_no_numbers() -> None:
    three = with_tanh(generator="rings", classes=3)
    three = three.with_setting("model.output.activation", "linear")
    with pytest.raises(ExperimentError, match="this data has 3 classes; choose 'cross_entropy'"):
        prepare(three)


# Files.


@given(st.sampled_from(LOSSES.keys()), st.sampled_from(["linear", "tanh"]))
@settings(max_examples=12)
def test_only_what_is_new_needs_the_new_format(loss: str, activation: str) -> None:
    raw = {"model": {"output": {"activation": activation}}, "training": {"loss": loss}}
    experiment = Experiment.parse(raw)
    plain = experiment.plain()
    is_old = activation == "linear" and not LOSSES[loss].value.regression
    assert plain["format"] == (FIRST_FORMAT if is_old else FORMAT)
    assert ("activation" in plain["model"]["output"]) == (activation == "tanh")
    assert Experiment.parse(plain) == experiment
    assert sharing.from_link(sharing.to_link(experiment)) == experiment


def test_a_file_holds_it(tmp_path: Path) -> None:
    place = tmp_path / "signs.playground.json"
    files.save(with_tanh(), place)
    assert json.loads(place.read_text())["model"]["output"] == {"bias": True, "activation": "tanh"}
    assert files.load(place) == with_tanh()


# Edits.


def test_tanh_brings_a_loss_that_goes_with_it() -> None:
    bent = edits.set_value(Experiment(), "model.output.activation", "tanh")
    assert bent.training.loss == "mse"
    kept = edits.set_value(
        Experiment().with_setting("training.loss", "l1"), "model.output.activation", "tanh"
    )
    assert kept.training.loss == "l1"
    rings = edits.choose_generator(Experiment(), "rings")
    with pytest.raises(ExperimentError, match="'tanh' is for numbers and for two classes"):
        edits.set_value(rings, "model.output.activation", "tanh")


def test_other_data_get_a_loss_that_fits_them() -> None:
    bent = with_tanh()
    assert edits.choose_generator(bent, "spiral").training.loss == "mse"
    rings = edits.choose_generator(bent, "rings")
    assert rings.training.loss == "cross_entropy"
    assert rings.model.output.activation == "linear"
    hills = edits.choose_generator(bent, "hills")
    assert (hills.training.loss, hills.model.output.activation) == ("mse", "tanh")
    assert edits.choose_generator(hills, "circle").training.loss == "mse"


def test_numbers_become_classes_with_the_loss_for_classes() -> None:
    """As ever: two classes could be numbers, but nobody has asked for that."""
    hills = edits.choose_generator(Experiment(), "hills")
    assert edits.choose_generator(hills, "circle").training.loss == "cross_entropy"
