"""Points: what a person draws, and the pure edits that change them.

Every edit returns new Points and leaves the old ones alone, so that undo is keeping a reference.
Arrays are read-only and may be shared between threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.core.data.pixels import pixels_in
from playground.core.errors import DataError

MAX_CLASSES = 100
"""Classes of a table, a file of images or a project: each looks different, see `ClassLooks`."""

MOST_DRAWN_CLASSES = 10
"""Classes up to which one more can be added by hand: each has a color of its own."""

ASIDE = (0.3, -0.3)
"""How far copies stand from their originals, in canvas units: right and down."""

FINENESS = 1e-6
"""Of what a column covers: a rounding by less is not seen once the column is standardised."""

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]


def frozen(array: npt.NDArray) -> npt.NDArray:
    """`array` itself, made read-only."""
    array.setflags(write=False)
    return array


def compact(values: npt.NDArray[np.float64]) -> npt.NDArray:
    """Finite values (N,) or (N, D) as float32, or themselves where a column would lose what tells
    its values apart: milliseconds since 1970, for one.
    """
    with np.errstate(over="ignore"):
        small = values.astype(np.float32)
    for column, rounded in zip(_columns(values), _columns(small), strict=True):
        if not np.abs(column - rounded).max(initial=0) <= FINENESS * np.ptp(column):
            return values
    return small


def _columns(values: npt.NDArray) -> Iterator[npt.NDArray]:
    """One at a time: a second copy of a large table is not to be had."""
    return iter(values.T) if values.ndim > 1 and len(values) else iter([values][: len(values)])


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Labelled points, in the order in which they were made.

    x         float32 (N, D): coordinates; D is 2 on the canvas. Images may be `Pixels`, which are
              used like such an array.
    y         int64 (N,): class labels from 0 up, or float32 (N,): regression targets; (N, K) where
              a target is a vector.
              Numbers may be float64, both or one of them, where all their digits are kept.
    held_out  bool (N,): True for points that are kept for testing.

    Raises DataError where lengths differ or a value is not finite.
    """

    x: FloatArray
    y: npt.NDArray
    held_out: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        if not len(self.x) == len(self.y) == len(self.held_out):
            raise DataError(
                "There are {points} points but {answers} answers and {marks} marks of what is held"
                " out; every point needs one of each.",
                points=len(self.x),
                answers=len(self.y),
                marks=len(self.held_out),
            )
        arrays = [self.y, self.held_out]
        if isinstance(self.x, np.ndarray):  # Pixels are finite, and read-only already
            arrays.append(self.x)
        if not all(np.isfinite(array).all() for array in arrays):
            raise DataError("A point has a value that is not a finite number; remove that point.")
        for array in arrays:
            frozen(array)

    @classmethod
    def of(
        cls,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        held_out: npt.ArrayLike | None = None,
        *,
        exact: bool = False,
    ) -> Points:
        """Points from anything numpy can read; integer `y` are labels, floating `y` are targets.

        exact  numbers keep the digits that they need, see `compact`; else they become float32
        """
        if (pixels := pixels_in(x)) is not None:
            coordinates = pixels.as_floats()
        elif exact and getattr(x, "dtype", None) != np.float32:
            coordinates = compact(np.array(x, np.float64))
        else:
            coordinates = np.array(x, dtype=np.float32)
        if coordinates.ndim != 2:
            coordinates = coordinates.reshape(len(coordinates), -1 if coordinates.size else 2)
        values = np.array(y)
        is_label = np.issubdtype(values.dtype, np.integer)
        if is_label or not exact:
            values = values.astype(np.int64 if is_label else np.float32)
        else:
            values = compact(values)
        mask = np.zeros(len(coordinates), bool) if held_out is None else np.array(held_out, bool)
        return cls(coordinates, values, mask)

    @classmethod
    def empty(cls, *, regression: bool = False, inputs: int = 2) -> Points:
        """No points yet, of the given problem."""
        y = np.zeros(0, np.float32 if regression else np.int64)
        return cls(np.zeros((0, inputs), np.float32), y, np.zeros(0, bool))

    def __len__(self) -> int:
        return len(self.x)

    @property
    def is_regression(self) -> bool:
        return self.y.dtype.kind == "f"

    def same_as(self, other: Points) -> bool:
        """True where all values are equal, bit for bit."""
        pairs = ((self.x, other.x), (self.y, other.y), (self.held_out, other.held_out))
        return all(
            a is b or (a.shape == b.shape and a.dtype == b.dtype and bool(np.all(a == b)))
            for a, b in pairs
        )

    def add(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Points:
        """These points and new ones (M, D) behind them; `y` is one value for all or one for each.

        New points are for training until `divided_from` says otherwise.
        """
        new = np.array(x, self.x.dtype).reshape(-1, self.x.shape[1])
        values = np.broadcast_to(np.array(y, self.y.dtype), (len(new),))
        return Points(
            np.concatenate([self.x, new]),
            np.concatenate([self.y, values]),
            np.concatenate([self.held_out, np.zeros(len(new), bool)]),
        )

    def divided_from(self, start: int, share: float) -> Points:
        """These points, those from row `start` on divided anew: of each class the first is for
        training, and of all that there are of it about `share` are held out.

        Which ones depends on nothing but how many of the class stand before them.
        """
        kinds = np.zeros(len(self), np.int64) if self.is_regression else self.y
        held_out = self.held_out.copy()
        for kind in np.unique(kinds[start:]):
            rows = np.flatnonzero(kinds == kind)
            # A hair more, because ten times 0.3 must make a whole three.
            owed = np.floor(np.arange(len(rows) + 1) * share + 1e-9)
            is_new = rows >= start
            held_out[rows[is_new]] = np.diff(owed)[is_new] > 0
        return Points(self.x, self.y, held_out)

    def move(self, rows: Sequence[int] | IntArray, x: npt.ArrayLike) -> Points:
        """These points with the ones in `rows` at new places x (len(rows), D)."""
        moved = self.x.copy()
        moved[np.asarray(rows, np.int64)] = np.asarray(x, self.x.dtype)
        return Points(moved, self.y, self.held_out)

    def shift(self, rows: Sequence[int] | IntArray, by: Sequence[float]) -> Points:
        """These points with the ones in `rows` moved by `by` (D,)."""
        return self.move(rows, self.x[np.asarray(rows, np.int64)] + np.asarray(by, np.float64))

    def duplicate(self, rows: Sequence[int] | IntArray, offset: Sequence[float]) -> Points:
        """These points, and at the end those in `rows` once more, `offset` (D,) aside.

        A copy is held out where its original is: a test point that one trained on tests nothing.
        """
        copies = self.take(np.asarray(rows, np.int64))
        copies = copies.shift(np.arange(len(copies)), offset)
        return Points(
            np.concatenate([self.x, copies.x]),
            np.concatenate([self.y, copies.y]),
            np.concatenate([self.held_out, copies.held_out]),
        )

    def relabel(self, rows: Sequence[int] | IntArray, y: float) -> Points:
        """These points with label or target `y` at `rows`."""
        values = self.y.copy()
        values[np.asarray(rows, np.int64)] = y
        return Points(self.x, values, self.held_out)

    def remove(self, rows: Sequence[int] | IntArray) -> Points:
        """These points without the ones in `rows`."""
        kept = np.ones(len(self), bool)
        kept[np.asarray(rows, np.int64)] = False
        return self.take(kept)

    def take(self, rows: npt.NDArray) -> Points:
        """The points at `rows` (indices, or a bool mask), in that order."""
        return Points(self.x[rows], self.y[rows], self.held_out[rows])

    def within(self, center: tuple[float, float], radius: float) -> IntArray:
        """Rows of the points not farther than `radius` from `center`, nearest first."""
        distance = np.hypot(self.x[:, 0] - center[0], self.x[:, 1] - center[1])
        near = np.flatnonzero(distance <= radius)
        return near[np.argsort(distance[near], kind="stable")]
