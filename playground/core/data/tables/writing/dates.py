"""Dates and times as people write them in tables, as numbers.

A column of dates can be an input as days since 1970, and, by the name of the column with one of
PARTS behind it, as what repeats: the day of the year, the weekday, the hour. Standard library and
numpy only; runs on any thread.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from playground.core.messages import N_

Order = Literal["ymd", "dmy", "mdy"]

PARTS: Final = {
    "day of year": N_("the day of the year, from 1"),
    "weekday": N_("the weekday, from 0 on Monday"),
    "hour": N_("the hour of the day, from 0"),
}
"""What can be made of a date beside the days since 1970, by the word behind the column's name."""

_SECONDS = 86_400
_EPOCH = date(1970, 1, 1).toordinal()
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_TIME = (
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:[.,]\d+)?))?"
    r"\s*(?P<half>[AaPp][Mm])?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(
    r"(?P<a>\d{4})(?:[-/.年]\s*(?P<b>\d{1,2})(?:[-/.月]\s*(?P<c>\d{1,2})日?|月))" + _TIME
)
_YEAR_LAST = re.compile(r"(?P<a>\d{1,2})(?P<sign>[-/.])(?P<b>\d{1,2})(?P=sign)(?P<c>\d{4})" + _TIME)
_DAY_AND_NAME = re.compile(
    r"(?P<a>\d{1,2})[-\s.]*(?P<name>[A-Za-z]{3})[a-z]*[-\s.,]*(?P<c>\d{4})" + _TIME
)
_NAME_AND_DAY = re.compile(
    r"(?P<name>[A-Za-z]{3})[a-z]*\.?\s+(?P<a>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<c>\d{4})" + _TIME
)


def order_of(cells: Iterable[str]) -> Order:
    """Whether day or month comes first where the year comes last, told from numbers above 12.

    With points the day comes first, as in Europe; with strokes, where nothing tells, the month.
    """
    has_points = False
    for cell in cells:
        found = _YEAR_LAST.fullmatch(cell)
        if found is None:
            continue
        if int(found["a"]) > 12:
            return "dmy"
        if int(found["b"]) > 12:
            return "mdy"
        has_points |= found["sign"] == "."
    return "dmy" if has_points else "mdy"


def day(cell: str, order: Order = "ymd") -> float | None:
    """Days since 1970 at the beginning of a day, with the time as a fraction; None for no date."""
    found = _YEAR_FIRST.fullmatch(cell)
    if found is not None:
        return _days(int(found["a"]), int(found["b"]), int(found["c"] or 1), found)
    found = _YEAR_LAST.fullmatch(cell)
    if found is not None:
        first, second = int(found["a"]), int(found["b"])
        month, of_month = (first, second) if order == "mdy" else (second, first)
        return _days(int(found["c"]), month, of_month, found)
    found = _DAY_AND_NAME.fullmatch(cell) or _NAME_AND_DAY.fullmatch(cell)
    if found is None:
        return None
    return _days(int(found["c"]), _month(found["name"]), int(found["a"]), found)


def _month(name: str) -> int:
    """The number of a month, 0 for another word."""
    place = _MONTHS.find(name.lower())
    return place // 4 + 1 if place % 4 == 0 else 0


def _days(year: int, month: int, of_month: int, found: re.Match[str]) -> float | None:
    try:
        days = date(year, month, of_month).toordinal() - _EPOCH
    except ValueError:
        return None
    if found["hour"] is None:
        return float(days)
    hour = int(found["hour"]) % 12 if found["half"] else int(found["hour"])
    hour += 12 * ((found["half"] or "").lower() == "pm")
    second = float((found["second"] or "0").replace(",", "."))
    seconds = 3600 * hour + 60 * int(found["minute"]) + second
    return days + seconds / _SECONDS if seconds <= _SECONDS else None


def days(cells: Sequence[str], order: Order) -> npt.NDArray[np.float64]:
    """Days since 1970 (N,), NaN where a cell is no date."""
    values = (day(cell, order) for cell in cells)
    return np.fromiter((math.nan if v is None else v for v in values), np.float64, len(cells))


def _day_of_year(when: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    whole = np.floor(when).astype("datetime64[D]")
    return (whole - whole.astype("datetime64[Y]").astype("datetime64[D]")).astype(float) + 1


_MAKERS: dict[str, Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]] = {
    "day of year": _day_of_year,
    "weekday": lambda when: (np.floor(when) + 3) % 7,
    "hour": lambda when: np.floor((when % 1) * 24 + 1e-6),
}


def part(when: npt.NDArray[np.float64], name: str) -> npt.NDArray[np.float64]:
    """What one of PARTS makes of days since 1970 (N,); NaN stays NaN."""
    made = np.full(len(when), np.nan)
    known = ~np.isnan(when)
    made[known] = _MAKERS[name](when[known])
    return made
