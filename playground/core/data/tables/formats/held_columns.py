"""The columns of a table while it is read, part by part from top to bottom. Any thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from playground.core.data.tables.formats.whole_numbers import WholeNumbers

_ROOM = 1.05
"""How many times more rows there is room for than are expected: what is not used takes none."""


class HeldColumns:
    """Columns on their way.

    Those that are bytes stand side by side in one matrix, row by row as pixels are wanted. They are
    written there at once: thousands of parts of them would lie between what is needed for a moment,
    and keep all of that memory.
    """

    def __init__(self, width: int) -> None:
        self._parts: list[list[Sequence[str]]] = [[] for _ in range(width)]
        self._places: dict[int, int] = {}
        """Where in the matrix a column of bytes is."""
        self._matrix = np.empty((0, 0), np.uint8)
        self.rows = 0
        self.texts: set[int] = set()
        """Columns that hold anything else than whole numbers."""

    def add(self, columns: Sequence[Sequence[str]], part: float) -> None:
        """Cells under those of all columns; part is how much of the table has been read by then."""
        count = len(columns[0])
        if not self.rows:
            places = [place for place, cells in enumerate(columns) if _are_bytes(cells)]
            self._places = {place: number for number, place in enumerate(places)}
            self._matrix = np.empty((0, len(places)), np.uint8)
        self._make_room(self.rows + count, part)
        rows = slice(self.rows, self.rows + count)
        for place, cells in enumerate(columns):
            if place in self._places:
                if _are_bytes(cells):
                    self._matrix[rows, self._places[place]] = cells.values  # type: ignore[attr-defined]
                    continue
                self._parts[place].append(WholeNumbers(self._bytes(place).copy()))
                del self._places[place]
            self._parts[place].append(cells)
            if isinstance(cells, tuple):
                self.texts.add(place)
        self.rows += count

    def end(self, advanced: Callable[[], None]) -> list[Sequence[str]]:
        """All columns, each text where one of its parts is; tells when one more is there."""
        columns: list[Sequence[str]] = []
        for place, parts in enumerate(self._parts):
            advanced()
            columns.append(
                WholeNumbers(self._bytes(place)) if place in self._places else _joined(parts)
            )
            parts.clear()
        return columns

    def _bytes(self, place: int) -> npt.NDArray[np.uint8]:
        return self._matrix[: self.rows, self._places[place]]

    def _make_room(self, rows: int, part: float) -> None:
        if rows <= len(self._matrix) or not self._places:
            return
        matrix = np.empty((int(_ROOM * rows / part) + 1, len(self._places)), np.uint8)
        matrix[: self.rows] = self._matrix[: self.rows, list(self._places.values())]
        self._places = {place: number for number, place in enumerate(self._places)}
        self._matrix = matrix


def _are_bytes(cells: Sequence[str]) -> bool:
    return isinstance(cells, WholeNumbers) and cells.values.dtype == np.uint8


def _joined(parts: Sequence[Sequence[str]]) -> Sequence[str]:
    """One column of its parts: text where one of them is."""
    whole = [part.values for part in parts if isinstance(part, WholeNumbers)]
    if whole and len(whole) == len(parts):
        return WholeNumbers(np.concatenate(whole))
    return tuple(chain.from_iterable(parts))
