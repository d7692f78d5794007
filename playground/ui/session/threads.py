"""The threads beside the window: how they start, what they carry out, and how they come to an end.

Qt aborts the process where a thread outlives its object. So every thread of the window is started
here and kept here until it has ended: whoever started it tells it to end and goes, and nobody has
to wait. Only the end of the process waits, for a bounded time.

Imports PySide6 only; called on the GUI thread.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable
from time import monotonic
from typing import Protocol

from PySide6.QtCore import QObject, QThread, Signal, Slot

STACK_BYTES = 16 * 1024 * 1024
"""Secondary threads get 512 KB on macOS, too little for torch."""

SWITCH_SECONDS = 0.001
"""How long one thread may keep the interpreter while another waits; Python's 5 ms would let the
window stutter.
"""

LAST_SECONDS = 5.0
"""How long the process waits at its end for threads that were told to end."""


class Task(Protocol):
    """What a thread carries out."""

    def drop(self) -> None:
        """Tell it to end, unheard, or not even to begin; on any thread."""

    def carry_out(self, notify: Callable[[], None]) -> None:
        """Do it, and `notify` whenever its mailbox is no longer empty. Never raises."""


class Thread(QThread):
    """Carries out one task after another, and ends where none waits.

    writes  its tasks write what a person asked for: they are let to their end, whatever closes
    """

    arrived = Signal()  # the mailbox of a task, empty before, holds something

    def __init__(self, task: Task, name: str, *, writes: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self.writes = writes
        self._lock = threading.Lock()
        self._tasks = [task]  # the one under way comes first

    def take(self, task: Task) -> bool:
        """Carry this out, too; False where the last task has ended, and the thread with it."""
        with self._lock:
            if self._tasks:
                self._tasks.append(task)
            return bool(self._tasks)

    def run(self) -> None:
        while self._tasks:
            self._tasks[0].carry_out(self.arrived.emit)
            with self._lock:
                del self._tasks[0]

    @Slot()
    def drop(self) -> None:
        """Tell all tasks to end, unheard, unless they write. Returns at once."""
        with self._lock:
            for task in () if self.writes else self._tasks:
                task.drop()


class _Keeper(QObject):
    """Holds threads until they have ended."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[Thread] = []

    def keep(self, thread: Thread) -> None:
        self.kept.append(thread)
        thread.finished.connect(self.release)

    @Slot()
    def release(self) -> None:
        """Let go of all that have ended."""
        for thread in [thread for thread in self.kept if thread.isFinished()]:
            thread.wait()  # it may still be on its last instructions
            self.kept.remove(thread)
            thread.deleteLater()


_keeper: _Keeper | None = None


def start(thread: Thread) -> None:
    """Start a thread that works beside the window without holding it up, and keep it to its end."""
    global _keeper
    if _keeper is None:
        _keeper = _Keeper()
        atexit.register(have_ended)
    sys.setswitchinterval(SWITCH_SECONDS)
    thread.setStackSize(STACK_BYTES)
    _keeper.keep(thread)
    thread.start()


def running() -> list[Thread]:
    """The threads that have not ended."""
    if _keeper is None:
        return []
    _keeper.release()
    return list(_keeper.kept)


def have_ended() -> bool:
    """Tell all threads to end, and wait LAST_SECONDS at most; True where none is left.

    A thread that writes what a person asked for is waited for as long as it takes.
    """
    end = monotonic() + LAST_SECONDS
    left = running()
    for thread in left:
        if thread.writes:
            thread.wait()
    for thread in left:
        thread.drop()
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
