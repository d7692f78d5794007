"""Numbers in more than one unit at once: feet and inches, degrees and minutes of a place on Earth.

Standard library only; runs on any thread.
"""

from __future__ import annotations

import re

_FEET = re.compile(
    r"(?P<feet>\d{1,3})\s?(?P<unit>'|\u2032|ft\.?|feet|foot)\s?(?P<inches>\d{1,2}(?:\.\d+)?)"
    r"\s?(?:\"|''|\u2033|in\.?|inches|inch)?"
)
_DEGREES = re.compile(
    r"(?P<sign>[+-]?)(?P<degrees>\d{1,3}(?:[.,]\d+)?)\s?°\s?(?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s?['\u2032]\s?"
    r"(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s?(?:\"|''|\u2033)\s?)?)?(?P<side>[NSEW]?)"
)


def compound(text: str) -> tuple[float, str] | None:
    """The number in `5'10"`, in feet, or in `45°30'15"S`, in degrees, south and west below zero,
    and its unit; None for anything else.
    """
    found = _FEET.fullmatch(text)
    if found is not None and float(found["inches"]) < 12:
        unit = "'" if found["unit"] == "\u2032" else found["unit"].rstrip(".")
        return int(found["feet"]) + float(found["inches"]) / 12, unit
    found = _DEGREES.fullmatch(text)
    if found is None or not (found["minutes"] or found["side"]):
        return None
    parts = (
        float((found[part] or "0").replace(",", ".")) for part in ("degrees", "minutes", "seconds")
    )
    degrees, minutes, seconds = parts
    if minutes >= 60 or seconds >= 60:
        return None
    value = degrees + minutes / 60 + seconds / 3600
    is_negative = found["sign"] == "-" or found["side"] in ("S", "W")
    return (-value if is_negative else value), "°"
