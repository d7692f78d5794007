"""The weights that every engine starts from: those that torch draws, without torch where it can be.

Whether NumPy draws torch's numbers to the bit depends on the processor and on torch's version. So
it is tried once, by whoever makes the kernels or needs torch first, and the answer lies beside the
kernels. Any thread.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import numpy.typing as npt

from playground.core.data.points import frozen
from playground.core.network.first_weights import INITIALIZERS, first_weights, uniform
from playground.engines import twister
from playground.engines.compiled import kernel_folders
from playground.engines.contract.base import Plan, Weights
from playground.engines.loop.preload import load_torch

SEEDS = 40
SIZES = (1, 7, 15, 16, 17, 100, 1000)
"""What is tried: torch may draw many numbers at once in another way than few."""

_lock = threading.Lock()


def initial_weights(plan: Plan) -> Weights:
    """The weights that every engine starts from, in the experiment's dtype."""
    return drawn(plan)[0] if _is_drawn_here(plan) else _of_torch(plan)[0]


def first_draws(plan: Plan) -> tuple[Weights, twister.Words]:
    """The first weights, and the generator as it is once they are drawn."""
    if _is_drawn_here(plan):
        weights, random = drawn(plan)
        return weights, twister.words_of(random)
    weights, state = _of_torch(plan)
    return weights, twister.words_in(state)


def _is_drawn_here(plan: Plan) -> bool:
    return plan.experiment.model.initializer in INITIALIZERS and draws_as_torch()


def _of_torch(plan: Plan) -> tuple[Weights, npt.NDArray[np.uint8]]:
    load_torch()
    from playground.engines.pytorch.network import first_draws as torchs

    return torchs(plan)


def drawn(plan: Plan) -> tuple[Weights, np.random.RandomState]:
    """The weights drawn by NumPy, and the generator behind them; the initializer is one of
    `INITIALIZERS`.
    """
    training = plan.experiment.training
    random = np.random.RandomState(training.seed % 2**32)  # torch takes the lower half of it
    found = first_weights(plan.analysis.rows, plan.experiment.model.initializer, random)
    return {name: frozen(_as(training.dtype, array)) for name, array in found.items()}, random


def _as(dtype: str, array: npt.NDArray) -> npt.NDArray:
    return array.astype(dtype) if array.dtype == np.float32 else array


@cache
def draws_as_torch() -> bool:
    """True where NumPy draws torch's numbers to the bit on this computer, or torch is not there.

    Imports torch where nobody has tried yet, which takes some milliseconds more.
    """
    return _known("draws", _draws_alike)


@cache
def drops_as_torch() -> bool:
    """The same for what layers drop, which torch's library for some processors draws otherwise."""
    return _known("drops", _drops_alike)


def _known(what: str, trial: Callable[[], bool]) -> bool:
    """The answer of a trial that nobody makes twice."""
    with _lock:
        known = _kept(what)
        if known is None:
            with suppress(ImportError, OSError):  # also where one of its libraries does not load
                known = trial()
                _keep(what, known)
        return known is not False


def _draws_alike() -> bool:
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


def _drops_alike() -> bool:
    load_torch()
    import torch

    with torch.random.fork_rng(devices=[]):
        for seed in range(SEEDS):
            torch.default_generator.manual_seed(seed)
            random = np.random.RandomState(seed)
            for size in SIZES:
                share = (1 + (seed + size) % 31) / 32
                theirs = torch.nn.functional.dropout(torch.ones(size), share - 1 / 64).numpy()
                if not np.array_equal(theirs, twister.masks(random, (size,), 1 - share + 1 / 64)):
                    return False
    return True


def _name(what: str) -> str | None:
    """What the file with the answer is called; None where no version of torch is known."""
    with suppress(PackageNotFoundError):
        # Torch can be told to leave out what a processor can do.
        return f"{what}-torch-{version('torch')}-{os.environ.get('ATEN_CPU_CAPABILITY', '')}.txt"
    return None


def _kept(what: str) -> bool | None:
    """The answer that somebody has found before; None where nobody has."""
    name = _name(what)
    if name is None:
        return None
    for folder in kernel_folders.folders():
        with suppress(OSError, UnicodeDecodeError):
            answer = (folder / name).read_text("ascii")
            if answer in _ANSWERS:
                return _ANSWERS[answer]
    return None


_ANSWERS = {"as torch": True, "not as torch": False}


def _keep(what: str, answer: bool) -> None:
    name, folder = _name(what), kernel_folders.folder()
    if name is None:
        return
    text = next(text for text, meaning in _ANSWERS.items() if meaning == answer)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "ascii")
