"""Points written as a table read back as the same points, in every form that can be chosen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playground.core.data.axis import Axis
from playground.core.data.points import Points
from playground.core.data.tables.choosing import automatic_choice
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.export import points_csv
from playground.core.data.tables.form import HELD_OUT
from playground.core.data.tables.importing import read_table_text
from playground.core.data.tables.table import Table, table_of
from playground.core.errors import DataError
from playground.core.palette import CLASS_NAMES

FORMS = [
    (delimiter, encoding, decimal)
    for delimiter in (",", ";", "\t", "|")
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp932")
    for decimal in (".", ",")
    if delimiter != decimal
]
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)
ASCII_NAMES = ["Blue", "red, or so", 'say "no"', "a;b", "two\nlines", "x|y", "t\tt", "-x", "É"]
JAPANESE_NAMES = ["赤", "青い点", "ソ連", "表, 裏", "カタカナ"]


def read_back(path: Path, content: bytes) -> Table:
    path.write_bytes(content)
    text = read_table_text(path)
    return table_of(text, automatic_choice(facts_of(text)).columns)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("export") / "points.csv"


@given(st.sampled_from(FORMS), st.data())
def test_labelled_points_read_back_identical(
    place: Path, form: tuple[str, str, str], data: st.DataObject
) -> None:
    delimiter, encoding, decimal = form
    known = JAPANESE_NAMES if encoding == "cp932" else [*ASCII_NAMES, *JAPANESE_NAMES]
    names = data.draw(st.lists(st.sampled_from(known), min_size=2, max_size=5, unique=True))
    rows = data.draw(
        st.lists(
            st.tuples(FLOATS, FLOATS, st.integers(0, len(names) - 1), st.booleans()),
            min_size=1,
            max_size=9,
        )
    )
    x1, x2, labels, held_out = zip(*rows, strict=True)
    points = Points.of(np.stack([x1, x2], axis=1), np.array(labels), held_out)
    content = points_csv(
        points, ["x1", "x2"], names, delimiter=delimiter, encoding=encoding, decimal=decimal
    )
    found = read_back(place, content)
    assert found.input_names == ("x1", "x2")
    assert found.points.x.tobytes() == points.x.tobytes()
    assert [found.class_names[label] for label in found.points.y] == [names[i] for i in labels]
    assert found.points.held_out.tolist() == points.held_out.tolist()


@given(st.sampled_from(FORMS), st.lists(st.tuples(FLOATS, FLOATS), min_size=1, max_size=9))
def test_curves_read_back_identical(
    place: Path, form: tuple[str, str, str], rows: list[tuple[float, float]]
) -> None:
    delimiter, encoding, decimal = form
    # A number with a fraction, for up to ten whole numbers would be taken for classes.
    x, y = np.array([*rows, (0.5, 0.25)], np.float32).T
    points = Points.of(x[:, None], y)
    content = points_csv(points, ["x"], delimiter=delimiter, encoding=encoding, decimal=decimal)
    found = read_back(place, content).points
    assert found.is_regression
    assert found.x.tobytes() == points.x.tobytes()
    assert found.y.tobytes() == points.y.tobytes()


@given(
    st.lists(st.floats(-6, 6, width=32), min_size=1, max_size=9),
    st.floats(-1e6, 1e6),
    st.floats(1e-3, 1e3),
)
@example([0.1], 5.85, 0.36)
def test_units_lead_back_to_the_same_places(
    place: Path, values: list[float], offset: float, scale: float
) -> None:
    axis = Axis("length (cm)", offset, scale)
    stored = np.array(values, np.float32)
    points = Points.of(stored[:, None], np.zeros(len(stored), np.int64))
    place.write_bytes(points_csv(points, ["length (cm)"], ["red"], [axis]))
    back = (read_table_text(place).numbers("length (cm)") - offset) / scale
    # What a float64 of the size of the offset cannot tell apart, no table can bring back.
    blur = 2 * np.finfo(np.float64).eps * (abs(offset) / scale + 6)
    is_clear = np.spacing(np.abs(stored)) > 4 * blur
    assert (back.astype(np.float32) == stored)[is_clear].all()
    assert (np.abs(back - stored) <= np.maximum(blur, np.spacing(np.abs(stored)))).all()


def test_values_in_units_are_as_short_as_they_were(place: Path) -> None:
    lengths = np.array([4.3, 5.1, 5.84, 7.9])
    axis = Axis("length", 6.1, 0.36)
    points = Points.of(((lengths - 6.1) / 0.36)[:, None], [0, 0, 1, 1])
    text = points_csv(points, ["length"], ["a", "b"], [axis]).decode()
    assert text.splitlines() == ["length,class", "4.3,a", "5.1,a", "5.84,b", "7.9,b"]


def test_painted_classes_keep_their_colors(place: Path) -> None:
    points = Points.of([[0, 1], [2, 3], [4, 5], [6, 7]], [2, 3, 0, 1])
    found = read_back(place, points_csv(points, ["x1", "x2"], CLASS_NAMES))
    assert found.class_names == CLASS_NAMES[:4] != tuple(sorted(CLASS_NAMES[:4]))
    assert found.points.y.tolist() == [2, 3, 0, 1]


def test_what_is_held_out_is_a_column_only_where_something_is() -> None:
    x = [[0, 1], [2, 3]]
    assert HELD_OUT not in points_csv(Points.of(x, [0, 1]), ["a", "b"]).decode()
    divided = points_csv(Points.of(x, [0, 1], [True, False]), ["a", "b"]).decode()
    assert divided.splitlines()[:2] == ["a,b,class,held out", "0.0,1.0,0,1"]


@pytest.mark.parametrize(
    ("names", "classes", "form", "words"),
    [
        (["x1", "x2"], ["NA", "b"], {}, "'NA' means a missing one"),
        (["x1", "x2"], ["b", "b"], {}, "same name"),
        (["1", "2"], ["a", "b"], {}, "names with letters"),
        (["x1", "x2"], ["a", "b"], {"delimiter": ",", "decimal": ","}, "choose another delimiter"),
        (["x1", "x2"], ["a", "😀"], {"encoding": "cp932"}, "cannot be written in Shift-JIS"),
        (["x1", "x2"], ["a", "ｱ"], {"encoding": "cp932"}, "would not be recognised"),
        (["x1", "x2"], ["a", "b"], {"encoding": "koi8-r"}, "no form of a table"),
    ],
)
def test_what_would_not_read_back_is_one_sentence(
    names: list[str], classes: list[str], form: dict[str, str], words: str
) -> None:
    points = Points.of([[0.5, 1], [2, 3]], [0, 1])
    with pytest.raises(DataError, match=words) as caught:
        points_csv(points, names, classes, **form)
    assert "\n" not in str(caught.value)


def test_no_points_are_no_table() -> None:
    with pytest.raises(DataError, match="no points to export"):
        points_csv(Points.empty(), ["x1", "x2"])
