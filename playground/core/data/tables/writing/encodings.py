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
    ARABIC,
    CENTRAL,
    CYRILLIC,
    GREEK,
    HEBREW,
    THAI,
    TURKISH,
    WESTERN,
    Language,
    likeliness,
)
from playground.core.data.tables.writing.ideographs import (
    MISPLACED,
    chinese,
    japanese,
    korean,
    taiwanese,
)
from playground.core.errors import FileError, short
from playground.core.messages import N_, Message

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": N_("UTF-8 with BOM"),
    "utf-16": "UTF-16",
    "utf-16-le": N_("UTF-16 without BOM, low byte first"),
    "utf-16-be": N_("UTF-16 without BOM, high byte first"),
    "utf-32": "UTF-32",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "iso2022_jp_ext": "ISO-2022-JP",
    "gb18030": "GBK",
    "cp950": "Big5",
    "cp949": "EUC-KR",
    "cp1251": "Windows-1251",
    "koi8_r": "KOI8-R",
    "cp866": "DOS 866",
    "iso8859_5": "ISO-8859-5",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "iso8859_2": "ISO-8859-2",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp874": "Windows-874",
    "cp850": "DOS 850",
    "mac_roman": "Mac Roman",
}
"""Codecs of Python that tables come in, and the names that people know them by."""

