"""Tools that move the points under them: jitter and magnet.

Imports core and numpy; pure Python without Qt; GUI thread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.core.messages import N_
from playground.ui.data.tools.geometry import Trail, near_way
from playground.ui.data.tools.tool import CanvasState, Modifier, Place, Tool, ToolResult

Offsets = npt.NDArray[np.float64]

STEPS_A_RADIUS = 4
"""Moving, these tools act once on each of these parts of their radius, however fast they go."""
STILL_TICKS = 2
"""Resting this long, they act at every tick."""
JITTER = 0.08
"""Standard deviation of what jitter adds to a coordinate each time it acts, in radii."""
PULL = 0.12
"""Share of the distance that the magnet takes away each time it acts."""


class _Nudging(Tool):
    """Acts again and again on the points under the pointer, while it moves and while it rests."""

    shows_radius = True
    uses = frozenset({"radius"})

    _trail: Trail | None = None
    _modifiers = Modifier.NONE
    _rested = 0

    def press(self, state: CanvasState, at: Place, held: Modifier = Modifier.NONE) -> ToolResult:
        self._trail, self._modifiers, self._rested = Trail(at), held, 0
        return self._worked(state, at, [at])

    def drag(self, state: CanvasState, at: Place) -> ToolResult:
        if self._trail is None:
            return ToolResult()
        self._rested = 0
        start = self._trail.at
        return self._worked(
            state, start, [*self._trail.to(at, self.settings.radius / STEPS_A_RADIUS)]
        )

    def tick(self, state: CanvasState) -> ToolResult:
        self._rested += 1
        if self._trail is None or self._rested <= STILL_TICKS:
            return ToolResult()
        return self._worked(state, self._trail.at, [self._trail.at])

    def release(self, state: CanvasState) -> ToolResult:
        self._trail = None
        return ToolResult()

    def _worked(self, state: CanvasState, start: Place, places: list[Place]) -> ToolResult:
        """Act at each of `places`, which lie on the straight way from `start`."""
        if not places:
            return ToolResult()
        rows = state.only_seen(near_way(state.points.x, start, places[-1], self.settings.radius))
        if not len(rows):
            return ToolResult()
        x = state.points.x[rows].astype(np.float64)
        for at in places:
            offset = x - at
            near = np.hypot(offset[:, 0], offset[:, 1]) <= self.settings.radius
            x[near] += self._push(offset[near])
        return ToolResult(state.points.move(rows, x))

    def _push(self, offset: Offsets) -> Offsets:
        """How far points go that lie (K, 2) from the pointer."""
        raise NotImplementedError


class Jitter(_Nudging):
    """Shakes the points under it: each goes a little way in a direction of its own."""

    name = N_("jitter points")
    label = "Jitter"
    key = "J"
    icon = "jitter"
    help = "Shake the points under the pointer: data that are less tidy are harder to learn."

    def _push(self, offset: Offsets) -> Offsets:
        return self.random.normal(0, JITTER * self.settings.radius, offset.shape)


class Magnet(_Nudging):
    """Pulls the points under it towards the pointer; Shift pushes them away."""

    name = N_("pull points")
    label = "Magnet"
    key = "N"
    icon = "magnet"
    help = "Pull the points under the pointer together; Shift pushes them apart."
    gestures = "Shift: push away"

    def press(self, state: CanvasState, at: Place, held: Modifier = Modifier.NONE) -> ToolResult:
        self.name = N_("push points away") if Modifier.SHIFT in held else type(self).name
        return super().press(state, at, held)

    def _push(self, offset: Offsets) -> Offsets:
        return offset * (PULL if Modifier.SHIFT in self._modifiers else -PULL)
