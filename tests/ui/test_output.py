"""The output card: what it offers for which data, planes, probes, and what it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from playground.core.data.axis import Axis
from playground.core.data.dataset import Dataset, prepare
from playground.core.data.picture_scale import PictureScale
from playground.core.data.plane import Plane
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.base import Plan, Score
from playground.engines.contract.run_control import RunInfo, Snapshot, State
from playground.engines.contract.views import Inspection, Views
from playground.engines.inside.frames import FramePainter
from playground.engines.numpy.numpy_engine import NumpyEngine
from playground.ui.look import theme
from playground.ui.output.canvas.probes import lifted, readings
from playground.ui.output.card import OutputCard
from playground.ui.output.ghost_label import GhostLabel

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SPIRAL: dict[str, Any] = {"data": {"kind": "generated", "generator": "spiral"}}
SINE: dict[str, Any] = {"data": {"kind": "generated", "generator": "sine"}}
WINE: dict[str, Any] = {"data": {"kind": "wine", "standardize": True}}
VIEWS = Views(grid=20, neuron_grid=4)


@pytest.fixture
def card(qtbot: QtBot) -> OutputCard:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.install(app)
    made = OutputCard()
    qtbot.addWidget(made)
    made.set_canvas_side(380)
    made.show()
    return made


def opened(card: OutputCard, raw: dict[str, Any]) -> tuple[Experiment, Dataset, NumpyEngine]:
    """An experiment in the card, with the first picture of its network."""
    experiment = Experiment.parse(raw)
    dataset = prepare(experiment)
    engine = NumpyEngine(Plan.of(experiment, dataset))
    engine.load(dataset)
    card.show_experiment(experiment)
    card.canvas.draw_with(lambda: dataset.points)
    card.show_dataset(dataset)
    card.canvas.show_points(dataset.points)
    card.show_snapshot(snapshot_of(experiment, dataset, engine))
    return experiment, dataset, engine


def snapshot_of(
    experiment: Experiment,
    dataset: Dataset,
    engine: NumpyEngine,
    pointer: tuple[float, float] | None = None,
) -> Snapshot:
    predictions = engine.predict(dataset.prepare(dataset.points.x))
    return Snapshot(
        run_id=1,
        info=RunInfo("numpy", "NumPy", "", "cpu", 1),
        state=State.PAUSED,
        epoch=0,
        step=0,
        seconds=0.0,
        steps_per_second=0.0,
        learning_rate=0.1,
        train=Score(1.0, None if dataset.is_regression else 0.5),
        test=None,
        penalty=0.0,
        curve=(),
        weights=engine.weights(),
        frame=FramePainter().draw(
            engine,
            dataset,
            replace(VIEWS, pointer=pointer),
            experiment.view,
            probes=experiment.probes,
        ),
        dataset=dataset,
        inspection=Inspection(gradients={}, activations=(), predictions=predictions),
        batch=np.array([1, 2], np.int64),
    )


def point(
    card: OutputCard, opened: tuple[Experiment, Dataset, NumpyEngine], place: tuple[float, float]
) -> None:
    """Move the pointer to a place, and bring the answer."""
    card.canvas.pointed.emit(place)
    card.show_answers(snapshot_of(*opened, pointer=place))


def shown(*widgets: QWidget) -> list[bool]:
    return [not widget.isHidden() for widget in widgets]


def test_every_kind_of_data_gets_the_controls_that_mean_something(card: OutputCard) -> None:
    def controls() -> list[bool]:
        panel = card.panel
        return shown(card.canvas, panel.discretize, panel.mistakes, panel.units, card.chooser)

    opened(card, SPIRAL)
    assert controls() == [True, True, True, False, False]
    opened(card, SINE)
    assert controls() == [True, False, False, True, False]
    opened(card, WINE)
    assert controls() == [True, True, True, False, True]
    opened(card, {"data": {"kind": "digits"}})
    assert controls()[0] is False
    texts = [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
    assert any("64 inputs" in text for text in texts)


def test_another_picture_takes_the_place_of_the_canvas(card: OutputCard) -> None:
    opened(card, SPIRAL)
    QApplication.processEvents()
    height = card.minimumSizeHint().height()
    opened(card, {"data": {"kind": "digits"}})
    picture = QLabel("digits")
    card.set_picture(picture)
    assert shown(card.canvas, picture) == [False, True]
    assert picture.width() == 380 < picture.height()
    QApplication.processEvents()
    assert card.minimumSizeHint().height() == height, "no neighbour moves"
    card.set_picture(None)
    opened(card, SPIRAL)
    assert shown(card.canvas) == [True]
    assert picture.parent() is None


# Planes.


def test_the_plane_of_a_table_is_chosen_on_the_canvas(qtbot: QtBot, card: OutputCard) -> None:
    opened(card, WINE)
    chooser = card.chooser
    assert [chooser.across.key(), chooser.upwards.key()] == ["0", "1"]
    chooser.across.setCurrentIndex(12)
    with qtbot.waitSignal(card.axesChosen) as chosen:
        chooser.across.activated.emit(12)
    assert chosen.args == [12, 1]
    chooser.projection.setCurrentIndex(1)
    with qtbot.waitSignal(card.projectionChosen) as projection:
        chooser.projection.activated.emit(1)
    assert projection.args == ["pca"]


def test_the_same_input_for_both_axes_swaps_them(qtbot: QtBot, card: OutputCard) -> None:
    opened(card, {**WINE, "view": {"axes": [3, 5]}})
    card.chooser.across.setCurrentIndex(5)
    with qtbot.waitSignal(card.axesChosen) as chosen:
        card.chooser.across.activated.emit(5)
    assert chosen.args == [5, 3]


def test_a_view_that_comes_back_is_shown(card: OutputCard) -> None:
    experiment, _, _ = opened(card, WINE)
    before = card.canvas._places
    changed = experiment.with_setting("view.axes", (12, 0))
    card.show_experiment(changed)
    assert card.chooser.across.key() == "12"
    assert [axis.name for axis in card.canvas.axes] == ["proline", "alcohol"]
    assert not np.array_equal(card.canvas._places, before)
    card.show_experiment(experiment)
    np.testing.assert_array_equal(card.canvas._places, before)


def test_the_reading_is_in_the_unit_of_the_data(card: OutputCard) -> None:
    point(card, opened(card, {**WINE, "view": {"axes": [12, 0]}}), (0.0, 0.0))
    where = card.reading.text().split("   ")[0]
    proline, alcohol = (float(text) for text in where.strip("()").split(", "))
    assert 500 < proline < 1200
    assert 12 < alcohol < 14
    assert "class_" in card.reading.text()


def test_fit_appears_once_there_is_something_to_come_back_from(card: OutputCard) -> None:
    opened(card, SPIRAL)
    assert shown(card.fit) == [False]
    card.canvas.zoom_by(0.5)
    assert shown(card.fit) == [True]
    card.fit.click()
    assert card.canvas.is_at_home()
    assert shown(card.fit) == [False]


# Outlines.


def test_mistakes_come_with_the_predictions(card: OutputCard) -> None:
    opened(card, SPIRAL)
    card.panel.mistakes.setChecked(True)
    assert len(card.canvas._mistake_rings.places)
    card.start(None, keep_ghost=False)
    assert not len(card.canvas._mistake_rings.places)


def test_the_last_batch_is_outlined_on_request(card: OutputCard) -> None:
    experiment, dataset, engine = opened(card, SPIRAL)
    assert not len(card.canvas._outline_rings.places)
    card.panel.batch.setChecked(True)
    card.show_snapshot(snapshot_of(experiment, dataset, engine))
    np.testing.assert_array_equal(card.canvas._outline_rings.places, dataset.points.x[[1, 2]])
    card.panel.batch.setChecked(False)
    assert not len(card.canvas._outline_rings.places)


# Probes.


def test_a_probe_says_what_the_network_predicts_there(card: OutputCard) -> None:
    experiment, dataset, engine = opened(card, {**SPIRAL, "probes": [[1.0, 2.0]]})
    expected = engine.predict(dataset.prepare(np.array([[1.0, 2.0]], np.float32)))[0]
    plane = Plane.of(dataset, experiment.view)
    (found,) = readings(
        experiment.probes, dataset, plane, {(1.0, 2.0): expected}, PictureScale.of(dataset)
    )
    assert found.prediction is expected
    assert found.place == (1.0, 2.0)
    winner = ["Blue", "Orange"][int(expected.argmax())]
    assert card.canvas._probes[0][1].startswith(winner)


def test_a_probe_rides_on_the_curve(card: OutputCard) -> None:
    opened(card, {**SINE, "probes": [[1.5], [1.0, 2.0]]})
    ((place, words),) = card.canvas._probes  # the other probe belongs to data with two inputs
    assert place[0] == 1.5
    assert words == f"value {place[1] / 3:.2f}".replace("-", "−")


@pytest.mark.parametrize("raw", [SPIRAL, SINE, WINE])
def test_a_dropped_probe_lies_where_it_was_dropped(
    qtbot: QtBot, card: OutputCard, raw: dict[str, Any]
) -> None:
    _, dataset, _ = opened(card, raw)
    with qtbot.waitSignal(card.probesChanged) as changed:
        card.canvas.probeDropped.emit((1.25, -2.5))
    (probe,) = changed.args[0]
    assert len(probe) == dataset.points.x.shape[1]
    card.show_experiment(Experiment.parse({**raw, "probes": [list(probe)]}))
    ((place, _),) = card.canvas._probes
    assert place[0] == pytest.approx(1.25, abs=1e-4)
    if raw is not SINE:
        assert place[1] == pytest.approx(-2.5, abs=1e-4)


def test_the_table_lists_probes_and_removes_them(qtbot: QtBot, card: OutputCard) -> None:
    raw = {**WINE, "view": {"axes": [12, 0]}}
    _, dataset, engine = opened(card, raw)
    scale = PictureScale.of(dataset)
    two = [lifted(place, card._plane, scale) for place in ((1.0, 1.0), (-2.0, 0.5))]
    experiment = Experiment.parse({**raw, "probes": two})
    card.show_experiment(experiment)
    card.open_probe_table()
    assert card.probe_table.table.item(0, 3).text() == ""  # nobody has asked the network yet
    card.show_answers(snapshot_of(experiment, dataset, engine))
    table = card.probe_table.table
    titles = [table.horizontalHeaderItem(i).text() for i in range(table.columnCount())]
    assert titles == ["proline", "alcohol", "Prediction", "class_0", "class_1", "class_2"]
    assert table.rowCount() == 2
    chances = [float(table.item(0, column).text()) for column in (3, 4, 5)]
    assert sum(chances) == pytest.approx(1.0, abs=0.01)
    assert not card.probe_table.remove.isEnabled()
    table.selectRow(0)
    with qtbot.waitSignal(card.probesChanged) as changed:
        qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert changed.args[0] == (tuple(two[1]),)


def test_an_empty_table_says_how_to_fill_it(card: OutputCard) -> None:
    opened(card, SPIRAL)
    card.open_probe_table()
    labels = [label.text() for label in card.probe_table.findChildren(QLabel) if label.isVisible()]
    assert any("probe tool" in text for text in labels)


# The panel.


def test_the_panel_opens_with_the_keyboard_and_closes_with_escape(
    qtbot: QtBot, card: OutputCard
) -> None:
    opened(card, SPIRAL)
    card.show_button.setFocus()
    qtbot.keyClick(card.show_button, Qt.Key.Key_Space)
    assert card.panel.isVisible()
    qtbot.keyClick(card.panel, Qt.Key.Key_Escape)
    assert not card.panel.isVisible()


def test_display_options_reach_the_canvas(card: OutputCard) -> None:
    opened(card, SPIRAL)
    plain = card.canvas.grab().toImage()
    panel = card.panel
    for switch in (
        card.test_points,
        panel.discretize,
        panel.mistakes,
        panel.contours,
        panel.axes,
    ):
        switch.toggle()
        assert card.canvas.grab().toImage() != plain, switch.text()
        switch.toggle()
        assert card.canvas.grab().toImage() == plain, switch.text()


def test_everything_explains_itself(card: OutputCard) -> None:
    opened(card, WINE)
    for widget in card.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.isHidden():
            assert widget.accessibleName(), widget
    panel = card.panel
    for switch in (panel.mistakes, panel.contours, panel.batch, panel.units, panel.axes):
        assert len(switch.toolTip()) > 30


def test_axes_of_an_import_are_spoken(card: OutputCard) -> None:
    axes = [{"name": "height", "offset": 170, "scale": 8}, {"name": "mass", "offset": 70}]
    x = np.random.default_rng(0).uniform(-5, 5, (20, 2)).round(2).tolist()
    data = {"kind": "points", "x": x, "label": [0, 1] * 10, "axes": axes}
    point(card, opened(card, {"data": data}), (1.0, 1.0))
    assert card.canvas.axes == (Axis("height", 170.0, 8.0), Axis("mass", 70.0, 1.0))
    assert card.reading.text().startswith("(178.0, 71.00)")


def test_a_large_loss_of_the_run_before_is_written_as_elsewhere(card: OutputCard) -> None:
    label = GhostLabel(card.canvas)
    label.say(Score(6.05e8, None))
    assert label.text() == "the run before, loss 6.05×10⁸"
    label.say(Score(0.0125, None))
    assert label.text() == "the run before, loss 0.0125"
