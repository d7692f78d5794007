"""The network by hand: numbers worked out on paper, and the edges of its formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.core.data.dataset import Dataset, prepare
from playground.core.experiment.experiment import Experiment, Regularization
from playground.engines.contract.base import Plan
from playground.engines.numpy.numpy_engine import NumpyEngine
from playground.engines.numpy.numpy_losses import NUMPY_LOSSES, sigmoid, softmax
from playground.engines.numpy.numpy_optimizers import UPDATES


def prepared(
    x: Any, answers: dict[str, Any], units: list[int] | None = None, **training: Any
) -> tuple[NumpyEngine, Dataset]:
    layers = [{"kind": "linear", "units": n, "activation": "tanh"} for n in units or []]
    experiment = Experiment.parse(
        {
            "data": {"kind": "points", "x": x, "test": [], **answers},
            "model": {"layers": layers},
            "training": {"optimizer": {"kind": "sgd"}, "dtype": "float64", **training},
        }
    )
    dataset = prepare(experiment)
    engine = NumpyEngine(Plan.of(experiment, dataset))
    engine.load(dataset)
    return engine, dataset


def test_a_step_worked_out_on_paper() -> None:
    # z = 0.5, a = tanh 0.5, output = 2 a + 0.25, target 1: dL/doutput = 2 (output - 1).
    engine, _ = prepared([[1.0, 0.0]], {"target": [1.0]}, [1], loss="mse")
    engine.set_weights(
        {
            "0.weight": np.array([[0.5, 3.0]]),
            "0.bias": np.array([0.0]),
            "2.weight": np.array([[2.0]]),
            "2.bias": np.array([0.25]),
        }
    )
    engine.train(np.array([[0]]), 1, np.array([0.1]))
    a = np.tanh(0.5)
    slope = 2 * (2 * a + 0.25 - 1)
    hidden = slope * 2 * (1 - a * a)
    weights = engine.weights()
    np.testing.assert_allclose(weights["2.weight"], [[2 - 0.1 * slope * a]])
    np.testing.assert_allclose(weights["2.bias"], [0.25 - 0.1 * slope])
    np.testing.assert_allclose(weights["0.weight"], [[0.5 - 0.1 * hidden, 3.0]])
    np.testing.assert_allclose(weights["0.bias"], [-0.1 * hidden])


@pytest.mark.parametrize("name", NUMPY_LOSSES)
def test_the_slope_of_a_loss_is_its_derivative(name: str) -> None:
    loss = NUMPY_LOSSES[name]
    random = np.random.default_rng(0)
    z = random.normal(size=(7, 4 if name == "cross_entropy" else 1)) * 3
    y = random.integers(0, 4, 7) if name == "cross_entropy" else random.normal(size=(7, 1))
    slope, h = loss.slope(z, y), 1e-6
    for place in np.ndindex(z.shape):
        step = np.zeros_like(z)
        step[place] = h
        expected = (loss.value(z + step, y) - loss.value(z - step, y)) / (2 * h)
        assert slope[place] == pytest.approx(expected, abs=1e-7)


def test_large_outputs_overflow_nowhere() -> None:
    z = np.array([[-1e4], [0.0], [1e4]])
    np.testing.assert_array_equal(sigmoid(z), [[0.0], [0.5], [1.0]])
    np.testing.assert_array_equal(softmax(np.array([[1e4, -1e4]])), [[1.0, 0.0]])
    assert NUMPY_LOSSES["bce_with_logits"].value(z, np.ones((3, 1))) == pytest.approx(
        (1e4 + np.log(2)) / 3
    )
    assert NUMPY_LOSSES["cross_entropy"].value(np.array([[1e4, -1e4]]), np.array([1])) == 2e4


def test_gradients_can_be_read_without_a_step() -> None:
    engine, _ = prepared([[1.0, 0.0], [0.0, 2.0]], {"target": [1.0, 3.0]}, loss="sse")
    engine.set_weights({"0.weight": np.array([[0.5, 1.0]]), "0.bias": np.array([0.25])})
    before = engine.weights()
    gradients = engine.gradients(np.array([1]))
    # z = 2.25, target 3: dL/dz = 2 (2.25 - 3).
    np.testing.assert_allclose(gradients["0.weight"], [[0.0, -3.0]])
    np.testing.assert_allclose(gradients["0.bias"], [-1.5])
    assert list(gradients) == list(before)
    for name, weight in engine.weights().items():
        assert np.array_equal(weight, before[name])


def test_every_update_leads_downhill() -> None:
    for kind in UPDATES:
        engine, dataset = prepared(
            [[0.0, 1.0], [1.0, 0.0]], {"label": [0, 1]}, [3], optimizer={"kind": kind}
        )
        before = engine.evaluate("train")
        engine.train(np.tile(np.arange(2), (50, 1)), 2, np.full(50, 0.05))
        after = engine.evaluate("train")
        assert before is not None, dataset
        assert after is not None
        assert after.loss < before.loss, kind


def test_the_penalty_counts_weights_and_no_biases() -> None:
    engine, _ = prepared([[0.0, 1.0]], {"target": [0.0]}, loss="mse")
    engine.set_weights({"0.weight": np.array([[3.0, -4.0]]), "0.bias": np.array([100.0])})
    assert engine.penalty() == 0
    engine.regularize(Regularization(kind="l1", rate=0.5))
    assert engine.penalty() == pytest.approx(3.5)
    engine.regularize(Regularization(kind="l2", rate=0.5))
    assert engine.penalty() == pytest.approx(0.25 * 25)


def test_scores_of_a_known_network() -> None:
    engine, _ = prepared(
        [[1.0, 0.0], [-1.0, 0.0], [2.0, 0.0]], {"label": [1, 0, 0]}, loss="bce_with_logits"
    )
    engine.set_weights({"0.weight": np.array([[1.0, 0.0]]), "0.bias": np.array([0.0])})
    score = engine.evaluate("train")
    assert score is not None
    assert score.accuracy == pytest.approx(2 / 3)
    assert score.loss == pytest.approx((2 * np.log1p(np.exp(-1)) + np.log1p(np.exp(2))) / 3)
    assert engine.evaluate("test") is None


def test_a_loss_that_grows_beyond_all_bounds_raises_no_warning() -> None:
    engine, _ = prepared([[1.0, 2.0], [3.0, 1.0]], {"target": [5.0, -5.0]}, [3], loss="mse")
    engine.train(np.tile(np.arange(2), (500, 1)), 1, np.full(500, 1e3))
    score = engine.evaluate("train")
    assert score is not None
    assert not np.isfinite(score.loss)


def test_numbers_have_the_precision_that_was_asked_for() -> None:
    for dtype in ("float32", "float64"):
        engine, dataset = prepared([[0.0, 1.0]], {"label": [0]}, [2], dtype=dtype)
        engine.train(np.array([[0]]), 1, np.array([0.1]))
        assert {weight.dtype.name for weight in engine.weights().values()} == {dtype}
        assert engine.predict(dataset.train.inputs).dtype == np.float32
