"""The network step of a script: layers as calls of torch's modules.

A layer is asked for its modules with something that writes down what is made, in place of
`torch.nn`. Pure text: knows the core. Runs on any thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from playground.core.experiment.experiment import Experiment
from playground.core.network.conv_layers import FEWEST_REORDERED
from playground.core.network.layer_settings import output_modules
from playground.core.network.layers import entry_shape
from playground.core.script.data_facts import Facts, outputs, width
from playground.core.script.layout import LINE, indented


class _Call:
    """A call that was written down; it may stand as an argument of another one."""

    def __init__(self, name: str, arguments: Sequence[Any]) -> None:
        self.name = name
        self.arguments = arguments

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.arguments))})"

    def lines(self, room: int) -> list[str]:
        """On one line of `room` signs, or with a line for every argument."""
        if len(repr(self)) <= room:
            return [repr(self)]
        inside: list[str] = []
        for argument in self.arguments:
            lines = argument.lines(room - 5) if isinstance(argument, _Call) else [str(argument)]
            inside += [*lines[:-1], f"{lines[-1]},"]
        return [f"{self.name}(", *indented(inside), ")"]


class _Modules:
    """Stands for `torch.nn`, or for the modules that it lacks, and writes down what is made."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def __getattr__(self, name: str) -> Callable[..., _Call]:
        if name.startswith("__") or (name in MODULES) == bool(self._prefix):
            raise AttributeError(name)

        def made(*values: Any, bias: bool = True, **settings: Any) -> _Call:
            named = settings if bias else {**settings, "bias": False}
            return _Call(
                f"{self._prefix}{name}",
                [*values, *[f"{key}={value!r}" for key, value in named.items()]],
            )

        return made


MODULES = {
    "Sine": '''\
class Sine(nn.Module):
    """sin z."""

    def forward(self, z):
        return torch.sin(z)
''',
    "Residual": '''\
class Residual(nn.Sequential):
    """What the modules inside give, added to what came in."""

    def forward(self, x):
        return x + super().forward(x)
''',
    "Sum": '''\
class Sum(nn.Sequential):
    """What the modules inside give side by side, added."""

    def forward(self, x):
        first, second = self
        return first(x) + second(x)
''',
    "Concatenation": '''\
class Concatenation(nn.Sequential):
    """What the modules inside give side by side, stacked along the channels."""

    def forward(self, x):
        return torch.cat([module(x) for module in self], dim=1)
''',
    "Gate": '''\
class Gate(nn.Sequential):
    """What came in, multiplied by what the modules inside give."""

    def forward(self, x):
        return x * super().forward(x)
''',
}


INITIALIZERS = {
    "xavier": "nn.init.xavier_uniform_(module.weight)",
    "kaiming": 'nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")',
    "normal": "nn.init.normal_(module.weight, std=0.5)",
    "standard_normal": "nn.init.normal_(module.weight)",
    "zeros": "nn.init.zeros_(module.weight)",
}


def _chain(experiment: Experiment, facts: Facts) -> list[_Call]:
    """The modules of the network, as `engines.network.build` makes them."""
    model = experiment.model
    nn, extra = _Modules("nn."), _Modules("")
    shape = entry_shape(model.layers, width(experiment, facts), facts.image)
    calls = [nn.Unflatten(1, shape)] if len(shape) > 1 else []
    for layer in model.layers:
        calls += layer.modules(nn, shape, extra)
        shape = layer.shape(shape)
    last = nn.Linear(prod(shape), outputs(experiment, facts), bias=model.output.bias)
    return [*calls, *output_modules(last, model.output.activation, shape, nn, extra)]


def _one_of(experiment: Experiment, facts: Facts, names: Sequence[str]) -> str:
    """Those of these classes that the network has, as `isinstance` takes them; "" for none."""
    chain = repr(_chain(experiment, facts))
    used = [f"nn.{name}" for name in names if f"nn.{name}(" in chain]
    return used[0] if len(used) == 1 else f"({', '.join(used)})" if used else ""


def weighted(experiment: Experiment, facts: Facts) -> str:
    """The classes of modules that are initialised and penalised."""
    return _one_of(experiment, facts, ("Linear", "Conv2d"))


def normalizing(experiment: Experiment, facts: Facts) -> str:
    """The classes of modules that need batches of two points or more; "" where there are none."""
    return _one_of(experiment, facts, ("BatchNorm1d", "BatchNorm2d"))


def network_step(experiment: Experiment, facts: Facts) -> str:
    model, training = experiment.model, experiment.training
    calls = _chain(experiment, facts)
    lines = [line for call in calls for line in _ended(call.lines(LINE - 5))]
    chain = "".join(f"{line}\n" for line in indented(lines))
    classes = [text for name, text in MODULES.items() if re.search(rf"(?<![\w.]){name}\(", chain)]
    text = "".join(f"{source}\n\n" for source in classes)
    text += f"torch.manual_seed({training.seed})\nnetwork = nn.Sequential(\n{chain})"
    if model.initializer != "default":
        text += (
            "\nfor module in network.modules():\n"
            f"    if isinstance(module, {weighted(experiment, facts)}):\n"
            f"        {INITIALIZERS[model.initializer]}\n"
            "        if module.bias is not None:\n"
            "            nn.init.zeros_(module.bias)"
        )
    kind = [] if training.dtype == "float32" else [f"torch.{training.dtype}"]
    is_image = "nn.Unflatten(1, (" in repr(calls[0])
    one_vector = training.optimizer.takes_one_vector
    may_reorder = is_image and not one_vector and not training.device.startswith("mps")
    channels = re.findall(r"nn\.Conv2d\((\d+), \d+, 1, stride=", repr(calls))
    if may_reorder and all(int(count) >= FEWEST_REORDERED for count in channels):
        kind.append("memory_format=torch.channels_last")
    return f"{text}\nnetwork.to({', '.join(['device', *kind])})"


def _ended(lines: list[str]) -> list[str]:
    return [*lines[:-1], f"{lines[-1]},"]
