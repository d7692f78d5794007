"""Time in a run: what steps cost, how many are due, and when the next picture is.

Imports nothing of this project; belongs to the thread that trains.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

FRAME_SECONDS = 1 / 30
"""Time between two pictures."""

LOOKING_SHARE = 1 / 3
"""The part of its time that a run may spend on pictures; where they are dear they come seldom."""


class Clock:
    """Measures work, and says how much fits into a time.

    `with clock:` adds the time inside to `seconds`.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._born = time.perf_counter()
        self._seconds_per_step = math.inf
        self._working_since = self._last_work = 0.0
        self._last_frame = self._frame_cost = 0.0
        self._anchor: tuple[float, float] | None = None
        self._steps_since_anchor = 0
        self._rate_mark = (time.perf_counter(), 0)
        self._rate = 0.0

    def __enter__(self) -> None:
        self._working_since = time.perf_counter()

    def __exit__(self, *exception: object) -> None:
        self._last_work = time.perf_counter() - self._working_since
        self.seconds += self._last_work

    def age(self) -> float:
        """Seconds since the run began, by the clock on the wall."""
        return time.perf_counter() - self._born

    def took(self, steps: int) -> None:
        """The last stretch of work was that many steps."""
        cost = self._last_work / steps
        # The first step pays for warming up; a mean of the recent ones follows what is true now.
        is_first = math.isinf(self._seconds_per_step)
        self._seconds_per_step = cost if is_first else 0.7 * self._seconds_per_step + 0.3 * cost
        self._steps_since_anchor += steps

    def forget_cost(self) -> None:
        """What a step costs has changed; measure it anew."""
        self._seconds_per_step = math.inf

    def steps_within(self, seconds: float) -> int:
        """Steps that fit into that time, at least one."""
        if math.isinf(self._seconds_per_step):
            return 1
        return max(1, int(seconds / self._seconds_per_step))

    def steps_due(self, rate: float) -> int:
        """Steps that a steady `rate` asks for now, counted from when it was first asked for."""
        now = time.perf_counter()
        if self._anchor is None or self._anchor[1] != rate or self._is_far_behind(now, rate):
            self._anchor, self._steps_since_anchor = (now, rate), -1
        return max(0, int((now - self._anchor[0]) * rate) - self._steps_since_anchor)

    def _is_far_behind(self, now: float, rate: float) -> bool:
        """After a pause, or where the computer cannot keep up, nothing is made up for."""
        assert self._anchor is not None
        return (now - self._anchor[0]) * rate - self._steps_since_anchor > max(2.0, rate / 10)

    def until_next_step(self, rate: float) -> float:
        return min(1 / rate, FRAME_SECONDS)

    def frame_is_due(self) -> bool:
        wait = max(FRAME_SECONDS, self._frame_cost / LOOKING_SHARE)
        return time.perf_counter() - self._last_frame >= wait

    def hurry(self) -> None:
        """Somebody waits for a picture: what the last one cost delays the next one no longer."""
        self._frame_cost = 0.0

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """A picture is made inside; the next one waits by what this one costs."""
        self._last_frame = time.perf_counter()
        yield
        self._frame_cost = time.perf_counter() - self._last_frame

    def rest(self, step: int) -> None:
        """The run has waited: the time until now is no part of what steps take."""
        self._rate_mark, self._rate = (time.perf_counter(), step), 0.0

    def rate(self, step: int) -> float:
        """Steps a second by the clock on the wall, over the last half second or so."""
        now = time.perf_counter()
        then, steps_then = self._rate_mark
        if now - then > 0.5 or step < steps_then:
            self._rate = max(0.0, (step - steps_then) / (now - then))
            self._rate_mark = (now, step)
        elif self._rate == 0.0 and now > then:
            return (step - steps_then) / (now - then)
        return self._rate
