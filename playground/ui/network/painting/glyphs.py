"""What stands in a node that has no picture over the plane: a curve, or how values are spread.

Owns which of them a node gets. Imports numpy, the theme and the diagram; GUI thread only.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from playground.core.data.points import FloatArray
from playground.engines.contract.views import Frame
from playground.ui.look import theme
from playground.ui.network.painting import pictures
from playground.ui.network.structure.diagram import Column, Diagram
from playground.ui.widgets import fill_with

BARS: Final = 8
MOST_ROWS: Final = 5_000
"""Values that a histogram is made of: more look the same."""
CURVE_POINTS: Final = 25
MARGIN: Final = 0.18
"""Of a node, around its glyph."""


class Glyphs:
    """The glyphs of one moment."""

    def __init__(self) -> None:
        self.frame: Frame | None = None
        self._values: FloatArray | None = None
        self._spreads: dict[int, npt.NDArray[np.float64]] = {}

    def show_columns(self, values: FloatArray | None) -> None:
        """The values (N, inputs) behind the inputs."""
        if values is not self._values:
            self._values, self._spreads = values, {}

    def paint(
        self, painter: QPainter, diagram: Diagram, column: int, unit: int, box: QRectF
    ) -> None:
        """Paint what stands for a unit, inside of its node."""
        margin = box.width() * MARGIN
        area, entry = box.adjusted(margin, margin, -margin, -margin), diagram.columns[column]
        if entry.kind == "inputs":
            _bars(painter, area, self._spread(unit))
        elif (curve := self._own_curve(entry, unit)) is not None:
            _curve(painter, area, curve, is_own=True)
        elif not (entry.kind == "outputs" and diagram.classes) and not entry.is_image:
            shape = pictures.activation_curve(entry.bend)
            _curve(painter, area, shape, is_own=False)

    def _own_curve(self, entry: Column, unit: int) -> npt.NDArray[np.float64] | None:
        """With one input, what a unit gives along it; the curve that was fitted, for the output."""
        frame = self.frame
        if frame is None:
            return None
        if entry.kind == "outputs":
            fitted = frame.map
            is_curve = fitted is not None and fitted.shape[1:] == (1,)
            return pictures.stretched(_thinned(fitted[:, 0])) if is_curve else None  # type: ignore[index]
        values = frame.neurons[entry.layer] if entry.layer < len(frame.neurons) else None
        if values is None or values.ndim != 2 or len(values) != entry.units:
            return None
        return pictures.stretched(_thinned(values[unit]))

    def _spread(self, unit: int) -> npt.NDArray[np.float64]:
        """How often the values of an input lie in each part of their range, at most 1."""
        if self._values is None or unit >= self._values.shape[1]:
            return np.zeros(BARS)
        if unit not in self._spreads:
            step = max(1, len(self._values) // MOST_ROWS)
            column = self._values[::step, unit].astype(np.float64)
            counts, _ = np.histogram(column[np.isfinite(column)], bins=BARS)
            self._spreads[unit] = counts / max(1, counts.max())
        return self._spreads[unit]


def _thinned(values: npt.NDArray) -> npt.NDArray:
    """As many points as a small picture can show."""
    return values[:: max(1, len(values) // CURVE_POINTS)]


def _curve(
    painter: QPainter, area: QRectF, heights: npt.NDArray[np.float64], *, is_own: bool
) -> None:
    """A curve over the width; a shape that is not the unit's own is paler."""
    now = theme.current()
    step = area.width() / max(1, len(heights) - 1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(now.ink if is_own else now.muted, 1.2 if is_own else 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(
        [
            QPointF(area.left() + i * step, area.bottom() - area.height() * height)
            for i, height in enumerate(heights.tolist())
        ]
    )


def _bars(painter: QPainter, area: QRectF, shares: npt.NDArray[np.float64]) -> None:
    width = area.width() / len(shares)
    fill_with(painter, theme.current().muted)
    for index, share in enumerate(shares.tolist()):
        height = area.height() * share
        left, top = area.left() + index * width, area.bottom() - height
        painter.drawRect(QRectF(left, top, width * 0.8, height))
