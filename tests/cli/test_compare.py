"""`playground compare`: lanes from files and values, the table, the files, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from playground.engines.many import race_control as races
from playground.engines.many.race_control import RaceControl
from playground.engines.many.race_picture import SIZE
from tests.cli.conftest import Call, Project

KINDS = "training.optimizer.kind=sgd,adam,rmsprop"
RATES = "training.optimizer.learning_rate=0.01,0.1"


def as_json(call: Call, *arguments: object) -> dict[str, Any]:
    result = call("compare", *arguments, "--json", "--quiet")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def names(printed: dict[str, Any]) -> list[str]:
    return [lane["name"] for lane in printed["lanes"]]


def test_a_swept_setting_makes_a_lane_of_each_value(call: Call, project: Project) -> None:
    printed = as_json(call, project(), "--set", KINDS)
    assert names(printed) == ["sgd", "adam", "rmsprop"]
    assert {lane["epochs"] for lane in printed["lanes"]} == {4}
    assert len({lane["train_loss"] for lane in printed["lanes"]}) == 3
    assert "below_threshold_step" not in printed["lanes"][0]


def test_it_says_who_trained_each_lane(call: Call, project: Project) -> None:
    engines = ("--set", "training.engine=torch,numpy")
    lanes = as_json(call, project(), *engines)["lanes"]
    assert [(lane["engine"], lane["device"]) for lane in lanes] == [
        ("torch", "cpu"), ("numpy", "cpu")
    ]  # fmt: skip
    assert lanes[0]["threads"] == 1
    threads = lanes[1]["threads"]
    by_numpy = f"numpy on cpu ({threads} thread{'s' if threads > 1 else ''})"
    shown = call("compare", project(), *engines, "--quiet").stdout.splitlines()
    assert [line.split("  ")[-1].strip() for line in shown] == [
        "trained by", "torch on cpu (1 thread)", by_numpy
    ]  # fmt: skip


def test_lists_make_every_combination(call: Call, project: Project) -> None:
    printed = as_json(call, project(), "--set", KINDS, "--set", RATES, "--set", "training.seed=3")
    assert len(printed["lanes"]) == 6
    assert names(printed)[1] == "sgd, learning rate 0.1"
    assert {lane["seed"] for lane in printed["lanes"]} == {3}


def test_a_lane_learns_what_train_alone_learns(call: Call, project: Project) -> None:
    path = project()
    printed = as_json(call, path, "--set", RATES)
    alone = call("train", path, "--set", RATES.replace("0.01,", ""), "--json", "--quiet")
    assert printed["lanes"][1]["train_loss"] == json.loads(alone.stdout)["train_loss"]


def test_several_files_are_lanes_by_their_names(
    call: Call, project: Project, tmp_path: Path
) -> None:
    first = project().rename(tmp_path / "mild.playground.json")
    second = project({"epochs": 6, "optimizer": {"kind": "sgd", "learning_rate": 1.0}})
    printed = as_json(call, first, second)
    assert names(printed) == ["mild", "small"]
    assert printed["epochs"] == 6
    assert names(as_json(call, first, second, "--set", RATES))[:2] == [
        "mild, learning rate 0.01",
        "mild, learning rate 0.1",
    ]


def test_the_table_tells_the_step_below_the_threshold(call: Call, project: Project) -> None:
    result = call("compare", project(), "--set", KINDS, "--threshold", "0.69", "--epochs", "30")
    assert result.exit_code == 0
    head, *rows = result.stdout.splitlines()
    assert head.split() == [
        "training",
        "loss",
        "test",
        "loss",
        "accuracy",
        "below",
        "0.69",
        "trained",
        "by",
    ]
    assert [row.split()[0] for row in rows] == ["sgd", "adam", "rmsprop"]
    assert all("step " in row or "  never  " in row for row in rows)
    assert "Epoch 30 of 30" in result.stderr
    strict = call("compare", project(), "--set", KINDS, "--threshold", "1e-9", "--quiet")
    assert strict.stdout.count("never") == 3
    assert strict.stderr == ""


def test_steps_and_epochs_agree(call: Call, project: Project) -> None:
    printed = as_json(call, project(), "--set", "training.batch_size=4,full", "--threshold", "10")
    assert [lane["below_threshold_step"] for lane in printed["lanes"]] == [0, 0]
    assert [lane["steps"] for lane in printed["lanes"]] == [4 * 5, 4]


def test_the_folder_has_a_picture_and_a_table(call: Call, project: Project, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    result = call("compare", project(), "--set", KINDS, "--threshold", "0.1", "--out", out)
    assert result.exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == ["compare.csv", "compare.png"]
    with Image.open(out / "compare.png") as picture:
        assert picture.size == SIZE
        assert len(picture.getcolors(1 << 20) or ()) > 10
    text = (out / "compare.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 3 * 5
    assert {row["lane"] for row in rows} == {"sgd", "adam", "rmsprop"}
    assert rows[4]["epoch"] == "4"
    assert "Wrote" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--set", "training.seed=" + ",".join(map(str, range(17)))), "make 17 lanes, but 16"),
        (("--set", "training.seed=1,1"), "a value is named twice"),
        (("--set", "training.optimiser.kind=sgd,adam"), "there is no such setting"),
        (("--set", "training.optimizer.kind=sgd,adamm"), "adamm"),
        (("--set", "model.layers.*.p=0.1,0.2"), "no hidden layer has this setting"),
        (("--set", "model.output.activation=linear,tanh"), "tanh: training.loss"),
    ],
)
def test_what_cannot_be_raced_is_said_in_a_sentence(
    call: Call, project: Project, arguments: tuple[str, ...], sentence: str
) -> None:
    result = call("compare", project(), *arguments)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_an_endless_file_needs_a_length(call: Call, project: Project) -> None:
    path = project({"epochs": None})
    result = call("compare", path, "--set", KINDS)
    assert result.exit_code == 1
    assert "--epochs" in result.stderr
    assert call("compare", path, "--set", KINDS, "--epochs", "2", "--quiet").exit_code == 0


def test_one_file_twice_is_refused(call: Call, project: Project) -> None:
    path = project()
    result = call("compare", path, path)
    assert result.exit_code == 1
    assert "second lane named 'small'" in result.stderr


@pytest.mark.parametrize("wrong", ["training.seed", "training.seed=", "=3"])
def test_a_setting_without_values_is_wrong_usage(call: Call, project: Project, wrong: str) -> None:
    assert call("compare", project(), "--set", wrong).exit_code == 2


def test_ctrl_c_keeps_what_was_trained(
    call: Call, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(RaceControl):
        """Ctrl+C comes in the middle of the race."""

        asked = 0

        @property
        def speed(self) -> None:
            self.asked += 1
            if self.asked == 5:
                os.kill(os.getpid(), signal.SIGINT)

        @speed.setter
        def speed(self, speed: None) -> None:
            """A race that nobody slows down."""

    monkeypatch.setattr(races, "RaceControl", Interrupted)
    out = tmp_path / "out"
    result = call("compare", project(), "--set", KINDS, "--epochs", "1000000", "--out", out)
    assert result.exit_code == 130
    assert result.stdout.startswith(" ")
    assert (out / "compare.csv").stat().st_size > 100
