"""Tables that exist already: scikit-learn's small data sets and CSV files.

A table becomes points with named inputs and, for classification, named classes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from playground.core.errors import DataError
from playground.core.importing import TableText, read_table_text
from playground.core.numerals import is_missing, number
from playground.core.points import MAX_CLASSES, Points
from playground.core.registry import Registry

__all__ = ["BUILTINS", "MissingValues", "Table", "read_table"]

MissingValues = Literal["drop", "mean"]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Points with the names of their inputs and classes; no class names for regression.

    notes are sentences on what happened to the values on their way here.
    """

    points: Points
    input_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
) -> Table:
    """The points of a CSV file: columns `inputs` as x, column `answer` as label or target.

    Labels may be any text; classes are numbered in sorted order, whole numbers in numerical order.
    Rows with `missing` input values are dropped, or the values become the mean of their column;
    rows without an answer are always dropped. Raises FileError where there is no table, DataError
    where a column does not fit.
    """
    text = read_table_text(path)
    x = np.stack([text.numbers(name) for name in inputs], axis=1)
    notes = ["Numbers are read with a decimal comma."] if text.decimal == "," else []
    y, class_names = (text.numbers(answer), ()) if regression else _labels(text, answer)
    is_kept = ~np.isnan(y) if regression else y >= 0
    if not is_kept.all():
        notes.append(f"Rows without '{answer}', left out: {(~is_kept).sum():,} of {len(y):,}.")
    x, y = x[is_kept], y[is_kept]
    is_gap = np.isnan(x)
    if is_gap.any() and missing == "mean":
        notes.append(f"Missing values, filled with the mean of their column: {is_gap.sum():,}.")
        x = _filled_with_means(text.file_name, x, inputs)
    elif is_gap.any():
        is_whole = ~is_gap.any(axis=1)
        notes.append(f"Rows with missing values, left out: {(~is_whole).sum():,} of {len(x):,}.")
        x, y = x[is_whole], y[is_whole]
    if not len(x):
        raise DataError(
            f"{text.file_name} has a missing value in every row; choose other columns, or fill the"
            " gaps in the file."
        )
    return Table(Points.of(x, y), tuple(inputs), class_names, tuple(notes))


def _filled_with_means(
    file_name: str, x: npt.NDArray[np.float64], names: Sequence[str]
) -> npt.NDArray[np.float64]:
    is_gap = np.isnan(x)
    is_empty = is_gap.all(axis=0)
    if is_empty.any():
        raise DataError(
            f"{file_name}: column '{names[int(is_empty.argmax())]}' has no number to take the mean"
            " of; choose other columns."
        )
    return np.where(is_gap, np.nanmean(x, axis=0), x)


def _labels(text: TableText, name: str) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Class numbers (N,), -1 where the label is missing, and the names of the classes."""
    labels = text.column(name)

    def in_order(label: str) -> tuple[bool, float, str]:
        value = number(label, text.decimal)
        return value is None, value or 0.0, label

    # A minus is a label where a plus is another one.
    class_names = sorted(
        {label for label in set(labels) if label == "-" or not is_missing(label)}, key=in_order
    )
    if len(class_names) > MAX_CLASSES:
        raise DataError(
            f"{text.file_name}: column '{name}' has {len(class_names)} different labels, but there"
            f" can be {MAX_CLASSES} classes at most; choose another column, or make it the target."
        )
    numbers = {label: index for index, label in enumerate(class_names)}
    return np.array([numbers.get(label, -1) for label in labels], np.int64), tuple(class_names)
