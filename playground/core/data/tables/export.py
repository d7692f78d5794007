"""Points as a table (CSV) that reads back as the same points.

Numbers get the fewest digits that lead back to the same float32; points that are stored in canvas
units are written in their own. A last column says what a table alone cannot (see `exported`).
Imports numpy and the core only; any thread.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from playground.core.data.axis import Axis
from playground.core.data.data_settings import DataSettings
from playground.core.data.points import Points
from playground.core.data.tables.exported import (
    BELOW_MARK,
    FLOAT_DIGITS,
    MARK,
    ExportMark,
    exact_text,
    stored,
)
from playground.core.data.tables.form import DELIMITERS, HELD_OUT, WantedForm
from playground.core.data.tables.importing import TableText, read_table_text
from playground.core.data.tables.numerals import LARGEST, DecimalMark, is_missing
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.data.tables.writing.encodings import ENCODINGS, detect_encoding
from playground.core.errors import DataError, FileError, short

_CHECKED_ROWS = 100
_ROWS_A_PIECE, _SIGNS_A_PIECE = 2_000, 1_000_000
_FEWEST_DIGITS = 6
_LABEL, _TARGET = "class", "y"


def points_csv(
    points: Points,
    names: Sequence[str],
    class_names: Sequence[str] = (),
    axes: Sequence[Axis] | None = None,
    *,
    settings: DataSettings | None = None,
    copied: bool = False,
    delimiter: str = ",",
    encoding: str = "utf-8",
    decimal: DecimalMark = ".",
    progress: Progress = no_progress,
) -> bytes:
    """A table of points: their inputs, their class or target, and what is held out, if any is.

    names        what the inputs are called, one for each
    class_names  how labels are written; a label without a name is written as its number
    axes         units of the inputs, one axis each; None where x is written as it is
    settings     how the points are divided and scaled, for the column by which Playground gives
                 back exactly what was exported, and what the answers are called; None for a table
                 without it
    copied       True for selected points that are to stand among others

    Raises DataError where the table would not be read back as these points.
    """
    _check_form(delimiter, encoding, decimal)
    _check_points(points)
    columns = _columns(
        points, class_names, axes or [Axis(name) for name in names], decimal, progress
    )
    header = _header(points, names, "" if settings is None else settings.answer_name)
    if settings is not None:
        mark = ExportMark.of(points, header, class_names, axes, settings, copied=copied).text()
        columns.append([mark, *[BELOW_MARK] * (len(points) - 1)])
        header.append(unused(MARK, header))
    _check(header, [column[:_CHECKED_ROWS] for column in columns], delimiter, decimal)
    content = encoded(written(header, columns, delimiter), encoding)
    _check_encoding(content, encoding)
    return content


def _check_form(delimiter: str, encoding: str, decimal: str) -> None:
    if delimiter not in DELIMITERS or encoding not in ENCODINGS:
        raise DataError(
            "'{delimiter}' and '{encoding}' are no form of a table that can be read.",
            delimiter=delimiter,
            encoding=encoding,
        )
    if decimal == delimiter:
        raise DataError("A comma cannot part both cells and decimals; choose another delimiter.")


def _check_points(points: Points) -> None:
    if not len(points):
        raise DataError("There are no points to export; paint some, or choose a data set.")
    if points.y.ndim > 1:
        raise DataError("Data with several targets a point cannot be exported; choose other data.")


def _columns(
    points: Points,
    class_names: Sequence[str],
    axes: Sequence[Axis],
    decimal: DecimalMark,
    progress: Progress,
) -> list[list[str]]:
    """The cells of each column."""
    columns: list[list[str]] = []
    for index, axis in enumerate(axes):
        progress(index / len(axes))
        columns.append(_numbers(points.x[:, index], axis, decimal))
    if points.is_regression:
        columns.append(_numbers(points.y, Axis(_TARGET), decimal))
    else:
        labels = [_label(label, class_names) for label in range(int(points.y.max()) + 1)]
        known = [*labels, *(name.strip() for name in class_names[len(labels) :])]
        if len(set(known)) < len(known):
            raise DataError("Two classes have the same name, so a table could not tell them apart.")
        columns.append([labels[label] for label in points.y])
    if points.held_out.any():
        columns.append([str(int(flag)) for flag in points.held_out])
    return columns


def _header(points: Points, names: Sequence[str], answer: str) -> list[str]:
    """The names of these columns."""
    usual = _TARGET if points.is_regression else _LABEL
    header = [*names, unused(answer or usual, names)]
    return [*header, unused(HELD_OUT, header)] if points.held_out.any() else header


def unused(name: str, names: Sequence[str]) -> str:
    """The name with as many primes as make it one that there is not yet."""
    while name in names:
        name += "'"
    return name


def _label(label: int, class_names: Sequence[str]) -> str:
    name = class_names[label].strip() if label < len(class_names) else str(label)
    if is_missing(name) and name != "-":
        raise DataError(
            "A class called '{name}' means a missing one in a table; rename it.", name=name
        )
    return name


def _numbers(values: npt.NDArray[np.floating], axis: Axis, decimal: DecimalMark) -> list[str]:
    """Stored numbers (N,) in their own unit, with the fewest digits that lead back to them."""
    if axis.offset == 0 and axis.scale == 1:
        texts = [str(value) for value in values]
    else:
        texts = _in_units(values, axis)
    return texts if decimal == "." else [text.replace(".", decimal) for text in texts]


def _in_units(values: npt.NDArray[np.floating], axis: Axis) -> list[str]:
    originals = axis.offset + axis.scale * values.astype(np.float64)
    if np.abs(originals).max() > LARGEST:
        raise DataError(
            "'{name}' has numbers above 3.4e38 in its own unit, which no table may hold; make"
            " them smaller.",
            name=short(axis.name),
        )
    texts = np.empty(len(values), object)
    left = np.arange(len(values))
    unit = axis.offset, axis.scale
    for digits in range(_FEWEST_DIGITS, FLOAT_DIGITS + 1):
        texts[left] = [str(float(f"{value:.{digits}g}")) for value in originals[left]]
        back = stored(texts[left].astype(np.float64), unit, values.dtype)
        left = left[back != values[left]]
        if not len(left):
            return list(texts)
    texts[left] = [exact_text(value, unit) for value in values[left]]
    return list(texts)


def written(
    header: Iterable[str] | None,
    columns: Sequence[Sequence[str]],
    delimiter: str,
    line_end: str = "\r\n",
) -> str:
    """Columns of cells as rows, behind their names where there are any."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    if header is not None:
        writer.writerow(header)
    # A million rows in one call would keep every other thread of Python waiting meanwhile.
    for begin in range(0, len(columns[0]), _ROWS_A_PIECE):
        part = (column[begin : begin + _ROWS_A_PIECE] for column in columns)
        writer.writerows(zip(*part, strict=True))
    return text.getvalue()


