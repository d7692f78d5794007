"""Where everything of the network picture stands: pure geometry.

Owns the rectangles of nodes and blocks, and the ends of the weights' curves, in logical pixels of a
scene that the view scales into its window. Imports QtCore's plain value types and the modules
beside it; no widgets, any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from playground.ui.network.layout import captions, headers, sizes
from playground.ui.network.layout.shapes import EdgeBundle, Layout, Measures, Place
from playground.ui.network.layout.sizes import BLOCK, GRAINS, LINE, MARGIN, THUMB, Frame
from playground.ui.network.structure.diagram import Column, Diagram

LEAST_THICKNESS: Final = 0.65
FULL_THICKNESS_NODE: Final = 36.0
LEAST_BLOCK_HEIGHT: Final = 96.0  # a block has to hold its name
LARGEST_OVERHANG: Final = 44.0  # of a column's band over its nodes


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the columns stand, and how much the scene takes."""

    frame: Frame
    lefts: list[float]
    spans: list[float]
    size: QSizeF


def arrange(
    diagram: Diagram,
    available: QSizeF,
    measures: Measures,
    scroll: Mapping[int, int] | None = None,
    scale: float = 1.0,
    *,
    tools: bool = True,
) -> Layout:
    """Put a diagram into a space; in a small one units get smaller, and the text does not.

    Where even the smallest ones find no room, the scene gets larger than the space. It has the
    shape of the space then, so that none of it stays empty when it is scaled in.

    scroll  column -> its first visible unit, for columns that others scroll with (`Column.group`)
    scale   factor of the text size, which all sizes follow
    tools   False for a picture in which nothing can be changed: no buttons, no legend
    """
    plan = _plan(diagram, available, measures, scale, GRAINS[0], tools)
    for grain in GRAINS[1:]:
        if _excess(plan, available) <= 1.0:
            break
        plan = _plan(diagram, available, measures, scale, grain, tools)
    excess = _excess(plan, available)
    if excess > 1.0:
        plan = _plan(diagram, available * excess, measures, scale, GRAINS[-1], tools)
    return _layout(diagram, plan, measures, scroll or {})


def _excess(plan: _Plan, available: QSizeF) -> float:
    """How many times the space the scene takes, in the direction in which it takes more."""
    return max(plan.size.width() / available.width(), plan.size.height() / available.height())


def _plan(
    diagram: Diagram,
    available: QSizeF,
    measures: Measures,
    scale: float,
    grain: float,
    tools: bool,
) -> _Plan:
    labels = sizes.label_room(diagram, measures, scale)
    frame, height = sizes.frame_for(diagram, available, scale, grain, tools=tools)
    frame = sizes.with_largest_nodes(diagram, labels, available.width(), frame)
    spans = [sizes.span(column, frame) for column in diagram.columns]
    lefts, width = sizes.spread(diagram, spans, labels, available.width(), frame)
    return _Plan(frame, lefts, spans, QSizeF(width, height))


def _layout(diagram: Diagram, plan: _Plan, measures: Measures, scroll: Mapping[int, int]) -> Layout:
    frame, size, measure = plan.frame, plan.size, measures.caption
    at = (diagram, plan.lefts, plan.spans)
    if frame.tools:
        detail = headers.detail_for(*at, measure, frame.scale)
        rooms = headers.activation_rooms(*at, frame.scale, size.width())
        columns = _columns(diagram, plan, scroll)
        parts = [
            headers.header(place, frame, detail, measure, rooms.get(index, 0.0))
            for index, place in enumerate(columns)
        ]
    else:
        detail, boxes = captions.place(*at, measure, frame.scale, size.width())
        columns = _columns(diagram, plan, scroll)
        parts = [
            {**headers.ranges(place, frame), **({"units": boxes[i]} if i in boxes else {})}
            for i, place in enumerate(columns)
        ]
    places = tuple(
        replace(place, parts={**place.parts, **more})
        for place, more in zip(columns, parts, strict=True)
    )
    return Layout(
        diagram=diagram,
        size=size,
        places=places,
        additions=headers.additions(places, detail, measure, frame),
        legend=_legend(frame, size),
        edges=_edges(diagram, places),
        detail=detail,
        thickness=_thickness(places, frame),
        tools=frame.tools,
    )


def _legend(frame: Frame, size: QSizeF) -> QRectF:
    """The line at the foot; empty where there is no height for it."""
    if not frame.has_legend:
        return QRectF()
    margin, line = MARGIN * frame.scale, LINE * frame.scale
    return QRectF(margin, size.height() - line - margin / 2, size.width() - 2 * margin, line)


