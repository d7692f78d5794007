"""Where everything of the network picture stands: pure geometry.

Owns the rectangles of nodes, blocks, headers and buttons, and the ends of the weights' curves, in
logical pixels of a scene that the view scales into its window. Imports QtCore's plain value types
and `core`; no widgets, any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSizeF

from playground.ui.views.network.diagram import VISIBLE_UNITS, Column, Diagram

__all__ = ["Detail", "Fan", "Layout", "Place", "arrange"]

Measure = Callable[[str], float]
"""Width of a text in logical pixels."""


class Measures(NamedTuple):
    """Widths of texts in the fonts of the picture: headers are captions, names are body text."""

    caption: Measure
    body: Measure


MARGIN: Final = 6.0
LINE: Final = 18.0  # height of a line of captions
GAP: Final = 6.0
SMALLEST_NODE: Final = 24.0
LARGEST_NODE: Final = 40.0
NODE_SHARE: Final = 0.62  # of the distance between two rows
LEAST_ROW_GAP: Final = 3.0
LARGEST_PITCH: Final = 68.0
BLOCK: Final = 20.0
LEAST_FAN: Final = 28.0  # width of the space that curves cross
GOOD_FAN: Final = 1.1  # in nodes; nodes get smaller before the space for curves does
LARGEST_FAN: Final = 250.0
STUB_SHARE: Final = 0.36  # of that, for the straight lines into a block
BUTTON: Final = 18.0
NARROW_BUTTON: Final = 14.0
STRIP_PAD: Final = 3.5
THUMB: Final = 4.0
ARC: Final = 14.0  # room above the rows for the arc of a residual block
LEAST_THICKNESS: Final = 0.65
FULL_THICKNESS_NODE: Final = 36.0
LABEL_GAP: Final = 8.0
LARGEST_LABEL: Final = 96.0


class Detail(IntEnum):
    """How much the headers say, by the room between the columns."""

    COUNT = 0  # "8"
    COMPACT = 1  # "- 8 +"
    FULL = 2  # "- 8 units +"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stands.

    band     all that belongs to the column, from header to footer
    nodes    one square for each visible unit, first..first + len(nodes) - 1, from the top
    rows     heights at which its values leave, one a visible unit
    left, right  where lines arrive and leave
    parts    the header's and footer's own rectangles: "units", "fewer", "more", "activation",
             "handle", "remove", "range"; and "block", "strip", "thumb" where there are any, and
             "plus", the sign of the sum of a residual block in its first row
    """

    column: Column
    band: QRectF
    nodes: tuple[QRectF, ...]
    rows: tuple[float, ...]
    first: int
    left: float
    right: float
    parts: Mapping[str, QRectF]

    def node_of(self, unit: int) -> QRectF | None:
        """The square of a unit, None where it is scrolled out of sight or has none."""
        row = unit - self.first
        return self.nodes[row] if 0 <= row < len(self.nodes) else None


