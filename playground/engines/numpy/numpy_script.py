"""An experiment as a short NumPy script that runs by itself: the network by hand.

It is made of the project's own functions for losses, activations and optimizers, and prints the
losses of the NumPy engine. Only the first weights come from PyTorch, so that they are those of the
window. Pure text: imports no torch. Runs on any thread.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

from playground.core.data.tables.reading import Progress, no_progress
from playground.core.errors import EngineError
from playground.core.experiment.experiment import Experiment
from playground.core.messages import Message
from playground.core.network.activations import ACTIVATIONS
from playground.core.script.data_facts import Facts, analysis_of, check, facts_of, outputs, width
from playground.core.script.data_step import data_step, has_test, loss_unit
from playground.core.script.layout import LINE, filled
from playground.core.script.loop import (
    Dialect,
    is_penalized,
    loop,
    loop_settings,
    schedule_text,
    watches_accuracy,
)
from playground.core.script.network import INITIALIZERS
from playground.core.script.pytorch import finished
from playground.core.script.sources import as_class, as_function, expression, with_helpers
from playground.engines.contract.base import Plan
from playground.engines.numpy.dense import DenseLayer, dense_layers, dense_obstacle
from playground.engines.numpy.numpy_losses import NUMPY_LOSSES
from playground.engines.numpy.numpy_optimizers import UPDATES, ParameterMemory

_TITLES = (
    Message("Data: what the network learns from.", context="script"),
    Message("Network: matrices, with first weights from a seed.", context="script"),
    Message("Loss: the number that training makes small, and its slope.", context="script"),
    Message("Optimizer: how a matrix follows its gradient.", context="script"),
    Message("Backward: the chain rule, from the last layer to the first.", context="script"),
    Message("Training: batch by batch, epoch by epoch.", context="script"),
)


def numpy_script(experiment: Experiment, progress: Progress = no_progress) -> str:
    """The experiment as Python source that needs numpy and scikit-learn, and torch for the first
    weights.

    Raises EngineError where the NumPy engine cannot train it, and what `pytorch_script` raises.
    """
    facts = facts_of(experiment, progress)
    check(experiment, facts)
    layers = _layers(experiment, facts)
    texts = [
        _data(experiment, facts),
        _network(experiment, facts, layers),
        _loss(experiment),
        _optimizer(experiment),
        _backward(experiment),
        _training(experiment, facts),
    ]
    return finished(experiment, list(zip(_TITLES, texts, strict=True)))


def _layers(experiment: Experiment, facts: Facts) -> list[DenseLayer]:
    units = analysis_of(experiment, facts).rows[-1].shape[0]
    plan = Plan(experiment, width(experiment, facts), units, facts.classes, facts.image)
    obstacle = dense_obstacle(
        plan, activations=ACTIVATIONS, optimizers=UPDATES, dtypes=("float32", "float64")
    )
    if obstacle:
        raise EngineError(
            "The NumPy engine cannot train {obstacle}, so there is only the PyTorch script.",
            obstacle=obstacle,
        )
    return dense_layers(plan)


def _data(experiment: Experiment, facts: Facts) -> str:
    dtype = f"np.{experiment.training.dtype}"
    is_number = facts.classes == 0 or outputs(experiment, facts) == 1
    targets = f".astype({dtype}).reshape(len(x), -1)" if is_number else ""
    lines = [data_step(experiment, facts), ""]
    lines += [] if experiment.training.dtype == "float32" else [f"x = x.astype({dtype})"]
    lines += [f"y = y{targets}"] if targets else []
    if has_test(experiment, facts):
        lines += ["train_x, train_y = x[~is_test], y[~is_test]"]
        lines += ["test_x, test_y = x[is_test], y[is_test]"]
    else:
        lines += ["train_x, train_y = x, y"]
    return "\n".join(lines)


def _network(experiment: Experiment, facts: Facts, layers: list[DenseLayer]) -> str:
    all_have_bias = all(layer.bias for layer in layers)
    sources: dict[str, str] = {}
    lists = _activations(layers, sources)
    lines = [
        *"\n\n".join(sources.values()).splitlines(),
        "",
        "",
        *_first_modules(experiment, layers, outputs(experiment, facts)),
        *_parameters(experiment.training.dtype, all_have_bias),
        *lists,
        "",
        "",
        FORWARD.format(z=WITH_BIAS if all_have_bias else MAYBE_BIAS),
    ]
    return "\n".join(lines)


def _activations(layers: list[DenseLayer], sources: dict[str, str]) -> list[str]:
    """The lists of the layers' functions and slopes; what they are made of goes to `sources`."""
    functions, slopes = [], []
    for layer in layers:
        activation = ACTIVATIONS[layer.activation].value
        functions.append(_named(layer.activation, activation.f, sources))
        slopes.append(_named(f"{layer.activation}_slope", activation.derivative, sources))
    return [*_list("functions", functions), *_list("slopes", slopes)]


