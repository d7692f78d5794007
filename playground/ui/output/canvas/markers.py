"""The points on the canvas: one scatter item for each class, with a shared pen and brush; very many
points as a picture of their density.

Training points are filled; test points are hollow. For regression a point's colour is its target.
GUI thread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtGui import QBrush, QColor, QPen

from playground.core import class_looks, palette
from playground.core.class_looks import ClassLooks
from playground.core.data.picture_scale import shades
from playground.core.data.points import FloatArray, IntArray, Points
from playground.ui.look import theme
from playground.ui.output.canvas import density
from playground.ui.output.canvas.region import Region

SIZE = 9
SHADES = 17
"""Colours that regression targets are rounded to, so that a few brushes serve all points."""

MUTED = 0.75
"""How much the edge of a target of 0 has of the muted colour, beside its usual one."""

RINGS_AT_MOST = 5_000
"""More rings than this would hide what they mark; evenly chosen ones stand for all."""

_NOWHERE = np.zeros((0, 2), np.float32)


class Markers:
    """Draws Points into a view box, at the places that it is given."""

    def __init__(self, box: pg.ViewBox) -> None:
        self._box = box
        self._items: dict[tuple[int, bool], pg.ScatterPlotItem] = {}
        self._put_at: dict[tuple[int, bool], FloatArray] = {}
        self._density = pg.ImageItem(axisOrder="row-major")
        self._density.setZValue(9)
        box.addItem(self._density, ignoreBounds=True)
        self._points = Points.empty()
        self._places: FloatArray = _NOWHERE
        self._test_shown = False
        self._region = Region()
        self._cells = 200
        self._counted: tuple[Region, int] | None = None
        self._looks = class_looks.DEFAULT
        self._ends = -1.0, 1.0

    @property
    def is_dense(self) -> bool:
        """True where there are too many points for a marker each."""
        return len(self._places) > density.MARKERS_AT_MOST

    def show(self, points: Points, places: FloatArray) -> None:
        """Draw points at places (N, 2) of the canvas; (0, 2) hides them."""
        changes_kind = points.is_regression != self._points.is_regression
        self._points, self._places = points, places
        if changes_kind:
            self.apply_theme()
        else:
            self._draw()

    def show_values(self, ends: tuple[float, float]) -> None:
        """Tell targets between these two apart by their colours."""
        if ends != self._ends:
            self._ends = ends
            self._draw()

    def show_looks(self, looks: ClassLooks) -> None:
        """Draw the classes as they look now."""
        if looks != self._looks:
            self._looks = looks
            self.apply_theme()

    def show_test_points(self, shown: bool) -> None:
        self._test_shown = shown
        self._draw()

    def show_region(self, region: Region, cells: int) -> None:
        """Count the density over this part of the plane, in that many cells along each side."""
        self._region, self._cells = region, cells
        if self.is_dense and self._counted != (region, cells):
            self._draw_density()

    def apply_theme(self) -> None:
        """Make all items anew, in the colours of the theme and the markers of the problem."""
        for item in self._items.values():
            self._box.removeItem(item)
        self._items.clear()
        self._put_at.clear()
        self._draw()

    def _draw(self) -> None:
        groups = {} if self.is_dense else self._groups()
        for key in self._items:
            if key not in groups:
                self._put(key, _NOWHERE)
        for key, rows in groups.items():
            self._put(key, self._places[rows])
        if self.is_dense:
            self._draw_density()
        elif self._counted is not None:
            self._density.clear()
            self._counted = None

    def _put(self, key: tuple[int, bool], places: FloatArray) -> None:
        """Move one item's markers; an item in which nothing moved is left alone, which a stroke of
        the brush in one class leaves most of.
        """
        item = self._item(*key)
        if not np.array_equal(places, self._put_at.get(key, _NOWHERE)):
            item.setData(*places.T)
            item.setVisible(len(places) > 0)
            self._put_at[key] = places

    def _draw_density(self) -> None:
        points, region, cells = self._points, self._region, self._cells
        shown = None if self._test_shown else ~points.held_out
        hues = len(palette.CLASS_COLORS)  # a layer for each colour, which classes may share
        kinds = shades(points.y, self._ends) if points.is_regression else points.y % hues
        layers = density.counts(self._places, kinds, region, cells, shown)
        colors = palette.CLASS_COLORS if points.is_regression else self._looks.rgb
        picture = density.picture(layers, colors)
        self._density.setImage(picture, autoLevels=False, levels=(0, 255))
        self._density.setRect(region.rect)
        self._counted = region, cells

    def _groups(self) -> dict[tuple[int, bool], IntArray]:
        """Rows for each (class or shade, is test point)."""
        points = self._points
        if len(self._places) < len(points):
            return {}
        kinds = _shades(shades(points.y, self._ends)) if points.is_regression else points.y
        keys = 2 * kinds + points.held_out
        order = np.argsort(keys, kind="stable")
        found, starts = np.unique(keys[order], return_index=True)
        groups = zip(found.tolist(), np.split(order, starts[1:]), strict=False)
        return {
            (key // 2, bool(key % 2)): rows
            for key, rows in groups
            if self._test_shown or not key % 2
        }

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
        color = theme.color((_shade_colors() if regression else self._looks.rgb)[kind])
        fill, edge = (now.panel, color) if is_test else (color, now.point_edge)
        if regression:
            edge = _edge_of_shade(kind, edge)
        return pg.ScatterPlotItem(
            size=theme.scaled(SIZE),
            symbol="o" if regression else self._looks.symbol(kind),
            pen=theme.line_pen(edge, 1.5 if is_test else 1.0),
            brush=QBrush(fill),
            pxMode=True,
            antialias=True,
        )


class Rings:
    """An outline around some of the points: a dark line on a light one, seen on any colour."""

    def __init__(self, box: pg.ViewBox, symbol: str, size: float, width: float) -> None:
        self._symbol, self._size, self._width = symbol, size, width
        self._items = [pg.ScatterPlotItem(pxMode=True, antialias=True) for _ in range(2)]
        for depth, item in enumerate(self._items):
            item.setZValue(12 + depth)
            box.addItem(item, ignoreBounds=True)
        self.places: FloatArray = _NOWHERE
        self.apply_theme()

    def show(self, places: FloatArray) -> None:
        """Draw a ring at each of the places (N, 2)."""
        if not len(places) and not len(self.places):
            return
        self.places = places
        shown = places[:: -(-len(places) // RINGS_AT_MOST)] if len(places) else places
        for item in self._items:
            item.setData(*shown.T)
            item.setVisible(len(shown) > 0)

    def apply_theme(self) -> None:
        now = theme.current()
        size = theme.scaled(SIZE) * self._size
        edges = (now.panel, self._width + 1.6), (now.ink, self._width)
        for item, (color, width) in zip(self._items, edges, strict=True):
            item.setSymbol(self._symbol)
            item.setSize(size)
            item.setPen(QPen(theme.line_pen(color, width)))
            item.setBrush(None)


def _shades(targets: npt.NDArray) -> IntArray:
    """Number of the shade of each target, -1 and below 0, 1 and above the last."""
    return np.rint((np.clip(targets, -1, 1) + 1) / 2 * (SHADES - 1)).astype(np.int64)


def _edge_of_shade(shade: int, usual: QColor) -> QColor:
    """The usual edge, but the nearer the target is to 0, the more muted: such a point lies on a map
    of its own colour, which is hardly one.
    """
    near = MUTED * (1 - abs(2 * shade / (SHADES - 1) - 1) ** 0.5)
    colors = (
        np.array([color.red(), color.green(), color.blue()])
        for color in (usual, theme.current().muted)
    )
    return theme.color(np.rint(np.average(list(colors), axis=0, weights=(1 - near, near))))


def _shade_colors() -> npt.NDArray[np.uint8]:
    ends = palette.CLASS_COLORS
    whole = palette.ramp(ends[0], ends[1], theme.current().neutral, strength=1.0)
    return whole[np.linspace(0, 255, SHADES).round().astype(int), :3]
