"""From a CSV file of any kind, or text from a clipboard, to columns of text.

Imports numpy and the core only; runs on any thread. Memory is bounded: a file that is too large,
has a line that is too long or too many values is refused before it is held whole.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from playground.core.data.tables import cells as table_cells
from playground.core.data.tables import form as table_form
from playground.core.data.tables import numerals
from playground.core.data.tables.cells import Judged
from playground.core.data.tables.form import Form, WantedForm
from playground.core.data.tables.numerals import DecimalMark
from playground.core.data.tables.outline import Row, outline
from playground.core.data.tables.reading import Progress, no_progress, read_bytes, read_start
from playground.core.data.tables.rows import ABOVE, Body, LeftOut, Written, read_body
from playground.core.errors import DataError, FileError, nearest, short
from playground.core.messages import N_, Message

MAX_BYTES = 200_000_000
MAX_LINE = 1_000_000
START_BYTES = 1 << 18

PASTED = Message("Pasted table")
"""What a table without a file is called."""

# Reading bytes is quick; most of the time goes into the cells.
UNNAMED = "column 1"
"""What the first column is called where it has no name."""
_READ_SHARE = 0.1
_SHOWN_CELL = 40

Stamp = tuple[str, int, int]
"""Which state of which file: path, time of its last change in ns, size in bytes."""


@dataclass(frozen=True, slots=True)
class Met:
    """What was met in a file beside its rows.

    left_out        lines that are no rows of the table; the first ones, where there are many
    left_out_count  how many there are
    short           lines of rows with too few cells, and how many they have
    row_names       True where the first column names the rows, as R writes it
    breaks          where lines and rows part; see `rows.Body`
    """

    left_out: tuple[LeftOut, ...] = ()
    left_out_count: int = 0
    short: tuple[tuple[int, int], ...] = ()
    row_names: bool = False
    breaks: tuple[tuple[int, int], ...] = ((0, 1),)


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
    met: Met = Met()
    _positions: dict[str, int] = field(init=False, repr=False)
    _judged: dict[str, Judged] = field(default_factory=dict, init=False, repr=False)

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

    def judged(self, name: str, progress: Progress = no_progress) -> Judged:
        """What the cells of a column are, worked out once. Raises DataError."""
        if name not in self._judged:
            cells = self.column(name)
            self._judged[name] = table_cells.judged(cells, self.form.decimal, progress)
        return self._judged[name]

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """The numbers of a column (N,), NaN where one is missing; dates as days since 1970.

        Raises DataError, naming the line, for text and for what a float32 cannot hold.
        """
        found = self.judged(name)
        if found.kind == "text":
            template = N_(
                "{file_name}: '{cell}' in column '{name}', line {line:,}, is not a number."
            )
            raise self._refusal(template, name, found.text)
        too_large = np.abs(found.values) > numerals.LARGEST
        if too_large.any():
            template = N_(
                "{file_name}: '{cell}' in column '{name}', line {line:,}, is too large; numbers up"
                " to 3.4e38 can be used."
            )
            raise self._refusal(template, name, int(too_large.argmax()))
        return found.values

    def is_numeric(self, name: str) -> bool:
        """True where a column has numbers."""
        return self.judged(name).kind == "numbers"

    def line_of(self, row: int) -> int:
        """The line of the file, from 1, in which a row begins."""
        return Body(0, breaks=list(self.met.breaks)).line_of(row)

    def _refusal(self, template: str, name: str, index: int) -> DataError:
        return DataError(
            template,
            file_name=self.file_name,
            cell=short(self.column(name)[index], _SHOWN_CELL),
            name=short(name),
            line=self.line_of(index),
        )


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

    written = Written(_name(source), content, _for_text(source, wanted), is_whole=True)
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
    written = Written(_name(source), content, _for_text(source, wanted), is_whole)
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


def _table(
    written: Written, path: Path | None, stamp: Stamp | None, progress: Progress
) -> TableText:
    head = written.head()
    rows = [row for _, row in head]
    wanted = written.wanted
    decimal = wanted.decimal or _decimal_of(rows, written.delimiter)
    found = outline(rows, decimal, blanks=written.delimiter == " ", has_header=wanted.has_header)
    if found is None:
        raise FileError("{name} is empty; a table needs a row for every point.", name=written.name)
    start = head[found.skipped][0] if found.skipped < len(head) else head[-1][0] + 1
    body = read_body(written, found, start, progress)
    columns = _without_blank_ends(body.columns, found.names)
    if len(columns) < 2 or not columns[0]:
        raise FileError("{name} needs at least two columns and one row of data.", name=written.name)
    invented = (*(f"x{i + 1}" for i in range(len(columns) - 1)), "y")
    names = invented if found.names is None else _names(written.name, found.names[: len(columns)])
    decimal = wanted.decimal or table_form.decimal_mark(columns, written.delimiter)
    has_names = found.names is not None
    form = Form(written.encoding, written.delimiter, decimal, has_names, written.merges)
    above = [LeftOut.of(row.line, row.cells, ABOVE) for row in found.above]
    met = Met(
        (*above, *body.left_out),
        len(above) + body.left_out_count,
        tuple(body.short),
        found.row_names,
        tuple(body.breaks),
    )
    return TableText(written.name, names, columns, form, path, stamp, met)


def _decimal_of(rows: Sequence[Row], delimiter: str) -> DecimalMark:
    """The decimal mark in the first rows."""
    cells = (cell for row in rows for cell in row.cells)
    return numerals.decimal_mark(islice(cells, table_form.SAMPLE_CELLS), delimiter)


def _without_blank_ends(
    columns: Sequence[tuple[str, ...]], names: tuple[str, ...] | None
) -> Sequence[tuple[str, ...]]:
    """The columns without the last ones that have neither a name nor a value."""
    count = len(columns)
    while count and not (names and names[count - 1]) and not any(columns[count - 1]):
        count -= 1
    return columns[:count]


def _names(file_name: str, header: Iterable[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() or f"column {i + 1}" for i, cell in enumerate(header))
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        template = N_("{name} has more than one column '{column}'; rename one of them.")
        raise FileError(template, name=file_name, column=short(name, _SHOWN_CELL))
    return names
