"""Numbers as people write them in tables: decimal marks, thousands separators, missing values.

Imports numpy only; runs on any thread.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

DecimalMark = Literal[".", ","]

# The last float64 that rounds to a finite float32: the largest float32, written with the digits
# that tell it apart, lies above its exact value.
LARGEST = math.nextafter((2 - 2**-24) * 2.0**127, 0)
MISSING = frozenset({"", "-", "?", "na", "n/a", "#n/a", "nan", "null"})

_BLOCK = 4_096
"""Cells that are read at a time: Python cannot turn to another thread in the middle of them."""
_INFINITE = frozenset({"inf", "infinity"})
# Space, the two no-break spaces, apostrophes (Swiss) and underscore (Python).
_SEPARATORS = " \xa0\u202f'\u2019_"
_OTHER_MARK: dict[DecimalMark, str] = {".": ",", ",": "."}


def _plain(mark: DecimalMark) -> re.Pattern[str]:
    return re.compile(rf"[+-]?(?:\d+(?:[{mark}]\d*)?|[{mark}]\d+)(?:[eE][+-]?\d+)?")


def _grouped(mark: DecimalMark) -> re.Pattern[str]:
    separators = _SEPARATORS + _OTHER_MARK[mark]
    return re.compile(rf"[+-]?[1-9]\d{{0,2}}([{separators}])\d{{3}}(?:\1\d{{3}})*(?:[{mark}]\d*)?")


_PLAIN = {mark: _plain(mark) for mark in _OTHER_MARK}
_GROUPED = {mark: _grouped(mark) for mark in _OTHER_MARK}
_UNGROUP = {
    mark: str.maketrans(dict.fromkeys(_SEPARATORS + other, ""))
    for mark, other in _OTHER_MARK.items()
}


class NotANumberError(ValueError):
    """The cell at `index` of a column is text."""

    def __init__(self, index: int) -> None:
        super().__init__(f"cell {index} is not a number")
        self.index = index


def is_missing(cell: str) -> bool:
    """True for what stands where a value is missing: nothing, NA, NaN, null, ?, -."""
    return cell.strip().lower() in MISSING


def number(cell: str, mark: DecimalMark = ".") -> float | None:
    """The number that a cell shows, infinite where a float64 cannot hold it; None for text."""
    text = cell.strip().replace("\N{MINUS SIGN}", "-")
    if _PLAIN[mark].fullmatch(text):
        return float(text.replace(mark, "."))
    if _GROUPED[mark].fullmatch(text):
        return float(text.translate(_UNGROUP[mark]).replace(mark, "."))
    return math.inf if text.lower().lstrip("+-") in _INFINITE else None


def numbers(cells: Sequence[str], mark: DecimalMark = ".") -> npt.NDArray[np.float64]:
    """The numbers of a column (N,), NaN where one is missing, infinite where one is too large.

    Raises NotANumberError for the first cell that is text.
    """
    values = np.empty(len(cells), np.float64)
    for start in range(0, len(cells), _BLOCK):
        block = cells[start : start + _BLOCK]
        fast = _numbers_as_python_writes_them(block, mark)
        values[start : start + _BLOCK] = _numbers(block, mark, start) if fast is None else fast
    return values


def _numbers(cells: Sequence[str], mark: DecimalMark, start: int) -> list[float]:
    values = []
    for index, cell in enumerate(cells, start):
        value = number(cell, mark)
        if value is None and not is_missing(cell):
            raise NotANumberError(index)
        values.append(math.nan if value is None else value)
    return values


def _numbers_as_python_writes_them(
    cells: Sequence[str], mark: DecimalMark
) -> npt.NDArray[np.float64] | None:
    """Ten times as fast, which counts for a million rows; None where a cell needs a closer look."""
    text = "".join(cells)
    if "_" in text or (mark == "," and "." in text):
        return None
    plain = cells if mark == "." else (cell.replace(",", ".") for cell in cells)
    try:
        return np.fromiter(map(float, plain), np.float64, len(cells))
    except ValueError:
        return None


def decimal_mark(cells: Iterable[str], delimiter: str) -> DecimalMark:
    """The mark with which more of the cells are numbers.

    1,234 alone may be either: it is a decimal comma where the delimiter is another character.
    """
    surplus, has_comma, has_dot = 0, False, False
    for cell in cells:
        with_comma, with_dot = number(cell, ","), number(cell, ".")
        surplus += (with_comma is not None) - (with_dot is not None)
        if with_comma != with_dot:
            has_comma |= "," in cell
            has_dot |= "." in cell
    is_comma = surplus > 0 or (surplus == 0 and has_comma and not has_dot and delimiter != ",")
    return "," if is_comma else "."
