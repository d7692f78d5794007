"""Arrays of NumPy as other people save them: under any names, in two files, as images or points."""

from __future__ import annotations

import gc
import io
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.data.data import CsvData, ImagesData
from playground.core.data.dataset import prepare
from playground.core.data.images.array_files import holds_images
from playground.core.data.images.image_files import is_image_file, read_images
from playground.core.data.images.offered_arrays import has_choice, offered_in
from playground.core.data.points_data import PointsData
from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.formats.array_pairs import Header, paired, partner_names, role_of
from playground.core.data.tables.formats.arrays import text_of_npz
from playground.core.data.tables.importing import read_table_text
from playground.core.errors import FileError
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import Wish, open_any
from playground.core.script.pytorch import pytorch_script
from tests.image_specimens import LABELS, PIXELS

WORDS = np.array(["cat", "dog", "emu"])
ONE_HOT = np.eye(3)[LABELS]
SAME: dict[str, dict[str, np.ndarray]] = {
    "capital": {"X": PIXELS, "Y": LABELS},
    "mixed": {"X": PIXELS, "y": LABELS},
    "scikit-learn": {"data": PIXELS, "target": LABELS},
    "imgs": {"imgs": PIXELS, "lbls": LABELS},
    "no names": {"arr_0": PIXELS, "arr_1": LABELS},
    "the other order": {"arr_0": LABELS, "arr_1": PIXELS},
    "column": {"images": PIXELS, "labels": LABELS[:, None]},
    "one-hot": {"x": PIXELS, "y": ONE_HOT},
    "one-hot of booleans": {"x": PIXELS, "y": ONE_HOT.astype(bool)},
    "whole floats": {"images": PIXELS, "y": LABELS.astype(np.float32)},
    "more beside": {"X": PIXELS, "y": LABELS, "ids": np.arange(7), "note": np.array("by hand")},
    "MedMNIST": {
        "train_images": PIXELS[:6],
        "train_labels": LABELS[:6, None],
        "test_images": PIXELS[9:],
        "test_labels": LABELS[9:, None],
        "val_images": PIXELS[6:9],
        "val_labels": LABELS[6:9, None],
    },
    "camels": {
        "trainX": PIXELS[:8],
        "trainY": LABELS[:8],
        "testX": PIXELS[8:],
        "testY": LABELS[8:],
    },
    "short": {"Xtr": PIXELS[:8], "ytr": LABELS[:8], "Xte": PIXELS[8:], "yte": LABELS[8:]},
}


def saved(folder: Path, name: str = "some.npz", **arrays: Any) -> Path:
    np.savez(folder / name, **arrays)
    return folder / name


def is_the_same(path: Path, arrays: str | None = None) -> bool:
    table = read_images(path, arrays)
    return np.array_equal(table.points.x.reshape(12, 5, 4), PIXELS) and np.array_equal(
        table.points.y, LABELS
    )


@pytest.mark.parametrize("case", SAME)
def test_images_are_found_under_any_names(tmp_path: Path, case: str) -> None:
    path = saved(tmp_path, **SAME[case])
    assert is_image_file(path)
    assert is_the_same(path)


def test_labels_may_be_words(tmp_path: Path) -> None:
    for words in (WORDS[LABELS], WORDS[LABELS].astype("S3")):
        table = read_images(saved(tmp_path, x=PIXELS, y=words))
        assert (table.class_names, table.points.y.tolist()) == (tuple(WORDS), LABELS.tolist())


def test_words_beside_the_labels_name_the_classes(tmp_path: Path) -> None:
    path = saved(tmp_path, images=PIXELS, labels=LABELS, class_names=WORDS)
    assert read_images(path).class_names == tuple(WORDS)
    path = saved(tmp_path, images=PIXELS, labels=LABELS, hints=WORDS)
    assert read_images(path).class_names == ("0", "1", "2")


