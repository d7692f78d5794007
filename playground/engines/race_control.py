"""How a race is led from outside: stopped, paused, and how fast it goes.

A RaceControl may be used from any thread; Pace belongs to the thread of the race. Never imports
torch.
"""

from __future__ import annotations

import threading
from time import perf_counter

from playground.engines.exchange import RunControl, Views

__all__ = ["TURN_SECONDS", "Pace", "RaceControl"]

TURN_SECONDS = 0.05
"""About how long all lanes together train before they are looked at."""


class RaceControl:
    """What one side tells a race. `views` are the pictures wanted of every lane, None for none.

    speed  epochs a second for every lane; None for as fast as possible
    """

    def __init__(self, *, views: Views | None = None, speed: float | None = None) -> None:
        self.views = views
        self._told = threading.Condition()
        self._stopped = self._paused = False
        self._speed = speed
        self._runs: list[RunControl] = []

    def stop(self) -> None:
        """End the race, in the middle of an epoch if need be; it cannot be resumed."""
        with self._told:
            self._stopped = True
            for run in self._runs:
                run.stop()
            self._told.notify_all()

    def pause(self) -> None:
        with self._told:
            self._paused = True
            self._told.notify_all()

    def resume(self) -> None:
        with self._told:
            self._paused = False
            self._told.notify_all()

    def set_speed(self, epochs_per_second: float | None) -> None:
        with self._told:
            self._speed = epochs_per_second
            self._told.notify_all()

    @property
    def stopped(self) -> bool:
        return self._stopped

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def speed(self) -> float | None:
        return self._speed

    def enter(self) -> RunControl:
        """The control of one more lane: it waits until it is told how many epochs to take."""
        run = _LaneControl(self)
        with self._told:
            self._runs.append(run)
            if self._stopped:
                run.stop()
        return run

    def wait_while_paused(self) -> None:
        with self._told:
            self._told.wait_for(lambda: self._stopped or not self._paused)

    def sleep(self, seconds: float) -> None:
        """Sleep that long, or until something is told."""
        speed = self._speed
        with self._told:
            self._told.wait_for(
                lambda: self._stopped or self._paused or self._speed != speed, seconds
            )


class _LaneControl(RunControl):
    """A lane takes the epochs that it is told to, and holds in the middle of them while its race is
    paused.
    """

    def __init__(self, race: RaceControl) -> None:
        super().__init__(interactive=True, paused=True, views=race.views)
        self._race = race

    def wanted_steps(self) -> tuple[int, int]:
        return (0, 0) if self._race.paused else super().wanted_steps()

    def wait_while_paused(self) -> None:
        if self._race.paused:
            self._race.wait_while_paused()
        else:
            super().wait_while_paused()


class Pace:
    """How many epochs a turn has: as many as fit into its time, or as a set speed allows."""

    def __init__(self) -> None:
        self._fit = 1
        self._speed: float | None = None
        self.rest()

    def rest(self) -> None:
        """Nothing is due for the time that has passed until now."""
        self._since, self._taken = perf_counter(), 0

    def epochs_due(self, speed: float | None) -> int:
        if speed != self._speed:
            self._speed = speed
            self.rest()
        if speed is None:
            return self._fit
        due = int((perf_counter() - self._since) * speed) - self._taken
        return max(0, min(due, self._fit))

    def until_next(self, speed: float | None) -> float:
        """Seconds until an epoch is due."""
        if speed is None:
            return 0.0
        return max(0.0, (self._taken + 1) / speed - (perf_counter() - self._since))

    def took(self, epochs: int, seconds: float) -> None:
        """Turns double at most: the first ones, in which kernels load, say little."""
        self._taken += epochs
        self._fit = max(1, min(2 * epochs, int(epochs * TURN_SECONDS / max(seconds, 1e-6))))
