"""Pixels that stay bytes until somebody computes with them: a quarter of the memory.

Pure numpy; any thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isqrt
from typing import Any, cast

import numpy as np
import numpy.typing as npt

LARGEST_BYTE = 255.0
_BLOCK_ROWS = 4_096


def white_of_bytes(largest: float) -> float:
    """The value that stands for white where this is the largest one of whole numbers: of pixels
    that are on or off, of scikit-learn's digits, or of bytes.
    """
    return next(white for white in (1.0, 16.0, LARGEST_BYTE) if largest <= white)


def square_of(count: int) -> tuple[int, int] | None:
    """Channels and side of the square image, grey or in colour, that has as many values; None where
    there is none.
    """
    for channels in (1, 3):
        side = isqrt(count // channels)
        if channels * side * side == count:
            return channels, side
    return None


class _Rows:
    """What is used like an array float32 (N, D), and is one only where it is asked for.

    A row, a slice or a choice of rows is made anew each time; the whole only where numpy wants it.
    """

    shape: tuple[int, ...]
    ndim = 2
    dtype = np.dtype(np.float32)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: Any) -> npt.NDArray[np.float32]:
        raise NotImplementedError

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray:
        if copy is False:
            raise ValueError("What stays bytes becomes numbers in an array of their own.")
        return self[:].astype(dtype or np.float32, copy=False)

    def reshape(self, *shape: int) -> npt.NDArray[np.float32]:
        """All values in an array of another shape."""
        return self[:].reshape(*shape)

    def astype(self, dtype: npt.DTypeLike, copy: bool = True) -> npt.NDArray:
        """All values in an array of another type."""
        return self[:].astype(dtype, copy=copy)

    def as_floats(self) -> npt.NDArray[np.float32]:
        """Itself, by the type of what it is used like."""
        return cast(npt.NDArray[np.float32], self)


@dataclass(frozen=True, slots=True, eq=False)
class Pixels(_Rows):
    """Images as rows of bytes.

    bytes  uint8 (N, D), read-only
    white  the values are the bytes divided by it: 255 for values from 0 to 1, or 1
    """

    bytes: npt.NDArray[np.uint8]
    white: float = 1.0

    def __post_init__(self) -> None:
        self.bytes.setflags(write=False)

    @property
    def shape(self) -> tuple[int, ...]:  # type: ignore[override]
        return self.bytes.shape

    def __getitem__(self, rows: Any) -> npt.NDArray[np.float32]:
        return self.bytes[rows] / np.float32(self.white)

    def min(self) -> float:
        """The smallest value."""
        return float(self.bytes.min(initial=255) / np.float32(self.white))

    def max(self) -> float:
        """The largest value."""
        return float(self.bytes.max(initial=0) / np.float32(self.white))


@dataclass(frozen=True, slots=True, eq=False)
class PreparedPixels(_Rows):
    """What a network is shown of some images: made of their bytes for each batch.

    rows     int64 (n,): which of the images
    prepare  makes network inputs float32 (n, D) of their values
    """

    pixels: Pixels
    rows: npt.NDArray[np.int64]
    prepare: Callable[[npt.NDArray], npt.NDArray[np.float32]]

    @property
    def shape(self) -> tuple[int, ...]:  # type: ignore[override]
        return len(self.rows), self.pixels.shape[1]

    def __getitem__(self, rows: Any) -> npt.NDArray[np.float32]:
        chosen = self.rows[rows]
        if np.ndim(chosen) and len(chosen) > _BLOCK_ROWS:
            return self._block_by_block(chosen)
        values = self.prepare(self.pixels[np.atleast_1d(chosen)])
        return values if np.ndim(chosen) else values[0]

    def _block_by_block(self, chosen: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """The same of many rows, without all of their values in between."""
        values = np.empty((len(chosen), self.shape[1]), np.float32)
        for start in range(0, len(chosen), _BLOCK_ROWS):
            block = slice(start, start + _BLOCK_ROWS)
            values[block] = self.prepare(self.pixels[chosen[block]])
        return values


def pixels_in(x: object) -> Pixels | None:
    """The bytes behind what is used like an array; None where it is one."""
    return x if isinstance(x, Pixels) else None


def prepared_in(x: object) -> PreparedPixels | None:
    """The bytes behind what a network is shown; None where that is an array."""
    return x if isinstance(x, PreparedPixels) else None
