"""Photographs in folders: what is read, how it becomes small, and what is left out by name."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import playground
from playground.core.data.dataset import prepare
from playground.core.data.images import photographs
from playground.core.data.images.photographs import list_photographs, read_photographs
from playground.core.data.pixels import pixels_in, prepared_in
from playground.core.errors import FileError
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment

RED, BLUE = (220, 30, 20), (10, 60, 200)


def photograph(place: Path, color: tuple[int, ...], size: tuple[int, int] = (48, 36)) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB" if len(color) == 3 else "RGBA", size, color).save(place)
    return place


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Cats are red, dogs blue: four of each, in four formats and sizes."""
    folder = tmp_path / "pets"
    for number, ending in enumerate(("png", "jpg", "webp", "bmp")):
        size = (40 + 13 * number, 60 - 9 * number)
        photograph(folder / "cat" / f"{number}.{ending}", RED, size)
        photograph(folder / "dog" / "more" / f"{number}.{ending.upper()}", BLUE, size)
    return folder


def test_a_subfolder_is_a_class(pets: Path) -> None:
    table = read_photographs(pets, 16, "crop")
    x = np.asarray(table.points.x).reshape(-1, 3, 16, 16)
    assert table.class_names == ("cat", "dog")
    assert table.image == (3, 16, 16)
    assert table.points.y.tolist() == [0] * 4 + [1] * 4
    assert np.abs(x[:4].mean(axis=(2, 3)) - RED).max() < 6  # JPEG and WebP lose a little
    assert np.abs(x[4:].mean(axis=(2, 3)) - BLUE).max() < 6
    assert table.notes == ()


def test_pixels_stay_bytes_until_a_batch_is_made(pets: Path) -> None:
    dataset = prepare(_experiment(pets))
    pixels = pixels_in(dataset.points.x)
    assert pixels is not None
    assert pixels.bytes.dtype == np.uint8
    assert np.shares_memory(prepared_in(dataset.train.inputs).pixels.bytes, pixels.bytes)
    whole = np.asarray(dataset.train.inputs)
    assert whole.dtype == np.float32
    assert np.array_equal(whole, pixels.bytes[~dataset.points.held_out] / np.float32(255))
    assert np.array_equal(dataset.train.inputs[[2, 0]], whole[[2, 0]])
    assert np.array_equal(dataset.train.inputs[1:3], whole[1:3])
    assert np.array_equal(dataset.train.inputs[1], whole[1])
    both = np.concatenate([whole, np.asarray(dataset.test.inputs)])
    rows = np.concatenate(
        [np.flatnonzero(~dataset.points.held_out), np.flatnonzero(dataset.points.held_out)]
    )
    assert np.array_equal(np.asarray(dataset.inputs)[rows], both)


@pytest.mark.parametrize("standardize", [True, "all"])
def test_standardised_pixels_have_mean_0_and_deviation_1(
    tmp_path: Path, standardize: object
) -> None:
    random = np.random.default_rng(1)
    for number in range(12):
        place = tmp_path / "p" / "ab"[number % 2] / f"{number}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 256, (8, 8, 3), np.uint8)).save(place)
    dataset = prepare(_experiment(tmp_path / "p", size=8, standardize=standardize))
    shown = np.asarray(dataset.inputs if standardize == "all" else dataset.train.inputs, np.float64)
    assert np.abs(shown.mean(axis=0)).max() < 1e-6
    assert np.abs(shown.std(axis=0) - 1).max() < 1e-6


@pytest.mark.parametrize(
    ("fit", "left", "middle", "top"),
    [
        ("crop", "green", "green", "green"),
        ("stretch", "red", "green", "red"),
        ("pad", "red", "green", "black"),
    ],
)
def test_how_a_wide_picture_becomes_a_square(
    tmp_path: Path, fit: photographs.Fit, left: str, middle: str, top: str
) -> None:
    """Three squares side by side: red, green, blue."""
    colors = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "black": (0, 0, 0)}
    wide = np.concatenate(
        [np.full((30, 30, 3), colors[name]) for name in ("red", "green", "blue")], 1
    )
    place = tmp_path / "p" / "a" / "wide.png"
    place.parent.mkdir(parents=True)
    Image.fromarray(np.uint8(wide)).save(place)
    picture = np.asarray(read_photographs(tmp_path / "p", 30, fit).points.x).reshape(3, 30, 30)
    assert tuple(picture[:, 15, 2]) == colors[left]
    assert tuple(picture[:, 15, 15]) == colors[middle]
    assert tuple(picture[:, 3, 3]) == colors[top]


def test_pictures_of_all_kinds_come_as_people_see_them(tmp_path: Path) -> None:
    """Clear is white, 16 bits of grey are grey, and a camera that was turned stands upright."""
    folder = tmp_path / "p" / "a"
    photograph(folder / "1.png", (0, 0, 0, 0))
    Image.fromarray(np.full((20, 20), 32768, np.uint16)).save(folder / "2.png")
    upright = Image.new("RGB", (20, 20), "black")
    upright.paste((255, 255, 255), (0, 0, 20, 10))  # white above, black below
    turned = upright.rotate(90)
    exif = Image.Exif()
    exif[274] = 6  # Orientation: turn by 90 degrees, clockwise
    turned.save(folder / "3.png", exif=exif)
    x = np.asarray(read_photographs(tmp_path / "p", 20, "crop").points.x).reshape(3, 3, 20, 20)
    assert (x[0] == 255).all()
    assert (x[1] == 128).all()
    assert (x[2][:, 2] == 255).all()
    assert (x[2][:, 17] == 0).all()