_BLOCK = 1 << 16
_SAMPLE = 2_000
"""Characters beyond ASCII that are looked at."""
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SHIFT_TO_JAPANESE = (b"\x1b$B", b"\x1b$@", b"\x1b(I")
_LETTERS, _LETTERS_BEFORE = re.compile("[A-Za-z]+"), re.compile("[A-Za-z]+$")
_PART = 12
"""Letters of ASCII that are looked at on each side."""
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_WORD = re.compile(r"[^\s,;|\"\x00-\x1f]*[^\s\x00-\x7f][^\s,;|\"\x00-\x1f]*")
_MOST_WRONG = 3
"""How many characters of UTF-8 there are at least to a wrong one: in other encodings it is one at
most, by chance; see tests/core/test_encodings.py.
"""
_FULL_WIDTH_COMMA = re.compile("[\uff0c\uff1b\u3001]")
_DIVIDES = 40.0
"""What it counts that a full-width comma divides the lines; as other signs it would be odd."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1e\x7f\x80-\x9f\ue000-\uf8ff]")
_SHOWN_WORD = 40
_CLOSE = 4.0
"""Logarithm of how much less likely an encoding may be that is named as another possible one: of
words that are taken for others, 24 of 24 had so close a rival in tests/core/test_encodings.py, of
tables with three right words 4 of 75.
"""
_WORST = -7.6
"""Logarithm of how likely a byte may be on average, so that a text is believed at all."""

_ASCII_LETTER, _ASCII_SIGN = math.log(1 / 40), -6.0
"""How likely a letter and another sign of ASCII are."""

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


@dataclass(frozen=True, slots=True)
class Detected:
    """The codec of a text, and another one that fits nearly as well but gives other letters, if
    there is one: how a word would be read by either.
    """

    encoding: str
    rival: str = ""
    word: str = ""
    word_of_rival: str = ""

    def doubt(self) -> Message | None:
        """That the letters may be others, where there is a rival."""
        if not self.rival:
            return None
        return Message(
            "{encoding} was guessed, and '{word}' would be '{other_word}' in {other}; choose that"
            " on import if it is right, or save the file as UTF-8.",
            encoding=Message(ENCODINGS[self.encoding]),
            word=short(self.word, _SHOWN_WORD),
            other_word=short(self.word_of_rival, _SHOWN_WORD),
            other=Message(ENCODINGS[self.rival]),
        )


def _nothing() -> None:
    """For whoever does not ask how far it is."""


def detect_encoding(
    content: bytes, advanced: Callable[[], None] = _nothing, *, is_whole: bool = True
) -> str | None:
    """The codec of a text, a key of ENCODINGS; None where none fits; see `detected`."""
    found = detected(content, advanced, is_whole=is_whole)
    return None if found is None else found.encoding


def detected(
    content: bytes, advanced: Callable[[], None] = _nothing, *, is_whole: bool = True
) -> Detected | None:
    """The encoding of a text; None where none fits, or where it is UTF-8 with a few wrong bytes.
    Tells now and then that it has advanced.

    UTF-8, UTF-16 and UTF-32 with their marks and ISO-2022-JP are certain. The others cannot be told
    apart for certain: that one is taken which makes the characters beyond ASCII most likely.
    Without `is_whole` the content may end in the middle of a character.
    """
    text = _Text(content, is_whole, advanced)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return Detected(encoding) if _evidence(text, encoding) is not None else None
    if b"\0" in content:
        codec = _sixteen_bit(text)
        return None if codec is None else Detected(codec)
    if content.isascii():
        return Detected(_seven_bit(text))
    if _evidence(text, "utf-8") is not None:
        return Detected("utf-8")
    if is_mostly_utf_8(content):
        return None
    found = [
        (likely, candidate.codec)
        for candidate in _CANDIDATES
        if (likely := _likeliness(text, candidate)) is not None
    ]
    return _likeliest(text, found) if found else None


class _Text(NamedTuple):
    """The bytes of a text, whether they are all, and whom to tell that some were looked at."""

    content: bytes
    is_whole: bool
    advanced: Callable[[], None]


def _likeliest(text: _Text, found: Sequence[tuple[float, str]]) -> Detected:
    (best, codec), *others = sorted(found, key=lambda each: -each[0])
    for likely, rival in others:
        if likely < best - _CLOSE:
            break
        ours, theirs = (_evidence(text, each) or "" for each in (codec, rival))
        for word, other in zip(_WORD.findall(ours), _WORD.findall(theirs), strict=False):
            if word != other:
                return Detected(codec, rival, word, other)
    return Detected(codec)


def is_mostly_utf_8(content: bytes) -> bool:
    """True where nearly all characters beyond ASCII are UTF-8, and a few bytes are none."""
    text = content[: 16 * _BLOCK].decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return 0 < _MOST_WRONG * wrong <= sum(map(len, _FOREIGN.findall(text))) - wrong


def unknown_encoding(name: str, content: bytes) -> FileError:
    """Why a text has no encoding that is known, with the line of the first byte that is wrong."""
    place = content.find(b"\0")
    if place >= 0 and _is_text_but_for_zeros(content[:_BLOCK]):
        return FileError(
            "{name} has a byte 0 in line {line:,}, which no text has; remove it, or save the table"
            " anew as UTF-8.",
            name=name,
            line=content.count(b"\n", 0, place) + 1,
        )
    try:
        content.decode()
    except UnicodeDecodeError as error:
        is_cut = error.end == len(content) and "unexpected end" in error.reason
        if is_cut or is_mostly_utf_8(content):
            return FileError(
                "{name} is UTF-8, but what stands in line {line:,} is no character of it ({bytes});"
                " write it anew there, or save the table anew as UTF-8.",
                name=name,
                line=content.count(b"\n", 0, error.start) + 1,
                bytes=content[error.start : error.end].hex(" ").upper(),
            )
    return FileError(
        "{name} is not text in a known encoding, such as UTF-8, UTF-16 or Windows-1252, so"
        " it is not a table (CSV); save it as UTF-8.",
        name=name,
    )


def _is_text_but_for_zeros(start: bytes) -> bool:
    """True for text with a byte 0 here and there; in UTF-16 every second one may be such."""
    rest = start.replace(b"\0", b"")
    text = _evidence(_Text(rest, False, _nothing), "utf-8")
    is_rare = 4 * len(rest) > 3 * len(start)
    return is_rare and text is not None and not _CONTROL.search(rest.decode(errors="ignore"))


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
    if is_divided := _has_divided_lines(text[:_BLOCK]):
        text = _FULL_WIDTH_COMMA.sub(",", text)
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
    if total - candidate.head_start < _WORST * size:
        return None
    return total + _DIVIDES * is_divided


def _has_divided_lines(text: str) -> bool:
    """True where most lines have a full-width comma or semicolon, as cells of a table have."""
    lines = text.splitlines()
    return 5 * sum(_FULL_WIDTH_COMMA.search(line) is not None for line in lines) > 4 * len(lines)


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


def _of_dos(language: Language) -> _Likeliness:
    """As likely as in a language, but for what its bytes may as well be in Asia: a letter behind a
    digit, and blanks that hold lines together.
    """
    of_run = likeliness(language)

    def of_old_run(run: str, before: str, after: str) -> float:
        misplaced = run.count("\xa0") + (before.isdigit() and run[0].isalpha())
        return of_run(run, before, after) + 2 * MISPLACED * misplaced

    return of_old_run


_CANDIDATES = (
    _Candidate("cp932", (japanese,), 4.0),
    _Candidate("cp1252", [*map(likeliness, WESTERN)], 2.5),
    _Candidate("cp1250", [*map(likeliness, CENTRAL)], 1.0),
    _Candidate("iso8859_2", [*map(likeliness, CENTRAL)]),
    _Candidate("cp1254", [*map(likeliness, TURKISH)], 1.5),
    _Candidate("mac_roman", [*map(likeliness, WESTERN)], -1.5),
    _Candidate("cp1251", [*map(likeliness, CYRILLIC)], -4.0),
    _Candidate("cp850", [*map(_of_dos, WESTERN)], -2.0),
    _Candidate("koi8_r", [*map(likeliness, CYRILLIC)], -4.5),
    _Candidate("cp866", [*map(_of_dos, CYRILLIC)], -4.5),
    _Candidate("iso8859_5", [*map(likeliness, CYRILLIC)], -5.0),
    _Candidate("cp1255", [*map(likeliness, HEBREW)], -4.0),
    _Candidate("cp1256", [*map(likeliness, ARABIC)], -4.0),
    _Candidate("cp874", [*map(likeliness, THAI)], -2.5),
    _Candidate("cp1253", [*map(likeliness, GREEK)], -4.0),
    _Candidate("euc_jp", (japanese,)),
    _Candidate("gb18030", (chinese,)),
    _Candidate("cp950", (taiwanese,)),
    _Candidate("cp949", (korean,)),
)
