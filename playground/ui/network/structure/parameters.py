"""What torch makes of every layer: shapes, and the names of the weights.

Each layer is asked for its modules, as `engines.network.build` asks it, so names and shapes follow
from the same definition. Imports `core` only: neither Qt nor torch. Pure functions, any thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from playground.core.errors import ExperimentError
from playground.core.network.layer_settings import LayerSettings, flattened
from playground.core.network.layers import entry_shape
from playground.core.network.modules import Shape

Sign = Literal["", "+", "×"]


@dataclass(frozen=True, slots=True)
class Parameters:
    """The names of the weights of one layer in the flat `Sequential`.

    prefixes  what all its names begin with: ("4.",), one for each of its modules
    weight    (units, inputs) of a linear layer
    kernels   (channels, inputs, height, width) of a convolution
    bias      (units,) of either; None where it has none
    """

    prefixes: tuple[str, ...]
    weight: str | None = None
    kernels: str | None = None
    bias: str | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """What is known of one layer: names, the shape that leaves it, and how the input joins it.

    is_impossible  True where it cannot be built on what comes before it; its shape is then that.
    """

    parameters: Parameters
    shape: Shape
    sign: Sign = ""
    is_impossible: bool = False


class _Names:
    """Stands in for `torch.nn`: gives the name of whatever is asked for."""

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **settings: name


NAMES: Any = _Names()


def built(
    layers: Sequence[LayerSettings],
    inputs: int,
    image: Shape | None = None,
    *,
    has_output_bias: bool = True,
) -> tuple[list[Built], Built]:
    """Every hidden layer, and the output layer.

    `image` is (channels, height, width) where the inputs are pixels.
    """
    shape = entry_shape(layers, inputs, image)
    index = int(len(shape) > 1)  # a row of pixels becomes an image first
    steps = []
    for layer in layers:
        steps.append(_step(layer, index, shape))
        index += len(steps[-1].parameters.prefixes)
        shape = steps[-1].shape
    output = [*flattened(NAMES, shape), "Linear"]
    return steps, Built(_parameters(output, index, has_bias=has_output_bias), shape)


def _step(layer: LayerSettings, index: int, shape: Shape) -> Built:
    try:
        modules = layer.modules(NAMES, shape, NAMES)
        after = layer.shape(shape)
    except ExperimentError:
        return Built(Parameters(()), shape, is_impossible=True)
    sign: Sign = "+" if {"Residual", "Sum"} & set(modules) else "×" if "Gate" in modules else ""
    has_bias = getattr(layer, "bias", False)
    return Built(_parameters(modules, index, has_bias=has_bias), after, sign)


def _parameters(modules: Sequence[str], index: int, *, has_bias: bool) -> Parameters:
    prefixes = tuple(f"{index + i}." for i in range(len(modules)))
    weighing = [prefix for prefix, name in zip(prefixes, modules, strict=True) if name in WEIGHING]
    if len(weighing) != 1:
        return Parameters(prefixes)
    names = {"Linear": "weight", "Conv2d": "kernels"}
    kind = names[next(name for name in modules if name in WEIGHING)]
    bias = f"{weighing[0]}bias" if has_bias else None
    return Parameters(prefixes, **{kind: f"{weighing[0]}weight"}, bias=bias)


WEIGHING = ("Linear", "Conv2d")
"""Modules whose weights are shown one by one; those inside of blocks are not."""


def matching(
    weights: Mapping[str, npt.NDArray] | None, name: str | None, shape: tuple[int, ...]
) -> npt.NDArray | None:
    """The array of that name where it has this shape; a snapshot may be older than the diagram."""
    array = None if weights is None or name is None else weights.get(name)
    return array if array is not None and np.shape(array) == shape else None
