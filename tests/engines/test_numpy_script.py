"""The NumPy script of an experiment: it prints the losses of the NumPy engine."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given, settings

from playground.core.errors import EngineError, PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.core.network.activations import ACTIVATIONS
from playground.engines.numpy.numpy_losses import NUMPY_LOSSES
from playground.engines.numpy.numpy_optimizers import UPDATES
from playground.engines.numpy.numpy_script import numpy_script
from tests.script_runner import wrong_scripts
from tests.strategies import experiments

Plain = dict[str, Any]


def _plain(data: Plain | None = None, model: Plain | None = None, **training: Any) -> Plain:
    generated = {"kind": "generated", "generator": "circle", "samples": 60, **(data or {})}
    return {
        "data": data if data and "kind" in data else generated,
        "model": model or {},
        "training": {"epochs": 4, "engine": "numpy", **training},
    }


def _cases() -> list[Plain]:
    layers = [{"kind": "linear", "units": 3, "activation": choice.key} for choice in ACTIVATIONS]
    no_bias = {"layers": [{"kind": "linear", "units": 3, "bias": False}]}
    steps = [{"kind": kind, "learning_rate": 0.02} for kind in UPDATES]
    hills, tanh = {"generator": "hills"}, {"output": {"activation": "tanh"}}
    losses = [
        (loss, {} if loss in ("cross_entropy", "bce_with_logits") else hills)
        for loss in NUMPY_LOSSES
    ]
    sgd = {"kind": "sgd", "learning_rate": 0.01, "momentum": 0.9, "nesterov": True}
    return [
        *[_plain({}, {"layers": [layer]}) for layer in layers],
        *[_plain(optimizer=step) for step in steps],
        *[_plain(data, loss=loss, optimizer=sgd) for loss, data in losses],
        _plain({"test_ratio": 0}, no_bias, optimizer=sgd),
        *[_plain({}, tanh, loss=loss, optimizer=sgd) for loss in ("mse", "l1")],
        _plain({}, loss="mse", dtype="float64", stop={"accuracy_above": 0.7}, epochs=20),
        _plain(
            {}, no_bias | {"output": {"bias": False}, "initializer": "xavier"}, batch_size="full"
        ),
        _plain(
            {"standardize": True}, {"features": ["x1", "sin x2"], "layers": []}, dtype="float64"
        ),
        _plain(regularization={"kind": "l1", "rate": 0.01}, optimizer={"kind": "adamw"}),
        _plain(
            regularization={"kind": "l2", "rate": 0.1},
            schedule={"kind": "plateau", "patience": 0},
            optimizer={"kind": "sgd", "learning_rate": 1.0},
            epochs=8,
        ),
        _plain(schedule={"kind": "step", "period": 2}, epochs=200),
        _plain(stop={"accuracy_above": 0.6, "patience": 3}, epochs=40),
        _plain(
            {"kind": "vectors", "rows": 20, "inputs": 6, "outputs": 3}, loss="sse", optimizer=sgd
        ),
        _plain({"kind": "digits", "test_ratio": 0.8}, batch_size=100),
        _plain({"kind": "iris", "standardize": True}),
    ]


def test_scripts_print_the_losses_of_the_numpy_engine() -> None:
    parsed = [Experiment.parse(one) for one in _cases()]
    assert wrong_scripts(parsed, numpy_script) == []


@settings(max_examples=50)
@given(experiments())
def test_the_script_of_any_experiment_is_tidy_python(experiment: Experiment) -> None:
    try:
        source = numpy_script(experiment)
    except PlaygroundError:
        return
    ast.parse(source)
    assert max(map(len, source.splitlines())) <= 100
    assert "playground" not in source.replace(experiment.title, "")
    assert "\n\n\n\n" not in source
    assert "type: ignore" not in source


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        (_plain({}, {"layers": [{"kind": "dropout"}]}), "dropout"),
        (_plain({"kind": "digits"}, {"layers": [{"kind": "conv"}]}), "conv"),
        (_plain(augmentation={"jitter": 0.1}), "augmentation"),
        (_plain(optimizer={"kind": "lbfgs"}), "lbfgs"),
    ],
)
def test_what_only_pytorch_can_train(plain: Plain, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        numpy_script(Experiment.parse(plain))


def test_it_is_short() -> None:
    assert len(numpy_script(Experiment()).splitlines()) < 180
