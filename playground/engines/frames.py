"""The pictures of a run: what the network says all over the canvas.

Imports the core and the protocol of engines; belongs to the thread that trains, as the network
does.
"""

from __future__ import annotations

import numpy as np

from playground.core.dataset import Dataset, Preparation
from playground.core.points import FloatArray, frozen
from playground.engines.base import Engine
from playground.engines.exchange import Frame, Views

__all__ = ["FramePainter"]


class FramePainter:
    """Draws frames, and keeps the grids they are drawn on."""

    def __init__(self) -> None:
        self._grids: dict[tuple[int, float], FloatArray] = {}
        self._preparation: Preparation | None = None

    def draw(self, engine: Engine, dataset: Dataset, views: Views | None) -> Frame | None:
        if views is None:
            return None
        if dataset.prepare is not self._preparation:
            self._grids, self._preparation = {}, dataset.prepare
        inputs = dataset.points.x.shape[1]
        picture: FloatArray | None = None
        neurons: tuple[FloatArray, ...] = ()
        if views.grid and inputs <= 2:
            values = engine.predict(self._grid(views.grid, views.extent, inputs))
            picture = frozen(values.reshape(*[views.grid] * inputs, -1))
        if views.neuron_grid and inputs == 2:
            size = views.neuron_grid
            layers = engine.neurons(self._grid(size, views.extent, inputs))
            neurons = tuple(
                frozen(np.ascontiguousarray(layer.T).reshape(-1, size, size)) for layer in layers
            )
        return Frame(picture, neurons, views.extent)

    def _grid(self, size: int, extent: float, inputs: int) -> FloatArray:
        """Network inputs at the centres of size^inputs cells over [-extent, extent]^inputs, x1
        fastest.
        """
        if (size, extent) not in self._grids:
            assert self._preparation is not None
            centers = (np.arange(size, dtype=np.float32) + 0.5) * (2 * extent / size) - extent
            axes = np.meshgrid(*[centers] * inputs)
            points = np.stack([axis.ravel() for axis in axes], axis=1)
            self._grids[size, extent] = self._preparation(points)
        return self._grids[size, extent]
