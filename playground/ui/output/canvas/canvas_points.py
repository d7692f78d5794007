"""Between the points of an experiment and those on the canvas, which the tools work on.

Tools know two coordinates. Points with one input lie there by input and target, so that
dragging one up changes its target. Pure NumPy; any thread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.core.data.axis import Axis
from playground.core.data.picture_scale import on_canvas
from playground.core.data.plane import CANVAS_REACH, CURVE_REACH, Axes, Plane
from playground.core.data.points import FloatArray, Points, frozen

CURVE_SCALE = CANVAS_REACH / CURVE_REACH
"""With a single drawn input, a target of 1 is drawn this many units high."""

PLAIN_AXES = (Axis("x1"), Axis("x2"))
CURVE_AXES = (Axis("x"), Axis("y", 0.0, 1 / CURVE_SCALE))


def places_of(points: Points, plane: Plane | None, stored: Axes = CURVE_AXES) -> FloatArray:
    """Where points lie on the canvas, float32 (N, 2); (0, 2) where they have no place there.

    stored  what places of the canvas are in the numbers of points with a single input
    """
    inputs = points.x.shape[1]
    if points.y.ndim > 1:
        return frozen(np.zeros((0, 2), np.float32))
    if inputs == 1:
        return on_canvas(points, stored)
    if plane is not None and plane.inputs == inputs:
        return plane.project(points.x)
    return points.x if inputs == 2 else frozen(np.zeros((0, 2), np.float32))


def to_canvas(points: Points, stored: Axes) -> Points:
    """The points with two coordinates, as tools want them; points that are stored as they lie on
    the canvas stay as they are.
    """
    if points.x.shape[1] == 2 and _are_plain(stored):
        return points
    return Points(on_canvas(points, stored), points.y, points.held_out)


def from_canvas(changed: Points, before: Points, stored: Axes) -> Points:
    """What a tool has made of the points `before`, which it had on the canvas, as they are stored.

    A target of a single input is read from the height. What was not moved, across or up, keeps its
    number to the last bit.
    """
    inputs = before.x.shape[1]
    if inputs == 2 and _are_plain(stored):
        return changed
    there, numbers = on_canvas(before, stored), _columns(before)
    columns = [
        _numbers(changed.x[:, i], there[:, i], numbers[i], axis) for i, axis in enumerate(stored)
    ]
    x = np.stack(columns[:inputs], axis=1).astype(before.x.dtype)
    y = columns[1].astype(before.y.dtype) if inputs == 1 else changed.y
    return Points(x, y, changed.held_out)


def _columns(points: Points) -> tuple[npt.NDArray, npt.NDArray]:
    """The numbers that lie across and up: both inputs, or one and the target."""
    return points.x[:, 0], points.x[:, 1] if points.x.shape[1] == 2 else points.y


def _are_plain(stored: Axes) -> bool:
    return all(axis.is_plain for axis in stored)


def _numbers(
    places: FloatArray, before: FloatArray, numbers: npt.NDArray, axis: Axis
) -> npt.NDArray[np.float64]:
    """Coordinates (N,) of the canvas as numbers; where one was there before, that number: of the
    same row, else of any.
    """
    found = axis.original(places.astype(np.float64))
    shared = min(len(before), len(places))
    stays = np.zeros(len(places), bool)
    stays[:shared] = before[:shared] == places[:shared]
    found[stays] = numbers[:shared][stays[:shared]]
    others = np.flatnonzero(~stays)
    rows = _first_rows(places[others], before)
    is_known = rows >= 0
    found[others[is_known]] = numbers[rows[is_known]]
    return found


def _first_rows(places: FloatArray, before: FloatArray) -> npt.NDArray[np.int64]:
    """The first row of `before` that holds each of the places, -1 where none does: (N,).

    A hand moves few of many points, so the places are sorted, and not what was there before.
    """
    if not len(places):
        return np.zeros(0, np.int64)
    sought, which = np.unique(places, return_inverse=True)
    at = np.minimum(np.searchsorted(sought, before), len(sought) - 1)
    there = np.flatnonzero(sought[at] == before)[::-1]  # backwards: the first one is written last
    rows = np.full(len(sought), -1)
    rows[at[there]] = there
    return rows[which]
