"""The plane that the canvas shows: where a point lies on it, and which inputs a place on it stands
for.

Data of two drawn or generated inputs are their own plane. A table is scaled to fit; of a table with
more than two inputs a plane is cut out of the space, along two inputs or along the two directions
in which the points differ most. All of them are straight: canvas and inputs are a matrix apart.

Pure NumPy; any thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from playground.core.data.axis import Axis
from playground.core.data.points import FloatArray, frozen
from playground.core.messages import N_
from playground.core.numbers import percent

if TYPE_CHECKING:
    from playground.core.data.dataset import Dataset
    from playground.core.experiment.view import ViewSpec

DATA_REACH = 5.0
"""A table is scaled so that it reaches from -5 to 5, as generated data do."""

SAMPLE = 500_000
"""Values that the directions of the principal components are taken from, for a short wait."""
FEWEST_ROWS = 256
BLOCK = 65_536
"""Rows that are projected at a time, so that a million rows need no second copy of themselves."""

COMPONENTS = N_("Principal components: they hold {share} of what the {count} inputs vary.")

FINEST = 1e-30
"""Columns that vary less are shown as if they did not: float32 has no digits left for them."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """A flat view into the space of the inputs.

    axes     what the two directions of the canvas mean
    said     a sentence for a person about what is not shown, with names in braces for numbers;
             empty where all is shown
    numbers  those numbers, by name
    """

    axes: tuple[Axis, Axis]
    said: str
    numbers: Mapping[str, Any]
    _dtype: npt.DTypeLike  # of the inputs
    _origin: npt.NDArray[np.float64]  # (D,): the inputs at the middle of the canvas
    _directions: npt.NDArray[np.float64]  # (2, D): how they change with each canvas unit
    _sight: npt.NDArray[np.float64]  # (D, 2): canvas units for each unit of an input

    @classmethod
    def of(cls, dataset: Dataset, view: ViewSpec) -> Plane | None:
        """The plane of a data set, chosen by `view` where there is a choice.

        None where a plane would say nothing: a single input, pictures, and data that ask for
        several values.
        """
        inputs = dataset.points.x.shape[1]
        if inputs < 2 or dataset.points.y.ndim > 1 or dataset.image is not None:
            return None
        kind = dataset.data.kind
        if inputs == 2 and kind in ("generated", "points"):
            axes = getattr(dataset.data, "axes", None) or _plain_axes()
            return cls._identity(axes, dataset.points.x.dtype)
        if inputs > 2 and view.projection == "pca":
            return cls._components(dataset)
        return cls._slice(dataset, sliced_inputs(view, inputs))

    @property
    def note(self) -> str:
        """The whole sentence about what is not shown."""
        return self.said.format(**self.numbers)

    @property
    def inputs(self) -> int:
        """Number of inputs of the space that the plane lies in."""
        return len(self._origin)

    def project(self, x: npt.NDArray) -> FloatArray:
        """Where inputs x (N, D) lie on the canvas: float32 (N, 2), maybe `x` itself."""
        if self._is_canvas and x.dtype == np.float32:
            return x
        seen = np.flatnonzero(self._sight.any(axis=1))  # of many inputs a slice sees but two
        origin, sight = self._origin[seen], self._sight[seen]
        places = np.empty((len(x), 2), np.float32)
        for rows in _blocks(len(x)):
            places[rows] = _representable((x[rows][:, seen] - origin) @ sight)
        return frozen(places)

    def lift(self, uv: npt.NDArray) -> npt.NDArray:
        """The inputs that places uv (M, 2) of the canvas stand for: (M, D), as exact as the
        points.
        """
        raw = self._origin + np.asarray(uv, np.float64) @ self._directions
        return _representable(raw).astype(self._dtype)

    @property
    def _is_canvas(self) -> bool:
        """True where inputs and canvas are one and the same."""
        return np.array_equal(self._sight, np.eye(2)) and not self._origin.any()

    @classmethod
    def _identity(cls, axes: tuple[Axis, Axis], dtype: npt.DTypeLike) -> Plane:
        return cls(axes, "", {}, dtype, np.zeros(2), np.eye(2), np.eye(2))

    @classmethod
    def _slice(cls, dataset: Dataset, shown: tuple[int, int]) -> Plane:
        """Two inputs as they are, each scaled to the canvas; the others at their mean."""
        points = dataset.points
        axes = tuple(_fitted(points.x[:, i], dataset.input_names[i]) for i in shown)
        origin = _mean(points.x[~points.held_out])
        directions, sight = np.zeros((2, len(origin))), np.zeros((len(origin), 2))
        for direction, (column, axis) in enumerate(zip(shown, axes, strict=True)):
            origin[column] = axis.offset
            directions[direction, column] = axis.scale
            sight[column, direction] = 1 / axis.scale
        others = len(origin) - 2
        numbers = {"count": others}
        said, dtype = _slice_note(others), points.x.dtype
        return cls((axes[0], axes[1]), said, numbers, dtype, origin, directions, sight)

    @classmethod
    def _components(cls, dataset: Dataset) -> Plane:
        """The first two principal components of the standardised training points.

        A place is lifted back to where the other components are 0.
        """
        points = dataset.points
        train = points.x[~points.held_out]
        mean = _mean(train)
        spread = np.asarray(np.std(train, axis=0, dtype=np.float64))
        spread[spread <= FINEST] = 1.0
        components, share = _principal((_some_rows(train) - mean) / spread)
        sight = components.T / spread[:, None]
        reach = max(float(np.abs((x - mean) @ sight).max(initial=0)) for x in _parts(points.x))
        scale = reach / DATA_REACH if reach > FINEST else 1.0
        axes = (Axis("component 1", 0.0, scale), Axis("component 2", 0.0, scale))
        numbers = {"share": percent(share, 0), "count": len(mean)}
        directions, dtype = components * spread * scale, points.x.dtype
        return cls(axes, COMPONENTS, numbers, dtype, mean, directions, sight / scale)


def _plain_axes() -> tuple[Axis, Axis]:
    return Axis("x1"), Axis("x2")


def _representable(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What is too large for float32 becomes the largest that is not."""
    limit = float(np.finfo(np.float32).max)
    return np.clip(values, -limit, limit)


