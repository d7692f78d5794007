"""From a CSV file of any kind, or text from a clipboard, to columns of text.

Imports numpy and the core only; runs on any thread. Memory is bounded: a file that is too large,
has a line that is too long or too many values is refused before it is held whole. A table is read
once, row by row, and whoever waits for it hears how far it is and may end it.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from playground.core.errors import DataError, FileError, nearest, short
from playground.core.messages import N_, Message
from tests.benchmarks.reader_0_1_0 import form as table_form
from tests.benchmarks.reader_0_1_0 import numerals
from tests.benchmarks.reader_0_1_0.form import Form, WantedForm
from tests.benchmarks.reader_0_1_0.numerals import NotANumberError
from tests.benchmarks.reader_0_1_0.reading import (
    ENCODINGS,
    Progress,
    detect_encoding,
    no_progress,
    read_bytes,
    read_start,
)

MAX_BYTES = 200_000_000
MAX_LINE = 1_000_000
MAX_CELLS = 20_000_000
START_BYTES = 1 << 18

PASTED = Message("Pasted table")
"""What a table without a file is called."""

# Reading bytes is quick; most of the time goes into the cells.
_READ_SHARE = 0.1
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SHOWN_CELL = 40

Stamp = tuple[str, int, int]
"""Which state of which file: path, time of its last change in ns, size in bytes."""


@dataclass(frozen=True, slots=True, eq=False)
class TableText:
    """A table as text, with what was found out about it.

    columns has one tuple of cells for each name, all equally long and without the space around
    them. path is None for a table without a file; stamp is None there, too, and where the form is
    not the one that is found out.
    """

    file_name: str
    names: tuple[str, ...]
    columns: Sequence[tuple[str, ...]]
    form: Form
    path: Path | None = None
    stamp: Stamp | None = None
    _positions: dict[str, int] = field(init=False, repr=False)
    _numbers: dict[str, npt.NDArray[np.float64] | NotANumberError] = field(
        default_factory=dict, init=False, repr=False
    )

    def __post_init__(self) -> None:
        positions = {name: position for position, name in enumerate(self.names)}
        object.__setattr__(self, "_positions", positions)

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.columns[0])

    def column(self, name: str) -> Sequence[str]:
        """The cells of a column. Raises DataError."""
        position = self._positions.get(name)
        if position is None:
            raise DataError(
                "{file_name} has no column '{name}'.",
                nearest(name, self.names, 150),
                file_name=self.file_name,
                name=short(name),
            )
        return self.columns[position]

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """The numbers of a column (N,), NaN where one is missing.

        Raises DataError, naming the row, for text and for what a float32 cannot hold.
        """
        values = self._values(name)
        if isinstance(values, NotANumberError):
            template = N_(
                "{file_name}: '{cell}' in column '{name}', data row {row}, is not a number."
            )
            raise self._refusal(template, name, values.index)
        too_large = np.abs(values) > numerals.LARGEST
        if too_large.any():
            template = N_(
                "{file_name}: '{cell}' in column '{name}', data row {row}, is too large; numbers up"
                " to 3.4e38 can be used."
            )
            raise self._refusal(template, name, int(too_large.argmax()))
        return values

    def is_numeric(self, name: str) -> bool:
        """True where a column has numbers, infinite ones among them, or nothing in its cells."""
        values = self._values(name)
        return not isinstance(values, NotANumberError) and not np.isnan(values).all()

    def _values(self, name: str) -> npt.NDArray[np.float64] | NotANumberError:
        """What the cells of a column are as numbers, worked out once."""
        if name not in self._numbers:
            try:
                self._numbers[name] = numerals.numbers(self.column(name), self.form.decimal)
            except NotANumberError as error:
                self._numbers[name] = error
        return self._numbers[name]

    def _refusal(self, template: str, name: str, index: int) -> DataError:
        return DataError(
            template,
            file_name=self.file_name,
            cell=short(self.column(name)[index], _SHOWN_CELL),
            name=short(name),
            row=index + 1,
        )


def is_workbook(content: bytes) -> bool:
    """True for what begins as Excel's files do, or an archive of any kind."""
    return content.startswith(_WORKBOOKS)


