"""How likely the characters of East Asia are in a text, from which encodings are told.

Everyday characters, the other ones that a standard has in its first rows, and the rest each have a
share of the texts of a language, evenly spread over them. Pure functions; any thread.
"""

from __future__ import annotations

import math
import re

from playground.core.data.tables.writing.everyday import CHINESE, JAPANESE, KOREAN, TAIWANESE

_HALF_WIDTH = re.compile("(^|[^\uff61-\uff9f])[\uff61-\uff9f]")
_RARE, _VERY_RARE = math.log(0.14 / 3_000), math.log(0.01 / 6_000)
_KANA = math.log(0.35 / 160)
_FULL_WIDTH, _FULL_WIDTH_DIGIT = math.log(0.05 / 100), math.log(0.2 / 14)
_HALF_WIDTH_WORD, _HALF_WIDTH_ALONE, _HALF_WIDTH_RUN = math.log(1 / 60), -8.0, -3.0
MISPLACED = -7.5
_COMMON_ROWS = {
    "euc_jp": range(0xB0, 0xD0),
    "gb2312": range(0xB0, 0xD8),
    "euc_kr": range(0xB0, 0xC9),
    "cp950": range(0xA4, 0xC7),
}
"""The first bytes of the common characters of a standard; in the Korean one, Korean ones."""
_FULL_WIDTH_DIGITS = frozenset(
    "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff0e\uff0c\uff0d\uff05"
)
_FULL_WIDTH_SIGNS = frozenset("℃\uff05・〜ー→○×△▲")


def _of_east_asia(sign: str, everyday: frozenset[str], share: float, standard: str) -> float:
    """Logarithm of how likely a character is where everyday ones have this share of a text.

    standard  a key of _COMMON_ROWS
    """
    if sign in everyday:
        return math.log(share / len(everyday))
    if sign in _FULL_WIDTH_DIGITS:
        return _FULL_WIDTH_DIGIT
    is_full_width = "\u3000" <= sign <= "\u3020" or "\uff01" <= sign <= "\uff5e"
    if is_full_width or sign in _FULL_WIDTH_SIGNS:
        return _FULL_WIDTH
    row = sign.encode(standard, "replace")[0]
    return _RARE if row in _COMMON_ROWS[standard] else _VERY_RARE


def _swallows(run: str, before: str, after: str) -> bool:
    """True for one ideograph inside a word of ASCII: it may have swallowed the letter behind it."""
    return len(run) == 1 and (before.isalpha() or after.islower())


def chinese(run: str, before: str, after: str) -> float:
    if _swallows(run, before, after):
        return 2 * MISPLACED
    return sum(_of_east_asia(sign, CHINESE, 0.6, "gb2312") for sign in run)


def taiwanese(run: str, before: str, after: str) -> float:
    if _swallows(run, before, after):
        return 2 * MISPLACED
    return sum(_of_east_asia(sign, TAIWANESE, 0.6, "cp950") for sign in run)


def korean(run: str, before: str, after: str) -> float:
    if _swallows(run, before, after):
        return 2 * MISPLACED
    return sum(_of_east_asia(sign, KOREAN, 0.6, "euc_kr") for sign in run)


def japanese(run: str, before: str, after: str) -> float:
    if _swallows(run, before, after):
        return 2 * MISPLACED
    half_width = _HALF_WIDTH_WORD if len(run) > 1 else _HALF_WIDTH_ALONE
    total = _HALF_WIDTH_RUN if _HALF_WIDTH.search(run) else 0.0
    for sign in run:
        if "\uff61" <= sign <= "\uff9f":
            total += half_width
        elif "\u3041" <= sign <= "\u30fe":
            total += _KANA
        else:
            total += _of_east_asia(sign, JAPANESE, 0.5, "euc_jp")
    return total
