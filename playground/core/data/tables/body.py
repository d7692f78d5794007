"""From the rows of a table to its columns.

A table is read once, block by block; whoever waits for it hears how far it is and may end it.
Imports the core only; runs on any thread.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from playground.core.data.tables import form as table_form
from playground.core.data.tables.form import COMMENT_MARKS, MAX_CELLS
from playground.core.data.tables.formats.held_columns import HeldColumns
from playground.core.data.tables.formats.whole_numbers import (
    Block,
    columns_of,
    compacted,
    mostly_whole,
)
from playground.core.data.tables.numerals import DECIMAL_MARKS
from playground.core.data.tables.outline import Outline, Row, has_mark, is_value
from playground.core.data.tables.reading import Progress
from playground.core.data.tables.rows import NotPlain, Reader, Written, line_ends
from playground.core.data.tables.writing.around import is_count, is_drawn, is_total
from playground.core.data.tables.writing.missing import is_gap
from playground.core.data.tables.writing.signs import is_limit
from playground.core.errors import FileError, short
from playground.core.messages import N_

LARGE_BYTES = 1_000_000
"""Bytes of a table from which on columns of whole numbers are held as such."""
_MOST_NAMED = 20
"""Lines that are named one by one; of more, only the number is told."""
_MOST_BELOW = 20
"""Rows behind the last one with values that may be totals, sources and notes."""
_SHOWN_ROW = 60
_CELLS = 10_000
"""Cells that are taken at once, in some hundredths of a second."""
_SHARE = 8
"""How many times more cells are taken at once where each part of a column takes room or time of its
own: where it is compacted, and where there are many columns.
"""
_WIDE = 2_000
"""Columns of which a few rows are many cells."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line of a file that is no row of the table, and why: a text to translate."""

    line: int
    text: str
    why: str

    @classmethod
    def of(cls, line: int, cells: Iterable[str], why: str) -> LeftOut:
        words = " ".join(filter(None, (cell.strip() for cell in cells)))
        return cls(line, short(words, _SHOWN_ROW), why)


ABOVE, COMMENT, BELOW = N_("above the table"), N_("a comment"), N_("below the table")
NAMES_AGAIN, NO_ROW = N_("the names again"), N_("no row of the table")


