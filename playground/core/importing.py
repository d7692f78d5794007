"""From a CSV file of any kind to rows of text: encoding, delimiter, decimal mark, header.

Imports numpy and the core only; runs on any thread. Memory is bounded: a file that is too large,
has a line that is too long or too many values is refused before it is held whole.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from playground.core import numerals
from playground.core.errors import DataError, FileError
from playground.core.numerals import DecimalMark, NotANumberError, is_missing, number
from playground.core.reading import detect_encoding, read_bytes

__all__ = ["TableText", "read_table_text"]

MAX_BYTES = 200_000_000
MAX_LINE = 1_000_000
MAX_CELLS = 20_000_000

# A comma is often a decimal mark or a part of a sentence, so the others come first.
DELIMITERS = "\t;|,"
_SAMPLE_LINES = 100
_SAMPLE_CELLS = 20_000
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SHOWN_CELL, _SHOWN_NAMES = 40, 20


@dataclass(frozen=True, slots=True, eq=False)
class TableText:
    """A table as text, with what was found out about it.

    All rows have one cell for each name. encoding is a codec name of Python, decimal the decimal
    mark of the numbers; has_header tells whether the names come from the file.
    """

    file_name: str
    names: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    encoding: str
    delimiter: str
    decimal: DecimalMark
    has_header: bool
    _positions: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        positions = {name: position for position, name in enumerate(self.names)}
        object.__setattr__(self, "_positions", positions)

    def column(self, name: str) -> list[str]:
        """The cells of a column without the space around them. Raises DataError."""
        position = self._positions.get(name)
        if position is None:
            known = ", ".join(self.names[:_SHOWN_NAMES])
            more = ", ..." if len(self.names) > _SHOWN_NAMES else "."
            raise DataError(f"{self.file_name} has no column '{name}'. There is: {known}{more}")
        return [row[position].strip() for row in self.rows]

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """The numbers of a column (N,), NaN where one is missing.

        Raises DataError, naming the row, for text and for what a float32 cannot hold.
        """
        cells = self.column(name)
        try:
            values = numerals.numbers(cells, self.decimal)
        except NotANumberError as error:
            raise self._refusal(name, error.index, cells, "is not a number") from None
        too_large = np.abs(values) > numerals.LARGEST
        if too_large.any():
            words = "is too large; numbers up to 3.4e38 can be used"
            raise self._refusal(name, int(too_large.argmax()), cells, words)
        return values

    def is_numeric(self, name: str) -> bool:
        """True where a column has numbers, infinite ones among them, or nothing in its cells."""
        try:
            values = numerals.numbers(self.column(name), self.decimal)
        except NotANumberError:
            return False
        return not np.isnan(values).all()

    def _refusal(self, name: str, index: int, cells: Sequence[str], words: str) -> DataError:
        return DataError(
            f"{self.file_name}: '{_shortened(cells[index])}' in column '{name}', data row"
            f" {index + 1}, {words}."
        )


def read_table_text(path: Path) -> TableText:
    """The table in a file with any common encoding, delimiter and decimal mark.

    Without a header the columns are called x1, x2, ..., y. Rows of blank cells are left out, and
    blank cells that every row has at its end. Raises FileError, naming the row or line, where the
    file cannot be read as a table.
    """
    content = read_bytes(path, at_most=MAX_BYTES, longest_line=MAX_LINE, what="a table (CSV)")
    encoding = _encoding(path, content)
    delimiter, lines_to_skip = _delimiter(path, content, encoding)
    rows = _rows(path, islice(_lines(content, encoding), lines_to_skip, None), delimiter)
    if not rows:
        raise FileError(f"{path.name} is empty; a table needs a row for every point.")
    decimal = _decimal_mark(rows, delimiter)
    has_header = _has_header(rows, decimal)
    _make_rectangular(path, rows, has_header)
    names = _names(path, rows.pop(0)) if has_header else _invented_names(len(rows[0]))
    if len(names) < 2 or not rows:
        raise FileError(f"{path.name} needs at least two columns and one row of data.")
    return TableText(path.name, names, rows, encoding, delimiter, decimal, has_header)


def _encoding(path: Path, content: bytes) -> str:
    if content.startswith(_WORKBOOKS):
        raise FileError(
            f"{path.name} is a workbook or an archive, not text; save the table in it as CSV."
        )
    encoding = detect_encoding(content)
    if encoding is None:
        raise FileError(
            f"{path.name} is not text in UTF-8, UTF-16, Shift-JIS or Windows-1252, so it is not a"
            " table (CSV); save it as UTF-8."
        )
    return encoding


def _lines(content: bytes, encoding: str) -> Iterable[str]:
    """Lines with their ends, as csv wants them; decoded one by one, for text takes more memory."""
    return io.TextIOWrapper(io.BytesIO(content), encoding, newline="")


def _delimiter(path: Path, content: bytes, encoding: str) -> tuple[str, int]:
    """The delimiter, and how many lines at the start only tell it: Excel writes `sep=;`."""
    lines = list(islice(_lines(content, encoding), _SAMPLE_LINES))
    declared = lines[0].strip("\r\n") if lines else ""
    if len(declared) == 5 and declared.lower().startswith("sep=") and declared[4] in DELIMITERS:
        return declared[4], 1
    scores = {delimiter: _score(lines, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    if any(line.strip() for line in lines) and not scores[best][0]:
        raise FileError(
            f"{path.name} needs at least two columns, with a comma, semicolon, tab or bar between"
            " them, and one row of data."
        )
    return best, 0


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
    cells = list(islice(chain.from_iterable(rows), _SAMPLE_CELLS))
    mark = numerals.decimal_mark(cells, delimiter)
    has_numbers = any(number(cell, mark) is not None for cell in cells)
    return max(widths.values()) / len(rows), has_numbers


def _rows(path: Path, lines: Iterable[str], delimiter: str) -> list[list[str]]:
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    rows, cell_count = [], 0
    try:
        for row in reader:
            if any(row) and not "".join(row).isspace():
                rows.append(row)
                cell_count += len(row)
                if cell_count > MAX_CELLS:
                    raise FileError(
                        f"{path.name} has more than {MAX_CELLS:,} values, too many to hold; leave"
                        " out rows or columns."
                    )
    except csv.Error as error:
        raise FileError(
            f"{path.name} cannot be read as a table: {error} in line {reader.line_num}; check the"
            " quotes there."
        ) from None
    return rows


def _decimal_mark(rows: Sequence[Sequence[str]], delimiter: str) -> DecimalMark:
    """Asks the first rows and farther down cells with a comma: whole numbers may come first."""
    count = max(_SAMPLE_CELLS // len(rows[0]), 2)
    first = chain.from_iterable(rows[:count])
    farther = (cell for row in islice(rows, count, None) for cell in row if "," in cell)
    return numerals.decimal_mark(chain(first, islice(farther, _SAMPLE_CELLS)), delimiter)


def _has_header(rows: Sequence[Sequence[str]], decimal: DecimalMark) -> bool:
    """True where the first row has no number, but names above numbers, or all is text."""
    first = rows[0]
    if any(number(cell, decimal) is not None for cell in first):
        return False
    below = rows[1 : 1 + max(_SAMPLE_CELLS // len(first), 2)]
    columns = list(zip(*below, strict=False))
    above_numbers = [
        cell for cell, cells in zip(first, columns, strict=False) if _are_numbers(cells, decimal)
    ]
    return not above_numbers or not all(map(is_missing, above_numbers))


def _are_numbers(cells: Sequence[str], decimal: DecimalMark) -> bool:
    present = [cell for cell in cells if not is_missing(cell)]
    return bool(present) and all(number(cell, decimal) is not None for cell in present)


def _make_rectangular(path: Path, rows: list[list[str]], has_header: bool) -> None:
    """Cut off blank cells behind the last column; raise FileError where a row still differs."""
    width = _filled_width(rows[0])
    if any(_filled_width(row) > width for row in rows if len(row) > width):
        width = len(rows[0])
    for number_of_row, row in enumerate(rows, start=0 if has_header else 1):
        if len(row) > width and _filled_width(row) <= width:
            del row[width:]
        if len(row) != width:
            raise FileError(
                f"{path.name} has {len(row)} values in data row {number_of_row}, but {width} in its"
                " first row; give every row the same number."
            )


def _filled_width(row: Sequence[str]) -> int:
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return width


def _names(path: Path, header: Sequence[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() or f"column {i + 1}" for i, cell in enumerate(header))
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise FileError(
            f"{path.name} has more than one column '{_shortened(name)}'; rename one of them."
        )
    return names


def _invented_names(count: int) -> tuple[str, ...]:
    return (*(f"x{i + 1}" for i in range(count - 1)), "y")


def _shortened(cell: str) -> str:
    return cell if len(cell) <= _SHOWN_CELL else f"{cell[: _SHOWN_CELL - 3]}..."
