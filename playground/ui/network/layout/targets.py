"""What the pointer or the keyboard is on: naming, finding and walking the parts of the picture.

Owns `Target`. Imports the layout and QtCore's value types; no widgets, any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from playground.ui.network.layout.shapes import EdgeBundle, Layout, Place, heights, slopes

REACH: Final = 4.0
"""How near a weight's curve the pointer has to be, in logical pixels."""

LEAST_BIAS_RADIUS: Final = 3.8
CLEAR: Final = 1.0
"""Between the frame of a unit and the mark of its bias."""


class Part(StrEnum):
    """The kinds of things there are to point at."""

    NODE = "node"
    BIAS = "bias"
    WEIGHT = "weight"
    LAYER = "layer"
    BLOCK = "block"
    FEWER = "fewer"
    MORE = "more"
    ACTIVATION = "activation"
    HANDLE = "handle"
    REMOVE = "remove"
    ADD = "add"
    THUMB = "thumb"


_HEADER_PARTS: Final = {
    "fewer": Part.FEWER,
    "more": Part.MORE,
    "units": Part.LAYER,
    "activation": Part.ACTIVATION,
    "handle": Part.HANDLE,
    "remove": Part.REMOVE,
    "block": Part.BLOCK,
}


@dataclass(frozen=True, slots=True)
class Target:
    """One thing of the picture.

    column  index into the columns; for ADD the index at which a layer is added
    unit    the unit of NODE and BIAS, and that a WEIGHT leads to
    source  the column of a WEIGHT in its matrix
    """

    part: Part
    column: int
    unit: int = -1
    source: int = -1


@dataclass(frozen=True, slots=True)
class Attention:
    """Where the person is.

    hover   under the pointer
    focus   of the keyboard, None while the keyboard is not at work here
    band    column whose tools are on show
    dragged column that is being moved, and `insertion`, the hidden index where it would go
    """

    hover: Target | None = None
    focus: Target | None = None
    band: int | None = None
    dragged: int | None = None
    insertion: int | None = None


def bias_spot(node: QRectF) -> QPointF:
    """The middle of the mark of a unit's bias: below the place where the weights arrive."""
    radius = bias_radius(node)
    return QPointF(node.left() - CLEAR - radius, node.bottom() - radius)


def bias_radius(node: QRectF) -> float:
    """The radius of the mark of the largest bias."""
    return max(LEAST_BIAS_RADIUS, 0.1 * node.width())


def find(layout: Layout, at: QPointF, reach: float = REACH) -> Target | None:
    """What is at a point of the scene, small things before large ones."""
    for index, gap in enumerate(layout.additions):
        if gap.contains(at):
            return Target(Part.ADD, index)
    for index, place in enumerate(layout.places):  # words may reach out of their column
        found = _in_place(place, index, at)
        if found is not None:
            return found
    return _weight(layout, at, reach)


def _in_place(place: Place, column: int, at: QPointF) -> Target | None:
    if "thumb" in place.parts and place.parts["thumb"].adjusted(-4, 0, 4, 0).contains(at):
        return Target(Part.THUMB, column)
    for row, node in enumerate(place.nodes):
        has_bias = place.column.parameters is not None and place.column.parameters.bias
        away = at - bias_spot(node)
        if has_bias and QPointF.dotProduct(away, away) <= (bias_radius(node) + 2) ** 2:
            return Target(Part.BIAS, column, place.first + row)
        if node.contains(at):
            return Target(Part.NODE, column, place.first + row)
    for name, part in _HEADER_PARTS.items():
        if name in place.parts and place.parts[name].contains(at):
            return Target(part, column)
    return None


def _weight(layout: Layout, at: QPointF, reach: float) -> Target | None:
    for bundle in layout.edges:
        if len(bundle.ends) and bundle.ends[0, 0] < at.x() < bundle.ends[0, 2]:
            nearest, distance = _nearest(bundle, at)
            if distance <= reach:
                return Target(
                    Part.WEIGHT,
                    bundle.column,
                    int(bundle.units[nearest]),
                    int(bundle.sources[nearest]),
                )
    return None


