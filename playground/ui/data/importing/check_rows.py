"""Rows with a check box in the look of the window; a click anywhere on a row checks it.

GUI thread.
"""

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
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from playground.ui.look import icons, theme

_BOX = 16
_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Select)


class CheckRows(QStyledItemDelegate):
    """Paints check box and text; rows without a check state keep its place free."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        now, row = theme.current(), QRectF(option.rect)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        side = theme.scaled(_BOX)
        box = QRectF(row.left() + theme.GAP, row.center().y() - side / 2, side, side)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(row, now.soft)
        if state is not None:
            is_on = Qt.CheckState(state) == Qt.CheckState.Checked
            painter.setPen(QPen(now.ink if is_on else now.muted, 1.0))
            painter.setBrush(now.ink if is_on else now.panel)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            if is_on:
                ratio = painter.device().devicePixelRatioF()
                mark = icons.pixmap("check", now.panel, side - 4, ratio)
                painter.drawPixmap(box.topLeft() + QPointF(2, 2), mark)
        painter.setPen(now.muted if state is None else now.ink)
        area = row.adjusted(side + 2 * theme.GAP, 0, -theme.GAP, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        words = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, int(area.width())
        )
        painter.drawText(area, int(flags), words)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Check or uncheck a row, by the pointer or with the space bar."""
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        is_click = event.type() == QEvent.Type.MouseButtonRelease
        is_key = isinstance(event, QKeyEvent) and event.key() in _KEYS
        if state is None or not (is_click or (is_key and event.type() == QEvent.Type.KeyPress)):
            return False
        is_on = Qt.CheckState(state) == Qt.CheckState.Checked
        other = Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked
        return model.setData(index, other.value, Qt.ItemDataRole.CheckStateRole)
