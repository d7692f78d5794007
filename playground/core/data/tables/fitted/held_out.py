"""The rows of a second table that test what was learned from the first one.

Imports numpy and the core only; runs on any thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from playground.core.data.tables.description import (
    about_cells_and_lines,
    filled_with_means,
    with_gaps,
    without_answer,
)
from playground.core.data.tables.fitted.columns import FittedColumns, answers_in, inputs_in
from playground.core.data.tables.fitted.other import read_other
from playground.core.data.tables.importing import TableText
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.errors import DataError, listed, nearest, short
from playground.core.messages import Message, plural

_LONGEST_LIST = 120


class HeldOutRows(NamedTuple):
    """Rows to test with, as far as they can be used.

    x           float64 (N, D), NaN where a value is missing that is to be filled
    y           int64 (N,) classes, or float64 (N,)
    has_unseen  bool (N,): rows with a word that no row of the first table has
    left_out    how many other rows there are
    notes       sentences on them, and on what else was met in the file
    """

    file_name: str
    x: npt.NDArray[np.float64]
    y: npt.NDArray
    has_unseen: npt.NDArray[np.bool_]
    left_out: int
    notes: tuple[Message, ...]


def read_held_out(
    path: Path,
    fitted: FittedColumns,
    sheet: str | None = None,
    progress: Progress = no_progress,
) -> HeldOutRows:
    """The rows of a file to test with.

    Raises FileError or DataError, naming the file, where it has no such columns or no row that can
    be used.
    """
    text = read_other(path, fitted, sheet, progress)
    _check_columns(text, fitted)
    x, has_unseen = inputs_in(fitted, text)
    y, unknown = answers_in(fitted, text)
    has_answer = ~np.isnan(y) if y.dtype.kind == "f" else y >= 0
    has_gap = np.asarray(np.isnan(x).any(axis=1)) & (not fitted.fills)
    kept = has_answer & ~has_gap
    notes = [
        *_about_rows(fitted, has_answer, has_gap, unknown),
        *_about_filled(int(np.isnan(x[kept]).sum())),
        *about_cells_and_lines(text, [*fitted.needed, fitted.answer]),
    ]
    if not kept.any():
        raise DataError(
            "{file_name} has no row to test with: {why}",
            file_name=text.file_name,
            why=notes[0],
        )
    return HeldOutRows(
        text.file_name,
        x[kept],
        y[kept],
        has_unseen[kept],
        int((~kept).sum()),
        tuple(Message("{file_name}: {said}", file_name=text.file_name, said=n) for n in notes),
    )


def _check_columns(text: TableText, fitted: FittedColumns) -> None:
    for name in fitted.needed:
        text.column(name)  # says which one is missing, and what is called nearly so
    if fitted.answer not in text.names:
        raise DataError(
            "{file_name} has no column '{name}', which is the answer, so it cannot test;"
            " 'playground predict' says the answers of a table without them.",
            nearest(fitted.answer, text.names, 150),
            file_name=text.file_name,
            name=short(fitted.answer),
        )


def _about_filled(count: int) -> Iterator[Message]:
    if count:
        yield filled_with_means(count)


def _about_rows(
    fitted: FittedColumns,
    has_answer: npt.NDArray[np.bool_],
    has_gap: npt.NDArray[np.bool_],
    unknown: Counter[str],
) -> Iterator[Message]:
    """Sentences on the rows that are left out."""
    without = int((~has_answer).sum()) - unknown.total()
    rows = len(has_answer)
    if unknown:
        labels = listed([f"'{short(label, 40)}'" for label in unknown], _LONGEST_LIST)
        yield plural(
            "{count:,} row is left out, because no training row has its class: {labels}.",
            "{count:,} rows are left out, because no training row has their classes: {labels}.",
            unknown.total(),
            labels=labels,
        )
    if without:
        yield without_answer(fitted.answer, without, rows)
    if gaps := int((has_gap & has_answer).sum()):
        yield with_gaps(gaps, rows - unknown.total() - without)
