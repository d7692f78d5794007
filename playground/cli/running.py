"""What all commands that train share: an end by Ctrl+C, and a folder for what they write.

Main thread only, because that is where Python delivers Ctrl+C.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from playground.core.errors import FileError, short
from playground.core.tables.reading import MOST_OF_A_PATH

__all__ = ["Stoppable", "make_folder", "stopped_by_ctrl_c"]


class Stoppable(Protocol):
    """The control of a run or a race."""

    def stop(self) -> None: ...


@contextmanager
def stopped_by_ctrl_c(control: Stoppable) -> Iterator[None]:
    """Inside, the first Ctrl+C asks the run to stop, the second one ends the program."""

    def stop(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        control.stop()

    previous = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def make_folder(folder: Path) -> None:
    """Before training: nobody should wait for results that cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            f"{short(folder, MOST_OF_A_PATH)} cannot be made: {error.strerror or error}; choose"
            " another folder with --out."
        ) from None
