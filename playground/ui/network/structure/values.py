"""The numbers of a network as its picture shows them: weights, filters and biases of a column.

Owns the way from a state of the engine to what leads into a column. Imports numpy and the diagram;
no Qt, any thread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.engines.contract.base import Weights
from playground.ui.network.structure.diagram import Diagram
from playground.ui.network.structure.parameters import matching


def weight_of(diagram: Diagram, weights: Weights | None, column: int) -> npt.NDArray | None:
    """The weight matrix (units, inputs) into a column; None where there is none that fits."""
    names = diagram.columns[column].parameters
    if names is None or names.weight is None:
        return None
    inputs = len(diagram.sources_of(column)) * diagram.columns[column - 1].area
    return matching(weights, names.weight, (diagram.columns[column].units, inputs))


def weights_by_pixel(diagram: Diagram, weights: Weights | None, column: int) -> npt.NDArray | None:
    """The weights (units, sources, area) into a column: one for each pixel of a channel."""
    matrix = weight_of(diagram, weights, column)
    area = diagram.columns[column - 1].area
    return None if matrix is None else matrix.reshape(len(matrix), -1, area)


def strengths_of(diagram: Diagram, weights: Weights | None, column: int) -> npt.NDArray | None:
    """What the curves into a column show, (units, sources): a weight, or the largest of a bundle.

    float array, in the same order as the rows of `sources_of`.
    """
    bundles = weights_by_pixel(diagram, weights, column)
    if bundles is None or bundles.shape[2] == 1:
        return None if bundles is None else bundles[:, :, 0]
    high, low = bundles.max(axis=2), bundles.min(axis=2)
    return np.where(high > -low, high, low)


def kernels_of(diagram: Diagram, weights: Weights | None, column: int) -> npt.NDArray | None:
    """The filters (channels, inputs, side, side) of a convolution; None where none fit."""
    entry, before = diagram.columns[column], diagram.columns[column - 1]
    names = entry.parameters
    if names is None or names.kernels is None or entry.settings is None:
        return None
    side = getattr(entry.settings, "kernel", 0)
    return matching(weights, names.kernels, (entry.units, before.units, side, side))


def bias_of(diagram: Diagram, weights: Weights | None, column: int) -> npt.NDArray | None:
    """The biases (units,) of a column; None where there are none, or none that fit."""
    names = diagram.columns[column].parameters
    if names is None:
        return None
    return matching(weights, names.bias, (diagram.columns[column].units,))
