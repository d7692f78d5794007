"""The settings of training in a low window: one line that says them, and the sheet that it opens.

Imports PySide6, core and the widget kit; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from playground.core.experiment.experiment import TrainingSpec
from playground.core.messages import Message
from playground.core.numbers import plain
from playground.core.training.losses import LOSSES
from playground.ui.language import tr
from playground.ui.look import icons, theme
from playground.ui.widgets import ENTER_KEYS, FocusRing, describe, draw_fitted, painting, wrapped
from playground.ui.widgets.base import round_rect
from playground.ui.widgets.layouts import vbox
from playground.ui.widgets.popup import Popup

EDIT: Final = Message("Edit", context="training")
HELP: Final = Message("Open these settings over the network.")


def said(training: TrainingSpec) -> tuple[Message, ...]:
    """The settings that are looked for most, in one line, and in ever shorter ones."""
    optimizer = Message(training.optimizer.label)
    told = {
        "optimizer": optimizer,
        "rate": plain(training.optimizer.learning_rate),
        "batch": str(training.batch_size),
        "loss": Message(LOSSES[training.loss].label),
    }
    whole = Message("{optimizer} · rate {rate} · batch {batch} · {loss}", **told)
    if training.batch_size == "full":
        whole = Message("{optimizer} · rate {rate} · all points at once · {loss}", **told)
    return whole, Message("{optimizer} · rate {rate}", **told), optimizer


class SummaryLine(FocusRing, QAbstractButton):
    """What is set, and the word that it can be edited; a click or Return opens the sheet."""

    _CHEVRON = 16
    _words: Sequence[str] = ("",)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        describe(self, "Edit training", HELP)

    def say(self, words: Sequence[Message]) -> None:
        """Show the first of these that has room; tooltip and description say the first one."""
        self._words = [tr(each) for each in words]
        self.setText(self._words[0])
        self.setToolTip(wrapped(Message(words[0], HELP)))
        self.setAccessibleDescription(self.text())
        self.updateGeometry()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER_KEYS:
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        text = QFontMetrics(theme.font("body")).horizontalAdvance(self.text())
        return QSize(theme.GAP + text + self._edit_width(), theme.scaled(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._edit_width(), theme.scaled(20))

    def _fitting(self, room: int) -> str:
        """The most that can be said in so many pixels."""
        metrics = QFontMetrics(theme.font("body"))
        fitting = (each for each in self._words if metrics.horizontalAdvance(each) <= room)
        return next(fitting, self._words[-1])

    def _edit_width(self) -> int:
        word = QFontMetrics(theme.font("body")).horizontalAdvance(tr(EDIT))
        return word + theme.UNIT + theme.scaled(self._CHEVRON) + theme.PANEL_GAP

    def paintEvent(self, event: QPaintEvent) -> None:
        now, box, chevron = theme.current(), QRect(self.rect()), theme.scaled(self._CHEVRON)
        with painting(self) as painter:
            painter.setFont(theme.font("body"))
            painter.setPen(now.ink)
            middle = Qt.AlignmentFlag.AlignVCenter
            words = box.adjusted(theme.GAP, 0, -self._edit_width(), 0)
            draw_fitted(painter, words.toRectF(), middle, self._fitting(words.width()))
            painter.setPen(now.ink if self.underMouse() else now.muted)
            edit = box.adjusted(0, 0, -chevron - theme.UNIT, 0)
            right = middle | Qt.AlignmentFlag.AlignRight
            painter.drawText(edit, right, tr(EDIT))
            mark = icons.pixmap("chevron-down", now.muted, chevron, self.devicePixelRatioF())
            painter.drawPixmap(box.right() - chevron, (box.height() - chevron) // 2, mark)
            if self.has_ring():
                self.paint_ring(painter, round_rect(self, 1.0), self.ring_radius)


SHEET_LEAST: Final = 700
"""Pixels of width in which the names of losses and devices have room."""


class Sheet(Popup):
    """The whole form, over what stands above its line; Escape or a click elsewhere closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Training", parent)
        self._column = vbox(of=self, margins=theme.PANEL_PADDING)

    def hold(self, form: QWidget, more: QWidget) -> None:
        """Take the form in, and the button to what is not in it."""
        self._column.addWidget(form)
        self._column.addWidget(more, 0, Qt.AlignmentFlag.AlignRight)
        form.show()
        more.show()

    def open_over(self, card: QWidget) -> None:
        """Open as wide as a card, or as it needs, its foot on the card's upper edge."""
        self.setFixedWidth(max(card.width(), theme.scaled(SHEET_LEAST)))
        self.adjustSize()
        self.open_at(card.mapToGlobal(QPoint(0, -theme.UNIT - self.height())), card)
