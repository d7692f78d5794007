"""What happens to raw values on their way into a network: features, then scaling.

Pure NumPy; any thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from playground.core.data import features
from playground.core.data.pixels import PreparedPixels, pixels_in
from playground.core.data.points import FloatArray, Points, frozen
from playground.core.data.standard_scale import StandardScale
from playground.core.errors import DataError, ExperimentError
from playground.core.experiment.experiment import Experiment
from playground.core.messages import plural

_BLOCK_VALUES = 1 << 20
_BLOCK_IMAGES = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Preparation:
    """What happens to raw coordinates x (N, D) on their way into the network: features, then
    scaling.
    """

    features: tuple[str, ...] | None
    mean: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]

    def __call__(self, x: npt.NDArray) -> FloatArray:
        """Network inputs float32 (N, F), which nobody else holds."""
        if self.features is None and not self.mean.any() and (self.scale == 1).all():
            with np.errstate(over="ignore"):
                return x.astype(np.float32)  # many images are shown so, batch by batch
        scaled = np.empty((len(x), len(self.mean)), np.float32)
        block = max(1, _BLOCK_VALUES // max(1, len(self.mean)))
        for start in range(0, len(x), block):  # float64 only a part at a time: it is large
            part = x[start : start + block]
            values = part if self.features is None else features.apply(self.features, part)
            with np.errstate(over="ignore"):
                scaled[start : start + block] = (values - self.mean) / self.scale
        return scaled


def prepared(experiment: Experiment, points: Points) -> tuple[Preparation, FloatArray, FloatArray]:
    """How an experiment prepares values, and what its network is shown of the points to train on
    and of those to test with.

    Raises ExperimentError for features that do not fit the points, DataError for values too large.
    """
    preparation = _fitted(experiment, points)
    inputs = _network_inputs(points, preparation)
    train, test = _those(inputs, ~points.held_out), _those(inputs, points.held_out)
    return preparation, train, test


def _fitted(experiment: Experiment, points: Points) -> Preparation:
    """Scaled as the experiment says, measured on the points to train on."""
    keys = _features(experiment, points.x.shape[1])
    width = points.x.shape[1] if keys is None else len(keys)
    standardize = experiment.data.standardize
    if not standardize:
        return Preparation(keys, np.zeros(width), np.ones(width))
    rows = slice(None) if standardize == "all" else ~points.held_out
    if pixels_in(points.x) is not None and keys is None:
        used = np.arange(len(points))[rows]
        starts = range(0, len(used), _BLOCK_IMAGES)  # as float64 all of them are too large
        blocks = (points.x[used[start : start + _BLOCK_IMAGES]] for start in starts)
        scale = StandardScale(block.astype(np.float64) for block in blocks)
    else:
        values = points.x if keys is None else features.apply(keys, points.x)
        _check_finite(values)
        scale = StandardScale([values[rows].astype(np.float64)])
    return Preparation(keys, scale.mean, scale.scale)


def _network_inputs(points: Points, preparation: Preparation) -> FloatArray | PreparedPixels:
    """What the network is shown of all points; pixels stay bytes until they are asked for."""
    pixels = pixels_in(points.x)
    if pixels is not None and preparation.features is None:
        return PreparedPixels(pixels, np.arange(len(points)), preparation)
    inputs = preparation(points.x)
    _check_finite(inputs)
    return inputs


def _those(inputs: FloatArray | PreparedPixels, rows: npt.NDArray[np.bool_]) -> FloatArray:
    if isinstance(inputs, PreparedPixels):
        return replace(inputs, rows=inputs.rows[rows]).as_floats()
    return frozen(inputs[rows])


def _features(experiment: Experiment, inputs: int) -> tuple[str, ...] | None:
    keys = experiment.model.features
    if keys is None:
        return None
    possible = features.available(inputs)
    for key in keys:
        if key not in possible:
            raise ExperimentError(
                plural(
                    "model.features: '{key}' cannot be made from data with {count} input; leave the"
                    " features out to use all inputs.",
                    "model.features: '{key}' cannot be made from data with {count} inputs; leave"
                    " the features out to use all inputs.",
                    inputs,
                    key=key,
                )
            )
    return keys


def _check_finite(values: npt.NDArray) -> None:
    if not np.isfinite(values).all():
        raise DataError("Some values are too large for these features; make them smaller.")
