"""Reading text files that people bring, whatever they turn out to be.

Imports nothing but the errors; runs on any thread.
"""

from __future__ import annotations

from pathlib import Path

from playground.core.errors import FileError

__all__ = ["read_text"]


def read_text(path: Path, *, at_most: int, what: str) -> str:
    """The UTF-8 text in a file of `at_most` bytes; errors say `what` it should be: "a table".

    Raises FileError where it cannot be read, is too large or is not text.
    """
    try:
        with path.open("rb") as file:
            content = file.read(at_most + 1)  # /dev/zero tells no size and never ends
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FileError(f"{path} cannot be read: {reason}.") from None
    if len(content) > at_most:
        raise FileError(
            f"{path.name} is larger than {at_most // 1_000_000:,} MB, too large for {what}."
        )
    if b"\0" in content:
        raise FileError(f"{path.name} is not text, so it is not {what}.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(
            f"{path.name} is not UTF-8 text, so it is not {what}; save it as UTF-8."
        ) from None
