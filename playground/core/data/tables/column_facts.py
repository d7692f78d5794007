"""What is in the columns of a table: numbers, dates, text or nothing, and what is missing.

Imports numpy and the core only; any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from playground.core.data.points import MAX_CLASSES
from playground.core.data.tables.cells import Kind
from playground.core.data.tables.formats.orange import Role
from playground.core.data.tables.importing import TableText
from playground.core.data.tables.inputs import numbers_rows
from playground.core.data.tables.labels import labels_of_cells, values_of_text
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class ColumnFacts:
    """What is in a column.

    kind     numbers, dates, text, or nothing at all
    labels   the different cells, as classes are named; empty where there are more than ten
    gaps     bool (N,): True where a cell is missing
    refusal  a sentence about a number that is too large; empty where all can be used
    whole    True for up to ten different whole numbers: they are classes rather than measures
    values   the different words of a text that can be an input; empty where it cannot
    odd      words among numbers or dates that are taken as gaps, with the line of each
    unit     what stands with the numbers, such as % or cm
    different  how many different cells a text has; 0 for other columns
    role     what the file says that the column is for; None where it says nothing
    numbers_rows  True for a first column that counts the rows from 0 or 1, or has no name because
             it names them
    """

    name: str
    kind: Kind
    labels: tuple[str, ...]
    gaps: npt.NDArray[np.bool_]
    refusal: str = ""
    whole: bool = False
    values: tuple[str, ...] = ()
    odd: Mapping[str, int] = field(default_factory=dict)
    unit: str = ""
    different: int = 0
    numbers_rows: bool = False
    role: Role | None = None

    @property
    def missing(self) -> int:
        """Cells without a value."""
        return int(self.gaps.sum())

    @property
    def holds_classes(self) -> bool:
        """True where the column, as the answer, would be taken for classes."""
        return self.kind != "numbers" or self.whole

    @property
    def can_be_input(self) -> bool:
        """True where a network can be shown the column."""
        return self.kind in ("numbers", "dates") or bool(self.values)


def facts_of(text: TableText, progress: Progress = no_progress) -> tuple[ColumnFacts, ...]:
    """What is in each column of a table."""
    facts = []
    share = 1 / len(text.names)
    for index, name in enumerate(text.names):
        progress(index * share)
        text.judged(name, partial(_part_of, progress, index * share, share))
        facts.append(replace(_facts(text, name), role=text.met.roles.get(name)))
    return tuple(facts)


def _part_of(progress: Progress, start: float, share: float, part: float) -> None:
    progress(start + share * part)


def _facts(text: TableText, name: str) -> ColumnFacts:
    found = text.judged(name)
    known = labels_of_cells(text, name) or {}
    labels = tuple(dict.fromkeys(label for label in known.values() if label is not None))
    labels = labels if len(labels) <= MAX_CLASSES else ()
    if found.kind == "text":
        missing = {cell for cell, label in known.items() if label is None}
        gaps = np.fromiter(map(missing.__contains__, text.column(name)), bool, len(text))
        values = values_of_text(text, name)
        kind: Kind = "nothing" if gaps.all() else "text"
        different = len(set(text.column(name)))
        return ColumnFacts(name, kind, labels, gaps, values=values, different=different)
    refusal = ""
    try:
        text.numbers(name)
    except DataError as error:
        refusal = error.message
    gaps = np.isnan(found.values)
    whole = found.kind == "numbers" and _are_few_and_whole(found.values[~gaps])
    odd = {word: text.line_of(row) for word, row in found.odd.items()}
    return ColumnFacts(
        name,
        found.kind,
        labels,
        gaps,
        refusal,
        whole,
        odd=odd,
        unit=found.unit,
        numbers_rows=numbers_rows(text, name),
    )


def _are_few_and_whole(values: npt.NDArray[np.float64]) -> bool:
    different = np.unique(values)
    return len(different) <= MAX_CLASSES and bool((different == np.rint(different)).all())
