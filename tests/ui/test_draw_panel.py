"""The DRAW panel: settings for each tool, names of classes, and what it asks for."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from playground.core.data.dataset import prepare
from playground.core.experiment.experiment import Experiment
from playground.ui import language
from playground.ui.data.class_row import LONGEST_NAME, NameEdit
from playground.ui.data.draw_panel import DrawPanel
from playground.ui.data.tool_grid import ToolGrid
from playground.ui.data.tools import TOOLS
from playground.ui.look import theme

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton

# What the offscreen platform says about windows and popups; it is no fault of a panel.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(autouse=True)
def _theme(qapp: QApplication) -> Iterator[None]:
    found = theme.install(qapp)
    found.set_mode(theme.Mode.LIGHT)
    yield
    found.set_mode(theme.Mode.SYSTEM)


@pytest.fixture
def page(qtbot) -> QWidget:
    result = QWidget()
    qtbot.addWidget(result)
    return result


@pytest.fixture
def panel(qtbot, page: QWidget) -> DrawPanel:
    result = DrawPanel()
    result.setFixedWidth(theme.SIDE_COLUMN)
    show(result, points([0, 0, 1]))
    QVBoxLayout(page).addWidget(result)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return result


def points(labels: list[int], **data: Any) -> Experiment:
    raw = {"kind": "points", "x": [[0.0, float(i)] for i in range(len(labels))], "label": labels}
    return Experiment.parse({"data": {**raw, **data}})


def show(panel: DrawPanel, experiment: Experiment) -> None:
    dataset = prepare(experiment)
    panel.show_experiment(experiment, dataset, dataset.points)


def told(spy: QSignalSpy) -> list[tuple[object, ...]]:
    return [tuple(spy.at(index)) for index in range(spy.count())]


def names(panel: DrawPanel) -> list[str]:
    return [row.name() for row in panel.rows]


# Tools --------------------------------------------------------------------------------------------


def test_every_tool_says_what_it_is(panel: DrawPanel) -> None:
    assert list(panel.tools) == list(TOOLS)
    assert len({tool.key for tool in TOOLS.values()}) == len(TOOLS)
    for key, tool in TOOLS.items():
        assert tool.label
        assert tool.help
        assert bool(tool.hint) == ("radius" not in tool.uses), key


def test_a_tool_more_lies_over_no_other_button(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for count in range(3):
        monkeypatch.setitem(TOOLS, f"another {count}", TOOLS["probe"])
        grid = ToolGrid()
        qtbot.addWidget(grid)
        for is_compact in (False, True):
            grid.set_compact(is_compact)
            grid.show()
            boxes = [button.geometry() for button in (*grid.buttons.values(), grid.clear)]
            assert len({(box.x(), box.y()) for box in boxes}) == len(boxes)


@pytest.mark.parametrize("key", TOOLS)
def test_a_tool_has_the_sliders_that_it_uses_and_nothing_jumps(key: str, qtbot, panel) -> None:
    height = panel.sizeHint().height()
    places = [row.mapTo(panel, QPoint()) for row in panel.rows]
    chosen = QSignalSpy(panel.toolChosen)
    panel.show_tool("erase")
    qtbot.mouseClick(panel.tools[key], LEFT)
    uses = TOOLS[key].uses
    assert panel.radius.isVisible() == ("radius" in uses)
    assert panel.density.isVisible() == ("density" in uses)
    assert told(chosen) == [(key,)]
    assert panel.sizeHint().height() == height
    assert [row.mapTo(panel, QPoint()) for row in panel.rows] == places


@pytest.mark.parametrize("is_compact", [False, True])
def test_everything_fits_into_the_column(is_compact: bool, qtbot, panel) -> None:
    panel.set_compact(is_compact)
    QApplication.processEvents()
    area = panel.rect().adjusted(8, 8, -8, -8)
    buttons = [*panel.tools.values(), panel.clear, panel.table]
    boxes = [button.rect().translated(button.mapTo(panel, QPoint())) for button in buttons]
    assert all(area.contains(box) for box in boxes)
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert min(min(box.width(), box.height()) for box in boxes[:-1]) >= 24


def test_a_value_is_chosen_for_surfaces_only(panel: DrawPanel) -> None:
    shown = []
    for generator in ("spiral", "hills", "sine"):
        show(panel, Experiment.parse({"data": {"kind": "generated", "generator": generator}}))
        shown.append(panel.value.isVisible())
    assert shown == [False, True, False]


def test_the_table_is_asked_for(qtbot, panel: DrawPanel) -> None:
    asked = QSignalSpy(panel.tableRequested)
    qtbot.mouseClick(panel.table, LEFT)
    panel.set_compact(True)
    qtbot.keyClick(panel.table, Key.Key_Space)
    assert asked.count() == 2


# Classes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_compact", [False, True])
def test_the_chosen_class_is_cleared(is_compact: bool, qtbot, panel: DrawPanel) -> None:
    panel.set_compact(is_compact)
    button = panel.clear_class_small if is_compact else panel.clear_class
    cleared = QSignalSpy(panel.classClearRequested)
    assert "2 points of Blue" in button.toolTip()
    panel.show_class(1)
    assert button.accessibleName() == "Clear Orange"
    assert "1 point of Orange" in button.toolTip()
    qtbot.mouseClick(button, LEFT)
    assert told(cleared) == [(1,)]
    show(panel, points([0], class_names=["a", "b"]))
    assert not button.isEnabled()
    assert [row.count() for row in panel.rows] == [1, 0]


def open_menu(qtbot, panel: DrawPanel, row: int) -> QMenu:
    place = panel.rows[row].rect().center()
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, place, panel.rows[row].mapToGlobal(place)
    )
    QApplication.sendEvent(panel.rows[row], event)
    qtbot.waitUntil(lambda: bool(panel.rows[row].findChildren(QMenu)))
    return panel.rows[row].findChildren(QMenu)[0]


def test_the_menu_of_a_class_clears_and_renames_it(qtbot, panel: DrawPanel) -> None:
    cleared = QSignalSpy(panel.classClearRequested)
    menu = open_menu(qtbot, panel, 0)
    assert [action.text() for action in menu.actions() if action.text()] == [
        *("Rename", "Colour", "Marker", "Remove its 2 points", "Remove class with its points")
    ]
    next(a for a in menu.actions() if a.text() == "Remove its 2 points").trigger()
    assert told(cleared) == [(0,)]
    menu.actions()[0].trigger()
    assert panel.findChildren(NameEdit)[0].text() == "Blue"
    menu.close()


def by_double_click(qtbot, panel: DrawPanel, row: int) -> None:
    qtbot.mouseDClick(panel.rows[row], LEFT)


def by_key(qtbot, panel: DrawPanel, row: int) -> None:
    panel.rows[row].setFocus()
    qtbot.keyClick(panel.rows[row], Key.Key_F2)


def open_edit(qtbot, panel: DrawPanel, row: int, way: Callable = by_key) -> NameEdit:
    way(qtbot, panel, row)
    edit = panel.findChildren(NameEdit)[-1]
    qtbot.waitUntil(edit.hasFocus)
    return edit


@pytest.mark.parametrize("way", [by_double_click, by_key])
def test_a_class_is_renamed_in_its_place(way: Callable, qtbot, panel: DrawPanel) -> None:
    renamed = QSignalSpy(panel.classRenamed)
    edit = open_edit(qtbot, panel, 1, way)
    assert edit.selectedText() == "Orange"
    row = panel.rows[1]
    assert edit.geometry().contains(row.mapTo(panel, row.rect().center()))
    assert panel.rect().contains(edit.geometry())
    qtbot.keyClicks(edit, "  a   fish ")
    qtbot.keyClick(edit, Key.Key_Return)
    assert told(renamed) == [(1, "a fish")]
    assert not edit.isVisible()
    qtbot.waitUntil(panel.rows[1].hasFocus)
    panel.show_experiment(points([0, 0, 1], class_names=["Blue", "a fish"]))
    assert names(panel) == ["Blue", "a fish"]


@pytest.mark.parametrize("text", ["Orange", "", "   "])
def test_no_name_and_the_old_name_ask_for_nothing(text: str, qtbot, panel: DrawPanel) -> None:
    renamed = QSignalSpy(panel.classRenamed)
    edit = open_edit(qtbot, panel, 1)
    edit.setText(text)
    qtbot.keyClick(edit, Key.Key_Return)
    assert renamed.count() == 0
    assert not edit.isVisible()


def test_escape_keeps_the_old_name(qtbot, panel: DrawPanel) -> None:
    renamed = QSignalSpy(panel.classRenamed)
    edit = open_edit(qtbot, panel, 0)
    qtbot.keyClicks(edit, "fish")
    qtbot.keyClick(edit, Key.Key_Escape)
    assert not edit.isVisible()
    assert renamed.count() == 0


def test_leaving_the_field_takes_the_name(qtbot, panel: DrawPanel) -> None:
    renamed = QSignalSpy(panel.classRenamed)
    edit = open_edit(qtbot, panel, 0)
    qtbot.keyClicks(edit, "fish")
    panel.radius.setFocus()
    assert told(renamed) == [(0, "fish")]
    assert not edit.isVisible()
    assert panel.radius.hasFocus()


def test_a_field_goes_without_a_name_when_its_class_does(qtbot, panel: DrawPanel) -> None:
    renamed = QSignalSpy(panel.classRenamed)
    edit = open_edit(qtbot, panel, 1)
    qtbot.keyClicks(edit, "fish")
    show(panel, points([0, 1, 2]))
    assert not edit.isVisible()
    assert renamed.count() == 0


@pytest.mark.parametrize(
    ("typed", "stored"), [("赤", "Red"), ("オレンジ", None), ("さかな", "さかな")]
)
def test_a_name_of_ours_is_kept_in_english_whatever_the_window_speaks(
    typed: str, stored: str | None, qtbot, panel: DrawPanel
) -> None:
    """So that the class is called Rot in a German window; and 青 and Blue are no two classes."""
    language.use("ja")
    try:
        show(panel, points([0, 0, 1]))
        assert names(panel) == ["青", "オレンジ"]
        renamed = QSignalSpy(panel.classRenamed)
        edit = open_edit(qtbot, panel, 0)
        edit.setText(typed)
        qtbot.keyClick(edit, Key.Key_Return)
        assert told(renamed) == ([] if stored is None else [(0, stored)])
        if stored is not None:
            show(panel, points([0, 0, 1], class_names=[stored, "Orange"]))
            assert names(panel) == [typed, "オレンジ"]
            language.use("en")
            show(panel, points([0, 0, 1], class_names=[stored, "Orange"]))
            assert names(panel) == [stored, "Orange"]
    finally:
        language.use("en")


def test_a_name_that_another_class_has_is_refused(qtbot, panel: DrawPanel) -> None:
    renamed = QSignalSpy(panel.classRenamed)
    edit = open_edit(qtbot, panel, 0)
    qtbot.keyClicks(edit, "Orange")
    qtbot.keyClick(edit, Key.Key_Return)
    assert edit.isVisible()
    assert "Another class is called 'Orange'" in edit.accessibleDescription()
    assert edit.property("refused")
    panel.radius.setFocus()
    assert not edit.isVisible()
    assert renamed.count() == 0


def test_a_long_name_is_cut(qtbot, panel: DrawPanel) -> None:
    renamed = QSignalSpy(panel.classRenamed)
    edit = open_edit(qtbot, panel, 0)
    qtbot.keyClicks(edit, "x" * 60)
    qtbot.keyClick(edit, Key.Key_Return)
    assert told(renamed) == [(0, "x" * LONGEST_NAME)]


def test_letters_and_delete_belong_to_the_field_while_one_writes(qtbot, panel: DrawPanel) -> None:
    """The window's keys for tools and for removing points wait."""
    fired = []
    for key in ("B", "1", "Escape", "Del", "Space"):
        panel.window().addAction(key, key, lambda: fired.append("key"))
    edit = open_edit(qtbot, panel, 0)
    qtbot.keyClicks(edit, "B 1")
    qtbot.keyClick(edit, Key.Key_Delete)
    assert edit.text() == "B 1"
    qtbot.keyClick(edit, Key.Key_Escape)
    assert fired == []
    qtbot.keyClick(panel, "b")
    assert fired == ["key"]
