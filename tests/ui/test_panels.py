"""The panels: what they show of an experiment, and what they ask for by mouse and by keyboard."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QMenu, QToolTip, QVBoxLayout, QWidget

from playground.core.catalogues import catalogue
from playground.core.data.data_settings import MAX_SEED
from playground.core.data.dataset import prepare
from playground.core.data.features import FEATURES
from playground.core.data.generators import GENERATORS
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.data.tables.table import BUILTINS
from playground.core.experiment.experiment import Experiment
from playground.core.numbers import brief
from playground.core.training.losses import LOSSES
from playground.core.training.optimizers import OPTIMIZERS
from playground.core.training.schedules import SCHEDULES
from playground.engines.contract.base import Score
from playground.engines.contract.run_control import RunInfo
from playground.ui import language
from playground.ui.data import tools
from playground.ui.data.data_hints import DATA_HINTS, OWN_SETTINGS
from playground.ui.data.data_panel import DataPanel
from playground.ui.data.draw_panel import DrawPanel
from playground.ui.data.exact_slider import ExactSlider
from playground.ui.data.features_panel import FeaturesPanel
from playground.ui.data.gallery import value_picture
from playground.ui.look import theme
from playground.ui.training.fields import ChoiceField, PairField, SwitchField, ValueField
from playground.ui.training.more_settings import MoreSettings
from playground.ui.training.settings_form import field_for
from playground.ui.training.training_panel import TrainingPanel
from playground.ui.training.transport import (
    TransportBar,
    clock_text,
    loss_text,
    rate_text,
)
from playground.ui.training.value_edit import Bounds, ValueEdit, Word
from playground.ui.widgets import Choice, Slider
from playground.ui.widgets.layouts import vbox

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
RATE = "training.optimizer.learning_rate"
PANELS = (DataPanel, DrawPanel, FeaturesPanel, TrainingPanel)

# What the offscreen platform says about windows and popups; it is no fault of a panel.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(autouse=True)
def _theme(qapp: QApplication) -> Iterator[None]:
    found = theme.install(qapp)
    found.set_mode(theme.Mode.LIGHT)
    yield
    found.set_mode(theme.Mode.SYSTEM)
    found.set_scale(1.0)


Show = Callable[[QWidget], Any]


@pytest.fixture
def show(qtbot) -> Show:
    """Puts a panel into a window that lives as long as the test."""
    pages = []

    def put(panel: QWidget) -> Any:
        page = QWidget()
        pages.append(page)
        QVBoxLayout(page).addWidget(panel)
        qtbot.addWidget(page)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        return panel

    return put


def experiment(**settings: Any) -> Experiment:
    """The default experiment with some settings, by path with two underscores for each dot."""
    result = Experiment()
    for path, value in settings.items():
        result = result.with_setting(path.replace("__", "."), value)
    return result


def generated(generator: str, **data: Any) -> Experiment:
    return Experiment.parse({"data": {"kind": "generated", "generator": generator, **data}})


def drawn(labels: list[int], **data: Any) -> Experiment:
    raw = {"kind": "points", "x": [[0.0, float(i)] for i in range(len(labels))], "label": labels}
    return Experiment.parse({"data": {**raw, **data}})


def told(spy: QSignalSpy) -> list[tuple[object, ...]]:
    return [tuple(spy.at(index)) for index in range(spy.count())]


def spies(panel: QWidget) -> list[QSignalSpy]:
    """One spy on every signal that the panel's own class declares."""
    names = [name for name, value in vars(type(panel)).items() if type(value).__name__ == "Signal"]
    assert names
    return [QSignalSpy(getattr(panel, name)) for name in names]


def drag(qtbot, slider: Slider, *shares: float) -> None:
    """Take the knob to these places of the track, 0 to 1, and let go."""
    places = [QPoint(round(7 + s * (slider.width() - 14)), slider.height() - 8) for s in shares]
    qtbot.mousePress(slider, LEFT, pos=places[0])
    for place in places[1:]:
        qtbot.mouseMove(slider, place)
    qtbot.mouseRelease(slider, LEFT, pos=places[-1])


def type_into(qtbot, edit: QWidget, text: str) -> None:
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    edit.selectAll()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Key.Key_Return)


def open_menu(qtbot, owner: QWidget, action: Callable[[], object]) -> QMenu:
    """The menu that an action opens."""
    action()
    qtbot.waitUntil(lambda: any(m.isVisible() for m in owner.findChildren(QMenu)))
    return next(m for m in owner.findChildren(QMenu) if m.isVisible())


