"""Popup: a panel that floats beside the button that opens it.

Imports PySide6 and the theme; GUI thread only.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.ui.language import tr
from playground.ui.look import theme


class Popup(QWidget):
    """A panel with a line around it; Escape or a click elsewhere closes it."""

    MARGIN = 8
    """Pixels that are kept free between the panel and the edge of the screen."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        # Else the click that closes it presses its button, which opens it again.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
        self.setAccessibleName(tr(name))

    def open_at(self, place: QPoint, button: QWidget) -> None:
        """Open with the upper left corner at a place of the screen that `button` is on, or so near
        that the whole panel is on that screen.
        """
        margin = self.MARGIN
        room = button.screen().availableGeometry().adjusted(margin, margin, -margin, -margin)
        x = max(room.left(), min(place.x(), room.right() - self.width()))
        y = max(room.top(), min(place.y(), room.bottom() - self.height()))
        self.move(x, y)
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.current().line)
        painter.setBrush(theme.current().panel)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
