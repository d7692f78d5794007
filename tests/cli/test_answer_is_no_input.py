"""The answer is never an input, by whatever way the columns are named, and the way out works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from playground.cli import commands
from playground.core.data.data import CsvData
from playground.core.data.tables.choosing import Choice, data_of, outlook
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.importing import read_table_text
from playground.core.data.tables.table import Columns, read_table
from playground.core.errors import DataError, ExperimentError
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment

SAYS = "'won' is the answer, so it cannot be an input, too; leave it out of the inputs"


@pytest.fixture
def tosses(tmp_path: Path) -> Path:
    """Coin tosses, which nothing beside them tells: columns won, p, q, end."""
    random, path = np.random.default_rng(3), tmp_path / "tosses.csv"
    won, numbers = random.integers(0, 2, 400), random.normal(size=(400, 2))
    rows = [f"{w},{p:.3f},{q:.3f},{int(p > 0)}" for w, (p, q) in zip(won, numbers, strict=True)]
    path.write_text("\n".join(["won,p,q,end", *rows]), "utf-8")
    return path


def _plain(path: Path, inputs: list[str], **answer: str) -> dict[str, Any]:
    return {"data": {"kind": "csv", "path": str(path), "inputs": inputs, **answer}}


def _train(*arguments: str) -> Any:
    return CliRunner().invoke(commands, ["train", *arguments, "--epochs", "30", "--quiet"])


def _set(*settings: str) -> list[str]:
    return [word for setting in settings for word in ("--set", setting)]


@pytest.mark.parametrize("answer", ["label", "target"])
@pytest.mark.parametrize("inputs", [["won", "p", "q"], ["p", "won"]])
def test_a_project_file_is_refused(tosses: Path, answer: str, inputs: list[str]) -> None:
    raw = _plain(tosses, inputs, **{answer: "won"})
    project = tosses.with_name("tosses.playground.json")
    project.write_text(json.dumps(raw), "utf-8")
    with pytest.raises(ExperimentError, match=SAYS) as refusal:
        files.load(project)
    assert len(str(refusal.value)) < 400


def test_python_is_refused(tosses: Path) -> None:
    with pytest.raises(ValueError, match=SAYS):
        CsvData(path=str(tosses), inputs=("won", "p"), label="won")
    with pytest.raises(DataError, match=SAYS):
        read_table(tosses, ["won", "p"], "won", regression=False)


def test_a_choice_of_columns_is_refused(tosses: Path) -> None:
    text = read_table_text(tosses)
    for held_out in (None, "end"):  # a table that is divided becomes points in the project
        choice = Choice(Columns(("won", "p"), "won", held_out=held_out))
        assert SAYS in outlook(text, facts_of(text), choice).obstacle
        with pytest.raises((DataError, ValueError), match=SAYS):
            data_of(text, choice)


@pytest.mark.parametrize(
    "settings",
    [
        ['data.inputs=["end","p"]'],
        ["data.label=won", 'data.inputs=["won","p"]'],
        ['data.inputs=["won","p"]', "data.target=won"],
    ],
)
def test_the_command_line_refuses(tosses: Path, settings: list[str]) -> None:
    done = _train(str(tosses), *_set(*settings))
    assert done.exit_code == 1
    name = "end" if len(settings) == 1 else "won"
    assert f"'{name}' is the answer, so it cannot be an input" in done.output


@pytest.mark.parametrize("as_project", [True, False])
def test_an_answer_leaves_the_inputs_by_itself(tosses: Path, as_project: bool) -> None:
    """Nobody knows how a coin falls, so about half of the test rows are right."""
    file = tosses
    if as_project:
        file = tosses.with_name("tosses.playground.json")
        file.write_text(json.dumps(_plain(tosses, ["won", "p", "q"], label="end")), "utf-8")
    done = _train(str(file), *_set("data.label=won"), "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["adjusted"] == {"data.inputs": ["p", "q"]}
    assert found["data"]["inputs"] == ["p", "q"]
    assert 0.35 < found["test_accuracy"] < 0.65


def test_what_follows_from_an_answer_is_the_same_in_python(tosses: Path) -> None:
    experiment = Experiment.parse(_plain(tosses, ["won", "p", "q"], label="end"))
    number = experiment.with_setting("data.target", "p")
    assert number.data == CsvData(path=str(tosses), inputs=("won", "q"), target="p")
    assert number.training.loss == "mse"
    kept = number.with_setting("training.loss", "l1").with_setting("data.target", "q")
    assert (kept.training.loss, kept.data.inputs) == ("l1", ("won",))
    back = number.with_setting("data.label", "won")
    assert (back.data.label, back.data.target, back.data.inputs) == ("won", None, ("q",))
    assert back.training.loss == "cross_entropy"
    asked = experiment.with_settings([("training.loss", "l1"), ("data.target", "p")])
    assert asked.training.loss == "l1"
    with pytest.raises(ExperimentError, match="'q' is the answer, so it cannot be an input"):
        back.with_setting("data.label", "q")  # nothing would be left to learn from


def test_a_column_twice_among_the_inputs_is_refused(tosses: Path) -> None:
    with pytest.raises(ExperimentError, match="'p' is named twice among the inputs"):
        Experiment.parse(_plain(tosses, ["p", "q", "p"], label="won"))


@pytest.mark.parametrize("backwards", [False, True])
def test_the_way_out_works_in_any_order(tosses: Path, backwards: bool) -> None:
    settings = ["data.label=won", 'data.inputs=["p","q"]']
    done = _train(str(tosses), *_set(*sorted(settings, reverse=backwards)), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["test_accuracy"] < 0.65
    other = _train(str(tosses), *_set("data.label=end", 'data.inputs=["won","p"]'), "--json")
    assert json.loads(other.stdout)["test_accuracy"] > 0.9


# Too many labels: the advice is one that can be followed.


@pytest.fixture
def names(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    rows = "".join(f"{i % 13},{i * 7 % 130},car {i}\n" for i in range(130))
    path.write_text(f"speed,weight,name\n{rows}", "utf-8")
    return path


def test_text_is_not_advised_as_a_target(names: Path) -> None:
    done = _train(str(names))
    assert done.exit_code == 1
    assert "choose another column" in done.output
    assert "target" not in done.output


@pytest.mark.parametrize("backwards", [False, True])
def test_another_column_becomes_the_target(names: Path, backwards: bool) -> None:
    settings = ["data.target=speed", "data.label=null", 'data.inputs=["weight"]']
    done = _train(str(names), *_set(*sorted(settings, reverse=backwards)))
    assert done.exit_code == 0, done.output
    as_classes = _train(str(names), *_set("data.label=weight", 'data.inputs=["speed"]'))
    assert "choose another column, or make it the target" in as_classes.output


def test_a_target_takes_the_place_of_the_label(names: Path) -> None:
    done = _train(str(names), *_set("data.target=speed", 'data.inputs=["weight"]'), "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert (found["data"]["answer"], found["data"]["classes"]) == ("speed", [])
    assert "r2" in found
    alone = CliRunner().invoke(
        commands, ["train", str(names), "--epochs", "30", *_set("data.target=speed")]
    )
    assert alone.exit_code == 0, alone.output
    says = (
        'This follows from the settings: data.label=null data.inputs=["weight"] training.loss=mse\n'
    )
    assert says in alone.stderr


def test_two_answers_are_named_with_the_way_out(names: Path) -> None:
    for settings in (
        ["data.target=speed", "data.label=name"],
        ["data.label=name", "data.target=speed"],
    ):
        done = _train(str(names), *_set(*settings, 'data.inputs=["weight"]'))
        assert done.exit_code == 1
        assert (
            "'name' is its label and 'speed' its target; set one of the two to null" in done.output
        )


@pytest.mark.parametrize("inputs", [[], ["--inputs", "weight"], ["--inputs", "weight, speed"]])
def test_the_answer_is_an_option(names: Path, inputs: list[str]) -> None:
    done = _train(str(names), "--answer", "speed", *inputs, "--json")
    if "weight, speed" in inputs:
        assert "'speed' is the answer, so it cannot be an input" in done.output
        return
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)["data"]
    assert (data["answer"], data["inputs"]) == ("speed", ["weight"])
    assert set(data["left_out"]) == {"name"}


def test_a_column_that_there_is_not_is_named(names: Path) -> None:
    for option in ("--answer", "--inputs"):
        done = _train(str(names), option, "sped")
        assert done.exit_code == 1
        assert "has no column 'sped'. Did you mean 'speed'?" in done.output


def test_a_loss_that_was_asked_for_is_not_replaced(names: Path) -> None:
    settings = ["data.target=speed", "data.label=null", 'data.inputs=["weight"]']
    done = _train(str(names), *_set(*settings, "training.loss=cross_entropy"))
    assert done.exit_code == 1
    assert "choose 'mse'" in done.output
