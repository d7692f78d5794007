"""A JSON file of another program is named in one sentence, and never taken for a broken project."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.cli import commands
from playground.core.errors import FileError, PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import open_any, save
from playground.core.experiment.others.foreign import check_own

LAYERS = [{"layer_type": "input", "out_depth": 3}, {"layer_type": "softmax", "num_classes": 2}]
FOREIGN: dict[str, tuple[Any, str]] = {
    "net.json": ({"layers": LAYERS}, "a network of ConvNetJS"),
    "forge.json": ({"app": "NN.FORGE", "version": 3, "layers": [4, 2]}, "a network of NN.FORGE"),
    "run.json": ({"nnforge": 1, "net": {"hidden": [4]}}, "a network of NN.FORGE"),
    "keras.json": (
        {"class_name": "Sequential", "config": {"layers": []}, "backend": "tensorflow"},
        "a network of Keras",
    ),
    "model.json": (
        {"format": "layers-model", "generatedBy": "me", "modelTopology": {}, "weightsManifest": []},
        "a network of TensorFlow.js",
    ),
    "brain.json": ({"sizes": [2, 3, 1], "layers": [{}, {}, {}]}, "a network of brain.js"),
    "synaptic.json": ({"neurons": [], "connections": []}, "a network of Synaptic"),
    "own.json": ({"architecture": [2, 8, 1], "weights": [[0.5]]}, "a network of another program"),
    "metadata.json": ({"tmVersion": "2.4.7", "labels": ["a"]}, "a model of Teachable Machine"),
    "work.ipynb": ({"cells": [], "metadata": {}, "nbformat": 4}, "a Jupyter notebook"),
    "columns.json": ({"a": [1, 2], "b": [3, 4]}, "a table in JSON, but not a list of its rows"),
    "pandas.json": ({"a": {"0": 1, "1": 2}, "b": {"0": 3, "1": 4}}, "not a list of its rows"),
    "split.json": ({"columns": ["a"], "index": [0], "data": [[1]]}, "not a list of its rows"),
    "wrapped.json": ({"data": [{"a": 1}, {"a": 2}]}, "a list of rows in it, 'data'"),
    "answer.json": ({"count": 2, "results": [[1, 2], [3, 4]]}, "a list of rows in it, 'results'"),
    "package.json": ({"name": "site", "version": "1.0.0"}, "JSON of another program (with 'name'"),
}


def written(folder: Path, name: str) -> Path:
    place = folder / name
    place.write_text(json.dumps(FOREIGN[name][0]), "utf-8")
    return place


def ran(*arguments: object) -> Result:
    return CliRunner().invoke(commands, [str(a) for a in arguments], catch_exceptions=False)


@pytest.mark.parametrize("name", FOREIGN)
def test_what_it_is_and_what_to_do_is_one_sentence(tmp_path: Path, name: str) -> None:
    place = written(tmp_path, name)
    with pytest.raises(FileError) as refused:
        open_any(place)
    sentence = str(refused.value)
    assert FOREIGN[name][1] in sentence
    assert sentence.startswith(name)
    assert len(sentence) < 250
    assert "\n" not in sentence


@pytest.mark.parametrize("name", ["net.json", "forge.json", "work.ipynb", "package.json"])
@pytest.mark.parametrize("command", [("train", "--epochs", "2"), ("describe",)])
def test_commands_say_so(tmp_path: Path, command: tuple[str, ...], name: str) -> None:
    result = ran(command[0], written(tmp_path, name), *command[1:])
    assert result.exit_code == 1
    assert FOREIGN[name][1] in result.stderr
    assert "quote" not in result.stderr


@pytest.mark.parametrize("orient", ["columns", "index", "split", "table"])
def test_what_the_sentence_on_a_table_advises_makes_one(tmp_path: Path, orient: Any) -> None:
    frame = pd.DataFrame({"a": [1.5, 2, 3, 4], "kind": ["x", "y", "x", "y"]})
    place = tmp_path / "frame.json"
    frame.to_json(place, orient=orient)
    with pytest.raises(FileError, match=r"by to_json\(orient='records'\)"):
        open_any(place)
    frame.to_json(place, orient="records")
    assert open_any(place).data.inputs == ("a",)


def test_describe_tells_a_project_from_a_table(tmp_path: Path) -> None:
    save(Experiment(), tmp_path / "own.playground.json")
    result = ran("describe", tmp_path / "own.playground.json")
    assert result.exit_code == 1
    assert "is a project; 'playground train'" in result.stderr


PROJECTS: list[Callable[[], Any]] = [
    lambda: {"format": "playground/1"},
    lambda: {"format": "playground/9", "layers": []},
    lambda: {"data": {"kind": "generated", "generator": "spiral"}},
    lambda: {"training": {"epochs": 4}, "layers": []},
    lambda: Experiment().plain(),
]


@pytest.mark.parametrize("project", PROJECTS)
def test_a_project_is_none_of_them(project: Callable[[], Any]) -> None:
    check_own(project(), "p.json")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=6) | st.sampled_from(["layers", "type", "config", "format", "data"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(_JSON)
@settings(max_examples=150)
def test_whatever_json_holds_is_refused_in_words(raw: Any) -> None:
    with suppress(PlaygroundError):
        check_own(raw, "it.json")
