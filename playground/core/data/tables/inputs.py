"""Inputs from the columns of a table: numbers, dates as numbers, and one value for each word.

Imports numpy and the core only; runs on any thread.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from playground.core.data.pixels import LARGEST_BYTE, white_of_bytes
from playground.core.data.points import Points
from playground.core.data.tables.form import MAX_CELLS, invented_names
from playground.core.data.tables.formats.whole_numbers import matrix_of_columns
from playground.core.data.tables.importing import UNNAMED, TableText
from playground.core.data.tables.labels import codes_of, values_of_text
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.data.tables.writing import dates
from playground.core.errors import DataError, short
from playground.core.messages import Message

Image = tuple[int, int, int]
"""How many pixels: (channels, height, width), or (height, width, 3) where the three colours of a
pixel stand side by side.
"""


class Matrix(NamedTuple):
    """What columns give as inputs.

    x      float64 (N, D), NaN where a value is missing; float32 for a very large table, and uint8
           for pixels of which none is missing
    parts  what each column gives, without its values
    image  (channels, height, width) where the inputs are pixels, channel by channel
    white  what pixels are divided by
    """

    x: npt.NDArray
    parts: tuple[Input, ...]
    image: Image | None = None
    white: float = 1.0

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the D inputs."""
        return tuple(name for part in self.parts for name in part.names)


def matrix_of(
    text: TableText,
    inputs: Sequence[str],
    image: Image | None,
    progress: Progress = no_progress,
    *,
    fills: bool,
) -> Matrix:
    """Columns as inputs, see `input_of`, or as pixels. Raises DataError."""
    if image is not None:
        names = [inputs[place] for place in order_of_pixels(image).tolist()]
        return _pixels(text, names, image, progress)
    # As float64 the values of a very large table are too large.
    kind = np.float64 if len(text) * len(inputs) <= MAX_CELLS else np.float32
    values: list[npt.NDArray] = []
    parts: list[Input] = []
    for place, name in enumerate(inputs):
        progress(place / len(inputs))
        part = input_of(text, name, fills=fills)
        values.append(part.values.astype(kind, copy=False))
        parts.append(part._replace(values=part.values[:0]))
    return Matrix(np.concatenate(values, axis=1), tuple(parts))


def order_of_pixels(image: Image) -> npt.NDArray[np.int64]:
    """For each pixel, channel by channel, its place among the columns."""
    places = np.arange(np.prod(image)).reshape(image)
    return (places if image[0] in (1, 3) else np.moveaxis(places, -1, 0)).reshape(-1)


