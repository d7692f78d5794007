"""What crosses between any two threads: a control on the way in, a mailbox on the way out.

Both may be used from any thread, and know nothing of what the work is. Imports the core only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from playground.core.data.tables.reading import Cancelled

T = TypeVar("T")

Post = Callable[[object], None]
"""Given to work: hands over what it has found so far. Where more comes than is looked at, the
newest of a class takes the place of those before, as in a `Mailbox`. Raises Cancelled, which ends
the work, where nobody waits for it any more.
"""


class Control:
    """What one side tells work on another thread, which the work reads now and then.

    Its attributes may be read at any time, and change by its methods alone.

    speed  epochs a second, more than 0; None for as fast as possible
    """

    def __init__(self, *, paused: bool = False, speed: float | None = None) -> None:
        self._condition = threading.Condition()
        self.stopped, self.paused = False, paused
        self.set_speed(speed)

    def stop(self) -> None:
        """End the work; it cannot be resumed."""
        with self._condition:
            self.stopped = True
            self._condition.notify_all()

    def pause(self) -> None:
        with self._condition:
            self.paused = True
            self._condition.notify_all()

    def resume(self) -> None:
        with self._condition:
            self.paused = False
            self._condition.notify_all()

    def set_speed(self, epochs_per_second: float | None) -> None:
        if epochs_per_second is not None and epochs_per_second <= 0:
            raise ValueError(f"a speed is more than 0 epochs a second, not {epochs_per_second}")
        with self._condition:
            self.speed = epochs_per_second
            self._condition.notify_all()

    def check(self, fraction: float = 0.0) -> None:
        """Raise Cancelled once the work was stopped; a `Progress` of work that tells nobody."""
        if self.stopped:
            raise Cancelled

    def wait_while_paused(self) -> None:
        """Sleep until there is something to do."""
        with self._condition:
            self._condition.wait_for(lambda: not self.paused or self._has_news())

    def sleep(self, seconds: float) -> None:
        """Sleep that long, or until something is told."""
        speed = self.speed
        with self._condition:
            self._condition.wait_for(
                lambda: self.paused or self.speed != speed or self._has_news(), seconds
            )

    def _has_news(self) -> bool:
        """True where the work has to wake up, even while it is paused."""
        return self.stopped


class Mailbox(Generic[T]):
    """The newest content of each kind, which is its class.

    A newer one replaces the older; where it has a method `after`, it is put as what that makes of
    the older one, so that it can take over what must not be lost. The looking side is notified when
    the box turns from empty to full: a signal for each step would fill its event queue faster than
    it can empty it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._contents: dict[type, T] = {}
        self.is_closed = False

    def close(self) -> None:
        """Nobody takes anything any more."""
        self.is_closed = True

    def put(self, content: T) -> bool:
        """Leave a content; True where the box was empty, so that somebody has to be notified.

        Raises Cancelled where it is closed.
        """
        with self._lock:
            if self.is_closed:
                raise Cancelled
            was_empty = not self._contents
            older = self._contents.pop(type(content), None)
            if older is not None and hasattr(content, "after"):
                content = content.after(older)
            self._contents[type(content)] = content
            return was_empty

    def take(self) -> tuple[T, ...]:
        """All contents, in the order in which they came; they are then gone."""
        with self._lock:
            contents = tuple(self._contents.values())
            self._contents.clear()
            return contents

    def poster(self, notify: Callable[[], None]) -> Callable[[T], None]:
        """What puts a content and notifies where the box was empty."""

        def post(content: T) -> None:
            if self.put(content):
                notify()

        return post
