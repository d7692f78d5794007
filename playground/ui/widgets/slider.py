"""Slider: a caption, the value in words, and a track, for whole or real numbers.

Imports PySide6 and the theme; GUI thread only.
"""

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui import theme
from playground.ui.language import tr
from playground.ui.widgets.base import FocusRing, describe


def plain(value: float) -> str:
    """A number as a person writes it: 500, 0.03, 1e-5."""
    mantissa, _, exponent = f"{value:.12g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


class Slider(FocusRing, QWidget):
    """A value between two bounds, on a linear or logarithmic track.

    Dragging and arrow keys change it by `step` (on a log scale: a hundredth of the track, rounded
    to three digits), Page keys by ten steps, Home and End go to the bounds. The wheel works only
    while the slider has the focus, so that scrolling a panel changes nothing by accident.

    `set_value` is silent; the signals tell of the person's hand only.
    """

    valueChanged = Signal(float)  # while dragging, too
    valueCommitted = Signal(float)  # once, when the hand lets go

    _KNOB = 14
    _TRACK = 4

    def __init__(
        self,
        caption: str,
        minimum: float,
        maximum: float,
        value: float,
        *,
        step: float = 1.0,
        log: bool = False,
        integer: bool = False,
        text: Callable[[float], str] = plain,
        help_text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        if not minimum < maximum or (log and minimum <= 0):
            raise ValueError(f"{caption}: no track from {minimum} to {maximum} (log: {log}).")
        self._caption = tr(caption)
        self._minimum, self._maximum = minimum, maximum
        self._step, self._log, self._integer = step, log, integer
        self._text = text
        self._value = self._clean(value)
        self._uncommitted = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        describe(self, self._spoken(), help_text, topic=caption)

    def value(self) -> float:
        return self._value

    def set_value(self, value: float) -> None:
        """Show a value, moved into the bounds; emits nothing."""
        self._value = self._clean(value)
        self.setAccessibleName(self._spoken())
        self.update()

    def set_caption(self, caption: str) -> None:
        self._caption = tr(caption)
        self.setAccessibleName(self._spoken())
        self.update()

    def position(self, value: float) -> float:
        """Where a value lies on the track: 0 at the minimum, 1 at the maximum."""
        low, high = self._minimum, self._maximum
        if self._log:
            return math.log(value / low) / math.log(high / low)
        return (value - low) / (high - low)

    def value_at(self, position: float) -> float:
        """The value at a position of the track, on its step and inside the bounds."""
        low, high = self._minimum, self._maximum
        position = min(1.0, max(0.0, position))
        raw = low * (high / low) ** position if self._log else low + position * (high - low)
        return self._clean(raw)

    def _clean(self, raw: float) -> float:
        if self._log:
            raw = float(f"{raw:.3g}")
        else:
            # Rounded again, since 3 * 0.1 is not 0.3 and a person would see the difference.
            steps = round((raw - self._minimum) / self._step)
            raw = float(f"{self._minimum + steps * self._step:.12g}")
        raw = min(self._maximum, max(self._minimum, raw))
        return float(round(raw)) if self._integer else raw

    def _spoken(self) -> str:
        return f"{self._caption}: {self._translated(self._value)}" if self._caption else ""

    def _translated(self, value: float) -> str:
        return tr(self._text(value))

    # The hand --------------------------------------------------------------------------------

    def _change(self, value: float) -> None:
        if value == self._value:
            return
        self.set_value(value)
        self._uncommitted = True
        self.valueChanged.emit(value)

    def _commit(self) -> None:
        if self._uncommitted:
            self._uncommitted = False
            self.valueCommitted.emit(self._value)

    def _moved(self, steps: int) -> float:
        if not self._log:
            return self._clean(self._value + steps * self._step)
        target = self.value_at(self.position(self._value) + steps / 100)
        # Rounding can swallow a small step of a whole number: then one unit is the step.
        if self._integer and target == self._value:
            target = self._clean(self._value + math.copysign(1, steps))
        return target

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag_to(event)
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._commit()

    def _drag_to(self, event: QMouseEvent) -> None:
        track = self._track_box()
        self._change(self.value_at((event.position().x() - track.left()) / track.width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key
        steps = {
            key.Key_Right: 1,
            key.Key_Up: 1,
            key.Key_Left: -1,
            key.Key_Down: -1,
            key.Key_PageUp: 10,
            key.Key_PageDown: -10,
        }
        bounds = {key.Key_Home: self._minimum, key.Key_End: self._maximum}
        pressed = Qt.Key(event.key())
        if pressed in steps:
            self._change(self._moved(steps[pressed]))
        elif pressed in bounds:
            self._change(bounds[pressed])
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self._commit()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._commit()
        super().focusOutEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus() or event.angleDelta().y() == 0:
            event.ignore()
            return
        self._change(self._moved(1 if event.angleDelta().y() > 0 else -1))
        self._commit()
        event.accept()

    # The picture -----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(160, self._text_height() + theme.scaled(self._KNOB) + 2)

    def minimumSizeHint(self) -> QSize:
        caption = QFontMetrics(theme.font()).horizontalAdvance(self._caption)
        figures = QFontMetrics(theme.font("caption"))
        widest = max(
            figures.horizontalAdvance(self._translated(value))
            for value in (self._minimum, self._maximum, self._value)
        )
        return QSize(max(80, caption + theme.GAP + widest), self.sizeHint().height())

    def _text_height(self) -> int:
        return QFontMetrics(theme.font()).height() + 2 if self._caption else 0

    def _track_box(self) -> QRectF:
        middle = self._text_height() + (self.height() - self._text_height()) / 2
        knob, height = theme.scaled(self._KNOB), theme.scaled(self._TRACK)
        return QRectF(knob / 2, middle - height / 2, self.width() - knob, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        if self._caption:
            self._paint_text(painter)
        self._paint_track(painter)
        painter.end()

    def _paint_text(self, painter: QPainter) -> None:
        now = theme.current()
        row = QRectF(0, 0, self.width(), self._text_height() - 2)
        painter.setFont(theme.font("caption"))
        painter.setPen(now.muted)
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(row, end, self._translated(self._value))
        painter.setFont(theme.font())
        painter.setPen(now.ink)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, self._caption)

    def _paint_track(self, painter: QPainter) -> None:
        now = theme.current()
        track = self._track_box()
        x = track.left() + self.position(self._value) * track.width()
        radius = theme.scaled(self._KNOB) / 2
        full = track.adjusted(-radius, 0, radius, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.track)
        painter.drawRoundedRect(full, 2, 2)
        painter.setBrush(now.ink)
        painter.drawRoundedRect(
            QRectF(full.left(), full.top(), x - full.left(), full.height()), 2, 2
        )
        # The knob is what the keyboard moves; a ring around the whole would cross the text.
        pen = QPen(now.focus, 4) if self.has_ring() else QPen(now.ink, 2)
        painter.setPen(pen)
        painter.setBrush(now.panel)
        knob = radius - pen.widthF() / 2
        painter.drawEllipse(QPointF(x, track.center().y()), knob, knob)
