"""Which encoding a text is in, told from how likely its characters are in each.

Standard library only; any thread. Libraries that guess encodings are made for pages of prose: of
the few words in a table they took a third for another language, so each encoding is asked here how
well it explains the characters beyond ASCII.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from playground.core.data.tables.writing.alphabets import (
    CENTRAL,
    CYRILLIC,
    GREEK,
    TURKISH,
    WESTERN,
    likeliness,
)
from playground.core.data.tables.writing.everyday import CHINESE, JAPANESE, KOREAN, TAIWANESE
from playground.core.messages import N_

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": N_("UTF-8 with BOM"),
    "utf-16": "UTF-16",
    "utf-16-le": N_("UTF-16 without BOM, low byte first"),
    "utf-16-be": N_("UTF-16 without BOM, high byte first"),
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "iso2022_jp_ext": "ISO-2022-JP",
    "gb18030": "GBK",
    "cp950": "Big5",
    "cp949": "EUC-KR",
    "cp1251": "Windows-1251",
    "koi8_r": "KOI8-R",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "iso8859_2": "ISO-8859-2",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "mac_roman": "Mac Roman",
}
"""Codecs of Python that tables come in, and the names that people know them by."""

_BLOCK = 1 << 16
_SAMPLE = 2_000
"""Characters beyond ASCII that are looked at."""
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SHIFT_TO_JAPANESE = (b"\x1b$B", b"\x1b$@", b"\x1b(I")
_LETTERS, _LETTERS_BEFORE = re.compile("[A-Za-z]+"), re.compile("[A-Za-z]+$")
_PART = 12
"""Letters of ASCII that are looked at on each side."""
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_HALF_WIDTH = re.compile("(^|[^\uff61-\uff9f])[\uff61-\uff9f]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x9f\ue000-\uf8ff]")
_WORST = -7.6
"""Logarithm of how likely a byte may be on average, so that a text is believed at all."""

_Likeliness = Callable[[str, str, str], float]
"""Logarithm of how likely a run of foreign characters is, with its neighbours in ASCII."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An encoding that may be the one, and its languages, of which the likeliest one counts.

    head_start is what it is believed before a look.
    """

    codec: str
    languages: Sequence[_Likeliness]
    head_start: float = 0.0


def _nothing() -> None:
    """For whoever does not ask how far it is."""


def detect_encoding(
    content: bytes, advanced: Callable[[], None] = _nothing, *, is_whole: bool = True
) -> str | None:
    """The codec of a text, a key of ENCODINGS; None where none fits. Tells now and then that it has
    advanced.

    UTF-8, UTF-16 with its mark and ISO-2022-JP are certain. The others cannot be told apart for
    certain: that one is taken which makes the characters beyond ASCII most likely. Without
    `is_whole` the content may end in the middle of a character.
    """
    text = _Text(content, is_whole, advanced)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return encoding if _evidence(text, encoding) is not None else None
    if b"\0" in content:
        return _sixteen_bit(text)
    if content.isascii():
        return _seven_bit(text)
    if _evidence(text, "utf-8") is not None:
        return "utf-8"
    found = [
        (likeliness, candidate.codec)
        for candidate in _CANDIDATES
        if (likeliness := _likeliness(text, candidate)) is not None
    ]
    return max(found, key=lambda each: each[0])[1] if found else None


class _Text(NamedTuple):
    """The bytes of a text, whether they are all, and whom to tell that some were looked at."""

    content: bytes
    is_whole: bool
    advanced: Callable[[], None]


def _sixteen_bit(text: _Text) -> str | None:
    """UTF-16 without a mark: ends of lines have a byte 0, always on the same side."""
    sample = text.content[:_BLOCK]
    high, low = sample[::2].count(0), sample[1::2].count(0)
    codec = "utf-16-le" if low > high else "utf-16-be"
    evidence = _evidence(text, codec)
    line_end = "\n".encode(codec)
    is_text = min(high, low) * 20 <= max(high, low) and line_end in sample
    return codec if is_text and evidence is not None and not _CONTROL.search(evidence) else None


def _seven_bit(text: _Text) -> str:
    """Plain ASCII, or Japanese between escape sequences."""
    content = text.content
    is_shifted = b"\x1b" in content and any(mark in content for mark in _SHIFT_TO_JAPANESE)
    return "iso2022_jp_ext" if is_shifted and _evidence(text, "iso2022_jp_ext") else "utf-8"


def _evidence(text: _Text, encoding: str) -> str | None:
    """The parts of a text with its first characters beyond ASCII; None in another encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    parts: list[str] = []
    count, size = 0, len(text.content)
    try:
        for start in range(0, size, _BLOCK):
            text.advanced()
            is_last = text.is_whole and start + _BLOCK >= size
            part = decoder.decode(text.content[start : start + _BLOCK], is_last)
            if count < _SAMPLE and not part.isascii():
                parts.append(part)
                count += sum(map(len, _FOREIGN.findall(part)))
    except UnicodeError:
        return None
    return "".join(parts)


def _likeliness(written_text: _Text, candidate: _Candidate) -> float | None:
    """Logarithm of how likely the text is; None where it cannot be in this encoding."""
    text = _evidence(written_text, candidate.codec)
    if text is None or _CONTROL.search(text):
        return None
    totals, size = [candidate.head_start] * len(candidate.languages), 0
    for run, before, after in _runs(text):
        written = run.encode(candidate.codec, "replace")
        # In another encoding these bytes would be ASCII, whose likeliness is nowhere counted.
        swallowed = [chr(byte) for byte in written if byte < 0x80]
        ascii_share = sum(_ASCII_LETTER if sign.isalnum() else _ASCII_SIGN for sign in swallowed)
        for place, likely in enumerate(candidate.languages):
            totals[place] += likely(run, before, after) - ascii_share
        size += len(written) - len(swallowed)
    total = max(totals)
    return total if total - candidate.head_start >= _WORST * size else None


