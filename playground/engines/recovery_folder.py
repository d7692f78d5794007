"""The folder of recovery files: one for each window, locked by it as long as it lives.

The lock is the operating system's, on a file beside: it is gone with its process, however that
ends, and no number of a process has to be believed. What is not locked was left behind. Knows no
window; any thread, one at a time for each object.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from playground.core.data.tables.reading import MOST_OF_A_PATH
from playground.core.errors import FileError, reason_of, short
from playground.core.messages import Message
from playground.engines import recovery_file
from playground.engines.recovery_file import Kept, Outline

if TYPE_CHECKING:
    from filelock import BaseFileLock

SUFFIX, LOCK, DAMAGED = ".safetensors", ".lock", ".damaged"
MOST_FILES = 10
MOST_DAMAGED = 3
MOST_BYTES = 1_000_000_000
_STRAY_SECONDS = 3_600


class Place:
    """One recovery file, held by this process until `release` or `remove`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: BaseFileLock | None = None

    def take(self) -> bool:
        """Lock it; False where another window has it. Raises FileError."""
        from filelock import FileLock, Timeout  # a tenth of a second, when there is time for it

        self._lock = FileLock(self.path.with_suffix(LOCK), timeout=0, thread_local=False)
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            return False
        except (OSError, NotImplementedError) as error:
            reason = reason_of(error)
            name = short(self.path, MOST_OF_A_PATH)
            raise FileError(
                "{name} cannot be locked: {reason}.", name=name, reason=reason
            ) from None
        return True

    def write(self, kept: Kept) -> bool:
        """As `recovery_file.write`."""
        return recovery_file.write(kept, self.path)

    def read(self) -> Kept:
        """As `recovery_file.read`."""
        return recovery_file.read(self.path)

    def outline(self) -> Outline:
        """As `recovery_file.read_outline`."""
        return recovery_file.read_outline(self.path)

    def release(self) -> None:
        """Leave the file to the next window."""
        if self._lock is not None:
            self._lock.release()

    def remove(self) -> None:
        """What was kept here is not needed any more."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        self._let_go()

    def set_aside(self) -> str:
        """Put a damaged file out of the way, and say so in a sentence."""
        aside = self.path.with_suffix(DAMAGED)
        with suppress(OSError):
            self.path.replace(aside)
        self._let_go()
        name = short(aside, MOST_OF_A_PATH)
        return Message(
            "A recovery file was damaged and cannot be restored; it is set aside as {path}.",
            path=name,
        )

    def _let_go(self) -> None:
        self.release()
        with suppress(OSError):
            self.path.with_suffix(LOCK).unlink(missing_ok=True)


class RecoveryFolder:
    """All recovery files of a person."""

    def __init__(self, path: Path | None = None) -> None:
        """`path` is the folder, which need not be there yet; left out, that of the person."""
        self.path = path or _of_person()

    def new_place(self) -> Place:
        """A place for one more window, locked. Raises FileError."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileError(
                "{path} cannot be made: {reason}; what is not saved would not outlive a crash.",
                path=short(self.path, MOST_OF_A_PATH),
                reason=reason_of(error),
            ) from None
        moment = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
        place = Place(self.path / f"{moment}-{secrets.token_hex(8)}{SUFFIX}")
        place.take()
        return place

    def left_behind(self) -> tuple[list[tuple[Place, Outline]], list[str]]:
        """What no living window holds, the latest first, each now locked; and a sentence for each
        that was damaged. What is too much or too old for the folder is removed.
        """
        found, sentences = [], []
        for place in self._free():
            try:
                found.append((place, place.outline()))
            except FileError:
                sentences.append(place.set_aside())
        found.sort(key=lambda one: -one[1].when)
        kept: list[tuple[Place, Outline]] = []
        size = 0
        for place, outline in found:
            size += place.path.stat().st_size
            if len(kept) < MOST_FILES and size <= MOST_BYTES:
                kept.append((place, outline))
            else:
                place.remove()
        self._tidy()
        return kept, sentences

    def _free(self) -> Iterator[Place]:
        """What could be locked, and is still there then."""
        for path in sorted(self.path.glob(f"*{SUFFIX}")):
            place = Place(path)
            with suppress(FileError):
                if place.take():
                    if path.exists():
                        yield place
                    else:
                        place.remove()

    def _tidy(self) -> None:
        """Remove all but the newest damaged files, and locks of nothing."""
        with suppress(OSError):
            damaged = sorted(self.path.glob(f"*{DAMAGED}"), reverse=True)
            for path in damaged[MOST_DAMAGED:]:
                path.unlink(missing_ok=True)
            for path in self.path.glob(f"*{LOCK}"):
                is_old = time.time() - path.stat().st_mtime > _STRAY_SECONDS
                stray = Place(path.with_suffix(SUFFIX))
                if is_old and not stray.path.exists() and stray.take():
                    stray.remove()


def _of_person() -> Path:
    return platformdirs.user_state_path("playground", appauthor=False) / "recovery"
