"""Which values of an axis are marked, and how they are written.

Pure functions: ranges and sizes in, marks with their names out. No two marks are nearer to each
other than the caller says, so that names never lie on top of each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from playground.core.numbers import power_of_ten

Marks = list[tuple[float, str]]
"""Places on the axis, rising, with their names."""

STEPS: Final = (1, 2, 5)
MOST_MARKS: Final = 12
"""More than that are a fence, however large the plot is."""
PLAIN: Final = (1e-4, 1e5)
"""Sizes of numbers that are written out; others are so many times a power of ten."""
PLAIN_EXPONENTS: Final = (-2, 3)
"""The same for the marks of a logarithmic axis, which are powers of ten themselves."""
SMALLEST: Final = 1e-300
"""A shorter axis has no marks: computers have no numbers for them."""
_ROUNDING: Final = 1e-9


def linear(
    low: float,
    high: float,
    fits: Callable[[Marks], bool],
    *,
    most: int = MOST_MARKS,
    whole: bool = False,
) -> Marks:
    """Marks at multiples of 1, 2 or 5 times a power of ten: the most that fit.

    fits   whether there is room for these marks with their names
    most   about how many there is room for
    whole  True where only whole numbers mean something
    """
    if not SMALLEST <= high - low < math.inf:
        return []
    for step in _steps((high - low) / max(1, min(most, MOST_MARKS)), whole=whole):
        if step > high - low:
            break
        marks = _multiples(low, high, step)
        if fits(marks):
            return marks
    return _multiples(low, high, step)[:1]


def _steps(least: float, *, whole: bool) -> Iterator[float]:
    """Steps from `least` on, rising."""
    exponent = math.floor(math.log10(least))
    while True:
        for factor in STEPS:
            step = factor * 10.0**exponent
            if step >= least * (1 - _ROUNDING) and (step >= 1 or not whole):
                yield step
        exponent += 1


def _multiples(low: float, high: float, step: float) -> Marks:
    first, last = math.ceil(low / step - _ROUNDING), math.floor(high / step + _ROUNDING)
    values = [number * step for number in range(first, last + 1)]
    return list(zip(values, named(values, step), strict=True))


def named(values: list[float], step: float) -> list[str]:
    """Multiples of a step, all with as many digits as the step needs."""
    largest = max(map(abs, values), default=0.0)
    least, most = PLAIN
    if largest == 0 or (step >= least * (1 - _ROUNDING) and largest < most):
        digits = max(0, -math.floor(math.log10(step) + _ROUNDING)) if step < 1 else 0
        return [_minus(f"{value:,.{digits}f}") if value else "0" for value in values]
    exponent = math.floor(math.log10(largest) + _ROUNDING)
    digits = max(0, exponent - math.floor(math.log10(step) + _ROUNDING))
    return [_times(value / 10.0**exponent, digits, exponent) for value in values]


def _times(mantissa: float, digits: int, exponent: int) -> str:
    if mantissa == 0:
        return "0"
    if abs(mantissa) == 1:
        return ("−" if mantissa < 0 else "") + power_of_ten(exponent)
    return _minus(f"{mantissa:.{digits}f}") + "×" + power_of_ten(exponent)


def _minus(text: str) -> str:
    """With a true minus sign, and none before nothing."""
    return text.replace("-", "−" if text.strip("-0.,") else "")


def logarithmic(low: float, high: float, fits: Callable[[Marks], bool]) -> Marks:
    """Marks of an axis from 10 ** low to 10 ** high, as exponents: powers of ten, and 1, 2, 5
    between a few of them.
    """
    if not low < high or not math.isfinite(high - low):
        return []
    powers = range(math.ceil(low - _ROUNDING), math.floor(high + _ROUNDING) + 1)
    for candidates in _candidates(low, high, powers):
        marks = _named_powers(candidates)
        if fits(marks):
            return marks
    return _named_powers([(1, powers[0])] if powers else [])


def _candidates(low: float, high: float, powers: range) -> Iterator[list[tuple[int, int]]]:
    """Ways to mark the axis, the closest one first: (1, 2 or 5, exponent) of each mark."""
    if len(powers) <= 2:
        between = range(math.floor(low), math.ceil(high) + 1)
        every = [(factor, exponent) for exponent in between for factor in range(1, 10)]
        for factors in (range(1, 10), STEPS):
            shown = [mark for mark in every if mark[0] in factors and low <= _at(mark) <= high]
            yield shown
    for stride in (1, 2, 5, 10, 20, 50, 100, 200, 500):
        yield [(1, exponent) for exponent in powers if exponent % stride == 0]


def _at(mark: tuple[int, int]) -> float:
    factor, exponent = mark
    return exponent + math.log10(factor)


def _named_powers(marks: Iterable[tuple[int, int]]) -> Marks:
    marks = list(marks)
    least, most = PLAIN_EXPONENTS
    is_plain = all(least <= exponent <= most for _, exponent in marks)
    return [(_at(mark), _written(*mark) if is_plain else _aspower_of_ten(*mark)) for mark in marks]


def _written(factor: int, exponent: int) -> str:
    return f"{factor * 10.0**exponent:,.{max(0, -exponent)}f}"


def _aspower_of_ten(factor: int, exponent: int) -> str:
    return power_of_ten(exponent) if factor == 1 else f"{factor}×{power_of_ten(exponent)}"


def number(value: float, digits: int = 3) -> str:
    """One value with some significant digits; – where there is none."""
    if value != value:
        return "–"
    if math.isinf(value):
        return _minus(f"{value:g}".replace("inf", "∞"))
    least, most = PLAIN
    if value == 0 or least <= abs(value) < most:
        is_long = abs(value) >= 10**digits
        return _minus(f"{value:,.0f}" if is_long else f"{value:.{digits}g}")
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{_minus(mantissa)}×{power_of_ten(int(exponent))}"
