"""From the bytes of a table to its rows of text. Imports the core only; runs on any thread."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

from playground.core.data.tables import form as table_form
from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.formats.source import Source
from playground.core.data.tables.formats.whole_numbers import BLOCK_BYTES, Block, blocks
from playground.core.data.tables.outline import Row
from playground.core.data.tables.reading import Progress, no_progress, opened
from playground.core.data.tables.writing.encodings import (
    ENCODINGS,
    Detected,
    detected,
    unknown_encoding,
)
from playground.core.errors import FileError
from playground.core.messages import N_, Message

HEAD_ROWS, HEAD_CELLS = 200, 20_000
_FEWEST_ROWS = 20
"""Rows of a table however wide that are looked at first."""
_PART_BYTES = 1 << 23
"""Bytes that are searched in a hundredth of a second."""
_LONGEST_LINE = 1_000_000
_ODD = (b"\0", b"\x1a", b"\x1b")
"""What ends a file, or begins another encoding."""
_END_OF_FILE = b"\x1a"  # how CP/M and DOS ended a text


class NotPlain(Exception):
    """Raised where only a look at all of a table tells how it is to be read."""


class Written:
    """The bytes of a table, or of its start, as lines and rows.

    progress   called now and then with 0, wherever all bytes are looked at
    holds_all  False where only the start is held, and the rest is read block by block
    """

    holds_all = True

    def __init__(
        self,
        name: str,
        source: Source,
        wanted: WantedForm,
        is_whole: bool,
        progress: Progress = no_progress,
    ) -> None:
        self.name, self.wanted, self.is_whole = name, wanted, is_whole
        self._advanced = partial(progress, 0.0)
        self._content = source.content.removesuffix(_END_OF_FILE)
        self._first_line = source.first_line
        self.detected = Detected(wanted.encoding) if wanted.encoding else self._detected()
        self.encoding = self.detected.encoding
        self._raw = io.BytesIO(self._content)
        self.merges = wanted.delimiter == " "
        self._escape: str | None = None
        self.delimiter, self._skipped = self._find_delimiter()
        self._escape = self._find_escape()

    @property
    def size(self) -> int:
        """Bytes of the table."""
        return len(self._content)

    @property
    def fraction(self) -> float:
        """The part of the bytes that the rows have come from so far."""
        is_at_end = self._raw.closed  # by the lines, when the last one was taken
        return 1.0 if is_at_end else self._raw.tell() / max(len(self._content), 1)

    def head(self) -> list[tuple[int, Row]]:
        """The first rows that are not blank, each behind its number among all rows."""
        found: list[tuple[int, Row]] = []
        reader, cells = Reader(self), 0
        while row := reader.next_written():
            if any(cell.strip() for cell in row):
                found.append((reader.taken - 1, Row(reader.begins, tuple(row))))
                cells += len(row)
            is_enough = cells >= HEAD_CELLS and len(found) >= _FEWEST_ROWS
            if len(found) == HEAD_ROWS or is_enough:
                break
        return found

    def csv_reader(self) -> tuple[Iterator[list[str]], int]:
        """Rows as csv reads them, from the first line on, and how many lines are before it."""
        lines = islice(self._lines(), self._skipped, None)
        return self.rows_in(lines), self._skipped + self._first_line - 1

    def rows_in(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Lines with their ends as csv reads them."""
        parts = table_form.merged(lines, self.delimiter) if self.merges else lines
        return csv.reader(
            parts,
            delimiter=self.delimiter,
            escapechar=self._escape,
            skipinitialspace=True,
            strict=True,
        )

    def plain_blocks(self, line: int) -> Iterator[Block] | None:
        """The bytes behind a line of the file, block by block; None where a row may reach over the
        end of a line, or bytes do not tell where cells end.
        """
        content = self._content
        is_plain = self.encoding.startswith("utf-8") and not self.merges
        is_plain &= self.delimiter.isascii()
        if not is_plain or self._has_lone_returns():
            return None
        start = self._behind(line)
        return blocks(content, start) if content.find(b'"', start) < 0 else None

    def _behind(self, line: int) -> int:
        """Where the lines behind a line of the file begin."""
        content = self._content
        start = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
        for _ in range(line - self._first_line + 1):
            start = content.find(b"\n", start) + 1 or len(content)
        return start

    def _has_lone_returns(self) -> bool:
        """True where a line ends with a return alone."""
        content = self._content
        for start in range(0, len(content), _PART_BYTES):
            self._advanced()
            end = start + _PART_BYTES
            if content.find(b"\r", start, end) >= 0:
                pairs = content.count(b"\r\n", start, end + 1)  # the last one may reach over it
                if content.count(b"\r", start, end) != pairs:
                    return True
        return False

    def _detected(self) -> Detected:
        found = detected(self._content, self._advanced, is_whole=self.is_whole)
        if found is None:
            raise unknown_encoding(self.name, self._content)
        return found

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

    def _first_lines(self) -> list[str]:
        lines, size = [], 0
        for line in islice(self._lines(), table_form.SAMPLE_LINES):
            lines.append(line)
            size += len(line)
            if size > table_form.SAMPLE_TEXT and len(lines) >= _FEWEST_ROWS:
                break
        return lines

    def _find_delimiter(self) -> tuple[str, int]:
        """The delimiter, and how many lines at the start only tell it."""
        try:
            lines = self._first_lines()
        except UnicodeError:
            raise self.other_encoding() from None
        declared = table_form.declared_delimiter(lines[0]) if lines else None
        if self.wanted.delimiter or declared:
            return self.wanted.delimiter or declared or "", int(declared is not None)
        found = table_form.find_delimiter(lines, self._advanced)
        if found is None and self.wanted.fewest > 1 and any(line.strip() for line in lines):
            raise FileError(
                "{name} needs at least two columns, with a comma, semicolon, tab, bar or blanks"
                " between them, and one row of data.",
                name=self.name,
            )
        delimiter, self.merges = found or (",", False)
        return delimiter, 0

    def _find_escape(self) -> str | None:
        """The backslash where it makes a quote part of a cell, as databases write it; None where
        rows can be read without.
        """
        lines = self._first_lines()
        if not any(_ESCAPED in line for line in lines) or _can_be_read(self.rows_in(lines)):
            return None
        self._escape = "\\"
        return self._escape if _can_be_read(self.rows_in(lines)) else None


