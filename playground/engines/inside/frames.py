"""The pictures of a run: what the network says all over the canvas, and wherever it is asked.

Imports the core and the protocol of engines; belongs to the thread that trains, as the network
does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from playground.core.data.dataset import Dataset
from playground.core.data.plane import Axes, Plane, pictured
from playground.core.data.points import FloatArray, frozen
from playground.core.data.target_scale import PLAIN
from playground.core.experiment.view import ViewSpec
from playground.engines.contract.base import Engine, ShowsTraining, Weights
from playground.engines.contract.views import Frame, Views

FIRST_VIEW = ViewSpec()

GRID_VALUES = 8_000_000
"""Values that a grid may hold: data with many inputs get a coarser picture, not all the memory."""
COARSEST = 16
"""Cells along each side of a picture, at least."""
LARGEST = float(np.finfo(np.float32).max)
GRIDS_KEPT = 2
"""One for the map, one for the neurons; panning leaves the others behind."""


class FramePainter:
    """Draws frames, and keeps the grids they are drawn on."""

    def __init__(self) -> None:
        self._grids: dict[tuple[int, float, tuple[float, float]], FloatArray] = {}
        self._made_for: tuple[Dataset, ViewSpec, Axes | None] | None = None
        self._plane: Plane | None = None
        self._stored: Axes | None = None
        self._shown_in: Axes | None = None
        self._values = (-1.0, 1.0)
        self._drawn: tuple[Weights | None, tuple[object, ...], Frame] | None = None

    def draw(
        self,
        engine: Engine,
        dataset: Dataset,
        views: Views | None,
        view: ViewSpec = FIRST_VIEW,
        batch: npt.NDArray[np.int64] | None = None,
        *,
        probes: Sequence[tuple[float, ...]] = (),
        weights: Weights | None = None,
    ) -> Frame | None:
        """What `views` ask for; `view` chooses the plane of data with more than two inputs.

        batch    the training rows of the last step, for the picture as it was in training
        probes   inputs of points that the network is asked about
        weights  those that the engine has now: while they are the same, so are the pictures, and a
                 question costs a prediction of some points
        """
        if views is None:
            return None
        self._prepare_for(dataset, view, views.stored)
        key = (views.grid, views.neuron_grid, views.extent, views.center, views.in_training)
        drawn = self._drawn
        if drawn is None or weights is None or drawn[0] is not weights or drawn[1] != key:
            frame = self._picture(engine, dataset, views)
            if views.in_training and frame.map is not None and batch is not None:
                frame = replace(frame, map=self._in_training(engine, frame.map, views, batch))
            drawn = self._drawn = weights, key, frame
        return self._answered(drawn[2], engine, dataset, views, probes)

    def _answered(
        self,
        frame: Frame,
        engine: Engine,
        dataset: Dataset,
        views: Views,
        probes: Sequence[tuple[float, ...]],
    ) -> Frame:
        """A frame with what the network says where it is asked, in one prediction.

        Where that is no number, so far away, it says nothing.
        """
        inputs = dataset.points.x.shape[1]
        asked = [probe for probe in probes if len(probe) == inputs]
        place, pointed = views.pointer, self._under(views.pointer, inputs)
        pad = views.pad if views.pad is not None and len(views.pad) == inputs else None
        rows = [np.asarray(row) for row in (*asked, pointed, pad) if row is not None]
        if not rows:
            return frame
        raw = np.clip(np.stack(rows), -LARGEST, LARGEST).astype(dataset.points.x.dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            said = self._said(engine, dataset.prepare(raw))
        answers: list[FloatArray | None] = [row if np.isfinite(row).all() else None for row in said]
        probes_said = zip(asked, answers[: len(asked)], strict=True)
        under = None if pointed is None else answers[len(asked)]
        return replace(
            frame,
            probes={probe: answer for probe, answer in probes_said if answer is not None},
            pointer=None if place is None or under is None else (place, under),
            pad=None if pad is None else answers[-1],
        )

    def _under(self, pointer: tuple[float, float] | None, inputs: int) -> FloatArray | None:
        """The inputs that a place of the canvas stands for; None where it stands for none."""
        if pointer is None or (self._plane is None and inputs != 1):
            return None
        if self._stored is not None and inputs == 1:
            return np.array([self._stored[0].original(pointer[0])])
        assert self._plane is not None, "data of two inputs and more have a plane"
        return self._plane.lift(np.array([pointer]))[0]

    def _picture(self, engine: Engine, dataset: Dataset, views: Views) -> Frame:
        inputs = dataset.points.x.shape[1]
        if inputs == 1:
            return self._curves(engine, views)
        if self._plane is None:
            return self._frame(None, (), views)
        picture: FloatArray | None = None
        neurons: tuple[FloatArray, ...] = ()
        if views.grid:
            size = _affordable(views.grid, inputs)
            picture = self._said(engine, self._grid(size, views)).reshape(size, size, -1)
        if views.neuron_grid:
            size = _affordable(views.neuron_grid, inputs)
            layers = engine.neurons(self._grid(size, views))
            neurons = tuple(frozen(_units_first(layer).reshape(-1, size, size)) for layer in layers)
        return self._frame(picture, neurons, views)

    def _frame(
        self, picture: FloatArray | None, neurons: tuple[FloatArray, ...], views: Views
    ) -> Frame:
        return Frame(
            picture,
            neurons,
            views.extent,
            views.center,
            stored=self._shown_in,
            values=self._values,
        )

    def _in_training(
        self, engine: Engine, picture: FloatArray, views: Views, batch: npt.NDArray[np.int64]
    ) -> FloatArray:
        """NumPy trains no layers that are different in training."""
        if not isinstance(engine, ShowsTraining):
            return picture
        values = engine.predict_in_training(self._grid(len(picture), views), batch)
        return frozen(self._dataset.target_scale.restored(values).reshape(picture.shape))

    def _curves(self, engine: Engine, views: Views) -> Frame:
        """The fitted curve, and what every unit gives along it, as fine as the curve."""
        size = max(views.grid, views.neuron_grid)
        picture = self._said(engine, self._grid(size, views)) if views.grid else None
        neurons: tuple[FloatArray, ...] = ()
        if views.neuron_grid:
            layers = engine.neurons(self._grid(size, views))
            neurons = tuple(frozen(_units_first(layer)) for layer in layers)
        return self._frame(picture, neurons, views)

    def _prepare_for(self, dataset: Dataset, view: ViewSpec, stored: Axes | None) -> None:
        """Forget what was made for other data or another plane."""
        if self._made_for is not None:
            before, *seen = self._made_for
            if dataset is before and seen == [view, stored]:
                return
        self._grids.clear()
        self._drawn = None
        self._made_for = dataset, view, stored
        self._plane, self._stored, self._shown_in, self._values = pictured(dataset, view, stored)

    @property
    def _dataset(self) -> Dataset:
        assert self._made_for is not None, "pictures are of data that were prepared for"
        return self._made_for[0]

    def _said(self, engine: Engine, inputs: FloatArray) -> npt.NDArray:
        """What the network says of inputs, in the units of the data."""
        said, scale = engine.predict(inputs), self._dataset.target_scale
        return said if scale is PLAIN else scale.restored(said)

    def _grid(self, size: int, views: Views) -> FloatArray:
        """Network inputs at the centres of the cells of the square that is shown, x1 fastest."""
        key = size, views.extent, views.center
        if key not in self._grids:
            while len(self._grids) >= GRIDS_KEPT:
                self._grids.pop(next(iter(self._grids)))
            self._grids[key] = self._dataset.prepare(self._raw(size, views))
        return self._grids[key]

    def _raw(self, size: int, views: Views) -> npt.NDArray:
        """What the places of the picture stand for, in the numbers that points are stored in."""
        cells = (np.arange(size, dtype=np.float32) + 0.5) * (2 * views.extent / size) - views.extent
        across, up = cells + np.float32(views.center[0]), cells + np.float32(views.center[1])
        if self._plane is None:
            assert self._stored is not None, "a single input lies along a curve"
            x = self._stored[0].original(across.astype(np.float64))
            return x.astype(self._dataset.points.x.dtype)[:, None]
        places = np.stack([axis.ravel() for axis in np.meshgrid(across, up)], axis=1)
        return self._plane.lift(places)


def _affordable(size: int, inputs: int) -> int:
    return min(size, max(COARSEST, math.isqrt(GRID_VALUES // inputs)))


def _units_first(layer: FloatArray) -> FloatArray:
    """(cells, units) as (units, cells)."""
    return np.ascontiguousarray(layer.T)
