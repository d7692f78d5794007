"""What the picture says: the readout at the pointer and what a screen reader hears.

Owns those texts. Imports `core` and the diagram; no Qt, any thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from playground.engines.base import Weights
from playground.ui.views.network.diagram import Column, Diagram, matching
from playground.ui.views.network.targets import Part, Target

__all__ = [
    "announced",
    "bias_of",
    "description",
    "headline",
    "number_at",
    "readout",
    "signed_number",
    "weight_of",
]

MOST_TERMS: Final = 4
"""An equation names this many summands, the largest first; the rest are three dots."""


def signed_number(value: float) -> str:
    """Three significant digits with a true minus sign: −0.0123."""
    return f"{value:.3g}".replace("-", "−")


def weight_of(diagram: Diagram, weights: Weights | None, column: int) -> npt.NDArray | None:
    """The weight matrix (units, inputs) into a column; None where there is none that fits."""
    names = diagram.columns[column].parameters
    if names is None or names.weight is None:
        return None
    shape = (diagram.columns[column].units, len(diagram.sources_of(column)))
    return matching(weights, names.weight, shape)


def bias_of(diagram: Diagram, weights: Weights | None, column: int) -> npt.NDArray | None:
    """The biases (units,) of a column; None where there are none, or none that fit."""
    names = diagram.columns[column].parameters
    if names is None:
        return None
    return matching(weights, names.bias, (diagram.columns[column].units,))


def headline(diagram: Diagram, target: Target) -> str:
    """What a target is: "Layer 1, unit 3"."""
    if target.part is Part.ADD:
        return f"Add a layer {_gap(diagram, target.column)}"
    column = diagram.columns[target.column]
    layer = f"Layer {column.layer + 1}"
    unit = _unit(diagram, target)
    named = {
        Part.NODE: unit,
        Part.BIAS: f"Bias of {unit}",
        Part.WEIGHT: f"{_source(diagram, target)} → {unit}",
        Part.LAYER: f"{layer}, {_sum_up(column)}",
        Part.BLOCK: f"{layer}, {column.title}",
        Part.FEWER: f"{layer}, one unit less",
        Part.MORE: f"{layer}, one unit more",
        Part.ACTIVATION: f"{layer}, activation {column.activation_label}",
        Part.HANDLE: f"{layer}, drag to another place",
        Part.REMOVE: f"{layer}, remove",
        Part.THUMB: f"{column.units:,} units",
    }
    return named[target.part]


def readout(
    diagram: Diagram, target: Target, weights: Weights | None, gradients: Weights | None = None
) -> list[str]:
    """The lines below the headline: values, an equation, or what can be done here."""
    if target.part is Part.ADD:
        return []
    column = diagram.columns[target.column]
    if target.part is Part.NODE:
        return _of_unit(diagram, target, weights)
    if target.part in (Part.WEIGHT, Part.BIAS):
        return _of_number(diagram, target, weights, gradients)
    if target.part in (Part.BLOCK, Part.LAYER) and column.settings is not None:
        return [column.settings.help, *_spread(column, weights)]
    return []


def description(diagram: Diagram, focus: Target | None, weights: Weights | None) -> str:
    """What a screen reader hears of the place of the keyboard."""
    if focus is None:
        count = len(diagram.hidden)
        return f"{count} hidden layer{'s' if count != 1 else ''}. Arrow keys move."
    return ". ".join([headline(diagram, focus), *readout(diagram, focus, weights)])


def announced(diagram: Diagram, target: Target | None) -> tuple[tuple[int, int], str]:
    """The (layer, unit) and the key of an input that attention to a target means.

    (-1, -1) and "" stand for none; the outputs count as the layer behind the last hidden one.
    """
    if target is None or target.part is not Part.NODE:
        return (-1, -1), ""
    column = diagram.columns[target.column]
    if column.kind == "inputs":
        return (-1, -1), diagram.inputs[target.unit].key
    return (column.layer, target.unit), ""


def _gap(diagram: Diagram, index: int) -> str:
    if not diagram.hidden:
        return "between inputs and outputs"
    if index == 0:
        return "before layer 1"
    return f"after layer {index}"


def _unit(diagram: Diagram, target: Target) -> str:
    column = diagram.columns[target.column]
    if target.unit < 0:
        return ""
    name = diagram.unit_name(target.column, target.unit)
    prefix = {"inputs": "Input ", "outputs": "Output "}.get(column.kind)
    return f"{prefix}{name}" if prefix else f"Layer {column.layer + 1}, {name}"


def _source(diagram: Diagram, target: Target) -> str:
    before = diagram.columns[target.column - 1]
    row = diagram.sources_of(target.column)[target.source]
    if before.group == 0:
        return diagram.inputs[row].label
    layer = diagram.columns[before.group].layer
    return f"Layer {layer + 1}, {diagram.unit_name(before.group, row)}"


def _sum_up(column: Column) -> str:
    if not column.is_linear:
        return column.title
    units = f"{column.units:,} unit{'s' if column.units != 1 else ''}"
    return f"{units}, {column.activation_label}"


def _of_unit(diagram: Diagram, target: Target, weights: Weights | None) -> list[str]:
    column = diagram.columns[target.column]
    if column.kind == "inputs":
        entry = diagram.inputs[target.unit]
        switch = [f"{'On' if entry.is_on else 'Off'}; click to switch."] * diagram.can_toggle
        return [line for line in (entry.help, *switch) if line]
    equation = _equation(diagram, target, weights)
    return [equation] if equation else []


def _equation(diagram: Diagram, target: Target, weights: Weights | None) -> str:
    """tanh(0.82 x₁ − 1.2 x₂ + 0.1), or "" where the weights are not known."""
    matrix = weight_of(diagram, weights, target.column)
    if matrix is None:
        return ""
    row = matrix[target.unit]
    before = diagram.columns[target.column - 1]
    rows = diagram.sources_of(target.column)
    largest = sorted(np.argsort(-np.abs(row), kind="stable")[:MOST_TERMS])
    mark = "" if before.group == 0 else "h"
    terms = [
        (float(row[i]), mark + (str(rows[i] + 1) if mark else diagram.inputs[rows[i]].label))
        for i in largest
    ]
    bias = bias_of(diagram, weights, target.column)
    text = _sum(terms)
    text += " + …" if len(row) > MOST_TERMS else ""
    text += "" if bias is None else _term(float(bias[target.unit]), "", is_first=False)
    name = diagram.columns[target.column].activation
    return f"{name}({text})" if name and name != "linear" else text


def _sum(terms: Iterable[tuple[float, str]]) -> str:
    return "".join(_term(value, name, is_first=i == 0) for i, (value, name) in enumerate(terms))


def _term(value: float, name: str, *, is_first: bool) -> str:
    sign = ("−" if value < 0 else "") if is_first else (" − " if value < 0 else " + ")
    return f"{sign}{abs(value):.2g} {name}".rstrip()


def _of_number(
    diagram: Diagram, target: Target, weights: Weights | None, gradients: Weights | None
) -> list[str]:
    lines = []
    for label, arrays in (("Value", weights), ("Gradient", gradients)):
        value = number_at(diagram, target, arrays)
        if value is not None:
            lines.append(f"{label} {signed_number(value)}")
    return lines


def number_at(diagram: Diagram, target: Target, weights: Weights | None) -> float | None:
    """The weight or bias that a target stands for."""
    if target.part is Part.BIAS:
        array, place = bias_of(diagram, weights, target.column), (target.unit,)
    else:
        array = weight_of(diagram, weights, target.column)
        place = (target.unit, target.source)  # type: ignore[assignment]
    return None if array is None else float(array[place])


def _spread(column: Column, weights: Weights | None) -> list[str]:
    """How large the weights inside a residual block are: they have no curves."""
    if not column.is_residual or weights is None or column.parameters is None:
        return []
    inside = [
        np.abs(array).mean()
        for name, array in weights.items()
        if name.startswith(column.parameters.prefix) and name.endswith("weight")
    ]
    names = ("first", "second")
    parts = [f"{name} {mean:.2g}" for name, mean in zip(names, inside, strict=False)]
    return [f"Mean size of its weights: {', '.join(parts)}"] if parts else []
