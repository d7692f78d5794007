"""What the colours of the map mean: a bar between two ends, or a chip for each class; many classes
scroll under a line that tells them apart.

Paints itself whole, so that no part of it can be of the data before. GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QToolTip

from playground.core import class_looks
from playground.core.class_maps import repeats_colors
from playground.core.data.dataset import Dataset
from playground.core.data.picture_scale import PictureScale
from playground.core.messages import N_
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.look.marker_shapes import paint_class
from playground.ui.output.names import class_names
from playground.ui.widgets import FocusRing, describe, draw_fitted, painting, wrapped

CHIPS_A_ROW = 5
MARKER = 9
"""Pixels of a marker, which is that of the class on the canvas."""
LONGEST_END = 0.35
"""Of the width, that the name at an end of the bar takes at most."""
MOST_ROWS = 2
"""Rows of chips on show; more are scrolled to."""
WIDEST_CHIP = 96
REPEATED = N_("Colours repeat: the marker tells classes apart.")
_SCROLLING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class ColorKey(FocusRing, QAbstractScrollArea):
    """The key to the map of one data set."""

    BAR_HEIGHT = 8

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._looks = class_looks.DEFAULT
        self._is_regression = False
        self._is_discrete = False
        self._scale: PictureScale | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        describe(self, "Key to the colours")

    @property
    def has_bar(self) -> bool:
        """True where there are two ends and everything between them."""
        return self._is_regression or len(self._names) == 2

    @property
    def is_long(self) -> bool:
        """True where classes share colours."""
        return not self._is_regression and repeats_colors(len(self._names))

    def fits(self, *, is_low: bool) -> bool:
        """True where there is room for it: in a low window only where nothing else can say it."""
        return self.is_long or not is_low

    def beyond(self, room: int) -> int:
        """How many pixels it is higher than the room that is kept for it; 0 while it is hidden."""
        return 0 if self.isHidden() else self.sizeHint().height() - room

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
        said = ", ".join(self.ends() if self.has_bar else self._names)
        self.setAccessibleDescription(f"{tr(REPEATED)} {said}" if self.is_long else said)
        self.updateGeometry()
        self._fit_scroll_bar()
        self.viewport().update()

    def ends(self) -> tuple[str, str]:
        """What stands left and right of the bar."""
        if self._is_regression:
            low, high = self._scale.ends if self._scale else ("−1", "1")
            return low, high
        sure = "" if self._is_discrete else " 1.0"
        return f"{self._names[0]}{sure}", f"{self._names[1]}{sure}"

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self._fit_scroll_bar()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_scroll_bar()

    # Scrolling.

    def _fit_scroll_bar(self) -> None:
        """Only a key with more than it shows scrolls, and takes the keyboard for it."""
        columns, _ = self._chips()
        rows = -(-len(self._names) // columns) if self.is_long else 0
        bar, row = self.verticalScrollBar(), self.row_height()
        bar.setRange(0, max(0, rows - MOST_ROWS) * row)
        bar.setPageStep(MOST_ROWS * row)
        bar.setSingleStep(row)
        scrolls = bar.maximum() > 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if scrolls else Qt.FocusPolicy.NoFocus)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """The keys that scroll here mean nothing else to the window."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() in _SCROLLING:
            event.accept()
            return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """A tooltip says the whole name of a chip that many others leave little room."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.is_long:
            name = self.name_at(QPointF(event.pos())) or tr(REPEATED)
            QToolTip.showText(event.globalPos(), wrapped(name), self)
            return True
        return super().viewportEvent(event)

    def name_at(self, place: QPointF) -> str:
        """The class of the chip at a place of a long key; "" where there is none."""
        row_height = self.row_height()
        columns, step = self._chips()
        row = int(place.y() - row_height + self.verticalScrollBar().value()) // row_height
        column = int(place.x() // step)
        index = row * columns + column
        is_chip = place.y() >= row_height and column < columns and index < len(self._names)
        return self._names[index] if is_chip else ""

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self.viewport()) as painter:
            painter.setFont(theme.font("caption"))
            if self.has_bar:
                self._paint_bar(painter)
            elif self.is_long:
                self._paint_long(painter)
            elif self._names:
                self._paint_chips(painter, *self._chips(), self.height() / self._rows())
            if self.has_ring():
                ring = QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1)
                self.paint_ring(painter, ring, theme.UNIT)

    def _paint_long(self, painter: QPainter) -> None:
        """What tells the classes apart, and under it those that are scrolled to."""
        row = self.row_height()
        width = self.viewport().width()
        painter.setPen(theme.current().muted)
        line = QRectF(0, 0, width, row)
        draw_fitted(painter, line, Qt.AlignmentFlag.AlignVCenter, tr(REPEATED))
        painter.setClipRect(QRectF(0, row, width, self.height() - row))
        painter.translate(0, row - self.verticalScrollBar().value())
        self._paint_chips(painter, *self._chips(), row)

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
                size = theme.scaled(MARKER)
                at = self.width() - size / 2 if number else size / 2
                paint_class(painter, self._looks, number, QPointF(at, middle), size)
        start = names[0].right() + theme.GAP
        width = names[1].left() - theme.GAP - start
        bar = QRectF(start, middle - self.BAR_HEIGHT / 2, width, self.BAR_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._shades(bar))
        painter.drawRoundedRect(bar, self.BAR_HEIGHT / 2, self.BAR_HEIGHT / 2)

    def _sign(self) -> int:
        """Pixels of a marker and the gap beside it; values have none."""
        return 0 if self._is_regression else theme.scaled(MARKER) + theme.UNIT

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

    def _chips(self) -> tuple[int, float]:
        """How many chips stand in a row, and the width that each has."""
        if not self.is_long:
            columns = min(CHIPS_A_ROW, max(1, len(self._names)))
            return columns, self.width() / columns
        metrics, width = QFontMetrics(theme.font("caption")), self.viewport().width()
        longest = max(map(metrics.horizontalAdvance, self._names)) + 1
        needed = min(longest, theme.scaled(WIDEST_CHIP)) + self._sign() + theme.GAP
        columns = max(1, width // needed)
        return columns, width / columns

    def _paint_chips(self, painter: QPainter, columns: int, step: float, row_height: float) -> None:
        size = theme.scaled(MARKER)
        for index, name in enumerate(self._names):
            row, column = divmod(index, columns)
            left, middle = column * step, (row + 0.5) * row_height
            paint_class(painter, self._looks, index, QPointF(left + size / 2, middle), size)
            painter.setPen(theme.current().muted)
            width = step - self._sign() - self.is_long * theme.UNIT
            room = QRectF(left + self._sign(), row * row_height, width, row_height)
            draw_fitted(painter, room, Qt.AlignmentFlag.AlignVCenter, name)

    def row_height(self) -> int:
        """Pixels of the bar, or of a row of chips."""
        return theme.scaled(16)

    def _rows(self) -> int:
        if self.is_long:
            return 1 + MOST_ROWS
        return 1 if self.has_bar else -(-len(self._names) // CHIPS_A_ROW)

    def sizeHint(self) -> QSize:
        return QSize(200, self.row_height() * max(1, self._rows()))

    minimumSizeHint = sizeHint
