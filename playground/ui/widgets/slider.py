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
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from playground.core.numbers import plain
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets.base import FocusRing, describe, fill_with, painting


class Slider(FocusRing, QSlider):
    """A value between two bounds, on a linear or logarithmic track.

    Dragging and arrow keys change it by `step` (on a log scale: a hundredth of the track, rounded
    to three digits), Page keys by ten steps, Home and End go to the bounds. The wheel works only
    while the slider has the focus, so that scrolling a panel changes nothing by accident.

    `set_value` is silent; the signals tell of the person's hand only. What Qt counts are places of
    the track: a step each, or on a log scale so many that every three digits have their own.
    """

    valueChanged = Signal(float)  # while dragging, too
    valueCommitted = Signal(float)  # once, when the hand lets go

    _KNOB = 14
    _TRACK = 4
    _RATIO = 4e-4
    """How far places on a log scale lie apart; three digits differ by a thousandth or more."""

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
        super().__init__(Qt.Orientation.Horizontal, parent)
        if not minimum < maximum or (log and minimum <= 0):
            raise ValueError(f"{caption}: no track from {minimum} to {maximum} (log: {log}).")
        self._caption = tr(caption)
        self._log, self._integer = log, integer
        self._text = text
        self._shown = math.nan
        self._is_silent, self._is_uncommitted = True, False
        self._lay_track(minimum, maximum, step)
        self.actionTriggered.connect(self._reach_another_value)
        self.sliderReleased.connect(self._commit)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_value(value)
        describe(self, self._spoken(), help_text, topic=caption)

    def _lay_track(self, minimum: float, maximum: float, step: float) -> None:
        self._low, self._high, self._step = minimum, maximum, step
        is_log, length = self._log, (maximum - minimum) / step
        length = math.log(maximum / minimum) / self._RATIO if is_log else length
        self._places = max(1, round(length))
        self.setRange(0, self._places)
        self.setSingleStep(max(1, self._places // 100) if is_log else 1)
        self.setPageStep(10 * self.singleStep())

    def set_track(
        self, minimum: float, maximum: float, step: float, text: Callable[[float], str]
    ) -> None:
        """Another range, with the hand where it was as a part of it; emits nothing."""
        position = self.position(self.value())
        self._is_silent, self._text = True, text
        self._lay_track(minimum, maximum, step)
        self.set_value(self.value_at(position))

    def value(self) -> float:  # type: ignore[override]
        return self._value_of(super().value())

    def set_value(self, value: float) -> None:
        """Show a value, moved into the bounds; emits nothing."""
        self._is_silent = True
        self.setValue(self._place_of(self._clean(value)))
        self._is_silent = False
        self.setAccessibleName(self._spoken())
        self.update()

    def set_caption(self, caption: str) -> None:
        self._caption = tr(caption)
        self.setAccessibleName(self._spoken())
        self.update()

    def position(self, value: float) -> float:
        """Where a value lies on the track: 0 at the minimum, 1 at the maximum."""
        low, high = self._low, self._high
        if self._log:
            return math.log(value / low) / math.log(high / low)
        return (value - low) / (high - low)

    def value_at(self, position: float) -> float:
        """The value at a position of the track, on its step and inside the bounds."""
        low, high = self._low, self._high
        position = min(1.0, max(0.0, position))
        raw = low * (high / low) ** position if self._log else low + position * (high - low)
        return self._clean(raw)

    def _clean(self, raw: float) -> float:
        if self._log:
            raw = float(f"{raw:.3g}")
        else:
            # Rounded again, since 3 * 0.1 is not 0.3 and a person would see the difference.
            steps = round((raw - self._low) / self._step)
            raw = float(f"{self._low + steps * self._step:.12g}")
        raw = min(self._high, max(self._low, raw))
        return float(round(raw)) if self._integer else raw

    def _value_of(self, place: int) -> float:
        return self.value_at(place / self._places)

    def _place_of(self, value: float) -> int:
        return round(self.position(value) * self._places)

    def _spoken(self) -> str:
        return f"{self._caption}: {self._translated(self.value())}" if self._caption else ""

    def _translated(self, value: float) -> str:
        return tr(self._text(value))

    # The hand --------------------------------------------------------------------------------

    def sliderChange(self, change: QSlider.SliderChange) -> None:
        """Qt has another place, by whatever way: a hand, a screen reader, `set_value`."""
        super().sliderChange(change)
        before, self._shown = self._shown, self.value()
        if self._shown == before or self._is_silent:
            return
        self.setAccessibleName(self._spoken())
        self._is_uncommitted = True
        self.valueChanged.emit(self._shown)
        if not self.isSliderDown():
            self._commit()

    def _commit(self) -> None:
        if self._is_uncommitted:
            self._is_uncommitted = False
            self.valueCommitted.emit(self.value())

    def _reach_another_value(self) -> None:
        """A small step on a log scale can be lost in rounding: then the next value is the step."""
        now, place = self.value(), self.sliderPosition()
        direction = 1 if place > self._place_of(now) else -1
        while 0 < place < self._places and self._value_of(place) == now:
            place += direction
        self.setSliderPosition(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._ring = False
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._drag_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag_to(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def _drag_to(self, event: QMouseEvent) -> None:
        track = self._track_box()
        position = (event.position().x() - track.left()) / track.width()
        self.setSliderPosition(round(position * self._places))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.setSliderDown(True)
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self.setSliderDown(False)
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.setSliderDown(False)
        super().focusOutEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """One step a notch, and only with the focus."""
        up = event.angleDelta().y()
        if not self.hasFocus() or up == 0:
            event.ignore()
            return
        add, subtract = self.SliderAction.SliderSingleStepAdd, self.SliderAction.SliderSingleStepSub
        self.triggerAction(add if up > 0 else subtract)
        event.accept()

    # The picture -----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(160, self._text_height() + theme.scaled(self._KNOB) + 2)

    def minimumSizeHint(self) -> QSize:
        caption = QFontMetrics(theme.font()).horizontalAdvance(self._caption)
        figures = QFontMetrics(theme.font("caption"))
        widest = max(
            figures.horizontalAdvance(self._translated(value))
            for value in (self._low, self._high, self.value())
        )
        return QSize(max(80, caption + theme.GAP + widest), self.sizeHint().height())

    def _text_height(self) -> int:
        return QFontMetrics(theme.font()).height() + 2 if self._caption else 0

    def _track_box(self) -> QRectF:
        middle = self._text_height() + (self.height() - self._text_height()) / 2
        knob, height = theme.scaled(self._KNOB), theme.scaled(self._TRACK)
        return QRectF(knob / 2, middle - height / 2, self.width() - knob, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            if not self.isEnabled():
                painter.setOpacity(0.45)
            if self._caption:
                self._paint_text(painter)
            self._paint_track(painter)

    def _paint_text(self, painter: QPainter) -> None:
        now = theme.current()
        row = QRectF(0, 0, self.width(), self._text_height() - 2)
        painter.setFont(theme.font("caption"))
        painter.setPen(now.muted)
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(row, end, self._translated(self.value()))
        painter.setFont(theme.font())
        painter.setPen(now.ink)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, self._caption)

    def _paint_track(self, painter: QPainter) -> None:
        now = theme.current()
        track = self._track_box()
        x = track.left() + self.position(self.value()) * track.width()
        radius = theme.scaled(self._KNOB) / 2
        full = track.adjusted(-radius, 0, radius, 0)
        fill_with(painter, now.track)
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
