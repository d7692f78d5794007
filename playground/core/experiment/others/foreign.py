"""Files of other programs, told by their own keys: what a file is, and what to do instead.

A rule names what its program writes at the top of its files: a notebook `nbformat`
(nbformat.readthedocs.io), a model of Keras `class_name` and `config` (Model.to_json), one of
TensorFlow.js `modelTopology`, Teachable Machine `tmVersion`, ConvNetJS `layers` of which each has a
`layer_type` (Net.toJSON), brain.js `sizes` or a `type` beside `layers`, Synaptic `neurons` and
`connections`. Others are known by the name that they write into their file. Imports the core only;
any thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from playground.core.errors import FileError, listed, short
from playground.core.experiment.experiment import Experiment
from playground.core.messages import N_, Message

_NETWORK = N_(
    "{name} is a network of {program}, which Playground cannot read; build its layers here, and"
    " open its data as a table (.csv)."
)
_NOTEBOOK = N_(
    "{name} is a Jupyter notebook; run it, save its data as a table (.csv), and open that."
)
_PHOTOGRAPHS = N_(
    "{name} is a model of Teachable Machine, which Playground cannot read; open the folder of its"
    " images instead, with a subfolder for each class."
)
_ROWS_INSIDE = N_(
    "{name} is JSON with a list of rows in it, '{key}'; save that list alone, from [ to ], and open"
    " that."
)
_BY_COLUMNS = N_(
    "{name} is a table in JSON, but not a list of its rows; save it as one, with pandas by"
    " to_json(orient='records'), and open that."
)
_OTHERS = N_(
    "{name} is JSON of another program (with {keys}) and no project, which has data, model or"
    " training; save what you need of it as a table (.csv), and open that."
)

_Rule = Callable[[Mapping[str, Any]], bool]


def _has_layer_types(raw: Mapping[str, Any]) -> bool:
    layers = raw.get("layers")
    if not isinstance(layers, list):
        return False
    return any(isinstance(layer, dict) and "layer_type" in layer for layer in layers)


def _is_brain(raw: Mapping[str, Any]) -> bool:
    sizes, layers = raw.get("sizes"), raw.get("layers")
    is_named = raw.get("type") in ("NeuralNetwork", "LSTM", "RNN", "GRU", "RecurrentNeuralNetwork")
    return isinstance(layers, list) and (isinstance(sizes, list) or is_named)


_PROGRAMS: Final[dict[str, _Rule]] = {
    "ConvNetJS": _has_layer_types,
    "TensorFlow.js": lambda raw: "modelTopology" in raw or "weightsManifest" in raw,
    "Keras": lambda raw: "class_name" in raw and "config" in raw,
    "brain.js": _is_brain,
    "Synaptic": lambda raw: {"neurons", "connections"} <= raw.keys(),
    "Neataptic": lambda raw: {"nodes", "connections"} <= raw.keys(),
}
"""Networks of other programs, by what is at the top of their files."""

_NAMES: Final = {
    "NN.FORGE": re.compile(r"\bnn[ ._-]?forge", re.IGNORECASE),
    "ConvNetJS": re.compile(r"convnet[ ._-]?js", re.IGNORECASE),
    "TensorFlow.js": re.compile(r"\btfjs|tensorflow[ ._-]?js", re.IGNORECASE),
    "Keras": re.compile(r"\bkeras", re.IGNORECASE),
    "scikit-learn": re.compile(r"\b(sklearn|scikit[ ._-]?learn)", re.IGNORECASE),
}
"""Programs that write their name into their files, in a key or in a text beside the others."""
_NETWORKS = {"layers", "weights", "biases", "neurons", "network", "networkShape", "architecture"}
_MOST_KEYS = 8


def check_own(raw: Any, name: str) -> None:
    """Raise FileError where what was read from JSON is no project, but a file of another program.

    A project says so ("format": "playground/..."), or has a part that projects have, if misspelt;
    an empty one has nothing but defaults. What is no object is left to whoever reads it.
    """
    if not raw or not isinstance(raw, dict) or _is_own(raw):
        return
    if "nbformat" in raw:
        raise FileError(_NOTEBOOK, name=name)
    if "tmVersion" in raw or "@teachablemachine" in str(raw.get("packageName", ""))[:40]:
        raise FileError(_PHOTOGRAPHS, name=name)
    if program := _program(raw):
        raise FileError(_NETWORK, name=name, program=program)
    if _is_by_columns(raw):
        raise FileError(_BY_COLUMNS, name=name)
    if (key := next(filter(lambda key: _are_rows(raw[key]), raw), None)) is not None:
        raise FileError(_ROWS_INSIDE, name=name, key=short(key, 30))
    keys = listed([f"'{short(key, 30)}'" for key in list(raw)[:_MOST_KEYS]])
    raise FileError(_OTHERS, name=name, keys=keys)


def _are_rows(value: Any) -> bool:
    """True for a list of objects or of lists."""
    return (
        isinstance(value, list) and bool(value) and all(isinstance(v, dict | list) for v in value)
    )


def _is_by_columns(raw: Mapping[str, Any]) -> bool:
    """True where each key has a column, or one has the names of the columns, as pandas writes it
    by orient="list", "columns", "index", "split" or "table".
    """
    if {"columns", "data"} <= raw.keys() or {"schema", "data"} <= raw.keys():
        return True
    shapes = {
        tuple(value) if isinstance(value, dict) else len(value)
        for value in raw.values()
        if isinstance(value, dict | list) and not _are_rows(value)
    }
    columns = [value for value in raw.values() if isinstance(value, dict | list) and value]
    return len(columns) == len(raw) > 1 and len(shapes) == 1 and not any(map(_are_rows, columns))


def _is_own(raw: Mapping[str, Any]) -> bool:
    said = raw.get("format")
    if isinstance(said, str):
        return said.startswith("playground/")
    parts = [part for part in Experiment.model_fields if part != "format"]
    keys = [key for key in list(raw)[:_MOST_KEYS] if not isinstance(raw[key], list)]
    return any(get_close_matches(str(key)[:40], parts, 1, 0.8) for key in keys)


def _program(raw: Mapping[str, Any]) -> str:
    """The program that wrote a network; "" for what is none."""
    texts = [text[:200] for pair in raw.items() for text in pair if isinstance(text, str)]
    for name, pattern in _NAMES.items():
        if any(pattern.search(text) for text in texts):
            return name
    for name, is_of in _PROGRAMS.items():
        if is_of(raw):
            return name
    return Message("another program") if _NETWORKS & raw.keys() else ""