def _mean(x: FloatArray) -> npt.NDArray[np.float64]:
    return np.asarray(np.mean(x, axis=0, dtype=np.float64))


def sliced_inputs(view: ViewSpec, inputs: int) -> tuple[int, int]:
    """The inputs that a slice shows: the chosen ones where the data have them and they differ."""
    first, second = view.axes
    return view.axes if first != second and max(view.axes) < inputs else (0, 1)


def _fitted(column: FloatArray, name: str) -> Axis:
    """An axis on which a column reaches from -5 to 5."""
    low, high = float(column.min()), float(column.max())
    scale = (high / 2 - low / 2) / DATA_REACH
    return Axis(name, low / 2 + high / 2, scale if scale > FINEST else 1.0)


def _slice_note(others: int) -> str:
    if others == 0:
        return ""
    if others == 1:
        return N_("A slice: the other input is at its mean.")
    return N_("A slice: the other {count} inputs are at their mean.")


def _principal(standardized: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], float]:
    """The first two right singular vectors (2, D), and the share of the variance they hold.

    A vector and its opposite mean the same; the one whose largest part is positive is taken, so
    that two computations agree. A row of zeros adds nothing and gives a single row a second vector.
    """
    rows = np.vstack([standardized, np.zeros(standardized.shape[1])])
    _, strengths, vectors = np.linalg.svd(rows, full_matrices=False)
    components = vectors[:2]
    largest = np.abs(components).argmax(axis=1)
    components = components * np.sign(components[[0, 1], largest])[:, None]
    energy = np.square(strengths)
    return components, float(energy[:2].sum() / (energy.sum() or 1.0))


def _some_rows(x: FloatArray) -> FloatArray:
    """Evenly spread rows, few enough for a quick decomposition."""
    wanted = max(FEWEST_ROWS, SAMPLE // x.shape[1])
    return x[:: -(-len(x) // wanted)] if len(x) > wanted else x


def _blocks(rows: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK) for start in range(0, rows, BLOCK))


def _parts(x: FloatArray) -> Iterator[FloatArray]:
    return (x[rows] for rows in _blocks(len(x)))
