"""What a direction of the canvas means: a name, and the unit that is read off it.

Knows pydantic; any thread.
"""

from __future__ import annotations

import sys
from typing import Annotated, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

Values = TypeVar("Values", float, npt.NDArray[np.float64])
_Exact = Annotated[float, Field(strict=True)]


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid", allow_inf_nan=False))
class Axis:
    """What one direction of the canvas means: original = offset + scale * canvas."""

    name: str
    offset: _Exact = 0.0
    scale: Annotated[_Exact, Field(gt=0)] = 1.0

    @property
    def is_plain(self) -> bool:
        """True where the canvas is the unit of the data."""
        return (self.offset, self.scale) == (0.0, 1.0)

    def original(self, canvas: Values) -> Values:
        """A coordinate of the canvas, or several, in the unit of the data."""
        return self.offset + self.scale * canvas

    def behind(self, stored: Axis) -> Axis:
        """What this axis makes of numbers that lie on the canvas as `stored` says; what float64
        does not reach becomes the nearest that it does.
        """
        largest, least = sys.float_info.max, sys.float_info.min
        offset = min(max(self.offset + self.scale * stored.offset, -largest), largest)
        return Axis(self.name, offset, min(max(self.scale * stored.scale, least), largest))

    def canvas(self, original: Values) -> Values:
        """A value of the data, or several, as coordinates of the canvas."""
        return (original - self.offset) / self.scale
