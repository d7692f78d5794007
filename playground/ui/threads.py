"""What all threads of the window have in common: how they start, and how they come to an end.

Qt aborts the process where a thread outlives its object. So every thread of the window is started
here and kept here, with all that lives on it, until it has ended: whoever started it tells it to
end and goes, and nobody has to wait. Only the end of the process waits, for a bounded time.

Imports PySide6 only; called on the GUI thread.
"""

from __future__ import annotations

import atexit
import os
import sys
from time import monotonic

from PySide6.QtCore import QObject, QThread, Slot

__all__ = ["have_ended", "leave", "running", "start"]

STACK_BYTES = 16 * 1024 * 1024
"""Secondary threads get 512 KB on macOS, too little for torch."""

SWITCH_SECONDS = 0.001
"""How long one thread may keep the interpreter while another waits; Python's 5 ms would let the
window stutter.
"""

LAST_SECONDS = 5.0
"""How long the process waits at its end for threads that were told to end."""


class _Keeper(QObject):
    """Holds threads, and what lives on them, until they have ended."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[QThread, tuple[QObject, ...]] = {}

    def keep(self, thread: QThread, inhabitants: tuple[QObject, ...]) -> None:
        self.kept[thread] = inhabitants
        thread.finished.connect(self.release)

    @Slot()
    def release(self) -> None:
        """Let go of all that have ended."""
        for thread in [thread for thread in self.kept if thread.isFinished()]:
            thread.wait()  # it may still be on its last instructions
            if not self.kept.pop(thread):
                thread.deleteLater()


_keeper: _Keeper | None = None


def start(thread: QThread, *inhabitants: QObject) -> None:
    """Start a thread that works beside the window without holding it up, and keep it to its end.

    inhabitants  the objects that were moved to it; a thread without any is deleted at its end
    """
    global _keeper
    if _keeper is None:
        _keeper = _Keeper()
        atexit.register(have_ended)
    sys.setswitchinterval(SWITCH_SECONDS)
    thread.setStackSize(STACK_BYTES)
    _keeper.keep(thread, inhabitants)
    QThread.start(thread)


def running() -> list[QThread]:
    """The threads that have not ended."""
    if _keeper is None:
        return []
    _keeper.release()
    return list(_keeper.kept)


def have_ended() -> bool:
    """Tell all threads to end, and wait LAST_SECONDS at most; True where none is left.

    A thread that writes what a person asked for (`writes`) is waited for as long as it takes.
    """
    end = monotonic() + LAST_SECONDS
    left = running()
    for thread in left:
        if getattr(thread, "writes", False):
            thread.wait()
    for thread in left:
        thread.requestInterruption()
        thread.quit()
    for thread in left:
        thread.wait(max(0, int(1000 * (end - monotonic()))))
    return not running()


def leave(code: int) -> int:
    """The exit code of a process that has closed its windows; its threads have ended.

    Where one does not end in time, this does not return: the process ends at once, with that code.
    Whatever had to be saved was saved when the windows closed, and to take the process apart around
    a thread that runs would abort it.
    """
    if have_ended():
        return code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
