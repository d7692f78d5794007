"""A link of TensorFlow Playground (playground.tensorflow.org) as the same experiment.

Its page keeps what is set behind the # of its address. What the names mean, what they are where
they are left out, and its formulas are those of github.com/tensorflow/playground (Smilkov, Carter
et al. 2016, arXiv:1708.03788), the files state.ts, nn.ts, dataset.ts and playground.ts:

    network     `networkShape` hidden layers of one activation; a single output, tanh for classes
                that are -1 and +1, linear for numbers
    loss        E = (o - y)² / 2, of which the page shows the mean
    step        w ← w - η (the mean of dE/dw over the batch + λ R'(w)), without R for biases;
                R = |w| or w² / 2; with L1 a weight that R takes across zero stays there
    points      500 for classes and 1,200 for numbers, of which the first p % of a shuffled list
                are trained on; `noise` is in percent
    start       weights from -0.5 to 0.5, biases 0.1; with `initZero` all zero

As `mse` is 2 E, half of η with twice λ takes the same steps. A link is somebody else's: nothing in
it is believed before it is checked. Imports the core only; any thread.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from playground.core.errors import FileError, listed, short
from playground.core.experiment.experiment import Experiment
from playground.core.messages import N_, Message, plural

TITLE: Final = "TensorFlow Playground"
MAX_LINK: Final = 10_000
"""Characters; its page makes some 600."""

_ADDRESS = re.compile(
    # A path of this system may have lost one of the two slashes.
    r"[<\"']?(https?:/{1,2})?(www\.)?playground\.tensorflow\.org([/?#]|$)"
    r"|[<\"']?https?:/{1,2}[^\s#]*#\S*\bnetworkShape=",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)

_CLASSES = {"circle": "circle", "xor": "xor", "gauss": "gaussians", "spiral": "spiral"}
_NUMBERS = {"reg-plane": "plane", "reg-gauss": "hills"}
_FEATURES = {
    "x": "x1",
    "y": "x2",
    "xSquared": "x1^2",
    "ySquared": "x2^2",
    "xTimesY": "x1*x2",
    "sinX": "sin x1",
    "sinY": "sin x2",
}
_ACTIVATIONS = {key: key for key in ("tanh", "relu", "sigmoid", "linear")}
_PENALTIES = {"none": "none", "L1": "l1", "L2": "l2"}
_POINTS = {"classification": 500, "regression": 1200}
_SHOWN = ("showTestData", "discretize", "collectStats", "hideText")
_SILENT = {"cosX", "cosY", "seed"}
"""Its page reads the first two and does nothing with them; what is said of seeds is said anyway."""
_KNOWN = {
    *("activation", "regularization", "batchSize", "dataset", "regDataset", "learningRate"),
    *("regularizationRate", "noise", "networkShape", "percTrainData", "tutorial", "problem"),
    *("initZero", *_SHOWN, *_SILENT, *_FEATURES),
}
_MOST_LAYERS, _MOST_UNITS, _MOST_NOISE, _MOST_RATE = 64, 1024, 50.0, 10.0

_STEPS = N_(
    "The loss here, mse, is twice that of TensorFlow Playground, so half its learning rate and"
    " twice its regularization rate take the same steps."
)
_DRAWN = N_("Its seed is JavaScript's: the points are others, drawn by the same formulas.")
_START = N_(
    "The first weights are drawn as PyTorch does it, not from -0.5 to 0.5 with biases of 0.1."
)
_ORDER = N_("Every epoch takes the points in a new order, while its page keeps one.")
_DEAD = N_("A weight that L1 has taken to zero may leave it again, while its page keeps it there.")
_USED = N_("{name}: '{value}' cannot be used, so {used} takes its place.")


class Opened(NamedTuple):
    """An experiment, and a sentence on everything in which it is not what the link says."""

    experiment: Experiment
    notes: tuple[Message, ...]


def is_link(text: str) -> bool:
    """True where a text is the address of TensorFlow Playground, whatever stands behind its #."""
    return _ADDRESS.match(text[: MAX_LINK + 1].strip()) is not None


