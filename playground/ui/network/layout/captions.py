"""What stands over the layers where nothing can be changed: how many units, and their activation.

As much of it as there is room for; what has no room is left out, never made smaller. Imports
QtCore's plain value types and the modules beside it; no widgets, any thread.
"""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QRectF

from playground.core.messages import Message
from playground.ui.language import tr
from playground.ui.network.layout.headers import has_count, header_centre, units
from playground.ui.network.layout.shapes import Detail, Measure
from playground.ui.network.layout.sizes import LINE, MARGIN
from playground.ui.network.structure.diagram import Column, Diagram

APART = 12.0
"""Pixels between two captions, before the scale."""

Captions = dict[int, QRectF]
"""Column -> where its caption stands."""


def text(column: Column, detail: Detail) -> str:
    """Such as "8 units · Tanh", "8 · Tanh" or "8"; "" for what has no units of its own."""
    if not has_count(column) or detail is Detail.NOTHING:
        return ""
    count = units(column) if detail is Detail.FULL else f"{column.units:,}"
    if not column.activation or detail is Detail.COUNT:
        return tr(count)
    activation = Message(column.activation_label)
    return tr(Message("{count} · {activation}", count=count, activation=activation))


def place(
    diagram: Diagram,
    lefts: list[float],
    spans: list[float],
    measure: Measure,
    scale: float,
    width: float,
) -> tuple[Detail, Captions]:
    """The most that is said of all layers so that no caption meets another or leaves the scene."""
    for detail in reversed(Detail):
        boxes = {
            index: _box(measure(said), header_centre(column, lefts[index], spans[index], scale))
            for index, column in enumerate(diagram.columns)
            if (said := text(column, detail))
        }
        if _fits(list(boxes.values()), APART * scale, width):
            return detail, {i: _on_line(box, scale) for i, box in boxes.items()}
    return Detail.NOTHING, {}


def _box(width: float, centre: float) -> QRectF:
    return QRectF(centre - width / 2 - 1, 0, width + 2, 0)


def _on_line(box: QRectF, scale: float) -> QRectF:
    return QRectF(box.left(), MARGIN * scale / 2, box.width(), LINE * scale)


def _fits(boxes: list[QRectF], apart: float, width: float) -> bool:
    inside = all(box.left() >= 0 and box.right() <= width for box in boxes)
    return inside and all(a.right() + apart <= b.left() for a, b in pairwise(boxes))
