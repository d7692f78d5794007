"""Data in units of their own on the canvas: points, curve and colours, probes, tiles, tools."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.core import palette
from playground.core.data.axis import Axis
from playground.core.data.dataset import Dataset, prepare
from playground.core.data.picture_scale import PictureScale
from playground.core.data.points import Points
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.base import Plan
from playground.engines.contract.views import Views
from playground.engines.inside.frames import FramePainter
from playground.engines.loop.headless import Result, train_to_end
from playground.engines.many.picture import SIZE, draw
from playground.engines.numpy.numpy_engine import NumpyEngine
from playground.ui.compare import tiles
from playground.ui.data.draw_panel import DrawPanel
from playground.ui.data.tools import Modifier
from playground.ui.data.tools.tool import ToolSettings
from playground.ui.look import theme
from playground.ui.output.canvas.canvas_points import from_canvas, to_canvas
from playground.ui.output.canvas.probes import lifted, predicted, readings
from playground.ui.output.card import OutputCard


def written(folder: Path, header: str, rows: list[tuple[Any, ...]]) -> Path:
    path = folder / "readings.csv"
    lines = [header, *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def trained(path: Path, **settings: Any) -> tuple[Result, NumpyEngine]:
    """A table learned by the NumPy engine for some epochs."""
    changes = [("training.engine", "numpy"), *settings.items()]
    result = train_to_end(files.open_any(path).with_settings(changes), epochs=80)
    engine = NumpyEngine(Plan.of(result.experiment, result.dataset))
    engine.load(result.dataset)
    engine.set_weights(result.weights)
    return result, engine


@pytest.fixture
def card(qtbot: QtBot) -> OutputCard:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.install(app)
    made = OutputCard()
    qtbot.addWidget(made)
    made.set_canvas_side(380)
    return made


def show(card: OutputCard, result: Result, engine: NumpyEngine, **views: Any) -> None:
    """The data in the card, with a picture of the network."""
    dataset = result.dataset
    card.show_experiment(result.experiment)
    card.canvas.draw_with(lambda: dataset.points)
    card.show_dataset(dataset)
    card.canvas.show_points(dataset.points)
    frame = FramePainter().draw(engine, dataset, Views(grid=60, **views))
    card.canvas.show_frame(frame, result.weights)


def curve_of(card: OutputCard) -> tuple[np.ndarray, np.ndarray]:
    """The drawn curve in the units of the axes."""
    x, y = card.canvas._map._curve.getData()
    across, up = card.canvas.axes
    return across.original(x), up.original(y)


def temperatures(folder: Path) -> Path:
    rows = [(t, round(150 + 50 * np.sin(t / 15), 2)) for t in range(40, 140)]
    return written(folder, "temp,value", rows)


# One input.


def test_points_and_curve_are_seen_in_their_units(card: OutputCard, tmp_path: Path) -> None:
    result, engine = trained(temperatures(tmp_path))
    show(card, result, engine)
    places = card.canvas._places
    assert (np.abs(places) <= 5.001).all()  # the canvas shows 6
    assert np.ptp(places, axis=0) == pytest.approx([10, 10], abs=1e-4)
    assert [axis.name for axis in card.canvas.axes] == ["temp", "value"]
    across, _ = card.canvas.axes
    np.testing.assert_allclose(across.original(places[:, 0]), np.arange(40, 140), atol=1e-3)
    x, y = curve_of(card)
    np.testing.assert_allclose(y, result.predict(x)[:, 0], rtol=1e-4)
    assert (x.min(), x.max()) == (pytest.approx(30, abs=2), pytest.approx(149, abs=2))


@pytest.mark.parametrize("loss", ["cross_entropy", "bce_with_logits"])
def test_a_curve_rises_from_the_first_class_to_the_second(
    card: OutputCard, loss: str, tmp_path: Path
) -> None:
    rows = [(i / 10, "b" if i > 15 else "a") for i in range(-40, 60)]
    result, engine = trained(written(tmp_path, "gauge,state", rows), **{"training.loss": loss})
    show(card, result, engine)
    x, y = curve_of(card)
    np.testing.assert_allclose(y, result.predict(x)[:, 1], atol=1e-4)
    assert y[x < 1].max() < 0.1
    assert y[x > 2].min() > 0.9
    heights = card.canvas.axes[1].original(card.canvas._places[:, 1])
    np.testing.assert_allclose(heights, result.dataset.points.y, atol=1e-5)


def test_bands_of_classes_have_their_colours(card: OutputCard, tmp_path: Path) -> None:
    rows = [(i / 10, "abc"[(i > 0) + (i > 40)]) for i in range(-40, 80)]
    result, engine = trained(written(tmp_path, "gauge,state", rows))
    show(card, result, engine)
    colors = card.canvas._map._image.image
    assert colors is not None
    columns = (np.arange(colors.shape[1]) + 0.5) * 12 / colors.shape[1] - 6
    chances = result.predict(card.canvas.axes[0].original(columns))
    ends = palette.blend(np.eye(3), theme.current().neutral, colors=result.dataset.looks.rgb)
    is_sure = chances.max(axis=1) > 0.9
    # Beside a border colours melt into each other.
    labels = np.where(is_sure, chances.argmax(axis=1), -1)
    is_sure &= [len(set(labels[max(0, i - 8) : i + 9])) == 1 for i in range(len(labels))]
    assert set(chances[is_sure].argmax(axis=1)) == {0, 1, 2}
    for color, label in zip(colors[5][is_sure], chances[is_sure].argmax(axis=1), strict=True):
        assert np.abs(ends.astype(int) - color).sum(axis=1).argmin() == label
    assert not card._key.isHidden()
    assert card._key.accessibleDescription() == "a, b, c"


def test_a_probe_rides_on_the_curve(card: OutputCard, tmp_path: Path) -> None:
    result, _ = trained(temperatures(tmp_path))
    scale = PictureScale.of(result.dataset)
    probe = lifted((-5.0, 3.0), None, scale)
    assert probe == (pytest.approx(40, abs=1e-4),)
    said = result.predict([probe])[0]
    (reading,) = readings([probe], result.dataset, None, {probe: said}, scale)
    assert reading.place[0] == pytest.approx(-5, abs=1e-4)
    assert scale.axes[1].original(reading.place[1]) == pytest.approx(said[0])
    assert predicted(said, result.dataset, scale) == f"value {said[0]:.1f}"


# Colours of values.


def hill(folder: Path) -> Path:
    random = np.random.default_rng(2)
    u, v = random.uniform(-3, 3, (2, 90)).round(3)
    score = (75 + 5 * u - 3 * v).round(2)
    return written(folder, "u,v,score", list(zip(u, v, score, strict=True)))


def test_a_map_uses_all_its_colours(card: OutputCard, tmp_path: Path) -> None:
    result, engine = trained(hill(tmp_path))
    show(card, result, engine)
    colors = card.canvas._map._image.image.astype(int)
    assert colors[5, -5, 0] - colors[5, -5, 2] > 60  # high: orange
    assert colors[-5, 5, 2] - colors[-5, 5, 0] > 60  # low: blue
    low, high = (float(end) for end in card._key.ends())
    y = result.dataset.points.y
    assert (low, high) == (pytest.approx(y.min(), abs=0.1), pytest.approx(y.max(), abs=0.1))
    shades = {kind for kind, _ in card.canvas._markers._groups()}
    assert {0, 16} <= shades
    assert len(shades) > 8


def test_a_picture_in_a_file_has_the_same_range(tmp_path: Path) -> None:
    """A point that the canvas has at -5, 5 is a twelfth from the edges of the file's picture."""
    result, _ = trained(temperatures(tmp_path))
    image = draw(result)
    assert image is not None
    dataset = result.dataset
    row = int(dataset.points.y.argmax())
    scale = PictureScale.of(dataset)
    x = scale.stored[0].canvas(float(dataset.points.x[row, 0]))
    column, line = (x + 6) / 12 * SIZE, SIZE / 12
    assert image.getpixel((round(column), round(line))) != image.getpixel((10, 10))


