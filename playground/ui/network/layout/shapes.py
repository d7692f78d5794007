"""What a layout is made of: places of columns, edge bundles, and the whole.

Owns the value types that the rest of the package reads. Imports QtCore's plain value types and the
diagram; no widgets, any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSizeF

from playground.ui.network.structure.diagram import Column, Diagram

Floats = npt.NDArray[np.float64]
Measure = Callable[[str], float]
"""Width of a text in logical pixels."""


class Measures(NamedTuple):
    """Widths of texts in the fonts of the picture: headers are captions, names are body text."""

    caption: Measure
    body: Measure


class Detail(IntEnum):
    """How much the headers say, by the room between the columns."""

    NOTHING = 0
    COUNT = 1  # "8"
    COMPACT = 2  # "- 8 +"
    FULL = 3  # "- 8 units +"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stands.

    band     all that belongs to the column, from header to footer
    nodes    one square for each visible unit, first..first + len(nodes) - 1, from the top
    rows     heights at which its values leave, one a visible unit
    left, right  where lines arrive and leave
    parts    the header's and footer's own rectangles: "units", "fewer", "more", "activation",
             "handle", "remove", "range"; and "block", "strip", "thumb" where there are any, and
             "plus", the sign with which the input joins what a block made of it, in its first row
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
class EdgeBundle:
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
    tools      False where nothing can be changed: no buttons, and counts in words
    """

    diagram: Diagram
    size: QSizeF
    places: tuple[Place, ...]
    additions: tuple[QRectF, ...]
    legend: QRectF
    edges: tuple[EdgeBundle, ...]
    detail: Detail
    thickness: float
    tools: bool = True

    def scroll_range(self, column: int) -> int:
        """The largest index that the first visible unit of a column can have."""
        entry = self.diagram.columns[column]
        return entry.units - entry.visible

    def insertion_x(self, gap: int) -> float:
        """Where the mark stands that shows an insertion at hidden index `gap`."""
        return self.additions[gap].center().x()


def heights(ends: Floats, t: Floats) -> Floats:
    """y of curves (N, 4) at the part t of their way: y0 + (y1 - y0) (3 t^2 - 2 t^3).

    That is the cubic Bezier curve with its handles at thirds, level at both ends.
    """
    return ends[:, 1] + (ends[:, 3] - ends[:, 1]) * t * t * (3 - 2 * t)


def slopes(ends: Floats, t: Floats) -> Floats:
    """dy/dx of the same curves."""
    rise = (ends[:, 3] - ends[:, 1]) / np.maximum(ends[:, 2] - ends[:, 0], 1e-9)
    return rise * 6 * t * (1 - t)
