"""Headline: a number to be read across the room, with its name under it.

Imports PySide6 and the theme; GUI thread only.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from playground.ui.look import theme
from playground.ui.widgets.base import Label, Restyled, describe
from playground.ui.widgets.layouts import vbox


class Headline(Restyled, QWidget):
    """A value over its caption, as wide as `widest` for ever, so that no neighbour moves.

    Args:
        caption: what the number is, "steps / s".
        widest: the longest value to expect, "000,000".
    """

    def __init__(
        self, caption: str, widest: str, help_text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._widest = widest
        self._value = Label("–", "headline")
        self._caption = Label(caption, "caption", muted=True)
        vbox(self._value, self._caption, of=self, spacing=0)
        describe(self, caption, help_text)
        self._dress()

    def value(self) -> str:
        return self._value.text()

    def set_value(self, text: str) -> None:
        self._value.setText(text)
        self.setAccessibleName(f"{self._caption.text()}: {text}")

    def _dress(self) -> None:
        number = QFontMetrics(theme.font("headline")).horizontalAdvance(self._widest)
        caption = QFontMetrics(theme.font("caption")).horizontalAdvance(self._caption.text())
        self.setFixedWidth(max(number, caption) + theme.UNIT)
        self._value.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
