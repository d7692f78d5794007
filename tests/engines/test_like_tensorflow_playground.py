"""A link of TensorFlow Playground learns what its page would learn of these points and weights.

Its formulas are worked out below one point at a time in float64, from its nn.ts: every node sums
up and bends, the error of a point is (o - y)² / 2, and after a batch each weight moves by the
learning rate times the mean of the derivatives plus the regularization rate times R'(w).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from playground.core.data.dataset import prepare
from playground.core.experiment.others.tensorflow_playground import from_link
from playground.engines.contract.base import Plan
from playground.engines.loop.selection import ENGINES

STEPS = 100
LINK = (
    "https://playground.tensorflow.org/#activation={activation}&regularization={penalty}"
    "&batchSize=10&dataset={data}&regDataset={data}&learningRate={rate}&regularizationRate={price}"
    "&noise=10&networkShape=4,3&seed=0.5&x=true&y=true&xSquared=true&problem={problem}"
)
BENDS: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "tanh": (math.tanh, lambda z: 1 - math.tanh(z) ** 2),
    "sigmoid": (
        lambda z: 1 / (1 + math.exp(-z)),
        lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2,
    ),
    "relu": (lambda z: max(0.0, z), lambda z: 0.0 if z <= 0 else 1.0),
    "linear": (lambda z: z, lambda z: 1.0),
}
PRICES: dict[str, Callable[[float], float]] = {
    "none": lambda w: 0.0,
    "L1": lambda w: float((w > 0) - (w < 0)),
    "L2": lambda w: w,
}


class Page:
    """What its page has in memory: for each layer, rows of weights with the bias behind them."""

    def __init__(self, layers: list[list[list[float]]], bends: list[str]) -> None:
        self.layers, self.bends = layers, bends

    def forward(self, x: list[float]) -> tuple[list[list[float]], list[list[float]]]:
        values, sums = [x], []
        for layer, bend in zip(self.layers, self.bends, strict=True):
            z = [
                row[-1] + sum(w * v for w, v in zip(row[:-1], values[-1], strict=True))
                for row in layer
            ]
            sums.append(z)
            values.append([BENDS[bend][0](one) for one in z])
        return values, sums

    def loss(self, x: list[list[float]], y: list[float]) -> float:
        said = [self.forward(point)[0][-1][0] for point in x]
        return sum(0.5 * (o - target) ** 2 for o, target in zip(said, y, strict=True)) / len(y)

    def step(
        self, x: list[list[float]], y: list[float], rate: float, penalty: str, price: float
    ) -> None:
        sums_of = [[[0.0] * len(row) for row in layer] for layer in self.layers]
        for point, target in zip(x, y, strict=True):
            values, sums = self.forward(point)
            slopes = [values[-1][0] - target]
            for i in range(len(self.layers) - 1, -1, -1):
                inner = [
                    s * BENDS[self.bends[i]][1](z) for s, z in zip(slopes, sums[i], strict=True)
                ]
                for unit, d in enumerate(inner):
                    for j, value in enumerate([*values[i], 1.0]):
                        sums_of[i][unit][j] += d * value
                slopes = [
                    sum(self.layers[i][unit][j] * d for unit, d in enumerate(inner))
                    for j in range(len(values[i]))
                ]
        for layer, added in zip(self.layers, sums_of, strict=True):
            for row, totals in zip(layer, added, strict=True):
                for j, total in enumerate(totals):
                    is_bias = j == len(row) - 1
                    cost = 0.0 if is_bias else price * PRICES[penalty](row[j])
                    row[j] -= rate * (total / len(y) + cost)


CASES = [
    ("classification", "circle", "tanh", "none", 0.0),
    ("classification", "xor", "sigmoid", "L2", 0.01),
    ("classification", "gauss", "relu", "none", 0.0),
    ("classification", "spiral", "tanh", "L1", 0.003),
    ("regression", "reg-plane", "tanh", "L2", 0.003),
    ("regression", "reg-gauss", "linear", "none", 0.0),
]


@pytest.mark.parametrize("engine", sorted(ENGINES))
@pytest.mark.parametrize(("problem", "data", "activation", "penalty", "price"), CASES)
def test_a_hundred_steps_lead_to_the_loss_of_its_formulas(
    problem: str, data: str, activation: str, penalty: str, price: float, engine: str
) -> None:
    eta = 0.003 if activation == "linear" else 0.1  # where nothing bends x², 0.1 is too much
    text = LINK.format(
        rate=eta, problem=problem, data=data, activation=activation, penalty=penalty, price=price
    )
    experiment = from_link(text).experiment
    dataset = prepare(experiment)
    network = ENGINES[engine]()(Plan.of(experiment, dataset))
    network.load(dataset)
    weights = network.weights()
    numbers = sorted({int(name.partition(".")[0]) for name in weights})
    layers = [
        np.column_stack([weights[f"{n}.weight"], weights[f"{n}.bias"]]).astype(np.float64).tolist()
        for n in numbers
    ]
    ending = "tanh" if problem == "classification" else "linear"
    page = Page(layers, [activation, activation, ending])
    x = dataset.train.inputs.astype(np.float64).tolist()
    answers = dataset.points.y[~dataset.points.held_out]
    y = (np.where(answers == 1, 1.0, -1.0) if problem == "classification" else answers).tolist()
    rate = np.array([experiment.training.optimizer.learning_rate])
    order = np.random.default_rng(0).permutation(len(x))
    for step in range(STEPS):
        rows = np.take(order, range(10 * step, 10 * step + 10), mode="wrap")
        network.train(rows[None], 10, rate)
        page.step([x[row] for row in rows], [y[row] for row in rows], eta, penalty, price)
        if step % 20 == 19:
            score = network.evaluate("train")
            assert score is not None
            assert score.loss / 2 == pytest.approx(page.loss(x, y), abs=1e-5)
