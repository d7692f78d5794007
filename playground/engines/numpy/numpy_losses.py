"""Losses by hand: the value, and its derivative by the outputs, which is where the backward pass
begins.

Outputs are (N, K), targets int64 labels (N,) for cross-entropy, else numbers (N, K) in the outputs'
dtype; a mean is one over all N K numbers. Formulas are those of the function of the same name in
`torch.nn.functional`. Imports numpy only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray


@dataclass(frozen=True, slots=True)
class NumpyLoss:
    """`value(outputs, targets)` is a number; `slope(outputs, targets)` has the shape of the
    outputs.

    formula  the slope as a person reads it: z outputs, y targets, N points, K outputs
    """

    value: Callable[[Array, Array], float]
    slope: Callable[[Array, Array], Array]
    formula: str


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^-z), which with e^-|z| never overflows."""
    power = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, power) / (1 + power)


def softmax(z: Array) -> Array:
    """e^z / sum e^z in every row; without its largest z, which changes nothing, it does not
    overflow.
    """
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def shares(o: Array) -> Array:
    """What an output o (N, 1) between -1 and +1 says of two classes: (1 - o) / 2 and (1 + o) / 2,
    never below 0 or above 1.
    """
    second = np.clip((1 + o) / 2, 0, 1)
    return np.concatenate([1 - second, second], axis=1)


def _cross_entropy(z: Array, labels: Array) -> float:
    shifted = z - z.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    return float((log_sums - shifted[np.arange(len(z)), labels]).mean())


def _cross_entropy_slope(z: Array, labels: Array) -> Array:
    slope = softmax(z)
    slope[np.arange(len(z)), labels] -= 1
    return slope / len(z)


def _bce(z: Array, y: Array) -> float:
    return float((np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).mean())


def _bce_slope(z: Array, y: Array) -> Array:
    return (sigmoid(z) - y) / z.size


def _huber(z: Array, y: Array) -> float:
    distance = np.abs(z - y)
    return float(np.where(distance <= 1, distance**2 / 2, distance - 0.5).mean())


NUMPY_LOSSES = {
    "cross_entropy": NumpyLoss(_cross_entropy, _cross_entropy_slope, "(softmax z − y) / N"),
    "bce_with_logits": NumpyLoss(_bce, _bce_slope, "(σ(z) − y) / N"),
    "mse": NumpyLoss(
        lambda z, y: float(((z - y) ** 2).mean()),
        lambda z, y: 2 * (z - y) / z.size,
        "2 (z − y) / (N K)",
    ),
    "sse": NumpyLoss(
        lambda z, y: float(((z - y) ** 2).sum()), lambda z, y: 2 * (z - y), "2 (z − y)"
    ),
    "l1": NumpyLoss(
        lambda z, y: float(np.abs(z - y).mean()),
        lambda z, y: np.sign(z - y) / z.size,
        "sign(z − y) / (N K)",
    ),
    "huber": NumpyLoss(
        _huber, lambda z, y: np.clip(z - y, -1, 1) / z.size, "clip(z − y, −1, 1) / (N K)"
    ),
}
