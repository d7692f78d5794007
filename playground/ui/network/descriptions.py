"""What the picture says: the readout at the pointer and what a screen reader hears.

Owns those texts. Imports `core` and the diagram; no Qt, any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from playground.engines.contract.base import Weights
from playground.ui.language import tr
from playground.ui.network.layout.targets import Part, Target
from playground.ui.network.structure import titles
from playground.ui.network.structure.diagram import Column, Diagram
from playground.ui.network.structure.values import bias_of, kernels_of, weight_of, weights_by_pixel

MOST_TERMS: Final = 4
"""An equation with more summands names this many, the largest first; the rest are three dots."""

_SUBSCRIPTS: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def signed_number(value: float) -> str:
    """Three significant digits with a true minus sign: −0.0123."""
    return f"{value:.3g}".replace("-", "−")


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
        Part.FEWER: f"{layer}, one {'channel' if column.is_image else 'unit'} less",
        Part.MORE: f"{layer}, one {'channel' if column.is_image else 'unit'} more",
        Part.ACTIVATION: f"{layer}, activation {column.activation_label}",
        Part.HANDLE: f"{layer}, drag to another place",
        Part.REMOVE: f"{layer}, remove",
        Part.THUMB: f"{column.units:,} units",
    }
    return named[target.part]


def readout(
    diagram: Diagram,
    target: Target,
    weights: Weights | None,
    gradients: Weights | None = None,
    gradients_epoch: int | None = None,
) -> list[str]:
    """The lines below the headline: values, an equation, or what can be done here.

    gradients_epoch  from when the gradients are, where they are older than the weights
    """
    if target.part is Part.ADD:
        return []
    column = diagram.columns[target.column]
    if target.part is Part.NODE:
        return _of_unit(diagram, target, weights)
    if target.part in (Part.WEIGHT, Part.BIAS):
        values = _of_number("Value", diagram, target, weights)
        slopes = _of_number("Gradient", diagram, target, gradients)
        if slopes and gradients_epoch is not None:
            slopes = [f"{line} · epoch {gradients_epoch:,}" for line in slopes]
        return [*values, *slopes]
    if target.part in (Part.BLOCK, Part.LAYER) and column.settings is not None:
        return [column.settings.help, *_inside(column), *_spread(column, weights)]
    return []


def description(
    diagram: Diagram,
    focus: Target | None,
    weights: Weights | None,
    faults: Mapping[int, str] = MappingProxyType({}),
) -> str:
    """What a screen reader hears of the place of the keyboard."""
    if focus is None:
        count = len(diagram.hidden)
        said = [f"{count} hidden layer{'s' if count != 1 else ''}. Arrow keys move."]
        return " ".join([*said, *faults.values()])
    is_layer = focus.part is not Part.ADD
    fault = faults.get(diagram.columns[focus.column].layer) if is_layer else None
    said = [headline(diagram, focus), *readout(diagram, focus, weights)]
    *lines, last = [tr(line) for line in [*said, *([fault] if fault else [])]]
    return ". ".join([*(line.rstrip(".。") for line in lines), last])


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
    if column.has_bar and len(column.shape) > 1:
        return f"{column.title}, {shape_text(column.shape)}"
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
    text = equation(diagram, target, weights)
    return [text] if text else _of_channel(diagram, target, weights)


def _of_channel(diagram: Diagram, target: Target, weights: Weights | None) -> list[str]:
    """What a channel is made of; its filters are shown as pictures below."""
    column, kernels = diagram.columns[target.column], kernels_of(diagram, weights, target.column)
    size = shape_text(column.shape[1:])
    lines = [f"A picture of {size} values."] if column.is_image else []
    if kernels is None:
        return lines
    inputs = diagram.columns[target.column - 1].units
    lines.append(f"{inputs:,} filter{'s' if inputs != 1 else ''}, one for each channel before it")
    bias = bias_of(diagram, weights, target.column)
    return lines if bias is None else [*lines, f"Bias {signed_number(bias[target.unit])}"]


def shape_text(shape: tuple[int, ...]) -> str:
    """Such as "16 × 8 × 8" for (16, 8, 8)."""
    return " × ".join(map(str, shape))


def equation(diagram: Diagram, target: Target, weights: Weights | None) -> str:
    """tanh(0.82 x₁ − 1.2 x₂ + 0.1), or "" where the weights are not known."""
    matrix = weight_of(diagram, weights, target.column)
    if matrix is None:
        return ""
    row = matrix[target.unit]
    if diagram.columns[target.column - 1].area > 1:
        text = f"Σ of {len(row):,} weights × values"
    else:
        names = _source_signs(diagram, target.column)
        text = _sum((float(row[i]), names[i]) for i in _named_terms(row))
        text += " + …" if len(row) > MOST_TERMS else ""
    bias = bias_of(diagram, weights, target.column)
    text += "" if bias is None else _term(float(bias[target.unit]), "", is_first=False)
    name = diagram.columns[target.column].activation
    return f"{name}({text})" if name and name != "linear" else text


def _named_terms(row: npt.NDArray) -> npt.NDArray[np.int64]:
    """Which summands are named: all in their order, or of many the largest first."""
    if len(row) <= MOST_TERMS:
        return np.arange(len(row))
    return np.argsort(-np.abs(row), kind="stable")[:MOST_TERMS]


def _source_signs(diagram: Diagram, column: int) -> list[str]:
    """How an equation calls what it sums up: x₁, x₂ of the inputs, h₁, h₂ of a hidden layer."""
    rows = diagram.sources_of(column)
    if diagram.columns[column - 1].group == 0:
        return [diagram.inputs[row].label for row in rows]
    return [f"h{row + 1}".translate(_SUBSCRIPTS) for row in rows]


def _sum(terms: Iterable[tuple[float, str]]) -> str:
    return "".join(_term(value, name, is_first=i == 0) for i, (value, name) in enumerate(terms))


def _term(value: float, name: str, *, is_first: bool) -> str:
    sign = ("−" if value < 0 else "") if is_first else (" − " if value < 0 else " + ")
    return f"{sign}{abs(value):.2g} {name}".rstrip()


def _of_number(label: str, diagram: Diagram, target: Target, arrays: Weights | None) -> list[str]:
    """A line on the number that a target stands for, or on the many; none where it is unknown."""
    if target.part is Part.WEIGHT and diagram.columns[target.column - 1].area > 1:
        return _range(label, weights_by_pixel(diagram, arrays, target.column), target)
    value = number_at(diagram, target, arrays)
    return [] if value is None else [f"{label} {signed_number(value)}"]


def _range(label: str, bundles: npt.NDArray | None, target: Target) -> list[str]:
    """From where to where the weights of a bundle go: there are too many to name them."""
    if bundles is None:
        return []
    bundle = bundles[target.unit, target.source]
    low, high = signed_number(bundle.min()), signed_number(bundle.max())
    return [f"{label}s of {len(bundle):,} weights: {low} to {high}"]


def number_at(diagram: Diagram, target: Target, weights: Weights | None) -> float | None:
    """The weight or bias that a target stands for; None for a bundle of many."""
    if target.part is Part.BIAS:
        array, place = bias_of(diagram, weights, target.column), (target.unit,)
    else:
        is_bundle = diagram.columns[target.column - 1].area > 1
        array = None if is_bundle else weight_of(diagram, weights, target.column)
        place = (target.unit, target.source)  # type: ignore[assignment]
    return None if array is None else float(array[place])


def _inside(column: Column) -> list[str]:
    """What stands side by side, or one behind the other, in a block."""
    parts = titles.branches(column.settings)
    return [", ".join(parts)] if parts else []


def _spread(column: Column, weights: Weights | None) -> list[str]:
    """How large the weights inside a residual block are: they have no curves."""
    if not column.is_residual or weights is None or column.parameters is None:
        return []
    inside = [
        np.abs(array).mean()
        for name, array in weights.items()
        if name.startswith(column.parameters.prefixes) and name.endswith("weight")
    ]
    names = ("first", "second")
    parts = [f"{name} {mean:.2g}" for name, mean in zip(names, inside, strict=False)]
    return [f"Mean size of its weights: {', '.join(parts)}"] if parts else []
