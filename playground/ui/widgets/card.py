"""Card: the flat panel that every area of the window sits on.

Imports PySide6 and the theme; GUI thread only.
"""

from typing import Final

from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from playground.ui.explain import texts
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets.base import Label, painting, round_rect, wrapped
from playground.ui.widgets.layouts import STRETCH, hbox, vbox
from playground.ui.widgets.question import QuestionMark

_HEADER_HEIGHT: Final = 20  # as high as a small button, so that titles of neighbours align


class Card(QWidget):
    """A titled panel: section title at the left, header widgets at the right, content under them.

    A title that has an explanation is followed by a question mark. Put content into `content` (a
    QVBoxLayout) or give a whole layout to `content.addLayout`.
    """

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr(title))
        self._title = Label(title, "section", muted=True)
        self._name = hbox(self._title, spacing=theme.UNIT)
        self._header = hbox(self._name, STRETCH)
        self._title.setMinimumHeight(_HEADER_HEIGHT)
        self.content = vbox()
        vbox(self._header, (self.content, 1), of=self, margins=theme.PANEL_PADDING)
        # Only now has the title a parent: shown before, it would be a window of its own for a
        # moment.
        self._title.setVisible(bool(title))
        self.explain(title)

    def explain(self, area: str) -> None:
        """Put the question mark of an area behind the title, where somebody has explained it."""
        text = texts.area(area)
        if text:
            self.setWhatsThis(wrapped(text))
            self._name.addWidget(QuestionMark(area.lower(), area))

    def title(self) -> str:
        return self._title.text()

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.setAccessibleName(tr(title))

    def controls(self) -> dict[str, QWidget]:
        """What can be hidden or locked by itself, by the names that project files use."""
        return {}

    def add_to_header(self, widget: QWidget, stretch: int = 0) -> None:
        """Append a widget at the right-hand end of the title's line, or over all that is left."""
        self._header.addWidget(widget, stretch)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        with painting(self) as painter:
            painter.setPen(QPen(now.line, 1.0))
            painter.setBrush(now.panel)
            painter.drawRoundedRect(round_rect(self), theme.PANEL_RADIUS, theme.PANEL_RADIUS)