def pick(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.close()


# Every panel --------------------------------------------------------------------------------------

HYPERPARAMETERS = st.fixed_dictionaries(
    {}, optional={"learning_rate": st.floats(0, 10, allow_subnormal=False)}
)


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Any valid experiment on generated or drawn data."""
    generator = draw(st.sampled_from(GENERATORS.keys()))
    fewest, most = GENERATORS[generator].value.classes
    data: dict[str, Any] = {
        "kind": "generated",
        "generator": generator,
        "samples": draw(st.integers(1, 1_000_000)),
        "noise": draw(st.floats(0, 0.5)),
    }
    if not GENERATORS[generator].value.regression:
        data["classes"] = draw(st.none() | st.integers(fewest, most))
    if draw(st.booleans()):
        labels = draw(st.lists(st.integers(0, 9), max_size=8))
        data = {"kind": "points", "x": [[1.0, 2.0]] * len(labels), "label": labels}
    data["test_ratio"] = draw(st.floats(0, 0.9))
    data["seed"] = draw(st.integers(0, MAX_SEED))
    data["standardize"] = draw(st.sampled_from([False, True, "all"]))
    inputs = 2 if "x" in data else GENERATORS[generator].value.inputs
    keys = [choice.key for choice in FEATURES if choice.value.needs <= inputs]
    optimizer = draw(HYPERPARAMETERS)
    training = {
        "optimizer": {"kind": draw(st.sampled_from(list(OPTIMIZERS))), **optimizer},
        "schedule": {"kind": draw(st.sampled_from(list(SCHEDULES)))},
        "regularization": {
            "kind": draw(st.sampled_from(["none", "l1", "l2"])),
            "rate": draw(st.floats(0, 10)),
        },
        "batch_size": draw(st.just("full") | st.integers(1, 1_000_000)),
        "epochs": draw(st.none() | st.integers(0, 100_000_000)),
        "loss": draw(st.sampled_from(LOSSES.keys())),
        "device": draw(st.sampled_from(["auto", "cpu", "cuda:1", "mps"])),
    }
    chosen = draw(st.none() | st.lists(st.sampled_from(keys), min_size=1, unique=True))
    return Experiment.parse({"data": data, "model": {"features": chosen}, "training": training})


def test_any_experiment_is_shown_as_it_is_and_nothing_is_asked_for(qtbot) -> None:
    panels = [make() for make in PANELS]
    for panel in panels:
        qtbot.addWidget(panel)
    data, draw_, features, training = panels
    watched = [spy for panel in panels for spy in spies(panel)]

    @given(experiments())
    def check(one: Experiment) -> None:
        for panel in panels:
            panel.show_experiment(one)
        _check_data(data, one)
        assert len(draw_.rows) == (0 if one.data.is_regression else one.data.class_count)
        keys = one.model.features or ("x1", "x2")[: one.data.shape[0]]
        assert sorted(features.chosen()) == sorted(keys)
        _check_training(training, one)
        assert sum(spy.count() for spy in watched) == 0

    check()


def _check_data(panel: DataPanel, one: Experiment) -> None:
    settings = one.data
    chosen = [key for key, button in panel.gallery.buttons.items() if button.isChecked()]
    assert chosen == ([] if isinstance(settings, PointsData) else [settings.generator])
    share = f"{100 * (1 - settings.test_ratio):.4g} %"
    assert panel.training_share.accessibleName().endswith(f": {share}")
    if not isinstance(settings, PointsData):
        assert panel.samples.accessibleName() == f"Points: {settings.samples:,}"
        assert panel.noise.accessibleName() == f"Noise: {100 * settings.noise:.4g} %"


def _check_training(panel: TrainingPanel, one: Experiment) -> None:
    training = one.training
    wanted = {
        "training.optimizer.kind": training.optimizer.kind,
        RATE: training.optimizer.learning_rate,
        "training.schedule.kind": training.schedule.kind,
        "training.batch_size": training.batch_size,
        "training.loss": training.loss,
        "training.regularization.kind": training.regularization.kind,
        "training.regularization.rate": training.regularization.rate,
        "training.device": training.device,
    }
    for path, value in wanted.items():
        assert panel.field(path).shown_value() == value, path
    for form in panel.more.forms():
        part = one
        for name in form.path.split("."):
            part = getattr(part, name)
        for name, field in form.fields.items():
            assert field.shown_value() == getattr(part, name), f"{form.path}.{name}"


@pytest.mark.parametrize("make", [*PANELS, TransportBar])
def test_every_control_has_a_name_and_a_tooltip_that_teaches(make: type[QWidget], show) -> None:
    panel = make()
    if not isinstance(panel, TransportBar):
        panel.show_experiment(Experiment())
    show(panel)
    controls = [w for w in panel.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert controls
    mute = [
        f"{type(w).__name__} {w.accessibleName()!r}"
        for w in controls
        if w.isVisibleTo(w.window())
        and type(w).__name__ not in ("QTabBar", "QListView", "QComboBoxPrivateContainer")
        and not (w.accessibleName() and len(w.toolTip()) > 15)
    ]
    assert mute == []


@pytest.mark.parametrize("make", [*PANELS, TransportBar])
def test_panels_survive_every_change_of_look(make: type[QWidget], qtbot, show) -> None:
    panel = make()
    if not isinstance(panel, TransportBar):
        panel.show_experiment(Experiment())
    show(panel)
    light = panel.grab().toImage()
    theme.manager().set_mode(theme.Mode.DARK)
    assert panel.grab().toImage() != light
    before = panel.sizeHint().height()
    theme.manager().set_scale(1.5)
    qtbot.waitUntil(lambda: panel.sizeHint().height() > before)


# DATA ---------------------------------------------------------------------------------------------


@pytest.fixture
def data(show) -> DataPanel:
    panel = DataPanel()
    panel.setFixedWidth(theme.SIDE_COLUMN)
    panel.show_experiment(generated("spiral"))
    return show(panel)


def test_a_picture_chooses_its_data_set_once(qtbot, data: DataPanel) -> None:
    chosen = QSignalSpy(data.generatorChosen)
    qtbot.mouseClick(data.gallery.buttons["moons"], LEFT)
    qtbot.mouseClick(data.gallery.buttons["spiral"], LEFT)
    data.show_experiment(generated("moons"))
    qtbot.mouseClick(data.gallery.buttons["moons"], LEFT)
    assert told(chosen)[0] == ("moons",)
    assert ("moons",) not in told(chosen)[1:]


def test_arrows_walk_through_the_gallery(qtbot, data: DataPanel) -> None:
    chosen = QSignalSpy(data.generatorChosen)
    button = data.gallery.buttons["spiral"]
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    qtbot.keyClick(button, Key.Key_Right)
    assert told(chosen) == [("moons",)]


def test_the_gallery_has_every_generator_and_opens_at_the_one_on_show(data: DataPanel) -> None:
    assert sorted(data.gallery.buttons) == sorted(GENERATORS.keys())
    assert data.gallery.currentIndex() == 0
    data.show_experiment(generated("hills"))
    assert data.gallery.currentIndex() == data.tabs.currentIndex() == 1
    data.tabs.setCurrentIndex(0)
    data.show_experiment(generated("hills", noise=0.1))
    assert data.gallery.currentIndex() == 0


def test_a_dragged_slider_asks_all_the_way_and_commits_once(qtbot, data: DataPanel) -> None:
    changed, committed = QSignalSpy(data.changed), QSignalSpy(data.committed)
    drag(qtbot, data.noise, 0.2, 0.6, 1.0)
    assert told(changed) == [("data.noise", v) for v in (0.1, 0.3, 0.5)]
    assert told(committed) == [("data.noise", 0.5)]


@given(st.integers(1, 1_000_000))
def test_the_number_of_points_is_told_as_it_is(count: int) -> None:
    slider = ExactSlider("Points", 10, 5000, 10, log=True, integer=True, text=lambda v: f"{v:.0f}")
    slider.show_exact(count)
    assert slider.accessibleName() == f"Points: {count}"


def test_a_moved_slider_tells_where_it_is(qtbot, data: DataPanel) -> None:
    data.show_experiment(generated("spiral", noise=0.13))
    assert data.noise.accessibleName() == "Noise: 13 %"
    for key in (Key.Key_Right, Key.Key_Left):
        qtbot.keyClick(data.noise, key)
    assert data.noise.accessibleName() == "Noise: 15 %"


def test_the_training_share_asks_for_the_test_share(qtbot, data: DataPanel) -> None:
    committed = QSignalSpy(data.committed)
    qtbot.keyClick(data.training_share, Key.Key_Right)
    qtbot.keyClick(data.training_share, Key.Key_End)
    assert told(committed) == [("data.test_ratio", 0.4), ("data.test_ratio", 0.0)]


def test_points_and_classes_are_whole_numbers(qtbot, data: DataPanel) -> None:
    data.show_experiment(generated("rings"))
    committed = QSignalSpy(data.committed)
    qtbot.keyClick(data.samples, Key.Key_End)
    qtbot.keyClick(data.classes["rings"], Key.Key_End)
    assert told(committed) == [("data.samples", 5000), ("data.classes", 4)]
    assert all(type(value) is int for _, value in told(committed))


def test_classes_are_asked_for_only_where_there_can_be_more_than_two(data: DataPanel) -> None:
    def shown() -> list[str]:
        return [key for key, slider in data.classes.items() if slider.isVisible()]

    assert shown() == []
    data.show_experiment(generated("blobs", classes=5))
    assert shown() == ["blobs"]
    assert data.classes["blobs"].value() == 5


def test_a_new_draw_takes_the_next_seed_and_wraps_round(qtbot, data: DataPanel) -> None:
    committed = QSignalSpy(data.committed)
    qtbot.mouseClick(data.new_draw, LEFT)
    data.show_experiment(generated("spiral", seed=MAX_SEED))
    qtbot.keyClick(data.new_draw, Key.Key_Space)
    assert told(committed) == [("data.seed", 8), ("data.seed", 0)]


def test_what_divides_nothing_is_grey_and_says_why(data: DataPanel, show) -> None:
    """A second file has the test rows; without it the same table is divided again."""
    more = show(MoreSettings(data))
    table = {"kind": "csv", "path": "/flats.csv", "inputs": ["area"], "target": "price"}
    divided = experiment(data=table)
    tested = experiment(data={**table, "test_path": "/later/flats of May.csv"})
    said = []
    for one in (divided, tested, divided, experiment()):
        data.show_experiment(one)
        more.show_experiment(one)
        fields = [more.form("data", name).fields[name] for name in ("seed", "stratify")]
        controls = [data.training_share, data.new_draw, *(field.control for field in fields)]
        for control in controls:
            assert control.isEnabled() == (one is not tested)
            assert ("flats of May.csv" in control.toolTip()) == (one is tested)
            assert ("flats of May.csv" in control.accessibleDescription()) == (one is tested)
        said.append([control.toolTip() for control in controls])
    assert said[0] == said[2] == said[3]


@pytest.mark.parametrize("compact", [False, True])
def test_a_name_of_two_lines_is_whole_in_every_script(data: DataPanel, compact: bool) -> None:
    language.use("ja")
    try:
        data.set_compact(compact)
        path = "/京都の町家の面積と価格と築年.npz"
        data.show_experiment(experiment(data={"kind": "images", "path": path}))
        QApplication.processEvents()
        caption = data._caption
        assert caption.heightForWidth(caption.width()) > 1.5 * caption.fontMetrics().height()
        assert caption.heightForWidth(caption.width()) <= caption.height()
    finally:
        language.use("en")


def test_a_setting_alone_in_its_line_has_all_of_it(data: DataPanel) -> None:
    table = {"kind": "csv", "path": "/flats.csv", "inputs": ["area"], "target": "price"}
    data.show_experiment(experiment(data=table))
    data.show()
    QApplication.processEvents()
    assert data._form is not None
    boxes = [field.geometry() for field in data._form.fields.values()]
    assert len({box.y() for box in boxes}) == len(boxes)
    assert {box.width() for box in boxes} == {data._form.width()}


def test_drawn_points_show_no_picture_and_only_what_applies(data: DataPanel) -> None:
    data.show_experiment(drawn([0, 1, 1]))
    assert data.caption() == "Your points: 3"
    assert not any(button.isChecked() for button in data.gallery.buttons.values())
    assert not data.samples.isEnabled()
    assert not data.noise.isEnabled()
    assert data.training_share.isEnabled()
    data.show_experiment(drawn([0, 1] * 10, test=[0]))
    assert data.training_share.isEnabled()
    assert data.training_share.accessibleName().endswith(": 95 %")
    data.show_experiment(Experiment.parse({"data": {"kind": "wine"}}))
    assert not data.samples.isVisible()
    assert data.training_share.isVisible()


def test_tables_and_the_empty_canvas_are_in_a_menu(qtbot, data: DataPanel) -> None:
    chosen, cleared = QSignalSpy(data.builtinChosen), QSignalSpy(data.clearRequested)
    for text in ("Iris", "Empty canvas"):
        menu = open_menu(qtbot, data, lambda: qtbot.mouseClick(data.tables, LEFT))
        assert {table.label for table in BUILTINS} < {action.text() for action in menu.actions()}
        pick(menu, text)
    assert told(chosen) == [("iris",)]
    assert cleared.count() == 1


@pytest.mark.parametrize("code", ["ja"])
def test_every_choice_of_own_data_is_in_words_that_are_translated(code: str) -> None:
    """None is a value as a program writes it: "Drop", "True"."""
    known = catalogue(code)
    for kind, names in OWN_SETTINGS.items():
        for name in names:
            field = field_for(kind.model_fields[name], DATA_HINTS.get(name))
            if isinstance(field, ChoiceField):
                labels = [each.label for each in field.entries() if not each.label.isdecimal()]
                assert not [label for label in labels if known.gettext(label) == label]


def test_a_table_says_its_size(data: DataPanel) -> None:
    iris = Experiment.parse({"data": {"kind": "iris"}})
    data.show_experiment(iris)
    assert data.caption() == "Iris"
    data.show_dataset(prepare(iris))
    assert data.caption() == "Iris: 150 rows, 4 inputs"


@pytest.mark.parametrize("key", ["circle", "plane", "sine"])
def test_every_kind_of_data_has_a_picture(data: DataPanel, key: str) -> None:
    button = data.gallery.buttons[key]
    empty = button.grab().toImage()
    data.set_thumbnail(key, prepare(generated(key)).points)
    assert button.grab().toImage() != empty


def test_a_value_picture_lies_the_right_way_up() -> None:
    x = np.stack(np.meshgrid(np.arange(5.0), np.arange(5.0)), -1).reshape(-1, 2)
    picture = value_picture(Points.of(x, x[:, 1] - 2.0))
    assert picture[0].max() == -1
    assert picture[-1].min() == 1


@pytest.mark.parametrize("make", [DataPanel, DrawPanel, FeaturesPanel])
def test_compact_cards_are_lower(make: type[QWidget], qtbot, show) -> None:
    panel = show(make())
    panel.show_experiment(Experiment())
    QApplication.processEvents()
    before = panel.sizeHint().height()
    panel.set_compact(True)
    qtbot.waitUntil(lambda: panel.sizeHint().height() < before)
    panel.set_compact(False)
    qtbot.waitUntil(lambda: panel.sizeHint().height() == before)


# DRAW ---------------------------------------------------------------------------------------------


@pytest.fixture
def drawing(show) -> DrawPanel:
    panel = DrawPanel()
    panel.setFixedWidth(theme.SIDE_COLUMN)
    panel.show_experiment(Experiment())
    return show(panel)


def test_the_tools_are_those_of_the_canvas(drawing: DrawPanel) -> None:
    assert list(drawing.tools) == list(tools.TOOLS)
    assert drawing.tool() == "brush"


def test_tools_and_classes_tell_their_keys(drawing: DrawPanel) -> None:
    for key, letter in zip(tools.TOOLS, "BUVXLJNEP", strict=True):
        assert f"Key: {letter}." in drawing.tools[key].toolTip()
    assert "Key: 2." in drawing.rows[1].toolTip()


def test_arrows_walk_through_the_tools_and_space_takes_a_class(qtbot, drawing: DrawPanel) -> None:
    chosen, classes = QSignalSpy(drawing.toolChosen), QSignalSpy(drawing.classChosen)
    drawing.tools["brush"].setFocus()
    qtbot.waitUntil(drawing.tools["brush"].hasFocus)
    qtbot.keyClick(drawing.tools["brush"], Key.Key_Right)
    qtbot.keyClick(drawing.rows[1], Key.Key_Space)
    assert told(chosen) == [("put",)]
    assert told(classes) == [(1,)]
    assert drawing.chosen_class() == 1


def test_the_pointer_chooses_tool_class_and_more(qtbot, drawing: DrawPanel) -> None:
    names = ("toolChosen", "classChosen", "classAddRequested", "clearRequested")
    heard = [QSignalSpy(getattr(drawing, name)) for name in names]
    for control in (drawing.tools["erase"], drawing.rows[1], drawing.add_class, drawing.clear):
        qtbot.mouseClick(control, LEFT)
    assert [told(spy) for spy in heard] == [[("erase",)], [(1,)], [()], [()]]


def test_class_rows_count_their_points(drawing: DrawPanel) -> None:
    one = drawn([0, 0, 2, 1, 0], class_names=["cat", "dog", "emu"])
    dataset = prepare(one)
    drawing.show_experiment(one, dataset, dataset.points)
    assert [(row.name(), row.count()) for row in drawing.rows] == [
        ("cat", 3),
        ("dog", 1),
        ("emu", 1),
    ]
    assert drawing.rows[0].accessibleName() == "cat: 3 points"


def test_ten_classes_are_enough(qtbot, drawing: DrawPanel) -> None:
    added = QSignalSpy(drawing.classAddRequested)
    drawing.show_experiment(drawn(list(range(10))))
    qtbot.mouseClick(drawing.add_class, LEFT)
    assert added.count() == 0
    assert [row.key() for row in drawing.rows] == list("1234567890")


def test_fewer_classes_keep_a_chosen_one(drawing: DrawPanel) -> None:
    drawing.show_experiment(drawn(list(range(5))))
    drawing.show_class(4)
    drawing.show_experiment(drawn([0, 1]))
    assert drawing.chosen_class() == 1
    assert drawing.rows[1].isChecked()


def test_numbers_are_drawn_with_a_value(qtbot, drawing: DrawPanel) -> None:
    assert not drawing.value.isVisible()
    drawing.show_experiment(generated("hills"))
    assert drawing.value.isVisible()
    assert drawing.rows == []
    chosen = QSignalSpy(drawing.valueChosen)
    qtbot.keyClick(drawing.value, Key.Key_Home)
    assert told(chosen) == [(-1.0,)]


def test_the_brush_tells_its_size_and_density(qtbot, drawing: DrawPanel) -> None:
    changed = QSignalSpy(drawing.brushChanged)
    qtbot.keyClick(drawing.radius, Key.Key_End)
    qtbot.keyClick(drawing.density, Key.Key_Home)
    assert told(changed) == [(2.0, 3.0), (2.0, 1.0)]


@pytest.mark.parametrize("make", [DrawPanel, FeaturesPanel])
def test_cards_of_the_canvas_hide_for_tables_and_only_then(make: type[QWidget], show) -> None:
    panel = make()
    panel.show_experiment(Experiment())
    show(panel)
    panel.show_experiment(Experiment.parse({"data": {"kind": "wine"}}))
    assert not panel.isVisible()
    panel.show_experiment(Experiment())
    assert panel.isVisible()
    panel.hide()
    panel.show_experiment(generated("spiral"))
    assert not panel.isVisible()


# FEATURES -----------------------------------------------------------------------------------------


@pytest.fixture
def features(show) -> FeaturesPanel:
    panel = FeaturesPanel()
    panel.setFixedWidth(theme.SIDE_COLUMN)
    panel.show_experiment(Experiment())
    return show(panel)


def test_chips_ask_for_features_in_the_usual_order(qtbot, features: FeaturesPanel) -> None:
    committed = QSignalSpy(features.committed)
    qtbot.mouseClick(features.chips["x1*x2"], LEFT)
    qtbot.keyClick(features.chips["x2"], Key.Key_Space)
    assert told(committed) == [
        ("model.features", ["x1", "x2", "x1*x2"]),
        ("model.features", ["x1", "x1*x2"]),
    ]


def test_the_last_feature_stays_and_says_why(qtbot, features: FeaturesPanel) -> None:
    features.show_experiment(experiment(model__features=["sin x1"]))
    committed, refused = QSignalSpy(features.committed), QSignalSpy(features.refused)
    chip = features.chips["sin x1"]
    qtbot.mouseClick(chip, LEFT)
    assert chip.isChecked()
    assert committed.count() == 0
    assert "at least one feature" in told(refused)[0][0]
    assert "at least one feature" in chip.toolTip()
    assert "at least one feature" not in features.chips["x1"].toolTip()


def test_curves_have_the_features_of_one_input(features: FeaturesPanel) -> None:
    features.show_experiment(generated("sine"))
    assert [key for key, chip in features.chips.items() if chip.isVisible()] == [
        "x1",
        "x1^2",
        "sin x1",
    ]
    assert features.chosen() == ["x1"]


@pytest.mark.parametrize(("is_compact", "columns"), [(False, 2), (True, 4)])
def test_features_stand_in_a_grid(features: FeaturesPanel, is_compact: bool, columns: int) -> None:
    features.set_compact(is_compact)
    boxes = [chip.geometry() for chip in features.chips.values()]
    assert {box.width() for box in boxes} == {boxes[0].width()}
    assert sorted({box.left() for box in boxes}) == [box.left() for box in boxes[:columns]]
    for chip in features.chips.values():
        assert chip.width() >= chip.sizeHint().width()


# TRAINING -----------------------------------------------------------------------------------------


@pytest.fixture
def training(show) -> TrainingPanel:
    panel = TrainingPanel()
    panel.show_experiment(Experiment())
    panel.setFixedWidth(670)
    return show(panel)


def value_field(panel: TrainingPanel, path: str) -> ValueField:
    field = panel.field(path)
    assert isinstance(field, ValueField)
    return field


def choice_field(panel: TrainingPanel, path: str) -> ChoiceField:
    field = panel.field(path)
    assert isinstance(field, ChoiceField)
    return field


def test_a_typed_learning_rate_is_asked_for(qtbot, training: TrainingPanel) -> None:
    committed = QSignalSpy(training.committed)
    type_into(qtbot, value_field(training, RATE).edit, "0.5")
    assert told(committed) == [(RATE, 0.5)]


@pytest.mark.parametrize(("text", "words"), [("1e6", "is above 10"), ("fast", "is not a number")])
def test_a_refused_learning_rate_says_so_and_keeps_the_old_one(
    qtbot, training: TrainingPanel, text: str, words: str
) -> None:
    committed, refused = QSignalSpy(training.committed), QSignalSpy(training.refused)
    field = value_field(training, RATE)
    type_into(qtbot, field.edit, text)
    assert committed.count() == 0
    assert told(refused)[0][0].startswith("Learning rate: ")
    assert words in told(refused)[0][0]
    assert field.shown_value() == 0.03
    assert field.edit.text() == text


def test_arrows_climb_the_learning_rates(qtbot, training: TrainingPanel) -> None:
    committed = QSignalSpy(training.committed)
    edit = value_field(training, RATE).edit
    qtbot.keyClick(edit, Key.Key_Up)
    qtbot.keyClick(edit, Key.Key_Up)
    assert told(committed) == [(RATE, 0.1), (RATE, 0.3)]


def test_a_menu_has_the_usual_learning_rates(qtbot, training: TrainingPanel) -> None:
    committed = QSignalSpy(training.committed)
    edit = value_field(training, RATE).edit
    press = lambda: qtbot.keyClick(edit, Key.Key_Down, Qt.KeyboardModifier.AltModifier)  # noqa: E731
    menu = open_menu(qtbot, edit, press)
    assert [action.text() for action in menu.actions()][:4] == ["1e-5", "0.0001", "0.001", "0.003"]
    pick(menu, "3")
    assert told(committed) == [(RATE, 3.0)]


def test_a_batch_is_a_number_or_everything(qtbot, training: TrainingPanel) -> None:
    committed = QSignalSpy(training.committed)
    field = value_field(training, "training.batch_size")
    type_into(qtbot, field.edit, "full")
    type_into(qtbot, field.edit, "FULL")
    type_into(qtbot, field.edit, "10")
    pick(open_menu(qtbot, field.edit, field.edit.open_menu), "Full")
    type_into(qtbot, field.edit, "2.5")
    assert [value for _, value in told(committed)] == ["full", 10, "full"]
    assert field.shown_value() == "full"
    qtbot.keyClick(field.edit, Key.Key_Escape)
    assert field.edit.text() == "Full"


def test_an_entry_being_typed_survives_another_look_at_the_experiment(
    qtbot, training: TrainingPanel
) -> None:
    edit = value_field(training, RATE).edit
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "0.00")
    training.show_experiment(Experiment())
    assert edit.text() == "0.00"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("training.optimizer.kind", "nadam"),
        ("training.schedule.kind", "step"),
        ("training.regularization.kind", "l1"),
        ("training.device", "cpu"),
    ],
)
def test_a_choice_is_asked_for_by_the_keyboard(
    qtbot, training: TrainingPanel, path: str, key: str
) -> None:
    committed = QSignalSpy(training.committed)
    choice = choice_field(training, path).choice
    for _ in range(choice.count()):
        if choice.key() == key:
            break
        qtbot.keyClick(choice, Key.Key_Down)
    assert told(committed)[-1] == (path, key)
    Experiment().with_setting(path, key)


def test_losses_that_do_not_fit_are_barred_with_the_reason(training: TrainingPanel) -> None:
    field = choice_field(training, "training.loss")

    def barred() -> set[str]:
        return {entry.value for entry in field.entries() if entry.obstacle}

    assert barred() == set()
    training.show_experiment(Experiment().with_setting("model.output.activation", "tanh"))
    assert barred() == {"cross_entropy", "bce_with_logits"}
    training.show_experiment(generated("rings", classes=3))
    assert barred() == {"bce_with_logits", "mse", "sse", "l1", "huber"}
    index = field.choice.findData("bce_with_logits")
    assert "tells two classes apart" in field.choice.itemData(index, Qt.ItemDataRole.ToolTipRole)
    assert (
        not field.choice.model().flags(field.choice.model().index(index, 0))
        & Qt.ItemFlag.ItemIsEnabled
    )
    training.show_experiment(generated("plane"))
    assert barred() == {"cross_entropy", "bce_with_logits"}
    assert field.shown_value() == "mse"


def test_a_panel_may_begin_with_data_that_are_there(qtbot) -> None:
    """As that of a window in another language does."""
    panel = TrainingPanel()
    qtbot.addWidget(panel)
    one = Experiment.parse({"data": {"kind": "wine"}})
    panel.show_experiment(one, prepare(one))
    assert panel.more.form("training.augmentation", "jitter").fields["rotation"].isHidden()


def test_a_table_decides_its_losses_when_it_is_read(training: TrainingPanel) -> None:
    wine = Experiment.parse({"data": {"kind": "wine"}})
    training.show_experiment(wine)
    training.show_experiment(wine, prepare(wine))
    entries = choice_field(training, "training.loss").entries()
    assert "has 3" in next(e for e in entries if e.value == "bce_with_logits").obstacle


def test_a_rate_needs_a_penalty(training: TrainingPanel) -> None:
    rate = training.field("training.regularization.rate")
    assert not rate.isEnabled()
    assert "Choose L1 or L2 first" in rate.control.toolTip()
    training.show_experiment(experiment(training__regularization__kind="l2"))
    assert rate.isEnabled()
    assert "Acts at once." in rate.control.toolTip()


def test_devices_are_listed_when_they_are_known(training: TrainingPanel) -> None:
    field = choice_field(training, "training.device")
    training.show_experiment(experiment(training__device="cuda:0"))
    assert field.shown_value() == "cuda:0"
    assert "not there" in field.entries()[-1].help
    training.set_devices([("cpu", "Processor (CPU)"), ("cuda:0", "A card")])
    assert [entry.label for entry in field.entries()] == ["Auto", "Processor (CPU)", "A card"]
    assert field.shown_value() == "cuda:0"


def test_more_shows_the_settings_of_the_optimizer_on_show(training: TrainingPanel) -> None:
    form = training.more.form("training.optimizer", "betas")
    assert set(form.fields) == {"betas", "eps", "weight_decay"}
    training.show_experiment(experiment(training__optimizer__kind="sgd"))
    assert set(form.fields) == {"momentum", "nesterov", "weight_decay"}
    training.show_experiment(experiment(training__optimizer__kind="rprop"))
    assert form.fields == {}


def test_every_setting_of_training_is_within_reach(training: TrainingPanel) -> None:
    shown = {f"{form.path}.{name}" for form in training.more.forms() for name in form.fields}
    training_ = Experiment().training
    wanted = {f"training.{name}" for name in type(training_).model_fields}
    wanted -= {"training.optimizer", "training.schedule", "training.regularization"}
    wanted -= {"training.batch_size", "training.loss", "training.device"}
    for part in ("stop", "augmentation"):
        wanted.remove(f"training.{part}")
        names = type(getattr(training_, part)).model_fields
        wanted |= {f"training.{part}.{name}" for name in names}
    wanted |= {
        "model.initializer",
        "model.output.bias",
        "model.output.activation",
        "data.standardize",
    }
    assert wanted <= shown


def test_more_asks_for_pairs_words_and_switches(qtbot, training: TrainingPanel) -> None:
    committed = QSignalSpy(training.committed)
    qtbot.mouseClick(training.more_button, LEFT)
    more = training.more
    qtbot.waitUntil(more.isVisible)
    betas = more.form("training.optimizer", "betas").fields["betas"]
    assert isinstance(betas, PairField)
    type_into(qtbot, betas.edits[1], "0.99")
    epochs = more.form("training", "epochs").fields["epochs"]
    assert isinstance(epochs, ValueField)
    type_into(qtbot, epochs.edit, "500")
    type_into(qtbot, epochs.edit, "never")
    bias = more.form("model.output", "bias").fields["bias"]
    assert isinstance(bias, SwitchField)
    qtbot.mouseClick(bias.switch, LEFT)
    more.close()
    assert told(committed) == [
        ("training.optimizer.betas", (0.9, 0.99)),
        ("training.epochs", 500),
        ("training.epochs", None),
        ("model.output.bias", False),
    ]
    for path, value in told(committed):
        Experiment().with_setting(path, value)


def test_what_contradicts_another_setting_is_refused_in_words(
    qtbot, training: TrainingPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under its switch: what floats over the window covers what the window says."""
    training.show_experiment(experiment(training__optimizer__kind="sgd"))
    committed, refused = QSignalSpy(training.committed), QSignalSpy(training.refused)
    tooltips: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, *_: tooltips.append(text))
    nesterov = training.more.form("training.optimizer", "nesterov").fields["nesterov"]
    assert isinstance(nesterov, SwitchField)
    nesterov.switch.click()
    assert tooltips == ["<p>Nesterov: nesterov needs a momentum above 0.</p>"]
    assert not nesterov.shown_value()
    assert committed.count() == refused.count() == 0


