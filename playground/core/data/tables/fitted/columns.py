"""What was found out about the columns of the table that is trained on, for reading others alike.

Words keep their places, dates their order and labels their classes, whatever another table would
have been taken for by itself. Imports numpy and the core only; runs on any thread.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
from pydantic import Field

from playground.core.data.axis import Axis
from playground.core.data.tables.cells import MOSTLY, number_in
from playground.core.data.tables.importing import TableText
from playground.core.data.tables.inputs import Input, Matrix
from playground.core.data.tables.numerals import DecimalMark, number
from playground.core.data.tables.writing import dates, times
from playground.core.data.tables.writing.missing import is_gap, means_missing
from playground.core.data.tables.writing.signs import CRORES, MAGNITUDES, TRIANGLES_UP
from playground.core.data.tables.writing.units import are_same
from playground.core.errors import DataError, short
from playground.core.experiment.settings import Settings
from playground.core.messages import N_

MISSING, UNKNOWN = -1, -2
"""What stands for a cell that says nothing, and for one that says something new."""


class Writing(Settings):
    """How the numbers of a column are written: what stands with them, and whether a triangle means
    up, as it does where another one means down.
    """

    unit: str = ""
    is_up: bool = False


class FittedInput(Settings):
    """A column of the table that is trained on, as an input.

    column  its name; part is one of `dates.PARTS` where only that part of a date is shown
    words   the words of a text, in the order of their values; empty for numbers and dates
    order   what comes first in a date
    axis    the unit of numbers that the project keeps in another one
    written  how the numbers are written in the table
    """

    column: str
    part: str = ""
    kind: Literal["numbers", "dates", "text"] = "numbers"
    words: tuple[str, ...] = Field((), strict=False)
    order: dates.Order = "ymd"
    axis: Axis | None = None
    written: Writing = Writing()

    @property
    def width(self) -> int:
        """Values that make up this input of one row."""
        return len(self.words) or 1


class FittedColumns(Settings):
    """The columns of the table that is trained on.

    classes    their names in order; empty where the answer is a number
    fills      True where a missing value is filled, False where its row is left out
    decimal    the mark in the numbers of the table, and delimiter what divides its cells
    unnamed    what all columns are called where the file has no names for them, else empty
    white      what the inputs are divided by where they are pixels
    written    how the numbers of the answer are written in the table
    """

    inputs: tuple[FittedInput, ...] = Field(min_length=1, strict=False)
    answer: str
    classes: tuple[str, ...] = Field((), strict=False)
    fills: bool = False
    decimal: DecimalMark = "."
    delimiter: str = ","
    unnamed: tuple[str, ...] = Field((), strict=False)
    white: float = Field(1.0, gt=0)
    written: Writing = Writing()

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that another table needs."""
        return tuple(dict.fromkeys(each.column for each in self.inputs))


class OtherInputs(NamedTuple):
    """Inputs of another table: x float64 (N, D), NaN where a value is missing; has_unseen bool (N,)
    marks rows with a word that the table that is trained on does not have.
    """

    x: npt.NDArray[np.float64]
    has_unseen: npt.NDArray[np.bool_]


class OtherAnswers(NamedTuple):
    """Answers of another table: int64 (N,) classes, MISSING or UNKNOWN; or float64 (N,), NaN where
    one is missing. unknown counts the labels that are none of the classes.
    """

    y: npt.NDArray
    unknown: Counter[str]


def fitted_columns(
    text: TableText, read: Matrix, answer: str, classes: tuple[str, ...], *, fills: bool
) -> FittedColumns:
    """What was found out about the columns of a table from which these inputs were read."""
    return FittedColumns(
        inputs=tuple(_fitted_input(text, each) for each in read.parts),
        answer=answer,
        classes=classes,
        fills=fills,
        decimal=text.form.decimal,
        delimiter=text.form.delimiter,
        unnamed=() if text.form.has_header else text.names,
        white=read.white,
        written=Writing() if classes else _writing(text, answer),
    )


def _fitted_input(text: TableText, read: Input) -> FittedInput:
    name = read.column
    if read.words:
        return FittedInput(column=name, kind="text", words=read.words)
    if text.judged(name).kind == "dates":
        order = dates.order_of(text.column(name))
        return FittedInput(column=name, part=read.part, kind="dates", order=order)
    return FittedInput(column=name, written=_writing(text, name))


def _writing(text: TableText, name: str) -> Writing:
    found = text.judged(name)
    return Writing(unit=found.unit, is_up=found.is_up)


# Another table.


