"""Random valid experiments and points for property tests.

Imports the core only. Values are drawn with the bounds that the settings declare, so a strategy
never has to change with them.
"""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from playground.core.data.features import available
from playground.core.data.generators import GENERATORS
from playground.core.data.points import Points
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.settings import Settings, presentation
from playground.core.network.activations import ACTIVATIONS
from playground.core.network.layers import LAYERS
from playground.core.training.losses import LOSSES
from playground.core.training.optimizers import OPTIMIZERS
from playground.core.training.schedules import SCHEDULES

__all__ = [
    "experiments",
    "finite",
    "image_experiments",
    "image_layers",
    "layer_settings",
    "layers",
    "optimizers",
    "points",
    "schedules",
]


def finite(largest: float = 2.0**127) -> SearchStrategy[float]:
    """Numbers that a float32 holds exactly."""
    return st.floats(-largest, largest, width=32)


def _of_field(cls: type[Settings], name: str) -> SearchStrategy[Any]:
    field = cls.model_fields[name]
    shown = presentation(field)
    if name == "activation":
        return st.sampled_from(ACTIVATIONS.keys())
    if name == "betas":
        return st.tuples(*[st.floats(0, 1, exclude_max=True)] * 2)
    if field.annotation is bool:
        return st.booleans()
    if get_origin(field.annotation) is Literal:
        return st.sampled_from(get_args(field.annotation))
    low, high = shown.minimum, shown.maximum
    assert low is not None, f"{cls.__name__}.{name} has no bounds"
    assert high is not None, f"{cls.__name__}.{name} has no bounds"
    if field.annotation is int:
        return st.integers(int(low), int(high))
    excluded = {type(constraint).__name__ for constraint in field.metadata}
    return st.floats(low, high, exclude_min="Gt" in excluded, exclude_max="Lt" in excluded)


def _settings(cls: type[Settings]) -> SearchStrategy[dict[str, Any]]:
    """Plain settings of one kind, some of them left out."""
    kind = cls.model_fields["kind"].default
    names = [name for name in cls.model_fields if name != "kind"]
    optional = {name: _of_field(cls, name) for name in names}
    return st.fixed_dictionaries({"kind": st.just(kind)}, optional=optional)


def _nesterov_has_momentum(optimizer: dict[str, Any]) -> bool:
    return not optimizer.get("nesterov") or optimizer.get("momentum", 0) > 0


def optimizers() -> SearchStrategy[dict[str, Any]]:
    return st.one_of(map(_settings, OPTIMIZERS.values())).filter(_nesterov_has_momentum)


def schedules() -> SearchStrategy[dict[str, Any]]:
    return st.one_of(map(_settings, SCHEDULES.values()))


def layers() -> SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.one_of(map(_settings, LAYERS.values())), max_size=5)


def layer_settings(cls: type[Settings], *, largest: int) -> SearchStrategy[dict[str, Any]]:
    """All settings of a layer, small enough to be built."""
    names = ("channels", "expansion", "kernel", "size", "stride", "widening")
    kind = {"kind": st.just(cls.model_fields["kind"].default)}
    drawn = {
        name: st.integers(2 if name == "size" else 1, largest if name == "channels" else 3)
        if name in names
        else _of_field(cls, name)
        for name in cls.model_fields
        if name not in ("kind", "units")
    }
    sizes = {"units": st.integers(1, 8)} if "units" in cls.model_fields else {}
    return st.fixed_dictionaries(kind | sizes | drawn)


def image_layers(*, largest: int = 6) -> SearchStrategy[list[dict[str, Any]]]:
    """Layers for images, small enough to be built, and then some for vectors; not all of them fit
    every image.
    """

    def small(cls: type[Settings]) -> SearchStrategy[dict[str, Any]]:
        return layer_settings(cls, largest=largest)

    spatial = [cls for cls in LAYERS.values() if cls.takes != "vector"]
    flat = [cls for cls in LAYERS.values() if cls.takes != "image"]
    return st.tuples(
        st.lists(st.one_of(map(small, spatial)), min_size=1, max_size=4),
        st.lists(st.one_of(map(small, flat)), max_size=2),
    ).map(lambda parts: parts[0] + parts[1])


def image_experiments() -> SearchStrategy[Experiment]:
    """Networks for images on the digits of 8 x 8 pixels, with augmentation; some have a layer that
    does not fit.
    """
    chance = st.floats(0, 1)
    augmentation = {
        "horizontal_flip": chance,
        "vertical_flip": chance,
        "rotation": st.floats(0, 180),
        "crop": st.integers(0, 3),
        "brightness": chance,
        "contrast": chance,
        "jitter": st.floats(0, 1),
    }
    training = {
        "optimizer": st.just({"kind": "sgd", "learning_rate": 0.01}),
        "batch_size": st.sampled_from([64, 200, "full"]),
        "seed": st.integers(0, 1000),
        "augmentation": st.fixed_dictionaries({}, optional=augmentation),
    }
    return st.builds(
        lambda layers, pixels, standardize, how: Experiment.parse(
            {
                "data": {
                    "kind": "digits",
                    "pixels": pixels,
                    "standardize": standardize,
                    "test_ratio": 0.9,
                },
                "model": {"layers": layers},
                "training": how,
            }
        ),
        image_layers(),
        st.sampled_from(["raw", "unit"]),
        st.sampled_from([False, True, "all"]),
        st.fixed_dictionaries(training),
    )