def test_what_is_refused_in_the_window_is_said_by_the_window_alone(
    qtbot, training: TrainingPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    training.show_experiment(experiment())
    refused = QSignalSpy(training.refused)
    tooltips: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, *_: tooltips.append(text))
    rate = training.field("training.optimizer.learning_rate")
    assert isinstance(rate, ValueField)
    rate.edit.setText("fast")
    qtbot.keyClick(rate.edit, Key.Key_Return)
    assert "'fast' is not a number" in told(refused)[0][0]
    assert not tooltips


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_the_ends_of_every_hyperparameter_are_allowed(
    training: TrainingPanel, kind: str, end: str
) -> None:
    one = experiment(training__optimizer__kind=kind)
    training.show_experiment(one)
    committed = QSignalSpy(training.committed)
    form = next(form for form in training.more.forms() if form.path == "training.optimizer")
    for name, field in form.fields.items():
        if isinstance(field, ValueField):
            value = getattr(field.bounds, end)
            field.show_value(value)
            field.committed.emit(field.shown_value())
            assert told(committed)[-1] == (f"training.optimizer.{name}", value)
            one.with_setting(f"training.optimizer.{name}", told(committed)[-1][1])


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_more_never_leaves_the_screen(qtbot, training: TrainingPanel, scale: float) -> None:
    theme.manager().set_scale(scale)
    training.show_experiment(experiment(training__schedule__kind="cosine_restarts"))
    training.open_more()
    qtbot.waitUntil(training.more.isVisible)
    assert training.screen().availableGeometry().contains(training.more.geometry())
    qtbot.keyClick(training.more, Key.Key_Escape)
    qtbot.waitUntil(lambda: not training.more.isVisible())