def test_rows_of_pixels_may_be_in_color(tmp_path: Path) -> None:
    """As CIFAR has them: 1,024 values of red, then those of green and of blue."""
    random = np.random.default_rng(0)
    rows = random.integers(0, 256, (12, 3 * 64)).astype(np.uint8)
    path = saved(tmp_path, data=rows, labels=LABELS)
    assert is_image_file(path)
    assert read_images(path).image == (3, 8, 8)
    assert np.array_equal(read_images(path).points.x, rows)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("k49-train-imgs.npz", "k49-train-labels.npz"),
        ("X_train.npy", "y_train.npy"),
        ("digits.npy", "digits_labels.npy"),
        ("images.npz", "labels.npy"),
    ],
)
def test_images_and_labels_may_be_in_two_files(tmp_path: Path, first: str, second: str) -> None:
    for name, array in ((first, PIXELS), (second, LABELS)):
        place = tmp_path / name
        np.savez(place, array) if place.suffix == ".npz" else np.save(place, array)
    for name in (first, second) if "digits" not in first else (first,):
        assert is_image_file(tmp_path / name)
        assert is_the_same(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "array", "said"),
    [
        ("kmnist-imgs.npz", PIXELS, "only images; put the file with the labels, kmnist-labels.npz"),
        ("kmnist-labels.npz", LABELS, "only labels; put the file with the images, kmnist-images."),
        ("birds.npz", PIXELS, "only images; put the file with the labels, birds-labels.npz,"),
    ],
)
def test_half_of_a_pair_asks_for_the_other(
    tmp_path: Path, name: str, array: np.ndarray, said: str
) -> None:
    with pytest.raises(FileError, match=said):
        read_images(saved(tmp_path, name, arr_0=array))
    other = tmp_path / said.rpartition(" ")[2].strip(",.").removesuffix(".npz")
    np.savez(f"{other}.npz", LABELS if array is PIXELS else PIXELS)  # the way out
    assert is_the_same(tmp_path / name)


def test_which_arrays_is_a_choice(tmp_path: Path) -> None:
    coarse = LABELS // 2
    path = saved(tmp_path, images=PIXELS, labels_fine=LABELS, labels_coarse=coarse)
    table = read_images(path)
    assert table.points.y.tolist() == LABELS.tolist()
    assert table.notes == (
        "The arrays 'images, labels_fine' are taken as images and labels; others are set by"
        " data.arrays: 'images, labels_coarse'.",
    )
    data = ImagesData(path=str(path), arrays="images, labels_coarse", test_ratio=0.25)
    dataset = prepare(Experiment(data=data))
    assert (dataset.points.y.tolist(), dataset.notes) == (coarse.tolist(), ())
    with pytest.raises(FileError, match="has no arrays 'images, labels'; it has images"):
        read_images(path, "images, labels")


def test_the_choice_is_kept_in_the_second_format(tmp_path: Path) -> None:
    chosen = Experiment(data=ImagesData(path="a.npz", arrays="u,v"))
    plain = chosen.plain()
    assert Experiment.parse(plain) == chosen
    assert "arrays" not in Experiment(data=ImagesData(path="a.npz")).plain()["data"]
    for wrong in ("u", "u,", ",", "u,v,w"):
        with pytest.raises(ValueError, match="is no pair of arrays"):
            ImagesData(path="a.npz", arrays=wrong)


# Points.


X = np.random.default_rng(1).normal(size=(12, 2))


