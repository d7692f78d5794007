"""What the colours of the map mean: a bar between two ends, or a chip for each class.

GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.core import class_looks
from playground.core.data.dataset import Dataset
from playground.ui.look import theme
from playground.ui.output.names import class_names
from playground.ui.widgets import Label, describe, fill_with, painting
from playground.ui.widgets.layouts import STRETCH, hbox

CHIPS_A_ROW = 5


class ColorKey(QWidget):
    """The key to the map of one data set."""

    BAR_HEIGHT = 8

    def __init__(self) -> None:
        super().__init__()
        self._ends: tuple[str, str] | None = ("", "")
        self._names: tuple[str, ...] = ()
        self._colors = class_looks.DEFAULT.rgb
        self._left, self._right = (Label("", "caption", muted=True) for _ in range(2))
        self._layout = hbox(self._left, STRETCH, self._right, of=self, spacing=None)
        describe(self, "Key to the colours")

    def show_dataset(self, dataset: Dataset) -> None:
        names = class_names(dataset)
        if dataset.is_regression:
            self._ends = ("−1", "1")
        elif dataset.classes == 2:
            self._ends = (f"{names[0]} 1.0", f"{names[1]} 1.0")
        else:
            self._ends = None
        self._names = names
        self._colors = (class_looks.DEFAULT if dataset.is_regression else dataset.looks).rgb
        left, right = self._ends or ("", "")
        self._left.setText(left)
        self._right.setText(right)
        self.setAccessibleDescription(", ".join(self._ends or names))
        self.updateGeometry()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            if self._ends is not None:
                self._paint_bar(painter)
            else:
                self._paint_chips(painter)

    def _paint_bar(self, painter: QPainter) -> None:
        start = self._left.geometry().right() + theme.GAP
        bar = QRectF(
            start,
            (self.height() - self.BAR_HEIGHT) / 2,
            self._right.x() - theme.GAP - start,
            self.BAR_HEIGHT,
        )
        shades = QLinearGradient(bar.topLeft(), bar.topRight())
        shades.setColorAt(0.0, theme.color(self._colors[0]))
        shades.setColorAt(0.5, theme.current().neutral_color)
        shades.setColorAt(1.0, theme.color(self._colors[1]))
        painter.setBrush(shades)
        painter.drawRoundedRect(bar, self.BAR_HEIGHT / 2, self.BAR_HEIGHT / 2)

    def _paint_chips(self, painter: QPainter) -> None:
        painter.setFont(theme.font("caption"))
        step = self.width() / min(CHIPS_A_ROW, len(self._names))
        row_height = self.height() / self._rows()
        for index, name in enumerate(self._names):
            row, column = divmod(index, CHIPS_A_ROW)
            left, middle = column * step, (row + 0.5) * row_height
            fill_with(painter, theme.color(self._colors[index]))
            painter.drawEllipse(QRectF(left, middle - 4, 8, 8))
            painter.setPen(theme.current().muted)
            room = QRectF(left + 12, row * row_height, step - 12, row_height)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)

    def _rows(self) -> int:
        return 1 if self._ends is not None else -(-len(self._names) // CHIPS_A_ROW)

    def sizeHint(self) -> QSize:
        return QSize(200, theme.scaled(16) * self._rows())

    minimumSizeHint = sizeHint
