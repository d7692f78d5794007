"""Probes: unlabelled points that the network is asked about, and what it says.

Places and words; paints nothing. GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.core.data.dataset import Dataset
from playground.core.data.picture_scale import PictureScale, curve_heights
from playground.core.data.plane import Plane
from playground.ui.language import tr
from playground.ui.output.names import class_names

Coordinates = tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One probe: its inputs, its place on the canvas, and what the network says of it.

    prediction  class probabilities (C,), or a value (1,); None before it has been asked
    """

    inputs: Coordinates
    place: tuple[float, float]
    prediction: npt.NDArray | None

    def words(self, dataset: Dataset, scale: PictureScale) -> str:
        """The class that wins and its probability, or the value."""
        return "" if self.prediction is None else predicted(self.prediction, dataset, scale)


def readings(
    probes: Sequence[Coordinates],
    dataset: Dataset,
    plane: Plane | None,
    predictions: Mapping[Coordinates, npt.NDArray],
    scale: PictureScale,
) -> list[Reading]:
    """Where probes lie and what the network predicts there; probes for other data are left
    out.
    """
    inputs = dataset.points.x.shape[1]
    fitting = [probe for probe in probes if len(probe) == inputs]
    if not fitting or (inputs > 1 and plane is None):
        return []
    x = np.array(fitting, np.float64)
    found = [predictions.get(probe) for probe in fitting]
    if plane is None:  # with one input a probe rides on the curve
        heights = [
            0.0 if one is None else curve_heights(one[None], scale.stored)[0] for one in found
        ]
        places = np.stack([scale.stored[0].canvas(x[:, 0]), heights], axis=1)
    else:
        places = plane.project(x)
    return [
        Reading(probe, (float(place[0]), float(place[1])), prediction)
        for probe, place, prediction in zip(fitting, places, found, strict=True)
    ]


def lifted(place: tuple[float, float], plane: Plane | None, scale: PictureScale) -> Coordinates:
    """The inputs that a probe dropped at a place of the canvas asks about."""
    if plane is None:
        return (float(scale.stored[0].original(float(np.float32(place[0])))),)
    return tuple(float(value) for value in plane.lift(np.array([place]))[0])


def predicted(prediction: npt.NDArray, dataset: Dataset, scale: PictureScale) -> str:
    """A prediction in words."""
    if dataset.is_regression:
        return tr("value {value}", value=scale.text(prediction[0]))
    winner = int(prediction.argmax())
    return f"{class_names(dataset)[winner]} {prediction[winner]:.2f}"
