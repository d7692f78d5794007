"""The small field in which a number of the picture is changed: a weight, a bias, a setting.

Imports PySide6 and the widget kit; GUI thread only.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from playground.ui import theme
from playground.ui.widgets import Label, NumberField

__all__ = ["NumberEditor"]

LARGEST_WEIGHT: Final = 1000.0


class NumberEditor(QFrame):
    """A name and a number in a small card over the picture.

    Enter gives the number, Escape and a click elsewhere give up; either way the card goes.
    """

    given = Signal(float)

    def __init__(
        self,
        parent: QWidget,
        name: str,
        value: float,
        *,
        minimum: float = -LARGEST_WEIGHT,
        maximum: float = LARGEST_WEIGHT,
        step: float = 0.1,
        integer: bool = False,
    ) -> None:
        super().__init__(parent)
        self._home = parent
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAutoFillBackground(True)
        now = theme.current()
        self.setStyleSheet(
            f"NumberEditor {{ background: {now.panel.name()}; border: 1px solid {now.track.name()};"
            f" border-radius: {theme.CONTROL_RADIUS}px; }}"
        )
        # Four digits are what a person reads; the stored value keeps its own.
        self.field = NumberField(
            name, minimum, maximum, float(f"{value:.4g}"), step=step, integer=integer
        )
        self.field.setFixedWidth(theme.scaled(84))
        self._start = self.field.text()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP, theme.UNIT, theme.UNIT, theme.UNIT)
        row.addWidget(Label(name, "caption", muted=True))
        row.addWidget(self.field)
        self.field.installEventFilter(self)
        # Enter is told first, then the field reads the entry and tells that editing has finished.
        self._is_entered = False
        self.field.returnPressed.connect(self._note_enter)
        self.field.editingFinished.connect(self._finish)

    def open_at(self, at: QPoint) -> None:
        """Show beside a point of the parent, inside of it, ready to type."""
        self.adjustSize()
        room = self._home.rect().adjusted(4, 4, -4, -4)
        x = max(room.left(), min(at.x() + 10, room.right() - self.width()))
        y = max(room.top(), min(at.y() + 10, room.bottom() - self.height()))
        self.move(x, y)
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self.field.selectAll()

    @Slot()
    def _note_enter(self) -> None:
        self._is_entered = True

    @Slot()
    def _finish(self) -> None:
        is_entered, self._is_entered = self._is_entered, False
        if not is_entered or self.field.message():
            return  # a refused entry says what is wrong and waits
        if self.field.text() != self._start:
            self.given.emit(self.field.value())
        self._leave()

    def _leave(self) -> None:
        had_focus = self.field.hasFocus()
        self.field.removeEventFilter(self)
        self.close()
        if had_focus:
            self._home.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._leave()
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self._leave()
            return True
        return super().eventFilter(watched, event)
