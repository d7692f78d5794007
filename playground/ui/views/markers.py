"""The points on the canvas: one scatter item for each class, with a shared pen and brush.

Training points are filled; test points are hollow. For regression a point's colour is its target.
GUI thread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtGui import QBrush

from playground.core import palette
from playground.core.points import Points
from playground.ui import theme

__all__ = ["Markers"]

SIZE = 9
SHADES = 17
"""Colours that regression targets are rounded to, so that a few brushes serve all points."""


class Markers:
    """Draws Points into a view box."""

    CURVE_SCALE = 3.0
    """With a single input, a target of 1 is drawn this many units high."""

    def __init__(self, box: pg.ViewBox) -> None:
        self._box = box
        self._items: dict[tuple[int, bool], pg.ScatterPlotItem] = {}
        self._points = Points.empty()
        self._test_shown = False

    def show(self, points: Points) -> None:
        changes_kind = points.is_regression != self._points.is_regression
        self._points = points
        if changes_kind:
            self.dress()
        else:
            self._draw()

    def show_test_points(self, shown: bool) -> None:
        self._test_shown = shown
        self._draw()

    def dress(self) -> None:
        """Make all items anew, in the colours of the theme and the markers of the problem."""
        for item in self._items.values():
            self._box.removeItem(item)
        self._items.clear()
        self._draw()

    def _draw(self) -> None:
        groups = self._groups()
        for key, item in self._items.items():
            if key not in groups:
                item.setData([], [])
        for key, rows in groups.items():
            x, y = self._places(rows)
            self._item(*key).setData(x, y)

    def _groups(self) -> dict[tuple[int, bool], npt.NDArray[np.int64]]:
        """Rows for each (class or shade, is test point)."""
        points = self._points
        if points.x.shape[1] > 2:
            return {}
        kinds = _shades(points.y) if points.is_regression else points.y
        sides = (False, True) if self._test_shown else (False,)
        return {
            (int(kind), side): np.flatnonzero((kinds == kind) & (points.held_out == side))
            for kind in np.unique(kinds)
            for side in sides
        }

    def _places(self, rows: npt.NDArray[np.int64]) -> tuple[npt.NDArray, npt.NDArray]:
        x = self._points.x[rows]
        if x.shape[1] == 1:
            return x[:, 0], self._points.y[rows] * self.CURVE_SCALE
        return x[:, 0], x[:, 1]

    def _item(self, kind: int, is_test: bool) -> pg.ScatterPlotItem:
        key = (kind, is_test)
        if key not in self._items:
            item = self._make(kind, is_test)
            item.setZValue(10 + is_test)
            self._box.addItem(item, ignoreBounds=True)
            self._items[key] = item
        return self._items[key]

    def _make(self, kind: int, is_test: bool) -> pg.ScatterPlotItem:
        now = theme.current()
        regression = self._points.is_regression
        color = theme.color(_shade_colors()[kind]) if regression else theme.class_color(kind)
        fill, edge = (now.panel, color) if is_test else (color, now.point_edge)
        return pg.ScatterPlotItem(
            size=theme.scaled(SIZE),
            symbol="o" if regression else palette.CLASS_MARKERS[kind],
            pen=theme.line_pen(edge, 1.5 if is_test else 1.0),
            brush=QBrush(fill),
            pxMode=True,
            antialias=True,
        )


def _shades(targets: npt.NDArray) -> npt.NDArray[np.int64]:
    """Number of the shade of each target; -1 and below is 0, 1 and above is the last."""
    return np.rint((np.clip(targets, -1, 1) + 1) / 2 * (SHADES - 1)).astype(np.int64)


def _shade_colors() -> npt.NDArray[np.uint8]:
    ends = palette.CLASS_COLORS
    whole = palette.ramp(ends[0], ends[1], theme.current().neutral, strength=1.0)
    return whole[np.linspace(0, 255, SHADES).round().astype(int), :3]