def test_a_tile_of_a_race_uses_all_colours_too(
    qtbot: QtBot, card: OutputCard, tmp_path: Path
) -> None:
    result, engine = trained(hill(tmp_path))
    frame = FramePainter().draw(engine, result.dataset, Views(grid=30))
    assert frame is not None
    picture = QPixmap(60, 60)
    painter = QPainter(picture)
    tiles._paint_map(painter, QRect(0, 0, 60, 60), frame.map, frame, result.dataset)
    painter.end()
    image = picture.toImage()
    high, low = image.pixelColor(57, 57), image.pixelColor(2, 2)  # below right, above left
    assert high.red() - high.blue() > 60
    assert low.blue() - low.red() > 60
    y = result.dataset.points.y
    (most, least), _ = tiles.point_looks(result.dataset, np.array([y.argmax(), y.argmin()]))
    assert int(most[0]) - most[2] > 60
    assert int(least[2]) - least[0] > 60


# Tools.


@given(
    st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e5, 1e5)), min_size=1, max_size=9),
    st.integers(0, 8),
    st.floats(0.5, 2e3),
)
def test_what_is_not_moved_keeps_its_numbers(
    pairs: list[tuple[float, float]], row: int, scale: float
) -> None:
    x, y = zip(*pairs, strict=True)
    points = Points(np.array(x)[:, None], np.array(y), np.zeros(len(x), bool))
    stored = Axis("a", 17.25, scale), Axis("b", -3e4, scale * 7)
    state = to_canvas(points, stored)
    assert from_canvas(state, points, stored).same_as(points)
    row = min(row, len(points) - 1)
    moved = from_canvas(state.shift([row], (0.0, 1.0)), points, stored)
    others = [i for i in range(len(points)) if i != row]
    np.testing.assert_array_equal(moved.y[others], points.y[others])
    np.testing.assert_array_equal(moved.x, points.x)
    assert moved.y[row] == pytest.approx(points.y[row] + scale * 7, rel=1e-3, abs=scale)