def test_what_cannot_be_read_is_left_out_by_name(pets: Path) -> None:
    (pets / "cat" / "torn.jpg").write_bytes((pets / "cat" / "1.jpg").read_bytes()[:150])
    (pets / "dog" / "letter.png").write_text("no picture", "utf-8")
    (pets / "dog" / ".hidden.png").write_text("", "utf-8")
    (pets / "dog" / "notes.txt").write_text("", "utf-8")
    (pets / "__MACOSX").mkdir()
    photograph(pets / "__MACOSX" / "1.png", RED)
    table = read_photographs(pets, 8, "crop")
    (note,) = table.notes
    assert len(table.points) == 8
    assert str(note) == "Pictures that cannot be read, left out: cat/torn.jpg, dog/letter.png."


def test_many_that_cannot_be_read_are_counted(pets: Path) -> None:
    for number in range(5):
        (pets / "cat" / f"x{number}.png").write_bytes(b"")
    (note,) = read_photographs(pets, 8, "crop").notes
    assert str(note).endswith("cat/x0.png, cat/x1.png, cat/x2.png and 2 more.")


def test_of_too_many_as_large_a_part_of_every_class_is_used(
    pets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        photograph(pets / "cat" / f"more{number}.png", RED)
    monkeypatch.setattr(photographs, "MOST_PHOTOGRAPHS", 8)
    table = read_photographs(pets, 8, "crop")
    assert np.bincount(table.points.y).tolist() == [6, 2]  # of 12 and 4
    assert str(table.notes[0]) == "The folder has 16 pictures; 8 of all classes are used."


def test_a_folder_without_classes_says_what_to_do(tmp_path: Path, pets: Path) -> None:
    photograph(tmp_path / "flat" / "1.png", RED)
    with pytest.raises(FileError, match="make a folder for each class"):
        list_photographs(tmp_path / "flat")
    for part in ("train", "test"):
        photograph(tmp_path / "divided" / part / "cat" / "1.png", RED)
    with pytest.raises(FileError, match="holds test, train instead of classes; open one of these"):
        list_photographs(tmp_path / "divided")
    assert list_photographs(tmp_path / "divided" / "train").names == ("cat",)  # the way out
    with pytest.raises(FileError, match="cannot be read"):
        list_photographs(tmp_path / "nowhere")
    for file in pets.rglob("*.*"):
        file.write_bytes(b"")
    with pytest.raises(FileError, match="none of its 8 pictures can be read"):
        read_photographs(pets, 8, "crop")


def test_a_whole_disk_is_not_searched(pets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photographs, "MOST_FILES", 10)  # 8 files in 3 folders are 11
    with pytest.raises(FileError, match="more than 10 files"):
        list_photographs(pets)


def test_reading_can_be_given_up(pets: Path) -> None:
    class GivenUp(Exception):
        pass

    seen: list[float] = []

    def progress(done: float) -> None:
        seen.append(done)
        if len(seen) == 3:
            raise GivenUp

    with pytest.raises(GivenUp):
        read_photographs(pets, 8, "crop", progress)
    assert seen == [0, 1 / 8, 2 / 8]


def test_a_folder_opens_and_its_project_finds_it_again(pets: Path, tmp_path: Path) -> None:
    experiment = files.open_any(pets)
    assert experiment.data.kind == "photographs"
    files.save(experiment, tmp_path / "pets.playground.json")
    written = (tmp_path / "pets.playground.json").read_text("utf-8")
    assert '"pets"' in written
    assert '"playground/2"' in written  # 0.1.0 does not know them
    again = files.load(tmp_path / "pets.playground.json")
    assert len(prepare(again).points) == 8


@pytest.mark.parametrize("engine", ["torch", "numpy", "compiled"])
def test_an_engine_learns_from_bytes_as_from_numbers(
    pets: Path, tmp_path: Path, engine: str
) -> None:
    """The same images in a file of floats, which are kept as numbers, give the same losses."""
    table = read_photographs(pets, 8, "crop")
    pixels = np.asarray(table.points.x).reshape(-1, 3, 8, 8)
    np.savez(tmp_path / "p.npz", x=pixels, y=table.points.y)
    kept = {"kind": "photographs", "path": str(pets), "size": 8}
    as_numbers = {"kind": "images", "path": str(tmp_path / "p.npz")}
    one, other = (_losses({**data, "test_ratio": 0.25}, engine) for data in (kept, as_numbers))
    assert one == other


def _losses(data: dict[str, object], engine: str) -> list[float]:
    layer = {"kind": "conv", "channels": 3} if engine == "torch" else {"kind": "linear", "units": 3}
    training = {"batch_size": 3, "seed": 1, "epochs": 3, "engine": engine}
    raw = {"data": data, "model": {"layers": [layer]}, "training": training}
    result = playground.train(Experiment.parse(raw))
    assert result.predict(np.zeros((2, 192), np.float32)).shape == (2, 2)
    return [loss for point in result.curve for loss in (point.train.loss, point.test.loss)]


def _experiment(folder: Path, size: int = 16, **data: object) -> Experiment:
    raw = {"kind": "photographs", "path": str(folder), "size": size, "test_ratio": 0.25, **data}
    return Experiment.parse({"data": raw})


def test_a_folder_that_goes_away_while_it_is_read_is_no_data_set(pets: Path) -> None:
    """Half of it would be another data set, of which nobody is told."""

    def go_away(done: float) -> None:
        if done == 0.5:
            shutil.rmtree(pets / "dog")

    with pytest.raises(FileError, match="4 of its pictures went away while they were read"):
        read_photographs(pets, 16, "crop", go_away)
