"""The images that a grid shows. Any thread."""

from __future__ import annotations

from dataclasses import dataclass

from playground.core.data.points import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """The images to show.

    rows    int64 (n,): which rows of the data they are
    x       float32 (N, channels * height * width): all images of the data
    image   (channels, height, width)
    labels  int64 (n,), their true classes
    names   of the classes
    """

    rows: IntArray
    x: FloatArray
    image: tuple[int, int, int]
    labels: IntArray
    names: tuple[str, ...]
    low: float
    high: float
