"""Where kernels are kept, and what else is found out once for a kind of computer.

A folder's name holds a digest of everything the machine code depends on: the sources of the
kernels, the versions of what compiles them, the processor. So a cache is never stale: it is there
or it is not, and one that was filled elsewhere serves wherever the same is true. Any thread.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import platformdirs

SOURCES = (
    "../../core/network/activations.py",
    "../numpy/dense.py",
    "operations.py",
    "kernel_layout.py",
    "kernel_words.py",
    "kernel_arrays.py",
    "lanes.py",
    "lane_functions.py",
    "kernel_rules.py",
    "kernel_optimizers.py",
    "kernel_layers.py",
    "kernel_passes.py",
    "kernels.py",
    "machine_code.py",
)
VARIABLE = "PLAYGROUND_KERNELS"
"""The variable of the environment that names a folder of kernels."""


def folders() -> tuple[Path, ...]:
    """Where kernels for this computer may be kept, in the order in which they are looked for: the
    folder that the environment names, one beside the program, which may be shipped with it, and
    that of the person.
    """
    beside = Path(__file__).parents[3] / "kernels"
    own = platformdirs.user_cache_path("playground", appauthor=False) / "kernels"
    named = [Path(name) for name in [os.environ.get(VARIABLE)] if name]
    return tuple(place / _digest() for place in (*named, beside, own))


def folder() -> Path:
    """Where kernels are made: in the folder that is named, else in that of the person."""
    return folders()[0 if os.environ.get(VARIABLE) else -1]


@cache
def _digest() -> str:
    """Changes with the kernels, their compiler and the processor, and with nothing else: neither
    with a place nor with a time.
    """
    from playground.engines.compiled.machine_code import processor

    here = Path(__file__).parent
    parts = [(here / name).read_bytes() for name in SOURCES]
    parts += [version(name).encode() for name in ("numba", "llvmlite", "numpy")]
    parts += [sys.platform.encode(), platform.python_version().encode(), processor().encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
