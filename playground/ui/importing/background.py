"""Work that takes seconds, on a thread of its own, with its progress and a way to end it.

A Job lives on the GUI thread; only its work runs elsewhere. Imports PySide6 and the core.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal, Slot

from playground.core.errors import PlaygroundError
from playground.core.tables.reading import Cancelled, Progress
from playground.ui.threads import prepare_thread

__all__ = ["Job", "have_ended"]

_STEP = 0.01
_PATIENCE_MILLISECONDS = 200
_ENDING_MILLISECONDS = 3_000
_stragglers: set[Job] = set()
"""Jobs that did not end when they were told to: Qt aborts the process where a thread outlives its
object, so they are kept until they do.
"""


class Job(QThread):
    """Does `work` once and ends with exactly one of `succeeded` and `failed`, or, stopped, neither.

    Every signal brings the job itself, so that what comes from an older one can be dropped.
    """

    progressed = Signal(object, float)  # Job, part that is done
    succeeded = Signal(object, object)  # Job, what the work returned
    failed = Signal(object, str)  # Job, sentence for a person

    def __init__(self, work: Callable[[Progress], object], parent: QObject) -> None:
        super().__init__(parent)
        prepare_thread(self)
        self._work = work
        self._reported = 0.0

    def run(self) -> None:
        try:
            result = self._work(self._report)
        except Cancelled:
            return
        except PlaygroundError as error:
            self.failed.emit(self, str(error))
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            self.failed.emit(self, f"This ended in an unexpected error: {error}. Please report it.")
        else:
            if not self.isInterruptionRequested():  # nobody waits for it any more
                self.succeeded.emit(self, result)

    def stop(self) -> bool:
        """End the work at its next report, and wait for that, which takes some milliseconds.

        False where it makes none in time; then the job outlives its parent, and ends unheard.
        """
        self.requestInterruption()
        if self.wait(_PATIENCE_MILLISECONDS):
            return True
        self.setParent(None)
        _stragglers.add(self)
        self.finished.connect(self._on_ended_late)
        return False

    @Slot()
    def _on_ended_late(self) -> None:
        _stragglers.discard(self)
        self.deleteLater()

    def _report(self, fraction: float) -> None:
        if self.isInterruptionRequested():
            raise Cancelled
        if fraction - self._reported >= _STEP:
            self._reported = fraction
            self.progressed.emit(self, fraction)


def have_ended() -> bool:
    """True where, after some seconds at most, no job is busy that was told to end."""
    return all(job.wait(_ENDING_MILLISECONDS) for job in tuple(_stragglers))
