"""The cells of the table of points: what stands in them, and what a person may write there.

A column is an input in its original unit, a class or a target, or the mark of a test point. Pure
functions from points and texts to points, without a widget. Imports core; GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from playground.core import class_looks, numbers
from playground.core.class_looks import ClassLooks
from playground.core.data.axis import Axis
from playground.core.data.data import Data, GeneratedData
from playground.core.data.dataset import Dataset
from playground.core.data.points import IntArray, Points
from playground.core.data.points_data import PointsData
from playground.core.data.tables.exported import MARK
from playground.core.data.tables.form import HELD_OUT
from playground.core.errors import DataError, PlaygroundError, nearest
from playground.core.experiment.experiment import Experiment
from playground.core.messages import N_, Message
from playground.ui.class_names import shown_class
from playground.ui.language import tr
from playground.ui.widgets.number_field import parse

LONG = 100_000.0
"""Numbers of this size are shown with all their digits, where these are kept: times differ in the
last ones.
"""

Kind = Literal["input", "class", "target", "test"]
Cell = tuple[int, int, str]
"""Row of the points, column, text."""

LARGEST = 1e30
"""Of a number in a cell: squared, it still fits a float64, and hardly more is ever meant."""
YES = ("true", "1", "yes", "test", "x")
NO = ("false", "0", "no", "train", "")
NOWHERE = -1
"""The column of cells that are left out."""


@dataclass(frozen=True)
class Columns:
    """What the columns mean.

    inputs   one axis for each coordinate; cells are in its original unit
    classes  their names, by label; empty for targets
    targets  names of the targets; empty for classes
    looks    what the classes look like
    """

    inputs: tuple[Axis, ...]
    classes: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    looks: ClassLooks = class_looks.DEFAULT

    @classmethod
    def of(
        cls, points: Points, experiment: Experiment | None = None, dataset: Dataset | None = None
    ) -> Columns:
        """The columns of some points, named as an experiment names its data, or else as its
        prepared data are named, which may still be those of the experiment before.
        """
        data = None if experiment is None else experiment.data
        inputs = _inputs(points.x.shape[1], getattr(data, "axes", None), dataset)
        if not points.is_regression:
            looks = class_looks.DEFAULT if data is None else ClassLooks.of(data)
            return cls(inputs, classes=_classes(points, data, dataset, looks), looks=looks)
        count = points.y.shape[1] if points.y.ndim == 2 else 1
        names = (N_("target"),) if count == 1 else tuple(f"y{i + 1}" for i in range(count))
        return cls(inputs, targets=names)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        inputs: list[Kind] = ["input"] * len(self.inputs)
        answers: list[Kind] = ["target"] * len(self.targets)
        return (*inputs, *(answers or ["class"]), "test")

    @cached_property
    def titles(self) -> tuple[str, ...]:
        names = [axis.name for axis in self.inputs]
        return (*names, *(self.targets or (N_("class"),)), N_("test point"))

    @cached_property
    def _shown_classes(self) -> tuple[str, ...]:
        """The classes as the window calls them; cells are copied with the names of files."""
        return tuple(map(shown_class, self.classes))

    def __len__(self) -> int:
        return len(self.kinds)

    # What stands there --------------------------------------------------------------------------

    def text(self, points: Points, row: int, column: int) -> str:
        """A cell in full: read back, it gives the same point, as exactly as the unit allows."""
        kind = self.kinds[column]
        if kind == "class":
            return self.classes[points.y[row]]
        if kind == "test":
            return "TRUE" if points.held_out[row] else "FALSE"
        axis = self._axis(column)
        value = self._values(points, column)[row]
        return _shortest(value, axis)

    def shown(self, points: Points, row: int, column: int) -> str:
        """A cell as it is shown: numbers with the digits that a person looks at."""
        if self.kinds[column] == "class":
            return self._shown_classes[points.y[row]]
        if self.kinds[column] == "test":
            return self.text(points, row, column)
        value = self._values(points, column)[row]
        original = self._axis(column).original(float(value))
        is_long = value.dtype == np.float64 and abs(original) >= LONG
        if is_long:
            return _shortest(value, self._axis(column)).replace("-", numbers.MINUS)
        return numbers.rounded(original, 5)

    def order(self, points: Points, column: int, *, descending: bool) -> IntArray:
        """The rows sorted by a column; rows with equal cells stay in their order."""
        if self.kinds[column] == "class":
            # As a person reads them, not as they are numbered.
            rank = np.argsort(
                np.argsort(np.array([name.casefold() for name in self._shown_classes]))
            )
            values: npt.NDArray = rank[points.y]
        elif self.kinds[column] == "test":
            values = points.held_out.astype(np.int8)
        else:
            values = self._values(points, column)
        return np.argsort(-values if descending else values, kind="stable")

    def _axis(self, column: int) -> Axis:
        return self.inputs[column] if column < len(self.inputs) else Axis(self.titles[column])

    def _values(self, points: Points, column: int) -> npt.NDArray:
        """The stored numbers (N,) behind a column of inputs or targets."""
        if column < len(self.inputs):
            return points.x[:, column]
        return _by_column(points.y)[:, column - len(self.inputs)]

    # What is written there ----------------------------------------------------------------------

    def edited(self, points: Points, cells: Iterable[Cell], test_share: float = 0.0) -> Points:
        """The points with these cells written over.

        Rows behind the last become new points: at the middle of the canvas, of the class or target
        of the last point. Unless the cells say which, `test_share` of those are held out. Raises
        DataError, with the row and the column, for a text that does not fit its cell; then nothing
        has changed.
        """
        cells, count = list(cells), len(points)
        points = self.extended(points, max((row for row, _, _ in cells), default=-1) + 1)
        points = self._written(points, cells)
        is_said = any(row >= count and self.kinds[column] == "test" for row, column, _ in cells)
        return points if is_said else points.divided_from(count, test_share)

    def _written(self, points: Points, cells: Iterable[Cell]) -> Points:
        x, y, held_out = points.x.copy(), points.y.copy(), points.held_out.copy()
        answers = _by_column(y)
        for row, column, text in cells:
            kind = self.kinds[column]
            value = self._read(row, column, text)
            if kind == "input":
                x[row, column] = value
            elif kind == "test":
                held_out[row] = value
            else:
                answers[row, column - len(self.inputs)] = value
        return Points(x, y, held_out)

    def extended(self, points: Points, count: int) -> Points:
        """The points with new ones at the end, so that there are `count` at least."""
        more = count - len(points)
        if more <= 0:
            return points
        answer = points.y[-1] if len(points) else np.zeros(points.y.shape[1:], points.y.dtype)
        return Points(
            np.concatenate([points.x, np.zeros((more, points.x.shape[1]), points.x.dtype)]),
            np.concatenate([points.y, np.repeat(answer[None], more, axis=0)]),
            np.concatenate([points.held_out, np.zeros(more, bool)]),
        )

    def placed(self, lines: list[list[str]], left: int) -> list[list[tuple[int, str]]]:
        """Lines of cells as (column, text): from the column `left` on, or, where the first line
        names the columns, under those names. A line that names columns is no point.
        """
        if not self._is_header(lines, left):
            return [list(enumerate(line, left)) for line in lines]
        named = [self._named(cell) for cell in lines[0]]
        columns = [column for column in named if column is not None]
        if len(set(columns)) < len(lines[0]):
            return [list(enumerate(line, left)) for line in lines[1:]]
        return [
            [pair for pair in zip(columns, line, strict=False) if pair[0] != NOWHERE]
            for line in lines[1:]
        ]

    def _is_header(self, lines: list[list[str]], left: int) -> bool:
        """True for words where the line below has numbers, or for nothing but names of columns."""
        if len(lines) < 2:
            return False
        if all(self._named(cell) is not None for cell in lines[0]):
            return True
        columns = zip(self.kinds[left:], lines[0], lines[1], strict=False)
        return any(
            kind in ("input", "target") and not _is_number(above) and _is_number(below)
            for kind, above, below in columns
        )

    def _named(self, cell: str) -> int | None:
        """The column that a cell names, NOWHERE for what an exported table has beside the points,
        None for any other text.
        """
        name = cell.strip().casefold()
        for column, title in enumerate(self.titles):
            if name in (title.casefold(), tr(title).casefold()):
                return column
        others = {MARK: NOWHERE, HELD_OUT: len(self) - 1}
        return others.get(name)

    def _read(self, row: int, column: int, text: str) -> float:
        where = Message(
            "Point {number}, {column}", number=row + 1, column=Message(self.titles[column])
        )
        kind = self.kinds[column]
        if kind == "class":
            return self._label(where, text.strip())
        if kind == "test":
            return _truth(where, text)
        number = parse(text, where, -LARGEST, LARGEST)
        return self._axis(column).canvas(number)

    def _label(self, where: str, text: str) -> int:
        for names in (self.classes, self._shown_classes):
            folded = [name.casefold() for name in names]
            if text in names:
                return names.index(text)
            if text.casefold() in folded:
                return folded.index(text.casefold())
        raise DataError(
            "{path}: no class is called '{name}'.",
            nearest(text, self._shown_classes),
            path=where,
            name=text[:40],
        )


def _is_number(text: str) -> bool:
    try:
        parse(text, "", -LARGEST, LARGEST)
    except PlaygroundError:
        return False
    return True


def _by_column(answers: npt.NDArray) -> npt.NDArray:
    """(N, K) on the same memory, for answers (N,) or (N, K)."""
    return answers[:, None] if answers.ndim == 1 else answers


def _inputs(width: int, axes: tuple[Axis, ...] | None, dataset: Dataset | None) -> tuple[Axis, ...]:
    if axes is not None and len(axes) == width:
        return axes
    names = () if dataset is None else dataset.input_names
    return tuple(map(Axis, names if len(names) == width else [f"x{i + 1}" for i in range(width)]))


def _classes(
    points: Points, data: Data | None, dataset: Dataset | None, looks: ClassLooks
) -> tuple[str, ...]:
    """As many names as there can be labels; classes without one are called by their color."""
    own = getattr(data, "class_names", ()) or (dataset.class_names if dataset else ())
    count = max(2, len(own), int(points.y.max(initial=0)) + 1)
    if isinstance(data, GeneratedData | PointsData):
        count = max(count, data.class_count)
    return looks.called(own, count)


def cells_of(text: str) -> list[list[str]]:
    """Lines and cells of tab separated text; what ends the last line is not one more."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    return [line.split("\t") for line in lines] if any(lines) else []


def runs(rows: IntArray) -> list[tuple[int, int]]:
    """First and last of each unbroken run in ascending numbers."""
    if not len(rows):
        return []
    ends = np.flatnonzero(np.diff(rows) > 1)
    firsts = rows[np.concatenate([[0], ends + 1])]
    lasts = rows[np.concatenate([ends, [len(rows) - 1]])]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def _truth(where: str, text: str) -> bool:
    word = text.strip().casefold()
    if word not in (*YES, *NO):
        raise DataError(
            "{path}: '{text}' is neither TRUE nor FALSE; write one of the two.",
            path=where,
            text=text[:40],
        )
    return word in YES


def _shortest(value: np.floating, axis: Axis) -> str:
    """The original value with the fewest digits that lead back to the same stored one."""
    original, stored = axis.original(float(value)), type(value)
    for digits in range(6, 17):
        text = f"{original:.{digits}g}"
        if stored(axis.canvas(float(text))) == value:
            return text
    return repr(original)
