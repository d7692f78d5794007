"""Activations: function and derivative against torch's autograd, in double precision."""

import numpy as np
import pytest
import torch

from playground.core.network.activations import ACTIVATIONS
from playground.engines.pytorch.network import Sine

# Zero itself is left to the tests below: both one-sided slopes are right there.
Z = np.concatenate([np.linspace(-30, 30, 601), np.geomspace(1e-6, 700, 50), [-1e-3, -700.0]])
Z = Z[Z != 0]


def module(name: str) -> torch.nn.Module:
    return Sine() if name == "Sine" else getattr(torch.nn, name)()


@pytest.mark.parametrize("key", ACTIVATIONS.keys())
def test_function_and_derivative_are_those_of_torch(key: str) -> None:
    activation = ACTIVATIONS[key].value
    z = torch.tensor(Z, dtype=torch.float64, requires_grad=True)
    values = module(activation.torch_name)(z)
    values.sum().backward()
    assert z.grad is not None
    assert np.allclose(activation.f(Z), values.detach(), rtol=1e-8, atol=1e-12)
    assert np.allclose(activation.derivative(Z), z.grad, rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("key", ACTIVATIONS.keys())
def test_the_derivative_at_zero_is_torchs(key: str) -> None:
    activation = ACTIVATIONS[key].value
    z = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    module(activation.torch_name)(z).sum().backward()
    assert z.grad is not None
    assert np.allclose(activation.derivative(np.zeros(1)), z.grad, atol=1e-12)


@pytest.mark.parametrize("key", ACTIVATIONS.keys())
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_and_shape_stay(key: str, dtype: type[np.floating]) -> None:
    z = np.linspace(-200, 200, 12, dtype=dtype).reshape(3, 4)
    for function in (ACTIVATIONS[key].value.f, ACTIVATIONS[key].value.derivative):
        assert function(z).dtype == dtype
        assert function(z).shape == (3, 4)
        assert np.isfinite(function(z)).all()


def test_every_activation_says_what_it_is() -> None:
    assert ACTIVATIONS.keys() == (
        [
            "linear",
            "relu",
            "leaky_relu",
            "elu",
            "gelu",
            "silu",
            "mish",
            "tanh",
            "sigmoid",
            "softplus",
            "sine",
        ]
    )
    for choice in ACTIVATIONS:
        assert choice.label
        assert choice.help.endswith(".")
        assert choice.value.formula