@pytest.mark.parametrize(
    ("arrays", "names"),
    [
        ({"x": X, "y": LABELS}, ("x1", "x2", "y")),
        ({"data": X, "target": ONE_HOT}, ("x1", "x2", "target")),
        ({"points": X, "kind": LABELS.astype(float)}, ("x1", "x2", "kind")),
        (
            {"data": X, "target": LABELS, "feature_names": np.array(["length", "width"])},
            ("length", "width", "target"),
        ),
    ],
)
def test_points_are_a_table(
    tmp_path: Path, arrays: dict[str, np.ndarray], names: tuple[str, ...]
) -> None:
    path = saved(tmp_path, **arrays)
    assert not is_image_file(path)
    text = read_table_text(path)
    assert text.names == names
    np.testing.assert_array_equal(np.stack([text.numbers(name) for name in names[:2]], 1), X)
    assert text.numbers(names[2]).tolist() == LABELS.tolist()
    data = open_any(path).data
    assert isinstance(data, CsvData)
    assert prepare(Experiment(data=data)).class_names == ("0", "1", "2")


def test_columns_that_are_no_pixels_are_a_table(tmp_path: Path) -> None:
    """64 columns might be an image of 8 x 8; pixels are never below black, nor above white."""
    random = np.random.default_rng(2)
    for rows in (random.normal(size=(12, 64)), random.random((12, 64)) * 999):
        assert not is_image_file(saved(tmp_path, x=rows, y=LABELS))
    for rows in (random.random((12, 64)), np.rint(random.random((12, 64)) * 16)):
        assert is_image_file(saved(tmp_path, x=rows, y=LABELS))


def test_points_keep_the_division_of_their_file(tmp_path: Path) -> None:
    path = saved(tmp_path, X_train=X[:8], y_train=LABELS[:8], X_test=X[8:], y_test=LABELS[8:])
    experiment = open_any(path)
    assert isinstance(experiment.data, PointsData)
    dataset = prepare(experiment)
    assert dataset.points.held_out.tolist() == [False] * 8 + [True] * 4
    assert dataset.input_names == ("x1", "x2")
    np.testing.assert_allclose(dataset.points.x, X, rtol=1e-6)


def test_words_name_the_classes_of_points(tmp_path: Path) -> None:
    path = saved(tmp_path, data=X, target=LABELS, target_names=WORDS)
    assert read_table_text(path).column("target") == tuple(WORDS[LABELS])


def test_which_arrays_of_points_is_a_choice(tmp_path: Path) -> None:
    price = np.linspace(1.5, 9, 12)
    path = saved(tmp_path, features=X, kind=LABELS, price=price)
    assert read_table_text(path).met.parts == ("features, kind", "features, price")
    text = read_table_text(path, WantedForm(part="features, price"))
    assert text.numbers("price").tolist() == price.tolist()
    data = open_any(path, wish=Wish(sheet="features, price")).data
    assert isinstance(data, CsvData)
    assert (data.sheet, data.target) == ("features, price", "price")


def test_an_array_of_objects_is_not_opened(tmp_path: Path) -> None:
    path = saved(tmp_path, x=X, y=LABELS, more=np.array([{}, []], object))
    assert len(read_table_text(path)) == 12
    path = saved(tmp_path, x=X, y=np.array([{}] * 12, object))
    with pytest.raises(FileError, match="Python objects, which may run programs when opened"):
        read_table_text(path)


# Names.


ROLES = {
    "x_train": ("x", "", ("train",)),
    "trainImages": ("images", "", ("train",)),
    "Xtest": ("x", "", ("test",)),
    "image_labels": ("", "labels", ()),
    "valid-y": ("", "y", ("val",)),
    "t10k_images": ("images", "", ("test",)),
    "arr_0": ("", "", ("arr", "0")),
    "dataset": ("", "", ("dataset",)),
}


@pytest.mark.parametrize("name", ROLES)
def test_words_of_a_name_tell_what_an_array_is(name: str) -> None:
    assert tuple(role_of(name)) == ROLES[name]


