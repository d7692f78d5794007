"""`playground lessons`: the list, a lesson that is trained, and the check with its exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from playground.cli.lessons import lessons
from playground.core.errors import PlaygroundError
from playground.core.lessons.lesson import json_schema
from playground.core.lessons.lesson_files import bundled

Write = Callable[..., Path]

SMALL: dict[str, Any] = {
    "format": "playground-lesson/1",
    "key": "small",
    "title": {"en": "A small lesson", "ja": "小さなレッスン"},
    "experiments": {
        "circle": {
            "title": "Circle",
            "data": {"kind": "generated", "generator": "circle", "samples": 40},
            "model": {"layers": []},
            "training": {"epochs": 4, "engine": "numpy"},
        }
    },
    "steps": [
        {
            "text": "Train it.",
            "goals": [{"kind": "epoch", "at_least": 4}],
            "solution": [{"key": "Space"}, {"until": "paused"}],
        }
    ],
    "published": [
        {
            "what": {"en": "Loss", "ja": "損失"},
            "experiment": "circle",
            "measure": "train_loss",
            "published": 0.7,
            "at_most": 9.0,
        }
    ],
}


def call(*arguments: object) -> Result:
    return CliRunner().invoke(lessons, [str(a) for a in arguments], catch_exceptions=True)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_lesson(**parts: Any) -> Path:
        path = tmp_path / "small.lesson.json"
        path.write_text(json.dumps({**SMALL, **parts}), encoding="utf-8")
        return path

    return write_lesson


def test_the_list_has_every_lesson_in_both_languages() -> None:
    english, japanese = call().stdout, call("--language", "ja").stdout
    for lesson in bundled():
        assert f"{lesson.key}  {lesson.title.en}\n" in english
        assert f"{lesson.key}  {lesson.title.ja}\n" in japanese


def test_the_list_as_json() -> None:
    listed = json.loads(call("--json", "--language", "ja").stdout)
    assert [entry["key"] for entry in listed] == [lesson.key for lesson in bundled()]
    assert listed[0]["title"] == bundled()[0].title.ja
    assert listed[0]["steps"] == len(bundled()[0].steps)


def test_a_lesson_is_trained_and_summed_up(write: Write) -> None:
    result = call(write())
    title, head, row = result.stdout.splitlines()
    assert title == "small  A small lesson"
    assert head.split()[:3] == ["experiment", "parameters", "multiply-adds"]
    assert row.split()[:4] == ["circle", "6", "4", "4"]
    assert result.stderr == "Training: Circle ...\n"


def test_a_lesson_as_json(write: Write) -> None:
    plain = json.loads(call(write(), "--json", "--quiet").stdout)
    run = plain["experiments"]["circle"]
    assert (plain["key"], run["epochs"], run["parameters"]) == ("small", 4, 6)
    assert [point["epoch"] for point in run["curve"]] == [0, 1, 2, 3, 4]


def test_a_check_that_passes(write: Write) -> None:
    result = call(write(), "--check", "--quiet")
    assert result.exit_code == 0
    assert result.stderr == ""
    *_, head, row, goals, _ = result.stdout.splitlines()
    assert head.split() == ["figure", "published", "wanted", "measured", "trained", "by"]
    assert "numpy on cpu (" in row
    assert row.split()[:5] == ["ok", "Loss", "0.7", "≤", "9"]
    assert goals.split() == ["Goals", "reached:", "1", "of", "1"]


def test_columns_align_under_wide_letters(write: Write) -> None:
    head, row = call(write(), "--check", "--quiet", "--language", "ja").stdout.splitlines()[1:3]
    assert "損失" in row
    wide = sum(ord(sign) > 0x3000 for sign in row)
    assert head.index("published") == row.index("0.7") + wide


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"published": [{**SMALL["published"][0], "at_most": 0.001}]}, "MISSED  Loss"),
        ({"steps": [{**SMALL["steps"][0], "solution": []}]}, "MISSED  step 1: Train for 4 epochs"),
        (
            {"steps": [{**SMALL["steps"][0], "solution": [{"key": "S"}]}]},
            "MISSED  step 1: Train for 4 epochs",
        ),
    ],
)
def test_a_check_that_fails(write: Write, parts: dict[str, Any], said: str) -> None:
    path = write(**parts)
    result = call(path, "--check", "--quiet")
    assert said in result.stdout
    assert isinstance(result.exception, PlaygroundError)  # exit code 1 of the whole program
    assert str(result.exception) == "Figures or goals were missed in small; see above."
    (report,) = json.loads(call(path, "--check", "--quiet", "--json").stdout)
    assert not report["passes"]
    assert not all(entry["met"] for entry in report["figures"]) or not all(
        entry["reached"] for entry in report["goals"]
    )


@pytest.mark.parametrize(
    ("solution", "said"),
    [
        (
            [{"press": "Trian"}],
            "small, step 1: action 1: there is no button 'Trian' on the screen."
            " Did you mean 'Train'?\n",
        ),
        ([{"epochs": 4}], "small, step 1: its solution is in the form of version 0.1,"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_place(
    write: Write, solution: list[Any], said: str
) -> None:
    result = call(
        write(steps=[{**SMALL["steps"][0], "solution": solution}]), "--check", "--quiet", "--json"
    )
    assert said in result.stderr
    assert result.exit_code == 1
    (report,) = json.loads(result.stdout)
    assert report["goals"] == [{"step": 1, "goal": "Train for 4 epochs", "reached": False}]


def test_a_lesson_without_goals_needs_no_window(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "playground.ui.lessons.lesson_check", None)
    path = write(steps=[{"text": "Look."}])
    assert call(path, "--check", "--quiet").exit_code == 0
    result = call(write(), "--check", "--quiet")
    assert "The goals of small cannot be tried, because PySide6 does not start" in str(
        result.exception
    )
    assert isinstance(result.exception, PlaygroundError)


def test_a_check_as_json(write: Write) -> None:
    (report,) = json.loads(call(write(), "--check", "--json", "--language", "ja").stdout)
    assert report["passes"]
    (figure,), (goal,) = report["figures"], report["goals"]
    assert (figure["what"], figure["wanted"], figure["met"]) == ("損失", "≤ 9", True)
    assert (figure["engine"], figure["device"]) == ("numpy", "cpu")
    assert figure["threads"] >= 1
    assert goal["reached"]


def test_what_cannot_be_written_as_json_is_null(write: Write) -> None:
    never = {**SMALL["published"][0], "measure": "first_below", "threshold": 1e-9}
    (report,) = json.loads(call(write(published=[never]), "--check", "--json").stdout)
    assert report["figures"][0]["measured"] is None


def test_the_schema() -> None:
    assert json.loads(call("--schema").stdout) == json_schema()


@pytest.mark.parametrize("name", ["L9", "none.lesson.json"])
def test_a_lesson_that_is_not_there(name: str) -> None:
    assert isinstance(call(name).exception, PlaygroundError)


def test_an_unknown_language_is_wrong_usage() -> None:
    assert call("--language", "fr").exit_code == 2