# The transport bar --------------------------------------------------------------------------------


class Numbers:
    """What the bar reads of a snapshot."""

    def __init__(
        self,
        epoch: int,
        rate: float,
        seconds: float,
        test: Score | None,
        train: Score = Score(0.25, 0.5),  # noqa: B008
        r2: float | None = None,
    ) -> None:
        self.epoch, self.steps_per_second, self.seconds, self.test = epoch, rate, seconds, test
        self.train, self.r2 = train, r2


@pytest.fixture
def bar(show) -> TransportBar:
    bar = TransportBar()
    bar.setFixedWidth(1280)
    return show(bar)


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("train", "trainToggled"),
        ("reset", "resetRequested"),
        ("new_start", "newStartRequested"),
        ("step_epoch", "stepEpochRequested"),
        ("step_batch", "stepBatchRequested"),
    ],
)
def test_buttons_tell_by_mouse_and_keyboard(
    qtbot, bar: TransportBar, button: str, signal: str
) -> None:
    heard = QSignalSpy(getattr(bar, signal))
    qtbot.mouseClick(getattr(bar, button), LEFT)
    qtbot.keyClick(getattr(bar, button), Key.Key_Space)
    assert heard.count() == 2


def test_train_becomes_pause_without_moving_anything(bar: TransportBar) -> None:
    places = bar.train.geometry(), bar.step_epoch.x()
    bar.show_state("running")
    QApplication.sendPostedEvents()
    QApplication.processEvents()
    assert bar.train.text() == bar.train.accessibleName() == "Pause"
    assert (bar.train.geometry(), bar.step_epoch.x()) == places
    bar.show_state("paused")
    assert bar.train.text() == "Train"
    assert "Space" in bar.train.toolTip()


