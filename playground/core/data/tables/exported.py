"""The mark that Playground leaves in a table of exported points, and the points that it gives back.

The table is an ordinary one: its first line names the columns, numbers are in their own units,
classes have their names. What such a table cannot say (the order and number of the classes, where
the canvas lies in the units, how the points are divided and scaled) stands as one line of JSON in
the first cell of a last column, MARK; the cells below it hold BELOW_MARK, because programs that
leave out rows with an empty cell would leave out all others. A table that was changed elsewhere is
recognised as long as its columns are the ones that were written. Imports numpy and the core only;
any thread.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, ValidationError

from playground.core.data.axis import Axis
from playground.core.data.data_settings import DataSettings
from playground.core.data.points import MAX_CLASSES, Points
from playground.core.data.points_data import PointsData
from playground.core.data.tables.column_facts import ColumnFacts
from playground.core.data.tables.importing import TableText
from playground.core.data.tables.numerals import DecimalMark, is_missing
from playground.core.data.tables.table import Columns
from playground.core.data.tables.writing.missing import means_missing
from playground.core.experiment.settings import Settings

MARK, BELOW_MARK = "playground", "."
MINUS = "-"
"""A label, though it stands for a missing number."""
FLOAT_DIGITS = 17
"""Digits that tell every float64 from the next; a number with more of them is read exactly."""
_MOST_DIGITS = 450
"""From the largest number that a table may hold down to the smallest float32 in a tiny unit."""

Scale = tuple[float, float]
"""offset and scale: original = offset + scale * stored."""
Unit = tuple[str, float, Annotated[float, Field(gt=0)]]
"""The name of an input, and its scale."""


class ExportMark(Settings):
    """What a table of points cannot say by itself.

    inputs    how many columns are inputs: the first ones
    answer    the column behind them
    held_out  the column that divides the points, None where nothing is held out
    classes   their names in order; None for numbers as answers
    units     name, offset and scale of each input, because a table may be given another order;
              None where points are stored as they are written
    named     True where the inputs have names of their own, which the axes of the canvas show
    copied    True for points that were selected and copied, to stand among others
    """

    playground: Literal[1] = 1
    inputs: int = Field(ge=1, le=100_000)
    answer: str
    held_out: str | None = None
    classes: tuple[str, ...] | None = Field(None, max_length=MAX_CLASSES, strict=False)
    units: tuple[Unit, ...] | None = Field(None, strict=False)
    named: bool = True
    copied: bool = False
    division: DataSettings = DataSettings()

    @classmethod
    def of(
        cls,
        points: Points,
        header: Sequence[str],
        class_names: Sequence[str],
        axes: Sequence[Axis] | None,
        settings: DataSettings,
        *,
        copied: bool = False,
    ) -> ExportMark:
        """The mark of a table with this header, in which these points are."""
        inputs = points.x.shape[1]
        units = tuple((axis.name.strip(), axis.offset, axis.scale) for axis in axes or ())
        return cls(
            inputs=inputs,
            answer=header[inputs],
            held_out=header[inputs + 1] if len(header) > inputs + 1 else None,
            classes=None if points.is_regression else tuple(class_names),
            units=units if any(unit[1:] != (0.0, 1.0) for unit in units) else None,
            named=axes is not None or list(header[:inputs]) != default_names(inputs),
            copied=copied,
            division=DataSettings(
                **{name: getattr(settings, name) for name in DataSettings.model_fields}
            ),
        )

    def text(self) -> str:
        """As a cell of a table, in ASCII, so that no encoding of the table can spoil it."""
        plain = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps({"playground": self.playground, **plain}, separators=(",", ":"))

    def columns(self, names: Sequence[str]) -> Columns:
        """What the columns of the table are."""
        inputs = tuple(names[: self.inputs])
        return Columns(inputs, self.answer, self.classes is None, held_out=self.held_out)


def default_names(inputs: int) -> list[str]:
    """What inputs without names of their own are called."""
    return [f"x{number}" for number in range(1, inputs + 1)]


def recognised(facts: Sequence[ColumnFacts]) -> ExportMark | None:
    """The mark of a table whose columns are still as they were written; None for any other."""
    mark = next((mark for column in facts if (mark := _mark_in(column)) is not None), None)
    if mark is None:
        return None
    written = [column for column in facts if _mark_in(column) is None]
    names = [column.name for column in written]
    wanted = [mark.answer] + ([] if mark.held_out is None else [mark.held_out])
    inputs = names[: mark.inputs]
    units = inputs if mark.units is None else [name for name, *_ in mark.units]
    if names[mark.inputs :] != wanted or sorted(units) != sorted(inputs):
        return None
    return mark if _fits(mark, written) else None


def _mark_in(column: ColumnFacts) -> ExportMark | None:
    if column.name.rstrip("'") != MARK:
        return None
    for cell in column.labels:
        if cell.startswith('{"playground"'):
            try:
                return ExportMark.model_validate_json(cell)
            except ValidationError:
                return None
    return None


def _fits(mark: ExportMark, written: Sequence[ColumnFacts]) -> bool:
    """True where every cell has what the mark promises."""
    *inputs, answer = written[: mark.inputs + 1]
    if any(column.kind != "numbers" or column.missing or column.refusal for column in inputs):
        return False
    division = written[-1]
    if mark.held_out and (division.missing or not set(division.labels) <= {"0", "1"}):
        return False
    if mark.classes is None:
        return answer.kind == "numbers" and not (answer.missing or answer.refusal)
    known = {name.strip() for name in mark.classes}
    if len(known) < len(mark.classes):
        return False
    # What a class is called may look like a gap, among numbers or anywhere.
    may_look_missing = MINUS in answer.labels or any(
        means_missing(name) or name in answer.odd for name in known
    )
    if answer.missing and not may_look_missing:
        return False
    found = {*answer.labels, *answer.odd}
    return bool(found | known) and len(_names(mark.classes, found)) <= MAX_CLASSES


def _names(classes: Sequence[str], labels: Iterable[str]) -> tuple[str, ...]:
    """The classes as they were, and behind them those that were added in the table."""
    known = {name.strip() for name in classes}
    return (*classes, *sorted(label for label in set(labels) if label not in known))


def points_data(text: TableText, mark: ExportMark) -> PointsData:
    """The points of a table that is recognised, to the last bit where they were."""
    names = text.names[: mark.inputs]
    known: dict[str, Scale] = {name: (offset, scale) for name, offset, scale in mark.units or ()}
    units = [known.get(name, (0.0, 1.0)) for name in names]
    dtype = np.float64 if mark.division.target_scaling == "standard" else np.float32
    x = np.empty((len(text), len(names)), dtype)
    for index, (name, unit) in enumerate(zip(names, units, strict=True)):
        x[:, index] = _stored(text, name, unit, dtype)
    y, classes = _answers(text, mark, dtype)
    held_out = np.zeros(len(x), bool)
    if mark.held_out is not None:
        held_out = text.numbers(mark.held_out) == 1
    kept = np.ones(len(x), bool) if mark.classes is None else y >= 0
    axes = [Axis(name, *unit) for name, unit in zip(names, units, strict=True)]
    return PointsData.of(
        Points(x[kept], y[kept], held_out[kept]),
        class_names=classes,
        axes=tuple(axes) if mark.named else None,
        **mark.division.model_dump(),
    )


def _answers(
    text: TableText, mark: ExportMark, dtype: type[np.floating]
) -> tuple[npt.NDArray, tuple[str, ...]]:
    if mark.classes is None:
        return text.numbers(mark.answer).astype(dtype), ()
    cells = text.column(mark.answer)
    known = {MINUS, *(name.strip() for name in mark.classes)}
    classes = _names(
        mark.classes, {cell for cell in cells if cell in known or not is_missing(cell)}
    )
    numbers = {name.strip(): label for label, name in enumerate(classes)}
    return np.fromiter((numbers.get(cell, -1) for cell in cells), np.int64, len(cells)), classes


# Numbers in their own unit.


def stored(
    values: npt.NDArray[np.float64], unit: Scale, dtype: npt.DTypeLike
) -> npt.NDArray[np.floating]:
    """Numbers (N,) in their own unit as those of the canvas, float32 or float64."""
    offset, scale = unit
    with np.errstate(over="ignore"):
        return ((values - offset) / scale).astype(dtype)


def exact_text(value: np.floating, unit: Scale) -> str:
    """A stored number in its own unit, with so many digits that they lead back to all its bits.

    They are more than FLOAT_DIGITS, which tells that they have to be read exactly.
    """
    with localcontext() as context:
        context.prec = _MOST_DIGITS
        offset, scale = map(Decimal, unit)
        original = offset + scale * Decimal(float(value))
        for digits in (FLOAT_DIGITS + 1, 25, 50, 100, 200):
            text = f"{original:.{digits - 1}e}"
            if _stored_exactly(text, unit, ".", type(value)) == value:
                return text
        return f"{original:.{_MOST_DIGITS - 1}e}"


def _stored(
    text: TableText, name: str, unit: Scale, dtype: type[np.floating]
) -> npt.NDArray[np.floating]:
    """A column (N,) as it was stored."""
    values = stored(text.numbers(name), unit, dtype)
    for row, cell in enumerate(text.column(name)):
        if len(cell) > FLOAT_DIGITS and _digits(cell) > FLOAT_DIGITS:
            values[row] = _stored_exactly(cell, unit, text.form.decimal, dtype)
    return values


def _digits(cell: str) -> int:
    """How many digits a number has from its first one that is not 0, without an exponent."""
    digits = filter(str.isdecimal, cell.lower().partition("e")[0])
    return len("".join(digits).lstrip("0"))


def _stored_exactly(
    cell: str, unit: Scale, mark: DecimalMark, dtype: type[np.floating]
) -> np.floating:
    with localcontext() as context:
        context.prec = _MOST_DIGITS
        offset, scale = map(Decimal, unit)
        number = Decimal(cell.replace(mark, ".").replace("\N{MINUS SIGN}", "-"))
        return dtype(float((number - offset) / scale))
