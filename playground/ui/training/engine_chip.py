"""Who trains, as a chip in the transport bar; pressed, it leads to the choice of an engine.

Imports PySide6, the widget kit and the shapes of the exchange; GUI thread only.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from playground.core.messages import Message
from playground.engines.contract.run_control import RunInfo
from playground.ui.language import tr, trn
from playground.ui.look import theme
from playground.ui.widgets import FocusRing, describe, painting, round_rect


class EngineChip(FocusRing, QAbstractButton):
    """ "Compiled · 146 parameters", the engine in strong; the tooltip says on what, and why."""

    _PADDING = 12

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = self._parameters = ""
        self._is_short = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def text(self) -> str:
        """All that is shown, in reading order."""
        return " · ".join(filter(None, (self._engine, self._details())))

    def show_info(self, info: RunInfo) -> None:
        """Show who trains."""
        self._engine = tr(info.label)
        self._parameters = trn("{count:,} parameter", "{count:,} parameters", info.parameters)
        device = Message(info.device.upper())
        if info.threads > 1:
            device = Message("{device}, {count} threads", device=device, count=info.threads)
        does = Message("Trains on {device}.", device=device)
        way = Message("Click to choose another engine.")
        said = " · ".join((self._engine, self._parameters))
        describe(self, said, Message(does, info.reason, way), topic="Engine")
        self.setVisible(True)
        self.updateGeometry()
        self.update()

    def set_short(self, is_short: bool) -> None:
        """Leave the parameters out, where there is little room."""
        if is_short != self._is_short:
            self._is_short = is_short
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        strong = QFontMetrics(theme.font("strong")).horizontalAdvance(self._engine)
        plain = QFontMetrics(theme.font()).horizontalAdvance(self._behind_the_name())
        return QSize(strong + plain + 2 * self._PADDING + 2, theme.scaled(26))

    minimumSizeHint = sizeHint

    def _details(self) -> str:
        return "" if self._is_short else self._parameters

    def _behind_the_name(self) -> str:
        return f" · {self._details()}" if self._details() else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        now, box = theme.current(), round_rect(self)
        radius = box.height() / 2
        with painting(self) as painter:
            painter.setPen(now.track if self.underMouse() else now.soft)
            painter.setBrush(now.soft)
            painter.drawRoundedRect(box, radius, radius)
            strong = theme.font("strong")
            area = QRectF(self.rect()).adjusted(self._PADDING, 0, 0, 0)
            painter.setFont(strong)
            painter.setPen(now.ink)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._engine)
            area.adjust(QFontMetrics(strong).horizontalAdvance(self._engine) + 1, 0, 0, 0)
            painter.setFont(theme.font())
            painter.setPen(now.muted)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._behind_the_name())
            if self.has_ring():
                self.paint_ring(painter, round_rect(self, 1.0), radius)
