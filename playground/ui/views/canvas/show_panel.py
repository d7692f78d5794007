"""What the canvas shows beside the points: switches in a small panel that a button opens.

Switches and not menu entries, so that several can be turned while one watches. GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.ui import theme
from playground.ui.language import tr
from playground.ui.widgets import LinkButton, Switch

__all__ = ["ShowButton", "ShowPanel"]


class ShowPanel(QWidget):
    """A column of controls that floats under its button; Escape or a click elsewhere closes it."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAccessibleName(tr(name))
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # or its button would open it again
        self._column = QVBoxLayout(self)
        padding = theme.PANEL_PADDING
        self._column.setContentsMargins(padding, padding, padding, padding)
        self._column.setSpacing(theme.UNIT)

    def add(self, widget: QWidget) -> None:
        self._column.addWidget(widget)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), now.panel)
        painter.setPen(now.line)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def open_under(self, button: QWidget) -> None:
        """Show the panel with its right edge under that of a button, and hand it the keyboard."""
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width(), button.height() + theme.UNIT))
        self.move(corner - QPoint(self.width(), 0))
        self.show()
        first = next((s for s in self.findChildren(Switch) if s.isVisible()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)


class ShowButton(LinkButton):
    """Opens its panel."""

    def __init__(self, text: str, help_text: str, panel: ShowPanel) -> None:
        super().__init__(text, help_text, "chevron-down")
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the mark behind the word
        self._panel = panel
        self.clicked.connect(self._open)

    @Slot()
    def _open(self) -> None:
        self._panel.open_under(self)
