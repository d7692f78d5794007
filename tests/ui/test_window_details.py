"""Small things of the whole window: what is grey, what is said and for how long, where files go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMargins, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from playground import __version__
from playground.core.data.dataset import prepare
from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson_files import bundled
from playground.core.network.layers import LAYERS
from playground.ui import language
from playground.ui.commands.command import commands_in
from playground.ui.commands.network_menu import ADDING
from playground.ui.commands.setting_finder import settings_in
from playground.ui.data.columns import Columns, LookedAt
from playground.ui.look import theme
from playground.ui.network import NetworkView
from playground.ui.session import threads
from playground.ui.session.saving import remember_folder, usual_folder
from playground.ui.window import first_size
from playground.ui.window.main_window import MainWindow
from tests.ui.reading import box_of
from tests.ui.whole_window import SMALL, WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

UNDER_DATA = (Columns, LookedAt)
OF_IMAGES = {kind for kind, layer in LAYERS.items() if layer.takes == "image"}


@pytest.fixture(scope="module")
def _one_window(request: pytest.FixtureRequest) -> Iterator[MainWindow]:
    bot = QtBot(request)
    with open_window(bot) as made:
        yield made
    assert threads.have_ended(), "the window has left a thread"


@pytest.fixture(autouse=True)
def _no_thread_left() -> None:
    """Asked once, at the end: the window outlives its tests."""


@pytest.fixture
def window(qtbot: QtBot, _one_window: MainWindow) -> MainWindow:
    """The window of the module, on the same small experiment, with nothing said."""
    made = _one_window
    made.session.replace(Experiment.parse(SMALL))
    made.session.set_view("hidden", [])
    made.notices.hide()
    qtbot.waitUntil(lambda: made.session.run.snapshot is not None, timeout=WAIT)
    return made


def entry(window: MainWindow, *labels: str) -> QAction:
    """An entry of a menu, with the menus around it open."""
    entries: list[QAction] = window.menuBar().actions()
    for label in labels:
        found = next(one for one in entries if one.text().replace("&", "") == label)
        menu = found.menu()
        if isinstance(menu, QMenu):
            menu.aboutToShow.emit()
            entries = menu.actions()
    return found


def said(window: MainWindow) -> str:
    notice = window.notices.notice
    return notice.text() if notice.isVisible() else ""


# The network.


def test_layers_for_images_are_grey_for_points(window: MainWindow) -> None:
    for kind, text in ADDING.items():
        is_free = kind not in OF_IMAGES and kind != "flatten"
        assert entry(window, "Network", text).isEnabled() == is_free, kind
    window.session.append_layer("conv")
    assert said(window) == "Convolution: it needs an image, and here is none."
    assert len(window.session.experiment.model.layers) == 2


def test_a_convolution_goes_before_the_linear_layers(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    session.replace(Experiment.parse({"data": {"kind": "digits"}, "training": {"epochs": 1}}))
    qtbot.waitUntil(lambda: session.dataset is not None, timeout=WAIT)
    entry(window, "Network", "Add convolution").trigger()
    assert [layer.kind for layer in session.experiment.model.layers] == ["conv", "linear", "linear"]
    card = window.parts.network
    assert card.analysis is not None
    assert not card.analysis.faults
    assert entry(window, "Network", "Add flatten").isEnabled()
    assert entry(window, "Network", "Add ResNet block").isEnabled()


def test_no_error_of_the_window_speaks_in_paths(qtbot: QtBot, window: MainWindow) -> None:
    window.session.set_layer(0, "units", 0)
    assert said(window) == "Layer 1, linear, units: 0 is below 1."
    window.session.set_value("training.epochs", 200_000_000)
    assert said(window) == "Epochs: 200,000,000 is above 100,000,000."
    window.session.add_layer(2, "conv")
    qtbot.waitUntil(lambda: said(window).startswith("Layer 3, convolution: "), timeout=WAIT)


def test_hidden_features_stay_hidden_in_the_network_and_for_the_finder(window: MainWindow) -> None:
    view = window.parts.network.network
    assert view.diagram.can_toggle
    window.session.set_view("hidden", ["features", "training"])
    assert not view.diagram.can_toggle
    hidden = window.session.experiment.view.hidden
    assert not any(found.path.startswith("training") for found in settings_in(window.parts, hidden))
    window.session.set_view("hidden", ["training.batch_size"])
    paths = {found.path for found in settings_in(window.parts, ["training.batch_size"])}
    assert "training.batch_size" not in paths
    assert "training.loss" in paths


# What is said.


def test_a_refused_edit_is_said_once_and_trains_on(qtbot: QtBot, window: MainWindow) -> None:
    window.session.set_value("model.features", ["x1"])
    window.session.set_value("training.epochs", None)
    window.session.run.resume()
    chip = window.parts.features.chips["x1"]
    chip.click()
    assert "at least one feature" in said(window)
    assert chip.isChecked()
    assert window.session.run.is_training
    window.session.run.pause()


def test_what_was_refused_is_forgotten_with_the_next_edit(window: MainWindow) -> None:
    window.session.set_layer(0, "units", 0)
    assert said(window)
    window.session.set_layer(0, "units", 5)
    assert not said(window)
    window.notices.warn("The disk is full.")
    window.session.set_layer(0, "units", 6)
    assert said(window) == "The disk is full."


def test_what_is_hardly_meant_is_said_in_a_word(qtbot: QtBot, window: MainWindow) -> None:
    committed = window.parts.training.committed
    qtbot.waitUntil(lambda: window.session.dataset is not None, timeout=WAIT)
    committed.emit("training.batch_size", 99_999)
    assert "more than the 30 training points" in said(window)
    committed.emit("training.batch_size", 10)
    assert not said(window)
    committed.emit("training.optimizer.learning_rate", 0.0)
    assert "no step changes anything" in said(window)


# Menus.


def test_both_ways_to_begin_again_stand_together(window: MainWindow) -> None:
    texts = [action.text() for action in entry(window, "Train").menu().actions()]
    assert abs(texts.index("Reset to the same start") - texts.index("New start")) == 1


def test_what_means_nothing_for_the_data_is_grey(qtbot: QtBot, window: MainWindow) -> None:
    of_view = ("Test points", "Mistakes", "Discretise", "Zoom in", "Zoom out")
    assert all(entry(window, "View", text).isEnabled() for text in of_view)
    assert not entry(window, "View", "Reset the view").isEnabled()
    assert entry(window, "Data", "Add a class").isEnabled()
    assert entry(window, "Data", "Clear all points").isEnabled()
    window.parts.output.canvas.zoom_by(0.5)
    assert entry(window, "View", "Reset the view").isEnabled()
    window.parts.output.canvas.reset_view()
    hills = {"data": {"kind": "generated", "generator": "hills"}}
    window.session.replace(Experiment.parse(hills))
    qtbot.waitUntil(lambda: window.session.dataset is not None, timeout=WAIT)
    assert not entry(window, "Data", "Add a class").isEnabled()
    assert not entry(window, "View", "Mistakes").isEnabled()
    window.session.clear_points()
    assert not entry(window, "Data", "Clear all points").isEnabled()
    window.session.replace(Experiment.parse({"data": {"kind": "vectors", "rows": 40}}))
    qtbot.waitUntil(lambda: window.session.dataset is not None, timeout=WAIT)
    assert not any(entry(window, "View", text).isEnabled() for text in of_view)
    assert not entry(window, "Data", "Clear all points").isEnabled()
    window.session.replace(Experiment.parse({"data": {"kind": "digits"}}))
    qtbot.waitUntil(lambda: window.session.dataset is not None, timeout=WAIT)
    drawn = ("Clear all points", "Remove the chosen class", "Points as a table…")
    assert not any(entry(window, "Data", text).isEnabled() for text in drawn)


def test_what_a_lesson_hides_is_not_shown_again_by_a_click(window: MainWindow) -> None:
    window.guide.start(bundled()[0])
    assert window.session.experiment.view.hidden
    assert window._something_is_hidden.isHidden()
    assert not entry(window, "View", "Hide controls…").isEnabled()
    window.parts.lesson.left.emit()
    assert entry(window, "View", "Hide controls…").isEnabled()


def test_help_leads_to_the_lessons(window: MainWindow) -> None:
    titles = [lesson.title.said("en") for lesson in bundled()]
    shown = [action.text() for action in entry(window, "Help", "Lessons").menu().actions()]
    assert shown[: len(titles)] == titles
    found = [command.label for menu in window.menus for _, command in commands_in(menu)]
    assert all(found.count(title) == 1 for title in titles), "they are listed once"


def test_about_tells_versions(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    monkeypatch.setattr(QMessageBox, "about", lambda *said: texts.append(said[2]))
    window.show_about()
    for name in (f"Playground {__version__}", "Python 3.", "torch ", "PySide6 and Qt "):
        assert name in texts[0]


def test_hide_controls_has_a_way_out(window: MainWindow) -> None:
    window.windows.open_hiding()
    dialog = window.windows.hiding
    assert dialog is not None
    dialog.close_button.click()
    assert not dialog.isVisible()


def test_the_chip_of_the_engine_opens_its_choice(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: bool(window.parts.transport.chip.text()), timeout=WAIT)
    window.parts.transport.chip.click()
    more = window.parts.training.more
    qtbot.waitUntil(more.isVisible, timeout=WAIT)
    assert more.form("training", "engine").fields["engine"].control.hasFocus()
    more.close()


# Files.


def test_every_dialog_for_files_begins_in_the_folder_that_was_used_last(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Path] = []
    answer = [str(tmp_path / "a.csv")]

    def note(_parent: object, _title: str, start: str, *_: object) -> tuple[str, str]:
        asked.append(Path(start))
        return answer.pop() if answer else "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", note)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", note)
    documents = window.documents
    documents.export_points()
    for ask in (
        documents.save_as,
        documents.networks.ask_and_save,
        window.guide.save_as,
        window.parts.curves.code.save_button.click,
    ):
        ask()
    assert {place.parent for place in asked[1:]} == {tmp_path}
    documents.ask_and_open()
    documents.networks.ask_and_load()
    assert asked[-2:] == [tmp_path, tmp_path]


def test_a_folder_that_is_gone_is_not_proposed(window: MainWindow, tmp_path: Path) -> None:
    remember_folder(tmp_path / "gone" / "a.csv")
    assert usual_folder().is_dir()


# The first size.

SIDES = st.integers(200, 3000)
EDGES = st.integers(0, 60)


@given(SIDES, SIDES, EDGES, EDGES, st.integers(-500, 3000), st.integers(-500, 3000), SIDES, SIDES)
def test_a_window_is_on_the_screen_with_its_frame(
    width: int, height: int, title: int, edge: int, x: int, y: int, wide: int, high: int
) -> None:
    screen, frame = QRect(10, 20, width, height), QMargins(edge, title, edge, edge)
    room = first_size.inside(screen, frame)
    place = first_size.within(QRect(QPoint(x, y), QSize(wide, high)), room)
    assert screen.contains(place.marginsAdded(frame))
    small = QRect(room.topLeft(), QSize(min(wide, room.width()), min(high, room.height())))
    assert first_size.within(small, room) == small, "what fits stays where it is"


def test_a_first_window_leaves_room_for_a_title_bar(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_size, "_has_no_screen", lambda: False)
    window = QWidget()
    qtbot.addWidget(window)
    first_size.begin(window, QSize(5_000, 5_000))
    available = window.screen().availableGeometry()
    assert window.width() <= available.width()
    assert window.height() <= available.height() - first_size.LEAST_TITLE
    assert window.minimumHeight() <= window.height()


def test_without_a_screen_a_first_window_is_as_large_as_on_a_common_one(
    window: MainWindow,
) -> None:
    assert window.minimumSize() == first_size.SMALLEST


def test_what_was_shown_of_a_table_goes_with_it_and_comes_back(
    qtbot: QtBot, window: MainWindow
) -> None:
    session, columns = window.session, window.parts.data.findChild(Columns)
    assert columns is not None
    session.choose_table("iris")
    qtbot.waitUntil(columns.isVisible, timeout=WAIT)
    for leave in (lambda: session.choose_generator("spiral"), session.clear_points):
        leave()
        qtbot.waitUntil(columns.isHidden, timeout=WAIT)
        session.undo_stack.undo()
        qtbot.waitUntil(columns.isVisible, timeout=WAIT)


def test_bars_of_a_column_leave_room_under_its_name(qtbot: QtBot) -> None:
    """Equal values are one bar, as high as bars can be, at the left where the name begins."""
    data = {"kind": "points", "x": [[2.0, 3.0, 4.0]] * 9, "label": [0] * 9}
    columns = Columns()
    qtbot.addWidget(columns)
    columns.show_dataset(prepare(Experiment.parse({"data": data})))
    columns.resize(200, columns.sizeHint().height())
    picture = columns.grab().toImage()
    color = theme.class_color(0).name()
    bars = [y for y in range(picture.height()) if picture.pixelColor(1, y).name() == color]
    line, height = QFontMetrics(theme.font("caption")).height(), picture.height() // 3
    assert {y // height for y in bars} == {0, 1, 2}
    for y in bars:
        assert line + theme.scaled(2) <= y % height < height - theme.scaled(3)


def test_a_drawing_that_waits_for_images_is_predicted_when_they_come_back(
    qtbot: QtBot, window: MainWindow
) -> None:
    session, images = window.session, window.parts.images
    looked_at = window.parts.data.findChild(LookedAt)
    assert looked_at is not None

    def says_something() -> bool:
        return bool(images.isVisible() and "%" in images.bars.accessibleDescription())

    session.choose_table("digits")
    qtbot.waitUntil(images.isVisible, timeout=WAIT)
    images.pad.setFocus()
    qtbot.keyClick(images.pad, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(says_something, timeout=WAIT)
    for back in (session.undo_stack.undo, lambda: session.choose_table("digits")):
        assert looked_at.isVisible()
        session.choose_generator("spiral")
        qtbot.waitUntil(window.parts.output.canvas.isVisible, timeout=WAIT)
        assert looked_at.isHidden()
        assert window.focusWidget() in (None, window), "no button waits for Space"
        back()
        qtbot.waitUntil(says_something, timeout=WAIT)
    images.pad.clear()


def settled(window: MainWindow) -> None:
    for _ in range(3):
        QApplication.processEvents()


@pytest.mark.parametrize("size", [(1366, 768), (1440, 900), (1920, 1080)])
def test_a_class_more_moves_nothing_that_stands_under_the_classes(
    window: MainWindow, size: tuple[int, int]
) -> None:
    parts = window.parts
    window.resize(*size)
    settled(window)
    before = parts.features.y(), parts.draw.radius.mapTo(parts.draw, QPoint(0, 0))
    for classes in (3, 4):
        window.drawing.add_class()
        settled(window)
        assert len(parts.draw.rows) == classes
        assert (parts.features.y(), parts.draw.radius.mapTo(parts.draw, QPoint(0, 0))) == before
        assert parts.draw.rect().contains(box_of(parts.draw.rows[-1], parts.draw))


def test_under_data_that_cannot_be_drawn_stands_what_they_are(
    qtbot: QtBot, window: MainWindow
) -> None:
    """Else the column would be empty there: columns of a table, or the image that is looked at."""
    window.resize(1440, 900)
    for raw in ({"kind": "wine"}, {"kind": "digits"}):
        window.session.replace(Experiment.parse({"data": raw, "training": {"engine": "torch"}}))
        parts = window.parts
        qtbot.waitUntil(lambda: window.session.run.snapshot is not None, timeout=WAIT)
        settled(window)
        assert not parts.draw.isVisible()
        shown = [w for w in parts.data.findChildren(QWidget) if isinstance(w, UNDER_DATA)]
        assert any(widget.isVisible() and widget.height() > 60 for widget in shown), raw


@pytest.mark.parametrize("kind", [{"kind": "vectors", "rows": 20, "inputs": 20, "outputs": 10}])
def test_rows_of_numbers_have_a_picture_in_every_unit_and_are_folded_at_once(
    qtbot: QtBot, window: MainWindow, kind: dict[str, Any]
) -> None:
    raw = {"data": kind, "model": {"layers": [{"kind": "linear", "units": 12}]}}
    window.session.replace(Experiment.parse({**raw, "training": {"engine": "torch"}}))
    qtbot.waitUntil(lambda: window.session.run.snapshot is not None, timeout=WAIT)
    network = window.parts.network.network
    qtbot.waitUntil(lambda: len(empty_units(network)) == 0, timeout=WAIT)
    inputs, hidden, _ = network.arrangement().places
    assert [len(inputs.nodes), len(hidden.nodes)] == [8, 8]
    assert all("strip" in place.parts for place in (inputs, hidden))


def empty_units(network: NetworkView) -> list[QRectF]:
    """The units that show nothing but the ground of the card."""
    image, nothing = network.grab().toImage(), theme.current().panel
    nodes = [node for place in network.arrangement().places for node in place.nodes]
    return [node for node in nodes if image.pixelColor(node.center().toPoint()) == nothing]


def test_titles_in_japanese_are_as_large_as_they_look_in_capitals() -> None:
    """Japanese has no capitals, which make a small title look like one."""
    sizes = {}
    try:
        for spoken in ("en", "ja"):
            language.use(spoken)
            font = theme.font("section")
            sizes[spoken] = font.pixelSize()
            assert font.bold()
    finally:
        language.use("en")
    assert sizes == {"en": 11, "ja": 12}
