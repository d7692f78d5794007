"""Layers that are different in training, or have no matrix, follow a plain PyTorch loop in the
compiled engine: the same masks of dropout, the same scales, blocks whose input is added.

The loop is written without any engine, as somebody would write it who knows torch only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from playground.core.data.dataset import Dataset, prepare
from playground.core.experiment.experiment import Experiment
from playground.engines.compiled import compiled_engine
from playground.engines.compiled.compiled_engine import CompiledEngine
from playground.engines.contract.base import Engine, Plan
from playground.engines.contract.state import EngineState
from playground.engines.pytorch.torch_engine import TorchEngine

POINTS, SEED, RATE = 60, 11, 0.01


class Block(nn.Module):
    def __init__(self, *modules: nn.Module) -> None:
        super().__init__()
        self.inner = nn.Sequential(*modules)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.inner(x)


def linear(units: int, activation: str = "tanh") -> dict[str, Any]:
    return {"kind": "linear", "units": units, "activation": activation}


def dropout(p: float) -> dict[str, Any]:
    return {"kind": "dropout", "p": p}


RESIDUAL, NORM, BATCH = ({"kind": kind} for kind in ("residual", "layer_norm", "batch_norm"))

NETWORKS: dict[str, tuple[list[dict[str, Any]], Callable[[], list[nn.Module]]]] = {
    "dropout": (
        [linear(8), dropout(0.3), linear(5, "relu"), dropout(0.55)],
        lambda: [
            *(nn.Linear(2, 8), nn.Tanh(), nn.Dropout(0.3)),
            *(nn.Linear(8, 5), nn.ReLU(), nn.Dropout(0.55), nn.Linear(5, 2)),
        ],
    ),
    "dropout first, none, twice": (
        [dropout(0.1), linear(20), dropout(0.0), dropout(0.2), dropout(0.3)],
        lambda: [
            *(nn.Dropout(0.1), nn.Linear(2, 20), nn.Tanh(), nn.Dropout(0.0)),
            *(nn.Dropout(0.2), nn.Dropout(0.3), nn.Linear(20, 2)),
        ],
    ),
    "layer norm": (
        [linear(8), NORM, linear(17, "linear"), NORM, linear(3)],
        lambda: [
            *(nn.Linear(2, 8), nn.Tanh(), nn.LayerNorm(8), nn.Linear(8, 17), nn.LayerNorm(17)),
            *(nn.Linear(17, 3), nn.Tanh(), nn.Linear(3, 2)),
        ],
    ),
    "layer norm of the inputs": (
        [NORM, linear(6)],
        lambda: [nn.LayerNorm(2), nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 2)],
    ),
    "residual": (
        [linear(8), RESIDUAL, {**RESIDUAL, "activation": "linear"}, linear(4)],
        lambda: [
            *(nn.Linear(2, 8), nn.Tanh(), Block(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8))),
            *(Block(nn.Linear(8, 8), nn.Linear(8, 8)), nn.Linear(8, 4), nn.Tanh()),
            nn.Linear(4, 2),
        ],
    ),
    "batch norm": (
        [linear(8, "linear"), BATCH, linear(17), {**BATCH, "activation": "relu"}],
        lambda: [
            *(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Linear(8, 17), nn.Tanh()),
            *(nn.BatchNorm1d(17), nn.ReLU(), nn.Linear(17, 2)),
        ],
    ),
    "batch norm first, with all": (
        [BATCH, linear(6), dropout(0.2), RESIDUAL, BATCH, NORM],
        lambda: [
            *(nn.BatchNorm1d(2), nn.Linear(2, 6), nn.Tanh(), nn.Dropout(0.2)),
            Block(nn.Linear(6, 6), nn.ReLU(), nn.Linear(6, 6)),
            *(nn.BatchNorm1d(6), nn.LayerNorm(6), nn.Linear(6, 2)),
        ],
    ),
    "residual first": (
        [{**RESIDUAL, "activation": "sine"}, {"kind": "flatten"}],
        lambda: [
            Block(nn.Linear(2, 2), Sine(), nn.Linear(2, 2)),
            *(nn.Flatten(), nn.Linear(2, 2)),
        ],
    ),
    "all": (
        [linear(18), NORM, RESIDUAL, dropout(0.2), RESIDUAL, NORM, dropout(0.4)],
        lambda: [
            *(nn.Linear(2, 18), nn.Tanh(), nn.LayerNorm(18)),
            *(Block(nn.Linear(18, 18), nn.ReLU(), nn.Linear(18, 18)), nn.Dropout(0.2)),
            *(Block(nn.Linear(18, 18), nn.ReLU(), nn.Linear(18, 18)), nn.LayerNorm(18)),
            *(nn.Dropout(0.4), nn.Linear(18, 2)),
        ],
    ),
}


class Sine(nn.Module):
    def forward(self, z: torch.Tensor) -> torch.Tensor:
        return torch.sin(z)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@cache
def points() -> tuple[np.ndarray, np.ndarray]:
    x = np.random.default_rng(3).uniform(-2, 2, (POINTS, 2)).astype(np.float32)
    return x, (x[:, 0] * x[:, 1] > 0).astype(int)


def experiment(network: str, penalty: str = "none", **training: Any) -> Experiment:
    x, labels = points()
    return Experiment.parse(
        {
            "data": {
                "kind": "points",
                "x": x.tolist(),
                "label": labels.tolist(),
                "class_names": ["unlike", "like"],
                "test": [],
            },
            "model": {"layers": NETWORKS[network][0]},
            "training": {
                "loss": "cross_entropy",
                "optimizer": {"kind": "sgd", "learning_rate": RATE, "momentum": 0.5},
                "regularization": {"kind": penalty, "rate": 0.003},
                "seed": SEED,
                **training,
            },
        }
    )


def made(kind: type[Engine], one: Experiment) -> tuple[Engine, Dataset]:
    dataset = prepare(one)
    engine = kind(Plan.of(one, dataset))  # type: ignore[call-arg]
    engine.load(dataset)
    return engine, dataset


def orders(epochs: int) -> np.ndarray:
    random = np.random.default_rng(5)
    return np.stack([random.permutation(POINTS) for _ in range(epochs)])


def loss_of(network: nn.Sequential, penalty: str, rows: np.ndarray) -> torch.Tensor:
    x, labels = (torch.from_numpy(part[rows]) for part in points())
    loss = functional.cross_entropy(network(x), labels)
    if penalty == "l2":
        weights = [part.weight for part in network.modules() if isinstance(part, nn.Linear)]
        loss = loss + 0.003 / 2 * sum((weight * weight).sum() for weight in weights)
    return loss


def plain_curve(name: str, penalty: str, batch_size: int, epochs: int) -> list[float]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        network = nn.Sequential(*NETWORKS[name][1]())
        optimizer = torch.optim.SGD(network.parameters(), lr=RATE, momentum=0.5)
        losses = []
        for order in orders(epochs):
            for begin in range(0, POINTS, batch_size):
                network.train()
                for part in network.modules():
                    if isinstance(part, nn.BatchNorm1d) and min(batch_size, POINTS - begin) == 1:
                        part.eval()  # one point has no deviation
                optimizer.zero_grad()
                loss_of(network, penalty, order[begin : begin + batch_size]).backward()
                optimizer.step()
            network.eval()
            with torch.no_grad():
                losses.append(loss_of(network, "none", np.arange(POINTS)).item())
    return losses


def curve(engine: Engine, batch_size: int, epochs: int) -> list[float]:
    losses = []
    for order in orders(epochs):
        engine.train(order[None], batch_size, np.array([RATE]))
        score = engine.evaluate("train")
        assert score is not None
        losses.append(score.loss)
    return losses


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize(("batch_size", "penalty"), [(1, "none"), (10, "l2"), (59, "none")])
def test_every_layer_follows_the_plain_loop(name: str, batch_size: int, penalty: str) -> None:
    engine, _ = made(CompiledEngine, experiment(name, penalty))
    epochs = 4 + batch_size // 2
    expected = plain_curve(name, penalty, batch_size, epochs)
    assert np.ptp(expected) > 1e-3 * expected[0], "nothing was learned, so nothing is compared"
    np.testing.assert_allclose(curve(engine, batch_size, epochs), expected, rtol=1e-4)


@pytest.mark.parametrize("name", NETWORKS)
def test_pictures_are_those_of_torch(name: str) -> None:
    """In evaluation mode, layer by layer."""
    ours, dataset = made(CompiledEngine, experiment(name))
    theirs, _ = made(TorchEngine, experiment(name))
    theirs.set_weights(ours.weights())
    inputs = dataset.train.inputs[:33]
    np.testing.assert_allclose(ours.predict(inputs), theirs.predict(inputs), atol=1e-6)
    for one, other in zip(ours.neurons(inputs), theirs.neurons(inputs), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-6)


@pytest.mark.parametrize("name", ["batch norm", "batch norm first, with all"])
@pytest.mark.parametrize("batch_size", [7, 23])
def test_what_norms_keep_is_what_torch_keeps(name: str, batch_size: int) -> None:
    ours, theirs = (made(kind, experiment(name))[0] for kind in (CompiledEngine, TorchEngine))
    for engine in (ours, theirs):
        engine.train(orders(4), batch_size, np.full(4, RATE))
    expected = theirs.state().buffers
    assert list(ours.weights()) == list(theirs.weights())
    assert ours.state().buffers.keys() == expected.keys()
    for key, array in ours.state().buffers.items():
        assert array.dtype == expected[key].dtype
        np.testing.assert_allclose(array, expected[key], rtol=1e-4, atol=1e-6, err_msg=key)


def test_the_picture_of_training_is_scaled_by_the_last_batch() -> None:
    engine, dataset = made(CompiledEngine, experiment("batch norm"))
    engine.train(orders(3), 20, np.full(3, RATE))
    rows, inputs = np.arange(3, 22), dataset.train.inputs
    before = engine.state().arrays()
    found = engine.predict_in_training(inputs[rows], rows)  # type: ignore[attr-defined]
    network = nn.Sequential(*NETWORKS["batch norm"][1]())
    weights = {name: torch.tensor(array) for name, array in engine.weights().items()}
    network.load_state_dict(weights)
    with torch.no_grad():
        expected = network.train()(torch.tensor(inputs[rows])).softmax(dim=1)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert not np.allclose(found, engine.predict(inputs[rows]), atol=1e-3)
    for key, array in engine.state().arrays().items():
        np.testing.assert_array_equal(array, before[key], err_msg=key)


@pytest.mark.parametrize("name", ["dropout", "all"])
def test_threads_change_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_engine, "WORTH_A_THREAD", 1)
    monkeypatch.setattr(compiled_engine, "_processors", lambda: 8)
    results = []
    for threads in (1, 3):
        monkeypatch.setattr(compiled_engine, "MOST_THREADS", threads)
        engine, _ = made(CompiledEngine, experiment(name))
        engine.train(orders(3), 50, np.full(3, RATE))
        results.append(engine.state().arrays())
    alone, together = results
    for key, array in alone.items():
        np.testing.assert_array_equal(together[key], array, err_msg=key)


@pytest.mark.parametrize("initializer", ["default", "kaiming", "normal"])
def test_masks_begin_where_the_first_weights_end(initializer: str) -> None:
    """And an engine goes on with those that the other one would have drawn."""
    one = experiment("dropout").with_setting("model.initializer", initializer)
    ours, theirs = made(CompiledEngine, one)[0], made(TorchEngine, one)[0]
    take_steps(ours, theirs)
    ours.set_state(theirs.state())
    take_steps(ours, theirs)
    theirs, _ = made(TorchEngine, one)
    theirs.set_state(ours.state())
    take_steps(ours, theirs)


def take_steps(*engines: Engine) -> None:
    """The same steps; afterwards weights agree, and generators give the same."""
    for engine in engines:
        engine.train(orders(3), 7, np.full(3, RATE))
    one, other = (engine.state() for engine in engines)
    assert words(one) == words(other)
    np.testing.assert_allclose(one.weights["0.weight"], other.weights["0.weight"], rtol=1e-3)


def words(state: EngineState) -> list[int]:
    """The numbers that torch's generator gives from there."""
    with torch.random.fork_rng(devices=[]):
        torch.set_rng_state(torch.tensor(state.generators["dropout.cpu"]))
        return torch.randint(2**31, (700,)).tolist()


def test_the_picture_of_training_drops_values_and_changes_nothing() -> None:
    engine, dataset = made(CompiledEngine, experiment("dropout", batch_size=10))
    inputs = dataset.train.inputs
    before = engine.state().arrays()
    busy = engine.predict_in_training(inputs, np.arange(10))  # type: ignore[attr-defined]
    assert not np.allclose(busy, engine.predict(inputs), atol=1e-3)
    for name, array in engine.state().arrays().items():
        np.testing.assert_array_equal(array, before[name])
