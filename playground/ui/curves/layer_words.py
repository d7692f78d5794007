"""Which layers can be looked at, and what their weights, gradients and activations say, as one
sentence for a person.

Owns those texts. Imports `core` and the names of parameters; no Qt, any thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.core import numbers
from playground.core.experiment.experiment import Experiment
from playground.core.messages import N_, Message, plural
from playground.core.network.activations import ACTIVATIONS
from playground.core.network.modules import Shape
from playground.core.training.measures import dead_units, saturated
from playground.ui.network.structure.parameters import built

MOST_NAMED = 6
"""Units that a sentence names; the rest are dots."""

VANISHING = 1e-7

ENDS = {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0)}
"""Activations with two flat ends, and where those are."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer whose values can be looked at.

    index       hidden layers from 0; the output layer has the next number
    help        what it is: "Linear, Tanh"
    prefixes    what the names of its parameters begin with
    activation  the key of its activation; empty where it has none
    """

    index: int
    label: str
    help: str
    prefixes: tuple[str, ...]
    activation: str

    def weights_among(self, names: Iterable[str]) -> tuple[str, ...]:
        """The names of its weights, without biases and running statistics."""
        own = (name for name in names if name.startswith(self.prefixes))
        return tuple(name for name in own if name.endswith("weight"))


def layers_of(experiment: Experiment, inputs: int, image: Shape | None = None) -> tuple[Layer, ...]:
    """The hidden layers and the output layer of a network into which `inputs` values enter.

    `image` is (channels, height, width) where the inputs are pixels.
    """
    hidden = experiment.model.layers
    steps, output = built(hidden, inputs, image, has_output_bias=experiment.model.output.bias)
    result = []
    for index, layer in enumerate(hidden):
        key = getattr(layer, "activation", "")
        kind = Message(layer.label)
        if key:
            bend = Message(ACTIVATIONS[key].label)
            kind = Message("{layer}, {activation}", layer=kind, activation=bend)
        label = Message("Layer {number}", number=index + 1)
        result.append(Layer(index, label, kind, steps[index].parameters.prefixes, key))
    names, help_text = output.parameters.prefixes, Message("What the prediction is made from.")
    return (*result, Layer(len(hidden), Message("Output"), help_text, names, ""))


def of_weights(layer: str, values: npt.NDArray) -> Message:
    """How many weights a layer has, and how large they are."""
    weights = plural("{count:,} weight", "{count:,} weights", values.size)
    template = N_("{layer}: {weights} from {low} to {high}, mean {mean}.")
    told = {"layer": layer, "weights": weights, "mean": _short(values.mean())}
    return Message(template, **told, **_range(values))


def of_gradients(layer: str, values: npt.NDArray) -> Message:
    """How strongly the loss pulls at the weights of a layer."""
    typical = float(np.sqrt(np.square(values, dtype=np.float64).mean()))
    if typical == 0:
        template = N_("{layer}: all gradients are 0, so this layer does not learn.")
    elif typical >= VANISHING:
        template = N_("{layer}: a typical gradient is {size}, the largest is {largest}.")
    else:
        template = N_(
            "{layer}: a typical gradient is {size}: so small that this layer hardly learns."
        )
    largest = _short(np.abs(values).max())
    return Message(template, layer=layer, size=_short(typical), largest=largest)


def of_activations(layer: str, values: npt.NDArray, activation: str, rows: int) -> Message:
    """What the units of a layer give for the training points: dead, saturated, or their range.

    Args:
        values: one line a point that was looked at, (rows looked at, units) or with positions
            behind them.
        activation: the key of the layer's activation; empty where it has none.
        rows: how many training points there are.
    """
    told = {"layer": layer, "every": _every(len(values), rows)}
    units = by_unit(values)
    if activation == "relu":
        return _of_relu(units, told)
    if activation in ENDS:
        return Message(
            "{layer}: {share} of its outputs are at the flat ends of {activation} (saturated), for"
            " {every}.",
            share=_percent(saturated(units, *ENDS[activation])),
            activation=Message(ACTIVATIONS[activation].label),
            **told,
        )
    template = N_("{layer}: its outputs for {every} go from {low} to {high}.")
    return Message(template, **told, **_range(units))


def by_unit(values: npt.NDArray) -> npt.NDArray:
    """Activations (rows, units) or (rows, channels, height, width) as (places, units)."""
    return np.moveaxis(values, 1, -1).reshape(-1, values.shape[1])


def _of_relu(units: npt.NDArray, told: dict[str, str]) -> Message:
    dead = np.flatnonzero(dead_units(units))
    if not len(dead):
        return plural(
            "{layer}: its unit is alive: none outputs 0 for {every}.",
            "{layer}: all {count:,} units are alive: none outputs 0 for {every}.",
            units.shape[1],
            **told,
        )
    return plural(
        "{layer}: {count:,} of {whole:,} units is dead ({units}): it outputs 0 for {every}.",
        "{layer}: {count:,} of {whole:,} units are dead ({units}): they output 0 for {every}.",
        len(dead),
        whole=units.shape[1],
        units=_units(dead),
        **told,
    )


def _units(numbers: npt.NDArray) -> Message:
    """unit 3; units 1, 4, 5, …"""
    shown = [str(number + 1) for number in numbers[:MOST_NAMED]]
    more = ["…"] if len(numbers) > MOST_NAMED else []
    named = ", ".join([*shown, *more])
    return plural("unit {numbers}", "units {numbers}", len(numbers), numbers=named)


def _every(looked_at: int, rows: int) -> Message:
    if looked_at >= rows:
        return Message("every training point")
    return plural(
        "the {count:,} training point looked at",
        "the {count:,} training points looked at",
        looked_at,
    )


def _percent(share: float) -> str:
    if 0 < share < 0.01:
        return Message("less than 1 %")
    return numbers.percent(share, 0)


def _range(values: npt.NDArray) -> dict[str, str]:
    return {"low": _short(values.min()), "high": _short(values.max())}


def _short(value: float) -> str:
    return numbers.rounded(float(value), 2)