@st.composite
def points(draw: st.DrawFn, *, regression: bool | None = None, max_size: int = 20) -> Points:
    """Points on the canvas."""
    size = draw(st.integers(0, max_size))
    is_regression = draw(st.booleans()) if regression is None else regression
    answers = finite() if is_regression else st.integers(0, 9)
    x = draw(st.lists(st.tuples(finite(), finite()), min_size=size, max_size=size))
    y = draw(st.lists(answers, min_size=size, max_size=size))
    held_out = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    dtype = np.float32 if is_regression else np.int64
    return Points.of(np.array(x, np.float32).reshape(-1, 2), np.array(y, dtype), held_out)


@st.composite
def _generated(draw: st.DrawFn) -> dict[str, Any]:
    generator = draw(st.sampled_from(list(GENERATORS)))
    fewest, most = generator.value.classes
    return draw(
        st.fixed_dictionaries(
            {"kind": st.just("generated"), "generator": st.just(generator.key)},
            optional={
                "samples": st.integers(1, 1_000_000),
                "noise": st.floats(0, 0.5),
                "classes": st.none() | st.integers(fewest, most),
            },
        )
    )


@st.composite
def _drawn(draw: st.DrawFn) -> dict[str, Any]:
    drawn = draw(points())
    data: dict[str, Any] = {"kind": "points", "x": drawn.x.tolist()}
    data["target" if drawn.is_regression else "label"] = drawn.y.tolist()
    if draw(st.booleans()):
        data["test"] = np.flatnonzero(drawn.held_out).tolist()
    return data


def _table() -> SearchStrategy[dict[str, Any]]:
    word = st.text(min_size=1, max_size=8).filter(lambda text: "\0" not in text)
    columns = st.lists(word, min_size=2, max_size=4, unique=True)
    return st.tuples(word, columns, st.booleans()).map(
        lambda drawn: {
            "kind": "csv",
            "path": drawn[0],
            "inputs": drawn[1][1:],
            "label" if drawn[2] else "target": drawn[1][0],
        }
    )


_COMMON = {
    "seed": st.integers(0, 2**32 - 1),
    "test_ratio": st.floats(0, 0.9),
    "standardize": st.sampled_from([False, True, "all"]),
    "target_scaling": st.sampled_from(["none", "standard"]),
    "stratify": st.booleans(),
}


@st.composite
def _data(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["generated", "points", "csv", "digits", "iris"]))
    kinds = {"generated": _generated(), "points": _drawn(), "csv": _table()}
    special = draw(kinds.get(kind, st.just({"kind": kind})))
    return special | draw(st.fixed_dictionaries({}, optional=_COMMON))


def _model() -> SearchStrategy[dict[str, Any]]:
    features = st.lists(st.sampled_from(available(2)), min_size=1, unique=True)
    return st.fixed_dictionaries(
        {},
        optional={
            "features": st.none() | features,
            "layers": layers(),
            "output": st.fixed_dictionaries(
                {},
                optional={
                    "bias": st.booleans(),
                    "activation": st.sampled_from(["linear", "tanh"]),
                },
            ),
            "initializer": st.sampled_from(["default", "xavier", "kaiming", "normal", "zeros"]),
        },
    )


def _training() -> SearchStrategy[dict[str, Any]]:
    regularization = st.fixed_dictionaries(
        {}, optional={"kind": st.sampled_from(["none", "l1", "l2"]), "rate": st.floats(0, 10)}
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "loss": st.sampled_from(LOSSES.keys()),
            "optimizer": optimizers(),
            "schedule": schedules(),
            "regularization": regularization,
            "batch_size": st.just("full") | st.integers(1, 1_000_000),
            "epochs": st.none() | st.integers(0, 100_000_000),
            "seed": st.integers(0, 2**32 - 1),
            "dtype": st.sampled_from(["float32", "float64"]),
            "device": st.sampled_from(["auto", "cpu", "cuda", "cuda:1", "mps"]),
            "engine": st.sampled_from(["auto", "torch", "numpy", "compiled"]),
        },
    )


def experiments() -> SearchStrategy[Experiment]:
    """Any experiment that a file may hold; not every one can be trained."""
    return st.fixed_dictionaries(
        {}, optional={"title": st.text(max_size=20), "data": _data(), "model": _model()}
    ).flatmap(
        lambda raw: _training().map(
            lambda training: Experiment.parse({**raw, "training": training})
        )
    )
