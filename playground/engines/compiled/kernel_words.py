"""How a kernel is called: its arguments as words of eight bytes, one behind the other.

Machine code knows nothing of Python's objects. An array becomes its address and its lengths, a
number itself, a tuple its values in order. A kernel finds each at its place, because both sides
read `BOUND` and `KERNELS`; see `kernel_arrays` for the other one. Imports numpy only; runs on any
thread.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from playground.engines.compiled.kernel_layout import Knobs, Memory, Network, Rules, Workspace


class Kind(NamedTuple):
    """What an argument is: an array of so many dimensions, C-contiguous, or a number where they are
    0. Whole numbers are int64, others float64.
    """

    dtype: np.dtype
    dimensions: int


class Bound(NamedTuple):
    """What a kernel works with, as long as the same network is trained in the same way."""

    network: Any
    work: Any
    memory: Any
    rules: Any


_FLOAT, _DOUBLE, _WHOLE = (np.dtype(name) for name in ("float32", "float64", "int64"))
INTEGER, NUMBER = Kind(_WHOLE, 0), Kind(_DOUBLE, 0)
FLOATS, POINTS = Kind(_FLOAT, 1), Kind(_FLOAT, 2)
ORDER, TABLE = Kind(_WHOLE, 1), Kind(_WHOLE, 2)
DOUBLES = Kind(_DOUBLE, 1)


def _described(kind: Any, *inner: Any) -> Any:
    """A tuple of that kind with what its values are in their places."""
    return kind(*inner)


BOUND = Bound(
    _described(Network, TABLE, FLOATS, INTEGER, FLOATS, ORDER),
    _described(Workspace, *[FLOATS] * len(Workspace._fields)),
    _described(Memory, FLOATS, FLOATS, DOUBLES, ORDER),
    _described(
        Rules,
        *(INTEGER, INTEGER, NUMBER, NUMBER),
        _described(Knobs, *[NUMBER] * len(Knobs._fields)),
    ),
)
KERNELS: dict[str, tuple[Kind, ...]] = {
    "train": (FLOATS, FLOATS, TABLE, INTEGER, DOUBLES),
    "train_by_layers": (FLOATS, FLOATS, TABLE, INTEGER, DOUBLES, INTEGER),
    "draw": (INTEGER,),
    "deltas": (FLOATS, FLOATS, ORDER, INTEGER, INTEGER, INTEGER),
    "gradient": (INTEGER, INTEGER, INTEGER, INTEGER),
    "step": (NUMBER,),
    "score": (POINTS, FLOATS, DOUBLES),
    "predict": (POINTS, POINTS, INTEGER),
    "neurons": (POINTS, FLOATS),
}
"""What each kernel takes behind BOUND."""


_WHOLE_OF, _DOUBLE_OF = struct.Struct("q"), struct.Struct("d")


class Words:
    """The words of some arguments, int64, and what they tell the place of."""

    def __init__(self, name: str, kinds: Any, values: Any) -> None:
        """Raises TypeError where a value is of another kind: machine code would read and write
        beyond its memory.
        """
        words: list[int] = []
        for kind, value in zip(_flat(kinds), _flat(values), strict=True):
            if kind.dimensions:
                _check(name, kind, value)
                words += value.__array_interface__["data"][0], *value.shape
            elif kind is NUMBER:
                words += _WHOLE_OF.unpack(_DOUBLE_OF.pack(value))
            else:
                words.append(int(value))
        self._values = values
        self.words = (ctypes.c_int64 * len(words))(*words)


def _flat(values: Any) -> Iterator[Any]:
    """What is in nested tuples, in order."""
    for value in values:
        if isinstance(value, tuple) and not isinstance(value, Kind):
            yield from _flat(value)
        else:
            yield value


def _check(name: str, kind: Kind, value: Any) -> None:
    fits = value.dtype == kind.dtype and value.ndim == kind.dimensions
    if not fits or not value.flags.c_contiguous:
        raise TypeError(f"{name} needs {kind.dtype} of {kind.dimensions}, not {value.dtype}.")
