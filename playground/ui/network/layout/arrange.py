"""Where everything of the network picture stands: pure geometry.

Owns the rectangles of nodes and blocks, and the ends of the weights' curves, in logical pixels of a
scene that the view scales into its window. Imports QtCore's plain value types and the modules
beside it; no widgets, any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from playground.ui.network.layout import headers, sizes
from playground.ui.network.layout.shapes import Detail, EdgeBundle, Layout, Measure, Measures, Place
from playground.ui.network.layout.sizes import BLOCK, LINE, MARGIN, THUMB, Frame
from playground.ui.network.structure.diagram import Column, Diagram

LEAST_THICKNESS: Final = 0.65
FULL_THICKNESS_NODE: Final = 36.0
LEAST_BLOCK_HEIGHT: Final = 96.0  # a block has to hold its name
LARGEST_OVERHANG: Final = 44.0  # of a column's band over its nodes


def arrange(
    diagram: Diagram,
    available: QSizeF,
    measures: Measures,
    scroll: Mapping[int, int] | None = None,
    scale: float = 1.0,
) -> Layout:
    """Put a diagram into a space; where that is too small for it to be read, the scene gets larger.

    A larger scene has the shape of the space, so that none of it stays empty when it is scaled in.

    scroll  column -> its first visible unit, for columns that others scroll with (`Column.group`)
    scale   factor of the text size, which all sizes follow
    """
    layout = _arrange(diagram, available, measures, scroll or {}, scale)
    wanted = layout.size
    excess = max(wanted.width() / available.width(), wanted.height() / available.height())
    if excess <= 1.0:
        return layout
    return _arrange(diagram, available * excess, measures, scroll or {}, scale)


def _arrange(
    diagram: Diagram,
    available: QSizeF,
    measures: Measures,
    scroll: Mapping[int, int],
    scale: float,
) -> Layout:
    labels = sizes.label_room(diagram, measures, scale)
    frame, height = sizes.frame_for(diagram, available, scale)
    frame = sizes.with_largest_nodes(diagram, labels, available.width(), frame)
    spans = [sizes.span(column, frame) for column in diagram.columns]
    lefts, width = sizes.spread(diagram, spans, labels, available.width(), frame)
    detail = headers.detail_for(diagram, lefts, spans, measures.caption, scale)
    places = _places(diagram, lefts, spans, frame, detail, measures.caption, scroll)
    margin = MARGIN * scale
    return Layout(
        diagram=diagram,
        size=QSizeF(width, height),
        places=places,
        additions=headers.additions(places, detail, measures.caption, scale),
        legend=QRectF(margin, height - LINE * scale - margin / 2, width - 2 * margin, LINE * scale),
        edges=_edges(diagram, places),
        detail=detail,
        thickness=_thickness(places, frame),
    )


def _thickness(places: tuple[Place, ...], frame: Frame) -> float:
    smallest = min(place.nodes[0].width() for place in places if place.nodes)
    share = smallest / (FULL_THICKNESS_NODE * frame.scale)
    return frame.scale * max(LEAST_THICKNESS, min(frame.growth, share))


def _places(
    diagram: Diagram,
    lefts: list[float],
    spans: list[float],
    frame: Frame,
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
        parts = {**made.parts, **headers.header(made, frame, detail, measure)}
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
        reach = _reach((*rows, *before.rows), pitch)
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
    top, bottom = _reach(before.rows, sizes.pitch(column, frame))
    block = QRectF(QPointF(left, top), QPointF(left + span, bottom))
    parts = {"block": block}
    return Place(column, band, (), before.rows, first, left, left + span, parts)


def _reach(rows: tuple[float, ...], pitch: float) -> tuple[float, float]:
    """Top and bottom of a block that all these rows cross."""
    pad = min(pitch / 2, 26.0) - 1
    top, bottom = min(rows) - pad, max(rows) + pad
    missing = max(0.0, LEAST_BLOCK_HEIGHT - (bottom - top)) / 2
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
