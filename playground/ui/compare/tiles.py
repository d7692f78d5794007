"""A small live picture of every lane: boundary or fitted curve, the name, and how well it does.

GUI thread. Points are painted once for a size and a look, and laid over each new map.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFontMetrics,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core import class_maps, numbers, palette
from playground.core.data.dataset import Dataset
from playground.core.data.picture_scale import curve_heights, on_canvas, shades
from playground.core.data.plane import Plane, stored_axes, values_of
from playground.core.races import lane_style
from playground.engines.contract.run_control import State
from playground.engines.contract.views import Frame
from playground.engines.many.race import Lane
from playground.ui.compare.curves import lane_pen
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.look.marker_shapes import map_colors, marker
from playground.ui.widgets import draw_fitted, painting

MOST_POINTS: Final = 150
MARKER_SHARE: Final = 1 / 30
"""Size of a point as a part of the picture."""

SAMPLE: Final = 22
HEAD: Final = 20
"""Height of the line with the name."""
BEST_SCORE: Final = numbers.percent(1.0, 0)
"""There is room for it from the start."""
CORNER: Final = 8
SMALLEST: Final = 72
ALIKE: Final = 0.9
"""Pictures at least so large, beside the largest, may be chosen for their rows."""


def has_picture(lane: Lane) -> bool:
    """True where the lane can be drawn over its inputs."""
    frame = lane.snapshot.frame
    return frame is not None and frame.map is not None


class Tile(QWidget):
    """One lane."""

    pointed = Signal(int)  # the number of the lane under the pointer; -1 when it leaves

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._is_strong = False
        self._lane: Lane | None = None
        self._points: QPixmap | None = None
        self._points_of: tuple[object, ...] = ()
        self.is_chosen = False
        self.lines = 1
        self.setMinimumSize(SMALLEST, SMALLEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_lane(self, lane: Lane) -> None:
        self._lane = lane
        self.setAccessibleName(f"{lane.name}: {score_text(lane)}")
        said = {"lane": lane.name, "score": score_text(lane), "epoch": lane.snapshot.epoch}
        self.setToolTip(tr("{lane}: {score}, epoch {epoch:,}", **said))
        self.update()

    def set_lines(self, lines: int) -> None:
        """The name stands between sign and score, or in a second line."""
        if lines != self.lines:
            self.lines = lines
            self.update()

    def choose(self, is_chosen: bool) -> None:
        """Frame this lane, or no longer."""
        self.is_chosen = is_chosen
        self.update()

    def emphasise(self, is_strong: bool) -> None:
        """Draw its sign as strongly as its line is drawn."""
        if is_strong != self._is_strong:
            self._is_strong = is_strong
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointed.emit(self._number)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(-1)

    def sizeHint(self) -> QSize:
        return QSize(160, 160)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._lane is None:
            return
        with painting(self) as painter:
            head, side = theme.scaled(HEAD) * self.lines, self._side(self.lines)
            square = QRect((self.width() - side) // 2, head, side, side)
            self._paint_head(painter, QRect(square.left(), 0, side, head))
            self._paint_picture(painter, square)

    def _side(self, lines: int) -> int:
        """Pixels of the picture under a head of so many lines."""
        return min(self.width(), self.height() - theme.scaled(HEAD) * lines) - 2

    def _paint_head(self, painter: QPainter, box: QRect) -> None:
        """The sign and the score in the first line; the name between them, or in the second."""
        assert self._lane is not None
        now = theme.current()
        first = box.adjusted(0, 0, 0, -box.height() // self.lines * (self.lines - 1))
        painter.setPen(lane_pen(lane_style(self._number), 2.0, is_strong=self._is_strong))
        middle = first.center().y() + 0.5
        painter.drawLine(QPointF(box.left(), middle), QPointF(box.left() + SAMPLE, middle))
        painter.setFont(theme.font("caption"))
        painter.setPen(now.muted)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(first, right, score_text(self._lane))
        beside = (SAMPLE + theme.UNIT, 0, -self._score_width(), 0)
        below = (0, first.height(), 0, 0)
        names = box.adjusted(*(below if self.lines > 1 else beside))
        painter.setPen(now.ink)
        name = self._name_in(names.width())
        draw_fitted(painter, QRectF(names), Qt.AlignmentFlag.AlignVCenter, name)

    def _score_width(self) -> int:
        assert self._lane is not None
        metrics = QFontMetrics(theme.font("caption"))
        texts = score_text(self._lane), BEST_SCORE
        return max(map(metrics.horizontalAdvance, texts)) + theme.UNIT

    def _name_in(self, room: int) -> str:
        """The name, or where it has no room, what tells it from others."""
        assert self._lane is not None
        name = self._lane.name
        is_long = QFontMetrics(theme.font("caption")).horizontalAdvance(name) > room
        return _short(name) if is_long else name

    def fits_in_a_line(self) -> bool:
        """True where sign, name and score have room beside each other."""
        if self._lane is None:
            return True
        room = self._side(1) - SAMPLE - theme.UNIT - self._score_width()
        metrics = QFontMetrics(theme.font("caption"))
        return metrics.horizontalAdvance(self._name_in(room)) <= room

    def _paint_picture(self, painter: QPainter, square: QRect) -> None:
        assert self._lane is not None
        now = theme.current()
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(square), CORNER, CORNER)
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(square, now.neutral_color)
        frame = self._lane.snapshot.frame
        if frame is not None and frame.map is not None:
            if frame.map.ndim == 3:
                _paint_map(painter, square, frame.map, frame, self._lane.dataset)
            else:
                _paint_curve(painter, square, frame, self._lane.dataset)
            painter.drawPixmap(square.topLeft(), self._points_over(square.width(), frame.extent))
        painter.restore()
        if self.is_chosen:
            painter.setPen(theme.line_pen(now.ink, 2.0))
            painter.drawPath(shape)

    def _points_over(self, side: int, extent: float) -> QPixmap:
        """The training points as a picture of that many pixels; made anew only for other ones."""
        assert self._lane is not None
        wanted = (self._lane.dataset, side, extent, theme.current().scheme)
        if self._points is None or wanted != self._points_of:
            ratio = self.devicePixelRatioF()
            self._points = QPixmap(round(side * ratio), round(side * ratio))
            self._points.setDevicePixelRatio(ratio)
            self._points.fill(Qt.GlobalColor.transparent)
            _paint_points(self._points, self._lane, side, extent)
            self._points_of = wanted
        return self._points


class TileWall(QWidget):
    """The tiles of all lanes in the columns in which they are largest; a row that is not full
    stands in the middle.
    """

    pointed = Signal(int)  # the number of the lane under the pointer; -1 when it leaves

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: list[Tile] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("What each lane makes of the plane"))

    def tiles(self) -> list[Tile]:
        return self._tiles

    def show_lanes(self, lanes: Sequence[Lane]) -> None:
        if len(lanes) != len(self._tiles):
            self._make(len(lanes))
        for tile, lane in zip(self._tiles, lanes, strict=True):
            tile.show_lane(lane)
        self._choose_lines()

    def choose(self, number: int) -> None:
        """Frame one lane; -1 for none."""
        for index, tile in enumerate(self._tiles):
            tile.choose(index == number)

    def emphasise(self, is_strong: Callable[[int], bool]) -> None:
        """Draw the signs of these lanes strongly."""
        for index, tile in enumerate(self._tiles):
            tile.emphasise(is_strong(index))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * SMALLEST, 2 * SMALLEST)

    def _make(self, count: int) -> None:
        for tile in self._tiles:
            tile.hide()
            tile.deleteLater()
        self._tiles = [Tile(number, self) for number in range(count)]
        for tile in self._tiles:
            tile.pointed.connect(self.pointed)
            tile.show()
        self._arrange()

    def _arrange(self) -> None:
        for tile, box in zip(
            self._tiles, places(len(self._tiles), self.width(), self.height()), strict=True
        ):
            tile.setGeometry(box)
        self._choose_lines()

    def _choose_lines(self) -> None:
        """All names stand in one line with the scores, or none does."""
        lines = 1 if all(tile.fits_in_a_line() for tile in self._tiles) else 2
        for tile in self._tiles:
            tile.set_lines(lines)


def places(count: int, width: int, height: int) -> list[QRect]:
    """Where the tiles stand, row by row, with equal gaps and as large as they can be."""
    if not count:
        return []
    columns = _best_columns(count, width, height)
    rows = math.ceil(count / columns)
    wide = (width - (columns - 1) * theme.GAP) // columns
    high = (height - (rows - 1) * theme.GAP) // rows
    wide = min(wide, high - theme.scaled(HEAD) + theme.GAP)  # no wider than the picture, by much
    found = []
    for number in range(count):
        row, column = divmod(number, columns)
        in_row = min(columns, count - row * columns)
        left = (width - in_row * wide - (in_row - 1) * theme.GAP) // 2
        found.append(
            QRect(left + column * (wide + theme.GAP), row * (high + theme.GAP), wide, high)
        )
    return found


def _best_columns(count: int, width: int, height: int) -> int:
    """How many columns give the largest pictures; of those about as large, full rows."""

    def side(columns: int) -> float:
        rows = math.ceil(count / columns)
        return min(width / columns, height / rows - theme.scaled(HEAD)) - theme.GAP

    largest = max(map(side, range(1, count + 1)))
    large = [columns for columns in range(1, count + 1) if side(columns) >= ALIKE * largest]
    return max(large, key=lambda columns: (-(-count % columns), side(columns)))


def score_text(lane: Lane) -> str:
    """How well a lane does, in a word: accuracy where there are classes, else the loss."""
    now = lane.snapshot
    if now.state == State.DIVERGED:
        return tr("diverged")
    score = now.test or now.train
    if score.accuracy is None:
        return numbers.rounded(score.loss)
    return numbers.percent(score.accuracy, 0)


_BEGIN_A_NUMBER = frozenset("0123456789-[")


def _short(name: str) -> str:
    """A name without the words in front of its numbers: "learning rate 0.1, seed 3" is "0.1, 3"."""
    parts = [(part, part.rpartition(" ")[2]) for part in name.split(", ")]
    return ", ".join(last if last[:1] in _BEGIN_A_NUMBER else part for part, last in parts)


def _paint_map(
    painter: QPainter, square: QRect, picture: npt.NDArray, frame: Frame, dataset: Dataset
) -> None:
    """A map of a frame; its row 0 is its lower edge."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if dataset.is_regression:
        picture = shades(picture, frame.values)
    picture, looks = picture[::-1], dataset.looks
    if class_maps.repeats_colors(picture.shape[2]):
        colors = class_maps.bordered(picture, map_colors(looks), square.width())
    else:
        colors = palette.map_colors(picture, theme.current().neutral, looks.rgb)
    painter.drawImage(square, theme.image(colors))


