"""What is in the columns of a table: numbers, dates, text or nothing, and what is missing.

Imports numpy and the core only; any thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from playground.core import numbers
from playground.core.data.pixels import square_of
from playground.core.data.points import MAX_CLASSES
from playground.core.data.tables.cells import Kind, number_in
from playground.core.data.tables.form import invented_names
from playground.core.data.tables.formats.orange import Role
from playground.core.data.tables.formats.whole_numbers import WholeNumbers
from playground.core.data.tables.importing import TableText
from playground.core.data.tables.inputs import Image, numbers_rows, parts_of
from playground.core.data.tables.labels import (
    are_codes,
    labels_of_cells,
    values_of_text,
    written_alike,
)
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.data.tables.writing.signs import is_limit
from playground.core.errors import DataError, short
from playground.core.messages import Message, plural

MOST_WHOLE = 10
"""Different whole numbers up to which a column is taken for classes rather than measures."""


@dataclass(frozen=True, slots=True, eq=False)
class ColumnFacts:
    """What is in a column.

    kind     numbers, dates, text, or nothing at all
    labels   the different cells, as classes are named; empty where there are more than
             can be told apart
    gaps     bool (N,): True where a cell is missing
    refusal  a sentence about a number that is too large; empty where all can be used
    whole    True for up to ten different whole numbers: they are classes rather than measures
    values   the different words of a text that can be an input; empty where it cannot
    odd      words among numbers or dates that are taken as gaps, with the line of each
    unit     what stands with the numbers, such as % or cm
    different  how many different cells a text has; 0 for other columns
    role     what the file says that the column is for; None where it says nothing
    span     the smallest and the largest value where all are whole numbers; None elsewhere
    most     the share of its values that the most frequent one has
    parts    the inputs that dates make beside their days since 1970: the weekday, ...
    text     the first cell behind numbers that is none, and its line, where that makes it a text
    numbers_rows  True for a column that numbers the rows, see `inputs.numbers_rows`
    """

    name: str
    kind: Kind
    labels: tuple[str, ...]
    gaps: npt.NDArray[np.bool_]
    refusal: str = ""
    whole: bool = False
    values: tuple[str, ...] = ()
    odd: Mapping[str, int] = field(default_factory=dict)
    unit: str = ""
    different: int = 0
    numbers_rows: bool = False
    role: Role | None = None
    span: tuple[int, int] | None = None
    most: float = 0.0
    parts: tuple[str, ...] = ()
    text: tuple[str, int] | None = None

    @property
    def missing(self) -> int:
        """Cells without a value."""
        return int(self.gaps.sum())

    @property
    def is_constant(self) -> bool:
        """True where all rows with a value have the same."""
        if self.kind == "text":
            return len(self.labels) == 1
        present = len(self.gaps) - self.missing
        return present > 0 and round(self.most * len(self.gaps)) == present

    @property
    def holds_classes(self) -> bool:
        """True where the column, as the answer, would be taken for classes."""
        return self.kind != "numbers" or self.whole

    @property
    def may_be_classes(self) -> bool:
        """True for a measure whose values are those of labels: whole numbers from 0 or 1 up without
        a gap, each more than once.
        """
        if self.span is None or self.whole or self.kind != "numbers" or not self.labels:
            return False
        return are_codes(*self.span, len(self.labels), len(self.gaps))

    @property
    def can_be_input(self) -> bool:
        """True where a network can be shown the column."""
        return self.kind in ("numbers", "dates") or bool(self.values)


# Images.

LEAST_SIDE = 8
"""Pixels along each side of an image at least: fewer columns are a square by accident, and the
smallest images that anybody learns from, scikit-learn's digits, have as many.
"""

_OF_PIXELS = re.compile(r"#|x#|v#|f#|c#|col#|column#|feature#|att#|attr#|attribute#|var#|value#|p#")
"""Names of columns of which any table may have many; # is a number."""
_SAYS_PIXEL = re.compile(r".*pi?x.*#|#x#|r(ow)?#c(ol)?#|[rgb]#|(red|green|blue)#")


def image_of(columns: Sequence[ColumnFacts]) -> Image | None:
    """(channels, height, width) of the square image that these columns may be: whole numbers from 0
    to 255, as many as the image has pixels, in grey or in colour; None where they are none.
    """
    found = square_of(len(columns))
    if found is None or found[1] < LEAST_SIDE or not all(map(_holds_bytes, columns)):
        return None
    channels, side = found
    return channels, side, side


