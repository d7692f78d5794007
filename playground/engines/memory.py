"""Whether a network has room in memory, before anything of it is made.

An estimate: it refuses what cannot be, and lets through what may be slow. Linux ends a process that
takes too much without a word, so nobody could be told afterwards. Any thread.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from math import prod
from pathlib import Path

from playground.core.errors import EngineError
from playground.core.training.optimizers import LBFGS
from playground.engines.contract.base import Plan
from playground.engines.pytorch.devices import resolve

GB = 1_000_000_000
COPIES = 4
"""Of all weights, beside those that are trained: gradients, the last good ones, those on show."""


def check_room(plan: Plan, points: int) -> None:
    """Raise EngineError where training on that many points needs more memory than there is.

    A graphics card has memory of its own, which is not looked at.
    """
    training = plan.experiment.training
    room = free_bytes()
    needed = bytes_needed(plan, points)
    if room is None or needed <= room:
        return
    if resolve(training.device, is_large=True, dtype=training.dtype) == "cpu":
        raise EngineError(
            "This network needs about {needed:,.1f} GB of memory, but {room:,.1f} GB are free;"
            " choose fewer units, layers or points in a batch.",
            needed=needed / GB,
            room=room / GB,
        )


def bytes_needed(plan: Plan, points: int) -> int:
    """About how much memory training takes: weights, optimizer, and values behind every layer."""
    training = plan.experiment.training
    analysis = plan.analysis
    item = 8 if training.dtype == "float64" else 4
    widths = [prod(analysis.inputs), *(prod(row.shape) for row in analysis.rows)]
    optimizer = training.optimizer
    memory = 2 * optimizer.history_size if isinstance(optimizer, LBFGS) else 2
    weights = (1 + COPIES + memory) * analysis.parameters
    evaluated = 2 * max(widths) * min(points, analysis.evaluation_rows)
    batch = points if training.batch_size == "full" else min(points, training.batch_size)
    # The compiled kernels go through a batch in tiles.
    learned = 0 if training.engine == "compiled" else 2 * batch * sum(widths)
    return item * (weights + max(evaluated, learned))


def free_bytes() -> int | None:
    """Memory that this process may still take; None where the system does not tell."""
    known = [amount for amount in (_free_here(), _left_of_limit()) if amount is not None]
    return min(known, default=None)


def _free_here() -> int | None:
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _left_of_limit() -> int | None:
    """What a limit on the address space leaves, where one is set and can be told (Linux)."""
    if sys.platform != "linux":
        return None
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return None
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return max(0, limit - pages * resource.getpagesize())
