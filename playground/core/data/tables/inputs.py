"""Inputs from the columns of a table: numbers, dates as numbers, and one value for each word.

Imports numpy and the core only; runs on any thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from playground.core.data.points import Points
from playground.core.data.tables.importing import UNNAMED, TableText
from playground.core.data.tables.labels import codes_of, values_of_text
from playground.core.data.tables.writing import dates
from playground.core.messages import Message


class Input(NamedTuple):
    """What a column gives as input: values float64 (N, K), NaN where one is missing, and the names
    of the K. column is what it is called in the table, part what is made of a date, and words are
    those of a text.
    """

    values: npt.NDArray[np.float64]
    names: tuple[str, ...]
    column: str
    part: str = ""
    words: tuple[str, ...] = ()


def input_of(text: TableText, name: str, *, fills: bool) -> Input:
    """A column as input: numbers, days since 1970, or one value for each word of a text.

    The name of a column of dates with one of `dates.PARTS` behind it gives that part. A missing
    word is 0 for each word where it `fills` gaps. Raises DataError where the column is no input.
    """
    base, part = _part_of_date(text, name)
    if part:
        return Input(dates.part(text.numbers(base), part)[:, None], (name,), base, part)
    words = values_of_text(text, name)
    if not words:
        return Input(text.numbers(name)[:, None], (name,), name)
    codes = codes_of(text, name, words)
    values = (codes[:, None] == np.arange(len(words))).astype(np.float64)
    if not fills:
        values[codes < 0] = np.nan
    names = tuple(Message("{name}: {word}", name=name, word=word) for word in words)
    return Input(values, names, name, words=words)


def _part_of_date(text: TableText, name: str) -> tuple[str, str]:
    """The column of dates that a name means, and the part of it; "" for the whole of a column."""
    if name not in text.names:
        for part in dates.PARTS:
            base = name.removesuffix(f" ({part})")
            if base != name and base in text.names and text.judged(base).kind == "dates":
                return base, part
    return name, ""


def places_of_words(read: Sequence[Input]) -> tuple[tuple[int, int], ...]:
    """The first input of each column of text, and the one behind its last, for each of them."""
    ends = np.cumsum([len(part.names) for part in read]).tolist()
    return tuple(
        (end - len(part.names), end)
        for part, end in zip(read, ends, strict=True)
        if len(part.names) > 1
    )


_FEWEST_COUNTED = 10
"""Rows from which on a column with a name that counts them does so by no accident."""


def numbers_rows(text: TableText, name: str) -> bool:
    """True for a first column that counts the rows from 0 or 1, or has no name because it names
    them.
    """
    if name != text.names[0]:
        return False
    if text.met.row_names:
        return True
    values = text.judged(name).values.astype(np.float64)
    if not len(values) or values[0] not in (0, 1):
        return False
    is_long = name == UNNAMED or len(values) >= _FEWEST_COUNTED
    return is_long and bool((np.diff(values) == 1).all())


def without_unseen(
    points: Points, of_text: Sequence[tuple[int, int]]
) -> tuple[Points, npt.NDArray[np.bool_]]:
    """The points, and in which test rows (N,) a word stands that no training row has.

    Such a word is none of those that the network knows, so its value becomes 0 like theirs.
    """
    unseen = np.zeros(points.x.shape[1], bool)
    for start, end in of_text:
        unseen[start:end] = ~points.x[~points.held_out, start:end].any(axis=0)
    rows = np.asarray(points.x[:, unseen].any(axis=1))
    if not rows.any():
        return points, rows
    return Points(np.where(unseen, 0, points.x), points.y, points.held_out), rows
