"""Times of the day and durations as people write them in tables, as numbers.

Standard library only; runs on any thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from playground.core.data.tables.numerals import in_ascii

Unit = Literal["h", "min"]

_SECONDS: Final[dict[Unit, float]] = {"h": 3600.0, "min": 60.0}
_LARGEST_HOUR = 24
_LONGEST = 60
"""Characters of a time."""

_DAYS = r"(?:(?P<days>\d+)\s*(?:d|days?|Tage?|日)[,\s]*)?"
_CLOCK = re.compile(
    r"(?P<sign>[+-]?)" + _DAYS + r"(?P<first>\d{1,3}):(?P<second>[0-5]\d)(?::(?P<third>[0-5]\d))?"
    r"(?P<fraction>[.,]\d+)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"(?:\s*(?:Uhr|hrs?|h|Z|UTC))?"
)
_HOURS = r"(?:(?P<hours>\d+(?:[.,]\d+)?)\s*(?:h|hr|hrs|hours?|Std\.?|ч|時間?|时|小时|시간?)\s*)?"
_MINUTES = r"(?:(?P<minutes>\d+(?:[.,]\d+)?)\s*(?:m|min|mins|minutes?|Min\.?|мин|分|分钟|분)\s*)?"
_REST = r"(?:(?P<seconds>\d+(?:[.,]\d+)?)\s*(?:s|sec|secs|seconds?|Sek\.?|сек|秒|초)\.?)?"
_IN_WORDS = re.compile(r"(?P<sign>[+-]?)" + _DAYS + _HOURS + _MINUTES + _REST)
_HOURS_AND_MINUTES = re.compile(r"(?P<hours>\d{1,3})\s*[hH]\s*(?P<minutes>[0-5]\d)")
_OF_ISO = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


def is_time(cell: str) -> bool:
    """True for `12:30`, `1:02:03.5`, `9:30 pm`, `2h 50m`, `1 day, 2:00:00`, `PT1H40M`."""
    return _seconds(cell, "h") is not None


def has_parts(cell: str) -> bool:
    """True for a time of more than one part, which is no number with a unit."""
    return is_time(cell) and len(re.findall(r"\d+(?:[.,]\d+)?", cell)) > 1


def unit_of(cells: Iterable[str]) -> Unit:
    """What these times are counted in: hours, or minutes where the first of two parts is no hour
    or the second one has a fraction, as in 3:45.2.
    """
    for cell in cells:
        found = _CLOCK.fullmatch(in_ascii(cell[:_LONGEST], "."))
        if found is None or found["third"] or found["days"]:
            continue
        if found["fraction"] or int(found["first"]) > _LARGEST_HOUR:
            return "min"
    return "h"


def number_of(cell: str, unit: Unit) -> float | None:
    """A time in hours or minutes; None for anything else."""
    seconds = _seconds(cell, unit)
    return None if seconds is None else seconds / _SECONDS[unit]


def _seconds(cell: str, unit: Unit) -> float | None:
    if len(cell) > _LONGEST:
        return None
    text = in_ascii(cell, ".")
    found = _CLOCK.fullmatch(text)
    if found is not None:
        return _seconds_of_clock(found, unit)
    for form in (_IN_WORDS, _HOURS_AND_MINUTES, _OF_ISO):
        found = form.fullmatch(text)
        if found is not None and any(character.isdigit() for character in text):
            return _seconds_of_parts(found.groupdict())
    return None


def _seconds_of_clock(found: re.Match[str], unit: Unit) -> float | None:
    first, second, third = (int(found[name] or 0) for name in ("first", "second", "third"))
    fraction = float("0" + (found["fraction"] or "").replace(",", "."))
    if found["half"]:
        if not 1 <= first <= 12:
            return None
        first = first % 12 + 12 * (found["half"][0] in "pP")
    if found["third"] is None and found["days"] is None and (unit == "min" or found["fraction"]):
        total = 60 * first + second + fraction
    else:
        total = 3600 * first + 60 * second + third + fraction
    total += 86_400 * int(found["days"] or 0)
    return -total if found["sign"] == "-" else total


def _seconds_of_parts(parts: dict[str, str | None]) -> float:
    total = 0.0
    for name, factor in (("days", 86_400), ("hours", 3600), ("minutes", 60), ("seconds", 1)):
        total += factor * float((parts.get(name) or "0").replace(",", "."))
    return -total if parts.get("sign") == "-" else total
