"""What is kept of a window so that a crash loses seconds, and no more: project, weights, lesson.

One file, in the format of safetensors: points and weights are arrays, everything else is JSON in
the metadata key "playground". This module is the only place that knows it. Knows numpy and the
core; runs on any thread.

    points.x, points.label, ...   the points of the experiment
    lesson.0.x, ...               those of the first experiment of the lesson
    weights.NAME                  the weights of the network, as torch's state_dict names them
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.core.data.tables.reading import opened
from playground.core.errors import FileError, PlaygroundError, reason_of, short
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import write_atomically
from playground.core.experiment.project_text import parted
from playground.core.lessons.lesson import Lesson
from playground.engines.contract.base import Weights
from playground.engines.tensor_file import tensor_pieces

FORMAT = "playground-recovery/1"
KEY = "playground"
MAX_BYTES = 256_000_000
MAX_HEADER = 64_000_000
MAX_TITLE = 200
YEAR_3000 = 32_503_680_000


@dataclass(frozen=True, slots=True)
class LessonPlace:
    """Where somebody is in a lesson.

    reached        (step, goal) of every goal that is ticked
    hidden_before  what was hidden before the lesson began
    """

    lesson: Lesson
    step: int
    reached: tuple[tuple[int, int], ...] = ()
    hidden_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """What a list of recovery files says of each.

    when    seconds since 1970 at which it was kept
    points  points of its own; None for data of another kind
    step    the step of the lesson, from 0; None outside of lessons
    """

    title: str
    when: float
    points: int | None
    epoch: int
    step: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What is kept of a window.

    path     the file of the document, None where it has none
    epoch    how far the weights are trained
    weights  empty where there is nothing trained to keep
    """

    experiment: Experiment
    title: str
    when: float
    path: Path | None = None
    epoch: int = 0
    weights: Weights = field(default_factory=dict)
    lesson: LessonPlace | None = None

    @property
    def outline(self) -> Outline:
        x = getattr(self.experiment.data, "x", None)
        return Outline(
            self.title,
            self.when,
            None if x is None else len(x),
            self.epoch,
            None if self.lesson is None else self.lesson.step,
        )


def write(kept: Kept, path: Path) -> bool:
    """Write a recovery file, whole or not at all; without the weights where they are too large.

    False where they were left out. Raises FileError where it cannot be written, or where even the
    points are too large.
    """
    arrays, plain = _plain(kept)
    weights = {f"weights.{name}": array for name, array in kept.weights.items()}
    size = sum(array.nbytes for array in arrays.values())
    if size > MAX_BYTES:
        raise FileError(
            "{title}: these points are too many to be kept for a restart.", title=short(kept.title)
        )
    fits = size + sum(array.nbytes for array in weights.values()) <= MAX_BYTES
    plain["epoch"] = kept.epoch if fits else 0
    text = json.dumps(plain, separators=(",", ":"))
    write_atomically(path, tensor_pieces({**arrays, **(weights if fits else {})}, {KEY: text}))
    return fits


def read_outline(path: Path) -> Outline:
    """What a recovery file says of itself, without its arrays. Raises FileError."""
    header, start = _header(path)
    try:
        ends = [
            part["data_offsets"][1]
            for name, part in header.items()
            if name != "__metadata__" and isinstance(part, dict) and "data_offsets" in part
        ]
        if path.stat().st_size != start + max(ends, default=0):
            raise _damaged(path)
        return _outline(_said(header, path))
    except (LookupError, TypeError, ValueError, OverflowError, OSError):
        raise _damaged(path) from None


def read(path: Path) -> Kept:
    """What a recovery file holds. Raises FileError where it is damaged."""
    header, _ = _header(path)
    said = _said(header, path)
    try:
        return _kept(said, _arrays(path))
    except (LookupError, TypeError, ValueError, OverflowError, AttributeError, PlaygroundError):
        raise _damaged(path) from None


# To the file.


def _plain(kept: Kept) -> tuple[dict[str, npt.NDArray], dict[str, Any]]:
    """The arrays of experiment and lesson, and everything else as plain data."""
    experiment, points = parted(kept.experiment)
    arrays = {f"points.{name}": _small(name, array) for name, array in points.items()}
    outline = kept.outline
    plain: dict[str, Any] = {
        "format": FORMAT,
        "outline": {name: getattr(outline, name) for name in Outline.__slots__},
        "experiment": experiment.plain(),
        "path": None if kept.path is None else str(kept.path),
        "lesson": None,
    }
    if kept.lesson is not None:
        plain["lesson"], more = _plain_lesson(kept.lesson)
        arrays |= more
    return arrays, plain


