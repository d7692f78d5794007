"""An experiment as a short PyTorch script that runs by itself.

The script has seven steps: libraries, data, device, network, loss, optimizer, training loop. It
holds what the experiment uses and nothing else, and prints the losses of the torch engine. What the
project says once is said once here, too: data sets and schedules are their own source code, layers
the modules that they name.

Pure text: knows the core, no torch. Runs on any thread.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from playground.core.experiment import Experiment
from playground.core.losses import LOSSES, output_count
from playground.core.script_data import Facts, check, data_step, facts_of, has_test
from playground.core.script_text import LINE
from playground.core.script_training import optimizer_step, training_step

__all__ = ["pytorch_script"]

ONE_CORE = 5_000_000
"""Multiply-adds a step up to which the torch engine keeps to one core."""


def pytorch_script(experiment: Experiment) -> str:
    """The experiment as Python source that needs torch, numpy and scikit-learn only.

    On the CPU it prints the epoch, the training loss and the test loss of every point of the curve
    that a run without a window has.

    Raises DataError where there is nothing to train on or too many points for a script, and
    ExperimentError where features, loss or layers do not fit the data.
    """
    facts = facts_of(experiment)
    check(experiment, facts)
    steps = [
        ("Data: what the network learns from", data_step(experiment, facts)),
        ("Device: what does the arithmetic", _device_step(experiment, facts)),
        ("Network: a chain of layers, with first weights from a seed", _network(experiment, facts)),
        ("Loss: the number that training makes small", _loss(experiment)),
        ("Optimizer: how the weights follow the gradient of the loss", optimizer_step(experiment)),
        ("Training: batch by batch, epoch by epoch", training_step(experiment, facts)),
    ]
    body = "\n\n".join(
        f"# {number}. {title}.\n{text}" for number, (title, text) in enumerate(steps, start=2)
    )
    imports, body = _imports(body)
    return _spaced(f"{_heading(experiment)}# 1. Libraries.\n{imports}\n\n{body}\n")


def _heading(experiment: Experiment) -> str:
    """The title as comments, without signs that would end a line; wide letters take two places."""
    words = "".join(sign if sign.isprintable() else " " for sign in experiment.title)
    lines = textwrap.wrap(words, LINE // 2 - 2)
    return "".join(f"# {line}\n" for line in lines) + ("\n" if lines else "")


_IMPORTS = {
    "import csv": r"\bcsv\.",
    "import io": r"\bio\.",
    "import math": r"\bmath\.",
}


_PACKAGES = {
    "import numpy as np": r"\bnp\.",
    "import torch": r"\btorch\.",
    "from sklearn.model_selection import train_test_split": r"\btrain_test_split\(",
    "from sklearn.preprocessing import StandardScaler": r"\bStandardScaler\(",
    "from torch import nn": r"\bnn\.",
    "from torch.nn import functional": r"\bfunctional\.",
}


_INNER_IMPORT = re.compile(r"^ *(from sklearn.* import .*)\n\n?", re.MULTILINE)


def _imports(body: str) -> tuple[str, str]:
    """The imports that `body` needs, and `body` without those that it had inside."""
    inner = set(_INNER_IMPORT.findall(body))
    body = _INNER_IMPORT.sub("", body)
    library = [line for line, use in _IMPORTS.items() if re.search(use, body)]
    packages = {line for line, use in _PACKAGES.items() if re.search(use, body)} | inner
    ordered = sorted(packages, key=lambda line: (line.startswith("from"), line.split()[1]))
    return "\n".join([*library, *([""] if library else []), *ordered]), body


def _device_step(experiment: Experiment, facts: Facts) -> str:
    training = experiment.training
    name = "cpu" if training.device == "auto" else training.device
    lines = [f'device = torch.device("{name}")']
    if _work(experiment, facts) <= ONE_CORE:
        lines.append("torch.set_num_threads(1)  # for a network this small, more cores are slower")
    tested = has_test(experiment, facts)
    number = f", dtype=torch.{training.dtype}"
    targets, shape = "", ""
    if _outputs(experiment, facts) == "1":
        targets, shape = number, ".reshape(-1, 1)"
    for split, rows in (("train", "[~is_test]" if tested else ""), ("test", "[is_test]")):
        if split == "train" or tested:
            lines.append(f"{split}_x = torch.tensor(x{rows}{number}, device=device)")
            lines.append(f"{split}_y = torch.tensor(y{rows}{targets}, device=device){shape}")
    return "\n".join(lines)


def _work(experiment: Experiment, facts: Facts) -> int:
    """Multiply-adds of a training step, as the torch engine counts them."""
    sizes = [_width(experiment, facts)]
    for layer in experiment.model.layers:
        sizes.append(layer.width(sizes[-1]))
    sizes.append(output_count(experiment.training.loss, facts.classes or 0))
    batch = experiment.training.batch_size
    products = sum(a * b for a, b in pairwise(sizes))
    return 3 * (batch if isinstance(batch, int) else 1000) * products


def _width(experiment: Experiment, facts: Facts) -> int:
    keys = experiment.model.features
    return facts.inputs if keys is None else len(keys)


def _outputs(experiment: Experiment, facts: Facts) -> str:
    """Units of the output layer, as an expression."""
    loss = experiment.training.loss
    if facts.classes is None and not LOSSES[loss].value.only_two_classes:
        return "max(2, len(class_names))"
    return str(output_count(loss, facts.classes or 0))


class _Call(str):
    """The text of a call, which stands for its result inside another call."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class _Modules:
    """Stands for `torch.nn`, or for the modules that it lacks, and writes down what is made."""

    LACKING = ("Sine", "Residual")

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def __getattr__(self, name: str) -> Callable[..., _Call]:
        if name.startswith("__") or (name in self.LACKING) == bool(self._prefix):
            raise AttributeError(name)

        def made(*values: Any, bias: bool = True) -> _Call:
            arguments = [repr(value) for value in values] + ([] if bias else ["bias=False"])
            return _Call(f"{self._prefix}{name}({', '.join(arguments)})")

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
}


