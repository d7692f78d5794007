"""Which engine trains an experiment, and why.

To add an engine, write its class and name it in `ENGINES`; its `obstacle` says what it cannot
train. If people shall choose it, it is named in `TrainingSpec.engine`, too, because the core cannot
ask the engines, and in `ENGINES` of `ui.training.more_settings`. `auto` decides by what was
measured: multiply-adds a step stand for time, because they tell the engines apart far better than
anything else does.

Runs on the thread that trains. Never imports numba, or has it compile anything, unless the kernels
are ready.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from playground.core.errors import EngineError, ended, short
from playground.core.messages import N_, Message
from playground.engines.compiled import kernel_cache
from playground.engines.compiled.compiled_engine import CompiledEngine
from playground.engines.compiled.operations import LAYERS
from playground.engines.contract.base import Engine, Plan
from playground.engines.loop.preload import load_torch
from playground.engines.numpy.numpy_engine import NumpyEngine
from playground.engines.pytorch.devices import resolve


def _torch_engine() -> type[Engine]:
    """PyTorch's class, which imports torch. Raises EngineError where that is impossible."""
    try:
        load_torch()
        from playground.engines.pytorch.torch_engine import TorchEngine
    except (ImportError, OSError) as error:  # of a library that is missing or does not load
        raise EngineError(
            "This needs PyTorch, which cannot be loaded here ({reason}); install it with 'pip"
            " install torch', or choose an engine, layers and an optimizer that do without it.",
            reason=short(str(error)),
        ) from None
    return TorchEngine


ENGINES: dict[str, Callable[[], type[Engine]]] = {
    "torch": _torch_engine,
    "numpy": lambda: NumpyEngine,
    "compiled": lambda: CompiledEngine,
}
"""What gives the class of each engine: what one of them needs is imported only for that one."""

BY_NAME = Message("It was chosen by name.")

TORCH_IS_FASTER = 500_000_000
"""Multiply-adds a step from which PyTorch beats the compiled kernels: the weights no longer fit
into a core's cache. At a fifth of that (three layers of 256 units, batches of 250) the kernels
still take only two thirds of the time.
"""

CARD_IS_FASTER = 50_000_000
"""The same for PyTorch on a graphics card, which spends about half a millisecond on starting the
work of a step.
"""

TORCH_BEATS_NUMPY = 30_000_000
"""The same for NumPy, where the compiled kernels cannot be used."""


@dataclass(frozen=True, slots=True)
class Selection:
    """An engine class and, as a sentence, why it was chosen."""

    engine: type[Engine]
    reason: str


def select(plan: Plan, stopped: Callable[[], bool] = lambda: False) -> Selection:
    """The engine for a plan, ready to be made; the compiled one, asked for by name, is waited for.

    Raises EngineError where the one that is asked for cannot train it, and Cancelled
    where `stopped` became true meanwhile.
    """
    wanted = plan.experiment.training.engine
    if wanted == "auto":
        return _fastest(plan)
    engine = ENGINES[wanted]()
    obstacle = engine.obstacle(plan)
    if obstacle:
        raise EngineError(
            "The {wanted} engine cannot train {obstacle}; choose the engine 'torch' or 'auto'.",
            wanted=wanted,
            obstacle=obstacle,
        )
    if engine is CompiledEngine:
        with suppress(EngineError):  # the engine says it, or compiles for this process alone
            kernel_cache.fill(stopped)
    return Selection(engine, BY_NAME)


def await_kernels(plan: Plan, stopped: Callable[[], bool] = lambda: False) -> None:
    """Wait, half a minute and only once on a computer, until `auto` chooses as it always will.

    A run without a window has nobody to keep waiting, and should give the same curve the first time
    as ever after. Where the kernels cannot be made, `auto` says so and takes another engine. Raises
    Cancelled where `stopped` became true meanwhile.
    """
    if plan.experiment.training.engine == "auto" and CompiledEngine.obstacle(plan) is None:
        with suppress(EngineError):
            kernel_cache.fill(stopped)


def predicting(plan: Plan) -> type[Engine]:
    """The class that says what a trained network says, without a wait for kernels; torch is
    imported only where no other can.
    """
    if CompiledEngine.obstacle(plan) is None and kernel_cache.is_ready():
        return CompiledEngine
    return NumpyEngine if NumpyEngine.obstacle(plan) is None else _torch_engine()


def _fastest(plan: Plan) -> Selection:
    no_kernels, not_by_hand = CompiledEngine.obstacle(plan), NumpyEngine.obstacle(plan)
    if no_kernels and not_by_hand:
        return Selection(_torch_engine(), _only_torch(plan, not_by_hand))
    work = plan.work_per_step
    if work > CARD_IS_FASTER and resolve("auto", is_large=True, dtype=_dtype(plan)) != "cpu":
        reason = Message("A network of this size is fastest on the graphics card.")
        return Selection(_torch_engine(), reason)
    if work > TORCH_IS_FASTER:
        reason = Message("PyTorch is the fastest for a network of this size.")
        return Selection(_torch_engine(), reason)
    fault: str
    if no_kernels:
        fault = Message("the compiled engine cannot train {obstacle}", obstacle=no_kernels)
    else:
        fault = _kernels_missing()
    if not fault:
        reason = Message("Compiled kernels are the fastest for a network of this size.")
        return Selection(CompiledEngine, reason)
    is_small = not not_by_hand and work < TORCH_BEATS_NUMPY
    engine: type[Engine] = NumpyEngine if is_small else _torch_engine()
    template = N_("{name} is the fastest that can be used now: {reason}")
    return Selection(engine, Message(template, name=engine.label, reason=ended(fault)))


def _only_torch(plan: Plan, obstacle: Message) -> Message:
    """Why PyTorch trains, and what that costs where there are kernels for all layers."""
    times = _times_as_fast(plan.work_per_step)
    of_points = all(layer.kind in LAYERS for layer in plan.experiment.model.layers)
    if not of_points or times < 2:
        return Message("Only PyTorch can train {obstacle}.", obstacle=obstacle)
    return Message(
        "Only PyTorch can train {obstacle}; without that, compiled kernels would be about {times}"
        " times as fast.",
        obstacle=obstacle,
        times=times,
    )


def _times_as_fast(work: int) -> int:
    """How many times as many steps the kernels take as PyTorch does, to one of 1, 2, 5, 10, ...

    PyTorch takes 300 microseconds a step, and one for 60,000 multiply-adds; kernels half a
    microsecond, and one for 20,000: about what `playground bench` measures of W1 to W5.
    """
    ratio = (300 + work / 60_000) / (0.5 + work / 20_000)
    steps = [step * 10**power for power in range(3) for step in (1, 2, 5)]
    return min(steps, key=lambda step: abs(math.log(step / ratio)))


def _dtype(plan: Plan) -> str:
    return plan.experiment.training.dtype


def _kernels_missing() -> str:
    """Why the kernels cannot be used right now; see to it that they can the next time."""
    kernel_cache.start_filling()
    reason = kernel_cache.why_not_ready()
    if not reason:
        try:
            kernel_cache.load()
        except EngineError as error:
            return error.message
    return reason
