"""A pad to draw an image on, and bars that say what the network takes it for.

Imports PySide6, the theme and `ink`; GUI thread only.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core import numbers
from playground.core.data.points import FloatArray
from playground.core.messages import N_
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.output.images import ink, pixels
from playground.ui.widgets import ARROWS, FocusRing, describe, draw_fitted, painting

HELP: Final = N_(
    "Draw here with the pointer. With the keyboard the arrows move the pen, with Shift they draw,"
    " and Delete wipes the pad. What is drawn is centred and scaled like the data."
)
SAYS_NOTHING: Final = N_("What the network takes your drawing for will stand here.")
SIDE: Final = 152
LINE: Final = 13
PEN_RADIUS: Final = 0.06  # of the side
KEY_STEP: Final = 0.06
MOST_BARS: Final = 10
"""Classes with a bar each, which is as high as the pad; of more, the most likely ones have one."""


class Pad(FocusRing, QWidget):
    """A square of paper and a pen with a soft edge."""

    drawn = Signal(object)  # float32 (F,): one image of raw pixels like the data's; None when wiped
    strokeEnded = Signal()  # a hand has drawn something

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = np.zeros((ink.SIDE, ink.SIDE), np.float32)
        self._style: ink.Style | None = None
        self._pen = (ink.SIDE / 2, ink.SIDE / 2)
        self._is_drawing = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)
        describe(self, "Drawing pad", HELP)

    def show_style(self, style: ink.Style) -> None:
        """Draw for data of this kind from now on; a drawing stays, and is told anew where it comes
        out differently.
        """
        before, self._style = self.pixels(), style
        after = self.pixels()
        if not self.is_empty and not _same(before, after):
            self.drawn.emit(after)

    def pixels(self) -> FloatArray | None:
        """The drawing as one image of the data, (F,); None where nothing is drawn, and while
        nothing is known of the data.
        """
        return None if self._style is None else ink.pixels_of(self._ink, self._style)

    def take_over(self, other: Pad) -> None:
        """Show what is drawn on another pad."""
        self._ink, self._pen = other._ink, other._pen
        self._tell()

    @property
    def is_empty(self) -> bool:
        return not self._ink.any()

    @Slot()
    def clear(self) -> None:
        """Empty paper."""
        self._ink = np.zeros_like(self._ink)
        self._tell()

    def _draw_to(self, place: tuple[float, float], *, is_new: bool = False) -> None:
        start = place if is_new else self._pen
        self._ink = ink.stroke(self._ink, start, place, PEN_RADIUS * ink.SIDE)
        self._pen = place
        self._is_drawing = True
        self._tell()

    def _tell(self) -> None:
        self.update()
        if self._style is not None:
            self.drawn.emit(self.pixels())

    def _place(self, at: QPointF) -> tuple[float, float]:
        scale = ink.SIDE / self.width()
        return at.x() * scale, at.y() * scale

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._draw_to(self._place(event.position()), is_new=True)
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._draw_to(self._place(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._end_stroke()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self._end_stroke()
        super().keyReleaseEvent(event)

    def _end_stroke(self) -> None:
        was_drawing, self._is_drawing = self._is_drawing, False
        if was_drawing and not self.is_empty and self._style is not None:
            self.strokeEnded.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        elif key in ARROWS:
            self._walk(*ARROWS[key], has_shift=_has_shift(event))
        else:
            super().keyPressEvent(event)

    def _walk(self, dx: int, dy: int, *, has_shift: bool) -> None:
        step = KEY_STEP * ink.SIDE
        place = (
            min(max(self._pen[0] + dx * step, 0.0), float(ink.SIDE)),
            min(max(self._pen[1] + dy * step, 0.0), float(ink.SIDE)),
        )
        if has_shift:
            self._draw_to(place)
        else:
            self._pen = place
            self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(SIDE), theme.scaled(SIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self.rect()), pixels.picture(self._ink[None], 0.0, 1.0))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(now.track, 1.0))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
            if self.is_empty:
                painter.setPen(now.muted)
                painter.setFont(theme.font("caption"))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Draw here"))
            if self.has_ring():
                scale = self.width() / ink.SIDE
                at = QPointF(self._pen[0] * scale, self._pen[1] * scale)
                painter.setPen(QPen(now.focus, 2.0))
                painter.drawEllipse(at, *[PEN_RADIUS * self.width()] * 2)
                self.paint_ring(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), 2.0)


def _same(first: FloatArray | None, second: FloatArray | None) -> bool:
    return first is second or (
        first is not None and second is not None and np.array_equal(first, second)
    )


def _has_shift(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


class ProbabilityBars(QWidget):
    """The probability of every class as a bar with its name and its number, once there is one; of
    many classes, those that are most likely.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._values: npt.NDArray = np.empty(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        describe(self, "Class probabilities", "What the network takes the drawing for.")

    def show_names(self, names: tuple[str, ...]) -> None:
        self._names = names
        self.show_values(None)
        self.updateGeometry()

    def show_values(self, values: FloatArray | None) -> None:
        """Probabilities (classes,); None where nothing is drawn."""
        self._values = np.empty(0) if values is None else np.nan_to_num(np.ravel(values))
        self.setAccessibleDescription(self._said())
        self.update()

    def _said(self) -> str:
        if len(self._values) != len(self._names) or not len(self._values):
            return tr("Nothing is drawn.")
        order = np.argsort(-self._values, kind="stable")[:3]
        return ", ".join(f"{self._names[i]}: {numbers.percent(self._values[i], 0)}" for i in order)

    def sizeHint(self) -> QSize:
        line = max(theme.scaled(LINE), QFontMetrics(theme.font("caption")).height())
        return QSize(theme.scaled(140), line * max(1, self._shown()))

    def _shown(self) -> int:
        """How many classes have a bar."""
        return min(len(self._names), MOST_BARS)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scaled(90), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            if len(self._values) != len(self._names) or not len(self._values):
                self._paint_sentence(painter)
                return
            winner = int(self._values.argmax())
            height = self.height() / self._shown()
            for row, label in enumerate(self._order()):
                line = QRectF(0, row * height, self.width(), height)
                name, value = self._names[label], float(self._values[label])
                _paint_bar(painter, line, name, value, is_winner=label == winner)

    def _order(self) -> list[int]:
        """The classes that have a bar: all in their order, or the most likely ones first."""
        if self._shown() == len(self._names):
            return list(range(len(self._names)))
        return np.argsort(-self._values, kind="stable")[: self._shown()].tolist()

    def _paint_sentence(self, painter: QPainter) -> None:
        """What will be here."""
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.current().muted)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)
        painter.drawText(QRectF(self.rect()), flags, tr(SAYS_NOTHING))


def _paint_bar(
    painter: QPainter, line: QRectF, name: str, value: float, *, is_winner: bool
) -> None:
    now, gap = theme.current(), theme.GAP
    caption = theme.font("caption")
    caption.setBold(is_winner)
    painter.setFont(caption)
    label = QRectF(line.left(), line.top(), min(line.width() / 3, theme.scaled(44)), line.height())
    number = QRectF(line.right() - theme.scaled(36), line.top(), theme.scaled(36), line.height())
    bar = QRectF(label.right() + gap, line.center().y() - 3, 0, 6)
    room = number.left() - gap - bar.left()
    painter.setPen(now.ink if is_winner else now.muted)
    middle = Qt.AlignmentFlag.AlignVCenter
    draw_fitted(painter, label, middle | Qt.AlignmentFlag.AlignRight, name)
    painter.drawText(number, middle | Qt.AlignmentFlag.AlignRight, numbers.percent(value, 0))
    painter.setPen(Qt.PenStyle.NoPen)
    for share, colour in ((1.0, now.track), (value, now.ink if is_winner else now.muted)):
        bar.setWidth(room * min(max(share, 0.0), 1.0))
        painter.setBrush(colour)
        painter.drawRoundedRect(bar, 3, 3)
