"""Whatever the form can build trains three epochs, or is refused in one sentence.

    python -m tests.campaigns.buildable --examples 5000

draws experiments of every kind of layer, optimizer, loss, batch, engine, data, schedule, penalty,
augmentation and precision, and trains each of them while it is looked at. One that neither trains
nor is refused is printed with its traceback. A small part of it is in the suite.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import traceback
import warnings
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from playground.core.data.dataset import prepare
from playground.core.data.features import available
from playground.core.data.generators import GENERATORS
from playground.core.errors import PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.core.network.layers import LAYERS
from playground.core.training.losses import LOSSES
from playground.engines.contract.run_control import RunControl, State
from playground.engines.contract.views import Views
from playground.engines.loop.training import train
from tests.strategies import layer_settings, optimizers, schedules

__all__ = ["check", "raw_experiments"]

LONGEST_SENTENCE = 400
EPOCHS = 3
VIEWS = Views(
    grid=6,
    neuron_grid=3,
    inspect=True,
    predictions=True,
    by_hand=True,
    image_row=0,
    in_training=True,
    pointer=(1.0, -1.0),
)


def check(raw: dict[str, Any]) -> str:
    """How it ended: "trained", "broke" where the loss got out of range, or "refused".

    Raises AssertionError for a refusal that is no short sentence, and whatever is a bug.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            experiment = Experiment.parse(raw)
            control = RunControl(views=VIEWS)
            *_, last = train(experiment, prepare(experiment), control)
        except PlaygroundError as refusal:
            _check_sentence(str(refusal))
            return "refused"
    if last.state == State.DIVERGED:
        _check_sentence(last.message)
        return "broke"
    epochs = experiment.training.epochs
    assert last.state == State.REACHED, last.state
    assert last.epoch <= (epochs or 0)
    assert experiment.training.stop.is_set or last.epoch == epochs
    assert all(np.isfinite(array).all() for array in last.weights.values())
    assert math.isfinite(last.train.loss)
    return "trained"


def _check_sentence(sentence: str) -> None:
    assert 0 < len(sentence) < LONGEST_SENTENCE, sentence
    assert "\n" not in sentence, sentence
    assert sentence.endswith((".", "?")), sentence


# What a form can build.


def raw_experiments(folder: Path) -> SearchStrategy[dict[str, Any]]:
    """Plain experiments; `folder` has the tables and images that some of them name."""
    return _data(folder).flatmap(
        lambda data: st.fixed_dictionaries(
            {"data": st.just(data), "model": _model(), "training": _training()},
            optional={"view": _view(), "probes": _probes()},
        )
    )


_DIVISION = {
    "seed": st.integers(0, 99),
    "test_ratio": st.sampled_from([0.0, 0.1, 0.5, 0.9]),
    "standardize": st.sampled_from([False, True, "all"]),
    "stratify": st.booleans(),
}


def _data(folder: Path) -> SearchStrategy[dict[str, Any]]:
    kinds = st.one_of(
        _generated(), _generated(), _drawn(), _table(folder), _images(folder), _built_in()
    )
    division = st.fixed_dictionaries({}, optional=_DIVISION)
    return st.tuples(kinds, division).map(lambda both: {**both[1], **both[0]})


@st.composite
def _generated(draw: st.DrawFn) -> dict[str, Any]:
    choice = draw(st.sampled_from(list(GENERATORS)))
    return {
        "kind": "generated",
        "generator": choice.key,
        "samples": draw(st.integers(1, 60)),
        "noise": draw(st.sampled_from([0.0, 0.3])),
        "classes": draw(st.none() | st.integers(*choice.value.classes)),
    }


@st.composite
def _drawn(draw: st.DrawFn) -> dict[str, Any]:
    rows, inputs = draw(st.integers(0, 12)), draw(st.integers(1, 4))
    size = draw(st.sampled_from([1.0, 6.0, 1e4, 1e30]))
    size = float(np.float32(size))
    number = st.floats(-size, size, width=32)
    data: dict[str, Any] = {"kind": "points"}
    data["x"] = draw(st.lists(st.tuples(*[number] * inputs), min_size=rows, max_size=rows))
    answers = st.integers(0, 9) if draw(st.booleans()) else number
    name = "label" if answers is not number else "target"
    data[name] = draw(st.lists(answers, min_size=rows, max_size=rows))
    if draw(st.booleans()):
        data["test"] = draw(st.lists(st.integers(0, max(rows - 1, 0)), unique=True, max_size=rows))
    return data


def _table(folder: Path) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "kind": st.just("csv"),
            "path": st.just(str(folder / "table.csv")),
            "inputs": st.lists(
                st.sampled_from(["a", "b", "gaps", "word", "none"]), min_size=1, max_size=3
            ),
        },
        optional={
            "label": st.sampled_from(["kind", "a", "word"]),
            "missing": st.sampled_from(["drop", "mean"]),
        },
    ).flatmap(
        lambda data: st.just(data) if "label" in data else st.just({**data, "target": "value"})
    )


def _images(folder: Path) -> SearchStrategy[dict[str, Any]]:
    files = st.sampled_from(["gray.npz", "colors.npz", "missing.npz"])
    return st.fixed_dictionaries(
        {
            "kind": st.just("images"),
            "path": files.map(lambda name: str(folder / name)),
            "pixels": st.sampled_from(["raw", "unit"]),
        }
    )


