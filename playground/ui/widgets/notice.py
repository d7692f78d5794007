"""Notice: one sentence from the window to the person, in place.

Imports PySide6 and the theme; GUI thread only.
"""

from typing import Literal

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from playground.ui.language import tr
from playground.ui.look import icons, theme
from playground.ui.widgets.base import Label, Restyled, painting, round_rect
from playground.ui.widgets.buttons import ToolButton
from playground.ui.widgets.layouts import hbox

Level = Literal["info", "warning"]


class Notice(Restyled, QWidget):
    """A bar with an icon, a sentence, and a way to close it; hidden at first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level: Level = "info"
        self._icon = QLabel()
        self._text = Label()
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._close = ToolButton("close", "Close this message", framed=False, size=24)
        layout = hbox(self._icon, (self._text, 1), self._close, of=self)
        layout.setContentsMargins(theme.PANEL_PADDING, theme.UNIT, theme.GAP, theme.UNIT)
        self._close.clicked.connect(self.hide)
        self.hide()

    def show_message(self, text: str, level: Level = "info") -> None:
        """Replace what is shown."""
        self._level = level
        self._text.setText(text)
        self.setAccessibleName(tr(text))
        self._dress()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @Slot(object)
    def warn(self, text: str) -> None:
        self.show_message(text, "warning")

    def text(self) -> str:
        return self._text.text()

    def level(self) -> Level:
        return self._level

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        warns = self._level == "warning"
        with painting(self) as painter:
            painter.setPen(QPen(theme.faded(now.warning, 0.35) if warns else now.line, 1.0))
            painter.setBrush(now.warning_soft if warns else now.soft)
            painter.drawRoundedRect(round_rect(self), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)

    def _dress(self) -> None:
        now = theme.current()
        name, color = ("warning", now.warning) if self._level == "warning" else ("info", now.muted)
        size = theme.scaled(18)
        self._icon.setPixmap(icons.pixmap(name, color, size, self.devicePixelRatioF()))
        self._icon.setFixedSize(size, size)
