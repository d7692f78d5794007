"""How large the areas of the window are, worked out from the room that there is.

Pure functions; all numbers are logical pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

from playground.ui.look import theme

LOW_WINDOW = 800
"""Height of a window under which the curves go under the network, and training into a line."""

CANVAS_LEAST = 380
RIGHT_LEAST = CANVAS_LEAST + 2 * theme.PANEL_PADDING
"""The canvas is never smaller; the card adds its padding."""
NETWORK_LEAST = 300
NETWORK_LOWEST = 192
"""Height to which it gives way on a screen that has no room for more."""
CURVES_LEAST = 200
"""Height of the card of curves in which a plot has 110."""
CURVES_LOWEST = 150
"""The same on a screen that has no room for it."""
RIGHT_SHARE = 0.34
"""Of the width, that the right column takes while nobody has said otherwise."""
MIDDLE_ROOMY = 500
"""Width of the middle column that a larger canvas shall leave in a low window."""

OUTPUT_AROUND = 113
"""Height of what the card around the canvas has beside it, the key to the colours too."""
KEY_HEIGHT = 24
FOLDED = 52
"""Height of the settings of training as one line."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person has dragged; None for what nobody has touched.

    right       width of the right column
    curves      height of the card of curves under the canvas
    curves_low  the same under the network, in a low window
    """

    right: int | None = None
    curves: int | None = None
    curves_low: int | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """What there is to share out.

    width   of middle and right column with the gap between them
    height  of either column
    window  width of the whole window
    is_low  True where the curves stand under the network
    middle  the least width of the middle column
    """

    width: int
    height: int
    window: int
    is_low: bool
    middle: int = NETWORK_LEAST

    @property
    def widest_middle(self) -> int:
        """What the right column leaves where it is as narrow as it can be."""
        return self.width - theme.PANEL_GAP - RIGHT_LEAST


@dataclass(frozen=True, slots=True)
class Sizes:
    """The width of the right column, the side of the canvas, the height of the curves."""

    right: int
    canvas: int
    curves: int
    has_key: bool = True


def shared_out(room: Room, wishes: Wishes = Wishes()) -> Sizes:
    """Who gets how much of the room. The canvas gives way last, before anything overlaps."""
    return _low(room, wishes) if room.is_low else _high(room, wishes)


def _high(room: Room, wishes: Wishes) -> Sizes:
    """The curves stand under the canvas and take the height that it leaves."""
    left = room.height - theme.PANEL_GAP - OUTPUT_AROUND
    has_key = left - CURVES_LEAST >= CANVAS_LEAST
    left += 0 if has_key else KEY_HEIGHT
    most = max(CURVES_LEAST, left - CANVAS_LEAST)
    curves = CURVES_LEAST if wishes.curves is None else _between(CURVES_LEAST, wishes.curves, most)
    usual = min(int(room.window * RIGHT_SHARE), left - curves + 2 * theme.PANEL_PADDING)
    right = _right(room, usual if wishes.right is None else wishes.right)
    canvas = min(right - 2 * theme.PANEL_PADDING, left - curves)
    return Sizes(right, canvas, left - canvas, has_key)


def _low(room: Room, wishes: Wishes) -> Sizes:
    """The canvas has the whole height of its column."""
    highest = room.height - OUTPUT_AROUND
    usual = min(highest + 2 * theme.PANEL_PADDING, room.width - theme.PANEL_GAP - MIDDLE_ROOMY)
    right = _right(room, usual if wishes.right is None else wishes.right)
    under = room.height - NETWORK_LEAST - FOLDED - 2 * theme.PANEL_GAP
    most = room.height - NETWORK_LOWEST - FOLDED - 2 * theme.PANEL_GAP
    least = max(CURVES_LOWEST, min(CURVES_LEAST, most))
    curves = least if wishes.curves_low is None else wishes.curves_low
    curves = _between(least, curves, max(least, under))
    return Sizes(right, min(right - 2 * theme.PANEL_PADDING, highest), curves)


def _right(room: Room, wanted: int) -> int:
    return _between(RIGHT_LEAST, wanted, room.width - theme.PANEL_GAP - room.middle)


def _between(least: int, wanted: int, most: int) -> int:
    """As wanted, but at most `most`, and at least `least` whatever the most is."""
    return max(least, min(wanted, most))