def _nearest(bundle: EdgeBundle, at: QPointF) -> tuple[int, float]:
    t = (at.x() - bundle.ends[:, 0]) / (bundle.ends[:, 2] - bundle.ends[:, 0])
    away = np.abs(heights(bundle.ends, t) - at.y())
    distance = away / np.hypot(1, slopes(bundle.ends, t))
    nearest = int(distance.argmin())
    return nearest, float(distance[nearest])


def band_at(layout: Layout, at: QPointF) -> int | None:
    """The column whose band holds a point."""
    return next((i for i, place in enumerate(layout.places) if place.band.contains(at)), None)


def box(layout: Layout, target: Target) -> QRectF | None:
    """The rectangle of a target for a ring around it; None where it is out of sight or a curve."""
    if target.part is Part.ADD:
        return layout.additions[target.column]
    place = layout.places[target.column]
    if target.part is Part.NODE:
        return place.node_of(target.unit)
    if target.part is Part.BIAS:
        node = place.node_of(target.unit)
        if node is None:
            return None
        spot, radius = bias_spot(node), bias_radius(node) + 1
        return QRectF(spot.x() - radius, spot.y() - radius, 2 * radius, 2 * radius)
    if target.part is Part.LAYER:
        return _layer_box(place)
    name = next((n for n, part in _HEADER_PARTS.items() if part is target.part), "")
    return place.parts.get(name)


def _layer_box(place: Place) -> QRectF | None:
    """The whole header of a layer, or its block."""
    names = [name for name in ("units", "fewer", "more", "activation") if name in place.parts]
    if not names:
        return place.parts.get("block")
    whole = QRectF(place.parts[names[0]])
    for name in names[1:]:
        whole = whole.united(place.parts[name])
    return whole


def step(layout: Layout, focus: Target | None, dx: int, dy: int) -> Target:
    """The next target for an arrow key; at an edge, the same one.

    Sideways the way leads through the columns and the spaces between them; up and down through a
    column, whose first stop is the layer itself.
    """
    if focus is None:
        return stop(layout, 1 if len(layout.places) > 2 else 0, -1)
    if focus.part is Part.ADD:
        # A gap i lies between column i and column i + 1.
        return stop(layout, focus.column + (dx > 0), focus.unit) if dx else focus
    if dx:
        gap = focus.column - (dx < 0)
        # The row is kept on the way through a gap, so that it goes on at the same height.
        is_inside = 0 <= gap < len(layout.additions)
        return Target(Part.ADD, gap, focus.unit) if is_inside else focus
    return stop(layout, focus.column, focus.unit + dy)


def stop(layout: Layout, column: int, unit: int) -> Target:
    """Where the keyboard stops in a column: a unit, or the layer itself for unit -1."""
    place = layout.places[column]
    is_layer = place.column.kind in ("layer", "block")
    last = place.column.units - 1 if place.nodes else -1
    unit = max(-1 if is_layer else 0, min(unit, last))
    return Target(Part.LAYER, column) if unit < 0 else Target(Part.NODE, column, unit)


def stop_near(layout: Layout, at: QPointF) -> Target:
    """The stop of the keyboard that is nearest to a point of the scene."""
    for index, gap in enumerate(layout.additions):
        if gap.contains(at):
            return Target(Part.ADD, index)
    middles = [(place.left + place.right) / 2 for place in layout.places]
    column = min(range(len(middles)), key=lambda i: abs(middles[i] - at.x()))
    place = layout.places[column]
    row = min(range(len(place.nodes)), key=lambda i: abs(place.rows[i] - at.y()), default=-1)
    # Above and below the units is what belongs to the layer as a whole.
    is_beside = bool(place.nodes) and place.nodes[0].top() <= at.y() <= place.nodes[-1].bottom()
    return stop(layout, column, place.first + row if is_beside else -1)


def survivor(layout: Layout, focus: Target) -> Target:
    """Where the keyboard is after a change of structure: the same place, or the nearest one."""
    last = len(layout.places) - 1
    if focus.part is Part.ADD:
        return Target(Part.ADD, min(focus.column, last - 1), focus.unit)
    return stop(layout, min(focus.column, last), focus.unit)
