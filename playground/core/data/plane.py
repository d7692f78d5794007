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
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from playground.core.data.axis import Axis
from playground.core.data.points import FloatArray, frozen
from playground.core.messages import N_
from playground.core.numbers import percent

if TYPE_CHECKING:
    from playground.core.data.dataset import Dataset
    from playground.core.experiment.view import ViewSpec

CANVAS_REACH = 6.0
"""The canvas shows [-6, 6] both ways, in units of its own."""
CURVE_REACH = 2.0
"""Where a single input leaves the height to drawn targets, which lie about [-1, 1], [-2, 2]."""
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


Axes = tuple[Axis, Axis]


def lies_on_canvas(dataset: Dataset) -> bool:
    """True for points that were drawn or generated, or scaled to the canvas: they are stored in its
    units.
    """
    data = dataset.data
    if data.kind not in ("generated", "points") or dataset.points.x.shape[1] > 2:
        return False
    units = getattr(data, "axes", None) or ()
    return data.target_scaling == "none" or not all(axis.is_plain for axis in units)


def depends_on_data(dataset: Dataset) -> bool:
    """True where the points say what the units of the canvas are, and it is no plane that does."""
    inputs, is_own = dataset.points.x.shape[1], dataset.data.kind == "points"
    return inputs == 1 or (inputs == 2 and is_own and not lies_on_canvas(dataset))


class Pictured(NamedTuple):
    """What pictures of a network are made with.

    plane     None where there is none
    stored    what places of the canvas are in the numbers that points are stored in, where the
              points say so
    shown_in  the same of what a picture shows; None for the canvas as it is
    values    lowest and highest target that colours tell apart
    """

    plane: Plane | None
    stored: Axes | None
    shown_in: Axes | None
    values: tuple[float, float]


def pictured(dataset: Dataset, view: ViewSpec, stored: Axes | None) -> Pictured:
    """How a data set is pictured; `stored` is what is shown now, where that holds the points."""
    stored = (stored or stored_axes(dataset)) if depends_on_data(dataset) else None
    plane, shown_in = Plane.of(dataset, view, stored), stored
    if plane is not None and stored is None and plane.inputs == 2 and not lies_on_canvas(dataset):
        shown_in = plane.axes
    return Pictured(plane, stored, shown_in, values_of(dataset))


def stored_axes(dataset: Dataset) -> Axes:
    """What places of the canvas are in the numbers that points are stored in."""
    inputs = dataset.points.x.shape[1]
    has_range = inputs <= 2 and dataset.points.y.ndim == 1 and len(dataset.points.x) > 0
    if not has_range or (inputs == 2 and lies_on_canvas(dataset)):
        return plain_axes()
    return seen(dataset)


def seen(dataset: Dataset) -> Axes:
    """The range across and up: of both inputs, or of one and the targets or numbers of classes."""
    x, y = dataset.points.x, dataset.points.y
    is_drawn, (across, up) = lies_on_canvas(dataset), named_axes(dataset)
    fitted = _on_canvas if is_drawn else _fitted
    first = fitted(x[:, 0], across.name)
    if x.shape[1] == 2:
        return first, fitted(x[:, 1], up.name)
    if is_drawn and dataset.is_regression and dataset.data.target_scaling == "none":
        return first, _grown(y, up.name, CURVE_REACH)
    return first, _fitted(y if dataset.is_regression else np.arange(dataset.classes), up.name)


def named_axes(dataset: Dataset) -> Axes:
    """The names, and the units where points are stored in others."""
    units = getattr(dataset.data, "axes", None) or [Axis(name) for name in dataset.input_names]
    if dataset.points.x.shape[1] == 2:
        return units[0], units[1]
    across = Axis("x") if dataset.input_names == ("x1",) else units[0]
    return across, Axis(dataset.data.answer_name or "y")


def _on_canvas(column: npt.NDArray, name: str) -> Axis:
    """The canvas as it is, and farther where points lie there."""
    return _grown(column, name, CANVAS_REACH)


def _grown(column: npt.NDArray, name: str, reach: float) -> Axis:
    """An axis from -reach to reach, and farther where points lie there."""
    low, high = min(float(column.min()), -reach), max(float(column.max()), reach)
    return Axis(name, low / 2 + high / 2, (high / 2 - low / 2) / CANVAS_REACH)


