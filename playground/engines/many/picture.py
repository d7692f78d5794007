"""The boundary as a picture: what a trained network makes of the plane, with the points over it.

Draws with Pillow and the colours of the palette, on any thread. The window has a canvas instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from playground.core import class_looks, class_maps, palette
from playground.core.class_looks import ClassLooks
from playground.core.data.dataset import Dataset
from playground.core.data.picture_scale import PictureScale
from playground.core.data.plane import CANVAS_REACH

if TYPE_CHECKING:  # the window draws races with the markers below, and must not load torch for it
    from playground.engines.loop.headless import Result

SIZE = 600
"""Pixels along each side."""

FINE = 2
"""Drawn this many times larger and then reduced, which smooths all edges."""

CELLS = 300
"""Predictions along each side; what lies between them is interpolated."""

PARTS = 10
"""The grid is predicted in so many parts, to bound the memory of wide layers."""

RADIUS = 5.5
MAX_POINTS = 5000

LIGHT = tuple(int(value) for value in palette.neutral("light"))
LINE = tuple(int(value) for value in palette.CLASS_COLORS[8])


def draw(result: Result) -> Image.Image | None:
    """An RGB picture of SIZE x SIZE pixels; None for more than two inputs.

    Two inputs: a map of class probabilities, or of values from low (class colour 0) to high (class
    colour 1). One input: the fitted curve, or bands of class probabilities. Training points are
    filled, test points hollow.
    """
    dataset = result.dataset
    inputs = dataset.points.x.shape[1]
    if inputs > 2:
        return None
    view = _View.of(dataset)
    if inputs == 1 and dataset.is_regression:
        image = Image.new("RGB", (SIZE * FINE, SIZE * FINE), LIGHT)
        _draw_curve(image, view, result)
    else:
        image = _map(view, result, dataset)
    _draw_points(image, view, dataset)
    return image.reduce(FINE)


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """What part of the data the picture shows.

    low, high    float64 (2,): corners of the plane, across and up
    scale        the rule for them, and for colours
    """

    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    scale: PictureScale

    @classmethod
    def of(cls, dataset: Dataset) -> _View:
        scale = PictureScale.of(dataset)
        low, high = (
            np.array([axis.original(end) for axis in scale.seen])
            for end in (-CANVAS_REACH, CANVAS_REACH)
        )
        return cls(low, high, scale)

    def pixels(self, places: npt.NDArray) -> npt.NDArray[np.float64]:
        """Pixel coordinates (N, 2), right and down, of places (N, 2), right and up."""
        share = (places - self.low) / (self.high - self.low)
        return np.stack([share[:, 0], 1 - share[:, 1]], axis=1) * SIZE * FINE

    def centers(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Centres of the cells across (CELLS,), and up (CELLS,) from the upper edge down."""
        share = (np.arange(CELLS) + 0.5) / CELLS
        across, up = (self.low + share[:, None] * (self.high - self.low)).T
        return across, up[::-1]

    def shades(self, values: npt.NDArray, strength: float = palette.MAP_STRENGTH) -> palette.Rgb:
        """Colours (N, 3) of values (N,)."""
        return palette.signed_colors(self.scale.shades(values), LIGHT, strength)


def _places(dataset: Dataset) -> npt.NDArray[np.float64]:
    """Where points are in the plane; with one input, targets or classes are the height."""
    points = dataset.points
    if points.x.shape[1] == 2:
        return points.x.astype(np.float64)
    return np.stack([points.x[:, 0], points.y], axis=1).astype(np.float64)


def _predict(result: Result, x: npt.NDArray) -> npt.NDArray:
    return np.concatenate([result.predict(part) for part in np.array_split(x, PARTS)])


def _map(view: _View, result: Result, dataset: Dataset) -> Image.Image:
    across, up = view.centers()
    if dataset.points.x.shape[1] == 1:
        values = np.broadcast_to(_predict(result, across[:, None]), (CELLS, CELLS, dataset.classes))
    else:
        grid = np.stack(np.meshgrid(across, up), axis=-1)
        values = _predict(result, grid.reshape(-1, 2)).reshape(CELLS, CELLS, -1)
    colors = (
        view.shades(values[..., 0])
        if dataset.is_regression
        else _class_colors(values, dataset.looks)
    )
    return Image.fromarray(np.ascontiguousarray(colors)).resize(
        (SIZE * FINE, SIZE * FINE), Image.Resampling.BILINEAR
    )


def _class_colors(values: npt.NDArray, looks: ClassLooks) -> palette.Rgb:
    if class_maps.repeats_colors(values.shape[2]):
        return class_maps.bordered(values, class_maps.Colors(looks.rgb, LIGHT, LINE), SIZE)
    return palette.blend(values, LIGHT, colors=looks.rgb)


def _draw_curve(image: Image.Image, view: _View, result: Result) -> None:
    across, _ = view.centers()
    places = np.stack([across, _predict(result, across[:, None])[:, 0]], axis=1)
    line = [(float(x), float(y)) for x, y in view.pixels(places)]
    ImageDraw.Draw(image).line(line, fill=LINE, width=3 * FINE, joint="curve")


def _draw_points(image: Image.Image, view: _View, dataset: Dataset) -> None:
    """Evenly chosen points where there are too many to be told apart."""
    points = dataset.points
    rows = np.arange(0, len(points), max(1, len(points) // MAX_POINTS))
    kinds = np.zeros_like(rows) if points.is_regression else points.y[rows]
    looks = class_looks.DEFAULT if points.is_regression else dataset.looks
    colors = view.shades(points.y[rows], strength=1.0) if points.is_regression else looks.rgb[kinds]
    pencil = ImageDraw.Draw(image)
    for row, kind, color, center in zip(
        rows, kinds, colors, view.pixels(_places(dataset)[rows]), strict=True
    ):
        shape = MARKERS[looks.symbol(kind)] * (RADIUS * FINE) + center
        own = tuple(int(value) for value in color)
        fill, edge = (LIGHT, own) if points.held_out[row] else (own, LIGHT)
        pencil.polygon([(float(x), float(y)) for x, y in shape], fill, edge, width=FINE)


def _star(corners: int, *, inner: float = 1.0, turn: float = 0.0) -> npt.NDArray[np.float64]:
    """Corners (N, 2) at distance 1 and `inner` by turns, the first `turn` degrees from the top."""
    angles = np.radians(turn) + np.arange(corners) * 2 * np.pi / corners
    distance = np.where(np.arange(corners) % 2, inner, 1.0)
    return np.stack([np.sin(angles), -np.cos(angles)], axis=1) * distance[:, None]


_CROSS = np.array([(-1, -3), (1, -3), (1, -1), (3, -1), (3, 1), (1, 1),
                   (1, 3), (-1, 3), (-1, 1), (-3, 1), (-3, -1), (-1, -1)]) / 3  # fmt: skip

MARKERS: dict[str, npt.NDArray[np.float64]] = {
    "o": _star(32),
    "s": _star(4, turn=45) * 1.2,
    "t": _star(3, turn=180) * 1.2,
    "t1": _star(3) * 1.2,
    "t3": _star(3, turn=-90) * 1.2,
    "d": _star(4) * [0.8, 1.2],
    "star": _star(10, inner=0.45) * 1.3,
    "+": _CROSS * 1.1,
    "x": _CROSS @ (np.array([[1, 1], [-1, 1]]) / np.sqrt(2)) * 1.1,
    "p": _star(5) * 1.1,
}
"""Outlines (N, 2), right and down, of the palette's markers, about one unit large."""
