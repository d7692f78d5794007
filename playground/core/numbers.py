"""How numbers are written for people: one way for the whole window.

Thousands stand behind commas, minus is the true sign, a percent sign has a space before it, and
nothing begins with zeros. Pure; any thread.
"""

from __future__ import annotations

import math

MINUS = "−"
NONE = "–"
"""What stands where there is no number."""
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MOST_WHOLE = 1e12
"""From here on a number is written with its exponent, whole or not."""


def whole(count: float) -> str:
    """A count: 12,448."""
    return _signed(f"{count:,.0f}")


def brief(count: float) -> str:
    """A count in a place of fixed width: 12,448, and from a million on 1.23 M."""
    return whole(count) if count < 999_999.5 else f"{count / 1e6:,.2f} M"


def rounded(value: float, digits: int = 3) -> str:
    """Some significant digits: 0.0123, −1.4, 1.2×10⁻⁵."""
    if not math.isfinite(value):
        return NONE
    return _raised(_signed(f"{value + 0.0:.{digits}g}"))


def fixed(value: float, decimals: int) -> str:
    """A number with so many decimals, so that those below each other stand in line."""
    return _signed(f"{value + 0.0:,.{decimals}f}") if math.isfinite(value) else NONE


def signed(value: float) -> str:
    """One decimal, and a sign for either side of zero: +0.5, −1.0."""
    return _signed(f"{value:+.1f}")


def scientific(value: float) -> str:
    """Two digits and a power of ten, 1.2×10⁻⁵; one digit beside a long exponent: 1×10⁻¹²."""
    if not math.isfinite(value):
        return NONE
    text = f"{value:.1e}"
    has_long = len(str(int(text.partition("e")[2]))) > 2
    return _raised(_signed(f"{value:.0e}" if has_long else text))


def power_of_ten(exponent: int) -> str:
    """Such as 10⁻⁷."""
    return "10" + str(exponent).translate(_RAISED)


def percent(share: float, decimals: int = 1) -> str:
    """A share of one: 52.1 %."""
    return f"{fixed(100 * share, decimals)} %" if math.isfinite(share) else NONE


def share(part: float) -> str:
    """A share of one that somebody sets, with all its digits: 80 %, 12.5 %."""
    return f"{_signed(f'{100 * part:.4g}')} %"


def plain(value: float) -> str:
    """A number as a person types it, with all its digits: 500, 0.03, −6, 1e-5."""
    return _short_exponent(_signed(f"{value:.12g}"))


def entry(value: float, *, integer: bool) -> str:
    """A number in a field to type in: as `plain`, and a whole one with its thousands."""
    is_whole = integer and abs(value) < MOST_WHOLE and value == round(value)
    return whole(value) if is_whole else plain(value)


def read(text: str, *, integer: bool) -> float:
    """The number that a person wrote, in any of the ways above, and with a comma for the point.

    A field of whole numbers takes commas between groups of three digits for thousands. Raises
    ValueError for what is no number.
    """
    written = text.strip().replace(MINUS, "-")
    groups = written.lstrip("+-").split(",")
    if integer and len(groups) > 1 and groups[0] and _are_thousands(groups[1:]):
        written = written.replace(",", "")
    # Python reads 1_000, too; a person who types that has slipped.
    written = written.replace("_", "?")
    is_decimal_comma = written.count(",") == 1 and "." not in written
    return float(written.replace(",", ".") if is_decimal_comma else written)


def _are_thousands(groups: list[str]) -> bool:
    return all(len(group) == 3 and group.isdecimal() for group in groups)


def _signed(text: str) -> str:
    """With a true minus sign; that of an exponent stays as it is typed."""
    return MINUS + text[1:] if text.startswith("-") else text


def _raised(text: str) -> str:
    """What is read has powers of ten; what is typed has e-5."""
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}×{power_of_ten(int(exponent))}" if exponent else mantissa


def _short_exponent(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa
