"""Which arrays of a file belong together: rows and their answers, told by names and shapes.

Pure functions on names, shapes and types; any thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

Pair = tuple[str, str]
"""The name of an array of rows or images, and that of their answers."""

_ROWS = ("x", "images", "data", "imgs", "img", "image", "features", "inputs", "pixels", "samples")
_ANSWERS = ("y", "labels", "target", "targets", "label", "classes", "class", "answers", "outputs")
_DIVISIONS = {
    "train": "train",
    "training": "train",
    "tr": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
    "te": "test",
    "t10k": "test",
}
_ORDER = ("train", "val", "test")
_USUAL = (("x", "y"), ("images", "labels"), ("data", "labels"))
"""What 0.1.0 knew, in the order in which it took them."""
_WORD = re.compile(r"t10k|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_JOINED = re.compile(rf"([xy])({'|'.join(_DIVISIONS)})")
_TIED = re.compile(r"[^,]+,[^,]+")


class Header(NamedTuple):
    """What the head of an array says: its shape, and the type of its values."""

    shape: tuple[int, ...]
    dtype: np.dtype


class Role(NamedTuple):
    """What a name says: the word for rows or for answers in it, and all its other words."""

    rows: str = ""
    answers: str = ""
    rest: tuple[str, ...] = ()


class Pairing(NamedTuple):
    """Pairs that belong together, one after the other, and other pairs that might have been meant.

    Several are the divisions of one set, as `division_of` calls them.
    """

    pairs: tuple[Pair, ...] = ()
    others: tuple[Pair, ...] = ()


def role_of(name: str) -> Role:
    """What the words of a name say, whatever stands between them: `x_train`, `trainImages`."""
    words: list[str] = []
    for word in map(str.lower, _WORD.findall(name)):
        joined = _JOINED.fullmatch(word)
        words += joined.groups() if joined else [word]
    words = [_DIVISIONS.get(word, word) for word in words]
    for known, place in ((_ANSWERS, 1), (_ROWS, 0)):  # `image_labels` are labels
        found = next((word for word in known if word in words), None)
        if found is not None:
            rest = tuple(
                word for word in words if word != found and (place == 0 or word not in _ROWS)
            )
            return Role(rest=rest, **{("rows", "answers")[place]: found})
    return Role(rest=tuple(words))


def division_of(pair: Pair) -> str:
    """The part of a set that the name of an array tells: train, val or test; "" for none."""
    return next((word for word in role_of(pair[0]).rest if word in _ORDER), "")


def text_of_pair(pair: Pair) -> str:
    """A pair as people name it: `X, y`."""
    return ", ".join(pair)


def named_pair(text: str, names: Iterable[str]) -> Pair | None:
    """The pair that `text_of_pair` has written, where there are arrays of these names."""
    if not _TIED.fullmatch(text):
        return None
    rows, answers = (part.strip() for part in text.split(","))
    return (rows, answers) if {rows, answers} <= set(names) else None


def paired(arrays: Mapping[str, Header | None]) -> Pairing:
    """Which arrays are rows with their answers; an array whose head is damaged has None.

    Names tell it first, however long the arrays are; where they do not, shapes and types tell.
    """
    by_division: dict[tuple[str, ...], list[Pair]] = {}
    roles = {name: role_of(name) for name in arrays}
    for pair in _by_names(roles):
        if _words(roles, pair) in _USUAL or _fit(arrays[pair[0]], arrays[pair[1]]):
            by_division.setdefault(roles[pair[0]].rest, []).append(pair)
    for found in by_division.values():
        found.sort(key=lambda pair: _likeliest(*_words(roles, pair)))
    divided = [rest for rest in by_division if rest and rest[-1] in _ORDER and len(rest) == 1]
    if divided:
        return _of_divisions(by_division, divided)
    if by_division:
        rests = sorted(by_division, key=len)
        possible = [pair for rest in rests for pair in by_division[rest]]
        return Pairing(tuple(possible[:1]), tuple(possible[1:]))
    shaped = _by_shapes(arrays)
    return Pairing(tuple(shaped[:1]), tuple(shaped[1:]))


def possible_answers(arrays: Mapping[str, Header | None]) -> dict[str, tuple[str, ...]]:
    """For each array that may be rows or images those that may be their answers, both with the
    likeliest ones first.
    """
    found = paired(arrays)
    possible: dict[str, dict[str, None]] = {}
    for rows, answers in (*found.pairs, *found.others, *_by_shapes(arrays)):
        if _fit(arrays[rows], arrays[answers]):
            possible.setdefault(rows, {})[answers] = None
    return {rows: tuple(answers) for rows, answers in possible.items()}


def _of_divisions(
    by_division: Mapping[tuple[str, ...], Sequence[Pair]], divided: Sequence[tuple[str, ...]]
) -> Pairing:
    divided = sorted(divided, key=lambda rest: _ORDER.index(rest[0]))
    pairs = [by_division[rest][0] for rest in divided]
    if ("x_train", "y_train") in pairs:  # 0.1.0 has left out what is for validation
        pairs = [pair for pair in pairs if pair[0] in ("x_train", "x_test")]
    others = [pair for found in by_division.values() for pair in found if pair not in pairs]
    return Pairing(tuple(pairs), tuple(others))


def _by_names(roles: Mapping[str, Role]) -> list[Pair]:
    return [
        (rows, answers)
        for rows, role in roles.items()
        for answers, other in roles.items()
        if role.rows and other.answers and role.rest == other.rest
    ]


def _words(roles: Mapping[str, Role], pair: Pair) -> Pair:
    return roles[pair[0]].rows, roles[pair[1]].answers


def _likeliest(rows: str, answers: str) -> tuple[int, int, int]:
    """Smaller for words that go together more often."""
    usual = _USUAL.index((rows, answers)) if (rows, answers) in _USUAL else len(_USUAL)
    return usual, _ROWS.index(rows), _ANSWERS.index(answers)


def _by_shapes(arrays: Mapping[str, Header | None]) -> list[Pair]:
    """Large arrays with small ones of the same length, in the order in which they are likely."""
    found: list[tuple[tuple[bool, int, bool, bool], Pair]] = []
    for rows, header in arrays.items():
        for answers, other in arrays.items():
            if rows == answers or header is None or other is None or not _fit(header, other):
                continue
            if _size(other) >= _size(header):
                continue
            is_answer, is_whole = bool(role_of(answers).answers), other.dtype.kind in "iubUS"
            likely = bool(role_of(rows).answers), -_size(header), not is_answer, not is_whole
            found.append((likely, (rows, answers)))
    return [pair for _, pair in sorted(found, key=lambda each: each[0])]


def _fit(rows: Header | None, answers: Header | None) -> bool:
    """True where one is of rows with several values and the other has one answer for each row."""
    if rows is None or answers is None or min(len(rows.shape), len(answers.shape)) < 1:
        return False
    is_rows = 2 <= len(rows.shape) <= 4 and _size(rows) > 1 and rows.dtype.kind in "iufb"
    is_answers = len(answers.shape) <= 2 and answers.dtype.kind in "iufbUS"
    return is_rows and is_answers and rows.shape[0] == answers.shape[0]


def _size(header: Header) -> int:
    """Values in a row."""
    return int(np.prod(header.shape[1:], dtype=object))


def words_in(arrays: Mapping[str, Header | None], count: int, about: Sequence[str]) -> str | None:
    """The array of `count` words whose name tells that it is `about` these things; None without."""
    for name, header in arrays.items():
        is_words = header is not None and header.dtype.kind in "US" and header.shape == (count,)
        if is_words and any(word in name.lower() for word in about):
            return name
    return None


def partner_names(stem: str, *, of_rows: bool) -> list[str]:
    """What the file with the answers may be called beside the one with the rows, likeliest first;
    the other way round where `of_rows` is False. Names come without their endings.
    """
    own, others = (_ROWS, _ANSWERS) if of_rows else (_ANSWERS, _ROWS)
    found = []
    for word in own:
        place = re.compile(rf"(?<![a-z]){word}(?![a-z])", re.IGNORECASE)
        if place.search(stem):
            found += [place.sub(other, stem) for other in _likely(word, others)]
    if not found and of_rows:
        found = [f"{stem}{sign}{other}" for sign in "-_" for other in ("labels", "y")]
    if not found:
        return []
    return list(dict.fromkeys(found))


def _likely(word: str, others: Sequence[str]) -> list[str]:
    """The words for the other kind, the one that goes with this one first."""
    usual = {"x": "y", "y": "x", "data": "target", "target": "data"}.get(word, "labels")
    usual = usual if usual in others else "images"
    upper = [other.upper() for other in others if len(other) == 1]
    return sorted([*others, *upper], key=lambda other: other != usual)
