"""Probes: unlabelled points that the network is asked about, and what it says.

Places and words; paints nothing. GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.core import numbers
from playground.core.data.dataset import Dataset
from playground.core.data.plane import Plane
from playground.ui.language import tr
from playground.ui.output.canvas.canvas_points import CURVE_SCALE
from playground.ui.output.names import class_names

Coordinates = tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One probe: its inputs, its place on the canvas, and what the network says of it.

    prediction  class probabilities (C,), or a value (1,); None before it has been asked
    """

    inputs: Coordinates
    place: tuple[float, float]
    prediction: npt.NDArray[np.float32] | None

    def words(self, dataset: Dataset) -> str:
        """The class that wins and its probability, or the value."""
        return "" if self.prediction is None else predicted(self.prediction, dataset)


def readings(
    probes: Sequence[Coordinates],
    dataset: Dataset,
    plane: Plane | None,
    predictions: Mapping[Coordinates, npt.NDArray[np.float32]],
) -> list[Reading]:
    """Where probes lie and what the network predicts there; probes for other data are left
    out.
    """
    inputs = dataset.points.x.shape[1]
    fitting = [probe for probe in probes if len(probe) == inputs]
    if not fitting or (inputs > 1 and plane is None):
        return []
    x = np.array(fitting, np.float64)
    places = np.pad(x, ((0, 0), (0, 1))) if plane is None else plane.project(x)
    found = [predictions.get(probe) for probe in fitting]
    if plane is None:  # with one input a probe rides on the curve
        places[:, 1] = [0.0 if one is None else one[0] * CURVE_SCALE for one in found]
    return [
        Reading(probe, (float(place[0]), float(place[1])), prediction)
        for probe, place, prediction in zip(fitting, places, found, strict=True)
    ]


def lifted(place: tuple[float, float], plane: Plane | None) -> Coordinates:
    """The inputs that a probe dropped at a place of the canvas asks about."""
    if plane is None:
        return (float(np.float32(place[0])),)
    return tuple(float(value) for value in plane.lift(np.array([place]))[0])


def predicted(prediction: npt.NDArray, dataset: Dataset) -> str:
    """A prediction in words."""
    if dataset.is_regression:
        return tr("value {value}", value=numbers.fixed(prediction[0], 2))
    winner = int(prediction.argmax())
    return f"{class_names(dataset)[winner]} {prediction[winner]:.2f}"
