"""Card: the flat panel that every area of the window sits on.

Imports PySide6 and the theme; GUI thread only.
"""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QTabBar, QWidget

from playground.ui.explain import texts
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets.base import Label, Restyled, describe, painting, round_rect, wrapped
from playground.ui.widgets.layouts import STRETCH, hbox, vbox
from playground.ui.widgets.question import QuestionMark

TITLE_ROW: Final = 28
"""Pixels of the first line of every card, so that the titles of neighbours stand in one line."""


class Card(Restyled, QWidget):
    """A titled panel: section title at the left, header widgets at the right, content under them.

    A title that has an explanation is followed by a question mark. Put content into `content` (a
    QVBoxLayout) or give a whole layout to `content.addLayout`.
    """

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr(title))
        self._title = Label(title, "section", muted=True)
        self._name = hbox(self._title, spacing=theme.UNIT)
        self._title_row = QWidget()
        self._title_row.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._header = hbox(self._name, STRETCH, of=self._title_row)
        self.content = vbox()
        vbox(self._title_row, (self.content, 1), of=self, margins=theme.PANEL_PADDING)
        self.explain(title)
        self._fix_title_row()
        self._show_title_row()

    def explain(self, area: str) -> None:
        """Put the question mark of an area behind the title, where somebody has explained it."""
        text = texts.area(area)
        if text:
            self.setWhatsThis(wrapped(text))
            self._name.addWidget(QuestionMark(area.lower(), area, self))

    def title(self) -> str:
        return self._title.text()

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self._show_title_row()
        self.setAccessibleName(tr(title))

    def show_title_row(self, shown: bool) -> None:
        """Show the first line with all that stands in it, or give its room to the rest."""
        self._has_title_row = shown
        self._show_title_row()

    _has_title_row = True

    def _show_title_row(self) -> None:
        self._title_row.setVisible(self._has_title_row and bool(self._title.text()))

    def controls(self) -> dict[str, QWidget]:
        """What can be hidden or locked by itself, by the names that project files use."""
        return {}

    def add_to_header(self, widget: QWidget, stretch: int = 0) -> None:
        """Append a widget at the right-hand end of the title's line, or over all that is left."""
        self._header.addWidget(widget, stretch, Qt.AlignmentFlag.AlignVCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        with painting(self) as painter:
            painter.setPen(QPen(now.line, 1.0))
            painter.setBrush(now.panel)
            painter.drawRoundedRect(round_rect(self), theme.PANEL_RADIUS, theme.PANEL_RADIUS)

    def _restyle(self) -> None:
        self._fix_title_row()
        super()._restyle()

    def _fix_title_row(self) -> None:
        """One height everywhere, whatever stands in it and in which language.

        The title has it: were it the row's own, higher controls in it would be cut in a low window.
        """
        self._title.setMinimumHeight(theme.scaled(TITLE_ROW))


class Tabs(Restyled, QTabBar):
    """Names to choose from in the title row of a card; the chosen one is ink on a line of ink."""

    def __init__(self, name: str, help_text: str = "", *, narrow: bool = False) -> None:
        super().__init__()
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setProperty("narrow", narrow)
        # The chosen name is bold and a little wider than Qt reckons with; there is room for it.
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        describe(self, name, help_text)
        self._dress()

    def _dress(self) -> None:
        self.setFixedHeight(theme.scaled(TITLE_ROW))
