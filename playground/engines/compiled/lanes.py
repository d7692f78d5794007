"""Sixteen float32 numbers that are worked on as one: the vector type that the compiled kernels are
written in.

A compiler vectorises a loop over a batch of ten badly or not at all, so the kernels do not leave it
to chance: a `Lanes` value is one LLVM vector, and `+ - * /` on it are one instruction (or two, four
on processors with shorter registers). A kernel reads and writes it in flat float32 arrays:

    load(array, k)      array[k : k + 16]
    spread(array, k)    array[k], sixteen times
    fill(x)             the number x, sixteen times
    store(array, k, v)  array[k : k + 16] = v

Products may be fused with sums (`contract`); nothing else may be rearranged, so that a result does
not depend on the compiler and a number that is not finite stays one. Indices are not checked: the
kernels own all their arrays.

Imports numba, which takes most of a second; only the kernels import this module.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numba
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typing import signature  # type: ignore[attr-defined]
from numba.core.typing.templates import ConcreteTemplate, infer_global
from numba.extending import intrinsic, lower_builtin, register_model

from playground.engines.compiled.kernel_layout import LANES

_njit: Any = numba.njit
compiled = _njit(error_model="numpy", forceinline=True, _nrt=False)
"""The decorator of every function inside the kernels.

Inlining lets the compiler see that most strides are constants, and makes a small network's step a
third faster. As much again comes from not counting references to arrays: kernels allocate nothing.
"""

compiled_apart = _njit(error_model="numpy", _nrt=False)
"""The same for what few networks have: it is compiled once a kernel, wherever it is called from."""

# Numba turns the typing function of an intrinsic into something that kernels call quite
# differently.
_intrinsic: Callable[[Callable], Any] = intrinsic

_FLOAT = ir.FloatType()
_INT = ir.IntType(32)
_FLOATS = ir.VectorType(_FLOAT, LANES)
_INTS = ir.VectorType(_INT, LANES)
_FLAGS = ("contract", "nsz")
_ALIGNMENT = 4


class Lanes(types.Type):
    """Numba's type of such a value; it exists inside kernels only."""

    def __init__(self) -> None:
        super().__init__("Lanes")


lanes = Lanes()


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, lanes_type: Lanes) -> None:
        super().__init__(manager, lanes_type, _FLOATS)


def _widened(builder: Any, value: Any) -> Any:
    """A vector as it is; a number in every lane."""
    if value.type == _FLOATS:
        return value
    nothing = ir.Constant(_FLOATS, ir.Undefined)
    first = builder.insert_element(nothing, value, ir.Constant(_INT, 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(_INTS, None))


def _add_operator(symbol: Callable, instruction: str) -> None:
    """Teach numba `symbol` between lanes, and between lanes and a number."""

    @infer_global(symbol)
    class _Template(ConcreteTemplate):
        cases = [  # noqa: RUF012
            signature(lanes, lanes, lanes),
            signature(lanes, lanes, types.float32),
            signature(lanes, types.float32, lanes),
        ]

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        left, right = (_widened(builder, value) for value in args)
        return getattr(builder, instruction)(left, right, flags=_FLAGS)

    for case in _Template.cases:
        lower_builtin(symbol, *case.args)(lower)


_add_operator(operator.add, "fadd")
_add_operator(operator.sub, "fsub")
_add_operator(operator.mul, "fmul")
_add_operator(operator.truediv, "fdiv")


def _address(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    array = context.make_array(sig.args[0])(context, builder, args[0])
    return builder.gep(array.data, [args[1]])


def _vector_address(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.bitcast(_address(context, builder, sig, args), _FLOATS.as_pointer())


def _llvm(builder: Any, name: str, kind: Any) -> Any:
    """LLVM's own function of that name for sixteen floats."""
    return cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{LANES}f32")


@_intrinsic
def load(typing_context: Any, array: Any, index: Any) -> Any:
    """Sixteen values of a flat array from `index` on."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.load(_vector_address(context, builder, sig, args), align=_ALIGNMENT)

    return lanes(array, types.intp), generate


@_intrinsic
def spread(typing_context: Any, array: Any, index: Any) -> Any:
    """The value of a flat array at `index` in every lane."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _widened(builder, builder.load(_address(context, builder, sig, args)))

    return lanes(array, types.intp), generate


@_intrinsic
def store(typing_context: Any, array: Any, index: Any, value: Any) -> Any:
    """Write sixteen values to a flat array from `index` on."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        builder.store(args[2], _vector_address(context, builder, sig, args), align=_ALIGNMENT)
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes), generate


@_intrinsic
def fill(typing_context: Any, value: Any) -> Any:
    """A number in every lane."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _widened(builder, args[0])

    return lanes(types.float32), generate


@_intrinsic
def total(typing_context: Any, values: Any) -> Any:
    """The sum of all lanes, added in whatever order is fastest."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = ir.FunctionType(_FLOAT, [_FLOAT, _FLOATS])
        function = _llvm(builder, "vector.reduce.fadd", kind)
        return builder.call(function, [ir.Constant(_FLOAT, 0.0), args[0]], fastmath=("reassoc",))

    return types.float32(lanes), generate


@_intrinsic
def power_of_two(typing_context: Any, exponent: Any) -> Any:
    """2^k for whole numbers k from -126 to 127, made by writing k into the exponent's bits."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        biased = builder.add(builder.fptosi(args[0], _INTS), ir.Constant(_INTS, [127] * LANES))
        bits = builder.shl(biased, ir.Constant(_INTS, [23] * LANES))
        return builder.bitcast(bits, _FLOATS)

    return lanes(lanes), generate


def _elementwise(name: str) -> Any:
    """LLVM's function of that name, lane by lane."""

    @_intrinsic
    def function(typing_context: Any, values: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            kind = ir.FunctionType(_FLOATS, [_FLOATS])
            return builder.call(_llvm(builder, name, kind), args)

        return lanes(lanes), generate

    return function


absolute = _elementwise("fabs")
floor = _elementwise("floor")
nearest = _elementwise("rint")
sqrt = _elementwise("sqrt")


def _lanes_or_number(kind: Any) -> Any:
    return lanes if kind == lanes else types.float32


def _choice(relation: str) -> Any:
    """The left value where `left relation right`, else the right one; a lane that is not a number
    stays so.
    """

    @_intrinsic
    def function(typing_context: Any, left: Any, right: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            left, right = (_widened(builder, value) for value in args)
            return builder.select(builder.fcmp_unordered(relation, left, right), left, right)

        return lanes(lanes, _lanes_or_number(right)), generate

    return function


minimum = _choice("<")
maximum = _choice(">")


def _where(relation: str) -> Any:
    """`yes` where `left relation right`, else `no`, lane by lane."""

    @_intrinsic
    def function(typing_context: Any, left: Any, right: Any, yes: Any, no: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            left, right, yes, no = (_widened(builder, value) for value in args)
            return builder.select(builder.fcmp_ordered(relation, left, right), yes, no)

        kinds = [_lanes_or_number(kind) for kind in (right, yes, no)]
        return lanes(lanes, *kinds), generate

    return function


where_equal = _where("==")
where_greater = _where(">")
