"""Tables that exist already: scikit-learn's small data sets and CSV files.

A table becomes points with named inputs and, for classification, named classes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from playground.core.data.pixels import Pixels
from playground.core.data.points import Points
from playground.core.data.tables.description import (
    Description,
    described,
    filled_with_means,
    with_gaps,
    without_answer,
)
from playground.core.data.tables.fitted.columns import FittedColumns, fitted_columns
from playground.core.data.tables.fitted.held_out import read_held_out
from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.importing import TableText, read_table_text
from playground.core.data.tables.inputs import (
    Image,
    Matrix,
    are_pixels,
    matrix_of,
    places_of_words,
)
from playground.core.data.tables.labels import labels
from playground.core.data.tables.reading import Progress, Stamp, half, no_progress, stamp_of
from playground.core.errors import DataError, short
from playground.core.messages import N_, Message
from playground.core.registry import Registry

MissingValues = Literal["drop", "mean"]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Table:
    """Points with the names of their inputs and classes; no class names for regression.

    notes are sentences on what happened to the values on their way here. image is (channels,
    height, width) where the inputs are pixels. raw is what was read where the values are others.
    gaps is bool (N, D): values of x that were missing and hold a mean over all rows; None without.
    of_text has the first input and the one behind the last of each column of text. description
    says what was chosen of a file. unseen is bool (N,) where a second file has the rows that are
    held out: True for those with a word that the first one does not have; None without such a file.
    fitted is how the columns of a file were read; None without one. fills is float64 (D,): what
    stands for a missing value, where that is not the mean of the training rows.
    """

    points: Points
    input_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    image: tuple[int, int, int] | None = None
    raw: Table | None = None
    gaps: npt.NDArray[np.bool_] | None = None
    of_text: tuple[tuple[int, int], ...] = ()
    description: Description | None = None
    unseen: npt.NDArray[np.bool_] | None = None
    fitted: FittedColumns | None = None
    fills: npt.NDArray[np.float64] | None = None


class Columns(NamedTuple):
    """Which columns of a table are the inputs, which is the answer, and what happens to gaps.

    held_out names a column with 1 for points that are kept for testing, None without such a column.
    exact    is True where numbers keep all the digits that they need, and gaps are known
    image    how many pixels, where the inputs are such, as in `inputs.Image`
    """

    inputs: tuple[str, ...]
    answer: str
    regression: bool = False
    missing: MissingValues = "drop"
    held_out: str | None = None
    exact: bool = False
    image: Image | None = None


def fault_of_inputs(inputs: Sequence[str], answer: str | None) -> Message:
    """Why these columns cannot be the inputs for that answer, as a sentence; "" where they can.

    A network that is shown the answer learns nothing else, and does well on any test.
    """
    if answer is not None and answer in inputs:
        return Message(
            "'{name}' is the answer, so it cannot be an input, too; leave it out of the inputs, or"
            " choose another answer.",
            name=short(answer),
        )
    for name, count in Counter(inputs).items():
        if count > 1:
            template = N_("'{name}' is named twice among the inputs; name it once.")
            return Message(template, name=short(name))
    return Message()


def _check_inputs(inputs: Sequence[str], answer: str) -> None:
    if fault := fault_of_inputs(inputs, answer):
        raise DataError(fault)


_Source = tuple[Stamp | None, Stamp | None, str | None, Columns]

_in_use: WeakValueDictionary[_Source, Table] = WeakValueDictionary()
"""The tables of files that somebody holds, such as a dataset; none is kept for its own sake."""

BUILTINS: Registry[Callable[[], Table]] = Registry("built-in table")


def _from_scikit_learn(name: str) -> Callable[[], Table]:
    def load() -> Table:
        from sklearn import datasets

        bunch = getattr(datasets, f"load_{name}")()
        return Table(
            Points.of(bunch.data, bunch.target),
            tuple(str(column) for column in bunch.feature_names),
            tuple(str(label) for label in bunch.target_names),
        )

    return load


BUILTINS.add(
    "digits",
    _from_scikit_learn("digits"),
    label="Digits",
    help="1,797 handwritten digits of 8 x 8 pixels, ten classes.",
)
BUILTINS.add(
    "iris",
    _from_scikit_learn("iris"),
    label="Iris",
    help="150 flowers of three kinds, four measurements each (Fisher 1936).",
)
BUILTINS.add(
    "wine",
    _from_scikit_learn("wine"),
    label="Wine",
    help="178 wines from three growers, thirteen measurements each.",
)
BUILTINS.add(
    "breast_cancer",
    _from_scikit_learn("breast_cancer"),
    label="Breast cancer",
    help="569 tumours, benign or malignant, thirty measurements each.",
)


def read_table(
    path: Path,
    inputs: Sequence[str],
    answer: str,
    *,
    regression: bool,
    missing: MissingValues = "drop",
    exact: bool = False,
    image: Image | None = None,
    sheet: str | None = None,
    test: Path | None = None,
    progress: Progress = no_progress,
) -> Table:
    """The points of a CSV file: columns `inputs` as x, column `answer` as label or target; `exact`
    and `image` as in `Columns`; `test` as in `table_of`.

    A table that is in use is not read again from files that have not changed. Raises FileError
    where there is none, and what `table_of` raises.
    """
    columns = Columns(tuple(inputs), answer, regression, missing, exact=exact, image=image)
    known = _in_use.get((stamp_of(path), _stamp_of_test(test), sheet, columns))
    wanted = WantedForm(part=sheet)
    return known or table_of(
        read_table_text(path, wanted, progress=half(progress, 0)),
        columns,
        test=test,
        progress=half(progress, 1),
    )


def _stamp_of_test(path: Path | None) -> Stamp | None:
    return None if path is None else stamp_of(path)


def table_of(
    text: TableText,
    columns: Columns,
    why_left_out: Mapping[str, str] = MappingProxyType({}),
    test: Path | None = None,
    progress: Progress = no_progress,
) -> Table:
    """The points of a table, with these columns as inputs and answer.

    Labels may be any text; classes are numbered in sorted order, whole numbers in numerical order.
    Rows with `missing` input values are dropped, or the values become the mean of their column;
    rows without an answer are always dropped. test is a file with the same columns whose rows, and
    no others, are held out. Raises DataError where a column does not fit, FileError for that file.
    """
    inputs, answer, regression, missing, division, exact, image = columns
    _check_inputs(inputs, answer)
    is_filled = missing == "mean"
    read = matrix_of(text, inputs, image, half(progress, 0), fills=is_filled)
    y, class_names = (text.numbers(answer), ()) if regression else labels(text, answer)
    held_out = np.zeros(len(y), bool) if division is None else text.numbers(division) == 1
    kept, notes = _with_answer(text, y, answer)
    read, gaps = _usable(text, read, kept, missing, notes)
    points = Points.of(_values(read), y[kept], held_out[kept], exact=exact)
    chosen, more = (inputs, answer, read.image), half(progress, 1)
    table = Table(
        points,
        read.names,
        class_names,
        tuple(notes),
        read.image,
        gaps=gaps if is_filled and exact else None,
        of_text=places_of_words(read.parts),
        description=described(text, chosen, points, class_names, why_left_out, notes, more),
        fitted=fitted_columns(text, read, answer, class_names, fills=is_filled),
        fills=_values(read).mean(axis=0) if gaps is not None and not exact else None,
    )
    if test is not None:
        table = _tested_with(test, text.met.asked, table, (read, y[kept]), exact=exact)
    _remember(table, text, columns, test)
    return table


def _usable(
    text: TableText,
    read: Matrix,
    kept: npt.NDArray[np.bool_],
    missing: MissingValues,
    notes: list[Message],
) -> tuple[Matrix, npt.NDArray[np.bool_] | None]:
    """The `kept` rows without gaps, see `_without_gaps`, and where there were some; None without
    any.
    """
    gaps = None
    if read.x.dtype != np.uint8:
        is_gap = np.isnan(read.x) & kept[:, None]
        if is_gap.any():
            read = read._replace(x=_without_gaps(text, read.x, kept, read.names, missing, notes))
            gaps = is_gap[kept]
    return (read if kept.all() else read._replace(x=read.x[kept])), gaps


def _remember(table: Table, text: TableText, columns: Columns, test: Path | None) -> None:
    """Keep the table for as long as somebody uses it; a pasted table, or one in a wanted form, has
    no stamp to know it by.
    """
    if text.stamp is not None:
        _in_use[text.stamp, _stamp_of_test(test), text.met.asked, columns] = table


def _tested_with(
    test: Path,
    sheet: str | None,
    table: Table,
    trained_on: tuple[Matrix, npt.NDArray],
    *,
    exact: bool,
) -> Table:
    """A table with the rows of another file behind its own, which are held out.

    trained_on has all digits of x (N, D), gaps filled, and y (N,).
    """
    read, y = trained_on
    x = read.x
    assert table.fitted is not None, "a table from a text has them"
    rows = read_held_out(test, table.fitted, sheet)
    is_gap = np.isnan(rows.x)
    if table.image is not None:
        _check_pixels(rows.file_name, rows.x[~is_gap])
    filled = np.where(is_gap, x.mean(axis=0), rows.x)
    held_out = np.repeat([False, True], [len(y), len(rows.y)])
    filled = np.rint(filled) if x.dtype == np.uint8 else filled
    values = _values(read._replace(x=np.concatenate([x, filled.astype(x.dtype)])))
    points = Points.of(values, np.concatenate([y, rows.y]), held_out, exact=exact)
    gaps = np.zeros(x.shape, bool) if table.gaps is None else table.gaps
    has_gaps = exact and x.dtype != np.uint8 and (is_gap.any() or table.gaps is not None)
    assert table.description is not None, "a table from a text has one"
    return replace(
        table,
        points=points,
        notes=(*table.notes, *rows.notes),
        gaps=np.concatenate([gaps, is_gap]) if has_gaps else None,
        description=table.description.tested_with(
            rows.file_name, len(rows.y), rows.left_out, rows.notes
        ),
        unseen=np.concatenate([np.zeros(len(y), bool), rows.has_unseen]),
    )


def _check_pixels(file_name: str, values: npt.NDArray[np.float64]) -> None:
    """Raise DataError where the pixels of a second file are none."""
    if not are_pixels(values):
        raise DataError(
            "{file_name} holds other pixels than whole numbers from 0 to 255; choose another test"
            " file.",
            file_name=file_name,
        )


def _values(read: Matrix) -> npt.NDArray:
    """What points are made of: pixels from 0 to 1, and other inputs as they are."""
    if read.image is None:
        return read.x
    if read.x.dtype == np.uint8:
        return Pixels(read.x, read.white).as_floats()
    return read.x / read.white


def _without_gaps(
    text: TableText,
    x: npt.NDArray[np.float64],
    kept: npt.NDArray[np.bool_],
    names: Sequence[str],
    missing: MissingValues,
    notes: list[Message],
) -> npt.NDArray[np.float64]:
    """x (N, D) with means in its gaps; or as it is, and rows with gaps are not `kept` any more.

    Adds to the notes what was done. Raises DataError where nothing is left.
    """
    is_gap = np.isnan(x) & kept[:, None]
    if missing == "mean":
        notes.append(filled_with_means(is_gap.sum()))
        return _filled_with_means(text.file_name, x, kept, names)
    has_gap = is_gap.any(axis=1)
    notes.append(with_gaps(has_gap.sum(), kept.sum()))
    kept &= ~has_gap
    if not kept.any():
        raise _nothing_left(text)
    return x


def _with_answer(
    text: TableText, y: npt.NDArray, answer: str
) -> tuple[npt.NDArray[np.bool_], list[Message]]:
    """Which rows (N,) have an answer, and what there is to say so far."""
    notes = [Message("Numbers are read with a decimal comma.")] if text.form.decimal == "," else []
    kept = ~np.isnan(y) if y.dtype.kind == "f" else y >= 0
    if not kept.any():
        raise _nothing_left(text)
    if not kept.all():
        notes.append(without_answer(answer, (~kept).sum(), len(y)))
    return kept, notes


def _nothing_left(text: TableText) -> DataError:
    return DataError(
        "{file_name} has a missing value in every row; choose other columns, or fill the gaps in"
        " the file.",
        file_name=text.file_name,
    )


def _filled_with_means(
    file_name: str,
    x: npt.NDArray[np.float64],
    kept: npt.NDArray[np.bool_],
    names: Sequence[str],
) -> npt.NDArray[np.float64]:
    """x (N, D) with gaps filled; the means are those of the kept rows."""
    present = ~np.isnan(x[kept])
    is_empty = ~present.any(axis=0)
    if is_empty.any():
        raise DataError(
            "{file_name}: column '{name}' has no number to take the mean of; choose other columns.",
            file_name=file_name,
            name=short(names[int(is_empty.argmax())]),
        )
    return np.where(np.isnan(x), np.mean(x[kept], axis=0, where=present), x)
