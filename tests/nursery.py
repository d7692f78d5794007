"""Processes that start at once: their parent has imported what is slow, and forks.

`Nursery` starts `python -m tests.nursery MODULES...`, which imports these modules and then waits
for orders: each is a module that runs in a fork of its own as `python -m` would run it, with its
own arguments, environment, folder and output. How Python begins, and what a process imports, is not
to be tested with these. Only Unix forks. Used from one thread.
"""

from __future__ import annotations

import faulthandler
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["Born", "Nursery", "close_all", "shared"]

ROOT = Path(__file__).resolve().parents[1]


class Born:
    """A process of the nursery, to be used as a `subprocess.Popen` is."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self._nursery, self.pid = nursery, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        if self.returncode is None:
            self.returncode = self._nursery.ask(look_after=self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended; TimeoutExpired after so many seconds."""
        end = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            time.sleep(0.02)
        return code

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it is known to have ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


class Nursery:
    """The parent; `modules` are imported once, before anything is born."""

    def __init__(self, *modules: str, environment: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery", *modules],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def start(
        self,
        module: str,
        arguments: Sequence[str] = (),
        *,
        output: Path,
        source: str = os.devnull,
        errors: Path | None = None,
        environment: Mapping[str, str] | None = None,
        folder: Path = ROOT,
    ) -> Born:
        """Run a module.

        output, errors  files for what it prints; without `errors`, both streams go to `output`
        source          the file that it reads as its standard input
        environment     all of it; None for that of the nursery
        folder          where it begins
        """
        order = {
            "arguments": [module, *arguments],
            "streams": [source, str(output), str(errors or "")],
            "environment": None if environment is None else dict(environment),
            "folder": str(folder),
        }
        return Born(self, self.ask(start=order))

    def ask(self, **order: Any) -> Any:
        """What the nursery answers to an order."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    def close(self) -> None:
        """End the nursery; what it bore and still runs is an orphan."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait()
        process.stdout.close()


_shared: dict[tuple[str, ...], Nursery] = {}


def shared(*modules: str) -> Nursery:
    """The one with these modules, for all tests of this process until `close_all`."""
    if modules not in _shared:
        _shared[modules] = Nursery(*modules)
    return _shared[modules]


def close_all() -> None:
    """End the nurseries that are shared."""
    while _shared:
        _, nursery = _shared.popitem()
        nursery.close()


def _next_to_be() -> dict[str, Any] | None:
    """Follow orders. Returns in each process that is born, with what it shall be; in the nursery
    at the end, with None.
    """
    for line in sys.stdin:
        order = json.loads(line)
        if "look_after" in order:
            ended, status = os.waitpid(order["look_after"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if ended else None
        else:
            answer = os.fork()
            if answer == 0:
                return order["start"]
        os.write(1, json.dumps(answer).encode() + b"\n")
    return None


def _become(order: dict[str, Any]) -> None:
    """Be the process that was asked for."""
    source, output, errors = order["streams"]
    writing = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    os.dup2(os.open(source, os.O_RDONLY), 0)
    os.dup2(os.open(output, writing), 1)
    os.dup2(os.open(errors, writing) if errors else 1, 2)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    if order["environment"] is not None:
        os.environ.clear()
        os.environ.update(order["environment"])
    if "PYTHONFAULTHANDLER" in os.environ:
        faulthandler.enable()
    os.chdir(order["folder"])
    sys.argv = order["arguments"]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def main() -> None:
    # Ctrl+C in the terminal is for pytest, which then ends the nursery.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in sys.argv[1:]:
        importlib.import_module(name)
    order = _next_to_be()
    if order is not None:
        signal.signal(signal.SIGINT, before)
        _become(order)


if __name__ == "__main__":
    main()
