"""Drawing by hand on a fine square, and making it look like the images of a data set.

Owns strokes and the way from ink to pixels. Pure numpy; any thread.

A person draws large or small, in the middle or in a corner; a network has only seen images that
were centred and scaled in one way. So the ink is given the size, the place and the range of values
that the data have, as LeCun et al. did when they made MNIST from forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from playground.core.data.points import FloatArray, frozen

SIDE: Final = 168
"""Cells of the square that is drawn on, along each side: a multiple of 8 and of 28."""

INKED: Final = 0.25
"""From this share of full ink on, a pixel belongs to what was written."""

MOST_LOOKED_AT: Final = 400

Image = tuple[int, int, int]
Ink = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Style:
    """How the images of a data set are written.

    image          (channels, height, width)
    paper, ink     the values of the ground and of full ink
    fill           the longer side of the writing over that of the image, 0..1
    """

    image: Image
    paper: float
    ink: float
    fill: float


def style_of(x: npt.NDArray, image: Image) -> Style:
    """The style of images x (N, channels * height * width)."""
    shown = np.asarray(x[:MOST_LOOKED_AT], np.float64).reshape(-1, *image)
    low, high = float(shown.min(initial=0.0)), float(shown.max(initial=1.0))
    edge = np.concatenate([shown[..., 0, :].ravel(), shown[..., -1, :].ravel()])
    is_light = len(edge) > 0 and np.median(edge) > (low + high) / 2
    paper, ink = (high, low) if is_light else (low, high)
    shares = np.abs(shown - paper).mean(axis=1) / max(high - low, 1e-12)
    fills = [_longer_side(share) / max(image[1:]) for share in shares]
    return Style(image, paper, ink, float(np.mean([f for f in fills if f] or [1.0])))


def _longer_side(ink: npt.NDArray) -> int:
    box = _box(ink)
    return 0 if box is None else max(box[1] - box[0], box[3] - box[2])


def _box(ink: npt.NDArray) -> tuple[int, int, int, int] | None:
    """First and end of the rows, then of the columns, that hold ink; None on empty paper."""
    is_inked = ink >= INKED
    if not is_inked.any():
        return None
    rows, columns = (np.flatnonzero(is_inked.any(axis=axis)) for axis in (1, 0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def stroke(ink: Ink, start: tuple[float, float], end: tuple[float, float], radius: float) -> Ink:
    """A copy of `ink` (side, side), 0..1, with a straight stroke on it; places (x, y) in cells.

    The edge is soft: it goes from full ink to none over a third of the radius on either side.
    """
    y, x = np.mgrid[0 : len(ink), 0 : ink.shape[1]] + 0.5
    along = np.subtract(end, start)
    length = float(along @ along)
    t = ((x - start[0]) * along[0] + (y - start[1]) * along[1]) / length if length else 0.0
    t = np.clip(t, 0.0, 1.0)
    distance = np.hypot(x - start[0] - t * along[0], y - start[1] - t * along[1])
    soft = radius / 3
    made = np.clip((radius + soft - distance) / (2 * soft), 0.0, 1.0)
    return np.maximum(ink, made).astype(np.float32)


def pixels_of(ink: Ink, style: Style) -> FloatArray | None:
    """What is drawn, as one image of the data: raw values float32 (channels * height * width,).

    The writing is as large as that of the data, and its centre of mass lies in the middle as far as
    it then stays inside. None on empty paper.
    """
    box = _box(ink)
    if box is None:
        return None
    channels, height, width = style.image
    longer = max(box[1] - box[0], box[3] - box[2])
    cells = longer / style.fill / max(height, width)  # cells of the drawing in one pixel
    top = _start(ink.sum(axis=1), box[0], box[1], cells * height)
    left = _start(ink.sum(axis=0), box[2], box[3], cells * width)
    shares = _means(ink, top + cells * np.arange(height + 1), left + cells * np.arange(width + 1))
    values = style.paper + shares * (style.ink - style.paper)
    return frozen(np.tile(values.ravel(), channels).astype(np.float32))


def _start(mass: npt.NDArray, first: int, end: int, length: float) -> float:
    """Where a window of this length begins: around the centre of mass, but with all of the ink."""
    middle = float((mass * (np.arange(len(mass)) + 0.5)).sum() / mass.sum())
    return max(end - length, min(middle - length / 2, float(first)))


def _means(ink: Ink, rows: npt.NDArray, columns: npt.NDArray) -> npt.NDArray[np.float64]:
    """The mean of the ink in every cell of a grid with these edges; beyond the paper there is none.

    Differences of the summed area (Crow, "Summed-area tables for texture mapping", 1984).
    """
    sums = np.zeros((len(ink) + 1, ink.shape[1] + 1))
    sums[1:, 1:] = ink.cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    at_rows = np.stack([np.interp(rows, np.arange(len(sums)), column) for column in sums.T], axis=1)
    at_both = np.stack([np.interp(columns, np.arange(sums.shape[1]), row) for row in at_rows])
    area = np.outer(np.diff(rows), np.diff(columns))
    means: npt.NDArray[np.float64] = np.diff(np.diff(at_both, axis=0), axis=1) / area
    return means
