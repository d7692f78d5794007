"""Python's garbage is collected on the GUI thread, and on no other.

Garbage may hold objects of Qt. A thread that destroys one waits for Python's lock while it holds
one of Qt's, and the GUI thread may wait for that while it holds Python's: both stand still for
ever. So nothing is collected by itself; a timer of the GUI thread collects as often as Python
would.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

MILLISECONDS = 200


class Collector(QObject):
    """Collects garbage as long as its parent lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=MILLISECONDS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the generations of which enough was made, by Python's own thresholds."""
        for generation, most in enumerate(gc.get_threshold()):
            if gc.get_count()[generation] <= most:
                return
            gc.collect(generation)
