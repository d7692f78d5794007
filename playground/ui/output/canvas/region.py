"""The part of the plane that the canvas shows: a square, moved and zoomed by the person.

Pure numbers; imports QRectF only; any thread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

Place = tuple[float, float]

SMALLEST = 1 / 50
LARGEST = 1_000.0
"""Half the side of the square, at least and at most; the square stays within [-1000, 1000]^2."""


@dataclass(frozen=True, slots=True)
class Region:
    """The square of half side `extent` around `center`, in canvas units."""

    center: Place = (0.0, 0.0)
    extent: float = 6.0

    @property
    def low(self) -> Place:
        return self.center[0] - self.extent, self.center[1] - self.extent

    @property
    def high(self) -> Place:
        return self.center[0] + self.extent, self.center[1] + self.extent

    @property
    def rect(self) -> QRectF:
        return QRectF(*self.low, 2 * self.extent, 2 * self.extent)

    def zoomed(self, factor: float, around: Place | None = None) -> Region:
        """`factor` times as much of the plane; the place `around` stays where it is on the screen.

        Without a place the center stays.
        """
        extent = min(max(self.extent * factor, SMALLEST), LARGEST)
        share = extent / self.extent
        pivot = self.center if around is None else around
        center = tuple(
            still + (middle - still) * share
            for still, middle in zip(pivot, self.center, strict=True)
        )
        return _within_bounds(center, extent)

    def moved(self, dx: float, dy: float) -> Region:
        """The same size of square, elsewhere."""
        return _within_bounds((self.center[0] + dx, self.center[1] + dy), self.extent)

    def clamped(self, place: Place) -> Place:
        """The nearest place inside the square."""
        x, y = (
            min(max(value, low), high)
            for value, low, high in zip(place, self.low, self.high, strict=True)
        )
        return x, y

    def to_pixels(self, places: npt.ArrayLike, width: float, height: float) -> npt.NDArray:
        """Places (..., 2) as pixels of a view that shows the square, y downwards."""
        share = (np.asarray(places, np.float64) - self.low) / (2 * self.extent)
        return np.stack([share[..., 0] * width, (1 - share[..., 1]) * height], axis=-1)

    def from_pixels(self, x: float, y: float, width: float, height: float) -> Place:
        """The place under a pixel."""
        side = 2 * self.extent
        return self.low[0] + side * x / max(width, 1), self.high[1] - side * y / max(height, 1)


def _within_bounds(center: tuple[float, ...], extent: float) -> Region:
    reach = LARGEST - extent
    x, y = (min(max(value, -reach), reach) for value in center)
    return Region((x, y), extent)
