"""A person's own points in the window, by pointer and keys: panels that stay where they are,
classes, division, and the clipboard.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from playground.core import palette
from playground.core.class_looks import COLORS, ClassLooks
from playground.core.data.data import GeneratedData
from playground.core.data.points_data import PointsData
from playground.core.experiment import edits
from playground.core.experiment.experiment import Experiment
from playground.ui.curves.confusion import ConfusionTable
from playground.ui.data.importing import ImportDialog
from playground.ui.output.canvas.color_key import ColorKey
from playground.ui.window.main_window import MainWindow
from tests.ui.person import GreyError, choose, drag_on_canvas, press
from tests.ui.whole_window import WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
RINGS: dict[str, Any] = {
    "data": {"kind": "generated", "generator": "rings", "classes": 3, "samples": 60},
    "training": {"engine": "numpy", "epochs": 1},
}


@pytest.fixture(scope="module")
def _one_window(request: pytest.FixtureRequest) -> Iterator[MainWindow]:
    with open_window(QtBot(request)) as made:
        made.resize(1440, 900)
        yield made


@pytest.fixture
def window(qtbot: QtBot, _one_window: MainWindow) -> MainWindow:
    _one_window.activateWindow()
    qtbot.waitUntil(_one_window.isActiveWindow)
    _one_window.parts.output.test_points.setChecked(False)
    begin(qtbot, _one_window, RINGS)
    return _one_window


def begin(qtbot: QtBot, window: MainWindow, raw: dict[str, Any]) -> None:
    """Another document, its data prepared, the pointer over its canvas."""
    session = window.session
    session.replace(Experiment.parse(raw))
    qtbot.waitUntil(lambda: prepared(window), timeout=WAIT)
    window.drawing.choose_tool("brush")
    window.parts.draw.show_class(0)
    window.drawing.use_chosen_class()
    window.parts.output.canvas.setFocus()
    QApplication.processEvents()


def prepared(window: MainWindow) -> bool:
    """True where the data that are trained on are those of the document."""
    dataset = window.session.dataset
    return dataset is not None and dataset.data == window.session.experiment.data


def select(window: MainWindow, rows: list[int]) -> None:
    """Select these points with the pointer, one by one."""
    window.drawing.choose_tool("pick")
    places = window.session.points.x[rows]
    for number, (x, y) in enumerate(places.tolist()):
        held = Qt.KeyboardModifier.ShiftModifier if number else Qt.KeyboardModifier.NoModifier
        drag_on_canvas(window, (x, y), held=held)


def menu_of_class(window: MainWindow, index: int) -> QMenu:
    """The menu that a right click on the row of a class opens."""
    row = window.parts.draw.rows[index]
    at = row.rect().center()
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(row, QContextMenuEvent(reason, at, row.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose_in(menu: QMenu, *texts: str) -> None:
    """Choose an entry, in a submenu where several texts lead to it, and close the menu."""
    place = menu
    for text in texts[:-1]:
        inner = next(a.menu() for a in place.actions() if a.text() == text)
        assert isinstance(inner, QMenu)
        place = inner
    action = next(a for a in place.actions() if a.text() == texts[-1])
    assert action.isEnabled()
    action.trigger()
    menu.close()


def tops(window: MainWindow) -> list[int]:
    """Where the panels of the left column begin, and the sliders of the first."""
    data = window.parts.data
    shown = [data.samples, data.noise, data.training_share, data.classes["rings"]]
    panels = [window.parts.draw, window.parts.features, *(s for s in shown if s.isVisible())]
    return [panel.mapTo(window, QPoint(0, 0)).y() for panel in panels]


def colors_in(widget: QWidget) -> set[str]:
    """Every colour of a picture, as files write them."""
    picture = widget.grab().toImage()
    places = [(x, y) for x in range(picture.width()) for y in range(picture.height())]
    return {picture.pixelColor(*place).name() for place in places}


def test_panels_stay_while_points_become_ones_own(qtbot: QtBot, window: MainWindow) -> None:
    session, data = window.session, window.parts.data
    before = tops(window)
    assert len(before) == 6
    window.drawing.choose_tool("pick")
    x, y = session.points.x[~session.points.held_out][0].tolist()
    drag_on_canvas(window, (x, y), (x + 0.5, y))
    assert isinstance(session.experiment.data, PointsData)
    assert tops(window) == before
    assert data.training_share.isEnabled()
    assert not data.samples.isEnabled()
    window.parts.draw.classRenamed.emit(0, "cat")
    QApplication.processEvents()
    assert tops(window) == before
    session.undo_stack.undo()
    session.undo_stack.undo()
    assert isinstance(session.experiment.data, GeneratedData)
    assert data.samples.isEnabled()
    assert tops(window) == before


def test_the_training_share_divides_own_points(qtbot: QtBot, window: MainWindow) -> None:
    session, slider = window.session, window.parts.data.training_share
    window.drawing.choose_tool("pick")
    x, y = session.points.x[0].tolist()
    drag_on_canvas(window, (x, y), (x + 0.5, y))
    assert slider.accessibleName().endswith(": 50 %")
    slider.setFocus()
    QTest.keyClick(slider, Key.Key_End)
    assert slider.accessibleName().endswith(": 100 %")
    assert not session.points.held_out.any()
    QTest.keyClick(slider, Key.Key_Left)
    assert session.points.held_out.sum() == 6
    QTest.mouseClick(window.parts.data.new_draw, LEFT)
    assert session.points.held_out.sum() == 6


def test_painted_points_join_the_division_and_are_seen(qtbot: QtBot, window: MainWindow) -> None:
    session, canvas = window.session, window.parts.output.canvas
    choose(window, "Clear all points")
    assert not len(session.points)
    drag_on_canvas(window, (-4.0, 0.0), (4.0, 0.0))
    points = session.points
    assert len(points) > 20
    assert abs(int(points.held_out.sum()) - len(points) / 2) < 1
    assert not points.held_out[0]
    assert window.parts.output.test_points.isChecked()
    drawn = [item.getData()[0] for item in canvas._markers._items.values() if item.isVisible()]
    assert sum(map(len, drawn)) == len(points)
    assert "held out for testing" in window.notices.notice.text()
    session.undo_stack.undo()
    assert not len(session.points)


def test_numbers_have_their_bin(qtbot: QtBot, window: MainWindow) -> None:
    begin(qtbot, window, {"data": {"kind": "generated", "generator": "hills", "samples": 40}})
    bin_ = window.parts.draw.clear_class_small
    assert bin_.isVisible()
    assert bin_.accessibleName() == "Clear all"
    QTest.mouseClick(bin_, LEFT)
    assert not len(window.session.points)
    assert not bin_.isEnabled()
    window.session.undo_stack.undo()
    assert len(window.session.points) == 40


def test_plus_adds_a_class_and_chooses_it(qtbot: QtBot, window: MainWindow) -> None:
    draw, session = window.parts.draw, window.session
    QTest.mouseClick(draw.add_class if draw.add_class.isVisible() else draw.add_class_small, LEFT)
    assert len(draw.rows) == 4
    assert draw.chosen_class() == 3
    before = len(session.points)
    drag_on_canvas(window, (0.0, 5.5))
    assert set(session.points.y[before:].tolist()) == {3}


def test_a_class_goes_with_its_points(qtbot: QtBot, window: MainWindow) -> None:
    draw, session = window.parts.draw, window.session
    counts = [row.count() for row in draw.rows]
    choose_in(menu_of_class(window, 0), "Remove class with its points")
    assert [(row.name(), row.count()) for row in draw.rows] == [
        *zip(palette.CLASS_NAMES[1:3], counts[1:], strict=True)
    ]
    assert ClassLooks.of(session.experiment.data).colors[:2] == COLORS[1:3]
    menu = menu_of_class(window, 0)
    assert not next(a for a in menu.actions() if a.text().startswith("Remove class")).isEnabled()
    menu.close()
    session.undo_stack.undo()
    assert isinstance(session.experiment.data, GeneratedData)
    assert [row.count() for row in draw.rows] == counts


def test_menus_name_classes_as_they_are_and_remove_the_chosen_one(
    qtbot: QtBot, window: MainWindow
) -> None:
    draw = window.parts.draw
    draw.classRenamed.emit(2, "fish")
    choose(window, "fish")
    assert draw.chosen_class() == 2
    choose(window, "Remove the chosen class")
    assert [row.name() for row in draw.rows] == list(palette.CLASS_NAMES[:2])
    with pytest.raises(GreyError):
        choose(window, "Remove the chosen class")


def test_a_class_gets_another_colour_and_marker_everywhere(
    qtbot: QtBot, window: MainWindow
) -> None:
    session, output = window.session, window.parts.output
    steps = session.undo_stack.count()
    choose_in(menu_of_class(window, 0), "Colour", palette.CLASS_NAMES[4])
    choose_in(menu_of_class(window, 0), "Marker", "Star")
    assert session.undo_stack.count() == steps + 2
    assert isinstance(session.experiment.data, GeneratedData)
    looks = ClassLooks.of(session.experiment.data)
    assert (looks.colors[0], looks.markers[0]) == (COLORS[4], "star")
    assert session.dataset is not None
    assert session.dataset.looks == looks
    assert window.parts.draw.rows[0].name() == palette.CLASS_NAMES[4]
    item = output.canvas._markers._items[0, False]
    assert item.opts["symbol"] == "star"
    assert item.opts["brush"].color().name() == COLORS[4]
    assert window.parts.network.network._diagram.looks == looks
    table = ConfusionTable()
    table.show_matrix(np.eye(3, dtype=np.int64), ("a", "b", "c"), "test")
    table.show_looks(looks)
    key = output.findChildren(ColorKey)[0]
    for picture in (window.parts.draw.rows[0], key, table):
        assert COLORS[4] in colors_in(picture), picture
        assert COLORS[0] not in colors_in(picture), picture
    session.undo_stack.undo()
    session.undo_stack.undo()
    assert output.canvas._markers._items[0, False].opts["symbol"] == "o"
    assert COLORS[0] in colors_in(key)


def test_a_menu_that_is_left_changes_nothing(qtbot: QtBot, window: MainWindow) -> None:
    before, steps = window.session.experiment, window.session.undo_stack.count()
    menu = menu_of_class(window, 1)
    QTest.keyClick(menu, Key.Key_Escape)
    assert not menu.isVisible()
    assert window.session.experiment == before
    assert window.session.undo_stack.count() == steps


def test_points_go_from_document_to_document(qtbot: QtBot, window: MainWindow) -> None:
    session, canvas = window.session, window.parts.output.canvas
    window.parts.output.test_points.setChecked(True)  # only what is seen can be picked
    window.parts.draw.classRenamed.emit(1, "fish")
    rows = [int(np.flatnonzero(session.points.y == label)[0]) for label in (0, 1)]
    select(window, rows)
    copied = session.points.take(np.array(sorted(rows)))
    steps = session.undo_stack.count()
    press(Key.Key_X, CONTROL)
    assert session.undo_stack.count() == steps + 1
    assert len(session.points) == 58
    assert QGuiApplication.clipboard().text().startswith("x1\tx2\tclass\t")
    session.undo_stack.undo()
    assert len(session.points) == 60
    begin(qtbot, window, {"data": {"kind": "generated", "samples": 40}})
    press(Key.Key_V, CONTROL)
    data = session.experiment.data
    assert edits.names_of_classes(data) == ["Blue", "Orange", "fish"]
    assert session.points.x[40:].tolist() == copied.x.tolist()
    assert session.points.held_out[40:].tolist() == copied.held_out.tolist()
    assert canvas.selection().tolist() == [40, 41]
    session.undo_stack.undo()
    assert isinstance(session.experiment.data, GeneratedData)
    select(window, [3])
    press(Key.Key_C, CONTROL)
    press(Key.Key_V, CONTROL)
    assert len(session.points) == 41
    assert session.points.x[40].tolist() != session.points.x[3].tolist()


@pytest.mark.parametrize("other", ["New", "moons"])
def test_a_selection_ends_with_its_data(qtbot: QtBot, window: MainWindow, other: str) -> None:
    begin(qtbot, window, {})
    canvas = window.parts.output.canvas
    select(window, [0])
    assert len(canvas.selection()) == 1
    window.session.undo_stack.setClean()
    if other == "New":
        choose(window, "New")
    else:
        QTest.mouseClick(window.parts.data.gallery.buttons[other], LEFT)
    qtbot.waitUntil(lambda: prepared(window), timeout=WAIT)
    assert len(window.session.points) == 500
    assert not len(canvas.selection())


def test_undo_of_a_move_keeps_the_selection(qtbot: QtBot, window: MainWindow) -> None:
    canvas = window.parts.output.canvas
    select(window, [0, 1])
    press(Key.Key_Right)
    assert len(canvas.selection()) == 2
    canvas._finish_nudges()
    window.session.undo_stack.undo()
    assert len(canvas.selection()) == 2


def test_four_pasted_rows_are_four_points(qtbot: QtBot, window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("a\tb\tkind\n1\t2\tcat\n3\t4\tdog\n5\t6\tcat\n7\t9\tdog")
    with qtbot.waitSignal(window.documents.importRequested, timeout=WAIT) as caught:
        press(Key.Key_V, CONTROL)
    dialog: ImportDialog = caught.args[0]
    qtbot.waitUntil(dialog.import_button.isEnabled, timeout=WAIT)
    QTest.mouseClick(dialog.import_button, LEFT)
    qtbot.waitUntil(lambda: len(window.session.points) == 4 and prepared(window), timeout=WAIT)
    held_out = int(window.session.points.held_out.sum())
    assert held_out
    assert window.parts.output.test_points.isChecked()
    said = f"{held_out} of 4 points are held out for testing"
    assert said in window.notices.notice.text()
    items = window.parts.output.canvas._markers._items.values()
    assert sum(len(item.getData()[0]) for item in items if item.isVisible()) == 4


def test_the_tabs_of_data_say_which_kind_is_open(qtbot: QtBot, window: MainWindow) -> None:
    data, session = window.parts.data, window.session
    session.choose_generator("hills")
    assert data.tabs.currentIndex() == 1
    session.choose_table("wine")
    assert data.tabs.currentIndex() == 0
    data.tabs.setCurrentIndex(1)
    assert data.caption().startswith("Still open: ")
    data.tabs.setCurrentIndex(0)
    assert not data.caption().startswith("Still open: ")
