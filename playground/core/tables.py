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
from playground.core.points import Points
from playground.core.registry import Registry

__all__ = ["BUILTINS", "Table", "read_columns", "read_table"]

MAX_BYTES = 500_000_000


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


BUILTINS.add("digits", _from_scikit_learn("digits"), label="Digits",
             help="1,797 handwritten digits of 8 x 8 pixels, ten classes.")
BUILTINS.add("iris", _from_scikit_learn("iris"), label="Iris",
             help="150 flowers of three kinds, four measurements each (Fisher 1936).")
BUILTINS.add("wine", _from_scikit_learn("wine"), label="Wine",
             help="178 wines from three growers, thirteen measurements each.")
BUILTINS.add("breast_cancer", _from_scikit_learn("breast_cancer"), label="Breast cancer",
             help="569 tumours, benign or malignant, thirty measurements each.")


def read_columns(path: Path) -> tuple[list[str], list[list[str]]]:
    """Column names and rows of text of a CSV file with any common delimiter.

    Without a header the columns are called x1, x2, ..., y. Raises FileError where the file cannot be read as a
    table, naming the line.
    """
    text = _read_text(path)
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
    if not any(_is_number(cell) for cell in rows[0]):
        names = [name.strip() or f"column {i + 1}" for i, name in enumerate(rows.pop(0))]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(names):
            raise FileError(
                f"{path.name} has {len(row)} values in data row {number} where {len(names)} are expected."
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
    class_names = sorted(set(labels), key=lambda text: (not _is_number(text), _number_or_zero(text), text))
    numbers = {name: number for number, name in enumerate(class_names)}
    y = np.array([numbers[label] for label in labels], np.int64)
    return Table(Points.of(x, y), tuple(inputs), tuple(class_names))


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileError(f"{path.name} is larger than 500 MB; take a part of it.")
        data = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}.") from None
    if b"\0" in data[:1000]:
        raise FileError(f"{path.name} is not a text table; export it as CSV first.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(f"{path.name} is not UTF-8 text; save it as UTF-8 and open it again.") from None


def _column(path: Path, name: str, columns: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if name not in columns:
        raise DataError(f"{path.name} has no column '{name}'. There is: {', '.join(columns)}.")
    return columns[name]


def _numbers(path: Path, name: str, columns: dict[str, tuple[str, ...]]) -> npt.NDArray[np.float32]:
    for number, cell in enumerate(_column(path, name, columns), start=1):
        if not _is_number(cell):
            raise DataError(f"{path.name}: '{cell}' in column '{name}', data row {number}, is not a number.")
    return np.array(columns[name], np.float64).astype(np.float32)


def _is_number(cell: str) -> bool:
    try:
        return bool(np.isfinite(np.float32(float(cell))))
    except (ValueError, OverflowError):
        return False


def _number_or_zero(cell: str) -> float:
    return float(cell) if _is_number(cell) else 0.0
