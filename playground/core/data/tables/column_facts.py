"""What is in the columns of a table: numbers, text or nothing, and what is missing.

Imports numpy and the core only; any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Literal

import numpy as np
import numpy.typing as npt

from playground.core.data.points import MAX_CLASSES
from playground.core.data.tables.importing import TableText
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.data.tables.table import is_missing_label
from playground.core.errors import DataError

_BLOCK = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class ColumnFacts:
    """What is in a column.

    kind     numbers, text, or nothing at all
    labels   the different cells, as classes are named; empty where there are more than ten
    gaps     bool (N,): True where a cell is missing
    refusal  a sentence about a number that is too large; empty where all can be used
    whole    True for up to ten different whole numbers: they are classes rather than measures
    """

    name: str
    kind: Literal["numbers", "text", "nothing"]
    labels: tuple[str, ...]
    gaps: npt.NDArray[np.bool_]
    refusal: str = ""
    whole: bool = False

    @property
    def missing(self) -> int:
        """Cells without a value."""
        return int(self.gaps.sum())

    @property
    def holds_classes(self) -> bool:
        """True where the column, as the answer, would be taken for classes."""
        return self.kind != "numbers" or self.whole


def facts_of(text: TableText, progress: Progress = no_progress) -> tuple[ColumnFacts, ...]:
    """What is in each column of a table."""
    facts = []
    for index, name in enumerate(text.names):
        progress(index / len(text.names))
        facts.append(_facts(text, name))
    return tuple(facts)


def _facts(text: TableText, name: str) -> ColumnFacts:
    labels = _labels(text, name)
    if not text.is_numeric(name):
        cells = text.column(name)
        gaps = np.fromiter(map(is_missing_label, cells), bool, len(cells))
        return ColumnFacts(name, "nothing" if gaps.all() else "text", labels, gaps)
    try:
        values = text.numbers(name)
    except DataError as error:
        return ColumnFacts(name, "numbers", labels, np.zeros(len(text), bool), error.message)
    gaps = np.isnan(values)
    return ColumnFacts(name, "numbers", labels, gaps, whole=_are_few_and_whole(values[~gaps]))


def _labels(text: TableText, name: str) -> tuple[str, ...]:
    """Up to ten different cells, in order of their appearance; none where there are more."""
    found: dict[str, None] = {}
    cells = iter(text.column(name))
    while block := list(islice(cells, _BLOCK)):
        found.update((cell, None) for cell in dict.fromkeys(block) if not is_missing_label(cell))
        if len(found) > MAX_CLASSES:
            return ()
    return tuple(found)


def _are_few_and_whole(values: npt.NDArray[np.float64]) -> bool:
    different = np.unique(values)
    return len(different) <= MAX_CLASSES and bool((different == np.rint(different)).all())
