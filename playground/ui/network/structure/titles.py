"""What layers are called in the picture, and how their rows stand to those before them.

Owns the short titles. Imports `core` only; no Qt, any thread.
"""

from __future__ import annotations

from playground.core.messages import N_, Message
from playground.core.network.conv_blocks import (
    DepthwiseSeparable,
    Inception,
    InvertedResidual,
    SqueezeExcite,
    WideResidual,
)
from playground.core.network.conv_layers import Conv, GlobalPool, Pool
from playground.core.network.layer_settings import LayerSettings
from playground.core.network.layers import Dropout


def title(layer: LayerSettings) -> Message:
    """What a layer says of itself in one line: "Dropout 0.1", "Convolution 3×3, stride 2"."""
    stride, said = getattr(layer, "stride", 1), _unstrided(layer)
    return Message("{name}, stride {stride}", name=said, stride=stride) if stride > 1 else said


def _unstrided(layer: LayerSettings) -> Message:
    name = Message(layer.label)
    if isinstance(layer, Dropout):
        return Message("{name} {size}", name=name, size=f"{layer.p:g}")
    if isinstance(layer, Conv):
        return Message("{name} {size}", name=name, size=f"{layer.kernel}×{layer.kernel}")
    if isinstance(layer, Pool):
        name = Message("Maximum" if layer.mode == "max" else "Mean")
        return Message("{name} {size}", name=name, size=f"{layer.size}×{layer.size}")
    if isinstance(layer, WideResidual):
        return Message("Wide ResNet, {size}", size=f"{layer.widening}×")
    if isinstance(layer, InvertedResidual):
        return Message("{name} {size}", name=name, size=f"{layer.expansion}×")
    return name


def branches(layer: LayerSettings | None) -> tuple[str, ...]:
    """What stands side by side in a layer, or one behind the other; () where it is one thing."""
    if isinstance(layer, Inception):
        return ("1×1", "3×3", "5×5", N_("pool"))
    if isinstance(layer, DepthwiseSeparable):
        return (N_("each 3×3"), N_("mix 1×1"))
    return ()


def keeps_channels(layer: LayerSettings, sign: str) -> bool:
    """True where unit i behind the layer is made of unit i before it."""
    return bool(sign) or isinstance(layer, Pool | GlobalPool | SqueezeExcite)
