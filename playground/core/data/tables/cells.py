"""What the cells of a column are, judged by all of them: numbers, dates, text or nothing.

One odd cell decides nothing: where four of five cells are numbers, another one is a gap, and is
named. Imports numpy and the core only; runs on any thread. Works block by block, so that no call
holds the interpreter for long.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from playground.core.data.tables.formats.whole_numbers import WholeNumbers
from playground.core.data.tables.numerals import (
    DecimalMark,
    is_infinite,
    is_missing,
    number,
    plain_numbers,
)
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.data.tables.writing import dates, times, units
from playground.core.data.tables.writing.missing import is_gap, means_missing
from playground.core.data.tables.writing.signs import (
    CRORES,
    MAGNITUDES,
    TRIANGLES_DOWN,
    TRIANGLES_UP,
    has_lakhs,
    is_currency,
    is_limit,
    signed,
)

Kind = Literal["numbers", "dates", "text", "nothing"]

MOSTLY = 0.8
"""The share of its cells, without gaps, that makes a column one of numbers or of dates."""

_BLOCK = 4_096
_SAMPLE = 400
_MOST_ODD = 1_000
"""Different words beyond which a column is text."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What the cells of a column are.

    values  float64 (N,): numbers, or days since 1970; NaN where there is none. Those of
            `WholeNumbers` as they are
    odd     the words that are taken as gaps, with the first row of each, from 0
    rough   the same of cells whose number is taken without what is written around it
    is_up   True where a triangle is a plus, for another one is a minus
    unit    what stands with the numbers: "%", "cm", "¥"; "h" or "min" where times are
    text    the first row that is neither number nor gap, where the kind is text
    is_guess  True for dates of which nothing tells whether the month or the day comes first
    """

    kind: Kind
    values: npt.NDArray = field(default_factory=lambda: np.zeros(0))
    odd: Mapping[str, int] = field(default_factory=dict)
    unit: str = ""
    text: int = 0
    rough: Mapping[str, int] = field(default_factory=dict)
    is_up: bool = False
    is_guess: bool = False


def judged(
    cells: Sequence[str],
    mark: DecimalMark,
    progress: Progress = no_progress,
    *,
    one_mark: bool = False,
) -> Judged:
    """What the cells of a column are, where numbers have this decimal mark; in a column that would
    be text they may have the other one, unless there is `one_mark` only.
    """
    if isinstance(cells, WholeNumbers):
        return Judged("numbers", cells.values)
    looked_at = _looked_at(cells)
    quick = plain_numbers(looked_at, mark) if len(looked_at) == len(cells) else None
    if quick is not None and len(quick) and not np.isnan(quick).any():
        return Judged("numbers", quick)
    if are_plain(looked_at, mark):
        found = _as_numbers(cells, mark, progress)
        if found.kind != "text":
            return found
    sample = [cell for cell in looked_at if not is_gap(cell)]
    found = _with_mark(cells, sample, mark, progress)
    other: DecimalMark = "," if mark == "." else "."
    if (
        one_mark
        or found.kind != "text"
        or _share(sample, lambda cell: number_in(cell, other) is not None) < MOSTLY
    ):
        return found
    again = _as_numbers(cells, other, progress)
    if again.kind != "numbers":
        return found
    return replace(again, rough={cells[found.text]: found.text, **again.rough})


def _with_mark(
    cells: Sequence[str], sample: Sequence[str], mark: DecimalMark, progress: Progress
) -> Judged:
    order = dates.order_of(sample)
    if _share(sample, lambda cell: number(cell, mark) is not None) >= MOSTLY / 2:
        return _as_numbers(cells, mark, progress)
    if _share(sample, lambda cell: dates.day(cell, order) is not None) >= MOSTLY:
        return _as_dates(cells, progress)
    if any(map(times.has_parts, sample)) and _share(sample, times.is_time) >= MOSTLY:
        return _as_times(cells, progress)
    is_signed = _share(sample, lambda cell: number_in(cell, mark) is not None) >= MOSTLY / 2
    if is_signed or not sample:  # without one, what there is stands between those looked at
        return _as_numbers(cells, mark, progress)
    return Judged("text", text=_first_text(cells, mark))


def _looked_at(cells: Sequence[str]) -> Sequence[str]:
    """Cells from all over the column."""
    return cells[:: max(len(cells) // _SAMPLE, 1)]


def are_plain(cells: Sequence[str], mark: DecimalMark) -> bool:
    """True where all but blank ones are numbers as Python writes them, which takes no look at each
    of them.
    """
    filled = [cell for cell in cells if cell]
    found = plain_numbers(filled, mark)
    return found is not None and len(found) > 0 and not np.isnan(found).any()


def _share(cells: Sequence[str], is_one: Callable[[str], bool]) -> float:
    return sum(map(is_one, cells)) / len(cells) if cells else 0.0


def number_in(cell: str, mark: DecimalMark) -> float | None:
    """The number in a cell, whatever stands with it."""
    plain = number(cell, mark)
    if plain is not None:
        return plain
    found = signed(cell, mark)
    return None if found is None else found.value


def _first_text(cells: Sequence[str], mark: DecimalMark) -> int:
    texts = (
        row for row, cell in enumerate(cells) if not is_gap(cell) and number_in(cell, mark) is None
    )
    return next(texts, 0)


class _Column:
    """A column of numbers on its way: what is a number, and what was found beside them."""

    def __init__(self, cells: Sequence[str], mark: DecimalMark, progress: Progress) -> None:
        self._mark = mark
        self.values = np.empty(len(cells), np.float64)
        self.plain = self.present = self.limits = 0
        self.odd: dict[str, int] = {}
        self.rough: dict[str, int] = {}
        self.unknown: Counter[str] = Counter()
        self.with_unit: dict[str, list[int]] = {}
        self.up: list[int] = []
        self.has_down = self.has_plus = self.has_minus = False
        for start in range(0, len(cells), _BLOCK):
            progress(start / len(cells))
            self._read(cells[start : start + _BLOCK], start)
            if len(self.unknown) > _MOST_ODD:
                break

    def _read(self, cells: Sequence[str], start: int) -> None:
        quick = plain_numbers(cells, self._mark)
        if quick is None and "" in cells:
            quick = plain_numbers([cell or "nan" for cell in cells], self._mark)
        if quick is not None:
            self.values[start : start + len(cells)] = quick
            gaps = int(np.isnan(quick).sum())
            self.plain += len(cells) - gaps
            self.present += len(cells) - gaps
            return
        for row, cell in enumerate(cells, start):
            self.values[row] = self._number(cell, row)

    def _number(self, cell: str, row: int) -> float:
        if not cell:
            return math.nan
        plain = number(cell, self._mark)
        if plain is not None and not is_infinite(cell):
            self.plain += 1
            self.present += 1
            return plain
        if plain is not None or (not cell[0].isdigit() and is_gap(cell)):
            if not is_missing(cell):
                self.odd.setdefault(cell, row)
            return math.nan
        found = signed(cell, self._mark)
        if found is None and is_limit(cell, self._mark):
            self.limits += 1
            self.has_plus |= cell.endswith("+")
            self.odd.setdefault(cell, row)
            return math.nan
        self.present += 1
        if found is None:
            self.unknown[cell] += 1
            self.odd.setdefault(cell, row)
            return math.nan
        if found.is_rough:
            self.rough.setdefault(cell, row)
        if cell[0] in TRIANGLES_UP:
            self.up.append(row)
        self.has_down |= cell[0] in TRIANGLES_DOWN
        self.has_minus |= cell.endswith("-") and cell[0].isdigit()
        if found.unit:
            self.with_unit.setdefault(found.unit, []).append(row)
        else:
            self.plain += 1
        return found.value

    @property
    def is_text(self) -> bool:
        """True where too few cells are numbers, or more are limits, or 2+ and 2- are marks."""
        is_text = self.plain < max(MOSTLY * self.present, self.limits)
        return is_text or len(self.unknown) > _MOST_ODD or (self.has_plus and self.has_minus)

    def scale_letters(self, cells: Sequence[str]) -> None:
        """Read 1.2M and 500K as 1,200,000 and 500,000 where both stand in the column, or numbers
        without a letter beside as many with one. A letter alone may be any unit. Cr is the crore of
        India beside lakhs only: elsewhere it may be a credit.
        """
        if any(name in self.with_unit for name in CRORES) and any(map(has_lakhs, cells)):
            for name in CRORES.keys() & self.with_unit.keys():
                rows = self.with_unit.pop(name)
                self.values[rows] *= CRORES[name]
                self.rough.setdefault(cells[rows[0]], rows[0])
                self.plain += len(rows)
        letters = {letter: rows for letter, rows in self.with_unit.items() if letter in MAGNITUDES}
        count = sum(map(len, letters.values()))
        are_two = len({MAGNITUDES[letter] for letter in letters}) > 1
        is_usual = 0 < self.plain <= 2 * count
        if not (are_two or is_usual) or self.plain + count < MOSTLY * self.present:
            return
        for letter, rows in letters.items():
            self.values[rows] *= MAGNITUDES[letter]
            self.rough.setdefault(cells[rows[0]], rows[0])
            del self.with_unit[letter]
        self.plain += count

    def use_main_unit(self, cells: Sequence[str]) -> str:
        """Count the numbers in the unit that most of them have, and say which it is. Numbers
        without one are in it, too, and in books of accounts a currency stands at the first one
        only. No number can be made of what is in another unit.
        """
        found = units.together(self.with_unit)
        unit = max(found, key=lambda name: len(found[name]), default="")
        count = len(found.get(unit, ()))
        if unit and (2 * count >= self.plain or (len(found) == 1 and is_currency(unit))):
            self._note_first(cells, found.pop(unit))
            self.plain += count
        else:
            unit = ""
        for rows in found.values():
            for row in rows:
                self.odd.setdefault(cells[row], row)
            self.values[rows] = math.nan
        return unit

    def _note_first(self, cells: Sequence[str], with_unit: Sequence[int]) -> None:
        """Note the first number with a unit, or without one, of which there are fewer."""
        if not self.plain:
            return
        row = with_unit[0]
        if len(with_unit) >= self.plain:
            are_plain = (number(cell, self._mark) is not None for cell in cells)
            row = next((row for row, is_plain in enumerate(are_plain) if is_plain), row)
        self.rough.setdefault(cells[row], row)


def _as_numbers(cells: Sequence[str], mark: DecimalMark, progress: Progress) -> Judged:
    column = _Column(cells, mark, progress)
    if column.has_down:
        column.values[column.up] *= -1
    column.scale_letters(cells)
    unit = column.use_main_unit(cells)
    if column.is_text:
        return Judged("text", text=_first_text(cells, mark))
    if np.isnan(column.values).all():
        return Judged("nothing", column.values)
    rough = {cell: row for cell, row in column.rough.items() if cell not in column.odd}
    return Judged("numbers", column.values, column.odd, unit, rough=rough, is_up=column.has_down)


def _as_times(cells: Sequence[str], progress: Progress) -> Judged:
    unit = times.unit_of(cells)
    values = np.full(len(cells), np.nan)
    odd: dict[str, int] = {}
    first: int | None = None
    unknown = 0
    for row, cell in enumerate(cells):
        if row % _BLOCK == 0:
            progress(row / len(cells))
        found = times.number_of(cell, unit)
        if found is not None:
            values[row] = found
            first = row if first is None else first
        elif not is_missing(cell):
            odd.setdefault(cell, row)
            unknown += not is_gap(cell)
    if first is None or unknown > (1 - MOSTLY) * len(cells):
        return Judged("text", text=next(iter(odd.values())))
    return Judged("numbers", values, odd, unit, rough={cells[first]: first})


def _as_dates(cells: Sequence[str], progress: Progress) -> Judged:
    order, is_told = dates.order_told(cells)
    values = np.full(len(cells), np.nan)
    odd: dict[str, int] = {}
    unknown = 0
    for start in range(0, len(cells), _BLOCK):
        progress(start / len(cells))
        block = cells[start : start + _BLOCK]
        values[start : start + _BLOCK] = dates.days(block, order)
        unread = np.flatnonzero(np.isnan(values[start : start + _BLOCK])) + start
        for row in unread.tolist():
            if not is_missing(cells[row]):
                odd.setdefault(cells[row], row)
                unknown += not is_gap(cells[row])
    if unknown > (1 - MOSTLY) * len(cells):
        return Judged("text", text=next(iter(odd.values())))
    return Judged("dates", values, odd, is_guess=not is_told)


def _blocks(cells: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(cells), _BLOCK):
        yield cells[start : start + _BLOCK]


# Labels.


def counted(cells: Sequence[str], most: int) -> Counter[str] | None:
    """How often each cell comes, in the order of their first rows; None for more than `most`."""
    if isinstance(cells, WholeNumbers):
        whole = Counter(cells.counts())
        return whole if len(whole) <= most else None
    counts: Counter[str] = Counter()
    for block in _blocks(cells):
        counts.update(block)
        if len(counts) > most:
            return None
    return counts


def missing_labels(counts: Mapping[str, int], kind: Kind) -> frozenset[str]:
    """The cells of a column of labels that stand for a missing one.

    A word such as NA is a label itself where it comes as often as the others: there is a North
    America. In a column of numbers any other word is judged so, and NA itself is always missing,
    unless it is all that tells rows from a single number.
    """
    doubtful = {cell for cell in counts if _may_be_missing(cell, kind)}
    others = sorted(count for cell, count in counts.items() if cell not in doubtful)
    usual = others[len(others) // 2] if others else 0

    def is_rare(cell: str) -> bool:
        means_gap = means_missing(cell)
        if means_gap and kind == "numbers" and len(others) > 1:
            return True
        fewest = _FEWEST if means_gap else 0
        return not others or counts[cell] < max(fewest, usual / 2)

    return frozenset(cell for cell in doubtful if not cell or is_rare(cell))


_FEWEST = 3
"""Rows that a word for missing needs to be believed a label."""


def _may_be_missing(cell: str, kind: Kind) -> bool:
    if cell == "-" and kind != "numbers":  # a minus is a label where a plus is another one
        return False
    is_word = kind == "numbers" and not (signed(cell) or signed(cell, ",") or times.is_time(cell))
    return is_word or means_missing(cell)
