"""The thread of a race: iterates `race` and hands over where its lanes are.

`RaceWorker` lives on that thread, `RaceThread` on the GUI thread. While a race runs, the event loop
of its thread stands still, so it listens to its RaceControl only.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QThread, Signal, Slot

from playground.core.errors import PlaygroundError
from playground.core.experiment import Experiment
from playground.engines.race import RaceControl, RaceSnapshot
from playground.ui import reports, threads

__all__ = ["Race", "RaceThread", "RaceWorker"]


@dataclass(frozen=True, slots=True, eq=False)
class Race:
    """A request to race: the lanes, how long, and how to talk to it while it runs."""

    number: int
    lanes: Mapping[str, Experiment]
    epochs: int
    control: RaceControl


class _Box:
    """The newest moment of a race; it holds everything that those before it held."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._content: tuple[int, RaceSnapshot] | None = None

    def put(self, number: int, moment: RaceSnapshot) -> bool:
        """True where the box was empty, so that somebody has to be told."""
        with self._lock:
            was_empty = self._content is None
            self._content = number, moment
            return was_empty

    def take(self) -> tuple[int, RaceSnapshot] | None:
        with self._lock:
            content, self._content = self._content, None
            return content


class RaceWorker(QObject):
    """Lives on the thread of the race."""

    posted = Signal()  # the box, empty before, holds a moment of a race
    finished = Signal(int)  # number of a race that is over or was stopped
    failed = Signal(int, str)  # number of a race, sentence for a person

    def __init__(self, box: _Box) -> None:
        super().__init__()
        self._box = box

    @Slot(object)
    def carry_out(self, wanted: Race) -> None:
        """Race to the end; exactly one of `finished` and `failed` is emitted."""
        try:
            from playground.engines.race import race

            for moment in race(wanted.lanes, epochs=wanted.epochs, control=wanted.control):
                if self._box.put(wanted.number, moment):
                    self.posted.emit()
        except PlaygroundError as error:
            self.failed.emit(wanted.number, str(error))
        except Exception as error:
            reports.report(error)
            self.failed.emit(
                wanted.number,
                f"The race stopped on an unexpected error: {error}. Please report it.",
            )
        else:
            self.finished.emit(wanted.number)


class RaceThread(QObject):
    """Runs one race after another. Lives on the GUI thread."""

    requested = Signal(object)  # Race
    moved = Signal(object)  # RaceSnapshot of the race that was started last
    finished = Signal()
    failed = Signal(str)  # sentence for a person

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._control: RaceControl | None = None
        self._box = _Box()
        self._thread = QThread()
        self._thread.setObjectName("race")
        self._worker = RaceWorker(self._box)
        self._worker.moveToThread(self._thread)
        self.requested.connect(self._worker.carry_out)
        self._worker.posted.connect(self._on_posted)
        self._worker.finished.connect(self._on_finished)
        self._worker.failed.connect(self._on_failed)
        threads.start(self._thread, self._worker)

    def start(self, lanes: Mapping[str, Experiment], epochs: int, control: RaceControl) -> None:
        """End the race under way and begin another."""
        self.stop()
        self._number += 1
        self._control = control
        self.requested.emit(Race(self._number, lanes, epochs, control))

    def stop(self) -> None:
        if self._control is not None:
            self._control.stop()

    def close(self) -> None:
        """Tell race and thread to end. Returns at once; nothing is heard of them any more."""
        self._number += 1
        self.stop()
        self._thread.quit()

    @Slot()
    def _on_posted(self) -> None:
        content = self._box.take()
        if content is not None and content[0] == self._number:
            self.moved.emit(content[1])

    @Slot(int)
    def _on_finished(self, number: int) -> None:
        if number == self._number:
            self.finished.emit()

    @Slot(int, str)
    def _on_failed(self, number: int, sentence: str) -> None:
        if number == self._number:
            self.failed.emit(sentence)
