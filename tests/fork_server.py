"""Processes that start at once: their parent has imported what is slow, and forks.

`ForkServer` starts `python -m tests.fork_server MODULES...`, which imports these modules and waits
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

__all__ = ["Fork", "ForkServer", "close_all", "shared"]

ROOT = Path(__file__).resolve().parents[1]


class Fork:
    """A process of the server, to be used as a `subprocess.Popen` is."""

    def __init__(self, fork_server: ForkServer, pid: int) -> None:
        self._fork_server, self.pid = fork_server, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        if self.returncode is None:
            self.returncode = self._fork_server.ask(look_after=self.pid)
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


class ForkServer:
    """The parent; `modules` are imported once, before anything is forked."""

    def __init__(self, *modules: str, environment: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fork_server", *modules],
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
    ) -> Fork:
        """Run a module.

        output, errors  files for what it prints; without `errors`, both streams go to `output`
        source          the file that it reads as its standard input
        environment     all of it; None for that of the server
        folder          where it begins
        """
        order = {
            "arguments": [module, *arguments],
            "streams": [source, str(output), str(errors or "")],
            "environment": None if environment is None else dict(environment),
            "folder": str(folder),
        }
        return Fork(self, self.ask(start=order))

    def ask(self, **order: Any) -> Any:
        """What the server answers to an order."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    def close(self) -> None:
        """End the server; a fork that still runs is left behind."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait()
        process.stdout.close()


_shared: dict[tuple[str, ...], ForkServer] = {}


def shared(*modules: str) -> ForkServer:
    """The one with these modules, for all tests of this process until `close_all`."""
    if modules not in _shared:
        _shared[modules] = ForkServer(*modules)
    return _shared[modules]


def close_all() -> None:
    """End the nurseries that are shared."""
    while _shared:
        _, fork_server = _shared.popitem()
        fork_server.close()


def _next_fork() -> dict[str, Any] | None:
    """Follow orders. Returns in each fork, with what it shall run; in the server
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
    # Ctrl+C in the terminal is for pytest, which then ends the server.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in sys.argv[1:]:
        importlib.import_module(name)
    order = _next_fork()
    if order is not None:
        signal.signal(signal.SIGINT, before)
        _become(order)


if __name__ == "__main__":
    main()
