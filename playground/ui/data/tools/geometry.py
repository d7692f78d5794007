"""Where points lie: near a place or a way, inside a line. Also the way of the pointer, in steps.

Pure functions on arrays, quick enough for a million points at each move of the pointer. Imports
core and numpy; any thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from playground.core.data.points import FloatArray, IntArray
from playground.ui.data.tools.tool import Mask, Place


@dataclass(slots=True)
class Trail:
    """The way of the pointer, cut into equal steps.

    How many steps a way has depends on its length alone, not on how fast the pointer went or how
    often it was looked at.
    """

    at: Place
    _covered: float = 0.0

    def to(self, goal: Place, spacing: float) -> Iterator[Place]:
        """Go on to `goal`; gives every place at which another `spacing` is behind."""
        start = self.at
        length = float(np.hypot(goal[0] - start[0], goal[1] - start[1]))
        count = int((self._covered + length) / spacing)
        for number in range(1, count + 1):
            share = (number * spacing - self._covered) / length
            yield (
                start[0] + share * (goal[0] - start[0]),
                start[1] + share * (goal[1] - start[1]),
            )
        self._covered += length - count * spacing
        self.at = goal


def near_way(x: FloatArray, start: Place, end: Place, radius: float) -> IntArray:
    """Rows of `x` (N, 2) not farther than `radius` from the straight way between two places."""
    low, high = np.minimum(start, end) - radius, np.maximum(start, end) + radius
    rows = np.flatnonzero(within_rectangle(x, (low[0], low[1]), (high[0], high[1])))
    way = np.subtract(end, start)
    offset = x[rows].astype(np.float64) - start
    share = np.clip(offset @ way / max(float(way @ way), 1e-30), 0.0, 1.0)
    distance = np.hypot(*(offset - share[:, None] * way).T)
    return rows[distance <= radius]


def rectangle(a: Place, b: Place) -> FloatArray:
    """The four corners (4, 2) of the rectangle between two opposite ones."""
    return np.array([a, (b[0], a[1]), b, (a[0], b[1])], np.float32)


def within_rectangle(x: FloatArray, a: Place, b: Place) -> Mask:
    """Which of `x` (N, 2) lie between two opposite corners."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    across = (x[:, 0] >= low[0]) & (x[:, 0] <= high[0])
    return across & (x[:, 1] >= low[1]) & (x[:, 1] <= high[1])


def crossings(x: FloatArray, start: Place, end: Place) -> Mask:
    """For which of `x` (N, 2) a ray to the right crosses the straight line between two places.

    A point is inside a closed line if an odd number of its pieces are crossed (the even-odd rule;
    Shimrat, "Position of point relative to polygon", CACM 5(8), 1962), so the masks of all pieces,
    joined by exclusive or, are what the line encloses.
    """
    crossed: Mask = np.not_equal(x[:, 1] < start[1], x[:, 1] < end[1])
    rows = np.flatnonzero(crossed)
    height = (x[rows, 1].astype(np.float64) - start[1]) / (end[1] - start[1] or 1.0)
    crossed[rows] = x[rows, 0] < start[0] + height * (end[0] - start[0])
    return crossed


def surrounds(x: FloatArray, at: Place) -> bool:
    """True where `at` lies within the convex hull of `x` (N, 2).

    Seen from inside the hull, there are points in every half plane: no gap between the directions
    to them is as wide as a half turn.
    """
    if len(x) < 3:
        return False
    offset = x.astype(np.float64) - at
    angles = np.sort(np.arctan2(offset[:, 1], offset[:, 0]))
    widest = np.diff(angles, append=angles[0] + 2 * np.pi).max()
    return bool(widest < np.pi)
