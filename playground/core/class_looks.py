"""What the classes of some data look like: a colour and a marker each.

The one place that says so: every picture asks here, wherever it is drawn. What a person has chosen
comes first; other classes take what is left of the palette, in its order. More than ten classes
repeat the ten colours, each time beside other markers: there are a hundred pairs. A file writes
colours as "#3f90da" and markers as words. Imports numpy and the palette only; pure, any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, count
from typing import Any, Final, Literal, get_args

import numpy as np

from playground.core import palette
from playground.core.errors import InvalidValueError, short

Marker = Literal[
    "circle",
    "square",
    "triangle_up",
    "diamond",
    "star",
    "plus",
    "cross",
    "triangle_down",
    "pentagon",
    "triangle_left",
]

COLORS: Final = tuple(
    "#{:02x}{:02x}{:02x}".format(*map(int, color)) for color in palette.CLASS_COLORS
)
"""The colours of the palette as a file writes them, that of class 0 first."""
MARKERS: Final[tuple[Marker, ...]] = get_args(Marker)
"""The markers as a file calls them, that of class 0 first."""
SYMBOLS: Final = dict(zip(MARKERS, palette.CLASS_MARKERS, strict=True))
"""Their symbols in the palette."""

PAIRS: Final = len(COLORS) * len(MARKERS)
"""Classes that look different, each with a pair of a colour and a marker."""

_COLOR_NAMES: Final = dict(zip(COLORS, palette.CLASS_NAMES, strict=True))
_HEX: Final = frozenset("0123456789abcdef")


def check_color(text: str) -> str:
    """A colour as files write it, in small letters. Raises InvalidValueError."""
    color = text.lower()
    if len(color) != 7 or color[0] != "#" or not _HEX.issuperset(color[1:]):
        raise InvalidValueError("'{name}' is no colour; write it as #3f90da.", name=short(text))
    return color


@dataclass(frozen=True, slots=True)
class ClassLooks:
    """What each class looks like.

    colors   "#rrggbb" of the first ten classes; every further ten have the same ones
    markers  keys of SYMBOLS, of the first ten classes; every further ten have them one place on,
             so that no class has colour and marker of another
    """

    colors: tuple[str, ...] = COLORS
    markers: tuple[Marker, ...] = MARKERS

    @classmethod
    def of(cls, data: Any) -> ClassLooks:
        """What the classes of these data look like, data being settings of any kind."""
        colors, markers = data.class_colors or (), data.class_markers or ()
        if not (colors or markers):
            return DEFAULT
        return cls(tuple(_filled(colors, COLORS)), tuple(_filled(markers, MARKERS)))

    def color(self, label: int) -> str:
        """The colour of a class, as a file writes it."""
        return self.colors[label % len(self.colors)]

    def marker(self, label: int) -> Marker:
        """The marker of a class, as a file calls it."""
        return self.markers[_place_of_marker(label, len(self.markers))]

    @property
    def rgb(self) -> palette.Rgb:
        """uint8 (PAIRS, 3), class 0 first; read-only."""
        return _rgb(self.colors)

    @property
    def names(self) -> tuple[str, ...]:
        """What classes are called that nobody has named: by their colours."""
        own = [_COLOR_NAMES.get(color) for color in self.colors]
        left = iter([name for name in palette.CLASS_NAMES if name not in own])
        return tuple(name or next(left) for name in own)

    def called(self, own: Sequence[str], classes: int) -> tuple[str, ...]:
        """The names of so many classes: their `own`, then those of their colours, and behind the
        last colour their labels; no name twice.
        """
        names = list(own[:classes])
        for label in range(len(names), classes):
            usual = self.names[label : label + 1]
            possible = chain(usual, self.names if usual else (), map(str, count(label)))
            names.append(next(one for one in possible if one not in names))
        return tuple(names)

    def symbol(self, label: int) -> str:
        """The marker of a class by its symbol in the palette."""
        return SYMBOLS[self.marker(label)]

    def with_color(self, label: int, color: str) -> ClassLooks:
        """`label` in another colour; a class that has this one takes the colour that becomes free,
        so that no two look alike. Classes that share a colour change it together.
        """
        place = label % len(self.colors)
        return replace(self, colors=_exchanged(self.colors, place, color))

    def with_marker(self, label: int, marker: Marker) -> ClassLooks:
        """`label` with another marker, exchanged like a colour."""
        place = _place_of_marker(label, len(self.markers))
        return replace(self, markers=_exchanged(self.markers, place, marker))

    def without(self, label: int, classes: int) -> ClassLooks:
        """The looks after one of so many classes is taken out: those behind it keep theirs, and
        what it had is free for the next class that is added. Where colours repeat, those behind it
        move up.
        """
        if classes > len(self.colors):
            return self
        return ClassLooks(_at_the_end(self.colors, label), _at_the_end(self.markers, label))

    def settings(self, classes: int) -> dict[str, Any]:
        """`class_colors` and `class_markers` of the data, for that many classes; None where they
        are what they would be without being said.
        """
        return {
            "class_colors": _said(self.colors, COLORS, classes),
            "class_markers": _said(self.markers, MARKERS, classes),
        }


DEFAULT: Final = ClassLooks()
"""What classes look like that nobody has given another look."""


@lru_cache(maxsize=64)
def _rgb(colors: tuple[str, ...]) -> palette.Rgb:
    flat = np.frombuffer(bytes.fromhex("".join(color[1:] for color in colors)), np.uint8)
    repeated = np.resize(flat, (PAIRS, 3))
    repeated.setflags(write=False)
    return repeated


def _place_of_marker(label: int, markers: int) -> int:
    """Every ten classes begin one marker further on than the ten before."""
    return (label + label // markers) % markers


def _filled(chosen: Sequence[Any], usual: Sequence[Any]) -> Iterable[Any]:
    """`chosen`, and behind it what is left of `usual`, as many as those have."""
    left = [one for one in usual if one not in chosen]
    return [*chosen, *left][: len(usual)]


def _exchanged(looks: tuple[Any, ...], label: int, wanted: Any) -> tuple[Any, ...]:
    before = looks[label]
    changed = [before if one == wanted else one for one in looks]
    changed[label] = wanted
    return tuple(changed)


def _at_the_end(looks: tuple[Any, ...], label: int) -> tuple[Any, ...]:
    return (*looks[:label], *looks[label + 1 :], looks[label])


def _said(looks: Sequence[Any], usual: Sequence[Any], classes: int) -> tuple[Any, ...] | None:
    said = tuple(looks[:classes])
    return None if said == tuple(usual[:classes]) else said