def inputs_in(fitted: FittedColumns, text: TableText) -> OtherInputs:
    """The inputs in another table. Raises DataError where a column is missing or holds something
    else.
    """
    has_unseen = np.zeros(len(text), bool)
    parts = []
    for each in fitted.inputs:
        if each.kind == "text":
            codes, _ = _codes(text, each.column, each.words, fitted.decimal)
            has_unseen |= codes == UNKNOWN
            values = (codes[:, None] == np.arange(len(each.words))).astype(np.float64)
            if not fitted.fills:
                values[codes == MISSING] = np.nan
        elif each.kind == "dates":
            values = _dates(text, each)[:, None]
        else:
            numbers = numbers_in(text, each.column, each.written)[:, None]
            values = numbers if each.axis is None else each.axis.canvas(numbers)
        parts.append(values)
    return OtherInputs(np.concatenate(parts, axis=1), has_unseen)


def numbers_in(text: TableText, name: str, written: Writing) -> npt.NDArray[np.float64]:
    """The numbers of a column (N,) in the unit of the table that was trained on, NaN where one is
    missing. A column without a unit has that one. Raises DataError for other things.
    """
    found, unit = text.judged(name), written.unit
    if found.kind == "dates":
        template = N_(
            "{file_name}: column '{name}' holds dates, but numbers in the table that was trained"
            " on; write numbers there."
        )
        raise DataError(template, file_name=text.file_name, name=short(name))
    of_time = next((known for known in get_args(times.Unit) if known == unit), None)
    if of_time is not None and any(map(times.is_time, text.column(name))):
        return _times(text, name, of_time)
    values = text.numbers(name)
    if written.is_up != found.is_up:
        are_up = np.array([cell[:1] in TRIANGLES_UP for cell in text.column(name)])
        values = np.where(are_up, -values, values)
    if not unit:  # letters among numbers are read as powers of ten
        return values * {**MAGNITUDES, **CRORES}.get(found.unit, 1.0)
    if found.unit and not are_same(unit, found.unit):
        raise DataError(
            "{file_name}: column '{name}' is in {unit}, but in {wanted} in the table that was"
            " trained on; write it in {wanted}.",
            file_name=text.file_name,
            name=short(name),
            unit=short(found.unit),
            wanted=short(unit),
        )
    return values


def _times(text: TableText, name: str, unit: times.Unit) -> npt.NDArray[np.float64]:
    """Times, and numbers that are hours or minutes already, in the one unit or the other."""
    cells = text.column(name)
    found = ((times.number_of(cell, unit), number_in(cell, text.form.decimal)) for cell in cells)
    values = (plain if time is None else time for time, plain in found)
    return np.array([math.nan if value is None else value for value in values])


def answers_in(fitted: FittedColumns, text: TableText) -> OtherAnswers:
    """The answers in another table. Raises DataError where there are none."""
    if not fitted.classes:
        return OtherAnswers(numbers_in(text, fitted.answer, fitted.written), Counter())
    return OtherAnswers(*_codes(text, fitted.answer, fitted.classes, fitted.decimal))


def _dates(text: TableText, each: FittedInput) -> npt.NDArray[np.float64]:
    cells = text.column(each.column)
    days = dates.days(cells, each.order)
    odd = [row for row in np.flatnonzero(np.isnan(days)).tolist() if not is_gap(cells[row])]
    if len(odd) > (1 - MOSTLY) * len(cells):
        raise DataError(
            "{file_name}: '{cell}' in column '{name}', line {line:,}, is no date; the table that"
            " was trained on has dates there.",
            file_name=text.file_name,
            cell=short(cells[odd[0]], 40),
            name=short(each.column),
            line=text.line_of(odd[0]),
        )
    return dates.part(days, each.part) if each.part else days


def _codes(
    text: TableText, name: str, words: Sequence[str], mark: DecimalMark
) -> tuple[npt.NDArray[np.int64], Counter[str]]:
    """The place of each cell among the words (N,), and the cells that are none of them, counted.

    Cells with the number of a word are that word, as they are in one table.
    """
    places = {word: place for place, word in enumerate(words)}
    numbers = {number(word, mark): place for word, place in places.items()}
    numbers.pop(None, None)
    cells = text.column(name)
    counts = Counter(cells)
    codes = {
        cell: places[cell] if cell in places else _code_of(cell, numbers, text.form.decimal)
        for cell in counts
    }
    unknown = Counter({cell: counts[cell] for cell, code in codes.items() if code == UNKNOWN})
    return np.fromiter(map(codes.__getitem__, cells), np.int64, len(cells)), unknown


def _code_of(cell: str, numbers: dict[float | None, int], mark: DecimalMark) -> int:
    found = number(cell, mark)
    if found is not None and found in numbers:
        return numbers[found]
    return MISSING if means_missing(cell) else UNKNOWN