def _first_modules(experiment: Experiment, layers: list[DenseLayer], units: int) -> list[str]:
    """The layers as modules of PyTorch, which draws the first weights; `units` are the outputs."""
    sizes = [layers[0].inputs, *[layer.units for layer in layers[:-1]], units]
    modules = [
        f"nn.Linear({inputs}, {units}{'' if layer.bias else ', bias=False'})"
        for layer, inputs, units in zip(layers, sizes, sizes[1:], strict=False)
    ]
    lines = [f"torch.manual_seed({experiment.training.seed})", *_list("first", modules)]
    initializer = experiment.model.initializer
    if initializer == "default":
        return lines
    return [
        *lines,
        "for module in first:",
        f"    {INITIALIZERS[initializer]}",
        "    if module.bias is not None:",
        "        nn.init.zeros_(module.bias)",
    ]


def _parameters(dtype: str, all_have_bias: bool) -> list[str]:
    """The matrices and vectors of the modules, as arrays."""
    kind = f"astype(np.{dtype})"
    weights = f"weights = [module.weight.detach().numpy().{kind} for module in first]"
    if all_have_bias:
        return [weights, f"biases = [module.bias.detach().numpy().{kind} for module in first]"]
    return [
        weights,
        "biases = [",
        f"    None if module.bias is None else module.bias.detach().numpy().{kind}",
        "    for module in first",
        "]",
    ]


WITH_BIAS = "values[-1] @ w.T + b"
MAYBE_BIAS = f"values[-1] @ w.T if b is None else {WITH_BIAS}"

FORWARD = '''\
def forward(x):
    """What enters each layer, the outputs behind it, and the sums z of each layer."""
    values, sums = [x], []
    for w, b, f in zip(weights, biases, functions):
        z = {z}
        sums.append(z)
        values.append(f(z))
    return values, sums
'''


def _list(name: str, items: list[str]) -> list[str]:
    """A list of expressions, on one line or with a line for each."""
    whole = f"{name} = [{', '.join(items)}]"
    if len(whole) <= LINE:
        return [whole]
    return [f"{name} = [", *[f"    {item}," for item in items], "]"]


def _loss(experiment: Experiment) -> str:
    loss = NUMPY_LOSSES[experiment.training.loss]
    sources: dict[str, str] = {}
    names = [_named("loss", loss.value, sources), _named("loss_slope", loss.slope, sources)]
    wanted = ("loss", "loss_slope")
    aliases = [f"{one} = {name}" for one, name in zip(wanted, names, strict=True) if one != name]
    return "\n\n".join([*sources.values(), "\n".join(aliases)])


def _optimizer(experiment: Experiment) -> str:
    optimizer = experiment.training.optimizer
    settings = {name: v for name, v in optimizer.arguments().items() if name != "lr"}
    updates = [as_function(function) for function in with_helpers(UPDATES[optimizer.kind])]
    arguments = [f"{name}={value!r}" for name, value in settings.items()]
    return "\n".join(
        [
            as_class(ParameterMemory),
            "",
            "\n\n".join(updates),
            "",
            filled("o = SimpleNamespace", arguments),
            f"learning_rate = now = {optimizer.learning_rate}",
            "memory = {id(p): ParameterMemory(p) for p in [*weights, *biases] if p is not None}",
        ]
    ) + schedule_text(experiment.training.schedule)


