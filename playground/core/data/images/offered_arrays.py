"""Which arrays of a file may be images, and which may be their labels. Any thread."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from playground.core.data.images.array_files import Place, are_images, headers_in, is_array_file
from playground.core.data.tables.formats.array_pairs import (
    Pair,
    division_of,
    paired,
    possible_answers,
    text_of_pair,
)
from playground.core.errors import FileError


class Offered(NamedTuple):
    """What may be chosen in a file: the pairs that are taken where nobody chooses, for each array
    of images those that may be its labels, and the shape of each of these arrays.
    """

    taken: tuple[Pair, ...]
    possible: Mapping[str, tuple[str, ...]]
    shapes: Mapping[str, tuple[int, ...]]

    @property
    def pairs(self) -> dict[str, Pair]:
        """Every pair by its name, which `ImagesData.arrays` has: "X, y"."""
        pairs = [(rows, answers) for rows, some in self.possible.items() for answers in some]
        return {text_of_pair(pair): pair for pair in pairs}

    @property
    def likeliest(self) -> str | None:
        """The name of one pair: that which is taken, or the first one; None where there is none."""
        taken = (name for name, pair in self.pairs.items() if pair in self.taken)
        return next(iter([*taken, *self.pairs]), None)

    @property
    def has_choice(self) -> bool:
        """True where there are other pairs than those that are taken."""
        return not {*self.pairs.values()} <= {*self.taken}

    @property
    def divisions(self) -> tuple[str, ...]:
        """What the file calls the parts that are taken together; () where one pair is taken."""
        return tuple(map(division_of, self.taken)) if len(self.taken) > 1 else ()


def offered_in(path: Path) -> Offered:
    """What may be chosen in a file of arrays. Raises FileError where it cannot be read."""
    headers = headers_in(path)
    possible = {
        rows: answers
        for rows, answers in possible_answers(headers).items()
        if are_images(Place(path, rows), headers[rows])
    }
    shapes = {name: head.shape for name, head in headers.items() if head is not None}
    return Offered(paired(headers).pairs, possible, shapes)


def has_choice(path: Path) -> bool:
    """True for a file of arrays in which other images or labels may be meant than are taken."""
    try:
        return is_array_file(path) and offered_in(path).has_choice
    except FileError:  # it is said by whoever opens it
        return False
