"""Tables that exist already: scikit-learn's small data sets and CSV files.

A table becomes points with named inputs and, for classification, named classes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from playground.core.errors import DataError, FileError
from playground.core.points import MAX_CLASSES, Points
from playground.core.reading import read_text
from playground.core.registry import Registry

__all__ = ["BUILTINS", "Table", "is_number", "read_columns", "read_table"]

MAX_BYTES = 500_000_000
LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Points with the names of their inputs and classes; no class names for regression."""

    points: Points
    input_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()


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


def read_columns(path: Path) -> tuple[list[str], list[list[str]]]:
    """Column names and rows of text of a CSV file with any common delimiter.

    Without a header the columns are called x1, x2, ..., y. Raises FileError where the file cannot
    be read as a table, naming the line.
    """
    text = read_text(path, at_most=MAX_BYTES, what="a table (CSV)")
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:10_000], ",;\t|")
    except csv.Error:
        dialect = csv.excel
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), dialect) if any(row)]
    except csv.Error as error:
        raise FileError(f"{path.name} cannot be read as a table: {error}.") from None
    if not rows:
        raise FileError(f"{path.name} is empty; a table needs a row for every point.")
    names = [f"x{i + 1}" for i in range(len(rows[0]) - 1)] + ["y"]
    if not any(is_number(cell) for cell in rows[0]):
        names = [name.strip() or f"column {i + 1}" for i, name in enumerate(rows.pop(0))]
    for name in names:
        if names.count(name) > 1:
            raise FileError(f"{path.name} has more than one column '{name}'; rename one of them.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(names):
            raise FileError(
                f"{path.name} has {len(row)} values in data row {number} where {len(names)} are"
                " expected."
            )
    if len(names) < 2 or not rows:
        raise FileError(f"{path.name} needs at least two columns and one row of data.")
    return names, rows


def read_table(path: Path, inputs: Sequence[str], answer: str, *, regression: bool) -> Table:
    """The points of a CSV file: columns `inputs` as x, column `answer` as label or target.

    Labels may be any text; classes are numbered in sorted order, whole numbers in numerical order.
    """
    names, rows = read_columns(path)
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    x = np.stack([_numbers(path, name, columns) for name in inputs], axis=1)
    if regression:
        return Table(Points.of(x, _numbers(path, answer, columns)), tuple(inputs))
    labels = [text.strip() for text in _column(path, answer, columns)]
    class_names = sorted(
        set(labels), key=lambda text: (not is_number(text), _number_or_zero(text), text)
    )
    if len(class_names) > MAX_CLASSES:
        raise DataError(
            f"{path.name}: column '{answer}' has {len(class_names)} different labels, but there can"
            f" be {MAX_CLASSES} classes at most; choose another column, or make it the target."
        )
    numbers = {name: number for number, name in enumerate(class_names)}
    y = np.array([numbers[label] for label in labels], np.int64)
    return Table(Points.of(x, y), tuple(inputs), tuple(class_names))


def _column(path: Path, name: str, columns: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if name not in columns:
        raise DataError(f"{path.name} has no column '{name}'. There is: {', '.join(columns)}.")
    return columns[name]


def _numbers(path: Path, name: str, columns: dict[str, tuple[str, ...]]) -> npt.NDArray[np.float32]:
    for number, cell in enumerate(_column(path, name, columns), start=1):
        if not is_number(cell):
            raise DataError(
                f"{path.name}: '{cell}' in column '{name}', data row {number}, is not a number."
            )
    return np.array([float(cell) for cell in columns[name]], np.float32)


def is_number(cell: str) -> bool:
    """True where a cell reads as a finite float32."""
    try:
        return abs(float(cell)) <= LARGEST
    except ValueError:
        return False


def _number_or_zero(cell: str) -> float:
    return float(cell) if is_number(cell) else 0.0
