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
from playground.core.data.tables.numerals import MISSING, DecimalMark, number
from playground.core.data.tables.writing import decimal_marks as marks
from playground.core.data.tables.writing import times
from playground.core.messages import N_

# A comma is often a decimal mark or a part of a sentence, so the others come first.
DELIMITERS = {
    "\t": N_("Tab"),
    ";": N_("Semicolon"),
    "|": N_("Bar"),
    ",": N_("Comma"),
    " ": N_("Blanks"),
    "\uff0c": N_("Full-width comma"),
    "\uff1b": N_("Full-width semicolon"),
    "\u3001": N_("Ideographic comma"),
    "\x1f": N_("Unit separator"),
    "^": N_("Caret"),
    "~": N_("Tilde"),
    ":": N_("Colon"),
}
_USUAL, _RARE = ("\t", ";", "|", ","), ("\uff0c", "\uff1b", "\u3001", "\x1f", "^", "~")
"""What is looked for first, and where that divides nothing."""
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
_TIME = re.compile(r"\b\d{1,2}:\d\d(:\d\d)?\b")
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
    """The delimiter that a first line names, as Excel writes it: `sep=;`, perhaps in quotes."""
    words = line.strip("\r\n").strip('"')
    is_declaration = len(words) == 5 and words.lower().startswith("sep=")
    return words[4] if is_declaration and words[4] in DELIMITERS else None


def find_delimiter(lines: Sequence[str], advanced: Callable[[], None]) -> tuple[str, bool] | None:
    """The delimiter that divides most of these lines alike, and whether several divide once; tells
    when one more has been tried.

    None where no line has two cells. Words of a text stand apart by blanks, too, and have the rarer
    delimiters in them: these count only where no usual one divides the lines, nearly all have the
    same number, and some cells are numbers.
    """
    lines = _without_comments(lines)
    scores = {}
    for delimiter in _USUAL:
        advanced()
        scores[delimiter] = _score(lines, delimiter)
    best = max(scores, key=lambda delimiter: scores[delimiter])
    if scores[best][0] and _stand_apart_by_blanks(lines, best):
        return " ", True
    if best == "\t" and scores[best][0] < 1 and _score(list(merged(lines, "\t")), "\t")[0] == 1:
        return best, True
    if scores[best][0] < _SURE:
        for delimiter in _RARE:
            advanced()
            if _is_sure(lines, delimiter):
                return delimiter, False
        advanced()
        if _is_sure(list(merged(lines, " ")), " "):
            return " ", True
        # Two parts may be a name and what is said of it, or a time.
        if _is_sure([_TIME.sub("", line) for line in lines], ":", fewest=3):
            return ":", False
    return (best, False) if scores[best][0] else None


def _is_sure(lines: Sequence[str], delimiter: str, fewest: int = 2) -> bool:
    share, has_numbers = _score(lines, delimiter, fewest)
    return share >= _SURE and has_numbers


def _stand_apart_by_blanks(lines: Sequence[str], best: str) -> bool:
    """True where blanks divide all lines alike, and commas are but decimal marks, or tabs but some
    of the blanks.
    """
    lines = [line for line in lines if line.strip()]
    divided = list(merged(lines, " "))
    if best not in (",", "\t") or _score(divided, " ") != (1.0, True):
        return False
    if best == "\t":
        return len(lines) > 1 and all(map(_has_wide_numbers, lines[1:]))
    rows = _rows(divided, " ")
    mark = marks.decimal_mark(chain.from_iterable(rows), " ")
    with_comma = [cell for row in rows for cell in row if "," in cell]
    # Without names, one such number in a line may as well be two cells: 1,2 rooms.
    is_told = not any("," in cell for cell in rows[0]) or len(with_comma) > len(rows)
    return is_told and all(
        cell == cell.strip(",") and number(cell, mark) is not None for cell in with_comma
    )


def _has_wide_numbers(line: str) -> bool:
    """True where several blanks stand between numbers inside what tabs divide, and no words do."""
    wide = False
    for cell in line.split("\t"):
        parts = cell.split()
        if len(parts) < 2 or cell.lstrip().startswith('"'):
            continue
        if not all(number(part, ".") is not None or part.lower() in MISSING for part in parts):
            return False
        wide |= "  " in cell.strip()
    return wide


def _without_comments(lines: Sequence[str]) -> Sequence[str]:
    plain = [line for line in lines if not line.lstrip().startswith(COMMENT_MARKS)]
    return plain if 2 * len(plain) >= len(lines) else lines


def merged(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """Lines with one delimiter for several on end, and none around them."""
    several = _BLANKS if delimiter == " " else re.compile(f"{re.escape(delimiter)}+")
    for line in lines:
        words = line.rstrip("\r\n")
        yield several.sub(delimiter, words).strip(delimiter) + line[len(words) :]


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The rows that are not blank, up to the first that csv cannot read."""
    rows = []
    with suppress(csv.Error):  # it is reported with its line when all rows are read
        for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True):
            if any(row):
                rows.append(row)
    return rows


def _score(lines: Sequence[str], delimiter: str, fewest: int = 2) -> tuple[float, bool]:
    """How many rows have the same number of cells, not too few, and whether there are numbers."""
    rows = _rows(lines, delimiter)
    widths = Counter(len(row) for row in rows if len(row) >= fewest)
    if not widths:
        return 0.0, False
    cells = list(islice(chain.from_iterable(rows), SAMPLE_CELLS))
    mark = marks.decimal_mark(cells, delimiter)
    has_numbers = any(number(cell, mark) is not None or times.has_parts(cell) for cell in cells)
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


def filled_columns(
    columns: Sequence[Sequence[str]], names: tuple[str, ...] | None, delimiter: str
) -> range:
    """Which columns there are, without the last ones that have neither a name nor a value, nor the
    first one where bars stand around the rows.
    """

    def is_blank(place: int) -> bool:
        return not (names and names[place]) and not any(columns[place])

    count = len(columns)
    while count and is_blank(count - 1):
        count -= 1
    return range(int(count > 1 and delimiter == "|" and is_blank(0)), count)
