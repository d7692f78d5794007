"""From a CSV file of any kind, or text from a clipboard, to columns of text.

Imports numpy and the core only; runs on any thread. Memory is bounded: a file that is too large,
has a line that is too long or too many values is refused before it is held whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from playground.core.data.tables import cells as table_cells
from playground.core.data.tables import form as table_form
from playground.core.data.tables import numerals
from playground.core.data.tables.body import ABOVE, Body, LeftOut, read_body
from playground.core.data.tables.cells import Judged
from playground.core.data.tables.form import Form, WantedForm, invented_names
from playground.core.data.tables.formats.orange import (
    Declared,
    Role,
    declared_in,
    declared_in_names,
)
from playground.core.data.tables.formats.source import (
    Source,
    brought,
    is_made_anew,
    plain,
    start_of_large,
)
from playground.core.data.tables.numerals import DecimalMark
from playground.core.data.tables.outline import Outline, Row, outline
from playground.core.data.tables.reading import Progress, Stamp, no_progress, read_start, stamp_of
from playground.core.data.tables.rows import NotPlain, Streamed, Written
from playground.core.data.tables.writing import decimal_marks as marks
from playground.core.errors import DataError, FileError, nearest, short
from playground.core.messages import N_, Message

START_BYTES = 1 << 18

PASTED = Message("Pasted table")
"""What a table without a file is called."""

# Reading bytes is quick; most of the time goes into the cells.
UNNAMED = "column 1"
"""What the first column is called where it has no name."""
_READ_SHARE = 0.1
_SHOWN_CELL = 40


@dataclass(frozen=True, slots=True)
class Met:
    """What was met in a file beside its rows.

    left_out        lines that are no rows of the table; the first ones, where there are many
    left_out_count  how many there are
    short           lines of rows with too few cells, and how many they have
    row_names       True where the first column names the rows, as R writes it
    breaks          where lines and rows part; see `rows.Body`
    part, parts     the sheet of a workbook or the file of an archive, and all that there are
    asked           the one that was asked for; None for the first one with a table
    roles           what the file says that a column is for, where it says so
    labels          columns that hold labels, as the file says, though they may look like numbers
    settled         how the text is written, where it was made of a file that is no text, or of
                    another form: nobody chooses that
    doubt           a sentence where another encoding fits nearly as well
    one_mark        True where somebody has said which decimal mark all columns have
    """

    left_out: tuple[LeftOut, ...] = ()
    left_out_count: int = 0
    short: tuple[tuple[int, int], ...] = ()
    row_names: bool = False
    breaks: tuple[tuple[int, int], ...] = ((0, 1),)
    part: str = ""
    parts: tuple[str, ...] = ()
    asked: str | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    settled: WantedForm = field(default_factory=WantedForm)
    doubt: Message | None = None
    one_mark: bool = False

    @property
    def is_made(self) -> bool:
        """True where the text was made of a file that is no text, or of another form."""
        return self.settled.encoding is not None


@dataclass(frozen=True, slots=True, eq=False)
class TableText:
    """A table as text, with what was found out about it.

    columns has the cells for each name, all equally long and without the space around them:
    `WholeNumbers` for some columns of a large table, else a tuple. path is None for a table without
    a file; stamp is None there, too, and where the form is not the one that is found out.
    """

    file_name: str
    names: tuple[str, ...]
    columns: Sequence[Sequence[str]]
    form: Form
    path: Path | None = None
    stamp: Stamp | None = None
    met: Met = field(default_factory=Met)
    _positions: dict[str, int] = field(init=False, repr=False)
    _judged: dict[str, Judged] = field(default_factory=dict, init=False, repr=False)
    known: dict[str, dict] = field(default_factory=dict, init=False, repr=False)
    """What `labels_of_cells` has found in columns."""

    def __post_init__(self) -> None:
        positions = {name: position for position, name in enumerate(self.names)}
        object.__setattr__(self, "_positions", positions)

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.columns[0])

    def has(self, name: str) -> bool:
        """True where a column is called so."""
        return name in self._positions

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
            mark, is_said = self.form.decimal, self.met.one_mark
            found = table_cells.judged(cells, mark, progress, one_mark=is_said)
            is_label = name in self.met.labels and found.kind != "nothing"
            self._judged[name] = Judged("text") if is_label else found
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
        if found.values.dtype != np.float64:
            return found.values.astype(np.float64)
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


def read_table_text(
    source: Path | str,
    wanted: WantedForm | None = None,
    *,
    progress: Progress = no_progress,
    begun: Callable[[TableText], object] | None = None,
) -> TableText:
    """The table in a file, or in a text, with any common encoding, delimiter and decimal mark.

    `wanted` overrides what is found out about its form. Without a header the columns are called
    x1, x2, ..., y. Rows of blank cells are left out, and blank cells that every row has at its end.
    `begun` is given the first rows as soon as a packed file is unpacked. Raises FileError, naming
    the row or line, where there is no table.
    """
    path = source if isinstance(source, Path) else None
    wanted = wanted or WantedForm()
    is_found_out = wanted == WantedForm(part=wanted.part)
    stamp = stamp_of(path) if path is not None and is_found_out else None
    name = _name(source)
    if path is not None and (large := _large(name, path, wanted, stamp, progress)) is not None:
        return large
    found = brought(name, source, wanted.part, lambda part: progress(_READ_SHARE * part))

    def read(fraction: float) -> None:
        progress(_READ_SHARE + (1 - _READ_SHARE) * fraction)

    read(0.0)
    certain = _certain(source, found, wanted)
    if begun is not None:
        with suppress(FileError):  # it may lie at the cut; reading all of it tells
            begun(_start(name, found, certain, read))
    written = Written(name, found, certain, is_whole=True, progress=read)
    return _table(written, found, path, stamp, read)


def _large(
    name: str, path: Path, wanted: WantedForm, stamp: Stamp | None, progress: Progress
) -> TableText | None:
    """The table in a large file of plain whole numbers, read without holding the file; None where
    it is anything else, or something is wrong, which reading all of it tells.
    """
    start = start_of_large(path) if wanted.part is None else None
    if start is None:
        return None
    with suppress(NotPlain, FileError):
        written = Streamed(name, path, start, _certain(path, start, wanted), progress)
        return _table(written, start, path, stamp, progress)
    return None


def first_rows(
    source: Path | str, wanted: WantedForm | None = None, progress: Progress = no_progress
) -> TableText:
    """The rows at the start of a table, without a look at the rest: quick for any size.

    Raises FileError as `read_table_text` does, for what the start shows. A workbook, an archive
    or a file of another program has no start by itself, and is read whole.
    """
    wanted = wanted or WantedForm()
    start = _beginning(source)
    is_part = len(start) > START_BYTES and has_start(source)
    found = Source(start) if is_part else brought(_name(source), source, wanted.part, progress)
    return _start(_name(source), found, _certain(source, found, wanted), progress)


def has_start(source: Path | str) -> bool:
    """True where the first rows of a table can be read without the rest. Raises FileError."""
    return not is_made_anew(_beginning(source))


def _beginning(source: Path | str) -> bytes:
    """A little more than is looked at first, which tells whether there is more."""
    if isinstance(source, str):
        return source[: START_BYTES + 1].encode(errors="replace")
    return read_start(source, START_BYTES + 1)


def _start(name: str, found: Source, certain: WantedForm, progress: Progress) -> TableText:
    """The table in the first bytes of a text."""
    is_whole = len(found.content) <= START_BYTES
    start = replace(found, content=plain(found.content[:START_BYTES]))
    written = Written(name, start, certain, is_whole, progress)
    return _table(written, start, None, None, lambda part: progress(0.0))


def _name(source: Path | str) -> str:
    return short(source.name) if isinstance(source, Path) else PASTED


def _certain(source: Path | str, found: Source, wanted: WantedForm) -> WantedForm:
    """What is wanted and what is certain: text has no encoding to be found out, for one."""
    form = found.form
    encoding = None if isinstance(source, Path) else "utf-8"
    return WantedForm(
        form.encoding or encoding or wanted.encoding,
        form.delimiter or wanted.delimiter,
        form.decimal or wanted.decimal,
        wanted.has_header if form.has_header is None else form.has_header,
        wanted.part,
        wanted.fewest,
    )


def _table(
    written: Written,
    source: Source,
    path: Path | None,
    stamp: Stamp | None,
    progress: Progress,
) -> TableText:
    advanced = partial(progress, 0.0)
    head = written.head()
    found, declared = _outline(written, [row for _, row in head], advanced)
    start = head[found.skipped][0] if found.skipped < len(head) else head[-1][0] + 1
    below = [row for number, row in head if number >= start]
    if found.width < written.wanted.fewest:
        raise _too_few(written.name)
    body = read_body(written, found, below, start, progress)
    places = table_form.filled_columns(body.columns, found.names, written.delimiter)
    columns = [body.columns[place] for place in places]
    if len(columns) < written.wanted.fewest or not columns[0]:
        raise _too_few(written.name)
    is_named = len(source.names) == len(columns)
    invented = source.names if is_named else invented_names(len(columns))
    header = None if found.names is None else [found.names[place] for place in places]
    names = invented if header is None else _names(written.name, header)
    decimal = written.wanted.decimal or table_form.decimal_mark(
        columns, written.delimiter, partial(progress, 1.0)
    )
    has_names = found.names is not None
    form = Form(written.encoding, written.delimiter, decimal, has_names, written.merges)
    met = _met(names, source, written.wanted.part, found, declared, body)
    is_said = written.wanted.decimal is not None and source.form.decimal is None
    met = replace(met, doubt=written.detected.doubt(), one_mark=is_said)
    return TableText(written.name, names, columns, form, path, stamp, met)


def _too_few(name: str) -> FileError:
    return FileError("{name} needs at least two columns and one row of data.", name=name)


def _outline(
    written: Written, rows: Sequence[Row], advanced: Callable[[], None]
) -> tuple[Outline, Declared | None]:
    """Where the table begins, and what its header says of the columns. Raises FileError."""
    wanted = written.wanted
    advanced()
    decimal = wanted.decimal or _decimal_of(rows, written.delimiter)
    advanced()
    blanks, has_header = written.delimiter == " ", wanted.has_header
    found = outline(rows, decimal, advanced, blanks=blanks, has_header=has_header)
    if found is None:
        raise FileError("{name} is empty; a table needs a row for every point.", name=written.name)
    declared = declared_in([row.cells for row in rows[:3]])
    if declared is not None and wanted.has_header is not False:
        names = tuple(cell.strip() for cell in rows[0].cells)
        return replace(found, skipped=3, names=names, above=tuple(rows[1:3])), declared
    if found.names is not None and (said := declared_in_names(found.names)) is not None:
        return replace(found, names=said[0]), said[1]
    return found, None


def _met(
    names: Sequence[str],
    source: Source,
    asked: str | None,
    found: Outline,
    declared: Declared | None,
    body: Body,
) -> Met:
    above = [LeftOut.of(row.line, row.cells, ABOVE) for row in found.above]
    labels = {name for name, kind in source.kinds.items() if kind == "label"}
    roles = dict(source.roles)
    if declared is not None:
        roles = dict(zip(names, declared.roles, strict=False))
        labels |= {name for name, is_one in zip(names, declared.are_labels, strict=False) if is_one}
    return Met(
        (*above, *body.left_out),
        len(above) + body.left_out_count,
        tuple(body.short),
        found.row_names,
        tuple(body.breaks),
        source.part,
        source.parts,
        asked,
        roles,
        frozenset(labels),
        source.form,
    )


def _decimal_of(rows: Sequence[Row], delimiter: str) -> DecimalMark:
    """The decimal mark in the first rows."""
    cells = (cell for row in rows for cell in row.cells)
    return marks.decimal_mark(islice(cells, table_form.SAMPLE_CELLS), delimiter)


def _names(file_name: str, header: Iterable[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() or f"column {i + 1}" for i, cell in enumerate(header))
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        template = N_("{name} has more than one column '{column}'; rename one of them.")
        raise FileError(template, name=file_name, column=short(name, _SHOWN_CELL))
    return names
