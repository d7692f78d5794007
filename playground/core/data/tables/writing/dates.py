"""Dates and times as people write them in tables, as numbers.

A column of dates can be an input as days since 1970, and, by the name of the column with one of
PARTS behind it, as what repeats: the day of the year, the weekday, the hour. Standard library and
numpy only; runs on any thread.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from playground.core.data.tables.numerals import in_ascii
from playground.core.messages import N_

Order = Literal["ymd", "dmy", "mdy"]

PARTS: Final = {
    "day of year": N_("the day of the year, from 1"),
    "weekday": N_("the weekday, from 0 on Monday"),
    "hour": N_("the hour of the day, from 0"),
}
"""What can be made of a date beside the days since 1970, by the word behind the column's name."""

_SECONDS = 86_400
_LONGEST = 100
"""Characters of a date."""
_EPOCH = date(1970, 1, 1).toordinal()
_MONTHS = """
    jan janv ene gen januar január ledna stycznia янв
    feb febr févr fev fevr лют фев
    mar mär mrz mars mrt márc мар
    apr avr abr апр
    may mai mei maj mag май мая
    jun juin giu июн
    jul juil lug июл
    aug août aout ago авг
    sep sept set сен
    oct okt ott out окт
    nov ноя
    dec déc dez dic дек
"""
_MONTH_OF = {
    word: number
    for number, line in enumerate(_MONTHS.strip().splitlines(), 1)
    for word in line.split()
}
"""How names of months begin in European languages."""
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
"""The year before the first one of each Japanese era."""
_THIS_CENTURY = 68
"""The last year of two digits that is in the 2000s, as POSIX has it (strptime, %y)."""

_WEEKDAY = r"(?:[^\W\d]{2,10}\.?,?\s+)?"
_WEEKDAY_BEHIND = re.compile(r"\s*\([月火水木金土日](?:曜日?)?\)")
_TIME = (
    r"(?:(?:[T,\s]\s*|\s+at\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:[.,]\d+)?))?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(
    r"(?P<a>\d{4})(?:[-/.年]\s*(?P<b>\d{1,2})(?:[-/.月]\s*(?P<c>\d{1,2})日?|月))" + _TIME
)
_YEAR_AND_MONTH = re.compile(r"(?P<c>[12]\d{3})[-/](?P<b>\d{2})|(?P<b2>\d{1,2})/(?P<c2>[12]\d{3})")
_YEAR_LAST = re.compile(
    _WEEKDAY + r"(?P<a>\d{1,2})(?P<sign>[-/.])(?P<b>\d{1,2})(?P=sign)(?P<c>\d{4}|\d{2})" + _TIME
)
_NAME = r"(?P<name>[^\W\d]{3,12})"
_DAY_AND_NAME = re.compile(
    _WEEKDAY
    + r"(?:(?P<a>\d{1,2})(?:st|nd|rd|th|er)?(?:[-\s.]|\s+(?:de|of)\s+)*)?"
    + _NAME
    + r"(?:[-\s.,]|\s+de\s+)*(?P<c>\d{4})"
    + _TIME
)
_NAME_AND_DAY = re.compile(
    _WEEKDAY + _NAME + r"\.?\s+(?P<a>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<c>\d{4})" + _TIME
)
_ERA = re.compile(
    rf"(?P<era>{'|'.join(_ERAS)})\s*(?P<c>\d{{1,2}}|元)年\s*(?P<b>\d{{1,2}})月\s*(?:(?P<a>\d{{1,2}})日)?"
    + _TIME
)
_WEEK = re.compile(r"(?P<c>\d{4})-?W(?P<b>\d{2})(?:-?(?P<a>[1-7]))?")
_QUARTER = re.compile(r"(?P<c>\d{4})[-\s/]?Q(?P<b>[1-4])|Q(?P<b2>[1-4])[-\s/]?(?P<c2>\d{4})")


def order_of(cells: Iterable[str]) -> Order:
    """Whether day or month comes first where the year comes last, told from numbers above 12.

    With points the day comes first, as in Europe; with strokes, where nothing tells, the month. A
    year of two digits comes first where fewer different numbers stand there than at the end.
    """
    return order_told(cells)[0]


