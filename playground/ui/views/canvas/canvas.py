"""The canvas: the picture of the plane, and the hand of the person.

Hands pointer gestures to the tool in use, and keeps what is selected. What a gesture makes of the
points leaves as a request. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from playground.core import palette
from playground.core.plane import Plane
from playground.core.points import FloatArray, IntArray, Points
from playground.ui import theme
from playground.ui.language import tr
from playground.ui.tools import Place, Sheet, Stroke, Tool, no_rows
from playground.ui.tools.bookkeeping import (
    duplicated,
    everything,
    moved,
    nothing,
    recolored,
    removed,
)
from playground.ui.views.canvas import overlays
from playground.ui.views.canvas.gestures import Gestures, modifiers_of
from playground.ui.views.canvas.markers import Rings
from playground.ui.views.canvas.plane_view import EXTENT, PlaneView
from playground.ui.views.canvas.region import Region
from playground.ui.views.canvas.sheets import points_of, sheet_of
from playground.ui.widgets import describe

__all__ = ["EXTENT", "Canvas"]

PICK_PIXELS = 12
"""How far from a point a click still means it."""
WHEEL_STEP = 1.2
"""How much more of the plane one notch of the wheel shows."""
DESCRIPTION = (
    "The points and what the network makes of the plane. Letters choose a tool, arrows"
    " move what is selected, Ctrl and + or - zoom."
)
NUDGE_MILLISECONDS = 600
"""Nudges that follow each other sooner are one step back."""

_CURSORS = {
    "cross": Qt.CursorShape.CrossCursor,
    "move": Qt.CursorShape.OpenHandCursor,
    "point": Qt.CursorShape.PointingHandCursor,
    "none": Qt.CursorShape.BlankCursor,
}
_PEN = {
    QEvent.Type.TabletPress: "_press",
    QEvent.Type.TabletMove: "_move",
    QEvent.Type.TabletRelease: "_release",
}


class Canvas(PlaneView):
    """A square picture of the input plane that can be drawn in."""

    edited = Signal(object, str)  # Points after the gesture so far, what the gesture does
    strokeEnded = Signal()
    selectionChanged = Signal(object)  # int64 (S,) rows of the points
    probeDropped = Signal(object)  # (x1, x2) in canvas units
    pointed = Signal(object)  # (x1, x2) under the pointer, or None
    toolChanged = Signal(str)  # the key of the tool in use

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        describe(self, "Canvas")
        self.setAccessibleDescription(tr(DESCRIPTION))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # one stop for Tab, not two
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents, False)
        self.setMouseTracking(True)
        self._selection_rings = Rings(self._box, "o", 1.8, 2.0)
        self._rings.append(self._selection_rings)
        self._selected = no_rows()
        self._gestures = Gestures(self._sheet, self)
        self._gestures.answered.connect(self._on_answered)
        self._gestures.ended.connect(self._on_gesture_ended)
        self._nudges = QTimer(self, singleShot=True, interval=NUDGE_MILLISECONDS)
        self._nudges.timeout.connect(self.strokeEnded)
        self._show_cursor()

    _points_of: Callable[[], Points] | None = None
    _polygon: FloatArray | None = None
    _pointer: Place | None = None
    _held = Qt.KeyboardModifier.NoModifier
    _pan: tuple[QPointF, Region] | None = None
    _can_draw = True
    _is_own_edit = False

    def show_plane(self, plane: Plane | None) -> None:
        super().show_plane(plane)
        note = tr(plane.said, **plane.numbers) if plane is not None and plane.said else ""
        self.setAccessibleDescription(" ".join(filter(None, (tr(DESCRIPTION), note))))

    def show_points(self, points: Points) -> None:
        """Draw these points; a selection among others ends."""
        if len(points) != len(self._points) and not self._is_own_edit:
            self._select(no_rows())
        super().show_points(points)

    def _draw_rings(self) -> None:
        super()._draw_rings()
        self._selection_rings.show(self._places_at(self._visible(self._selected)))

    # The selection. Keys and menus work on it; its rows are those of the points.

    def selection(self) -> IntArray:
        """int64 (S,): the rows of the selected points, ascending."""
        return self._selected

    @Slot()
    def select_all(self) -> None:
        if self.can_draw:
            self._on_answered(everything(self._sheet()))

    @Slot()
    def select_none(self) -> None:
        self._on_answered(nothing())

    def nudge(self, dx: float, dy: float) -> None:
        """Move what is selected, in canvas units; nudges in a row are one step back."""
        if self.can_draw and len(self._selected):
            self._nudges.start()
            self._offer(moved(self._sheet(), dx, dy), "move points")

    @Slot()
    def remove_selected(self) -> None:
        self._command(removed, "remove points")

    @Slot()
    def duplicate_selected(self) -> None:
        self._command(duplicated, "duplicate points")

    def recolor_selected(self, answer: float) -> None:
        """Give what is selected another class, or another target."""
        if not self.can_draw:
            return
        text = "change the target" if self._points.is_regression else "change the class"
        # A target is no place on the sheet, so this works on the points as they are.
        stroke = recolored(Sheet(self._current(), self._selected), answer)
        self._finish_nudges()
        if stroke.points is not None:
            self.edited.emit(stroke.points, text)
            self.strokeEnded.emit()

    def _command(self, edit: Callable[[Sheet], Stroke], text: str) -> None:
        if self.can_draw and len(self._selected):
            self._finish_nudges()
            self._offer(edit(self._sheet()), text)
            self.strokeEnded.emit()

    @Slot(object)
    def select(self, rows: IntArray) -> None:
        """Select these rows of the points; those that are not there are left out."""
        rows = np.unique(np.asarray(rows, np.int64))
        self._select(rows[(rows >= 0) & (rows < len(self._points))])

    def _select(self, rows: IntArray) -> None:
        if not np.array_equal(rows, self._selected):
            self._selected = rows
            self._draw_rings()
            self.viewport().update()
            self.selectionChanged.emit(rows)

    # The hand.

    def draw_with(self, points_of: Callable[[], Points]) -> None:
        """Let tools work on the points that `points_of` gives at the moment of a gesture."""
        self._points_of = points_of

    def allow_drawing(self, allowed: bool) -> None:
        self._can_draw = allowed
        if not allowed:
            self._select(no_rows())
        self._show_cursor()

    @property
    def can_draw(self) -> bool:
        """True where tools may change the points."""
        return self._can_draw and self._points_of is not None

    @property
    def tool(self) -> Tool:
        """The tool in use."""
        return self._gestures.tool

    def use_tool(self, key: str) -> None:
        """Draw with another tool, the same hand."""
        self._gestures.use_tool(key)
        self._show_cursor()
        self.toolChanged.emit(key)

    def set_hand(self, **choices: float) -> None:
        """Draw with another label, value, radius or density."""
        self._gestures.set_hand(**choices)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second click of a fast pair is a click like any other, except where there is nothing
        to take: there it brings the whole picture back.
        """
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and self._gestures.key == "pick" and self._is_empty(event.position()):
            event.accept()
            self.reset_view()
        else:
            self._press(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """A pen works as the mouse does, at its own, finer rate."""
        if isinstance(event, QTabletEvent) and event.type() in _PEN:
            getattr(self, _PEN[event.type()])(event)
            return True
        return super().viewportEvent(event)

    def _press(self, event: QMouseEvent | QTabletEvent) -> None:
        event.accept()
        position, button = event.position(), event.button()
        is_left, held = button == Qt.MouseButton.LeftButton, event.modifiers()
        has_alt = bool(held & Qt.KeyboardModifier.AltModifier)
        if button == Qt.MouseButton.MiddleButton or (is_left and has_alt):
            self._pan = position, self._region
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif is_left and self._may_use_tool():
            self._finish_nudges()
            self._gestures.set_hand(reach=self._reach())
            self._gestures.press(self._place(position), modifiers_of(held))

    def _move(self, event: QMouseEvent | QTabletEvent) -> None:
        event.accept()
        position = event.position()
        place = self._place(position)
        if self._pan is not None:
            start, region = self._pan
            unit = self._unit_per_pixel()
            way = position - start
            self._look_at(region.moved(-way.x() * unit, way.y() * unit))
            return
        self._point_at(place, event.modifiers())
        if self._gestures.is_pressed:
            self._gestures.drag(self._region.clamped(place))

    def _release(self, event: QMouseEvent | QTabletEvent) -> None:
        event.accept()
        buttons = (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton)
        if self._pan is not None and event.button() in buttons:
            self._pan = None
            self._show_cursor()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._gestures.release()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if not turned:
            event.ignore()
            return
        event.accept()
        self.zoom_by(WHEEL_STEP ** (-turned / 120), self._place(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)
        super().leaveEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody can let go of a button over a canvas that is not there."""
        self._gestures.release()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys belong to the window's shortcuts, not to the scrolling of a graphics view."""
        event.ignore()

    @Slot(object)
    def _on_answered(self, stroke: Stroke) -> None:
        """Do what a gesture asks for."""
        if stroke.probe is not None:
            self.probeDropped.emit(stroke.probe)
        if stroke.outline is not None or self._polygon is not None:
            self._polygon = stroke.outline if self._gestures.is_pressed else None
            self.viewport().update()
        self._offer(stroke, self.tool.name)

    @Slot()
    def _on_gesture_ended(self) -> None:
        self._polygon = None
        self.viewport().update()
        self.strokeEnded.emit()

    def _offer(self, stroke: Stroke, text: str) -> None:
        """Ask for the points of a stroke, and select what it selects among them."""
        if stroke.points is not None:
            self._is_own_edit = True
            try:
                self.edited.emit(points_of(stroke.points, self._points.x.shape[1]), text)
            finally:
                self._is_own_edit = False
        if stroke.selected is not None:
            self._select(stroke.selected)
        if self._selected.max(initial=-1) >= len(self._current()):
            self._select(no_rows())  # what was asked for was refused

    def _finish_nudges(self) -> None:
        if self._nudges.isActive():
            self._nudges.stop()
            self.strokeEnded.emit()

    def _may_use_tool(self) -> bool:
        """Probes can be dropped wherever there is a picture, other tools only where one draws."""
        return self._points_of is not None and (self._can_draw or self._gestures.key == "probe")

    def _current(self) -> Points:
        return self._points if self._points_of is None else self._points_of()

    def _sheet(self) -> Sheet:
        points = self._current()
        if points.x.shape[1] > 2:
            points = Points.empty()
        return Sheet(sheet_of(points), self._selected)

    def _is_empty(self, position: QPointF) -> bool:
        away = self._places - np.array(self._place(position), np.float32)
        return not (np.hypot(away[:, 0], away[:, 1]) <= self._reach()).any()

    def _place(self, position: QPointF) -> Place:
        return self._region.from_pixels(position.x(), position.y(), self.width(), self.height())

    def _unit_per_pixel(self) -> float:
        return 2 * self._region.extent / max(1, self.width())

    def _reach(self) -> float:
        return PICK_PIXELS * self._unit_per_pixel()

    # The look.

    def _point_at(
        self, place: Place | None, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Show what the tool would do there."""
        before, self._pointer, self._held = self._pointer, place, held
        self.pointed.emit(place)
        for spot in (before, place):
            if spot is not None and self.can_draw:
                self.viewport().update(self._around(spot))

    def _around(self, place: Place) -> QRect:
        """The pixels that the pointer's ring and marker may cover."""
        x, y = self._region.to_pixels(place, self.width(), self.height())
        reach = self.tool.hand.radius / self._unit_per_pixel() + theme.scaled(2 * overlays.PADDING)
        return QRectF(x - reach, y - reach, 2 * reach, 2 * reach).toAlignedRect()

    def _show_cursor(self) -> None:
        shape = _CURSORS[self.tool.cursor] if self._may_use_tool() else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.viewport().update()

    def _paint_overlays(self, painter: QPainter) -> None:
        super()._paint_overlays(painter)
        size = self._size()
        if self._polygon is not None and len(self._polygon):
            overlays.outline(painter, self._region.to_pixels(self._polygon, *size))
        if self._pointer is not None and self.can_draw and self._pan is None:
            x, y = self._region.to_pixels(self._pointer, *size)
            radius = self.tool.hand.radius / self._unit_per_pixel()
            ring = radius if self.tool.shows_radius else 0.0
            overlays.pointer(painter, (x, y), ring, self._paint_marker())

    def _paint_marker(self) -> tuple[str, QColor] | None:
        """Symbol and colour of what the tool would paint; None for tools that paint nothing."""
        if "answer" not in self.tool.uses:
            return None
        answer = self.tool.hand.answer(self._points, modifiers_of(self._held))
        if not self._points.is_regression:
            return palette.CLASS_MARKERS[int(answer)], theme.class_color(int(answer))
        low, high = palette.CLASS_COLORS[:2]
        table = palette.ramp(low, high, theme.current().neutral, strength=1.0)
        return "o", theme.color(table[palette.signed_index(answer)][:3])

    def _density_words(self) -> str:
        words = super()._density_words()
        if not len(self._selected):
            return words
        return f"{words}, {tr('{count} selected', count=f'{len(self._selected):,}')}"
