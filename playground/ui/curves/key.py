"""The key beside a plot: which line is which, and its value now or under the pointer.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from playground.core.messages import N_
from playground.ui.curves.plots import EpochPlot
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets import (
    Label,
    Restyled,
    ToolButton,
    fill_with,
    painting,
    wrapped,
)
from playground.ui.widgets.layouts import STRETCH, hbox, vbox

Style = Literal["strong", "quiet", "dashed", "none"]

WIDTH, CAPTION = 122, 11
"""Pixels of the column beside a plot, and of its text, outside presenter mode."""

FLOATING = 0.85
"""How much of the plot a key on it covers."""
CLEAR = N_("Remove the dashed curves and boundary of the run before this one.")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the key: how it is drawn, its name, its value as text."""

    style: Style
    name: str
    value: str = ""
    can_clear: bool = False


class Key(QWidget):
    """Some rows below each other; the values stand right, so that changing ones move nothing. One
    of them may have a cross behind its name.
    """

    cleared = Signal()  # the cross was pressed

    LINE = 12
    HEIGHT = 15

    def __init__(self, name: str, rows: Sequence[Row] = ()) -> None:
        super().__init__()
        self.setAccessibleName(tr(name))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.rows: tuple[Row, ...] = ()
        self.cross = ToolButton("close", "Clear ghost", CLEAR, framed=False, size=self.HEIGHT)
        self.cross.setParent(self)
        self.cross.hide()
        self.cross.clicked.connect(self.cleared)
        self.show_rows(rows)

    def show_rows(self, rows: Sequence[Row]) -> None:
        if self.rows == tuple(rows):
            return
        grows = len(self.rows) != len(rows)
        self.rows = tuple(rows)
        self.setAccessibleDescription(", ".join(f"{tr(r.name)} {r.value}".strip() for r in rows))
        if grows:
            self.updateGeometry()
        self._place_cross()
        self.update()

    def _place_cross(self) -> None:
        """Behind the name of the row that can be cleared."""
        row = next((number for number, row in enumerate(self.rows) if row.can_clear), None)
        self.cross.setVisible(row is not None)
        if row is not None:
            left = theme.scaled(self.LINE) + 2 * theme.UNIT + text_width(tr(self.rows[row].name))
            self.cross.move(left, row * theme.scaled(self.HEIGHT))

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
            pen.setWidthF(1.0 if row.style == "dashed" else 1.5)
            if row.style == "dashed":
                pen.setDashPattern([3.0, 2.0])
            painter.setPen(pen)
            painter.drawLine(QLineF(0, middle, line, middle))
        left = 0 if row.style == "none" else line + theme.scaled(theme.UNIT)
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
        self.column = vbox(*column[:-1], STRETCH, *column[-1:], of=self, spacing=0)
        self.setFixedWidth(_column_width())

    is_floating = False
    """True where it lies on the plot."""

    def _dress(self) -> None:
        self.setFixedWidth(_column_width())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.is_floating:
            with painting(self) as painter:
                fill_with(painter, theme.faded(theme.current().panel, FLOATING))
                painter.drawRoundedRect(self.rect(), theme.UNIT, theme.UNIT)


class Gap(QWidget):
    """The usual distance between two things of the column."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme.UNIT)


class PlotWithKey(QWidget):
    """A plot with its key: beside it, or in a narrow page in the corner that the curves leave.

    Lays the two out itself, because in the corner they overlap; the plot says which one is empty.
    """

    NARROW = 420
    """Pixels of width under which a column beside the plot would leave too little of it."""
    ABOVE = 26
    """Pixels that the epochs below the plot take."""

    def __init__(self, plot: EpochPlot, *column: QWidget) -> None:
        super().__init__()
        self._plot = plot
        self._side = Side(*column)
        for part in (plot, self._side):
            part.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def place(self) -> None:
        """Find the place of the key anew, after the page or what is in the key has changed."""
        side, width, height = self._side, self.width(), self.height()
        scale = side.width() / WIDTH
        side.is_floating = width < theme.scaled(self.NARROW)
        self._plot.set_covered(side.width() + theme.PANEL_GAP if side.is_floating else 0)
        if not side.is_floating:
            self._plot.setGeometry(0, 0, width - side.width() - theme.GAP, height)
            side.setGeometry(width - side.width(), 0, side.width(), height)
            return
        self._plot.setGeometry(0, 0, width, height)
        least = min(side.column.minimumSize().height(), height)
        is_below = self._plot.empty_corner == Qt.Corner.BottomRightCorner
        top = max(0, height - round(self.ABOVE * scale) - least) if is_below else theme.UNIT
        left = width - side.width() - theme.PANEL_GAP
        side.setGeometry(left, top, side.width(), least)
        side.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.place()
        return super().event(event)


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
