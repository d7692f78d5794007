"""Arrays of NumPy with a row for each point: .npy, and .npz with the answers beside. Any thread.

Nothing in a file is believed before it is checked: objects are never opened.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Mapping
from math import prod
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from playground.core.data.tables.form import WantedForm
from playground.core.errors import FileError, listed, short
from playground.core.messages import Message

MAGIC = b"\x93NUMPY"
FORM = WantedForm(encoding="utf-8", delimiter=",", decimal=".", has_header=True)
"""How an array is written as text."""
MOST_COLUMNS = 10_000


def text_of_npy(name: str, content: bytes) -> bytes:
    """A table whose last column is the answer. Raises FileError."""
    array = _array(name, content)
    if array.dtype.names:
        columns = {str(field): array[field] for field in array.dtype.names}
        return _as_csv(list(columns), np.column_stack([c.astype(str) for c in columns.values()]))
    if array.ndim != 2 or not 2 <= array.shape[1] <= MOST_COLUMNS:
        raise FileError(
            "{name} holds an array of shape {shape}, but a table has two dimensions and at least"
            " two columns.",
            name=name,
            shape=str(array.shape),
        )
    names = [*(f"x{i + 1}" for i in range(array.shape[1] - 1)), "y"]
    return _as_csv(names, array)


def text_of_npz(name: str, parts: Mapping[str, bytes]) -> bytes:
    """A table of the array with two dimensions, and of that with one answer for each of its rows.

    Raises FileError, naming the arrays, where there is no such pair.
    """
    arrays = {key: _array(name, content) for key, content in parts.items()}
    tables = [key for key, array in arrays.items() if array.ndim == 2 and array.shape[1] > 1]
    for key in tables:
        rows = arrays[key]
        for other, answers in arrays.items():
            flat = _answers(answers, len(rows))
            if other != key and flat is not None:
                names = [*(f"x{i + 1}" for i in range(rows.shape[1])), short(other)]
                return _as_csv(names, np.column_stack([rows.astype(object), flat.astype(object)]))
    found = [f"{key} {array.shape}" for key, array in arrays.items()]
    raise FileError(
        "{name} has no array of rows with an array of as many answers; it has {found}.",
        name=name,
        found=listed(found, 120) or Message("none"),
    )


def _answers(array: npt.NDArray, rows: int) -> npt.NDArray | None:
    """One answer for each row (N,): one number, or the place of the 1 where classes are columns."""
    if len(array.shape) not in (1, 2) or len(array) != rows:
        return None
    if array.ndim == 1 or array.shape[1] == 1:
        return array.reshape(-1)
    is_one_hot = bool(np.isin(array, (0, 1)).all() and (array.sum(axis=1) == 1).all())
    return array.argmax(axis=1) if is_one_hot else None


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
    except _OF_READING:
        raise
    except Exception:  # NumPy has Python parse what stands there, which may fail in any way
        raise ValueError("the header of an array in it is damaged") from None


_OF_READING = (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, NotImplementedError)


def _as_csv(names: list[str], rows: npt.NDArray) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows.tolist())
    return text.getvalue().encode(errors="replace")