def _backward(experiment: Experiment) -> str:
    regularization = experiment.training.regularization
    slope, price = "", ""
    if is_penalized(experiment):
        is_l1 = regularization.kind == "l1"
        slope = " + rate * np.sign(weights[i])" if is_l1 else " + rate * weights[i]"
        part = "np.abs(w).sum()" if is_l1 else "np.square(w).sum() / 2"
        price = (
            f"rate = {regularization.rate}  # the price on large weights\n\n\n"
            "def penalty():\n"
            f'    """{"rate * sum |w|" if is_l1 else "rate / 2 * sum w^2"}."""\n'
            f"    return rate * sum(float({part}) for w in weights)\n\n\n"
        )
    return (
        f"{price}def step(x, y):\n"
        '    """One step of the optimizer for every matrix."""\n'
        "    values, sums = forward(x)\n"
        "    slope = loss_slope(values[-1], y)\n"
        "    gradients = []\n"
        "    for i in reversed(range(len(weights))):\n"
        "        d = slope * slopes[i](sums[i])\n"
        f"        gradients.append((weights[i], d.T @ values[i]{slope}))\n"
        "        gradients.append((biases[i], d.sum(axis=0)))\n"
        "        slope = d @ weights[i]\n"
        "    for p, gradient in gradients:\n"
        "        if p is not None:\n"
        f"            {experiment.training.optimizer.kind}(p, gradient, memory[id(p)], now, o)\n"
    )


NUMPY = Dialect(
    set_rate=("now = learning_rate * {factor}",),
    price="penalty()",
    numbers="numbers = [*weights, np.array([{losses}])]",
    are_finite="all(np.isfinite(array).all() for array in numbers)",
)


def _training(experiment: Experiment, facts: Facts) -> str:
    unit = loss_unit(experiment, facts)
    evaluate = EVALUATE.format(unit=unit and f" * {unit}")
    parts = [loop_settings(experiment), TRAIN_EPOCH, evaluate]
    if watches_accuracy(experiment, facts):
        right = "forward(x)[0][-1].argmax(axis=1) == y"
        if outputs(experiment, facts) == 1:
            right = "(forward(x)[0][-1] > 0) == (y > 0.5)"
        parts.append(
            "def accuracy(x, y):\n"
            '    """The part of right answers."""\n'
            f"    return ({right}).mean()\n"
        )
    return "\n\n".join([*parts, loop(experiment, facts, NUMPY)])


TRAIN_EPOCH = '''\
def train_epoch():
    """Every training point once, in a new order."""
    order = shuffler.permutation(len(train_x))
    for begin in range(0, len(order), batch_size):
        rows = order[begin : begin + batch_size]
        step(train_x[rows], train_y[rows])
'''

EVALUATE = '''\
def evaluate(x, y):
    """The loss of the network as it is."""
    return float(loss(forward(x)[0][-1], y)){unit}
'''


# The project's own functions as text.


def _named(name: str, function: Callable[..., Any], sources: dict[str, str]) -> str:
    """What a script calls a function; its source is added to `sources`, which keep the first of
    each name.
    """
    if not isinstance(function, FunctionType):
        return f"np.{function.__name__}"
    *helpers, _ = with_helpers(function)
    for helper in helpers:
        sources.setdefault(helper.__name__.lstrip("_"), as_function(helper))
    if function.__name__ != "<lambda>":
        name = function.__name__.lstrip("_")
        sources.setdefault(name, as_function(function))
        return name
    arguments = ", ".join(inspect.signature(function).parameters)
    sources.setdefault(name, f"def {name}({arguments}):\n    return {expression(function)}\n")
    return name
