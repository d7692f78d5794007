"""What the network picture has to show: inputs, hidden layers and outputs as plain columns.

Owns the way from an Experiment to columns, and the torch names of the weights behind them. Imports
`core` only: neither Qt nor torch. Pure functions, any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from playground.core import features, palette
from playground.core.activations import ACTIVATIONS
from playground.core.experiment import Experiment
from playground.core.features import FEATURES
from playground.core.layers import Dropout, LayerSettings, Linear, Residual

__all__ = ["Column", "Diagram", "Input", "Parameters", "parameters"]

Kind = Literal["inputs", "layer", "block", "outputs"]

VISIBLE_UNITS: Final = 8
"""A column with more units shows this many at a time."""

MOST_OUTPUTS: Final = 10
"""Outputs are all shown up to this many: there are ten classes at most."""


@dataclass(frozen=True, slots=True)
class Input:
    """A value that enters the network, or a feature that could.

    key     the feature's key, or the name of the column of the data
    source  its place among the values that enter the network; None where it is switched off
    """

    key: str
    label: str
    help: str
    source: int | None

    @property
    def is_on(self) -> bool:
        return self.source is not None


@dataclass(frozen=True, slots=True)
class Parameters:
    """The names of the weights of one layer in the flat `Sequential`.

    prefix  what all its names begin with: "4."
    weight  (units, inputs) and bias (units,) of a linear layer; None where it has none
    """

    prefix: str
    weight: str | None = None
    bias: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the picture.

    kind     "inputs"; "layer" has units of its own (linear, residual); "block" acts on each unit
             of the column before it; "outputs"
    layer    index of the hidden layer: -1 for the inputs, for the outputs one more than the last
    settings of the hidden layer, else None
    units    how many rows the column has: values that leave it, and features that are off
    group    index of the column it scrolls with: units of a group stand on common lines
    """

    kind: Kind
    layer: int
    settings: LayerSettings | None
    units: int
    group: int
    parameters: Parameters | None = None

    @property
    def is_linear(self) -> bool:
        return isinstance(self.settings, Linear)

    @property
    def is_residual(self) -> bool:
        return isinstance(self.settings, Residual)

    @property
    def has_weights(self) -> bool:
        """True where every unit weighs all values before it."""
        return self.is_linear or self.kind == "outputs"

    @property
    def visible(self) -> int:
        """How many units are shown at a time."""
        most = MOST_OUTPUTS if self.kind == "outputs" else VISIBLE_UNITS
        return min(self.units, most)

    @property
    def is_folded(self) -> bool:
        return self.visible < self.units

    @property
    def activation(self) -> str | None:
        """Key of the activation, None for layers without one."""
        return getattr(self.settings, "activation", None)

    @property
    def activation_label(self) -> str:
        return ACTIVATIONS[self.activation].label if self.activation else ""

    @property
    def title(self) -> str:
        """What a block says of itself: "Dropout 0.1"."""
        if self.settings is None:
            return self.kind.capitalize()
        if isinstance(self.settings, Dropout):
            return f"{self.settings.label} {self.settings.p:g}"
        return self.settings.label


@dataclass(frozen=True, slots=True)
class Diagram:
    """The whole picture; `columns[i + 1]` is hidden layer i."""

    inputs: tuple[Input, ...]
    columns: tuple[Column, ...]
    classes: int
    class_names: tuple[str, ...]
    data_inputs: int

    @classmethod
    def of(
        cls,
        experiment: Experiment,
        input_names: tuple[str, ...],
        outputs: int,
        classes: int,
        class_names: tuple[str, ...] = (),
    ) -> Diagram:
        """The picture of an experiment on data with these inputs, outputs and classes.

        `input_names` are those before features; `classes` is 0 for regression.
        """
        inputs = _inputs(experiment, input_names)
        names = class_names or palette.CLASS_NAMES[:classes]
        return cls(
            inputs,
            _columns(experiment, inputs, outputs),
            classes,
            tuple(names),
            len(input_names),
        )

    @property
    def can_toggle(self) -> bool:
        """True where the inputs are features, each with a picture and a switch."""
        return bool(features.available(self.data_inputs))

    @property
    def hidden(self) -> tuple[Column, ...]:
        return self.columns[1:-1]

    @property
    def sources(self) -> list[int]:
        """Which of `inputs` enter the network, in the order of the weights."""
        on = [(entry.source, index) for index, entry in enumerate(self.inputs)]
        return [index for source, index in sorted((s, i) for s, i in on if s is not None)]

    def unit_name(self, column: int, unit: int) -> str:
        """What a person calls a unit: "x₁", "unit 3", "Orange"."""
        kind = self.columns[column].kind
        if kind == "inputs":
            return self.inputs[unit].label
        return self.output_name(unit) if kind == "outputs" else f"unit {unit + 1}"

    def output_name(self, unit: int) -> str:
        """The class of an output; of a single output, the class it speaks for."""
        if not self.classes:
            return "Value"
        index = 1 if self.columns[-1].units == 1 else unit
        return self.class_names[index] if index < len(self.class_names) else str(index)

    def sources_of(self, column: int) -> list[int]:
        """Units of the column before a column with weights, in the order of the weights."""
        before = self.columns[column - 1]
        return self.sources if before.group == 0 else list(range(before.units))


