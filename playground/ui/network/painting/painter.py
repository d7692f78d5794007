"""Paints the network picture and keeps what need not be painted anew.

Owns the caches: the curves' pixels, the still parts (labels, headers, blocks), the frame and the
bias marks that are stamped many times. Imports the theme and the pure
modules beside it; GUI thread only.

A live frame costs: the curves (numpy), one pixmap of still parts, and two stamps a node.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap

from playground.core import palette
from playground.core.data.points import FloatArray
from playground.engines.contract.base import Weights
from playground.engines.contract.views import Frame
from playground.ui.look import theme
from playground.ui.network.layout.shapes import Layout
from playground.ui.network.layout.targets import Part, Target, bias_radius, bias_spot
from playground.ui.network.layout.viewport import Viewport
from playground.ui.network.painting import edges, fixed_parts
from playground.ui.network.painting.atlases import Atlases, Shown
from playground.ui.network.painting.glyphs import Glyphs
from playground.ui.network.painting.pictures import Atlas
from playground.ui.network.structure.diagram import Diagram
from playground.ui.network.structure.values import bias_of, kernels_of, strengths_of
from playground.ui.widgets import painting

NODE_RADIUS: Final = 7.0  # of a node of 40 px; smaller ones keep the shape
BIAS_LEVELS: Final = 12
SMALLEST_BIAS: Final = 0.55  # of the radius of the largest
BIASES_FROM: Final = 28.0
"""Side of the smallest unit that shows its bias without being looked at."""
MOST_FILTERS: Final = 8


class Painter:
    """Everything that is painted of one layout, apart from what follows the pointer."""

    def __init__(self) -> None:
        self._shown = Shown()
        self._field: edges.EdgeField | None = None
        self._field_key: object = None
        self._background: QImage | None = None
        self._background_key: object = None
        self._chrome = QPixmap()
        self._chrome_key: object = None
        self._stamps: dict[object, QPixmap] = {}
        self._stamps_key: object = None
        self._atlases, self._glyphs = Atlases(), Glyphs()
        self._colors_of: theme.Theme | None = None
        self._colors = np.empty(0, np.uint32)
        self._diagram: Diagram | None = None
        self._strengths: dict[int, npt.NDArray | None] = {}
        self._version = 0

    def show_values(self, weights: Weights | None, frame: Frame | None) -> None:
        self._show(replace(self._shown, weights=weights, frame=frame))

    def show_image(self, image: FloatArray | None, maps: tuple[FloatArray, ...]) -> None:
        self._show(replace(self._shown, image=image, maps=maps))

    def show_columns(self, values: FloatArray | None) -> None:
        """The values (N, inputs) that inputs without a picture of their own are shown by."""
        self._glyphs.show_columns(values)

    def show_vectors(self, inputs: FloatArray | None, outputs: FloatArray | None) -> None:
        self._show(replace(self._shown, vectors=(inputs, outputs)))

    def _show(self, shown: Shown) -> None:
        self._shown, self._strengths = shown, {}
        self._glyphs.frame = shown.frame
        self._version += 1

    # The curves.

    def background(self, layout: Layout, view: Viewport) -> QImage:
        """The panel with the curves on it, as large as the window."""
        self._refresh_colors()
        field = self._field_of(layout, view)
        key = (self._field_key, self._version, theme.current().scheme)
        if key != self._background_key or self._background is None:
            self._background = field.image(self._signed_strengths(layout), self._colors)
            self._background.setDevicePixelRatio(self._background.width() / view.width)
            self._background_key = key
        return self._background

    def _field_of(self, layout: Layout, view: Viewport) -> edges.EdgeField:
        ends = np.concatenate([np.empty((0, 4)), *(bundle.ends for bundle in layout.edges)])
        # Scrolling moves units to other rows, but leaves the curves where they are.
        key = (ends.tobytes(), layout.thickness, view)
        if self._field is None or key != self._field_key:
            self._field, self._field_key = _field(ends, layout.thickness, view), key
        return self._field

    def _signed_strengths(self, layout: Layout) -> npt.NDArray:
        """Signed strength of every curve in [-1, 1]: its weight over the largest of its layer."""
        parts = [np.empty(0)]
        for bundle in layout.edges:
            matrix = self._strengths_of(layout, bundle.column)
            if matrix is None:
                parts.append(np.zeros(len(bundle.units)))
            else:
                shown = matrix[bundle.units, bundle.sources]
                parts.append(shown / largest(matrix))
        return np.nan_to_num(np.concatenate(parts).clip(-1, 1))

    def _strengths_of(self, layout: Layout, column: int) -> npt.NDArray | None:
        if layout.diagram is not self._diagram:
            self._diagram, self._strengths = layout.diagram, {}
        if column not in self._strengths:
            found = strengths_of(layout.diagram, self._shown.weights, column)
            self._strengths[column] = found
        return self._strengths[column]

    def _refresh_colors(self) -> None:
        now = theme.current()
        if self._colors_of is not now:
            self._colors_of = now
            self._colors = edges.table(now.panel, theme.class_color(0), theme.class_color(1))

    # Everything else.

    def chrome(self, layout: Layout, view: Viewport) -> QPixmap:
        """Labels, headers, blocks and buttons, on nothing."""
        key = (layout, view, theme.current().scheme)
        if key != self._chrome_key:
            self._chrome = fixed_parts.draw(layout, view.size, view.ratio, view.transform)
            self._chrome_key = key
        return self._chrome

    def paint_nodes(
        self,
        painter: QPainter,
        layout: Layout,
        view: Viewport,
        boxes: dict[tuple[int, int], QRectF],
        hover: Target | None = None,
    ) -> None:
        """The pictures, their frames and the bias marks.

        boxes  (column, unit) -> where it stands just now, for what is on its way to its place
        hover  what is looked at: small units show the mark of their bias only then
        """
        atlases = self._atlases.of(layout, self._shown)
        self._refresh_stamps(view)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for column, place in enumerate(layout.places):
            atlas = atlases.get(column)
            for row, node in enumerate(place.nodes):
                unit = place.first + row
                box = boxes.get((column, unit), node)
                self._paint_node(painter, layout, column, unit, box, atlas)
            is_small = any(node.width() * view.zoom < BIASES_FROM for node in place.nodes)
            if not is_small or (hover is not None and hover.column == column):
                only = hover.unit if is_small and hover is not None else None
                self._paint_biases(painter, layout, column, boxes, only)

    def _paint_node(
        self,
        painter: QPainter,
        layout: Layout,
        column: int,
        unit: int,
        box: QRectF,
        atlas: Atlas | None,
    ) -> None:
        place = layout.places[column]
        if atlas is not None:
            painter.drawImage(box, atlas.image, atlas.part(unit - place.first))
        else:
            painter.fillRect(box, self._plain_fill(layout, column, unit))
            self._glyphs.paint(painter, layout.diagram, column, unit, box)
        stamp = self._frame_stamp(box.width(), place.column.is_folded)
        painter.drawPixmap(box.adjusted(-1, -1, 1, 1), stamp, QRectF(stamp.rect()))

    def _plain_fill(self, layout: Layout, column: int, unit: int) -> QColor:
        """What fills a node without a picture: an output shows its class."""
        now = theme.current()
        diagram = layout.diagram
        if diagram.columns[column].kind != "outputs" or not diagram.classes:
            return now.soft
        index = 1 if diagram.columns[column].units == 1 else unit
        colors = diagram.looks.rgb
        return theme.color(colors[index % len(colors)], palette.MAP_STRENGTH)

    def _paint_biases(
        self,
        painter: QPainter,
        layout: Layout,
        column: int,
        boxes: dict[tuple[int, int], QRectF],
        only: int | None,
    ) -> None:
        """The marks of all units on show, or of the one that is looked at."""
        place = layout.places[column]
        biases = bias_of(layout.diagram, self._shown.weights, column)
        matrix = self._strengths_of(layout, column)
        if matrix is None:
            matrix = kernels_of(layout.diagram, self._shown.weights, column)
        if biases is None or matrix is None:
            return
        shown = biases[place.first : place.first + len(place.nodes)].tolist()
        scale = BIAS_LEVELS / max(largest(matrix), largest(biases))
        for row, (node, bias) in enumerate(zip(place.nodes, shown, strict=True)):
            unit, level = place.first + row, round(bias * scale) if isfinite(bias) else 0
            if only not in (None, unit):
                continue
            spot = bias_spot(boxes.get((column, unit), node))
            radius = bias_radius(node)
            stamp = self._bias_stamp(level, radius)
            edge = radius + 1
            area = QRectF(spot.x() - edge, spot.y() - edge, 2 * edge, 2 * edge)
            painter.drawPixmap(area, stamp, QRectF(stamp.rect()))

    def filters_of(self, diagram: Diagram, target: Target) -> QImage | None:
        """The filters behind a channel, for the readout; the first ones, where there are many."""
        if target.part is not Part.NODE or target.column == 0:
            return None
        kernels = kernels_of(diagram, self._shown.weights, target.column)
        if kernels is None or kernels.shape[-1] < 2:
            return None
        packed = self._atlases.filters(kernels[target.unit, :MOST_FILTERS])
        height, width = packed.shape
        return QImage(packed.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()

    # Stamps.

    def _refresh_stamps(self, view: Viewport) -> None:
        key = (view.ratio, view.zoom, theme.current().scheme)
        if key != self._stamps_key:
            self._stamps, self._stamps_key = {}, key
            self._stamp_scale = view.ratio * view.zoom

    def _frame_stamp(self, edge: float, is_in_strip: bool) -> QPixmap:
        """The rounded edge of a node; what is outside of it covers the corners of the picture."""
        key = (round(edge, 2), is_in_strip)
        if key not in self._stamps:
            now = theme.current()
            stamp = self._blank(edge + 2)
            with painting(stamp) as painter:
                painter.scale(self._stamp_scale, self._stamp_scale)
                box = QRectF(1.0, 1.0, edge, edge)
                radius = NODE_RADIUS * edge / 40.0
                outside = QPainterPath()
                outside.addRect(box.adjusted(-0.25, -0.25, 0.25, 0.25))
                rounded = QPainterPath()
                rounded.addRoundedRect(box.adjusted(0.3, 0.3, -0.3, -0.3), radius, radius)
                ground = now.soft if is_in_strip else now.panel
                painter.fillPath(outside.subtracted(rounded), ground)
                painter.setPen(QPen(now.ink, 1.2))
                painter.drawPath(rounded)
            self._stamps[key] = stamp
        return self._stamps[key]

    def _bias_stamp(self, level: int, largest_radius: float) -> QPixmap:
        key = (level, largest_radius)
        if key not in self._stamps:
            now = theme.current()
            share = abs(level) / BIAS_LEVELS
            edge = 2 * (largest_radius + 1)
            stamp = self._blank(edge)
            with painting(stamp) as painter:
                painter.scale(self._stamp_scale, self._stamp_scale)
                colour = theme.class_color(int(level > 0)) if level else now.track
                radius = largest_radius * (SMALLEST_BIAS + (1 - SMALLEST_BIAS) * share)
                painter.setPen(QPen(now.panel, 1.2))
                painter.setBrush(colour)
                painter.drawEllipse(QPointF(edge / 2, edge / 2), radius, radius)
            self._stamps[key] = stamp
        return self._stamps[key]

    def _blank(self, edge: float) -> QPixmap:
        side = max(1, round(edge * self._stamp_scale))
        stamp = QPixmap(side, side)
        stamp.fill(Qt.GlobalColor.transparent)
        return stamp


def largest(matrix: npt.NDArray) -> float:
    """The largest magnitude in a matrix, never zero; without a copy of it, as abs would make."""
    if not matrix.size:
        return 1.0
    value = max(float(matrix.max()), -float(matrix.min()))
    return value if np.isfinite(value) and value > 0 else 1.0


def _field(ends: npt.NDArray[np.float64], thickness: float, view: Viewport) -> edges.EdgeField:
    """Curves of the scene in the pixels of the window; coarser where there are too many."""
    zoomed = ends * view.zoom
    zoomed[:, 0::2] += view.x
    zoomed[:, 1::2] += view.y
    length = np.hypot(zoomed[:, 2] - zoomed[:, 0], 1.2 * (zoomed[:, 3] - zoomed[:, 1])).sum()
    ratio = view.ratio
    zoom = thickness * min(view.zoom, MOST_WIDENING)
    width = edges.WIDEST * zoom
    if length * width * ratio * ratio > edges.MOST_SAMPLES:
        ratio = 1.0
    size = QSizeF(view.size) * ratio
    return edges.EdgeField(zoomed * ratio, round(size.width()), round(size.height()), ratio * zoom)


MOST_WIDENING: Final = 2.0
"""Curves get wider with the zoom only up to this factor: what lies between them should show."""
