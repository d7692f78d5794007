"""A tenth of what `python -m tests.hostile` opens, and that the command finds what it looks for."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from playground.core.errors import PlaygroundError
from tests.hostile.makers import KINDS, Case
from tests.hostile.openers import Report, open_everywhere

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pipes, limits and /proc of Linux")

FILES = 1_000


@pytest.mark.timeout(
    600
)  # as long as a busy machine needs; the processor is busy for half a minute
def test_a_thousand_hostile_files_end_in_a_sentence_each() -> None:
    command = [sys.executable, "-m", "tests.hostile", "--files", str(FILES), "--json"]
    ended = subprocess.run(command, capture_output=True, timeout=590, check=False)
    assert ended.stdout, ended.stderr.decode()
    found = json.loads(ended.stdout)
    assert found["faults"] == {}
    assert found["files"] == FILES
    assert set(found["kinds"]) == set(KINDS)
    assert found["longest"] < 400


@pytest.mark.parametrize("name", sorted(set(KINDS) - {"place", "huge"}))
def test_a_file_is_the_same_again(tmp_path: Path, name: str) -> None:
    """So one command replays what was found days ago."""
    for index in range(6):
        made = []
        for turn in "first", "again":
            folder = tmp_path / f"{turn} {index}"
            folder.mkdir()
            case = KINDS[name].make(random.Random(f"{name} {index}"), folder)
            contents = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
            made.append((case.text, repr(case.settings), contents))
        assert made[0] == made[1]


def _fails(error: Exception) -> list[str]:
    report = Report()
    with report.reading("it"):
        raise error
    return report.faults


def test_what_counts_as_a_fault() -> None:
    assert not _fails(PlaygroundError("A sentence with 'a\nb' in it."))
    assert _fails(ValueError("It is no sentence."))
    assert _fails(MemoryError())
    assert _fails(PlaygroundError("a" * 400))
    assert _fails(PlaygroundError(" "))
    report = Report()
    report.say("obstacle", "a\x1b[2Jb")  # sentences that are no errors are looked at, too
    assert report.faults


HARMFUL = """
import os, threading
from tests.hostile import workers

def one(seed, index, only=None, beat=None):
    if index == 1:
        threading.Event().wait()
    if index == 3:
        os._exit(7)
    return workers.Outcome(index, "link")

workers.LONGEST_SECONDS, workers.open_one = 6.0, one
workers.run(0, range(6), 1, lambda outcome: print(outcome.index, *outcome.faults), "link")
"""


def test_a_worker_that_hangs_or_dies_is_told_and_the_others_go_on() -> None:
    command = [sys.executable, "-c", HARMFUL]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert told.splitlines() == [
        "0",
        "1 time: more than 6 s",
        "2",
        "3 the process ended with code 7",
        "4",
        "5",
    ]


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    for name in ("a.csv", "a.json", "a.npz", "a.safetensors", "a.png", "a.lesson.json"):
        os.mkfifo(tmp_path / name)
        report = open_everywhere(Case(tmp_path / name), tmp_path)
        assert not report.faults
        assert not report.accepted
        assert any("it is a device or a pipe, not a file" in said for said in report.sentences)
