"""Switch: on or off, at once.

Imports PySide6 and the theme; GUI thread only.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets.base import FocusRing, describe, fill_with, painting, round_rect


class Switch(FocusRing, QAbstractButton):
    """A toggle with its label at the right.

    `clicked(bool)` tells of the person, `toggled(bool)` of any change; Space is the key.
    """

    _TRACK = QSize(34, 20)
    _MARGIN = 3  # room for the focus ring

    def __init__(self, text: str, help_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(tr(text))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        describe(self, text, help_text)

    def sizeHint(self) -> QSize:
        width = self._track_box().right() + self._MARGIN
        if self.text():
            width += theme.UNIT + self.fontMetrics().horizontalAdvance(self.text()) + self._MARGIN
        return QSize(round(width), theme.scaled(self._TRACK.height()) + 2 * self._MARGIN)

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        with painting(self) as painter:
            if not self.isEnabled():
                painter.setOpacity(0.5)
            track = self._track_box()
            radius = track.height() / 2
            fill_with(painter, now.focus if self.isChecked() else now.track)
            painter.drawRoundedRect(track, radius, radius)
            painter.setBrush(now.point_edge)
            x = track.right() - radius if self.isChecked() else track.left() + radius
            painter.drawEllipse(QPointF(x, track.center().y()), radius - 2.5, radius - 2.5)
            painter.setPen(QPen(now.ink))
            text_left = round(track.right()) + self._MARGIN + theme.UNIT
            area = self.rect().adjusted(text_left, 0, 0, 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.text())
            if self.has_ring():
                self.paint_ring(painter, round_rect(self, 1.0), self.ring_radius)

    def _track_box(self) -> QRectF:
        width, height = theme.scaled(self._TRACK.width()), theme.scaled(self._TRACK.height())
        top = (self.height() - height) / 2
        return QRectF(self._MARGIN, top, width, height)
