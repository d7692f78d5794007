"""The first weights of a network, as torch draws them from a seed on the CPU, without torch.

A layer is asked for its modules with a `Drawing` in place of `torch.nn`: each draws its weights
when it is made, as torch's does, so that the order is the same. Then the initializer draws those of
linear and convolutional modules anew.

The generator is the Mersenne Twister of 32 bits (Matsumoto and Nishimura 1998), seeded alike by
NumPy and torch. A number of torch's `uniform_(low, high)` takes the lower 24 bits of a word as a
part of `high - low` and adds `low`, both in float32, with a single rounding where the processor
fuses product and sum. Here the sum is that of float64, which holds product and sum exactly, rounded
once. Where a processor does not fuse, torch's numbers are others: see `engines.first_weights`.

The default bounds are those that torch documents for `nn.Linear` and `nn.Conv2d`: one over the
root of the inputs of a unit. The initializers are those of `torch.nn.init`: Xavier (Glorot and
Bengio 2010) and Kaiming (He et al. 2015), uniform. Pure; any thread.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.core.network.modules import Shape

_FRACTION = 24
"""Bits of a word that become a number of float32."""

Array = npt.NDArray


def uniform(random: np.random.RandomState, shape: Shape, low: float, high: float) -> Array:
    """float32 numbers of that shape in [low, high), as torch's `uniform_` draws them where product
    and sum are fused.
    """
    words = random.randint(0, 2**32, prod(shape), dtype=np.uint32)
    parts = (words & np.uint32(2**_FRACTION - 1)) * 2.0**-_FRACTION
    start, end = np.float32(low), np.float32(high)
    return (parts * np.float64(end - start) + np.float64(start)).astype(np.float32).reshape(shape)


class Part:
    """A module with its own weights and buffers by name, and the modules inside it."""

    fans: tuple[int, int] | None = None
    """Values that enter and leave a unit of a module whose weights the initializer draws."""

    def __init__(self, *inside: Part) -> None:
        self.own: dict[str, Array] = {}
        self.inside = inside

    def weights(self, prefix: str = "") -> Iterator[tuple[str, Array]]:
        """All weights and buffers, by the names of torch's `state_dict`."""
        for name, array in self.own.items():
            yield f"{prefix}{name}", array
        for number, part in enumerate(self.inside):
            yield from part.weights(f"{prefix}{number}.")

    def all(self) -> Iterator[Part]:
        """This part and all inside it, in the order of torch's `modules`."""
        yield self
        for part in self.inside:
            yield from part.all()


class Drawn(Part):
    """A linear or convolutional module."""

    def __init__(
        self, random: np.random.RandomState, shape: Shape, fans: tuple[int, int], bias: bool
    ) -> None:
        super().__init__()
        self.fans = fans
        # Torch asks kaiming_uniform_ for it with a = sqrt(5), and this is how that is rounded.
        bound = math.sqrt(3.0) * (math.sqrt(2.0 / (1 + math.sqrt(5) ** 2)) / math.sqrt(fans[0]))
        self.own["weight"] = uniform(random, shape, -bound, bound)
        if bias:
            bound = 1 / math.sqrt(fans[0])
            self.own["bias"] = uniform(random, shape[:1], -bound, bound)


def _linear(random: np.random.RandomState, inputs: int, outputs: int, bias: bool = True) -> Part:
    return Drawn(random, (outputs, inputs), (inputs, outputs), bias)


def _conv(
    random: np.random.RandomState,
    inputs: int,
    outputs: int,
    kernel: int,
    groups: int = 1,
    bias: bool = True,
    **unused: Any,
) -> Part:
    shape = (outputs, inputs // groups, kernel, kernel)
    return Drawn(random, shape, (shape[1] * kernel**2, outputs * kernel**2), bias)


def _layer_norm(random: np.random.RandomState, shape: int | Shape) -> Part:
    part = Part()
    part.own = {"weight": np.ones(shape, np.float32), "bias": np.zeros(shape, np.float32)}
    return part


def _batch_norm(random: np.random.RandomState, size: int) -> Part:
    part = _layer_norm(random, size)
    part.own["running_mean"] = np.zeros(size, np.float32)
    part.own["running_var"] = np.ones(size, np.float32)
    part.own["num_batches_tracked"] = np.array(0)
    return part


def _container(random: np.random.RandomState, *inside: Part) -> Part:
    return Part(*inside)


def _without_weights(random: np.random.RandomState, *arguments: Any, **named: Any) -> Part:
    return Part()


_MODULES: dict[str, Callable[..., Part]] = {
    "BatchNorm1d": _batch_norm,
    "BatchNorm2d": _batch_norm,
    "Concatenation": _container,
    "Conv2d": _conv,
    "Gate": _container,
    "LayerNorm": _layer_norm,
    "Linear": _linear,
    "Residual": _container,
    "Sequential": _container,
    "Sum": _container,
}
"""Every other name is a module that has no weights."""


class Drawing:
    """Stands in for `torch.nn`, and for what it lacks: modules are `Part`s, drawn one after the
    other from a generator.
    """

    def __init__(self, random: np.random.RandomState) -> None:
        self._random = random

    def __getattr__(self, name: str) -> Callable[..., Part]:
        return partial(_MODULES.get(name, _without_weights), self._random)


def _xavier(fans: tuple[int, int]) -> float:
    return math.sqrt(3.0) * math.sqrt(2.0 / float(sum(fans)))


def _kaiming(fans: tuple[int, int]) -> float:
    return math.sqrt(3.0) * (math.sqrt(2.0) / math.sqrt(fans[0]))


_BOUNDS: dict[str, Callable[[tuple[int, int]], float]] = {"xavier": _xavier, "kaiming": _kaiming}
INITIALIZERS = frozenset({"default", "zeros", *_BOUNDS})
"""Those that are drawn here; torch draws normal numbers in an order of its own."""


def initialize(network: Part, initializer: str, random: np.random.RandomState) -> None:
    """Draw the weights of all linear and convolutional modules anew and clear their biases, by one
    of `INITIALIZERS`; "default" leaves what they were made with.
    """
    if initializer == "default":
        return
    for part in network.all():
        if part.fans is not None:
            bound = _BOUNDS[initializer](part.fans) if initializer in _BOUNDS else 0.0
            shape = part.own["weight"].shape
            part.own["weight"] = (
                uniform(random, shape, -bound, bound) if bound else np.zeros(shape, np.float32)
            )
            if "bias" in part.own:
                part.own["bias"] = np.zeros(shape[:1], np.float32)
