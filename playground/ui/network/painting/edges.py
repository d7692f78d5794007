"""Hundreds of smooth weight curves a frame, drawn by numpy.

Owns the pixels of the curves. A QPainter needs about 0.1 ms for each wide, smooth, translucent
curve; here the distance of every pixel from every curve near it is found once for a layout, and a
frame is one table look-up and one sum over those pixels. Imports numpy and QImage; GUI thread only.

Where curves cross, their colours mix by how much each covers, so the picture does not depend on an
order of drawing: with coverage a of a curve, s = -log(1 - a) adds up, 1 - exp(-sum s) is the
opacity, and the colour is the mean weighted by s (order-independent transparency after McGuire and
Bavoil, "Weighted Blended Order-Independent Transparency", JCGT 2, 2013).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from playground.ui.network.layout.shapes import heights, slopes

Floats = npt.NDArray[np.float64]

LEVELS: Final = 32
"""Steps of size from no weight to the largest."""

# Width in logical pixels and opacity of the smallest and of the largest weight.
THINNEST: Final = 0.6
WIDEST: Final = 4.6
FAINTEST: Final = 0.16
STRONGEST: Final = 0.96

MOST_SAMPLES: Final = 3_000_000
"""Above this a sharp screen gets curves of half its sharpness: a frame has to stay short."""

_STEPS: Final = 8  # steps of distance in a pixel
_UNIT: Final = 60.0  # s is summed in integers of 1 / _UNIT
_FULL: Final = 255  # the largest sum that is told apart: an opacity of 0.986
_SHIFT: Final = 65536.0  # sums of both signs share one double: minus below, plus above


class EdgeField:
    """The pixels near a fixed set of curves, and an image of them in any strengths.

    ends   float64 (N, 4): x0, y0, x1, y1 with x0 < x1, in device pixels of the image
    zoom   device pixels per logical pixel, for the widths
    """

    def __init__(self, ends: Floats, width: int, height: int, zoom: float) -> None:
        self._size = (max(1, width), max(1, height))
        self._reach = WIDEST * zoom / 2 + 0.5  # the edge of a curve fades over one pixel
        self._zoom = zoom
        self._count = len(ends)
        self._sample(np.asarray(ends, np.float64).reshape(-1, 4))
        self._sums = _sums_by_level(self._steps(), zoom)
        # Outlives every image made of it: they share these pixels.
        self._pixels = np.empty(self._size[0] * self._size[1], np.uint32)
        self._values = np.empty(self.samples)
        self._background = -1

    @property
    def samples(self) -> int:
        return len(self._place)

    def _steps(self) -> int:
        return int(np.ceil(self._reach * _STEPS)) + 1

    def _sample(self, ends: Floats) -> None:
        """Find the pixels within reach: their index, their curve, and their distance from it."""
        width, height = self._size
        first = np.clip(np.ceil(ends[:, 0] - 0.5), 0, width).astype(np.int64)
        last = np.clip(np.ceil(ends[:, 2] - 0.5), 0, width).astype(np.int64)
        curve, x = _ranges(first, last)
        at = ends[curve]
        t = (x + 0.5 - at[:, 0]) / (at[:, 2] - at[:, 0])
        y = heights(at, t)
        cosine = 1 / np.hypot(1, slopes(at, t))
        top = np.clip(np.ceil(y - self._reach / cosine - 0.5), 0, height).astype(np.int64)
        end = np.clip(np.ceil(y + self._reach / cosine - 0.5), 0, height).astype(np.int64)
        column, row = _ranges(top, end)
        distance = np.abs(row + 0.5 - y[column]) * cosine[column]
        self._touched, self._place = _compact(row * width + x[column], width * height)
        self._distance = (distance * _STEPS).astype(np.uint16)
        self._per_curve = np.bincount(curve[column], minlength=self._count)

    def image(self, strengths: npt.NDArray, colors: npt.NDArray[np.uint32]) -> QImage:
        """The curves with signed strengths (N,) in [-1, 1], in colours from `table`.

        The image shares its pixels with the one before: draw it before asking for the next.
        """
        width, height = self._size
        level = np.rint(np.abs(strengths) * (LEVELS - 1)).astype(np.uint16)
        steps = self._steps()
        key = (level + np.uint16(LEVELS) * (strengths > 0)).astype(np.uint16) * np.uint16(steps)
        keys = np.repeat(key, self._per_curve)
        keys += self._distance
        # In place wherever it can be: large new arrays cost more than what is done to them.
        self._sums.take(keys, out=self._values, mode="clip")
        both = np.bincount(self._place, self._values, minlength=len(self._touched))
        plus = both.astype(np.uint32)
        minus = plus & np.uint32(0xFFFF)
        plus >>= np.uint32(16)
        np.minimum(minus, _FULL, out=minus)
        np.minimum(plus, _FULL, out=plus)
        plus <<= np.uint32(8)
        minus |= plus
        if self._background != colors[0]:
            self._background = colors[0]
            self._pixels.fill(colors[0])
        self._pixels[self._touched] = colors.take(minus)
        return QImage(self._pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)


def _ranges(
    first: npt.NDArray[np.int64], end: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """All integers of the half-open ranges one behind the other, and which range each is from."""
    counts = np.maximum(end - first, 0)
    owner = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, first[owner] + within


def _compact(
    pixels: npt.NDArray[np.int64], count: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The different pixels in order, and the place of each pixel among them, without a sort."""
    is_touched = np.zeros(count, bool)
    is_touched[pixels] = True
    places = np.cumsum(is_touched) - 1
    return np.flatnonzero(is_touched), places[pixels]


def _sums_by_level(steps: int, zoom: float) -> Floats:
    """What a pixel adds for its level, sign and distance: minus as it is, plus shifted."""
    size = np.linspace(0.0, 1.0, LEVELS)[:, None]
    half = (THINNEST + (WIDEST - THINNEST) * size) * zoom / 2
    opacity = FAINTEST + (STRONGEST - FAINTEST) * size
    distance = (np.arange(steps) + 0.5) / _STEPS
    covered = np.clip(half + 0.5 - distance, 0.0, np.minimum(1.0, 2 * half)) * opacity
    sums = np.rint(-np.log1p(-covered) * _UNIT)
    return np.concatenate([sums.ravel(), sums.ravel() * _SHIFT])


def table(background: QColor, minus: QColor, plus: QColor) -> npt.NDArray[np.uint32]:
    """The colour of a pixel for every sum of both signs: uint32 (65536,) 0xffRRGGBB."""
    m, p = np.meshgrid(np.arange(256.0), np.arange(256.0))
    total = m + p
    opacity = (1 - np.exp(-total / _UNIT))[..., None]
    share = (p / np.maximum(total, 1.0))[..., None]
    back, low, high = (_rgb(color) for color in (background, minus, plus))
    rgb = np.rint(back + opacity * (low + share * (high - low) - back)).astype(np.uint32)
    packed = (rgb[..., 0] << 16) | (rgb[..., 1] << 8) | rgb[..., 2] | 0xFF000000
    return np.ascontiguousarray(packed.ravel(), np.uint32)


def _rgb(color: QColor) -> Floats:
    return np.array([color.red(), color.green(), color.blue()], np.float64)