def _paint_curve(painter: QPainter, square: QRect, frame: Frame, dataset: Dataset) -> None:
    """What a network with one input draws: a curve, of classes over their bands."""
    assert frame.map is not None
    assert frame.stored is not None, "a single input lies along a curve"
    if not dataset.is_regression:
        bands = np.broadcast_to(frame.map, (len(frame.map), *frame.map.shape))
        _paint_map(painter, square, bands, frame, dataset)
    heights = curve_heights(frame.map, frame.stored)
    _paint_fit(painter, square, heights / frame.extent)


def _paint_fit(painter: QPainter, square: QRect, values: npt.NDArray) -> None:
    """The curve that a network with one input draws: values (N,) across, from -1 to 1 high."""
    across = (np.arange(len(values)) + 0.5) / len(values) * square.width() + square.left()
    up = (1 - values) / 2 * square.height() + square.top()
    path = QPainterPath(QPointF(across[0], up[0]))
    for x, y in zip(across[1:], up[1:], strict=True):
        path.lineTo(x, y)
    painter.strokePath(path, theme.line_pen(theme.current().ink, 2.0))


def _paint_points(pixmap: QPixmap, lane: Lane, side: int, extent: float) -> None:
    places = _places(lane)
    if places is None:
        return
    rows = np.flatnonzero(~lane.dataset.points.held_out)
    rows = rows[:: max(1, math.ceil(len(rows) / MOST_POINTS))]
    across = (places[rows] / extent * [1, -1] + 1) / 2 * side
    now, is_regression = theme.current(), lane.dataset.is_regression
    with painting(pixmap) as painter:
        # Targets in the middle have the colour of the map there.
        painter.setPen(theme.line_pen(now.muted if is_regression else now.point_edge, 0.7))
        colors, symbols = point_looks(lane.dataset, rows)
        size = min(7.0, max(3.0, side * MARKER_SHARE))
        for (x, y), color, symbol in zip(across, colors, symbols, strict=True):
            painter.setBrush(theme.color(color))
            painter.drawPath(marker(symbol, QPointF(x, y), size))


def _places(lane: Lane) -> npt.NDArray[np.float32] | None:
    """Where the points are on the canvas, (N, 2)."""
    points = lane.dataset.points
    if points.x.shape[1] == 1:
        return on_canvas(points, stored_axes(lane.dataset))
    plane = Plane.of(lane.dataset, lane.experiment.view)
    return None if plane is None else plane.project(points.x)


def point_looks(dataset: Dataset, rows: npt.NDArray) -> tuple[npt.NDArray[np.uint8], list[str]]:
    """Colour (N, 3) and symbol of each of these points, as on the canvas: those of its class, or a
    disc in the colour that the map has for its target.
    """
    y, looks = dataset.points.y[rows], dataset.looks
    if not dataset.is_regression:
        return looks.rgb[y], [looks.symbol(label) for label in y]
    low, high = palette.CLASS_COLORS[:2]
    ramp = palette.ramp(low, high, theme.current().neutral, strength=1.0)[:, :3]
    places = (np.clip(shades(y, values_of(dataset)), -1, 1) + 1) / 2 * (len(ramp) - 1)
    return ramp[places.round().astype(int)], ["o"] * len(rows)
