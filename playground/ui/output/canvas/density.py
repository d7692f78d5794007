"""Very many points as a picture: how densely each class lies, in the class's own colour.

Twenty thousand markers hide each other and take long to draw; counts in cells do neither. Pure
NumPy; any thread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.core import palette
from playground.core.data.points import FloatArray
from playground.ui.output.canvas.region import Region

MARKERS_AT_MOST = 20_000
"""More points than this are shown as density."""

FAINTEST = 0.45
"""Opacity of a cell with a single point: it has to be seen, or outliers would be lost."""
FULL_SHARE = 0.99
"""Cells fuller than all but one in a hundred are opaque: one crowded spot may not dim the rest."""


def counts(
    places: FloatArray,
    kinds: npt.NDArray,
    region: Region,
    cells: int,
    shown: npt.NDArray[np.bool_] | None = None,
) -> npt.NDArray[np.float64]:
    """How many points lie in each cell: (K, cells, cells), row 0 at the lower edge.

    `kinds` says what each of the places (N, 2) is: int (N,) numbers of a class, counted in a layer
    each, or float (N,) targets, which count in part for low (-1, layer 0) and high (1, layer 1).
    Of the places, `shown` (N,) says which count.
    """
    scale = np.float32(cells / (2 * region.extent))
    # A border of one cell around the picture takes what lies outside; it is cut off in the end.
    side = cells + 2
    flat = np.zeros(len(places), np.int64)
    for column, stride in ((1, side), (0, 1)):
        with np.errstate(over="ignore"):
            cell = (places[:, column] - np.float32(region.low[column])) * scale
        np.clip(cell, -1, cells, out=cell)
        flat += stride * (np.floor(cell, out=cell).astype(np.int64) + 1)
    if shown is not None:
        flat *= shown  # into the border: quicker than to pick the others out
    layers = (
        _by_class(flat, kinds, side) if kinds.dtype.kind != "f" else _by_value(flat, kinds, side)
    )
    return layers[:, 1:-1, 1:-1]


def picture(
    layers: npt.NDArray[np.float64], layer_colors: palette.Rgb = palette.CLASS_COLORS
) -> npt.NDArray[np.uint8]:
    """Colours uint8 (cells, cells, 4), RGBA, for counts (K, cells, cells) in `layer_colors`,
    (>= K, 3).

    Hue tells which classes share a cell, opacity how many points lie there.
    """
    total = layers.sum(axis=0)
    shares = layers / np.maximum(total, 1e-9)
    colors = layer_colors[: len(layers)].astype(np.float64)
    result = np.zeros((*total.shape, 4), np.uint8)
    result[..., :3] = np.rint(np.einsum("kyx,kc->yxc", shares, colors))
    occupied = total > 0
    if occupied.any():
        full = np.log1p(np.quantile(total[occupied], FULL_SHARE))
        strength = np.clip(np.log1p(total) / full, 0, 1)
        opacity = FAINTEST + (1 - FAINTEST) * strength
        result[..., 3] = np.where(occupied, np.rint(255 * opacity), 0)
    return result


def _by_class(flat: npt.NDArray[np.int64], labels: npt.NDArray, side: int) -> npt.NDArray:
    classes = int(labels.max(initial=0)) + 1
    found = np.bincount(labels * side**2 + flat, minlength=classes * side**2)
    return found.reshape(classes, side, side).astype(np.float64)


def _by_value(flat: npt.NDArray[np.int64], targets: npt.NDArray, side: int) -> npt.NDArray:
    high = (np.clip(targets, -1, 1) + 1) / 2
    parts = [np.bincount(flat, weights=part, minlength=side**2) for part in (1 - high, high)]
    return np.stack(parts).reshape(2, side, side)
