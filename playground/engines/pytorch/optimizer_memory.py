"""What an optimizer of torch remembers, to and from arrays by its own names.

Belongs to the thread that trains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from playground.core.data.points import frozen
from playground.core.training.optimizers import OptimizerSettings
from playground.engines.contract.state import EngineState

_SCRATCH = frozenset({"al"})
"""What L-BFGS keeps between two steps, and writes before it reads."""

_LISTS = frozenset({"old_dirs", "old_stps", "ro"})
_COUNTS = frozenset({"func_evals", "n_iter"})
_NUMBERS = frozenset({"t", "prev_loss", "H_diag"})
"""What L-BFGS keeps in lists, as whole numbers, as numbers, be it in a tensor; all else are
tensors.
"""

Parameters = Mapping[str, nn.Parameter]


def memory_of(optimizer: torch.optim.Optimizer, parameters: Parameters) -> dict[str, npt.NDArray]:
    """The memory as read-only arrays, named as in `EngineState.optimizer`."""
    return {
        f"{name}.{key}": frozen(np.array(float(value)) if key in _NUMBERS else _array(value))
        for name, parameter in parameters.items()
        for key, value in optimizer.state.get(parameter, {}).items()
        if key not in _SCRATCH and value is not None
    }


def made(settings: OptimizerSettings, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """The optimizer of torch that the settings name, without a memory."""
    kind = getattr(torch.optim, settings.torch_name)
    return kind(parameters, **settings.arguments())


def remember(
    optimizer: torch.optim.Optimizer,
    settings: OptimizerSettings,
    parameters: Parameters,
    state: EngineState,
) -> None:
    """Give the memory in `state` to an optimizer `made` of these settings.

    Raises EngineError where another optimizer left it.
    """
    wanted = _names(settings)
    is_whole = settings.takes_one_vector
    for name in list(parameters)[: 1 if is_whole else None] if state.optimizer else ():
        found = state.memory(name, wanted)
        optimizer.state[parameters[name]] = {
            key: _value(key, array, parameters[name])
            for key, array in found.items()
            if key in wanted or is_whole
        }


def _names(settings: OptimizerSettings) -> frozenset[str]:
    """What such an optimizer remembers after a step; L-BFGS remembers more as it goes."""
    tried = nn.Parameter(torch.zeros(1))
    optimizer = made(settings, [tried])

    def closure() -> torch.Tensor:
        tried.grad = torch.zeros(1)
        return torch.zeros(())

    optimizer.step(closure)  # type: ignore[arg-type]
    return frozenset(optimizer.state[tried])


def _array(value: Any) -> npt.NDArray:
    """A tensor, a list of tensors of one shape, or a number."""
    if isinstance(value, list):
        return np.stack([_array(one) for one in value]) if value else np.zeros(0)
    if isinstance(value, torch.Tensor):
        return value.detach().cpu().numpy().copy()
    return np.array(value)


def _value(key: str, array: npt.NDArray, like: nn.Parameter) -> Any:
    """The reverse, laid out in memory as torch does: sums depend on it."""
    if key in _COUNTS:
        return int(array)
    if key in _NUMBERS:
        return float(array)
    if key in _LISTS:
        return [torch.tensor(one, dtype=like.dtype, device=like.device) for one in array]
    if array.shape == like.shape:
        return torch.empty_like(like, requires_grad=False).copy_(torch.tensor(array))
    if array.ndim:  # all parameters in one vector
        return torch.tensor(array, dtype=like.dtype, device=like.device)
    return torch.tensor(array, dtype=torch.float32)
