"""Edits of the selection: points and selected rows change together, so that no row points past
its point.

The keys and menus of the canvas use them on the selection, the tools while they work. Pure
functions from a canvas state to a tool result. Imports core and numpy; any thread.
"""

from __future__ import annotations

import numpy as np

from playground.core.data.points import ASIDE, IntArray, frozen
from playground.ui.data.tools.tool import CanvasState, ToolResult, no_rows


def rows_after_removal(rows: IntArray, gone: IntArray) -> IntArray:
    """The numbers that `rows` have once the rows `gone` are taken out, without those gone."""
    gone = np.unique(gone)
    left = np.setdiff1d(rows, gone)
    return frozen(left - np.searchsorted(gone, left))


def merged(rows: IntArray, more: IntArray, *, add: bool = False, take: bool = False) -> IntArray:
    """The selection `rows` with `more` added, or taken away, or else replaced by `more`."""
    if take:
        return frozen(np.setdiff1d(rows, more))
    return frozen(np.union1d(rows, more) if add else np.unique(more))


def removed(state: CanvasState, rows: IntArray | None = None) -> ToolResult:
    """Without the points at `rows`, or without the selected ones."""
    gone = state.selected if rows is None else rows
    if not len(gone):
        return ToolResult()
    left = rows_after_removal(state.selected, gone) if len(state.selected) else None
    return ToolResult(state.points.remove(gone), left)


def moved(state: CanvasState, dx: float, dy: float) -> ToolResult:
    """The selected points moved by (dx, dy) canvas units."""
    if not len(state.selected):
        return ToolResult()
    return ToolResult(state.points.shift(state.selected, (dx, dy)))


def recolored(state: CanvasState, answer: float) -> ToolResult:
    """The selected points with another class, or another target."""
    if not len(state.selected):
        return ToolResult()
    return ToolResult(state.points.relabel(state.selected, answer))


def duplicated(state: CanvasState, offset: tuple[float, float] = ASIDE) -> ToolResult:
    """Each selected point once more, a little aside; the new ones are selected."""
    if not len(state.selected):
        return ToolResult()
    before = len(state.points)
    points = state.points.duplicate(state.selected, offset)
    return ToolResult(points, frozen(np.arange(before, len(points))))


def everything(state: CanvasState) -> ToolResult:
    """All points selected that are on show."""
    return ToolResult(selected=frozen(state.only_seen(np.arange(len(state.points)))))


def nothing() -> ToolResult:
    """No point selected."""
    return ToolResult(selected=no_rows())
