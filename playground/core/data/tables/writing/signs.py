"""Numbers with a sign around them: per cent, currency, brackets or a triangle for negative, units.

Standard library only; runs on any thread.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from playground.core.data.tables.numerals import DecimalMark, number

_CODES = """
    USD EUR GBP JPY CNY RMB KRW INR CHF AUD CAD NZD HKD SGD TWD BRL RUB SEK NOK DKK PLN CZK MXN
    US$ A$ C$ NZ$ HK$ NT$ R$ Rs. Rs Fr. kr
"""
_CURRENCY_BEFORE = re.compile(rf"(?:{'|'.join(map(re.escape, _CODES.split()))})\s*(?=[\d(.,+-])")
_NEGATIVE_SIGNS = "▲△▼"
_BRACKETS = {"(": ")", "（": "）"}
_UNIT = re.compile(r"(?=.{1,16}$)[^\d\s,.;:'\"+\-](?:[^\d,;:'\"]|(?<=[^\W\d])[23](?!\d))*")
_NUMBER = re.compile(r"[+-]?[\d.,][\d.,'\u2019_ \xa0\u202f]*(?:[eE][+-]?\d+)?")


class Signed(NamedTuple):
    """A number, and the unit, the currency or the per cent sign that stands with it."""

    value: float
    unit: str = ""


def signed(cell: str, mark: DecimalMark = ".") -> Signed | None:
    """The number in a cell, and what stands with it; None where there is more than one thing.

    `(1.9)`, `▲1.9`, `△1.9` and `1.9-` are negative, as books of accounts write it.
    """
    text, is_negative = _without_negative_sign(cell.strip().replace("\N{MINUS SIGN}", "-"))
    text, currency = _without_currency(text)
    if currency and not is_negative:
        text, is_negative = _without_negative_sign(text)
    if text.startswith("-") and currency and not is_negative:
        text, is_negative = text[1:].strip(), True
    plain = number(text, mark)
    if plain is not None:
        return Signed(-plain if is_negative else plain, currency)
    if currency:
        return None
    value, unit = _without_unit(text, mark)
    return None if value is None else Signed(-value if is_negative else value, unit)


def _without_negative_sign(text: str) -> tuple[str, bool]:
    """The text inside brackets, behind a triangle or before a minus, and whether there was one."""
    if text[:1] in _BRACKETS and text.endswith(_BRACKETS[text[:1]]):
        inside = text[1:-1].strip()
        return inside, inside[:1] != "-"  # (1.9) and (-1.9) are the same
    if text[:1] and text[0] in _NEGATIVE_SIGNS:
        return text[1:].strip(), True
    if text.endswith("-") and text[:1].isdigit():
        return text[:-1].strip(), True
    return text, False


def _without_currency(text: str) -> tuple[str, str]:
    """The text without the currency before it, behind a minus or not, and the currency."""
    minus = "-" if text.startswith("-") else ""
    rest = text[len(minus) :].lstrip()
    if rest[:1] and unicodedata.category(rest[0]) == "Sc":
        return minus + rest[1:].strip(), rest[0]
    found = _CURRENCY_BEFORE.match(rest)
    if found is not None:
        return minus + rest[found.end() :].strip(), found.group().strip()
    return text, ""


def _without_unit(text: str, mark: DecimalMark) -> tuple[float | None, str]:
    """The number before a unit, and the unit; None where there is no such thing."""
    found = _NUMBER.match(text)
    if found is None:
        return None, ""
    unit = unicodedata.normalize("NFKC", text[found.end() :]).strip()
    if not _UNIT.fullmatch(unit):
        return None, ""
    return number(found.group().rstrip(), mark), unit
