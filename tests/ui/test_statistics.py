"""What the statistics say: confusion table, fit, histograms over time, sentences."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.core.data.dataset import Dataset, prepare
from playground.core.data.points import Points
from playground.core.experiment.experiment import Experiment
from playground.ui.app import make_application
from playground.ui.curves.classes import ClassesPage
from playground.ui.curves.confusion import ConfusionTable, in_words
from playground.ui.curves.fit import MOST_DOTS, FitPage, PredictedAgainstTarget
from playground.ui.curves.heat import HeatPlot
from playground.ui.curves.histograms import BINS, MOST_COLUMNS, History, Sample
from playground.ui.curves.key import Sentence
from playground.ui.curves.layer_words import (
    layers_of,
    of_activations,
    of_gradients,
    of_weights,
)
from playground.ui.curves.weights import WeightsPage
from tests.ui.moments import look, predicting, snapshot

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

BLOBS = Experiment.parse(
    {"data": {"kind": "generated", "generator": "blobs", "classes": 3, "samples": 90}}
)
HILLS = Experiment.parse({"data": {"kind": "generated", "generator": "hills", "samples": 60}})
NAMES = ("Blue", "Orange", "Red")


@pytest.fixture(autouse=True)
def _application() -> None:
    make_application([])


# Confusion.


@pytest.fixture
def table(qtbot: QtBot) -> ConfusionTable:
    result = ConfusionTable()
    qtbot.addWidget(result)
    result.resize(300, 120)
    result.show_matrix(np.array([[5, 1, 0], [2, 40, 0], [0, 0, 0]]), NAMES, "test")
    result.show()
    return result


def middle(table: ConfusionTable, cell: tuple[int, int]) -> QPoint:
    return table.box(cell).center().toPoint()


def test_a_cell_says_in_words_what_it_counts(table: ConfusionTable) -> None:
    words = [in_words(table.matrix, cell, NAMES, "test") for cell in ((0, 1), (1, 1), (2, 0))]
    assert words == [
        "1 of 6 Blue test points is taken for Orange.",
        "40 of 42 Orange test points are recognised.",
        "There are no Red test points.",
    ]
    spy = QSignalSpy(table.pointed)
    QTest.mouseMove(table, middle(table, (1, 0)))
    assert spy.at(spy.count() - 1)[0] == "2 of 42 Orange test points are taken for Blue."


def test_a_click_chooses_and_a_second_one_lets_go(table: ConfusionTable) -> None:
    spy = QSignalSpy(table.chosen)
    for cell in ((1, 0), (0, 1), (0, 1)):
        QTest.mouseClick(table, Qt.MouseButton.LeftButton, pos=middle(table, cell))
    assert [spy.at(i)[0] for i in range(spy.count())] == [(1, 0), (0, 1), None]


def test_arrows_move_and_enter_chooses(table: ConfusionTable, qtbot: QtBot) -> None:
    table.activateWindow()
    table.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(table.hasFocus)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(table, key)
    assert table.accessibleDescription() == "There are no Red test points."
    QTest.keyClick(table, Qt.Key.Key_Up)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert table.choice == (1, 1)
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert table.choice is None


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Return])
def test_its_keys_come_before_the_shortcuts_of_the_window(
    table: ConfusionTable, key: Qt.Key
) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(table, event)
    assert event.isAccepted()


def test_every_number_fits_its_cell(table: ConfusionTable) -> None:
    counts = np.full((10, 10), 98_765)
    table.show_matrix(counts, [f"class {i}" for i in range(10)], "training")
    table.resize(table.minimumSizeHint())
    box = table.box((9, 9))
    assert box.width() >= table.fontMetrics().horizontalAdvance("98k")
    assert box.right() < table.width()
    table.grab()


def test_places_and_cells_agree(table: ConfusionTable) -> None:
    cells = [(row, column) for row in range(3) for column in range(3)]
    assert [table.cell_at(table.box(cell).center()) for cell in cells] == cells
    assert table.cell_at(table.box((2, 2)).bottomRight() + QPoint(4, 4)) is None


@pytest.fixture
def classes(qtbot: QtBot) -> ClassesPage:
    result = ClassesPage()
    qtbot.addWidget(result)
    result.show_dataset(prepare(BLOBS))
    return result


def show_labels(page: ClassesPage, dataset: Dataset, labels: npt.NDArray) -> None:
    told = look(predictions=predicting(labels, dataset.classes))
    page.show_moment([], snapshot(dataset, inspection=told))


def test_the_table_counts_the_side_that_is_chosen(classes: ClassesPage) -> None:
    dataset = prepare(BLOBS)
    labels = dataset.points.y.copy()
    wrong = np.flatnonzero(dataset.points.held_out & (labels == 2))[:4]
    labels[wrong] = 0
    show_labels(classes, dataset, labels)
    assert classes.table.matrix[2, 0] == 4
    assert classes.table.matrix.sum() == len(dataset.test)
    classes.side.set_key("training")
    classes.side.activated.emit(1)
    assert np.array_equal(classes.table.matrix, np.diag(np.bincount(dataset.train.targets)))


def test_a_chosen_cell_tells_its_rows_and_follows_the_predictions(classes: ClassesPage) -> None:
    dataset = prepare(BLOBS)
    labels = dataset.points.y.copy()
    wrong = np.flatnonzero(dataset.points.held_out & (labels == 1))[:3]
    labels[wrong] = 2
    show_labels(classes, dataset, labels)
    told: list[npt.NDArray] = []
    classes.cellChosen.connect(told.append)
    classes.table.choose((1, 2))
    assert np.array_equal(told[-1], wrong)
    show_labels(classes, dataset, labels)  # nothing has changed, so nothing is told
    assert len(told) == 1
    labels[wrong[0]] = 1
    show_labels(classes, dataset, labels)
    assert np.array_equal(told[-1], wrong[1:])
    classes.table.choose(None)
    assert not len(told[-1])


def test_leaving_the_page_clears_what_was_pointed_out(classes: ClassesPage) -> None:
    dataset = prepare(BLOBS)
    show_labels(classes, dataset, dataset.points.y)
    classes.table.choose((0, 0))
    told: list[npt.NDArray] = []
    classes.cellChosen.connect(told.append)
    classes.leave()
    assert [len(rows) for rows in told] == [0]


def test_the_cell_of_the_keyboard_is_scrolled_into_sight(
    classes: ClassesPage, qtbot: QtBot
) -> None:
    dataset = prepare(BLOBS)
    show_labels(classes, dataset, dataset.points.y)
    classes.resize(240, 50)
    classes.show()
    classes.activateWindow()
    classes.table.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(classes.table.hasFocus)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(classes.table, key)
    seen = classes.table.visibleRegion().boundingRect()
    assert seen.contains(middle(classes.table, (2, 2)))


def test_another_document_starts_with_an_empty_table(classes: ClassesPage) -> None:
    dataset = prepare(BLOBS)
    show_labels(classes, dataset, dataset.points.y)
    classes.table.choose((0, 0))
    told: list[npt.NDArray] = []
    classes.cellChosen.connect(told.append)
    classes.show_nothing()  # as for every page that another document finds
    assert [len(rows) for rows in told] == [0]
    assert not len(classes.table.matrix)


def test_without_test_points_only_training_is_offered(classes: ClassesPage) -> None:
    classes.show_dataset(prepare(BLOBS.with_setting("data.test_ratio", 0.0)))
    assert [classes.side.itemData(i) for i in range(classes.side.count())] == ["training"]


def test_predictions_of_other_data_are_not_counted(classes: ClassesPage) -> None:
    dataset = prepare(BLOBS)
    old = look(predictions=predicting(np.zeros(5, np.int64), 3))
    classes.show_moment([], snapshot(dataset, inspection=old))
    classes.show_moment([], snapshot(dataset))
    assert not len(classes.table.matrix)


# Fit.


@pytest.fixture
def fit(qtbot: QtBot) -> FitPage:
    result = FitPage()
    qtbot.addWidget(result)
    result.resize(380, 90)
    return result


def test_r2_of_both_sides_is_told(fit: FitPage) -> None:
    dataset = prepare(HILLS)
    values = np.where(dataset.points.held_out, dataset.test.targets.mean(), dataset.points.y)
    fit.show_moment([], snapshot(dataset, inspection=look(predictions=values[:, None])))
    assert (fit.train.value(), fit.test.value()) == ("1", "0")
    fit.grab()
    fit.forget()
    assert fit.train.value() == "–"


def test_constant_targets_are_said_to_have_no_r2(fit: FitPage) -> None:
    data = {"kind": "points", "x": [[0, 0], [1, 1]], "target": [0.5, 0.5], "test_ratio": 0.0}
    dataset = prepare(Experiment.parse({"data": data}))
    fit.show_moment([], snapshot(dataset, inspection=look(predictions=np.zeros((2, 1)))))
    assert fit.train.value() == "–"
    assert "All training targets are the same" in fit._words.text()


def test_all_components_are_dots_and_many_are_thinned(qtbot: QtBot) -> None:
    plot = PredictedAgainstTarget()
    qtbot.addWidget(plot)
    plot.resize(400, 400)
    targets = np.random.default_rng(0).normal(size=(2_000, 4)).astype(np.float32)
    points = Points(np.zeros((2_000, 3), np.float32), targets, np.arange(2_000) % 4 == 0)
    predictions = targets + 0.1
    predictions[0, 0] = np.nan
    plot.show_values(points, predictions)
    drawn = plot._train._places.size(), plot._test._places.size()
    assert sum(drawn) == MOST_DOTS
    assert drawn[1] == pytest.approx(MOST_DOTS / 4, rel=0.05)
    assert plot.note() == "All 4 components of every point. 5,000 of 8,000 values are drawn."
    plot.grab()
    plot.clear()
    plot.grab()


# Histograms over time.


@given(st.integers(1, 3_000))
def test_a_history_is_bounded_even_and_ends_with_the_newest(count: int) -> None:
    history = History()
    for step in range(count):
        history.add(step, step, {0: (np.array([float(step % 3)]),)})
    heat = history.heat(0)
    assert heat is not None
    assert len(heat.epochs) == len(history) <= MOST_COLUMNS + 1
    assert heat.epochs[0] == 0
    assert heat.epochs[-1] == count - 1
    assert len(set(np.diff(heat.epochs[:-1]))) <= 1
    assert len(heat.epochs) >= min(count, MOST_COLUMNS // 2)


@given(st.lists(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), min_size=1, max_size=12))
def test_every_column_is_a_whole_histogram_with_the_same_bins(columns: list[list[float]]) -> None:
    history = History()
    for step, values in enumerate(columns):
        history.add(step, step, {0: (np.array(values),)})
    heat = history.heat(0)
    assert heat is not None
    assert heat.share.shape[1] == len(columns)
    assert len(heat.share) <= BINS
    np.testing.assert_allclose(heat.share.sum(axis=0), 1.0, rtol=1e-5)
    np.testing.assert_allclose(heat.means, [np.mean(np.float64(v)) for v in columns], atol=1e-6)


def test_values_lie_in_the_bins_that_numpy_gives_them() -> None:
    values = np.random.default_rng(1).uniform(-1, 1, 400)
    history = History()
    history.add(0, 0, {0: (values,)})
    heat = history.heat(0)
    assert heat is not None
    expected, _ = np.histogram(values.astype(np.float32), len(heat.share), (heat.low, heat.high))
    np.testing.assert_allclose(heat.share[:, 0] * 400, expected, atol=1e-3)


def test_the_same_step_again_replaces_what_was_there() -> None:
    history = History()
    for value in (1.0, 2.0):
        history.add(3, 30, {0: (np.array([value]),)})
    heat = history.heat(0)
    assert heat is not None
    assert heat.means.tolist() == [2.0]


def test_values_that_are_not_finite_leave_the_rest() -> None:
    history = History()
    history.add(0, 0, {0: (np.array([np.nan, 1.0, np.inf]),), 1: (np.array([np.nan]),)})
    assert history.heat(0) is not None
    assert history.heat(1) is None
    assert history.heat(2) is None


def test_first_gradients_do_not_make_the_rest_a_line() -> None:
    history = History()
    for step in range(100):
        history.add(step, step, {0: (np.array([-1.0, 1.0]) * 10.0 ** -min(step, 3),)})
    heat = history.heat(0)
    assert heat is not None
    assert heat.high <= 0.002


# What a layer says.


def test_dead_units_are_named() -> None:
    values = np.ones((20, 8), np.float32)
    values[:, [0, 3, 4]] = 0
    assert of_activations("Layer 2", values, "relu", 20) == (
        "Layer 2: 3 of 8 units are dead (units 1, 4, 5): they output 0 for every training point."
    )
    values[:, [0, 3]] = 1
    assert of_activations("Layer 2", values, "relu", 500) == (
        "Layer 2: 1 of 8 units is dead (unit 5): it outputs 0 for the 20 training points looked at."
    )


def test_many_dead_units_are_counted_and_some_named() -> None:
    words = of_activations("Layer 1", np.zeros((4, 64)), "relu", 4)
    assert "64 of 64 units are dead (units 1, 2, 3, 4, 5, 6, …)" in words


def test_a_channel_is_dead_where_it_is_zero_everywhere() -> None:
    images = np.zeros((5, 3, 4, 4), np.float32)
    images[2, 1, 3, 3] = 1.0
    assert "2 of 3 units are dead (units 1, 3)" in of_activations("Layer 1", images, "relu", 5)


def test_flat_ends_and_ranges_are_told() -> None:
    values = np.array([[-1.0, 0.0], [0.995, 0.5]])
    assert "50 % of its outputs are at the flat ends" in of_activations("A", values, "tanh", 2)
    assert "from −1 to 0.99" in of_activations("A", values, "gelu", 2)


def test_a_layer_that_does_not_learn_says_so() -> None:
    assert "does not learn" in of_gradients("Output", np.zeros(4))
    assert "hardly learns" in of_gradients("Output", np.full(4, 1e-9))
    assert of_gradients("Output", np.array([3.0, -4.0])) == (
        "Output: a typical gradient is 3.5, the largest is 4."
    )
    assert of_weights("Layer 1", np.array([-1.0, 2.0])) == (
        "Layer 1: 2 weights from −1 to 2, mean 0.5."
    )


MIXED = Experiment.parse(
    {
        "data": {"kind": "generated", "generator": "blobs", "classes": 3, "samples": 90},
        "model": {
            "layers": [
                {"kind": "linear", "units": 4, "activation": "relu"},
                {"kind": "dropout", "p": 0.1},
                {"kind": "residual"},
            ]
        },
    }
)
WEIGHTS = {
    "0.weight": np.full((4, 2), 1.0),
    "0.bias": np.full(4, 9.0),
    "3.0.weight": np.full((4, 4), 2.0),
    "3.2.weight": np.full((4, 4), 4.0),
    "4.weight": np.full((3, 4), 8.0),
}


def test_weights_belong_to_the_layer_that_made_them() -> None:
    layers = layers_of(MIXED, 2)
    assert [layer.label for layer in layers] == ["Layer 1", "Layer 2", "Layer 3", "Output"]
    assert [layer.weights_among(WEIGHTS) for layer in layers] == [
        ("0.weight",),
        (),
        ("3.0.weight", "3.2.weight"),
        ("4.weight",),
    ]


@pytest.fixture
def weights(qtbot: QtBot) -> WeightsPage:
    result = WeightsPage()
    qtbot.addWidget(result)
    result.show_experiment(MIXED)
    result.show_dataset(prepare(MIXED))
    result.resize(380, 200)
    result.show()
    return result


def offered(page: WeightsPage) -> list[str]:
    return [page.layer.itemText(i) for i in range(page.layer.count())]


def show_moment(page: WeightsPage, epoch: int, **parts: object) -> None:
    moment = snapshot(prepare(MIXED), epoch, weights=WEIGHTS, **parts)  # type: ignore[arg-type]
    page.note(moment)
    page.show_moment([], moment)


def choose_kind(page: WeightsPage, kind: str) -> None:
    page.kind.set_key(kind)
    page.kind.activated.emit(page.kind.currentIndex())


def choose(page: WeightsPage, *, kind: str, layer: int) -> None:
    choose_kind(page, kind)
    page.layer.set_key(str(layer))
    page.layer.activated.emit(page.layer.currentIndex())


def test_only_layers_with_such_values_are_offered(weights: WeightsPage) -> None:
    show_moment(weights, 1)
    assert offered(weights) == ["Layer 1", "Layer 3", "Output"]
    choose(weights, kind="activations", layer=0)
    assert offered(weights) == ["Layer 1", "Layer 2", "Layer 3"]


def test_a_moment_out_of_sight_is_remembered(weights: WeightsPage) -> None:
    for epoch in range(5):
        weights.note(snapshot(prepare(MIXED), epoch, weights=WEIGHTS))
    heat = weights.histories["weights"].heat(2)
    assert heat is not None
    assert heat.epochs.tolist() == list(range(5))
    assert np.allclose(heat.means, 3.0)


def test_the_chosen_values_are_drawn_and_said(weights: WeightsPage) -> None:
    units = np.zeros((9, 4))
    units[:, 1] = 1
    gradients = {name: array * 0 for name, array in WEIGHTS.items()}
    told = look(gradients=gradients, activations=(units, units, units))
    show_moment(weights, 1, inspection=told)
    choose(weights, kind="weights", layer=3)
    assert weights.reading() == "Output: 12 weights from 8 to 8, mean 8."
    choose(weights, kind="gradients", layer=0)
    assert "all gradients are 0" in weights.reading()
    choose(weights, kind="activations", layer=0)
    assert "3 of 4 units are dead (units 1, 3, 4)" in weights.reading()
    weights.grab()


def test_a_network_without_hidden_layers_has_no_activations(weights: WeightsPage) -> None:
    assert weights.plot.waiting == "The picture appears when training starts."
    weights.show_experiment(MIXED.with_setting("model.layers", []))
    choose_kind(weights, "activations")
    assert weights.plot.waiting == "This network has no hidden layers."
    weights.grab()


def test_another_training_starts_with_an_empty_memory(weights: WeightsPage) -> None:
    show_moment(weights, 1)
    show_moment(weights, 2)
    show_moment(weights, 1, run_id=2)
    assert len(weights.histories["weights"]) == 1
    weights.start()
    assert weights.reading() == ""
    weights.grab()


def test_the_moment_under_the_pointer_is_said(weights: WeightsPage) -> None:
    show_moment(weights, 7)
    QTest.mouseMove(weights.plot, QPoint(weights.plot.width() // 2, 20))
    assert weights.plot.words() == "Epoch 7: from 1 to 1, mean 1."
    assert weights._words.whole() == weights.plot.words()


def test_a_place_is_the_darker_the_more_values_are_there(qtbot: QtBot) -> None:
    plot, history = HeatPlot(), History()
    qtbot.addWidget(plot)
    for epoch in range(40):
        down, up = (10, 90) if epoch < 20 else (90, 10)
        history.add(epoch, epoch, {0: (np.repeat([-1.0, 1.0], [down, up]),)})
    plot.show_heat(history.heat(0))
    plot.resize(400, 200)
    image = plot.grab().toImage()

    def light(epoch: int, value: float) -> int:
        # Inside of the outermost bins, and clear of the mean, which is at 0.8 or -0.8.
        place = plot.box.mapViewToScene(QPointF(epoch + 0.5, value * 0.99)).toPoint()
        return image.pixelColor(place).lightness()

    assert light(10, 1) < light(10, -1) < light(10, 0.5) == light(30, -0.5)
    assert light(30, -1) < light(30, 1) < light(30, 0.5)
    assert light(10, 1) == light(30, -1)


def test_the_axis_of_the_histograms_says_epochs(qtbot: QtBot) -> None:
    plot, history = HeatPlot(), History()
    qtbot.addWidget(plot)
    for epoch in (0, 5, 10, 1_200):
        history.add(epoch, epoch, {0: (np.ones(3),)})
    plot.show_heat(history.heat(0))
    axis = plot.getAxis("bottom")
    assert [name for _, name in axis.marks_for(0, 4, 400)] == ["0", "5", "10", "1,200"]
    plot.resize(400, 200)
    plot.grab()
    assert axis.isVisible()
    plot.resize(400, 60)
    plot.grab()
    assert not axis.isVisible()


def test_a_sentence_that_does_not_fit_is_whole_in_its_tooltip(qtbot: QtBot) -> None:
    sentence = Sentence()
    qtbot.addWidget(sentence)
    sentence.resize(100, 20)
    sentence.show()
    text = "A sentence that is much longer than a hundred pixels can be."
    sentence.say(text)
    assert sentence.text().endswith("…")
    assert text in sentence.toolTip()
    sentence.resize(1_000, 20)
    assert sentence.text() == text


def test_the_values_of_a_training_that_breaks_are_counted_without_a_warning() -> None:
    """float64 weights on their way to infinity are more than the histogram's numbers hold."""
    huge = np.array([1e300, -1e300, 3e38, -3e38, 1.0, np.inf, -np.inf, np.nan])
    sample = Sample.of([huge])
    assert (sample.lowest, sample.highest) == (np.float32(-3e38), np.float32(3e38))
    assert np.asarray(sample.share(sample.size)).sum() == pytest.approx(1.0)
