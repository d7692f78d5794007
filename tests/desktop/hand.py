"""A person in front of the observed window: points at its parts by name, reads what it says.

Serves the tests of the window and the screenshots alike. Used from one thread.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from tests.desktop.display import PATIENCE_SECONDS, DesktopError, Program, Window, poll
from tests.spoken import sayings

State = dict[str, Any]


class Hand:
    """A person in front of the window: points at parts by name, reads what the window says.

    Names are those of the English window; the person reads the language that is spoken.
    """

    def __init__(self, program: Program, file: Path, spoken: str = "en") -> None:
        self.program, self._file, self._spoken = program, file, spoken
        self.window: Window = program.window("Playground")
        self.until("the first picture", lambda state: state["epoch"] == 0 and state["loss"])

    def state(self) -> State:
        return json.loads(self._file.read_text(encoding="utf-8"))

    def until(
        self, what: str, holds: Callable[[State], object], seconds: float = PATIENCE_SECONDS
    ) -> State:
        """Wait until the window's state is so."""

        def observe() -> State | None:
            if self.program.process.poll() is not None:
                raise DesktopError(f"The window is gone. It printed:\n{self.program.output}")
            if not self._file.exists():
                return None
            state = self.state()
            return state if holds(state) else None

        return poll(what, observe, seconds)

    def rest(self) -> None:
        """Wait until two states, one after the other, have every part at the same place."""
        seen: tuple[int, object] = (0, None)

        def rests() -> bool:
            nonlocal seen
            before, now = seen, (self._file.stat().st_mtime_ns, self.state()["places"])
            if now[0] == before[0]:
                return False
            seen = now
            return now[1] == before[1]

        poll("the window to rest", rests)

    def at(self, name: str, part: tuple[float, float] = (0.5, 0.5)) -> tuple[int, int]:
        """A place inside a part of the window; (0, 0) is its upper left corner."""
        places = self.state()["places"]
        x, y, width, height = next(places[said] for said in self._called(name) if said in places)
        return round(x + width * part[0]), round(y + height * part[1])

    def _called(self, name: str) -> Iterable[str]:
        """What the window may call it; what is there for the tests has no other name."""
        return [*sayings(name, self._spoken), name]

    def sees(self, name: str, state: State | None = None) -> bool:
        """True where a part of that name is in the window."""
        places = (state or self.state())["places"]
        return any(said in places for said in self._called(name))

    def asked(self, title: str) -> Window:
        """Another window of the program, by its title."""
        (said,) = sayings(title, self._spoken)
        return self.program.window(said)

    def click(self, name: str, **how: Any) -> None:
        self.window.click(*self.at(name), **how)

    def choose(self, *entries: str) -> None:
        """Click through menus, from the menu bar on."""
        for entry in entries:
            self.until(f"'{entry}' in a menu", lambda state, name=entry: self.sees(name, state))
            self.click(entry)

    def on_canvas(self, x1: float, x2: float) -> tuple[int, int]:
        """Where a point of the plane lies in the window."""
        middle_1, middle_2, extent = self.state()["region"]
        across, down = (x1 - middle_1 + extent), (middle_2 - x2 + extent)
        return self.at("Canvas", (across / (2 * extent), down / (2 * extent)))

    def places_of(self, label: int) -> np.ndarray:
        """Coordinates of the points of one class."""
        data = self.state()["data"]
        return np.array(data["x"]).reshape(-1, 2)[np.array(data["label"], int) == label]
