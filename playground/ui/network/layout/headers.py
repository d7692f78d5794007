"""What stands above and below the columns: counts, buttons, tools.

Owns their rectangles and how much they say in the room there is. Imports QtCore's plain value types
and the modules beside it; no widgets, any thread.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from PySide6.QtCore import QRectF

from playground.core.messages import N_, Message, plural
from playground.ui.language import tr
from playground.ui.network.layout.shapes import Detail, Measure, Place
from playground.ui.network.layout.sizes import BLOCK, LINE, MARGIN, STUB, Frame
from playground.ui.network.structure.diagram import Column, Diagram

BUTTON: Final = 18.0
NARROW_BUTTON: Final = 14.0
ADD_TEXT: Final = N_("layer")


def detail_for(
    diagram: Diagram, lefts: list[float], spans: list[float], measure: Measure, scale: float
) -> Detail:
    """The most that fits between the buttons that add layers, the same for all columns."""
    middles = [(a + s + b) / 2 for a, s, b in zip(lefts, spans, lefts[1:], strict=False)]
    for detail in (Detail.FULL, Detail.COMPACT, Detail.COUNT):
        half = _button(detail, scale) / 2
        fits = all(
            _units_width(column, detail, measure, scale) / 2 + half + scale
            <= min(centre - middles[i - 1], middles[i] - centre)
            for i, column in enumerate(diagram.columns)
            if has_count(column)
            for centre in (header_centre(column, lefts[i], spans[i], scale),)
        )
        if fits:
            return detail
    return Detail.NOTHING


def _button(detail: Detail, scale: float) -> float:
    """The side of the buttons in the headers."""
    return (BUTTON if detail is Detail.FULL else NARROW_BUTTON) * scale


def has_count(column: Column) -> bool:
    """True where the header says how many units or channels a layer gives."""
    return column.kind == "layer" and (column.is_linear or column.is_for_images)


def units_text(column: Column, detail: Detail) -> str:
    """Such as "8 units" or "16 channels"; where there is little room, the number alone."""
    return str(column.units) if detail < Detail.FULL else tr(units(column))


def units(column: Column) -> Message:
    """How many units or channels a column has, in words."""
    if column.is_image:
        return plural("{count:,} channel", "{count:,} channels", column.units)
    return plural("{count:,} unit", "{count:,} units", column.units)


def _units_width(column: Column, detail: Detail, measure: Measure, scale: float) -> float:
    text = measure(units_text(column, detail)) + 4 * scale
    return text + 2 * _button(detail, scale) * (detail > Detail.COUNT and _has_buttons(column))


def _has_buttons(column: Column) -> bool:
    return column.count_setting is not None


def header_centre(column: Column, left: float, span: float, scale: float) -> float:
    inset = (BLOCK + STUB) * scale if column.has_bar else 0.0
    return left + inset + (span - inset) / 2


def activation_rooms(
    diagram: Diagram, lefts: list[float], spans: list[float], scale: float, width: float
) -> dict[int, float]:
    """Column -> the width that the name of its activation may take, half way to its neighbours."""
    centres = {
        index: header_centre(column, lefts[index], spans[index], scale)
        for index, column in enumerate(diagram.columns)
        if column.layer >= 0 and column.kind != "outputs" and column.activation
    }
    ordered = list(centres.values())
    edges = [-ordered[0], *ordered, 2 * width - ordered[-1]] if ordered else []
    return {
        index: min(here - before, after - here) - 2 * scale
        for index, before, here, after in zip(centres, edges, edges[1:], edges[2:], strict=False)
    }


def header(
    place: Place, frame: Frame, detail: Detail, measure: Measure, activation_room: float
) -> dict[str, QRectF]:
    """The rectangles above and below a hidden layer.

    The name of an activation that has no room is left out.
    """
    column, scale = place.column, frame.scale
    if column.layer < 0 or column.kind == "outputs":
        return ranges(place, frame)
    parts: dict[str, QRectF] = {}
    centre = _centre(place)
    line = LINE * scale
    y = MARGIN * scale / 2
    if has_count(column) and detail > Detail.NOTHING:
        width = _units_width(column, detail, measure, scale)
        parts["units"] = QRectF(centre - width / 2, y, width, line)
        if detail > Detail.COUNT and _has_buttons(column):
            side = _button(detail, scale)
            parts["fewer"] = QRectF(centre - width / 2, y, side, line)
            parts["more"] = QRectF(centre + width / 2 - side, y, side, line)
            parts["units"].adjust(side, 0, -side, 0)
    if column.activation:
        width = measure(tr(column.activation_label)) + 16 * scale
        if width <= activation_room:
            parts["activation"] = QRectF(centre - width / 2, y + line, width, line)
    return {**parts, **_tools(place, frame), **ranges(place, frame)}


def ranges(place: Place, frame: Frame) -> dict[str, QRectF]:
    """Where it says how large an image is, or which units of a folded column are on show."""
    column = place.column
    is_said = place.nodes and (column.is_folded or (column.is_image and column.layer >= 0))
    return {"range": _footer(place, frame)} if is_said else {}


def _centre(place: Place) -> float:
    if place.nodes:
        inside = place.parts.get("strip", place.nodes[0])
        return inside.center().x()
    return place.parts["block"].center().x()


def _footer(place: Place, frame: Frame) -> QRectF:
    return QRectF(
        place.band.left(), frame.bottom + frame.scale, place.band.width(), LINE * frame.scale
    )


def _tools(place: Place, frame: Frame) -> dict[str, QRectF]:
    """Handle and cross below a layer, where a folded one else says what part of it is on show."""
    footer, side = _footer(place, frame), BUTTON * frame.scale
    middle = _centre(place)
    half = side / 2
    handle = QRectF(middle - half - side / 2, footer.top(), side, footer.height())
    remove = QRectF(middle + half - side / 2, footer.top(), side, footer.height())
    return {"handle": handle, "remove": remove}


def additions(
    places: tuple[Place, ...], detail: Detail, measure: Measure, frame: Frame
) -> tuple[QRectF, ...]:
    """A button between every two columns; it says what it adds where there is room for that.

    Where nothing can be changed they are places without a width.
    """
    middles, scale = [(a.right + b.left) / 2 for a, b in pairwise(places)], frame.scale
    if not frame.tools:
        return tuple(QRectF(middle, MARGIN * scale / 2, 0, 0) for middle in middles)
    wide = measure(tr(ADD_TEXT)) + 20 * scale
    # All say the same: a mixture of long and short ones looks like a difference.
    rooms = [_room_around(m, a, b) for m, (a, b) in zip(middles, pairwise(places), strict=True)]
    is_wide = detail is Detail.FULL and min(rooms) >= wide + 8 * scale
    width = wide if is_wide else _button(detail, scale)
    return tuple(
        QRectF(middle - width / 2, MARGIN * scale / 2, width, LINE * scale) for middle in middles
    )


def _room_around(middle: float, before: Place, after: Place) -> float:
    left = max((rect.right() for rect in _header_rects(before)), default=before.right)
    right = min((rect.left() for rect in _header_rects(after)), default=after.left)
    return 2 * min(middle - left, right - middle)


def _header_rects(place: Place) -> list[QRectF]:
    return [place.parts[name] for name in ("fewer", "units", "more") if name in place.parts]


def header_boxes(place: Place) -> list[QRectF]:
    """What stands above the units of a layer."""
    names = ("fewer", "units", "more", "activation")
    return [place.parts[name] for name in names if name in place.parts]
