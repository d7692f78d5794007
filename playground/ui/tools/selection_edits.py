"""Edits of a sheet: points and selection change together, so that no row points past its point.

The keys and menus of the canvas use them on the selection, the tools while they work. Pure
functions from one sheet to a stroke. Imports core and numpy; any thread.
"""

from __future__ import annotations

import numpy as np

from playground.core.points import IntArray, frozen
from playground.ui.tools.tool import Sheet, Stroke, no_rows

__all__ = [
    "DUPLICATE_OFFSET",
    "duplicated",
    "everything",
    "merged",
    "moved",
    "nothing",
    "recolored",
    "removed",
    "rows_after_removal",
]

DUPLICATE_OFFSET = (0.3, -0.3)
"""How far duplicates stand from their originals, in canvas units: right and down."""


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


def removed(sheet: Sheet, rows: IntArray | None = None) -> Stroke:
    """Without the points at `rows`, or without the selected ones."""
    gone = sheet.selected if rows is None else rows
    if not len(gone):
        return Stroke()
    left = rows_after_removal(sheet.selected, gone) if len(sheet.selected) else None
    return Stroke(sheet.points.remove(gone), left)


def moved(sheet: Sheet, dx: float, dy: float) -> Stroke:
    """The selected points moved by (dx, dy) canvas units."""
    if not len(sheet.selected):
        return Stroke()
    return Stroke(sheet.points.shift(sheet.selected, (dx, dy)))


def recolored(sheet: Sheet, answer: float) -> Stroke:
    """The selected points with another class, or another target."""
    if not len(sheet.selected):
        return Stroke()
    return Stroke(sheet.points.relabel(sheet.selected, answer))


def duplicated(sheet: Sheet, offset: tuple[float, float] = DUPLICATE_OFFSET) -> Stroke:
    """Each selected point once more, a little aside; the new ones are selected."""
    if not len(sheet.selected):
        return Stroke()
    before = len(sheet.points)
    points = sheet.points.duplicate(sheet.selected, offset)
    return Stroke(points, frozen(np.arange(before, len(points))))


def everything(sheet: Sheet) -> Stroke:
    """All points selected."""
    return Stroke(selected=frozen(np.arange(len(sheet.points))))


def nothing() -> Stroke:
    """No point selected."""
    return Stroke(selected=no_rows())