def pixels_among(
    columns: Sequence[ColumnFacts], answer: str | None
) -> tuple[Sequence[ColumnFacts], Sequence[ColumnFacts]] | None:
    """The columns that are surely the pixels of an image, and the others; None without an image.

    Their names say so; or they have plain names or none, and go from black to white: from 0 to 15,
    16, or more than 200. The answer stands before or behind them, unless it is named.
    """
    others = [column for column in columns if column.name != answer]
    named = [column for column in others if _SAYS_PIXEL.fullmatch(_stem(column.name))]
    chosen = {column.name for column in named}
    if len(named) < len(columns) and image_of(named) is not None:
        return named, [column for column in columns if column.name not in chosen]
    ways: list[tuple[Sequence[ColumnFacts], Sequence[ColumnFacts]]]
    if answer is not None:
        ways = [(others, [column for column in columns if column.name == answer])]
    else:
        ways = [(columns[:-1], columns[-1:]), (columns[1:], columns[:1])]
    is_unnamed = tuple(column.name for column in columns) == invented_names(len(columns))
    possible = [way for way in ways if way[1] and _are_shades(way[0], is_unnamed)]
    # A corner of the images hardly ever changes, and an answer has many of all its classes.
    return min(possible, key=lambda way: way[1][0].most, default=None)


def _holds_bytes(column: ColumnFacts) -> bool:
    span = column.span
    return column.kind == "numbers" and span is not None and span[0] >= 0 and span[1] <= 255


def _stem(name: str) -> str:
    """A name in small letters with # for each number, and without what stands between words; two
    numbers have an x between them.
    """
    two = re.sub(r"(\d)[\s._:,-]+(\d)", r"\1x\2", name.lower())
    return re.sub(r"\d+", "#", re.sub(r"[\s._:,()\[\]-]+", "", two))


def _are_shades(columns: Sequence[ColumnFacts], is_unnamed: bool) -> bool:
    if image_of(columns) is None:
        return False
    stems = {_stem(column.name) for column in columns}
    if not is_unnamed and not (len(stems) == 1 and _OF_PIXELS.fullmatch(stems.pop())):
        return False
    low = min(column.span[0] for column in columns if column.span)
    high = max(column.span[1] for column in columns if column.span)
    return low == 0 and (high in (15, 16) or high > 200)


# Columns.


def facts_of(text: TableText, progress: Progress = no_progress) -> tuple[ColumnFacts, ...]:
    """What is in each column of a table."""
    facts = []
    share = 1 / len(text.names)
    for index, name in enumerate(text.names):
        progress(index * share)
        text.judged(name, partial(_part_of, progress, index * share, share))
        looked = partial(progress, (index + 1) * share)
        facts.append(replace(_facts(text, name, looked), role=text.met.roles.get(name)))
    return tuple(facts)


def _part_of(progress: Progress, start: float, share: float, part: float) -> None:
    progress(start + share * part)


def _facts(text: TableText, name: str, looked: Callable[[], None]) -> ColumnFacts:
    """What is in a column that was judged; tells between looks at all of its cells."""
    looked()
    found, cells = text.judged(name), text.column(name)
    if isinstance(cells, WholeNumbers) and found.kind == "numbers":
        return _facts_of_whole(text, name, cells)
    if found.kind == "text":
        return _facts_of_text(text, name, looked)
    refusal = ""
    try:
        text.numbers(name)
    except DataError as error:
        refusal = error.message
    gaps = np.isnan(found.values)
    looked()
    different, counts = np.unique(found.values[~gaps], return_counts=True)
    looked()
    # Each number has a label of its own, and to find labels takes a look at each cell.
    labels = _labels(text, name) if len(different) <= MAX_CLASSES else ()
    is_finite = found.kind == "numbers" and bool(np.isfinite(different).all())
    is_whole = is_finite and bool((different == np.rint(different)).all())
    odd = {word: text.line_of(row) for word, row in found.odd.items()}
    return ColumnFacts(
        name,
        found.kind,
        labels,
        gaps,
        refusal,
        is_whole and len(different) <= MOST_WHOLE,
        odd=odd,
        unit=found.unit,
        numbers_rows=numbers_rows(text, name),
        span=(int(different[0]), int(different[-1])) if is_whole and len(different) else None,
        most=counts.max(initial=0) / max(len(found.values), 1),
        parts=parts_of(text, name),
    )


def _labels(text: TableText, name: str) -> tuple[str, ...]:
    """The different labels in a column; none where there are more than can be told apart."""
    known = labels_of_cells(text, name) or {}
    labels = tuple(dict.fromkeys(label for label in known.values() if label is not None))
    return labels if len(labels) <= MAX_CLASSES else ()


