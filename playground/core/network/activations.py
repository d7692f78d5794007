"""Activation functions: names, formulas and NumPy forms.

Each entry holds the function and its derivative for the engine that does everything by hand, and
the name of the class in `torch.nn`, so that one registration serves every engine. The formulas are
those of PyTorch's documentation of the class that is named, with PyTorch's default parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.core.messages import N_
from playground.core.registry import Registry

Elementwise = Callable[[npt.NDArray], npt.NDArray]


@dataclass(frozen=True, slots=True)
class Activation:
    """An elementwise function f with its derivative, both keeping shape and dtype of their
    argument.
    """

    formula: str
    f: Elementwise
    derivative: Elementwise
    torch_name: str
    """Class in `torch.nn`; "Sine" is made by the torch engine, because torch has none."""

    is_compiled: bool = True
    """False as long as `engines/compiled/kernel_rules.py` has no kernel of this name: then PyTorch
    and NumPy train it.
    """


ACTIVATIONS: Registry[Activation] = Registry("activation")


def _sigmoid(z: npt.NDArray) -> npt.NDArray:
    # tanh does not overflow where exp would.
    return 0.5 * (1 + np.tanh(0.5 * z))


def _softplus(z: npt.NDArray) -> npt.NDArray:
    return np.logaddexp(z, z.dtype.type(0))


def _erf(z: npt.NDArray) -> npt.NDArray:
    from scipy.special import erf  # type: ignore[import-untyped]

    return erf(z)


def _gelu(z: npt.NDArray) -> npt.NDArray:
    return 0.5 * z * (1 + _erf(z * np.sqrt(0.5).astype(z.dtype)))


def _gelu_slope(z: npt.NDArray) -> npt.NDArray:
    density = np.exp(-0.5 * z * z) * z.dtype.type(1 / np.sqrt(2 * np.pi))
    return 0.5 * (1 + _erf(z * np.sqrt(0.5).astype(z.dtype))) + z * density


def _silu_slope(z: npt.NDArray) -> npt.NDArray:
    s = _sigmoid(z)
    return s * (1 + z * (1 - s))


def _mish_slope(z: npt.NDArray) -> npt.NDArray:
    t = np.tanh(_softplus(z))
    return t + z * _sigmoid(z) * (1 - t * t)


def _elu(z: npt.NDArray) -> npt.NDArray:
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def _elu_slope(z: npt.NDArray) -> npt.NDArray:
    return np.where(z > 0, z.dtype.type(1), np.exp(np.minimum(z, 0)))


ACTIVATIONS.add(
    "linear",
    Activation("z", lambda z: z, np.ones_like, "Identity"),
    label="Linear",
    help="No bend at all: layers without an activation collapse into a single one.",
)
ACTIVATIONS.add(
    "relu",
    Activation("max(0, z)", lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(z.dtype), "ReLU"),
    label="ReLU",
    help="Zero below zero, unchanged above: fast and the usual first choice in deep networks.",
)
ACTIVATIONS.add(
    "leaky_relu",
    Activation(
        N_("z if z > 0 else 0.01 z"),
        lambda z: np.where(z > 0, z, z.dtype.type(0.01) * z),
        lambda z: np.where(z > 0, z.dtype.type(1), z.dtype.type(0.01)),
        "LeakyReLU",
    ),
    label="Leaky ReLU",
    help="A ReLU that keeps a small slope below zero, so that a unit cannot die.",
)
ACTIVATIONS.add(
    "elu",
    Activation(N_("z if z > 0 else exp(z) - 1"), _elu, _elu_slope, "ELU"),
    label="ELU",
    help="Like ReLU above zero, bending smoothly to -1 below.",
)
ACTIVATIONS.add(
    "gelu",
    Activation("z Φ(z)", _gelu, _gelu_slope, "GELU"),
    label="GELU",
    help="A smooth ReLU weighted by the normal distribution: the choice of most transformers.",
)
ACTIVATIONS.add(
    "silu",
    Activation("z σ(z)", lambda z: z * _sigmoid(z), _silu_slope, "SiLU"),
    label="SiLU",
    help="A smooth ReLU with a small dip below zero, also called swish.",
)
ACTIVATIONS.add(
    "mish",
    Activation("z tanh(ln(1 + exp z))", lambda z: z * np.tanh(_softplus(z)), _mish_slope, "Mish"),
    label="Mish",
    help="Close to SiLU, a little smoother.",
)
ACTIVATIONS.add(
    "tanh",
    Activation("tanh z", np.tanh, lambda z: 1 - np.tanh(z) ** 2, "Tanh"),
    label="Tanh",
    help="An S from -1 to 1: smooth boundaries, good in small networks.",
)
ACTIVATIONS.add(
    "sigmoid",
    Activation("1 / (1 + exp(-z))", _sigmoid, lambda z: _sigmoid(z) * (1 - _sigmoid(z)), "Sigmoid"),
    label="Sigmoid",
    help="An S from 0 to 1: the historical choice; its flat ends slow deep networks down.",
)
ACTIVATIONS.add(
    "softplus",
    Activation("ln(1 + exp z)", _softplus, _sigmoid, "Softplus"),
    label="Softplus",
    help="A ReLU with a rounded corner.",
)
ACTIVATIONS.add(
    "sine",
    Activation("sin z", np.sin, np.cos, "Sine"),
    label="Sine",
    help="A wave: learns patterns that repeat, and is harder to train.",
)
