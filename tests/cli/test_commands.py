"""The other commands, with the window replaced by a note of what it was asked for."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numba
import numpy as np
import pyqtgraph
import PySide6
import pytest
import torch
from click.testing import Result

from playground import __version__, cli
from playground.core.errors import PlaygroundError
from playground.core.experiment.files import json_schema

Call = Callable[..., Result]
PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """What windows were opened on; each one is closed with exit code 0 at once."""
    targets: list[str | None] = []

    def run(target: str | None, tell: object) -> int:
        targets.append(target)
        return 0

    monkeypatch.setitem(sys.modules, "playground.ui.app", SimpleNamespace(run=run))
    return targets


def test_without_a_command_the_window_opens(call: Call, opened: list[str | None]) -> None:
    assert call().exit_code == 0
    assert opened == [None]


@pytest.mark.parametrize("name", ["small.playground.json", "points.csv"])
def test_open_hands_a_file_to_the_window(
    call: Call, opened: list[str | None], tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.touch()
    assert call("open", path).exit_code == 0
    assert opened == [str(path)]


@pytest.mark.parametrize("name", ["no.playground.json", "no.csv", "folder/no", "no"])
def test_open_without_the_file_opens_nothing(
    call: Call, opened: list[str | None], name: str
) -> None:
    result = call("open", name)
    assert result.exit_code == 1
    assert result.stderr == f"Error: {name} does not exist; check the name and the folder.\n"
    assert opened == []


def test_the_exit_code_of_the_window_is_passed_on(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = SimpleNamespace(run=lambda target, tell: 3)
    monkeypatch.setitem(sys.modules, "playground.ui.app", app)
    assert call().exit_code == 3


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_without_a_display_a_sentence_says_what_works(
    call: Call, opened: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    result = call()
    assert result.exit_code == 1
    assert "playground demo" in result.stderr
    assert opened == []


@pytest.mark.parametrize(("arguments", "target"), [([], None), (["a.csv"], "a.csv")])
def test_the_desktop_icon_opens_the_window(
    opened: list[str | None],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    target: str | None,
) -> None:
    monkeypatch.setattr(sys, "argv", ["playground-window", *arguments])
    with pytest.raises(SystemExit) as end:
        cli.window()
    assert end.value.code == 0
    assert opened == [target]


def test_the_desktop_icon_ends_with_a_sentence_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise PlaygroundError("The lamp is out.")

    monkeypatch.setitem(sys.modules, "playground.ui.app", SimpleNamespace(run=fail))
    monkeypatch.setattr(sys, "argv", ["playground-window"])
    with pytest.raises(SystemExit, match=r"^Error: The lamp is out\.$"):
        cli.window()


@pytest.fixture
def demos(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, float, str]]:
    """(folder, seconds, Qt platform) of the demonstrations that were asked for."""
    asked: list[tuple[Path, float, str]] = []

    def demo(out: Path, seconds: float) -> list[str]:
        asked.append((out, seconds, os.environ["QT_QPA_PLATFORM"]))
        return ["Trained 5 epochs.", f"Screenshot: {out}"]

    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setitem(sys.modules, "playground.ui.demo", SimpleNamespace(demo=demo))
    return asked


def test_demo_draws_off_screen_and_prints_what_it_did(
    call: Call, demos: list[tuple[Path, float, str]], tmp_path: Path
) -> None:
    result = call("demo", "--out", tmp_path, "--seconds", 0.5)
    assert demos == [(tmp_path, 0.5, "offscreen")]
    assert result.stdout == f"Trained 5 epochs.\nScreenshot: {tmp_path}\n"


def test_demo_finds_a_folder_of_its_own(
    call: Call,
    demos: list[tuple[Path, float, str]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert call("demo").exit_code == 0
    ((folder, _, _),) = demos
    assert folder.is_dir()
    assert folder.parent == tmp_path


@pytest.mark.parametrize("seconds", ["0", "-1", "soon"])
def test_demo_needs_some_time(
    call: Call, demos: list[tuple[Path, float, str]], seconds: str
) -> None:
    assert call("demo", "--seconds", seconds).exit_code == 2
    assert demos == []


def test_devices_are_listed_as_a_table_and_as_json(call: Call) -> None:
    listed = json.loads(call("devices", "--json").stdout)
    assert listed[0] == {"name": "cpu", "label": "Processor (CPU)"}
    lines = call("devices").stdout.splitlines()
    assert [line.split(maxsplit=1) for line in lines] == [
        [device["name"], device["label"]] for device in listed
    ]


def test_schema_is_that_of_the_project_file(call: Call) -> None:
    assert json.loads(call("schema").stdout) == json_schema()


def test_versions_begin_with_that_of_playground(call: Call) -> None:
    first, python, *others = call("--version").stdout.splitlines()
    assert first == f"Playground {__version__}"
    assert python.startswith(f"Python {'.'.join(map(str, sys.version_info[:3]))} on ")
    # A package index may call a build of torch by its number alone: "2.13.0" is "2.13.0+cu130".
    assert [line.partition("+")[0] for line in others] == [
        f"torch {torch.__version__.partition('+')[0]}",
        f"numba {numba.__version__}",
        f"NumPy {np.__version__}",
        f"PySide6 and Qt {PySide6.__version__}",
        f"pyqtgraph {pyqtgraph.__version__}",
    ]


def test_a_missing_package_is_said_plainly(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    # Metadata is looked for where imports are; a folder without any stands for a bare machine.
    monkeypatch.setattr(sys, "path", [path for path in sys.path if "-packages" not in path])
    told = call("--version").stdout.splitlines()
    assert told[0] == f"Playground {__version__}"
    assert told[2:] == [
        f"{name}: not installed"
        for name in ("torch", "numba", "NumPy", "PySide6 and Qt", "pyqtgraph")
    ]


def test_the_distribution_has_a_name_that_is_free() -> None:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    assert project["name"] == "neural-playground"
    assert project["scripts"]["playground"] == "playground.cli:main"


def test_help_has_examples_and_every_command(call: Call) -> None:
    text = call("--help").stdout
    assert "playground train spiral.playground.json --epochs 500" in text
    assert all(f"\n  {name} " in text for name in cli.commands.commands)


@pytest.mark.parametrize("name", sorted(cli.commands.commands))
def test_every_option_has_a_help_text(name: str) -> None:
    command = cli.commands.commands[name]
    assert command.help
    options = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    assert all(getattr(option, "help", None) for option in options)


@pytest.mark.parametrize("arguments", [["trian"], ["--no-such-option"], ["open"]])
def test_wrong_usage_exits_with_2(call: Call, arguments: list[str]) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (PlaygroundError("The lamp is out."), 1, "Error: The lamp is out.\n"),
        (KeyboardInterrupt(), 130, "Interrupted.\n"),
    ],
)
def test_whatever_a_command_raises_has_its_exit_code(
    call: Call, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setitem(sys.modules, "playground.ui.app", SimpleNamespace(run=fail))
    result = call()
    assert (result.exit_code, result.stderr) == (code, said)
