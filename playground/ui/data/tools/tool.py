"""What every tool shares: the state it works on, the results of its gestures, and its settings.

A tool is told of press, drag and release in canvas units, and 30 times a second of a button that is
held still. It answers with a `ToolResult` and changes nothing itself. Imports core and numpy; pure
Python without Qt, so that every gesture can be tested without a window. GUI thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Flag, auto
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from playground.core.data.points import FloatArray, IntArray, Points, frozen

TICKS_PER_SECOND = 30
"""How often `Tool.tick` is called while the button is held."""

Place = tuple[float, float]
Mask = npt.NDArray[np.bool_]
Cursor = Literal["cross", "move", "point", "none"]


class Modifier(Flag):
    """Keys that are held while pressing."""

    NONE = 0
    SHIFT = auto()
    CTRL = auto()


def no_rows() -> IntArray:
    """A selection of nothing."""
    return frozen(np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class CanvasState:
    """The points and the selection that a tool works on.

    points    in canvas units, always with two coordinates
    selected  int64 (S,): the rows that are selected, ascending
    seen      bool (N,): which points are on show, and so can be taken; None for all of them
    """

    points: Points
    selected: IntArray = field(default_factory=no_rows)
    seen: Mask | None = None

    def only_seen(self, rows: IntArray) -> IntArray:
        """Those of the rows whose points are on show."""
        return rows if self.seen is None else rows[self.seen[rows]]

    def nearest(self, at: Place, reach: float) -> IntArray:
        """int64 (1,): the row of the nearest point on show that is not farther away than `reach`;
        (0,) where there is none.
        """
        return self.only_seen(self.points.within(at, reach))[:1]


@dataclass(frozen=True, slots=True, eq=False)
class ToolResult:
    """What a gesture makes of a state; None stands for what it leaves as it is.

    points    all points after the gesture
    selected  int64 (S,): the rows of those points that are now selected, ascending
    probe     where an unlabelled point is dropped
    outline   float32 (K, 2): the closed line to draw while the button is down
    """

    points: Points | None = None
    selected: IntArray | None = None
    probe: Place | None = None
    outline: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class ToolSettings:
    """What the person has chosen to draw with.

    label    class of new points; value takes its place for regression
    middle   of the values, from which the opposite of one is as far on the other side
    radius   of every tool that works on an area, in canvas units; above 0
    density  points that the brush leaves where it is set down, and on each radius of its way
    reach    how far from a point it can still be picked, in canvas units
    """

    label: int = 0
    value: float = 1.0
    middle: float = 0.0
    radius: float = 0.4
    density: int = 3
    reach: float = 0.25

    def answer(self, points: Points, held: Modifier) -> float:
        """Label or target of a new point; Shift paints the next class, or the opposite value."""
        is_shifted = Modifier.SHIFT in held
        if points.is_regression:
            return 2 * self.middle - self.value if is_shifted else self.value
        if not is_shifted:
            return self.label
        return self.label - 1 if self.label else 1


class Tool:
    """The gestures of one tool. `settings` are replaced whenever the person chooses something else.

    name            what the present gesture does, for "Undo ..."
    label, help     what the tool is called and does, for its button, its menu and the palette
    key             its shortcut
    icon            file in assets/icons, without its ending
    hint            what it does in two lines of the panel, where it has no sliders
    gestures        what Shift and Ctrl do, for the line under the canvas
    value_gestures  the same where targets are numbers, if it is something else
    cursor          what the pointer looks like over the canvas
    shows_radius    whether a ring shows how far the tool works
    uses            the settings that matter: "answer", "radius", "density"
    """

    name: str = ""
    label: ClassVar[str]
    key: ClassVar[str]
    icon: ClassVar[str]
    help: ClassVar[str]
    hint: ClassVar[str] = ""
    gestures: ClassVar[str] = ""
    value_gestures: ClassVar[str] = ""
    cursor: ClassVar[Cursor] = "cross"
    shows_radius: ClassVar[bool] = False
    uses: ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self, settings: ToolSettings | None = None, random: np.random.Generator | None = None
    ) -> None:
        self.settings = settings or ToolSettings()
        self.random = random or np.random.default_rng()

    def change_settings(self, **changes: float) -> None:
        """Go on with another label, value, radius, density or reach."""
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]

    def press(self, state: CanvasState, at: Place, held: Modifier = Modifier.NONE) -> ToolResult:
        """The button goes down."""
        return ToolResult()

    def drag(self, state: CanvasState, at: Place) -> ToolResult:
        """The pointer moves with the button down."""
        return ToolResult()

    def tick(self, state: CanvasState) -> ToolResult:
        """A thirtieth of a second has passed with the button down."""
        return ToolResult()

    def release(self, state: CanvasState) -> ToolResult:
        """The gesture is over."""
        return ToolResult()
