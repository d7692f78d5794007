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
from collections.abc import Sequence

from playground.core.data.tables.reading import Progress, no_progress
from playground.core.experiment.experiment import Experiment
from playground.core.messages import Message
from playground.core.script.augmentation_step import augmentation_step
from playground.core.script.data_facts import Facts, analysis_of, check, facts_of, outputs
from playground.core.script.data_step import data_step, has_test
from playground.core.script.layout import LINE
from playground.core.script.network import network_step
from playground.core.script.training import optimizer_step, training_step
from playground.core.training.losses import LOSSES

ONE_CORE = 5_000_000
"""Multiply-adds a step up to which the torch engine keeps to one core."""

_TITLES = (
    Message("Data: what the network learns from.", context="script"),
    Message("Device: what does the arithmetic.", context="script"),
    Message("Network: a chain of layers, with first weights from a seed.", context="script"),
    Message("Loss: the number that training makes small.", context="script"),
    Message("Optimizer: how the weights follow the gradient of the loss.", context="script"),
    Message("Training: batch by batch, epoch by epoch.", context="script"),
)


def pytorch_script(experiment: Experiment, progress: Progress = no_progress) -> str:
    """The experiment as Python source that needs torch, numpy and scikit-learn only.

    On the CPU it prints the epoch, the training loss and the test loss of every point of the curve
    that a run without a window has. `progress` is told of the reading of a table.

    Raises DataError where there is nothing to train on or too many points for a script,
    ExperimentError where features, loss or layers do not fit the data, and FileError where a file
    cannot be read.
    """
    facts = facts_of(experiment, progress)
    check(experiment, facts)
    data = [data_step(experiment, facts), augmentation_step(experiment, facts)]
    texts = [
        "\n\n".join(part for part in data if part),
        _device_step(experiment, facts),
        network_step(experiment, facts),
        _loss(experiment),
        optimizer_step(experiment, facts),
        training_step(experiment, facts),
    ]
    return finished(experiment, list(zip(_TITLES, texts, strict=True)))


def finished(experiment: Experiment, steps: Sequence[tuple[str, str]]) -> str:
    """A whole script of steps with their titles, behind the imports that they need."""
    body = "\n\n".join(
        f"# {number}. {title}\n{text}" for number, (title, text) in enumerate(steps, start=2)
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
    "import gzip": r"\bgzip\.",
    "import math": r"\bmath\.",
    "import os": r"\bos\.",
    "from types import SimpleNamespace": r"\bSimpleNamespace\(",
}


_PACKAGES = {
    "import numpy as np": r"\bnp\.",
    "import torch": r"\btorch\.",
    "from sklearn.model_selection import train_test_split": r"\btrain_test_split\(",
    "from sklearn.preprocessing import StandardScaler": r"\bStandardScaler\(",
    "from torch import nn": r"\bnn\.",
    "from torch.nn import functional": r"\bfunctional\.",
}


_INNER_IMPORT = re.compile(r"^ *(from (?:sklearn|PIL)\b.* import .*)\n\n?", re.MULTILINE)


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
    if analysis_of(experiment, facts).work_per_step(training.batch_size) <= ONE_CORE:
        lines.append("torch.set_num_threads(1)  # for a network this small, more cores are slower")
    else:
        lines.append("torch.set_num_threads(os.cpu_count() or 1)")
    tested = has_test(experiment, facts)
    number = f", dtype=torch.{training.dtype}"
    targets, shape = "", ""
    if outputs(experiment, facts) == 1:
        targets, shape = number, ".reshape(-1, 1)"
    elif facts.classes == 0:
        targets = number
    for split, rows in (("train", "[~is_test]" if tested else ""), ("test", "[is_test]")):
        if split == "train" or tested:
            lines.append(f"{split}_x = torch.tensor(x{rows}{number}, device=device)")
            lines.append(f"{split}_y = torch.tensor(y{rows}{targets}, device=device){shape}")
    return "\n".join(lines)


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
