"""The plane as a person works on it: the tool in use, its gestures, and what is selected.

Knows places and modifiers, no pixels. What becomes of the points is shown at once and leaves as a
request. Imports core, PySide6 and the tools; GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from playground.core.data.points import FloatArray, IntArray, Points
from playground.core.messages import N_
from playground.ui.data.tools import (
    TICKS_PER_SECOND,
    TOOLS,
    CanvasState,
    Modifier,
    Place,
    Tool,
    ToolResult,
    no_rows,
)
from playground.ui.data.tools import selection_edits as edits
from playground.ui.language import tr
from playground.ui.output.canvas.canvas_points import from_canvas, to_canvas
from playground.ui.output.canvas.markers import Rings
from playground.ui.output.canvas.plane_view import PlaneView

NUDGE_MILLISECONDS = 600
"""Nudges that follow each other sooner are one step back."""

_CURSORS = {
    "cross": Qt.CursorShape.CrossCursor,
    "move": Qt.CursorShape.OpenHandCursor,
    "point": Qt.CursorShape.PointingHandCursor,
    "none": Qt.CursorShape.BlankCursor,
}


class EditablePlane(PlaneView):
    """Points that tools change and that can be selected; knows no pointer."""

    edited = Signal(object, str)  # Points after the gesture so far, what the gesture does
    gestureEnded = Signal()
    selectionChanged = Signal(object)  # int64 (S,) rows of the points
    probeDropped = Signal(object)  # (x1, x2) in canvas units
    toolChanged = Signal(str)  # the key of the tool in use
    testPointsAdded = Signal()  # there are new ones, and nobody would see them

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection_rings = Rings(self._box, "o", 1.8, 2.0)
        self._rings.append(self._selection_rings)
        self._selected = no_rows()
        self.tool: Tool = TOOLS["brush"]()
        self._ticks = QTimer(self, interval=1_000 // TICKS_PER_SECOND)
        self._ticks.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticks.timeout.connect(self._tick)
        self._nudges = QTimer(self, singleShot=True, interval=NUDGE_MILLISECONDS)
        self._nudges.timeout.connect(self.gestureEnded)
        self._show_cursor()

    _points_of: Callable[[], Points] | None = None
    _polygon: FloatArray | None = None
    _tool_key = "brush"
    _is_pressed = False
    _can_draw = True
    _test_share = 0.0

    def show_points(self, points: Points) -> None:
        """Draw these points; a selection among others ends."""
        if len(self._selected) and not self._is_edit(points):
            self._select(no_rows())
        super().show_points(points)

    def show_test_points(self, shown: bool) -> None:
        """Draw the held-out points, or no longer: those that are not seen are not selected."""
        super().show_test_points(shown)
        self._select(self._visible(self._selected))

    def _is_edit(self, points: Points) -> bool:
        """True where these are the points that are shown, but for some that somebody has changed:
        of those that are not selected most have stayed as they were.
        """
        before = self._points
        if points.x.shape != before.x.shape or points.y.dtype != before.y.dtype:
            return False
        is_same = (points.x == before.x).all(axis=1) & (points.y == before.y)
        others = np.delete(is_same, self._selected[self._selected < len(points)])
        return not len(others) or 2 * int(others.sum()) >= len(others)

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
            self._apply(edits.everything(self._state()))

    @Slot()
    def select_none(self) -> None:
        self._apply(edits.nothing())

    def nudge(self, dx: float, dy: float) -> None:
        """Move what is selected, in canvas units; nudges in a row are one step back."""
        if self.can_draw and len(self._selected):
            self._nudges.start()
            self._apply(edits.moved(self._state(), dx, dy), N_("move points"))

    @Slot()
    def remove_selected(self) -> None:
        self._command(edits.removed, N_("remove points"))

    @Slot()
    def cut_selected(self) -> None:
        """Remove what is selected, of which there is a copy."""
        self._command(edits.removed, N_("cut points"))

    @Slot()
    def duplicate_selected(self) -> None:
        self._command(edits.duplicated, N_("duplicate points"))

    def recolor_selected(self, answer: float) -> None:
        """Give what is selected another class, or another target."""
        if not self.can_draw:
            return
        is_value = self._points.is_regression
        text = N_("change the target" if is_value else "change the class")
        # A target is no place on the canvas, so this works on the points as they are.
        result = edits.recolored(CanvasState(self._current(), self._selected), answer)
        self._finish_nudges()
        if result.points is not None:
            self._offer(result.points, text)
            self.gestureEnded.emit()

    def _command(self, edit: Callable[[CanvasState], ToolResult], text: str) -> None:
        if self.can_draw and len(self._selected):
            self._finish_nudges()
            self._apply(edit(self._state()), text)
            self.gestureEnded.emit()

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

    # The tool in use.

    @property
    def is_drawing(self) -> bool:
        """True while a gesture is under way."""
        return self._is_pressed

    def draw_with(self, points_of: Callable[[], Points]) -> None:
        """Let tools work on the points that `points_of` gives at the moment of a gesture."""
        self._points_of = points_of

    def hold_out(self, share: float) -> None:
        """Hold out this part of the points that tools add."""
        self._test_share = share

    def allow_drawing(self, allowed: bool) -> None:
        self._can_draw = allowed
        if not allowed:
            self._select(no_rows())
        self._show_cursor()

    @property
    def can_draw(self) -> bool:
        """True where tools may change the points."""
        return self._can_draw and self._points_of is not None

    def use_tool(self, key: str) -> None:
        """Draw with another tool, the same settings."""
        self._release_tool()
        self._tool_key, self.tool = key, TOOLS[key](self.tool.settings)
        self._show_cursor()
        self.toolChanged.emit(key)

    def set_tool_settings(self, **choices: float) -> None:
        """Draw with another label, value, radius or density."""
        self.tool.change_settings(**choices)
        self.viewport().update()

    def _may_use_tool(self) -> bool:
        """Probes can be dropped wherever there is a picture, other tools only where one draws."""
        return self._points_of is not None and (self._can_draw or self._tool_key == "probe")

    def _show_cursor(self) -> None:
        shape = _CURSORS[self.tool.cursor] if self._may_use_tool() else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.viewport().update()

    # A gesture: from a place to the points.

    def _press_tool(self, at: Place, held: Modifier) -> None:
        self._finish_nudges()
        self._is_pressed = True
        self._ticks.start()
        state = self._state()
        self._work(state, self.tool.press(state, at, held))

    def _drag_tool(self, at: Place) -> None:
        if self._is_pressed:
            state = self._state()
            self._work(state, self.tool.drag(state, at))

    @Slot()
    def _tick(self) -> None:
        state = self._state()
        self._work(state, self.tool.tick(state))

    def _work(self, state: CanvasState, result: ToolResult) -> None:
        """Do what a gesture asks for; the points that it adds are divided as those before them."""
        start, points = len(state.points), result.points
        if points is None or len(points) <= start:
            self._apply(result)
        else:
            self._apply(replace(result, points=points.divided_from(start, self._test_share)))
            self.tell_of_test_points(start)

    def tell_of_test_points(self, start: int) -> None:
        """Tell of test points that nobody sees among those from row `start` on."""
        if not self._shows_tests and self._current().held_out[start:].any():
            self.testPointsAdded.emit()

    def _release_tool(self) -> None:
        """End the gesture, if there is one."""
        if not self._is_pressed:
            return
        self._is_pressed = False
        self._ticks.stop()
        self._apply(self.tool.release(self._state()))
        self._show_outline(None)
        self.gestureEnded.emit()

    def _apply(self, result: ToolResult, text: str = "") -> None:
        """Do what a gesture or a command asks for."""
        if result.probe is not None:
            self.probeDropped.emit(result.probe)
        self._show_outline(result.outline)
        if result.points is not None:
            points = from_canvas(result.points, self._current(), self._stored)
            self._offer(points, text or self.tool.name)
        if result.selected is not None:
            self._select(result.selected)
        if len(self._selected) and self._selected[-1] >= len(self._current()):
            self._select(no_rows())  # what was asked for was refused

    def _offer(self, points: Points, text: str) -> None:
        """Show these points, so that their echo changes nothing, and ask for them."""
        super().show_points(points)
        self.edited.emit(points, text)
        super().show_points(self._current())

    def _show_outline(self, outline: FloatArray | None) -> None:
        if outline is not None or self._polygon is not None:
            self._polygon = outline if self._is_pressed else None
            self.viewport().update()

    def _finish_nudges(self) -> None:
        if self._nudges.isActive():
            self._nudges.stop()
            self.gestureEnded.emit()

    def _current(self) -> Points:
        return self._points if self._points_of is None else self._points_of()

    def _state(self) -> CanvasState:
        points = self._current()
        if points.x.shape[1] > 2:
            points = Points.empty()
        seen = None if self._shows_tests else ~points.held_out
        return CanvasState(to_canvas(points, self._stored), self._selected, seen)

    def _density_words(self) -> str:
        words = super()._density_words()
        if not len(self._selected):
            return words
        return f"{words}, {tr('{count} selected', count=f'{len(self._selected):,}')}"
