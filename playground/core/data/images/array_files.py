"""Images with labels in arrays of NumPy: .npz under any names, and .npy with the labels beside it.

Nothing in a file is believed before it is checked: what a header promises is never allocated
unseen, and objects are never opened. Imports numpy and the core only; runs on any thread.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import numpy.typing as npt

from playground.core.data.pixels import square_of
from playground.core.data.tables.formats.array_pairs import (
    Header,
    Pair,
    Pairing,
    division_of,
    paired,
    partner_names,
    text_of_pair,
)
from playground.core.data.tables.formats.arrays import (
    MAGIC,
    UNREADABLE,
    all_shown,
    as_answers,
    class_names_in,
    npy_header,
    wanted_pair,
)
from playground.core.data.tables.reading import is_file, opened, read_start
from playground.core.errors import FileError, listed, reason_of, short
from playground.core.messages import N_, Message

LARGEST_SIDE = 256
_MOST_ARRAYS = 200
_SMALLEST_ROW = 64
"""Pixels of the smallest image that a row of numbers is taken for, if nobody says what it is."""
_LOOKED_AT = 64
_WIDEST_ANSWER = 200
"""Columns of labels that are one-hot: of all classes that there can be, and some more."""


class Place(NamedTuple):
    """Where an array is: its file, and its name there; "" in a file that is one array."""

    file: Path
    name: str


class Places(NamedTuple):
    """Arrays of images with those of their labels, pair by pair, and what is to be said of it."""

    pairs: tuple[tuple[Place, Place], ...]
    notes: tuple[Message, ...] = ()


class Arrays(NamedTuple):
    """Pixels (n, ...) and answers (n,) of a file; how many images it has; names of the classes."""

    pixels: npt.NDArray
    answers: npt.NDArray
    found: int
    class_names: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()


def is_array_file(path: Path) -> bool:
    """True for an .npz file, and for one array. Raises FileError where it cannot be read."""
    return path.suffix.lower() == ".npz" or read_start(path, len(MAGIC)) == MAGIC


def holds_images(path: Path) -> bool:
    """True where arrays are images rather than rows of a table; it may be broken yet."""
    try:
        headers = headers_in(path)
    except FileError:
        return path.suffix.lower() == ".npz"
    if not headers:
        return True
    found = paired(headers)
    if found.pairs:
        return are_images(Place(path, found.pairs[0][0]), headers[found.pairs[0][0]])
    for name, header in headers.items():
        if header is None:
            return True
        if are_images(Place(path, name), header):
            return len(header.shape) > 2 or _partner(path, headers) is not None
    return _partner(path, headers) is not None


def are_images(place: Place, header: Header | None) -> bool:
    """True for images, and for rows of as many values as a square image has, from black to white.

    A table may have 64 columns, too: it has numbers that are no pixels.
    """
    if header is None or len(header.shape) != 2:
        return header is None or len(header.shape) > 2
    if header.shape[1] < _SMALLEST_ROW or square_of(header.shape[1]) is None:
        return False
    try:
        some, _ = read_array(place, min(_LOOKED_AT, header.shape[0]) * header.shape[1])
    except (*UNREADABLE, FileError):
        return False
    if some.dtype.kind not in "iufb" or not np.isfinite(some).all() or some.min(initial=0) < 0:
        return False
    is_whole = bool((some == np.rint(some)).all())
    return bool(some.max(initial=0) <= (255 if is_whole else 1))


def headers_in(path: Path) -> dict[str, Header | None]:
    """The heads of the arrays in a file by their names; None for one that is damaged.

    Raises FileError.
    """
    with reading(path), opened(path) as file:
        if file.read(len(MAGIC)) == MAGIC:
            file.seek(0)
            return {"": _header(file)}
        with zipfile.ZipFile(file) as archive:
            found: dict[str, Header | None] = {}
            for name in archive.namelist()[:_MOST_ARRAYS]:
                try:
                    with archive.open(name) as member:
                        found[name.removesuffix(".npy")] = _header(member)
                except (*UNREADABLE, RuntimeError):
                    found[name.removesuffix(".npy")] = None
            return found


def _header(file: IO[bytes]) -> Header:
    shape, _, dtype = npy_header(file)
    return Header(shape, dtype)


# Which arrays belong together.


def places_in(path: Path, wanted: str | None = None) -> Places:
    """Where images and labels are, in this file or with one of the two in a file beside it.

    wanted  the pair of arrays, as in "X, y"; None for the likeliest one
    Raises FileError where there are none.
    """
    headers = headers_in(path)
    if wanted is not None:
        found = Pairing((wanted_pair(path, wanted, headers),))
    else:
        found = paired(headers)
    if not found.pairs:
        partner = _partner(path, headers)
        if partner is None:
            raise _no_pair(path, headers)
        return Places((partner,))
    pairs = tuple((Place(path, rows), Place(path, answers)) for rows, answers in found.pairs)
    return Places(pairs, (*_said_of(found),))


def _said_of(found: Pairing) -> Iterator[Message]:
    """What people would want to know of the choice."""
    if len(found.pairs) > 1:
        template = N_(
            "The file divides its images ({parts}); they come one after the other and are divided"
            " anew."
        )
        yield Message(template, parts=", ".join(map(division_of, found.pairs)))
    if found.others:
        template = N_(
            "The arrays {pair} are taken as images and labels; others are set by data.arrays:"
            " {others}."
        )
        others = listed([f"'{text_of_pair(_short(pair))}'" for pair in found.others], 80)
        yield Message(template, pair=f"'{text_of_pair(_short(found.pairs[0]))}'", others=others)


def _short(pair: Pair) -> Pair:
    return short(pair[0], 24), short(pair[1], 24)


def _partner(path: Path, headers: Mapping[str, Header | None]) -> tuple[Place, Place] | None:
    """The images of a file with the labels of the file that belongs to it, or the other way round;
    None where there is no such file.
    """
    for name, header in headers.items():
        if header is None or not header.shape:
            continue
        is_rows = _has_rows(header)
        for other in _files_beside(path, is_rows=is_rows):
            for theirs, head in _headers_or_none(other).items():
                if head is not None and head.shape and _has_rows(head) != is_rows:
                    own, beside = Place(path, name), Place(other, theirs)
                    if head.shape[0] == header.shape[0]:
                        return (own, beside) if is_rows else (beside, own)
    return None


def _has_rows(header: Header) -> bool:
    """True for an array of images, False for one of labels."""
    is_flat = len(header.shape) == 2 and square_of(header.shape[1]) is not None
    return len(header.shape) > 2 or (is_flat and header.shape[1] >= _SMALLEST_ROW)


def _files_beside(path: Path, *, is_rows: bool) -> Iterator[Path]:
    for name in partner_names(path.stem, of_rows=is_rows):
        for ending in (path.suffix, ".npz", ".npy"):
            if is_file(path.with_name(name + ending)):
                yield path.with_name(name + ending)


def _headers_or_none(path: Path) -> dict[str, Header | None]:
    try:
        return headers_in(path)
    except FileError:
        return {}


def _no_pair(path: Path, headers: Mapping[str, Header | None]) -> FileError:
    alone = [head for head in headers.values() if head is not None and head.shape]
    if len(headers) == len(alone) == 1:
        is_rows = _has_rows(alone[0])
        names = partner_names(path.stem, of_rows=is_rows)
        if names:
            return FileError(
                "{name} has only images; put the file with the labels, {other}, into the same"
                " folder."
                if is_rows
                else "{name} has only labels; put the file with the images, {other}, into the same"
                " folder.",
                name=path,
                other=short(names[0] + path.suffix),
            )
    return FileError(
        "{name} has no array of images with an array of as many labels; it has {found}.",
        name=path,
        found=all_shown(headers),
    )


# What is in them.


def read_arrays(path: Path, wanted: str | None, most: int) -> Arrays:
    """Images and labels, those of several pairs one after the other, up to `most` pixels.

    Raises FileError.
    """
    places = places_in(path, wanted)
    room, found = most, 0
    images, answers = [], []
    for x, y in places.pairs:
        pixels, rows = _read(path, x, room)
        labels = _labels(path, y, len(pixels))
        if len(labels) < len(pixels):
            raise FileError(
                "{name}: {x} has {images:,} images, but {y} has {labels:,} labels.",
                name=path,
                x=x.name or x.file,
                images=len(pixels),
                y=y.name or y.file,
                labels=len(labels),
            )
        room, found = room - pixels.size, found + rows
        images.append(pixels)
        answers.append(labels[: len(pixels)])
    if len({(part.shape[1:]) for part in images}) > 1:
        raise FileError("{name}: training and test images differ in size.", name=path)
    together = np.concatenate(answers)
    names = _names_of_classes(path, together)
    # One array alone is not copied: it may be as large as there is room for.
    pixels = images[0] if len(images) == 1 else np.concatenate(images)
    return Arrays(pixels, together, found, names, places.notes)


def kind_of_labels(places: Places) -> tuple[str, bool]:
    """The kind of the labels' type, as NumPy has it, and whether each class is a column of its own.

    Raises FileError.
    """
    place = places.pairs[0][1]
    header = headers_in(place.file)[place.name]
    assert header is not None, "it has been read"
    return header.dtype.kind, len(header.shape) == 2 and header.shape[1] > 1


def _labels(path: Path, place: Place, count: int) -> npt.NDArray:
    array, _ = _read(path, place, max(count, 1) * _WIDEST_ANSWER, words=True)
    labels = as_answers(array)
    if labels is None:
        raise FileError("{name}: labels need to be whole numbers, one for each image.", name=path)
    return np.char.decode(labels, "utf-8", "replace") if labels.dtype.kind == "S" else labels


def _names_of_classes(path: Path, answers: npt.NDArray) -> tuple[str, ...]:
    """The words in the file that name the classes 0, 1, ...; () where there are none."""
    name = class_names_in(headers_in(path), answers)
    if name is None:
        return ()
    words, _ = _read(path, Place(path, name), 3 * LARGEST_SIDE**2, words=True)
    return tuple(str(word) for word in words.astype(str).tolist())


def _read(path: Path, place: Place, room: int, *, words: bool = False) -> tuple[npt.NDArray, int]:
    with reading(path):
        return read_array(place, room, words=words)


def read_array(place: Place, room: int, *, words: bool = False) -> tuple[npt.NDArray, int]:
    """As many rows of an array as `room` has values for, and how many rows there are.

    words  True where it may be of words
    Raises FileError, and what reading raises.
    """
    with opened(place.file) as file:
        if not place.name and file.read(len(MAGIC)) == MAGIC:
            file.seek(0)
            return _rows(place, file, room, words)
        with zipfile.ZipFile(file) as archive, archive.open(f"{place.name}.npy") as member:
            return _rows(place, member, room, words)


def _rows(place: Place, file: IO[bytes], room: int, words: bool) -> tuple[npt.NDArray, int]:
    path, name = place.file, place.name or place.file.name
    shape, is_fortran, dtype = npy_header(file)
    if dtype.hasobject:
        raise FileError(
            "{name}: {array} holds Python objects, which may run programs when opened; save it"
            " again as numbers.",
            name=path,
            array=short(name),
        )
    kinds = "iufbUS" if words else "iufb"
    if dtype.kind not in kinds or not 1 <= len(shape) <= 4 or 0 in shape or not dtype.itemsize:
        raise FileError(
            "{name}: {array} is no array of images or labels.", name=path, array=short(name)
        )
    row = prod(shape[1:])
    if row > 3 * LARGEST_SIDE**2:
        raise FileError(
            "{name}: {array} has {size:,} values an image, which is too many.",
            name=path,
            array=short(name),
            size=row,
        )
    count = min(shape[0], room // row)
    if is_fortran and len(shape) > 1:
        raise FileError(
            "{name}: {array} is stored column by column; save it with numpy.ascontiguousarray.",
            name=path,
            array=short(name),
        )
    content = exactly(path, file, count * row * dtype.itemsize)
    return np.frombuffer(content, dtype).reshape(count, *shape[1:]), shape[0]


def exactly(path: Path, file: IO[bytes], count: int) -> bytes:
    """As many bytes. Raises FileError where fewer follow."""
    content = file.read(count)
    if len(content) < count:
        raise FileError(
            "{name} is cut off: {count:,} bytes should follow, but only {found:,} do; fetch the"
            " file again.",
            name=path,
            count=count,
            found=len(content),
        )
    return content


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what may go wrong with a file into a sentence."""
    try:
        yield
    except FileError:
        raise
    except UNREADABLE as error:
        reason = reason_of(error)
        raise FileError("{name} cannot be read: {reason}.", name=path, reason=reason) from None
