"""Work that takes seconds, on a thread of its own, with its progress and a way to end it.

A Job lives on the GUI thread; only its work runs elsewhere. Imports PySide6 and the core.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal, Slot

from playground.core.errors import PlaygroundError
from playground.core.tables.reading import Cancelled, Progress
from playground.ui import reports, threads

__all__ = ["Job"]

_STEP = 0.01


class Job(QThread):
    """Does `work` once and ends with exactly one of `succeeded` and `failed`, or, stopped, neither.

    Every signal brings the job itself, so that what comes from an older one can be dropped. It is
    stopped with its owner, and outlives both owner and window where it does not listen at once.
    """

    progressed = Signal(object, float)  # Job, part that is done
    told = Signal(object, object)  # Job, what the work has found so far
    succeeded = Signal(object, object)  # Job, what the work returned
    failed = Signal(object, str)  # Job, sentence for a person

    def __init__(
        self, work: Callable[[Progress], object], owner: QObject, *, writes: bool = False
    ) -> None:
        """Work for an owner.

        writes  it writes a file that a person asked for: it is let to its end, whatever closes
        """
        super().__init__()
        self.writes = writes
        self._work: Callable[[Progress], object] | None = work
        self._is_stopped = threading.Event()
        self._reported = 0.0
        if not writes:
            owner.destroyed.connect(self.stop)

    def start(self, *_: object) -> None:
        """Begin to work."""
        threads.start(self)

    def run(self) -> None:
        work, self._work = self._work, None  # which may hold the job
        assert work is not None, "a job works once"
        try:
            result = work(self._report)
        except Cancelled:
            return
        except PlaygroundError as error:
            self._end(self.failed, str(error))
        except Exception as error:
            reports.report(error)
            self._end(self.failed, f"This ended in an unexpected error: {error}. Please report it.")
        else:
            self._end(self.succeeded, result)

    @Slot()
    def stop(self) -> None:
        """End the work at its next report, unheard. Returns at once, whenever it is called."""
        if not self.writes:
            self._is_stopped.set()

    def tell(self, found: object) -> None:
        """Hand over what the work has found so far; called by the work."""
        self._check()
        self.told.emit(self, found)

    def _report(self, fraction: float) -> None:
        self._check()
        if fraction - self._reported >= _STEP:
            self._reported = fraction
            self.progressed.emit(self, fraction)

    def _check(self) -> None:
        is_told = self._is_stopped.is_set() or self.isInterruptionRequested()
        if is_told and not self.writes:
            raise Cancelled

    def _end(self, signal: object, content: object) -> None:
        if not self._is_stopped.is_set():  # else nobody waits for it any more
            signal.emit(self, content)  # type: ignore[attr-defined]
