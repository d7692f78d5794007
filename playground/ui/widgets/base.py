"""What all widgets of this package share: help texts, text roles, painters, focus rings.

Imports PySide6 and the theme; GUI thread only.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QMouseEvent,
    QPaintDevice,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QTextLayout,
)
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

from playground.ui.explain import texts
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets.focus import KEYBOARD_REASONS


def describe(widget: QWidget, name: str, help_text: str = "", *, topic: str = "") -> None:
    """Give a control its accessible name and its help: as tooltip and as description.

    What's This explains more, where there is a text about `topic`, by default the name; elsewhere
    it says the help.
    """
    widget.setAccessibleName(tr(name))
    if help_text:
        help_text = tr(help_text)
        widget.setAccessibleDescription(help_text)
        widget.setToolTip(paragraph(help_text))
    explanation = texts.control(topic or name) or help_text
    if explanation:
        widget.setWhatsThis(paragraph(explanation))


def allow(control: QWidget, help_text: str, why_not: str = "") -> None:
    """Let a control be used and say what it does, or grey it and say why it cannot be used."""
    said = tr(why_not or help_text)
    control.setEnabled(not why_not)
    control.setAccessibleDescription(said)
    control.setToolTip(paragraph(said))


def line_height(label: QLabel) -> int:
    """Pixels of a line, also where the language in use takes letters of a taller font."""
    layout = QTextLayout(tr("Training"), label.font())
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()  # a line has its height only now
    taller = line.ascent() + line.descent() - QFontMetricsF(label.font()).height()
    return label.fontMetrics().height() + max(0, math.ceil(round(taller, 2)))


def say_in_popup(widget: QWidget, sentence: str) -> None:
    """Say a sentence under a control of a panel that floats, and so covers what the window says."""
    if widget.window().windowType() == Qt.WindowType.Popup:
        QToolTip.showText(widget.mapToGlobal(QPoint(0, widget.height())), wrapped(sentence), widget)


def wrapped(text: str) -> str:
    """The text in the language in use, as a `paragraph`."""
    return paragraph(tr(text))


def paragraph(text: str) -> str:
    """A finished text as the rich text that makes Qt break a long tooltip into lines."""
    return f"<p>{escape(text)}</p>"


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """A smooth painter that ends with the block, whatever happens in it."""
    with QPainter(device) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        yield painter


def fill_with(painter: QPainter, color: QColor) -> None:
    """Draw shapes in one colour, without an outline."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)


def draw_fitted(painter: QPainter, box: QRectF, flags: Qt.AlignmentFlag, text: str) -> None:
    """Draw a text, which ends in dots where the box is too narrow for it."""
    fitted = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
    painter.drawText(box, flags, fitted)


def round_rect(widget: QWidget, inset: float = 0.5) -> QRectF:
    """The widget's rectangle, inset so that a hairline falls on whole pixels."""
    return QRectF(widget.rect()).adjusted(inset, inset, -inset, -inset)


# A mixin that calls super().paintEvent needs the methods of QWidget, but must not be one at run
# time: Qt classes do not take part in Python's cooperative inheritance twice.
if TYPE_CHECKING:
    _Base = QWidget
else:
    _Base = object


class FocusRing(_Base):
    """Mixin before a QWidget class: a ring in the focus colour while the keyboard is at work here.

    A pointer press hides it, as in browsers: the person who clicks knows where they are.
    """

    ring_radius: float = theme.CONTROL_RADIUS
    _ring = False

    def has_ring(self) -> bool:
        return self._ring and self.hasFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        keeps = event.reason() == Qt.FocusReason.ActiveWindowFocusReason and self._ring
        self._ring = keeps or event.reason() in KEYBOARD_REASONS
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._ring = False
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.has_ring():
            with QPainter(self) as painter:
                self.paint_ring(painter, round_rect(self, 1.0), self.ring_radius)

    @staticmethod
    def paint_ring(painter: QPainter, box: QRectF, radius: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().focus, 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, radius, radius)


class Restyled(_Base):
    """Mixin before a QWidget class: dresses itself anew in light, dark and presenter mode."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._restyle()

    def _restyle(self) -> None:
        self._dress()

    def _dress(self) -> None:
        """Take colours and sizes from the theme."""


class Label(QLabel):
    """Text in one of the theme's roles; it follows light, dark and presenter mode."""

    def __init__(
        self,
        text: str = "",
        role: theme.FontRole = "body",
        *,
        muted: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr(text), parent)
        self._role = role
        self._muted = muted
        self.setTextFormat(Qt.TextFormat.PlainText)
        theme.follow(self, self._dress)
        self._dress()

    def setText(self, text: str) -> None:
        super().setText(tr(text))

    def showEvent(self, event: QShowEvent) -> None:
        """When a widget is shown first, Qt gives it the font back that it was made with."""
        super().showEvent(event)
        self.setFont(theme.font(self._role))

    def set_muted(self, muted: bool) -> None:
        self._muted = muted
        self._dress()

    @Slot()
    def _dress(self) -> None:
        now = theme.current()
        colors = self.palette()
        colors.setColor(self.foregroundRole(), now.muted if self._muted else now.ink)
        self.setPalette(colors)
        self.setFont(theme.font(self._role))


class ElidedLabel(Label):
    """Text in one line that ends in dots where there is no room for it; the tooltip has all."""

    _is_whole_or_not_at_all = False

    def show_whole_or_not_at_all(self, on: bool) -> None:
        """Leave the text out where there is no room for all of it, or cut it, as usual."""
        self._is_whole_or_not_at_all = on
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain()

    def setText(self, text: str) -> None:
        super().setText(text)
        self._explain()

    def is_cut(self) -> bool:
        """True where not all of the text is shown."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def _explain(self) -> None:
        self.setToolTip(paragraph(self.text()) if self.is_cut() else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_whole_or_not_at_all and self.is_cut():
            return
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            draw_fitted(painter, QRectF(self.contentsRect()), self.alignment(), self.text())
