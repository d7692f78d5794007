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
DECIMAL_MARKS: tuple[DecimalMark, ...] = (".", ",")

# The last float64 that rounds to a finite float32: the largest float32, written with the digits
# that tell it apart, lies above its exact value.
LARGEST = math.nextafter((2 - 2**-24) * 2.0**127, 0)
MISSING = frozenset({"", "-", "?", "na", "n/a", "#n/a", "nan", "null"})

_INFINITE = frozenset({"inf", "infinity"})
# Space, the two no-break spaces, apostrophes (Swiss) and underscore (Python).
_SEPARATORS = " \xa0\u202f'\u2019_"
_OTHER_MARK: dict[DecimalMark, str] = {".": ",", ",": "."}


def _plain(mark: DecimalMark) -> re.Pattern[str]:
    return re.compile(rf"[+-]?(?:\d+(?:[{mark}]\d*)?|[{mark}]\d+)(?:[eE][+-]?\d+)?")


def _grouped(mark: DecimalMark) -> re.Pattern[str]:
    separators = _SEPARATORS + _OTHER_MARK[mark]
    return re.compile(rf"[+-]?[1-9]\d{{0,2}}([{separators}])\d{{3}}(?:\1\d{{3}})*(?:[{mark}]\d*)?")


def _indian(mark: DecimalMark) -> re.Pattern[str]:
    """Thousands, and from there on two digits at a time: 12,34,567."""
    comma = re.escape(_OTHER_MARK[mark])
    return re.compile(
        rf"[+-]?[1-9]\d?(?:{comma}\d{{2}})+{comma}\d{{3}}(?:[{mark}]\d*)?",
    )


_PLAIN = {mark: _plain(mark) for mark in _OTHER_MARK}
_GROUPED = {mark: _grouped(mark) for mark in _OTHER_MARK}
_INDIAN = {mark: _indian(mark) for mark in _OTHER_MARK}
_UNGROUP = {
    mark: str.maketrans(dict.fromkeys(_SEPARATORS + other, ""))
    for mark, other in _OTHER_MARK.items()
}


def is_missing(cell: str) -> bool:
    """True for what stands where a value is missing: nothing, NA, NaN, null, ?, -."""
    return cell.strip().lower() in MISSING


def number(cell: str, mark: DecimalMark = ".") -> float | None:
    """The number that a cell shows, infinite where a float64 cannot hold it; None for text."""
    if cell.isdigit() and cell.isascii():  # most are: ten times as fast as a closer look
        return float(cell)
    text = cell.strip().replace("\N{MINUS SIGN}", "-")
    if _PLAIN[mark].fullmatch(text):
        return float(text.replace(mark, "."))
    if _GROUPED[mark].fullmatch(text) or _INDIAN[mark].fullmatch(text):
        return float(text.translate(_UNGROUP[mark]).replace(mark, "."))
    return math.inf if is_infinite(text) else None


def is_infinite(cell: str) -> bool:
    """True for a word for infinity; False for a number that is too large for a float64."""
    return cell.strip().lower().lstrip("+-") in _INFINITE


def plain_numbers(cells: Sequence[str], mark: DecimalMark) -> npt.NDArray[np.float64] | None:
    """The numbers of cells (N,) as Python writes them, NaN for nan; None for anything else.

    Ten times as fast as a closer look at each, which counts for a million rows.
    """
    text = "".join(cells)
    if "_" in text or (mark == "," and "." in text):
        return None
    plain = cells if mark == "." else (cell.replace(",", ".") for cell in cells)
    try:
        values = np.fromiter(map(float, plain), np.float64, len(cells))
    except ValueError:
        return None
    return None if np.isinf(values).any() else values


def decimal_mark(cells: Iterable[str], delimiter: str) -> DecimalMark:
    """The mark with which more of the cells are numbers.

    1,234 alone may be either: it is a decimal comma where the delimiter is another character.
    """
    surplus, has_comma, has_dot = 0, False, False
    for cell in cells:
        if cell.isdigit():  # with either mark the same
            continue
        with_comma, with_dot = number(cell, ","), number(cell, ".")
        surplus += (with_comma is not None) - (with_dot is not None)
        if with_comma != with_dot:
            has_comma |= "," in cell
            has_dot |= "." in cell
    is_comma = surplus > 0 or (surplus == 0 and has_comma and not has_dot and delimiter != ",")
    return "," if is_comma else "."
