"""Reading text files that people bring, whatever they turn out to be.

Files that somebody brings are opened by `opened` alone, and nothing in them is believed before it
is checked. Imports nothing but the errors; runs on any thread. Work goes on block by block, so that
no call holds the interpreter for long while a window waits.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO

from playground.core.errors import DataError, FileError, reason_of, short
from playground.core.messages import N_, Message

Progress = Callable[[float], None]
"""Called now and then with the part that is done, 0 to 1; what it raises ends the work."""


class Cancelled(Exception):
    """Raised by a `Progress` whose person has given up; nobody needs to be told."""


def no_progress(fraction: float) -> None:
    """For whoever does not ask how far it is."""


def half(progress: Progress, which: int) -> Progress:
    """Progress of the first or the second half (0 or 1) of some work."""
    return lambda fraction: progress((which + fraction) / 2)


Stamp = tuple[str, int, int]
"""Which state of which file: path, time of its last change in ns, size in bytes."""

_BLOCK = 1 << 16
_ADDRESS = re.compile(r"(https?|ftp|file|s3|gs):/{1,2}", re.IGNORECASE)
MOST_OF_A_PATH = 120
"""Characters of a path, with its folders, that a sentence quotes."""


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
    content, line_start = io.BytesIO(), 0  # which hands its bytes out without a copy
    try:
        with opened(path) as file:
            size = max(path.stat().st_size, 1)
            while block := file.read(_BLOCK):
                progress(min(content.tell() / size, 1.0))
                line_end = max(block.rfind(b"\n"), block.rfind(b"\r"))
                line_start = content.tell() + line_end + 1 if line_end >= 0 else line_start
                content.write(block)
                if content.tell() > at_most:
                    raise FileError(
                        "{name} is larger than {size:,} MB, too large for {what}.",
                        name=path,
                        size=at_most // 1000000,
                        what=what,
                    )
                if longest_line is not None and content.tell() - line_start > longest_line:
                    raise FileError(
                        "{name} has more than {size:,} MB in line {line:,}, so it is not {what}.",
                        name=path,
                        size=longest_line // 1000000,
                        line=content.getvalue().count(b"\n") + 1,
                        what=what,
                    )
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None
    return content.getvalue()


def read_start(path: Path, count: int) -> bytes:
    """The first `count` bytes of a file, or all where it has fewer. Raises FileError."""
    try:
        with opened(path) as file:
            return file.read(count)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None


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


def web_address(path: Path) -> str | None:
    """The address that a path was typed as, of which it has lost a slash; None for any other."""
    found = _ADDRESS.match(path.as_posix())
    return None if found is None else f"{found[1]}://{path.as_posix()[found.end() :]}"


def unreadable(path: Path, error: Exception) -> FileError:
    """That a file or a folder cannot be read, with the reason of the system."""
    if (address := web_address(path)) is not None:
        return FileError(
            "{address} is an address of the web, and Playground reads files of this computer; save"
            " the file here, and open that one.",
            address=short(address, MOST_OF_A_PATH),
        )
    template = N_("{path} cannot be read: {reason}.")
    return FileError(template, path=short(path, MOST_OF_A_PATH), reason=reason_of(error))


def stamp_of(path: Path) -> Stamp | None:
    """The state of a file, to tell whether it is still the one that was read; None without one."""
    try:
        place = os.path.realpath(path)
        state = os.stat(place)
    except (OSError, ValueError):
        return None
    return place, state.st_mtime_ns, state.st_size


def check_other(path: Path | None, test: Path | None) -> None:
    """Raises DataError where a table and that to test with are one file."""
    if path is not None and test is not None and test.exists() and path.samefile(test):
        raise DataError(
            "'{path}' cannot test what is learned from itself; choose another file to test with, or"
            " none.",
            path=path,
        )
