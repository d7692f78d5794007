"""The weights that every engine starts from: those that torch draws, without torch where it can be.

Whether NumPy draws torch's numbers to the bit depends on the processor and on torch's version. So
it is tried once, by whoever makes the kernels or needs torch first, and the answer lies beside the
kernels. Any thread.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import numpy.typing as npt

from playground.core.data.points import frozen
from playground.core.network.assembly import network_modules
from playground.core.network.first_weights import (
    INITIALIZERS,
    Drawing,
    Part,
    initialize,
    uniform,
)
from playground.engines.compiled import kernel_folders
from playground.engines.contract.base import Plan, Weights
from playground.engines.loop.preload import load_torch

SEEDS = 40
SIZES = (1, 7, 15, 16, 17, 100, 1000)
"""What is tried: torch may draw many numbers at once in another way than few."""

_lock = threading.Lock()


def initial_weights(plan: Plan) -> Weights:
    """The weights that every engine starts from, in the experiment's dtype."""
    if plan.experiment.model.initializer in INITIALIZERS and draws_as_torch():
        return drawn(plan)
    load_torch()
    from playground.engines.pytorch.network import initial_weights as torchs

    return torchs(plan)


def drawn(plan: Plan) -> Weights:
    """The weights drawn by NumPy; the initializer is one of `INITIALIZERS`."""
    training, model = plan.experiment.training, plan.experiment.model
    random = np.random.RandomState(training.seed % 2**32)  # torch takes the lower half of it
    nn = Drawing(random)
    network = Part(*network_modules(model, plan.analysis, plan.outputs, nn, nn)[0])
    initialize(network, model.initializer, random)
    return {name: frozen(_as(training.dtype, array)) for name, array in network.weights()}


def _as(dtype: str, array: npt.NDArray) -> npt.NDArray:
    return array.astype(dtype) if array.dtype == np.float32 else array


@cache
def draws_as_torch() -> bool:
    """True where NumPy draws torch's numbers to the bit on this computer, or torch is not there.

    Imports torch where nobody has tried yet, which takes some milliseconds more.
    """
    with _lock:
        known = _kept()
        if known is None:
            with suppress(ImportError, OSError):  # also where one of its libraries does not load
                known = _tried()
                _keep(known)
        return known is not False


def _tried() -> bool:
    load_torch()
    import torch

    for seed in range(SEEDS):
        generator = torch.Generator().manual_seed(seed)
        random = np.random.RandomState(seed)
        for size in SIZES:
            bound = 1 / (1 + (seed + size) % 31) ** 0.5
            theirs = torch.empty(size).uniform_(-bound, bound, generator=generator).numpy()
            if not np.array_equal(theirs, uniform(random, (size,), -bound, bound)):
                return False
    return True


def _name() -> str | None:
    """What the file with the answer is called; None where no version of torch is known."""
    with suppress(PackageNotFoundError):
        # Torch can be told to leave out what a processor can do.
        return f"draws-torch-{version('torch')}-{os.environ.get('ATEN_CPU_CAPABILITY', '')}.txt"
    return None


def _kept() -> bool | None:
    """The answer that somebody has found before; None where nobody has."""
    name = _name()
    if name is None:
        return None
    for folder in kernel_folders.folders():
        with suppress(OSError, UnicodeDecodeError):
            answer = (folder / name).read_text("ascii")
            if answer in _ANSWERS:
                return _ANSWERS[answer]
    return None


_ANSWERS = {"as torch": True, "not as torch": False}


def _keep(answer: bool) -> None:
    name, folder = _name(), kernel_folders.folder()
    if name is None:
        return
    text = next(text for text, meaning in _ANSWERS.items() if meaning == answer)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "ascii")
