"""Large files of every kind that a table comes in, and a folder of photographs, made by chance."""

from __future__ import annotations

import gzip
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from tests.core.test_formats_of_tables import Cell, xlsx

ROWS = 1_000_000
IMAGES, PIXELS = 60_000, 784
SHEET_ROWS = 50_000
PHOTOGRAPHS = 5_000


def write_table(place: Path, rows: int = ROWS) -> None:
    """Two measures and one of two words in each row."""
    place.write_text("u,v,kind\n" + "".join(_rows(rows)))


def _rows(rows: int) -> Iterator[str]:
    source = random.Random(1)
    for row in range(rows):
        yield f"{source.gauss(0, 1):.5f},{source.gauss(0, 1):.5f},{('yes', 'no')[row % 2]}\n"


def pixels(images: int = IMAGES) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 (n, 784), four fifths of which are 0, and their classes (n,)."""
    source = np.random.default_rng(1)
    shades = source.integers(1, 256, (images, PIXELS), np.uint8)
    shades[source.random((images, PIXELS), np.float32) >= 0.2] = 0
    return shades, source.integers(0, 10, images)


def write_images(place: Path, images: int = IMAGES) -> None:
    """A label and pixels in each row, as MNIST is written."""
    with place.open("w") as file:
        file.write(f"label,{','.join(f'pixel{i}' for i in range(PIXELS))}\n")
        for shades, label in zip(*pixels(images), strict=True):
            file.write(f"{label},{','.join(map(str, shades.tolist()))}\n")


def write_wide(place: Path, rows: int = 500, columns: int = 10_000) -> None:
    """Measures in many columns, and one of two words in each row."""
    source = np.random.default_rng(2)
    with place.open("w") as file:
        file.write(f"{','.join(f'gene{i}' for i in range(columns))},kind\n")
        for row in range(rows):
            cells = ",".join(f"{value:.3f}" for value in source.normal(size=columns).tolist())
            file.write(f"{cells},{('ill', 'well')[row % 2]}\n")


def write_gzip(place: Path) -> None:
    with gzip.open(place, "wb", compresslevel=1) as packed:
        packed.write(_images_as_text(place))


def write_zip(place: Path) -> None:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("images.csv", _images_as_text(place))


def _images_as_text(place: Path) -> bytes:
    plain = place.with_name("images.csv")
    if not plain.exists():
        write_images(plain)
    return plain.read_bytes()


def write_workbook(place: Path, rows: int = SHEET_ROWS) -> None:
    """Ten numbers and a word in each row of a sheet."""
    source = random.Random(3)
    head: list[Cell] = [*(f"x{i}" for i in range(10)), "kind"]
    body: list[list[Cell]] = [
        [*(round(source.gauss(0, 1), 4) for _ in range(10)), ("yes", "no")[row % 2]]
        for row in range(rows)
    ]
    place.write_bytes(xlsx({"Data": [head, *body]}))


def write_arrays(place: Path) -> None:
    """Rows of measures with an answer for each."""
    source = np.random.default_rng(4)
    np.savez_compressed(place, X=source.normal(size=(200_000, 10)), y=np.arange(200_000) % 3)


def write_arff(place: Path, rows: int = ROWS // 4) -> None:
    head = "@relation r\n@attribute u numeric\n@attribute v numeric\n@attribute kind {yes,no}\n"
    place.write_text(head + "@data\n" + "".join(_rows(rows)))


def write_pairs(place: Path, rows: int = 100_000) -> None:
    """A label and twenty pairs of a column and its value in each row, as LIBSVM writes them."""
    source = random.Random(5)
    with place.open("w") as file:
        for row in range(rows):
            found = sorted(source.sample(range(1, 101), 20))
            file.write(f"{row % 2} {' '.join(f'{i}:{source.random():.4f}' for i in found)}\n")


def write_photographs(place: Path, count: int = PHOTOGRAPHS, side: int = 128) -> None:
    """A folder with five subfolders of JPEG pictures."""
    source = np.random.default_rng(6)
    for number in range(count):
        folder = place / f"class {number % 5}"
        folder.mkdir(parents=True, exist_ok=True)
        coarse = source.integers(0, 256, (8, 8, 3), np.uint8)
        picture = Image.fromarray(coarse).resize((side, side))
        picture.save(folder / f"{number}.jpg", quality=85)


FILES: dict[str, Callable[[Path], None]] = {
    "million.csv": write_table,
    "images.csv": write_images,
    "images.csv.gz": write_gzip,
    "images.zip": write_zip,
    "wide.csv": write_wide,
    "sheet.xlsx": write_workbook,
    "arrays.npz": write_arrays,
    "rows.arff": write_arff,
    "pairs.svm": write_pairs,
    "photographs": write_photographs,
}
"""What writes the file of each name."""


def made(folder: Path, name: str) -> Path:
    """The file of that name in a folder, made where it is not there yet."""
    place = folder / name
    if not place.exists():
        folder.mkdir(parents=True, exist_ok=True)
        FILES[name](place)
    return place