def order_told(cells: Iterable[str]) -> tuple[Order, bool]:
    """The same, and whether something tells it, or nothing needs to."""
    has_points = is_open = is_told = False
    ends: tuple[set[str], set[str]] = (set(), set())
    for cell in cells:
        found = _YEAR_LAST.fullmatch(cell) if len(cell) <= _LONGEST else None
        if found is None:
            continue
        is_open |= int(found["a"]) != int(found["b"])
        if len(found["c"]) == 2:
            is_told |= int(found["b"]) > 12
            ends[0].add(found["a"])
            ends[1].add(found["c"])
        elif int(found["a"]) > 12:
            return "dmy", True
        elif int(found["b"]) > 12:
            return "mdy", True
        has_points |= found["sign"] == "."
    if len(ends[0]) < len(ends[1]):
        return "ymd", True
    if any(int(first) > 12 for first in ends[0]):
        return "dmy", True
    return ("dmy", True) if has_points else ("mdy", is_told or not is_open)


def day(cell: str, order: Order = "ymd", *, periods: bool = True) -> float | None:
    """Days since 1970 at the beginning of a day, with the time as a fraction; None for no date.

    A month, a quarter and a week of ISO 8601 are their first day, where `periods` are dates.
    """
    if not cell[:1].isalnum() or len(cell) > _LONGEST:
        return None
    if not cell.isascii():
        cell = _WEEKDAY_BEHIND.sub("", in_ascii(cell, "."))
    found = _YEAR_FIRST.fullmatch(cell)
    if found is not None:
        return _days(int(found["a"]), int(found["b"]), int(found["c"] or 1), found)
    found = _YEAR_LAST.fullmatch(cell)
    if found is not None:
        return _of_three_numbers(found, order)
    found = _DAY_AND_NAME.fullmatch(cell) or _NAME_AND_DAY.fullmatch(cell)
    if found is not None and (found["a"] or (periods and _stand_apart(found))):
        return _days(int(found["c"]), _month(found["name"]), int(found["a"] or 1), found)
    return _period(cell) if periods else None


def _stand_apart(found: re.Match[str]) -> bool:
    """True for a month and a year such as people write them: SET2001 is a code."""
    return found.end("name") < found.start("c") and found["c"][0] in "12"


def _of_three_numbers(found: re.Match[str], order: Order) -> float | None:
    first, second, third = found["a"], found["b"], found["c"]
    if len(third) == 2:
        if found["sign"] == "-" or (found["sign"] == "." and len(first + second) < 4):
            return None  # 10.4.2 is a version
        if order == "ymd":
            return _days(_year(first), int(second), int(third), found)
    month, of_month = (second, first) if order == "dmy" else (first, second)
    return _days(_year(third), int(month), int(of_month), found)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year <= _THIS_CENTURY else 1900)


def _month(name: str) -> int:
    """The number of a month, 0 for another word."""
    word = name.lower()
    return next((_MONTH_OF[word[:size]] for size in (4, 3) if word[:size] in _MONTH_OF), 0)


def _period(cell: str) -> float | None:
    """The first day of a week, a month or a quarter, and a day of a Japanese era."""
    if found := _YEAR_AND_MONTH.fullmatch(cell):
        return _days(int(found["c"] or found["c2"]), int(found["b"] or found["b2"]), 1)
    if found := _QUARTER.fullmatch(cell):
        month = 3 * int(found["b"] or found["b2"]) - 2
        return _days(int(found["c"] or found["c2"]), month, 1)
    if found := _WEEK.fullmatch(cell):
        with suppress(ValueError):
            monday = date.fromisocalendar(int(found["c"]), int(found["b"]), int(found["a"] or 1))
            return float(monday.toordinal() - _EPOCH)
    if found := _ERA.fullmatch(cell):
        year = _ERAS[found["era"]] + int(found["c"].replace("元", "1"))
        return _days(year, int(found["b"]), int(found["a"] or 1), found)
    return None


def _days(year: int, month: int, of_month: int, found: re.Match[str] | None = None) -> float | None:
    try:
        days = date(year, month, of_month).toordinal() - _EPOCH
    except ValueError:
        return None
    if found is None or found["hour"] is None:
        return float(days)
    hour = int(found["hour"]) % 12 if found["half"] else int(found["hour"])
    hour += 12 * ((found["half"] or "").lower()[:1] == "p")
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
