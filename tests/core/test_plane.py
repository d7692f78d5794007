"""The plane of the canvas: places and inputs correspond, and it says what it leaves out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pydantic import TypeAdapter, ValidationError

from playground.core.data.axis import Axis
from playground.core.data.dataset import Dataset, prepare
from playground.core.data.plane import DATA_REACH, Plane
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.view import ViewSpec

PLACES = np.random.default_rng(3).uniform(-6, 6, (50, 2)).astype(np.float32)


def table_of(x: np.ndarray, held_out: np.ndarray | None = None) -> Dataset:
    """A data set of these inputs (N, D), as a table would give it."""
    labels = np.arange(len(x)) % 2
    experiment = Experiment(data=PointsData(x=x[:, :2], label=labels, test=np.zeros(0, int)))
    names = tuple(f"column {i}" for i in range(x.shape[1]))
    wine = Experiment.parse({"data": {"kind": "wine"}}).data
    points = Points.of(x, labels, held_out)
    return replace(prepare(experiment), data=wine, points=points, input_names=names)


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    """Inputs (N, D) of any common size and place."""
    shape = (draw(st.integers(2, 30)), draw(st.integers(2, 8)))
    values = draw(arrays(np.float32, shape, elements=st.floats(-1, 1, width=32)))
    scale = 10.0 ** draw(st.integers(-4, 6))
    return (values * scale + draw(st.floats(-2, 2)) * scale).astype(np.float32)


@st.composite
def views(draw: st.DrawFn) -> ViewSpec:
    axes = draw(st.tuples(st.integers(0, 9), st.integers(0, 9)))
    return ViewSpec(projection=draw(st.sampled_from(["slice", "pca"])), axes=axes)


@given(tables(), views())
def test_a_place_is_found_again(x: np.ndarray, view: ViewSpec) -> None:
    plane = Plane.of(table_of(x), view)
    assert plane is not None
    lifted = plane.lift(PLACES)
    assert lifted.shape == (len(PLACES), x.shape[1])
    assert lifted.dtype == np.float32
    # What the inputs lose to float32 where they lie far from zero, seen on the canvas.
    grain = np.abs(lifted).max(axis=0) * np.finfo(np.float32).eps
    tolerance = 1e-4 + float((grain[:, None] * np.abs(plane._sight)).sum(axis=0).max())
    np.testing.assert_allclose(plane.project(lifted), PLACES, atol=tolerance)


@given(tables(), views())
def test_a_table_fits_the_canvas(x: np.ndarray, view: ViewSpec) -> None:
    plane = Plane.of(table_of(x), view)
    assert plane is not None
    reach = np.abs(plane.project(x)).max()
    assert reach <= DATA_REACH * 1.01


@given(tables())
def test_a_slice_holds_the_other_inputs_at_the_mean_of_the_training_points(x: np.ndarray) -> None:
    held_out = np.arange(len(x)) >= max(1, len(x) // 2)
    plane = Plane.of(table_of(x, held_out), ViewSpec(axes=(0, 1)))
    assert plane is not None
    means = x[~held_out].mean(axis=0, dtype=np.float64).astype(np.float32)
    lifted = plane.lift(PLACES)
    np.testing.assert_allclose(lifted[:, 2:], np.broadcast_to(means, lifted.shape)[:, 2:], 1e-6)


def test_a_slice_shows_the_chosen_inputs_in_their_own_units() -> None:
    dataset = prepare(Experiment.parse({"data": {"kind": "wine"}}))
    plane = Plane.of(dataset, ViewSpec(axes=(12, 0)))
    assert plane is not None
    assert [axis.name for axis in plane.axes] == ["proline", "alcohol"]
    assert plane.note == "A slice: the other 11 inputs are at their mean."
    places, x = plane.project(dataset.points.x), dataset.points.x
    np.testing.assert_allclose(plane.axes[0].original(places[:, 0]), x[:, 12], rtol=1e-5)
    np.testing.assert_allclose(plane.axes[1].original(places[:, 1]), x[:, 0], rtol=1e-5)


def test_axes_that_the_data_do_not_have_are_the_first_two() -> None:
    dataset = prepare(Experiment.parse({"data": {"kind": "iris"}}))
    for axes in [(0, 9), (2, 2)]:
        plane = Plane.of(dataset, ViewSpec(axes=axes))
        assert plane is not None
        assert [axis.name for axis in plane.axes] == ["sepal length (cm)", "sepal width (cm)"]


def test_principal_components_are_those_of_scikit_learn() -> None:
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    raw = {"data": {"kind": "wine", "test_ratio": 0.0}}
    dataset = prepare(Experiment.parse(raw))
    plane = Plane.of(dataset, ViewSpec(projection="pca"))
    assert plane is not None
    standardized = StandardScaler().fit_transform(dataset.points.x.astype(np.float64))
    expected = PCA(2).fit(standardized)
    scores = plane.project(dataset.points.x) * plane.axes[0].scale
    np.testing.assert_allclose(
        np.abs(scores), np.abs(expected.transform(standardized)), rtol=1e-3, atol=1e-4
    )
    share = expected.explained_variance_ratio_.sum()
    assert f"hold {100 * share:.0f} % of what the 13 inputs vary" in plane.note


def test_drawn_points_are_their_own_plane_in_the_units_of_their_axes() -> None:
    dataset = prepare(Experiment())
    plane = Plane.of(dataset, ViewSpec())
    assert plane is not None
    assert plane.note == ""
    assert plane.axes == (Axis("x1"), Axis("x2"))
    np.testing.assert_array_equal(plane.project(dataset.points.x), dataset.points.x)
    np.testing.assert_array_equal(plane.lift(PLACES), PLACES)


def test_imported_points_keep_the_axes_of_their_table() -> None:
    axes = (Axis("height", 170.0, 8.0), Axis("weight", 70.0, 10.0))
    data = PointsData(x=PLACES, label=np.arange(50) % 2, test=np.zeros(0, int), axes=axes)
    plane = Plane.of(prepare(Experiment(data=data)), ViewSpec())
    assert plane is not None
    assert plane.axes == axes
    np.testing.assert_array_equal(plane.lift(PLACES), PLACES)


def test_one_input_has_no_plane() -> None:
    raw = {"data": {"kind": "generated", "generator": "sine"}}
    assert Plane.of(prepare(Experiment.parse(raw)), ViewSpec()) is None


def test_pictures_have_no_plane() -> None:
    dataset = prepare(Experiment.parse({"data": {"kind": "iris"}}))
    assert Plane.of(replace(dataset, image=(1, 2, 2)), ViewSpec()) is None


def test_values_too_large_for_float32_are_clipped() -> None:
    x = np.array([[-3e38, 0], [3e38, 1]], np.float32)
    plane = Plane.of(table_of(x), ViewSpec())
    assert plane is not None
    assert np.isfinite(plane.lift(np.array([[1e3, 0.0]]))).all()
    assert np.isfinite(plane.project(np.array([[1e300, -1e300]]))).all()


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3), st.floats(-6, 6))
def test_an_axis_reads_back_what_it_shows(offset: float, scale: float, place: float) -> None:
    axis = Axis("x", offset, scale)
    assert axis.canvas(axis.original(place)) == pytest.approx(place, abs=1e-6 + 1e-9 * 1e6 / scale)


@pytest.mark.parametrize(
    "wrong", [{"scale": 0.0}, {"scale": -1.0}, {"offset": float("nan")}, {"offset": "1"}, {"b": 1}]
)
def test_an_axis_of_a_file_is_checked(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Axis).validate_python({"name": "x", **wrong})
