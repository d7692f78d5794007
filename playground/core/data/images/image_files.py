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
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from math import prod
from pathlib import Path
from typing import IO, cast
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from playground.core.data.pixels import Pixels
from playground.core.data.points import MAX_CLASSES, Points
from playground.core.data.tables.formats.arrays import npy_header
from playground.core.data.tables.importing import Stamp, stamp_of
from playground.core.data.tables.reading import is_file, opened
from playground.core.data.tables.table import Table
from playground.core.errors import FileError, short
from playground.core.messages import N_, Message

MOST_PIXELS = 55_000_000
"""Values that are read of one file: the 70,000 images of MNIST, in 220 MB."""

LARGEST_SIDE = 256
_UNREADABLE = (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, NotImplementedError)
_GZIP = b"\x1f\x8b"
_IDX = b"\0\0\x08"
_PAIRS = (("x", "y"), ("images", "labels"), ("data", "labels"))
_DIVIDED = (("x_train", "y_train"), ("x_test", "y_test"))

_in_use: WeakValueDictionary[Stamp | None, Table] = WeakValueDictionary()
"""The images of files that somebody holds, such as a dataset; none are kept for their own sake."""


def is_image_file(path: str | Path) -> bool:
    """True where a file looks like IDX, plain or gzip, or is called .npz; it may be broken yet."""
    path = Path(path)
    if path.suffix.lower() == ".npz":
        return True
    try:
        with _opened(path) as file:
            return file.read(3) == _IDX
    except _UNREADABLE:
        return False


def read_images(path: str | Path) -> Table:
    """The images of a file with their labels: raw pixels as points.x (N, C * H * W), Pixels
    where the file has bytes.

    Of an IDX pair either file may be named; the other one is found beside it. Raises FileError
    where the file is none of images, is cut off, or does not fit its labels. Images that are in use
    are not read again from a file that has not changed.
    """
    path = Path(path)
    stamp = stamp_of(path)
    table = _in_use.get(stamp) or _read(path)
    if stamp is not None:
        _in_use[stamp] = table
    return table


def _read(path: Path) -> Table:
    pixels, labels, found = _from_npz(path) if path.suffix.lower() == ".npz" else _from_idx(path)
    image, pixels = _as_channels(path, pixels)
    if len(labels) < len(pixels):
        raise FileError(
            "{name} has {images:,} images but {labels:,} labels; every image needs one.",
            name=path,
            images=len(pixels),
            labels=len(labels),
        )
    labels = _checked_labels(path, labels[: len(pixels)])
    notes = []
    if found > len(pixels):
        template = N_("The file has {found:,} images; the first {count:,} are used.")
        notes.append(Message(template, found=found, count=len(pixels)))
    names = tuple(str(label) for label in range(max(2, int(labels.max()) + 1)))
    points = _points(path, pixels.reshape(len(pixels), -1), labels)
    return Table(points, pixel_names(image), names, tuple(notes), image)


def _points(path: Path, pixels: npt.NDArray, labels: npt.NDArray) -> Points:
    if pixels.dtype == np.uint8:
        kept = Pixels(np.ascontiguousarray(pixels)).as_floats()
        return Points(kept, labels, np.zeros(len(pixels), bool))
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused
        x = np.ascontiguousarray(pixels, np.float32)
    if not np.isfinite(x).all():
        raise FileError("{name} has a pixel that is not a finite number.", name=path)
    return Points(x, labels, np.zeros(len(x), bool))


def _checked_labels(path: Path, labels: npt.NDArray) -> npt.NDArray[np.int64]:
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise FileError("{name}: labels need to be whole numbers, one for each image.", name=path)
    lowest, highest = int(labels.min(initial=0)), int(labels.max(initial=0))
    if lowest < 0 or highest >= MAX_CLASSES:
        wrong = lowest if lowest < 0 else highest
        raise FileError(
            "{name} has the label {wrong}, but there can be ten classes at most, 0 to 9.",
            name=path,
            wrong=wrong,
        )
    return labels.astype(np.int64)


def _as_channels(path: Path, pixels: npt.NDArray) -> tuple[tuple[int, int, int], npt.NDArray]:
    """The shape of one image as (channels, height, width), and the pixels in that order."""
    if pixels.ndim < 2:
        raise FileError("{name} has one row of values instead of images.", name=path)
    if pixels.ndim == 2:
        side = round(pixels.shape[1] ** 0.5)
        if side * side != pixels.shape[1]:
            raise FileError(
                "{name} has rows of {pixels:,} pixels, which make no square image.",
                name=path,
                pixels=pixels.shape[1],
            )
        pixels = pixels.reshape(-1, side, side)
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


