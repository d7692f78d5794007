"""Which node of a new structure is which node of the old one.

Pure functions over layouts and diagrams. Imports QtCore's value types; no widgets, any thread.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF

from playground.ui.views.network.diagram import Column, Diagram
from playground.ui.views.network.shapes import Layout

__all__ = ["matched_columns", "moved_boxes"]


def matched_columns(old: tuple[Column, ...], new: tuple[Column, ...]) -> dict[int, int]:
    """New column -> the old one it was.

    What is alike from the front and from the back stayed; between, columns of the same number
    stand for each other. That covers what one hand does: add, remove, resize, change.
    """
    alike = [a.settings == b.settings for a, b in zip(old, new, strict=False)]
    front = next((i for i, is_same in enumerate(alike) if not is_same), len(alike))
    front = min(front, len(old) - 1, len(new) - 1)
    most = min(len(old), len(new)) - front
    back = 0
    while back < most and old[-1 - back].settings == new[-1 - back].settings:
        back += 1
    result = {i: i for i in range(front)}
    result |= {len(new) - 1 - i: len(old) - 1 - i for i in range(back)}
    if len(old) == len(new):
        result |= {i: i for i in range(front, len(new) - back)}
    return result


def moved_boxes(layout: Layout, new: Diagram) -> dict[tuple[int, int], QRectF]:
    """(column, unit) in the new structure -> where that node stands in the old layout."""
    result = {}
    for column, was in matched_columns(layout.diagram.columns, new.columns).items():
        place = layout.places[was]
        for row, node in enumerate(place.nodes):
            result[column, place.first + row] = QRectF(node)
    return result