def test_numbers_never_move_their_neighbours(qtbot, bar: TransportBar) -> None:
    bar.show_state("running")
    places = [widget.geometry() for widget in (bar.epoch, bar.rate, bar.loss, bar.speed)]
    for numbers in (
        Numbers(0, 0.0, 0.0, None),
        Numbers(99_999_999, 999_999.0, 86_399.0, Score(123456.0, 1.0)),
        Numbers(1234, float("nan"), 75.0, Score(float("inf"), None)),
    ):
        bar.show_numbers(numbers)
        QApplication.processEvents()
        assert [w.geometry() for w in (bar.epoch, bar.rate, bar.loss, bar.speed)] == places
    assert (bar.epoch.value(), bar.rate.value(), bar.loss.value()) == ("1,234", "–", "–")
    assert (bar.accuracy.value(), bar.elapsed.value()) == ("–", "1:15")


def test_the_speed_ends_in_no_limit(qtbot, bar: TransportBar) -> None:
    changed = QSignalSpy(bar.speedChanged)
    qtbot.keyClick(bar.speed, Key.Key_Home)
    qtbot.keyClick(bar.speed, Key.Key_End)
    bar.show_speed(10.0)
    assert told(changed) == [(1.0,), (None,)]
    assert bar.speed.value() == 10


