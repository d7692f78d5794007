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
BARE_SHARE: Final = 0.95  # the same where nothing but the units and their names is shown
GRAINS: Final = tuple(percent / 100 for percent in range(100, 64, -5))
"""Factors of the units and of the distances between them: in a small space these get smaller, and
the text stays as it is.
"""
LEAST_ROW_GAP: Final = 2.0
LEAST_OUTPUT: Final = 17.1  # distance of two of them
LARGEST_PITCH: Final = 68.0
BLOCK: Final = 20.0
LEAST_FAN: Final = 28.0  # width of the space that curves cross
GOOD_EDGE_ROOM: Final = 1.1  # in nodes; nodes get smaller before the space for curves does
LARGEST_FAN: Final = 250.0
STUB_SHARE: Final = 0.36  # of that, for the straight lines into a block
NARROWEST_GAP: Final = 22.0
BUTTON_GAP: Final = 16.0  # a button that adds a layer has to fit
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
    grain    factor of everything but the text in a small one
    tools    False where nothing can be changed, so that there are no buttons
    has_legend  True where there is height for it
    """

    scale: float
    top: float
    bottom: float
    rows: int
    largest: float = LARGEST_NODE
    growth: float = 1.0
    grain: float = 1.0
    tools: bool = True
    has_legend: bool = True

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def fine(self) -> float:
        """The scale of what has to get smaller where there is little room."""
        return self.scale * self.grain


def frame_for(
    diagram: Diagram, available: QSizeF, scale: float, grain: float = 1.0, *, tools: bool = True
) -> tuple[Frame, float]:
    """The vertical division of a space, and the height that the scene takes at least.

    The legend goes before the units get any smaller.
    """
    units = _units_height(diagram, 1.0) * scale
    above, below = _above(diagram, tools) * scale, _below(diagram, tools) * scale
    legend = LINE * scale * tools
    has_legend = tools and available.height() >= above + units + below + legend
    below += legend * has_legend
    height = max(available.height(), above + _units_height(diagram, grain) * scale + below)
    rows = max([1, *(c.visible for c in diagram.columns if c.visible <= VISIBLE_UNITS)])
    growth = _growth(available / scale)
    frame = Frame(scale, above, height - below, rows, LARGEST_NODE * growth, growth)
    return replace(frame, grain=grain, tools=tools, has_legend=has_legend), height


def _above(diagram: Diagram, tools: bool) -> float:
    """What stands over the units: counts and buttons, activations, arcs."""
    has_arc = any(column.sign for column in diagram.columns)
    return MARGIN + (1 + tools) * LINE + GAP + ARC * has_arc


def _below(diagram: Diagram, tools: bool) -> float:
    """What stands under them: handles and crosses, or which of the units are on show."""
    has_range = any(column.is_folded or column.is_image for column in diagram.columns)
    return MARGIN + LINE * (tools or has_range)


def _growth(space: QSizeF) -> float:
    room = min(space.width() / ROOMY.width(), space.height() / ROOMY.height())
    return max(1.0, min(room, LARGEST_GROWTH))


def _units_height(diagram: Diagram, grain: float) -> float:
    hidden = [column.visible for column in diagram.columns[:-1]]
    least = SMALLEST_NODE * grain + LEAST_ROW_GAP
    # Ten outputs may be smaller than the rest: they are read by their names.
    outputs = max(0.8 * least, LEAST_OUTPUT) * diagram.columns[-1].visible
    return max([outputs, *(visible * least for visible in hidden)])


def pitch(column: Column, frame: Frame) -> float:
    """Distance of two rows: the same everywhere, but for outputs that need more rows than that."""
    rows = max(frame.rows, column.visible)
    return min(frame.height / rows, LARGEST_PITCH * frame.scale * frame.growth)


def node_size(column: Column, frame: Frame) -> float:
    distance = pitch(column, frame)
    share = NODE_SHARE if frame.tools else BARE_SHARE
    wanted = max(share * distance, SMALLEST_NODE * frame.fine)
    wanted = min(wanted, frame.largest * frame.scale)
    # Whole pixels, so that frames and pictures are sharp.
    return float(int(min(wanted, distance - LEAST_ROW_GAP)))


def strip_pad(frame: Frame) -> float:
    return round(STRIP_PAD * frame.scale)


def stub(frame: Frame) -> float:
    """Room between the bar of a layer and its units, with the sign of a sum."""
    return STUB * frame.fine


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
    return replace(frame, largest=SMALLEST_NODE * frame.grain)


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
    least = LEAST_FAN * frame.fine
    room = _edge_room(diagram, spans, labels, available, frame)
    unit = max(least, min(room, LARGEST_FAN * frame.scale * frame.growth))
    narrowest = max(NARROWEST_GAP * frame.fine, BUTTON_GAP * frame.scale * frame.tools)
    gaps = [max(unit * share, narrowest) for share in shares]
    width = max(available, fixed + sum(gaps))
    # Columns of a small network stand in the middle of a wide space.
    x = (width - fixed - sum(gaps)) / 2 + MARGIN * frame.scale + labels[0]
    lefts = []
    for span, gap in zip(spans, [*gaps, 0.0], strict=True):
        lefts.append(float(round(x)))
        x += span + gap
    return lefts, width
