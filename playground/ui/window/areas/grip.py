"""The grip in the gap between two areas: a person drags it to give room from one to the other.

It lies over the gap and takes no room of its own. Knows widgets only; GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.core.messages import N_
from playground.ui.look import theme
from playground.ui.widgets import ARROWS, ENTER_KEYS, FocusRing, describe, fill_with

STEP = 8
"""Pixels that an arrow key moves a grip."""
THICK, LONG = 3, 28


class Grip(FocusRing, QWidget):
    """Lies between two widgets of one parent, `before` and `after`, and follows them.

    It moves nothing itself: whoever places the two hears how far the hand has come. An upright one
    is dragged to the left and right.
    """

    grabbed = Signal()  # the hand takes it; what it moves is measured from here
    moved = Signal(int)  # pixels to the right, or down, since it was grabbed
    released = Signal()
    restored = Signal()  # back to where it stood before anybody moved it

    HELP = N_(
        "Drag it to give room from one area to the other; arrow keys move it, too. A double click"
        " or Return puts it back."
    )

    def __init__(self, before: QWidget, after: QWidget, name: str, *, upright: bool) -> None:
        super().__init__(before.parentWidget())
        self._before, self._after, self._is_upright = before, after, upright
        self._from: float | None = None
        self._is_on = True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        shape = Qt.CursorShape.SplitHCursor if upright else Qt.CursorShape.SplitVCursor
        self.setCursor(shape)
        describe(self, name, self.HELP)
        for neighbour in (before, after):
            neighbour.installEventFilter(self)
        self.place()

    def set_on(self, on: bool) -> None:
        """Offer it, or leave the gap as it is."""
        self._is_on = on
        self.place()

    def place(self) -> None:
        """Lie over the gap, where there is one on show."""
        hidden = self._before.isHidden() or self._after.isHidden()
        self.setVisible(self._is_on and not hidden)  # first: Qt may lay out the two before it
        before, after = self._before.geometry(), self._after.geometry()
        if self._is_upright:
            gap = QRect(before.right() + 1, before.y(), after.x() - before.right() - 1, 0)
            gap.setHeight(before.height())
        else:
            gap = QRect(before.x(), before.bottom() + 1, before.width(), 0)
            gap.setHeight(after.y() - before.bottom() - 1)
        self.setGeometry(gap)
        self.raise_()

    FOLLOWED = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in self.FOLLOWED:
            self.place()
        return False

    # The hand and the keys.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = self._along(event.globalPosition())
            self.grabbed.emit()
            self.update()
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self.moved.emit(round(self._along(event.globalPosition()) - self._from))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self._from = None
            self.released.emit()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.restored.emit()

    def event(self, event: QEvent) -> bool:
        """The keys that move it are not meant for the menus, which move selected points by them."""
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and event.key() in (*ARROWS, *ENTER_KEYS):  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows along its way move it; Return puts it back."""
        right, down = ARROWS[Qt.Key(event.key())] if event.key() in ARROWS else (0, 0)
        if step := right if self._is_upright else down:
            self.grabbed.emit()
            self.moved.emit(step * STEP)
            self.released.emit()
        elif event.key() in ENTER_KEYS:
            self.restored.emit()
        else:
            super().keyPressEvent(event)

    def _along(self, place: QPointF) -> float:
        return place.x() if self._is_upright else place.y()

    # What is seen.

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, middle = theme.current(), QRectF(self.rect()).center()
        is_held = self.underMouse() or self.has_ring() or self._from is not None
        bar = QRectF(0, 0, THICK, LONG) if self._is_upright else QRectF(0, 0, LONG, THICK)
        bar.moveCenter(middle)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            fill_with(painter, now.focus if is_held else now.track)
            painter.drawRoundedRect(bar, THICK / 2, THICK / 2)
