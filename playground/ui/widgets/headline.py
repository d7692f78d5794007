"""Headline: a number to be read across the room, with its name under it.

Imports PySide6 and the theme; GUI thread only.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets.base import Label, Restyled, describe, painting
from playground.ui.widgets.layouts import vbox


class _Value(Label):
    """The number, on the same line as its neighbours: Qt would put one with Japanese signs in it
    higher.
    """

    def _dress(self) -> None:
        super()._dress()
        self.setFixedHeight(self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            line = self.height() - self.fontMetrics().descent()
            painter.drawText(QPointF(0, line), self.text())


class Headline(Restyled, QWidget):
    """A value over its caption, as wide as `widest` for ever, so that no neighbour moves.

    Args:
        caption: what the number is, "steps / s".
        widest: the longest value to expect, "000,000".
        others: what else it may be, for which the same room is kept.
    """

    def __init__(
        self,
        caption: str,
        widest: str,
        help_text: str = "",
        parent: QWidget | None = None,
        *,
        others: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self._widest, self._captions = widest, (caption, *others)
        self._said = caption
        self._value = _Value("–", "headline")
        self._caption = Label(caption, "caption", muted=True)
        vbox(self._value, self._caption, of=self, spacing=0)
        describe(self, caption, help_text)
        self._dress()

    def value(self) -> str:
        return self._value.text()

    def set_caption(self, caption: str, help_text: str) -> None:
        """Say what the number is now: one of those that there is room for."""
        if caption != self._said:
            self._said = caption
            self._caption.setText(caption)
            describe(self, caption, help_text)
            self._name()

    def set_value(self, text: str) -> None:
        self._value.setText(text)
        self._name()

    def _name(self) -> None:
        self.setAccessibleName(f"{self._caption.text()}: {self._value.text()}")

    def _dress(self) -> None:
        number = QFontMetrics(theme.font("headline")).horizontalAdvance(self._widest)
        measure = QFontMetrics(theme.font("caption")).horizontalAdvance
        caption = max(measure(tr(each)) for each in self._captions)
        self.setFixedWidth(max(number, caption) + theme.UNIT)
