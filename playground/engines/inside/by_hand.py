"""The network by hand beside autograd: both gradients of every matrix, and how far they differ.

Imports the core, the NumPy engine, and torch; runs on the thread that trains. What it gives is
plain numbers that may cross to any thread.
"""

from __future__ import annotations

from collections.abc import Iterator

from playground.core.data.dataset import Dataset
from playground.core.data.points import IntArray
from playground.core.messages import N_, Message
from playground.engines.contract.base import Plan, Weights
from playground.engines.inside.comparison import Comparison, GradientPair
from playground.engines.numpy.dense import DenseLayer, dense_layers
from playground.engines.numpy.numpy_engine import NumpyEngine
from playground.engines.numpy.numpy_losses import NUMPY_LOSSES
from playground.engines.pytorch.autograd import autograd


def compare(plan: Plan, dataset: Dataset, weights: Weights, rows: IntArray) -> Comparison | str:
    """The gradients of the data loss that both ways give at `weights` over the training rows
    `rows`; where the network cannot be done by hand, the sentence that says why.

    The precision is that of the plan. Neither way changes anything: the same arguments always give
    the same numbers.
    """
    obstacle = NumpyEngine.obstacle(plan)
    if obstacle:
        template = N_("The NumPy engine cannot train {obstacle}, so there is nothing to compare.")
        return Message(template, obstacle=obstacle)
    engine = NumpyEngine(plan)
    engine.load(dataset)
    engine.set_weights(weights)
    train = dataset.train
    by_hand = engine.gradients(rows)
    by_torch = autograd(plan, weights, train.inputs[rows], train.targets[rows])
    pairs = [
        GradientPair(name, symbol, formula, by_hand[name], by_torch[name])
        for name, symbol, formula in _formulas(plan)
    ]
    return Comparison(tuple(pairs), len(rows), plan.experiment.training.dtype)


def _formulas(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """(name, symbol, how its gradient is worked out by hand) of every parameter.

    Layers are counted from 1; d is the derivative of the loss by the sums z of a layer, h what a
    layer gives.
    """
    layers = dense_layers(plan)
    for number, layer in enumerate(layers, start=1):
        n = _small(number)
        entering = "x" if number == 1 else f"h{_small(number - 1)}"
        slope = _slope(plan, layers, number)
        yield f"{layer.name}.weight", f"W{n}", f"dW{n} = d{n}ᵀ {entering},  d{n} = {slope}"
        if layer.bias:
            template = N_("{name} = the sum of {part} over the points")
            formula = Message(template, name=f"db{n}", part=f"d{n}")
            yield f"{layer.name}.bias", f"b{n}", formula


def _slope(plan: Plan, layers: list[DenseLayer], number: int) -> str:
    """The derivative of the loss by the sums z of a layer."""
    activation = layers[number - 1].activation
    if number == len(layers):
        behind = NUMPY_LOSSES[plan.experiment.training.loss].formula
        if activation != "linear":
            behind = behind.replace("z", f"h{_small(number)}")
    else:
        behind = f"d{_small(number + 1)} W{_small(number + 1)}"
    return behind if activation == "linear" else f"({behind}) ⊙ {activation}'(z{_small(number)})"


def _small(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
