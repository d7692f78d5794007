"""Images as data: the digits that come with scikit-learn, drawn shapes, and those of a file.

An image is one row of pixels, channel by channel and line by line; its shape travels beside it.
Runs on any thread; importing scikit-learn happens inside the functions that need it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from playground.core.data.data import DigitsData, ImagesData, PhotographsData, ShapesData
from playground.core.data.images.image_files import pixel_names, read_images
from playground.core.data.images.photographs import read_photographs
from playground.core.data.images.shapes import SHAPE_NAMES, SIDE, shapes
from playground.core.data.pixels import Pixels, pixels_in
from playground.core.data.points import FloatArray, Points
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.data.tables.table import BUILTINS, Table

DIGITS_SIDE = 8
DIGITS_WHITE = 16.0
"""The largest value of a pixel of the digits."""
BYTE_WHITE = 255.0


def load_images(
    data: DigitsData | ShapesData | ImagesData | PhotographsData, progress: Progress = no_progress
) -> Table:
    """The images of `data`: points.x float32 (N, C * H * W) or Pixels, labels, and their shape.

    Raises FileError or DataError where a file does not hold images.
    """
    if isinstance(data, DigitsData):
        table, white = _digits(data.size), DIGITS_WHITE
    elif isinstance(data, ShapesData):
        table, white = _shapes(data), BYTE_WHITE
    elif isinstance(data, PhotographsData):
        table, white = read_photographs(Path(data.path), data.size, data.fit, progress), BYTE_WHITE
    else:
        table = read_images(data.path, data.arrays)
        white = white_of(table.points.x)
    if data.pixels == "raw":
        return table
    points = table.points
    scaled = Points(_divided(points.x, white), points.y, points.held_out)
    return replace(table, points=scaled, raw=table)


def _divided(x: FloatArray, white: float) -> FloatArray:
    pixels = pixels_in(x)
    return x / np.float32(white) if pixels is None else Pixels(pixels.bytes, white).as_floats()


def white_of(pixels: FloatArray) -> float:
    """The value that stands for white: 1 or 255, whichever is reached, or the largest one."""
    kept = pixels_in(pixels)
    largest = float(np.abs(pixels).max(initial=0)) if kept is None else kept.max()
    return next((white for white in (1.0, 255.0) if largest <= white), largest)


def _digits(size: int) -> Table:
    table = BUILTINS["digits"].value()
    image = (1, size, size)
    if size == DIGITS_SIDE:
        return replace(table, image=image)
    points = Points.of(enlarged(table.points.x, size), table.points.y)
    return replace(table, points=points, image=image, input_names=pixel_names(image))


def _shapes(data: ShapesData) -> Table:
    image = (3, SIDE, SIDE)
    x, y = shapes(data)
    points = Points(Pixels(x).as_floats(), y, np.zeros(len(y), bool))
    return Table(points, pixel_names(image), SHAPE_NAMES, image=image)


BUILTINS.add(
    "shapes",
    lambda: _shapes(ShapesData()),
    label="Shapes",
    help="Discs, squares and triangles in two colours: images of 32 x 32 pixels, six classes.",
)


def enlarged(x: npt.NDArray, size: int) -> FloatArray:
    """Square images x (N, side * side) at size * size pixels, in between the old ones (bilinear).

    A pixel is a square, as for `torch.nn.functional.interpolate` without aligned corners.
    """
    side = round(x.shape[1] ** 0.5)
    place = np.clip((np.arange(size) + 0.5) * side / size - 0.5, 0, side - 1)
    near = np.maximum(0, 1 - np.abs(place[:, None] - np.arange(side)))
    large = near @ x.reshape(-1, side, side) @ near.T
    return large.reshape(-1, size * size).astype(np.float32)
