"""The data step of a script, and what is known of the data before they are read.

Pure text: knows the core. Runs on any thread.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.core import features
from playground.core.data import BuiltinData, CsvData, GeneratedData, PointsData
from playground.core.errors import DataError, ExperimentError
from playground.core.experiment import Experiment
from playground.core.generators import GENERATORS, Recipe
from playground.core.losses import check_fits
from playground.core.script_text import as_function, constants, filled, listed, with_helpers

__all__ = [
    "MOST_POINTS",
    "Facts",
    "check",
    "data_step",
    "facts_of",
    "has_test",
    "normalizes",
    "train_rows",
]

MOST_POINTS = 10_000
"""Drawn points that a script can hold and still be read."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the data before they are read.

    rows     number of points, None for a table in a file
    inputs   values of a point
    classes  0 for regression, None where only the table knows
    """

    rows: int | None
    inputs: int
    classes: int | None


BUILTIN_FACTS = {
    "digits": Facts(1797, 64, 10),
    "iris": Facts(150, 4, 3),
    "wine": Facts(178, 13, 3),
    "breast_cancer": Facts(569, 30, 2),
}


def facts_of(experiment: Experiment) -> Facts:
    data = experiment.data
    if isinstance(data, GeneratedData):
        return Facts(data.samples, *data.shape)
    if isinstance(data, PointsData):
        return Facts(len(data.x), *data.shape)
    if isinstance(data, BuiltinData):
        return BUILTIN_FACTS[data.kind]
    return Facts(None, len(data.inputs), 0 if data.is_regression else None)


def check(experiment: Experiment, facts: Facts) -> None:
    data, training = experiment.data, experiment.training
    if facts.rows == 0:
        raise DataError("There are no points to train on; paint some, or choose a data set.")
    if facts.rows is not None and facts.rows == _held_out(experiment, facts.rows):
        raise DataError("All points are held out for testing; give some back for training.")
    if isinstance(data, PointsData) and len(data.x) > MOST_POINTS:
        raise DataError(
            f"{len(data.x):,} drawn points are too many for a script, which holds"
            f" {MOST_POINTS:,} at most; save them as a table (CSV) and open that."
        )
    check_fits(training.loss, 2 if facts.classes is None else facts.classes)
    for key in experiment.model.features or ():
        if key not in features.available(facts.inputs):
            raise ExperimentError(
                f"model.features: '{key}' cannot be made from data with {facts.inputs} inputs;"
                " leave the features out to use all inputs."
            )
    if normalizes(experiment) and 1 in (training.batch_size, train_rows(experiment, facts)):
        raise ExperimentError(
            "model.layers: batch_norm needs batches of at least two points; raise"
            " training.batch_size or add points."
        )


def _held_out(experiment: Experiment, rows: int) -> int:
    """Points that are held out of that many."""
    data = experiment.data
    if isinstance(data, PointsData) and data.test is not None:
        return len(np.unique(data.test))
    return min(math.ceil(rows * data.test_ratio), rows - 1)


def train_rows(experiment: Experiment, facts: Facts) -> int | None:
    return None if facts.rows is None else facts.rows - _held_out(experiment, facts.rows)


def has_test(experiment: Experiment, facts: Facts) -> bool:
    """True where points are held out for testing."""
    if facts.rows is None:
        return experiment.data.test_ratio > 0
    return _held_out(experiment, facts.rows) > 0


def normalizes(experiment: Experiment) -> bool:
    return any(layer.kind == "batch_norm" for layer in experiment.model.layers)


def data_step(experiment: Experiment, facts: Facts) -> str:
    data = experiment.data
    if isinstance(data, GeneratedData):
        made = _generated(data)
    elif isinstance(data, PointsData):
        made = _drawn(data)
    elif isinstance(data, CsvData):
        made = _table(data)
    else:
        load = f"load_{data.kind}"
        made = f"from sklearn.datasets import {load}\n\nx, y = {load}(return_X_y=True)\n"
        made += "x = x.astype(np.float32)"
    parts = [made, _split(experiment, facts), _inputs(experiment)]
    return "\n\n".join(part for part in parts if part)


def _generated(data: GeneratedData) -> str:
    sampler = GENERATORS[data.generator].value.sample
    sources = "\n\n".join(_sources(sampler))
    settings = {
        "samples": data.samples,
        "noise": data.noise,
        "classes": data.class_count,
        "data_seed": data.seed,
    }
    used = [
        f"{name} = {value}"
        for name, value in settings.items()
        if name == "data_seed" or re.search(rf"\b{name}\b", sources)
    ]
    kinds = "x.astype(np.float32), y.astype(np.float32)" if data.is_regression else ""
    cast = f"x, y = {kinds}" if kinds else "x = x.astype(np.float32)"
    name = sampler.__name__
    return "\n".join([*used, "", sources, "", f"x, y = {name}()", cast])


def _sources(sampler: Callable[..., Any]) -> Iterator[str]:
    """The source of a sampler behind that of everything that it uses.

    A recipe's settings become variables of the script.
    """
    yield from constants(sampler)
    texts = [as_function(function) for function in with_helpers(sampler)]
    if any("share(" in text for text in texts):
        yield as_function(Recipe.share)
    yield from texts


def _drawn(data: PointsData) -> str:
    plain = data.model_dump(mode="json")
    rows = [str(value) for row in plain["x"] for value in row]
    shape = f", np.float32).reshape(-1, {data.x.shape[1]})"
    if data.x.shape[1] <= 4:
        rows, shape = [str(row) for row in plain["x"]], ", np.float32)"
    answers = [str(value) for value in plain["target" if data.is_regression else "label"]]
    kind = ", np.float32)" if data.is_regression else ")"
    return listed("x = np.array(", rows, shape) + "\n" + listed("y = np.array(", answers, kind)


TABLE = '''\
def is_number(cell):
    """True where a cell reads as a finite number."""
    try:
        return abs(float(cell)) <= np.finfo(np.float32).max
    except ValueError:
        return False


with open(path, encoding="utf-8-sig", newline="") as file:
    text = file.read()
try:
    dialect = csv.Sniffer().sniff(text[:10_000], ",;\\t|")
except csv.Error:
    dialect = csv.excel
rows = [row for row in csv.reader(io.StringIO(text, newline=""), dialect) if any(row)]
names = [f"x{i + 1}" for i in range(len(rows[0]) - 1)] + ["y"]
if not any(is_number(cell) for cell in rows[0]):  # the first line names the columns
    names = [name.strip() or f"column {i + 1}" for i, name in enumerate(rows.pop(0))]
columns = dict(zip(names, zip(*rows, strict=True), strict=True))
x = np.stack([np.array([float(cell) for cell in columns[name]]) for name in inputs], axis=1)
x = x.astype(np.float32)
'''


NUMBERS_OF_TABLE = "y = np.array([float(cell) for cell in columns[answer]], np.float32)"


CLASSES_OF_TABLE = """\
labels = [cell.strip() for cell in columns[answer]]
class_names = sorted(
    set(labels),
    key=lambda label: (not is_number(label), float(label) if is_number(label) else 0.0, label),
)
y = np.array([class_names.index(label) for label in labels])"""


def _table(data: CsvData) -> str:
    head = [
        f"path = {data.path!r}",
        listed("inputs = ", [repr(name) for name in data.inputs], ""),
        f"answer = {data.label or data.target or ''!r}",
    ]
    answers = NUMBERS_OF_TABLE if data.is_regression else CLASSES_OF_TABLE
    return "\n".join(head) + "\n\n\n" + TABLE + answers


def _split(experiment: Experiment, facts: Facts) -> str:
    data = experiment.data
    lines = ["is_test = np.zeros(len(x), bool)"]
    if not has_test(experiment, facts):
        return lines[0] if data.standardize is True else ""
    if isinstance(data, PointsData) and data.test is not None:
        return "\n".join([*lines, listed("is_test[", [str(row) for row in data.test], "] = True")])
    count = f"min(math.ceil(len(x) * {data.test_ratio}), len(x) - 1)"
    if facts.rows is not None:
        count = str(_held_out(experiment, facts.rows))
    lines.insert(0, f"held_out = {count}")
    seed = "data_seed" if isinstance(data, GeneratedData) else data.seed
    arguments = ["np.arange(len(x))", "test_size=held_out", f"random_state={seed}"]
    if data.stratify and not data.is_regression:
        if _surely_stratifies(experiment, facts):
            arguments.append("stratify=y")
        else:
            arguments.append("stratify=y if can_stratify else None")
            lines += [
                "counts = np.unique(y, return_counts=True)[1]",
                "fits = len(counts) <= min(held_out, len(y) - held_out)",
                "can_stratify = fits and counts.min() >= 2",
            ]
    return "\n".join(
        [
            *lines,
            filled("_, test_rows = train_test_split", arguments),
            "is_test[test_rows] = True",
        ]
    )


def _surely_stratifies(experiment: Experiment, facts: Facts) -> bool:
    """Generated and built-in data have plenty of every class, unless there are few of all."""
    if facts.rows is None or facts.rows < 100 or isinstance(experiment.data, PointsData):
        return False
    held_out = _held_out(experiment, facts.rows)
    return min(held_out, facts.rows - held_out) >= (facts.classes or 2)


def _inputs(experiment: Experiment) -> str:
    """Features and scaling, which turn x into what the network is shown."""
    keys = experiment.model.features
    lines = []
    if keys is not None:
        lines.append(listed("x = np.stack(", [_formula(key) for key in keys], ", axis=1)"))
    if experiment.data.standardize:
        rows = "x" if experiment.data.standardize == "all" else "x[~is_test]"
        lines += [
            f"scaler = StandardScaler().fit({rows}.astype(np.float64))",
            "x = ((x - scaler.mean_) / scaler.scale_).astype(np.float32)",
        ]
    return "\n".join(lines)


def _formula(key: str) -> str:
    """A feature's key as NumPy: "sin x1" is np.sin(x[:, 0])."""
    text = re.sub(r"sin (x\d)", r"np.sin(\1)", key).replace("*", " * ").replace("^", " ** ")
    return re.sub(r"x(\d)", lambda match: f"x[:, {int(match[1]) - 1}]", text)