def values_of(dataset: Dataset) -> tuple[float, float]:
    """The targets of drawn and generated data are from about -1 to 1; others have units."""
    y, data = dataset.points.y, dataset.data
    if dataset.classes or not len(y) or data.kind == "generated":
        return -1.0, 1.0
    is_drawn = data.kind == "points" and data.target_scaling == "none"
    if is_drawn and np.abs(y).max() <= CURVE_REACH:
        return -1.0, 1.0
    low, high = float(y.min()), float(y.max())
    return (low, high) if low < high else (low - 1.0, high + 1.0)


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
    def of(cls, dataset: Dataset, view: ViewSpec, stored: Axes | None = None) -> Plane | None:
        """The plane of a data set, chosen by `view` where there is a choice.

        stored  for points of two inputs in units of their own, what places of the canvas are in
                them; left out, they fill it

        None where a plane would say nothing: a single input, pictures, and data that ask for
        several values.
        """
        inputs = dataset.points.x.shape[1]
        if inputs < 2 or dataset.points.y.ndim > 1 or dataset.image is not None:
            return None
        if inputs == 2 and lies_on_canvas(dataset):
            axes = getattr(dataset.data, "axes", None) or plain_axes()
            return cls._identity(axes, dataset.points.x.dtype)
        if inputs > 2 and view.projection == "pca":
            return cls._components(dataset)
        shown = (0, 1) if stored is not None and inputs == 2 else sliced_inputs(view, inputs)
        if stored is None or inputs > 2:
            x, names = dataset.points.x, dataset.input_names
            across, up = (_fitted(x[:, i], names[i]) for i in shown)
            stored = across, up
        return cls._slice(dataset, shown, stored)

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
            places[rows] = representable((x[rows][:, seen] - origin) @ sight)
        return frozen(places)

    def lift(self, uv: npt.NDArray) -> npt.NDArray:
        """The inputs that places uv (M, 2) of the canvas stand for: (M, D), as exact as the
        points.
        """
        raw = self._origin + np.asarray(uv, np.float64) @ self._directions
        return representable(raw).astype(self._dtype)

    @property
    def _is_canvas(self) -> bool:
        """True where inputs and canvas are one and the same."""
        return np.array_equal(self._sight, np.eye(2)) and not self._origin.any()

    @classmethod
    def _identity(cls, axes: tuple[Axis, Axis], dtype: npt.DTypeLike) -> Plane:
        return cls(axes, "", {}, dtype, np.zeros(2), np.eye(2), np.eye(2))

    @classmethod
    def _slice(cls, dataset: Dataset, shown: tuple[int, int], axes: Axes) -> Plane:
        """Two inputs as they are, each scaled to the canvas; the others at their mean."""
        points = dataset.points
        origin = _mean(points.x[~points.held_out])
        directions, sight = np.zeros((2, len(origin))), np.zeros((len(origin), 2))
        for direction, (column, axis) in enumerate(zip(shown, axes, strict=True)):
            origin[column] = axis.offset
            directions[direction, column] = axis.scale
            sight[column, direction] = 1 / axis.scale
        others = len(origin) - 2
        numbers = {"count": others}
        said, dtype = _slice_note(others), points.x.dtype
        return cls(axes, said, numbers, dtype, origin, directions, sight)

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


def plain_axes() -> tuple[Axis, Axis]:
    return Axis("x1"), Axis("x2")


def representable(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What is too large for float32 becomes the largest that is not."""
    limit = float(np.finfo(np.float32).max)
    return np.clip(values, -limit, limit)


def _mean(x: FloatArray) -> npt.NDArray[np.float64]:
    return np.asarray(np.mean(x, axis=0, dtype=np.float64))


def sliced_inputs(view: ViewSpec, inputs: int) -> tuple[int, int]:
    """The inputs that a slice shows: the chosen ones where the data have them and they differ."""
    first, second = view.axes
    return view.axes if first != second and max(view.axes) < inputs else (0, 1)


def _fitted(column: npt.NDArray, name: str) -> Axis:
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
