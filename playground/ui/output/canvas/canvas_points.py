"""Between the points of an experiment and those on the canvas, which the tools work on.

Tools know two coordinates. Points with one input lie there by input and target, so that
dragging one up changes its target. Pure NumPy; any thread.
"""

from __future__ import annotations

import numpy as np

from playground.core.data.axis import Axis
from playground.core.data.plane import Plane
from playground.core.data.points import FloatArray, Points, frozen

CURVE_SCALE = 3.0
"""With a single input, a target of 1 is drawn this many units high."""

CURVE_AXES = (Axis("x"), Axis("y", 0.0, 1 / CURVE_SCALE))


def places_of(points: Points, plane: Plane | None) -> FloatArray:
    """Where points lie on the canvas, float32 (N, 2); (0, 2) where they have no place there."""
    inputs = points.x.shape[1]
    if points.y.ndim > 1:
        return frozen(np.zeros((0, 2), np.float32))
    if inputs == 1:
        return frozen(np.stack([points.x[:, 0], _height(points)], axis=1))
    if plane is not None and plane.inputs == inputs:
        return plane.project(points.x)
    return points.x if inputs == 2 else frozen(np.zeros((0, 2), np.float32))


def to_canvas(points: Points) -> Points:
    """The points with two coordinates, as tools want them. Two inputs stay as they are."""
    if points.x.shape[1] == 2:
        return points
    return Points(places_of(points, None), points.y, points.held_out)


def from_canvas(points: Points, inputs: int) -> Points:
    """What a tool has made of the points on the canvas, with that many inputs again.

    A target is read from the height, except where a point is as high as its target says already:
    what was not moved keeps its target to the last bit.
    """
    if inputs == 2:
        return points
    is_moved = points.x[:, 1] != _height(points)
    y = np.where(is_moved, points.x[:, 1] / np.float32(CURVE_SCALE), points.y)
    return Points(points.x[:, :1].copy(), y.astype(points.y.dtype), points.held_out)


def _height(points: Points) -> FloatArray:
    return points.y.astype(np.float32) * np.float32(CURVE_SCALE)
