"""What follows the pointer and the keyboard: outlines, rings, tools of a layer, the readout.

Paints over the network picture. Imports the theme and the pure modules beside it; GUI thread only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from playground.ui import icons, theme
from playground.ui.views.network import still
from playground.ui.views.network.shapes import Layout
from playground.ui.views.network.targets import Part, Target, box

__all__ = ["Attention", "paint", "paint_readout"]

_BUTTONS: Final = frozenset(
    {Part.FEWER, Part.MORE, Part.ACTIVATION, Part.REMOVE, Part.HANDLE, Part.ADD, Part.LAYER}
)
READOUT_WIDTH: Final = 300


@dataclass(frozen=True, slots=True)
class Attention:
    """Where the person is.

    hover   under the pointer
    focus   of the keyboard, None while the keyboard is not at work here
    band    column whose tools are on show
    dragged column that is being moved, and `insertion`, the hidden index where it would go
    """

    hover: Target | None = None
    focus: Target | None = None
    band: int | None = None
    dragged: int | None = None
    insertion: int | None = None


def paint(painter: QPainter, layout: Layout, attention: Attention, weight: float) -> None:
    """Draw it in the coordinates of the scene. `weight` is that of the curve under the pointer."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if attention.band is not None:
        _tools(painter, layout, attention.band, attention.hover)
    if attention.dragged is not None:
        _drag(painter, layout, attention.dragged, attention.insertion)
    elif attention.hover is not None:
        _hover(painter, layout, attention.hover, weight)
    if attention.focus is not None:
        _ring(painter, layout, attention.focus)


def _tools(painter: QPainter, layout: Layout, column: int, hover: Target | None) -> None:
    parts = layout.places[column].parts
    if "handle" not in parts:
        return
    now = theme.current()
    size = theme.scaled(14)
    if "range" in parts:
        painter.fillRect(parts["range"], now.panel)
    box_ = parts["handle"]
    ratio = painter.device().devicePixelRatioF() * painter.transform().m11()
    picture = icons.pixmap("drag-handle", now.muted, size, max(1.0, round(ratio * 2) / 2))
    corner = box_.center() - QPointF(size / 2, size / 2)
    painter.drawPixmap(QRectF(corner.x(), corner.y(), size, size), picture, QRectF(picture.rect()))
    painter.setPen(QPen(now.muted, 1.4))
    still.cross(painter, parts["remove"].center(), theme.scaled(3.4 * 10) / 10)


def _hover(painter: QPainter, layout: Layout, target: Target, weight: float) -> None:
    if target.part is Part.WEIGHT:
        _strand(painter, layout, target, weight)
        return
    area = box(layout, target)
    if area is None:
        return
    now = theme.current()
    if target.part in _BUTTONS:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.faded(now.ink, 0.08))
        painter.drawRoundedRect(area, 6, 6)
    else:
        painter.setPen(QPen(now.ink, 2.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = area.width() * 0.18 if target.part is Part.NODE else area.width() / 2
        painter.drawRoundedRect(area, min(radius, 8), min(radius, 8))


def _strand(painter: QPainter, layout: Layout, target: Target, weight: float) -> None:
    fan = next(fan for fan in layout.fans if fan.column == target.column)
    here = (fan.units == target.unit) & (fan.sources == target.source)
    if not here.any():
        return
    x0, y0, x1, y1 = (float(value) for value in fan.ends[here][0])
    third = (x1 - x0) / 3
    path = QPainterPath(QPointF(x0, y0))
    path.cubicTo(x0 + third, y0, x1 - third, y1, x1, y1)
    now = theme.current()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((now.ink, 5.0), (theme.class_color(int(weight > 0)), 2.6)):
        painter.setPen(QPen(colour, width))
        painter.drawPath(path)


def _ring(painter: QPainter, layout: Layout, target: Target) -> None:
    area = box(layout, target)
    if area is None:
        return
    painter.setPen(QPen(theme.current().focus, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(-3, -2, 3, 2), 8, 8)


def _drag(painter: QPainter, layout: Layout, column: int, insertion: int | None) -> None:
    now = theme.current()
    painter.setPen(QPen(now.track, 1.2, Qt.PenStyle.DashLine))
    painter.setBrush(theme.faded(now.ink, 0.05))
    painter.drawRoundedRect(layout.places[column].band, 8, 8)
    if insertion is None:
        return
    x = layout.insertion_x(insertion)
    band = layout.places[column].band
    painter.setPen(QPen(now.ink, 2.0))
    painter.drawLine(QPointF(x, band.top() + theme.scaled(20)), QPointF(x, band.bottom()))
    painter.setBrush(now.ink)
    painter.drawEllipse(QPointF(x, band.top() + theme.scaled(20)), 3, 3)


def paint_readout(
    painter: QPainter, window: QRect, beside: QRectF, headline: str, lines: list[str]
) -> None:
    """A card in ink below a rectangle of the window, or above where there is no room."""
    now = theme.current()
    strong, plain = theme.font("strong"), theme.font("caption")
    width = min(float(theme.scaled(READOUT_WIDTH)), window.width() - 8.0)
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
    rows = [(headline, strong, now.panel), *((text, plain, now.panel) for text in lines)]
    sizes = [
        QFontMetricsF(font).boundingRect(QRectF(0, 0, width - 20, 400), int(flags), text).size()
        for text, font, _ in rows
    ]
    pad = 8.0
    card = QRectF(
        0,
        0,
        max(size.width() for size in sizes) + 2 * pad + 4,
        sum(size.height() + 2 for size in sizes) + 2 * pad - 2,
    )
    left = min(max(4.0, beside.center().x() - card.width() / 2), window.width() - card.width() - 4)
    top = beside.bottom() + 10
    if top + card.height() > window.height() - 2:
        top = max(2.0, beside.top() - 10 - card.height())
    card.moveTo(left, top)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(now.ink)
    painter.drawRoundedRect(card, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
    y = card.top() + pad
    for (text, font, colour), size in zip(rows, sizes, strict=True):
        painter.setFont(font)
        painter.setPen(colour)
        area = QRectF(card.left() + pad, y, card.width() - 2 * pad + 2, size.height() + 1)
        painter.drawText(area, int(flags), text)
        y += size.height() + 2
