"""Canvas tools: what the hand does to the points. They return new points and never touch data or
widgets.

A tool is told of press, drag and release in canvas coordinates and answers with new Points, or None
where nothing changes. Pure Python on the GUI thread, so that every gesture can be tested without a
window.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Flag, auto

import numpy as np
import numpy.typing as npt

from playground.core.points import Points

__all__ = ["TOOLS", "Brush", "Erase", "Hand", "Modifier", "Pick", "Tool"]

Place = tuple[float, float]


class Modifier(Flag):
    """Keys that are held while pressing."""

    NONE = 0
    SHIFT = auto()
    CTRL = auto()


@dataclass(frozen=True, slots=True)
class Hand:
    """What the person has chosen to draw with.

    label    class of new points; value takes its place for regression
    radius   of brush and eraser, in canvas units
    density  points that one dab of the brush leaves
    reach    how far from a point it can still be picked, in canvas units
    """

    label: int = 0
    value: float = 1.0
    radius: float = 0.4
    density: int = 3
    reach: float = 0.25

    def answer(self, points: Points, modifiers: Modifier) -> float:
        """Label or target of a new point; Shift paints the next class, or the opposite value."""
        is_shifted = Modifier.SHIFT in modifiers
        if points.is_regression:
            return -self.value if is_shifted else self.value
        if not is_shifted:
            return self.label
        return self.label - 1 if self.label else 1


@dataclass(slots=True)
class Tool:
    """The gestures of one tool; `hand` is replaced whenever the person chooses something else."""

    hand: Hand = field(default_factory=Hand)
    name = ""
    shows_radius = False

    def press(
        self, points: Points, at: Place, modifiers: Modifier = Modifier.NONE
    ) -> Points | None:
        return None

    def drag(self, points: Points, at: Place) -> Points | None:
        return None

    def release(self) -> None:
        """The gesture is over."""


@dataclass(slots=True)
class Brush(Tool):
    """Paints points under the pointer; Shift paints the other class, Ctrl removes the nearest."""

    name = "paint points"
    shows_radius = True
    random: np.random.Generator = field(default_factory=np.random.default_rng)
    _answer: float | None = None
    _last: Place = (0.0, 0.0)

    def press(
        self, points: Points, at: Place, modifiers: Modifier = Modifier.NONE
    ) -> Points | None:
        if Modifier.CTRL in modifiers:
            near = points.within(at, self.hand.reach)
            return points.remove(near[:1]) if len(near) else None
        self._answer, self._last = self.hand.answer(points, modifiers), at
        return points.add(self._dab(at), self._answer)

    def drag(self, points: Points, at: Place) -> Points | None:
        """One dab for every radius that the pointer has travelled."""
        if self._answer is None:
            return None
        way = np.subtract(at, self._last)
        distance, spacing = float(np.hypot(*way)), max(self.hand.radius, 0.1)
        count = int(distance / spacing)
        if count == 0:
            return None
        places = [np.add(self._last, way * (spacing * (i + 1) / distance)) for i in range(count)]
        self._last = (float(places[-1][0]), float(places[-1][1]))
        dabs = np.concatenate([self._dab((float(x), float(y))) for x, y in places])
        return points.add(dabs, self._answer)

    def release(self) -> None:
        self._answer = None

    def _dab(self, at: Place) -> npt.NDArray:
        """Points in the disc of the brush, evenly likely everywhere; the first one exactly under
        the pointer.
        """
        count = self.hand.density
        radius = self.hand.radius * np.sqrt(self.random.uniform(0, 1, count))
        angle = self.random.uniform(0, 2 * np.pi, count)
        radius[0] = 0.0
        return np.stack([at[0] + radius * np.cos(angle), at[1] + radius * np.sin(angle)], axis=1)


@dataclass(slots=True)
class Pick(Tool):
    """Takes the nearest point and moves it; Ctrl removes it."""

    name = "move a point"
    _row: int | None = None

    def press(
        self, points: Points, at: Place, modifiers: Modifier = Modifier.NONE
    ) -> Points | None:
        near = points.within(at, self.hand.reach)
        self._row = int(near[0]) if len(near) else None
        if self._row is not None and Modifier.CTRL in modifiers:
            row, self._row = self._row, None
            return points.remove([row])
        return None

    def drag(self, points: Points, at: Place) -> Points | None:
        if self._row is None or self._row >= len(points):
            return None
        return points.move([self._row], [at])

    def release(self) -> None:
        self._row = None


@dataclass(slots=True)
class Erase(Tool):
    """Removes every point under the eraser."""

    name = "erase points"
    shows_radius = True

    def press(
        self, points: Points, at: Place, modifiers: Modifier = Modifier.NONE
    ) -> Points | None:
        near = points.within(at, self.hand.radius)
        return points.remove(near) if len(near) else None

    def drag(self, points: Points, at: Place) -> Points | None:
        return self.press(points, at)


TOOLS: dict[str, type[Tool]] = {"brush": Brush, "pick": Pick, "erase": Erase}


def with_hand(tool: Tool, **changes: float) -> None:
    """Let a tool go on with other choices."""
    tool.hand = replace(tool.hand, **changes)  # type: ignore[arg-type]
