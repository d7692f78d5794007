"""Runs scripts of experiments in a fresh interpreter, beside the experiments themselves."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from playground.core.experiment.experiment import Experiment
from playground.engines.loop.headless import train_to_end

__all__ = ["expected_rows", "python", "rows_of", "wrong_scripts"]

RUNNER = """\
import contextlib, io, json, sys
for source in json.load(sys.stdin):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "script", "exec"), {"__name__": "__main__"})
    print(json.dumps(printed.getvalue()))
"""


def python(arguments: Sequence[str], text: str = "") -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-I", *arguments], input=text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows_of(printed: str) -> list[list[float]]:
    """The table that a script prints, without its title and without a last word of failure."""
    lines = [line.split() for line in printed.splitlines()[1:]]
    return [[float(word) for word in line] for line in lines if line[0].isdecimal()]


def expected_rows(experiment: Experiment) -> list[list[float]]:
    """The same table from a run without a window."""
    curve = train_to_end(experiment).as_json()["curve"]
    return [
        [row[name] for name in ("epoch", "train_loss", "test_loss") if name in row] for row in curve
    ]


def wrong_scripts(
    experiments: Sequence[Experiment], write: Callable[[Experiment], str]
) -> list[tuple[Any, ...]]:
    """Experiments whose script prints other losses, to 6 digits, with the last row of each."""
    printed = python(["-c", RUNNER], json.dumps([write(one) for one in experiments]))
    wrong = []
    for experiment, line in zip(experiments, printed.splitlines(), strict=True):
        rows, expected = rows_of(json.loads(line)), expected_rows(experiment)
        is_right = len(rows) == len(expected) and all(
            row == pytest.approx(other, rel=1e-6, abs=1e-12)
            for row, other in zip(rows, expected, strict=True)
        )
        if not is_right:
            wrong.append((experiment.plain_except_data(), rows[-1:], expected[-1:]))
    return wrong
