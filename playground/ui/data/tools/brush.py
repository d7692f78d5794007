"""Tools that make and remove points: brush, put, eraser.

Imports core and numpy; pure Python without Qt; GUI thread.
"""

from __future__ import annotations

import numpy as np

from playground.core.data.points import FloatArray
from playground.core.messages import N_
from playground.ui.data.tools.geometry import Trail, near_way
from playground.ui.data.tools.selection_edits import removed
from playground.ui.data.tools.tool import (
    TICKS_PER_SECOND,
    CanvasState,
    Modifier,
    Place,
    Tool,
    ToolResult,
)

STEPS_A_RADIUS = 4
"""The brush looks at its way in these parts of its radius, so that points lie evenly along it."""
STILL_TICKS = 8
"""A pointer that rests this long sprays; a click, or a slow move, does not."""
SPRAYS_A_SECOND = 3
"""How often a resting brush leaves as many points as where it was set down."""


class Brush(Tool):
    """Paints points under the pointer; Shift paints the other class, Ctrl removes the nearest.

    Moving, it leaves `density` points on each radius of its way, however fast that was gone.
    Resting, it sprays on.
    """

    name = N_("paint points")
    label = "Brush"
    key = "B"
    icon = "brush"
    help = (
        "Paint points of the chosen class, and spray on while the button is held. Shift"
        " paints the next class, Ctrl removes a point."
    )
    gestures = "Shift: other class   Ctrl: remove"
    value_gestures = "Shift: opposite value   Ctrl: remove"
    shows_radius = True
    uses = frozenset({"answer", "radius", "density"})

    _answer: float | None = None
    _trail: Trail
    _due = 0.0
    _rested = 0

    def press(self, state: CanvasState, at: Place, held: Modifier = Modifier.NONE) -> ToolResult:
        """The first point lies exactly under the pointer."""
        if Modifier.CTRL in held:
            self.name = N_("remove a point")
            return removed(state, state.nearest(at, self.settings.reach))
        self.name = type(self).name
        self._answer = self.settings.answer(state.points, held)
        self._trail, self._due, self._rested = Trail(at), 0.0, 0
        dab = self._sprayed([at] * self.settings.density)
        dab[0] = at
        return self._painted(state, dab)

    def drag(self, state: CanvasState, at: Place) -> ToolResult:
        if self._answer is None:
            return ToolResult()
        self._rested = 0
        steps = self._trail.to(at, self.settings.radius / STEPS_A_RADIUS)
        places = [place for place in steps for _ in range(self._dues(1 / STEPS_A_RADIUS))]
        return self._painted(state, self._sprayed(places))

    def tick(self, state: CanvasState) -> ToolResult:
        self._rested += 1
        if self._answer is None or self._rested <= STILL_TICKS:
            return ToolResult()
        count = self._dues(SPRAYS_A_SECOND / TICKS_PER_SECOND)
        return self._painted(state, self._sprayed([self._trail.at] * count))

    def release(self, state: CanvasState) -> ToolResult:
        self._answer = None
        return ToolResult()

    def _dues(self, dabs: float) -> int:
        """Whole points that so many dabs leave; the fraction is kept for the next time."""
        self._due += dabs * self.settings.density
        # A hair more, because a third of a dab three times over must make a whole one.
        count = int(self._due + 1e-9)
        self._due -= count
        return count

    def _sprayed(self, places: list[Place]) -> FloatArray:
        """For each place a point in the disc around it, evenly likely everywhere: (M, 2)."""
        count = len(places)
        radius = self.settings.radius * np.sqrt(self.random.uniform(0, 1, count))
        angle = self.random.uniform(0, 2 * np.pi, count)
        offset = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
        return (np.array(places).reshape(-1, 2) + offset).astype(np.float32)

    def _painted(self, state: CanvasState, places: FloatArray) -> ToolResult:
        assert self._answer is not None
        return ToolResult(state.points.add(places, self._answer)) if len(places) else ToolResult()


class Put(Tool):
    """Puts exactly one point, which follows the pointer until the button goes up.

    Shift puts one of the other class, Ctrl removes the nearest.
    """

    name = N_("put a point")
    label = "Put a point"
    key = "U"
    icon = "put"
    help = (
        "One point for each click; drag before you let go to place it. Shift puts one of the"
        " next class, Ctrl removes a point."
    )
    hint = "Click for one point, drag to place it. Ctrl: remove."
    gestures = "Shift: other class   Ctrl: remove"
    value_gestures = "Shift: opposite value   Ctrl: remove"
    cursor = "cross"
    uses = frozenset({"answer"})

    _row: int | None = None

    def press(self, state: CanvasState, at: Place, held: Modifier = Modifier.NONE) -> ToolResult:
        if Modifier.CTRL in held:
            self.name = N_("remove a point")
            return removed(state, state.nearest(at, self.settings.reach))
        self.name = type(self).name
        self._row = len(state.points)
        return ToolResult(state.points.add([at], self.settings.answer(state.points, held)))

    def drag(self, state: CanvasState, at: Place) -> ToolResult:
        # Another number of points means that something else has changed them meanwhile.
        if self._row is None or len(state.points) != self._row + 1:
            return ToolResult()
        return ToolResult(state.points.move([self._row], [at]))

    def release(self, state: CanvasState) -> ToolResult:
        self._row = None
        return ToolResult()


class Erase(Tool):
    """Removes every point that the disc of the eraser passes over."""

    name = N_("erase points")
    label = "Erase"
    key = "E"
    icon = "erase"
    help = "Remove the points under the pointer."
    shows_radius = True
    uses = frozenset({"radius"})

    _last: Place

    def press(self, state: CanvasState, at: Place, held: Modifier = Modifier.NONE) -> ToolResult:
        self._last = at
        return self.drag(state, at)

    def drag(self, state: CanvasState, at: Place) -> ToolResult:
        start, self._last = self._last, at
        rows = near_way(state.points.x, start, at, self.settings.radius)
        return removed(state, state.only_seen(rows))
