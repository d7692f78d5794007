"""The first window on the small screens of schools: with its frame, and all that is in it."""

from __future__ import annotations

import sys
from math import ceil
from pathlib import Path

import pytest

from tests.desktop.display import Desktop, Window, poll
from tests.desktop.hand import Hand

SCREEN = (1366, 768)
"""Pixels of the screen that most laptops of schools have."""
CARD, IN_A_CARD = 12, 24
"""Pixels from the foot of a card, or of what is in one, to the edge of the window."""
PARTS = {"Network": CARD, "Training": CARD, "Output": CARD, "Loss over epochs": IN_A_CARD}


@pytest.mark.parametrize("scale", [1.0, 1.25])
def test_the_first_window_is_on_the_screen_with_its_frame(tmp_path: Path, scale: float) -> None:
    own = {"XDG_CONFIG_HOME": str(tmp_path), "QT_SCALE_FACTOR": str(scale)}
    file = tmp_path / "state.json"
    command = [sys.executable, "-m", "tests.desktop.observed", str(file)]
    with Desktop(*SCREEN) as desktop:
        hand = Hand(desktop.start(command, environment=own), file)
        poll("a window on the screen", lambda: is_on_screen(hand.window))
        hand.rest()
        width, height = (ceil(size / scale) for size in hand.window.geometry[2:])
        places = hand.state()["places"]
        for name, beside in PARTS.items():
            x, y, wide, high = places[name]
            assert x >= beside
            assert y >= 0
            assert x + wide <= width - beside, name
            assert y + high <= height - beside, name


def is_on_screen(window: Window) -> bool:
    """True where the window and what its manager has put around it are on the screen."""
    told = window.program.desktop.tool("xprop", "-id", window.id, "_NET_FRAME_EXTENTS")
    left, right, top, bottom = (int(part) for part in told.split("=")[1].split(","))
    at = window.geometry
    across = left <= at.x and at.x + at.width + right <= SCREEN[0]
    return top > 0 and across and top <= at.y and at.y + at.height + bottom <= SCREEN[1]
