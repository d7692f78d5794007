"""How a table is written: delimiter, decimal mark and header, found from its first rows.

Imports the core only; runs on any thread.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice

from playground.core.messages import N_
from tests.benchmarks.reader_0_1_0 import numerals
from tests.benchmarks.reader_0_1_0.numerals import DecimalMark, is_missing, number

# A comma is often a decimal mark or a part of a sentence, so the others come first.
DELIMITERS = {"\t": N_("Tab"), ";": N_("Semicolon"), "|": N_("Bar"), ",": N_("Comma")}
SAMPLE_LINES = 100
SAMPLE_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class Form:
    """How a table is written: a codec of Python, a key of DELIMITERS, and the rest."""

    encoding: str
    delimiter: str
    decimal: DecimalMark
    has_header: bool


@dataclass(frozen=True, slots=True)
class WantedForm:
    """What a person says of the form of a table; what is None is found out."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal: DecimalMark | None = None
    has_header: bool | None = None


def declared_delimiter(line: str) -> str | None:
    """The delimiter that a first line names, as Excel writes it: `sep=;`."""
    words = line.strip("\r\n")
    is_declaration = len(words) == 5 and words.lower().startswith("sep=")
    return words[4] if is_declaration and words[4] in DELIMITERS else None


def find_delimiter(lines: Sequence[str]) -> str | None:
    """The delimiter that divides most of these lines alike; None where no line has two cells."""
    scores = {delimiter: _score(lines, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best][0] else None


def _score(lines: Sequence[str], delimiter: str) -> tuple[float, bool]:
    """How many rows have the same number of cells, more than one, and whether there are numbers."""
    rows = []
    with suppress(csv.Error):  # it is reported with its line when all rows are read
        for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True):
            if any(row):
                rows.append(row)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0, False
    cells = list(islice(chain.from_iterable(rows), SAMPLE_CELLS))
    mark = numerals.decimal_mark(cells, delimiter)
    has_numbers = any(number(cell, mark) is not None for cell in cells)
    return max(widths.values()) / len(rows), has_numbers


def decimal_mark(columns: Sequence[Sequence[str]], delimiter: str) -> DecimalMark:
    """Asks the first rows and farther down cells with a comma: whole numbers may come first."""
    share = max(SAMPLE_CELLS // max(len(columns), 1), 2)
    first = chain.from_iterable(column[:share] for column in columns)
    farther = chain.from_iterable(
        islice((cell for cell in islice(column, share, None) if "," in cell), share)
        for column in columns
    )
    return numerals.decimal_mark([*first, *farther], delimiter)


def has_header(rows: Sequence[Sequence[str]], decimal: DecimalMark) -> bool:
    """True where the first row has no number, but names above numbers, or all is text."""
    first = rows[0]
    if any(number(cell, decimal) is not None for cell in first):
        return False
    columns = list(zip(*rows[1:], strict=False))
    above_numbers = [
        cell for cell, cells in zip(first, columns, strict=False) if _are_numbers(cells, decimal)
    ]
    return not above_numbers or not all(map(is_missing, above_numbers))


def _are_numbers(cells: Iterable[str], decimal: DecimalMark) -> bool:
    present = [cell for cell in cells if not is_missing(cell)]
    return bool(present) and all(number(cell, decimal) is not None for cell in present)


def filled_width(row: Sequence[str]) -> int:
    """The number of cells up to the last that is not blank."""
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return width
