"""The script of an experiment: it runs by itself, and prints the losses of the torch engine."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings

from playground.core.activations import ACTIVATIONS
from playground.core.errors import DataError, ExperimentError, PlaygroundError
from playground.core.experiment import Experiment
from playground.core.generators import GENERATORS
from playground.core.optimizers import OPTIMIZERS
from playground.core.script import pytorch_script
from playground.core.script_data import MOST_POINTS
from playground.engines.headless import train_to_end
from tests.strategies import experiments

Plain = dict[str, Any]

RUNNER = """\
import contextlib, io, json, sys
for source in json.load(sys.stdin):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "script", "exec"), {"__name__": "__main__"})
    print(json.dumps(printed.getvalue()))
"""


def _plain(data: Plain | None = None, model: Plain | None = None, **training: Any) -> Plain:
    return {
        "data": {"kind": "generated", "generator": "circle", "samples": 120, **(data or {})},
        "model": model or {},
        "training": {"epochs": 6, "engine": "torch", "device": "cpu", **training},
    }


def _generators() -> list[Plain]:
    return [
        _plain(
            {"generator": choice.key, "noise": 0.1, "classes": None, "seed": number},
            loss="mse" if choice.value.regression else "cross_entropy",
            epochs=3,
        )
        for number, choice in enumerate(GENERATORS)
    ]


def _optimizers() -> list[Plain]:
    own: dict[str, Plain] = {
        "sgd": {"momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
        "adam": {"betas": [0.8, 0.99], "eps": 1e-6},
        "lbfgs": {"max_iter": 4, "learning_rate": 0.1},
    }
    return [
        _plain(
            {"samples": 60},
            optimizer={"kind": kind, "learning_rate": 0.02, **own.get(kind, {})},
            batch_size="full" if kind in ("lbfgs", "rprop") else 8,
            regularization={"kind": "l1" if number % 2 else "l2", "rate": 0.01},
        )
        for number, kind in enumerate(OPTIMIZERS)
    ]


def _schedules() -> list[Plain]:
    kinds: list[Plain] = [
        {"kind": "step", "period": 2},
        {"kind": "exponential", "gamma": 0.8},
        {"kind": "cosine", "period": 5, "floor": 0.1},
        {"kind": "cosine_restarts", "period": 2, "stretch": 1},
        {"kind": "one_cycle", "period": 8},
        {"kind": "plateau", "patience": 0, "gamma": 0.3},
    ]
    return [_plain(schedule=kind, epochs=9, optimizer={"kind": "sgd"}) for kind in kinds] + [
        _plain(
            schedule=kinds[-1],
            optimizer={"kind": "sgd", "learning_rate": 1.0},
            regularization={"kind": "l2", "rate": 0.1},
        )
    ]


def _models() -> list[Plain]:
    every_layer: list[Plain] = [
        {"kind": "linear", "units": 6, "activation": "sine", "bias": False},
        {"kind": "batch_norm"},
        {"kind": "dropout", "p": 0.2},
        {"kind": "residual", "activation": "gelu"},
        {"kind": "layer_norm"},
    ]
    every_activation = [
        {"kind": "linear", "units": 3, "activation": choice.key} for choice in ACTIVATIONS
    ]
    some_features = ["x1", "x2^2", "x1*x2", "sin x2"]
    return [
        # 61 training points in batches of 10 leave a last batch of one.
        _plain({"samples": 61, "test_ratio": 0}, {"layers": every_layer}),
        _plain({"standardize": True}, {"layers": every_activation, "initializer": "xavier"}),
        _plain({"standardize": "all"}, {"features": some_features, "initializer": "kaiming"}),
        _plain({"samples": 9}, {"initializer": "normal", "output": {"bias": False}}),
        _plain({"stratify": False}, {"initializer": "zeros"}, dtype="float64"),
        _plain({"test_ratio": 0, "standardize": True}, {"layers": []}, loss="bce_with_logits"),
        _plain(epochs=250, batch_size="full"),
        _plain(epochs=0),
        *[_plain({"generator": "hills"}, loss=loss) for loss in ("mse", "l1", "huber")],
        _plain({"generator": "line"}, loss="sse", optimizer={"kind": "sgd", "learning_rate": 10.0}),
    ]


def _other_data(folder: Path) -> list[Plain]:
    numbers, words = folder / "numbers.csv", folder / "words.csv"
    numbers.write_text("".join(f"{i},{i * i % 7},{i / 3}\n" for i in range(40)), "utf-8")
    rows = "".join(f"{i % 5};{i};{('yes', 'no', 'maybe')[i % 3]}\n" for i in range(30))
    words.write_text(f"a;long name;answer\n{rows}", "utf-8")
    drawn = {"kind": "points", "x": [[i / 7, -i / 3] for i in range(40)]}
    wide = {"kind": "points", "x": [[i / 7] * 5 for i in range(9)], "target": [0.1] * 9}
    table: Plain = {"kind": "csv", "standardize": True, "test_ratio": 0.25}
    data: list[Plain] = [
        {**drawn, "label": [i % 3 for i in range(40)]},
        {**drawn, "label": [i % 3 for i in range(40)], "test": [1, 5, 7]},
        wide,
        {**table, "path": str(numbers), "inputs": ["x1", "x2"], "target": "y"},
        {**table, "path": str(words), "inputs": ["a", "long name"], "label": "answer"},
        *[{"kind": kind, "standardize": True} for kind in ("digits", "iris", "wine")],
        {"kind": "breast_cancer", "test_ratio": 0.002},
    ]
    return [{"data": one, "training": {"epochs": 3, "engine": "torch"}} for one in data]


def _rows(printed: str) -> list[list[float]]:
    """The table that a script prints, without its title and without a last word of failure."""
    lines = [line.split() for line in printed.splitlines()[1:]]
    return [[float(word) for word in line] for line in lines if line[0].isdecimal()]


def _expected(experiment: Experiment) -> list[list[float]]:
    curve = train_to_end(experiment).as_json()["curve"]
    return [
        [row[name] for name in ("epoch", "train_loss", "test_loss") if name in row] for row in curve
    ]


def _run(arguments: list[str], text: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-I", *arguments], input=text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_saved_script_runs_by_itself(tmp_path: Path) -> None:
    experiment = Experiment.parse(_plain())
    place = tmp_path / "experiment.py"
    place.write_text(pytorch_script(experiment), "utf-8")
    rows = _rows(_run([os.fspath(place)]))
    for row, expected in zip(rows, _expected(experiment), strict=True):
        assert row == pytest.approx(expected, rel=1e-6)


def test_scripts_print_the_losses_of_the_torch_engine(tmp_path: Path) -> None:
    plain = [*_generators(), *_optimizers(), *_schedules(), *_models(), *_other_data(tmp_path)]
    parsed = [Experiment.parse(one) for one in plain]
    printed = _run(["-c", RUNNER], json.dumps([pytorch_script(one) for one in parsed]))
    wrong = []
    for experiment, line in zip(parsed, printed.splitlines(), strict=True):
        rows, expected = _rows(json.loads(line)), _expected(experiment)
        is_right = len(rows) == len(expected) and all(
            row == pytest.approx(other, rel=1e-6, abs=1e-12)
            for row, other in zip(rows, expected, strict=True)
        )
        if not is_right:
            wrong.append((experiment.plain_except_data(), rows[-1:], expected[-1:]))
    assert wrong == []


@settings(max_examples=100)
@given(experiments())
def test_the_script_of_any_experiment_is_tidy_python(experiment: Experiment) -> None:
    try:
        source = pytorch_script(experiment)
    except PlaygroundError:
        return
    compile(source, "script", "exec")
    assert max(map(len, source.splitlines())) <= 100
    assert "playground" not in source.replace(experiment.title, "")
    assert "\n\n\n\n" not in source


def test_only_what_is_used_appears() -> None:
    source = pytorch_script(Experiment())
    for word in ("math", "csv", "scaler", "factor", "penalty", "closure", "Residual", "Sine"):
        assert word not in source
    for number in range(1, 8):
        assert f"# {number}. " in source


def test_an_endless_experiment_says_that_its_script_ends() -> None:
    assert "epochs = 100  # " in pytorch_script(Experiment())


def test_a_title_stays_a_comment() -> None:
    title = 'one """\\ \n\u2028import this\r' + "長" * 120
    source = pytorch_script(Experiment.parse({"title": title}))
    head = source.partition("# 1. Libraries")[0]
    assert all(line.startswith("#") or not line for line in head.splitlines())


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_an_argument_that_is_left_out_is_torchs_own_default(kind: str) -> None:
    optimizer = OPTIMIZERS[kind](kind=kind)
    signature = inspect.signature(getattr(torch.optim, optimizer.torch_name))
    for name, value in optimizer.arguments().items():
        if name != "lr":
            assert signature.parameters[name].default == value


@pytest.mark.parametrize(
    ("plain", "error", "words"),
    [
        ({"data": {"kind": "points", "x": [], "label": []}}, DataError, "no points"),
        (
            {"data": {"kind": "points", "x": [[0, 0]], "label": [0], "test": [0]}},
            DataError,
            "held out",
        ),
        (
            {
                "data": {
                    "kind": "points",
                    "x": [[0, 0]] * (MOST_POINTS + 1),
                    "label": [0] * (MOST_POINTS + 1),
                }
            },
            DataError,
            "too many",
        ),
        ({"training": {"loss": "mse"}}, ExperimentError, "training.loss"),
        (_plain({"generator": "sine"}, {"features": ["x2"]}, loss="mse"), ExperimentError, "x2"),
        (
            _plain({}, {"layers": [{"kind": "batch_norm"}]}, batch_size=1),
            ExperimentError,
            "batch_norm",
        ),
    ],
)
def test_what_cannot_be_a_script(plain: Plain, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        pytorch_script(Experiment.parse(plain))
