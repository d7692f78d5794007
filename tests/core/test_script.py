"""The script of an experiment: it runs by itself, and prints the losses of the torch engine."""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from playground.core.data.generators import GENERATORS
from playground.core.errors import DataError, ExperimentError, PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.core.network.activations import ACTIVATIONS
from playground.core.script.data_facts import MOST_POINTS
from playground.core.script.pytorch import pytorch_script
from playground.core.training.optimizers import OPTIMIZERS
from tests.image_specimens import LABELS, PIXELS, mnist, npz, photographed
from tests.script_runner import expected_rows, python, rows_of, wrong_scripts
from tests.strategies import experiments, image_experiments

Plain = dict[str, Any]

RINGS = {"kind": "generated", "generator": "rings", "classes": 3}
TANH = {"output": {"activation": "tanh"}}


def _plain(data: Plain | None = None, model: Plain | None = None, **training: Any) -> Plain:
    generated = {"kind": "generated", "generator": "circle", "samples": 120, **(data or {})}
    return {
        "data": data if data and "kind" in data else generated,
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
        *[_plain({"samples": 60}, TANH, loss=loss) for loss in ("mse", "sse", "l1", "huber")],
        _plain({}, loss="mse", dtype="float64", stop={"accuracy_above": 0.7}, epochs=20),
        _plain({"generator": "hills"}, TANH, loss="mse"),
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
        {"kind": "points", "axes": AXES, **{k: drawn[k] for k in "x"}, "target": [0.5] * 40},
        *[{"kind": kind, "standardize": True} for kind in ("iris", "wine")],
        {"kind": "breast_cancer", "test_ratio": 0.002},
        *[{"kind": "shapes", "samples": 30, "pixels": pixels} for pixels in ("raw", "unit")],
    ]
    return [{"data": one, "training": {"epochs": 3, "engine": "torch"}} for one in data]


AXES = [
    {"name": "speed", "offset": 3.5, "scale": 2},
    {"name": "long name", "offset": 0, "scale": 1},
]


