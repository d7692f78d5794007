"""Names of columns that are numbers, such as years, wavelengths or a count, told from values.

Pure functions on cells; any thread.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from playground.core.data.tables.cells import number_in
from playground.core.data.tables.numerals import DecimalMark
from playground.core.data.tables.writing.missing import is_gap
from playground.core.data.tables.writing.signs import is_limit

Cells = Sequence[str]
Values = Sequence[float | None]

_FIRST_YEAR, _LAST_YEAR, _NEAR = 1800, 2100, 25
"""Years that names may be, and the most between one and the next."""
_NO_WHOLE = re.compile(r"\d[.,]\d")
_NUMBERED = re.compile(r"(\d+)(?:\.(\d+))?")
_FEW = 8
"""Rows from which on it tells something that all of them are alike in a way."""


def are_numbers_as_names(
    top: Cells, below: Sequence[Cells], numeric: frozenset[int], decimal: DecimalMark
) -> bool:
    """True where the numbers in the first row are names: years, wavelengths, or a count.

    numeric  columns of numbers or dates

    They are whole and different, while words beside them are no labels of the table; or they count
    on by one, and the rows below do not; or they rise, beside words that stand nowhere else.
    """
    found = [(column, number_in(top[column], decimal)) for column in sorted(numeric)]
    pairs = [(column, name) for column, name in found if name is not None]
    columns, names = [column for column, _ in pairs], [name for _, name in pairs]
    if len(below) < 2 or not names or not all(map(math.isfinite, names)):
        return False
    if _are_numbered([top[column].strip() for column in columns], below, columns):
        return True
    if len(set(names)) < len(names):
        return False
    words = [column for column in range(len(top)) if column not in columns and top[column].strip()]
    texts = [column for column in words if column not in numeric]
    rows = [[number_in(row[column], decimal) for column in columns] for row in below]
    is_whole = all(name.is_integer() and not {".", ","} & set(top[c]) for c, name in pairs)
    first = _First(names, rows, [[row[column] for row in below] for column in columns], is_whole)
    beside = [(top[column], [row[column] for row in below]) for column in texts]
    heads = [top[column] for column in words if column in numeric]
    has_head = any(not is_gap(head) and not is_limit(head, decimal) for head in heads)
    if not all(_is_no_label(word, cells) for word, cells in beside):
        return all(word not in cells for word, cells in beside) and first.are_over_rows(has_head)
    return first.are_beside(has_words=bool(words), has_texts=bool(texts), has_head=has_head)


@dataclass(slots=True)
class _First:
    """The numbers in the first row, those in the rows below, and how these are written.

    is_whole  False where one of the first ones has decimals
    """

    names: list[float]
    rows: list[list[float | None]]
    written: list[list[str]]
    is_whole: bool

    def are_beside(self, *, has_words: bool, has_texts: bool, has_head: bool) -> bool:
        """True for names where the words beside them are names, or where there are none."""
        if not self.is_whole:
            is_sure = has_head or len(self.rows) >= _FEW
            return has_words and is_sure and self.are_rising(3)
        counts = len(self.names) > 1 and _counts(self.names)
        if counts and 2 * sum(map(_counts, self.rows)) >= len(self.rows):
            return False
        outside = _is_outside(self.names, self.rows)
        if has_texts:
            return counts or outside
        is_from_start = counts and self.names[0] in (0, 1)
        if has_words:
            return outside or is_from_start
        is_default = is_from_start and self.names[0] == 0 and any(self.foreign())
        return is_default or (counts and (outside or (is_from_start and len(self.names) > 3)))

    def are_over_rows(self, has_head: bool) -> bool:
        """True for names beside a name of a column in which each row has its own word."""
        if self.is_whole and self.are_years():
            return True
        if has_head:
            return self.are_rising(3)
        is_sure = self.is_whole and all(self.foreign()) and len(self.names) > 1
        return len(self.rows) >= _FEW and self.are_rising(2 if is_sure else 4)

    def foreign(self) -> list[bool]:
        """Which columns have decimals in every row below."""
        return [
            len(cells) >= _FEW and all(_NO_WHOLE.search(cell) or is_gap(cell) for cell in cells)
            for cells in self.written
        ]

    def are_years(self) -> bool:
        """True for years in order, where most rows below are none."""
        filled = [row for row in self.rows if any(value is not None for value in row)]
        others = sum(not _are_years(row) for row in filled)
        is_sure = len(self.names) > 1 or (all(self.foreign()) and _is_outside(self.names, filled))
        is_near = all(abs(b - a) <= _NEAR for a, b in pairwise(self.names))
        is_row = not (_are_years(self.names) and _rise(self.names) and is_near)
        return is_sure and not is_row and 2 * others > len(filled)

    def are_rising(self, fewest: int) -> bool:
        """True where there are as many and they rise or fall, in even steps or outside of all
        values, while the rows below have no such steps.
        """
        if not _rise(self.names) or 2 * sum(map(_are_even, self.rows)) >= len(self.rows):
            return False
        is_outside = _is_outside(self.names, self.rows)
        if _are_even(self.names):
            return len(self.names) >= min(fewest, 3) and (is_outside or len(self.names) > 3)
        return is_outside and len(self.names) >= fewest


def _are_numbered(top: Cells, below: Sequence[Cells], columns: Sequence[int]) -> bool:
    """True where a number that comes again has a count behind it, as pandas writes names that are
    the same: 0, 0.1, 0.2 above whole numbers.
    """
    seen: Counter[str] = Counter()
    for name in top:
        parts = _NUMBERED.fullmatch(name)
        if parts is None or seen[parts[1]] != int(parts[2] or 0):
            return False
        seen[parts[1]] += 1
    if len(below) < _FEW or len(top) < len(seen) + 3:
        return False
    return not any(_NO_WHOLE.search(row[column]) for row in below for column in columns)


def _counts(values: Values) -> bool:
    """True where each value is one more than the one before."""
    return all(a is not None and b is not None and b - a == 1 for a, b in pairwise(values))


def _rise(values: Sequence[float]) -> bool:
    """True where all values rise, or all fall."""
    return all(a < b for a, b in pairwise(values)) or all(a > b for a, b in pairwise(values))


def _are_even(values: Values) -> bool:
    """True for three values or more with the same step between them, but for rounding."""
    steps = [b - a for a, b in pairwise(values) if a is not None and b is not None]
    if len(values) < 3 or len(steps) < len(values) - 1 or not steps[0]:
        return False
    return all(abs(step - steps[0]) <= 1e-6 * abs(steps[0]) for step in steps)


def _are_years(values: Values) -> bool:
    return all(
        value is None or (value.is_integer() and _FIRST_YEAR <= value <= _LAST_YEAR)
        for value in values
    )


def _is_outside(names: Sequence[float], rows: Sequence[Values]) -> bool:
    """True where no name is like its column: outside its values, or whole where they are not."""
    for name, column in zip(names, zip(*rows, strict=True), strict=True):
        values = [value for value in column if value is not None]
        is_like = not name.is_integer() or all(value.is_integer() for value in values)
        if not values or (min(values) <= name <= max(values) and is_like):
            return False
    return True


def _is_no_label(word: str, cells: Sequence[str]) -> bool:
    """True where a column repeats its labels, and the word is none of them."""
    return word not in cells and 2 * len(set(cells)) <= len(cells)
