"""Runs scripts of experiments in processes of their own, beside the experiments themselves."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from playground.core.experiment.experiment import Experiment
from playground.engines.loop.headless import train_to_end
from tests.fork_server import shared

__all__ = ["expected_rows", "python", "rows_of", "wrong_scripts"]

SLOW = ("torch._dynamo", "sklearn.datasets", "sklearn.model_selection", "sklearn.preprocessing")
"""What scripts import; making an optimizer of torch brings the first of them."""


def python(arguments: Sequence[str]) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-I", *arguments], capture_output=True, text=True, check=False
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
    wrong = []
    for experiment, printed in zip(experiments, _printed(map(write, experiments)), strict=True):
        rows, expected = rows_of(printed), expected_rows(experiment)
        is_right = len(rows) == len(expected) and all(
            row == pytest.approx(other, rel=1e-6, abs=1e-12)
            for row, other in zip(rows, expected, strict=True)
        )
        if not is_right:
            wrong.append((experiment.plain_except_data(), rows[-1:], expected[-1:]))
    return wrong


def _printed(sources: Iterable[str]) -> list[str]:
    """What scripts print, one after the other in a process that has imported nothing of ours."""
    with tempfile.TemporaryDirectory() as place:
        source, output, errors = (Path(place, name) for name in ("source", "output", "errors"))
        source.write_text(json.dumps([*sources]), "utf-8")
        child = shared(*SLOW).start(
            "tests.script_child", output=output, errors=errors, source=str(source)
        )
        assert child.wait() == 0, errors.read_text("utf-8")
        return [json.loads(line) for line in output.read_text("utf-8").splitlines()]
