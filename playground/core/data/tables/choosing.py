"""What the columns of a table can be used for, and the data that a choice among them makes.

A table becomes points in the project, on the canvas or in their own units, or stays in its file.
Imports numpy and the core only; any thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from playground.core.data.axis import Axis
from playground.core.data.data import CsvData, Data
from playground.core.data.plane import DATA_REACH
from playground.core.data.points import MAX_CLASSES, Points
from playground.core.data.points_data import PointsData
from playground.core.data.tables.column_facts import ColumnFacts, image_of, pixels_among
from playground.core.data.tables.description import Description
from playground.core.data.tables.exported import (
    BELOW_MARK,
    MARK,
    ExportMark,
    points_data,
    recognised,
)
from playground.core.data.tables.form import HELD_OUT
from playground.core.data.tables.importing import TableText
from playground.core.data.tables.inputs import Image, as_stored, column_of, input_of
from playground.core.data.tables.labels import MOST_VALUES
from playground.core.data.tables.reading import Progress, check_other, no_progress, whole_path
from playground.core.data.tables.table import Columns, Table, fault_of_inputs, table_of
from playground.core.errors import DataError, FileError, short
from playground.core.messages import N_, Message

MOST_ROWS = 200_000
"""Rows that a project file holds; a longer table stays in its own file."""

TEST_RATIO = 0.3

SCALED: Final[dict[str, Any]] = {"standardize": True, "target_scaling": "standard"}
"""Columns of a table come in all units, and so does its answer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to make of a table.

    fit       scale one or two inputs to the canvas and remember their units; else they stay as
              they are
    exported  the mark of a table that Playground wrote, to have exactly what was exported
    test_ratio  the part of the rows that is kept for testing, unless a column tells which
    left_out  why columns are no inputs, as far as the choice was made by itself
    test_path  a file with the same columns, whose rows are the test points; then all rows of the
              table are trained on, also where it says itself which are held out
    """

    columns: Columns
    fit: bool = False
    exported: ExportMark | None = None
    test_ratio: float = TEST_RATIO
    left_out: Mapping[str, str] = field(default_factory=dict, compare=False)
    test_path: Path | None = None

    def tested_with(self, path: Path | None) -> Choice:
        """The same choice with the rows of another file to test with, or without them."""
        if path is None:
            return replace(self, test_path=None)
        columns = self.columns._replace(held_out=None)
        return replace(self, columns=columns, exported=None, test_path=path)


class Made(NamedTuple):
    """Data from a table, and what was chosen of it; None for what Playground had exported."""

    data: Data
    description: Description | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a choice would come to.

    obstacle    a sentence about what is wrong with it; empty where it can be imported
    rows        rows that are left
    unanswered  rows left out because their answer is missing
    incomplete  rows left out because an input is missing
    filled      missing values that become the mean of their column
    """

    obstacle: str
    rows: int = 0
    unanswered: int = 0
    incomplete: int = 0
    filled: int = 0


def wished_choice(
    text: TableText,
    facts: tuple[ColumnFacts, ...],
    answer: str | None = None,
    inputs: Sequence[str] | None = None,
) -> Choice:
    """The automatic choice, but for what somebody names.

    Raises DataError for a column that there is not, and where the answer is among the inputs.
    """
    for name in (*(inputs or ()), *(() if answer is None else (answer,))):
        input_of(text, name, fills=True) if name != answer else text.column(name)
    choice = automatic_choice(facts, answer)
    if inputs is None:
        return choice
    answer = choice.columns.answer
    if fault := fault_of_inputs(inputs, answer):
        raise DataError(fault)
    known = {column.name: column for column in facts}
    named = [known[name] for name in inputs if name in known]
    image = image_of(named) if pixels_among([*named, known[answer]], answer) else None
    columns = choice.columns._replace(inputs=tuple(inputs), image=image)
    return replace(choice, columns=columns)


def automatic_choice(facts: tuple[ColumnFacts, ...], answer: str | None = None) -> Choice:
    """The last column is the answer; those before it are the inputs, as far as they can be.

    Text, or up to ten different whole numbers, are classes; other numbers are targets. What
    Playground has exported is taken as it was, unless another answer is named. Columns that are
    surely the pixels of an image are the inputs alone, and the answer stands beside them.
    """
    is_short = all(len(column.gaps) <= MOST_ROWS for column in facts)
    mark = recognised(facts) if is_short and answer is None else None
    if mark is not None:
        columns = mark.columns([column.name for column in facts])
        return Choice(columns, exported=mark)
    facts = tuple(column for column in facts if not _is_mark(column)) or facts
    held_out = next((column.name for column in facts if _is_division(column)), None)
    possible = [column for column in facts if column.name != held_out] or facts
    pixels = pixels_among(possible, answer) if held_out is None else None
    if pixels is not None:
        return _choice_of_pixels(*pixels, answer)
    *others, last = _answer_last(possible, answer)
    why = {column.name: why_left_out(column, others) for column in others}
    inputs = tuple(name for name, reason in why.items() if not reason)
    columns = Columns(inputs, last.name, not last.holds_classes, held_out=held_out)
    return Choice(columns, left_out=why)


