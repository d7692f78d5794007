"""The canvas: the boundary as a map of probabilities, the points over it, and the hand of the
person.

Shows what it is given and hands pointer gestures to the tool in use. What a gesture makes of the
points leaves as a request. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import QGraphicsEllipseItem, QWidget

from playground.core import palette
from playground.core.dataset import Dataset
from playground.core.points import Points
from playground.engines.exchange import Frame
from playground.ui import theme
from playground.ui.tools import TOOLS, Modifier, Tool, with_hand
from playground.ui.views.contours import boundary
from playground.ui.views.markers import Markers
from playground.ui.widgets import FocusRing

__all__ = ["EXTENT", "Canvas"]

EXTENT = 6.0
"""The canvas shows [-6, 6]^2."""

CORNER = 8
PICK_PIXELS = 12
"""How far from a point a click still means it."""


class SmoothImage(pg.ImageItem):
    """An image whose pixels melt into each other, as probabilities do."""

    def paint(self, painter: QPainter, *arguments: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *arguments)


class Canvas(pg.GraphicsView):
    """A square picture of the input plane."""

    edited = Signal(object, str)  # Points after the gesture so far, what the gesture does
    strokeEnded = Signal()
    pointed = Signal(object)  # (x1, x2) under the pointer, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=None)
        self.setAccessibleName("Canvas")
        self.setAccessibleDescription(
            "The points and what the network makes of the plane. Press B, V or E for a tool."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # one stop for Tab, not two
        self.setMouseTracking(True)
        self.setFrameShape(self.Shape.NoFrame)
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False, lockAspect=True)
        self._box.setRange(QRectF(-EXTENT, -EXTENT, 2 * EXTENT, 2 * EXTENT), padding=0)
        self._box.disableAutoRange()
        self.setCentralItem(self._box)
        self._image = SmoothImage(axisOrder="row-major")
        self._curve = pg.PlotDataItem(connect="finite", antialias=True)
        self._ghost = pg.PlotDataItem(antialias=True)
        self._box.addItem(self._image)
        self._box.addItem(self._ghost)
        self._box.addItem(self._curve)
        self._markers = Markers(self._box)
        self._ring = QGraphicsEllipseItem()
        self._ring.setZValue(20)
        self._box.addItem(self._ring, ignoreBounds=True)
        self._ring.hide()
        self._points_of: Callable[[], Points] | None = None
        self._frame: Frame | None = None
        self._dataset: Dataset | None = None
        self._discrete = False
        self._is_pressed = False
        self.tool: Tool = TOOLS["brush"]()
        theme.manager().changed.connect(self._dress)
        self._dress()

    # What is shown.

    def draw_with(self, points_of: Callable[[], Points]) -> None:
        """Let tools work on the points that `points_of` gives at the moment of a gesture."""
        self._points_of = points_of

    def allow_drawing(self, allowed: bool) -> None:
        self._can_draw = allowed
        self._show_ring(None)
        self.setCursor(Qt.CursorShape.CrossCursor if allowed else Qt.CursorShape.ArrowCursor)

    _can_draw = True

    def show_points(self, points: Points) -> None:
        self._markers.show(points)

    def show_test_points(self, shown: bool) -> None:
        self._markers.show_test_points(shown)

    def show_dataset(self, dataset: Dataset) -> None:
        if self._dataset is not None and _kind(self._dataset) != _kind(dataset):
            self.dismiss_ghost()
            self.show_frame(None)
        self._dataset = dataset

    def show_frame(self, frame: Frame | None) -> None:
        """Draw the map or the curve; None clears it."""
        self._frame = frame
        self._draw_frame()

    def keep_ghost(self) -> None:
        """Leave the boundary of the last picture as a faint outline."""
        frame = self._frame
        if frame is None or frame.map is None:
            return
        if frame.map.ndim == 2:
            self._ghost.setData(*self._fitted(frame), connect="all")
        else:
            self._ghost.setData(*boundary(frame.map, frame.extent), connect="pairs")

    def has_ghost(self) -> bool:
        """True where a boundary of the run before is shown."""
        x, _ = self._ghost.getData()
        return x is not None and len(x) > 0

    def dismiss_ghost(self) -> None:
        self._ghost.setData([], [])

    def set_discrete(self, discrete: bool) -> None:
        """Show the class that wins instead of how likely it is."""
        self._discrete = discrete
        self._draw_frame()

    def prediction_at(self, place: tuple[float, float]) -> npt.NDArray[np.float32] | None:
        """Class probabilities (C,), or the value (1,), that the last picture shows there."""
        if self._frame is None or self._frame.map is None:
            return None
        picture, extent = self._frame.map, self._frame.extent
        size = picture.shape[0]
        cell = np.clip(((np.array(place) + extent) * size / (2 * extent)).astype(int), 0, size - 1)
        return picture[cell[0]] if picture.ndim == 2 else picture[cell[1], cell[0]]

    def show_unit(self, unit: tuple[int, int] | None) -> None:
        """Show what one unit (hidden layer, number) makes of the plane; None for the boundary."""
        self._unit = unit
        self._draw_frame()

    _unit: tuple[int, int] | None = None

    def _draw_frame(self) -> None:
        frame = self._frame
        picture = None if frame is None or self._unit is None else _of_unit(frame, self._unit)
        if frame is not None and picture is not None:
            self._draw_map(picture[:, :, None], frame.extent)
        elif frame is None or frame.map is None:
            self._image.clear()
            self._curve.setData([], [])
        elif frame.map.ndim == 2:
            self._image.clear()
            self._curve.setData(*self._fitted(frame))
        else:
            self._curve.setData([], [])
            self._draw_map(frame.map, frame.extent)

    @staticmethod
    def _fitted(frame: Frame) -> tuple[npt.NDArray, npt.NDArray]:
        """The curve that a network with one input draws, in canvas units."""
        assert frame.map is not None
        cells = len(frame.map)
        centers = (np.arange(cells) + 0.5) * (2 * frame.extent / cells) - frame.extent
        return centers, frame.map[:, 0] * Markers.CURVE_SCALE

    def _draw_map(self, picture: npt.NDArray[np.float32], extent: float) -> None:
        """Two classes and values go through a lookup table, more classes through the palette's
        mixture.
        """
        classes = picture.shape[2]
        picture = _refined(picture)
        if self._discrete:
            picture = _decided(_refined(picture))
        if classes <= 2:
            signed = picture[:, :, 0] if classes == 1 else picture[:, :, 1] * 2 - 1
            self._image.setLookupTable(self._ramp)
            self._image.setImage(palette.signed_index(signed), autoLevels=False, levels=(0, 255))
        else:
            self._image.setLookupTable(None)
            colors = palette.blend(picture, theme.current().neutral)
            self._image.setImage(colors, autoLevels=False, levels=(0, 255))
        self._image.setRect(QRectF(-extent, -extent, 2 * extent, 2 * extent))

    # The hand.

    def use_tool(self, key: str) -> None:
        """Draw with another tool, the same hand."""
        self.tool.release()
        self.tool = TOOLS[key](self.tool.hand)
        self._show_ring(None)

    def set_hand(self, **choices: float) -> None:
        """Draw with another label, value, radius or density."""
        with_hand(self.tool, **choices)
        self._show_ring(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if event.button() != Qt.MouseButton.LeftButton or not self._may_draw():
            return
        self._is_pressed = True
        with_hand(self.tool, reach=PICK_PIXELS * self._unit_per_pixel())
        place = self._place(event.position())
        self._offer(self.tool.press(self._points(), place, _modifiers(event)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()
        place = self._place(event.position())
        self.pointed.emit(place)
        self._show_ring(place)
        if self._is_pressed:
            inside = (min(max(place[0], -EXTENT), EXTENT), min(max(place[1], -EXTENT), EXTENT))
            self._offer(self.tool.drag(self._points(), inside))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton and self._is_pressed:
            self._is_pressed = False
            self.tool.release()
            self.strokeEnded.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second click of a fast pair is a click like any other."""
        self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._show_ring(None)
        self.pointed.emit(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys belong to the window's shortcuts, not to the scrolling of a graphics view."""
        event.ignore()

    def wheelEvent(self, event: QEvent) -> None:
        event.ignore()

    def _may_draw(self) -> bool:
        return self._can_draw and self._points_of is not None

    def _points(self) -> Points:
        assert self._points_of is not None
        return self._points_of()

    def _offer(self, points: Points | None) -> None:
        if points is not None:
            self.edited.emit(points, self.tool.name)

    def _place(self, position: QPointF) -> tuple[float, float]:
        at = self._box.mapSceneToView(self.mapToScene(position.toPoint()))
        return float(at.x()), float(at.y())

    def _unit_per_pixel(self) -> float:
        return 2 * EXTENT / max(1, self.width())

    # The look.

    def _show_ring(self, place: tuple[float, float] | None) -> None:
        if place is None or not self.tool.shows_radius or not self._may_draw():
            self._ring.hide()
            return
        radius = self.tool.hand.radius
        self._ring.setRect(place[0] - radius, place[1] - radius, 2 * radius, 2 * radius)
        self._ring.show()

    @Slot()
    def _dress(self) -> None:
        now = theme.current()
        self._ramp = palette.ramp(palette.CLASS_COLORS[0], palette.CLASS_COLORS[1], now.neutral)
        self._curve.setPen(theme.line_pen(now.ink, 2.0))
        ghost = theme.line_pen(theme.faded(now.ink, 0.45))
        ghost.setDashPattern([4, 4])
        self._ghost.setPen(ghost)
        self._ring.setPen(theme.line_pen(now.ink))
        self.setBackground(now.soft)
        self._markers.dress()
        self._draw_frame()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.viewport().rect())
        corners, rounded = QPainterPath(), QPainterPath()
        corners.addRect(whole)
        rounded.addRoundedRect(whole, CORNER, CORNER)
        painter.fillPath(corners - rounded, theme.current().panel)
        if self.hasFocus() and self._was_reached_by_key:
            FocusRing.paint_ring(painter, whole.adjusted(1, 1, -1, -1), CORNER - 1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._was_reached_by_key = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        super().focusInEvent(event)

    _was_reached_by_key = False

    def sizeHint(self) -> QSize:
        return QSize(380, 380)


def _decided(picture: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Certainty for the class that wins; for values, only their sign."""
    classes = picture.shape[2]
    if classes == 1:
        return np.sign(picture)
    return np.eye(classes, dtype=np.float32)[picture.argmax(axis=2)]


def _kind(dataset: Dataset) -> tuple[int, int]:
    """(inputs, classes): boundaries of different kinds have nothing in common."""
    return dataset.points.x.shape[1], dataset.classes


def _of_unit(frame: Frame, unit: tuple[int, int]) -> npt.NDArray[np.float32] | None:
    """What a unit gives over the plane, from -1 to 1; None where the frame does not show it.

    The units behind the hidden layers are the outputs, one a class or one for a value.
    """
    layer, number = unit
    if layer < len(frame.neurons) and number < len(frame.neurons[layer]):
        values = frame.neurons[layer][number]
        return values / max(float(np.abs(values).max()), 1e-9)
    if layer != len(frame.neurons) or frame.map is None or frame.map.ndim < 3:
        return None
    classes = frame.map.shape[2]
    return frame.map[:, :, 0] if classes == 1 else frame.map[:, :, min(number, classes - 1)] * 2 - 1


def _refined(picture: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Twice as many cells along both axes, (H, W, ...) -> (2H, 2W, ...), the new ones by linear
    interpolation.

    Colours bend where probabilities do not: interpolating before colouring keeps thin borders from
    fraying.
    """
    for axis in (0, 1):
        first = np.take(picture, [0], axis)
        last = np.take(picture, [-1], axis)
        before = np.concatenate([first, np.delete(picture, -1, axis)], axis)
        after = np.concatenate([np.delete(picture, 0, axis), last], axis)
        pairs = np.stack([0.75 * picture + 0.25 * before, 0.75 * picture + 0.25 * after], axis + 1)
        shape = list(picture.shape)
        shape[axis] *= 2
        picture = pairs.reshape(shape)
    return picture


def _modifiers(event: QMouseEvent) -> Modifier:
    held = event.modifiers()
    result = Modifier.NONE
    if held & Qt.KeyboardModifier.ShiftModifier:
        result |= Modifier.SHIFT
    if held & Qt.KeyboardModifier.ControlModifier:
        result |= Modifier.CTRL
    return result