def test_the_chip_says_who_trains_and_why(bar: TransportBar) -> None:
    assert not bar.chip.isVisible()
    bar.show_info(RunInfo("torch", "PyTorch", "It trains every layer.", "cuda:0", 1))
    assert bar.chip.isVisible()
    assert bar.chip.text() == "PyTorch · 1 parameter"
    assert "on CUDA:0. It trains every layer." in bar.chip.toolTip()
    bar.show_info(RunInfo("torch", "PyTorch", "It trains every layer.", "cpu", 9, threads=2))
    assert bar.chip.text() == "PyTorch · 9 parameters"
    assert "on CPU, 2 threads." in bar.chip.toolTip()


def test_the_chip_leads_to_the_choice_of_an_engine(qtbot, bar: TransportBar) -> None:
    asked = QSignalSpy(bar.engineRequested)
    bar.show_info(RunInfo("torch", "PyTorch", "It trains every layer.", "cpu", 1))
    qtbot.mouseClick(bar.chip, LEFT)
    qtbot.keyClick(bar.chip, Key.Key_Space)
    assert asked.count() == 2


def test_what_rests_has_no_speed(bar: TransportBar) -> None:
    """Neither after a stop, nor after a single step, whose pause before it is no part of it."""
    bar.show_info(RunInfo("torch", "PyTorch", "It trains every layer.", "cpu", 1))
    bar.show_state("running")
    bar.show_numbers(Numbers(5, 1234.5, 3.0, None))
    assert bar.rate.value() == "1,234"
    bar.show_state("paused")
    assert bar.rate.value() == "0"
    bar.show_numbers(Numbers(6, 0.1, 3.0, None))
    assert bar.rate.value() == "0"


