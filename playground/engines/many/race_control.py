"""How a race is led from outside: stopped, paused, and how fast it goes.

A RaceControl may be used from any thread; Pace belongs to the thread of the race. Never imports
torch.
"""

from __future__ import annotations

from time import perf_counter

from playground.engines.contract.control import Control
from playground.engines.contract.run_control import RunControl
from playground.engines.contract.views import Views

TURN_SECONDS = 0.05
"""About how long all lanes together train before they are looked at."""


class RaceControl(Control):
    """What one side tells a race, and every lane of it. `views` are the pictures wanted of each,
    None for none.
    """

    def __init__(self, *, views: Views | None = None, speed: float | None = None) -> None:
        super().__init__(speed=speed)
        self.views = views
        self._runs: list[RunControl] = []

    def stop(self) -> None:
        """End the race, in the middle of an epoch if need be; it cannot be resumed."""
        with self._condition:
            super().stop()
            for run in self._runs:
                run.stop()

    def enter(self) -> RunControl:
        """The control of one more lane: it waits until it is told how many epochs to take."""
        run = _LaneControl(self)
        with self._condition:
            self._runs.append(run)
            if self.stopped:
                run.stop()
        return run


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