def _built_in() -> SearchStrategy[dict[str, Any]]:
    vectors = st.fixed_dictionaries(
        {
            "kind": st.just("vectors"),
            "rows": st.integers(1, 20),
            "inputs": st.integers(1, 6),
            "outputs": st.integers(1, 6),
            "relation": st.sampled_from(["independent", "affine"]),
        }
    )
    digits = st.fixed_dictionaries(
        {
            "kind": st.just("digits"),
            "pixels": st.sampled_from(["raw", "unit"]),
            "test_ratio": st.just(0.9),
        }
    )
    tables = st.sampled_from(["iris", "wine", "breast_cancer"]).map(lambda kind: {"kind": kind})
    return st.one_of(vectors, digits, tables)


@cache
def _model() -> SearchStrategy[dict[str, Any]]:
    every = st.one_of([layer_settings(cls, largest=6) for cls in LAYERS.values()])
    dense = [layer_settings(cls, largest=6) for cls in LAYERS.values() if cls.takes != "image"]
    features = st.lists(
        st.sampled_from([*available(1), *available(2)]), min_size=1, max_size=3, unique=True
    )
    return st.fixed_dictionaries(
        {"layers": st.lists(every, max_size=4) | st.lists(st.one_of(dense), max_size=4)},
        optional={
            "features": features,
            "output": st.fixed_dictionaries(
                {"bias": st.booleans()},
                optional={"activation": st.sampled_from(["linear", "tanh"])},
            ),
            "initializer": st.sampled_from(
                ["default", "xavier", "kaiming", "normal", "standard_normal", "zeros"]
            ),
        },
    )


@cache
def _training() -> SearchStrategy[dict[str, Any]]:
    chance = st.floats(0, 1)
    augmentation = {
        "horizontal_flip": chance,
        "vertical_flip": chance,
        "rotation": st.floats(0, 180),
        "crop": st.integers(0, 3),
        "brightness": chance,
        "contrast": chance,
        "jitter": chance,
    }
    stop = {
        "loss_below": st.floats(0.01, 2),
        "accuracy_above": st.floats(0.1, 1, exclude_max=True),
        "patience": st.integers(1, 3),
        "watch": st.sampled_from(["train", "test"]),
    }
    regularization = {
        "kind": st.sampled_from(["none", "l1", "l2"]),
        "rate": st.sampled_from([0.0, 0.01, 10.0]),
    }
    return st.fixed_dictionaries(
        {"epochs": st.just(EPOCHS), "optimizer": optimizers()},
        optional={
            "loss": st.sampled_from(LOSSES.keys()),
            "schedule": schedules(),
            "regularization": st.fixed_dictionaries(regularization),
            "batch_size": st.just("full") | st.integers(1, 40) | st.just(1_000_000),
            "stop": st.fixed_dictionaries({}, optional=stop),
            "augmentation": st.fixed_dictionaries({}, optional=augmentation),
            "seed": st.integers(0, 99),
            "dtype": st.sampled_from(["float32", "float64"]),
            "device": st.sampled_from([*["auto"] * 5, *["cpu"] * 5, "cuda:7"]),
            "engine": st.sampled_from(["auto", "auto", "torch", "torch", "numpy", "compiled"]),
        },
    )


@cache
def _view() -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "projection": st.sampled_from(["slice", "pca"]),
            "axes": st.tuples(st.integers(0, 3), st.integers(0, 3)),
        },
    )


@cache
def _probes() -> SearchStrategy[list[list[float]]]:
    number = st.floats(-1e30, 1e30)
    return st.lists(st.lists(number, min_size=1, max_size=4), max_size=3)


def write_files(folder: Path) -> None:
    """The table and the images that experiments name."""
    random = np.random.default_rng(5)
    rows = [
        f"{i % 7},{i / 3:.3f},{'' if i % 4 == 0 else i},{'xyz'[i % 3]},,{i % 2},{i * 0.37:.2f}"
        for i in range(24)
    ]
    head = "a,b,gaps,word,none,kind,value"
    (folder / "table.csv").write_text("\n".join([head, *rows]), "utf-8")
    gray = random.integers(0, 256, (20, 6, 7), np.uint8)
    colors = random.integers(0, 256, (20, 6, 5, 3), np.uint8)
    labels = np.arange(20) % 3
    np.savez(folder / "gray.npz", x=gray, y=labels)
    np.savez(folder / "colors.npz", x=colors, y=labels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        write_files(Path(name))

        @seed(chosen.seed)
        @settings(
            max_examples=chosen.examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        )
        @given(raw_experiments(Path(name)))
        def run(raw: dict[str, Any]) -> None:
            try:
                counts[check(raw)] += 1
            except Exception:
                counts["failed"] += 1
                print(json.dumps(raw), traceback.format_exc(), sep="\n", flush=True)
            if counts.total() % 500 == 0:
                print(_told(counts), flush=True)

        run()
    print(_told(counts))
    raise SystemExit(1 if counts["failed"] else 0)


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {ended}" for ended, count in sorted(counts.items()))


if __name__ == "__main__":
    main()
