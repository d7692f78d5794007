"""What the canvas shows: where one looks, numbers along its edges, maps, very many points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pyqtgraph import ScatterPlotItem
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.core.data.axis import Axis
from playground.core.data.dataset import prepare
from playground.core.data.picture_scale import PictureScale
from playground.core.data.points import Points
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.view import ViewSpec
from playground.engines.contract.views import Frame
from playground.ui.look import theme
from playground.ui.output.canvas import density
from playground.ui.output.canvas.axes import numbered, spoken, ticks
from playground.ui.output.canvas.canvas import Canvas
from playground.ui.output.canvas.region import LARGEST, SMALLEST, Region

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SIDE = 400


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.install(app)
    made = Canvas()
    qtbot.addWidget(made)
    made.setFixedSize(SIDE, SIDE)
    made.show()
    return made


def picture_of(canvas: Canvas) -> QImage:
    return canvas.grab().toImage()


# Where one looks.

PLACES = st.tuples(st.floats(-900, 900), st.floats(-900, 900))
REGIONS = st.builds(
    lambda center, extent: Region(center, extent).moved(0, 0), PLACES, st.floats(0.02, 90)
)


@given(REGIONS, st.floats(0.05, 20), st.floats(0, 1), st.floats(0, 1))
def test_zooming_keeps_the_place_under_the_pointer(
    region: Region, factor: float, x: float, y: float
) -> None:
    place = region.from_pixels(x * SIDE, y * SIDE, SIDE, SIDE)
    zoomed = region.zoomed(factor, place)
    assert SMALLEST <= zoomed.extent <= LARGEST
    assert max(abs(value) for value in (*zoomed.low, *zoomed.high)) <= LARGEST * 1.000_001
    if max(abs(value) for value in (*zoomed.low, *zoomed.high)) < LARGEST * 0.999:
        pixels = zoomed.to_pixels(place, SIDE, SIDE)
        np.testing.assert_allclose(pixels, (x * SIDE, y * SIDE), atol=1e-3 * SIDE)


@given(REGIONS, st.floats(0, SIDE), st.floats(0, SIDE))
def test_pixels_and_places_correspond(region: Region, x: float, y: float) -> None:
    place = region.from_pixels(x, y, SIDE, SIDE)
    np.testing.assert_allclose(region.to_pixels(place, SIDE, SIDE), (x, y), atol=1e-3)
    np.testing.assert_allclose(region.clamped(place), place, rtol=1e-9, atol=1e-9)


def test_the_wheel_zooms_around_the_pointer(qtbot: QtBot, canvas: Canvas) -> None:
    at = QPointF(300, 100)
    before = canvas.region.from_pixels(300, 100, SIDE, SIDE)
    event = QWheelEvent(
        at,
        QPointF(canvas.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    with qtbot.waitSignal(canvas.regionChanged) as changed:
        QApplication.sendEvent(canvas.viewport(), event)
    assert changed.args[1] == pytest.approx(5.0)
    after = canvas.region.from_pixels(300, 100, SIDE, SIDE)
    np.testing.assert_allclose(after, before, atol=1e-9)


def test_the_range_of_the_experiment_is_where_one_comes_back_to(canvas: Canvas) -> None:
    canvas.zoom_by(0.5)
    canvas.show_view(ViewSpec(extent=20.0))
    assert canvas.region == Region((0.0, 0.0), 20.0)
    canvas.pan_by(1.0, 1.0)
    canvas.show_view(ViewSpec(extent=20.0, grid=200))
    assert canvas.region.center == (1.0, 1.0)
    canvas.reset_view()
    assert canvas.is_at_home()


def test_points_and_map_move_with_the_view(canvas: Canvas) -> None:
    canvas.show_axes(False)
    canvas.show_points(Points.of([[3.0, 3.0]], [0]))
    canvas.pan_by(3.0, 3.0)
    blue = theme.class_color(0).getRgb()
    assert picture_of(canvas).pixelColor(SIDE // 2, SIDE // 2).getRgb() == blue


# Axes.


@given(st.floats(-1e5, 1e5), st.floats(1e-3, 1e4), st.floats(-50, 50), st.floats(0.05, 100))
def test_ticks_are_round_values_at_the_places_they_name(
    offset: float, scale: float, middle: float, extent: float
) -> None:
    axis = Axis("x", offset, scale)
    found = ticks(axis, middle - extent, middle + extent, 400)
    texts = [text for _, text in found]
    assert len(set(texts)) == len(texts)
    assert len(found) <= 8
    step = (axis.original(found[1][0]) - axis.original(found[0][0])) if len(found) > 1 else 1.0
    for place, text in found:
        assert middle - extent - 1e-6 * extent <= place <= middle + extent + 1e-6 * extent
        said = _read(text)
        assert said == pytest.approx(axis.original(place), abs=abs(step) * 0.01 + 1e-12)


def _read(text: str) -> float:
    """A number that is written for people: 12,000, −0.5, 1×10⁶."""
    raised = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    return float(text.replace("−", "-").replace(",", "").replace("×10", "e").translate(raised))


def test_ticks_of_the_usual_canvas() -> None:
    assert [text for _, text in ticks(Axis("x"), -6, 6, 380)] == [
        "−6",
        "−4",
        "−2",
        "0",
        "2",
        "4",
        "6",
    ]


def test_three_classes_have_their_names_where_their_points_lie(canvas: Canvas) -> None:
    """Numbers 0, 1 and 2 from -5 to 5, as everything is fitted to the canvas."""
    raw = {"kind": "points", "x": [[0.0], [1.0], [2.0]], "class_names": ["low", "mid", "high"]}
    dataset = prepare(Experiment.parse({"data": {**raw, "label": [0, 1, 2], "test": []}}))
    scale = PictureScale.of(dataset)
    found = numbered(scale.axes[1], ["low", "mid", "high"])
    assert [name for _, name in found] == ["low", "mid", "high"]
    assert [place for place, _ in found] == pytest.approx([-5, 0, 5])
    canvas.show_dataset(dataset)
    canvas.show_scale(scale, dataset.target_scale)
    canvas.show_points(dataset.points)
    named = picture_of(canvas)
    canvas._names_upwards = lambda: ()  # type: ignore[method-assign]
    assert picture_of(canvas) != named
    two = {"kind": "points", "x": [[0.0], [1.0]], "label": [0, 1], "test": []}
    del canvas._names_upwards
    canvas.show_dataset(prepare(Experiment.parse({"data": two})))
    assert canvas._names_upwards() == ()


def test_a_place_is_spoken_in_the_unit_of_the_data() -> None:
    assert spoken(Axis("height", 170.0, 8.0), -2.0, 6.0) == "154.0"
    assert spoken(Axis("x"), -1.234, 6.0) == "−1.23"
    assert spoken(Axis("tiny", 0.0, 1e-7), 1.0, 6.0) == "1×10⁻⁷"


def test_axes_can_be_turned_off(canvas: Canvas) -> None:
    canvas.show_frame(None)
    with_numbers = picture_of(canvas)
    canvas.show_axes(False)
    assert picture_of(canvas) != with_numbers


# Maps.


def test_the_map_lies_where_its_frame_says(canvas: Canvas) -> None:
    canvas.show_axes(False)
    certain = np.zeros((10, 10, 2), np.float32)
    certain[:, :, 1] = 1.0
    canvas.show_frame(Frame(certain, (), 1.5, (3.0, 3.0)))
    picture = picture_of(canvas)
    inside = [round(v) for v in canvas.region.to_pixels((3.0, 3.0), SIDE, SIDE)]
    soft = theme.current().soft.getRgb()
    assert picture.pixelColor(*inside).red() > picture.pixelColor(*inside).blue() + 40
    assert picture.pixelColor(100, 300).getRgb() == soft


def test_what_the_units_add_makes_the_curve(canvas: Canvas) -> None:
    x = np.linspace(-1, 1, 50, dtype=np.float32)
    units = np.stack([x, x**2])
    weights = {
        "0.weight": np.ones((2, 1)),
        "0.bias": np.zeros(2),
        "2.weight": np.array([[2.0, -1.0]]),
    }
    frame = Frame((2 * x - x**2)[:, None], (units,), 6.0)
    canvas.show_points(Points.of([[0.0]], np.zeros(1, np.float32)))
    canvas.show_units(True)
    canvas.show_frame(frame, weights)
    parts = canvas._map._contributions(frame)
    np.testing.assert_allclose(parts.sum(axis=0), frame.map[:, 0], atol=1e-6)  # type: ignore[index]
    _, drawn = canvas._map._units.getData()
    assert len(drawn) == 100
    canvas.show_units(False)
    assert canvas._map._units.getData()[0] is None or not len(canvas._map._units.getData()[0])


def test_contours_come_and_go(canvas: Canvas) -> None:
    x = np.linspace(-3, 3, 60, dtype=np.float32)
    chance = np.tile(1 / (1 + np.exp(-x)), (60, 1))
    canvas.show_frame(Frame(np.stack([1 - chance, chance], axis=2), (), 6.0))
    plain = picture_of(canvas)
    canvas.show_contours(True)
    assert picture_of(canvas) != plain
    canvas.show_contours(False)
    assert picture_of(canvas) == plain


# Outlines.


def test_mistakes_are_the_points_on_the_wrong_side(canvas: Canvas) -> None:
    points = Points.of([[1, 1], [2, 2], [3, 3]], [0, 1, 0], [False, False, True])
    canvas.show_points(points)
    wrong = np.array([[0.2, 0.8], [0.1, 0.9], [0.3, 0.7]], np.float32)
    canvas.show_predictions(wrong)
    assert not len(canvas._mistake_rings.places)
    canvas.show_mistakes(True)
    np.testing.assert_array_equal(canvas._mistake_rings.places, [[1, 1]])
    canvas.show_test_points(True)
    np.testing.assert_array_equal(canvas._mistake_rings.places, [[1, 1], [3, 3]])
    canvas.show_points(points.remove([0]))
    assert not len(canvas._mistake_rings.places)  # the predictions are those of other points


def test_any_rows_can_be_outlined(canvas: Canvas) -> None:
    canvas.show_points(Points.of([[1, 1], [2, 2], [3, 3]], [0, 1, 0]))
    plain = picture_of(canvas)
    canvas.outline_rows(np.array([0, 2, 99]))
    np.testing.assert_array_equal(canvas._outline_rings.places, [[1, 1], [3, 3]])
    assert picture_of(canvas) != plain
    canvas.outline_rows(None)
    assert picture_of(canvas) == plain


# Density.


@given(
    arrays(np.int64, st.tuples(st.integers(0, 60), st.just(2)), elements=st.integers(-70, 70)),
    st.integers(1, 12),
)
def test_counts_are_a_histogram_of_each_class(eighths: np.ndarray, cells: int) -> None:
    # No point lies on the edge of a cell, where rounding would decide.
    x = (eighths / 8 + 1 / 16).astype(np.float32)
    labels = np.arange(len(x)) % 3
    region = Region((1.0, -2.0), cells / 4)
    found = density.counts(x, labels, region, cells)
    edges = [
        np.linspace(low, high, cells + 1) for low, high in zip(region.low, region.high, strict=True)
    ]
    for label in range(len(found)):
        own = x[labels == label]
        inside = ((own >= region.low) & (own < region.high)).all(axis=1)
        expected = np.histogram2d(*own[inside].T, bins=edges)[0].T
        np.testing.assert_array_equal(found[label], expected)


def test_points_that_are_not_shown_do_not_count() -> None:
    x = np.array([[0, 0], [0, 0], [1, 1]], np.float32)
    shown = np.array([True, False, True])
    assert density.counts(x, np.array([0, 0, 1]), Region(), 6, shown).sum() == 2


def test_targets_are_shared_between_low_and_high() -> None:
    x = np.zeros((3, 2), np.float32)
    found = density.counts(x, np.array([-1.0, 0.0, 5.0]), Region((0.1, 0.1), 1.0), 1)
    np.testing.assert_allclose(found[:, 0, 0], [1.5, 1.5])


def test_places_far_outside_do_no_harm() -> None:
    x = np.array([[3e38, -3e38], [0, 0]], np.float32)
    assert density.counts(x, np.zeros(2, int), Region(), 50).sum() == 1


def test_the_density_is_seen_where_a_single_point_lies() -> None:
    layers = np.zeros((2, 4, 4))
    layers[0, 0, 0], layers[1, 3, 3] = 1, 1000
    picture = density.picture(layers)
    assert picture[0, 0, 3] > 100
    assert picture[3, 3, 3] == 255
    assert picture[1, 1, 3] == 0
    np.testing.assert_array_equal(picture[3, 3, :3], theme.class_color(1).getRgb()[:3])


@pytest.mark.parametrize("mode", [theme.Mode.LIGHT, theme.Mode.DARK])
def test_a_target_near_zero_stands_out_from_a_map_of_its_colour(
    canvas: Canvas, mode: theme.Mode
) -> None:
    theme.manager().set_mode(mode)
    try:
        canvas.show_test_points(True)
        targets = np.array([0.0, 0.0], np.float32)
        x = np.array([[-1, 0], [1, 0]], np.float32)
        canvas.show_points(Points(x, targets, held_out=np.array([False, True])))
        items = [item for item in canvas.scene().items() if isinstance(item, ScatterPlotItem)]
        edges = [item.opts["pen"].color() for item in items if len(item.data)]
        assert len(edges) == 2
        neutral = theme.current().neutral_color.lightness()
        assert all(abs(edge.lightness() - neutral) > 80 for edge in edges)
    finally:
        theme.manager().set_mode(theme.Mode.SYSTEM)


def test_very_many_points_are_shown_as_density(canvas: Canvas) -> None:
    x = np.random.default_rng(0).uniform(-1, 1, (30_000, 2))
    canvas.show_points(Points.of(x, np.zeros(30_000, int)))
    assert canvas.is_dense
    assert canvas._density_words() == "30,000 points, shown as density"
    picture = picture_of(canvas)
    middle, edge = picture.pixelColor(200, 200), picture.pixelColor(100, 200)
    assert middle.blue() > middle.red() + 60
    assert edge.getRgb() == theme.current().soft.getRgb()
    canvas.show_points(Points.of([[0, 0]], [0]))
    assert not canvas.is_dense
    assert picture_of(canvas).pixelColor(230, 200).getRgb() == theme.current().soft.getRgb()


def test_the_density_is_counted_once_for_each_view(
    canvas: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []
    count = density.counts
    monkeypatch.setattr(density, "counts", lambda *a: counted.append(1) or count(*a))
    canvas.show_points(Points.of(np.zeros((30_000, 2)), np.zeros(30_000, int)))
    for _ in range(3):
        canvas.grab()
        canvas.show_frame(None)
    canvas.setFixedSize(SIDE + 1, SIDE + 1)  # no more cells than before
    canvas.grab()
    assert len(counted) == 1
    canvas.pan_by(1, 0)
    canvas.grab()
    assert len(counted) == 2


def test_light_and_dark_come_back(canvas: Canvas) -> None:
    canvas.show_points(Points.of([[1, 1], [2, 2]], [0, 1]))
    canvas.select_all()
    try:
        theme.manager().set_mode(theme.Mode.LIGHT)
        light = picture_of(canvas)
        theme.manager().set_mode(theme.Mode.DARK)
        assert picture_of(canvas) != light
        theme.manager().set_mode(theme.Mode.LIGHT)
        assert picture_of(canvas) == light
    finally:
        theme.manager().set_mode(theme.Mode.SYSTEM)
