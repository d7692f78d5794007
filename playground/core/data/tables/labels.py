"""Labels in the cells of a table: which cells say the same, which say nothing, and their order.

Imports the core only; runs on any thread.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from playground.core.data.points import MAX_CLASSES
from playground.core.data.tables.cells import counted, missing_labels
from playground.core.data.tables.formats.whole_numbers import WholeNumbers
from playground.core.data.tables.importing import TableText
from playground.core.data.tables.numerals import DecimalMark, number
from playground.core.errors import DataError, short
from playground.core.palette import CLASS_NAMES

MOST_VALUES = 20
"""Different words of a column that can be an input, with one value in the network for each."""

_MOST_CELLS = 2_000
"""Different cells beyond which nobody takes them for labels."""


def labels_of_cells(text: TableText, name: str) -> dict[str, str | None] | None:
    """For each different cell of a column its label, None where it says nothing.

    Cells with the same number have one label, the shorter one: 0 and 0.0 are the same. Returns
    None where there are thousands. It is worked out once.
    """
    if name not in text.known:
        found = _labels_of_cells(text, name)
        if found is None:
            return None
        text.known[name] = found
    return text.known[name]


def _labels_of_cells(text: TableText, name: str) -> dict[str, str | None] | None:
    cells = text.column(name)
    counts = counted(cells, _MOST_CELLS)
    if counts is None:
        return None
    if isinstance(cells, WholeNumbers):
        return {cell: cell for cell in counts}
    missing = missing_labels(counts, text.judged(name).kind)
    found = [cell for cell in counts if cell not in missing]
    return {**dict.fromkeys(missing), **_alike(found, text.form.decimal)}


def _alike(cells: Iterable[str], decimal: DecimalMark) -> dict[str, str]:
    """For each cell the shortest one with the same number."""
    shortest: dict[float, str] = {}
    values = {cell: number(cell, decimal) for cell in cells}
    for cell, value in values.items():
        if value is not None and len(cell) < len(shortest.get(value, cell + " ")):
            shortest[value] = cell
    return {cell: cell if value is None else shortest[value] for cell, value in values.items()}


def in_order(labels: Iterable[str], decimal: DecimalMark) -> tuple[str, ...]:
    """Labels in the order of classes: whole numbers by their size, then words.

    Names that the window gives to painted classes keep the order of its colors.
    """
    found = set(labels)
    if found <= set(CLASS_NAMES):
        return tuple(sorted(found, key=CLASS_NAMES.index))
    return tuple(sorted(found, key=_place(decimal)))


def _place(decimal: DecimalMark) -> Callable[[str], tuple[bool, float, str]]:
    def place(label: str) -> tuple[bool, float, str]:
        value = number(label, decimal)
        return value is None, value or 0.0, label

    return place


def values_of_text(text: TableText, name: str) -> tuple[str, ...]:
    """The different words of a column that can be an input, in order; none where it cannot.

    Words that hardly ever come again are names of rows, from which nothing can be learned.
    """
    if text.judged(name).kind != "text":
        return ()
    labels = labels_of_cells(text, name)
    found = set() if labels is None else {label for label in labels.values() if label is not None}
    if not 1 < len(found) <= min(MOST_VALUES, len(text) // 2):
        return ()
    return in_order(found, text.form.decimal)


def written_alike(text: TableText, name: str) -> list[tuple[str, str]]:
    """Labels of a text that differ only in capitals, blanks or the width of their signs: each with
    the first one that it is like.
    """
    if text.judged(name).kind != "text":
        return []
    found = (label for label in (labels_of_cells(text, name) or {}).values() if label is not None)
    first: dict[str, str] = {}
    pairs = []
    for label in dict.fromkeys(found):
        word = " ".join(unicodedata.normalize("NFKC", label).casefold().split())
        if first.setdefault(word, label) != label:
            pairs.append((first[word], label))
    return pairs


def labels(text: TableText, name: str) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Class numbers (N,), -1 where the label is missing, and the names of the classes.

    Raises DataError for more classes than there can be.
    """
    known = labels_of_cells(text, name)
    found = set(text.column(name)) if known is None else {*known.values()} - {None}
    if len(found) > MAX_CLASSES:
        raise DataError(
            "{file_name}: column '{name}' has {count} different labels, but there can be {most}"
            " classes at most; choose another column, or make it the target."
            if text.is_numeric(name)
            else "{file_name}: column '{name}' has {count} different labels, but there can be"
            " {most} classes at most; choose another column.",
            file_name=text.file_name,
            name=short(name),
            count=len(found),
            most=MAX_CLASSES,
        )
    class_names = in_order((label for label in found if label is not None), text.form.decimal)
    return codes_of(text, name, class_names), class_names


def codes_of(text: TableText, name: str, words: Sequence[str]) -> npt.NDArray[np.int64]:
    """The place of each cell's label among the words (N,), -1 where it is missing."""
    cells, known = text.column(name), labels_of_cells(text, name) or {}
    places = {word: place for place, word in enumerate(words)}
    codes = {cell: -1 if label is None else places[label] for cell, label in known.items()}
    return np.fromiter(map(codes.__getitem__, cells), np.int64, len(cells))


def class_codes(y: npt.NDArray) -> tuple[int, int] | None:
    """The lowest and highest of numbers that look like those of classes: some, but not too many,
    that count from 0 or 1 without a gap, and come again.
    """
    different = np.unique(y)
    if len(different) < 2 or not (different == np.rint(different)).all():
        return None
    low, high = int(different[0]), int(different[-1])
    return (low, high) if are_codes(low, high, len(different), len(y)) else None


def are_codes(low: int, high: int, different: int, rows: int) -> bool:
    """True where so many different whole numbers from `low` to `high` count from 0 or 1 without a
    gap, are no more than classes can be, and come again in so many rows.
    """
    is_counted = low in (0, 1) and high - low + 1 == different
    return is_counted and different <= min(MAX_CLASSES, rows // 2)
