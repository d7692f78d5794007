"""The short way from one structure to the next.

Owns which node of a new structure is which node of the old one, and where they are in between.
Imports PySide6 and the modules beside it; GUI thread only.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QRectF, QVariantAnimation
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from playground.ui.network.layout.shapes import Layout
from playground.ui.network.structure.diagram import Column, Diagram

Boxes = dict[tuple[int, int], QRectF]
"""(column, unit) -> where that node stands."""

FIRST_SIZE: Final = 0.2
"""The part of its size from which a new node grows."""


class Transition:
    """Fades what was there, and moves the nodes that stay; repaints the widget meanwhile."""

    def __init__(self, widget: QWidget) -> None:
        self._motion = QVariantAnimation(widget)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.setStartValue(0.0)
        self._motion.setEndValue(1.0)
        self._motion.valueChanged.connect(widget.update)
        self._motion.finished.connect(widget.update)
        self._picture = QPixmap()
        self._starts: Boxes = {}

    @property
    def is_running(self) -> bool:
        return self._motion.state() == QAbstractAnimation.State.Running

    def start(self, picture: QPixmap, layout: Layout, new: Diagram, milliseconds: int) -> None:
        """Begin: `picture` is what is seen now without the nodes, `layout` where they are."""
        self.stop()
        self._picture, self._starts = picture, _starts(layout, new)
        self._motion.setDuration(milliseconds)
        self._motion.start()

    def stop(self) -> None:
        """Be at the end."""
        self._motion.stop()
        self._picture, self._starts = QPixmap(), {}

    def paint(self, painter: QPainter, layout: Layout) -> Boxes:
        """Paint what is left of the old picture; gives where the nodes of the new one are now."""
        if not self.is_running:
            return {}
        part = float(self._motion.currentValue())
        painter.setOpacity(1 - part)
        painter.drawPixmap(0, 0, self._picture)
        painter.setOpacity(1.0)
        return {
            (column, place.first + row): _between(
                self._starts.get((column, place.first + row)), end, part
            )
            for column, place in enumerate(layout.places)
            for row, end in enumerate(place.nodes)
        }


def matched_columns(old: tuple[Column, ...], new: tuple[Column, ...]) -> dict[int, int]:
    """New column -> the old one it was.

    What is alike from the front and from the back stayed; between, columns of the same number
    stand for each other. That covers what one edit does: add, remove, resize, change.
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


def _starts(layout: Layout, new: Diagram) -> Boxes:
    """Where the nodes of a new structure stand in the old layout."""
    return {
        (column, layout.places[was].first + row): QRectF(node)
        for column, was in matched_columns(layout.diagram.columns, new.columns).items()
        for row, node in enumerate(layout.places[was].nodes)
    }


def _between(start: QRectF | None, end: QRectF, part: float) -> QRectF:
    """A rectangle on its way; one without a start grows in its place."""
    if start is None:
        inset = end.width() * (1 - FIRST_SIZE) / 2
        start = end.adjusted(inset, inset, -inset, -inset)
    return QRectF(
        start.topLeft() + (end.topLeft() - start.topLeft()) * part,
        start.bottomRight() + (end.bottomRight() - start.bottomRight()) * part,
    )
