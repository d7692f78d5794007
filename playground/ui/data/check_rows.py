"""Rows with a check box in the look of the window; a click anywhere on a row checks it.

GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from playground.ui.data.check_marks import CheckMarks, Index
from playground.ui.look import theme


class CheckRows(CheckMarks):
    """Paints check box and text; rows without a check state keep its place free."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        now, row = theme.current(), QRectF(option.rect)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        painter.save()
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(row, now.soft)
        if state is not None:
            left = row.left() + theme.GAP
            self.paint_mark(painter, left, row, is_on=state == Qt.CheckState.Checked)
        painter.setPen(now.muted if state is None else now.ink)
        area = row.adjusted(theme.scaled(self.SIDE) + 2 * theme.GAP, 0, -theme.GAP, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        words = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, int(area.width())
        )
        painter.drawText(area, int(flags), words)
        painter.restore()
