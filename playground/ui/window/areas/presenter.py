"""How large the areas are in presenter mode, worked out from the room that there is.

    network | output          lesson | network | output        lesson | network | output
    curves  |                        |      curves                    | curves  |
    without a lesson          with one                         with one, on a wide screen

Pure functions; all numbers are logical pixels. The text is as large as it has to be for the last
row: what has no room beside it is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from playground.ui.look import theme

SCALE = 20 / 13
LEAST = 20
"""Pixels of body text, and of all that is smaller elsewhere: to be read from the last row."""

ROOM_FOR_COLUMNS = 1700
"""Width from which on a lesson is one column more."""
ROOM_FOR_TITLES = 720
"""Height from which on network and output have their titles, and the canvas its key."""
NETWORK_LEAST = 400
NETWORK_SHARE = 0.5
"""Of the width beside the lesson, that the network keeps where the curves stand under it."""
CURVES_LEAST = 190
CURVES_SHARE = 0.27
LESSON_SHARE = 0.33
LESSON_WIDTH = (400, 492)
"""Least and most."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the areas stand and how large they are.

    lesson        width of the lesson
    canvas        side of the canvas
    curves        height of the curves
    is_across     True where the curves stand under network and output
    has_title     True where the output has its title, and has_network_title likewise
    has_key       True where the canvas has the key to its colours
    """

    lesson: int
    canvas: int
    curves: int
    is_across: bool
    has_title: bool
    has_network_title: bool
    has_key: bool


def stand(width: int, height: int, *, has_lesson: bool) -> Stand:
    """For a room of width x height between the bar and the edges of the window."""
    gap, least, most = theme.PANEL_GAP, *LESSON_WIDTH
    lesson = min(max(least, round(LESSON_SHARE * width)), most)
    beside = width - (lesson + gap) * has_lesson
    is_across = has_lesson and width < ROOM_FOR_COLUMNS
    is_high = height >= ROOM_FOR_TITLES
    has_title = is_high or not has_lesson
    curves = max(CURVES_LEAST, round(CURVES_SHARE * height))
    highest = height - _around(has_title, is_high, has_score=not is_across)
    highest -= (curves + gap) * is_across
    network = NETWORK_LEAST if is_across else max(NETWORK_LEAST, round(NETWORK_SHARE * beside))
    canvas = min(highest, beside - gap - network - 2 * theme.PANEL_PADDING)
    canvas = max(0, canvas)  # a window that takes over has not got its size yet
    return Stand(lesson, canvas, curves, is_across, has_title, is_high, is_high)


def _around(has_title: bool, has_key: bool, *, has_score: bool) -> int:
    """Height of what the card of the output has beside the canvas."""
    line = round(LEAST * 1.5) + theme.GAP
    title = round(28 * SCALE) + theme.GAP
    return 2 * theme.PANEL_PADDING + title * has_title + line * (has_key + has_score)
