"""Images with labels in files that people bring: MNIST's IDX format and NumPy's npz.

Nothing in a file is believed before it is checked: what its header promises is never allocated
unseen, pickled objects are never opened, and no more pixels are read than `MOST_PIXELS`. Imports
numpy only; runs on any thread.

IDX (LeCun, Cortes and Burges 1998): two zero bytes, the type 0x08 (bytes), the number of
dimensions, each dimension as four bytes with the highest first, then the values.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from math import prod
from pathlib import Path
from typing import IO, cast
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from playground.core.data.images.array_files import (
    LARGEST_SIDE,
    Arrays,
    exactly,
    holds_images,
    is_array_file,
    read_arrays,
    reading,
)
from playground.core.data.pixels import Pixels, square_of
from playground.core.data.points import MAX_CLASSES, Points
from playground.core.data.tables.formats.arrays import UNREADABLE
from playground.core.data.tables.reading import Stamp, is_file, opened, stamp_of
from playground.core.data.tables.table import Table
from playground.core.errors import FileError, printable, short
from playground.core.messages import N_, Message

MOST_PIXELS = 55_000_000
"""Values that are read of one file: the 70,000 images of MNIST, in 220 MB."""

_GZIP = b"\x1f\x8b"
_IDX = b"\0\0\x08"

_in_use: WeakValueDictionary[tuple[Stamp | None, str | None], Table] = WeakValueDictionary()
"""The images of files that somebody holds, such as a dataset; none are kept for their own sake."""


def is_image_file(path: str | Path) -> bool:
    """True where a file looks like IDX, plain or gzip, or has arrays that look like images; it may
    be broken yet.
    """
    path = Path(path)
    try:
        if is_array_file(path):
            return holds_images(path)
        with _opened(path) as file:
            return file.read(3) == _IDX
    except (*UNREADABLE, FileError):
        return path.suffix.lower() == ".npz"


def read_images(path: str | Path, arrays: str | None = None) -> Table:
    """The images of a file with their labels: raw pixels as points.x (N, C * H * W), Pixels
    where the file has bytes.

    Of two files that belong together either may be named; the other one is found beside it. Raises
    FileError where the file is none of images, is cut off, or does not fit its labels. Images that
    are in use are not read again from a file that has not changed.

    arrays  the names of the arrays with images and with labels, as in "X, y"; None for those that
            are found out
    """
    path = Path(path)
    stamp = stamp_of(path)
    table = _in_use.get((stamp, arrays)) or _read(path, arrays)
    if stamp is not None:
        _in_use[stamp, arrays] = table
    return table


def _read(path: Path, arrays: str | None) -> Table:
    read = read_arrays(path, arrays, MOST_PIXELS) if is_array_file(path) else _from_idx(path)
    image, pixels = _as_channels(path, read.pixels)
    if len(read.answers) < len(pixels):
        raise FileError(
            "{name} has {images:,} images but {labels:,} labels; every image needs one.",
            name=path,
            images=len(pixels),
            labels=len(read.answers),
        )
    labels, names = _checked_labels(path, read.answers[: len(pixels)])
    notes = list(read.notes)
    if read.found > len(pixels):
        template = N_("The file has {found:,} images; the first {count:,} are used.")
        notes.append(Message(template, found=read.found, count=len(pixels)))
    points = _points(path, pixels.reshape(len(pixels), -1), labels)
    return Table(points, pixel_names(image), read.class_names or names, tuple(notes), image)


def _points(path: Path, pixels: npt.NDArray, labels: npt.NDArray) -> Points:
    if pixels.dtype == np.uint8:
        kept = Pixels(np.ascontiguousarray(pixels)).as_floats()
        return Points(kept, labels, np.zeros(len(pixels), bool))
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused
        x = np.ascontiguousarray(pixels, np.float32)
    if not np.isfinite(x).all():
        raise FileError("{name} has a pixel that is not a finite number.", name=path)
    return Points(x, labels, np.zeros(len(x), bool))


def _checked_labels(
    path: Path, labels: npt.NDArray
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """The numbers of classes (N,), and the names of all classes."""
    if labels.dtype.kind == "U":
        return _numbered(path, labels)
    is_whole = labels.dtype.kind in "iu" or bool((labels == np.rint(labels)).all())
    if labels.ndim != 1 or not is_whole:
        raise FileError("{name}: labels need to be whole numbers, one for each image.", name=path)
    lowest, highest = int(labels.min(initial=0)), int(labels.max(initial=0))
    if lowest < 0 or highest >= MAX_CLASSES:
        wrong = lowest if lowest < 0 else highest
        raise FileError(
            "{name} has the label {wrong}, but there can be {most} classes at most, 0 to"
            " {last}; number them from 0, and leave out the images of the others.",
            name=path,
            wrong=wrong,
            most=MAX_CLASSES,
            last=MAX_CLASSES - 1,
        )
    return labels.astype(np.int64), tuple(str(label) for label in range(max(2, highest + 1)))


def _numbered(path: Path, words: npt.NDArray) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    different, places = np.unique(words, return_inverse=True)
    if len(different) > MAX_CLASSES:
        raise FileError(
            "{name} has {count:,} different labels, but there can be {most} classes at most.",
            name=path,
            count=len(different),
            most=MAX_CLASSES,
        )
    names = tuple(printable(str(word)) for word in different)
    if len(names) < 2:
        raise FileError(
            "{name} has only the label '{label}'; there need to be two classes.",
            name=path,
            label=short(names[0]),
        )
    return places.reshape(-1).astype(np.int64), names


def _as_channels(path: Path, pixels: npt.NDArray) -> tuple[tuple[int, int, int], npt.NDArray]:
    """The shape of one image as (channels, height, width), and the pixels in that order."""
    if pixels.ndim < 2:
        raise FileError("{name} has one row of values instead of images.", name=path)
    if pixels.ndim == 2:
        found = square_of(pixels.shape[1])
        if found is None:
            raise FileError(
                "{name} has rows of {pixels:,} pixels, which make no square image.",
                name=path,
                pixels=pixels.shape[1],
            )
        channels, side = found
        pixels = pixels.reshape(-1, channels, side, side)
    if pixels.ndim == 3:
        pixels = pixels[:, None]
    elif pixels.shape[-1] in (1, 3) and pixels.shape[1] not in (1, 3):
        pixels = np.moveaxis(pixels, -1, 1)
    channels, height, width = pixels.shape[1:]
    _check_size(path, height, width)
    if channels not in (1, 3):
        raise FileError(
            "{name} has images with {channels} channels, not 1 or 3.", name=path, channels=channels
        )
    return (channels, height, width), pixels


def _check_size(path: Path, *sides: int) -> None:
    if min(sides) < 1 or max(sides) > LARGEST_SIDE:
        raise FileError(
            "{name} has images of {size} pixels, but {most} x {most} are the most.",
            name=path,
            size=" x ".join(map(str, sides)),
            most=LARGEST_SIDE,
        )


def pixel_names(image: tuple[int, int, int]) -> tuple[str, ...]:
    """A name for every pixel, as scikit-learn calls those of the digits: pixel_row_column."""
    first = "pixel_{1}_{2}" if image[0] == 1 else "pixel_{0}_{1}_{2}"
    return tuple(first.format(*place) for place in product(*map(range, image)))


# IDX


def is_packed(path: Path) -> bool:
    """True where a file is packed with gzip."""
    with opened(path) as file:
        return file.read(2) == _GZIP


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """A file for reading, unpacked where it is packed."""
    with opened(path) as file:
        if not is_packed(path):
            yield file
            return
        with gzip.open(file) as unpacked:
            yield cast(IO[bytes], unpacked)


def idx_pair(path: Path) -> tuple[Path, Path]:
    """The file with the images and that with their labels, one of which is `path`."""
    if len(_dimensions(path)) == 1:
        return _beside(path, "labels", "images"), path
    return path, _beside(path, "images", "labels")


def _from_idx(path: Path) -> Arrays:
    images, labels = idx_pair(path)
    dimensions = _dimensions(images)
    if len(dimensions) != 3:
        raise FileError(
            "{name} has {count} dimensions; images have three.", name=images, count=len(dimensions)
        )
    _check_size(images, *dimensions[1:])
    label_dimensions = _dimensions(labels)
    if len(label_dimensions) != 1:
        raise FileError(
            "{name} has {count} dimensions; labels have one.",
            name=labels,
            count=len(label_dimensions),
        )
    if label_dimensions[0] != dimensions[0]:
        raise FileError(
            "{name} has {images:,} images but {other} {labels:,} labels; take two"
            " files that belong together.",
            name=images,
            images=dimensions[0],
            other=labels,
            labels=label_dimensions[0],
        )
    count = min(dimensions[0], MOST_PIXELS // prod(dimensions[1:]))
    pixels = _values(images, 4 + 4 * 3, (count, *dimensions[1:]), dimensions[0] == count)
    answers = _values(labels, 4 + 4, (count,), dimensions[0] == count)
    return Arrays(pixels, answers, dimensions[0])


def _dimensions(path: Path) -> tuple[int, ...]:
    """What the header says."""
    with reading(path), _opened(path) as file:
        head = file.read(4)
        if len(head) < 4 or head[:3] != _IDX or not head[3]:
            raise FileError(
                "{name} is no IDX file of bytes, as MNIST has them, and no npz file.", name=path
            )
        sizes = np.frombuffer(exactly(path, file, 4 * min(head[3], 4)), ">u4")
        if not sizes[0]:
            raise FileError("{name} is empty: its header says that it holds 0 values.", name=path)
        return tuple(map(int, sizes))


def _values(path: Path, start: int, shape: tuple[int, ...], is_all: bool) -> npt.NDArray[np.uint8]:
    with reading(path), _opened(path) as file:
        file.read(start)
        content = exactly(path, file, prod(shape))
        if is_all and file.read(1):
            raise FileError("{name} is longer than its header says; it is no IDX file.", name=path)
    return np.frombuffer(content, np.uint8).reshape(shape)


def _beside(path: Path, own: str, other: str) -> Path:
    """The file that belongs to an IDX file: "labels" for "images", "idx1" for "idx3"."""
    digits = {"images": "3", "labels": "1"}
    name = re.sub(own, other, path.name)
    name = re.sub(f"idx{digits[own]}", f"idx{digits[other]}", name)
    bare = name.removesuffix(".gz")
    for candidate in (name, bare, f"{bare}.gz"):
        if candidate != path.name and is_file(path.with_name(candidate)):
            return path.with_name(candidate)
    raise FileError(
        "{name} has only images; put the file with the labels, {other}, into the same folder."
        if own == "images"
        else "{name} has only labels; put the file with the images, {other}, into the same folder.",
        name=path,
        other=short(bare),
    )