def _inputs(experiment: Experiment, names: tuple[str, ...]) -> tuple[Input, ...]:
    possible = features.available(len(names))
    if not possible:
        return tuple(Input(name, _pretty(name), "", i) for i, name in enumerate(names))
    chosen = experiment.model.features or tuple(f"x{i + 1}" for i in range(len(names)))
    sources = {key: place for place, key in enumerate(chosen)}
    own_names = {f"x{i + 1}": name for i, name in enumerate(names)}
    return tuple(
        Input(key, _feature_label(key, own_names), FEATURES[key].help, sources.get(key))
        for key in possible
    )


def _feature_label(key: str, own_names: Mapping[str, str]) -> str:
    """The column's own name where the data give it one, else the formula."""
    return FEATURES[key].label if own_names.get(key, key) == key else own_names[key]


def _pretty(name: str) -> str:
    digits = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    is_numbered = name[:1] == "x" and name[1:].isdigit()
    return name.translate(digits) if is_numbered else name


def _columns(experiment: Experiment, inputs: tuple[Input, ...], outputs: int) -> tuple[Column, ...]:
    layers = experiment.model.layers
    width = sum(entry.is_on for entry in inputs)
    names = parameters(layers, width, has_output_bias=experiment.model.output.bias)
    columns = [Column("inputs", -1, None, len(inputs), 0)]
    for index, layer in enumerate(layers):
        width = layer.width(width)
        before = columns[-1]
        kind: Kind = "layer" if isinstance(layer, Linear | Residual) else "block"
        # Features that are off keep their place on show; a block behind them has the same rows.
        is_own = isinstance(layer, Linear) or (kind == "layer" and before.group == 0)
        group = len(columns) if is_own else before.group
        units = width if kind == "layer" else before.units
        columns.append(Column(kind, index, layer, units, group, names[index]))
    columns.append(Column("outputs", len(layers), None, outputs, len(columns), names[-1]))
    return tuple(columns)


class _AnyModule:
    """Stands in for `torch.nn`: makes something, whatever is asked for, to be counted."""

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **settings: name


def parameters(
    layers: tuple[LayerSettings, ...], inputs: int, *, has_output_bias: bool = True
) -> tuple[Parameters, ...]:
    """The names of the weights of every hidden layer and, last, of the output layer.

    Each layer is asked for its modules, as `engines.network.build` asks it, so the names follow
    from the same definition.
    """
    result, index, nn = [], 0, _AnyModule()
    for layer in layers:
        result.append(_names(index, isinstance(layer, Linear), getattr(layer, "bias", False)))
        index += len(layer.modules(nn, inputs, nn))
        inputs = layer.width(inputs)
    return (*result, _names(index, True, has_output_bias))


def _names(index: int, is_linear: bool, has_bias: bool) -> Parameters:
    prefix = f"{index}."
    if not is_linear:
        return Parameters(prefix)
    return Parameters(prefix, f"{prefix}weight", f"{prefix}bias" if has_bias else None)


def matching(
    weights: Mapping[str, npt.NDArray] | None, name: str | None, shape: tuple[int, ...]
) -> npt.NDArray | None:
    """The array of that name where it has this shape; a snapshot may be older than the diagram."""
    array = None if weights is None or name is None else weights.get(name)
    return array if array is not None and np.shape(array) == shape else None
