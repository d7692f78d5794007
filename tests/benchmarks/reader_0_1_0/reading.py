"""Reading text files that people bring, whatever they turn out to be.

Files that somebody brings are opened by `opened` alone, and nothing in them is believed before it
is checked. Imports nothing but the errors; runs on any thread. Work goes on block by block, so that
no call holds the interpreter for long while a window waits.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import IO

from playground.core.errors import FileError, short
from playground.core.messages import N_, Message

Progress = Callable[[float], None]
"""Called now and then with the part that is done, 0 to 1; what it raises ends the work."""


class Cancelled(Exception):
    """Raised by a `Progress` whose person has given up; nobody needs to be told."""


def no_progress(fraction: float) -> None:
    """For whoever does not ask how far it is."""


ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": N_("UTF-8 with BOM"),
    "utf-16": "UTF-16",
    "cp932": "Shift-JIS",
    "cp1252": "Windows-1252",
}
"""Codecs of Python that tables come in, and the names that people know them by."""

_BLOCK = 1 << 16
MOST_OF_A_PATH = 120
"""Characters of a path, with its folders, that a sentence quotes."""
_SAMPLE = 2_000
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_LETTER = re.compile(r"[A-Za-z]")
_WESTERN_SIGNS = frozenset("°µ²³€£¥§«»“”\u2018\u2019–—…·ªº½¼¾±×÷©®™¿¡\xa0")


def read_text(path: Path, *, at_most: int, what: str) -> str:
    """The UTF-8 text in a file of `at_most` bytes; errors say `what` it should be: "a table".

    Raises FileError where it cannot be read, is too large or is not text.
    """
    content = read_bytes(path, at_most=at_most, what=what)
    if b"\0" in content:
        raise FileError("{name} is not text, so it is not {what}.", name=path, what=what)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(
            "{name} is not UTF-8 text, so it is not {what}; save it as UTF-8.", name=path, what=what
        ) from None


def read_bytes(
    path: Path,
    *,
    at_most: int,
    what: str,
    longest_line: int | None = None,
    progress: Progress = no_progress,
) -> bytes:
    """What is in a file of `at_most` bytes with no line much over `longest_line` bytes.

    Reads no further than to the byte that is too many: some devices never end. Raises FileError.
    """
    content, line_start = bytearray(), 0
    try:
        with opened(path) as file:
            size = max(path.stat().st_size, 1)
            while block := file.read(_BLOCK):
                progress(min(len(content) / size, 1.0))
                line_end = max(block.rfind(b"\n"), block.rfind(b"\r"))
                line_start = len(content) + line_end + 1 if line_end >= 0 else line_start
                content += block
                if len(content) > at_most:
                    raise FileError(
                        "{name} is larger than {size:,} MB, too large for {what}.",
                        name=path,
                        size=at_most // 1000000,
                        what=what,
                    )
                if longest_line is not None and len(content) - line_start > longest_line:
                    raise FileError(
                        "{name} has more than {size:,} MB in line {line:,}, so it is not {what}.",
                        name=path,
                        size=longest_line // 1000000,
                        line=content.count(10) + 1,
                        what=what,
                    )
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    return bytes(content)


def read_start(path: Path, count: int) -> bytes:
    """The first `count` bytes of a file, or all where it has fewer. Raises FileError."""
    try:
        with opened(path) as file:
            return file.read(count)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def opened(path: Path) -> IO[bytes]:
    """A file to read from. Raises OSError, also for what is no file: a device, a pipe, a socket.

    A pipe that nobody writes to would wait forever, and some devices never end.
    """
    return open(path, "rb", opener=_descriptor)


def _descriptor(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    kind = os.fstat(descriptor).st_mode
    if stat.S_ISREG(kind) or stat.S_ISDIR(kind):  # of a folder Python says by itself what it is
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, Message("it is a device or a pipe, not a file"))


def is_file(path: str | Path) -> bool:
    """True where there is a file, no folder, device or pipe; False for what cannot be a path.

    `Path.is_file` raises OSError for a name that is too long.
    """
    return os.path.isfile(path)


def whole_path(path: Path) -> str:
    """The absolute path of a file, as a project names it. Raises FileError where it cannot."""
    whole = os.path.realpath(path)
    try:
        whole.encode()
    except UnicodeEncodeError:
        raise FileError(
            "{path} has a name that is not Unicode; rename it.", path=short(path, MOST_OF_A_PATH)
        ) from None
    return whole


def _unreadable(path: Path, error: Exception) -> FileError:
    reason = getattr(error, "strerror", None) or short(error)
    return FileError(
        "{path} cannot be read: {reason}.", path=short(path, MOST_OF_A_PATH), reason=reason
    )


def detect_encoding(content: bytes, *, is_whole: bool = True) -> str | None:
    """The codec of a text: UTF-8, UTF-16 with its mark, Shift-JIS (CP932) or Windows-1252.

    Shift-JIS and Windows-1252 cannot be told apart for certain: what looks like Japanese is taken
    as Shift-JIS, and what is left has to look like a western language. None where nothing fits.
    Without `is_whole` the content may end in the middle of a character.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return encoding if _evidence(content, encoding, is_whole) is not None else None
    if b"\0" in content:
        return None
    if content.isascii() or _evidence(content, "utf-8", is_whole) is not None:
        return "utf-8"
    for encoding, looks_right in (("cp932", _looks_japanese), ("cp1252", _looks_western)):
        text = _evidence(content, encoding, is_whole)
        if text is not None and not _CONTROL.search(text) and looks_right(text):
            return encoding
    return None


def _evidence(content: bytes, encoding: str, is_whole: bool) -> str | None:
    """The parts of a text with its first characters beyond ASCII; None in another encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    parts: list[str] = []
    count = 0
    try:
        for start in range(0, len(content), _BLOCK):
            is_last = is_whole and start + _BLOCK >= len(content)
            text = decoder.decode(content[start : start + _BLOCK], is_last)
            if count < _SAMPLE and not text.isascii():
                parts.append(text)
                count += sum(map(len, _FOREIGN.findall(text)))
    except UnicodeError:
        return None
    return "".join(parts)


def _looks_japanese(text: str) -> bool:
    """True where most characters beyond ASCII are ones that Japanese uses every day."""
    everyday = count = 0
    for match in islice(_FOREIGN.finditer(text), _SAMPLE):
        run = match.group()
        start, end = match.span()
        neighbours = text[max(start - 1, 0) : start] + text[end : end + 1]
        # A western letter or quote mark swallows the letter behind it: "don't", "caf\xe9s".
        is_swallowed = len(run) == 1 and _LETTER.search(neighbours) is not None
        count += len(run)
        everyday += sum(_is_everyday(character, len(run), is_swallowed) for character in run)
    return 2 * everyday >= count


def _is_everyday(character: str, run_length: int, is_swallowed: bool) -> bool:
    code = character.encode("cp932", "replace")
    if len(code) == 1:  # half-width katakana come in words, western capitals one by one
        return run_length > 1
    # Kana and the kanji of the first level have lead bytes that are no letters in Windows-1252;
    # those of kana are not even the quote marks and dashes that western text is full of.
    is_kana = code[0] in (0x82, 0x83)
    return code[0] < 0xA0 and (is_kana or code[1] >= 0x80 or not is_swallowed)


def _looks_western(text: str) -> bool:
    """True where most characters beyond ASCII are letters or common signs."""
    foreign = "".join(match.group() for match in islice(_FOREIGN.finditer(text), _SAMPLE))
    return 2 * sum(c.isalpha() or c in _WESTERN_SIGNS for c in foreign) >= len(foreign)
