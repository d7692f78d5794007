"""Columns of whole numbers, which stay small in memory: a byte for a pixel, not a text of fifty.

A large table of them is read block by block out of its bytes, twenty times as fast as cell by cell.
Only numbers that are written in the one way that Python writes them are taken, so that each cell
can still be had as the text that it was. Imports numpy only; runs on any thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, overload

import numpy as np
import numpy.typing as npt

BLOCK_BYTES = 1 << 20
"""Bytes of a table that are looked at together: they take some hundredths of a second."""

_MOST_DIGITS = 9
"""Digits of a number that surely fits into 32 bits."""
_MOSTLY = 0.9
_PLAIN = re.compile(rf"-?[1-9]\d{{0,{_MOST_DIGITS - 1}}}|0", re.ASCII)
_BYTES = {str(value): value for value in range(256)}
_KINDS: dict[type[np.integer], tuple[int, int]] = {
    np.uint8: (0, 255),
    np.int16: (-(1 << 15), (1 << 15) - 1),
    np.int32: (-(1 << 31), (1 << 31) - 1),
}
"""Types of numbers, and what the smallest and the largest of each is."""
_STRETCH = 4_096
_ZERO, _MINUS, _LINE_END = b"0-\n"


class WholeNumbers(Sequence[str]):
    """The cells of a column as text, each a whole number, kept as numbers.

    values  uint8, int16 or int32 (N,), read-only
    """

    __slots__ = ("values",)

    def __init__(self, values: npt.NDArray[np.integer]) -> None:
        self.values = values
        values.setflags(write=False)

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> WholeNumbers: ...
    def __getitem__(self, place: int | slice) -> str | WholeNumbers:
        found = self.values[place]
        return WholeNumbers(found) if isinstance(place, slice) else str(found)

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self.values), _STRETCH):
            yield from map(str, self.values[start : start + _STRETCH].tolist())

    def counts(self) -> dict[str, int]:
        """How often each number comes, in the order of their first rows."""
        if self.values.dtype == np.uint8:
            first = np.zeros(256, np.int64)
            first[self.values[::-1]] = np.arange(len(self.values))[::-1]  # the last one stays
            counts = np.bincount(self.values, minlength=256)
            values = np.flatnonzero(counts)
            first, counts = first[values], counts[values]
        else:
            values, first, counts = np.unique(self.values, return_index=True, return_counts=True)
        order = np.argsort(first)
        return dict(zip(map(str, values[order].tolist()), counts[order].tolist(), strict=True))


def mostly_whole(rows: Sequence[Sequence[str]], width: int) -> bool:
    """True where nearly all columns of a table with these first rows hold whole numbers alone."""
    whole = [row for row in rows if len(row) == width]
    if not whole:
        return False
    found = sum(
        all(_PLAIN.fullmatch(cell.strip()) for cell in cells) for cells in zip(*whole, strict=True)
    )
    return found >= _MOSTLY * width


def compacted(cells: Sequence[str]) -> Sequence[str]:
    """The cells as `WholeNumbers` where all of them are such; else themselves."""
    try:
        return WholeNumbers(np.frombuffer(bytes(map(_BYTES.__getitem__, cells)), np.uint8))
    except KeyError:
        if not all(map(_PLAIN.fullmatch, cells)):
            return cells
    values = np.fromiter(map(int, cells), np.int64, len(cells))
    return WholeNumbers(values.astype(_kind_of(int(values.min()), int(values.max()))))


def matrix_of_columns(columns: Sequence[npt.NDArray]) -> npt.NDArray | None:
    """The rows (N, D) of D columns that stand side by side in one matrix, without a copy; None
    where they do not.
    """
    first = columns[0]
    matrix = first.base
    if matrix is None or matrix.ndim != 2 or matrix.dtype != first.dtype:
        return None
    place, rest = divmod(_address(first) - _address(matrix), matrix.itemsize)
    if rest or not 0 <= place <= matrix.shape[1] - len(columns):
        return None
    for number, column in enumerate(columns):
        is_next = column.base is matrix and column.strides == matrix.strides[:1]
        if not is_next or _address(column) != _address(first) + number * matrix.itemsize:
            return None
    return matrix[: len(first), place : place + len(columns)]


def _address(array: npt.NDArray) -> int:
    return array.__array_interface__["data"][0]


def _kind_of(low: int, high: int) -> type[np.integer]:
    """The smallest type that holds numbers from `low` to `high`."""
    return next(kind for kind, (least, most) in _KINDS.items() if least <= low and high <= most)


class Block(NamedTuple):
    """Some lines of a table on end.

    content  their bytes, with the end of the last line
    end      where in the table the next one begins
    """

    content: bytes
    end: int


def blocks(content: bytes, start: int) -> Iterator[Block]:
    """The lines of a table from a place on, each block with the lines that it has whole."""
    while start < len(content):
        end = len(content)
        if start + BLOCK_BYTES < end:
            last = content.rfind(b"\n", start, start + BLOCK_BYTES)
            found = last if last >= 0 else content.find(b"\n", start + BLOCK_BYTES)
            end = found + 1 if found >= 0 else end
        lines = content[start:end]
        yield Block(lines if lines.endswith(b"\n") else lines + b"\n", end)
        start = end


def columns_of(lines: bytes, delimiter: str, width: int) -> list[Sequence[str]] | None:
    """The columns of lines without quotes: `WholeNumbers`, and text in UTF-8 for other ones.

    None where a line has not as many cells as there are columns, or where more than a few columns
    are text.
    """
    lines = _without_blanks(lines.replace(b"\r\n", b"\n"), delimiter.encode())
    signs = np.frombuffer(lines, np.uint8)
    ends = np.flatnonzero((signs == ord(delimiter)) | (signs == _LINE_END))
    if b"\r" in lines or len(ends) % width:
        return None
    is_line_end = (signs[ends] == _LINE_END).reshape(-1, width)
    if is_line_end[:, :-1].any() or not is_line_end[:, -1].all():
        return None
    starts = np.concatenate([[0], ends[:-1] + 1])
    values, is_number = _numbers(signs, starts, ends)
    is_whole = np.asarray(is_number.reshape(-1, width).all(axis=0))
    if is_whole.sum() < _MOSTLY * width:
        return None
    found: list[Sequence[str]] = [()] * width
    for column in np.flatnonzero(~is_whole).tolist():
        found[column] = _text(lines, starts[column::width], ends[column::width])
    for column, numbers in _small(values.reshape(-1, width), is_whole):
        found[column] = numbers
    return found


def _without_blanks(lines: bytes, delimiter: bytes) -> bytes:
    """Lines without blanks around their cells, which mean nothing."""
    if b" " in lines:
        for edge in (delimiter, b"\n"):
            for padded in (edge + b" ", b" " + edge):
                while padded in lines:
                    lines = lines.replace(padded, edge)
    return lines


def _numbers(
    signs: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """The numbers in cells (n,), and where there is one, written as Python writes it."""
    digits = signs - _ZERO  # what is no digit is more than 9, for bytes begin again at 0
    is_negative = signs[starts] == _MINUS
    if is_negative.any():
        starts = starts + is_negative
    values = digits[ends - 1].astype(np.int32)
    # Nor is what ends a cell a digit, and that is what stands here before an empty one.
    is_number = values <= 9
    count = ends - starts
    cells = np.flatnonzero(count != 1)
    count = count[cells]
    is_number[cells] &= (count > 0) & (count <= _MOST_DIGITS) & (signs[starts[cells]] != _ZERO)
    for place in range(2, _MOST_DIGITS + 1):
        is_longer = count >= place
        cells, count = cells[is_longer], count[is_longer]
        found = np.minimum(digits[ends[cells] - place], 10).astype(np.int32)
        values[cells] += found % 10 * 10 ** (place - 1)
        is_number[cells] &= found <= 9
        if not len(cells):
            break
    if is_negative.any():
        is_number &= ~is_negative | (values > 0)
        np.negative(values, out=values, where=is_negative)
    return values, is_number


def _text(
    lines: bytes, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> tuple[str, ...]:
    places = zip(starts.tolist(), ends.tolist(), strict=True)
    return tuple(lines[start:end].decode().strip() for start, end in places)


def _small(
    values: npt.NDArray[np.int32], is_whole: npt.NDArray[np.bool_]
) -> Iterator[tuple[int, WholeNumbers]]:
    """The columns of numbers (rows, columns) that are whole, those of one type in one array."""
    low, high = values.min(axis=0), values.max(axis=0)
    left = is_whole.copy()
    for kind, (least, most) in _KINDS.items():
        is_one = left & (least <= low) & (high <= most)
        left &= ~is_one
        rows = np.ascontiguousarray(values[:, is_one].T, kind)
        yield from zip(np.flatnonzero(is_one).tolist(), map(WholeNumbers, rows), strict=True)
