"""Blocks of convolutions, each the idea of a famous network.

Batch normalisation stands behind every convolution but those of Inception, and makes its bias
needless. See `layer_settings` for `nn` and `extra`.
"""

from __future__ import annotations

from typing import Any, Literal

from playground.core.experiment.settings import Whole, setting
from playground.core.network.conv_layers import (
    MAX_CHANNELS,
    ImageLayer,
    channels_setting,
    conv2d,
    stride_setting,
)
from playground.core.network.layer_settings import ActivationName, activation_module
from playground.core.network.modules import Shape


def _normalized(nn: Any, inputs: int, outputs: int, kernel: int, **settings: int) -> list[Any]:
    return [
        conv2d(nn, inputs, outputs, kernel, **settings, bias=False),
        nn.BatchNorm2d(outputs),
    ]


class NormalizedBlock(ImageLayer):
    """A block with batch normalisation."""

    normalizes = True


class ResidualConv(NormalizedBlock):
    """f(x + BN conv f(BN conv x)), both kernels 3 x 3: the basic block of ResNet (He et al. 2016).

    Where stride or channels change the shape, x goes through a 1 x 1 convolution first.
    """

    label = "ResNet block"
    help = (
        "Two convolutions whose result is added to the image that came in, so that depth does no"
        " harm."
    )

    kind: Literal["residual_conv"] = "residual_conv"
    channels: Whole = channels_setting(16)
    stride: Whole = stride_setting()
    activation: ActivationName = setting(
        "relu", label="Activation", help="The bend behind each of the two convolutions."
    )

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        before, _, _ = self.image(inputs)
        inner = [
            *_normalized(nn, before, self.channels, 3, stride=self.stride),
            *activation_module(self.activation, nn, extra),
            *_normalized(nn, self.channels, self.channels, 3),
        ]
        if before == self.channels and self.stride == 1:
            block = extra.Residual(*inner)
        else:
            shortcut = _normalized(nn, before, self.channels, 1, stride=self.stride)
            block = extra.Sum(nn.Sequential(*inner), nn.Sequential(*shortcut))
        return [block, *activation_module(self.activation, nn, extra)]


class WideResidual(NormalizedBlock):
    """x + conv D f(BN conv f(BN x)): the basic-wide block of Zagoruyko and Komodakis (2016).

    Normalisation and activation come before each convolution, dropout D between the two; it has
    widening times as many channels as the ResNet block that it is made from.
    """

    label = "Wide ResNet block"
    help = "A residual block with several times the channels: wide instead of deep."

    kind: Literal["wide_residual"] = "wide_residual"
    channels: Whole = channels_setting(16)
    widening: Whole = setting(
        2,
        label="Widening",
        ge=1,
        le=10,
        step=1,
        help="How many times as many channels the block has.",
    )
    stride: Whole = stride_setting()
    dropout: float = setting(
        0.0,
        label="Dropout",
        ge=0.0,
        lt=1.0,
        step=0.05,
        help="The chance of a value to be off in a step, between the two convolutions.",
    )

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        before, _, _ = self.image(inputs)
        behind = self.channels * self.widening
        dropout = [nn.Dropout(self.dropout)] if self.dropout else []
        inner = [
            nn.BatchNorm2d(before),
            nn.ReLU(),
            conv2d(nn, before, behind, 3, stride=self.stride, bias=False),
            nn.BatchNorm2d(behind),
            nn.ReLU(),
            *dropout,
            conv2d(nn, behind, behind, 3, bias=False),
        ]
        if before == behind and self.stride == 1:
            return [extra.Residual(*inner)]
        shortcut = conv2d(nn, before, behind, 1, stride=self.stride, bias=False)
        return [extra.Sum(nn.Sequential(*inner), shortcut)]


