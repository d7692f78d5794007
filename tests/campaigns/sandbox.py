"""Where a campaign runs: a process of its own whose every folder is a temporary one.

`run` starts it, `guard` is called in it before anything else. Imports no Qt.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playground.engines.compiled import kernel_cache, kernel_folders

__all__ = ["Outcome", "folder", "guard", "run"]

ROOT = Path(__file__).parents[2]
HARMLESS = "This plugin does not support"
"""What Qt's off-screen platform says for want of a window manager."""

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink"}
DEVICES = ("/dev/", "/proc/")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a process of a campaign ended, and what it said that nobody should have to read."""

    code: int
    output: str
    complaints: tuple[str, ...]


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder in which the compiled kernels lie ready, so that none are made again."""
    place = Path(tempfile.mkdtemp(prefix="playground-campaign-"))
    try:
        kernel_cache.fill()
        (filled, *_) = [found for found in kernel_folders.folders() if found.exists()]
        shutil.copytree(filled, place / "cache" / "playground" / "kernels" / filled.name)
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def run(
    module: str,
    arguments: Sequence[str],
    place: Path,
    seconds: float,
    *,
    display: bool = False,
    echo: bool = False,
) -> Outcome:
    """Run a module in a fresh interpreter at home in `place`, for that long at most.

    display  use the display that is there, not Qt's off-screen platform
    echo     print what it says as it says it
    """
    home = place / "home"
    home.mkdir(exist_ok=True)
    environment = {
        # What torch has noted in this process, of places that are outside of `place`.
        **{name: value for name, value in os.environ.items() if not name.startswith("TORCH")},
        "HOME": str(home),
        "USERPROFILE": str(home),
        "TMPDIR": str(place),
        "XDG_CACHE_HOME": str(place / "cache"),
        **{f"XDG_{name}_HOME": str(place / name.lower()) for name in ("CONFIG", "DATA", "STATE")},
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    if not display:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    errors_file = place / "stderr.txt"
    with errors_file.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=environment,
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        limit = threading.Timer(seconds, process.kill)
        limit.start()
        output = _read(process, echo)
        limit.cancel()
    lines = errors_file.read_text(encoding="utf-8", errors="replace").splitlines()
    complaints = [line for line in lines if line and HARMLESS not in line]
    return Outcome(process.returncode, output, tuple(complaints))


def _read(process: subprocess.Popen[str], echo: bool) -> str:
    """Everything that a process says until it ends."""
    said = []
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if echo:
                print(line, end="", flush=True)
    return "".join(said)


def guard(place: Path) -> None:
    """Complain on stderr of whatever Python code writes or changes outside this folder."""
    allowed = str(place.resolve())

    def look(event: str, arguments: tuple[object, ...]) -> None:
        if event in CHANGES:
            places = arguments[:2]
        elif event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
            places = arguments[:1]
        else:
            return
        for place in places:
            if isinstance(place, (str, bytes, os.PathLike)):
                where = os.path.realpath(os.fsdecode(place))
                if not where.startswith((allowed, *DEVICES)):
                    print(f"{event} outside the temporary folder: {where}", file=sys.stderr)

    sys.addaudithook(look)