@dataclass(slots=True)
class Body:
    """The columns of a table, and what was met on the way.

    columns   cells without the space around them, all columns equally long
    breaks    (row, line): from this row on, each row begins one line behind the other
    left_out  lines that are no rows
    short     lines of rows with too few cells, and how many they have; the rest is missing
    """

    width: int
    columns: list[Sequence[str]] = field(default_factory=list)
    breaks: list[tuple[int, int]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    left_out_count: int = 0
    short: list[tuple[int, int]] = field(default_factory=list)

    def line_of(self, row: int) -> int:
        """The line of the file in which a row begins, from 1."""
        at = bisect_right(self.breaks, row, key=lambda pair: pair[0]) - 1
        first, line = self.breaks[at]
        return line + row - first


class _Collector:
    """Takes blocks of rows and makes columns of them.

    is_compact  True where columns of whole numbers are held as such
    """

    def __init__(self, written: Written, outline: Outline, *, is_compact: bool) -> None:
        self._name, self._outline = written.name, outline
        self._width, self._is_compact = outline.width, is_compact
        self._names = list(outline.names or ())
        self._held = HeldColumns(outline.width)
        self.body = Body(outline.width)

    def add_all(self, reader: Reader, part: Callable[[], float], progress: Progress) -> None:
        """All rows that are still to be read; `part` says how much of the table has been. Raises
        FileError.
        """
        takes_more = self._is_compact or self._width >= _WIDE
        cells = _CELLS * (_SHARE if takes_more else 1)
        size = max(cells // self._width, 1)
        while rows := reader.take(size):
            progress(part())
            self.add(rows, reader.begins, reader.line - reader.begins + 1, part())
            progress(part())

    def add(self, rows: list[list[str]], begins: int, lines: int, part: float) -> None:
        """Rows that begin in a line and take so many of them; with them so much of the table has
        been read. Raises FileError.
        """
        if lines == len(rows) and self._are_regular(rows):
            self._note_line(begins)
        else:
            rows = self._kept(rows, begins)
        if rows:
            # In tuples, because Python's garbage collector leaves tuples of text alone: it would
            # stop all threads to look through lists of a million cells while they grow.
            columns = (tuple(map(str.strip, cells)) for cells in zip(*rows, strict=True))
            self._hold([*(map(compacted, columns) if self._is_compact else columns)], part)

    def add_block(self, block: Block, delimiter: str, begins: int, part: float) -> int:
        """Lines that begin in a line of the file: how many, or 0 where they have to be read as
        rows. With them so much of the table has been read.
        """
        columns = columns_of(block.content, delimiter, self._width)
        if columns is None or not self._is_regular(list(columns[0])):
            return 0
        self._note_line(begins)
        self._hold(columns, part)
        return len(columns[0])

    def _hold(self, columns: Sequence[Sequence[str]], part: float) -> None:
        self._held.add(columns, part)
        self._check_size()

    def end(self, advanced: Callable[[], None]) -> Body:
        """All columns; tells when one more is there."""
        self.body.columns = self._held.end(advanced)
        return self.body

    def _are_regular(self, rows: list[list[str]]) -> bool:
        """True where no row needs a look of its own."""
        return set(map(len, rows)) == {self._width} and self._is_regular([row[0] for row in rows])

    def _is_regular(self, first: list[str]) -> bool:
        """The same of rows with as many cells as there are columns, of which these are the first
        ones.
        """
        if "" in first or (self._names and self._names[0] in first):
            return False
        together = "".join(first)
        if together[:1].isspace() or " " in first:
            return False
        is_marked = self._outline.is_marked and any(mark in together for mark in COMMENT_MARKS)
        return not is_marked

    def _check_size(self) -> None:
        """Columns of whole numbers are held as such, and are not counted."""
        texts = len(self._held.texts) if self._is_compact else self._width
        if self._held.rows * texts > MAX_CELLS:
            raise FileError(
                "{name} has more than {most:,} values, too many to hold; leave out rows or"
                " columns.",
                name=self._name,
                most=MAX_CELLS,
            )

    def _note_line(self, line: int, behind: int = 0) -> None:
        """Remember that the next row, or the one so many rows behind it, begins in a line, where
        that is not what one would expect.
        """
        breaks, row = self.body.breaks, self._held.rows + behind
        if not breaks or line - breaks[-1][1] != row - breaks[-1][0]:
            breaks.append((row, line))

    def _kept(self, rows: list[list[str]], line: int) -> list[list[str]]:
        """The rows of a block, each looked at by itself."""
        kept: list[list[str]] = []
        for row in rows:
            cells = self._row(row, line)
            if cells is not None:
                self._note_line(line, len(kept))
                kept.append(cells)
            line += 1 + sum(map(line_ends, row))
        return kept

    def _row(self, row: list[str], line: int) -> list[str] | None:
        """A row with as many cells as the table has columns; None for what is none."""
        if not any(cell.strip() for cell in row):
            return None
        width = self._width
        if self._is_comment(row):
            self._leave_out(line, row, COMMENT)
            return None
        if self._names and [cell.strip() for cell in row[:width]] == self._names:
            self._leave_out(line, row, NAMES_AGAIN)
            return None
        if is_drawn(row):
            self._leave_out(line, row, NO_ROW)
            return None
        if table_form.filled_width(row) > width:
            if self._begins_with_words(row):
                self._leave_out(line, row, NO_ROW)
                return None
            raise self._refusal(line, len(row))
        if len(row) < width:
            self.body.short.append((line, len(row)))
            return row + [""] * (width - len(row))
        return row[:width]

    def _leave_out(self, line: int, row: list[str], why: str) -> None:
        self.body.left_out_count += 1
        if len(self.body.left_out) < _MOST_NAMED:
            self.body.left_out.append(LeftOut.of(line, row, why))

    def _is_comment(self, row: list[str]) -> bool:
        if not self._outline.is_marked or not has_mark(row):
            return False
        return len(row) != self._width or 0 in self._outline.numeric

    def _begins_with_words(self, row: list[str]) -> bool:
        """True where words stand first, in a column of numbers."""
        column = next(column for column, cell in enumerate(row) if cell.strip())
        return column in self._outline.numeric and not is_value(row[column].strip(), ".")

    def _refusal(self, line: int, count: int) -> FileError:
        return FileError(
            "{name} has {count} values in line {line:,}, but {width} columns; give every row the"
            " same number.",
            name=self._name,
            count=count,
            line=line,
            width=self._width,
        )

    def check_short(self) -> None:
        """Raise FileError where most rows are too short, so that it is no table; in one that names
        its rows, or whose first rows are of all lengths, one is enough.
        """
        is_doubtful = self._outline.row_names or self._outline.is_ragged
        most = 0 if is_doubtful else self._held.rows / 2
        if len(self.body.short) > most:
            raise self._refusal(*self.body.short[0])


def read_body(
    written: Written, outline: Outline, rows: Sequence[Row], start: int, progress: Progress
) -> Body:
    """The columns of a table whose first row with values is the one of this number.

    rows  some of the rows at the start, from the first one with values on
    Raises FileError, naming the line, for a row with too many cells, and NotPlain where rows have
    to be held that are not.
    """
    is_large = (written.is_whole or not written.holds_all) and written.size > LARGE_BYTES
    is_compact = is_large and mostly_whole([row.cells for row in rows], outline.width)
    reader, collector = Reader(written), _Collector(written, outline, is_compact=is_compact)
    reader.take(start)
    plain = written.plain_blocks(reader.line) if is_compact else None
    if plain is None:
        if not written.holds_all:
            raise NotPlain
        collector.add_all(reader, lambda: written.fraction, progress)
        plain = iter(())
    progress(written.fraction)
    line = reader.line
    for block in plain:
        part = block.end / written.size
        added = collector.add_block(block, written.delimiter, line + 1, part)
        if not added:
            collector.add_all(Reader(written, block, line), lambda: part, progress)  # noqa: B023
        line += added or block.content.count(b"\n")
        progress(part)
    collector.check_short()
    body = collector.end(partial(progress, 1.0))
    _drop_rows_below(body, outline)
    return body


def _drop_rows_below(body: Body, outline: Outline) -> None:
    """Take totals, sources and notes off the end: words where the table has numbers."""
    count = len(body.columns[0])
    last = count
    while last > 1 and count - last < _MOST_BELOW and _is_below(body.columns, last - 1, outline):
        last -= 1
    for row in range(last, count):
        cells = [column[row] for column in body.columns]
        body.left_out.append(LeftOut.of(body.line_of(row), cells, BELOW))
        body.left_out_count += 1
    if last < count:
        lines = {body.line_of(row) for row in range(last, count)}
        body.short = [pair for pair in body.short if pair[0] not in lines]
        body.columns = [column[:last] for column in body.columns]


def _is_below(columns: Sequence[Sequence[str]], row: int, outline: Outline) -> bool:
    cells = [column[row] for column in columns]
    filled = [column for column, cell in enumerate(cells) if cell]
    if len(filled) == 1 and len(cells) > 1 and is_count(cells[filled[0]]):
        return True
    texts = set(range(len(cells))) - outline.numeric
    if _is_total(columns, row, [column for column in filled if column in texts]):
        return True
    words = [
        column
        for column in filled
        if column in outline.numeric
        and not (is_gap(cells[column]) or is_limit(cells[column]))
        and not any(is_value(cells[column], mark) for mark in DECIMAL_MARKS)
    ]
    if len(filled) == 1 and len(cells) > 2 and 0 not in outline.numeric:
        return filled == [0] and bool(outline.numeric)
    if not words or words[0] != filled[0]:
        return False
    is_label = all(cells[column] in columns[column][:row] for column in texts)
    return len(filled) < len(cells) or not is_label


def _is_total(columns: Sequence[Sequence[str]], row: int, words: Sequence[int]) -> bool:
    """True where the only words of a row say that it is a total, and no row above has them."""
    cells = [(columns[column], columns[column][row]) for column in words]
    return bool(cells) and all(
        is_total(cell) and cell not in column[:row] for column, cell in cells
    )
