"""Let the event loop run for a while, for programs that drive the window without a person.

GUI thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication


def run_for(seconds: float) -> None:
    """Let the event loop run that long."""
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def wait_until(holds: Callable[[], bool], seconds: float = 60.0, pause: float = 0.005) -> None:
    """Let the event loop run until something holds. Raises TimeoutError."""
    end = time.perf_counter() + seconds
    while not holds():
        if time.perf_counter() > end:
            raise TimeoutError("the window did not get there in time")
        if pause:
            run_for(pause)
        else:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
