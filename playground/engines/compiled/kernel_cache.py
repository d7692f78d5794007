"""The compiled kernels on disk: where they are kept, how they get there, and how they are loaded.

Compiling takes half a minute and much of it holds the GIL, so a process of its own does it,
once:

    start_filling()   at first start; returns at once
    is_ready()        cheap
    load()            the machine code as functions, without numba

Where it is, `kernel_folders` says. The file begins with its own length and digest; where they do
not match, the cache counts as empty. Beside it lies what `first_weights` found out.

Runs on any thread. `python -m playground.engines.compiled.kernel_cache` fills the cache and says
where it is, or in one line why it cannot.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from playground.core.data.tables.reading import Cancelled
from playground.core.errors import EngineError
from playground.core.messages import N_, Message
from playground.engines import first_weights
from playground.engines.compiled import kernel_folders
from playground.engines.compiled.kernel_words import KERNELS

if TYPE_CHECKING:
    from playground.engines.compiled.machine_code import MachineCode

FILE = "kernels.bin"

POLL_SECONDS = 0.05
LONGEST_SECONDS = 600.0
"""Compiling takes half a minute; a process that takes so much longer will not end."""

LAST_WORDS = 4096
"""Bytes of what a process has written last that are read."""

_lock = threading.Lock()
_loading = threading.Lock()
_loaded: MachineCode | None = None
_failure: str = ""


@dataclass(frozen=True, slots=True)
class _Compilation:
    """A process that fills the cache, and where it writes.

    Nobody reads that meanwhile: a pipe would be full some day, and hold the process up for ever; a
    file never is.
    """

    process: subprocess.Popen[bytes]
    words: IO[bytes]


_compilation: _Compilation | None = None


def is_ready() -> bool:
    """True where `load` will find everything compiled."""
    return _found() is not None


def _found() -> tuple[Path, bytes] | None:
    """The first file of kernels that is whole, and what is in it."""
    for place in kernel_folders.folders():
        with suppress(OSError):
            content = (place / FILE).read_bytes()
            if content.startswith(_head(code := content[_HEAD:])):
                return place / FILE, code
    return None


_HEAD = 40


def _head(code: bytes) -> bytes:
    return len(code).to_bytes(8, "little") + hashlib.sha256(code).digest()


def start_filling() -> None:
    """Let another process compile the kernels, unless one is at it or has failed."""
    global _compilation, _failure
    with _lock:
        if _compilation is None and not _failure and not is_ready():
            try:
                with ExitStack() as stack:
                    words = stack.enter_context(tempfile.TemporaryFile())
                    _compilation = _Compilation(_start(words), words)
                    stack.pop_all()  # closed once the process has ended
            except OSError as error:
                template = N_("no process could be started to compile the kernels: {reason}")
                _failure = Message(template, reason=error.strerror)


def why_not_ready() -> str:
    """What a person is told as long as the cache is empty, as the end of a sentence; empty once it
    is ready.
    """
    _notice_the_end()
    if is_ready():
        return ""
    return _failure or Message("the compiled kernels are still being made, which happens once")


def fill(stopped: Callable[[], bool] = lambda: False) -> None:
    """Fill the cache and wait for it, until `stopped` is true.

    Raises EngineError where that is impossible, Cancelled where it was stopped; the process then
    goes on by itself, for whoever needs the kernels next.
    """
    start_filling()
    compilation = _compilation
    if compilation is not None:
        _wait(compilation.process, stopped)
    reason = why_not_ready()
    if reason:
        raise EngineError("The compiled engine is not available: {reason}.", reason=reason)


def _wait(process: subprocess.Popen[bytes], stopped: Callable[[], bool]) -> None:
    """Until the process has ended; one that takes far too long is ended."""
    end = time.monotonic() + LONGEST_SECONDS
    while True:
        if stopped():
            raise Cancelled
        with suppress(subprocess.TimeoutExpired):
            process.wait(POLL_SECONDS)
            return
        if time.monotonic() > end:
            process.kill()


def load() -> MachineCode:
    """The kernels, from the cache, which is filled first where it is empty.

    Where that is impossible the kernels are compiled here and now, for this process alone. Raises
    EngineError where the file in the cache cannot be loaded; it is then removed.
    """
    global _loaded
    with _loading:  # a training and a race may want them at the same time
        if _loaded is None:
            _loaded = _load()
        return _loaded


def _load() -> MachineCode:
    from playground.engines.compiled.machine_code import MachineCode

    with suppress(EngineError):
        fill()
    found = _found()
    if found is None:
        return MachineCode(_compiled(), tuple(KERNELS))
    path, code = found
    try:
        return MachineCode(code, tuple(KERNELS))
    except RuntimeError as error:
        with suppress(OSError):
            path.unlink()
        raise EngineError(
            "The compiled kernels in {folder} cannot be loaded; remove the folder where it is still"
            " there, and start again to renew them.",
            folder=path.parent,
        ) from error


def _compiled() -> bytes:
    """The kernels as an object file; imports numba and takes half a minute."""
    from playground.engines.compiled.kernels import code
    from playground.engines.compiled.machine_code import object_of

    return object_of(code())


def _start(words: IO[bytes]) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).parents[3])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, "-m", "playground.engines.compiled.kernel_cache"],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=words,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _notice_the_end() -> None:
    """Keep the last line that a process without success has written."""
    global _compilation, _failure
    with _lock:
        if _compilation is None or _compilation.process.poll() is None:
            return
        with _compilation.words as stream:
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - LAST_WORDS))
            lines = stream.read().decode(errors="replace").strip().splitlines()
        if not is_ready():
            code = _compilation.process.returncode
            _failure = Message("compiling ended with code {code}", code=code)
            if lines:
                _failure = lines[-1]
        _compilation = None


def _fill_here() -> None:
    """Compile and load it, to see that it can be, and put it in place when it is whole: others may
    be at it, too.
    """
    from playground.engines.compiled.machine_code import MachineCode

    place = kernel_folders.folder()
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place, delete=False) as file:
        own = Path(file.name)
        try:
            code = _compiled()
            MachineCode(code, tuple(KERNELS))
            file.write(_head(code) + code)
            file.close()  # Windows moves no open file
            own.replace(place / FILE)
        finally:
            own.unlink(missing_ok=True)


def main() -> int:
    """Fill the cache in this process."""
    try:
        if not is_ready():
            _fill_here()
        first_weights.draws_as_torch()
        first_weights.drops_as_torch()
    except OSError as error:
        print(
            f"the folder {kernel_folders.folder()} cannot be written ({error.strerror or error})",
            file=sys.stderr,
        )
        return 1
    found = _found()
    print(found[0] if found else kernel_folders.folder())
    return 0


if __name__ == "__main__":
    sys.exit(main())