def _runs(text: str) -> set[tuple[str, str, str]]:
    """Characters beyond ASCII that stand together, and what stands before and behind them.

    What comes again tells nothing new: a label stands in thousands of rows.
    """
    return {
        (match.group(), _part_before(text, start), _part_behind(text, end))
        for match in islice(_FOREIGN.finditer(text), _SAMPLE)
        for start, end in (match.span(),)
    }


def _part_before(text: str, start: int) -> str:
    """The letters of ASCII that stand before a place; any other character alone."""
    found = _LETTERS_BEFORE.search(text, max(start - _PART, 0), start)
    return found.group() if found else text[max(start - 1, 0) : start]


def _part_behind(text: str, end: int) -> str:
    found = _LETTERS.match(text, end, end + _PART)
    return found.group() if found else text[end : end + 1]


# How likely a character is: the shares of everyday and of other characters, evenly spread over
# them. A western letter stands in a word of ASCII, a Cyrillic one among its like.

_ASCII_LETTER, _ASCII_SIGN = math.log(1 / 40), -6.0
_RARE, _VERY_RARE = math.log(0.14 / 3_000), math.log(0.01 / 6_000)
_KANA = math.log(0.35 / 160)
_FULL_WIDTH, _FULL_WIDTH_DIGIT = math.log(0.05 / 100), math.log(0.2 / 14)
_HALF_WIDTH_WORD, _HALF_WIDTH_ALONE, _HALF_WIDTH_RUN = math.log(1 / 60), -8.0, -3.0
_MISPLACED = -7.5
_LAST_COMMON_ROW = {"euc_jp": 0xCF, "gb2312": 0xD7, "euc_kr": 0xC8}
_FULL_WIDTH_DIGITS = frozenset(
    "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff0e\uff0c\uff0d\uff05"
)
_FULL_WIDTH_SIGNS = frozenset("℃\uff05・〜ー→○×△▲")


def _of_east_asia(sign: str, everyday: frozenset[str], share: float, standard: str) -> float:
    """Logarithm of how likely a character is where everyday ones have this share of a text.

    The `standard` has common characters in its first rows, and Korean ones before Chinese ones.
    """
    if sign in everyday:
        return math.log(share / len(everyday))
    if sign in _FULL_WIDTH_DIGITS:
        return _FULL_WIDTH_DIGIT
    is_full_width = "\u3000" <= sign <= "\u3020" or "\uff01" <= sign <= "\uff5e"
    if is_full_width or sign in _FULL_WIDTH_SIGNS:
        return _FULL_WIDTH
    row = sign.encode(standard, "replace")[0]
    return _RARE if 0xB0 <= row <= _LAST_COMMON_ROW[standard] else _VERY_RARE


def _swallows(run: str, before: str, after: str) -> bool:
    """True for one ideograph inside a word of ASCII: it may have swallowed the letter behind it."""
    return len(run) == 1 and (before.isalpha() or after.islower())


def _chinese(run: str, before: str, after: str) -> float:
    if _swallows(run, before, after):
        return 2 * _MISPLACED
    return sum(_of_east_asia(sign, CHINESE, 0.6, "gb2312") for sign in run)


def _taiwanese(run: str, before: str, after: str) -> float:
    if _swallows(run, before, after):
        return 2 * _MISPLACED
    return sum(_of_taiwan(sign) for sign in run)


def _of_taiwan(sign: str) -> float:
    """Big5 has its common characters in the rows A4 to C6."""
    if sign in TAIWANESE:
        return math.log(0.6 / len(TAIWANESE))
    if sign in _FULL_WIDTH_DIGITS:
        return _FULL_WIDTH_DIGIT
    if "\u3000" <= sign <= "\u3020" or "\uff01" <= sign <= "\uff5e" or sign in _FULL_WIDTH_SIGNS:
        return _FULL_WIDTH
    return _RARE if 0xA4 <= sign.encode("cp950", "replace")[0] <= 0xC6 else _VERY_RARE


def _korean(run: str, before: str, after: str) -> float:
    if _swallows(run, before, after):
        return 2 * _MISPLACED
    return sum(_of_east_asia(sign, KOREAN, 0.6, "euc_kr") for sign in run)


def _japanese(run: str, before: str, after: str) -> float:
    if _swallows(run, before, after):
        return 2 * _MISPLACED
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


_CANDIDATES = (
    _Candidate("cp932", (_japanese,), 4.0),
    _Candidate("cp1252", [*map(likeliness, WESTERN)], 2.5),
    _Candidate("cp1250", [*map(likeliness, CENTRAL)], 1.0),
    _Candidate("iso8859_2", [*map(likeliness, CENTRAL)]),
    _Candidate("cp1254", [*map(likeliness, TURKISH)], 1.5),
    _Candidate("mac_roman", [*map(likeliness, WESTERN)], -1.5),
    _Candidate("cp1251", [*map(likeliness, CYRILLIC)], -4.0),
    _Candidate("koi8_r", [*map(likeliness, CYRILLIC)], -4.5),
    _Candidate("cp1253", [*map(likeliness, GREEK)], -4.0),
    _Candidate("euc_jp", (_japanese,)),
    _Candidate("gb18030", (_chinese,)),
    _Candidate("cp950", (_taiwanese,)),
    _Candidate("cp949", (_korean,)),
)