def _can_be_read(rows: Iterator[list[str]]) -> bool:
    try:
        for _ in rows:
            pass
    except csv.Error:
        return False
    return True


_ESCAPED = '\\"'
_NEVER_CLOSED = "unexpected end"
_FAULTS = {
    _NEVER_CLOSED: N_("a quote that is never closed opens"),
    "expected after": N_("more stands behind a quote that closes"),
    "field larger": N_("a cell that is too long begins"),
}
"""What csv says of rows that it cannot read, by a part of its sentences."""


def line_ends(cell: str) -> int:
    """Lines that end inside a cell."""
    if "\n" not in cell and "\r" not in cell:
        return 0
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")


class Streamed(Written):
    """A large file of plain lines, of which never more is held than a block.

    Raises NotPlain for what its start, or a block farther down, cannot tell.
    """

    holds_all = False

    def __init__(
        self, name: str, path: Path, start: Source, wanted: WantedForm, progress: Progress
    ) -> None:
        _check_plain(start.content)
        super().__init__(name, start, wanted, False, progress)
        self._path, self._size = path, path.stat().st_size

    @property
    def size(self) -> int:
        return self._size

    def head(self) -> list[tuple[int, Row]]:
        found = super().head()
        cells = sum(len(row.cells) for _, row in found)
        if len(found) < HEAD_ROWS and (len(found) < _FEWEST_ROWS or cells < HEAD_CELLS):
            raise NotPlain
        return found

    def plain_blocks(self, line: int) -> Iterator[Block] | None:
        is_plain = self.encoding.startswith("utf-8") and not self.merges
        return self._blocks(self._behind(line)) if is_plain else None

    def _blocks(self, end: int) -> Iterator[Block]:
        with opened(self._path) as file:
            file.seek(end)
            while content := file.read(BLOCK_BYTES):
                content += file.readline(_LONGEST_LINE)
                end += len(content)
                _check_plain(content)
                if b'"' in content or not (content.endswith(b"\n") or end >= self._size):
                    raise NotPlain
                yield Block(content if content.endswith(b"\n") else content + b"\n", end)


def _check_plain(content: bytes) -> None:
    """Raise NotPlain unless it is ASCII in every encoding, in lines that end as usual."""
    is_odd = not content.isascii() or any(sign in content for sign in _ODD)
    pairs = content.count(b"\r\n") if b"\r" in content else 0
    # A start may be cut between the two.
    if is_odd or content.removesuffix(b"\r").count(b"\r") != pairs:
        raise NotPlain


class Reader:
    """The rows of a table from the first line on, some at a time.

    block   the lines to be read, which stand behind the line `before`; None for all lines
    taken   how many rows have been taken
    begins  the line of the file, from 1, in which the rows begin that were taken last
    """

    def __init__(self, written: Written, block: Block | None = None, before: int = 0) -> None:
        self._written = written
        if block is None:
            self._csv, self._before = written.csv_reader()
        else:
            lines = io.TextIOWrapper(io.BytesIO(block.content), "utf-8", newline="")
            self._csv, self._before = written.rows_in(lines), before
        self.taken, self.begins = 0, 1

    @property
    def line(self) -> int:
        """The last line that has been read."""
        return self._csv.line_num + self._before  # type: ignore[attr-defined]

    def take(self, count: int) -> list[list[str]]:
        """The next rows. Raises FileError where csv or the codec cannot go on."""
        self.begins = self.line + 1
        rows: list[list[str]] = []
        with self._said(rows):
            rows.extend(islice(self._csv, count))
        self.taken += len(rows)
        return rows

    def next_written(self) -> list[str] | None:
        """The next row that is no blank line, of which there may be millions; None at the end.

        Raises as `take` does.
        """
        start = self.line
        with self._said():
            self.begins = start + 1
            for skipped, row in enumerate(self._csv):
                self.begins = start + skipped + 1  # a blank line is one line
                if row:
                    self.taken += skipped + 1
                    return row
                self.begins += 1
        return None

    @contextmanager
    def _said(self, rows: Sequence[list[str]] = ()) -> Iterator[None]:
        """FileError where csv or the codec cannot go on, with the line in which the row behind
        these ones begins; a start may end within quotes.
        """
        try:
            yield
        except csv.Error as error:
            said = str(error)
            if self._written.is_whole or _NEVER_CLOSED not in said:
                fault = next((_FAULTS[part] for part in _FAULTS if part in said), said)
                raise FileError(
                    "{name} cannot be read as a table: {fault} in line {line:,}; check the quotes"
                    " there.",
                    name=self._written.name,
                    fault=Message(fault),
                    line=self.begins + sum(1 + sum(map(line_ends, row)) for row in rows),
                ) from None
        except UnicodeError:
            raise self._written.other_encoding() from None
