"""Columns that are the pixels of an image: told from others, read as images, and as scikit-learn
has them.
"""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits

from playground.core.data.data import CsvData
from playground.core.data.dataset import Dataset, prepare
from playground.core.data.pixels import Pixels, prepared_in
from playground.core.data.tables.column_facts import image_of, pixels_among
from playground.core.data.tables.inputs import order_of_pixels
from playground.core.errors import PlaygroundError
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment

DIGITS = load_digits()
GRID = [f"{row}x{column}" for row in range(1, 9) for column in range(1, 9)]


def write(place: Path, names: list[str] | None, columns: list[np.ndarray]) -> Path:
    """A table with these blocks of columns side by side."""
    rows = np.concatenate([np.atleast_2d(np.asarray(c).T).T for c in columns], axis=1)
    lines = [] if names is None else [",".join(names)]
    lines += [",".join(f"{value:g}" for value in row) for row in rows.tolist()]
    place.write_text("\n".join(lines) + "\n")
    return place


def opened(place: Path) -> tuple[CsvData, Dataset]:
    experiment = files.open_any(place)
    assert isinstance(experiment.data, CsvData)
    return experiment.data, prepare(experiment)


def numbered(stem: str, count: int = 64) -> list[str]:
    return [f"{stem}{number}" for number in range(count)]


@pytest.mark.parametrize("first", [True, False], ids=["label first", "label last"])
@pytest.mark.parametrize(
    "names",
    [None, GRID, numbered("pixel"), numbered("Px "), numbered(""), numbered("V"), numbered("x_")],
    ids=["no names", "1x1", "pixel0", "Px 0", "0", "V0", "x_0"],
)
def test_digits_as_a_table_are_the_digits(
    tmp_path: Path, names: list[str] | None, first: bool
) -> None:
    blocks = [DIGITS.target, DIGITS.data] if first else [DIGITS.data, DIGITS.target]
    header = names and (["label", *names] if first else [*names, "label"])
    data, dataset = opened(write(tmp_path / "digits.csv", header, blocks))
    assert (data.image, dataset.image, data.standardize) == ((1, 8, 8), (1, 8, 8), False)
    wanted = prepare(Experiment.parse({"data": {"kind": "digits", "test_ratio": 0.3}}))
    assert np.array_equal(dataset.points.x, wanted.points.x)
    assert np.array_equal(dataset.points.y, wanted.points.y)
    for one, other in ((dataset.train, wanted.train), (dataset.test, wanted.test)):
        assert np.array_equal(one.inputs, other.inputs)
    assert dataset.class_names == tuple(map(str, range(10)))
    assert isinstance(dataset.points.x, Pixels)
    assert prepared_in(dataset.train.inputs) is not None


def test_a_column_beside_the_pixels_is_left_out_and_named(tmp_path: Path) -> None:
    number = np.arange(1, 1798)
    split = DIGITS.target % 2
    header = ["id", "set", *GRID, "label"]
    place = write(tmp_path / "d.csv", header, [number, split, DIGITS.data, DIGITS.target])
    data, dataset = opened(place)
    assert (data.inputs, data.label) == (tuple(GRID), "label")
    assert dataset.description is not None
    assert dict(dataset.description.left_out) == {"id": "it is no pixel", "set": "it is no pixel"}


RANDOM = np.random.default_rng(1)
SHADES = RANDOM.integers(0, 256, (40, 100))


@pytest.mark.parametrize(
    ("names", "values"),
    [
        (numbered("sensor", 100), RANDOM.normal(size=(40, 100)).round(2)),
        (numbered("pixel", 100), RANDOM.normal(size=(40, 100)).round(2)),
        (numbered("pixel", 100), SHADES - 1),
        (numbered("pixel", 100), SHADES + 1),
        (numbered("pixel", 99), SHADES[:, :99]),
        (numbered("pixel", 49), SHADES[:, :49]),
        (numbered("question", 100), RANDOM.integers(1, 6, (40, 100))),
        (numbered("v", 100), RANDOM.integers(0, 6, (40, 100))),
        (["age", *numbered("v", 99)], SHADES),
    ],
    ids=["sensors", "decimals", "below", "above", "99", "7x7", "answers", "few", "a word"],
)
def test_what_is_square_by_accident_is_no_image(
    tmp_path: Path, names: list[str], values: np.ndarray
) -> None:
    place = write(tmp_path / "t.csv", [*names, "class"], [values, np.arange(40) % 2])
    data, dataset = opened(place)
    assert (data.image, dataset.image, data.standardize) == (None, None, True)


