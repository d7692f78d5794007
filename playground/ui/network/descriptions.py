"""What the picture says: the readout at the pointer and what a screen reader hears.

Owns those texts. Imports `core` and the diagram; no Qt, any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from playground.core import numbers
from playground.core.messages import N_, Message, plural
from playground.engines.contract.base import Weights
from playground.ui.language import tr
from playground.ui.network.layout.headers import units
from playground.ui.network.layout.targets import Part, Target
from playground.ui.network.structure import titles
from playground.ui.network.structure.diagram import Column, Diagram
from playground.ui.network.structure.values import bias_of, kernels_of, weight_of, weights_by_pixel

MOST_TERMS: Final = 4
"""An equation with more summands names this many, the largest first; the rest are three dots."""

_HEADLINES: Final = {
    Part.BIAS: N_("Bias of {unit}"),
    Part.WEIGHT: "{source} → {unit}",
    Part.FEWER: N_("Layer {number}, one unit less"),
    Part.MORE: N_("Layer {number}, one unit more"),
    Part.ACTIVATION: N_("Layer {number}, activation {name}"),
    Part.HANDLE: N_("Layer {number}, drag to another place"),
    Part.REMOVE: N_("Layer {number}, remove"),
}
_OF_CHANNELS: Final = {
    Part.FEWER: N_("Layer {number}, one channel less"),
    Part.MORE: N_("Layer {number}, one channel more"),
}
_IN_LAYER: Final = N_("Layer {number}, {name}")
_VALUE: Final = (N_("Value {number}"), N_("Values of {count:,} weights: {low} to {high}"))
_GRADIENT: Final = (N_("Gradient {number}"), N_("Gradients of {count:,} weights: {low} to {high}"))

_SUBSCRIPTS: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def headline(diagram: Diagram, target: Target) -> Message:
    """What a target is: "Layer 1, unit 3"."""
    part, column = target.part, diagram.columns[target.column]
    if part is Part.ADD:
        return _gap(diagram, target.column)
    if part is Part.THUMB:
        return units(column)
    if part is Part.NODE:
        return _unit(diagram, target)
    templates = _HEADLINES | _OF_CHANNELS if column.is_image else _HEADLINES
    names = {Part.LAYER: _sum_up(column), Part.ACTIVATION: Message(column.activation_label)}
    return Message(
        templates.get(part, _IN_LAYER),
        number=column.layer + 1,
        name=names.get(part, column.title),
        unit=_unit(diagram, target),
        source=_source(diagram, target) if part is Part.WEIGHT else "",
    )


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
        values = _of_number(_VALUE, diagram, target, weights)
        slopes = _of_number(_GRADIENT, diagram, target, gradients)
        if slopes and gradients_epoch is not None:
            slopes = [Message("{line} · epoch {epoch:,}", line=slopes[0], epoch=gradients_epoch)]
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
        layers = plural(
            "{count} hidden layer. Arrow keys move.",
            "{count} hidden layers. Arrow keys move.",
            len(diagram.hidden),
        )
        return tr(Message(layers, *faults.values()))
    is_layer = focus.part is not Part.ADD
    fault = faults.get(diagram.columns[focus.column].layer) if is_layer else None
    said = [headline(diagram, focus), *readout(diagram, focus, weights), fault]
    *lines, heard = map(tr, filter(None, said))
    for line in reversed(lines):
        heard = tr("{name}. {help}", name=line.rstrip(".。"), help=heard)
    return heard


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


def _gap(diagram: Diagram, index: int) -> Message:
    if not diagram.hidden:
        return Message("Add a layer between inputs and outputs")
    if index == 0:
        return Message("Add a layer before layer {number}", number=1)
    return Message("Add a layer after layer {number}", number=index)


def _unit(diagram: Diagram, target: Target) -> Message:
    column = diagram.columns[target.column]
    if target.unit < 0:
        return Message()
    name = diagram.unit_name(target.column, target.unit)
    templates = {"inputs": N_("Input {name}"), "outputs": N_("Output {name}")}
    return Message(templates.get(column.kind, _IN_LAYER), number=column.layer + 1, name=name)


def _source(diagram: Diagram, target: Target) -> str:
    before = diagram.columns[target.column - 1]
    row = diagram.sources_of(target.column)[target.source]
    if before.group == 0:
        return diagram.inputs[row].label
    layer, name = diagram.columns[before.group].layer, diagram.unit_name(before.group, row)
    return Message(_IN_LAYER, number=layer + 1, name=name)


def _sum_up(column: Column) -> str:
    if column.has_bar and len(column.shape) > 1:
        return Message("{name}, {size}", name=column.title, size=shape_text(column.shape))
    if not column.is_linear:
        return column.title
    bend = Message(column.activation_label)
    return Message("{units}, {activation}", units=units(column), activation=bend)


def _of_unit(diagram: Diagram, target: Target, weights: Weights | None) -> list[str]:
    column = diagram.columns[target.column]
    if column.kind == "inputs":
        entry = diagram.inputs[target.unit]
        switch = Message("Click to leave it out; Features brings it back.")
        return [*filter(None, (entry.help, switch if diagram.can_toggle else ""))]
    text = equation(diagram, target, weights)
    return [text] if text else _of_channel(diagram, target, weights)


def _of_channel(diagram: Diagram, target: Target, weights: Weights | None) -> list[str]:
    """What a channel is made of; its filters are shown as pictures below."""
    column, kernels = diagram.columns[target.column], kernels_of(diagram, weights, target.column)
    size = shape_text(column.shape[1:])
    lines = [Message("A picture of {size} values.", size=size)] if column.is_image else []
    if kernels is None:
        return [*lines]
    filters = plural(
        "{count:,} filter, one for each channel before it",
        "{count:,} filters, one for each channel before it",
        diagram.columns[target.column - 1].units,
    )
    bias = bias_of(diagram, weights, target.column)
    if bias is None:
        return [*lines, filters]
    return [*lines, filters, Message("Bias {number}", number=numbers.rounded(bias[target.unit]))]


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
        text = tr("Σ of {count:,} weights × values", count=len(row))
    else:
        names = _source_signs(diagram, target.column)
        text = _sum((float(row[i]), names[i]) for i in _named_terms(row))
        text += " + …" if len(row) > MOST_TERMS else ""
    bias = bias_of(diagram, weights, target.column)
    text += "" if bias is None else _term(float(bias[target.unit]), "", is_first=False)
    name = diagram.columns[target.column].bend
    return f"{name}({text})" if name != "linear" else text


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
    return f"{sign}{numbers.rounded(abs(value), 2)} {name}".rstrip()


def _of_number(
    said: tuple[str, str], diagram: Diagram, target: Target, arrays: Weights | None
) -> list[str]:
    """A line on the number that a target stands for, or on the many; none where it is unknown."""
    if target.part is Part.WEIGHT and diagram.columns[target.column - 1].area > 1:
        return _range(said[1], weights_by_pixel(diagram, arrays, target.column), target)
    value = number_at(diagram, target, arrays)
    return [] if value is None else [Message(said[0], number=numbers.rounded(value))]


def _range(said: str, bundles: npt.NDArray | None, target: Target) -> list[str]:
    """From where to where the weights of a bundle go: there are too many to name them."""
    if bundles is None:
        return []
    bundle = bundles[target.unit, target.source]
    low, high = numbers.rounded(bundle.min()), numbers.rounded(bundle.max())
    return [Message(said, count=len(bundle), low=low, high=high)]


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
    return [", ".join(map(tr, parts))] if parts else []


def _spread(column: Column, weights: Weights | None) -> list[str]:
    """How large the weights inside a residual block are: they have no curves."""
    if not column.is_residual or weights is None or column.parameters is None:
        return []
    inside = [
        numbers.rounded(float(np.abs(array).mean()), 2)
        for name, array in weights.items()
        if name.startswith(column.parameters.prefixes) and name.endswith("weight")
    ]
    if len(inside) != 2:
        return []
    template = N_("Mean size of its weights: first {first}, second {second}")
    return [Message(template, first=inside[0], second=inside[1])]
