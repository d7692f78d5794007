"""The first weights of a network, as torch draws them from a seed on the CPU, without torch.

Each module draws its weights when it is made, in the order in which the analysis has them; then the
initializer draws those of linear and convolutional modules anew.

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
from collections.abc import Callable, Iterable, Iterator
from math import prod

import numpy as np
import numpy.typing as npt

from playground.core.network.analysis import Row
from playground.core.network.modules import (
    BatchNorm,
    Conv2d,
    Linear,
    Module,
    Norm,
    Sequential,
    Shape,
)

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


def first_weights(
    rows: Iterable[Row], initializer: str, random: np.random.RandomState
) -> dict[str, Array]:
    """Weights and buffers of a network without faults, by the names of torch's `state_dict`.

    rows         those of its analysis
    initializer  one of `INITIALIZERS`; "default" leaves what modules are made with
    random       goes on behind the last number that is drawn
    """
    drawn: dict[str, Array] = {}
    weighted = []
    for name, module in _named(rows):
        if isinstance(module, Norm):
            drawn |= {f"{name}.{kept}": value for kept, value in _of_norm(module).items()}
        elif isinstance(module, Linear | Conv2d):
            weighted.append((name, module))
            # Torch asks kaiming_uniform_ for it with a = sqrt(5), and this is how that is rounded.
            fan = math.sqrt(module.fans[0])
            bound = math.sqrt(3.0) * (math.sqrt(2.0 / (1 + math.sqrt(5) ** 2)) / fan)
            drawn[f"{name}.weight"] = uniform(random, module.shape, -bound, bound)
            if module.bias:
                drawn[f"{name}.bias"] = uniform(random, module.shape[:1], -1 / fan, 1 / fan)
    for name, module in weighted if initializer != "default" else ():
        weight = np.zeros(module.shape, np.float32)
        if initializer in _BOUNDS:
            bound = _BOUNDS[initializer](module.fans)
            weight = uniform(random, module.shape, -bound, bound)
        drawn[f"{name}.weight"] = weight
        if module.bias:
            drawn[f"{name}.bias"] = np.zeros(module.shape[:1], np.float32)
    return drawn


def _named(rows: Iterable[Row]) -> Iterator[tuple[str, Module]]:
    """Modules by torch's names, in the order in which torch makes them: those inside another one
    before those behind it.
    """
    waiting = [
        (str(number), part)
        for row in rows
        for number, part in zip(row.modules, row.parts, strict=True)
    ][::-1]
    while waiting:
        name, module = waiting.pop()
        if isinstance(module, Sequential):
            inside = [(f"{name}.{number}", part) for number, part in enumerate(module.modules)]
            waiting += inside[::-1]
        else:
            yield name, module


def _of_norm(module: Norm) -> dict[str, Array]:
    ones, zeros = np.ones(module.shape, np.float32), np.zeros(module.shape, np.float32)
    kept: dict[str, Array] = {"weight": ones, "bias": zeros}
    if isinstance(module, BatchNorm):
        kept |= {"running_mean": zeros, "running_var": ones, "num_batches_tracked": np.array(0)}
    return kept


def _xavier(fans: tuple[int, int]) -> float:
    return math.sqrt(3.0) * math.sqrt(2.0 / float(sum(fans)))


def _kaiming(fans: tuple[int, int]) -> float:
    return math.sqrt(3.0) * (math.sqrt(2.0) / math.sqrt(fans[0]))


_BOUNDS: dict[str, Callable[[tuple[int, int]], float]] = {"xavier": _xavier, "kaiming": _kaiming}
INITIALIZERS = frozenset({"default", "zeros", *_BOUNDS})
"""Those that are drawn here; torch draws normal numbers in an order of its own."""
