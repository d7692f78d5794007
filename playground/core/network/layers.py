"""Hidden layers: what a person can put between the features and the output.

A layer is one class: its settings, and the torch modules it stands for, from which its shape and
its cost follow. Here are those for points of any kind; `conv_layers` and `conv_blocks` have those
for images.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Annotated, Any, Literal

from pydantic import Field

from playground.core.experiment.settings import Whole, kinds, setting
from playground.core.network.conv_blocks import (
    DepthwiseSeparable,
    Inception,
    InvertedResidual,
    ResidualConv,
    SqueezeExcite,
    WideResidual,
)
from playground.core.network.conv_layers import Conv, GlobalPool, Pool, conv2d
from playground.core.network.layer_settings import (
    ActivationName,
    LayerSettings,
    activation_module,
    flattened,
)
from playground.core.network.modules import Shape

MAX_UNITS = 1024


class Linear(LayerSettings):
    """A dense layer: every unit sees every value before it, then an activation bends the result."""

    label = "Linear"
    help = "Every unit weighs all values before it, adds a bias, and bends the sum."
    takes = "vector"

    kind: Literal["linear"] = "linear"
    units: Whole = setting(
        4,
        label="Units",
        ge=1,
        le=MAX_UNITS,
        step=1,
        help="How many neurons the layer has. More can draw finer shapes, and overfit sooner.",
    )
    activation: ActivationName = setting(
        "tanh",
        label="Activation",
        help="The bend behind every unit. Without one, all layers together are a single straight"
        " line.",
    )
    bias: bool = setting(
        True,
        label="Bias",
        help="A number added to every sum, which moves the line away from the origin.",
    )

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        linear = nn.Linear(prod(inputs), self.units, bias=self.bias)
        return [*flattened(nn, inputs), linear, *activation_module(self.activation, nn, extra)]


class Dropout(LayerSettings):
    """Switches units off at random while training."""

    label = "Dropout"
    help = "Switches units off at random while training, so that none is relied upon."

    kind: Literal["dropout"] = "dropout"
    p: float = setting(
        0.1,
        label="Probability",
        ge=0.0,
        lt=1.0,
        step=0.05,
        help="The chance of a unit to be off in a step. More fights overfitting, and slows"
        " learning.",
    )

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        return [nn.Dropout(self.p)]


class BatchNorm(LayerSettings):
    """Gives every unit, or every channel of an image, mean 0 and deviation 1 over the batch
    (Ioffe and Szegedy 2015).
    """

    label = "Batch norm"
    help = "Scales every unit by what it does over the batch. Needs at least two points a batch."
    normalizes = True

    kind: Literal["batch_norm"] = "batch_norm"
    activation: ActivationName = setting(
        "linear",
        label="Activation",
        help="The bend behind the scaled values. Give it to this layer, and none to the linear"
        " layer before it, as most networks do.",
    )

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        norm = nn.BatchNorm1d(inputs[0]) if len(inputs) == 1 else nn.BatchNorm2d(inputs[0])
        return [norm, *activation_module(self.activation, nn, extra)]


class LayerNorm(LayerSettings):
    """Gives every point mean 0 and deviation 1 over its values (Ba, Kiros and Hinton 2016)."""

    label = "Layer norm"
    help = "Scales the units of each point to a common size, whatever the batch."

    kind: Literal["layer_norm"] = "layer_norm"

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        return [nn.LayerNorm(inputs[0] if len(inputs) == 1 else inputs)]


class Residual(LayerSettings):
    """A residual block, x + W2 f(W1 x + b1) + b2, as wide as its input (after He et al. 2016).

    On images W1 and W2 are convolutions with 3 x 3 kernels.
    """

    label = "Residual block"
    help = "Two layers whose result is added to what came in, so that depth does no harm."

    kind: Literal["residual"] = "residual"
    activation: ActivationName = setting(
        "relu", label="Activation", help="The bend between the two layers of the block."
    )

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        inner = activation_module(self.activation, nn, extra)
        size = inputs[0]
        if len(inputs) == 1:
            return [extra.Residual(nn.Linear(size, size), *inner, nn.Linear(size, size))]
        return [extra.Residual(conv2d(nn, size, size, 3), *inner, conv2d(nn, size, size, 3))]


class Flatten(LayerSettings):
    """All values of an image in one row."""

    label = "Flatten"
    help = "Puts all values of an image into one row. A linear layer does so by itself."
    takes = "vector"

    kind: Literal["flatten"] = "flatten"

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        return [nn.Flatten()]


Layer = Annotated[
    Linear
    | Dropout
    | BatchNorm
    | LayerNorm
    | Residual
    | Conv
    | Pool
    | GlobalPool
    | Flatten
    | ResidualConv
    | WideResidual
    | DepthwiseSeparable
    | InvertedResidual
    | SqueezeExcite
    | Inception,
    Field(discriminator="kind"),
]
"""To add a layer, write its class and name it here: files, forms and engines take it from this
union.
"""

LAYERS: dict[str, type[LayerSettings]] = kinds(Layer)


def entry_shape(layers: Sequence[LayerSettings], inputs: int, image: Shape | None) -> Shape:
    """The shape in which points enter the first layer: `image` where a layer for images comes
    before any for vectors, else (inputs,).

    image is (channels, height, width), None where the inputs are no pixels.
    """
    first = next((layer.takes for layer in layers if layer.takes != "either"), "vector")
    if first == "image" and image is not None and prod(image) == inputs:
        return image
    return (inputs,)
