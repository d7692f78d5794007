"""Numbers along the edges of the canvas, in the units of the data, and small enough to be ignored.

Paints and remembers nothing. GUI thread.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from playground.core import numbers
from playground.core.data.axis import Axis
from playground.core.messages import Message
from playground.ui.look import theme
from playground.ui.output.canvas.region import Region

Axes = tuple[Axis, Axis]

SPACING = 56
"""Pixels between two numbers, at least."""
MARK = 4
LONGEST_NAME = 0.25
"""Of the width, that the name of a class takes at most."""
PADDING = 6
PLAIN_NAMES = frozenset({"x1", "x2", "x", "y"})
"""Names that everyone guesses stay unsaid."""


@lru_cache(maxsize=32)
def ticks(axis: Axis, low: float, high: float, pixels: float) -> tuple[tuple[float, str], ...]:
    """Round values of the data between two coordinates of the canvas: (coordinate, text) each.

    Steps are 1, 2 or 5 times a power of ten.
    """
    first, last = axis.original(low), axis.original(high)
    step = _round_step((last - first) * SPACING / max(pixels, 1.0))
    if not math.isfinite(step) or step <= 0:
        return ()
    numbers = np.arange(math.ceil(first / step), math.floor(last / step) + 1, dtype=np.float64)
    values = step * numbers
    texts = (_text(float(value), step) for value in values)
    return tuple(zip(axis.canvas(values).tolist(), texts, strict=True))


def numbered(axis: Axis, classes: Sequence[str]) -> list[tuple[float, str]]:
    """Where the numbers of the classes lie: (coordinate, name) each, the first one lowest."""
    return [(axis.canvas(float(number)), name) for number, name in enumerate(classes)]


def spoken(axis: Axis, place: float, extent: float) -> str:
    """A coordinate in the unit of the data, as finely as a person can point."""
    return _text(axis.original(place), axis.scale * extent / 300)


def reach(axes: Axes, region: Region) -> Message:
    """From where to where a region reaches: both ways in the units of the data, or of a canvas that
    is its own unit.
    """
    if all(axis.is_plain for axis in axes) and region.center == (0.0, 0.0):
        low, high = map(numbers.plain, (region.low[0], region.high[0]))
        return Message("{low} to {high}", low=low, high=high)
    names, ends = [axis.name for axis in axes], []
    for axis, *pair in zip(axes, region.low, region.high, strict=True):
        step = axis.scale * region.extent / 20
        ends += [_text(axis.original(end), step) for end in pair]
    return Message(
        "{across}: {left} to {right}, {up}: {low} to {high}",
        **dict(zip(("across", "up", "left", "right", "low", "high"), names + ends, strict=True)),
    )


def paint(
    painter: QPainter,
    region: Region,
    axes: Axes,
    size: tuple[float, float],
    classes: Sequence[str] = (),
) -> None:
    """Draw the numbers of both axes inside a view of (width, height) pixels.

    classes  names of the classes whose numbers lie upwards
    """
    font = theme.font("caption")
    painter.setFont(font)
    painter.setPen(theme.line_pen(theme.faded(theme.current().ink, 0.62)))
    measure = QFontMetricsF(font)
    _paint_across(painter, region, axes[0], size, measure)
    _paint_up(painter, region, axes[1], size, measure, classes)


def _paint_across(
    painter: QPainter, region: Region, axis: Axis, size: tuple[float, float], measure: QFontMetricsF
) -> None:
    width, height = size
    name = _name(axis)
    end = width - measure.horizontalAdvance(name) - 2 * PADDING
    pixels_per_unit, low, free = width / (2 * region.extent), region.low[0], 24.0
    for place, text in ticks(axis, low, region.high[0], width):
        x = (place - low) * pixels_per_unit
        half = measure.horizontalAdvance(text) / 2
        if not free + PADDING < x - half < x + half < end:
            continue
        free = x + half  # long numbers need the room of two
        painter.drawLine(QPointF(x, height - MARK), QPointF(x, height))
        painter.drawText(QPointF(x - half, height - MARK - measure.descent() - 1), text)
    painter.drawText(QPointF(end + PADDING, height - MARK - measure.descent() - 1), name)


def _paint_up(
    painter: QPainter,
    region: Region,
    axis: Axis,
    size: tuple[float, float],
    measure: QFontMetricsF,
    classes: Sequence[str],
) -> None:
    width, height = size
    room = LONGEST_NAME * width
    name = _name(axis)
    line = measure.height()
    start = PADDING + (line + PADDING if name else 0)
    pixels_per_unit, high = height / (2 * region.extent), region.high[1]
    marks = numbered(axis, classes) if classes else ticks(axis, region.low[1], high, height)
    free = height - line - PADDING
    for place, text in marks:
        y = (high - place) * pixels_per_unit
        if not start < y - line / 2 < y + line / 2 < free:
            continue
        free = y - line / 2
        painter.drawLine(QPointF(0, y), QPointF(MARK, y))
        box = QRectF(MARK + 3, y - line / 2, width, line)
        short = measure.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, short)
    painter.drawText(QPointF(PADDING, PADDING + measure.ascent()), name)


def _name(axis: Axis) -> str:
    return "" if axis.name in PLAIN_NAMES else axis.name


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, ... that is not below `least`."""
    if not math.isfinite(least) or least <= 0:
        return math.nan
    power: float = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * 0.999_999)


def _text(value: float, step: float) -> str:
    """With as many digits as tell it from its neighbours one step away."""
    size = max(abs(value), step)
    if size >= 1e6 or step < 1e-5:
        digits = max(1, math.ceil(math.log10(size / step)) + 1)
        return numbers.rounded(value, digits)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return numbers.fixed(value, decimals)
