"""How a table is written: delimiter, decimal mark and header, found from its first rows.

Imports the core only; runs on any thread.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice

from playground.core.data.tables.formats.whole_numbers import WholeNumbers
from playground.core.data.tables.numerals import DecimalMark, number
from playground.core.data.tables.writing import decimal_marks as marks
from playground.core.messages import N_

# A comma is often a decimal mark or a part of a sentence, so the others come first.
DELIMITERS = {
    "\t": N_("Tab"),
    ";": N_("Semicolon"),
    "|": N_("Bar"),
    ",": N_("Comma"),
    " ": N_("Blanks"),
}
MAX_CELLS = 20_000_000
"""Cells of a table that are held as text."""
MOST_COLUMNS = 10_000
"""Columns of a table that is made of arrays, or of pairs of index and value."""
HELD_OUT = "held out"
"""The column, of 0 and 1, that tells which points are kept for testing."""
SAMPLE_LINES, SAMPLE_TEXT = 100, 1 << 20
"""Lines, and characters in them, that are looked at first; of long lines, some at least."""
COMMENT_MARKS = ("#", "%", "//")
_SURE = 0.8
"""The share of lines that are divided alike from which on it is no accident."""
_BLANKS = re.compile(r"[ \t\u3000]+")
SAMPLE_CELLS = 20_000
_BLOCK = 4_096


@dataclass(frozen=True, slots=True)
class Form:
    """How a table is written: a codec of Python, a key of DELIMITERS, and the rest.

    merges is True where several delimiters on end divide once.
    """

    encoding: str
    delimiter: str
    decimal: DecimalMark
    has_header: bool
    merges: bool = False


@dataclass(frozen=True, slots=True)
class WantedForm:
    """What a person says of the form of a table; what is None is found out.

    part is the sheet of a workbook, or the file in an archive; fewest is how many columns there are
    at least.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: DecimalMark | None = None
    has_header: bool | None = None
    part: str | None = None
    fewest: int = 2


def invented_names(count: int) -> tuple[str, ...]:
    """What columns are called that have no names: x1, x2, ..., y."""
    return (*(f"x{i + 1}" for i in range(count - 1)), "y")


def declared_delimiter(line: str) -> str | None:
    """The delimiter that a first line names, as Excel writes it: `sep=;`."""
    words = line.strip("\r\n")
    is_declaration = len(words) == 5 and words.lower().startswith("sep=")
    return words[4] if is_declaration and words[4] in DELIMITERS else None


def find_delimiter(lines: Sequence[str], advanced: Callable[[], None]) -> tuple[str, bool] | None:
    """The delimiter that divides most of these lines alike, and whether several divide once; tells
    when one more has been tried.

    None where no line has two cells. Words of a text stand apart by blanks, too: these count only
    where nothing else divides the lines, all have the same number, and some are numbers.
    """
    lines = _without_comments(lines)
    scores = {}
    for delimiter in DELIMITERS:
        if delimiter != " ":
            advanced()
            scores[delimiter] = _score(lines, delimiter)
    best = max(scores, key=lambda delimiter: scores[delimiter])
    share, _ = scores[best]
    if best == "\t" and share < 1 and _score(list(merged(lines, "\t")), "\t")[0] == 1:
        return best, True
    if share < _SURE:
        advanced()
        blanks, has_numbers = _score(list(merged(lines, " ")), " ")
        if blanks >= _SURE and has_numbers:
            return " ", True
    return (best, False) if share else None


def _without_comments(lines: Sequence[str]) -> Sequence[str]:
    plain = [line for line in lines if not line.lstrip().startswith(COMMENT_MARKS)]
    return plain if 2 * len(plain) >= len(lines) else lines


def merged(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """Lines with one delimiter for several on end, and none around them."""
    several = _BLANKS if delimiter == " " else re.compile(f"{re.escape(delimiter)}+")
    for line in lines:
        words = line.rstrip("\r\n")
        yield several.sub(delimiter, words).strip(delimiter) + line[len(words) :]


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
    mark = marks.decimal_mark(cells, delimiter)
    has_numbers = any(number(cell, mark) is not None for cell in cells)
    return max(widths.values()) / len(rows), has_numbers


def decimal_mark(
    columns: Sequence[Sequence[str]], delimiter: str, advanced: Callable[[], None]
) -> DecimalMark:
    """Asks the first rows and farther down cells with a comma: whole numbers may come first.

    Tells when it has looked at one more column.
    """
    columns = [column for column in columns if not isinstance(column, WholeNumbers)]
    share = max(SAMPLE_CELLS // max(len(columns), 1), 2)

    def telling() -> Iterator[str]:
        for column in columns:
            advanced()
            yield from column[:share]
        for column in columns:
            advanced()
            yield from islice(_with_comma(column, share), share)

    return marks.decimal_mark(telling(), delimiter)


def _with_comma(cells: Sequence[str], start: int) -> Iterator[str]:
    """The cells from a place on that have a comma, of which most columns have none."""
    for first in range(start, len(cells), _BLOCK):
        block = cells[first : first + _BLOCK]
        if "," in "".join(block):
            yield from (cell for cell in block if "," in cell)


def filled_width(row: Sequence[str]) -> int:
    """The number of cells up to the last that is not blank."""
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return width
