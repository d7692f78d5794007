"""How good predictions are, and how well the units of a layer are: the numbers behind the
statistics.

Owns the formulas. Pure numpy, so any thread may call it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.core.data.points import IntArray

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PerClass:
    """One number for each class, float64 (classes,), in [0, 1].

    precision  of the points that were taken for the class, the share that belongs to it
    recall     of the points of the class, the share that was taken for it
    f1         their harmonic mean, 2 TP / (2 TP + FP + FN)

    NaN stands for 0 / 0: nothing was taken for the class, or it has no points.
    """

    precision: Numbers
    recall: Numbers
    f1: Numbers


def confusion(labels: npt.NDArray, predicted: npt.NDArray, classes: int) -> IntArray:
    """How many points of each class were taken for each: int64 (classes, classes).

    Args:
        labels, predicted: whole numbers (N,) from 0 to classes - 1.

    Returns:
        The true class in the rows, the predicted class in the columns.
    """
    cells = np.asarray(labels, np.int64) * classes + np.asarray(predicted, np.int64)
    counts: IntArray = np.bincount(cells, minlength=classes * classes)
    return counts.reshape(classes, classes)


def per_class(matrix: IntArray) -> PerClass:
    """Precision, recall and F1 of a confusion matrix (classes, classes), as scikit-learn gives them
    with `zero_division=nan`.
    """
    hits = np.diag(matrix)
    taken, there = matrix.sum(axis=0), matrix.sum(axis=1)
    return PerClass(_share(hits, taken), _share(hits, there), _share(2 * hits, taken + there))


def macro(values: Numbers) -> float:
    """The mean over the classes, each counting the same, without those that have no value."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def r2(targets: npt.NDArray, values: npt.NDArray) -> float:
    """The share of the targets' variance that the predicted values explain, 1 - SS_res / SS_tot.

    1 is perfect, 0 is as good as always saying the mean, and worse than that is negative. NaN where
    all targets are the same, or there are none: no variance, nothing to explain.

    Args:
        targets, values: (N,), or (N, K), where each component has its own mean and both sums go
            over all of them (scikit-learn's `multioutput="variance_weighted"`).
    """
    true = np.asarray(targets, np.float64)
    if not len(true):
        return float("nan")
    residual = np.square(true - np.asarray(values, np.float64)).sum()
    # Equal numbers may still differ from their mean, by what is lost in rounding it.
    total = np.square(true - true.mean(axis=0)).sum() if np.ptp(true, axis=0).any() else 0.0
    return float(1 - residual / total) if total > 0 else float("nan")


def dead_units(activations: npt.NDArray) -> npt.NDArray[np.bool_]:
    """Which units (units,) of a ReLU layer give 0 in every row of activations (rows, units).

    No gradient comes through such a unit, so it learns nothing from these rows.
    """
    return np.asarray((activations == 0).all(axis=0) & (len(activations) > 0))


def saturated(activations: npt.NDArray, low: float, high: float, margin: float = 0.01) -> float:
    """The share of activations (rows, units) of an S-shaped function from `low` to `high` that lie
    within `margin` of its height from one of its flat ends.
    """
    edge = margin * (high - low)
    is_flat = (activations < low + edge) | (activations > high - edge)
    return float(is_flat.mean()) if is_flat.size else 0.0


def _share(part: IntArray, whole: IntArray) -> Numbers:
    """part / whole, NaN for 0 / 0."""
    result = np.full(len(whole), np.nan)
    return np.divide(part, whole, out=result, where=whole > 0)
