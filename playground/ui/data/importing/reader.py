"""Reading a table in the background: first its start, for a quick look, then all of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from playground.core.data.tables.choosing import Choice, automatic_choice
from playground.core.data.tables.column_facts import ColumnFacts, facts_of
from playground.core.data.tables.description import giving_away
from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.importing import (
    TableText,
    first_rows,
    has_start,
    read_table_text,
)
from playground.core.data.tables.reading import Progress
from playground.core.errors import DataError, FileError
from playground.engines.contract.control import Control, Post
from playground.ui.session.worker import with_progress

_TEXT_SHARE = 0.75
"""The part of the time that goes into reading; the rest goes into looking at the columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A whole table, what is in its columns, and what is chosen of them by itself."""

    text: TableText
    facts: tuple[ColumnFacts, ...]
    automatic: Choice


def read(source: Path | str, wanted: WantedForm, control: Control, post: Post) -> Reading:
    """The work of a worker: posts a TableText of the first rows, then the part that is read."""

    def carry_out(progress: Progress) -> Reading:
        starts = has_start(source)
        if starts:
            with suppress(FileError):  # it may lie at the cut; reading all of it tells
                post(first_rows(source, wanted, progress))
        text = read_table_text(
            source,
            wanted,
            progress=lambda part: progress(_TEXT_SHARE * part),
            begun=None if starts else post,
        )
        facts = facts_of(text, lambda part: progress(_TEXT_SHARE + (1 - _TEXT_SHARE) * part))
        return Reading(text, facts, automatic_choice(facts))

    return with_progress(carry_out)(control, post)


def look_for_telling(
    reading: Reading, answer: str, regression: bool, control: Control, post: Post
) -> frozenset[str]:
    """The work of a worker: names of the columns that nearly equal the answer."""
    names = [column.name for column in reading.facts if column.kind in ("numbers", "dates")]
    others = [name for name in names if name != answer]
    with suppress(DataError):  # what cannot be the answer is said elsewhere

        def carry_out(progress: Progress) -> frozenset[str]:
            return giving_away(
                reading.text, others, answer, regression=regression, progress=progress
            )

        return with_progress(carry_out)(control, lambda done: None)
    return frozenset()
