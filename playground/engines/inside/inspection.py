"""A look into the network while it trains: gradients, activations, and what it says of each point.

Gradients come from PyTorch's autograd on a copy of the network, whichever engine trains, so that
they mean the same everywhere and the training is not disturbed. Torch is imported where they are
asked for. Belongs to the thread that trains.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
import numpy.typing as npt

from playground.core.data.dataset import Dataset
from playground.core.data.pixels import prepared_in
from playground.core.data.points import FloatArray, IntArray, frozen
from playground.engines.contract.base import Engine, Plan, ShowsLayers, Weights
from playground.engines.contract.views import Inspection, Views
from playground.engines.inside.comparison import Comparison
from playground.engines.loop.preload import load_torch

GRADIENT_ROWS = 512
ACTIVATION_ROWS = 256
MOST_PREDICTIONS = 200_000
_BLOCK_ROWS = 4_096
LARGEST_BATCH = 10_000
"""Rows of a batch that may still be pointed out on the canvas."""

SECONDS_BETWEEN = 0.25
SHARE = 0.1
"""The part of a run's time that looking may take."""


class Inspector:
    """Looks into one run, seldom enough not to slow it down."""

    def __init__(self, plan: Plan, dataset: Dataset) -> None:
        self._plan = plan
        self._due = 0.0
        self._seen: tuple[Weights | None, tuple[object, ...]] = (None, ())
        self._found: Inspection | None = None
        self.load(dataset)

    def load(self, dataset: Dataset) -> None:
        """Look at these data from now on."""
        self._dataset = dataset
        self._train_rows = np.flatnonzero(~dataset.points.held_out)
        self._inputs: FloatArray | None = None
        self._seen = (None, ())

    def rows_of(self, batch: npt.NDArray[np.int64] | None) -> IntArray | None:
        """Rows of the dataset's points for rows of its training split."""
        if batch is None or len(batch) > LARGEST_BATCH or batch.max(initial=-1) >= self._rows:
            return None
        return frozen(self._train_rows[batch])

    @property
    def _rows(self) -> int:
        return len(self._train_rows)

    def look(
        self,
        engine: Engine,
        weights: Weights,
        views: Views,
        moment: tuple[int, int],
        *,
        at_once: bool,
    ) -> Inspection | None:
        """What is wanted of the network with these weights; None where it is not yet time.

        moment   epoch and step of these weights
        at_once  look now, because nothing will change for a while.
        """
        if not _wish(views):
            return None
        seen_weights, seen_wish = self._seen
        if seen_weights is weights and seen_wish == _wish(views):
            return self._found
        started = perf_counter()
        if not at_once and started < self._due:
            return None
        self._found = self._inspect(engine, weights, views, moment)
        self._seen = weights, _wish(views)
        now = perf_counter()
        self._due = now + max(SECONDS_BETWEEN, (now - started) / SHARE)
        return self._found

    def _inspect(
        self, engine: Engine, weights: Weights, views: Views, moment: tuple[int, int]
    ) -> Inspection:
        train = self._dataset.train
        gradients: Weights = {}
        activations: tuple[FloatArray, ...] = ()
        if views.inspect:
            load_torch()
            from playground.engines.pytorch.autograd import autograd

            some = slice(GRADIENT_ROWS)
            gradients = autograd(self._plan, weights, train.inputs[some], train.targets[some])
            activations = engine.neurons(train.inputs[:ACTIVATION_ROWS])
        return Inspection(
            gradients=gradients,
            activations=activations,
            predictions=self._predictions(engine) if views.predictions else None,
            feature_maps=self._feature_maps(engine, views.image_row),
            by_hand=self._by_hand(weights) if views.by_hand else None,
            epoch=moment[0],
            step=moment[1],
        )

    def _by_hand(self, weights: Weights) -> Comparison | str:
        load_torch()
        from playground.engines.inside.by_hand import compare

        rows = np.arange(min(GRADIENT_ROWS, len(self._dataset.train)))
        return compare(self._plan, self._dataset, weights, rows)

    def _feature_maps(self, engine: Engine, row: int | None) -> tuple[FloatArray, ...]:
        """What the layers make of one image; only PyTorch trains layers that look at images."""
        if row is None or row >= len(self._dataset.points) or not isinstance(engine, ShowsLayers):
            return ()
        return engine.feature_maps(self._dataset.prepare(self._dataset.points.x[row : row + 1]))

    def _predictions(self, engine: Engine) -> FloatArray | None:
        if len(self._dataset.points) > MOST_PREDICTIONS:
            return None
        if self._inputs is None:
            self._inputs = self._dataset.inputs
        return self._dataset.target_scale.restored(_predicted(engine, self._inputs))


def _predicted(engine: Engine, inputs: FloatArray) -> FloatArray:
    """What a network says; of pixels, which stay bytes, block by block."""
    if prepared_in(inputs) is None or not len(inputs):
        return engine.predict(inputs)
    starts = range(0, len(inputs), _BLOCK_ROWS)
    return np.concatenate([engine.predict(inputs[at : at + _BLOCK_ROWS]) for at in starts])


def _wish(views: Views) -> tuple[object, ...]:
    """What is wanted; empty where it is nothing."""
    wish = (views.inspect, views.predictions, views.by_hand, views.image_row)
    return wish if wish != (False, False, False, None) else ()
