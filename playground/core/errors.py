"""Every error a person may see.

    PlaygroundError          one sentence: the thing, the value, the way out
    ├── UnknownChoiceError   a name that no registry knows; suggests the nearest one
    ├── ExperimentError      a setting that is missing, unknown or out of range; names its path
    ├── DataError            data that cannot be trained on
    ├── FileError            a file that cannot be read or written
    ├── DeviceError          a device that is not there
    └── EngineError          an engine that cannot train this experiment

The window shows the sentence in place; the command line prints it on stderr and exits with code 1. Anything else
that is raised is a bug and keeps its traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

__all__ = [
    "DataError",
    "DeviceError",
    "EngineError",
    "ExperimentError",
    "FileError",
    "PlaygroundError",
    "UnknownChoiceError",
    "explain",
    "nearest",
]


class PlaygroundError(Exception):
    """The base of all errors that are meant for a person; `str()` is the whole message."""


class UnknownChoiceError(PlaygroundError):
    """A key that a registry does not hold."""


class ExperimentError(PlaygroundError):
    """A setting that is missing, unknown, of the wrong type or out of range."""


class DataError(PlaygroundError):
    """Data that cannot be trained on."""


class FileError(PlaygroundError):
    """A file that cannot be read or written."""


class DeviceError(PlaygroundError):
    """A device that this computer does not have."""


class EngineError(PlaygroundError):
    """An engine that cannot train this experiment."""


def nearest(word: str, known: Iterable[str]) -> str:
    """`" Did you mean 'adam'?"` where a known word is close, else the list of what there is."""
    known = list(known)
    close = difflib.get_close_matches(word, known, n=1)
    if close:
        return f" Did you mean '{close[0]}'?"
    return f" There is: {', '.join(known)}."


def explain(error: ValidationError, raw: Any) -> ExperimentError:
    """Turn pydantic's report on `raw` into one sentence about its first fault.

    The path is written as a person writes it in a file or after `--set`: `training.optimizer.learning_rate`.
    """
    fault = error.errors(include_url=False)[0]
    path = ".".join(str(part) for part in _path_in(raw, fault["loc"], fault["type"]))
    return ExperimentError(_sentence(path or "the experiment", fault))


def _path_in(raw: Any, location: Sequence[int | str], kind: str) -> list[int | str]:
    """`location` without the tags that pydantic adds for tagged unions, found by walking `raw` beside it."""
    path: list[int | str] = []
    for position, part in enumerate(location):
        is_last_and_absent = kind == "missing" and position == len(location) - 1
        if isinstance(raw, Mapping) and part in raw:
            raw = raw[part]
        elif isinstance(raw, Sequence) and isinstance(part, int) and part < len(raw):
            raw = raw[part]
        elif not is_last_and_absent:
            continue
        path.append(part)
    return path


def _sentence(path: str, fault: Mapping[str, Any]) -> str:
    kind, value, context = fault["type"], fault["input"], fault.get("ctx", {})
    bounds = {
        "less_than_equal": ("is above", "le"),
        "less_than": ("is not below", "lt"),
        "greater_than_equal": ("is below", "ge"),
        "greater_than": ("is not above", "gt"),
    }
    if kind in bounds:
        words, key = bounds[kind]
        return f"{path}: {_shown(value)} {words} {context[key]}."
    if kind == "missing":
        return f"{path}: this setting is missing."
    if kind == "extra_forbidden":
        return f"{path}: there is no such setting; check its spelling or remove it."
    if kind == "union_tag_not_found":
        return f"{path}: this needs a \"kind\"."
    if kind == "union_tag_invalid":
        known = [word.strip(" '") for word in context["expected_tags"].split(",")]
        return f"{path}: nothing is called '{context['tag']}' here.{nearest(str(context['tag']), known)}"
    if kind == "literal_error":
        known = [word.strip("' ") for word in context["expected"].replace(" or ", ",").split(",")]
        return f"{path}: {_shown(value)} is not a choice here.{nearest(str(value), known)}"
    message = str(context["error"]) if "error" in context else _lower_first(fault["msg"])
    return f"{path}: {_shown(value)}: {message.rstrip('.')}." if kind != "value_error" else (
        f"{path}: {message.rstrip('.')}."
    )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