@given(st.lists(st.integers(0, 5), max_size=9), st.lists(st.integers(0, 7), max_size=12))
def test_a_number_is_that_of_its_row_or_of_the_first_that_lay_there(
    numbers: list[int], places: list[int]
) -> None:
    """Rows come, go and change places, and several lie at one place."""
    unit = Axis("a", 40.0, 0.3), Axis("b", -7.0, 0.7)
    # Each has a part of its own that float32 does not see at its place.
    exact = [number + 1e-9 * row for row, number in enumerate(numbers)]
    before = Points(np.array(exact)[:, None], np.zeros(len(exact)), np.zeros(len(exact), bool))
    there = to_canvas(before, unit).x[:, 0]
    moved = unit[0].canvas(np.array(places, np.float64)).astype(np.float32)
    state = Points(
        np.stack([moved, np.zeros_like(moved)], axis=1),
        np.zeros(len(places)),
        np.zeros(len(places), bool),
    )
    found = from_canvas(state, before, unit).x[:, 0].tolist()
    for row, (place, number) in enumerate(zip(moved.tolist(), found, strict=True)):
        alike = [other for other, at in enumerate(there.tolist()) if at == place]
        if row in alike:
            assert number == exact[row]
        elif alike:
            assert number == exact[alike[0]]
        else:
            assert number == unit[0].original(place)


def test_a_point_is_dragged_to_a_target_in_its_unit(card: OutputCard) -> None:
    raw = {"kind": "points", "x": [[0.0], [100.0]], "target": [10.0, 90.0], "test": []}
    experiment = Experiment.parse({"data": {**raw, "target_scaling": "standard"}})
    dataset = prepare(experiment)
    card.show_experiment(experiment)
    card.canvas.draw_with(lambda: dataset.points)
    card.show_dataset(dataset)
    card.canvas.show_points(dataset.points)
    offered: list[Points] = []
    card.canvas.edited.connect(lambda points, _: offered.append(points))
    card.canvas.select(np.array([1]))
    card.canvas.nudge(0.0, -2.5)  # 10 units of the canvas are 80
    assert offered[-1].y.tolist() == [10.0, pytest.approx(70, abs=1e-3)]
    assert offered[-1].x.tolist() == [[0.0], [100.0]]


def test_the_picture_stays_while_points_move_within_it(card: OutputCard) -> None:
    def shown(target: list[float]) -> PictureScale:
        raw = {"kind": "points", "x": [[0.0], [9.0]], "target": target, "test": []}
        dataset = prepare(Experiment.parse({"data": {**raw, "target_scaling": "standard"}}))
        card.show_dataset(dataset)
        return card._scale.now

    first = shown([10.0, 90.0])
    assert shown([15.0, 80.0]) is first
    assert shown([10.0, 300.0]).values == (10.0, 300.0)


def test_a_picture_of_another_range_is_not_shown(card: OutputCard, tmp_path: Path) -> None:
    result, engine = trained(temperatures(tmp_path))
    show(card, result, engine)
    other = Axis("temp", 0.0, 1.0), Axis("value", 0.0, 1.0)
    frame = FramePainter().draw(engine, result.dataset, Views(grid=60, stored=other))
    assert not card._scale.has(frame)
    mine = FramePainter().draw(engine, result.dataset, Views(grid=60, stored=card._scale.stored))
    assert card._scale.has(mine)


def test_a_run_draws_along_the_range_that_it_is_told(tmp_path: Path) -> None:
    result, engine = trained(temperatures(tmp_path))
    stored = Axis("temp", 100.0, 2.0), Axis("value")
    frame = FramePainter().draw(engine, result.dataset, Views(grid=6, stored=stored))
    assert frame is not None
    expected = result.predict([90.0, 94.0, 98.0, 102.0, 106.0, 110.0])
    np.testing.assert_allclose(frame.map, expected, rtol=1e-6)


def test_the_slider_has_the_values_of_the_data(qtbot: QtBot, tmp_path: Path) -> None:
    panel = DrawPanel()
    qtbot.addWidget(panel)
    experiment = files.open_any(hill(tmp_path))
    dataset: Dataset = prepare(experiment)
    chosen: list[float] = []
    panel.valueChosen.connect(chosen.append)
    panel.show_experiment(experiment, dataset, dataset.points)
    panel.show_scale(PictureScale.of(dataset))
    low, high = float(dataset.points.y.min()), float(dataset.points.y.max())
    assert panel.value.value() == pytest.approx(high)
    assert chosen == [pytest.approx(high)]
    panel.value.set_value(low)
    assert panel.value.accessibleName() == f"Value: {low:.1f}"
    back = Experiment.parse({"data": {"kind": "generated", "generator": "plane"}})
    panel.show_experiment(back, prepare(back))
    panel.show_scale(PictureScale.of(prepare(back)))
    assert panel.value.accessibleName() == "Value: −1.0"


def test_the_opposite_of_a_value_is_as_far_on_the_other_side() -> None:
    values = Points.empty(regression=True)
    settings = ToolSettings(value=80.0, middle=75.0)
    assert settings.answer(values, Modifier.SHIFT) == 70.0
    assert ToolSettings(value=0.4).answer(values, Modifier.SHIFT) == -0.4
