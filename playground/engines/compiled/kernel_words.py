"""How a kernel is called: its arguments as words of eight bytes, one behind the other.

Machine code knows nothing of Python's objects. An array becomes its address and its lengths, a
number itself, a tuple its values in order. A kernel finds each at its place, because both sides
read `KERNELS`; see `kernel_arrays` for the other one. Imports numpy only; runs on any thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from playground.engines.compiled.kernel_layout import Knobs, Memory, Network, Rules, Workspace


class Kind(NamedTuple):
    """What an argument is: an array of so many dimensions, C-contiguous, or a number where they are
    0. Whole numbers are int64, others float64.
    """

    dtype: str
    dimensions: int

    @property
    def words(self) -> int:
        """How many words it takes."""
        return 1 + self.dimensions


class Bound(NamedTuple):
    """What a kernel works with, as long as the same network is trained in the same way."""

    network: Any
    work: Any
    memory: Any
    rules: Any


INTEGER, NUMBER = Kind("int64", 0), Kind("float64", 0)
FLOATS, POINTS = Kind("float32", 1), Kind("float32", 2)
ORDER, TABLE = Kind("int64", 1), Kind("int64", 2)
DOUBLES = Kind("float64", 1)


def _described(kind: Any, *inner: Any) -> Any:
    """A tuple of that kind with what its values are in their places."""
    return kind(*inner)


BOUND = Bound(
    _described(Network, TABLE, FLOATS),
    _described(Workspace, *[FLOATS] * len(Workspace._fields)),
    _described(Memory, FLOATS, FLOATS, DOUBLES),
    _described(
        Rules,
        *(INTEGER, INTEGER, NUMBER, NUMBER),
        _described(Knobs, *[NUMBER] * len(Knobs._fields)),
    ),
)
KERNELS: dict[str, tuple[Kind, ...]] = {
    "train": (FLOATS, FLOATS, TABLE, INTEGER, DOUBLES),
    "gradient": (FLOATS, FLOATS, ORDER, INTEGER, INTEGER, INTEGER),
    "step": (NUMBER,),
    "score": (POINTS, FLOATS, DOUBLES),
    "predict": (POINTS, POINTS),
    "neurons": (POINTS, FLOATS),
}
"""What each kernel takes behind BOUND."""


def flat(kinds: Any) -> Iterator[Kind]:
    """The kinds in nested tuples, in order."""
    for kind in kinds:
        if isinstance(kind, Kind):
            yield kind
        else:
            yield from flat(kind)


_FLAT = {name: tuple(flat((BOUND, own))) for name, own in KERNELS.items()}
_SIZES = {name: sum(kind.words for kind in kinds) for name, kinds in _FLAT.items()}


def words_of(name: str, values: Any) -> np.ndarray:
    """The words (W,) int64 with which the kernel of that name is called.

    The arrays have to outlive the call. Raises TypeError where a value is of another kind: machine
    code would read and write beyond its memory.
    """
    words = np.empty(_SIZES[name], np.int64)
    numbers = words.view(np.float64)
    place = 0
    for kind, value in zip(_FLAT[name], _values(values), strict=True):
        if kind.dimensions:
            _check(name, kind, value)
            words[place] = value.__array_interface__["data"][0]
            words[place + 1 : place + kind.words] = value.shape
        elif kind is NUMBER:
            numbers[place] = value
        else:
            words[place] = value
        place += kind.words
    return words


def _values(values: Any) -> Iterator[Any]:
    for value in values:
        if isinstance(value, tuple):
            yield from _values(value)
        else:
            yield value


def _check(name: str, kind: Kind, value: Any) -> None:
    fits = value.dtype == kind.dtype and value.ndim == kind.dimensions
    if not fits or not value.flags.c_contiguous:
        raise TypeError(f"{name} needs {kind.dtype} of {kind.dimensions}, not {value.dtype}.")
