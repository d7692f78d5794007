"""The command line inside this process, and a small experiment to train with it. Main thread."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from playground.cli import commands

Call = Callable[..., Result]
Project = Callable[..., Path]

SMALL: dict[str, Any] = {
    "title": "Small circle",
    "data": {"kind": "generated", "generator": "circle", "samples": 40},
    "training": {"epochs": 4, "engine": "torch"},
}


@pytest.fixture
def call() -> Call:
    """Run `playground` with these arguments."""

    def run(*arguments: object) -> Result:
        # Without catching, a bug shows its own traceback instead of an exit code.
        return CliRunner().invoke(commands, [str(a) for a in arguments], catch_exceptions=False)

    return run


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Write a project file of a small circle; keywords replace parts of it, or training settings.

    It asks for torch: the engine that is chosen automatically may differ from one run to the next.
    """

    def write(training: dict[str, Any] | None = None, **parts: Any) -> Path:
        path = tmp_path / "small.playground.json"
        plain = {**SMALL, **parts, "training": {**SMALL["training"], **(training or {})}}
        path.write_text(json.dumps(plain), encoding="utf-8")
        return path

    return write
