"""Cells with a check mark, in the look of the window. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from playground.ui.look import icons, theme

Index = QModelIndex | QPersistentModelIndex
_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Select)


class CheckMarks(QStyledItemDelegate):
    """Draws a check box that can be seen on dark panels, too; the style's own is black there.

    A click anywhere in the cell, or Space, puts the mark or takes it away.
    """

    SIDE = 16
    """Pixels along each side of the box, before the text is scaled."""

    @classmethod
    def paint_mark(cls, painter: QPainter, left: float, row: QRectF, *, is_on: bool) -> None:
        """The box, and the mark in it, in the middle of a row."""
        now, side = theme.current(), theme.scaled(cls.SIDE)
        box = QRectF(left, row.center().y() - side / 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.line_pen(now.ink if is_on else now.muted))
        painter.setBrush(now.ink if is_on else now.panel)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if is_on:
            ratio = painter.device().devicePixelRatioF()
            mark = icons.pixmap("check", now.panel, side - 4, ratio)
            painter.drawPixmap(box.topLeft() + QPointF(2, 2), mark)

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        if not index.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            return False
        is_click = event.type() == QEvent.Type.MouseButtonRelease
        is_key = isinstance(event, QKeyEvent) and event.key() in _KEYS
        if not is_click and not (is_key and event.type() == QEvent.Type.KeyPress):
            return False
        is_on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        state = Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked
        return model.setData(index, state, Qt.ItemDataRole.CheckStateRole)
