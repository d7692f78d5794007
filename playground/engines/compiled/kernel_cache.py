"""The compiled kernels on disk: where they are kept, how they get there, and how they are loaded.

Compiling takes some ten seconds and much of it holds the GIL, so a process of its own does it,
once:

    start_filling()   at first start; returns at once
    is_ready()        cheap; imports nothing
    load()            imports numba and the kernels, in about half a second

The folder's name holds a digest of everything the machine code depends on, so a cache is never
stale: it is there or it is not. With the files goes a list of their sizes; where one does not
match, the cache counts as empty.

Runs on any thread. `python -m playground.engines.compiled.kernel_cache` fills the cache and exits
with 0, or says in one line why it cannot.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import platform
import shutil
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
from types import ModuleType
from typing import IO, Any

import platformdirs

from playground.core.data.tables.reading import Cancelled
from playground.core.errors import EngineError
from playground.core.messages import N_, Message

SOURCES = (
    "../../core/network/activations.py",
    "../numpy/dense.py",
    "kernel_layout.py",
    "lanes.py",
    "lane_functions.py",
    "kernel_rules.py",
    "kernels.py",
)
LIST_OF_FILES = "files.json"

POLL_SECONDS = 0.05
LONGEST_SECONDS = 600.0
"""Compiling takes some ten seconds; a process that takes so much longer will not end."""

LAST_WORDS = 4096
"""Bytes of what a process has written last that are read."""

_lock = threading.Lock()
_loading = threading.Lock()
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


def folder() -> Path:
    """Where this version of the kernels is kept for this computer."""
    return platformdirs.user_cache_path("playground", appauthor=False) / "kernels" / _digest()


@cache
def _digest() -> str:
    """Changes with the kernels, their compiler, Python and the computer (a home folder may be
    shared).
    """
    here = Path(__file__).parent
    parts = [(here / name).read_bytes() for name in SOURCES]
    # Numba itself asks for the same file, by its path and time of writing.
    kernels = here / "kernels.py"
    parts += [str(kernels).encode(), str(kernels.stat().st_mtime_ns).encode()]
    parts += [version(name).encode() for name in ("numba", "llvmlite", "numpy")]
    parts += [sys.version.encode(), platform.machine().encode(), platform.node().encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def is_ready() -> bool:
    """True where `load` will find everything compiled."""
    place = folder()
    try:
        files = json.loads((place / LIST_OF_FILES).read_text(encoding="utf-8"))
        return bool(files) and all(
            (place / name).stat().st_size == size for name, size in files.items()
        )
    except (OSError, ValueError, AttributeError):
        return False


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


def load() -> ModuleType:
    """The module of the kernels, from the cache, which is filled first where it is empty.

    Where that is impossible the kernels are compiled here and now, for this process alone. Raises
    EngineError where the files in the cache cannot be read; they are then removed.
    """
    with _loading:  # a module that another thread is importing is there before all of it is
        if "playground.engines.compiled.kernels" in sys.modules:
            return sys.modules["playground.engines.compiled.kernels"]
        return _load()


def _load() -> ModuleType:
    with suppress(EngineError):
        fill()
    ready = is_ready()
    try:
        return _import_kernels(folder() if ready else None)
    except Exception as error:
        if not ready:
            raise
        shutil.rmtree(folder(), ignore_errors=True)
        raise EngineError(
            "The compiled kernels in {folder} could not be read and were removed; start again to"
            " renew them.",
            folder=folder(),
        ) from error


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


def _import_kernels(place: Path | None) -> ModuleType:
    """Import the kernels with numba's cache in `place`, or without a cache; other users of numba
    keep theirs.
    """
    import numba

    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(place or "")
    try:
        return importlib.import_module("playground.engines.compiled.kernels")
    finally:
        config.CACHE_DIR = before


def _fill_here() -> None:
    """Compile into a folder of its own, and move it when it is whole: others may be at it, too."""
    place = folder()
    own = place.with_name(f"{place.name}-{os.getpid()}")
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    try:
        _import_kernels(own)
        names = [path for path in own.rglob("*") if path.is_file()]
        sizes = {path.relative_to(own).as_posix(): path.stat().st_size for path in names}
        (own / LIST_OF_FILES).write_text(json.dumps(sizes), encoding="utf-8")
        if not is_ready():
            shutil.rmtree(place, ignore_errors=True)
            own.replace(place)
    finally:
        shutil.rmtree(own, ignore_errors=True)


def main() -> int:
    """Fill the cache in this process."""
    if is_ready():
        return 0
    try:
        _fill_here()
    except OSError as error:
        print(
            f"the folder {folder()} cannot be written ({error.strerror or error})", file=sys.stderr
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