@pytest.mark.parametrize(
    ("test", "train", "r2", "said"),
    [
        (Score(0.5, 0.75), Score(0.1, 1.0), None, ["test loss: 0.500", "test accuracy: 75.0 %"]),
        (None, Score(0.1, 1.0), None, ["training loss: 0.100", "training accuracy: 100.0 %"]),
        (Score(0.5, None), Score(0.1, None), -1.5, ["test loss: 0.500", "test R²: −1.500"]),
        (None, Score(0.1, None), 0.25, ["training loss: 0.100", "training R²: 0.250"]),
        (Score(0.5, None), Score(0.1, None), None, ["test loss: 0.500", "test R²: –"]),
    ],
)
def test_the_bar_has_the_scores_that_there_are(
    bar: TransportBar, test: Score | None, train: Score, r2: float | None, said: list[str]
) -> None:
    bar.show_numbers(Numbers(1, 0.0, 3.0, test, train, r2))
    assert [bar.loss.accessibleName(), bar.accuracy.accessibleName()] == said


@pytest.mark.parametrize(("width", "dropped"), [(1440, ""), (1090, "elapsed"), (760, "chip")])
def test_a_narrow_bar_drops_what_matters_least(bar: TransportBar, width: int, dropped: str) -> None:
    bar.show_info(RunInfo("compiled", "Compiled", "Small.", "cpu", 146))
    bar.setFixedWidth(width)
    QApplication.processEvents()
    names = ("elapsed", "rate", "chip")
    hidden = [name for name in names if not getattr(bar, name).isVisible()]
    assert hidden == list(names[: names.index(dropped) + 1] if dropped else ())
    assert all(getattr(bar, name).isVisible() for name in ("train", "epoch", "loss", "speed"))


