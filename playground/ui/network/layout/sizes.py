"""How large things are: nodes, columns and the spaces between them.

Owns the sizes in logical pixels, which follow the text, and the way a width is shared out. Imports
QtCore's plain value types and those beside it; no widgets, any thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QSizeF

from playground.ui.language import tr
from playground.ui.network.layout.shapes import Measures
from playground.ui.network.structure.diagram import VISIBLE_UNITS, Column, Diagram

MARGIN: Final = 6.0
LINE: Final = 18.0  # height of a line of captions
GAP: Final = 6.0
SMALLEST_NODE: Final = 24.0
LARGEST_NODE: Final = 40.0
NODE_SHARE: Final = 0.62  # of the distance between two rows
LEAST_ROW_GAP: Final = 2.0
LARGEST_PITCH: Final = 68.0
BLOCK: Final = 20.0
LEAST_FAN: Final = 28.0  # width of the space that curves cross
GOOD_EDGE_ROOM: Final = 1.1  # in nodes; nodes get smaller before the space for curves does
LARGEST_FAN: Final = 250.0
STUB_SHARE: Final = 0.36  # of that, for the straight lines into a block
NARROWEST_GAP: Final = 22.0  # a button that adds a layer has to fit
STUB: Final = 24.0  # between the bar of a layer and its units
STRIP_PAD: Final = 3.5
THUMB: Final = 4.0
ARC: Final = 14.0  # room above the rows for the arc of a residual block
LABEL_GAP: Final = 8.0
LARGEST_LABEL: Final = 96.0
ROOMY: Final = QSizeF(1000, 700)
"""In a larger space than this the pictures and the distances get larger, too; the text does not."""
LARGEST_GROWTH: Final = 3.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The vertical division and the sizes that all columns share.

    rows     visible units of the fullest column
    largest  side of a node at most, before the scale
    growth   factor of everything but the text in a roomy space
    """

    scale: float
    top: float
    bottom: float
    rows: int
    largest: float = LARGEST_NODE
    growth: float = 1.0

    @property
    def height(self) -> float:
        return self.bottom - self.top


def frame_for(diagram: Diagram, available: QSizeF, scale: float) -> tuple[Frame, float]:
    """The vertical division of a space, and the height that the scene takes at least."""
    has_arc = any(column.sign for column in diagram.columns)
    height = max(available.height(), _least_height(diagram, scale, has_arc))
    top = (MARGIN + 2 * LINE + GAP + ARC * has_arc) * scale
    bottom = height - (2 * LINE + MARGIN) * scale
    rows = max([1, *(c.visible for c in diagram.columns if c.visible <= VISIBLE_UNITS)])
    growth = _growth(available / scale)
    return Frame(scale, top, bottom, rows, LARGEST_NODE * growth, growth), height


def _growth(space: QSizeF) -> float:
    room = min(space.width() / ROOMY.width(), space.height() / ROOMY.height())
    return max(1.0, min(room, LARGEST_GROWTH))


def _least_height(diagram: Diagram, scale: float, has_arc: bool) -> float:
    hidden = [column.visible for column in diagram.columns[:-1]]
    pitch = SMALLEST_NODE + LEAST_ROW_GAP
    # Ten outputs may be smaller than the rest: they are read by their names.
    rows = max([*hidden, 0.8 * diagram.columns[-1].visible])
    return (2 * MARGIN + 4 * LINE + GAP + ARC * has_arc + rows * pitch) * scale


def pitch(column: Column, frame: Frame) -> float:
    """Distance of two rows: the same everywhere, but for outputs that need more rows than that."""
    rows = max(frame.rows, column.visible)
    return min(frame.height / rows, LARGEST_PITCH * frame.scale * frame.growth)


def node_size(column: Column, frame: Frame) -> float:
    distance = pitch(column, frame)
    wanted = max(NODE_SHARE * distance, SMALLEST_NODE * frame.scale)
    wanted = min(wanted, frame.largest * frame.scale)
    # Whole pixels, so that frames and pictures are sharp.
    return float(int(min(wanted, distance - LEAST_ROW_GAP * frame.scale)))


def strip_pad(frame: Frame) -> float:
    return round(STRIP_PAD * frame.scale)


def stub(frame: Frame) -> float:
    """Room between the bar of a layer and its units, with the sign of a sum."""
    return STUB * frame.scale


def span(column: Column, frame: Frame) -> float:
    """The width of a column without what is around it."""
    if column.kind == "block":
        return BLOCK * frame.scale
    width = node_size(column, frame)
    if column.is_folded:
        width += 2 * strip_pad(frame) + (THUMB + 3) * frame.scale
    return width + (BLOCK * frame.scale + stub(frame)) * column.has_bar


def label_room(diagram: Diagram, measures: Measures, scale: float) -> tuple[float, float]:
    """Room left of the inputs and right of the outputs for their names."""
    inputs = max(measures.body(tr(entry.label)) for entry in diagram.inputs)
    names = (tr(diagram.output_name(i)) for i in range(diagram.columns[-1].units))
    outputs = max(measures.caption(name) for name in names)
    left, right = (min(room, LARGEST_LABEL * scale) for room in (inputs, outputs))
    return left + LABEL_GAP * scale, right + LABEL_GAP * scale


def with_largest_nodes(
    diagram: Diagram, labels: tuple[float, float], available: float, frame: Frame
) -> Frame:
    """The largest nodes that leave enough room between the columns, or else the smallest."""
    for largest in range(int(frame.largest), int(SMALLEST_NODE), -2):
        tried = replace(frame, largest=float(largest))
        spans = [span(column, tried) for column in diagram.columns]
        if (
            _edge_room(diagram, spans, labels, available, tried)
            >= GOOD_EDGE_ROOM * largest * frame.scale
        ):
            return tried
    return replace(frame, largest=SMALLEST_NODE)


def _shares(diagram: Diagram) -> list[float]:
    """How wide the space before each column is, with 1 for one that weights cross."""
    return [1.0 if column.has_weights else STUB_SHARE for column in diagram.columns[1:]]


def _edge_room(
    diagram: Diagram,
    spans: list[float],
    labels: tuple[float, float],
    available: float,
    frame: Frame,
) -> float:
    fixed = sum(spans) + sum(labels) + 2 * MARGIN * frame.scale
    return (available - fixed) / sum(_shares(diagram))


def spread(
    diagram: Diagram,
    spans: list[float],
    labels: tuple[float, float],
    available: float,
    frame: Frame,
) -> tuple[list[float], float]:
    """Left edges of the columns, and the width of the scene."""
    shares = _shares(diagram)
    fixed = sum(spans) + sum(labels) + 2 * MARGIN * frame.scale
    least = LEAST_FAN * frame.scale
    room = _edge_room(diagram, spans, labels, available, frame)
    unit = max(least, min(room, LARGEST_FAN * frame.scale * frame.growth))
    gaps = [max(unit * share, NARROWEST_GAP * frame.scale) for share in shares]
    width = max(available, fixed + sum(gaps))
    # Columns of a small network stand in the middle of a wide space.
    x = (width - fixed - sum(gaps)) / 2 + MARGIN * frame.scale + labels[0]
    lefts = []
    for span, gap in zip(spans, [*gaps, 0.0], strict=True):
        lefts.append(float(round(x)))
        x += span + gap
    return lefts, width