@given(
    st.dictionaries(
        st.text(max_size=8) | st.sampled_from(sorted(ROLES)),
        st.none()
        | st.builds(
            Header,
            st.lists(st.integers(0, 5), max_size=5).map(tuple),
            st.sampled_from(["u1", "f4", "U3", "S2", "?", "M8[s]"]).map(np.dtype),
        ),
        max_size=6,
    )
)
def test_any_arrays_are_paired_or_not(arrays: dict[str, Header | None]) -> None:
    found = paired(arrays)
    for rows, answers in (*found.pairs, *found.others):
        assert rows != answers
        assert {rows, answers} <= set(arrays)
    assert not set(found.pairs) & set(found.others)


@given(st.text(max_size=12))
def test_a_partner_has_another_name(stem: str) -> None:
    for of_rows in (True, False):
        assert stem not in partner_names(stem, of_rows=of_rows)


# The script.


@pytest.mark.parametrize("case", ["MedMNIST", "one-hot", "words", "two files"])
def test_a_script_reads_the_same_arrays(tmp_path: Path, case: str) -> None:
    if case == "two files":
        np.save(tmp_path / "labels.npy", LABELS)
        path = tmp_path / "images.npy"
        np.save(path, PIXELS)
    else:
        arrays = SAME.get(case) or {"x": PIXELS, "y": WORDS[LABELS]}
        path = saved(tmp_path, **arrays)
    raw = {"data": {"kind": "images", "path": str(path)}, "training": {"epochs": 1}}
    script = pytorch_script(Experiment.parse(raw))
    reading = script[: script.index("y = y[:12]")]
    program = f"{reading}\nprint(x.sum(), *y.reshape(-1).astype(int))"
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )
    assert ended.stdout.split() == [str(PIXELS.sum()) + ".0", *map(str, LABELS)]


def test_what_is_broken_is_still_said_to_be_images(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"PK\3\4 nothing")
    (tmp_path / "a.npy").write_bytes(b"\x93NUMPY\1\0nothing")
    assert holds_images(tmp_path / "a.npz")
    assert not is_image_file(tmp_path / "a.npy")
    with pytest.raises(FileError, match=r"a\.npz cannot be read"):
        open_any(tmp_path / "a.npz") and read_images(tmp_path / "a.npz")


def test_an_error_keeps_no_array_in_memory() -> None:
    """Only the window's thread collects garbage, and not often."""
    file = io.BytesIO()
    np.save(file, np.zeros((9, 3)))
    content = file.getvalue()
    collects = gc.isenabled()
    gc.disable()
    try:
        users = sys.getrefcount(content)
        for damaged in (content[:100], b""):
            with suppress(FileError):
                text_of_npz("it.npz", {"x": content, "y": damaged})
        assert sys.getrefcount(content) == users
    finally:
        if collects:
            gc.enable()


NAMES = ("x_train", "y_train", "x_test", "y_test", "scans", "label", "masks", "words", "mean")


@st.composite
def _some_arrays(draw: st.DrawFn) -> dict[str, np.ndarray]:
    """Arrays of images, of labels and of neither, in any order and of two lengths."""
    arrays: dict[str, np.ndarray] = {}
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1)):
        count = draw(st.sampled_from([6, 9]))
        shape = draw(st.sampled_from([(), (4, 4), (5, 5), (4, 4, 3), (64,), (7,)]))
        arrays[name] = np.arange(count * int(np.prod(shape))).reshape(count, *shape) % 3
    return arrays


@settings(max_examples=60)
@given(_some_arrays())
def test_every_pair_that_is_offered_is_read_or_refused(arrays: dict[str, np.ndarray]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "arrays.npz"
        np.savez(path, **arrays)  # type: ignore[arg-type]
        offered = offered_in(path)
        for name, (rows, answers) in offered.pairs.items():
            if arrays[answers].ndim > 1:
                with suppress(FileError):  # only its values tell whether there is a class a column
                    read_images(path, name)
                continue
            table = read_images(path, name)
            assert len(table.points) == len(arrays[rows])
            assert np.array_equal(table.points.y, arrays[answers])
        assert has_choice(path) == (not {*offered.pairs.values()} <= {*offered.taken})
