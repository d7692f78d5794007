"""Maps of more classes than there are colours: two neighbours may share one, so that a line has to
tell where one gives way to the other.

Imports numpy and the palette only and holds no state; pure, any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from playground.core import palette

LINE_STRENGTH: Final = 0.6
"""How far a border goes from the colour that it crosses to that of lines."""
AROUND: Final = 4
"""Cells beyond those that a class wins, in which it may win between them."""


@dataclass(frozen=True, slots=True, eq=False)
class Colors:
    """The colours of a map, RGB from 0 to 255.

    classes  (>= C, 3), one row a class
    neutral  (3,) where nothing is decided
    line     (3,) towards which the borders go
    """

    classes: ArrayLike
    neutral: ArrayLike
    line: ArrayLike


def repeats_colors(classes: int) -> bool:
    """True where so many classes share colours."""
    return classes > len(palette.CLASS_COLORS)


def bordered(
    picture: npt.NDArray[np.float32], colors: Colors, cells: int, *, decided: bool = False
) -> palette.Rgb:
    """Colours uint8 (H, W, 3) of a map of probabilities (h, w, C), `cells` along its longer side at
    least, with a line wherever another class wins.

    decided  show only which class wins, not how surely
    """
    winner = winners(picture, cells)
    if decided:
        strong = np.asarray(colors.classes, np.float32) - np.asarray(colors.neutral, np.float32)
        table = np.asarray(colors.neutral, np.float32) + palette.MAP_STRENGTH * strong
        mixed = table[winner]
    else:
        mixed = palette.blend(picture, colors.neutral, colors=colors.classes).astype(np.float32)
        mixed = refined(mixed, cells)
    is_border = borders(winner)
    line = np.asarray(colors.line, np.float32)
    mixed[is_border] += LINE_STRENGTH * (line - mixed[is_border])
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def borders(winner: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """True in the cells (H, W) next to which, behind or over them, another class wins."""
    result = np.zeros(winner.shape, bool)
    result[:, :-1] |= winner[:, :-1] != winner[:, 1:]
    result[:-1] |= winner[:-1] != winner[1:]
    return result


def winners(picture: npt.NDArray[np.float32], cells: int) -> npt.NDArray[np.int64]:
    """The class that wins in each cell of a map (h, w, C) that is refined to `cells`, (H, W).

    Each class is looked at only around where it wins, which makes a hundred as cheap as ten.
    """
    coarse = picture.argmax(axis=2)
    scale = 2 ** _doublings(picture, cells)
    best = np.full((scale * coarse.shape[0], scale * coarse.shape[1]), -np.inf, np.float32)
    result = np.zeros(best.shape, np.int64)
    for label in np.unique(coarse):
        rows, columns = (_around(where) for where in np.nonzero(coarse == label))
        part = picture[rows, columns, label]
        for _ in range(scale.bit_length() - 1):
            part = _doubled(_doubled(part, 0), 1)
        place = _scaled(rows, scale), _scaled(columns, scale)
        is_ahead = part > best[place]
        best[place][is_ahead] = part[is_ahead]
        result[place][is_ahead] = label
    return result


def _around(places: npt.NDArray[np.int64]) -> slice:
    return slice(max(0, int(places.min()) - AROUND), int(places.max()) + 1 + AROUND)


def _scaled(part: slice, scale: int) -> slice:
    return slice(scale * part.start, scale * part.stop)


def refined(picture: npt.NDArray[np.float32], cells: int) -> npt.NDArray[np.float32]:
    """At least `cells` cells along the longer side: doubled as often as needed, (H, W, ...) ->
    (2H, 2W, ...), the new ones by linear interpolation.

    Colours bend where probabilities do not: interpolating before colouring keeps thin borders from
    fraying.
    """
    for _ in range(_doublings(picture, cells)):
        picture = _doubled(_doubled(picture, 0), 1)
    return picture


def _doublings(picture: npt.NDArray, cells: int) -> int:
    return max(0, int(np.ceil(np.log2(cells / max(picture.shape[:2])))))


def _doubled(picture: npt.NDArray[np.float32], axis: int) -> npt.NDArray[np.float32]:
    first = np.take(picture, [0], axis)
    last = np.take(picture, [-1], axis)
    before = np.concatenate([first, np.delete(picture, -1, axis)], axis)
    after = np.concatenate([np.delete(picture, 0, axis), last], axis)
    pairs = np.stack([0.75 * picture + 0.25 * before, 0.75 * picture + 0.25 * after], axis + 1)
    shape = list(picture.shape)
    shape[axis] *= 2
    return pairs.reshape(shape)
