"""The tool that takes points and moves them, and the grip that all moving tools share.

Imports core and numpy; pure Python without Qt; GUI thread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.core.data.points import FloatArray, IntArray, Points, frozen
from playground.core.messages import N_
from playground.ui.data.tools.selection_edits import merged, removed
from playground.ui.data.tools.tool import CanvasState, Modifier, Place, Tool, ToolResult, no_rows


@dataclass(frozen=True, slots=True, eq=False)
class Grip:
    """Points that are held: each keeps its distance from the pointer.

    rows   int64 (R,)
    x      float32 (R, 2): where they were when they were taken
    at     where the pointer took them
    count  how many points there were; with another number the rows mean other points
    """

    rows: IntArray
    x: FloatArray
    at: Place
    count: int

    @classmethod
    def of(cls, points: Points, rows: IntArray, at: Place) -> Grip:
        return cls(rows, points.x[rows], at, len(points))

    def to(self, state: CanvasState, at: Place) -> ToolResult:
        """The held points where the pointer has taken them by now."""
        if len(state.points) != self.count:
            return ToolResult()
        way = np.subtract(at, self.at)
        return ToolResult(state.points.move(self.rows, self.x + way))


class Pick(Tool):
    """Takes the nearest point, with the whole selection if it belongs to it, and moves it.

    The point is selected from then on; Shift adds it to the selection, or takes it out of it. Ctrl
    removes the point. A press on nothing ends the selection.
    """

    name = N_("move points")
    label = "Pick and move"
    key = "V"
    icon = "move"
    help = (
        "Drag a point, and what is selected with it. Shift adds it to the selection, Ctrl"
        " removes it."
    )
    hint = "Drag a point. Shift: add to selection, Ctrl: remove."
    gestures = "Shift-click: select more   Ctrl-click: remove"
    cursor = "move"

    _grip: Grip | None = None

    def press(self, state: CanvasState, at: Place, held: Modifier = Modifier.NONE) -> ToolResult:
        self.name = type(self).name
        points, selected = state.points, state.selected
        row = state.nearest(at, self.settings.reach)
        if not len(row):
            keeps = held or not len(selected)
            return ToolResult() if keeps else ToolResult(selected=no_rows())
        if Modifier.CTRL in held:
            self.name = N_("remove a point")
            return removed(state, row)
        if Modifier.SHIFT in held:
            is_in = bool(np.isin(row, selected)[0])
            selected = merged(selected, row, add=not is_in, take=is_in)
        elif not np.isin(row, selected)[0]:
            selected = frozen(row.copy())
        if np.isin(row, selected)[0]:
            # Held by its middle, so that the point lies where the pointer is let go.
            middle = (float(points.x[row[0], 0]), float(points.x[row[0], 1]))
            self._grip = Grip.of(points, selected, middle)
        return ToolResult(selected=selected)

    def drag(self, state: CanvasState, at: Place) -> ToolResult:
        return self._grip.to(state, at) if self._grip else ToolResult()

    def release(self, state: CanvasState) -> ToolResult:
        self._grip = None
        return ToolResult()
