"""The network picture under the hand: every wish by pointer and by key, live frames, bad input."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip

from playground.core import numbers
from playground.core.data.axis import Axis
from playground.core.data.dataset import prepare
from playground.core.experiment.experiment import Experiment
from playground.core.network.activations import ACTIVATIONS
from playground.core.network.layers import LAYERS
from playground.engines.contract.run_control import RunControl, Snapshot
from playground.engines.contract.views import Frame, Views
from playground.engines.loop.training import train
from playground.ui.look import theme
from playground.ui.network import NetworkView, descriptions
from playground.ui.network.editing.editors import LayerEditor, NumberEditor
from playground.ui.network.editing.layer_menus import is_for_images
from playground.ui.network.layout import shapes, targets
from playground.ui.network.layout.targets import Part, Target
from playground.ui.network.painting import edges, pictures
from playground.ui.network.structure import values

# Off-screen, Qt cannot give a menu the whole keyboard; nothing here depends on that.
pytestmark = pytest.mark.qt_log_ignore("grabbing the (keyboard|mouse)")

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier

FEATURES = ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"]


@pytest.fixture(autouse=True)
def manager(qapp: QApplication, monkeypatch) -> Iterator[theme.ThemeManager]:
    monkeypatch.setattr(NetworkView, "TRANSITION_MS", 0)
    found = theme.install(qapp)
    found.set_mode(theme.Mode.LIGHT)
    yield found
    found.set_mode(theme.Mode.SYSTEM)
    found.set_scale(1.0)


def linear(*units: int) -> list[dict]:
    return [{"kind": "linear", "units": count} for count in units]


def experiment_with(layers: list[dict], features: list[str] | None = None, **data) -> Experiment:
    kind = {"kind": "generated", "samples": 60, **data}
    return Experiment.parse({"data": kind, "model": {"layers": layers, "features": features}})


def snapshot_of(experiment: Experiment, epochs: int = 1) -> Snapshot:
    """What the training loop gives after so many epochs."""
    views = Views(grid=50, neuron_grid=20)
    control = RunControl(interactive=True, paused=True, views=views)
    run = train(experiment, prepare(experiment), control)
    snapshot = next(run)
    control.take_epochs(epochs)
    while snapshot.epoch < epochs:
        snapshot = next(run)
    control.stop()
    return snapshot


Show = Callable[..., NetworkView]


@pytest.fixture
def show(qtbot) -> Show:
    def make(experiment: Experiment, *, epochs: int | None = 0, size=(700, 480)) -> NetworkView:
        view = NetworkView()
        qtbot.addWidget(view)
        view.resize(*size)
        dataset = prepare(experiment)
        view.show_experiment(
            experiment, dataset.input_names, dataset.outputs, dataset.classes, dataset.class_names
        )
        if epochs is not None:
            snapshot = snapshot_of(experiment, epochs)
            view.show_snapshot(snapshot.weights, snapshot.frame)
        with qtbot.waitExposed(view):
            view.show()
        view.activateWindow()
        return view

    return make


@pytest.fixture
def view(show: Show) -> NetworkView:
    """x1, x2 -> 4 -> dropout -> 3 -> two classes."""
    middle = {"kind": "dropout", "p": 0.1}
    return show(experiment_with([*linear(4), middle, *linear(3)]))


def told(spy: QSignalSpy) -> list[list]:
    return [list(spy.at(index)) for index in range(spy.count())]


def place_of(view: NetworkView, target: Target) -> QPoint:
    box = view.window_box(target)
    assert box is not None
    return box.center().toPoint()


def click(view: NetworkView, part: Part, column: int, unit: int = -1) -> None:
    QTest.mouseClick(view, LEFT, pos=place_of(view, Target(part, column, unit)))


def glyph(view: NetworkView, column: int, unit: int) -> np.ndarray:
    """The pixels inside the frame of a unit."""
    box = view.window_box(Target(Part.NODE, column, unit))
    assert box is not None
    image = view.grab(box.toRect().adjusted(3, 3, -3, -3)).toImage()
    return np.array(
        [[image.pixel(x, y) for x in range(image.width())] for y in range(image.height())]
    )


def pixel(view: NetworkView, at: QPoint) -> int:
    return view.grab().toImage().pixel(at)


def drag_with(view: NetworkView, button: Qt.MouseButton, start: QPoint, end: QPoint) -> None:
    """Press, move and release, as the window system tells it."""
    kinds = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease)
    for kind, at in zip(kinds, (start, end, end), strict=True):
        place = QPointF(at)
        held = Qt.MouseButton.NoButton if kind == kinds[2] else button
        changed = Qt.MouseButton.NoButton if kind == kinds[1] else button
        event = QMouseEvent(kind, place, QPointF(view.mapToGlobal(at)), changed, held, NONE)
        QApplication.sendEvent(view, event)


def on_curve(view: NetworkView, column: int, index: int, t: float = 0.5) -> QPoint:
    """A point of the window on one curve of a bundle."""
    bundle = next(bundle for bundle in view.arrangement().edges if bundle.column == column)
    ends = bundle.ends[index : index + 1]
    x = ends[0, 0] + (ends[0, 2] - ends[0, 0]) * t
    at = QPointF(x, shapes.heights(ends, np.array([t]))[0])
    return view.viewport().transform.map(at).toPoint()


def menu_of(view: NetworkView) -> QMenu:
    (menu,) = [menu for menu in view.findChildren(QMenu) if menu.isVisible()]
    return menu


def choose(view: NetworkView, key: str) -> None:
    menu = menu_of(view)
    (action,) = [action for action in menu.actions() if action.data() == key]
    action.trigger()
    menu.close()


def editor_of(view: NetworkView) -> NumberEditor:
    (editor,) = [e for e in view.findChildren(NumberEditor) if e.isVisible()]
    return editor


def give(view: NetworkView, text: str) -> None:
    editor = editor_of(view)
    editor.field.selectAll()
    QTest.keyClicks(editor.field, text)
    QTest.keyClick(editor.field, Key.Key_Return)


def walk(view: NetworkView, *keys: Key) -> None:
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    for key in keys:
        QTest.keyClick(view, key)


# Wishes by pointer ------------------------------------------------------------------------------


def test_plus_and_minus_ask_for_units(view: NetworkView) -> None:
    asked = QSignalSpy(view.unitsRequested)
    click(view, Part.MORE, 1)
    click(view, Part.FEWER, 3)
    assert told(asked) == [[0, 5], [2, 2]]


def test_a_click_on_the_count_asks_for_a_number(view: NetworkView) -> None:
    asked = QSignalSpy(view.unitsRequested)
    click(view, Part.LAYER, 1)
    give(view, "32")
    assert told(asked) == [[0, 32]]


def test_a_layer_keeps_its_last_unit(show: Show) -> None:
    view = show(experiment_with(linear(1)))
    asked = QSignalSpy(view.unitsRequested)
    click(view, Part.FEWER, 1)
    assert not told(asked)


def test_the_activation_opens_a_menu_of_all_of_them(view: NetworkView) -> None:
    asked = QSignalSpy(view.activationRequested)
    click(view, Part.ACTIVATION, 3)
    actions = menu_of(view).actions()
    assert [action.data() for action in actions] == ACTIVATIONS.keys()
    assert [action.data() for action in actions if action.isChecked()] == ["tanh"]
    assert all(action.toolTip() for action in actions)
    choose(view, "gelu")
    assert told(asked) == [[2, "gelu"]]


@pytest.mark.parametrize("gap", [0, 2, 3])
def test_the_gap_offers_every_kind_of_layer(view: NetworkView, gap: int) -> None:
    asked = QSignalSpy(view.layerAddRequested)
    click(view, Part.ADD, gap)
    offered = [action.data() for action in menu_of(view).actions()]
    assert offered == [kind for kind, layer in LAYERS.items() if not is_for_images(layer)]
    choose(view, "batch_norm")
    assert told(asked) == [[gap, "batch_norm"]]


def test_the_cross_asks_to_remove(view: NetworkView) -> None:
    asked = QSignalSpy(view.layerRemoveRequested)
    click(view, Part.REMOVE, 2)
    assert told(asked) == [[1]]


def drag(view: NetworkView, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(view, LEFT, pos=start)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(view, start + (end - start) * share)
    QTest.mouseRelease(view, LEFT, pos=end)


@pytest.mark.parametrize(
    ("layer", "gap", "expected"), [(0, 3, [[0, 2]]), (2, 0, [[2, 0]]), (1, 3, [[1, 2]]), (1, 2, [])]
)
def test_a_dragged_layer_goes_where_the_mark_is(
    view: NetworkView, layer: int, gap: int, expected: list
) -> None:
    asked = QSignalSpy(view.layerMoveRequested)
    start = place_of(view, Target(Part.HANDLE, layer + 1))
    end = QPoint(place_of(view, Target(Part.ADD, gap)).x(), start.y())
    drag(view, start, end)
    assert told(asked) == expected


@pytest.mark.parametrize("is_changed", [True, False])
def test_a_drag_ends_with_escape_and_with_the_layer(view: NetworkView, is_changed: bool) -> None:
    asked = QSignalSpy(view.layerMoveRequested)
    start = place_of(view, Target(Part.HANDLE, 3))
    QTest.mousePress(view, LEFT, pos=start)
    QTest.mouseMove(view, start - QPoint(50, 0))
    QTest.mouseMove(view, start - QPoint(400, 0))
    assert view.attention.dragged == 3
    if is_changed:
        view.show_experiment(experiment_with(linear(2)), ("x1", "x2"), 2, 2)
    else:
        QTest.keyClick(view, Key.Key_Escape)
    QTest.mouseMove(view, start - QPoint(390, 0))
    view.grab()
    QTest.mouseRelease(view, LEFT, pos=start - QPoint(390, 0))
    assert not told(asked)


def test_a_click_on_dropout_asks_for_its_probability(view: NetworkView) -> None:
    asked = QSignalSpy(view.layerSettingRequested)
    click(view, Part.BLOCK, 2)
    give(view, "0.25")
    assert told(asked) == [[1, "p", 0.25]]


def test_a_click_on_an_input_leaves_it_out(view: NetworkView) -> None:
    asked = QSignalSpy(view.featureToggled)
    click(view, Part.NODE, 0, 0)
    assert told(asked) == [["x1", False]]


def test_hidden_features_stay_as_they_are(show: Show) -> None:
    """Neither pointer nor key changes what a teacher has hidden."""
    hidden = experiment_with(linear(3)).with_setting("view.hidden", ["features"])
    view = show(hidden, epochs=None)
    asked = QSignalSpy(view.featureToggled)
    click(view, Part.NODE, 0, 0)
    walk(view, Key.Key_Left, Key.Key_Left, Key.Key_Down)
    QTest.keyClick(view, Key.Key_Space)
    assert not told(asked)
    lines = descriptions.readout(view.diagram, Target(Part.NODE, 0, 0), None)
    assert not any("Click" in line for line in lines)


def test_with_one_input_each_unit_shows_its_curve(show: Show) -> None:
    """Trained or not: what is drawn follows the values along the input, which differ by unit."""
    curve = {"kind": "generated", "generator": "sine", "samples": 60}
    view = show(Experiment.parse({"data": curve, "model": {"layers": linear(3)}}), epochs=0)
    snapshot = view._frame
    assert snapshot is not None
    assert snapshot.neurons[0].shape[0] == 3
    drawn = [glyph(view, 1, unit) for unit in range(3)]
    assert not np.array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[1], drawn[2])
    view.show_snapshot(None, None)
    plain = [glyph(view, 1, unit) for unit in range(2)]
    np.testing.assert_array_equal(*plain)  # nothing is known: the bend that all have


def test_inputs_of_tables_show_how_their_values_are_spread(show: Show) -> None:
    iris = Experiment.parse({"data": {"kind": "iris"}, "model": {"layers": linear(3)}})
    view = show(iris, epochs=None)
    empty = [glyph(view, 0, unit) for unit in range(2)]
    np.testing.assert_array_equal(*empty)
    view.show_columns(prepare(iris).points.x)
    spread = [glyph(view, 0, unit) for unit in range(2)]
    assert not np.array_equal(spread[0], spread[1])
    assert not np.array_equal(spread[0], empty[0])


def test_small_units_show_their_bias_only_while_they_are_looked_at(show: Show) -> None:
    view = show(experiment_with(linear(8)), size=(420, 300))
    mark = place_of(view, Target(Part.BIAS, 1, 3))
    node = view.window_box(Target(Part.NODE, 1, 3))
    assert node is not None
    assert node.width() < 28
    around = [pixel(view, mark) for _ in range(1)]
    QTest.mouseMove(view, node.center().toPoint())
    assert pixel(view, mark) != around[0]


def test_marks_of_biases_keep_clear_of_the_frame(view: NetworkView) -> None:
    for place in view.arrangement().places[1:]:
        for node in place.nodes:
            spot, radius = targets.bias_spot(node), targets.bias_radius(node)
            assert spot.x() + radius <= node.left() - 1
            assert 2 * radius >= 4


def test_the_middle_button_moves_a_zoomed_network(view: NetworkView) -> None:
    middle = Qt.MouseButton.MiddleButton
    at = place_of(view, Target(Part.NODE, 1, 0))
    before = view.viewport().transform
    drag_with(view, middle, at, at + QPoint(40, 10))
    assert view.viewport().transform == before, "nothing lies outside of the window"
    view.zoom_at(QPointF(at), 2.0)
    zoomed = view.viewport().transform
    drag_with(view, middle, at, at - QPoint(40, 10))
    moved = view.viewport().transform
    assert (moved.dx(), moved.dy()) == pytest.approx((zoomed.dx() - 40, zoomed.dy() - 10))


def test_the_legend_explains_itself_in_a_tooltip(view: NetworkView, monkeypatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, *_: said.append(text))
    for at in (view.arrangement().legend.center().toPoint(), QPoint(view.width() // 2, 40)):
        event = QHelpEvent(QHelpEvent.Type.ToolTip, at, view.mapToGlobal(at))
        QApplication.sendEvent(view, event)
    assert len(said) == 1
    assert "colour the sign" in said[0]


def test_inputs_that_are_no_features_cannot_be_switched(show: Show) -> None:
    model = {"layers": linear(3)}
    view = show(Experiment.parse({"data": {"kind": "iris"}, "model": model}), epochs=None)
    asked = QSignalSpy(view.featureToggled)
    click(view, Part.NODE, 0, 0)
    assert not told(asked)


def test_a_click_on_a_curve_edits_that_weight(view: NetworkView) -> None:
    asked = QSignalSpy(view.weightEdited)
    point = on_curve(view, 3, index=1, t=0.08)
    found = view.target_at(QPointF(point))
    assert found is not None
    assert found.part is Part.WEIGHT
    QTest.mouseClick(view, LEFT, pos=point)
    give(view, "-1.5")
    # linear, tanh, dropout: the second linear layer is module 3.
    assert told(asked) == [["3.weight", (found.unit, found.source), -1.5]]


def test_a_click_on_a_mark_edits_that_bias(view: NetworkView) -> None:
    asked = QSignalSpy(view.weightEdited)
    click(view, Part.BIAS, 4, 1)
    give(view, "0.75")
    assert told(asked) == [["5.bias", (1,), 0.75]]


def test_escape_and_an_unchanged_number_ask_for_nothing(view: NetworkView) -> None:
    asked = QSignalSpy(view.weightEdited)
    click(view, Part.BIAS, 1, 0)
    QTest.keyClicks(editor_of(view).field, "7")
    QTest.keyClick(editor_of(view).field, Key.Key_Escape)
    click(view, Part.BIAS, 1, 0)
    QTest.keyClick(editor_of(view).field, Key.Key_Return)
    assert not told(asked)


def test_a_number_that_is_none_stays_to_be_corrected(view: NetworkView) -> None:
    asked = QSignalSpy(view.weightEdited)
    click(view, Part.BIAS, 1, 0)
    give(view, "much")
    assert "'much' is not a number" in editor_of(view).field.message()
    give(view, "2")
    assert [call[2] for call in told(asked)] == [2.0]


def test_hovering_tells_which_neuron_and_which_input(view: NetworkView) -> None:
    neurons, inputs = QSignalSpy(view.neuronHovered), QSignalSpy(view.inputHovered)
    QTest.mouseMove(view, place_of(view, Target(Part.NODE, 1, 2)))
    QTest.mouseMove(view, place_of(view, Target(Part.NODE, 4, 1)))
    QTest.mouseMove(view, place_of(view, Target(Part.NODE, 0, 1)))
    QTest.mouseMove(view, QPoint(2, view.height() // 2))
    assert told(neurons) == [[0, 2], [3, 1], [-1, -1]]
    assert told(inputs) == [["x2"], [""]]


def test_the_readout_says_the_weight_and_its_gradient(view: NetworkView) -> None:
    target = Target(Part.WEIGHT, 3, 0, 1)
    assert view.weights is not None
    value = float(view.weights["3.weight"][0, 1])
    gradients = {"3.weight": np.full((3, 4), 0.5, np.float32)}
    lines = descriptions.readout(view.diagram, target, view.weights, gradients)
    assert lines == [f"Value {numbers.rounded(value)}", "Gradient 0.5"]
    assert descriptions.headline(view.diagram, target) == "Layer 1, unit 2 → Layer 3, unit 1"
    late = descriptions.readout(view.diagram, target, view.weights, gradients, 1234)
    assert late[1] == "Gradient 0.5 · epoch 1,234", "older than the weight says from when it is"


def test_gradients_are_asked_for_while_a_weight_or_bias_is_looked_at(view: NetworkView) -> None:
    wanted = QSignalSpy(view.gradientsWanted)
    QTest.mouseMove(view, place_of(view, Target(Part.BIAS, 1, 2)))
    QTest.mouseMove(view, on_curve(view, 3, index=1, t=0.08))
    QTest.mouseMove(view, place_of(view, Target(Part.NODE, 1, 2)))
    assert told(wanted) == [[True], [False]]


def test_a_neuron_is_explained_by_its_equation(view: NetworkView) -> None:
    weights = {
        "0.weight": np.array([[0.5, -2.0]] * 4, np.float32),
        "0.bias": np.array([0.25, 0, 0, 0], np.float32),
    }
    lines = descriptions.readout(view.diagram, Target(Part.NODE, 1, 0), weights)
    assert lines == ["tanh(0.5 x₁ − 2 x₂ + 0.25)"]


def test_a_long_equation_names_the_largest_weights_first(show: Show) -> None:
    view = show(experiment_with(linear(1), FEATURES), epochs=None)
    row = np.array([[0.1, -3.0, 0.2, 2.0, 0.3, -1.0, 0.4]], np.float32)
    view.show_snapshot({"0.weight": row, "0.bias": np.array([-0.5], np.float32)}, None)
    assert view.equation(0, 0) == "tanh(−3 x₂ + 2 x₂² − 1 sin x₁ + 0.4 sin x₂ + … − 0.5)"
    weights = {"2.weight": np.ones((2, 1), np.float32), "2.bias": np.zeros(2, np.float32)}
    view.show_snapshot(weights, None)
    assert view.equation(1, 1) == "1 h₁ + 0"
    assert view.equation(7, 0) == view.equation(0, 5) == view.equation(-1, 0) == ""


def test_a_refused_number_says_why_in_its_card(view: NetworkView) -> None:
    asked = QSignalSpy(view.layerSettingRequested)
    click(view, Part.BLOCK, 2)
    give(view, "1")
    editor = editor_of(view)
    assert editor.refusal.isVisible()
    assert "from 0 to 0.99" in editor.refusal.text()
    QTest.keyClicks(editor.field, "0")
    assert not editor.refusal.isVisible()
    give(view, "0.5")
    assert told(asked) == [[1, "p", 0.5]]


def test_a_fault_is_marked_under_the_header_and_told(view: NetworkView) -> None:
    sound = pixels(view)
    view.show_faults({1: "Dropout needs p < 1."})
    marked = pixels(view)
    changed = np.argwhere((marked != sound).any(axis=2))
    band = view.arrangement().places[2].band
    assert changed[:, 0].min() < band.top() + 60
    assert band.left() < changed[:, 1].mean() < band.right()
    assert view.accessibleDescription().endswith("Dropout needs p < 1.")
    walk(view, Key.Key_Right, Key.Key_Right)
    assert view.accessibleDescription().endswith("Dropout needs p < 1.")
    view.show_faults({})
    assert "needs" not in view.accessibleDescription()


# Wishes by keyboard -----------------------------------------------------------------------------


def test_plus_minus_and_delete_act_on_the_layer_with_the_focus(view: NetworkView) -> None:
    units, removed = QSignalSpy(view.unitsRequested), QSignalSpy(view.layerRemoveRequested)
    walk(view)  # starts on the first layer
    QTest.keyClick(view, Key.Key_Plus)
    QTest.keyClick(view, Key.Key_Down)
    QTest.keyClick(view, Key.Key_Minus)
    QTest.keyClick(view, Key.Key_Delete)
    assert told(units) == [[0, 5], [0, 3]]
    assert told(removed) == [[0]]


@pytest.mark.parametrize("part", [Part.BIAS, Part.ACTIVATION, Part.HANDLE])
def test_after_any_click_the_first_arrow_key_moves_on_from_there(view, part: Part) -> None:
    unit = 2 if part is Part.BIAS else -1
    QTest.mousePress(view, LEFT, pos=place_of(view, Target(part, 3, unit)))
    assert view.focus_target in (Target(Part.NODE, 3, 2), Target(Part.LAYER, 3))
    start = view.focus_target
    QTest.keyClick(view, Key.Key_Up if unit > 0 else Key.Key_Down)
    assert view.focus_target == Target(Part.NODE, 3, start.unit + (-1 if unit > 0 else 1))


def test_a_click_beside_the_network_starts_at_what_is_nearest(view: NetworkView) -> None:
    QTest.mouseClick(view, LEFT, pos=QPoint(view.width() - 3, view.height() // 2))
    QTest.keyClick(view, Key.Key_Left)
    assert view.focus_target is not None
    assert (view.focus_target.part, view.focus_target.column) == (Part.ADD, 3)


def test_control_and_an_arrow_move_the_layer(view: NetworkView) -> None:
    asked = QSignalSpy(view.layerMoveRequested)
    walk(view)
    QTest.keyClick(view, Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert told(asked) == [[0, 1]]
    assert view.focus_target == Target(Part.LAYER, 2)  # the focus went with it


def test_a_opens_the_activations(view: NetworkView) -> None:
    asked = QSignalSpy(view.activationRequested)
    walk(view, Key.Key_A)
    choose(view, "relu")
    assert told(asked) == [[0, "relu"]]


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Insert])
def test_a_gap_opens_the_kinds_of_layers(view: NetworkView, key: Key) -> None:
    asked = QSignalSpy(view.layerAddRequested)
    walk(view, Key.Key_Right, key)
    choose(view, "layer_norm")
    assert told(asked) == [[1, "layer_norm"]]


def test_insert_on_a_layer_adds_behind_it(view: NetworkView) -> None:
    asked = QSignalSpy(view.layerAddRequested)
    walk(view, Key.Key_Insert)
    choose(view, "linear")
    assert told(asked) == [[1, "linear"]]


def test_space_switches_an_input_before_the_window_hears_of_it(view: NetworkView) -> None:
    asked = QSignalSpy(view.featureToggled)
    walk(view, Key.Key_Left, Key.Key_Left, Key.Key_Down)
    override = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Key.Key_Space, NONE)
    override.ignore()
    QApplication.sendEvent(view, override)
    assert override.isAccepted()
    QTest.keyClick(view, Key.Key_Space)
    assert told(asked) == [["x2", False]]


def test_space_elsewhere_belongs_to_the_window(view: NetworkView) -> None:
    walk(view, Key.Key_Down)
    override = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Key.Key_Space, NONE)
    override.ignore()
    QApplication.sendEvent(view, override)
    assert not override.isAccepted()


def test_enter_on_a_unit_lists_its_numbers_and_edits_one(view: NetworkView) -> None:
    asked = QSignalSpy(view.weightEdited)
    walk(view, Key.Key_Down, Key.Key_Return)
    texts = [action.text() for action in menu_of(view).actions()]
    assert len(texts) == 3  # bias, x1, x2
    choose(view, "0")
    give(view, "0.5")
    assert told(asked) == [["0.bias", (0,), 0.5]]


def test_enter_on_a_block_sets_it(view: NetworkView) -> None:
    asked = QSignalSpy(view.layerSettingRequested)
    walk(view, Key.Key_Right, Key.Key_Right, Key.Key_Return)
    give(view, "0.4")
    assert told(asked) == [[1, "p", 0.4]]


def test_the_focused_unit_counts_as_hovered(view: NetworkView) -> None:
    neurons = QSignalSpy(view.neuronHovered)
    walk(view, Key.Key_Down, Key.Key_Down)
    assert told(neurons) == [[0, 0], [0, 1]]


def test_a_screen_reader_hears_where_the_focus_is(view: NetworkView) -> None:
    walk(view)
    assert view.accessibleName() == "Network"
    assert view.accessibleDescription().startswith("Layer 1, 4 units, Tanh")
    QTest.keyClick(view, Key.Key_Down)
    assert view.accessibleDescription().startswith("Layer 1, unit 1. tanh(")
    QTest.keyClick(view, Key.Key_Right)
    assert view.accessibleDescription() == "Add a layer after layer 1"


def test_the_context_menu_has_the_bias_and_the_moves(view: NetworkView) -> None:
    settings_, moves = QSignalSpy(view.layerSettingRequested), QSignalSpy(view.layerMoveRequested)
    view.target_actions.open_layer_menu(3, view.mapToGlobal(QPoint()))
    actions = {action.text(): action for action in menu_of(view).actions()}
    assert actions["Bias"].isChecked()
    assert not actions["Move right"].isEnabled()
    actions["Bias"].trigger()
    actions["Move left"].trigger()
    assert told(settings_) == [[2, "bias", False]]
    assert told(moves) == [[2, 1]]


# Wide layers, zoom ------------------------------------------------------------------------------


def wheel(view: NetworkView, at: QPoint, notches: int, modifiers=NONE) -> None:
    event = QWheelEvent(
        QPointF(at), view.mapToGlobal(QPointF(at)), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def test_a_wide_layer_scrolls_by_wheel_thumb_and_focus(show: Show) -> None:
    view = show(experiment_with(linear(1024)))
    place = view.arrangement().places[1]
    assert (len(place.nodes), place.first) == (8, 0)
    wheel(view, place_of(view, Target(Part.NODE, 1, 3)), -3)
    assert view.arrangement().places[1].first == 6
    thumb = view.arrangement().places[1].parts["thumb"].center().toPoint()
    drag(view, thumb, QPoint(thumb.x(), view.height()))
    assert view.arrangement().places[1].first == 1024 - 8
    view.focus_on(Target(Part.NODE, 1, 5), is_visible=True)
    assert view.arrangement().places[1].first == 5


def test_outputs_that_are_scrolled_to_show_their_own_class(show: Show) -> None:
    names = [chr(ord("A") + label) for label in range(26)]
    raw = {"kind": "points", "x": [[0, n] for n in range(26)], "label": list(range(26))}
    experiment = Experiment.parse({"data": {**raw, "class_names": names}})
    view, snapshot = show(experiment), snapshot_of(experiment, 0)
    assert snapshot.frame is not None
    last = len(view.arrangement().places) - 1
    chances = np.zeros((20, 20, 26), np.float32)
    chances[:, :, 24] = 1  # Y, everywhere
    view.show_snapshot(snapshot.weights, replace(snapshot.frame, map=chances))
    assert [named(view, last, unit) for unit in (0, 9)] == ["A", "J"]
    wheel(view, place_of(view, Target(Part.NODE, last, 3)), -20)
    assert view.arrangement().places[last].first == 16
    pictures = {unit: glyph(view, last, unit) for unit in (20, 24, 25)}
    assert (pictures[20] == pictures[25]).all()
    assert (pictures[24] != pictures[25]).any()
    assert named(view, last, 24) == "Y"
    red, green, blue, _ = QColor(int(pictures[24][8, 8])).getRgb()
    assert green < min(red, blue)  # purple, as class 4


def named(view: NetworkView, column: int, unit: int) -> str:
    return view.arrangement().diagram.unit_name(column, unit)


def test_control_and_the_wheel_zoom_and_a_double_click_fits(view: NetworkView) -> None:
    at = place_of(view, Target(Part.NODE, 1, 0))
    scene = view.to_scene(QPointF(at))
    wheel(view, at, 3, Qt.KeyboardModifier.ControlModifier)
    assert view.is_zoomed
    assert (view.to_scene(QPointF(at)) - scene).manhattanLength() < 1.0
    before = view.to_scene(QPointF(350, 240))
    empty = QPoint(3, 3)
    assert view.target_at(QPointF(empty)) is None
    drag(view, empty, empty + QPoint(-40, -30))
    assert (view.to_scene(QPointF(350, 240)) - before).manhattanLength() > 10
    QTest.mouseDClick(view, LEFT, pos=empty)
    assert not view.is_zoomed


# What is shown ----------------------------------------------------------------------------------


def pixels(view: NetworkView) -> np.ndarray:
    image = view.grab().toImage().convertToFormat(view.grab().toImage().Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[..., :3].copy()


def test_a_new_snapshot_is_seen(show: Show) -> None:
    view = show(experiment_with(linear(4)), epochs=None)
    empty = pixels(view)
    snapshot = snapshot_of(experiment_with(linear(4)))
    view.show_snapshot(snapshot.weights, snapshot.frame)
    assert (pixels(view) != empty).any()
    flipped = {name: -array for name, array in snapshot.weights.items()}
    before = pixels(view)
    view.show_snapshot(flipped, snapshot.frame)
    assert (pixels(view) != before).any()


def test_the_same_experiment_again_changes_nothing(view: NetworkView) -> None:
    experiment = experiment_with([*linear(4), {"kind": "dropout", "p": 0.1}, *linear(3)])
    before = view.arrangement()
    view.show_experiment(experiment, ("x1", "x2"), 2, 2)
    assert view.arrangement() is before


def test_a_neuron_shows_its_sign_from_left_to_right(show: Show) -> None:
    view = show(experiment_with(linear(1)), epochs=None)
    ramp = np.linspace(-1, 1, 20, dtype=np.float32)
    picture = np.broadcast_to(ramp, (1, 20, 20)).copy()
    view.show_snapshot(None, Frame(None, (picture,), 6.0))
    box = view.window_box(Target(Part.NODE, 1, 0))
    image = view.grab().toImage()
    left = image.pixelColor(int(box.left() + 4), int(box.center().y()))
    right = image.pixelColor(int(box.right() - 4), int(box.center().y()))
    assert left.blue() > left.red()
    assert right.red() > right.blue()


def test_row_0_of_a_picture_is_its_lower_edge(show: Show) -> None:
    view = show(experiment_with(linear(1)), epochs=None)
    ramp = np.linspace(-1, 1, 20, dtype=np.float32)[:, None]
    picture = np.broadcast_to(ramp, (1, 20, 20)).copy()
    view.show_snapshot(None, Frame(None, (picture,), 6.0))
    box = view.window_box(Target(Part.NODE, 1, 0))
    low = view.grab().toImage().pixelColor(int(box.center().x()), int(box.bottom() - 4))
    assert low.blue() > low.red()


def test_values_of_another_structure_are_left_out(view: NetworkView) -> None:
    other = snapshot_of(experiment_with(linear(7, 7)))
    view.show_snapshot(other.weights, other.frame)
    view.grab()
    assert values.weight_of(view.diagram, view.weights, 1) is None


def test_not_finite_values_are_painted_all_the_same(view: NetworkView) -> None:
    assert view.weights is not None
    bad = {name: np.full_like(array, np.nan) for name, array in view.weights.items()}
    neurons = tuple(np.full((n, 20, 20), np.inf, np.float32) for n in (4, 4, 3))
    view.show_snapshot(bad, Frame(np.full((50, 50, 2), np.nan, np.float32), neurons, 6.0))
    view.grab()


layers = st.one_of(
    st.builds(
        lambda units, key, bias: {
            "kind": "linear", "units": units, "activation": key, "bias": bias
        },
        st.sampled_from([1, 2, 8, 9, 64]),
        st.sampled_from(ACTIVATIONS.keys()),
        st.booleans(),
    ),
    st.sampled_from(
        [{"kind": k} for k, c in LAYERS.items() if k != "linear" and not is_for_images(c)]
    ),
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(layers, max_size=7),
    st.sampled_from(["circle", "blobs", "plane", "sine"]),
    st.one_of(st.none(), st.sets(st.sampled_from(FEATURES), min_size=1)),
    st.tuples(st.integers(1, 1200), st.integers(1, 800)),
    st.booleans(),
)
def test_any_network_can_be_painted(qapp, layers, generator, features, size, is_dark) -> None:
    theme.manager().set_mode(theme.Mode.DARK if is_dark else theme.Mode.LIGHT)
    keys = sorted(features) if features and generator != "sine" else None
    experiment = experiment_with(layers, keys, generator=generator)
    dataset = prepare(experiment)
    view = NetworkView()
    view.resize(*size)
    view.show_experiment(experiment, dataset.input_names, dataset.outputs, dataset.classes)
    view.grab()
    snapshot = next(train(experiment, dataset, RunControl(interactive=True, views=Views(30, 10))))
    view.show_snapshot(snapshot.weights, snapshot.frame)
    view.grab()
    for step in (Key.Key_Right, Key.Key_Down, Key.Key_Right, Key.Key_Right):
        QTest.keyClick(view, step)
        view.grab()
    view.deleteLater()


def test_digits_show_what_they_can(show: Show) -> None:
    model = {"layers": linear(16)}
    view = show(Experiment.parse({"data": {"kind": "digits"}, "model": model}), epochs=0)
    assert len(view.diagram.inputs) == 64
    assert len(view.arrangement().places[0].nodes) == 8
    assert len(view.arrangement().places[-1].nodes) == 10
    assert view.diagram.output_name(9) == "9"
    view.grab()


def calls_of_a_live_frame(show: Show, layers: int, units: int) -> int:
    """How many functions, of Python and of C, are called to show and paint new weights."""
    view = show(experiment_with(linear(*[units] * layers)), epochs=0, size=(1000, 700))
    random, calls = np.random.default_rng(0), Counter[str]()
    assert view.weights is not None
    shapes = {name: weights.shape for name, weights in view.weights.items()}

    def paint() -> None:
        weights = {name: random.normal(size=shape) for name, shape in shapes.items()}
        neurons = [random.normal(size=(units, 20, 20)).astype(np.float32) for _ in range(layers)]
        map_ = random.random((50, 50, 2)).astype(np.float32)
        sys.setprofile(lambda _frame, event, _argument: calls.update([event]))
        try:
            view.show_snapshot(weights, Frame(map_, tuple(neurons), 6.0))
            view.repaint()
        finally:
            sys.setprofile(None)

    paint()
    calls.clear()  # what stays as it is, was painted once
    paint()
    return calls["call"] + calls["c_call"]


def test_a_live_frame_costs_by_its_nodes_and_not_by_its_weights(show: Show) -> None:
    calls = {units: calls_of_a_live_frame(show, 12, units) for units in (2, 4, 6, 8)}
    # Two units more in each of twelve layers: as many nodes each time, but of the weights between
    # the layers 11 (4² - 2²) = 132, and 11 (8² - 6²) = 308. A call for each would be 176 more.
    assert (calls[8] - calls[6]) - (calls[4] - calls[2]) < 176 / 2


def test_a_change_of_structure_settles_and_ends(show: Show, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(NetworkView, "TRANSITION_MS", 60)
    view = show(experiment_with(linear(4)))
    view.show_experiment(experiment_with(linear(4, 3)), ("x1", "x2"), 2, 2)
    assert view.is_settling
    view.grab()
    qtbot.waitUntil(lambda: not view.is_settling)
    view.grab()


def test_a_field_does_not_outlive_what_it_edits(view: NetworkView) -> None:
    asked = QSignalSpy(view.weightEdited)
    click(view, Part.BIAS, 3, 2)
    view.show_experiment(experiment_with(linear(2)), ("x1", "x2"), 2, 2)
    assert not [editor for editor in view.findChildren(NumberEditor) if editor.isVisible()]
    assert not told(asked)


def test_the_focus_stays_on_what_is_left(view: NetworkView) -> None:
    walk(view, *[Key.Key_Right] * 4, Key.Key_Down, Key.Key_Down, Key.Key_Down)
    assert view.focus_target == Target(Part.NODE, 3, 2)
    view.show_experiment(experiment_with(linear(2)), ("x1", "x2"), 2, 2)
    assert view.focus_target == Target(Part.NODE, 2, 1)
    view.grab()


def test_light_and_dark_and_larger_text_are_followed(view: NetworkView, manager) -> None:
    light = QColor(view.grab().toImage().pixel(1, 1))
    manager.set_mode(theme.Mode.DARK)
    assert QColor(view.grab().toImage().pixel(1, 1)) != light
    small = view.arrangement().places[1].parts["units"].height()
    manager.set_scale(1.5)
    assert view.arrangement().places[1].parts["units"].height() > small


# Images -----------------------------------------------------------------------------------------


CONV = {"kind": "conv", "channels": 12, "kernel": 3}


def on_digits(*layers: dict) -> Experiment:
    return Experiment.parse({"data": {"kind": "digits"}, "model": {"layers": list(layers)}})


@pytest.fixture
def photo(qtbot) -> NetworkView:
    """A digit -> 12 channels -> pooling -> 5 units -> ten classes, with values."""
    view = NetworkView()
    qtbot.addWidget(view)
    view.resize(800, 520)
    experiment = on_digits(CONV, {"kind": "pool"}, *linear(5))
    dataset = prepare(experiment)
    view.show_experiment(experiment, dataset.input_names, 10, 10, (), dataset.image)
    random = np.random.default_rng(0)
    shapes = {
        "1.weight": (12, 1, 3, 3),
        "1.bias": (12,),
        "5.weight": (5, 12 * 16),
        "5.bias": (5,),
        "7.weight": (10, 5),
        "7.bias": (10,),
    }
    weights = {name: random.normal(size=s).astype(np.float32) for name, s in shapes.items()}
    view.show_snapshot(weights, None)
    maps = [random.random(s).astype(np.float32) for s in ((12, 8, 8), (12, 4, 4), (5,))]
    view.show_image(dataset.points.x[0].reshape(dataset.image), tuple(maps))
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_an_image_is_one_input_and_its_channels_are_units(photo: NetworkView) -> None:
    columns = photo.diagram.columns
    assert [column.units for column in columns] == [1, 12, 12, 5, 10]
    assert [column.shape for column in columns[:3]] == [(1, 8, 8), (12, 8, 8), (12, 4, 4)]
    assert [len(place.nodes) for place in photo.arrangement().places] == [1, 8, 8, 5, 10]
    assert descriptions.headline(photo.diagram, Target(Part.NODE, 1, 3)) == "Layer 1, channel 4"
    assert "12 × 4 × 4" in descriptions.headline(photo.diagram, Target(Part.LAYER, 2))


def centre_color(view: NetworkView, target: Target, down: float = 0.5) -> QColor:
    box = view.window_box(target)
    assert box is not None
    at = QPointF(box.center().x(), box.top() + box.height() * down).toPoint()
    return view.grab().toImage().pixelColor(at)


@pytest.mark.parametrize("is_whole", [True, False])
def test_channels_show_what_they_make_of_the_image(photo: NetworkView, is_whole: bool) -> None:
    upper = np.zeros((12, 8, 8), np.float32)
    upper[:, :4] = 1.0  # row 0 of an image is at the top
    maps = [upper, -np.ones((12, 4, 4), np.float32)]
    photo.show_image(np.zeros((1, 8, 8), np.float32), (*maps, *[np.ones(5, "f")] * is_whole))
    top = centre_color(photo, Target(Part.NODE, 1, 0), 0.25)
    bottom = centre_color(photo, Target(Part.NODE, 1, 0), 0.75)
    assert top.red() > top.blue()
    assert abs(bottom.red() - bottom.blue()) < 10
    pooled = centre_color(photo, Target(Part.NODE, 2, 0))
    assert pooled.blue() > pooled.red()


def test_the_readout_of_a_channel_has_its_filters(photo: NetworkView) -> None:
    target = Target(Part.NODE, 1, 2)
    lines = descriptions.readout(photo.diagram, target, photo.weights)
    assert lines[0] == "A picture of 8 × 8 values."
    assert lines[1].startswith("1 filter,")
    canvas = photo._painter
    assert canvas.filters_of(photo.diagram, target) is not None
    assert canvas.filters_of(photo.diagram, Target(Part.NODE, 2, 0)) is None
    plain = photo.grab().toImage()
    QTest.mouseMove(photo, place_of(photo, target))
    assert photo.grab().toImage() != plain


def test_a_curve_from_a_channel_stands_for_all_of_its_pixels(photo: NetworkView) -> None:
    target = Target(Part.WEIGHT, 3, 1, 2)
    assert photo.weights is not None
    bundle = photo.weights["5.weight"][1, 32:48]
    low, high = numbers.rounded(bundle.min()), numbers.rounded(bundle.max())
    lines = descriptions.readout(photo.diagram, target, photo.weights, photo.weights)
    assert lines[0] == f"Values of 16 weights: {low} to {high}"
    strengths = values.strengths_of(photo.diagram, photo.weights, 3)
    assert strengths is not None
    assert strengths[1, 2] == bundle[np.abs(bundle).argmax()]
    photo.target_actions.edit_number(target, QPointF(9, 9))  # no single number to edit
    assert not photo.findChildren(NumberEditor)


def test_the_first_dense_layer_shows_what_each_unit_looks_for(show: Show) -> None:
    view = show(on_digits(*linear(3)), epochs=None)
    experiment = on_digits(*linear(3))
    view.show_experiment(experiment, (), 10, 10, (), (1, 8, 8))
    looks = np.zeros((3, 8, 8), np.float32)
    looks[:, :4], looks[:, 4:] = 1.0, -1.0
    view.show_snapshot({"0.weight": looks.reshape(3, 64)}, None)
    view.show_image(np.zeros((1, 8, 8), np.float32))
    above = centre_color(view, Target(Part.NODE, 1, 1), 0.25)
    below = centre_color(view, Target(Part.NODE, 1, 1), 0.75)
    assert above.red() > above.blue()
    assert below.blue() > below.red()


def test_plus_and_minus_change_channels(photo: NetworkView) -> None:
    settings_, units = QSignalSpy(photo.layerSettingRequested), QSignalSpy(photo.unitsRequested)
    walk(photo)
    QTest.keyClick(photo, Key.Key_Plus)
    QTest.keyClick(photo, Key.Key_Minus)
    assert told(settings_) == [[0, "channels", 13], [0, "channels", 11]]
    walk(photo, Key.Key_Right, Key.Key_Right, Key.Key_Plus)  # pooling has none of its own
    assert settings_.count() == 2
    assert not told(units)


def card_of(view: NetworkView) -> LayerEditor:
    (card,) = [card for card in view.findChildren(LayerEditor) if card.isVisible()]
    return card


def test_a_click_on_the_bar_opens_all_settings_of_the_layer(photo: NetworkView) -> None:
    asked = QSignalSpy(photo.layerSettingRequested)
    click(photo, Part.BLOCK, 1)
    card = card_of(photo)
    assert list(card.form.fields) == [
        "channels", "kernel", "stride", "padding", "activation", "bias"
    ]  # fmt: skip
    kernel = card.form.fields["kernel"].control
    kernel.setText("5")
    QTest.keyClick(kernel, Key.Key_Return)
    assert told(asked) == [[0, "kernel", 5]]
    kernel.setText("99")
    QTest.keyClick(kernel, Key.Key_Return)
    assert card.refusal.isVisible()
    assert "99" in card.refusal.text()
    changed = on_digits({**CONV, "kernel": 5}, {"kind": "pool"}, *linear(5))
    photo.show_experiment(changed, (), 10, 10, (), (1, 8, 8))
    assert card_of(photo).form.fields["kernel"].shown_value() == 5
    photo.show_experiment(on_digits(*linear(5)), (), 10, 10, (), (1, 8, 8))
    assert not [each for each in photo.findChildren(LayerEditor) if each.isVisible()]


def test_the_menu_offers_layers_for_images_where_an_image_arrives(photo: NetworkView) -> None:
    click(photo, Part.ADD, 1)
    actions = {action.data(): action for action in menu_of(photo).actions() if action.data()}
    assert set(actions) == set(LAYERS)
    assert all(action.isEnabled() for action in actions.values())
    menu_of(photo).close()
    click(photo, Part.ADD, 3)  # behind the linear layer
    actions = {action.data(): action for action in menu_of(photo).actions() if action.data()}
    assert not actions["conv"].isEnabled()
    assert "before the linear layers" in actions["conv"].toolTip()
    assert actions["dropout"].isEnabled()


image_layers = st.sampled_from([{"kind": kind} for kind in LAYERS if kind != "linear"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.one_of(image_layers, st.just({"kind": "linear", "units": 9})), max_size=6),
    st.sampled_from([(1, 8, 8), (3, 10, 16), (12, 4, 4)]),
    st.booleans(),
)
def test_any_network_on_images_can_be_painted(qapp, layers, image, has_values) -> None:
    view = NetworkView()
    view.resize(700, 400)
    view.show_experiment(on_digits(*layers), (), 10, 10, (), image)
    random = np.random.default_rng(0)
    if has_values:
        hidden = view.diagram.hidden
        maps = tuple(random.normal(size=column.shape).astype(np.float32) for column in hidden)
        view.show_image(random.random(image).astype(np.float32), maps)
    view.grab()
    for step in (Key.Key_Right, Key.Key_Down, Key.Key_Right, Key.Key_Right, Key.Key_Down):
        QTest.keyClick(view, step)
        view.grab()
    view.deleteLater()


# Curves and pictures ----------------------------------------------------------------------------


def test_a_strand_is_as_wide_as_its_weight_and_as_coloured_as_its_sign() -> None:
    white, blue, orange = QColor("white"), QColor("blue"), QColor("orange")
    colors = edges.table(white, blue, orange)
    field = edges.EdgeField(np.array([[0.0, 20.0, 100.0, 20.0]]), 100, 40, 1.0)

    def column(strength: float) -> list[QColor]:
        image = field.image(np.array([strength]), colors)
        return [image.pixelColor(50, y) for y in range(40)]

    painted = {s: sum(c != white for c in column(s)) for s in (0.1, 0.5, 1.0)}
    assert painted[0.1] < painted[0.5] < painted[1.0] <= edges.WIDEST + 2
    assert column(1.0)[20].red() > column(1.0)[20].blue()
    assert column(-1.0)[20].blue() > column(-1.0)[20].red()


def test_strands_that_leave_the_window_are_cut_off() -> None:
    ends = np.array([[-50.0, -30.0, 400.0, 300.0], [500.0, 5.0, 600.0, 9.0]])
    field = edges.EdgeField(ends, 100, 60, 2.0)
    colors = edges.table(QColor("white"), QColor("blue"), QColor("orange"))
    image = field.image(np.array([1.0, -1.0]), colors)
    assert (image.width(), image.height()) == (100, 60)


@given(st.permutations(range(6)))
def test_the_order_of_the_strands_does_not_matter(order) -> None:
    colors = edges.table(QColor("white"), QColor("blue"), QColor("orange"))
    ends = np.array([[0.0, 5.0 * i, 60.0, 30.0 - 5.0 * i] for i in range(6)])
    strengths = np.array([0.2, -0.9, 0.5, 1.0, -0.3, 0.7])
    fields = [
        edges.EdgeField(ends[list(rows)], 60, 32, 1.0).image(strengths[list(rows)], colors)
        for rows in (range(6), order)
    ]
    assert fields[0] == fields[1]


def test_pictures_keep_zero_neutral_and_are_scaled_each_by_itself() -> None:
    values = np.zeros((3, 2, 2), np.float32)
    values[0, 0] = -4.0
    values[1, 1, 1] = 0.5
    rows = pictures.signed(values)
    assert rows[0].tolist() == [[1, 1], [128, 128]]
    assert rows[1, 1, 1] == 255
    assert (rows[2] == 128).all()


def test_features_are_pictured_over_what_the_canvas_shows() -> None:
    values = pictures.feature_values("x1*x2", 2, 10, 2.0, (1.0, 5.0))
    assert values[0, 0] == pytest.approx(-0.8 * 3.2)
    assert values[9, 0] == pytest.approx(-0.8 * 6.8)
    curve = pictures.feature_values("x1^2", 1, 4, 1.0, (0.0, 0.0))
    assert curve[0].tolist() == curve[3].tolist() == [0.5625, 0.0625, 0.0625, 0.5625]


def test_an_input_far_from_zero_is_pictured_around_the_middle_of_what_is_shown() -> None:
    stored = Axis("height", 2000.0, 60.0), Axis("weight", 5.0, 1.0)
    values = pictures.feature_values("x1", 1, 4, 6.0, (0.0, 0.0), stored)
    assert values[0].tolist() == [-270, -90, 90, 270]


def test_a_silent_unit_is_not_blown_up() -> None:
    noise = np.full((1, 4, 4), 1e-6, np.float32)
    assert (pictures.signed(noise) == 128).all()


def test_an_old_frame_stays_where_a_snapshot_brings_none(view: NetworkView) -> None:
    snapshot = snapshot_of(experiment_with([*linear(4), {"kind": "dropout"}, *linear(3)]))
    view.show_snapshot(snapshot.weights, snapshot.frame)
    before = pixels(view)
    view.show_snapshot(snapshot.weights, replace(snapshot, frame=None).frame)
    assert (pixels(view) == before).all()
