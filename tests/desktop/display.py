"""A desktop to test on: an X server without a screen, a window manager, and hands for it.

`Desktop` starts Xvfb and openbox and runs programs on them; `Window` is pointed at, typed into and
looked at as a person would: every event comes from the X server, none from Qt. Standard library and
Pillow only, so that it serves pytest and the screenshots alike. All waiting is for something that
can be observed, and is bounded. Used from one thread.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, TypeVar

from PIL import Image, ImageGrab

from tests.fork_server import Fork, ForkServer

REPOSITORY: Final = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS: Final = 30.0

_T = TypeVar("_T")
_PACKAGES: Final = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "xprop": "x11-utils",
    "xwininfo": "x11-utils",
}
_SLOW: Final = ("torch", "numba", "sklearn.datasets", "playground.ui.app")
_ABSENT: Final = (
    "WAYLAND_DISPLAY",
    "XDG_CURRENT_DESKTOP",
    "QT_QPA_PLATFORMTHEME",
    "QT_SCALE_FACTOR",
)


class DesktopError(RuntimeError):
    """The desktop or a program on it is not what the test needs it to be."""


class Geometry(NamedTuple):
    """A window's inside, without its frame, in pixels of the whole screen."""

    x: int
    y: int
    width: int
    height: int


def poll(what: str, observe: Callable[[], _T | None], seconds: float = PATIENCE_SECONDS) -> _T:
    """Return the first true value of `observe()`; after `seconds` raise DesktopError."""
    end = time.monotonic() + seconds
    while not (value := observe()):
        if time.monotonic() > end:
            raise DesktopError(f"Waited {seconds:g} s in vain for {what}.")
        time.sleep(0.02)
    return value


