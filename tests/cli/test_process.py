"""The command line as a process of its own: imports, streams, signals, exit codes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Project = Callable[..., Path]

PLAYGROUND = [sys.executable, "-m", "playground"]
SLOW = ("torch", "PySide6", "numba", "sklearn", "safetensors", "PIL")

LIST_IMPORTS = """
import sys
from playground.cli import commands
try:
    commands(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*PLAYGROUND, *map(str, arguments)],
        capture_output=True,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["--version"], ["schema"]])
def test_help_imports_nothing_slow(arguments: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LIST_IMPORTS, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    imported = set(ended.stderr.split())
    assert "click" in imported
    assert imported.isdisjoint(SLOW)


def test_programs_can_read_the_first_line_of_the_versions() -> None:
    ended = run("--version")
    first, *others = ended.stdout.decode().splitlines()
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert re.fullmatch(r"Playground \d+\.\d+\.\d+\S*", first)
    assert len(others) == 6
    assert all(re.fullmatch(r"[A-Za-z6 ]+ \d\S+( on .+)?", line) for line in others)


def test_json_is_all_that_stdout_gets(project: Project) -> None:
    ended = run("train", project(), "--json")
    assert ended.returncode == 0
    assert json.loads(ended.stdout)["epochs"] == 4
    assert ended.stderr.startswith(b"Epoch 0 of 4: loss ")


def test_an_error_is_a_sentence_without_a_traceback(tmp_path: Path) -> None:
    ended = run("train", tmp_path / "no.playground.json")
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert ended.stderr.startswith(b"Error: ")
    assert len(ended.stderr.splitlines()) == 1


def test_wrong_usage(project: Project) -> None:
    assert run("train").returncode == 2


def test_output_is_utf8_whatever_the_console_is() -> None:
    ended = run("schema", PYTHONIOENCODING="cp1252")
    assert "w²" in ended.stdout.decode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGPIPE and no EPIPE")
def test_a_reader_that_leaves_early_is_no_bug() -> None:
    process = subprocess.Popen(
        [*PLAYGROUND, "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (1, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send Ctrl+C to one process")
def test_ctrl_c_leaves_the_files_and_130(project: Project, tmp_path: Path) -> None:
    path = project(training={"epochs": 10_000_000, "engine": "torch"})
    arguments = ["train", path, "--json", "--eval-every", "1000000", "--out", tmp_path / "out"]
    # A program that is started in the background may have been told to ignore Ctrl+C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [*PLAYGROUND, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    assert process.stderr is not None
    assert process.stderr.readline().startswith(b"Epoch 0 of 10,000,000")
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.endswith(b"Interrupted.\n")
    assert 0 <= json.loads(output)["epochs"] < 10_000_000
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "boundary.png", "curve.csv", "experiment.playground.json", "weights.safetensors"
    }  # fmt: skip