@given(side=st.integers(8, 40), last=st.booleans())
def test_channels_that_stand_side_by_side_come_one_after_another(side: int, last: bool) -> None:
    pixels = np.arange(3 * side * side).reshape(3, side, side)
    stored = np.moveaxis(pixels, 0, -1) if last else pixels
    image = (side, side, 3) if last else (3, side, side)
    assert np.array_equal(stored.reshape(-1)[order_of_pixels(image)], pixels.reshape(-1))


@pytest.mark.parametrize("last", [True, False])
def test_images_in_colour_are_told_by_their_neighbours(tmp_path: Path, last: bool) -> None:
    shapes = prepare(Experiment.parse({"data": {"kind": "shapes", "samples": 60}}))
    x = np.asarray(shapes.points.x).reshape(-1, 3, 32, 32)[:, :, 8:24, 8:24] * 255
    stored = np.moveaxis(x, 1, -1) if last else x
    names = numbered("pixel", 768)
    place = write(
        tmp_path / "c.csv", ["label", *names], [shapes.points.y, stored.reshape(60, -1).round()]
    )
    data, dataset = opened(place)
    assert (data.image, dataset.image) == (((16, 16, 3) if last else (3, 16, 16)), (3, 16, 16))
    assert np.array_equal(np.rint(np.asarray(dataset.points.x) * 255), x.round().reshape(60, -1))


def test_gaps_in_pixels_leave_their_rows_out_or_become_the_mean(tmp_path: Path) -> None:
    values = DIGITS.data.copy()
    place = write(tmp_path / "d.csv", [*GRID, "label"], [values, DIGITS.target])
    lines = place.read_text().splitlines()
    cells = lines[5].split(",")
    cells[20] = ""
    lines[5] = ",".join(cells)
    place.write_text("\n".join(lines))
    experiment = files.open_any(place)
    assert len(prepare(experiment).points) == 1796
    filled = prepare(experiment.with_setting("data.missing", "mean"))
    trained = ~filled.points.held_out & (np.arange(1797) != 4)
    mean = values[trained, 20].mean() / 16
    assert filled.image == (1, 8, 8)
    assert float(filled.points.x[4, 20]) == pytest.approx(mean, rel=1e-6)


def test_a_second_file_of_images_tests(tmp_path: Path) -> None:
    header = [*GRID, "label"]
    first = write(tmp_path / "a.csv", header, [DIGITS.data[:1000], DIGITS.target[:1000]])
    second = write(tmp_path / "b.csv", header, [DIGITS.data[1000:], DIGITS.target[1000:]])
    experiment = files.open_any(first).with_setting("data.test_path", str(second))
    dataset = prepare(experiment)
    assert np.array_equal(dataset.points.x, (DIGITS.data / 16).astype(np.float32))
    assert (len(dataset.train), len(dataset.test), dataset.image) == (1000, 797, (1, 8, 8))


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ([1, 8, 9], "has 72 values, but there are 64 inputs"),
        ([2, 4, 8], "is no image; give channels"),
        ([1, 0, 8], "is no image; give channels"),
    ],
)
def test_an_image_has_as_many_pixels_as_there_are_inputs(
    tmp_path: Path, image: list[int], words: str
) -> None:
    experiment = files.open_any(
        write(tmp_path / "d.csv", [*GRID, "label"], [DIGITS.data, DIGITS.target])
    )
    with pytest.raises(PlaygroundError, match=words):
        experiment.with_setting("data.image", image)
    plain = experiment.with_setting("data.image", None)
    assert prepare(plain).image is None
    assert prepare(plain.with_setting("data.image", [1, 4, 16])).image == (1, 4, 16)


def test_what_is_no_pixel_is_no_image(tmp_path: Path) -> None:
    place = write(tmp_path / "s.csv", [*numbered("s"), "y"], [SHADES[:, :64] / 2, SHADES[:, 64]])
    experiment = files.open_any(place).with_setting("data.image", [1, 8, 8])
    with pytest.raises(
        PlaygroundError, match="so it is no pixel; choose other inputs, or no image"
    ):
        prepare(experiment)


def test_no_columns_are_no_image() -> None:
    assert image_of([]) is None
    assert pixels_among([], None) is None
