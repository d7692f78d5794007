"""One promise, three engines: the same experiment follows the same loss curve as a plain PyTorch
loop.

The loop below is written without any of the engines: torch's layers, losses, optimizers and
autograd. Activations, losses, optimizers, penalties, batch sizes, biases and hidden layers would
make some 60,000 combinations; the tests take a covering selection instead, in which every *pair* of
values meets at least once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, cycle, product
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from playground.core.data.dataset import Dataset, prepare
from playground.core.experiment.experiment import Experiment
from playground.core.network.activations import ACTIVATIONS
from playground.engines.compiled.compiled_engine import CompiledEngine
from playground.engines.contract.base import Engine, Plan
from playground.engines.numpy.numpy_engine import NumpyEngine
from playground.engines.pytorch.torch_engine import TorchEngine

STEPS = 200
RPROP_STEPS = 50
"""Rprop follows signs. From step 54 on even the plain loop in float32 and float64 part, because a
last digit has decided about a sign, and the gradient is close to zero.
"""
POINTS = 50

MOVES: dict[str, dict[str, Any]] = {
    "sgd": {"kind": "sgd", "learning_rate": 0.02},
    "sgd, weight decay": {"kind": "sgd", "learning_rate": 0.02, "weight_decay": 0.1},
    "momentum": {"kind": "sgd", "learning_rate": 0.005, "momentum": 0.8},
    "nesterov": {"kind": "sgd", "learning_rate": 0.005, "momentum": 0.8, "nesterov": True},
    "rmsprop": {"kind": "rmsprop", "learning_rate": 0.002, "weight_decay": 0.01},
    "rmsprop, momentum": {"kind": "rmsprop", "learning_rate": 0.0008, "momentum": 0.5},
    "adagrad": {"kind": "adagrad", "learning_rate": 0.05, "lr_decay": 0.01, "weight_decay": 0.01},
    "adadelta": {"kind": "adadelta", "learning_rate": 0.3, "weight_decay": 0.01},
    "adam": {"kind": "adam", "learning_rate": 0.003, "betas": (0.8, 0.99), "weight_decay": 0.01},
    "adamw": {"kind": "adamw", "learning_rate": 0.003, "weight_decay": 0.1},
}
MORE_MOVES: dict[str, dict[str, Any]] = {
    "nadam": {"kind": "nadam", "learning_rate": 0.003, "weight_decay": 0.01},
    "radam": {"kind": "radam", "learning_rate": 0.003, "betas": (0.8, 0.99), "weight_decay": 0.01},
    "adamax": {"kind": "adamax", "learning_rate": 0.003, "weight_decay": 0.01},
    "rprop": {"kind": "rprop", "learning_rate": 0.0001},
}
ALL_MOVES = {**MOVES, **MORE_MOVES}

CHOICES: dict[str, list[Any]] = {
    "activation": ACTIVATIONS.keys(),
    "loss": ["cross_entropy", "bce_with_logits", "mse", "sse", "l1", "huber"],
    "move": list(MOVES),
    "penalty": ["none", "l1", "l2"],
    "batch_size": [1, 10, 17, "full"],
    "bias": [True, False],
    "hidden": [(4, 3), (20,), (5, 17, 4)],
}


@dataclass(frozen=True)
class Case:
    activation: str = "tanh"
    loss: str = "bce_with_logits"
    move: str = "sgd"
    penalty: str = "none"
    batch_size: int | str = 10
    bias: bool = True
    hidden: tuple[int, ...] = (4, 3)
    ending: str = "linear"
    dtype: str = "float32"
    kinds: int = 3

    @property
    def classes(self) -> int:
        if self.loss.endswith("two classes"):
            return 2
        return {"cross_entropy": self.kinds, "bce_with_logits": 2}.get(self.loss, 0)

    @property
    def key(self) -> str:
        return self.loss.partition(",")[0]

    def experiment(self) -> Experiment:
        return Experiment.parse(
            {
                "data": self._data(),
                "model": {
                    "layers": [
                        {
                            "units": units,
                            "activation": self._bend(i),
                            "bias": self.bias,
                            "kind": "linear",
                        }
                        for i, units in enumerate(self.hidden)
                    ],
                    "output": {"bias": self.bias, "activation": self.ending},
                },
                "training": {
                    "loss": self.key,
                    "optimizer": ALL_MOVES[self.move],
                    "regularization": {"kind": self.penalty, "rate": 0.003},
                    "batch_size": self.batch_size,
                    "dtype": self.dtype,
                    "seed": 5,
                },
            }
        )

    def _bend(self, layer: int) -> str:
        """A second activation in between shows that every layer has its own."""
        return "sigmoid" if layer == 1 else self.activation

    def _data(self) -> dict[str, Any]:
        random = np.random.default_rng(3)
        x = random.uniform(-2, 2, (POINTS, 2)).astype(np.float32)
        if self.classes:
            angle = np.arctan2(x[:, 1], x[:, 0])
            answer = {
                "label": (np.floor(angle / (2 * np.pi) * self.classes) % self.classes).tolist(),
                "class_names": [f"class {label}" for label in range(self.classes)],
            }
        else:
            answer = {"target": (np.sin(x[:, 0]) + 0.5 * x[:, 1] + 0.3).tolist()}
        return {"kind": "points", "x": x.tolist(), "test": [], **answer}


def covering_selection() -> list[Case]:
    """Cases in which each pair of choices meets; greedily, each new case takes the most pairs that
    are left.
    """
    names = list(CHOICES)
    missing = {
        ((a, x), (b, y))
        for a, b in combinations(names, 2)
        for x, y in product(range(len(CHOICES[a])), range(len(CHOICES[b])))
    }
    random = np.random.default_rng(0)
    cases = []
    while missing:
        (first, x), (second, y) = min(missing)
        best: dict[str, int] = {}
        most = 0
        for _ in range(40):
            guess = {name: int(random.integers(len(CHOICES[name]))) for name in names}
            guess |= {first: x, second: y}
            met = sum(guess[a] == i and guess[b] == j for (a, i), (b, j) in missing)
            if met > most:
                best, most = guess, met
        missing = {((a, i), (b, j)) for (a, i), (b, j) in missing if best[a] != i or best[b] != j}
        cases.append(Case(**{name: CHOICES[name][i] for name, i in best.items()}))
    return cases


NUMBERS = CHOICES["loss"][2:]
ENDINGS = [
    *[
        Case(loss=loss, ending="tanh", move=move)
        for loss, move in zip(NUMBERS, MOVES, strict=False)
    ],
    *[Case(loss=f"{loss}, two classes", penalty="l2", batch_size=17) for loss in NUMBERS],
    *[
        Case(activation, f"{loss}, two classes", move, bias=activation != "relu", ending="tanh")
        for loss, activation, move in (
            ("mse", "tanh", "sgd"),
            ("sse", "relu", "momentum"),
            ("l1", "sigmoid", "adam"),
            ("huber", "sine", "rmsprop"),
            ("mse", "linear", "nesterov"),
        )
    ],
]
"""Outputs with an activation, and two classes that are learned as -1 and +1."""

MORE = [
    Case(
        activation,
        CHOICES["loss"][i % 6],
        move,
        CHOICES["penalty"][i % 3],
        CHOICES["batch_size"][i % 4],
        bias=i % 5 > 0,
        hidden=CHOICES["hidden"][i % 3],
    )
    for i, (activation, move) in enumerate(
        zip(ACTIVATIONS.keys(), cycle(["nadam", "radam", "adamax"]), strict=False)
    )
] + [Case(loss=loss, move="rprop", batch_size="full") for loss in CHOICES["loss"]]
"""Each activation with one of the optimizers that are relatives of Adam; and Rprop, which is made
for full batches, with each loss.
"""

CASES = [*covering_selection(), *ENDINGS, *MORE]


# The plain PyTorch loop.


class Sine(nn.Module):
    def forward(self, z: torch.Tensor) -> torch.Tensor:
        return torch.sin(z)


def plain_network(case: Case) -> nn.Sequential:
    torch.manual_seed(5)
    modules: list[nn.Module] = []
    inputs = 2
    for i, units in enumerate(case.hidden):
        modules.append(nn.Linear(inputs, units, bias=case.bias))
        name = ACTIVATIONS[case._bend(i)].value.torch_name
        if name != "Identity":
            modules.append(Sine() if name == "Sine" else getattr(nn, name)())
        inputs = units
    modules.append(
        nn.Linear(inputs, case.classes if case.loss == "cross_entropy" else 1, bias=case.bias)
    )
    if case.ending == "tanh":
        modules.append(nn.Tanh())
    return nn.Sequential(*modules).to(getattr(torch, case.dtype))


def plain_points(case: Case) -> tuple[torch.Tensor, torch.Tensor]:
    data = case._data()
    x = torch.tensor(data["x"], dtype=torch.float32).to(getattr(torch, case.dtype))
    if case.loss.endswith("two classes"):
        return x, torch.tensor([1.0 if label else -1.0 for label in data["label"]])
    return x, torch.tensor(data["label"]).long() if case.classes else torch.tensor(data["target"])


def plain_loss(case: Case, outputs: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    if case.loss == "cross_entropy":
        return functional.cross_entropy(outputs, y)
    y = y.to(outputs.dtype).reshape(-1, 1)
    match case.key:
        case "bce_with_logits":
            return functional.binary_cross_entropy_with_logits(outputs, y)
        case "mse":
            return ((outputs - y) ** 2).mean()
        case "sse":
            return ((outputs - y) ** 2).sum()
        case "l1":
            return (outputs - y).abs().mean()
    return functional.huber_loss(outputs, y)


def plain_penalty(case: Case, network: nn.Sequential) -> torch.Tensor:
    weights = [module.weight for module in network if isinstance(module, nn.Linear)]
    if case.penalty == "l1":
        return 0.003 * sum(w.abs().sum() for w in weights)  # type: ignore[return-value]
    if case.penalty == "l2":
        return 0.003 / 2 * sum((w * w).sum() for w in weights)  # type: ignore[return-value]
    return torch.zeros(())


def plain_optimizer(case: Case, network: nn.Sequential) -> torch.optim.Optimizer:
    settings = dict(ALL_MOVES[case.move])
    kinds = {
        "sgd": torch.optim.SGD,
        "rmsprop": torch.optim.RMSprop,
        "adagrad": torch.optim.Adagrad,
        "adadelta": torch.optim.Adadelta,
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "nadam": torch.optim.NAdam,
        "radam": torch.optim.RAdam,
        "adamax": torch.optim.Adamax,
        "rprop": torch.optim.Rprop,
    }
    kind = kinds[settings.pop("kind")]
    return kind(network.parameters(), lr=settings.pop("learning_rate"), **settings)


def orders(case: Case) -> Iterator[np.ndarray]:
    """Parts of epochs of at least ten steps each, int64 (1, n), altogether as many steps as are
    compared.
    """
    random = np.random.default_rng(5)
    size = batch_size(case)
    per_epoch = -(-POINTS // size)
    steps = RPROP_STEPS if case.move == "rprop" else STEPS
    for _ in range(-(-steps // per_epoch)):
        order = random.permutation(POINTS)
        for begin in range(0, POINTS, 10 * size):
            yield order[None, begin : begin + 10 * size]


def batch_size(case: Case) -> int:
    return POINTS if case.batch_size == "full" else int(case.batch_size)


@cache
def plain_curve(case: Case) -> np.ndarray:
    x, y = plain_points(case)
    network = plain_network(case)
    optimizer = plain_optimizer(case, network)
    losses = []
    for order in orders(case):
        for rows in torch.from_numpy(order[0]).split(batch_size(case)):
            optimizer.zero_grad()
            loss = plain_loss(case, network(x[rows]), y[rows]) + plain_penalty(case, network)
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            losses.append(plain_loss(case, network(x), y).item())
    return np.array(losses)


# The engines.


def prepared(case: Case, kind: type[Engine]) -> tuple[Engine, Dataset]:
    experiment = case.experiment()
    dataset = prepare(experiment)
    engine = kind(Plan.of(experiment, dataset))  # type: ignore[call-arg]
    engine.load(dataset)
    return engine, dataset


def engine_curve(case: Case, kind: type[Engine]) -> np.ndarray:
    engine, _ = prepared(case, kind)
    rate = np.array([ALL_MOVES[case.move]["learning_rate"]])
    losses = []
    for order in orders(case):
        engine.train(order, batch_size(case), rate)
        score = engine.evaluate("train")
        assert score is not None
        losses.append(score.loss)
    return np.array(losses)


def tolerance(case: Case) -> float:
    """Of losses in float32. Rprop looks at signs, so that a last digit may decide about a step."""
    return 1e-3 if case.move == "rprop" else 1e-4


def name_of(case: Case) -> str:
    hidden = "-".join(map(str, case.hidden)) + ("" if case.bias else " without bias")
    loss = f"{case.loss} to {case.ending}"
    choices = (case.activation, loss, case.move, case.penalty, case.batch_size, hidden)
    return ", ".join(map(str, choices))


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_float32_follows_the_plain_loop(case: Case) -> None:
    expected = plain_curve(case)
    assert np.ptp(expected) > 1e-3 * expected[0], "nothing was learned, so nothing is compared"
    for kind in (CompiledEngine, NumpyEngine):
        found, close = engine_curve(case, kind), tolerance(case)
        np.testing.assert_allclose(found, expected, rtol=close, err_msg=kind.key)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_float64_follows_the_plain_loop(case: Case) -> None:
    exact = replace(case, dtype="float64")
    np.testing.assert_allclose(engine_curve(exact, NumpyEngine), plain_curve(exact), rtol=1e-9)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("case", CASES[::4], ids=name_of)
def test_torch_follows_the_plain_loop(case: Case, dtype: str) -> None:
    case = replace(case, dtype=dtype)
    close = tolerance(case) if dtype == "float32" else 1e-9
    np.testing.assert_allclose(engine_curve(case, TorchEngine), plain_curve(case), rtol=close)


@pytest.mark.parametrize("kinds", [11, 26, 47, 100])
def test_many_classes_follow_the_plain_loop(kinds: int) -> None:
    case = Case(loss="cross_entropy", move="adam", kinds=kinds)
    expected = plain_curve(case)
    assert np.ptp(expected) > 0.1 * expected[0]
    for kind in (CompiledEngine, NumpyEngine, TorchEngine):
        np.testing.assert_allclose(engine_curve(case, kind), expected, rtol=1e-4, err_msg=kind.key)


# Gradients, and the same again.


def slope_by_step(case: Case, kind: type[Engine]) -> dict[str, np.ndarray]:
    """The gradient that an engine takes: how far one step of plain descent at rate 1 moves the
    weights.
    """
    engine, _ = prepared(case, kind)
    before = engine.weights()
    engine.train(np.arange(POINTS)[None], POINTS, np.array([1.0]))
    after = engine.weights()
    return {name: before[name].astype(np.float64) - after[name] for name in before}


def slope_by_differences(case: Case) -> dict[str, np.ndarray]:
    """(L(w + h) - L(w - h)) / 2h for every weight, in float64, with the plain network."""
    exact = replace(case, dtype="float64")
    x, y = plain_points(exact)
    network = plain_network(exact)
    h = 1e-6

    def loss() -> float:
        return float(plain_loss(exact, network(x), y) + plain_penalty(exact, network))

    slopes = {}
    with torch.no_grad():
        for name, weight in network.state_dict().items():
            flat, slope = weight.reshape(-1), np.empty(weight.numel())
            for i in range(len(slope)):
                value = flat[i].item()
                flat[i] = value + h
                above = loss()
                flat[i] = value - h
                slope[i] = (above - loss()) / (2 * h)
                flat[i] = value
            slopes[name] = slope.reshape(weight.shape)
    return slopes


BENDS_AND_LOSSES = [(bend, CHOICES["loss"][i % 6]) for i, bend in enumerate(ACTIVATIONS.keys())]


@pytest.mark.parametrize("penalty", ["none", "l1", "l2"])
@pytest.mark.parametrize(("activation", "loss"), BENDS_AND_LOSSES)
def test_gradients_are_those_of_finite_differences(
    activation: str, loss: str, penalty: str
) -> None:
    ending = "tanh" if loss in NUMBERS else "linear"
    case = Case(activation, loss, penalty=penalty, batch_size="full", ending=ending)
    expected = slope_by_differences(case)
    for kind, dtype, tolerance in (
        (NumpyEngine, "float64", 1e-7),
        (TorchEngine, "float64", 1e-7),
        (NumpyEngine, "float32", 1e-5),
        (CompiledEngine, "float32", 1e-5),
    ):
        slopes = slope_by_step(replace(case, dtype=dtype), kind)
        largest = max(np.abs(slope).max() for slope in expected.values())
        for name, slope in expected.items():
            np.testing.assert_allclose(
                slopes[name], slope, atol=tolerance * largest, rtol=0, err_msg=f"{kind.key}: {name}"
            )


@pytest.mark.parametrize(
    "kind", [CompiledEngine, NumpyEngine, TorchEngine], ids=lambda kind: kind.key
)
@pytest.mark.parametrize("case", CASES[::20], ids=name_of)
def test_the_same_seed_gives_the_same_bits(case: Case, kind: type[Engine]) -> None:
    np.testing.assert_array_equal(engine_curve(case, kind), engine_curve(case, kind))
