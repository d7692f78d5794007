"""What the cells of a column are, judged by all of them: numbers, dates, text or nothing.

One odd cell decides nothing: where four of five cells are numbers, another one is a gap, and is
named. Imports numpy and the core only; runs on any thread. Works block by block, so that no call
holds the interpreter for long.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
from playground.core.data.tables.writing import dates
from playground.core.data.tables.writing.signs import signed

Kind = Literal["numbers", "dates", "text", "nothing"]

MOSTLY = 0.8
"""The share of its cells, without gaps, that makes a column one of numbers or of dates."""

_BLOCK = 4_096
_SAMPLE = 400
_MOST_ODD = 1_000
"""Different words beyond which a column is text."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORDS_FOR_MISSING = _words("""
    none <na> <null> #n/a #na #div/0! #value! #ref! #name? #num! #null! n.a. n.d. -- --- ---- ...
    \u2026 .. . / // /// * ** \u2013 \u2014 \uff0d \u2015 missing unknown k.a. s/o s.o. 欠測 欠損 欠
    なし 無し 無 不明 該当なし 未測定 未定 データなし 无 缺失 없음 결측 нет н/д
""") | {"not available", "no data"}
"""What else stands for a missing number than `numerals.MISSING`, in lower case; other words do,
too, where almost all other cells are numbers."""

_LABELS_FOR_MISSING = _words("""
    None <NA> <null> #N/A #NA #DIV/0! #VALUE! #REF! #NAME? #NUM! #NULL! N.A. -- --- /// 欠測 欠損
""")
"""What stands for a missing label: fewer words, for most of the others may be labels."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What the cells of a column are.

    values  float64 (N,): numbers, or days since 1970; NaN where there is none. Those of
            `WholeNumbers` as they are
    odd     the words that are taken as gaps, with the first row of each, from 0
    unit    what stands with the numbers: "%", "cm", "¥"
    text    the first row that is neither number nor gap, where the kind is text
    """

    kind: Kind
    values: npt.NDArray = field(default_factory=lambda: np.zeros(0))
    odd: Mapping[str, int] = field(default_factory=dict)
    unit: str = ""
    text: int = 0


def judged(cells: Sequence[str], mark: DecimalMark, progress: Progress = no_progress) -> Judged:
    """What the cells of a column are, where numbers have this decimal mark."""
    if isinstance(cells, WholeNumbers):
        return Judged("numbers", cells.values)
    sample = _sample(cells)
    order = dates.order_of(sample)
    if _share(sample, lambda cell: number(cell, mark) is not None) >= MOSTLY / 2:
        return _as_numbers(cells, mark, progress)
    if _share(sample, lambda cell: dates.day(cell, order) is not None) >= MOSTLY:
        return _as_dates(cells, progress)
    is_signed = _share(sample, lambda cell: number_in(cell, mark) is not None) >= MOSTLY / 2
    if is_signed or not sample:  # without one, what there is stands between those looked at
        return _as_numbers(cells, mark, progress)
    return Judged("text", text=_first_text(cells, mark))


def _sample(cells: Sequence[str]) -> list[str]:
    """Cells from all over the column that hold something."""
    step = max(len(cells) // _SAMPLE, 1)
    return [cell for cell in cells[::step] if not is_gap(cell)]


def _share(cells: Sequence[str], is_one: Callable[[str], bool]) -> float:
    return sum(map(is_one, cells)) / len(cells) if cells else 0.0


def is_gap(cell: str) -> bool:
    return is_missing(cell) or cell.lower() in WORDS_FOR_MISSING


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
        self.plain = self.present = 0
        self.odd: dict[str, int] = {}
        self.unknown: Counter[str] = Counter()
        self.with_unit: dict[str, list[int]] = {}
        for start in range(0, len(cells), _BLOCK):
            progress(start / len(cells))
            self._read(cells[start : start + _BLOCK], start)
            if len(self.unknown) > _MOST_ODD:
                break

    def _read(self, cells: Sequence[str], start: int) -> None:
        quick = plain_numbers(cells, self._mark)
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
        if is_gap(cell) or plain is not None:
            if not is_missing(cell):
                self.odd.setdefault(cell, row)
            return math.nan
        self.present += 1
        found = signed(cell, self._mark)
        if found is None:
            self.unknown[cell] += 1
            self.odd.setdefault(cell, row)
            return math.nan
        if found.unit:
            self.with_unit.setdefault(found.unit, []).append(row)
        else:
            self.plain += 1
        return found.value


def _as_numbers(cells: Sequence[str], mark: DecimalMark, progress: Progress) -> Judged:
    column = _Column(cells, mark, progress)
    unit = max(column.with_unit, key=lambda name: len(column.with_unit[name]), default="")
    numbers = column.plain
    if unit and 2 * len(column.with_unit[unit]) >= column.plain:
        numbers += len(column.with_unit.pop(unit))
    else:
        unit = ""
    for rows in column.with_unit.values():  # in another unit: no number can be made of them
        for row in rows:
            column.odd.setdefault(cells[row], row)
        column.values[rows] = math.nan
    if numbers < MOSTLY * column.present or len(column.unknown) > _MOST_ODD:
        return Judged("text", text=_first_text(cells, mark))
    if np.isnan(column.values).all():
        return Judged("nothing", column.values)
    return Judged("numbers", column.values, column.odd, unit)


def _as_dates(cells: Sequence[str], progress: Progress) -> Judged:
    order = dates.order_of(cells)
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
    return Judged("dates", values, odd)


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
    America. In a column of numbers any other word is judged so.
    """
    doubtful = {cell for cell in counts if _may_be_missing(cell, kind)}
    others = sorted(count for cell, count in counts.items() if cell not in doubtful)
    usual = others[len(others) // 2] if others else 0

    def is_rare(cell: str) -> bool:
        fewest = _FEWEST if means_missing(cell) else 0
        return not others or counts[cell] < max(fewest, usual / 2)

    return frozenset(cell for cell in doubtful if not cell or is_rare(cell))


_FEWEST = 3
"""Rows that a word for missing needs to be believed a label."""


def _may_be_missing(cell: str, kind: Kind) -> bool:
    if cell == "-" and kind != "numbers":  # a minus is a label where a plus is another one
        return False
    is_word = kind == "numbers" and signed(cell) is None and signed(cell, ",") is None
    return is_word or means_missing(cell)


def means_missing(cell: str) -> bool:
    """True for a word that stands for a missing label, where nothing tells that it is a label."""
    return is_missing(cell) or cell in _LABELS_FOR_MISSING
