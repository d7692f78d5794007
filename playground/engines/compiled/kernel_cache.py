"""The compiled kernels on disk: where they are kept, how they get there, and how they are loaded.

Compiling takes some ten seconds and much of it holds the GIL, so a process of its own does it,
once:

    start_filling()   at first start; returns at once
    is_ready()        cheap
    load()            the machine code as functions, without numba

A folder's name holds a digest of everything the machine code depends on: the sources of the
kernels, the versions of what compiles them, the processor. So a cache is never stale: it is there
or it is not, and one that was filled elsewhere serves wherever the same is true. The file begins
with its own length and digest; where they do not match, the cache counts as empty.

Runs on any thread. `python -m playground.engines.compiled.kernel_cache` fills the cache and says
where it is, or in one line why it cannot.
"""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import IO, TYPE_CHECKING

import platformdirs

from playground.core.data.tables.reading import Cancelled
from playground.core.errors import EngineError
from playground.core.messages import N_, Message
from playground.engines.compiled.kernel_words import KERNELS

if TYPE_CHECKING:
    from playground.engines.compiled.machine_code import MachineCode

SOURCES = (
    "../../core/network/activations.py",
    "../numpy/dense.py",
    "kernel_layout.py",
    "kernel_words.py",
    "kernel_arrays.py",
    "lanes.py",
    "lane_functions.py",
    "kernel_rules.py",
    "kernels.py",
    "machine_code.py",
)
VARIABLE = "PLAYGROUND_KERNELS"
"""The variable of the environment that names a folder of kernels."""
FILE = "kernels.bin"

POLL_SECONDS = 0.05
LONGEST_SECONDS = 600.0
"""Compiling takes some ten seconds; a process that takes so much longer will not end."""

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


def folders() -> tuple[Path, ...]:
    """Where kernels for this computer may be kept, in the order in which they are looked for: the
    folder that the environment names, one beside the program, which may be shipped with it, and
    that of the person.
    """
    beside = Path(__file__).parents[3] / "kernels"
    own = platformdirs.user_cache_path("playground", appauthor=False) / "kernels"
    named = [Path(name) for name in [os.environ.get(VARIABLE)] if name]
    return tuple(place / _digest() for place in (*named, beside, own))


def folder() -> Path:
    """Where kernels are made: in the folder that is named, else in that of the person."""
    return folders()[0 if os.environ.get(VARIABLE) else -1]


@cache
def _digest() -> str:
    """Changes with the kernels, their compiler and the processor, and with nothing else: neither
    with a place nor with a time.
    """
    from playground.engines.compiled.machine_code import processor

    here = Path(__file__).parent
    parts = [(here / name).read_bytes() for name in SOURCES]
    parts += [version(name).encode() for name in ("numba", "llvmlite", "numpy")]
    parts += [sys.platform.encode(), platform.python_version().encode(), processor().encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def is_ready() -> bool:
    """True where `load` will find everything compiled."""
    return _found() is not None


def _found() -> tuple[Path, bytes] | None:
    """The first file of kernels that is whole, and what is in it."""
    for place in folders():
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
    """The kernels as an object file; imports numba and takes some ten seconds."""
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

    place = folder()
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
    except OSError as error:
        print(
            f"the folder {folder()} cannot be written ({error.strerror or error})", file=sys.stderr
        )
        return 1
    found = _found()
    print(found[0] if found else folder())
    return 0


if __name__ == "__main__":
    sys.exit(main())
