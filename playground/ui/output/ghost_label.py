"""What the dashed boundary on the canvas is: the run before, with how well it did, and a cross that
takes it away. GUI thread.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.core.messages import N_, Message
from playground.core.numbers import rounded
from playground.engines.contract.base import Score
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.output.canvas.plane_view import PlaneView
from playground.ui.widgets import Restyled, ToolButton, fill_with, painting

HEIGHT, CROSS, LINE = 24, 18, 16
STRENGTH: Final = 0.92
"""How much of the map it covers."""
CLEAR: Final = N_("Remove the dashed curves and boundary of the run before this one.")


class GhostLabel(Restyled, QWidget):
    """Floats in the upper left corner of the canvas; hidden while there is no ghost."""

    cleared = Signal()  # the cross was pressed

    def __init__(self, canvas: PlaneView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.score: Score | None = None
        self._text = ""
        self.cross = ToolButton("close", "Clear ghost", CLEAR, framed=False, size=CROSS)
        self.cross.setParent(self)
        self.cross.clicked.connect(self.cleared)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        canvas.ghostChanged.connect(self._on_ghost_changed)
        self.move(theme.GAP, theme.GAP)
        self.hide()

    @Slot()
    def _on_ghost_changed(self) -> None:
        self.setVisible(self._canvas.has_ghost())

    def say(self, score: Score | None) -> None:
        """Name the run before, and how well it did, where that is known."""
        self.score = score
        self._text = tr(_told(score))
        self.setAccessibleName(self._text)
        self._dress()

    def text(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:
        text = QFontMetrics(theme.font("caption")).horizontalAdvance(self._text)
        around = 2 * theme.GAP + theme.scaled(LINE) + self.cross.width() + theme.UNIT
        return QSize(text + around, max(theme.scaled(HEIGHT), self.cross.height()))

    def _dress(self) -> None:
        self.resize(self.sizeHint())
        left = self.width() - self.cross.width() - theme.UNIT // 2
        self.cross.move(left, (self.height() - self.cross.height()) // 2)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, box, line = theme.current(), QRectF(self.rect()), theme.scaled(LINE)
        with painting(self) as painter:
            fill_with(painter, theme.faded(now.panel, STRENGTH))
            painter.drawRoundedRect(box, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
            pen = theme.line_pen(now.ink, 1.5)
            pen.setDashPattern([3.0, 2.0])
            painter.setPen(pen)
            middle = box.center().y()
            painter.drawLine(QLineF(theme.GAP, middle, theme.GAP + line, middle))
            painter.setPen(now.ink)
            painter.setFont(theme.font("caption"))
            text = box.adjusted(theme.GAP + line + theme.GAP, 0, 0, 0)
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, self._text)


def _told(score: Score | None) -> Message:
    if score is None:
        return Message("the run before")
    if score.accuracy is None:
        return Message("the run before, loss {loss}", loss=rounded(score.loss))
    return Message("the run before, {accuracy:.1f} %", accuracy=100 * score.accuracy)
