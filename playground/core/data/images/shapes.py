"""Coloured shapes drawn by arithmetic: small images in which colour matters, without a download.

Three shapes in two colours are six classes. The two colours are equally bright, and the light on
each image is its own, so that a network which sees only brightness tells shapes and no colours.
Imports numpy and the messages only; pure, so any thread may call it. A script holds these
functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from playground.core.messages import Message

if TYPE_CHECKING:
    from playground.core.data.data import ShapesData

SIDE = 32
SPOKEN_NAMES = (
    Message("Red disc", context="class"),
    Message("Blue disc", context="class"),
    Message("Red square", context="class"),
    Message("Blue square", context="class"),
    Message("Red triangle", context="class"),
    Message("Blue triangle", context="class"),
)
"""What a window calls the classes."""
SHAPE_NAMES = tuple(map(str, SPOKEN_NAMES))
"""What files and commands call them."""
COLORS = np.array([[0.85, 0.15, 0.15], [0.12, 0.38, 0.88]])
"""Red, green, blue of the two colours, from 0 to 1. Their luma 0.299 R + 0.587 G + 0.114 B
(ITU-R BT.601) is 0.36 for both.
"""


def shapes(recipe: ShapesData) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Pixels x uint8 (samples, 3 * 32 * 32), channel by channel, and classes y int64 (samples,).

    Class 2 k + c is shape k (disc, square, triangle) in colour c; classes follow one another.
    """
    random = np.random.default_rng(recipe.seed)
    y = np.arange(recipe.samples) % 6
    x = np.empty((recipe.samples, 3 * 32 * 32), np.uint8)
    for start in range(0, recipe.samples, 256):  # a part at a time: in floats it is large
        x[start : start + 256] = _drawn(y[start : start + 256], random)
    return x, y


def _drawn(y: npt.NDArray, random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Images of the classes y (n,): each has its own place, size, turn, colours and light."""
    count = len(y)
    u, v = _from_the_middle(count, random)
    radius = random.uniform(7, 11, (count, 1, 1))
    distance = _signed_distance(u, v, radius, y // 2)
    cover = np.clip(0.5 - distance, 0, 1)[:, None]  # the part of a pixel that the shape covers
    front = COLORS[y % 2] + random.uniform(-0.1, 0.1, (count, 3))
    back = random.uniform(0.1, 0.6, (count, 1)) + random.uniform(-0.1, 0.1, (count, 3))
    picture = cover * front[..., None, None] + (1 - cover) * back[..., None, None]
    lit = picture * _light(count, random)[:, None]
    grain = random.normal(0, 0.03, lit.shape)
    return np.uint8(np.clip(255 * (lit + grain), 0, 255)).reshape(count, -1)


def _from_the_middle(
    count: int, random: np.random.Generator
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Places of the pixels (count, 32, 32), across and along a shape that is moved and turned."""
    across, down = random.uniform(-5, 5, (2, count, 1, 1))
    turn = random.uniform(0, 2 * np.pi, (count, 1, 1))
    along = np.arange(32) - 15.5
    u, v = along[None, None, :] - across, along[None, :, None] - down
    return np.cos(turn) * u + np.sin(turn) * v, np.cos(turn) * v - np.sin(turn) * u


def _signed_distance(
    u: npt.NDArray, v: npt.NDArray, radius: npt.NDArray, shape: npt.NDArray
) -> npt.NDArray[np.float64]:
    """How far each pixel is outside its shape, in pixels; negative inside. Equal radii give equal
    areas.
    """
    disc = np.hypot(u, v) - radius
    square = np.maximum(np.abs(u), np.abs(v)) - radius * np.sqrt(np.pi) / 2
    inner = radius * np.sqrt(np.pi / np.sqrt(27))  # of the circle inside the triangle
    triangle = np.maximum(v, np.abs(u) * np.sqrt(3) / 2 - v / 2) - inner
    return np.choose(shape[:, None, None], [disc, square, triangle])


def _light(count: int, random: np.random.Generator) -> npt.NDArray[np.float64]:
    """Brightness (count, 32, 32): one for each image, rising towards one of its sides."""
    along = np.linspace(-1, 1, 32)
    across, down = random.uniform(-0.2, 0.2, (2, count, 1, 1))
    rising = across * along[None, None, :] + down * along[None, :, None]
    return random.uniform(0.5, 1.0, (count, 1, 1)) * (1 + rising)
