"""Where the rows of a table begin, and what stands above them: titles, names, units, comments.

The first rows are looked at; what a column is there, is found out from the ones farther down.
Imports the core only; runs on any thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playground.core.data.tables.cells import MOSTLY, are_plain, number_in
from playground.core.data.tables.form import COMMENT_MARKS, filled_width
from playground.core.data.tables.numerals import DecimalMark
from playground.core.data.tables.writing import dates
from playground.core.data.tables.writing.around import is_drawn
from playground.core.data.tables.writing.missing import is_gap
from playground.core.data.tables.writing.names import fitted, named
from playground.core.data.tables.writing.numeric_names import are_numbers_as_names
from playground.core.data.tables.writing.signs import is_limit

_MOST_ABOVE = 12
"""Rows in which the first one of the table is looked for."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank, and the line of the file that it begins in, from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What the first rows tell.

    skipped     how many rows are above the first one with values, comments among them
    names       names of the columns; None where the table has none
    width       number of columns
    numeric     columns of numbers or dates
    above       rows that are neither names nor values: titles, units, comments
    row_names   True where the first column has no name in the header: it names the rows
    is_ragged   True where no more than half of the first rows have as many cells
    is_marked   True where a row that begins with a mark such as # is a comment
    """

    skipped: int
    names: tuple[str, ...] | None
    width: int
    numeric: frozenset[int]
    above: tuple[Row, ...] = ()
    row_names: bool = False
    is_ragged: bool = False
    is_marked: bool = True


def outline(
    rows: Sequence[Row],
    decimal: DecimalMark,
    advanced: Callable[[], None],
    *,
    blanks: bool,
    has_header: bool | None,
) -> Outline | None:
    """The outline of a table with these first rows; None where all are comments.

    advanced    told now and then that some cells were looked at
    blanks      True where columns stand apart by blanks
    has_header  what a person says of it; None where it is to be found out
    """
    comments = _comments(rows, blanks=blanks)
    aside = comments | {number for number, row in enumerate(rows) if is_drawn(row.cells)}
    kept = [row for number, row in enumerate(rows) if number not in aside]
    if not kept:
        return None
    width = _usual_width(kept)
    body = [_trimmed(row, width) for row in kept]
    numeric, start, first = _first_row(body, width, decimal, advanced, has_header)
    header = _header(body[start:first], width) if has_header is not False else None
    if header is None and has_header is None:
        header = _in_comment(rows, comments, body[min(first, len(body) - 1)], width, decimal)
    begin = body[first].line if first < len(body) else rows[-1].line + 1
    above = [*body[:first], *(rows[n] for n in aside if rows[n].line < begin)]
    names, used = header or (None, ())
    names, row_names = fitted(names, [row.cells for row in body[first:]], width)
    return Outline(
        skipped=_place_of(body[first], rows) if first < len(body) else len(rows),
        names=names,
        width=width if names is None else len(names),
        numeric=numeric,
        above=tuple(sorted((row for row in above if row not in used), key=lambda row: row.line)),
        row_names=row_names,
        is_ragged=2 * sum(len(row.cells) == width for row in body) <= len(body),
        is_marked=len(comments) > 0 or not any(has_mark(row.cells) for row in body),
    )


def _header(top: Sequence[Row], width: int) -> tuple[tuple[str, ...], tuple[Row, ...]] | None:
    """The names of the columns in the rows above the values, and the rows that they come from."""
    found = named([row.cells for row in top], width)
    return None if found is None else (found[0], tuple(top[number] for number in found[1]))


def _first_row(
    rows: Sequence[Row],
    width: int,
    decimal: DecimalMark,
    advanced: Callable[[], None],
    has_header: bool | None,
) -> tuple[frozenset[int], int, int]:
    """The columns of numbers or dates, and how many rows are above the table and above the first
    one with values.
    """
    start = 0 if has_header is False else _start_of_block(rows, width, decimal, advanced)
    numeric, first = _first_of_block(rows[start:], width, decimal, advanced, has_header)
    return numeric, start, start + first


def _first_of_block(
    rows: Sequence[Row],
    width: int,
    decimal: DecimalMark,
    advanced: Callable[[], None],
    has_header: bool | None,
) -> tuple[frozenset[int], int]:
    """The columns of numbers or dates, and the number of rows above the first one with values."""
    numeric = _numeric_columns(rows, width, decimal, advanced)
    first = _first_values(rows, width, numeric, decimal, advanced)
    advanced()
    return numeric, _first_by_words(rows, first, width, numeric, decimal, has_header)


# Comments.


def has_mark(cells: Sequence[str]) -> bool:
    """True for a row that begins as comments do, not with an error of Excel such as #REF!, or #####
    beside a value.
    """
    first = cells[0].strip()
    if not first.startswith(COMMENT_MARKS) or not is_gap(first):
        return first.startswith(COMMENT_MARKS)
    return not first.strip("#") and not any(is_value(cell.strip(), ".") for cell in cells[1:])


def _comments(rows: Sequence[Row], *, blanks: bool) -> set[int]:
    """Which rows are comments: not the ones of a table in which most begin so."""
    marked = {
        number
        for number, row in enumerate(rows)
        if has_mark(row.cells) and (blanks or row.cells[0].strip() not in COMMENT_MARKS)
    }
    return set() if 2 * len(marked) > len(rows) > 2 else marked


def _in_comment(
    rows: Sequence[Row], comments: set[int], first: Row, width: int, decimal: DecimalMark
) -> tuple[tuple[str, ...], tuple[Row, ...]] | None:
    """The names in the comment above the first values, where it has as many words."""
    before = [number for number in comments if rows[number].line < first.line]
    if not before:
        return None
    row = rows[max(before)]
    start = row.cells[0].lstrip()
    mark = next(mark for mark in COMMENT_MARKS if start.startswith(mark))
    cells = [start.lstrip(mark[0]).strip(), *(cell.strip() for cell in row.cells[1:])]
    cells = cells if cells[0] else cells[1:]
    is_header = len(cells) == width and all(cells)
    if not is_header or any(number_in(cell, decimal) is not None for cell in cells):
        return None
    return tuple(cells), (row,)


# Rows of values.


def _place_of(row: Row, rows: Sequence[Row]) -> int:
    return next(number for number, other in enumerate(rows) if other.line == row.line)


def _usual_width(rows: Sequence[Row]) -> int:
    """How many cells most rows have; of two widths that are as usual, the larger one.

    Where rows differ, blank cells at their ends do not count.
    """
    for widths in (
        Counter(len(row.cells) for row in rows),
        Counter(filled_width(row.cells) for row in rows),
    ):
        usual = max(widths, key=lambda width: (widths[width], width))
        if widths[usual] >= MOSTLY * len(rows):
            break
    return usual


def _trimmed(row: Row, width: int) -> Row:
    """The row without blank cells behind the last column."""
    is_longer = len(row.cells) > width and filled_width(row.cells) <= width
    return Row(row.line, row.cells[:width]) if is_longer else row


def _start_of_block(
    rows: Sequence[Row], width: int, decimal: DecimalMark, advanced: Callable[[], None]
) -> int:
    """The number of the row of names under a blank line that parts it from words and what they say
    of the whole table, such as a device; 0 where there is none.
    """
    for number in range(min(_MOST_ABOVE, len(rows) - 2), 0, -1):
        names = [cell.strip() for cell in rows[number].cells]
        if (
            rows[number].line > rows[number - 1].line + 1
            and len(names) == len(set(names) - {""}) == width
            and all(_is_said(row, width, decimal) for row in rows[:number])
        ):
            _, above = _first_of_block(rows[number:], width, decimal, advanced, None)
            return number if above else 0
    return 0


def _is_said(row: Row, width: int, decimal: DecimalMark) -> bool:
    """True for a row of a word and no more than one thing behind it, narrower than the table."""
    first = row.cells[0].strip()
    filled = sum(bool(cell.strip()) for cell in row.cells)
    return filled <= min(2, width - 1) and bool(first) and not is_value(first, decimal)


def _numeric_columns(
    rows: Sequence[Row], width: int, decimal: DecimalMark, advanced: Callable[[], None]
) -> frozenset[int]:
    """Columns that hold numbers or dates, told from the later half of the rows."""
    whole = [row.cells for row in rows if len(row.cells) == width]
    whole = whole[len(whole) // 2 :]
    found = set()
    for column in range(width):
        advanced()
        cells = [row[column].strip() for row in whole]
        if are_plain(cells, decimal):
            found.add(column)
            continue
        present = [cell for cell in cells if not is_gap(cell)]
        values = sum(is_value(cell, decimal) for cell in present)
        if present and values >= MOSTLY * len(present):
            found.add(column)
    return frozenset(found)


def is_value(cell: str, decimal: DecimalMark) -> bool:
    """True for a number, whatever stands with it, and for a date."""
    return number_in(cell, decimal) is not None or dates.day(cell, periods=False) is not None


def _is_above(
    row: Row, width: int, numeric: frozenset[int], decimal: DecimalMark, number: int
) -> bool:
    """True for a row with words where the table has numbers, or with too few cells."""
    if len(row.cells) < width - 1:
        return True
    cells = [row.cells[column].strip() for column in numeric if column < len(row.cells)]
    if are_plain(cells, decimal):
        return False
    others = [cell for cell in cells if not is_value(cell, decimal)]
    words = sum(not is_gap(cell) and not is_limit(cell, decimal) for cell in others)
    values = len(cells) - len(others)
    if words or values:
        return words > values
    return _is_half_blank(row) if number == 0 else number > 1 and _is_alone(row)


def _is_alone(row: Row) -> bool:
    """True for a row with its first cell alone, as the name of an index under two rows of names."""
    return bool(row.cells[0].strip()) and not "".join(row.cells[1:]).strip()


def _is_half_blank(row: Row) -> bool:
    return 2 * sum(not cell.strip() for cell in row.cells) >= len(row.cells)


def _first_values(
    rows: Sequence[Row],
    width: int,
    numeric: frozenset[int],
    decimal: DecimalMark,
    advanced: Callable[[], None],
) -> int:
    """The number of rows above the first one with values."""
    is_named, under = False, -1
    for number, row in enumerate(rows[:_MOST_ABOVE]):
        advanced()
        if number <= under:
            continue
        if not _is_above(row, width, numeric, decimal, number):
            under = _words_under(rows, number, width, numeric, decimal)
            if under < number:
                return number
        elif is_named and _is_odd_row(row, rows[number + 1 :], numeric):
            return number
        is_named |= len(row.cells) >= width - 1
    return 0


def _words_under(
    rows: Sequence[Row], number: int, width: int, numeric: frozenset[int], decimal: DecimalMark
) -> int:
    """The number of the row of names under a row that only seems to have values, such as the years
    that groups of columns are of: under rows that are half blank there is a word in every column of
    numbers. -1 where there is none.
    """
    for place in range(number, min(_MOST_ABOVE, len(rows))):
        row = rows[place]
        cells = [row.cells[column].strip() for column in numeric if column < len(row.cells)]
        if (
            place > number
            and len(row.cells) >= width
            and all(not is_gap(cell) and not is_value(cell, decimal) for cell in cells)
        ):
            return place
        if not _is_half_blank(row):
            break
    return -1


def _is_odd_row(row: Row, below: Sequence[Row], numeric: frozenset[int]) -> bool:
    """True for a row below the names with a cell that is no unit: a word that comes again, or
    something with digits that is no number.
    """
    for column, cell in enumerate(map(str.strip, row.cells)):
        if cell[:1].isdigit():
            return True
        is_label = column not in numeric and not is_gap(cell)
        if is_label and any(
            cell == other.cells[column].strip() for other in below if column < len(other.cells)
        ):
            return True
    return False


def _first_by_words(
    rows: Sequence[Row],
    first: int,
    width: int,
    numeric: frozenset[int],
    decimal: DecimalMark,
    has_header: bool | None,
) -> int:
    """The same where the kinds of cells do not tell: all are words, or the names are numbers."""
    whole = next((number for number, row in enumerate(rows) if len(row.cells) == width), 0)
    if has_header is not None:
        return whole if not has_header else max(first, whole + 1)
    below = [row.cells for row in rows[whole + 1 :] if len(row.cells) == width]
    top = rows[whole].cells
    if not numeric:
        return whole if _comes_again(top, below) else whole + 1
    return (
        whole + 1
        if first == whole and are_numbers_as_names(top, below, numeric, decimal)
        else first
    )


def _comes_again(top: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """True where at least half of the words in the first row stand in their columns again."""
    filled = [column for column, cell in enumerate(top) if cell.strip()]
    again = sum(any(row[column] == top[column] for row in below) for column in filled)
    return bool(below) and 2 * again >= len(filled)
