"""Numbers with something around them: per cent, currency, brackets or a triangle for negative,
units, powers of ten, fractions, and what says that a number is about right or only a limit.

Standard library only; runs on any thread.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from playground.core.data.tables.numerals import DecimalMark, in_ascii, number
from playground.core.data.tables.writing.compound import compound

_CODES = """
    USD EUR GBP JPY CNY RMB KRW INR CHF AUD CAD NZD HKD SGD TWD BRL RUB SEK NOK DKK PLN CZK MXN
    TRY ZAR HUF ILS THB IDR PHP MYR VND SAR AED ARS CLP COP PEN UAH RON BGN ISK EGP NGN PKR BDT LKR
    US$ A$ C$ S$ NZ$ HK$ NT$ R$ Rs. Rs Rp. Rp Fr. SFr. kr. kr Kr. Kr %
"""
_LONGEST = 200
"""Characters of a number with all that stands around it."""
_HAS_DIGIT = re.compile(r"[\d¼-¾⅐-⅞]")
_CURRENCY_BEFORE = re.compile(rf"(?:{'|'.join(map(re.escape, _CODES.split()))})\s*(?=[\d(.,+-])")
_NO_CENTS = re.compile(r"(?<=\d)(?:[.,](?:--?|[\u2013\u2014])|/-)$")
TRIANGLES_UP, TRIANGLES_DOWN = frozenset("▲△"), frozenset("▼▽")
_UNIT = re.compile(
    r"(?=.{1,16}$)[^\d\s,.;:'\"+\-]"
    r"(?:[^\d,;:'\"]|(?<=[^\W\d])(?:[23](?!\d)|-[1-4](?![\s\w]))|\^-?\d)*"
    r"|''?|\"|[\u2032\u2033]"
)
_NUMBER = re.compile(r"[+-]?[\d.,][\d.,'\u2019\u00b4_ ]*(?:[eE][+-]?\d+)?")
_MEASURE = re.compile(r"([+-]?[\d.,]+) ?([a-zA-Z][a-zA-Z/]{0,7}|%)")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_POWER = re.compile(
    r"(?<=[\d.,])\s*[x×*·⋅]\s*10(?:(?:\^|\*\*)\s*(?P<plain>[+-]?\d{1,3})|(?P<raised>[⁻⁺]?[⁰¹²³⁴-⁹]+))"
    r"(?!\d)"
)
_OF_FORTRAN = re.compile(r"([+-]?(?:\d+[.,]\d*|[.,]\d+))[dD]([+-]?\d{2,3})")
_FRACTION = re.compile(r"([+-]?)(?:(\d+)\s+)?(\d{1,2})[/\u2044](\d{1,2})(?![\d/])")
_FRACTION_SIGN = re.compile(r"([+-]?)(\d*)\s?([¼-¾⅐-⅞])")
_HALVES = (2, 4, 8, 16, 32, 64)
_QUOTED = re.compile(r"=?\"([^\"]+)\"|'([\d.,+\- ]+)")

_ROUGHLY = re.compile(
    r"^(?:[~≈≒≃\u223c\u301c≅]|[Cc]a\.|c\.|(?:[Cc]a|[Cc]irca|[Aa]pprox\.?|[Aa]pproximately|[Aa]bout|[Aa]round"
    r"|[Ee]twa|[Rr]und|[Ee]nv\.|[Ee]nviron|\u043e\u043a\u043e\u043b\u043e)(?=\s)|約|およそ|约|大约|약)\s*(?=[^\w\s]{0,2}\s?[\d.,])"
)
_SPREAD = re.compile(r"(?<=[\d.,])\s*(?:±|\+/-|\+-)\s*[\d.,]+(?:[eE][+-]?\d+)?")
_NOTE = re.compile(
    r"(?<=[\w%°])(?:\s?[*†‡§]{1,3}|\s?\?|\s?\[\w{1,3}\]|(?<=\d)\(\d{1,2}\)"
    r"|\s?(?:程度|くらい|ぐらい|前後|左右|정도))$"
)
_QUALITY = re.compile(r"(?<=\d)\s?[)\]]$")
"""How weather offices mark a value that few measurements stand for."""
_LIMIT = re.compile(r"(?:[<>]=?|=[<>]|[≤≥≦≧≪≫⩽⩾])\s*(?P<number>\S.*)")
_LIMIT_BEHIND = re.compile(
    r"(?P<number>.*\d.*?)\s*(?:以上|以下|未満|未满|超過?|이상|이하|미만|초과|\+)"
)

_SCALES: Final = {
    1e3: "thousand Tsd. Tsd тыс. тыс 千 천",
    1e4: "万 萬 만",
    1e5: "lakhs lakh lacs lac",
    1e6: "million millions Millionen Mio. Mio mln. mln млн. млн 百万",
    1e7: "crores crore",
    1e8: "億 亿 억",
    1e9: "billion billions Milliarden Mrd. Mrd mlrd. mlrd bn млрд. млрд 十億",
}
_FACTORS = {word.lower(): factor for factor, words in _SCALES.items() for word in words.split()}
_SCALE = re.compile(
    "|".join(map(re.escape, sorted(_FACTORS, key=len, reverse=True))), re.IGNORECASE
)
MAGNITUDES: Final = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9}
"""Letters behind a number that may be a unit or a power of ten: the rest of a column tells."""
CRORES: Final = {"Cr": 1e7, "cr": 1e7, "CR": 1e7}
_LAKHS = re.compile(r"\d\s*(?:lakhs?|lacs?)\b", re.IGNORECASE)
_OF_MONEY = {**MAGNITUDES, "m": 1e6, "MM": 1e6, "b": 1e9, "L": 1e5, "Cr": 1e7, "cr": 1e7}


class Signed(NamedTuple):
    """A number, the unit, the currency or the per cent sign that stands with it, and whether
    something says that it is about right: `~5`, `5±0.1`, `5*`.
    """

    value: float
    unit: str = ""
    is_rough: bool = False


def has_lakhs(cell: str) -> bool:
    """True for a number of lakhs, of which a hundred are a crore."""
    return bool(_LAKHS.search(cell))


def signed(cell: str, mark: DecimalMark = ".") -> Signed | None:
    """The number in a cell, and what stands with it; None where there is more than one thing.

    `(1.9)`, `▲1.9`, `△1.9` and `1.9-` are negative, as books of accounts write it; where a column
    has both `▲` and `▼`, the first one means up, which one cell cannot tell.
    """
    if len(cell) > _LONGEST or not _HAS_DIGIT.search(cell):
        return None
    if (found := _MEASURE.fullmatch(cell)) is not None and not _SCALE.match(found[2]):
        value = number(found[1], mark)  # most are, and a closer look takes thrice as long
        return None if value is None else Signed(value, found[2])
    text, is_rough = _without_doubt(_unquoted(in_ascii(cell, mark)))
    if (both := compound(text)) is not None:
        return Signed(*both, is_rough)
    text, is_negative = _without_negative_sign(_NO_CENTS.sub("", text))
    text, currency = _without_currency(text)
    if currency and not is_negative:
        text, is_negative = _without_negative_sign(text)
    if text.startswith(("-", "+")) and (currency or text[1:2] == " ") and not is_negative:
        text, is_negative = text[1:].strip(), text[0] == "-"
    plain = number(text, mark)
    value, unit = (plain, "") if plain is not None else _with_unit(text, currency, mark)
    if value is None:
        return None
    return Signed(-value if is_negative else value, currency + unit, is_rough)


def is_limit(cell: str, mark: DecimalMark = ".") -> bool:
    """True for a bound of a value that nobody knows: `<0.5`, `>= 100 mg`, `10+`."""
    if len(cell) > _LONGEST:
        return False
    text = in_ascii(cell, mark)
    found = _LIMIT.fullmatch(text) or _LIMIT_BEHIND.fullmatch(text)
    return found is not None and signed(found["number"], mark) is not None


def is_currency(unit: str) -> bool:
    """True for a currency, as a sign or as letters."""
    return unicodedata.category(unit[0]) == "Sc" or (unit != "%" and unit in _CODES.split())


# What stands around.


def _unquoted(text: str) -> str:
    """A text without the quotes that keep a spreadsheet from reading it."""
    found = _QUOTED.fullmatch(text)
    return text if found is None else (found[1] or found[2]).strip()


def _without_doubt(text: str) -> tuple[str, bool]:
    """The text without what says that the number is about right, and whether there was such."""
    plain = _SPREAD.sub("", _ROUGHLY.sub("", text, 1), 1)
    plain = _NOTE.sub("", plain)
    if "(" not in plain and "[" not in plain:
        plain = _QUALITY.sub("", plain)
    return plain.strip(), plain != text


def _without_negative_sign(text: str) -> tuple[str, bool]:
    """The text inside brackets, behind a triangle or before a minus, and whether there was one."""
    if text[:1] == "(" and text.endswith(")"):
        inside = text[1:-1].strip()
        return inside, inside[:1] != "-"  # (1.9) and (-1.9) are the same
    if text[:1] and text[0] in TRIANGLES_UP | TRIANGLES_DOWN:
        return text[1:].strip(), True
    if text.endswith("-") and text[:1].isdigit():
        return text[:-1].strip(), True
    return text, False


def _without_currency(text: str) -> tuple[str, str]:
    """The text without the currency before it, behind a minus or not, and the currency."""
    minus = "-" if text.startswith("-") else ""
    rest = text[len(minus) :].lstrip()
    if rest[:1] and unicodedata.category(rest[0]) == "Sc":
        return minus + rest[1:].strip(), unicodedata.normalize("NFKC", rest[0])
    found = _CURRENCY_BEFORE.match(rest)
    if found is not None:
        return minus + rest[found.end() :].strip(), found.group().strip()
    return text, ""


# What stands behind.


def _with_unit(text: str, currency: str, mark: DecimalMark) -> tuple[float | None, str]:
    """The number before a unit, and the unit; None where there is no such thing."""
    value, rest = _quantity(text, mark)
    unit = unicodedata.normalize("NFKC", rest).strip()
    if value is None or not unit:
        return value, ""
    if not _UNIT.fullmatch(unit):
        return None, ""
    factor, unit = _without_scale(unit)
    value *= factor
    if not currency or not unit or unit.startswith("/"):
        return value, unit
    return (value * _OF_MONEY[unit], "") if unit in _OF_MONEY else (None, "")


def _without_scale(unit: str) -> tuple[float, str]:
    """The factor that a word such as million stands for, 1 without one, and the unit behind it."""
    found = _SCALE.match(unit)
    if found is None:
        return 1.0, unit
    rest = unit[found.end() :]
    is_word = found.group() < "\u0500"  # in letters, which another letter makes another word
    is_part = is_word and rest[:1].isalpha()
    return (1.0, unit) if is_part else (_FACTORS[found.group().lower()], rest.strip())


def _quantity(text: str, mark: DecimalMark) -> tuple[float | None, str]:
    """The number at the beginning of a text, and what is behind it."""
    fraction = _fraction(text)
    if fraction is not None:
        return fraction
    text = _POWER.sub(_exponent, text, 1)
    if found := _OF_FORTRAN.fullmatch(text):
        text = f"{found[1]}e{found[2]}"
    found = _NUMBER.match(text)
    if found is None:
        return None, ""
    digits = found.group().rstrip(" '")
    return number(digits, mark), text[len(digits) :]


def _exponent(found: re.Match[str]) -> str:
    return "e" + (found["plain"] or found["raised"].translate(_SUPERSCRIPTS))


def _fraction(text: str) -> tuple[float, str] | None:
    """The number of `3 1/2`, `1/2` or `3½`, and what is behind it; None for anything else.

    Without a whole number before it only halves of halves are taken: 3/7 may be a day.
    """
    found = _FRACTION_SIGN.match(text)
    if found is not None:
        part = unicodedata.numeric(found[3])
    else:
        found = _FRACTION.match(text)
        if found is None or not 0 < int(found[3]) < int(found[4]):
            return None
        if found[2] is None and int(found[4]) not in _HALVES:
            return None
        part = int(found[3]) / int(found[4])
    value = int(found[2] or 0) + part
    return (-value if found[1] == "-" else value), text[found.end() :]
