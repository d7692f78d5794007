"""What follows the pointer and the keyboard: outlines, rings, tools of a layer, the readout.

Paints over the network picture. Imports the theme and the pure modules beside it; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from playground.ui.language import tr
from playground.ui.look import icons, theme
from playground.ui.network.layout.headers import header_boxes
from playground.ui.network.layout.shapes import Layout
from playground.ui.network.layout.targets import Attention, Part, Target, box
from playground.ui.network.painting import fixed_parts
from playground.ui.widgets import fill_with

_BUTTONS: Final = frozenset(
    {Part.FEWER, Part.MORE, Part.ACTIVATION, Part.REMOVE, Part.HANDLE, Part.ADD, Part.LAYER}
)
READOUT_WIDTH: Final = 300
FAULT_WIDTH: Final = 220
FILTER_SIDE: Final = 36
_PAD: Final = 8.0
_WRAPPED: Final = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)


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
    if "range" in parts:
        painter.fillRect(parts["range"], now.panel)
    _icon(painter, "drag-handle", now.muted, parts["handle"].center(), 14)
    painter.setPen(QPen(now.muted, 1.4))
    fixed_parts.cross(painter, parts["remove"].center(), theme.scaled(3.4 * 10) / 10)


def _hover(painter: QPainter, layout: Layout, target: Target, weight: float) -> None:
    if target.part is Part.WEIGHT:
        _edge(painter, layout, target, weight)
        return
    area = box(layout, target)
    if area is None:
        return
    now = theme.current()
    if target.part in _BUTTONS:
        fill_with(painter, theme.faded(now.ink, 0.08))
        painter.drawRoundedRect(area, 6, 6)
    else:
        painter.setPen(QPen(now.ink, 2.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = area.width() * 0.18 if target.part is Part.NODE else area.width() / 2
        painter.drawRoundedRect(area, min(radius, 8), min(radius, 8))


def _edge(painter: QPainter, layout: Layout, target: Target, weight: float) -> None:
    bundle = next(bundle for bundle in layout.edges if bundle.column == target.column)
    here = (bundle.units == target.unit) & (bundle.sources == target.source)
    if not here.any():
        return
    x0, y0, x1, y1 = (float(value) for value in bundle.ends[here][0])
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


def paint_faults(painter: QPainter, layout: Layout, faults: Mapping[int, str]) -> None:
    """Under the header of every layer with a fault a sign, and beside the first one why."""
    for number, (layer, sentence) in enumerate(sorted(faults.items())):
        column = layer + 1
        if column < len(layout.places):
            _fault(painter, layout, column, sentence if number == 0 else "")


def _fault(painter: QPainter, layout: Layout, column: int, sentence: str) -> None:
    now, place = theme.current(), layout.places[column]
    sentence, pad, side = tr(sentence), theme.scaled(6), theme.scaled(16)
    room = QRectF(0, 0, theme.scaled(FAULT_WIDTH) - side - 3 * pad, layout.size.height())
    painter.setFont(theme.font("caption"))
    flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
    text = QFontMetricsF(painter.font()).boundingRect(room, flags, sentence)
    width = side + 2 * pad + (text.width() + pad + 2) * bool(sentence)
    top = max((box.bottom() for box in header_boxes(place)), default=place.band.top()) + pad
    card = QRectF(0, top, width, max(float(side), text.height()) + 2 * pad)
    middle = (place.left + place.right) / 2
    card.moveLeft(max(2.0, min(middle - width / 2, layout.size.width() - width - 2)))
    tip = QPainterPath(QPointF(middle - pad, top))
    for corner in (QPointF(middle, top - pad), QPointF(middle + pad, top)):
        tip.lineTo(corner)
    shape = QPainterPath()
    shape.addRoundedRect(card, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
    painter.setPen(QPen(now.warning, 1.0))
    painter.setBrush(now.warning_soft)
    painter.drawPath(shape.united(tip))
    _icon(painter, "warning", now.warning, QPointF(card.left() + pad + side / 2, card.center().y()))
    painter.setPen(now.warning)
    painter.drawText(text.translated(card.left() + side + 2 * pad, top + pad), flags, sentence)


def _icon(painter: QPainter, name: str, colour: QColor, centre: QPointF, size: int = 16) -> None:
    edge = theme.scaled(size)
    ratio = painter.device().devicePixelRatioF() * painter.transform().m11()
    picture = icons.pixmap(name, colour, edge, max(1.0, round(ratio * 2) / 2))
    corner = centre - QPointF(edge / 2, edge / 2)
    painter.drawPixmap(QRectF(corner.x(), corner.y(), edge, edge), picture, QRectF(picture.rect()))


def paint_readout(
    painter: QPainter,
    window: QRect,
    beside: QRectF,
    headline: str,
    lines: list[str],
    picture: QImage | None = None,
) -> None:
    """A card below a rectangle of the window, or above where there is no room; it looks as the
    tooltips of all other controls do.
    """
    room = min(float(theme.scaled(READOUT_WIDTH)), window.width() - 8.0) - 20
    strong, plain = theme.font("strong"), theme.font("caption")
    rows = [(tr(headline), strong), *((tr(text), plain) for text in lines)]
    sizes = [_text_size(text, font, room) for text, font in rows]
    shown = _picture_size(picture, room)
    card = QRectF(
        0,
        0,
        max(shown.width(), *(size.width() for size in sizes)) + 2 * _PAD + 4,
        sum(size.height() + 2 for size in sizes) + 2 * _PAD - 2 + shown.height(),
    )
    _place(card, window, beside)
    painter.fillRect(card, theme.current().ink)
    painter.setPen(theme.current().panel)
    y = card.top() + _PAD
    for (text, font), size in zip(rows, sizes, strict=True):
        painter.setFont(font)
        area = QRectF(card.left() + _PAD, y, card.width() - 2 * _PAD + 2, size.height() + 1)
        painter.drawText(area, _WRAPPED, text)
        y += size.height() + 2
    if picture is not None:
        _paint_picture(painter, picture, QPointF(card.left() + _PAD, y + 4), shown)


def _paint_picture(painter: QPainter, picture: QImage, corner: QPointF, room: QSizeF) -> None:
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    at = QRectF(corner, room - QSizeF(0, 6))
    painter.drawImage(at, picture, QRectF(picture.rect()))


def _text_size(text: str, font: QFont, room: float) -> QSizeF:
    return QFontMetricsF(font).boundingRect(QRectF(0, 0, room, 400), _WRAPPED, text).size()


def _picture_size(picture: QImage | None, room: float) -> QSizeF:
    """The size of the pictures in a card, with the space above them."""
    if picture is None:
        return QSizeF(0, 0)
    height = min(float(theme.scaled(FILTER_SIDE)), room * picture.height() / picture.width())
    return QSizeF(height * picture.width() / picture.height(), height + 6)


def _place(card: QRectF, window: QRect, beside: QRectF) -> None:
    """Below `beside`, or above it where there is no room, inside of the window."""
    left = min(max(4.0, beside.center().x() - card.width() / 2), window.width() - card.width() - 4)
    top = beside.bottom() + 10
    if top + card.height() > window.height() - 2:
        top = max(2.0, beside.top() - 10 - card.height())
    card.moveTo(left, top)