@given(st.integers(0, 10**9), st.floats(allow_nan=True), st.floats(0, 1e6))
def test_texts_of_numbers_fit_their_places(count: int, loss: float, seconds: float) -> None:
    assert len(brief(count)) <= 10
    assert len(loss_text(abs(loss))) <= 8
    assert len(rate_text(min(seconds, 999_999))) <= 7
    assert (" s" if seconds < 10 else ":") in clock_text(seconds)
    assert len(clock_text(min(seconds, 35_999))) <= 7


def ink_rows(widget: QWidget) -> tuple[int, int]:
    """First and last row of the dark pixels left of the middle of a control, without its frame."""
    image = widget.grab().toImage()
    rows = [
        row
        for row in range(4, image.height() - 4)
        if any(image.pixelColor(x, row).lightness() < 120 for x in range(6, image.width() // 2))
    ]
    return min(rows), max(rows)


@pytest.mark.parametrize("spoken", ["en", "ja"])
def test_a_word_in_a_number_field_stands_as_high_as_in_a_list(qtbot, spoken: str) -> None:
    language.use(spoken)
    try:
        page, field = QWidget(), ValueEdit("Epochs", Bounds(0, 10), word=Word("Never", None))
        choice = Choice("Epochs", [("never", "Never", "")])
        vbox(choice, field, of=page)
        qtbot.addWidget(page)
        page.show()
        choice.setFocus()
        field.show_word()
        QApplication.processEvents()
        found, wanted = ink_rows(field), ink_rows(choice)
        assert max(abs(a - b) for a, b in zip(found, wanted, strict=True)) <= 1
        assert field.sizeHint().height() == choice.sizeHint().height()
        field.set_value(3)
        assert field.textMargins().isNull()
    finally:
        language.use("en")
