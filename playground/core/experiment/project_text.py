"""The text of a project file, a piece at a time.

Points are written some thousand numbers a piece: a million of them in one call would keep every
other thread of Python waiting meanwhile. Knows numpy; runs on any thread.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.core.data.points_data import PointsData, shortest
from playground.core.experiment.experiment import Experiment

NUMBERS_A_PIECE = 2_000
"""Some 3 ms of writing."""


def parted(experiment: Experiment) -> tuple[Experiment, dict[str, npt.NDArray]]:
    """The experiment without its points, and their arrays by the name of their field.

    What holds no points of its own comes back as it is, with no arrays.
    """
    data = experiment.data
    if not isinstance(data, PointsData):
        return experiment, {}
    arrays = {name: value for name, value in vars(data).items() if isinstance(value, np.ndarray)}
    empty = {name: array[:0] for name, array in arrays.items()}
    return experiment.model_copy(update={"data": data.model_copy(update=empty)}), arrays


def pieces(experiment: Experiment) -> Iterator[bytes]:
    """The UTF-8 text of a project file; every piece is made when it is asked for."""
    rest, arrays = parted(experiment)
    plain = without_absent(rest.plain())
    # A place in the text that no title can hold by chance.
    places = {f"{name}-{uuid.uuid4().hex}": array for name, array in arrays.items()}
    for place in places:
        plain["data"][place.partition("-")[0]] = place
    text = json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False)
    text = rows_on_one_line(text) + "\n"
    for place in sorted(places, key=text.index):
        before, _, text = text.partition(f'"{place}"')
        yield before.encode()
        yield from (piece.encode() for piece in _list(places[place], " " * 6))
    yield text.encode()


def without_absent(value: Any) -> Any:
    """`value` without keys that are None, except `epochs`; `kind` first, as a reader expects."""
    if isinstance(value, dict):
        return {
            key: without_absent(value[key])
            for key in sorted(value, key=lambda key: key != "kind")
            if value[key] is not None or key == "epochs"
        }
    return value


def rows_on_one_line(text: str) -> str:
    """Lists of numbers on a line of their own, so that a file with points stays readable."""
    number = r"-?\d[\d.eE+-]*"
    # Text never holds a line break, so nothing inside quotes can match.
    return re.sub(
        rf"\[\n\s*({number}(?:,\n\s*{number})*)\n\s*\]",
        lambda match: "[" + re.sub(r"\s+", " ", match.group(1)) + "]",
        text,
    )


def _list(array: npt.NDArray, indent: str) -> Iterator[str]:
    """A JSON list of numbers on one line, or of rows, each on a line of its own."""
    if not len(array):
        yield "[]"
        return
    is_rows = array.ndim == 2
    between = f",\n{indent}" if is_rows else ", "
    yield f"[\n{indent}" if is_rows else "["
    width = array.shape[1] if is_rows else 1
    step = max(1, NUMBERS_A_PIECE // width)
    for start in range(0, len(array), step):
        # Not a list for each row: a thousand of them at a time set the garbage collector going,
        # which holds all threads up.
        numbers = json.dumps(shortest(array[start : start + step].reshape(-1)))[1:-1]
        if is_rows:
            parts = numbers.split(", ")
            rows = (", ".join(parts[at : at + width]) for at in range(0, len(parts), width))
            numbers = between.join(f"[{row}]" for row in rows)
        yield (between if start else "") + numbers
    yield f"\n{indent[:-2]}]" if is_rows else "]"