def _from_idx(path: Path) -> tuple[npt.NDArray, npt.NDArray, int]:
    """Pixels (n, H, W), labels (n,), and how many images the file has."""
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
    return pixels, answers, dimensions[0]


def _dimensions(path: Path) -> tuple[int, ...]:
    """What the header says."""
    with _reading(path), _opened(path) as file:
        head = file.read(4)
        if len(head) < 4 or head[:3] != _IDX or not head[3]:
            raise FileError(
                "{name} is no IDX file of bytes, as MNIST has them, and no npz file.", name=path
            )
        sizes = np.frombuffer(_exactly(path, file, 4 * min(head[3], 4)), ">u4")
        if not sizes[0]:
            raise FileError("{name} is empty: its header says that it holds 0 values.", name=path)
        return tuple(map(int, sizes))


def _values(path: Path, start: int, shape: tuple[int, ...], is_all: bool) -> npt.NDArray[np.uint8]:
    with _reading(path), _opened(path) as file:
        file.read(start)
        content = _exactly(path, file, prod(shape))
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


# npz


def archive_arrays(path: Path) -> list[tuple[str, str]]:
    """The names of arrays with images and with their labels, pair by pair. Raises FileError."""
    with _reading(path), opened(path) as file, zipfile.ZipFile(file) as archive:
        names = {name.removesuffix(".npy") for name in archive.namelist()}
    pairs = [pair for pair in _DIVIDED if names.issuperset(pair)]
    pairs = pairs or [pair for pair in _PAIRS if names.issuperset(pair)][:1]
    if not pairs:
        raise FileError(
            "{name} has no arrays x and y, nor x_train, y_train, x_test and y_test; it has"
            " {names}.",
            name=path,
            names=", ".join(short(name, 16) for name in sorted(names)[:8]) or Message("none"),
        )
    return pairs


def _from_npz(path: Path) -> tuple[npt.NDArray, npt.NDArray, int]:
    """Pixels and labels of x and y, or of x_train, y_train, x_test and y_test one after the
    other.
    """
    pairs = archive_arrays(path)
    with _reading(path), opened(path) as file, zipfile.ZipFile(file) as archive:
        room, found = MOST_PIXELS, 0
        images, labels = [], []
        for x, y in pairs:
            pixels, rows = _array(path, archive, x, room)
            answers, _ = _array(path, archive, y, MOST_PIXELS)
            if len(answers) < len(pixels):
                raise FileError(
                    "{name}: {x} has {images:,} images, but {y} has {labels:,} labels.",
                    name=path,
                    x=x,
                    images=len(pixels),
                    y=y,
                    labels=len(answers),
                )
            room, found = room - pixels.size, found + rows
            images.append(pixels)
            labels.append(answers[: len(pixels)])
        if len({(part.shape[1:]) for part in images}) > 1:
            raise FileError("{name}: training and test images differ in size.", name=path)
        return np.concatenate(images), np.concatenate(labels), found


def _array(path: Path, archive: zipfile.ZipFile, name: str, room: int) -> tuple[npt.NDArray, int]:
    """As many rows of an array as `room` has values for, and how many rows there are."""
    with archive.open(f"{name}.npy") as file:
        shape, is_fortran, dtype = npy_header(file)
        if dtype.hasobject:
            raise FileError(
                "{name}: {array} holds Python objects, which may run programs when opened; save it"
                " again as numbers.",
                name=path,
                array=name,
            )
        if dtype.kind not in "iuf" or not 1 <= len(shape) <= 4 or 0 in shape:
            raise FileError(
                "{name}: {array} is no array of images or labels.", name=path, array=name
            )
        row = prod(shape[1:])
        if row > 3 * LARGEST_SIDE**2:
            raise FileError(
                "{name}: {array} has {size:,} values an image, which is too many.",
                name=path,
                array=name,
                size=row,
            )
        count = min(shape[0], room // row)
        if is_fortran and len(shape) > 1:
            raise FileError(
                "{name}: {array} is stored column by column; save it with numpy.ascontiguousarray.",
                name=path,
                array=name,
            )
        content = _exactly(path, file, count * row * dtype.itemsize)
    return np.frombuffer(content, dtype).reshape(count, *shape[1:]), shape[0]


# Both


def _exactly(path: Path, file: IO[bytes], count: int) -> bytes:
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
def _reading(path: Path) -> Iterator[None]:
    """Turn what may go wrong with a file into a sentence."""
    try:
        yield
    except FileError:
        raise
    except _UNREADABLE as error:
        reason = getattr(error, "strerror", None) or short(error, 100).rstrip(".")
        raise FileError("{name} cannot be read: {reason}.", name=path, reason=reason) from None
