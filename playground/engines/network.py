"""From a model to `torch.nn.Sequential`, and its first weights.

The weights that an experiment starts from are made here and only here, by torch's initializers on
the CPU in float32, whatever engine and device train them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from types import SimpleNamespace

import torch
from torch import nn

from playground.core.errors import ExperimentError
from playground.core.experiment import Experiment
from playground.core.points import frozen
from playground.engines.base import Plan, Weights

__all__ = [
    "Network",
    "Residual",
    "Sine",
    "build",
    "initial_weights",
    "parameter_count",
    "seeded",
    "widths",
]


class Sine(nn.Module):
    """sin z, which `torch.nn` lacks."""

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        return torch.sin(z)


class Residual(nn.Sequential):
    """What the modules inside give, added to what came in."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + super().forward(x)


MODULES_TORCH_LACKS = SimpleNamespace(Sine=Sine, Residual=Residual)


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


def widths(experiment: Experiment, inputs: int) -> list[int]:
    """Number of values behind every hidden layer."""
    result = []
    for layer in experiment.model.layers:
        inputs = layer.width(inputs)
        result.append(inputs)
    return result


def parameter_count(weights: Weights) -> int:
    """Number of trained values; running statistics of batch normalisation do not count."""
    return sum(array.size for name, array in weights.items() if not name.endswith(_BUFFERS))


_BUFFERS = ("running_mean", "running_var", "num_batches_tracked")


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Torch's generator on the CPU started from `seed` inside the block, as it was behind it."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield


def build(plan: Plan) -> Network:
    """The network of a plan with its first weights, drawn from torch's default generator."""
    model = plan.experiment.model
    modules: list[nn.Module] = []
    ends: list[int] = []
    inputs = plan.width
    for layer in model.layers:
        modules += layer.modules(nn, inputs, MODULES_TORCH_LACKS)
        inputs = layer.width(inputs)
        ends.append(len(modules))
    modules.append(nn.Linear(inputs, plan.outputs, bias=model.output.bias))
    network = Network(*modules)
    network.ends = tuple(ends)
    _initialize(network, model.initializer)
    return network


def initial_weights(plan: Plan) -> Weights:
    """The weights that every engine starts from, in the experiment's dtype."""
    with seeded(plan.experiment.training.seed):
        network = build(plan).to(getattr(torch, plan.experiment.training.dtype))
    return copied(network)


def copied(network: nn.Module) -> Weights:
    """The state of a network as read-only numpy arrays that share nothing with it."""
    state = network.state_dict()
    return {name: frozen(tensor.detach().cpu().numpy().copy()) for name, tensor in state.items()}


def check(plan: Plan, rows: int) -> None:
    """Raise ExperimentError where the model cannot be trained on that many rows at all."""
    batch_size = plan.experiment.training.batch_size
    smallest = rows if batch_size == "full" else min(batch_size, rows)
    for number, layer in enumerate(plan.experiment.model.layers):
        if layer.kind == "batch_norm" and smallest < 2:
            raise ExperimentError(
                f"model.layers.{number}: batch_norm needs batches of at least two points;"
                " raise training.batch_size or add points."
            )


_INITIALIZERS = {
    "xavier": nn.init.xavier_uniform_,
    "kaiming": lambda weight: nn.init.kaiming_uniform_(weight, nonlinearity="relu"),
    "normal": lambda weight: nn.init.normal_(weight, std=0.5),
    "zeros": nn.init.zeros_,
}


def _initialize(network: nn.Module, initializer: str) -> None:
    """Draw the weights of all linear layers anew and clear their biases; "default" leaves torch's
    own.
    """
    if initializer == "default":
        return
    for module in network.modules():
        if isinstance(module, nn.Linear):
            _INITIALIZERS[initializer](module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
