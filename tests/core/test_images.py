"""Images from files and from scikit-learn: what is read, and what is refused in a sentence."""

import gzip
import io
import struct
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from playground.core.data.data import DigitsData, ImagesData
from playground.core.data.dataset import prepare
from playground.core.data.images import image_files
from playground.core.data.images.image_files import is_image_file, read_images
from playground.core.data.images.loading import enlarged, load_images
from playground.core.data.tables.table import BUILTINS
from playground.core.errors import FileError
from playground.core.experiment.experiment import Experiment
from tests.image_specimens import LABELS, PIXELS, idx, mnist, npz

# What is read.


@pytest.mark.parametrize(
    "names",
    [
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
        ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
        ("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte.gz"),
        ("images.gz", "labels"),
    ],
)
def test_an_idx_pair_is_read_from_either_file(tmp_path: Path, names: tuple[str, str]) -> None:
    mnist(tmp_path, names=names)
    for name in names:
        assert is_image_file(tmp_path / name)
        table = read_images(tmp_path / name)
        assert table.image == (1, 5, 4)
        assert np.array_equal(table.points.x.reshape(12, 5, 4), PIXELS)
        assert np.array_equal(table.points.y, LABELS)
        assert table.class_names == ("0", "1", "2")
        assert table.input_names[:5] == tuple(f"pixel_{i // 4}_{i % 4}" for i in range(5))
        assert table.notes == ()


@pytest.mark.parametrize("names", [("x", "y"), ("images", "labels")])
@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32, np.float64])
def test_an_npz_is_read(tmp_path: Path, names: tuple[str, str], dtype: type) -> None:
    table = read_images(npz(tmp_path, **{names[0]: PIXELS.astype(dtype), names[1]: LABELS}))
    assert np.array_equal(table.points.x.reshape(12, 5, 4), PIXELS)
    assert np.array_equal(table.points.y, LABELS)


def test_training_and_test_images_come_one_after_the_other(tmp_path: Path) -> None:
    path = npz(
        tmp_path, x_train=PIXELS[:8], y_train=LABELS[:8], x_test=PIXELS[8:], y_test=LABELS[8:]
    )
    assert np.array_equal(read_images(path).points.x.reshape(12, 5, 4), PIXELS)


