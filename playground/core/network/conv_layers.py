"""Layers for images: convolution and pooling.

Images have the shape (channels, height, width). See `layer_settings` for `nn` and `extra`.
"""

from __future__ import annotations

from typing import Any, Literal

from playground.core.errors import ExperimentError
from playground.core.experiment.settings import Whole, setting
from playground.core.messages import Message
from playground.core.network.layer_settings import ActivationName, LayerSettings, activation_module
from playground.core.network.modules import Shape

MAX_CHANNELS = 256

FEWEST_REORDERED = 16
"""Where a convolution of single pixels with a stride takes fewer channels, no image is laid out
with its channels beside each other: oneDNN, which works for torch 2.13, then writes past the end of
its memory in the backward pass on one thread (seen with 1 to 6 channels where the processor has
AVX2, whose vectors hold 8 numbers; others hold 16), and the process ends sooner or later.
"""


def conv2d(
    nn: Any,
    inputs: int,
    outputs: int,
    kernel: int,
    *,
    stride: int = 1,
    groups: int = 1,
    bias: bool = True,
) -> Any:
    """A convolution with an odd kernel that keeps height and width but for its stride."""
    settings = {"stride": stride, "padding": kernel // 2, "groups": groups}
    defaults = {"stride": 1, "padding": 0, "groups": 1}
    unusual = {name: value for name, value in settings.items() if value != defaults[name]}
    return nn.Conv2d(inputs, outputs, kernel, **unusual, bias=bias)


def channels_setting(default: int) -> Any:
    """How many channels leave a layer."""
    return setting(
        default,
        label="Channels",
        ge=1,
        le=MAX_CHANNELS,
        step=1,
        help="How many pictures leave the layer, each one what a filter of its own found.",
    )


def stride_setting() -> Any:
    """How far apart the places are at which a kernel looks."""
    return setting(
        1,
        label="Stride",
        ge=1,
        le=4,
        step=1,
        help="Pixels from one look to the next. With 2, the image becomes half as high and wide.",
    )


class ImageLayer(LayerSettings):
    """A layer that needs images."""

    takes = "image"

    def image(self, inputs: Shape) -> tuple[int, int, int]:
        """`inputs` as (channels, height, width). Raises ExperimentError where it is no image."""
        if len(inputs) != 3:
            raise ExperimentError(
                "{label} needs an image, but gets a row of values; choose data such as the digits,"
                " and put it before linear layers.",
                label=Message(self.label),
            )
        channels, height, width = inputs
        return channels, height, width


class Conv(ImageLayer):
    """A convolution: the same small filters look at every place of an image (LeCun et al. 1989)."""

    label = "Convolution"
    help = "Small filters that look at every place of an image for the same shape."

    kind: Literal["conv"] = "conv"
    channels: Whole = channels_setting(16)
    kernel: Whole = setting(
        3,
        label="Kernel",
        ge=1,
        le=11,
        step=1,
        help="Side of the square that a filter sees, in pixels.",
    )
    stride: Whole = stride_setting()
    padding: Literal["same", "valid"] = setting(
        "same",
        label="Padding",
        help="Same adds zeros around the image, so that it keeps its size; valid looks only where"
        " the whole filter fits.",
    )
    activation: ActivationName = setting("relu", label="Activation", help="The bend behind it.")
    bias: bool = setting(True, label="Bias", help="A number added to all pixels of a channel.")

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        channels, _, _ = self.image(inputs)
        unusual: dict[str, Any] = {"stride": self.stride} if self.stride > 1 else {}
        before = []
        if self.padding == "same":
            around = (self.kernel - 1) // 2
            unusual |= {"padding": around} if around else {}
            # An even kernel has no middle: the odd row of zeros goes to the right and the bottom.
            before = [nn.ZeroPad2d((0, 1, 0, 1))] if self.kernel % 2 == 0 else []
        conv = nn.Conv2d(channels, self.channels, self.kernel, **unusual, bias=self.bias)
        return [*before, conv, *activation_module(self.activation, nn, extra)]


class Pool(ImageLayer):
    """The largest value or the mean of every window, side by side."""

    label = "Pooling"
    help = "Makes an image smaller: every window becomes one pixel."

    kind: Literal["pool"] = "pool"
    mode: Literal["max", "average"] = setting(
        "max", label="Keeps", help="The largest value of a window, or the mean of all."
    )
    size: Whole = setting(
        2,
        label="Window",
        ge=2,
        le=8,
        step=1,
        help="Side of the window in pixels; height and width are divided by it.",
    )

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        self.image(inputs)
        return [(nn.MaxPool2d if self.mode == "max" else nn.AvgPool2d)(self.size)]


class GlobalPool(ImageLayer):
    """The mean of every channel, as a row of values (Lin, Chen and Yan 2014)."""

    label = "Global pooling"
    help = "The mean of every channel: how much of its shape the whole image has."

    kind: Literal["global_pool"] = "global_pool"

    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        self.image(inputs)
        return [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
