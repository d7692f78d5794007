"""The small pictures inside the nodes: what a unit or a feature is over the plane.

Owns the way from arrays to one image that holds all pictures side by side, so that a frame costs
one look-up in the colour table. Imports numpy, `core` and QImage; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from playground.core import palette
from playground.core.data.features import FEATURES
from playground.core.data.picture_scale import shades
from playground.core.data.plane import Axes
from playground.core.network.activations import ACTIVATIONS

Indices = npt.NDArray[np.uint8]

FAINTEST_SCALE: Final = 1e-3
"""A unit that stays below this everywhere is silent: its noise is not blown up into a picture."""

FEATURE_SIZE: Final = 20


def signed(values: npt.NDArray[np.float32]) -> Indices:
    """Rows of the ramp for pictures (units, size, size), each scaled by its largest magnitude.

    Zero stays the neutral middle, so the sign of a unit can be read off any picture; a not-finite
    value becomes neutral, too.
    """
    # The two extremes need no copy of the array, as abs would.
    low, high = values.min(axis=(1, 2)), values.max(axis=(1, 2))
    scale = np.maximum(np.maximum(-low, high), FAINTEST_SCALE)
    if not np.isfinite(scale).all():
        finite = np.where(np.isfinite(values), values, 0.0)
        values = finite.astype(np.float32)
        scale = np.maximum(np.abs(values).max(axis=(1, 2)), FAINTEST_SCALE)
    rows = values * (np.float32(127.0) / scale.astype(np.float32))[:, None, None]
    rows += np.float32(128.0)
    result: Indices = rows.astype(np.uint8)
    return result


@lru_cache(maxsize=32)
def feature_picture(
    key: str,
    inputs: int,
    extent: float = 6.0,
    center: tuple[float, float] = (0.0, 0.0),
    stored: Axes | None = None,
) -> Indices:
    """(1, size, size) rows of the ramp of a feature over the square that the canvas shows."""
    return signed(feature_values(key, inputs, FEATURE_SIZE, extent, center, stored)[None])


def feature_values(
    key: str,
    inputs: int,
    size: int,
    extent: float,
    center: tuple[float, float],
    stored: Axes | None = None,
) -> npt.NDArray[np.float32]:
    """A feature at the middles of size x size cells of that square, row 0 at its lower edge.

    One input varies along x; `stored` says what the canvas's units are. float32 (size, size). In
    units of the data, where 0 may be far away, they are those from the middle between the ends.
    """
    around = ((np.arange(size) + 0.5) / size * 2 - 1) * extent
    places = [around + middle for middle in center]
    if stored is not None:
        places = [axis.original(some) for axis, some in zip(stored, places, strict=True)]
    x, y = np.meshgrid(*places)
    points = np.stack([x.ravel(), y.ravel()], axis=1)[:, : max(1, inputs)]
    values = np.asarray(FEATURES[key].value.of(points))
    if stored is not None and not all(axis.is_plain for axis in stored[:inputs]):
        values = values - (values.min() / 2 + values.max() / 2)
    return values.astype(np.float32).reshape(size, size)


def class_pictures(
    probabilities: npt.NDArray, outputs: int, size: int, values: tuple[float, float] = (-1.0, 1.0)
) -> npt.NDArray[np.float32]:
    """(outputs, size, size) in [0, 1] from a map (grid, grid, classes), or signed values for one.

    A map (grid, classes) over a single input is drawn as stripes.
    A single output of two classes gives 2 p - 1; one of a regression what colours have, from -1 for
    the lower of `values` to 1 for the higher.
    """
    grid, classes = probabilities.shape[0], probabilities.shape[-1]
    if probabilities.ndim == 2:
        probabilities = np.broadcast_to(probabilities, (grid, grid, classes))
    step = np.minimum((np.arange(size) + 0.5) * grid / size, grid - 1).astype(np.int64)
    small = np.moveaxis(probabilities[np.ix_(step, step)], -1, 0)
    if outputs == 1 and classes == 2:
        return np.ascontiguousarray(2 * small[1:] - 1)
    if classes == 1:
        small = shades(small, values)
    return np.ascontiguousarray(small[:outputs])


def stretched(values: npt.NDArray) -> npt.NDArray[np.float64]:
    """Values (N,) as heights in [0, 1]; a flat or not-finite curve lies in the middle."""
    finite = np.nan_to_num(np.asarray(values, np.float64), posinf=0.0, neginf=0.0)
    low, high = finite.min(), finite.max()
    if high - low < FAINTEST_SCALE:
        return np.full(len(finite), 0.5)
    result: npt.NDArray[np.float64] = (finite - low) / (high - low)
    return result


@lru_cache(maxsize=32)
def activation_curve(key: str) -> npt.NDArray[np.float64]:
    """The shape of an activation over [-3, 3], as heights in [0, 1]."""
    return stretched(ACTIVATIONS[key].value.f(np.linspace(-3.0, 3.0, 25)))


def colors(low: npt.NDArray, high: npt.NDArray, neutral: npt.NDArray) -> npt.NDArray[np.uint32]:
    """The two-class ramp as uint32 (256,) 0xffRRGGBB. low, high, neutral: (3,) RGB."""
    return palette.packed(palette.ramp(low, high, neutral, strength=0.65)[:, :3])


class Atlas:
    """Pictures of one size, one above the other in one image.

    `images` are uint32 pixels (size, size) with row 0 at the lower edge.
    """

    def __init__(self, images: Sequence[npt.NDArray[np.uint32]]) -> None:
        # Flipped here: row 0 of an image is its upper edge. The pixels outlive the image.
        stack = np.concatenate([image[:, ::-1, :] for image in images])
        self._pixels = np.ascontiguousarray(stack)
        self._count, self._edge = self._pixels.shape[0], self._pixels.shape[1]
        self.image = QImage(
            self._pixels.data,
            self._pixels.shape[2],
            self._count * self._edge,
            4 * self._pixels.shape[2],
            QImage.Format.Format_RGB32,
        )

    def __len__(self) -> int:
        return self._count

    def part(self, index: int) -> QRectF:
        """Where picture `index` is. Half a pixel less on each side keeps its neighbours out."""
        edge = self._edge
        return QRectF(0.5, index * edge + 0.5, edge - 1, edge - 1)
