"""The gradients by hand and those of autograd are the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from playground.core.data.dataset import Dataset, prepare
from playground.core.experiment.experiment import Experiment
from playground.core.network.activations import ACTIVATIONS
from playground.engines.contract.base import Plan, Weights
from playground.engines.inside.by_hand import compare
from playground.engines.inside.comparison import Comparison, GradientPair
from playground.engines.numpy.numpy_engine import NumpyEngine
from playground.engines.pytorch.network import initial_weights

LIMIT = {"float32": 1e-5, "float64": 1e-13}


def made(raw: dict[str, Any]) -> tuple[Plan, Dataset]:
    experiment = Experiment.parse(raw)
    dataset = prepare(experiment)
    return Plan.of(experiment, dataset), dataset


def vectors(**training: Any) -> dict[str, Any]:
    """Two layers without biases on random vectors, the sum of squares as loss."""
    return {
        "data": {"kind": "vectors", "rows": 16, "inputs": 40, "outputs": 5, "test_ratio": 0.0},
        "model": {
            "layers": [{"kind": "linear", "units": 12, "activation": "relu", "bias": False}],
            "output": {"bias": False},
        },
        "training": {"loss": "sse", "batch_size": "full", "dtype": "float64", **training},
    }


def compared(plan: Plan, dataset: Dataset, weights: Weights | None = None) -> Comparison:
    result = compare(plan, dataset, weights or initial_weights(plan), np.arange(len(dataset.train)))
    assert isinstance(result, Comparison)
    return result


@pytest.mark.parametrize("dtype", LIMIT)
@pytest.mark.parametrize("loss", ["mse", "sse", "l1", "huber"])
def test_both_ways_give_the_same_gradients(loss: str, dtype: str) -> None:
    plan, dataset = made(
        vectors(loss=loss, dtype=dtype, regularization={"kind": "l2", "rate": 0.1})
    )
    comparison = compared(plan, dataset)
    assert [pair.name for pair in comparison.pairs] == ["0.weight", "2.weight"]
    assert comparison.relative < LIMIT[dtype]
    for pair in comparison.pairs:
        assert pair.by_hand.dtype == pair.autograd.dtype == np.dtype(dtype)
        assert np.abs(pair.by_hand).max() > 0


@pytest.mark.parametrize("activation", ACTIVATIONS.keys())
@pytest.mark.parametrize(("loss", "classes"), [("cross_entropy", 3), ("bce_with_logits", 2)])
def test_every_activation_and_class_loss(activation: str, loss: str, classes: int) -> None:
    layer = {"kind": "linear", "units": 5, "activation": activation}
    plan, dataset = made(
        {
            "data": {"generator": "blobs", "kind": "generated", "classes": classes, "samples": 60},
            "model": {"layers": [layer, {**layer, "bias": False}]},
            "training": {"loss": loss, "dtype": "float64"},
        }
    )
    comparison = compared(plan, dataset)
    assert comparison.relative < 1e-12
    assert len(comparison.pairs) == 5


@pytest.mark.parametrize("loss", ["mse", "sse", "l1", "huber"])
def test_outputs_with_an_activation(loss: str) -> None:
    plan, dataset = made(
        {
            "data": {"kind": "generated", "generator": "circle", "samples": 60},
            "model": {"output": {"activation": "tanh"}},
            "training": {"loss": loss, "dtype": "float64"},
        }
    )
    comparison = compared(plan, dataset)
    assert comparison.relative < 1e-12
    (formula,) = [pair.formula for pair in comparison.pairs if pair.symbol == "W₃"]
    assert "h₃ − y" in formula
    assert formula.endswith("⊙ tanh'(z₃)")


def test_they_agree_at_any_step_of_a_run() -> None:
    plan, dataset = made(vectors(optimizer={"kind": "sgd", "learning_rate": 1e-3}))
    engine = NumpyEngine(plan)
    engine.load(dataset)
    for _ in range(3):
        engine.train(np.tile(np.arange(16), (10, 1)), 16, np.full(10, 1e-3))
        assert compared(plan, dataset, engine.weights()).relative < 1e-9


def test_a_part_of_the_rows_is_a_batch() -> None:
    plan, dataset = made(vectors(loss="mse"))
    weights = initial_weights(plan)
    half = compare(plan, dataset, weights, np.arange(8))
    whole = compare(plan, dataset, weights, np.arange(16))
    assert isinstance(half, Comparison)
    assert isinstance(whole, Comparison)
    assert half.rows == 8
    assert not np.allclose(half.pairs[0].by_hand, whole.pairs[0].by_hand)


def test_what_cannot_be_done_by_hand_is_said() -> None:
    raw = vectors()
    raw["model"]["layers"].append({"kind": "dropout", "p": 0.1})
    plan, dataset = made(raw)
    sentence = compare(plan, dataset, {}, np.arange(16))
    assert isinstance(sentence, str)
    assert "'dropout'" in sentence


def test_the_formulas_name_layers_and_slopes() -> None:
    raw = vectors()
    raw["model"]["output"]["bias"] = True
    formulas = {pair.name: (pair.symbol, pair.formula) for pair in compared(*made(raw)).pairs}
    assert formulas == {
        "0.weight": ("W₁", "dW₁ = d₁ᵀ x,  d₁ = (d₂ W₂) ⊙ relu'(z₁)"),
        "2.weight": ("W₂", "dW₂ = d₂ᵀ h₁,  d₂ = 2 (z − y)"),
        "2.bias": ("b₂", "db₂ = the sum of d₂ over the points"),
    }


def test_a_comparison_draws_no_random_numbers_of_others() -> None:
    plan, dataset = made(vectors())
    before = torch.get_rng_state()
    compared(plan, dataset)
    assert torch.equal(before, torch.get_rng_state())


def test_the_differences_of_known_gradients() -> None:
    pair = GradientPair("w", "W", "", np.array([[1.0, -4.0]]), np.array([[1.5, -4.0]]))
    assert pair.absolute == 0.5
    assert pair.relative == 0.125
    assert GradientPair("w", "W", "", np.zeros((2, 2)), np.zeros((2, 2))).relative == 0
