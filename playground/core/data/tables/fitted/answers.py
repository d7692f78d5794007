"""A table with columns of answers behind its own, written as it was written itself.

Imports numpy and the core only; runs on any thread.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from playground.core.data.tables.export import encoded, unused, written
from playground.core.data.tables.formats.source import FORMED_SUFFIXES, OTHER_SUFFIXES
from playground.core.data.tables.importing import TableText
from playground.core.data.tables.numerals import DecimalMark
from playground.core.data.tables.reading import read_start
from playground.core.errors import DataError, FileError

UTF8 = "utf-8-sig"
"""What is written where a sign of the answers is missing in the encoding of the table."""

_START_BYTES = 1 << 16
_DIGITS = 7
"""Digits of a float32 that mean something."""

_WORD_FOR_MISSING = "NA"
"""What stands for nothing where blanks divide the cells."""


def check_can_be_written(path: Path) -> None:
    """Raise FileError for the name of a file that is more than text, or of another form."""
    if path.suffix.lower() in (*FORMED_SUFFIXES, ".json"):
        raise FileError(
            "{name} would be a file of another program, but answers are written as a plain table;"
            " give it a name that ends in .csv.",
            name=path,
        )
    if path.suffix.lower() in OTHER_SUFFIXES:
        raise FileError(
            "{name} would be a workbook or a packed file, but answers are written as text; give it"
            " a name that ends in .csv.",
            name=path,
        )


def with_answers(text: TableText, answers: Mapping[str, Sequence[str]]) -> tuple[bytes, str]:
    """The rows of a table with a column of cells for each name behind them, and the codec.

    Delimiter, encoding, line ends and header are those of the table. A name that the table has
    already gets a prime.
    """
    columns = [*text.columns]
    names = [*text.names]
    for name, cells in answers.items():
        names.append(unused(name, names))
        columns.append(cells)
    if text.form.merges:  # nothing at all would not be seen
        columns = [[cell or _WORD_FOR_MISSING for cell in column] for column in columns]
    header = names if text.form.has_header else None
    table = written(header, columns, text.form.delimiter, _line_end(text))
    try:
        return encoded(table, text.form.encoding), text.form.encoding
    except DataError:
        return encoded(table, UTF8), UTF8


def _line_end(text: TableText) -> str:
    """How the lines of a table end, told from its start."""
    start = b"" if text.path is None else read_start(text.path, _START_BYTES)
    return "\r\n" if b"\r" in start else "\n"


def number_cells(
    values: npt.NDArray, known: npt.NDArray[np.bool_], unit: float | None, mark: DecimalMark
) -> list[str]:
    """Numbers (M,) as the cells of the rows that are known (N,), and blanks in the others.

    unit is what a step of the network is in the units of the data; None where values are float32
    as it says them. Written are the digits that mean something.
    """
    if unit is None:
        texts = [str(value) for value in values.astype(np.float32)]
    else:
        decimals = _DIGITS - math.floor(math.log10(unit))
        texts = [str(round(float(value), decimals)) for value in values]
    texts = texts if mark == "." else [text.replace(".", mark) for text in texts]
    return placed(texts, known)


def placed(texts: Sequence[str], known: npt.NDArray[np.bool_]) -> list[str]:
    """Texts (M,) in the rows that are known (N,), and blanks in the others."""
    found = iter(texts)
    return [next(found) if is_known else "" for is_known in known]