@pytest.mark.parametrize("channels_last", [True, False])
def test_colors_come_channel_by_channel(tmp_path: Path, channels_last: bool) -> None:
    colors = np.stack([PIXELS, PIXELS // 2, PIXELS // 3], axis=-1 if channels_last else 1)
    table = read_images(npz(tmp_path, x=colors, y=LABELS[:, None]))
    assert table.image == (3, 5, 4)
    assert np.array_equal(table.points.x.reshape(12, 3, 5, 4)[:, 1], PIXELS // 2)
    assert table.input_names[20] == "pixel_1_0_0"


def test_rows_of_pixels_are_square_images(tmp_path: Path) -> None:
    assert read_images(npz(tmp_path, x=np.ones((4, 9)), y=LABELS[:4])).image == (1, 3, 3)


@pytest.mark.parametrize(("pixels", "largest"), [("raw", 255.0), ("unit", 1.0)])
def test_pixels_are_raw_or_from_0_to_1(tmp_path: Path, pixels: Any, largest: float) -> None:
    bright = PIXELS.copy()
    bright[0, 0, 0] = 255
    path = mnist(tmp_path, idx(bright))
    data = ImagesData(path=str(path), pixels=pixels)
    assert load_images(data).points.x.max() == largest


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = npz(tmp_path, x=PIXELS, y=LABELS)
    assert read_images(path) is read_images(path)
    npz(tmp_path, x=PIXELS[:3], y=LABELS[:3])
    assert len(read_images(path).points) == 3


def test_images_are_divided_and_trained_on_like_other_data(tmp_path: Path) -> None:
    data = {"kind": "images", "path": str(mnist(tmp_path)), "test_ratio": 0.25}
    dataset = prepare(Experiment.parse({"data": data}))
    assert dataset.image == (1, 5, 4)
    assert (len(dataset.train), len(dataset.test), dataset.width, dataset.outputs) == (9, 3, 20, 3)


def test_only_as_many_images_are_read_as_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_files, "MOST_PIXELS", 105)
    (tmp_path / "other").mkdir()
    for path in (mnist(tmp_path), npz(tmp_path / "other", x=PIXELS, y=LABELS)):
        table = read_images(path)
        assert len(table.points) == 5
        assert table.notes == ("The file has 12 images; the first 5 are used.",)


# The digits.


def test_the_digits_are_images() -> None:
    raw = load_images(DigitsData(pixels="raw"))
    assert raw.image == (1, 8, 8)
    assert np.array_equal(raw.points.x, BUILTINS["digits"].value().points.x)
    assert load_images(DigitsData(pixels="unit")).points.x.max() == 1.0


def test_enlarged_digits_are_those_of_torch() -> None:
    table = load_images(DigitsData(size=28, pixels="raw"))
    small = load_images(DigitsData(pixels="raw")).points.x
    expected = torch.nn.functional.interpolate(
        torch.tensor(small).reshape(-1, 1, 8, 8), size=(28, 28), mode="bilinear"
    )
    assert table.image == (1, 28, 28)
    assert len(table.input_names) == 784
    np.testing.assert_allclose(table.points.x, expected.reshape(-1, 784), atol=1e-4)
    assert table.points.x.min() >= 0
    assert table.points.x.max() <= 16
    assert np.array_equal(enlarged(small, 8), small)


# What is refused.

BAD_IDX = {
    "cut off in the images": ({"images": idx(PIXELS)[:-1]}, "cut off"),
    "cut off in the labels": ({"labels": idx(LABELS)[:-3]}, "cut off"),
    "cut off in the header": ({"images": idx(PIXELS)[:10]}, "cut off"),
    "too long": ({"images": idx(PIXELS) + b"\0"}, "longer than"),
    "another type": ({"images": idx(PIXELS, magic=0x0D03)}, "no IDX file"),
    "text": ({"images": b"hello, world"}, "no IDX file"),
    "empty": ({"images": b""}, "no IDX file"),
    "no images": ({"images": idx(PIXELS[:0]), "labels": idx(LABELS[:0])}, "empty"),
    "fewer labels": ({"labels": idx(LABELS[:-1])}, "11 labels"),
    "a large label": ({"labels": idx(LABELS + 99)}, "label 101"),
    "labels with rows": ({"labels": idx(PIXELS)}, "dimensions"),
    "two dimensions": ({"images": idx(PIXELS.reshape(12, 20))}, "2 dimensions"),
    "huge images": ({"images": struct.pack(">4I", 0x0803, 1, 2**31, 2**31)}, "the most"),
    "huge number": (
        {
            "images": struct.pack(">4I", 0x0803, 2**32 - 1, 5, 4) + PIXELS.tobytes(),
            "labels": struct.pack(">2I", 0x0801, 2**32 - 1) + LABELS.tobytes(),
        },
        "cut off",
    ),
    "no width": ({"images": struct.pack(">4I", 0x0803, 5, 0, 4)}, "0 x 4"),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("case", BAD_IDX)
def test_a_broken_idx_file_is_refused(tmp_path: Path, case: str, packed: bool) -> None:
    contents, words = BAD_IDX[case]
    suffix = ".gz" if packed else ""
    path = mnist(tmp_path, **contents, names=(f"a-images{suffix}", f"a-labels{suffix}"))
    with pytest.raises(FileError, match=words) as caught:
        read_images(path)
    assert str(caught.value).count("\n") == 0


def test_a_file_alone_asks_for_the_other(tmp_path: Path) -> None:
    path = mnist(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(FileError, match="train-labels-idx1-ubyte"):
        read_images(path)


def test_a_torn_gzip_file_is_refused(tmp_path: Path) -> None:
    mnist(tmp_path, names=("a-images.gz", "a-labels.gz"))
    path = tmp_path / "a-images.gz"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FileError, match=r"a-images\.gz"):
        read_images(path)


class Trap:
    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("a pickle was opened",))


BAD_NPZ: dict[str, tuple[dict[str, Any], str]] = {
    "objects": ({"x": np.array([Trap()] * 2, object), "y": LABELS[:2]}, "Python objects"),
    "no labels": ({"x": PIXELS}, "only images; put the file with the labels, some-labels.npz"),
    "other lengths": ({"a": PIXELS, "b": LABELS[:5]}, r"it has a \(12, 5, 4\), b \(5,\)"),
    "nothing": ({}, "it has none"),
    "fewer labels": ({"x": PIXELS, "y": LABELS[:5]}, "5 labels"),
    "dates as labels": ({"x": PIXELS, "y": LABELS.astype("M8[D]")}, "no array of images or labels"),
    "one label": ({"x": PIXELS, "y": np.array(["a"] * 12)}, "only the label 'a'"),
    "many words": ({"x": np.ones((150, 4, 4)), "y": np.arange(150).astype(str)}, "150 different"),
    "labels with fractions": ({"x": PIXELS, "y": LABELS / 2}, "whole numbers"),
    "negative labels": ({"x": PIXELS, "y": LABELS.astype(int) - 1}, "label -1"),
    "no square": ({"x": np.ones((12, 10)), "y": LABELS}, "square"),
    "five channels": ({"x": np.ones((12, 6, 6, 5)), "y": LABELS}, "channels"),
    "wide": ({"x": np.ones((1, 2, 300)), "y": LABELS}, "300"),
    "not finite": ({"x": np.full((12, 5, 4), np.inf), "y": LABELS}, "finite"),
    "empty": ({"x": PIXELS[:0], "y": LABELS[:0]}, "no array of images"),
    "column by column": ({"x": np.asfortranarray(PIXELS), "y": LABELS}, "column by column"),
    "two sizes": (
        {"x_train": PIXELS, "y_train": LABELS, "x_test": PIXELS[:, :4], "y_test": LABELS},
        "differ in size",
    ),
}


@pytest.mark.parametrize("case", BAD_NPZ)
def test_a_bad_npz_is_refused(tmp_path: Path, case: str) -> None:
    arrays, words = BAD_NPZ[case]
    path = npz(tmp_path, **arrays)
    with pytest.raises(FileError, match=words):
        read_images(path)


def test_a_broken_npz_is_refused(tmp_path: Path) -> None:
    path = npz(tmp_path, x=PIXELS, y=LABELS)
    whole = path.read_bytes()
    for content in (
        b"",
        b"hello",
        whole[: len(whole) // 2],
        whole[:60] + b"\xff" * 40 + whole[100:],
    ):
        path.write_bytes(content)
        with pytest.raises(FileError, match=r"some\.npz"):
            read_images(path)
    with pytest.raises(FileError, match=r"absent\.npz"):
        read_images(tmp_path / "absent.npz")
    with pytest.raises(FileError):
        read_images(tmp_path)


def test_a_promise_of_terabytes_costs_no_memory(tmp_path: Path) -> None:
    header = io.BytesIO()
    shape = (2**40, 28, 28)
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|u1", "fortran_order": False, "shape": shape}
    )
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("x.npy", "y.npy"):
            archive.writestr(name, header.getvalue())
    tracemalloc.start()
    with pytest.raises(FileError, match="cut off"):
        read_images(path)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_other_files_are_no_images(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("x,y\n1,2\n")
    (tmp_path / "table.csv.gz").write_bytes(gzip.compress(b"x,y\n"))
    for name in ("table.csv", "table.csv.gz", "absent", "."):
        assert not is_image_file(tmp_path / name)


def _archive(path: Path, pixels: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", pixels)
        archive.writestr("y.npy", _npy(np.zeros(4, np.int64)))
    return path


def _npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


@pytest.mark.parametrize(
    ("pixels", "words"),
    [
        (_npy(np.zeros(4)), "has one row of values instead of images"),
        (_npy(np.full((4, 2, 2), 1e300)), "has a pixel that is not a finite number"),
        (_npy(np.zeros((4, 2, 2)))[:10] + b"(" * 300, "cannot be read"),
        (b"\x93NUMPY\x01\0\x08\0{'a': (\n" + b"\0" * 99, "cannot be read"),
    ],
)
def test_arrays_that_are_no_images_are_one_sentence(
    tmp_path: Path, pixels: bytes, words: str
) -> None:
    with pytest.raises(FileError, match=words) as caught:
        read_images(_archive(tmp_path / "odd.npz", pixels))
    assert len(str(caught.value)) < 200


def test_names_in_an_archive_are_quoted_in_short(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "odd.npz", "w") as archive:
        for letter in "abcdefgh":
            archive.writestr(letter * 5_000, b"")
    with pytest.raises(FileError, match="has no array of images with") as caught:
        read_images(tmp_path / "odd.npz")
    assert len(str(caught.value)) < 400


def test_what_cannot_be_a_file_is_none_of_images(tmp_path: Path) -> None:
    for name in ("n" * 300, "a\0b", "\ud800"):
        assert not is_image_file(tmp_path / name)
    link = tmp_path / "loop.npz"
    link.symlink_to(link)
    with pytest.raises(FileError, match="cannot be read"):
        read_images(link)
