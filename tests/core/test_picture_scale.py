"""One rule for the range, the axes and the colours of a picture, whoever draws it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.data.dataset import Dataset, prepare
from playground.core.data.picture_scale import PictureScale, curve_heights, on_canvas
from playground.core.data.plane import CANVAS_REACH
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment


def table(folder: Path, header: str, rows: list[tuple[Any, ...]]) -> Dataset:
    path = folder / "readings.csv"
    lines = [header, *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return prepare(files.open_any(path))


def drawn(x: list[list[float]], **answers: Any) -> Dataset:
    return prepare(Experiment.parse({"data": {"kind": "points", "x": x, **answers}}))


def range_of(scale: PictureScale) -> list[tuple[float, float]]:
    return [(axis.original(-CANVAS_REACH), axis.original(CANVAS_REACH)) for axis in scale.seen]


def test_a_table_fills_the_picture_but_for_a_tenth_on_each_side(tmp_path: Path) -> None:
    dataset = table(tmp_path, "depth,salt", [(40 + i, 100.5 + 2 * i) for i in range(101)])
    scale = PictureScale.of(dataset)
    # 40 to 140 and 100.5 to 300.5
    assert range_of(scale) == [pytest.approx((30, 150)), pytest.approx((80.5, 320.5))]
    assert [axis.name for axis in scale.axes] == ["depth", "salt"]
    assert scale.values == (100.5, 300.5)
    assert scale.ends == ("100", "300")
    assert scale.text(217.512) == "218"


@pytest.mark.parametrize(
    ("low", "high", "ends", "said"),
    [
        (60.0, 90.0, ("60", "90"), "75.0"),
        (1_200.0, 250_000.0, ("1,200", "250,000"), "125,600"),
        (5e8, 1.5e9, ("5×10⁸", "1.5×10⁹"), "1×10⁹"),
        (1e-6, 3e-6, ("1×10⁻⁶", "3×10⁻⁶"), "2×10⁻⁶"),
        (1e9, 1e9 + 8, ("1000000000", "1000000008"), "1000000004"),
    ],
)
def test_targets_of_any_size_are_written_as_people_write_them(
    low: float, high: float, ends: tuple[str, str], said: str
) -> None:
    scale = PictureScale.of(drawn([[0.0], [1.0]], target=[low, high], target_scaling="standard"))
    assert scale.ends == ends
    assert scale.text((low + high) / 2) == said


def test_what_is_generated_lies_on_the_canvas() -> None:
    raw = {"data": {"kind": "generated", "generator": "line", "samples": 30}}
    scale = PictureScale.of(prepare(Experiment.parse(raw)))
    assert range_of(scale) == [(-6, 6), pytest.approx((-2, 2))]
    assert (scale.values, scale.ends, scale.text(0.5)) == ((-1, 1), ("−1", "1"), "0.50")
    raw["data"]["generator"] = "circle"
    scale = PictureScale.of(prepare(Experiment.parse(raw)))
    assert range_of(scale) == [(-6, 6), (-6, 6)]


def test_the_canvas_grows_where_points_lie_beyond_it() -> None:
    scale = PictureScale.of(drawn([[0, 0], [300, -8], [1, 2]], label=[0, 1, 0]))
    assert range_of(scale) == [pytest.approx((-6, 300)), pytest.approx((-8, 6))]
    assert (scale.stored[0].offset, scale.stored[0].scale) == (0, 1)


def test_an_input_that_was_scaled_to_the_canvas_is_said_in_its_unit() -> None:
    axes = [{"name": "degrees", "offset": 90.0, "scale": 10.0}]
    data = {"target": [100.0, 150.0, 200.0], "axes": axes, "target_scaling": "standard"}
    scale = PictureScale.of(drawn([[-5.0], [0.0], [5.0]], **data))
    assert range_of(scale) == [(-6, 6), pytest.approx((90, 210))]
    assert scale.axes[0].name == "degrees"
    assert scale.axes[0].original(5.0) == pytest.approx(140)
    assert scale.axes[1].original(-5.0) == pytest.approx(100)


@pytest.mark.parametrize("scale", [1e308, 5e-324])
def test_a_unit_beyond_all_numbers_is_the_last_one(scale: float) -> None:
    axes = [{"name": "a", "offset": 0.0, "scale": scale}]
    data = {"target": [1.0, 2.0], "axes": axes, "target_scaling": "standard"}
    found = PictureScale.of(drawn([[-300.0], [300.0]], **data)).axes[0]
    assert 0 < found.scale < np.inf


@given(
    st.lists(
        st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)),
        min_size=2,
        max_size=12,
        unique_by=lambda pair: round(pair[1], 2),
    ),
    st.booleans(),
)
def test_every_point_is_in_the_picture_and_has_a_colour(
    pairs: list[tuple[float, float]], scaled: bool
) -> None:
    x, y = zip(*pairs, strict=True)
    scaling = "standard" if scaled else "none"
    dataset = drawn([[value] for value in x], target=list(y), target_scaling=scaling)
    scale = PictureScale.of(dataset)
    places = on_canvas(dataset.points, scale.stored)
    assert (np.abs(places) <= CANVAS_REACH * (1 + 1e-5)).all()
    if scale.values != (-1.0, 1.0):
        shades = scale.shades(dataset.points.y)
        assert (shades.min(), shades.max()) == (pytest.approx(-1), pytest.approx(1))


def test_equal_targets_are_in_the_middle() -> None:
    dataset = drawn([[1.0], [2.0]], target=[500.0, 500.0], target_scaling="standard")
    scale = PictureScale.of(dataset)
    assert scale.shades(dataset.points.y).tolist() == [0, 0]


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_a_sure_network_draws_its_curve_through_the_points(classes: int, tmp_path: Path) -> None:
    """Whatever the classes are called: those of the first lie lowest, and so does the curve."""
    names = ["zero", "low", "high", "mid", "a"][:classes]
    rows = [(i / 10, names[i % classes]) for i in range(40)]
    dataset = table(tmp_path, "gauge,state", rows)
    scale = PictureScale.of(dataset)
    sure = np.eye(classes)[dataset.points.y]
    heights = curve_heights(sure, scale.stored)
    np.testing.assert_allclose(heights, on_canvas(dataset.points, scale.stored)[:, 1], atol=1e-5)
    lowest = dataset.points.y == 0
    assert heights[lowest].max() < heights[~lowest].min()
    assert scale.axes[1].original(float(heights[lowest][0])) == pytest.approx(0, abs=1e-6)


def test_points_may_move_within_a_picture_that_stays() -> None:
    before = PictureScale.of(drawn([[0.0], [50.0]], target=[10.0, 90.0], target_scaling="standard"))
    for target, stays in (([15.0, 80.0], True), ([10.0, 120.0], False), ([40.0, 50.0], False)):
        after = drawn([[0.0], [50.0]], target=target, target_scaling="standard")
        assert before.holds(PictureScale.of(after)) == stays