def _thickness(places: tuple[Place, ...], frame: Frame) -> float:
    smallest = min(place.nodes[0].width() for place in places if place.nodes)
    share = smallest / (FULL_THICKNESS_NODE * frame.scale)
    return frame.scale * max(LEAST_THICKNESS, min(frame.growth, share))


def _columns(diagram: Diagram, plan: _Plan, scroll: Mapping[int, int]) -> list[Place]:
    """The columns without what stands above and below them."""
    places: list[Place] = []
    frame, lefts, spans = plan.frame, plan.lefts, plan.spans
    edges = _band_edges(lefts, spans)
    for index, column in enumerate(diagram.columns):
        first = max(0, min(scroll.get(column.group, 0), column.units - column.visible))
        band = QRectF(
            QPointF(edges[index][0], MARGIN * frame.scale / 2),
            QPointF(edges[index][1], frame.bottom + LINE * frame.scale),
        )
        place = _block_place if column.kind == "block" else _node_place
        before = places[-1] if places else None
        places.append(place(column, lefts[index], spans[index], frame, first, band, before))
    return places


def _band_edges(lefts: list[float], spans: list[float]) -> list[tuple[float, float]]:
    """Each column owns a third of the space on either side; the rest is for weights and buttons."""
    rights = [left + span for left, span in zip(lefts, spans, strict=True)]
    spaces = [b - a for a, b in zip(rights, lefts[1:], strict=False)]
    before, after = [0.0, *spaces], [*spaces, 0.0]
    return [
        (left - min(gap_l / 3, LARGEST_OVERHANG), right + min(gap_r / 3, LARGEST_OVERHANG))
        for left, right, gap_l, gap_r in zip(lefts, rights, before, after, strict=True)
    ]


def _node_place(
    column: Column,
    left: float,
    span: float,
    frame: Frame,
    first: int,
    band: QRectF,
    before: Place | None,
) -> Place:
    pitch, size = sizes.pitch(column, frame), sizes.node_size(column, frame)
    top = (frame.top + frame.bottom - pitch * column.visible) / 2
    tops = [round(top + pitch * (row + 0.5) - size / 2) for row in range(column.visible)]
    rows = tuple(y + size / 2 for y in tops)
    parts: dict[str, QRectF] = {}
    x, arrive, leave = left, left, left + span
    if column.has_bar:
        assert before is not None, "inputs come first"
        reach = _reach((*rows, *before.rows), pitch, frame)
        parts["block"] = QRectF(
            QPointF(left, reach[0]), QPointF(left + BLOCK * frame.scale, reach[1])
        )
        x += BLOCK * frame.scale + sizes.stub(frame)
        if column.sign:
            side = 10.0 * frame.scale
            centre = QPointF(parts["block"].right() + sizes.stub(frame) / 2, rows[0])
            parts["plus"] = QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
    if column.is_folded:
        pad = sizes.strip_pad(frame)
        strip = QRectF(x, rows[0] - pitch / 2, leave - x, pitch * column.visible)
        parts["strip"], parts["thumb"] = strip, _thumb(column, strip, first, frame)
        x += pad
    nodes = tuple(QRectF(x, y, size, size) for y in tops)
    return Place(column, band, nodes, rows, first, arrive, leave, parts)


def _thumb(column: Column, strip: QRectF, first: int, frame: Frame) -> QRectF:
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
    frame: Frame,
    first: int,
    band: QRectF,
    before: Place | None,
) -> Place:
    assert before is not None, "inputs come first"
    top, bottom = _reach(before.rows, sizes.pitch(column, frame), frame)
    block = QRectF(QPointF(left, top), QPointF(left + span, bottom))
    parts = {"block": block}
    return Place(column, band, (), before.rows, first, left, left + span, parts)


def _reach(rows: tuple[float, ...], pitch: float, frame: Frame) -> tuple[float, float]:
    """Top and bottom of a block that all these rows cross."""
    pad = min(pitch / 2, 26.0) - 1
    top, bottom = min(rows) - pad, max(rows) + pad
    least = min(LEAST_BLOCK_HEIGHT * frame.scale, max(LEAST_BLOCK_HEIGHT, frame.height))
    missing = max(0.0, least - (bottom - top)) / 2
    return top - missing, bottom + missing


def _edges(diagram: Diagram, places: tuple[Place, ...]) -> tuple[EdgeBundle, ...]:
    columns = [index for index, column in enumerate(diagram.columns) if column.has_weights]
    return tuple(_edge_bundle(diagram, places, index) for index in columns)


def _edge_bundle(diagram: Diagram, places: tuple[Place, ...], index: int) -> EdgeBundle:
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
    return EdgeBundle(index, table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), ends)
