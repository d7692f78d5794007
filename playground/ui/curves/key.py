"""The key beside a plot: which line is which, and its value now or under the pointer.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets import Label, Restyled, wrapped
from playground.ui.widgets.layouts import STRETCH, hbox, vbox

Style = Literal["strong", "quiet", "dashed", "none"]

WIDTH, CAPTION = 108, 11
"""Pixels of the column beside a plot, and of its text, outside presenter mode."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the key: how it is drawn, its name, its value as text."""

    style: Style
    name: str
    value: str = ""


class Key(QWidget):
    """Some rows below each other; the values stand right, so that changing ones move nothing."""

    LINE = 12
    HEIGHT = 15

    def __init__(self, name: str, rows: Sequence[Row] = ()) -> None:
        super().__init__()
        self.setAccessibleName(tr(name))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.rows: tuple[Row, ...] = ()
        self.show_rows(rows)

    def show_rows(self, rows: Sequence[Row]) -> None:
        if self.rows == tuple(rows):
            return
        grows = len(self.rows) != len(rows)
        self.rows = tuple(rows)
        self.setAccessibleDescription(", ".join(f"{tr(r.name)} {r.value}".strip() for r in rows))
        if grows:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_column_width(), theme.scaled(self.HEIGHT) * len(self.rows))

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setFont(theme.font("caption"))
            height = theme.scaled(self.HEIGHT)
            for index, row in enumerate(self.rows):
                self._paint_row(painter, row, QRectF(0, index * height, self.width(), height))

    def _paint_row(self, painter: QPainter, row: Row, box: QRectF) -> None:
        now, middle, line = theme.current(), box.center().y(), theme.scaled(self.LINE)
        if row.style != "none":
            pen = theme.line_pen(now.ink if row.style == "strong" else now.muted)
            pen.setWidthF(1.5 if row.style == "strong" else 1.0)
            if row.style == "dashed":
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawLine(QLineF(0, middle, line, middle))
        left = 0 if row.style == "none" else line + theme.UNIT
        painter.setPen(now.muted)
        name = box.adjusted(left, 0, 0, 0)
        painter.drawText(
            name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, tr(row.name)
        )
        painter.setPen(now.ink)
        painter.drawText(
            box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.value
        )


class Side(Restyled, QWidget):
    """The narrow column at the right of a plot; what is added last stands at its foot."""

    def __init__(self, *column: QWidget) -> None:
        super().__init__()
        vbox(*column[:-1], STRETCH, *column[-1:], of=self, spacing=0)
        self.setFixedWidth(_column_width())

    def _dress(self) -> None:
        self.setFixedWidth(_column_width())


class Gap(QWidget):
    """The usual distance between two things of the column."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme.UNIT)


def beside(page: QWidget, plot: QWidget, *column: QWidget) -> QVBoxLayout:
    """Lay a page out: a plot, and at its right a narrow column."""
    row = hbox((plot, 1), Side(*column))
    return vbox((row, 1), of=page, spacing=theme.UNIT, margins=(0, theme.UNIT, 0, 0))


def caption(text: str = "") -> Label:
    """A quiet sentence that breaks into as many lines as it needs."""
    label = Label(text, "caption", muted=True)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return label


class Sentence(Label):
    """A quiet sentence in one or two lines of fixed height; what does not fit is in its tooltip."""

    _whole, _lines = "", 1

    def __init__(self) -> None:
        super().__init__("", "caption", muted=True)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def whole(self) -> str:
        """The sentence without abridgement."""
        return self._whole

    def say(self, sentence: str) -> None:
        sentence = tr(sentence)
        if sentence != self._whole:
            self._whole = sentence
            self.setAccessibleName(sentence)
            self.setToolTip(wrapped(sentence) if sentence else "")
            self._fit()

    def set_lines(self, lines: int) -> None:
        if lines != self._lines:
            self._lines = lines
            self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _dress(self) -> None:
        super()._dress()
        self.setFixedHeight(self._lines * self.fontMetrics().lineSpacing() + theme.UNIT // 2)
        self._fit()

    def _fit(self) -> None:
        # Words that move to the next line leave some of the line before empty.
        room = self.width() * self._lines - (self._lines - 1) * _column_width()
        mode = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(self._whole, mode, room))


def number(value: float, digits: int = 3) -> str:
    """A value of the key: some significant digits, a true minus sign, – where there is none."""
    if value != value:
        return "–"
    return f"{value:.{digits}g}".replace("-", "−")


def _column_width() -> int:
    """Pixels of the column: captions may have grown more than the text scale says."""
    return round(WIDTH * theme.font("caption").pixelSize() / CAPTION)


def text_width(text: str) -> int:
    """Pixels that a caption takes."""
    return _width(text, theme.font("caption").pixelSize())


@lru_cache(maxsize=1024)
def _width(text: str, pixels: int) -> int:
    """The width of a caption of that size; measuring takes longer than painting."""
    return QFontMetrics(theme.font("caption")).horizontalAdvance(text) + 1
