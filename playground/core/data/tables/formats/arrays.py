"""Arrays of NumPy with a row for each point: .npy, and .npz with the answers beside. Any thread.

Nothing in a file is believed before it is checked: objects are never opened.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from math import prod
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from playground.core.data.tables.form import HELD_OUT, MOST_COLUMNS, WantedForm, invented_names
from playground.core.data.tables.formats.array_pairs import (
    Header,
    Pair,
    division_of,
    named_pair,
    paired,
    text_of_pair,
    words_in,
)
from playground.core.data.tables.formats.rewritten import Rewritten
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.errors import FileError, listed, short
from playground.core.messages import Message

MAGIC = b"\x93NUMPY"
FORM = WantedForm(encoding="utf-8", delimiter=",", decimal=".", has_header=True)
"""How an array is written as text."""
_CELLS = 20_000
"""Cells that are written before anybody asks whether to go on."""


def text_of_npy(name: str, content: bytes, progress: Progress = no_progress) -> bytes:
    """A table whose last column is the answer. Raises FileError."""
    array = _array(name, content)
    if array.dtype.names:
        columns = {str(field): array[field] for field in array.dtype.names}
        rows = np.column_stack([c.astype(str) for c in columns.values()])
        return _as_csv(list(columns), [_Part([], rows)], progress)
    if array.ndim != 2 or not 2 <= array.shape[1] <= MOST_COLUMNS:
        raise FileError(
            "{name} holds an array of shape {shape}, but a table has two dimensions and at least"
            " two columns.",
            name=name,
            shape=str(array.shape),
        )
    return _as_csv(invented_names(array.shape[1]), [_Part([], array)], progress)


class ArchiveText(NamedTuple):
    """The table of arrays in a file, the pair that it is made of, and all pairs that there are."""

    content: bytes
    part: str
    parts: tuple[str, ...]


def text_of_npz(
    name: str,
    parts: Mapping[str, bytes],
    part: str | None = None,
    progress: Progress = no_progress,
) -> ArchiveText:
    """A table of the array of rows and of that with one answer for each of them.

    Where the file divides its rows for training and for testing, a last column says so.

    part  the pair that is wanted, as in "X, y"; None for the likeliest one
    Raises FileError, naming the arrays, where there is no such pair.
    """
    arrays: dict[str, npt.NDArray] = {}
    for key, content in parts.items():
        with suppress(FileError):
            arrays[key] = _array(name, content)
    headers = {key: Header(array.shape, array.dtype) for key, array in arrays.items()}
    found = paired(headers)
    wanted = found.pairs if part is None else (wanted_pair(name, part, headers),)
    if not wanted:
        # An error that is kept keeps the arrays, too: so a damaged one is asked again.
        for content in parts.values():
            _array(name, content)
        raise FileError(
            "{name} has no array of rows with an array of as many answers; it has {found}.",
            name=name,
            found=all_shown(headers),
        )
    tables = [_table(name, arrays, headers, pair) for pair in wanted]
    if len({each.rows.shape[1] for each in tables}) > 1:
        raise FileError("{name}: training and test rows differ in size.", name=name)
    is_divided = len(tables) > 1
    names = [HELD_OUT, *tables[0].names] if is_divided else tables[0].names
    tables = _with_division(tables, wanted) if is_divided else tables
    possible = tuple(map(text_of_pair, (*found.pairs, *found.others)))
    chosen = "" if is_divided else text_of_pair(wanted[0])
    return ArchiveText(_as_csv(names, tables, progress), chosen, possible)


def _with_division(tables: Sequence[_Part], pairs: Sequence[Pair]) -> list[_Part]:
    """The tables with a 1 before rows that the file keeps for testing, and a 0 before others."""
    divisions = [division_of(pair) for pair in pairs]
    kept = "test" if "test" in divisions else divisions[-1]
    return [
        table._replace(before=[int(division == kept)])
        for table, division in zip(tables, divisions, strict=True)
    ]


class _Part(NamedTuple):
    """Names of columns, rows (N, D), the answers (N,) behind them, and what is before each row."""

    names: list[str]
    rows: npt.NDArray
    answers: npt.NDArray | None = None
    before: Sequence[int] = ()


def wanted_pair(name: str | Path, part: str, headers: Mapping[str, Header | None]) -> Pair:
    """The pair that somebody names. Raises FileError where there are no such arrays."""
    pair = named_pair(part, headers)
    if pair is None:
        raise FileError(
            "{name} has no arrays '{part}'; it has {found}.",
            name=name,
            part=short(part),
            found=all_shown(headers),
        )
    return pair


def all_shown(headers: Mapping[str, Header | None]) -> str:
    """All arrays of a file as a sentence lists them."""
    return listed([shown_array(*each) for each in headers.items()], 120) or Message("none")


def shown_array(key: str, header: Header | None) -> str:
    """An array as sentences name it, with its shape where that is known."""
    return f"{short(key, 16)} {header.shape}" if header is not None else short(key, 16)


def _table(
    name: str, arrays: Mapping[str, npt.NDArray], headers: Mapping[str, Header], pair: Pair
) -> _Part:
    rows, answers = arrays[pair[0]], as_answers(arrays[pair[1]])
    rows = rows.reshape(len(rows), -1) if rows.ndim > 1 else rows[:, None]
    if answers is None or len(answers) != len(rows) or not 1 <= rows.shape[1] <= MOST_COLUMNS:
        raise FileError(
            "{name}: {rows} and {answers} are no rows with one answer for each.",
            name=name,
            rows=shown_array(pair[0], headers[pair[0]]),
            answers=shown_array(pair[1], headers[pair[1]]),
        )
    said = words_in(headers, rows.shape[1], ("feature", "column", "input"))
    names = list(invented_names(rows.shape[1] + 1)[:-1])
    if said is not None and len(set(arrays[said].tolist())) == rows.shape[1]:
        names = arrays[said].astype(str).tolist()
    if answers.dtype.kind == "f" and bool((answers == np.rint(answers)).all()):
        answers = answers.astype(np.int64)  # 1.0 is a class as 1 is
    classes = class_names_in(headers, answers)
    if classes is not None:
        answers = arrays[classes].astype(str)[answers]
    answer = short(pair[1])
    while answer in names:
        answer += "_"
    return _Part([*names, answer], rows, answers)


def as_answers(array: npt.NDArray) -> npt.NDArray | None:
    """One answer for each row (N,): itself, or the place of the 1 where classes are columns.

    True is 1. None where an array has more dimensions, or columns that are no classes.
    """
    if array.dtype.kind == "b":
        array = array.astype(np.uint8)
    if array.ndim == 1 or (array.ndim == 2 and array.shape[1] == 1):
        return array.reshape(-1)
    if array.ndim != 2 or array.dtype.kind not in "iuf":
        return None
    is_one_hot = bool(np.isin(array, (0, 1)).all() and (array.sum(axis=1) == 1).all())
    return array.argmax(axis=1) if is_one_hot else None


def class_names_in(headers: Mapping[str, Header | None], answers: npt.NDArray) -> str | None:
    """The array that names the classes of these answers, counted from 0; None without one."""
    if answers.dtype.kind not in "iu" or not len(answers) or answers.min() < 0:
        return None
    about = ("class", "label", "target", "categor", "answer")
    for count in range(int(answers.max()) + 1, int(answers.max()) + 3):  # the last may be rare
        found = words_in(headers, count, about)
        if found is not None:
            return found
    return None


def _array(name: str, content: bytes) -> npt.NDArray:
    file = io.BytesIO(content)
    try:
        shape, is_fortran, dtype = npy_header(file)
        if dtype.hasobject:
            raise ValueError(Message("it holds Python objects, which may run programs when opened"))
        values = np.frombuffer(content, dtype, prod(shape), file.tell())
        return values.reshape(shape, order="F" if is_fortran else "C")
    except Exception as error:  # NumPy has Python parse the header, which may fail in any way
        raise FileError(
            "{name} is no array of numbers or words: {reason}.",
            name=name,
            reason=short(error, 80).rstrip("."),
        ) from None


def npy_header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether it is stored column by column, and type of the array that follows.

    Raises ValueError where the header is damaged, and what reading raises.
    """
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0
    if version != (1, 0):
        read = np.lib.format.read_array_header_2_0
    try:
        return read(file)
    except UNREADABLE:
        raise
    except Exception:  # NumPy has Python parse what stands there, which may fail in any way
        raise ValueError("the header of an array in it is damaged") from None


UNREADABLE = (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, NotImplementedError)


def _as_csv(names: Sequence[str], tables: Sequence[_Part], progress: Progress) -> bytes:
    """Tables with these columns, one under the other, made text some rows at a time."""
    written = Rewritten()
    written.add(names)
    size = max(_CELLS // len(names), 1)
    for table in tables:
        for start in range(0, len(table.rows), size):
            progress(start / len(table.rows))
            rows = table.rows[start : start + size].tolist()
            if table.answers is not None:
                answers = table.answers[start : start + size].tolist()
                rows = [
                    [*table.before, *row, answer] for row, answer in zip(rows, answers, strict=True)
                ]
            written.add_all(rows)
    return written.content()
