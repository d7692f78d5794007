"""From the bytes of a table to its rows and columns of text.

A table is read once, block by block; whoever waits for it hears how far it is and may end it.
Imports the core only; runs on any thread.
"""

from __future__ import annotations

import codecs
import csv
import io
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from playground.core.data.tables import form as table_form
from playground.core.data.tables.cells import is_gap
from playground.core.data.tables.form import COMMENT_MARKS, WantedForm
from playground.core.data.tables.formats.source import Source
from playground.core.data.tables.numerals import DECIMAL_MARKS
from playground.core.data.tables.outline import Outline, Row, has_mark, is_value
from playground.core.data.tables.reading import Progress
from playground.core.data.tables.writing.encodings import ENCODINGS, detect_encoding
from playground.core.errors import FileError, short
from playground.core.messages import N_

MAX_CELLS = 20_000_000
HEAD_ROWS = 200
_MOST_NAMED = 20
"""Lines that are named one by one; of more, only the number is told."""
_MOST_BELOW = 20
"""Rows behind the last one with values that may be totals, sources and notes."""
_SHOWN_ROW = 60
_END_OF_FILE = b"\x1a"  # how CP/M and DOS ended a text


class Written:
    """The bytes of a table, or of its start, as lines and rows."""

    def __init__(self, name: str, source: Source, wanted: WantedForm, is_whole: bool) -> None:
        self.name, self.wanted, self.is_whole = name, wanted, is_whole
        self._content = source.content.removesuffix(_END_OF_FILE)
        self._first_line = source.first_line
        self.encoding = wanted.encoding or self._detected()
        self._raw = io.BytesIO(self._content)
        self.merges = wanted.delimiter == " "
        self.delimiter, self._skipped = self._find_delimiter()

    @property
    def fraction(self) -> float:
        """The part of the bytes that the rows have come from so far."""
        is_at_end = self._raw.closed  # by the lines, when the last one was taken
        return 1.0 if is_at_end else self._raw.tell() / max(len(self._content), 1)

    def head(self) -> list[tuple[int, Row]]:
        """The first rows that are not blank, each behind its number among all rows."""
        found: list[tuple[int, Row]] = []
        reader = Reader(self)
        while rows := reader.take(1):
            if any(cell.strip() for cell in rows[0]):
                found.append((reader.taken - 1, Row(reader.begins, tuple(rows[0]))))
            if len(found) == HEAD_ROWS:
                break
        return found

    def csv_reader(self) -> tuple[Iterator[list[str]], int]:
        """Rows as csv reads them, from the first line on, and how many lines are before it."""
        lines = islice(self._lines(), self._skipped, None)
        parts = table_form.merged(lines, self.delimiter) if self.merges else lines
        read = csv.reader(parts, delimiter=self.delimiter, skipinitialspace=True, strict=True)
        return read, self._skipped + self._first_line - 1

    def _detected(self) -> str:
        encoding = detect_encoding(self._content, is_whole=self.is_whole)
        if encoding is None:
            raise FileError(
                "{name} is not text in UTF-8, UTF-16, Shift-JIS, EUC-JP, GBK, EUC-KR, Windows-1251"
                " or Windows-1252, so it is not a table (CSV); save it as UTF-8.",
                name=self.name,
            )
        return encoding

    def other_encoding(self) -> FileError:
        """The error where the codec cannot go on."""
        label = ENCODINGS.get(self.encoding, self.encoding)
        return FileError(
            "{name} is not text in {label}; choose another encoding.", name=self.name, label=label
        )

    def _lines(self) -> Iterable[str]:
        """Lines with their ends, as csv wants them; decoded one by one, for text takes more memory.

        The last line of a start may be cut anywhere, so it is left out.
        """
        if self.is_whole:
            self._raw = io.BytesIO(self._content)
            return io.TextIOWrapper(self._raw, self.encoding, newline="")
        text = codecs.getincrementaldecoder(self.encoding)().decode(self._content)
        lines = list(io.StringIO(text, newline=""))
        return lines[:-1] if len(lines) > 1 else lines

    def _find_delimiter(self) -> tuple[str, int]:
        """The delimiter, and how many lines at the start only tell it."""
        try:
            lines = list(islice(self._lines(), table_form.SAMPLE_LINES))
        except UnicodeError:
            raise self.other_encoding() from None
        declared = table_form.declared_delimiter(lines[0]) if lines else None
        if self.wanted.delimiter or declared:
            return self.wanted.delimiter or declared or "", int(declared is not None)
        found = table_form.find_delimiter(lines)
        if found is None and any(line.strip() for line in lines):
            raise FileError(
                "{name} needs at least two columns, with a comma, semicolon, tab, bar or blanks"
                " between them, and one row of data.",
                name=self.name,
            )
        delimiter, self.merges = found or (",", False)
        return delimiter, 0


