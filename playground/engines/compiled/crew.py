"""Threads that share pieces of work whose results do not depend on who does them.

Lives for one call of `Engine.train`, on the thread that trains.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

Piece = Callable[[], None]


class Crew:
    """The thread that makes it and others beside it, until its block ends."""

    def __init__(self, threads: int) -> None:
        self._others = threads - 1
        self._pool = ThreadPoolExecutor(self._others)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown()

    def share(self, pieces: Iterable[Piece]) -> None:
        """Do all pieces and wait for it. Whoever is free takes the next one: a thread whose
        processor is busy with something else holds up nobody.
        """
        waiting = deque(pieces)
        others = [self._pool.submit(_work, waiting) for _ in range(self._others)]
        _work(waiting)
        for other in others:
            other.result()


def _work(waiting: deque[Piece]) -> None:
    while True:
        try:
            piece = waiting.popleft()
        except IndexError:
            return
        piece()