def from_link(text: str) -> Opened:
    """The experiment of a link, which may be broken into lines as a mail program does.

    What is missing, or cannot be read, is what its page has without it. Raises FileError where the
    link is longer than any that its page makes.
    """
    line = "".join(text.split()).strip("<>\"'")
    if len(line) > MAX_LINK:
        raise FileError(
            "The link is longer than {most:,} characters, so TensorFlow Playground did not make it;"
            " copy it anew.",
            most=MAX_LINK,
        )
    settings = _Settings(_parameters(line.partition("#")[2]))
    return Opened(_experiment(settings), tuple(settings.notes))


def _parameters(hash_: str) -> dict[str, str]:
    """Names and values; the last of a name counts, and nothing is a value that is blank. What its
    page has no name for is kept, as the end of a link that was cut off.
    """
    pairs = (part.split("=") for part in hash_.replace("&amp;", "&").split("&") if part.strip("="))
    found = {unquote(name): unquote(rest[0]) if rest else None for name, *rest in pairs}
    unknown = {name: value or "" for name, value in found.items() if name not in _KNOWN}
    known = {name: value for name, value in found.items() if name in _KNOWN and value is not None}
    said = {name: value for name, value in known.items() if value.strip() or name == "networkShape"}
    return said | unknown


class _Settings:
    """What a link says, read as its page reads it; what it cannot say is noted."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.notes: list[Message] = []
        self.values = values

    def choice(self, name: str, choices: Mapping[str, str], usual: str) -> str:
        """What the value stands for among the choices."""
        value = self.values.get(name, usual)
        if value not in choices:
            self.replaced(name, usual)
            value = usual
        return choices[value]

    def number(self, name: str, usual: float, least: float, most: float) -> float:
        """The number, or the nearest one that can be; the usual one where it is none."""
        if name not in self.values:
            return usual
        found = _number(self.values[name])
        used = usual if found is None else min(max(found, least), most)
        if found != used:
            self.replaced(name, f"{used:g}")
        return used

    def is_on(self, name: str, *, usual: bool = False) -> bool:
        return self.values.get(name, str(usual).lower()) != "false"

    def replaced(self, name: str, used: str) -> None:
        """Note that a value cannot be used."""
        self.notes.append(Message(_USED, name=name, value=short(self.values[name], 40), used=used))


def _number(text: str) -> float | None:
    """A finite decimal number, else None."""
    found = _NUMBER.fullmatch(text.strip())
    value = float(text) if found else math.nan
    return value if math.isfinite(value) else None


def _experiment(settings: _Settings) -> Experiment:
    settings.notes += [Message(_STEPS), Message(_DRAWN), Message(_ORDER)]
    settings.notes += [] if settings.is_on("initZero") else [Message(_START)]
    problem = settings.choice("problem", {key: key for key in _POINTS}, "classification")
    data = _data(settings, problem)
    model = _model(settings, problem)
    training = _training(settings, data)
    _note_the_rest(settings)
    return Experiment.parse({"title": TITLE, "data": data, "model": model, "training": training})


def _data(settings: _Settings, problem: str) -> dict[str, Any]:
    if problem == "regression":
        generator = settings.choice("regDataset", _NUMBERS, "reg-plane")
    else:
        generator = settings.choice("dataset", _CLASSES, "circle")
    trained = settings.number("percTrainData", 50.0, 10.0, 100.0)
    return {
        "kind": "generated",
        "generator": generator,
        "samples": _POINTS[problem],
        "noise": settings.number("noise", 0.0, 0.0, _MOST_NOISE) / 100,
        "seed": _seed(settings.values.get("seed", "0.5")),
        # Not 1 - p / 100, which for 70 % would hold out a point too many.
        "test_ratio": (100 - trained) / 100,
        "stratify": False,
    }


def _seed(text: str) -> int:
    """One of our seeds for one of its own: another one for another one."""
    return zlib.crc32(text.encode())


def _model(settings: _Settings, problem: str) -> dict[str, Any]:
    bend = settings.choice("activation", _ACTIVATIONS, "tanh")
    return {
        "features": _features(settings),
        "layers": [
            {"kind": "linear", "units": units, "activation": bend} for units in _shape(settings)
        ],
        "output": {"activation": "linear" if problem == "regression" else "tanh"},
        "initializer": "zeros" if settings.is_on("initZero") else "default",
    }


def _features(settings: _Settings) -> list[str]:
    """Those that are on; a feature whose control is hidden is not there at all."""
    used = [
        feature
        for name, feature in _FEATURES.items()
        if settings.is_on(name, usual=name in ("x", "y"))
        and settings.values.get(f"{name}_hide") != "true"
    ]
    if not used:
        settings.notes.append(Message("No feature is on, so x₁ and x₂ are used."))
    return used or ["x1", "x2"]


def _shape(settings: _Settings) -> list[int]:
    """Units of the hidden layers; half a unit is a whole one, as in a loop that counts up to it."""
    text = settings.values.get("networkShape", "4,2")
    if not text.strip():
        return []
    found = [_number(part) for part in text.split(",", _MOST_LAYERS)]
    sizes = [math.ceil(size) for size in found if size is not None and 0 < size <= _MOST_UNITS]
    if len(sizes) < len(found) or len(sizes) > _MOST_LAYERS:
        settings.replaced("networkShape", "4,2")
        return [4, 2]
    return sizes


def _training(settings: _Settings, data: Mapping[str, Any]) -> dict[str, Any]:
    penalty = settings.choice("regularization", _PENALTIES, "none")
    price = settings.number("regularizationRate", 0.0, 0.0, _MOST_RATE / 2)
    rate = settings.number("learningRate", 0.03, 0.0, 2 * _MOST_RATE)
    size = math.ceil(settings.number("batchSize", 10.0, 1.0, 1_000_000.0))
    if penalty == "l1" and price:
        settings.notes.append(Message(_DEAD))
    _note_batches(settings, size, data["samples"] - math.ceil(data["samples"] * data["test_ratio"]))
    return {
        "loss": "mse",
        "optimizer": {"kind": "sgd", "learning_rate": rate / 2},
        "regularization": {"kind": penalty, "rate": 2 * price},
        "batch_size": size,
        "seed": data["seed"],
    }


def _note_batches(settings: _Settings, size: int, rows: int) -> None:
    """Its page waits until a batch is full, over the end of an epoch."""
    if size > rows:
        template = N_(
            "All {rows:,} training points are one batch, while its page waits for {size:,} points"
            " in vain."
        )
        settings.notes.append(Message(template, rows=rows, size=size))
    elif rows % size:
        said = plural(
            "The last {count:,} point of an epoch is a batch of its own, while its page keeps it"
            " for the next one.",
            "The last {count:,} points of an epoch are a batch of their own, while its page keeps"
            " them for the next one.",
            rows % size,
        )
        settings.notes.append(said)


def _note_the_rest(settings: _Settings) -> None:
    """What is only shown there, and what nobody knows."""
    values = settings.values
    hidden = [name for name, value in values.items() if name.endswith("_hide") and value == "true"]
    shown = [name for name in _SHOWN if settings.is_on(name)]
    shown += [*hidden, *(["tutorial"] if "tutorial" in values else [])]
    if shown:
        template = N_("What its page shows or hides is not kept: {names}.")
        settings.notes.append(Message(template, names=listed([short(name, 40) for name in shown])))
    unknown = [name for name in values if name not in _KNOWN and not name.endswith("_hide")]
    if unknown:
        template = N_("Unknown there and here, and left out: {names}.")
        names = listed([short(name, 40) for name in unknown])
        settings.notes.append(Message(template, names=names))
