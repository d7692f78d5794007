"""The range, the axes and the colours of the picture of a data set.

Pure NumPy; any thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from playground.core.data.plane import (
    CANVAS_REACH,
    Axes,
    named_axes,
    plain_axes,
    representable,
    seen,
    stored_axes,
    values_of,
)
from playground.core.data.points import FloatArray, Points, frozen
from playground.core.numbers import entry, fixed, rounded

if TYPE_CHECKING:
    from playground.core.data.dataset import Dataset


LARGEST_WRITTEN = 1e7
MOST_DECIMALS = 5
"""Targets that are larger, or need more decimals to be told apart, have an exponent."""


@dataclass(frozen=True, slots=True)
class PictureScale:
    """The range, the axes and the colours of the picture of a data set: one rule for the canvas,
    the tiles of a race, what an answer is written with, and the picture in a file.

    Drawn and generated data lie on the canvas, which grows where they do not; data in units of
    their own fill it but for a tenth on each side.

    seen    the range: where -6 and 6 of the canvas lie in the numbers that points are stored in,
            across and up; one input leaves the height to the target, or the number of the class
    stored  what places of the canvas are in those numbers: `seen`, except where points of two
            inputs are stored as they lie on the canvas
    axes    what they mean to a person
    values  lowest and highest target that colours tell apart
    inputs  values that make up one point
    """

    seen: Axes
    stored: Axes
    axes: Axes
    values: tuple[float, float]
    inputs: int = 2

    @classmethod
    def of(cls, dataset: Dataset) -> PictureScale:
        """The scale of a data set. Data of more than two inputs are shown on a `Plane`."""
        values = values_of(dataset)
        inputs = dataset.points.x.shape[1]
        if inputs > 2 or dataset.points.y.ndim > 1 or not len(dataset.points):
            return cls(plain_axes(), plain_axes(), plain_axes(), values, inputs)
        named, stored = named_axes(dataset), stored_axes(dataset)
        axes = named[0].behind(stored[0]), named[1].behind(stored[1])
        return cls(seen(dataset), stored, axes, values, inputs)

    def shades(self, values: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Targets as colours have them: -1 for the lowest, 1 for the highest."""
        return shades(values, self.values)

    @property
    def decimals(self) -> int:
        """Decimals of a target that are as fine as colours can tell."""
        low, high = self.values
        return min(12, max(0, 2 - math.floor(math.log10(high - low))))

    @property
    def ends(self) -> tuple[str, str]:
        """What stands at the ends of the colours."""
        if self._is_far_from_one:
            return self.text(self.values[0]), self.text(self.values[1])
        low, high = (entry(round(value, self.decimals), integer=True) for value in self.values)
        return low, high

    def text(self, value: float) -> str:
        """A target as a person reads it, with its exponent where that would be a row of zeros."""
        if not self._is_far_from_one:
            return fixed(value, self.decimals)
        low, high = self.values
        finest = 10.0 ** (math.floor(math.log10(high - low)) - 2)
        digits = math.floor(math.log10(max(abs(low), abs(high)) / finest)) + 1
        return rounded(value, max(1, digits))

    @property
    def _is_far_from_one(self) -> bool:
        return max(map(abs, self.values)) >= LARGEST_WRITTEN or self.decimals > MOST_DECIMALS

    def holds(self, other: PictureScale) -> bool:
        """True where another scale of the same kind of data lies within this one, and fills at
        least half of it: points may move, and the picture stay as it is.
        """
        if [axis.name for axis in self.axes] != [axis.name for axis in other.axes]:
            return False
        ends = [(axis.original(-CANVAS_REACH), axis.original(CANVAS_REACH)) for axis in self.seen]
        others = [(a.original(-CANVAS_REACH), a.original(CANVAS_REACH)) for a in other.seen]
        pairs = zip([*ends, self.values], [*others, other.values], strict=True)
        return all(
            low <= first and last <= high and 2 * (last - first) >= high - low
            for (low, high), (first, last) in pairs
        )


def shades(values: npt.ArrayLike, ends: tuple[float, float]) -> npt.NDArray[np.float32]:
    """Values as colours have them: -1 at the lower end, 1 at the higher one."""
    if ends == (-1.0, 1.0):
        return np.asarray(values, np.float32)
    middle, half = ends[0] / 2 + ends[1] / 2, ends[1] / 2 - ends[0] / 2
    return ((np.asarray(values, np.float64) - middle) / half).astype(np.float32)


def curve_heights(said: npt.NDArray, stored: Axes) -> npt.NDArray[np.float64]:
    """How high on the canvas a curve over a single input is, (N,), for what a network says of N
    places: values (N, 1), or probabilities (N, classes), whose curve is the mean of the classes'
    numbers: it is at the number of a class where the network is sure of it.
    """
    outputs = said.shape[1]
    values = said[:, 0] if outputs == 1 else said @ np.arange(outputs)
    return stored[1].canvas(values.astype(np.float64))


def on_canvas(points: Points, stored: Axes) -> FloatArray:
    """Places float32 (N, 2) on the canvas of points with two inputs, or one and an answer."""
    up = points.x[:, 1] if points.x.shape[1] == 2 else points.y
    places = [
        axis.canvas(column.astype(np.float64))
        for axis, column in zip(stored, (points.x[:, 0], up), strict=True)
    ]
    return frozen(representable(np.stack(places, axis=1)).astype(np.float32))
