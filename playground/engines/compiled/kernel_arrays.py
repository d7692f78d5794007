"""The arguments of a kernel inside of it: arrays, numbers and tuples, made from words.

Imports numba; only the kernels import this module. See `kernel_words` for the other side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

from playground.engines.compiled.kernel_words import BOUND, KERNELS, Kind

WORDS: Any = types.CPointer(types.int64)
"""Numba's type of both arguments of every kernel."""

# Numba turns the typing function of an intrinsic into something that kernels call quite
# differently.
_intrinsic: Callable[[Callable], Any] = intrinsic


def _opener(kinds: Any) -> Any:
    """A function that makes values of these kinds of words."""
    made = _type_of(kinds)

    @_intrinsic
    def arguments(typing_context: Any, words: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return _Reader(context, builder, args[0]).read(kinds, made)

        return made(words), generate

    return arguments


def _type_of(kinds: Any) -> Any:
    """Numba's type of what is described by kinds in nested tuples."""
    if isinstance(kinds, Kind):
        number = getattr(types, kinds.dtype.name)
        return types.Array(number, kinds.dimensions, "C") if kinds.dimensions else number
    inner = [_type_of(kind) for kind in kinds]
    if hasattr(kinds, "_fields"):
        return types.NamedTuple(inner, type(kinds))
    return types.Tuple(inner)


class _Reader:
    """Writes the instructions that read words one after the other."""

    def __init__(self, context: Any, builder: Any, words: Any) -> None:
        self._context, self._builder, self._words = context, builder, words
        self._place = 0

    def read(self, kinds: Any, made: Any) -> Any:
        """The value of that kind that comes next; `made` is its type."""
        if isinstance(kinds, Kind):
            return self._array(made) if kinds.dimensions else self._number(made)
        pairs = zip(kinds, made, strict=True)
        inner = [self.read(kind, of_kind) for kind, of_kind in pairs]
        return self._context.make_tuple(self._builder, made, inner)

    def _word(self) -> Any:
        at = self._context.get_constant(types.intp, self._place)
        self._place += 1
        return self._builder.load(self._builder.gep(self._words, [at]))

    def _number(self, made: Any) -> Any:
        return self._builder.bitcast(self._word(), self._context.get_value_type(made))

    def _array(self, made: Any) -> Any:
        array = self._context.make_array(made)(self._context, self._builder)
        data = self._builder.inttoptr(self._word(), array.data.type)
        shape = [self._word() for _ in range(made.ndim)]
        size = self._context.get_constant(types.intp, np.dtype(made.dtype.name).itemsize)
        strides = [size]
        for length in reversed(shape[1:]):
            strides.insert(0, self._builder.mul(strides[0], length))
        populate_array(array, data, shape, strides, size, meminfo=None)
        return array._getvalue()


bound_of = _opener(BOUND)
"""The function that gives a kernel its `Bound`."""
arguments_of = {name: _opener(kinds) for name, kinds in KERNELS.items()}
"""By the name of a kernel, the function that gives it its own arguments."""
