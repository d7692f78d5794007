"""What torch's modules make of a shape, and what they cost, worked out without torch.

`SYMBOLS` stands in for `torch.nn`: `SYMBOLS.Conv2d(3, 16, 3)` takes torch's arguments and knows its
output shape, parameters and multiply-adds. Layers are asked for their modules with it, so what the
window says before training follows from the same definition as the network itself.

A multiply-add is one product with a weight and its sum, as He et al. (2016) and Howard et al.
(2017) count them; normalisation, pooling and activations are not counted. Pure; runs on any thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import Any, Protocol

from playground.core.errors import ExperimentError

Shape = tuple[int, ...]
"""Shape of one point: (units,), or (channels, height, width) for an image."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The shape that leaves, trained values, and multiply-adds for one point."""

    shape: Shape
    parameters: int = 0
    multiply_adds: int = 0


class Module(Protocol):
    """Anything that `SYMBOLS` makes."""

    def cost(self, inputs: Shape) -> Cost: ...


def cost_of(modules: Iterable[Module], inputs: Shape) -> Cost:
    """The cost of modules one behind the other. Raises ExperimentError where an image is too
    small.
    """
    parameters = multiply_adds = 0
    for module in modules:
        cost = module.cost(inputs)
        inputs = cost.shape
        parameters += cost.parameters
        multiply_adds += cost.multiply_adds
    return Cost(inputs, parameters, multiply_adds)


def shape_text(shape: Shape) -> str:
    """ "28 x 12 x 12" for (28, 12, 12)."""
    return " x ".join(map(str, shape))


class Elementwise:
    """An activation or dropout: the shape stays, and nothing is trained."""

    def __init__(self, *arguments: Any) -> None:
        pass

    def cost(self, inputs: Shape) -> Cost:
        return Cost(inputs)


@dataclass(frozen=True, slots=True)
class Linear:
    """W x + b: inputs * outputs weights, each multiplied once."""

    inputs: int
    outputs: int
    bias: bool = True

    @property
    def shape(self) -> Shape:
        """That of its weights."""
        return self.outputs, self.inputs

    @property
    def fans(self) -> tuple[int, int]:
        """Values that enter a unit, and places that each value goes to."""
        return self.inputs, self.outputs

    def cost(self, inputs: Shape) -> Cost:
        weights = self.inputs * self.outputs
        return Cost((self.outputs,), weights + self.bias * self.outputs, weights)


@dataclass(frozen=True, slots=True)
class Conv2d:
    """Every output channel has kernel² * inputs / groups weights, used once at every place."""

    inputs: int
    outputs: int
    kernel: int
    stride: int = 1
    padding: int = 0
    groups: int = 1
    bias: bool = True

    @property
    def shape(self) -> Shape:
        """That of its weights."""
        return self.outputs, self.inputs // self.groups, self.kernel, self.kernel

    @property
    def fans(self) -> tuple[int, int]:
        """Values that enter a unit, and places that each value goes to, as torch counts them."""
        return self.shape[1] * self.kernel**2, self.outputs * self.kernel**2

    def cost(self, inputs: Shape) -> Cost:
        height, width = _slid(inputs, self.kernel, self.stride, self.padding)
        weights = self.kernel**2 * self.inputs // self.groups * self.outputs
        shape = (self.outputs, height, width)
        return Cost(shape, weights + self.bias * self.outputs, weights * height * width)


class Pool2d:
    """The largest value, or the mean, of every window."""

    def __init__(self, size: int, stride: int | None = None, padding: int = 0) -> None:
        self._arguments = size, stride or size, padding

    def cost(self, inputs: Shape) -> Cost:
        return Cost((inputs[0], *_slid(inputs, *self._arguments)))


def _slid(inputs: Shape, kernel: int, stride: int, padding: int) -> tuple[int, int]:
    """Height and width behind a sliding window: floor((n + 2 padding - kernel) / stride) + 1."""
    _, height, width = inputs
    if min(height, width) + 2 * padding < kernel:
        raise ExperimentError(
            "The image is {height}x{width} here, too small for a window of {kernel}x{kernel};"
            " take out a pooling layer, or make the window smaller.",
            height=height,
            width=width,
            kernel=kernel,
        )
    return (
        (height + 2 * padding - kernel) // stride + 1,
        (width + 2 * padding - kernel) // stride + 1,
    )


@dataclass(frozen=True, slots=True)
class ZeroPad2d:
    """Zeros around an image: left, right, top, bottom."""

    padding: tuple[int, int, int, int]

    def cost(self, inputs: Shape) -> Cost:
        channels, height, width = inputs
        left, right, top, bottom = self.padding
        return Cost((channels, height + top + bottom, width + left + right))


@dataclass(frozen=True, slots=True)
class AdaptiveAvgPool2d:
    """The mean of every one of size x size parts of an image."""

    size: int

    def cost(self, inputs: Shape) -> Cost:
        return Cost((inputs[0], self.size, self.size))


class Norm:
    """A scale and a shift for every one of `size` values or channels."""

    def __init__(self, size: int | Shape) -> None:
        self.shape = (size,) if isinstance(size, int) else size

    def cost(self, inputs: Shape) -> Cost:
        return Cost(inputs, 2 * prod(self.shape))


class BatchNorm(Norm):
    """One that keeps a running mean and variance."""


class Flatten:
    """All values of a point in one row."""

    def cost(self, inputs: Shape) -> Cost:
        return Cost((prod(inputs),))


class Unflatten:
    """A row of values as an image again."""

    def __init__(self, axis: int, shape: Shape) -> None:
        self._shape = shape

    def cost(self, inputs: Shape) -> Cost:
        return Cost(self._shape)


class Sequential:
    """Modules one behind the other."""

    def __init__(self, *modules: Module) -> None:
        self.modules = modules

    def cost(self, inputs: Shape) -> Cost:
        return cost_of(self.modules, inputs)


class Beside(Sequential):
    """Modules side by side, all of which see the input; their results have one shape."""

    def cost(self, inputs: Shape) -> Cost:
        costs = [module.cost(inputs) for module in self.modules]
        return Cost(
            self._joined([cost.shape for cost in costs]),
            sum(cost.parameters for cost in costs),
            sum(cost.multiply_adds for cost in costs),
        )

    def _joined(self, shapes: list[Shape]) -> Shape:
        return shapes[0]


class Concatenation(Beside):
    """Modules side by side, whose results are stacked along the channels."""

    def _joined(self, shapes: list[Shape]) -> Shape:
        return (sum(shape[0] for shape in shapes), *shapes[0][1:])


class Gate(Sequential):
    """The input, multiplied by what the modules give."""

    def cost(self, inputs: Shape) -> Cost:
        inner = cost_of(self.modules, inputs)
        return Cost(inputs, inner.parameters, inner.multiply_adds)


_MODULES: dict[str, Any] = {
    "AdaptiveAvgPool2d": AdaptiveAvgPool2d,
    "AvgPool2d": Pool2d,
    "BatchNorm1d": BatchNorm,
    "BatchNorm2d": BatchNorm,
    "Concatenation": Concatenation,
    "Conv2d": Conv2d,
    "Flatten": Flatten,
    "Gate": Gate,
    "LayerNorm": Norm,
    "Linear": Linear,
    "MaxPool2d": Pool2d,
    "Residual": Sequential,
    "Sequential": Sequential,
    "Sum": Beside,
    "Unflatten": Unflatten,
    "ZeroPad2d": ZeroPad2d,
}


class _Symbols:
    """Every other name is an activation or dropout."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _MODULES.get(name, Elementwise)


SYMBOLS: Any = _Symbols()
