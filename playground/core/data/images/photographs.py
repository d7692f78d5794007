"""Photographs: a folder with a subfolder for every class, read as small images of one size.

Nothing in a file is believed before it is checked; a picture that cannot be read is left out and
named. Pixels stay bytes. Pillow is imported inside the functions that need it; any thread.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from playground.core.data.images.image_files import pixel_names
from playground.core.data.images.pictures import open_picture
from playground.core.data.pixels import Pixels
from playground.core.data.points import MAX_CLASSES, IntArray, Points
from playground.core.data.tables.reading import Progress, Stamp, no_progress, unreadable
from playground.core.data.tables.table import Table
from playground.core.errors import FileError, short
from playground.core.messages import N_, Message

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MOST_PHOTOGRAPHS = 20_000
MOST_FILES = 100_000
MOST_NAMED = 3
_PARTS = {"train", "training", "test", "testing", "val", "valid", "validation"}

Fit = Literal["crop", "stretch", "pad"]

_in_use: WeakValueDictionary[object, Table] = WeakValueDictionary()
"""What somebody holds, such as a dataset; nothing is kept for its own sake."""


@dataclass(frozen=True, slots=True, eq=False)
class Folder:
    """What is in a folder of photographs.

    names   of the classes, which are the subfolders, in alphabetical order
    files   those that are called like pictures; of too many, as many of every class
    labels  int64 (n,): the class of each
    found   how many there are altogether
    """

    names: tuple[str, ...]
    files: tuple[Path, ...]
    labels: IntArray
    found: int


def list_photographs(path: Path) -> Folder:
    """The photographs in the subfolders of a folder. Raises FileError where there are none."""
    _check_size(path)
    found = {name: files for name in _subfolders(path) if (files := pictures_in(str(path / name)))}
    if not found:
        raise FileError(
            "{name} has no subfolder with pictures; make a folder for each class, called like the"
            " class, and put its pictures into it (PNG, JPEG, WebP, BMP).",
            name=path,
        )
    _check_classes(path, tuple(found))
    chosen = some_of_each(list(found.values()), MOST_PHOTOGRAPHS)
    labels = np.array([label for label, _ in chosen], np.int64)
    paths = tuple(Path(file) for _, file in chosen)
    return Folder(tuple(found), paths, labels, sum(map(len, found.values())))


def _check_size(path: Path) -> None:
    """Refuse a whole disk before it is searched for pictures."""
    seen = 0
    for _, folders, files in os.walk(path):
        seen += len(folders) + len(files)
        if seen > MOST_FILES:
            raise FileError(
                "{name} has more than {most:,} files in it; choose the folder whose subfolders are"
                " the classes.",
                name=path,
                most=MOST_FILES,
            )


def pictures_in(folder: str) -> list[str]:
    """What is called like a picture in a folder and the folders in it, sorted."""
    endings = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
    beside = (".", "__")  # what systems put beside the files of a person
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(beside)]
        meant = [name for name in files if not name.startswith(beside)]
        found += [os.path.join(place, name) for name in meant if name.lower().endswith(endings)]
    return sorted(found)


def some_of_each(found: list[list[str]], most: int) -> list[tuple[int, str]]:
    """(class, file) of the files of each class, `most` at most: as large a part of every class."""
    parts = [
        (place / len(files), label, file)
        for label, files in enumerate(found)
        for place, file in enumerate(files)
    ]
    return sorted((label, file) for _, label, file in sorted(parts)[:most])


def _check_classes(path: Path, names: tuple[str, ...]) -> None:
    parts = [name for name in names if name.lower() in _PARTS]
    if len(parts) == len(names):
        raise FileError(
            "{name} holds {parts} instead of classes; open one of these folders.",
            name=path,
            parts=", ".join(parts),
        )
    if len(names) > MAX_CLASSES:
        raise FileError(
            "{name} has {count} subfolders with pictures, but there can be {most} classes at most;"
            " move some of them out.",
            name=path,
            count=len(names),
            most=MAX_CLASSES,
        )


def _subfolders(path: Path) -> list[str]:
    try:
        with os.scandir(path) as entries:
            return sorted(
                entry.name for entry in entries if entry.is_dir() and entry.name[0] not in "._"
            )
    except OSError as error:
        raise unreadable(path, error) from None


def read_photographs(path: Path, size: int, fit: Fit, progress: Progress = no_progress) -> Table:
    """The photographs of a folder at size x size pixels: points.x as Pixels (n, 3 * size * size).

    What cannot be read is left out and named in the notes. Raises FileError where nothing can be.
    Photographs that are in use are not read again from files that have not changed.
    """
    folder = list_photographs(path)
    key = size, fit, tuple(map(_stamp, folder.files))
    table = _in_use.get(key)
    if table is None:
        table = _in_use[key] = _read(path, folder, size, fit, progress)
    return table


def _stamp(file: Path) -> Stamp:
    """As `stamp_of`, but without looking up the real path, of which there may be 20,000."""
    try:
        found = file.stat()
    except OSError:  # it is left out when it is read
        return str(file), 0, 0
    return str(file), found.st_mtime_ns, found.st_size


def _read(path: Path, folder: Folder, size: int, fit: Fit, progress: Progress) -> Table:
    pixels = np.empty((len(folder.files), 3 * size * size), np.uint8)
    is_read = np.zeros(len(folder.files), bool)
    for row, file in enumerate(folder.files):
        progress(row / len(folder.files))
        with suppress(FileError):
            pixels[row] = read_one(file, size, fit)
            is_read[row] = True
    _check_all_there(path, [folder.files[row] for row in np.flatnonzero(~is_read)])
    if not is_read.any():
        raise FileError(
            "{name}: none of its {count:,} pictures can be read; save them as PNG or JPEG.",
            name=path,
            count=len(folder.files),
        )
    if not is_read.all():
        pixels = pixels[is_read]
    image = (3, size, size)
    points = Points(Pixels(pixels).as_floats(), folder.labels[is_read], np.zeros(len(pixels), bool))
    notes = tuple(_notes(path, folder, is_read))
    return Table(points, pixel_names(image), folder.names, notes, image)


def _check_all_there(path: Path, unread: Sequence[Path]) -> None:
    """Raise FileError where some of the files went away while others were read."""
    gone = sum(not os.path.lexists(file) for file in unread)
    if gone:
        raise FileError(
            "{name}: {count:,} of its pictures went away while they were read; open the folder"
            " again as soon as all of them are there.",
            name=path,
            count=gone,
        )


def read_one(file: Path, size: int, fit: Fit) -> npt.NDArray[np.uint8]:
    """The pixels (3 * size * size,) of a picture. Raises FileError where it cannot be read."""
    return as_row(small(open_picture(file, size), size, fit))


def some_to_look_at(folder: Folder, count: int) -> list[int]:
    """Which of the files give an impression: of every class in turn, spread over each."""
    places = [np.flatnonzero(folder.labels == label) for label in range(len(folder.names))]
    each = -(-count // len(places))
    spread = [rows[np.unique(np.linspace(0, len(rows) - 1, each).astype(int))] for rows in places]
    turns = [rows[turn] for turn in range(each) for rows in spread if turn < len(rows)]
    return sorted(int(row) for row in turns[:count])


def small(picture: Picture, size: int, fit: Fit) -> Picture:
    """A picture at size x size pixels: its middle (crop), all of it out of shape (stretch), or all
    of it on black (pad).
    """
    from PIL import Image, ImageOps

    if fit == "crop":
        return ImageOps.fit(picture, (size, size), Image.Resampling.BILINEAR)
    if fit == "pad":
        return ImageOps.pad(picture, (size, size), Image.Resampling.BILINEAR)
    return picture.resize((size, size), Image.Resampling.BILINEAR)


def as_row(picture: Picture) -> npt.NDArray[np.uint8]:
    """Pixels uint8 (3 * H * W,), channel by channel and line by line."""
    return np.moveaxis(np.asarray(picture), -1, 0).reshape(-1)


def _notes(path: Path, folder: Folder, is_read: npt.NDArray[np.bool_]) -> Iterator[Message]:
    if folder.found > len(folder.files):
        template = N_("The folder has {found:,} pictures; {count:,} of all classes are used.")
        yield Message(template, found=folder.found, count=len(folder.files))
    broken = [folder.files[row] for row in np.flatnonzero(~is_read)]
    if broken:
        yield said_of_broken(path, broken)


def said_of_broken(path: Path, broken: Sequence[Path]) -> Message:
    """Which files of a folder are left out, because they are no pictures that can be read."""
    names = ", ".join(short(file.relative_to(path)) for file in broken[:MOST_NAMED])
    template = N_("Pictures that cannot be read, left out: {names}.")
    if len(broken) > MOST_NAMED:
        template = N_("Pictures that cannot be read, left out: {names} and {count:,} more.")
    return Message(template, names=names, count=len(broken) - MOST_NAMED)