def _facts_of_text(text: TableText, name: str, looked: Callable[[], None]) -> ColumnFacts:
    """The same of a column of words."""
    cells = text.column(name)
    known = labels_of_cells(text, name) or {}
    missing = {cell for cell, label in known.items() if label is None}
    looked()
    gaps = np.fromiter(map(missing.__contains__, cells), bool, len(text))
    looked()
    return ColumnFacts(
        name,
        "nothing" if gaps.all() else "text",
        _labels(text, name),
        gaps,
        values=values_of_text(text, name),
        different=len(set(cells) - missing),
        text=_text_behind_numbers(text, name),
    )


def _facts_of_whole(text: TableText, name: str, cells: WholeNumbers) -> ColumnFacts:
    """The same of a column that is known to hold whole numbers, of which none is missing."""
    counts = cells.counts()
    return ColumnFacts(
        name,
        "numbers",
        tuple(counts) if len(counts) <= MAX_CLASSES else (),
        np.broadcast_to(np.False_, len(cells)),  # takes no room
        whole=len(counts) <= MOST_WHOLE,
        numbers_rows=numbers_rows(text, name),
        span=(int(cells.values.min()), int(cells.values.max())),
        most=max(counts.values()) / len(cells),
    )


def _text_behind_numbers(text: TableText, name: str) -> tuple[str, int] | None:
    row = text.judged(name).text
    cells = text.column(name)
    if not any(number_in(cell, text.form.decimal) is not None for cell in cells[:row]):
        return None
    return cells[row], text.line_of(row)


# Remarks.

_MOST_NAMED = 3


def about_cells(text: TableText, names: Sequence[str]) -> Iterator[Message]:
    """What was met among the cells of these columns, for a person: sentences."""
    known = set(text.names)
    for name in names:
        if name in known:  # else a part of a date
            yield from _about_missing(text, name)
            yield from _about_rough(text, name)
            yield from _about_order(text, name)
            yield from _about_labels(text, name)


def _about_missing(text: TableText, name: str) -> Iterator[Message]:
    """Words among numbers that were taken as gaps, and bounds, whose value nobody knows.

    To learn a bound as if it were the value would move means and lines towards it.
    """
    odd = text.judged(name).odd
    for word, row in list(odd.items())[:_MOST_NAMED]:
        yield Message(
            "'{word}' in column '{name}', line {line:,}, is a limit and no value, so it is taken"
            " as missing."
            if is_limit(word, text.form.decimal)
            else "'{word}' in column '{name}', line {line:,}, is taken as missing.",
            word=short(word, 40),
            name=short(name),
            line=text.line_of(row),
        )
    if len(odd) > _MOST_NAMED:
        yield Message(
            "{count:,} other words in column '{name}' are taken as missing.",
            count=len(odd) - _MOST_NAMED,
            name=short(name),
        )


def _about_rough(text: TableText, name: str) -> Iterator[Message]:
    """Numbers that are taken without what stands around them, of which the first is shown."""
    found = text.judged(name)
    for cell, row in list(found.rough.items())[:1]:
        yield Message(
            "'{cell}' in column '{name}', line {line:,}, is read as {value}, and others like it so,"
            " too.",
            cell=short(cell, 40),
            name=short(name),
            line=text.line_of(row),
            value=f"{_written(found.values[row])} {found.unit}".strip(),
        )


def _about_order(text: TableText, name: str) -> Iterator[Message]:
    if text.judged(name).is_guess:
        yield Message(
            "Dates in column '{name}' are read with the month first; write them as year-month-day"
            " if the day comes first.",
            name=short(name),
        )


def _written(value: float) -> str:
    return numbers.whole(value) if value.is_integer() else numbers.rounded(value, 7)


def _about_labels(text: TableText, name: str) -> Iterator[Message]:
    """Labels that somebody may have meant to be one."""
    pairs = written_alike(text, name)
    for first, second in pairs[:_MOST_NAMED]:
        yield Message(
            "'{first}' and '{second}' in column '{name}' differ only in capitals or blanks; write"
            " them alike in the file if they mean the same.",
            first=short(first, 40),
            second=short(second, 40),
            name=short(name),
        )
    if count := max(len(pairs) - _MOST_NAMED, 0):
        yield plural(
            "{count:,} other label in column '{name}' is like another but for capitals or blanks.",
            "{count:,} other labels in column '{name}' are like others but for capitals or blanks.",
            count,
            name=short(name),
        )
