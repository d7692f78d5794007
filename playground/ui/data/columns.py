"""The columns of a table, each with where its values lie, and the image that is looked at.

They stand under the settings of data that cannot be drawn. Paint and remember nothing but what they
show. Imports core, PySide6 and the widget kit; GUI thread only.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core import palette
from playground.core.data.dataset import Dataset
from playground.core.data.vectors import VectorData
from playground.core.messages import N_, Message
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets import Label, Restyled, describe, draw_fitted, painting
from playground.ui.widgets.layouts import vbox

BINS: Final = 26
BARS_HEIGHT: Final = 14
UNDER_A_NAME: Final = 3
"""Pixels between a name and its bars, so that the highest one does not touch it."""
UNDER_BARS: Final = 4
MOST: Final = 12
MOST_IN_A_LOW_WINDOW: Final = 7
HELP: Final = N_(
    "Where the values of each column lie, by class: colours that stand apart can be told apart."
)


def histogram(
    values: npt.NDArray, labels: npt.NDArray[np.int64], classes: int
) -> npt.NDArray[np.int64]:
    """How many of the values (N,) of each class lie in each of BINS equal parts of their range.

    int64 (classes, BINS). Values that are all the same lie in the first part.
    """
    low, high = float(values.min()), float(values.max())
    share = (values - low) / max(high - low, 1e-12)
    part = np.minimum((share * BINS).astype(np.int64), BINS - 1)
    return np.bincount(labels * BINS + part, minlength=classes * BINS).reshape(classes, BINS)


class Columns(QWidget):
    """The names of the columns, with bars over each other in the colours of the classes."""

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._bars: list[npt.NDArray[np.int64]] = []
        self._is_regression = self._is_compact = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        describe(self, "Columns", HELP)
        self.hide()

    def show_dataset(self, dataset: Dataset) -> None:
        """Show the inputs of a table; there is nothing to see of points on a plane, nor of images
        and vectors.
        """
        x, y = dataset.points.x, dataset.points.y
        is_table = dataset.image is None and not isinstance(dataset.data, VectorData)
        self._names = dataset.input_names if is_table and x.shape[1] > 2 and len(x) else ()
        self._is_regression = dataset.is_regression
        hues = len(palette.CLASS_COLORS)  # classes that share a colour share a bar
        labels = np.zeros(len(x), np.int64) if dataset.is_regression else y.astype(np.int64) % hues
        classes = 1 if dataset.is_regression else min(dataset.classes, hues)
        some = range(min(MOST, len(self._names)))
        self._bars = [histogram(x[:, column], labels, classes) for column in some]
        self.setVisible(bool(self._names))
        self.setAccessibleDescription(", ".join(self._names[:MOST]))
        self.updateGeometry()
        self.update()

    def set_compact(self, is_compact: bool) -> None:
        """Show fewer of them."""
        self._is_compact = is_compact
        self.updateGeometry()

    def _shown(self) -> int:
        return min(len(self._bars), MOST_IN_A_LOW_WINDOW if self._is_compact else MOST)

    def sizeHint(self) -> QSize:
        rows, is_more = self._shown(), self._shown() < len(self._names)
        return QSize(0, rows * self._row_height() + is_more * self._line_height())

    minimumSizeHint = sizeHint

    def _line_height(self) -> int:
        return QFontMetrics(theme.font("caption")).height()

    def _row_height(self) -> int:
        return self._line_height() + theme.scaled(UNDER_A_NAME + BARS_HEIGHT + UNDER_BARS)

    def paintEvent(self, event: QPaintEvent) -> None:
        line, row_height, width = self._line_height(), self._row_height(), self.width()
        middle = Qt.AlignmentFlag.AlignVCenter
        with painting(self) as painter:
            painter.setFont(theme.font("caption"))
            for row in range(self._shown()):
                top = row * row_height
                painter.setPen(theme.current().muted)
                draw_fitted(painter, QRectF(0, top, width, line), middle, self._names[row])
                above = top + line + theme.scaled(UNDER_A_NAME)
                bars = QRectF(0, above, width, theme.scaled(BARS_HEIGHT))
                self._paint_bars(painter, bars, self._bars[row])
            more = len(self._names) - self._shown()
            if more:
                painter.setPen(theme.current().muted)
                words = tr("and {count} more", count=f"{more:,}")
                place = QRectF(0, self._shown() * row_height, width, line)
                painter.drawText(place, middle, words)

    def _paint_bars(self, painter: QPainter, box: QRectF, counts: npt.NDArray[np.int64]) -> None:
        now, step = theme.current(), box.width() / BINS
        unit = box.height() / max(1, int(counts.sum(axis=0).max()))
        painter.fillRect(QRectF(box.left(), box.bottom(), box.width(), 1), now.line)
        for part, column in enumerate(counts.T.tolist()):
            bottom = box.bottom()
            for label, count in enumerate(column):
                colour = now.muted if self._is_regression else theme.class_color(label)
                height = count * unit
                bottom -= height
                painter.fillRect(QRectF(part * step, bottom, step - 1, height), colour)


class LookedAt(Restyled, QWidget):
    """The image that is under the pointer or chosen, large, with what is said of it."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = QImage()
        self._place = QWidget()
        self._words = Label("", "caption", muted=True)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        vbox(self._place, self._words, of=self, spacing=theme.UNIT)
        self._dress()
        self.hide()

    def show_image(self, picture: QImage, words: Message) -> None:
        self._picture = picture
        self._words.setText(words)
        self.setAccessibleName(tr(words))
        self.setVisible(not picture.isNull())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        side = min(self._place.width(), self._place.height())
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self._place.x(), self._place.y(), side, side), self._picture)
            painter.setPen(theme.current().line)
            painter.drawRect(QRectF(0.5, 0.5, side - 1, side - 1))

    def _dress(self) -> None:
        side = theme.SIDE_COLUMN - 2 * theme.PANEL_PADDING
        self._place.setFixedSize(side, side)
        line = self._words.fontMetrics().lineSpacing()  # Qt takes a little more than it says
        self._words.setFixedHeight(3 * line + theme.UNIT)
