"""Tools that select: by rectangle and by lasso. What is selected can be dragged with them, too.

Imports core and numpy; pure Python without Qt; GUI thread.
"""

from __future__ import annotations

import numpy as np

from playground.core.data.points import FloatArray, IntArray, Points
from playground.core.messages import N_
from playground.ui.data.tools.geometry import (
    crossings,
    rectangle,
    surrounds,
    within_rectangle,
)
from playground.ui.data.tools.pick import Grip
from playground.ui.data.tools.selection_edits import merged
from playground.ui.data.tools.tool import (
    CanvasState,
    Mask,
    Modifier,
    Place,
    Tool,
    ToolResult,
    no_rows,
)

CLICK = 0.3
"""A pointer that stays within this part of its reach was meant to click."""


class _Selecting(Tool):
    """What rectangle and lasso share: everything but the shape.

    Shift adds to the selection, Ctrl takes away from it, neither begins a new one. A press inside
    the selection drags it. A click takes the nearest point.
    """

    cursor = "cross"
    name = N_("move points")

    _modifiers = Modifier.NONE
    _grip: Grip | None = None
    _start: Place | None = None
    _before: IntArray = no_rows()
    _is_click = True

    def press(self, state: CanvasState, at: Place, held: Modifier = Modifier.NONE) -> ToolResult:
        self._modifiers, self._is_click = held, True
        if not held and self._is_inside_selection(state, at):
            self._grip = Grip.of(state.points, state.selected, at)
            return ToolResult()
        self._start, self._before = at, state.selected
        self._begin(at)
        return ToolResult(selected=self._merged(state.nearest(at, self.settings.reach)))

    def drag(self, state: CanvasState, at: Place) -> ToolResult:
        if self._grip is not None:
            return self._grip.to(state, at)
        if self._start is None or self._stays(at):
            return ToolResult()
        mask = self._enclosed(state.points, at)
        selected = self._merged(state.only_seen(np.flatnonzero(mask)))
        return ToolResult(selected=selected, outline=self._outline(at))

    def release(self, state: CanvasState) -> ToolResult:
        self._grip, self._start, self._before = None, None, no_rows()
        return ToolResult()

    def _is_inside_selection(self, state: CanvasState, at: Place) -> bool:
        selected = state.points.x[state.selected]
        is_near = np.hypot(selected[:, 0] - at[0], selected[:, 1] - at[1]) <= self.settings.reach
        return bool(is_near.any()) or surrounds(selected, at)

    def _stays(self, at: Place) -> bool:
        assert self._start is not None
        way = np.subtract(at, self._start)
        self._is_click &= float(np.hypot(*way)) <= CLICK * self.settings.reach
        return self._is_click

    def _merged(self, rows: IntArray) -> IntArray:
        held = self._modifiers
        add, take = Modifier.SHIFT in held, Modifier.CTRL in held
        return merged(self._before, rows, add=add, take=take)

    def _begin(self, at: Place) -> None:
        """A new shape starts."""
        raise NotImplementedError

    def _enclosed(self, points: Points, at: Place) -> Mask:
        """Which points lie in the shape once it reaches `at`."""
        raise NotImplementedError

    def _outline(self, at: Place) -> FloatArray:
        raise NotImplementedError


class Select(_Selecting):
    """Selects the points in a rectangle."""

    label = "Select a rectangle"
    key = "X"
    icon = "select"
    help = (
        "Drag a rectangle around points; Shift adds them to the selection, Ctrl takes them"
        " out. Drag inside the selection to move it."
    )
    hint = "Drag around points, then drag them. Shift: add, Ctrl: less."
    gestures = "Shift: select more   Ctrl: select less"

    def _begin(self, at: Place) -> None:
        self._corner = at

    def _enclosed(self, points: Points, at: Place) -> Mask:
        return within_rectangle(points.x, self._corner, at)

    def _outline(self, at: Place) -> FloatArray:
        return rectangle(self._corner, at)


class Lasso(_Selecting):
    """Selects the points inside a line drawn freely, which closes itself."""

    label = "Select with a lasso"
    key = "L"
    icon = "lasso"
    help = (
        "Draw a line around points; Shift adds them to the selection, Ctrl takes them out."
        " Drag inside the selection to move it."
    )
    hint = "Draw around points, then drag them. Shift: add, Ctrl: less."
    gestures = "Shift: select more   Ctrl: select less"

    def _begin(self, at: Place) -> None:
        self._line = [at]
        self._crossed: Mask | None = None

    def _enclosed(self, points: Points, at: Place) -> Mask:
        """Only the newest piece and the closing one are looked at, so a long line stays quick."""
        if self._crossed is None or len(self._crossed) != len(points):
            self._crossed = np.zeros(len(points), bool)
            for start, end in zip(self._line, self._line[1:], strict=False):
                self._crossed ^= crossings(points.x, start, end)
        self._crossed ^= crossings(points.x, self._line[-1], at)
        self._line.append(at)
        return self._crossed ^ crossings(points.x, at, self._line[0])

    def _outline(self, at: Place) -> FloatArray:
        return np.array(self._line, np.float32)
