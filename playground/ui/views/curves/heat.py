"""Histograms over time as a picture: a column a moment, the darker the more values.

Paints a `Heat`. GUI thread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui import theme
from playground.ui.language import tr
from playground.ui.views.curves.histograms import Heat
from playground.ui.views.curves.key import number
from playground.ui.views.curves.plots import polygon
from playground.ui.widgets import describe

__all__ = ["HeatPlot"]

HELP = (
    "Each column is a moment of the training, the newest at the right: the darker a place, the more"
    " values are there. The line is their mean."
)

STRENGTH = 0.7
"""How dark the fullest bin is, so that the mean in ink stands out."""

SHADES = 256

AXIS = 44
MOST_CHARACTERS = 6
FOOT = 14
ROOMY = 90
"""Pixels of height from which on the epochs are written below."""


class HeatPlot(QWidget):
    """Histograms beside each other as a picture, with the mean as a line."""

    pointed = Signal(str)  # the moment under the pointer in words; empty when it leaves

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heat: Heat | None = None
        self._shades = np.zeros((0, 0), np.uint8)
        self._place: float | None = None  # of the pointer, in pixels from the left
        self.setMouseTracking(True)
        self.waiting = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        describe(self, "Histograms over time", HELP)

    def show_heat(self, heat: Heat | None) -> None:
        """Show these histograms, or that there are none yet."""
        self._heat = heat
        if heat is not None:
            self._shades = _shades(heat)
        self._place = None if heat is None else self._place
        self.update()

    def words(self) -> str:
        """The moment under the pointer in words; empty where there is none."""
        column = self._column()
        if self._heat is None or column is None:
            return ""
        heat = self._heat
        low, mean, high = (
            number(float(values[column])) for values in (heat.lowest, heat.means, heat.highest)
        )
        return f"Epoch {heat.epochs[column]:,}: from {low} to {high}, mean {mean}."

    def minimumSizeHint(self) -> QSize:
        return QSize(120, theme.scaled(40))

    def _box(self) -> QRectF:
        """Where the picture is."""
        foot = theme.scaled(FOOT) if self.height() >= theme.scaled(ROOMY) else 0
        return QRectF(self.rect()).adjusted(theme.scaled(AXIS), 1, -1, -1 - foot)

    def _column(self) -> int | None:
        """The column under the pointer."""
        box, x = self._box(), self._place
        if self._heat is None or x is None or not box.left() <= x < box.right():
            return None
        return int((x - box.left()) / box.width() * len(self._heat.epochs))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._place = event.position().x()
        self.pointed.emit(self.words())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._place = None
        self.pointed.emit("")
        self.update()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now, box = QPainter(self), theme.current(), self._box()
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.line_pen(now.line))
        painter.drawRect(box.adjusted(-0.5, -0.5, 0.5, 0.5))
        if self._heat is None:
            painter.setPen(now.muted)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.waiting
            )
        else:
            pixels = _colors()[self._shades]
            rows, columns = pixels.shape
            image = QImage(pixels.data, columns, rows, QImage.Format.Format_RGB32)
            painter.drawImage(box, image)
            self._paint_cross(painter, box)
            self._paint_mean(painter, box, self._heat)
            self._paint_axes(painter, box, self._heat)
        painter.end()

    def _paint_mean(self, painter: QPainter, box: QRectF, heat: Heat) -> None:
        """The mean in ink, lifted off the picture by an edge."""
        x = box.left() + (np.arange(len(heat.means)) + 0.5) * box.width() / len(heat.means)
        y = _height_of(heat.means, box, heat)
        is_known = np.isfinite(y)
        line = polygon(x[is_known], y[is_known])
        painter.setClipRect(box)
        for color, width in ((theme.current().panel, 3.0), (theme.current().ink, 1.5)):
            painter.setPen(theme.line_pen(color, width))
            painter.drawPolyline(line)
        painter.setClipping(False)

    def _paint_cross(self, painter: QPainter, box: QRectF) -> None:
        column = self._column()
        if column is None or self._heat is None:
            return
        x = box.left() + (column + 0.5) * box.width() / len(self._heat.epochs)
        painter.setPen(theme.line_pen(theme.current().muted))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))

    def _paint_axes(self, painter: QPainter, box: QRectF, heat: Heat) -> None:
        """The ends of the range and zero at the left, the first and last epoch below."""
        now, line = theme.current(), painter.fontMetrics().height()
        right, middle = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignVCenter
        marks = [(heat.high, box.top() + line / 2), (heat.low, box.bottom() - line / 2)]
        zero = float(_height_of(np.array([0.0]), box, heat)[0])
        if all(abs(zero - y) > line for _, y in marks) and heat.low < 0 < heat.high:
            marks.append((0.0, zero))
            painter.setPen(theme.line_pen(theme.faded(now.muted, 0.5)))
            painter.drawLine(QPointF(box.left() - 3, zero), QPointF(box.left(), zero))
        painter.setPen(now.muted)
        for value, y in marks:
            room = QRectF(0, y - line / 2, box.left() - theme.GAP, line)
            painter.drawText(room, right | middle, _short(value))
        if self.height() >= theme.scaled(ROOMY):
            foot = QRectF(box.left(), box.bottom(), box.width(), self.height() - box.bottom())
            painter.drawText(foot, middle, tr(f"epoch {heat.epochs[0]:,}"))
            painter.drawText(foot, middle | right, f"{heat.epochs[-1]:,}")


def _shades(heat: Heat) -> npt.NDArray[np.uint8]:
    """The number of a shade for each bin, highest first; the root shows where few values are."""
    fullest = float(heat.share.max()) or 1.0
    return (np.sqrt(heat.share[::-1] / fullest) * (SHADES - 1)).astype(np.uint8)


def _colors() -> npt.NDArray[np.uint32]:
    """The colours from none of the values to most of them, as Qt keeps them in a picture."""
    now = theme.current()
    ends = [np.array([c.red(), c.green(), c.blue()]) for c in (now.panel, now.ink)]
    strength = np.linspace(0, STRENGTH, SHADES)[:, None]
    red, green, blue = np.rint(ends[0] + strength * (ends[1] - ends[0])).astype(np.uint32).T
    return 0xFF000000 | red << 16 | green << 8 | blue


def _short(value: float) -> str:
    """A number in six characters at most: −0.81, 26, 1e−4."""
    text = number(value, 2)
    if len(text) <= MOST_CHARACTERS:
        return text
    digit, _, power = f"{value:.0e}".partition("e")
    return f"{digit}e{int(power)}".replace("-", "−")


def _height_of(values: npt.NDArray, box: QRectF, heat: Heat) -> npt.NDArray:
    """Where values are in a picture that fills the box."""
    return box.bottom() - (values - heat.low) / (heat.high - heat.low) * box.height()