def _choice_of_pixels(
    pixels: Sequence[ColumnFacts], others: Sequence[ColumnFacts], answer: str | None
) -> Choice:
    *aside, last = _answer_last(others, answer)
    inputs = tuple(column.name for column in pixels)
    columns = Columns(inputs, last.name, not last.holds_classes, image=image_of(pixels))
    return Choice(columns, left_out={column.name: Message("it is no pixel") for column in aside})


def _answer_last(facts: Sequence[ColumnFacts], answer: str | None) -> list[ColumnFacts]:
    """The columns with the answer behind all others: the one that is named, or that the file calls
    the class.
    """
    return sorted(facts, key=lambda column: (column.name == answer, column.role == "class"))


def why_left_out(column: ColumnFacts, others: Sequence[ColumnFacts]) -> Message:
    """Why a column is not chosen as an input, where it can be one of these; "" where it is."""
    if column.role == "aside":
        return Message("the file sets it aside")
    if column.kind == "nothing":
        return Message("it holds nothing")
    if not column.can_be_input:
        if column.kind == "text" and column.different > MOST_VALUES:
            return Message("text with {count:,} different values", count=column.different)
        if column.kind == "text" and column.is_constant:
            return Message("the same in every row")
        return Message("text that hardly ever comes again")
    has_others = any(other is not column and other.can_be_input for other in others)
    if column.numbers_rows and has_others:
        return Message("it numbers the rows")
    return Message()


def _is_mark(column: ColumnFacts) -> bool:
    """True for the column that Playground adds to what it exports, also where the row with the mark
    is gone; nobody learns from it.
    """
    if column.name.rstrip("'") != MARK:
        return False
    is_below = column.kind == "nothing" or column.labels == (BELOW_MARK,)
    return is_below or any(label[:1] == "{" for label in column.labels)


def _is_division(column: ColumnFacts) -> bool:
    return column.name == HELD_OUT and set(column.labels) <= {"0", "1"} and not column.missing


def why_not_fit(text: TableText, choice: Choice) -> str:
    """Why the inputs cannot be scaled to the canvas; empty where they can."""
    if len(choice.columns.inputs) > 2:
        return Message("The canvas has two axes; more inputs keep their own units.")
    if len(text) > MOST_ROWS:
        template = N_("More than {most:,} rows stay in their file and keep their own units.")
        return Message(template, most=MOST_ROWS)
    return ""


def _inputs_and_answer(
    facts: Sequence[ColumnFacts], columns: Columns
) -> tuple[list[ColumnFacts], ColumnFacts]:
    """What is in the columns of the inputs, and in that of the answer."""
    known = {column.name: column for column in facts}
    inputs = [known[column_of(name, known) or name] for name in columns.inputs]
    return inputs, known[columns.answer]


def outlook(text: TableText, facts: tuple[ColumnFacts, ...], choice: Choice) -> Outlook:
    """What a choice would come to, and what is in its way."""
    inputs, answer = _inputs_and_answer(facts, choice.columns)
    obstacle = _obstacle(inputs, answer, choice) if inputs else _no_input(facts, answer)
    if obstacle := obstacle or _no_room(text, choice):
        return Outlook(obstacle)
    if choice.exported is not None:
        return Outlook("", len(text))
    is_answered = ~answer.gaps
    gaps = np.zeros(len(text), np.int64)
    for column in inputs:
        gaps += column.gaps
    gaps = gaps[is_answered]
    fills = choice.columns.missing == "mean"
    incomplete = 0 if fills else int((gaps > 0).sum())
    rows = len(gaps) - incomplete
    filled = int(gaps.sum()) if fills else 0
    found = Outlook("", rows, len(text) - len(gaps), incomplete, filled)
    if not rows:
        obstacle = Message("Every row has a missing value; choose other columns.")
        return replace(found, obstacle=obstacle)
    return found


def _no_input(facts: Sequence[ColumnFacts], answer: ColumnFacts) -> Message:
    if any(column.can_be_input for column in facts if column is not answer):
        return Message("Choose at least one column as an input.")
    if answer.can_be_input:
        template = N_("Only '{name}' can be an input; choose another answer.")
        return Message(template, name=short(answer.name))
    return Message(
        "No column has numbers, dates, or words that come again, as an input needs; change how the"
        " table is read, or open another one."
    )


def _obstacle(inputs: list[ColumnFacts], answer: ColumnFacts, choice: Choice) -> str:
    """What is wrong with the columns themselves."""
    if fault := fault_of_inputs(choice.columns.inputs, answer.name):
        return fault
    for column in inputs:
        if not column.can_be_input:
            return Message(
                "'{name}' holds text; an input needs numbers."
                if column.kind == "text"
                else "'{name}' holds nothing; an input needs numbers.",
                name=short(column.name),
            )
        if column.refusal:
            return column.refusal
    return _obstacle_of_answer(answer, choice)