class Desktop:
    """An X display of its own, from `with Desktop() as desktop:` to the end of that block."""

    def __init__(self, width: int = 2048, height: int = 1280) -> None:
        for tool, package in _PACKAGES.items():
            if shutil.which(tool) is None:
                raise DesktopError(
                    f"The desktop tests need '{tool}', which is not installed. "
                    f"`make test` installs it; by hand: apt-get install {package}."
                )
        self._folder = Path(tempfile.mkdtemp(prefix="playground-desktop-"))
        self._programs: list[Program] = []
        self._fork_server: ForkServer | None = None
        self._servants: list[subprocess.Popen[bytes]] = []
        try:
            self.name = f":{self._start_server(width, height)}"
            self.environment = _environment(self.name, self._folder)
            self._start_window_manager()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Desktop:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def launch(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Program:
        """Run `python -m playground` with these arguments."""
        command = [sys.executable, "-m", "playground", *arguments]
        return self.start(command, environment=environment)

    def start(
        self, command: Sequence[str], *, environment: Mapping[str, str] | None = None
    ) -> Program:
        """Run any program on this display; `environment` adds to the display's own."""
        output = self._next_output()
        with output.open("wb") as stream:
            process = subprocess.Popen(
                command,
                cwd=REPOSITORY,
                env={**self.environment, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        return self._started(process, output)

    def bear(
        self, module: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> Program:
        """Run `python -m module`, without what it costs to import torch and PySide6 once more."""
        if self._fork_server is None:
            self._fork_server = ForkServer(*_SLOW, environment=self.environment)
        output = self._next_output()
        process = self._fork_server.start(
            module,
            arguments,
            output=output,
            environment={**self.environment, **(environment or {})},
        )
        return self._started(process, output)

    def _next_output(self) -> Path:
        return self._folder / f"program-{len(self._programs)}.txt"

    def _started(self, process: subprocess.Popen[bytes] | Fork, output: Path) -> Program:
        program = Program(self, process, output)
        self._programs.append(program)
        return program

    def screenshot(self, area: Geometry | None = None) -> Image.Image:
        """What the screen shows, RGB, without the pointer."""
        box = area and (area.x, area.y, area.x + area.width, area.y + area.height)
        return ImageGrab.grab(bbox=box, xdisplay=self.name).convert("RGB")

    def tool(self, *command: str, check: bool = True) -> str:
        """Run xdotool, xprop or xwininfo on this display and return what it prints."""
        done = subprocess.run(
            command,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            stdin=subprocess.DEVNULL,
        )
        if check and done.returncode:
            raise DesktopError(f"{' '.join(command)} failed: {done.stderr.strip()}")
        return done.stdout

    def stop_programs(self) -> None:
        """End what was started here and still runs."""
        for program in self._programs:
            program.stop()

    def close(self) -> None:
        """End the programs, then the window manager, then the server."""
        self.stop_programs()
        if self._fork_server is not None:
            self._fork_server.close()
        for servant in reversed(self._servants):
            _stop(servant)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start_server(self, width: int, height: int) -> int:
        reading, writing = os.pipe()
        # Else the server starts over, and drops openbox, when its only client so far leaves it.
        options = ["-screen", "0", f"{width}x{height}x24", "-dpi", "96", "-noreset"]
        with (self._folder / "xvfb.txt").open("wb") as log, os.fdopen(reading, "rb") as answer:
            try:
                # The server looks for a free display itself: nobody else can take it in between.
                server = subprocess.Popen(
                    ["Xvfb", "-displayfd", str(writing), *options],
                    pass_fds=[writing],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            finally:
                os.close(writing)
            self._servants.append(server)
            ready, _, _ = select.select([answer], [], [], PATIENCE_SECONDS)
            number = answer.readline().strip() if ready else b""
        if not number:
            said = (self._folder / "xvfb.txt").read_text(errors="replace")
            raise DesktopError(f"Xvfb did not start: {said.strip()}")
        return int(number)

    def _start_window_manager(self) -> None:
        manager = subprocess.Popen(
            ["openbox", "--sm-disable"],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._servants.append(manager)
        poll("openbox to manage the display", self._is_managed)

    def _is_managed(self) -> bool:
        return "window id" in self.tool("xprop", "-root", "_NET_SUPPORTING_WM_CHECK", check=False)


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A process on the desktop and the file with all that it has printed."""

    desktop: Desktop
    process: subprocess.Popen[bytes] | Fork
    output_file: Path

    @property
    def output(self) -> str:
        """What it has printed so far, both streams."""
        return self.output_file.read_text(encoding="utf-8", errors="replace")

    def window(self, title: str) -> Window:
        """Wait for a visible window with `title` in its title, and activate it."""
        window = Window(self, poll(f"a window '{title}'", lambda: self._find(title)))
        window.activate()
        return window

    def has_window(self, title: str) -> bool:
        """Whether a window with `title` in its title is visible now."""
        return self._find(title) is not None

    def wait(self, seconds: float = PATIENCE_SECONDS) -> int:
        """Wait for the program to end by itself; return its exit code."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise DesktopError(
                f"The program still runs after {seconds:g} s. It printed:\n{self.output}"
            ) from None

    def stop(self) -> None:
        """End it if it still runs."""
        _stop(self.process)

    def _find(self, title: str) -> str | None:
        if self.process.poll() is not None:
            code = self.process.returncode
            raise DesktopError(f"The program ended with code {code}. It printed:\n{self.output}")
        owner = ("--pid", str(self.process.pid), "--name", re.escape(title))
        found = self.desktop.tool(
            "xdotool", "search", "--all", "--onlyvisible", *owner, check=False
        )
        return found.split()[0] if found else None


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """One window. Positions are pixels from its inner top left corner."""

    program: Program
    id: str

    @property
    def geometry(self) -> Geometry:
        """Where it is now."""
        text = self.program.desktop.tool("xwininfo", "-id", self.id)
        told = dict(line.strip().split(":", 1) for line in text.splitlines() if ": " in line)
        names = ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")
        return Geometry(*(int(told[name]) for name in names))

    def activate(self) -> None:
        """Bring it to the front, so that keys go to it."""
        self._xdotool("windowactivate", self.id)
        poll(f"window {self.id} to become active", self._is_active)

    def move(self, x: int, y: int) -> None:
        """Move the pointer there without pressing anything."""
        self._xdotool(*self._to(x, y))

    def click(self, x: int, y: int, *, button: int = 1, times: int = 1, holding: str = "") -> None:
        """Click there; `holding` is a modifier key such as "shift"."""
        press = ("click", "--repeat", str(times), "--delay", "50", str(button))
        down, up = (("keydown", holding), ("keyup", holding)) if holding else ((), ())
        self._xdotool(*self._to(x, y), *down, *press, *up)

    def drag(self, *points: tuple[int, int], button: int = 1, steps: int = 10) -> None:
        """Press at the first point, pass each of the others in `steps` small moves, release."""
        self._xdotool(*self._to(*points[0]), "mousedown", str(button))
        moves: list[str] = []
        for x, y in _between(points, steps):
            # The tempo of a hand: without it Qt is right to fold the moves into one.
            moves += [*self._to(x, y), "sleep", "0.01"]
        self._xdotool(*moves, "mouseup", str(button))

    def scroll(self, x: int, y: int, clicks: int) -> None:
        """Turn the wheel there: up for positive clicks, down for negative ones."""
        wheel = ("click", "--repeat", str(abs(clicks)), "4" if clicks > 0 else "5")
        self._xdotool(*self._to(x, y), *wheel)

    def key(self, *keys: str) -> None:
        """Press keys by their X names: "space", "Return", "ctrl+z", "alt+F4"."""
        self._xdotool("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Type text into whatever has the focus."""
        self._xdotool("type", "--clearmodifiers", "--delay", "5", text)

    def resize(self, width: int, height: int) -> None:
        """Ask the window manager for an inner size, and wait until the window has it."""
        self._xdotool("windowsize", self.id, str(width), str(height))
        poll(f"a size of {width}x{height}", lambda: self.geometry[2:] == (width, height))

    def screenshot(self) -> Image.Image:
        """What the window shows, without its frame."""
        return self.program.desktop.screenshot(self.geometry)

    def _is_active(self) -> bool:
        active = self.program.desktop.tool("xdotool", "getactivewindow", check=False)
        return active.strip() == self.id

    def _to(self, x: int, y: int) -> tuple[str, ...]:
        return ("mousemove", "--window", self.id, "--", str(x), str(y))

    def _xdotool(self, *arguments: str) -> None:
        self.program.desktop.tool("xdotool", *arguments)


def _between(points: Sequence[tuple[int, int]], steps: int) -> Iterable[tuple[int, int]]:
    for (x0, y0), (x1, y1) in pairwise(points):
        for step in range(1, steps + 1):
            part = step / steps
            yield round(x0 + (x1 - x0) * part), round(y0 + (y1 - y0) * part)


def _environment(display: str, folder: Path) -> dict[str, str]:
    """What programs see: this display, and nothing of the desktop the tests were started from."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    inherited = {key: value for key, value in os.environ.items() if key not in _ABSENT}
    return {
        **inherited,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "XDG_SESSION_TYPE": "x11",
        "XDG_RUNTIME_DIR": str(runtime),
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        "LC_ALL": "C.UTF-8",
        "PYTHONFAULTHANDLER": "1",
        "PYTHONUNBUFFERED": "1",
    }


def _stop(process: subprocess.Popen[bytes] | Fork, seconds: float = 5.0) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
