"""The popover of a question mark: what an area is, with drawings to leaf through.

Escape or a click elsewhere closes it. Imports PySide6, the widget kit, texts and pages; GUI thread
only.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.explain import texts
from playground.ui.explain.drawing import Drawing
from playground.ui.explain.explanations import Page, pages
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets.base import Label, painting
from playground.ui.widgets.buttons import ToolButton
from playground.ui.widgets.layouts import STRETCH, fill, hbox, vbox
from playground.ui.widgets.popup import Popup

WIDTH: Final = 340
PICTURE_HEIGHT: Final = 132


class Picture(QWidget):
    """Shows one drawing; its words stand beside it, so the keyboard passes it by."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing: Drawing | None = None
        self.setFixedHeight(theme.scaled(PICTURE_HEIGHT))

    def show_drawing(self, drawing: Drawing | None, name: str) -> None:
        self._drawing = drawing
        self.setAccessibleName(name)
        self.setVisible(drawing is not None)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawing is None:
            return
        with painting(self) as painter:
            edge = theme.GAP
            self._drawing(painter, QRectF(self.rect()).adjusted(edge, edge, -edge, -edge))


class Booklet(QWidget):
    """Pages to leaf through with two buttons, or with the arrow keys."""

    def __init__(self, leaves: list[Page], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages, self._index = leaves, 0
        self.title, self._number = Label("", "strong"), Label("", "caption", muted=True)
        self.formula, self.sentence = Label("", "mono"), Label()
        self._note = Label("", "caption", muted=True)
        self.picture = Picture()
        self.before = ToolButton("chevron-left", "The page before", framed=False, size=24)
        self.after = ToolButton("chevron-right", "The next page", framed=False, size=24)
        self.before.clicked.connect(self._turn_back)
        self.after.clicked.connect(self._turn_on)
        for button in (self.before, self.after):
            button.installEventFilter(self)  # buttons keep the arrow keys for themselves
        self._arrange()
        self._keep_height()
        self.show_page(0)

    def _arrange(self) -> None:
        turning = (self._number, self.before, self.after)
        labels = (self.formula, self.sentence, self._note)
        self._column = vbox(
            hbox(self.title, STRETCH, *turning), self.picture, *labels, STRETCH, of=self
        )
        for part in turning:
            part.setVisible(len(self._pages) > 1)
        for label in labels:
            label.setWordWrap(True)

    def _keep_height(self) -> None:
        """As high as the highest page, so that the buttons stay where the pointer is."""
        width, highest = theme.scaled(WIDTH) - 2 * theme.PANEL_PADDING, 0
        for index in range(len(self._pages)):
            self.show_page(index)
            highest = max(highest, self._column.totalHeightForWidth(width))
        self.setFixedHeight(highest)

    def show_page(self, index: int) -> None:
        """Open page `index`; behind the last one comes the first."""
        self._index = index % len(self._pages)
        page = self._pages[self._index]
        self.setAccessibleName(page.title)
        self.setAccessibleDescription(f"{page.formula}. {page.sentence}")
        self.title.setText(page.title)
        self._number.setText(
            tr("{number} of {count}", number=self._index + 1, count=len(self._pages))
        )
        self.picture.show_drawing(page.drawing, page.title)
        for label, text in (
            (self.formula, page.formula),
            (self.sentence, page.sentence),
            (self._note, page.note),
        ):
            label.setText(text)
            label.setVisible(bool(text))

    @Slot()
    def _turn_back(self) -> None:
        self.show_page(self._index - 1)

    @Slot()
    def _turn_on(self) -> None:
        self.show_page(self._index + 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        step = None
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            return False
        self.show_page(self._index + step)
        return True


class Popover(Popup):
    """What an area is, in a few sentences, under its question mark.

    Args:
        topic: an area of `texts.area`.
        name: what the window calls it, in English.
    """

    def __init__(self, topic: str, name: str, parent: QWidget) -> None:
        super().__init__(name, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(theme.scaled(WIDTH))
        self.setAccessibleDescription(texts.area(topic))
        self.title, self.text = Label(name, "strong"), Label(texts.area(topic))
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._column = vbox(self.title, self.text, of=self, margins=theme.PANEL_PADDING)
        leaves = pages(topic)
        self.booklet = Booklet(leaves) if leaves else None
        if self.booklet is not None:
            fill(self._column, theme.GAP, self.booklet)

    def open_beside(self, mark: QWidget) -> None:
        """Show it under a widget, or above where the screen ends, and hand it the keyboard."""
        self.setFixedHeight(self._column.totalHeightForWidth(self.width()))
        self.open_at(mark.mapToGlobal(QPoint(0, mark.height() + theme.UNIT)), mark)
        first = self if self.booklet is None else self.booklet.after
        first.setFocus(Qt.FocusReason.PopupFocusReason)