def encoded(text: str, encoding: str) -> bytes:
    """A text as bytes. Raises DataError, naming the sign, where one is missing in the encoding."""
    encoder = codecs.getincrementalencoder(encoding)()
    parts = (text[begin : begin + _SIGNS_A_PIECE] for begin in range(0, len(text), _SIGNS_A_PIECE))
    try:
        return b"".join([encoder.encode(part) for part in parts])
    except UnicodeEncodeError as error:
        sign = error.object[error.start]
        raise DataError(
            "'{sign}' cannot be written in {encoding}; choose UTF-8.",
            sign=sign,
            encoding=ENCODINGS[encoding],
        ) from None


def _check(
    header: Sequence[str], columns: Sequence[Sequence[str]], delimiter: str, decimal: DecimalMark
) -> None:
    """Raise DataError where a name makes that the first rows are read as something else."""
    try:
        table = read_table_text(written(header, columns, delimiter), WantedForm(decimal=decimal))
    except FileError as error:
        raise DataError(
            "These points cannot be written as a table: {fault}", fault=error.message
        ) from None
    found = read_table_text(written(header, columns, delimiter)).form.decimal
    same = (
        list(table.names) == list(header)
        and table.form.delimiter == delimiter
        and [list(column) for column in table.columns] == [list(column) for column in columns]
        and (found == decimal or not _has_marks(table, decimal))
    )
    if not same:
        raise DataError(
            "The names of the inputs or classes would be read back as something else; give them"
            " names with letters, and no number for a name."
        )


def _has_marks(table: TableText, decimal: DecimalMark) -> bool:
    numeric = [name for name in table.names if table.is_numeric(name)]
    return any(decimal in cell for name in numeric for cell in table.column(name))


def _check_encoding(content: bytes, encoding: str) -> None:
    """Raise DataError where the encoding of a table would be taken for another one."""
    found = detect_encoding(content)
    if found != encoding and not (content.isascii() and found == "utf-8"):
        raise DataError(
            "The names in this table would not be recognised as {encoding}; choose UTF-8 with BOM.",
            encoding=ENCODINGS[encoding],
        )
