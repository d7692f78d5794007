"""What all commands that train share: an end by Ctrl+C, a folder for what they write, and who
trained.

Main thread only, because that is where Python delivers Ctrl+C.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from playground.core.data.tables.reading import MOST_OF_A_PATH
from playground.core.errors import FileError, short

if TYPE_CHECKING:
    from playground.engines.contract.run_control import RunInfo


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


def trained_by(info: RunInfo, name: str = "") -> str:
    """Who trained, as people read it: the engine, by another name where one is given, the device
    and the threads.
    """
    threads = "1 thread" if info.threads == 1 else f"{info.threads} threads"
    return f"{name or info.engine} on {info.device} ({threads})"


def make_folder(folder: Path) -> None:
    """Before training: nobody should wait for results that cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            "{folder} cannot be made: {reason}; choose another folder with --out.",
            folder=short(folder, MOST_OF_A_PATH),
            reason=error.strerror or error,
        ) from None