INITIALIZERS = {
    "xavier": "nn.init.xavier_uniform_(module.weight)",
    "kaiming": 'nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")',
    "normal": "nn.init.normal_(module.weight, std=0.5)",
    "zeros": "nn.init.zeros_(module.weight)",
}


def _network(experiment: Experiment, facts: Facts) -> str:
    model, training = experiment.model, experiment.training
    width = _width(experiment, facts)
    calls: list[str] = []
    for layer in model.layers:
        calls += layer.modules(_Modules("nn."), width, _Modules(""))
        width = layer.width(width)
    bias = "" if model.output.bias else ", bias=False"
    calls.append(f"nn.Linear({width}, {_outputs(experiment, facts)}{bias})")
    chain = "".join(f"    {call},\n" for call in calls)
    classes = [text for name, text in MODULES.items() if f"{name}(" in chain]
    text = "".join(f"{source}\n\n" for source in classes)
    text += f"torch.manual_seed({training.seed})\nnetwork = nn.Sequential(\n{chain})"
    if model.initializer != "default":
        text += (
            "\nfor module in network.modules():\n"
            "    if isinstance(module, nn.Linear):\n"
            f"        {INITIALIZERS[model.initializer]}\n"
            "        if module.bias is not None:\n"
            "            nn.init.zeros_(module.bias)"
        )
    kind = "" if training.dtype == "float32" else f", torch.{training.dtype}"
    return f"{text}\nnetwork.to(device{kind})"


def _loss(experiment: Experiment) -> str:
    loss = LOSSES[experiment.training.loss].value
    reduction = "" if loss.reduction == "mean" else f', reduction="{loss.reduction}"'
    return (
        "def loss_function(outputs, targets):\n"
        f"    return functional.{loss.torch_name}(outputs, targets{reduction})\n"
    )


def _spaced(text: str) -> str:
    """Two empty lines around functions and classes, never more, and no spaces at ends of lines."""
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\n+((?:#.*\n)*)(?=(?:def|class) )", r"\n\n\n\1", text)
    return re.sub(r"\n{4,}", "\n\n\n", text).rstrip("\n") + "\n"
