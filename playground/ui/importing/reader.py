"""Reads a table in the background: first its start, for a quick look, then all of it.

A new reading takes the place of the one under way. Lives on the GUI thread.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from playground.core.errors import FileError
from playground.core.tables.column_facts import ColumnFacts, facts_of
from playground.core.tables.form import WantedForm
from playground.core.tables.importing import TableText, first_rows, read_table_text
from playground.core.tables.reading import Progress
from playground.ui.importing.background import Job

__all__ = ["Reader", "Reading"]

_TEXT_SHARE = 0.75
"""The part of the time that goes into reading; the rest goes into looking at the columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A whole table and what is in its columns."""

    text: TableText
    facts: tuple[ColumnFacts, ...]


class Reader(QObject):
    """Reads one source, in the form that is wanted last."""

    previewed = Signal(object)  # TableText of the first rows
    progressed = Signal(float)  # part that is read
    finished = Signal(object)  # Reading
    failed = Signal(str)  # one sentence

    def __init__(self, source: Path | str, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._job: Job | None = None

    def read(self, wanted: WantedForm) -> None:
        """Begin to read, in place of what is under way."""
        self.stop()
        source = self._source
        job = Job(lambda progress: _read(source, wanted, job, progress), self)
        job.told.connect(self._on_told)
        job.progressed.connect(self._on_progressed)
        job.succeeded.connect(self._on_succeeded)
        job.failed.connect(self._on_failed)
        self._job = job
        job.start()

    def stop(self) -> None:
        """End the reading that is under way, if there is one; returns at once."""
        job, self._job = self._job, None
        if job is not None:
            job.stop()

    @Slot(object, object)
    def _on_told(self, job: Job, start: TableText) -> None:
        if job is self._job:
            self.previewed.emit(start)

    @Slot(object, float)
    def _on_progressed(self, job: Job, fraction: float) -> None:
        if job is self._job:
            self.progressed.emit(fraction)

    @Slot(object, object)
    def _on_succeeded(self, job: Job, reading: Reading) -> None:
        if job is self._job:
            self.finished.emit(reading)

    @Slot(object, str)
    def _on_failed(self, job: Job, sentence: str) -> None:
        if job is self._job:
            self.failed.emit(sentence)


def _read(source: Path | str, wanted: WantedForm, job: Job, progress: Progress) -> Reading:
    """On the thread of the job, which may outlive the reader that wanted it."""
    with suppress(FileError):  # it may lie at the cut; reading all of it tells
        job.tell(first_rows(source, wanted))
    text = read_table_text(source, wanted, progress=lambda part: progress(_TEXT_SHARE * part))
    facts = facts_of(text, lambda part: progress(_TEXT_SHARE + (1 - _TEXT_SHARE) * part))
    return Reading(text, facts)
