"""The parts of the network picture that stay as they are while it learns.

Paints labels, headers, buttons, blocks, strips and the legend into one pixmap. Imports the theme
and the layout; GUI thread only.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QTransform,
)

from playground.core.messages import N_, Message
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.network.descriptions import shape_text
from playground.ui.network.layout import captions
from playground.ui.network.layout.headers import ADD_TEXT, units_text
from playground.ui.network.layout.shapes import Layout, Measure, Place
from playground.ui.network.structure import titles
from playground.ui.widgets import draw_fitted, fill_with, painting

_CENTRE: Final = Qt.AlignmentFlag.AlignCenter

LEGEND: Final = N_(
    "A line is a weight: its width is the size, against the largest of its layer, its colour the"
    " sign. A dot beside a unit is its bias."
)


def draw(layout: Layout, size: QSize, ratio: float, transform: QTransform) -> QPixmap:
    """The still parts on a transparent pixmap as large as the window."""
    result = QPixmap(size * ratio)
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    with painting(result) as painter:
        painter.setTransform(transform, combine=True)
        painter.setFont(theme.font("caption"))
        for before, place in zip((None, *layout.places), layout.places, strict=False):
            if "strip" in place.parts:
                _strip(painter, place)
            if before is not None and "block" in place.parts:
                _stubs(painter, before, place)
                _block(painter, place)
            _header(painter, place, layout)
        if layout.tools:
            for box in layout.additions:
                _addition(painter, box)
        _labels(painter, layout)
        if not layout.legend.isEmpty():
            _legend(painter, layout)
    return result


def plus(painter: QPainter, centre: QPointF, arm: float) -> None:
    painter.drawLine(centre - QPointF(arm, 0), centre + QPointF(arm, 0))
    painter.drawLine(centre - QPointF(0, arm), centre + QPointF(0, arm))


def minus(painter: QPainter, centre: QPointF, arm: float) -> None:
    painter.drawLine(centre - QPointF(arm, 0), centre + QPointF(arm, 0))


def cross(painter: QPainter, centre: QPointF, arm: float) -> None:
    painter.drawLine(centre - QPointF(arm, arm), centre + QPointF(arm, arm))
    painter.drawLine(centre - QPointF(arm, -arm), centre + QPointF(arm, -arm))


def _header(painter: QPainter, place: Place, layout: Layout) -> None:
    now, parts = theme.current(), place.parts
    arm = theme.scaled(4)
    painter.setPen(now.ink)
    if "units" in parts:
        said = units_text if layout.tools else captions.text
        painter.drawText(parts["units"], _CENTRE, said(place.column, layout.detail))
    painter.setPen(QPen(now.muted, 1.3))
    if "fewer" in parts:
        minus(painter, parts["fewer"].center(), arm)
        plus(painter, parts["more"].center(), arm)
    if "activation" in parts:
        _choice(painter, parts["activation"], tr(place.column.activation_label))
    if "range" in parts:
        _if_it_fits(painter, parts["range"], tr(_footer(place)))


def _footer(place: Place) -> str:
    """How large the image is, or which units of a folded column are on show."""
    column = place.column
    if column.is_image:
        return shape_text(column.shape)
    shown = f"{place.first + 1:,}–{place.first + column.visible:,}"
    template = "{shown}" if column.layer >= 0 else N_("{shown} of {count:,}")
    return Message(template, shown=shown, count=column.units)


def _choice(painter: QPainter, box: QRectF, text: str) -> None:
    """A word with a small chevron: there is more to choose from."""
    arrow = theme.scaled(10)
    width = QFontMetricsF(painter.font()).horizontalAdvance(text)
    left = box.center().x() - (width + arrow) / 2
    painter.drawText(
        QRectF(left, box.top(), width + 2, box.height()), Qt.AlignmentFlag.AlignVCenter, text
    )
    tip = QPointF(left + width + arrow * 0.7, box.center().y() + 2)
    side = arrow * 0.26
    painter.drawPolyline([tip + QPointF(-side, -side), tip, tip + QPointF(side, -side)])


def _if_it_fits(painter: QPainter, box: QRectF, text: str) -> None:
    """A text that says little when it is cut."""
    if QFontMetricsF(painter.font()).horizontalAdvance(text) <= box.width() + theme.UNIT:
        painter.drawText(box, _CENTRE | Qt.TextFlag.TextDontClip, text)


def _fitted(painter: QPainter, box: QRectF, text: str) -> None:
    draw_fitted(painter, box, _CENTRE, tr(text))


def _addition(painter: QPainter, box: QRectF) -> None:
    arm, pen = theme.scaled(4), QPen(theme.current().muted, 1.3)
    painter.setPen(pen)
    if box.width() <= box.height() + 1:
        # The ring tells it from the plus that adds a unit.
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box.center(), theme.scaled(13) / 2, theme.scaled(13) / 2)
        plus(painter, box.center(), arm * 0.75)
        return
    plus(painter, QPointF(box.left() + theme.scaled(9), box.center().y()), arm)
    text = box.adjusted(theme.scaled(17), 0, 0, 0)
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, tr(ADD_TEXT))


def _strip(painter: QPainter, place: Place) -> None:
    now = theme.current()
    strip = place.parts["strip"]
    painter.setPen(QPen(now.line, 1.0))
    painter.setBrush(now.soft)
    painter.drawRoundedRect(strip, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
    fill_with(painter, now.track if not now.is_dark else now.muted)
    thumb = place.parts["thumb"]
    painter.drawRoundedRect(thumb, thumb.width() / 2, thumb.width() / 2)


def _stubs(painter: QPainter, before: Place, place: Place) -> None:
    """Straight lines: what a block does, it does to each unit by itself."""
    block = place.parts["block"]
    painter.setPen(QPen(theme.current().track, 1.4))
    lines = [QLineF(before.right, y, block.left(), y) for y in before.rows]
    if place.nodes:
        lines += [QLineF(block.right(), y, place.nodes[0].left(), y) for y in place.rows]
    painter.drawLines(lines)


def _block(painter: QPainter, place: Place) -> None:
    now, block = theme.current(), place.parts["block"]
    if "plus" in place.parts:
        _skip(painter, place, block, place.parts["plus"])
    names = titles.branches(place.column.settings) or (place.column.title,)
    height = block.height() / len(names)
    for row, name in enumerate(names):
        part = QRectF(block.left(), block.top() + row * height, block.width(), height)
        if len(names) > 1:
            part.adjust(0, 1, 0, -1)
        painter.setPen(QPen(now.muted, 1.2))
        painter.setBrush(now.soft)
        painter.drawRoundedRect(part, 6, 6)
        _upwards(painter, part, name)


def _upwards(painter: QPainter, box: QRectF, text: str) -> None:
    """A text that is read from below."""
    painter.save()
    painter.translate(box.center())
    painter.rotate(-90)
    painter.setPen(theme.current().ink)
    _fitted(painter, QRectF(-box.height() / 2, -box.width() / 2, box.height(), box.width()), text)
    painter.restore()


def _skip(painter: QPainter, place: Place, block: QRectF, sign: QRectF) -> None:
    """The way around a block, drawn for its first row, into the sums or products of all rows."""
    now = theme.current()
    left = block.left() - theme.scaled(7)
    x, y, top = sign.center().x(), sign.center().y(), block.top() - theme.scaled(9)
    arc = QPainterPath(QPointF(left, y))
    arc.cubicTo(QPointF(left, top), QPointF(left, top), QPointF((left + x) / 2, top))
    arc.cubicTo(QPointF(x, top), QPointF(x, top), QPointF(x, sign.top()))
    painter.setPen(QPen(now.muted, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(arc)
    painter.setBrush(now.panel)
    mark = plus if place.column.sign == "+" else cross
    for row in place.rows:
        circle = sign.translated(0, row - place.rows[0])
        painter.drawEllipse(circle)
        mark(painter, circle.center(), circle.width() * (0.28 if mark is plus else 0.2))


def _labels(painter: QPainter, layout: Layout) -> None:
    now, diagram = theme.current(), layout.diagram
    painter.setFont(theme.font("body" if len(diagram.inputs) <= 10 else "caption"))
    first, last = layout.places[0], layout.places[-1]
    for row, node in enumerate(first.nodes):
        entry = diagram.inputs[first.first + row]
        painter.setPen(now.ink)
        room = QRectF(0, node.top(), first.left - theme.scaled(8), node.height())
        _beside(painter, room, tr(entry.label), Qt.AlignmentFlag.AlignRight)
    painter.setFont(theme.font("caption"))
    for row, node in enumerate(last.nodes):
        painter.setPen(now.ink)
        left = last.right + theme.scaled(8)
        room = QRectF(left, node.top(), layout.size.width() - left, node.height())
        name = diagram.output_name(last.first + row)
        if isinstance(name, Message):  # else somebody has called the class so
            name = tr(name)
        _beside(painter, room, name, Qt.AlignmentFlag.AlignLeft)


def _beside(painter: QPainter, room: QRectF, text: str, side: Qt.AlignmentFlag) -> None:
    draw_fitted(painter, room, side | Qt.AlignmentFlag.AlignVCenter, text)


def _legend(painter: QPainter, layout: Layout) -> None:
    """What the edges mean, and the dots of the biases where there is room for them."""
    box, text, bias = layout.legend, tr("weight"), tr("bias")
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.current().muted)
    width_of = QFontMetricsF(painter.font()).horizontalAdvance
    x = _weight_scale(painter, box, width_of)
    room = QRectF(x, box.top(), box.right() - x, box.height())
    _beside(painter, room, text, Qt.AlignmentFlag.AlignLeft)
    x += width_of(text) + theme.scaled(20)
    if x + width_of(bias) + theme.scaled(18) > box.right():
        return
    for away, colour in ((0, theme.class_color(0)), (theme.scaled(8), theme.class_color(1))):
        painter.setBrush(colour)
        painter.setPen(Qt.PenStyle.NoPen)
        spot = QPointF(x + away, box.center().y() + 0.5)
        painter.drawEllipse(spot, theme.scaled(3), theme.scaled(3))
    painter.setPen(theme.current().muted)
    room.setLeft(x + theme.scaled(16))
    _beside(painter, room, bias, Qt.AlignmentFlag.AlignLeft)


def _weight_scale(painter: QPainter, box: QRectF, width_of: Measure) -> float:
    """An edge from the most negative weight to the most positive one; returns where it ends."""
    x, length = box.left() + theme.scaled(10), float(theme.scaled(64))
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.drawText(QRectF(x, box.top(), 12, box.height()), middle, "−")
    x += width_of("− ") + 2
    _wedge(painter, x, box.center().y(), length, float(theme.scaled(5)))
    x += length + 6
    painter.drawText(QRectF(x, box.top(), 12, box.height()), middle, "+")
    return x + width_of("+") + theme.scaled(8)


def _wedge(painter: QPainter, x: float, y: float, length: float, thick: float) -> None:
    """Thick and strong at both ends, thin and faint in the middle, from (x, y) to the right."""
    wedge = QPainterPath(QPointF(x, y - thick / 2))
    for across, up in (
        (length / 2, -0.4),
        (length, -thick / 2),
        (length, thick / 2),
        (length / 2, 0.4),
        (0.0, thick / 2),
    ):
        wedge.lineTo(x + across, y + up)
    wedge.closeSubpath()
    blend = QLinearGradient(x, 0, x + length, 0)
    low, high = theme.class_color(0), theme.class_color(1)
    for at, colour in ((0.0, low), (0.47, _thin(low)), (0.53, _thin(high)), (1.0, high)):
        blend.setColorAt(at, colour)
    painter.fillPath(wedge, blend)


def _thin(colour: QColor) -> QColor:
    return theme.faded(colour, 0.4)