def _obstacle_of_answer(answer: ColumnFacts, choice: Choice) -> str:
    if answer.kind == "nothing":
        template = N_("'{name}' holds nothing to learn; choose another answer.")
        return Message(template, name=short(answer.name))
    if choice.columns.regression and answer.kind != "numbers":
        template = N_("'{name}' holds text; a target needs numbers, so learn its classes.")
        return Message(template, name=short(answer.name))
    if choice.columns.regression:
        return answer.refusal
    if not answer.labels:
        is_numeric = answer.kind == "numbers"
        return Message(
            "'{name}' has more than {most} different labels; choose another answer, or learn it as"
            " a number."
            if is_numeric
            else "'{name}' has more than {most} different labels; choose another answer.",
            name=short(answer.name),
            most=MAX_CLASSES,
        )
    return ""


def _no_room(text: TableText, choice: Choice) -> str:
    """Why the points can be kept neither in the project nor in their file."""
    if choice.fit and (reason := why_not_fit(text, choice)):
        return reason
    if _stays_in_file(text, choice) or len(text) <= MOST_ROWS:
        return ""
    return Message(
        "{count:,} rows are too many for a project, which holds {most:,}; save them as a table in"
        " UTF-8, which can stay in its file.",
        count=len(text),
        most=MOST_ROWS,
    )


def image_offered(
    text: TableText, facts: Sequence[ColumnFacts], columns: Columns
) -> tuple[Image | None, bool]:
    """The image that these inputs may be, and whether they surely are one; None where they are
    none, or where the table does not stay in its file, for a project holds no images.
    """
    inputs, answer = _inputs_and_answer(facts, columns)
    image = image_of(inputs) if _stays_in_file(text, Choice(columns)) else None
    if image is None:
        return None, False
    return image, pixels_among([*inputs, answer], columns.answer) is not None


def _stays_in_file(text: TableText, choice: Choice) -> bool:
    """A file is read again with what is found out about it, so only such a table may stay in it."""
    return text.stamp is not None and not choice.fit and choice.columns.held_out is None


def data_of(text: TableText, choice: Choice) -> Data:
    """The data that a choice makes of a table: CsvData where it stays in its file, else PointsData.

    Raises DataError where the choice cannot be used, FileError where no project can name the file
    or there is no table to test with.
    """
    return made_of(text, choice).data


def made_of(text: TableText, choice: Choice, progress: Progress = no_progress) -> Made:
    """The data that a choice makes of a table, with what there is to say of it.

    Raises what `data_of` raises.
    """
    if choice.exported is not None:
        return Made(points_data(text, choice.exported), None)
    check_other(text.path, choice.test_path)
    stays, test, image = _stays_in_file(text, choice), choice.test_path, choice.columns.image
    image = as_stored(text, choice.columns.inputs, image) if image is not None and stays else None
    columns = choice.columns._replace(exact=True, image=image)
    if stays:
        data = _in_file(text, choice, image)
        with suppress(DataError, FileError):  # it is said when the data are prepared
            table = table_of(text, columns, choice.left_out, test, progress)
            data.hold(table)
            return Made(data, table.description)
        return Made(data, None)
    table = table_of(text, columns, choice.left_out, test, progress)
    made = _on_canvas(table, choice) if choice.fit else _in_project(table, choice, table.points)
    return Made(made, table.description)


def _in_file(text: TableText, choice: Choice, image: Image | None) -> CsvData:
    inputs, answer, regression, missing, *_ = choice.columns
    return CsvData(
        path=whole_path(text.path or Path()),
        inputs=inputs,
        label=None if regression else answer,
        target=answer if regression else None,
        missing=missing,
        image=image,
        **(SCALED if image is None else {**SCALED, "standardize": False}),
        test_ratio=choice.test_ratio,
        sheet=text.met.asked,
        test_path=None if choice.test_path is None else whole_path(choice.test_path),
    )


def _in_project(table: Table, choice: Choice, points: Points, **settings: Any) -> PointsData:
    axes = tuple(Axis(name) for name in table.input_names)
    made = PointsData.of(
        points,
        class_names=table.class_names,
        **{"axes": axes, **SCALED, "test_ratio": choice.test_ratio} | settings,
    )
    is_divided = choice.columns.held_out is not None or choice.test_path is not None
    return made if is_divided else made.model_copy(update={"test": None})


def _on_canvas(table: Table, choice: Choice) -> PointsData:
    """One or two inputs scaled so that they reach from -5 to 5, with axes that know the units."""
    x = table.points.x.astype(np.float64)
    low, high = x.min(axis=0), x.max(axis=0)
    middle, half = low / 2 + high / 2, high / 2 - low / 2
    scale = np.where(half > 0, half / DATA_REACH, 1.0)
    axes = tuple(
        Axis(name, float(offset), float(factor))
        for name, offset, factor in zip(table.input_names, middle, scale, strict=True)
    )
    points = Points.of((x - middle) / scale, table.points.y, table.points.held_out)
    return _in_project(table, choice, points, axes=axes, standardize=False)
