"""Some pictures with the names of their classes, as a network will see them. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.look import theme
from playground.ui.widgets import Restyled, describe, draw_fitted
from playground.ui.widgets.base import painting

_COLUMNS, _ROWS = 5, 3
MOST: Final = _COLUMNS * _ROWS
"""Pictures that there is room for."""
_PICTURE: Final = 96


class Samples(Restyled, QWidget):
    """Pictures in rows, each over the name of its class."""

    def __init__(self, help_text: str) -> None:
        super().__init__()
        self.pictures: list[tuple[str, QImage]] = []
        """(class, picture), those that are on show."""
        describe(self, "Examples", help_text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_pictures(self, pictures: Iterable[tuple[str, QImage]]) -> None:
        """Show these in place of those before."""
        self.pictures = list(pictures)
        self.update()

    def sizeHint(self) -> QSize:
        edge = theme.scaled(_PICTURE)
        return QSize(_COLUMNS * (edge + theme.GAP), _ROWS * (edge + self._line() + theme.GAP))

    def _line(self) -> int:
        return self.fontMetrics().height()

    def paintEvent(self, event: QPaintEvent) -> None:
        edge, line = theme.scaled(_PICTURE), self._line()
        step = QSize(edge + theme.PANEL_GAP, edge + line + theme.GAP)
        columns = max(1, self.width() // step.width())
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setFont(theme.font("caption"))
            for place, (name, picture) in enumerate(self.pictures):
                row, column = divmod(place, columns)
                left, top = column * step.width(), row * step.height()
                box = QRectF(left, top, edge, edge)
                painter.drawImage(_inside(box, picture), picture)
                painter.setPen(theme.current().muted)
                under = QRectF(left, top + edge, edge, line)
                draw_fitted(painter, under, Qt.AlignmentFlag.AlignCenter, name)


def _inside(box: QRectF, picture: QImage) -> QRectF:
    """Where a picture lies that keeps its shape in the middle of a square."""
    size = picture.size().scaled(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(box.center())
    return place
