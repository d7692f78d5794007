"""What the colours of the map mean: a bar between two ends, or a chip for each class.

Paints itself whole, so that no part of it can be of the data before. GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.core import class_looks
from playground.core.data.dataset import Dataset
from playground.core.data.picture_scale import PictureScale
from playground.ui.look import theme
from playground.ui.look.marker_shapes import paint_class
from playground.ui.output.names import class_names
from playground.ui.widgets import describe, draw_fitted, painting

CHIPS_A_ROW = 5
MARKER = 9
"""Pixels of a marker, which is that of the class on the canvas."""
LONGEST_END = 0.35
"""Of the width, that the name at an end of the bar takes at most."""


class ColorKey(QWidget):
    """The key to the map of one data set."""

    BAR_HEIGHT = 8

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._looks = class_looks.DEFAULT
        self._is_regression = False
        self._is_discrete = False
        self._scale: PictureScale | None = None
        describe(self, "Key to the colours")

    @property
    def has_bar(self) -> bool:
        """True where there are two ends and everything between them."""
        return self._is_regression or len(self._names) == 2

    def show_scale(self, scale: PictureScale) -> None:
        """Targets have these colours."""
        self._scale = scale
        self._say()

    def show_dataset(self, dataset: Dataset) -> None:
        self._names, self._is_regression = class_names(dataset), dataset.is_regression
        self._looks = class_looks.DEFAULT if dataset.is_regression else dataset.looks
        self._say()

    def set_discrete(self, is_discrete: bool) -> None:
        """The map shows only which class wins: there is nothing between the ends."""
        self._is_discrete = is_discrete
        self._say()

    def _say(self) -> None:
        self.setAccessibleDescription(", ".join(self.ends() if self.has_bar else self._names))
        self.updateGeometry()
        self.update()

    def ends(self) -> tuple[str, str]:
        """What stands left and right of the bar."""
        if self._is_regression:
            low, high = self._scale.ends if self._scale else ("−1", "1")
            return low, high
        sure = "" if self._is_discrete else " 1.0"
        return f"{self._names[0]}{sure}", f"{self._names[1]}{sure}"

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setFont(theme.font("caption"))
            if self.has_bar:
                self._paint_bar(painter)
            elif self._names:
                self._paint_chips(painter)

    def _paint_bar(self, painter: QPainter) -> None:
        metrics, sign = QFontMetrics(theme.font("caption")), self._sign()
        most = LONGEST_END * self.width()
        left, right = (min(metrics.horizontalAdvance(end) + 1.0, most) for end in self.ends())
        names = (
            QRectF(sign, 0, left, self.height()),
            QRectF(self.width() - sign - right, 0, right, self.height()),
        )
        middle, flags = self.height() / 2, Qt.AlignmentFlag.AlignVCenter
        for number, (box, end) in enumerate(zip(names, self.ends(), strict=True)):
            painter.setPen(theme.current().muted)
            draw_fitted(painter, box, flags, end)
            if sign:
                at = self.width() - MARKER / 2 if number else MARKER / 2
                paint_class(painter, self._looks, number, QPointF(at, middle), MARKER)
        start = names[0].right() + theme.GAP
        width = names[1].left() - theme.GAP - start
        bar = QRectF(start, middle - self.BAR_HEIGHT / 2, width, self.BAR_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._shades(bar))
        painter.drawRoundedRect(bar, self.BAR_HEIGHT / 2, self.BAR_HEIGHT / 2)

    def _sign(self) -> int:
        """Pixels of a marker and the gap beside it; values have none."""
        return 0 if self._is_regression else MARKER + theme.UNIT

    def _shades(self, bar: QRectF) -> QLinearGradient:
        shades = QLinearGradient(bar.topLeft(), bar.topRight())
        low, high = (theme.color(self._looks.rgb[number]) for number in (0, 1))
        middle = theme.current().neutral_color
        stops: tuple[tuple[float, QColor], ...] = ((0, low), (0.5, middle), (1, high))
        if self._is_discrete:
            stops = ((0, low), (0.4999, low), (0.5, high), (1, high))
        for place, color in stops:
            shades.setColorAt(place, color)
        return shades

    def _paint_chips(self, painter: QPainter) -> None:
        step = self.width() / min(CHIPS_A_ROW, len(self._names))
        row_height = self.height() / self._rows()
        for index, name in enumerate(self._names):
            row, column = divmod(index, CHIPS_A_ROW)
            left, middle = column * step, (row + 0.5) * row_height
            paint_class(painter, self._looks, index, QPointF(left + MARKER / 2, middle), MARKER)
            painter.setPen(theme.current().muted)
            room = QRectF(left + self._sign(), row * row_height, step - self._sign(), row_height)
            draw_fitted(painter, room, Qt.AlignmentFlag.AlignVCenter, name)

    def row_height(self) -> int:
        """Pixels of the bar, or of a row of chips."""
        return theme.scaled(16)

    def _rows(self) -> int:
        return 1 if self.has_bar else -(-len(self._names) // CHIPS_A_ROW)

    def sizeHint(self) -> QSize:
        return QSize(200, self.row_height() * max(1, self._rows()))

    minimumSizeHint = sizeHint