def _plain_lesson(place: LessonPlace) -> tuple[dict[str, Any], dict[str, npt.NDArray]]:
    arrays: dict[str, npt.NDArray] = {}
    experiments = {}
    for index, (name, experiment) in enumerate(place.lesson.experiments.items()):
        experiments[name], points = parted(experiment)
        arrays |= {f"lesson.{index}.{key}": _small(key, array) for key, array in points.items()}
    plain = {
        "lesson": place.lesson.model_copy(update={"experiments": experiments}).plain(),
        "step": place.step,
        "reached": [list(goal) for goal in place.reached],
        "hidden_before": list(place.hidden_before),
    }
    return plain, arrays


def _small(name: str, array: npt.NDArray) -> npt.NDArray:
    """Labels are below ten, so that a byte holds one."""
    return array.astype(np.uint8) if name == "label" else array


# From the file.


def _header(path: Path) -> tuple[dict[str, Any], int]:
    """The header of a file, and where its arrays begin."""
    try:
        with opened(path) as file:
            length = int.from_bytes(file.read(8), "little")
            text = file.read(min(length, MAX_HEADER))
        header = json.loads(text) if len(text) == length else None
    except OSError as error:
        raise FileError(
            "{name} cannot be read: {reason}.", name=path, reason=reason_of(error)
        ) from None
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        raise _damaged(path)
    return header, 8 + length


def _said(header: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The JSON in the metadata."""
    try:
        said = json.loads(header["__metadata__"][KEY])
        if said["format"] == FORMAT:
            return dict(said)
    except (KeyError, TypeError, ValueError, RecursionError):
        pass
    raise _damaged(path)


def _outline(said: Mapping[str, Any]) -> Outline:
    raw = said["outline"]
    when = float(raw["when"])
    if not 0 <= when < YEAR_3000:
        raise ValueError
    numbers = [None if raw[name] is None else int(raw[name]) for name in ("points", "step")]
    return Outline(str(raw["title"])[:MAX_TITLE], when, numbers[0], int(raw["epoch"]), numbers[1])


def _arrays(path: Path) -> dict[str, npt.NDArray]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        with opened(path) as file:
            size = os.fstat(file.fileno()).st_size
            content = file.read(size) if size <= MAX_BYTES + MAX_HEADER else b""
        return load(content)  # of nothing, it raises
    except (OSError, SafetensorError):
        raise _damaged(path) from None


def _kept(said: Mapping[str, Any], arrays: Mapping[str, npt.NDArray]) -> Kept:
    """Raises one of the errors that `read` takes for damage."""
    outline = _outline(said)
    weights = _under("weights.", arrays)
    lesson = said["lesson"]
    path = said["path"]
    return Kept(
        experiment=Experiment.parse(_whole(said["experiment"], _under("points.", arrays))),
        title=outline.title,
        when=outline.when,
        path=None if path is None else Path(str(path)),
        epoch=int(said["epoch"]) if weights else 0,
        weights=weights,
        lesson=None if lesson is None else _lesson(lesson, arrays),
    )


def _lesson(said: Mapping[str, Any], arrays: Mapping[str, npt.NDArray]) -> LessonPlace:
    raw = dict(said["lesson"])
    raw["experiments"] = {
        name: _whole(plain, _under(f"lesson.{index}.", arrays))
        for index, (name, plain) in enumerate(raw["experiments"].items())
    }
    lesson = Lesson.parse(raw)
    return LessonPlace(
        lesson,
        max(0, min(int(said["step"]), len(lesson.steps) - 1)),
        tuple((int(step), int(goal)) for step, goal in said["reached"]),
        tuple(str(key) for key in said["hidden_before"]),
    )


def _whole(plain: Any, points: Mapping[str, npt.NDArray]) -> Any:
    """Plain data of an experiment with its points put back."""
    return {**plain, "data": {**plain["data"], **points}} if points else plain


def _under(prefix: str, arrays: Mapping[str, npt.NDArray]) -> dict[str, npt.NDArray]:
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }


def _damaged(path: Path) -> FileError:
    return FileError("{name} is no whole recovery file of Playground.", name=path)
