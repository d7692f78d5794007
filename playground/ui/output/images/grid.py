"""Test images side by side, with what the network takes them for: wrong ones first.

Owns the order, the scrolling and the cells; only those on show are painted, so that ten thousand
images scroll as ten do. Imports PySide6 and the theme; GUI thread only.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from playground.core.data.points import FloatArray, IntArray
from playground.core.messages import N_, Message
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.output.images import pixels
from playground.ui.output.images.shown_images import Gallery
from playground.ui.widgets import ARROWS, describe, draw_fitted, fill_with

PICTURE: Final = 44
WIDTH: Final = 64
AROUND: Final = 8
"""Pixels of a cell over the picture, and under its words."""
LARGE: Final = 132
MOST_NAMED: Final = 3

HELP: Final = N_(
    "Test images, each with the class that the network predicts and its probability; those it gets"
    " wrong come first, marked with a corner and their true class. A click, or the arrow keys,"
    " choose the image whose feature maps the network shows."
)


class ImageGrid(QAbstractScrollArea):
    """A grid of images that scrolls; one of them is chosen."""

    chosen = Signal(int)  # row of the data
    looked = Signal(object, object)  # QImage under the pointer, or else chosen; what is said of it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gallery: Gallery | None = None
        self._predictions: FloatArray | None = None
        self._order: IntArray = np.empty(0, np.int64)
        self._pictures: dict[int, QImage] = {}
        self._theme: theme.Theme | None = None
        self._widest = 0
        self._current = 0
        self._hovered: int | None = None
        self._has_keys = False
        self._wanted_scroll = 0  # until there is room for it, and it is seen
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAccessibleName(tr("Images"))
        describe(self, "Test images", HELP)
        self.viewport().setToolTip("")  # what is under the pointer is enlarged instead

    # What is on show.

    def show_gallery(self, gallery: Gallery) -> None:
        """Show other images; the first one is chosen."""
        self._gallery, self._predictions, self._pictures = gallery, None, {}
        self._order = np.arange(len(gallery.rows))
        self._current, self._hovered = 0, None
        self.verticalScrollBar().setValue(0)
        self._measure_names()
        self._tell()

    def show_predictions(self, predictions: FloatArray | None) -> None:
        """Probabilities (n, classes) of the images on show.

        The order stays while the pointer is over the images, so that a click meets what it means.
        """
        self._predictions = predictions
        if self._hovered is None:
            self._sort()
        self._describe()
        self._tell_look()
        self.viewport().update()

    @property
    def has_predictions(self) -> bool:
        """False while nobody knows what the network takes the images for."""
        return self._predictions is not None

    @property
    def wrong(self) -> npt.NDArray[np.bool_]:
        """Which images, in the order of the data, are taken for something else; (n,)."""
        if self._gallery is None or self._predictions is None:
            return np.zeros(0 if self._gallery is None else len(self._gallery.rows), bool)
        result: npt.NDArray[np.bool_] = self._predictions.argmax(axis=1) != self._gallery.labels
        return result

    def order(self) -> IntArray:
        """The rows of the data in the order on show."""
        return self._order if self._gallery is None else self._gallery.rows[self._order]

    def _sort(self) -> None:
        if not len(self._order):
            return
        chosen = self._order[self._current]
        self._order = np.argsort(~self.wrong, kind="stable")
        self._current = int(np.flatnonzero(self._order == chosen)[0])

    def said_of(self, place: int) -> Message:
        """An image in words: "Image 3: predicted 7 with 0.98, and right"."""
        if self._gallery is None or not 0 <= place < len(self._order):
            return Message("No images")
        image = int(self._order[place])
        names, truth = self._gallery.names, int(self._gallery.labels[image])
        told = {"number": self._gallery.rows[image] + 1, "label": names[truth]}
        if self._predictions is None:
            return Message("Image {number}: {label}", **told)
        winner = int(self._predictions[image].argmax())
        template = N_("Image {number}: predicted {winner} with {share:.2f}, and right")
        if winner != truth:
            template = N_("Image {number}: predicted {winner} with {share:.2f}, but it is {label}")
        share = self._predictions[image, winner]
        return Message(template, winner=names[winner], share=share, **told)

    # Choosing.

    @property
    def chosen_row(self) -> int | None:
        """The row of the data whose image is chosen; None where there are no images."""
        if self._gallery is None or not len(self._order):
            return None
        return int(self._gallery.rows[self._order[self._current]])

    def choose_row(self, row: int) -> None:
        """Choose the image of a row of the data, if it is here."""
        places = np.flatnonzero(self.order() == row)
        self._choose(int(places[0]) if len(places) else -1)

    def take_over(self, other: ImageGrid) -> None:
        """Choose what another grid has chosen, and show the same part of the images."""
        if other.chosen_row is not None:
            self.choose_row(other.chosen_row)
        self._wanted_scroll = other.verticalScrollBar().value()
        self._fit_scroll_bar()

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._order):
            self._current = place
            self._scroll_to(place)
            self._tell()

    def _tell_look(self) -> None:
        place = self._current if self._hovered is None else self._hovered
        if self._gallery is not None and place < len(self._order):
            picture = self._picture(self._gallery, int(self._order[place]))
            self.looked.emit(picture, self.said_of(place))

    def _tell(self) -> None:
        self._describe()
        self._tell_look()
        self.viewport().update()
        if self._gallery is not None and len(self._order):
            self.chosen.emit(int(self._gallery.rows[self._order[self._current]]))

    def _describe(self) -> None:
        said = self.said_of(self._current)
        self.setAccessibleDescription(tr("{name}. {help}", name=said, help=Message(HELP)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._has_keys = False
        place = self._place_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self._choose(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._place_at(event.position().toPoint()))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().viewportEvent(event)

    def _hover(self, place: int | None) -> None:
        if place != self._hovered:
            self._hovered = place
            if place is None:
                self._sort()
            self._tell_look()
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = Qt.Key(event.key()), len(self._order) - 1
        page = max(1, self.viewport().height() // self._cell().height()) * self._columns()
        jumps = {
            Qt.Key.Key_Home: -last,
            Qt.Key.Key_End: last,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
        }
        if key in ARROWS:
            dx, dy = ARROWS[key]
            jump = dx + dy * self._columns()
        elif key in jumps:
            jump = jumps[key]
        else:
            super().keyPressEvent(event)
            return
        self._has_keys = True
        self._choose(max(0, min(last, self._current + jump)))

    # Geometry.

    def _cell(self) -> QSize:
        """Room for the picture and two lines, with their edges; long names widen it."""
        lines = 2 * QFontMetrics(theme.font("caption")).height()
        width = max(theme.scaled(WIDTH), self._widest)
        return QSize(width, theme.scaled(PICTURE) + lines + AROUND)

    def _measure_names(self) -> None:
        """How wide the words of a cell are, but not wider than two cells: the rest ends in dots."""
        metrics = QFontMetrics(theme.font("caption"))
        names = () if self._gallery is None else self._gallery.names
        widest = max((metrics.horizontalAdvance(f"{name}  0.00") for name in names), default=0)
        self._widest = min(widest + theme.UNIT, 2 * theme.scaled(WIDTH))
        self._fit_scroll_bar()

    def _columns(self) -> int:
        return max(1, self.viewport().width() // self._cell().width())

    def _box(self, place: int) -> QRect:
        """The cell of an image in the viewport; cells share the width that is left."""
        row, column = divmod(place, self._columns())
        width, height = self.viewport().width() / self._columns(), self._cell().height()
        y = row * height - self.verticalScrollBar().value()
        return QRect(round(column * width), y, round(width), height)

    def _place_at(self, at: QPoint) -> int | None:
        column = int(at.x() * self._columns() / max(1, self.viewport().width()))
        row = (at.y() + self.verticalScrollBar().value()) // self._cell().height()
        place = row * self._columns() + column
        is_inside = self.viewport().rect().contains(at) and 0 <= place < len(self._order)
        return place if is_inside else None

    def _fit_scroll_bar(self) -> None:
        rows = -(-len(self._order) // self._columns())
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, rows * self._cell().height() - height))
        bar.setPageStep(height)
        bar.setSingleStep(self._cell().height() // 2)
        if self._wanted_scroll:
            bar.setValue(self._wanted_scroll)

    def _scroll_to(self, place: int) -> None:
        box, bar = self._box(place), self.verticalScrollBar()
        if box.top() < 0:
            bar.setValue(bar.value() + box.top())
        elif box.bottom() >= self.viewport().height():
            bar.setValue(bar.value() + box.bottom() + 1 - self.viewport().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_scroll_bar()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(5 * self._cell().width(), 3 * self._cell().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * self._cell().width(), self._cell().height())

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        self._wanted_scroll = 0
        with QPainter(self.viewport()) as painter:
            painter.fillRect(self.viewport().rect(), theme.current().panel)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            if self._gallery is not None:
                self._paint_cells(painter, self._gallery)
                if self._hovered is not None and self._hovered < len(self._order):
                    self._paint_large(painter, self._gallery, self._hovered)

    def _paint_cells(self, painter: QPainter, gallery: Gallery) -> None:
        now = theme.current()
        if now is not self._theme:
            self._pictures, self._theme = {}, now
            self._measure_names()
        height = self._cell().height()
        first = self.verticalScrollBar().value() // height * self._columns()
        shown = (self.viewport().height() // height + 2) * self._columns()
        wrong = self.wrong
        for place in range(first, min(first + shown, len(self._order))):
            image = int(self._order[place])
            self._paint_cell(painter, gallery, place, image, is_wrong=bool(wrong[image]))

    def _paint_cell(
        self, painter: QPainter, gallery: Gallery, place: int, image: int, *, is_wrong: bool
    ) -> None:
        now, box = theme.current(), QRectF(self._box(place))
        side = theme.scaled(PICTURE)
        frame = QRectF(box.center().x() - side / 2, box.top() + 4, side, side)
        painter.drawImage(frame, self._picture(gallery, image))
        is_current = place == self._current
        has_ring = is_current and self._has_keys and self.hasFocus()
        colour = now.focus if has_ring else now.ink if is_current else now.line
        painter.setPen(QPen(colour, 2.0 if is_current else 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame)
        if is_wrong:
            _paint_corner(painter, frame)
        lines = self._captions(gallery, image, is_wrong=is_wrong)
        painter.setFont(theme.font("caption"))
        metrics = painter.fontMetrics()
        y = frame.bottom() + 2
        for text, ink in lines:
            painter.setPen(ink)
            line = QRectF(box.left(), y, box.width(), metrics.height())
            draw_fitted(painter, line, Qt.AlignmentFlag.AlignCenter, text)
            y += metrics.height() - 1

    def _captions(
        self, gallery: Gallery, image: int, *, is_wrong: bool
    ) -> list[tuple[str, QColor]]:
        """(text, colour): the prediction and how sure it is; the truth where it is another."""
        now = theme.current()
        label = gallery.names[int(gallery.labels[image])]
        if self._predictions is None:
            return [(label, now.muted)]
        winner = int(self._predictions[image].argmax())
        sure = f"{gallery.names[winner]}  {self._predictions[image, winner]:.2f}"
        if not is_wrong:
            return [(sure, now.muted)]
        return [(sure, now.muted), (tr("is {label}", label=label), now.ink)]

    def _picture(self, gallery: Gallery, image: int) -> QImage:
        if image not in self._pictures:
            values = gallery.x[gallery.rows[image]].reshape(gallery.image)
            self._pictures[image] = pixels.picture(values, gallery.low, gallery.high)
        return self._pictures[image]

    def _paint_large(self, painter: QPainter, gallery: Gallery, place: int) -> None:
        """The image under the pointer, large, in a card that says all there is to say."""
        now, side, pad = theme.current(), theme.scaled(LARGE), theme.GAP
        said = tr(self.said_of(place))
        painter.setFont(theme.font("caption"))
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        room = QRectF(0, 0, side, 200)
        text = QFontMetricsF(painter.font()).boundingRect(room, flags, said)
        card = QRectF(0, 0, side + 2 * pad, side + text.height() + 3 * pad)
        cell, view = QRectF(self._box(place)), QRectF(self.viewport().rect())
        is_left = cell.center().x() > view.width() / 2
        card.moveLeft(cell.left() - card.width() - 4 if is_left else cell.right() + 4)
        card.moveLeft(max(0.0, min(card.left(), view.width() - card.width())))
        card.moveTop(max(0.0, min(cell.top(), view.height() - card.height())))
        fill_with(painter, now.ink)
        painter.drawRoundedRect(card, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        picture = QRectF(card.left() + pad, card.top() + pad, side, side)
        painter.drawImage(picture, self._picture(gallery, int(self._order[place])))
        painter.setPen(now.panel)
        corner = QPointF(picture.left(), picture.bottom() + pad)
        painter.drawText(QRectF(corner, text.size()).adjusted(0, 0, 2, 2), flags, said)


def _paint_corner(painter: QPainter, frame: QRectF) -> None:
    """A filled corner marks what is wrong, whatever its colours."""
    size = theme.scaled(13)
    corner = frame.topRight()
    fill_with(painter, theme.current().ink)
    painter.drawPolygon(QPolygonF([corner, corner - QPointF(size, 0), corner + QPointF(0, size)]))
