"""What the lesson panel is made of: prose, passages, the dashes of the steps, lines of goals.

Imports core, PySide6 and the widget kit; GUI thread only.
"""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QMoveEvent,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextLayout,
)
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QScrollBar, QSizePolicy, QWidget

from playground.core.catalogues import languages
from playground.core.lessons.goals import Goal
from playground.core.lessons.texts import OwnText
from playground.ui.look import icons, theme
from playground.ui.widgets import Label, LinkButton, Restyled, describe, fill_with, painting
from playground.ui.widgets.base import round_rect
from playground.ui.widgets.layouts import hbox, vbox

_REACHED = OwnText("reached")
_OPEN = OwnText("not reached yet")
_SHOW_ME = OwnText("Show me")
_SHOW_ME_HELP = OwnText("Go to the setting that this goal asks for, wherever it stands.")


class Prose(Label):
    """A passage with the line spacing of a book: easy to read across a room.

    Some fonts bring that spacing along: their language says so.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)

    def show_prose(self, text: str, language: str) -> None:
        lines = escape(text).replace("\n", "<br>")
        height = languages()[language].line_height
        self.setText(f'<p style="line-height: {height}%">{lines}</p>')
        self.setAccessibleName(text)


class GoalRow(Restyled, QWidget):
    """One line of the checklist: an empty ring, or a check mark on ink once it is reached.

    Where the goal waits for a setting, a word behind it leads to the control of that setting.
    """

    placeRequested = Signal(str)  # the path of the setting

    _MARK: Final = 18

    def __init__(self, goal: Goal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.goal = goal
        self._is_reached = False
        self._text = Label()
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.show_me = LinkButton(_SHOW_ME.en, _SHOW_ME_HELP.en)
        self.show_me.setStyleSheet("min-height: 0px;")  # it stands in a line of text
        self.show_me.clicked.connect(self._ask_where)
        self.show_me.hide()
        top = Qt.AlignmentFlag.AlignTop
        self._line = hbox((self._text, 1), (self.show_me, top), of=self, margins=None)
        self._dress()

    @property
    def is_reached(self) -> bool:
        return self._is_reached

    def text(self) -> str:
        return self._text.text()

    def show_reached(self, is_reached: bool, language: str) -> None:
        """Tick the goal or not, and say it in a language; a screen reader hears of a new tick."""
        is_news = is_reached and not self._is_reached
        self._is_reached = is_reached
        words = self.goal.words.said(language)
        self._text.setText(words)
        self._text.set_muted(is_reached)
        state = (_REACHED if is_reached else _OPEN).said(language)
        self.setAccessibleName(f"{words}: {state}")
        self.update()
        if is_news:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def wait_for(self, path: str, language: str) -> None:
        """Offer the way to a setting that the goal waits for; "" for none."""
        if (path, language) == self._awaited:
            return
        self._awaited = path, language
        self.show_me.setVisible(bool(path))
        if path:
            self.show_me.setText(_SHOW_ME.said(language))
            self.show_me.setFixedHeight(round(self._line_height()))
            describe(self.show_me, _SHOW_ME.said(language), _SHOW_ME_HELP.said(language))

    _awaited = "", ""
    """Path and language."""

    @Slot()
    def _ask_where(self) -> None:
        self.placeRequested.emit(self._awaited[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        size = theme.scaled(self._MARK)
        top = self._text.y() + (self._line_height() - size) / 2
        ring = QRectF(0.75, top + 0.75, size - 1.5, size - 1.5)
        with painting(self) as painter:
            painter.setPen(QPen(now.ink if self._is_reached else now.muted, 1.5))
            painter.setBrush(now.ink if self._is_reached else now.panel)
            painter.drawEllipse(ring)
            if self._is_reached:
                mark = round(size * 0.7)
                inset = (size - mark) / 2
                picture = icons.pixmap("check", now.panel, mark, self.devicePixelRatioF())
                painter.drawPixmap(round(inset), round(top + inset), picture)

    def _line_height(self) -> float:
        """Height of the first line as it is set: Japanese letters come from a taller font."""
        layout = QTextLayout(self._text.text(), self._text.font())
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(self._text.width())
        layout.endLayout()
        return line.height()

    def _dress(self) -> None:
        self.show_me.setFixedHeight(round(self._line_height()))
        left = theme.scaled(self._MARK) + theme.GAP
        self._line.setContentsMargins(left, theme.UNIT // 2, 0, theme.UNIT // 2)


class Passage(Restyled, QWidget):
    """Text under a small title; hidden where there is nothing to say."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._icon = QLabel()
        self._title = Label("", "strong")
        self._text = Prose()
        head = hbox(self._icon, (self._title, 1), spacing=6)
        vbox(
            head,
            self._text,
            of=self,
            spacing=theme.UNIT,
            margins=(theme.PANEL_PADDING - 2, theme.GAP, theme.GAP, theme.GAP),
        )
        self._dress()

    def show_text(self, title: str, text: str, language: str) -> None:
        self._title.setText(title)
        self._text.show_prose(text, language)
        self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        with painting(self) as painter:
            fill_with(painter, now.soft)
            painter.drawRoundedRect(round_rect(self), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)

    def _dress(self) -> None:
        size = theme.scaled(15)
        color = theme.current().ink
        self._icon.setPixmap(icons.pixmap(self._icon_name, color, size, self.devicePixelRatioF()))
        self._icon.setFixedSize(size, size)


class Progress(QWidget):
    """A dash for every step: ink for those that are behind or open, line for those to come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step, self._count = 0, 1
        self.setFixedHeight(theme.UNIT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_step(self, step: int, count: int) -> None:
        self._step, self._count = step, count
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, theme.UNIT)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        width = (self.width() + theme.UNIT) / self._count
        with painting(self) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            for index in range(self._count):
                painter.setBrush(now.ink if index <= self._step else now.line)
                dash = QRectF(index * width, 0, width - theme.UNIT, self.height())
                painter.drawRoundedRect(dash, 2, 2)


class ScrolledPage(QScrollArea):
    """A page no higher than what is on it, which scrolls where there is less room.

    Its scroll bar stands in the padding of the `card` around it: with the bar and without it the
    page ends in the same place.
    """

    def __init__(self, page: QWidget, card: QWidget) -> None:
        super().__init__(card)
        layout = page.layout()
        assert layout is not None, "a page has one"
        self._layout = layout
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._bar, own = QScrollBar(Qt.Orientation.Vertical, card), self.verticalScrollBar()
        own.rangeChanged.connect(self._show_bar)
        own.valueChanged.connect(self._bar.setValue)
        self._bar.valueChanged.connect(own.setValue)
        self._show_bar()

    @Slot()
    def _show_bar(self) -> None:
        own = self.verticalScrollBar()
        self._bar.setRange(own.minimum(), own.maximum())
        self._bar.setPageStep(own.pageStep())
        self._bar.setVisible(own.maximum() > own.minimum())
        beside = QRect(self.x() + self.width(), self.y(), theme.PANEL_PADDING - 1, self.height())
        self._bar.setGeometry(beside)
        self._bar.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # the page says more, or less
        return super().eventFilter(watched, event)

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._show_bar()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_bar()
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(0, self._layout.totalHeightForWidth(self.viewport().width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, theme.scaled(60))