def as_stored(text: TableText, names: Sequence[str], image: Image) -> Image:
    """An image in colour with its three channels where these columns have them: first, or last.

    That one of the two is right in which neighbours in a channel differ less.
    """
    if image[0] != 3:
        return image
    rows = slice(None, None, max(len(text) // _LOOKED_AT, 1))
    x = np.stack([text.judged(name).values[rows] for name in names], axis=1).astype(np.float64)
    first = x.reshape(-1, *image)
    last = np.moveaxis(x.reshape(-1, image[1], image[2], 3), -1, 1)
    return image if _roughness(first) <= _roughness(last) else (image[1], image[2], 3)


def _roughness(images: npt.NDArray[np.float64]) -> float:
    """How much neighbours in images (N, C, H, W) differ."""
    across, down = np.diff(images, axis=-1), np.diff(images, axis=-2)
    return float(np.nanmean(np.abs(across)) + np.nanmean(np.abs(down)))


def _pixels(text: TableText, names: Sequence[str], image: Image, progress: Progress) -> Matrix:
    columns = [_bytes_of(text, name) for name in names]
    shape = image if image[0] in (1, 3) else (image[2], image[0], image[1])
    x = matrix_of_columns(columns)
    if x is None:
        x = _side_by_side(columns, progress)
    if x.dtype == np.uint8:
        largest = float(x.max(initial=0))
    else:
        largest = 1.0 if np.isnan(x).all() else float(np.nanmax(x))
    white = white_of_bytes(largest)
    parts = tuple(Input(np.empty((0, 1)), (name,), name) for name in names)
    return Matrix(x, parts, shape, white)


def _side_by_side(columns: Sequence[npt.NDArray], progress: Progress) -> npt.NDArray:
    """Columns (N,) as a matrix (N, D)."""
    kinds, count = {column.dtype for column in columns}, len(columns[0])
    x = np.empty((count, len(columns)), kinds.pop() if len(kinds) == 1 else np.float64)
    for start in range(0, count, _ROWS):  # row by row, so that few lines of memory are touched
        progress(start / count)
        block = slice(start, start + _ROWS)
        x[block] = np.array([column[block] for column in columns]).T
    return x


def _bytes_of(text: TableText, name: str) -> npt.NDArray:
    """The pixels of a column: uint8 (N,), or float64 where some are missing. Raises DataError."""
    found = text.judged(name).values
    if found.dtype == np.uint8:
        return found
    values = text.numbers(name)
    known = values[~np.isnan(values)]
    if not are_pixels(known):
        raise DataError(
            "{file_name}: column '{name}' holds other values than whole numbers from 0 to 255, so"
            " it is no pixel; choose other inputs, or no image.",
            file_name=text.file_name,
            name=short(name),
        )
    return values.astype(np.uint8) if len(known) == len(values) else values


def are_pixels(values: npt.NDArray[np.float64]) -> bool:
    """True where all are whole numbers that a byte holds."""
    is_one = (values == np.rint(values)) & (values >= 0) & (values <= LARGEST_BYTE)
    return bool(is_one.all())


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


def column_of(name: str, names: Collection[str]) -> str | None:
    """The column that an input of this name comes from: itself, or one of dates of which it is a
    part; None where there is no such column.
    """
    if name in names:
        return name
    bases = (name.removesuffix(f" ({part})") for part in dates.PARTS)
    return next((base for base in bases if base != name and base in names), None)


def parts_of(text: TableText, name: str) -> tuple[str, ...]:
    """The inputs that parts of the dates of a column make, beside its days since 1970."""
    found = text.judged(name)
    if found.kind != "dates":
        return ()
    has_times = bool((found.values % 1 > 0).any())
    parts = [part for part in dates.PARTS if part != "hour" or has_times]
    names = (f"{name} ({part})" for part in parts)
    return tuple(each for each in names if not text.has(each))


def _part_of_date(text: TableText, name: str) -> tuple[str, str]:
    """The column of dates that a name means, and the part of it; "" for the whole of a column."""
    if not text.has(name):
        for part in dates.PARTS:
            base = name.removesuffix(f" ({part})")
            if base != name and text.has(base) and text.judged(base).kind == "dates":
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


_ROWS = 4_096
_LOOKED_AT = 200
"""Images that tell how colours are stored."""
_FEWEST_COUNTED = 10
"""Rows from which on a column with a name that counts them does so by no accident."""


def image_in_words(image: Image) -> Message:
    """How many pixels an image (channels, height, width) has."""
    channels, height, width = image
    return Message(
        "{count:,} pixels, an image of {width} x {height} in colour"
        if channels == 3
        else "{count:,} pixels, an image of {width} x {height}",
        count=height * width,
        width=width,
        height=height,
    )


_OF_ROWS = re.compile(
    r"(.*[\W_])?(id|index|idx|row|rows|rownum|nr|no|num|number|record|serial|sno|key)\W*"
    r"|.*(番号|番號|序号|编号|编码|번호|连番|連番|行|№|#)",
    re.IGNORECASE,
)
_ENDS_AS_ID = re.compile(r".*[a-z](Id|ID|Nr|No)")
"""Names of columns that tell rows apart."""
_SURELY_OF_ROWS = re.compile(
    r"(?i:(.*[\W_])?(id|idx|rownum|sno)\W*|index|.*(番号|番號|序号|编号|번호|№))|.*[a-z](Id|ID)"
)
"""Those of them that no measure has: there is a price index, and a number of rooms."""


def numbers_rows(text: TableText, name: str) -> bool:
    """True for a first column that counts the rows from 0 or 1, or has no name because it names
    them, for any column that counts them evenly and whose name says so, and, where the name can
    mean nothing else, for different whole numbers with any gaps between them.
    """
    is_first = name == text.names[0]
    if is_first and text.met.row_names:
        return True
    values = text.judged(name).values
    if _SURELY_OF_ROWS.fullmatch(name) and _tells_apart(text, name, _FEWEST_COUNTED):
        return True
    if _says_rows(name) and counts_evenly(text, name):
        return True
    if not is_first or not len(values):
        return False
    if name == UNNAMED and _alone_unnamed(text) and _tells_apart(text, name, 2):
        return True  # the index of pandas, also behind dropna and sample
    if values[0] not in (0, 1):
        return False
    is_long = name == UNNAMED or len(values) >= _FEWEST_COUNTED
    return is_long and bool((np.diff(values.astype(np.float64)) == 1).all())


def _says_rows(name: str) -> bool:
    return bool(_OF_ROWS.fullmatch(name) or _ENDS_AS_ID.fullmatch(name))


def _alone_unnamed(text: TableText) -> bool:
    return text.form.has_header and text.names[1:2] != invented_names(2)[1:]


def _tells_apart(text: TableText, name: str, fewest: int) -> bool:
    """True where at least so many rows have different whole numbers from 0 up."""
    values = text.judged(name).values if text.is_numeric(name) else np.zeros(0)
    if len(values) < fewest or not (values >= 0).all():  # NaN is none, either
        return False
    return bool((values == np.rint(values)).all()) and len(np.unique(values)) == len(values)


def may_number_rows(text: TableText, name: str) -> Message | None:
    """What there is to say of an input that may only tell the rows apart; None of others."""
    if counts_evenly(text, name):
        return Message(
            "Input '{name}' has whole numbers at equal distances, each of them once, as numbers"
            " of rows are; leave it out if it only tells the rows apart.",
            name=short(name),
        )
    if _says_rows(name) and _tells_apart(text, name, _FEWEST_COUNTED):
        return Message(
            "Input '{name}' has another whole number in each row; leave it out if it only tells the"
            " rows apart.",
            name=short(name),
        )
    return None


def counts_evenly(text: TableText, name: str) -> bool:
    """True for a column of different whole numbers at equal distances, in any order, at least ten:
    what numbers of rows are, and hardly any measure.
    """
    values = text.judged(name).values if text.is_numeric(name) else np.zeros(0)
    count = len(values)
    if count < _FEWEST_COUNTED:
        return False
    low, high = float(values.min()), float(values.max())
    step = (high - low) / (count - 1)
    if step < 1 or not step.is_integer() or not low.is_integer():  # NaN is none, either
        return False
    places = (values.astype(np.float64) - low) / step
    return bool((np.sort(places) == np.arange(count)).all())


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
