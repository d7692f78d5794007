"""Which layers can be looked at, and what their weights, gradients and activations say, as one
sentence for a person.

Owns those texts. Imports `core` and the names of parameters; no Qt, any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.core.experiment.experiment import Experiment
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
        label = f"{layer.label}, {ACTIVATIONS[key].label}" if key else layer.label
        result.append(
            Layer(index, f"Layer {index + 1}", label, steps[index].parameters.prefixes, key)
        )
    help_text = "What the prediction is made from."
    return (*result, Layer(len(hidden), "Output", help_text, output.parameters.prefixes, ""))


def of_weights(layer: str, values: npt.NDArray) -> str:
    """How many weights a layer has, and how large they are."""
    count = f"{values.size:,} weight{'s' if values.size != 1 else ''}"
    size = f"from {_short(values.min())} to {_short(values.max())}, mean {_short(values.mean())}"
    return f"{layer}: {count} {size}."


def of_gradients(layer: str, values: npt.NDArray) -> str:
    """How strongly the loss pulls at the weights of a layer."""
    typical = float(np.sqrt(np.square(values, dtype=np.float64).mean()))
    if typical == 0:
        return f"{layer}: all gradients are 0, so this layer does not learn."
    sentence = f"{layer}: a typical gradient is {_short(typical)}"
    if typical < VANISHING:
        return f"{sentence}: so small that this layer hardly learns."
    return f"{sentence}, the largest is {_short(np.abs(values).max())}."


def of_activations(layer: str, values: npt.NDArray, activation: str, rows: int) -> str:
    """What the units of a layer give for the training points: dead, saturated, or their range.

    Args:
        values: one line a point that was looked at, (rows looked at, units) or with positions
            behind them.
        activation: the key of the layer's activation; empty where it has none.
        rows: how many training points there are.
    """
    every = _every(len(values), rows)
    units = by_unit(values)
    if activation == "relu":
        return _of_relu(layer, units, every)
    if activation in ENDS:
        share = saturated(units, *ENDS[activation])
        flat = f"{layer}: {_percent(share)} of its outputs are at the flat ends of"
        return f"{flat} {ACTIVATIONS[activation].label} (saturated), for {every}."
    reach = f"from {_short(units.min())} to {_short(units.max())}"
    return f"{layer}: its outputs for {every} go {reach}."


def by_unit(values: npt.NDArray) -> npt.NDArray:
    """Activations (rows, units) or (rows, channels, height, width) as (places, units)."""
    return np.moveaxis(values, 1, -1).reshape(-1, values.shape[1])


def _of_relu(layer: str, units: npt.NDArray, every: str) -> str:
    dead = np.flatnonzero(dead_units(units))
    count = units.shape[1]
    if not len(dead):
        whom = "its unit is" if count == 1 else f"all {count:,} units are"
        return f"{layer}: {whom} alive: none outputs 0 for {every}."
    is_or_are, output = ("is", "it outputs") if len(dead) == 1 else ("are", "they output")
    whom = f"{layer}: {len(dead):,} of {count:,} units {is_or_are} dead ({_units(dead)})"
    return f"{whom}: {output} 0 for {every}."


def _units(numbers: Sequence[int] | npt.NDArray) -> str:
    """unit 3; units 1, 4, 5, …"""
    shown = [str(number + 1) for number in numbers[:MOST_NAMED]]
    more = ["…"] if len(numbers) > MOST_NAMED else []
    return f"unit{'s' if len(numbers) > 1 else ''} {', '.join([*shown, *more])}"


def _every(looked_at: int, rows: int) -> str:
    if looked_at < rows:
        return f"the {looked_at:,} training points looked at"
    return "every training point"


def _percent(share: float) -> str:
    if 0 < share < 0.01:
        return "less than 1 %"
    return f"{share:.0%}".replace("%", " %")


def _short(value: float) -> str:
    return f"{float(value):.2g}".replace("-", "−")
