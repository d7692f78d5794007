"""The confusion matrix as a table to read and to click, with precision, recall and F1 of each
class.

Paints counts that it is given; the points behind them are somebody else's. GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.core import class_looks
from playground.core.class_looks import ClassLooks
from playground.core.data.points import IntArray
from playground.core.messages import N_, Message, plural
from playground.core.training.measures import PerClass, macro, per_class
from playground.ui.curves.key import text_width
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.look.marker_shapes import paint_class
from playground.ui.output.names import KINDS
from playground.ui.widgets import (
    ARROWS,
    ENTER_KEYS,
    FocusRing,
    describe,
    draw_fitted,
    fill_with,
    wrapped,
)

Cell = tuple[int, int]
"""True class, predicted class."""

HELP = N_(
    "How many points of each class (row) were taken for each class (column). Right answers stand on"
    " the diagonal. Precision: how often a class that is predicted is true. Recall: how much of a"
    " class is found. F1 is the mean of the two. Click a cell to see its points."
)
SHARES = (N_("Prec."), N_("Recall"), "F1")

LARGEST_NAME = 64
MARKER = 14
SHARE_WIDTH = 36
CELL_PADDING = 4
WIDEST_CELL = 64
LOWEST_ROW, HIGHEST_ROW = 15, 30


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the cells are: pixels left of them, and the size of each; one row is above them."""

    left: int
    width: int
    height: int

    def box(self, cell: Cell) -> QRectF:
        row, column = cell
        x, y = self.left + column * self.width, (row + 1) * self.height
        return QRectF(x, y, self.width, self.height)

    def cells_in(self, area: QRectF, classes: int) -> Iterator[Cell]:
        """Those that lie in a part of the table, of 10,000 that a hundred classes have."""
        top, bottom = (int(y // self.height) - 1 for y in (area.top(), area.bottom()))
        left, right = (int((x - self.left) // self.width) for x in (area.left(), area.right()))
        rows = range(max(0, top), min(classes, bottom + 1))
        return product(rows, range(max(0, left), min(classes, right + 1)))


def in_words(matrix: IntArray, cell: Cell, names: Sequence[str], kind: str) -> Message:
    """What a cell says: "3 of 125 Blue test points are taken for Orange."

    `kind` is "training" or "test".
    """
    true, predicted = cell
    count, whole = int(matrix[cell]), int(matrix[true].sum())
    said: dict[str, Any] = {"name": names[true], "kind": KINDS[kind], "whole": whole}
    if not whole:
        return Message("There are no {name} {kind} points.", **said)
    if true == predicted:
        return plural(
            "{count:,} of {whole:,} {name} {kind} points is recognised.",
            "{count:,} of {whole:,} {name} {kind} points are recognised.",
            count,
            **said,
        )
    return plural(
        "{count:,} of {whole:,} {name} {kind} points is taken for {other}.",
        "{count:,} of {whole:,} {name} {kind} points are taken for {other}.",
        count,
        other=names[predicted],
        **said,
    )


class ConfusionTable(FocusRing, QWidget):
    """Counts as a heat table; one cell can be chosen, by click or Enter, and let go in the same
    way.
    """

    chosen = Signal(object)  # Cell, or None
    pointed = Signal(object)  # Message: a cell in words; "" when attention leaves

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix: IntArray = np.zeros((0, 0), np.int64)
        self.names: tuple[str, ...] = ()
        self.kind = "test"
        self.choice: Cell | None = None
        self._looks = class_looks.DEFAULT
        self._scores = per_class(self.matrix)
        self._shares: list[tuple[str, ...]] = []
        self.at: Cell = (0, 0)  # of the keyboard
        self._hovered: Cell | None = None
        self._widest = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        describe(self, "Confusion matrix", HELP)

    # What is shown.

    def show_matrix(self, matrix: IntArray, names: Sequence[str], kind: str) -> None:
        """Show counts (classes, classes), true class in the rows, of "test" or "training" points.

        A chosen cell stays chosen as long as there are as many classes.
        """
        if len(matrix) != len(self.matrix):
            self.choose(None)
            self.at, self._hovered = (0, 0), None
        before = self.sizeHint()
        self.matrix, self.names, self.kind = matrix, tuple(names), kind
        self._scores = per_class(matrix)
        self._widest = max((len(_count(count)) for count in np.unique(matrix).tolist()), default=1)
        if self.sizeHint() != before:
            self.updateGeometry()
        self._shares = _as_text(self._scores)
        self._tell()
        self.update()

    def show_looks(self, looks: ClassLooks) -> None:
        """Mark the classes by what they look like."""
        self._looks = looks
        self.update()

    @property
    def scores(self) -> PerClass:
        """Precision, recall and F1 of what is shown."""
        return self._scores

    def words(self) -> str:
        """The cell under the pointer, at the keyboard, or else the chosen one, in words."""
        cell = self._hovered or (self.at if self.has_ring() else self.choice)
        if cell is None or not len(self.matrix):
            return ""
        return in_words(self.matrix, cell, self.names, self.kind)

    def choose(self, cell: Cell | None) -> None:
        """Choose a cell, or none."""
        if cell != self.choice:
            self.choice = cell
            self.chosen.emit(cell)
            self._tell()
            self.update()

    # Where things are.

    def sizeHint(self) -> QSize:
        classes = len(self.matrix)
        columns = classes * (self._narrowest_cell())
        width = self._names_width() + columns + theme.UNIT + self._share_width() * len(SHARES)
        return QSize(width, theme.scaled(LOWEST_ROW) * (classes + 2))

    minimumSizeHint = sizeHint

    def box(self, cell: Cell) -> QRectF:
        """Where a cell is painted."""
        return self._grid().box(cell)

    def cell_at(self, place: QPointF) -> Cell | None:
        """The cell under a place; None beside the table."""
        grid, classes = self._grid(), len(self.matrix)
        row, column = int(place.y() // grid.height) - 1, int((place.x() - grid.left) // grid.width)
        return (row, column) if 0 <= row < classes and 0 <= column < classes else None

    def _grid(self) -> Grid:
        classes, left = max(1, len(self.matrix)), self._names_width()
        taken = left + theme.UNIT + self._share_width() * len(SHARES)
        width = min((self.width() - taken) // classes, theme.scaled(WIDEST_CELL))
        height = min(self.height() // (classes + 2), theme.scaled(HIGHEST_ROW))
        smallest = theme.scaled(LOWEST_ROW)
        return Grid(left, max(width, self._narrowest_cell()), max(height, smallest))

    def _narrowest_cell(self) -> int:
        return max(text_width("0" * self._widest) + 2 * CELL_PADDING, theme.scaled(MARKER))

    def _names_width(self) -> int:
        longest = max(map(text_width, self.names), default=0)
        return min(longest, theme.scaled(LARGEST_NAME)) + theme.scaled(MARKER) + theme.UNIT

    def _share_width(self) -> int:
        return theme.scaled(SHARE_WIDTH)

    # Pointer and keyboard.

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        cell = self.cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self.at = cell
            self._press()

    def event(self, event: QEvent) -> bool:
        """The keys that move here are meant for this table, whatever they mean to the window; a
        tooltip says the cell in words.
        """
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in (*ARROWS, *ENTER_KEYS):
                event.accept()
                return True
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), wrapped(self.words() or HELP), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        classes = len(self.matrix)
        if not classes:
            super().keyPressEvent(event)
        elif event.key() in ENTER_KEYS:
            self._press()
        elif event.key() == Qt.Key.Key_Escape and self.choice is not None:
            self.choose(None)
        elif event.key() in ARROWS:
            right, down = ARROWS[Qt.Key(event.key())]
            row, column = self.at[0] + down, self.at[1] + right
            self.at = (min(max(row, 0), classes - 1), min(max(column, 0), classes - 1))
            self._ring = True  # also where it was a click that brought the focus
            self._tell()
            self.update()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._tell()

    def _press(self) -> None:
        self.choose(None if self.at == self.choice else self.at)

    def _hover(self, cell: Cell | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self._tell()
            self.update()

    def _tell(self) -> None:
        words = self.words()
        self.setAccessibleDescription(tr(words or HELP))
        self.pointed.emit(words)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, grid = QPainter(self), self._grid()
        painter.setFont(theme.font("caption"))
        if len(self.matrix):
            self._paint_names(painter, grid)
            for cell in grid.cells_in(QRectF(event.rect()), len(self.matrix)):
                self._paint_cell(painter, grid, cell)
            self._paint_shares(painter, grid)
            self._paint_marks(painter, grid)
        painter.end()

    def _paint_names(self, painter: QPainter, grid: Grid) -> None:
        """True classes with their names at the left, predicted ones above: by marker, and by name
        where there is room.
        """
        marker = theme.scaled(MARKER)
        fits = max(map(text_width, self.names)) + marker <= grid.width
        for index, name in enumerate(self.names):
            middle = (index + 1.5) * grid.height
            self._paint_marker(painter, index, QPointF(marker / 2 - 1, middle))
            room = grid.left - marker - theme.UNIT
            beside = QRectF(marker, middle - grid.height / 2, room, grid.height)
            _paint_text(painter, beside, name, Qt.AlignmentFlag.AlignLeft)
            taken = marker + text_width(name) if fits else marker
            start = grid.left + (index + 0.5) * grid.width - taken / 2
            self._paint_marker(painter, index, QPointF(start + marker / 2 - 1, grid.height / 2))
            if fits:
                above = QRectF(start + marker, 0, grid.width, grid.height)
                _paint_text(painter, above, name, Qt.AlignmentFlag.AlignLeft)

    def _paint_marker(self, painter: QPainter, index: int, center: QPointF) -> None:
        """The marker that the points of a class have on the canvas."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_class(painter, self._looks, index, center, theme.scaled(8))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_cell(self, painter: QPainter, grid: Grid, cell: Cell) -> None:
        now, count, box = theme.current(), int(self.matrix[cell]), grid.box(cell)
        share = count / max(1, int(self.matrix[cell[0]].sum()))
        fill_with(painter, theme.faded(now.ink, 0.04 + 0.76 * share))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        # From half strength on the cell is nearer to ink than to the panel.
        painter.setPen(now.panel if share > 0.5 else now.ink if count else now.muted)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _count(count))

    def _paint_shares(self, painter: QPainter, grid: Grid) -> None:
        """Precision, recall and F1 beside their class, and their means below."""
        width, classes = self._share_width(), len(self.matrix)
        left, right = grid.left + classes * grid.width + theme.UNIT, Qt.AlignmentFlag.AlignRight
        for column, title in enumerate(SHARES):
            x = left + column * width
            head = QRectF(x, 0, width, grid.height)
            _paint_text(painter, head, tr(title), right)
            for row, values in enumerate(self._shares):
                box = head.translated(0, (row + 1) * grid.height)
                _paint_text(painter, box, values[column], right, is_ink=row < classes)
        foot = QRectF(0, (classes + 1) * grid.height, left, grid.height)
        _paint_text(painter, foot, tr("mean of the classes"), right)

    def _paint_marks(self, painter: QPainter, grid: Grid) -> None:
        """The chosen cell, the one under the pointer, and the place of the keyboard."""
        now = theme.current()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._hovered is not None:
            painter.setPen(theme.line_pen(now.muted))
            painter.drawRect(grid.box(self._hovered).adjusted(0.5, 0.5, -0.5, -0.5))
        if self.choice is not None:
            box = grid.box(self.choice)
            for inset, color in ((1.0, now.ink), (3.0, now.panel)):
                painter.setPen(theme.line_pen(color, 2.0))
                painter.drawRect(box.adjusted(inset, inset, -inset, -inset))
        if self.has_ring():
            painter.setPen(theme.line_pen(now.focus, 2.0))
            painter.drawRect(grid.box(self.at).adjusted(1, 1, -1, -1))


def _paint_text(
    painter: QPainter, box: QRectF, text: str, side: Qt.AlignmentFlag, *, is_ink: bool = False
) -> None:
    now = theme.current()
    painter.setPen(now.ink if is_ink else now.muted)
    draw_fitted(painter, box, Qt.AlignmentFlag.AlignVCenter | side, text)


def _count(count: int) -> str:
    """A number of points in four characters at most: 9999, 12k, 3M."""
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if count >= 10 * size or (unit == "M" and count >= size):
            return f"{count // size}{unit}"
    return str(count)


def _as_text(scores: PerClass) -> list[tuple[str, ...]]:
    """Precision, recall and F1 of each class and, last, their means."""
    columns = (scores.precision, scores.recall, scores.f1)
    rows = [tuple(map(_share, row)) for row in zip(*columns, strict=True)]
    return [*rows, tuple(_share(macro(values)) for values in columns)]


def _share(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}"