def stamp_of(path: Path) -> Stamp | None:
    """The state of a file, to tell whether it is still the one that was read; None without one."""
    try:
        place = os.path.realpath(path)
        state = os.stat(place)
    except (OSError, ValueError):
        return None
    return place, state.st_mtime_ns, state.st_size


def read_table_text(
    source: Path | str, wanted: WantedForm | None = None, *, progress: Progress = no_progress
) -> TableText:
    """The table in a file, or in a text, with any common encoding, delimiter and decimal mark.

    `wanted` overrides what is found out about its form. Without a header the columns are called
    x1, x2, ..., y. Rows of blank cells are left out, and blank cells that every row has at its end.
    Raises FileError, naming the row or line, where there is no table.
    """
    path = source if isinstance(source, Path) else None
    is_found_out = wanted in (None, WantedForm())
    stamp = stamp_of(path) if path is not None and is_found_out else None
    content = _content(source, lambda fraction: progress(_READ_SHARE * fraction))

    def read(fraction: float) -> None:
        progress(_READ_SHARE + (1 - _READ_SHARE) * fraction)

    written = _Written(_name(source), content, _for_text(source, wanted), is_whole=True)
    return _table(written, path, stamp, read)


def first_rows(source: Path | str, wanted: WantedForm | None = None) -> TableText:
    """The rows at the start of a table, without a look at the rest: quick for any size.

    Raises FileError as `read_table_text` does, for what the start shows.
    """
    if isinstance(source, str):
        content, is_whole = (
            source[:START_BYTES].encode(errors="replace"),
            len(source) <= START_BYTES,
        )
    else:
        content = read_start(source, START_BYTES)
        is_whole = len(content) < START_BYTES
    written = _Written(_name(source), content, _for_text(source, wanted), is_whole)
    return _table(written, None, None, no_progress)


def _name(source: Path | str) -> str:
    return short(source.name) if isinstance(source, Path) else PASTED


def _content(source: Path | str, progress: Progress) -> bytes:
    if isinstance(source, Path):
        limits = {"at_most": MAX_BYTES, "longest_line": MAX_LINE}
        return read_bytes(source, **limits, what=Message("a table (CSV)"), progress=progress)
    if len(source) > MAX_BYTES // 4:
        raise FileError(
            "{name} is too large for the clipboard; save it as a file and open it.", name=PASTED
        )
    return source.encode(errors="replace")


def _for_text(source: Path | str, wanted: WantedForm | None) -> WantedForm:
    """Text has no encoding to be found out."""
    form = wanted or WantedForm()
    if isinstance(source, Path):
        return form
    return WantedForm("utf-8", form.delimiter, form.decimal, form.has_header)


class _Written:
    """The bytes of a table, or of its start, as lines and rows."""

    def __init__(self, name: str, content: bytes, wanted: WantedForm, is_whole: bool) -> None:
        self.name, self.wanted, self.is_whole = name, wanted, is_whole
        self._content = content
        if is_workbook(content):
            raise FileError(
                "{name} is a workbook or an archive, not text; save the table in it as CSV.",
                name=name,
            )
        self.encoding = wanted.encoding or self._detected()
        self._raw = io.BytesIO(content)
        self.delimiter, self._skipped = self._find_delimiter()

    @property
    def fraction(self) -> float:
        """The part of the bytes that the rows have come from so far."""
        is_at_end = self._raw.closed  # by the lines, when the last one was taken
        return 1.0 if is_at_end else self._raw.tell() / len(self._content)

    def rows(self) -> Iterator[list[str]]:
        """Every row that is not blank. Raises FileError where csv or the codec cannot go on."""
        lines = islice(self._lines(), self._skipped, None)
        reader = csv.reader(lines, delimiter=self.delimiter, skipinitialspace=True, strict=True)
        cell_count = 0
        try:
            for row in reader:
                if any(row) and not "".join(row).isspace():
                    cell_count += len(row)
                    self._check_size(cell_count)
                    yield row
        except csv.Error as error:
            if not self.is_whole and "unexpected end" in str(error):
                return
            raise FileError(
                "{name} cannot be read as a table: {fault} in line {line}; check the quotes there.",
                name=self.name,
                fault=error,
                line=reader.line_num,
            ) from None
        except UnicodeError:
            raise self._other_encoding() from None

    def _check_size(self, cell_count: int) -> None:
        if cell_count > MAX_CELLS:
            raise FileError(
                "{name} has more than {most:,} values, too many to hold; leave out rows or"
                " columns.",
                name=self.name,
                most=MAX_CELLS,
            )

    def _detected(self) -> str:
        encoding = detect_encoding(self._content, is_whole=self.is_whole)
        if encoding is None:
            raise FileError(
                "{name} is not text in UTF-8, UTF-16, Shift-JIS or Windows-1252, so it is not a"
                " table (CSV); save it as UTF-8.",
                name=self.name,
            )
        return encoding

    def _other_encoding(self) -> FileError:
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
            raise self._other_encoding() from None
        declared = table_form.declared_delimiter(lines[0]) if lines else None
        if self.wanted.delimiter or declared:
            return self.wanted.delimiter or declared or "", int(declared is not None)
        delimiter = table_form.find_delimiter(lines)
        if delimiter is None and any(line.strip() for line in lines):
            raise FileError(
                "{name} needs at least two columns, with a comma, semicolon, tab or bar between"
                " them, and one row of data.",
                name=self.name,
            )
        return delimiter or ",", 0


