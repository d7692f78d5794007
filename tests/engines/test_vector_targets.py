"""Targets that are vectors: every engine that takes them follows a plain PyTorch loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from playground.core.data.dataset import Dataset, prepare
from playground.core.errors import EngineError
from playground.core.experiment.experiment import Experiment
from playground.engines.compiled.compiled_engine import CompiledEngine
from playground.engines.contract.base import Engine, Plan
from playground.engines.loop.selection import select
from playground.engines.numpy.numpy_engine import NumpyEngine
from playground.engines.numpy.numpy_losses import NUMPY_LOSSES
from playground.engines.pytorch.network import initial_weights
from playground.engines.pytorch.torch_engine import TorchEngine

REGRESSION = ("mse", "sse", "l1", "huber")
LIMIT = {"float32": 1e-4, "float64": 1e-9}
EPOCHS, RATE = 40, 0.01


def experiment(outputs: int = 3, **training: Any) -> Experiment:
    return Experiment.parse(
        {
            "data": {
                "kind": "vectors",
                "rows": 20,
                "inputs": 6,
                "outputs": outputs,
                "test_ratio": 0.25,
            },
            "model": {"layers": [{"kind": "linear", "units": 5, "activation": "tanh"}]},
            "training": {
                "optimizer": {"kind": "sgd", "learning_rate": RATE},
                "batch_size": "full",
                **training,
            },
        }
    )


def plain_loop(plan: Plan, dataset: Dataset) -> list[float]:
    """Training losses of the same network in PyTorch alone, before each step."""
    training = plan.experiment.training
    dtype = getattr(torch, training.dtype)
    model = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, plan.outputs)).to(dtype)
    model.load_state_dict({n: torch.tensor(w) for n, w in initial_weights(plan).items()})
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    x = torch.tensor(dataset.train.inputs, dtype=dtype)
    y = torch.tensor(dataset.train.targets, dtype=dtype)
    function = {"l1": functional.l1_loss, "huber": functional.huber_loss}.get(
        training.loss, functional.mse_loss
    )
    reduction = "sum" if training.loss == "sse" else "mean"
    losses = []
    for _ in range(EPOCHS):
        loss = function(model(x), y, reduction=reduction)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses


def engine_loop(kind: type[Engine], plan: Plan, dataset: Dataset) -> list[float]:
    engine = kind(plan)
    engine.load(dataset)
    losses = []
    for _ in range(EPOCHS):
        score = engine.evaluate("train")
        assert score is not None
        assert score.accuracy is None
        losses.append(score.loss)
        engine.train(np.arange(len(dataset.train))[None], len(dataset.train), np.array([RATE]))
    return losses


@pytest.mark.parametrize("kind", [NumpyEngine, TorchEngine])
@pytest.mark.parametrize("dtype", LIMIT)
@pytest.mark.parametrize("loss", REGRESSION)
def test_engines_follow_a_plain_loop(loss: str, dtype: str, kind: type[Engine]) -> None:
    chosen = experiment(loss=loss, dtype=dtype)
    dataset = prepare(chosen)
    plan = Plan.of(chosen, dataset)
    expected = plain_loop(plan, dataset)
    np.testing.assert_allclose(engine_loop(kind, plan, dataset), expected, rtol=LIMIT[dtype])
    assert expected[-1] < expected[0]


@pytest.mark.parametrize("name", REGRESSION)
def test_a_loss_is_that_of_torch_over_all_elements(name: str) -> None:
    random = np.random.default_rng(1)
    z, y = random.normal(size=(7, 4)), random.normal(size=(7, 4))
    outputs = torch.tensor(z, requires_grad=True)
    function = {"l1": functional.l1_loss, "huber": functional.huber_loss}.get(
        name, functional.mse_loss
    )
    loss = function(outputs, torch.tensor(y), reduction="sum" if name == "sse" else "mean")
    (slope,) = torch.autograd.grad(loss, outputs)
    assert NUMPY_LOSSES[name].value(z, y) == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(NUMPY_LOSSES[name].slope(z, y), slope.numpy(), rtol=1e-12)


@pytest.mark.parametrize("kind", [NumpyEngine, TorchEngine])
def test_a_prediction_has_a_number_for_every_output(kind: type[Engine]) -> None:
    chosen = experiment()
    dataset = prepare(chosen)
    engine = kind(Plan.of(chosen, dataset))
    assert engine.predict(dataset.test.inputs).shape == (5, 3)


def test_the_compiled_engine_says_that_it_cannot() -> None:
    chosen = experiment(engine="compiled")
    plan = Plan.of(chosen, prepare(chosen))
    with pytest.raises(EngineError, match="cannot train targets that are vectors"):
        select(plan)
    chosen = chosen.with_setting("training.engine", "auto")
    assert select(Plan.of(chosen, prepare(chosen))).engine is NumpyEngine


def test_a_vector_of_one_number_is_a_number_to_all_engines() -> None:
    chosen = experiment(outputs=1)
    dataset = prepare(chosen)
    plan = Plan.of(chosen, dataset)
    assert CompiledEngine.obstacle(plan) is None
    expected = plain_loop(plan, dataset)
    for kind in (NumpyEngine, TorchEngine, CompiledEngine):
        np.testing.assert_allclose(engine_loop(kind, plan, dataset), expected, rtol=1e-4)
