"""Input features: what the network is shown of a point.

A feature is one number made from the inputs. The keys are written as a person writes the formula,
and files hold them so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.core.registry import Registry


@dataclass(frozen=True, slots=True)
class Feature:
    """`of` takes inputs x (N, D) with D >= `needs` and gives values (N,)."""

    of: Callable[[npt.NDArray], npt.NDArray]
    needs: int


FEATURES: Registry[Feature] = Registry("feature")
FEATURES.add(
    "x1", Feature(lambda x: x[:, 0], 1), label="x₁", help="The horizontal position of the point."
)
FEATURES.add(
    "x2", Feature(lambda x: x[:, 1], 2), label="x₂", help="The vertical position of the point."
)
FEATURES.add(
    "x1^2",
    Feature(lambda x: x[:, 0] ** 2, 1),
    label="x₁²",
    help="The horizontal position squared: with x₂² it makes circles easy.",
)
FEATURES.add(
    "x2^2",
    Feature(lambda x: x[:, 1] ** 2, 2),
    label="x₂²",
    help="The vertical position squared: with x₁² it makes circles easy.",
)
FEATURES.add(
    "x1*x2",
    Feature(lambda x: x[:, 0] * x[:, 1], 2),
    label="x₁x₂",
    help="The product of both positions: alone it solves exclusive or.",
)
FEATURES.add(
    "sin x1",
    Feature(lambda x: np.sin(x[:, 0]), 1),
    label="sin x₁",
    help="A wave along the horizontal: helps with patterns that repeat.",
)
FEATURES.add(
    "sin x2",
    Feature(lambda x: np.sin(x[:, 1]), 2),
    label="sin x₂",
    help="A wave along the vertical: helps with patterns that repeat.",
)


def available(inputs: int) -> list[str]:
    """Keys of the features that data with this many inputs can have; none above two inputs."""
    return [choice.key for choice in FEATURES if choice.value.needs <= inputs <= 2]


def apply(keys: Sequence[str], x: npt.NDArray) -> npt.NDArray:
    """Feature values (N, len(keys)) of inputs x (N, D), float32 or as exact as x; infinite where x
    is too large.
    """
    with np.errstate(over="ignore"):
        values = [FEATURES[key].value.of(x) for key in keys]
    dtype = np.float64 if x.dtype == np.float64 else np.float32
    return np.stack(values, axis=1).astype(dtype)
