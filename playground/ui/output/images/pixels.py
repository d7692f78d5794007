"""Images of the data as pixels on the screen: ink on paper, or true colours.

Owns the way from raw values (channels, height, width) to a QImage. One channel is drawn as ink on
the panel, so that a digit looks written in the light theme and in the dark one; three are red,
green and blue. Imports numpy, PySide6 and the theme; GUI thread only.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from playground.core import palette
from playground.ui.look import theme

CRISP_EDGE: Final = 64
"""Pixels of a picture a side at least: only then does smooth scaling leave its own ones square."""


def picture(pixels: npt.NDArray, low: float, high: float) -> QImage:
    """An image (channels, height, width) whose values run from `low` (paper) to `high` (ink)."""
    packed = crisp(colors_of(pixels, low, high))
    height, width = packed.shape[-2:]
    shared = QImage(packed.data, width, height, 4 * width, QImage.Format.Format_RGB32)
    return shared.copy()  # the array ends with this call


def colors_of(pixels: npt.NDArray, low: float, high: float) -> npt.NDArray[np.uint32]:
    """The same as uint32 (height, width) 0xffRRGGBB, row 0 at the top."""
    span = max(high - low, 1e-12)
    shares = np.clip(np.nan_to_num((pixels - low) / span), 0.0, 1.0)
    levels = np.rint(255 * shares).astype(np.uint32)
    if len(levels) == 3:
        return palette.packed(np.moveaxis(levels, 0, -1))
    now = theme.current()
    return _ink(now.panel.rgb(), now.ink.rgb()).take(levels.mean(axis=0).astype(np.intp))


def crisp(packed: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """The same picture (..., height, width) with every pixel repeated, as often as it needs."""
    times = max(1, -(-CRISP_EDGE // min(packed.shape[-2:])))
    return np.ascontiguousarray(packed.repeat(times, axis=-2).repeat(times, axis=-1))


@lru_cache(maxsize=4)
def _ink(paper: int, ink: int) -> npt.NDArray[np.uint32]:
    """256 colours from paper to ink, uint32 0xffRRGGBB."""
    colors = [QColor(code) for code in (paper, ink)]
    low, high = (np.array([c.red(), c.green(), c.blue()], np.float64) for c in colors)
    shares = np.linspace(0.0, 1.0, 256)[:, None]
    return palette.packed(np.rint(low + shares * (high - low)))


def fitted(image: QImage, edge: int, ratio: float) -> QImage:
    """The picture as large as fits into a square of `edge` logical pixels."""
    side = round(edge * ratio)
    result = image.scaled(
        side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    result.setDevicePixelRatio(ratio)
    return result
