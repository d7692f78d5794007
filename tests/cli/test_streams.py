"""What a file says on a terminal: nothing of it moves the cursor, and no encoding is too narrow."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.cli.test_process import run

SPOILT = "é日本\x1b[31m\n\u202e"
SHORT = {"data": {"kind": "generated", "samples": 20}, "training": {"epochs": 1, "engine": "numpy"}}


def is_clean(output: bytes) -> bool:
    lines = output.decode("utf-8").splitlines()
    return b"Traceback" not in output and all(line.isprintable() for line in lines)


@pytest.mark.parametrize("encoding", ["ascii", "cp932:strict"])
def test_an_error_can_be_told_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    place = tmp_path / f"{SPOILT}.playground.json"
    place.write_text(json.dumps({"title": "\ud800"}))
    ended = run("train", place, PYTHONIOENCODING=encoding, PYTHONUTF8="0", LC_ALL="C")
    assert ended.returncode == 1
    assert ended.stderr.startswith(b"Error: ")
    assert ended.stderr.count(b"\n") == 1
    assert is_clean(ended.stderr)
    assert rb"\ud800" in ended.stderr


def test_a_title_is_one_line(tmp_path: Path) -> None:
    place = tmp_path / "spoilt.playground.json"
    place.write_text(json.dumps({**SHORT, "title": SPOILT}))
    ended = run("train", place, "--quiet", PYTHONIOENCODING="ascii")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.startswith("é日本".encode())
    assert is_clean(ended.stdout)


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_that_is_no_unicode(tmp_path: Path) -> None:
    place = tmp_path / os.fsdecode(b"\xff\xfe.csv")
    place.write_text("a,b\n1,2\n")
    ended = run("train", place, "--epochs", 1)
    assert ended.returncode == 1
    assert b"has a name that is not Unicode; rename it." in ended.stderr
    assert is_clean(ended.stderr)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name there")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    ended = run("train", tmp_path / "pipe.csv", "--epochs", 1)
    assert ended.returncode == 1
    assert b"it is a device or a pipe, not a file" in ended.stderr


@pytest.mark.parametrize(
    "setting",
    [
        'title="\\ud800"',
        f"{'k' * 9_000}=1",
        f"data.kind={'k' * 9_000}",
        "training.seed=" + "9" * 4_000,
        "training.optimizer.learning_rate=NaN",
        "model.layers=" + "[" * 900 + "]" * 900,
        "\x1b[2J=1",
        f"\x1b[2J{'k' * 9_000}",
    ],
)
def test_a_hostile_setting_is_one_short_sentence(call: Call, tmp_path: Path, setting: str) -> None:
    place = tmp_path / "short.playground.json"
    place.write_text(json.dumps(SHORT))
    ended = call("train", place, "--set", setting)
    assert ended.exit_code in (1, 2)
    assert len(ended.stderr.splitlines()[-1]) < 400
    assert is_clean(ended.stderr.encode())