def _tables(folder: Path) -> list[Plain]:
    """Tables that need more than a script's few lines, and one that does not."""
    texts = {
        "comma.csv": "a;b;y\n" + "".join(f"{i},5;{i % 4};{i % 3}\n" for i in range(30)),
        "gaps.csv": "a,b,y\n"
        + "".join(f"{i if i % 7 else ''},{i % 4},{i % 2}\n" for i in range(40)),
        "spaces.csv": "a, b, y\n" + "".join(f"{i}, {i % 4}, name {i % 2}\n" for i in range(40)),
        "tabs.csv": "a\tb\ty\n" + "".join(f"{i}\t{i % 4}\t{i % 2 - 0.5}\n" for i in range(40)),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-16" if name.startswith("gaps") else "utf-8")
    data: Plain = {"kind": "csv", "inputs": ["a", "b"], "standardize": True}
    return [
        {"data": {**data, "path": str(folder / name), **more}, "training": {"epochs": 3}}
        for name, more in (
            ("comma.csv", {"label": "y"}),
            ("gaps.csv", {"label": "y"}),
            ("gaps.csv", {"label": "y", "missing": "mean"}),
            ("spaces.csv", {"label": "y"}),
            ("tabs.csv", {"target": "y"}),
        )
    ]


def _every_image_layer() -> list[Plain]:
    return [
        {"kind": "conv", "channels": 4, "kernel": 2, "bias": False},
        {"kind": "residual_conv", "channels": 6, "stride": 2},
        {"kind": "residual_conv", "channels": 6},
        {"kind": "wide_residual", "channels": 3, "dropout": 0.1},
        {"kind": "residual"},
        {"kind": "squeeze_excite"},
        {"kind": "inception", "channels": 2},
        {"kind": "depthwise_separable", "channels": 8},
        {"kind": "inverted_residual", "channels": 8},
        {"kind": "pool", "mode": "average"},
        {"kind": "layer_norm"},
        {"kind": "global_pool"},
        {"kind": "linear", "units": 8, "activation": "relu"},
    ]


def _images(folder: Path) -> list[Plain]:
    (folder / "idx").mkdir()
    (folder / "packed").mkdir()
    colors = np.stack([PIXELS] * 3, axis=-1)
    files = [
        mnist(folder / "idx"),
        mnist(folder / "packed", names=("a-images.gz", "a-labels.gz")),
        npz(folder, x_train=PIXELS, y_train=LABELS, x_test=PIXELS[:2], y_test=LABELS[:2]),
        npz(folder / "packed", x=colors, y=LABELS),
    ]
    conv: Plain = {"layers": [{"kind": "conv", "channels": 3}]}
    photographs = {"kind": "photographs", "path": str(photographed(folder)), "size": 9}
    small: Plain = {"kind": "digits", "test_ratio": 0.9}
    changes = {"rotation": 20.0, "crop": 1, "horizontal_flip": 0.5, "brightness": 0.2}
    sgd = {"kind": "sgd", "learning_rate": 0.01}
    return [
        *[
            _plain({"kind": "images", "path": str(path), "pixels": pixels}, conv, optimizer=sgd)
            for path, pixels in zip(files, ("unit", "raw", "unit", "unit"), strict=True)
        ],
        *[
            _plain({**photographs, "fit": fit, "test_ratio": 0.25}, conv, optimizer=sgd)
            for fit in ("crop", "stretch", "pad")
        ],
        _plain(small, {"layers": _every_image_layer()}, epochs=2, optimizer=sgd),
        _plain({**small, "size": 28}, conv | {"initializer": "kaiming"}, epochs=2, optimizer=sgd),
        _plain(
            {**small, "standardize": True},
            {"layers": [{"kind": "conv", "channels": 2, "stride": 2}]},
            augmentation={**changes, "contrast": 0.3, "jitter": 0.1},
            regularization={"kind": "l2", "rate": 0.1},
            optimizer=sgd,
        ),
        _plain(
            small,
            {"layers": [{"kind": "conv", "channels": 2}, {"kind": "conv", "channels": 2}]},
            optimizer={"kind": "lbfgs", "learning_rate": 0.01, "max_iter": 3},
            batch_size="full",
        ),
        _plain({"test_ratio": 0}, augmentation={"jitter": 0.2}),
        _plain({}, {"features": ["x1^2", "sin x2"]}, augmentation={"jitter": 0.2, "crop": 3}),
    ]


def _others() -> list[Plain]:
    vectors: Plain = {"kind": "vectors", "rows": 20, "inputs": 6}
    loss = {"loss": "sse", "optimizer": {"kind": "sgd", "learning_rate": 0.001}}
    return [
        _plain({**vectors, "outputs": 3}, **loss),
        _plain({**vectors, "outputs": 6, "relation": "affine", "test_ratio": 0}, **loss),
        _plain({**vectors, "outputs": 1}, loss="mse"),
        _plain(stop={"loss_below": 0.5}, epochs=40),
        _plain(stop={"accuracy_above": 0.7, "watch": "train"}, epochs=250),
        _plain({"test_ratio": 0}, stop={"patience": 2, "loss_below": 0.01}, epochs=40),
        _plain({"generator": "hills"}, stop={"patience": 1, "accuracy_above": 0.5}, loss="mse"),
        _plain(stop={"accuracy_above": 0.6}, loss="bce_with_logits", epochs=40),
    ]


def test_a_saved_script_runs_by_itself(tmp_path: Path) -> None:
    experiment = Experiment.parse(_plain())
    place = tmp_path / "experiment.py"
    place.write_text(pytorch_script(experiment), "utf-8")
    rows = rows_of(python([os.fspath(place)]))
    for row, expected in zip(rows, expected_rows(experiment), strict=True):
        assert row == pytest.approx(expected, rel=1e-6)


def test_scripts_print_the_losses_of_the_torch_engine(tmp_path: Path) -> None:
    plain = [*_generators(), *_optimizers(), *_schedules(), *_models(), *_other_data(tmp_path)]
    _compare([Experiment.parse(one) for one in plain])


def test_scripts_read_files_and_change_points_as_the_torch_engine_does(tmp_path: Path) -> None:
    _compare(
        [Experiment.parse(one) for one in (*_tables(tmp_path), *_images(tmp_path), *_others())]
    )


def _trainable() -> SearchStrategy[Experiment]:
    """Small experiments that fall steadily, so that the last bit of a sum does not show."""
    generated = st.fixed_dictionaries(
        {
            "generator": st.sampled_from(["circle", "xor", "spiral", "gaussians", "moons"]),
            "samples": st.integers(20, 80),
            "seed": st.integers(0, 99),
            "test_ratio": st.sampled_from([0.0, 0.3, 0.5]),
            "standardize": st.sampled_from([False, True, "all"]),
        }
    )
    unit = st.integers(1, 8)
    activation = st.sampled_from(ACTIVATIONS.keys())
    hidden = st.one_of(
        st.fixed_dictionaries(
            {"kind": st.just("linear"), "units": unit, "activation": activation},
            optional={"bias": st.booleans()},
        ),
        st.fixed_dictionaries({"kind": st.just("dropout"), "p": st.floats(0, 0.5)}),
        st.fixed_dictionaries({"kind": st.sampled_from(["layer_norm", "residual", "flatten"])}),
    )
    rate = {"learning_rate": st.sampled_from([0.01, 0.03])}
    training = st.fixed_dictionaries(
        {
            "optimizer": st.fixed_dictionaries({"kind": st.sampled_from(["sgd", "adam"]), **rate}),
            "batch_size": st.sampled_from([5, 10, "full"]),
        },
        optional={
            "augmentation": st.fixed_dictionaries({"jitter": st.floats(0, 1)}),
            "stop": st.fixed_dictionaries({}, optional={"loss_below": st.floats(0.1, 1.0)}),
            "dtype": st.sampled_from(["float32", "float64"]),
            "seed": st.integers(0, 99),
        },
    )
    dense = st.builds(
        lambda data, layers, how: Experiment.parse(_plain(data, {"layers": layers}, **how)),
        generated,
        st.lists(hidden, max_size=3),
        training,
    )
    images = image_experiments().map(
        lambda experiment: (
            experiment.with_setting("training.epochs", 2)
            .with_setting("training.engine", "torch")
            .with_setting("training.device", "cpu")
        )
    )
    return st.one_of(dense, images)


def _is_valid(experiment: Experiment) -> bool:
    try:
        pytorch_script(experiment)
    except PlaygroundError:
        return False
    return True


@settings(max_examples=1, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(_trainable().filter(_is_valid), min_size=30, max_size=30))
def test_scripts_of_random_experiments_print_the_losses_of_the_torch_engine(
    parsed: list[Experiment],
) -> None:
    _compare(parsed)


def _compare(parsed: list[Experiment]) -> None:
    """Run the scripts, and the experiments on the torch engine."""
    on_torch = [one.with_setting("training.engine", "torch") for one in parsed]
    assert wrong_scripts(on_torch, pytorch_script) == []


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
        ({"training": {"loss": "huber"}, "data": RINGS}, ExperimentError, "training.loss"),
        ({"model": {"output": {"activation": "tanh"}}}, ExperimentError, "training.loss"),
        (_plain({"generator": "sine"}, {"features": ["x2"]}, loss="mse"), ExperimentError, "x2"),
        (
            _plain({}, {"layers": [{"kind": "batch_norm"}]}, batch_size=1),
            ExperimentError,
            "Batch norm",
        ),
    ],
)
def test_what_cannot_be_a_script(plain: Plain, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        pytorch_script(Experiment.parse(plain))