@dataclass(frozen=True, slots=True, eq=False)
class Fan:
    """The visible weights of one column: a curve from every source to every unit.

    column  index of the column they lead into
    units, sources  int64 (N,): row and column of each curve's weight in the weight matrix
    ends    float64 (N, 4): x0, y0, x1, y1
    """

    column: int
    units: npt.NDArray[np.int64]
    sources: npt.NDArray[np.int64]
    ends: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Everything in its place. `additions[i]` is the button that adds a layer at index i.

    thickness  factor of the width of curves, which get thinner with the nodes
    """

    diagram: Diagram
    size: QSizeF
    places: tuple[Place, ...]
    additions: tuple[QRectF, ...]
    legend: QRectF
    fans: tuple[Fan, ...]
    detail: Detail
    thickness: float

    def scroll_range(self, column: int) -> int:
        """The largest index that the first visible unit of a column can have."""
        entry = self.diagram.columns[column]
        return entry.units - entry.visible

    def insertion_x(self, gap: int) -> float:
        """Where the mark stands that shows an insertion at hidden index `gap`."""
        return self.additions[gap].center().x()


@dataclass(frozen=True, slots=True)
class _Frame:
    """The vertical division and the sizes that all columns share."""

    scale: float
    top: float
    bottom: float
    rows: int  # visible units of the fullest column
    largest: float = LARGEST_NODE

    @property
    def height(self) -> float:
        return self.bottom - self.top


def arrange(
    diagram: Diagram,
    available: QSizeF,
    measures: Measures,
    scroll: Mapping[int, int] | None = None,
    scale: float = 1.0,
) -> Layout:
    """Put a diagram into a space; where that is too small for it to be read, the scene gets larger.

    scroll  column -> its first visible unit, for columns that others scroll with (`Column.group`)
    scale   factor of the text size, which all sizes follow
    """
    has_arc = any(column.is_residual for column in diagram.columns)
    height = max(available.height(), _least_height(diagram, scale, has_arc))
    header = (MARGIN + 2 * LINE) * scale
    frame = _Frame(
        scale,
        header + (GAP + ARC * has_arc) * scale,
        height - (2 * LINE + MARGIN) * scale,
        max([1, *(c.visible for c in diagram.columns if c.visible <= VISIBLE_UNITS)]),
    )
    labels = _label_room(diagram, measures, scale)
    frame = _with_largest_nodes(diagram, labels, available.width(), frame)
    spans = [_span(column, frame) for column in diagram.columns]
    lefts, width = _spread(diagram, spans, labels, available.width(), frame)
    measure = measures.caption
    detail = _detail(diagram, lefts, spans, measure, scale)
    places = _places(diagram, lefts, spans, frame, detail, measure, scroll or {})
    return Layout(
        diagram=diagram,
        size=QSizeF(width, height),
        places=places,
        additions=_additions(places, detail, measure, scale),
        legend=QRectF(
            MARGIN * scale,
            height - (LINE + MARGIN / 2) * scale,
            width - 2 * MARGIN * scale,
            LINE * scale,
        ),
        fans=tuple(
            _fan(diagram, places, i) for i, c in enumerate(diagram.columns) if c.has_weights
        ),
        detail=detail,
        thickness=_thickness(places, scale),
    )


def _least_height(diagram: Diagram, scale: float, has_arc: bool) -> float:
    hidden = [column.visible for column in diagram.columns[:-1]]
    pitch = SMALLEST_NODE + LEAST_ROW_GAP
    # Ten outputs may be smaller than the rest: they are read by their names.
    rows = max([*hidden, 0.8 * diagram.columns[-1].visible])
    return (2 * MARGIN + 4 * LINE + GAP + ARC * has_arc + rows * pitch) * scale


def _thickness(places: tuple[Place, ...], scale: float) -> float:
    smallest = min(place.nodes[0].width() for place in places if place.nodes)
    return scale * max(LEAST_THICKNESS, min(1.0, smallest / (FULL_THICKNESS_NODE * scale)))


def _pitch(column: Column, frame: _Frame) -> float:
    """Distance of two rows: the same everywhere, but for outputs that need more rows than that."""
    rows = max(frame.rows, column.visible)
    return min(frame.height / rows, LARGEST_PITCH * frame.scale)


def _node_size(column: Column, frame: _Frame) -> float:
    pitch = _pitch(column, frame)
    wanted = min(max(NODE_SHARE * pitch, SMALLEST_NODE * frame.scale), frame.largest * frame.scale)
    # Whole pixels, so that frames and pictures are sharp.
    return float(int(min(wanted, pitch - LEAST_ROW_GAP * frame.scale)))


def _strip_pad(frame: _Frame) -> float:
    return round(STRIP_PAD * frame.scale)


def _stub(frame: _Frame) -> float:
    """Room between a residual block and its own units, with the sign of its sum."""
    return 24.0 * frame.scale


def _span(column: Column, frame: _Frame) -> float:
    """The width of a column without what is around it."""
    if column.kind == "block":
        return BLOCK * frame.scale
    width = _node_size(column, frame)
    if column.is_folded:
        width += 2 * _strip_pad(frame) + (THUMB + 3) * frame.scale
    return width + (BLOCK * frame.scale + _stub(frame)) * column.is_residual


def _label_room(diagram: Diagram, measures: Measures, scale: float) -> tuple[float, float]:
    """Room left of the inputs and right of the outputs for their names."""
    inputs = max(measures.body(entry.label) for entry in diagram.inputs)
    names = (diagram.output_name(i) for i in range(diagram.columns[-1].units))
    outputs = max(measures.caption(name) for name in names)
    left, right = (min(room, LARGEST_LABEL * scale) for room in (inputs, outputs))
    return left + LABEL_GAP * scale, right + LABEL_GAP * scale


def _with_largest_nodes(
    diagram: Diagram, labels: tuple[float, float], available: float, frame: _Frame
) -> _Frame:
    """The largest nodes that leave enough room between the columns, or else the smallest."""
    for largest in range(int(LARGEST_NODE), int(SMALLEST_NODE), -2):
        tried = replace(frame, largest=float(largest))
        spans = [_span(column, tried) for column in diagram.columns]
        if _fan_room(diagram, spans, labels, available, tried) >= GOOD_FAN * largest * frame.scale:
            return tried
    return replace(frame, largest=SMALLEST_NODE)


def _shares(diagram: Diagram) -> list[float]:
    """How wide the space before each column is, with 1 for one that weights cross."""
    return [1.0 if column.has_weights else STUB_SHARE for column in diagram.columns[1:]]


def _fan_room(
    diagram: Diagram,
    spans: list[float],
    labels: tuple[float, float],
    available: float,
    frame: _Frame,
) -> float:
    fixed = sum(spans) + sum(labels) + 2 * MARGIN * frame.scale
    return (available - fixed) / sum(_shares(diagram))


def _spread(
    diagram: Diagram,
    spans: list[float],
    labels: tuple[float, float],
    available: float,
    frame: _Frame,
) -> tuple[list[float], float]:
    """Left edges of the columns, and the width of the scene."""
    shares = _shares(diagram)
    fixed = sum(spans) + sum(labels) + 2 * MARGIN * frame.scale
    least = LEAST_FAN * frame.scale
    room = _fan_room(diagram, spans, labels, available, frame)
    unit = max(least, min(room, LARGEST_FAN * frame.scale))
    gaps = [max(unit * share, (BUTTON + 4) * frame.scale) for share in shares]
    width = max(available, fixed + sum(gaps))
    # Columns of a small network stand in the middle of a wide space.
    x = (width - fixed - sum(gaps)) / 2 + MARGIN * frame.scale + labels[0]
    lefts = []
    for span, gap in zip(spans, [*gaps, 0.0], strict=True):
        lefts.append(float(round(x)))
        x += span + gap
    return lefts, width


def _detail(
    diagram: Diagram, lefts: list[float], spans: list[float], measure: Measure, scale: float
) -> Detail:
    """The most that fits between the buttons that add layers, the same for all columns."""
    middles = [(a + s + b) / 2 for a, s, b in zip(lefts, spans, lefts[1:], strict=False)]
    for detail in (Detail.FULL, Detail.COMPACT):
        half = _button(detail, scale) / 2
        fits = all(
            _units_width(column, detail, measure, scale) / 2 + half + scale
            <= min(centre - middles[i - 1], middles[i] - centre)
            for i, column in enumerate(diagram.columns)
            if column.is_linear
            for centre in (_header_centre(column, lefts[i], spans[i], scale),)
        )
        if fits:
            return detail
    return Detail.COUNT


def _button(detail: Detail, scale: float) -> float:
    """The side of the buttons in the headers."""
    return (BUTTON if detail is Detail.FULL else NARROW_BUTTON) * scale


def units_text(column: Column, detail: Detail) -> str:
    if detail < Detail.FULL:
        return str(column.units)
    return f"{column.units} unit{'s' if column.units != 1 else ''}"


def _units_width(column: Column, detail: Detail, measure: Measure, scale: float) -> float:
    text = measure(units_text(column, detail)) + 4 * scale
    return text + 2 * _button(detail, scale) * (detail > Detail.COUNT)


def _header_centre(column: Column, left: float, span: float, scale: float) -> float:
    inset = (BLOCK + 24.0) * scale if column.is_residual else 0.0
    return left + inset + (span - inset) / 2


def _places(
    diagram: Diagram,
    lefts: list[float],
    spans: list[float],
    frame: _Frame,
    detail: Detail,
    measure: Measure,
    scroll: Mapping[int, int],
) -> tuple[Place, ...]:
    places: list[Place] = []
    edges = _band_edges(lefts, spans)
    for index, column in enumerate(diagram.columns):
        first = max(0, min(scroll.get(column.group, 0), column.units - column.visible))
        band = QRectF(
            QPointF(edges[index][0], MARGIN * frame.scale / 2),
            QPointF(edges[index][1], frame.bottom + LINE * frame.scale),
        )
        place = _block_place if column.kind == "block" else _node_place
        before = places[-1] if places else None
        made = place(column, lefts[index], spans[index], frame, first, band, before)
        parts = {**made.parts, **_header(made, frame, detail, measure)}
        places.append(
            Place(column, band, made.nodes, made.rows, first, made.left, made.right, parts)
        )
    return tuple(places)


def _band_edges(lefts: list[float], spans: list[float]) -> list[tuple[float, float]]:
    """Each column owns a third of the space on either side; the rest is for weights and buttons."""
    rights = [left + span for left, span in zip(lefts, spans, strict=True)]
    spaces = [b - a for a, b in zip(rights, lefts[1:], strict=False)]
    before, after = [0.0, *spaces], [*spaces, 0.0]
    return [
        (left - min(gap_l / 3, 44.0), right + min(gap_r / 3, 44.0))
        for left, right, gap_l, gap_r in zip(lefts, rights, before, after, strict=True)
    ]


def _node_place(
    column: Column,
    left: float,
    span: float,
    frame: _Frame,
    first: int,
    band: QRectF,
    before: Place | None,
) -> Place:
    pitch, size = _pitch(column, frame), _node_size(column, frame)
    top = (frame.top + frame.bottom - pitch * column.visible) / 2
    tops = [round(top + pitch * (row + 0.5) - size / 2) for row in range(column.visible)]
    rows = tuple(y + size / 2 for y in tops)
    parts: dict[str, QRectF] = {}
    x, arrive, leave = left, left, left + span
    if column.is_residual:
        assert before is not None, "inputs come first"
        reach = _reach((*rows, *before.rows), pitch)
        parts["block"] = QRectF(
            QPointF(left, reach[0]), QPointF(left + BLOCK * frame.scale, reach[1])
        )
        x += BLOCK * frame.scale + _stub(frame)
        side = 10.0 * frame.scale
        centre = QPointF(parts["block"].right() + _stub(frame) / 2, rows[0])
        parts["plus"] = QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
    if column.is_folded:
        pad = _strip_pad(frame)
        strip = QRectF(x, rows[0] - pitch / 2, leave - x, pitch * column.visible)
        parts["strip"], parts["thumb"] = strip, _thumb(column, strip, first, frame)
        x += pad
    nodes = tuple(QRectF(x, y, size, size) for y in tops)
    return Place(column, band, nodes, rows, first, arrive, leave, parts)


def _thumb(column: Column, strip: QRectF, first: int, frame: _Frame) -> QRectF:
    width = THUMB * frame.scale
    track = strip.adjusted(0, width, 0, -width)
    length = max(12.0 * frame.scale, track.height() * column.visible / column.units)
    share = first / (column.units - column.visible)
    y = track.top() + (track.height() - length) * share
    return QRectF(strip.right() - width - 3 * frame.scale, y, width, length)


def _block_place(
    column: Column,
    left: float,
    span: float,
    frame: _Frame,
    first: int,
    band: QRectF,
    before: Place | None,
) -> Place:
    assert before is not None, "inputs come first"
    top, bottom = _reach(before.rows, _pitch(column, frame))
    block = QRectF(QPointF(left, top), QPointF(left + span, bottom))
    parts = {"block": block}
    return Place(column, band, (), before.rows, first, left, left + span, parts)


LEAST_BLOCK_HEIGHT: Final = 96.0  # a block has to hold its name


def _reach(rows: tuple[float, ...], pitch: float) -> tuple[float, float]:
    """Top and bottom of a block that all these rows cross."""
    pad = min(pitch / 2, 26.0) - 1
    top, bottom = min(rows) - pad, max(rows) + pad
    missing = max(0.0, LEAST_BLOCK_HEIGHT - (bottom - top)) / 2
    return top - missing, bottom + missing


def _header(place: Place, frame: _Frame, detail: Detail, measure: Measure) -> dict[str, QRectF]:
    """The rectangles above and below a hidden layer."""
    column, scale = place.column, frame.scale
    if column.layer < 0 or column.kind == "outputs":
        return {"range": _footer(place, frame)} if column.is_folded else {}
    parts: dict[str, QRectF] = {}
    centre = _centre(place)
    line = LINE * scale
    y = MARGIN * scale / 2
    if column.is_linear:
        width = _units_width(column, detail, measure, scale)
        parts["units"] = QRectF(centre - width / 2, y, width, line)
        if detail > Detail.COUNT:
            side = _button(detail, scale)
            parts["fewer"] = QRectF(centre - width / 2, y, side, line)
            parts["more"] = QRectF(centre + width / 2 - side, y, side, line)
            parts["units"].adjust(side, 0, -side, 0)
    if column.activation:
        room = 2 * min(centre - place.band.left(), place.band.right() - centre)
        width = min(measure(column.activation_label) + 16 * scale, max(room, 28.0 * scale))
        parts["activation"] = QRectF(centre - width / 2, y + line, width, line)
    return {**parts, **_tools(place, frame)}


def _centre(place: Place) -> float:
    if place.nodes:
        inside = place.parts.get("strip", place.nodes[0])
        return inside.center().x()
    return place.parts["block"].center().x()


def _footer(place: Place, frame: _Frame) -> QRectF:
    return QRectF(
        place.band.left(), frame.bottom + frame.scale, place.band.width(), LINE * frame.scale
    )


def _tools(place: Place, frame: _Frame) -> dict[str, QRectF]:
    """Handle and cross below a layer, where a folded one else says what part of it is on show."""
    footer, side = _footer(place, frame), BUTTON * frame.scale
    middle = _centre(place)
    half = side / 2
    handle = QRectF(middle - half - side / 2, footer.top(), side, footer.height())
    remove = QRectF(middle + half - side / 2, footer.top(), side, footer.height())
    parts = {"handle": handle, "remove": remove}
    if place.column.is_folded and place.nodes:
        parts["range"] = footer
    return parts


def _additions(
    places: tuple[Place, ...], detail: Detail, measure: Measure, scale: float
) -> tuple[QRectF, ...]:
    """A button between every two columns; it says what it adds where there is room for that."""
    middles = [(a.right + b.left) / 2 for a, b in pairwise(places)]
    wide = measure(ADD_TEXT) + 20 * scale
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


ADD_TEXT: Final = "layer"


def _header_rects(place: Place) -> list[QRectF]:
    return [place.parts[name] for name in ("fewer", "units", "more") if name in place.parts]


def _fan(diagram: Diagram, places: tuple[Place, ...], index: int) -> Fan:
    before, here = places[index - 1], places[index]
    sources = [
        (weight, before.rows[row - before.first])
        for weight, row in enumerate(diagram.sources_of(index))
        if 0 <= row - before.first < len(before.rows)
    ]
    units = [(here.first + row, y) for row, y in enumerate(here.rows)]
    pairs = [(u, s, y0, y1) for u, y1 in units for s, y0 in sources]
    table = np.array(pairs, np.float64).reshape(-1, 4)
    ends = np.empty((len(table), 4))
    ends[:, 0], ends[:, 2] = before.right, here.left
    ends[:, 1], ends[:, 3] = table[:, 2], table[:, 3]
    return Fan(index, table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), ends)
