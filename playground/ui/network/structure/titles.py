"""What layers are called in the picture, and how their rows stand to those before them.

Owns the short titles. Imports `core` only; no Qt, any thread.
"""

from __future__ import annotations

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


def title(layer: LayerSettings) -> str:
    """What a layer says of itself in one line: "Dropout 0.1", "Convolution 3×3"."""
    if isinstance(layer, Dropout):
        return f"{layer.label} {layer.p:g}"
    if isinstance(layer, Conv):
        return f"{layer.label} {layer.kernel}×{layer.kernel}{_strided(layer.stride)}"
    if isinstance(layer, Pool):
        return f"{'Maximum' if layer.mode == 'max' else 'Mean'} {layer.size}×{layer.size}"
    if isinstance(layer, WideResidual):
        return f"Wide ResNet, {layer.widening}×{_strided(layer.stride)}"
    if isinstance(layer, InvertedResidual):
        return f"{layer.label} {layer.expansion}×{_strided(layer.stride)}"
    return f"{layer.label}{_strided(getattr(layer, 'stride', 1))}"


def _strided(stride: int) -> str:
    return f", stride {stride}" if stride > 1 else ""


def branches(layer: LayerSettings | None) -> tuple[str, ...]:
    """What stands side by side in a layer, or one behind the other; () where it is one thing."""
    if isinstance(layer, Inception):
        return ("1×1", "3×3", "5×5", "pool")
    if isinstance(layer, DepthwiseSeparable):
        return ("each 3×3", "mix 1×1")
    return ()


def keeps_channels(layer: LayerSettings, sign: str) -> bool:
    """True where unit i behind the layer is made of unit i before it."""
    return bool(sign) or isinstance(layer, Pool | GlobalPool | SqueezeExcite)