class DepthwiseSeparable(NormalizedBlock):
    """A 3 x 3 convolution of every channel by itself, then a 1 x 1 one that mixes them: MobileNet
    (Howard et al. 2017).
    """

    label = "Depthwise separable"
    help = (
        "A filter for each channel, then a mix of the channels: a convolution at an eighth of the"
        " price."
    )

    kind: Literal["depthwise_separable"] = "depthwise_separable"
    channels: Whole = channels_setting(32)
    stride: Whole = stride_setting()
    activation: ActivationName = setting(
        "relu", label="Activation", help="The bend behind each of the two convolutions."
    )

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        before, _, _ = self.image(inputs)
        return [
            *_normalized(nn, before, before, 3, stride=self.stride, groups=before),
            *activation_module(self.activation, nn, extra),
            *_normalized(nn, before, self.channels, 1),
            *activation_module(self.activation, nn, extra),
        ]


class InvertedResidual(NormalizedBlock):
    """1 x 1 to many channels, 3 x 3 on each of them, 1 x 1 back to few, without a bend at the end:
    MobileNet v2 (Sandler et al. 2018).

    The input is added where stride and channels leave the shape as it is.
    """

    label = "Inverted residual"
    help = "Spreads few channels to many, filters each by itself, and joins them to few again."

    kind: Literal["inverted_residual"] = "inverted_residual"
    channels: Whole = channels_setting(16)
    expansion: Whole = setting(
        4,
        label="Expansion",
        ge=1,
        le=10,
        step=1,
        help="How many times as many channels there are inside.",
    )
    stride: Whole = stride_setting()
    activation: ActivationName = setting(
        "relu", label="Activation", help="The bend behind the first two convolutions."
    )

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        before, _, _ = self.image(inputs)
        inside = before * self.expansion
        inner = [
            *_normalized(nn, before, inside, 1),
            *activation_module(self.activation, nn, extra),
            *_normalized(nn, inside, inside, 3, stride=self.stride, groups=inside),
            *activation_module(self.activation, nn, extra),
            *_normalized(nn, inside, self.channels, 1),
        ]
        return [extra.Residual(*inner)] if self._keeps(before) else inner

    def _keeps(self, channels: int) -> bool:
        return channels == self.channels and self.stride == 1


class SqueezeExcite(ImageLayer):
    """x times sigmoid(W2 relu(W1 mean x)), a number for every channel (Hu, Shen and Sun 2018)."""

    label = "Squeeze and excitation"
    help = "Looks at the whole image, then turns each channel up or down: attention to channels."

    kind: Literal["squeeze_excite"] = "squeeze_excite"
    reduction: Whole = setting(
        4,
        label="Reduction",
        ge=1,
        le=32,
        step=1,
        help="How many channels share one unit of the small network that decides.",
    )

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        channels, _, _ = self.image(inputs)
        units = max(1, channels // self.reduction)
        return [
            extra.Gate(
                nn.AdaptiveAvgPool2d(1),
                nn.Flatten(),
                nn.Linear(channels, units),
                nn.ReLU(),
                nn.Linear(units, channels),
                nn.Sigmoid(),
                nn.Unflatten(1, (channels, 1, 1)),
            )
        ]


class Inception(ImageLayer):
    """1 x 1, 3 x 3, 5 x 5 and pooling side by side, stacked: GoogLeNet (Szegedy et al. 2015).

    A 1 x 1 convolution to half the channels comes before the larger two.
    """

    label = "Inception"
    help = (
        "Filters of three sizes and a pooling side by side: the network finds out which size suits."
    )

    kind: Literal["inception"] = "inception"
    channels: Whole = setting(
        8,
        label="Channels a branch",
        ge=1,
        le=MAX_CHANNELS // 4,
        step=1,
        help="How many pictures leave each of the four branches.",
    )
    activation: ActivationName = setting(
        "relu", label="Activation", help="The bend behind every convolution."
    )

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        before, _, _ = self.image(inputs)
        few = max(1, self.channels // 2)

        def bent(inputs: int, outputs: int, kernel: int) -> list[Any]:
            conv = conv2d(nn, inputs, outputs, kernel)
            return [conv, *activation_module(self.activation, nn, extra)]

        branches = [
            bent(before, self.channels, 1),
            [*bent(before, few, 1), *bent(few, self.channels, 3)],
            [*bent(before, few, 1), *bent(few, self.channels, 5)],
            [nn.MaxPool2d(3, stride=1, padding=1), *bent(before, self.channels, 1)],
        ]
        return [extra.Concatenation(*[nn.Sequential(*branch) for branch in branches])]
