"""What is painted over the picture: the pointer, the line of a selection, probes, a caption.

Everything here is painted in pixels with a light edge around it, so that it is seen on any map.
Paints and remembers nothing. GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from playground.ui.look import theme
from playground.ui.look.marker_shapes import marker

PROBE_RADIUS = 8
MARKER_SIZE = 9
PADDING = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """A probe as it is painted: where, in pixels, and what is said beside it."""

    x: float
    y: float
    text: str


def pointer(
    painter: QPainter, at: tuple[float, float], radius: float, shown: tuple[str, QColor] | None
) -> None:
    """A ring of `radius` pixels (0: none) around a marker in the colour of what will be painted."""
    now = theme.current()
    middle = QPointF(*at)
    if radius:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((theme.faded(now.panel, 0.7), 3.0), (now.ink, 1.2)):
            painter.setPen(QPen(color, width))
            painter.drawEllipse(middle, radius, radius)
    if shown is None:
        return
    symbol, color = shown
    painter.setPen(theme.line_pen(now.point_edge, 1.5))
    painter.setBrush(color)
    painter.drawPath(marker(symbol, middle, theme.scaled(MARKER_SIZE)))


def outline(painter: QPainter, polygon: npt.NDArray) -> None:
    """The closed line of a selection that is being drawn, (K, 2) pixels."""
    now = theme.current()
    shape = QPolygonF([QPointF(x, y) for x, y in polygon])
    painter.setBrush(theme.faded(now.panel, 0.2))
    painter.setPen(QPen(theme.faded(now.panel, 0.8), 3.0))
    painter.drawPolygon(shape)
    pen = QPen(now.ink, 1.2)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(shape)


def probes(painter: QPainter, marks: Iterable[Mark], width: float) -> None:
    """Yellow discs with a question mark, and beside each what the network says there."""
    ink = theme.LIGHT.ink  # the yellow is as light in the dark
    painter.setFont(theme.font("strong"))
    radius = theme.scaled(PROBE_RADIUS)
    for mark in marks:
        middle = QPointF(mark.x, mark.y)
        disc = QRectF(mark.x - radius, mark.y - radius, 2 * radius, 2 * radius)
        painter.setPen(QPen(theme.current().point_edge, 4.0))
        painter.setBrush(theme.current().probe)
        painter.drawEllipse(middle, radius, radius)
        painter.setPen(QPen(ink, 1.5))
        painter.drawEllipse(middle, radius, radius)
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, "?")
        if mark.text:
            _chip(painter, mark, radius, width)
            painter.setFont(theme.font("strong"))


def caption(painter: QPainter, text: str, width: float) -> None:
    """A sentence about the points, in the upper right corner."""
    size = _size_of(text)
    _label(painter, QRectF(width - size[0] - PADDING, PADDING, *size), text)


def _chip(painter: QPainter, mark: Mark, radius: float, width: float) -> None:
    """The words of a probe at its right, or at its left where there is no room."""
    size = _size_of(mark.text)
    left = mark.x + radius + 4
    if left + size[0] > width:
        left = mark.x - radius - 4 - size[0]
    _label(painter, QRectF(left, mark.y - size[1] / 2, *size), mark.text)


def _size_of(text: str) -> tuple[float, float]:
    measure = QFontMetricsF(theme.font("caption"))
    return measure.horizontalAdvance(text) + 2 * PADDING, measure.height() + PADDING


def _label(painter: QPainter, box: QRectF, text: str) -> None:
    now = theme.current()
    painter.setFont(theme.font("caption"))
    painter.setPen(QPen(now.line, 1.0))
    painter.setBrush(theme.faded(now.panel, 0.92))
    painter.drawRoundedRect(box, 5, 5)
    painter.setPen(now.ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
