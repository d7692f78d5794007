"""From a model to `torch.nn.Sequential`, and its first weights.

The weights that an experiment starts from are those that torch's initializers draw here, on the CPU
in float32, whatever engine and device train them; `engines.first_weights` draws the same numbers
without torch.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from math import prod
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from playground.core.data.points import frozen
from playground.core.network.layer_settings import output_modules
from playground.engines.contract.base import Plan, Weights


class Sine(nn.Module):
    """sin z, which `torch.nn` lacks."""

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        return torch.sin(z)


class Residual(nn.Sequential):
    """What the modules inside give, added to what came in."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + super().forward(x)


class Sum(nn.Sequential):
    """What the modules inside give side by side, added."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first, second = self
        return first(x) + second(x)


class Concatenation(nn.Sequential):
    """What the modules inside give side by side, stacked along the channels."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([module(x) for module in self], dim=1)


class Gate(nn.Sequential):
    """What came in, multiplied by what the modules inside give."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * super().forward(x)


MODULES_TORCH_LACKS = SimpleNamespace(
    Sine=Sine, Residual=Residual, Sum=Sum, Concatenation=Concatenation, Gate=Gate
)


class Network(nn.Sequential):
    """A flat Sequential that knows where each hidden layer of the model ends.

    `ends[i]` is the index of the first module behind hidden layer i.
    """

    ends: tuple[int, ...]

    def hidden(self, x: torch.Tensor) -> Iterator[torch.Tensor]:
        """What every hidden layer gives, first layer first."""
        for start, end in pairwise((0, *self.ends)):
            for module in list(self)[start:end]:
                x = module(x)
            yield x


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Torch's generator on the CPU started from `seed` inside the block, as it was behind it."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield


def build(plan: Plan) -> Network:
    """The network of a plan without faults, with its first weights, drawn from torch's default
    generator.
    """
    model, shape = plan.experiment.model, plan.analysis.inputs
    modules: list[nn.Module] = [nn.Unflatten(1, shape)] if len(shape) > 1 else []
    ends: list[int] = []
    for layer, row in zip(model.layers, plan.analysis.rows, strict=False):
        modules += layer.modules(nn, shape, MODULES_TORCH_LACKS)
        shape = row.shape
        ends.append(len(modules))
    linear = nn.Linear(prod(shape), plan.outputs, bias=model.output.bias)
    bend = model.output.activation
    modules += output_modules(linear, bend, shape, nn, MODULES_TORCH_LACKS)
    network = Network(*modules)
    network.ends = tuple(ends)
    _initialize(network, model.initializer)
    return network


def initial_weights(plan: Plan) -> Weights:
    """The first weights as torch draws them, in the experiment's dtype."""
    return first_draws(plan)[0]


def first_draws(plan: Plan) -> tuple[Weights, npt.NDArray[np.uint8]]:
    """The first weights, and the state of torch's generator once they are drawn."""
    with seeded(plan.experiment.training.seed):
        network = build(plan).to(getattr(torch, plan.experiment.training.dtype))
        state = torch.get_rng_state().numpy().copy()
    return copied(network), state


def copied(network: nn.Module) -> Weights:
    """The state of a network as read-only numpy arrays that share nothing with it."""
    state = network.state_dict()
    return {name: frozen(tensor.detach().cpu().numpy().copy()) for name, tensor in state.items()}


_INITIALIZERS = {
    "xavier": nn.init.xavier_uniform_,
    "kaiming": lambda weight: nn.init.kaiming_uniform_(weight, nonlinearity="relu"),
    "normal": lambda weight: nn.init.normal_(weight, std=0.5),
    "standard_normal": nn.init.normal_,
    "zeros": nn.init.zeros_,
}


def _initialize(network: nn.Module, initializer: str) -> None:
    """Draw the weights of all linear and convolutional layers anew and clear their biases;
    "default" leaves torch's own.
    """
    if initializer == "default":
        return
    for module in network.modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
            _INITIALIZERS[initializer](module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