def _table(
    written: _Written, path: Path | None, stamp: Stamp | None, progress: Progress
) -> TableText:
    first = next(written.rows(), None)
    if first is None:
        raise FileError("{name} is empty; a table needs a row for every point.", name=written.name)
    width = _width(written, first)
    rows = written.rows()
    head = list(islice(rows, 1 + max(table_form.SAMPLE_CELLS // len(first), 2)))
    header = _has_header(written, head)
    body = chain(head[1:] if header else head, rows)
    columns = _columns(written, body, width, progress)
    invented = *(f"x{i + 1}" for i in range(len(columns) - 1)), "y"
    names = _names(written, first[: len(columns)]) if header else invented
    if len(names) < 2 or not columns[0]:
        raise FileError("{name} needs at least two columns and one row of data.", name=written.name)
    decimal = written.wanted.decimal or table_form.decimal_mark(columns, written.delimiter)
    form = Form(written.encoding, written.delimiter, decimal, header)
    return TableText(written.name, names, columns, form, path, stamp)


def _has_header(written: _Written, head: Sequence[Sequence[str]]) -> bool:
    wanted = written.wanted
    if wanted.has_header is not None:
        return wanted.has_header
    columns = list(zip(*head, strict=False))
    decimal = wanted.decimal or table_form.decimal_mark(columns, written.delimiter)
    return table_form.has_header(head, decimal)


def _width(written: _Written, first: Sequence[str]) -> int:
    """Columns of the table: blank cells at the end count only where another row fills them."""
    filled = table_form.filled_width(first)
    if filled == len(first):
        return filled
    is_filled_below = any(table_form.filled_width(row) > filled for row in written.rows())
    return len(first) if is_filled_below else filled


def _columns(
    written: _Written, rows: Iterator[list[str]], width: int, progress: Progress
) -> list[tuple[str, ...]]:
    """Cells by column, of rows that all have `width` of them. Raises FileError for another row.

    In tuples, because Python's garbage collector leaves tuples of text alone: it would stop all
    threads to look through lists of a million cells, again and again while they grow.
    """
    parts: list[list[tuple[str, ...]]] = [[] for _ in range(width)]
    count = 0
    while block := list(islice(rows, max(table_form.SAMPLE_CELLS // width, 1))):
        for row in block:
            count += 1
            if len(row) > width and table_form.filled_width(row) <= width:
                del row[width:]
            if len(row) != width:
                raise FileError(
                    "{name} has {count} values in data row {row}, but {width} in its first row;"
                    " give every row the same number.",
                    name=written.name,
                    count=len(row),
                    row=count,
                    width=width,
                )
        for part, cells in zip(parts, zip(*block, strict=True), strict=True):
            part.append(tuple([cell.strip() for cell in cells]))
        progress(written.fraction)
    return [tuple(chain.from_iterable(part)) for part in parts]


def _names(written: _Written, header: Sequence[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() or f"column {i + 1}" for i, cell in enumerate(header))
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        template = N_("{name} has more than one column '{column}'; rename one of them.")
        raise FileError(template, name=written.name, column=short(name, _SHOWN_CELL))
    return names
