"""Numbers as people write them in tables: decimal marks, thousands separators, digits and signs of
other keyboards, missing values.

Imports numpy only; runs on any thread.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
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
# Space, apostrophes (Swiss) and underscore (Python).
_SEPARATORS = " '\u2019\u00b4_"
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


_SPACES = "\xa0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_MARKS_OF_DIRECTION = "\u200b\u200e\u200f\u2060\ufeff"
_ASCII = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full width
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_MARKS_OF_DIRECTION, None),
        "\N{MINUS SIGN}": "-",
        "\N{SMALL HYPHEN-MINUS}": "-",
        "\N{HEAVY MINUS SIGN}": "-",
        "\N{ARABIC PERCENT SIGN}": "%",
    }
)
_LIKE_MINUS = "\u2010\u2011\u2012\u2013\u30fc"
"""Dashes, and the long vowel on the same key, which are a minus where they stand before a digit."""


def in_ascii(cell: str, mark: DecimalMark) -> str:
    """A cell without the space around it, with the signs of ASCII for those of other keyboards that
    look alike, such as those of full width in Japan; Arabic marks become those of numbers with this
    decimal mark.
    """
    if cell.isascii():
        return cell.strip()
    text = cell.translate(_ASCII).strip()
    text = text.replace("\N{ARABIC DECIMAL SEPARATOR}", mark)
    text = text.replace("\N{ARABIC THOUSANDS SEPARATOR}", _OTHER_MARK[mark])
    if text[:1] and text[0] in _LIKE_MINUS and (text[1:2].isdigit() or text[1:2] == mark):
        return "-" + text[1:]
    return text


def is_missing(cell: str) -> bool:
    """True for what stands where a value is missing: nothing, NA, NaN, null, ?, -."""
    return cell.strip().lower() in MISSING


def number(cell: str, mark: DecimalMark = ".") -> float | None:
    """The number that a cell shows, infinite where a float64 cannot hold it; None for text."""
    if cell.isdigit() and cell.isascii():  # most are: ten times as fast as a closer look
        return float(cell)
    text = in_ascii(cell, mark)
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
