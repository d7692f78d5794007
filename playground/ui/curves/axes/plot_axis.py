"""PlotAxis: an axis whose marks have room, whatever the size of the plot. GUI thread."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetrics

from playground.core import numbers
from playground.ui.curves.axes import marks
from playground.ui.look import theme

WIDTH, CAPTION = 52, 11
"""Pixels that an upright axis takes, and of its text, outside presenter mode."""
OFFSET = theme.GAP
LINES, CLOSEST = 2.0, 1.2
"""Heights of a line from one mark of an upright axis to the next, at least; and where there would
else be fewer than two marks, which say nothing of the scale.
"""
APART = 10
"""Pixels between the names on a level axis, at least."""
OVERHANG = 14
"""Pixels that the name at the end of a level axis may stand over, outside presenter mode."""


def overhang() -> int:
    """Pixels that the name at the end of an axis may stand over."""
    return round(OVERHANG * theme.font("caption").pixelSize() / CAPTION)


class PlotAxis(pg.AxisItem):
    """Plain numbers while they are short, powers of ten with raised figures on a logarithm; on an
    axis of epochs whole numbers only. An empty one has no marks at all.
    """

    def __init__(self, side: str, *, whole: bool = False) -> None:
        super().__init__(side)
        self._is_whole = whole
        self._is_empty = False
        self._names: dict[float, str] = {}
        self._room = WIDTH

    @property
    def is_upright(self) -> bool:
        return self.orientation == "left"

    def set_empty(self, is_empty: bool) -> None:
        """Mark nothing: there is nothing yet that has a size."""
        if is_empty != self._is_empty:
            self._is_empty = is_empty
            self.picture = None
            self.update()

    def dress(self) -> None:
        """Take room for captions as large as they are now, and for the name of the axis."""
        line = QFontMetrics(theme.font("caption")).height()
        beside = line if self.label.isVisible() else 0
        if self.is_upright:
            self._room = round(WIDTH * theme.font("caption").pixelSize() / CAPTION)
            self.setWidth(self._room + beside)
        else:
            self.setHeight(OFFSET + line + beside)
        self.setStyle(tickTextOffset=OFFSET, hideOverlappingLabels=overhang() + 1)

    def boundingRect(self) -> QRectF:
        """With what names stand over, which pyqtgraph forgets where there are hairlines."""
        box: QRectF = super().boundingRect()
        over = overhang() + 1
        return (
            box.adjusted(0, -over, 0, over) if self.is_upright else box.adjusted(-over, 0, over, 0)
        )

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float, list[float]]]:
        found = [] if self._is_empty or size <= 0 else self.marks_for(minVal, maxVal, size)
        self._names = dict(found)
        return [(1.0, [place for place, _ in found])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [self._names.get(value, "") for value in values]

    def marks_for(self, low: float, high: float, size: float) -> marks.Marks:
        """The marks of an axis from low to high that is `size` pixels long."""
        low, high = sorted((low, high))
        found = self._marks_apart(low, high, size, LINES)
        if self.is_upright and len(found) < 2:
            found = self._marks_apart(low, high, size, CLOSEST) or found
        return self.renamed(found)

    def _marks_apart(self, low: float, high: float, size: float, lines: float) -> marks.Marks:
        metrics = QFontMetrics(theme.font("caption"))
        gap = lines * metrics.height()
        fits = partial(self._has_room, metrics, size / (high - low) if high > low else 0.0, gap)
        if self.logMode:
            return marks.logarithmic(low, high, fits)
        least = gap if self.is_upright else APART + metrics.averageCharWidth()
        return marks.linear(low, high, fits, most=int(size / least), whole=self._is_whole)

    def renamed(self, found: marks.Marks) -> marks.Marks:
        """What is said at the marks: by default their values."""
        return found

    def _has_room(
        self, metrics: QFontMetrics, pixels_a_unit: float, gap: float, found: marks.Marks
    ) -> bool:
        """True where no name lies on another one, or reaches into the plot; on an upright axis,
        where they are `gap` pixels apart.
        """
        found = self.renamed(found)
        places = [place * pixels_a_unit for place, _ in found]
        widths = [metrics.horizontalAdvance(name) for _, name in found]
        if self.is_upright:
            is_narrow = max(widths, default=0) <= self._room - OFFSET
            return is_narrow and all(high - low >= gap for low, high in pairwise(places))
        ends = [
            (place - wide / 2, place + wide / 2) for place, wide in zip(places, widths, strict=True)
        ]
        return all(right[0] - left[1] >= APART for left, right in pairwise(ends))


class ShareAxis(PlotAxis):
    """An upright axis of shares of one, which are said in percent."""

    def __init__(self) -> None:
        super().__init__(side="left")

    def renamed(self, found: marks.Marks) -> marks.Marks:
        decimals = max((len(name.partition(".")[2]) for _, name in found), default=0)
        return [(place, numbers.percent(place, max(0, decimals - 2))) for place, _ in found]