class Reader:
    """The rows of a table from the first line on, some at a time.

    taken   how many rows have been taken
    begins  the line of the file, from 1, in which the rows begin that were taken last
    """

    def __init__(self, written: Written) -> None:
        self._written = written
        self._csv, self._before = written.csv_reader()
        self.taken, self.begins = 0, 1

    @property
    def line(self) -> int:
        """The last line that has been read."""
        return self._csv.line_num + self._before  # type: ignore[attr-defined]

    def take(self, count: int) -> list[list[str]]:
        """The next rows. Raises FileError where csv or the codec cannot go on."""
        self.begins = self.line + 1
        rows: list[list[str]] = []
        try:
            rows.extend(islice(self._csv, count))
        except csv.Error as error:
            if self._written.is_whole or "unexpected end" not in str(error):
                raise FileError(
                    "{name} cannot be read as a table: {fault} in line {line}; check the quotes"
                    " there.",
                    name=self._written.name,
                    fault=error,
                    line=self.line,
                ) from None
        except UnicodeError:
            raise self._written.other_encoding() from None
        self.taken += len(rows)
        return rows


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
    columns: list[tuple[str, ...]] = field(default_factory=list)
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
    """Takes blocks of rows and makes columns of them."""

    def __init__(self, written: Written, outline: Outline) -> None:
        self._name, self._outline = written.name, outline
        self._width = outline.width
        self._names = list(outline.names or ())
        self._parts: list[list[tuple[str, ...]]] = [[] for _ in range(outline.width)]
        self._rows = 0
        self.body = Body(outline.width)

    def add(self, rows: list[list[str]], begins: int, lines: int) -> None:
        """Rows that begin in a line and take so many of them. Raises FileError."""
        if lines == len(rows) and self._are_regular(rows):
            self._note_line(begins)
        else:
            rows = self._kept(rows, begins)
        if rows:
            self._check_size(len(rows))
            # In tuples, because Python's garbage collector leaves tuples of text alone: it would
            # stop all threads to look through lists of a million cells while they grow.
            for part, cells in zip(self._parts, zip(*rows, strict=True), strict=True):
                part.append(tuple(map(str.strip, cells)))
            self._rows += len(rows)

    def end(self) -> Body:
        """All columns."""
        self.body.columns = [tuple(chain.from_iterable(part)) for part in self._parts]
        return self.body

    def _are_regular(self, rows: list[list[str]]) -> bool:
        """True where no row needs a look of its own."""
        if set(map(len, rows)) != {self._width}:
            return False
        first = [row[0] for row in rows]
        if "" in first or (self._names and self._names[0] in first):
            return False
        together = "".join(first)
        if together[:1].isspace() or " " in first:
            return False
        is_marked = self._outline.is_marked and any(mark in together for mark in COMMENT_MARKS)
        return not is_marked

    def _check_size(self, count: int) -> None:
        if (self._rows + count) * self._width > MAX_CELLS:
            raise FileError(
                "{name} has more than {most:,} values, too many to hold; leave out rows or"
                " columns.",
                name=self._name,
                most=MAX_CELLS,
            )

    def _note_line(self, line: int) -> None:
        """Remember that the next row begins in a line, where that is not what one would expect."""
        breaks = self.body.breaks
        if not breaks or line - breaks[-1][1] != self._rows - breaks[-1][0]:
            breaks.append((self._rows, line))

    def _kept(self, rows: list[list[str]], line: int) -> list[list[str]]:
        """The rows of a block, each looked at by itself."""
        kept: list[list[str]] = []
        before = self._rows
        for row in rows:
            cells = self._row(row, line)
            if cells is not None:
                self._rows = before + len(kept)
                self._note_line(line)
                kept.append(cells)
            line += 1 + sum(_line_ends(cell) for cell in row)
        self._rows = before
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
        most = 0 if is_doubtful else self._rows / 2
        if len(self.body.short) > most:
            raise self._refusal(*self.body.short[0])


def _line_ends(cell: str) -> int:
    """Lines that end inside a cell."""
    if "\n" not in cell and "\r" not in cell:
        return 0
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")


def read_body(written: Written, outline: Outline, start: int, progress: Progress) -> Body:
    """The columns of a table whose first row with values is the one of this number.

    Raises FileError, naming the line, for a row with too many cells.
    """
    reader, collector = Reader(written), _Collector(written, outline)
    reader.take(start)
    size = max(table_form.SAMPLE_CELLS // outline.width, 1)
    while rows := reader.take(size):
        collector.add(rows, reader.begins, reader.line - reader.begins + 1)
        progress(written.fraction)
    collector.check_short()
    body = collector.end()
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


def _is_below(columns: Sequence[tuple[str, ...]], row: int, outline: Outline) -> bool:
    cells = [column[row] for column in columns]
    filled = [column for column, cell in enumerate(cells) if cell]
    words = [
        column
        for column in filled
        if column in outline.numeric
        and not is_gap(cells[column])
        and not any(is_value(cells[column], mark) for mark in DECIMAL_MARKS)
    ]
    if len(filled) == 1 and len(cells) > 2 and 0 not in outline.numeric:
        return filled == [0] and bool(outline.numeric)
    if not words or words[0] != filled[0]:
        return False
    texts = set(range(len(cells))) - outline.numeric
    is_label = all(cells[column] in columns[column][:row] for column in texts)
    return len(filled) < len(cells) or not is_label
