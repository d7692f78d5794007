"""Acts of a lesson: each counts in every way in which it can be done, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson import Lesson
from playground.core.lessons.step_facts import Act
from playground.engines.contract.run_control import State
from playground.engines.weights_file import save_weights
from playground.ui.window.main_window import MainWindow
from tests.ui.person import GreyError, choose, drag_on_canvas, press, write
from tests.ui.whole_window import WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

POINTS: dict[str, Any] = {
    "data": {"kind": "generated", "generator": "circle", "samples": 40},
    "training": {"engine": "numpy", "epochs": 100, "batch_size": 8},
}
IMAGES: dict[str, Any] = {
    "data": {"kind": "digits"},
    "model": {"layers": [{"kind": "linear", "units": 4}]},
    "training": {"batch_size": 500, "augmentation": {"rotation": 10.0}},
}
VECTORS: dict[str, Any] = {
    "data": {"kind": "vectors", "rows": 20},
    "model": {"layers": []},
    "training": {"engine": "numpy", "loss": "sse", "batch_size": "full"},
}
LESSON = Lesson.parse(
    {
        "key": "acts",
        "title": "Everything that can be done",
        "experiments": {"points": POINTS},
        "steps": [
            {"text": "Do it.", "goals": [{"kind": "act", "act": act} for act in get_args(Act)]},
            {"text": "Nothing more.", "goals": [{"kind": "act", "act": "step_batch", "times": 2}]},
        ],
    }
)


@pytest.fixture(scope="module")
def _one_window(request: pytest.FixtureRequest) -> Iterator[MainWindow]:
    with open_window(QtBot(request)) as made:
        yield made


@pytest.fixture
def window(qtbot: QtBot, _one_window: MainWindow) -> Iterator[MainWindow]:
    _one_window.activateWindow()
    qtbot.waitUntil(_one_window.isActiveWindow)
    yield _one_window
    run = _one_window.session.run
    run.pause()
    run.set_instant(False)
    _one_window.drawing.choose_tool("brush")
    _one_window.parts.curves.tabs.setCurrentIndex(0)
    _one_window.parts.network.tabs.setCurrentIndex(0)
    _one_window.session.locked = ()


def begin(qtbot: QtBot, window: MainWindow, raw: dict[str, Any] = POINTS) -> None:
    """Open an experiment, and then the lesson beside it."""
    session = window.session
    session.replace(Experiment.parse(raw))
    qtbot.waitUntil(
        lambda: session.dataset is not None and session.run.snapshot is not None, timeout=WAIT
    )
    session.undo_stack.setClean()
    window.guide.resume(LESSON)
    window.setFocus()


def done(window: MainWindow) -> set[str]:
    """The acts that were counted."""
    return {
        act
        for act, is_done in zip(get_args(Act), window.parts.lesson.reached(0), strict=True)
        if is_done
    }


def canvas_key(window: MainWindow, *keys: Qt.Key, held: Qt.KeyboardModifier) -> None:
    window.parts.output.canvas.setFocus()
    press(Key.Key_A, CONTROL)
    for key in keys:
        press(key, held)
    window.setFocus()


def with_tool(window: MainWindow, key: Qt.Key, *places: tuple[float, float]) -> None:
    """Choose a tool by its letter, and drag it over the canvas."""
    press(key)
    drag_on_canvas(window, *places)


def first_point(window: MainWindow) -> tuple[float, float]:
    x, y = window.session.points.x[~window.session.points.held_out][0]
    return float(x), float(y)


def change_a_cell(window: MainWindow) -> None:
    window.windows.open_points_table()
    table = window.windows.points_table
    assert table is not None
    table.model.setData(table.model.index(0, 0), "1.5", Qt.ItemDataRole.EditRole)
    table.close()


def add_a_row(window: MainWindow) -> None:
    window.windows.open_points_table()
    table = window.windows.points_table
    assert table is not None
    QTest.mouseClick(table.add, LEFT)
    table.close()


def remove_a_row(window: MainWindow) -> None:
    window.windows.open_points_table()
    table = window.windows.points_table
    assert table is not None
    table.view.selectRow(0)
    QTest.mouseClick(table.remove, LEFT)
    table.close()


def click_tab(window: MainWindow, page: Any) -> None:
    tabs = window.parts.curves.tabs
    QTest.mouseClick(tabs.tabBar(), LEFT, pos=tabs.tabBar().tabRect(tabs.indexOf(page)).center())


def walk_to_tab(window: MainWindow, page: Any) -> None:
    """By the arrow keys of the tabs."""
    tabs = window.parts.curves.tabs
    tabs.tabBar().setFocus()
    for _ in range(tabs.count()):
        if tabs.currentWidget() is page:
            break
        press(Key.Key_Right)
    window.setFocus()


def copy_by_keys(window: MainWindow) -> None:
    text = window.parts.curves.code.text
    text.setFocus()
    press(Key.Key_A, CONTROL)
    press(Key.Key_C, CONTROL)
    window.setFocus()


def copy_by_menu(window: MainWindow) -> None:
    text = window.parts.curves.code.text
    text.selectAll()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(text.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    copy = next(action for action in menu.actions() if action.objectName() == "edit-copy")
    copy.trigger()
    menu.close()


def open_layers_by_key(window: MainWindow) -> None:
    window.parts.network.tabs.setFocus()
    press(Key.Key_Right)
    window.setFocus()


def open_layers_by_pointer(window: MainWindow) -> None:
    tabs = window.parts.network.tabs
    QTest.mouseClick(tabs, LEFT, pos=tabs.tabRect(1).center())


def draw_by_pointer(window: MainWindow) -> None:
    pad = window.parts.images.pad
    QTest.mousePress(pad, LEFT, pos=QPoint(40, 40))
    QTest.mouseMove(pad, QPoint(70, 70))
    QTest.mouseRelease(pad, LEFT, pos=QPoint(70, 70))


def draw_by_keys(window: MainWindow) -> None:
    window.parts.images.pad.setFocus()
    press(Key.Key_Right, SHIFT)
    window.setFocus()


Way = Callable[[MainWindow], object]
WAYS: dict[str, dict[str, Way]] = {
    "paint": {
        "brush": lambda w: with_tool(w, Key.Key_B, (3.0, 3.0)),
        "single point": lambda w: with_tool(w, Key.Key_U, (3.0, -3.0)),
        "double by key": lambda w: canvas_key(w, Key.Key_D, held=CONTROL),
        "row in the table": add_a_row,
    },
    "erase": {
        "eraser": lambda w: with_tool(w, Key.Key_E, (-5.0, -5.0), first_point(w)),
        "key": lambda w: canvas_key(w, Key.Key_Delete, held=Qt.KeyboardModifier.NoModifier),
        "clear by key": lambda w: press(Key.Key_Backspace, CONTROL),
        "clear by menu": lambda w: choose(w, "Clear all points"),
        "clear by button": lambda w: w.parts.draw.clear.click(),
        "clear a class": lambda w: w.parts.draw.clear_class.click(),
        "row in the table": remove_a_row,
    },
    "move": {
        "pointer": lambda w: with_tool(w, Key.Key_V, first_point(w), (4.0, 4.0), (4.5, 4.5)),
        "key": lambda w: canvas_key(w, Key.Key_Up, held=Qt.KeyboardModifier.NoModifier),
        "cell of the table": change_a_cell,
    },
    "instant": {
        "key": lambda w: press(Key.Key_I),
        "menu": lambda w: choose(w, "Instant"),
        "switch": lambda w: w.parts.transport.instant.click(),
    },
    "new_start": {
        "key": lambda w: press(Key.Key_R, CONTROL | SHIFT),
        "menu": lambda w: choose(w, "New start"),
        "button": lambda w: w.parts.transport.new_start.click(),
    },
    "step_batch": {
        "key": lambda w: press(Key.Key_S, SHIFT),
        "menu": lambda w: choose(w, "Step one batch"),
        "button": lambda w: w.parts.transport.step_batch.click(),
    },
    "step_epoch": {
        "key": lambda w: press(Key.Key_S),
        "menu": lambda w: choose(w, "Step one epoch"),
        "button": lambda w: w.parts.transport.step_epoch.click(),
    },
    "see_layers": {"pointer": open_layers_by_pointer, "key": open_layers_by_key},
    "see_code": {
        "menu": lambda w: choose(w, "Code"),
        "pointer": lambda w: click_tab(w, w.parts.curves.code),
    },
}
for _act, _page in (
    ("see_accuracy", "accuracy"),
    ("see_rate", "rate"),
    ("see_classes", "classes"),
    ("see_weights", "weights"),
):
    WAYS[_act] = {"pointer": lambda w, page=_page: click_tab(w, getattr(w.parts.curves, page))}
CASES = [(act, name) for act, ways in WAYS.items() for name in ways]


@pytest.mark.parametrize(("act", "name"), CASES, ids=lambda value: str(value).replace(" ", "-"))
def test_an_act_counts_however_it_is_done(
    qtbot: QtBot, window: MainWindow, act: str, name: str
) -> None:
    begin(qtbot, window)
    assert done(window) == set()
    WAYS[act][name](window)
    qtbot.waitUntil(lambda: act in done(window), timeout=WAIT)
    assert done(window) == {act}


def test_pages_that_keys_come_to_count(qtbot: QtBot, window: MainWindow) -> None:
    begin(qtbot, window)
    walk_to_tab(window, window.parts.curves.code)
    assert {"see_accuracy", "see_rate", "see_classes", "see_weights", "see_code"} == done(window)


@pytest.mark.parametrize("act", ["see_code", "see_layers"])
def test_what_is_in_front_already_counts_when_it_is_asked_for(
    qtbot: QtBot, window: MainWindow, act: str
) -> None:
    window.parts.curves.tabs.setCurrentWidget(window.parts.curves.code)
    window.parts.network.tabs.setCurrentIndex(1)
    for way in WAYS[act].values():
        if way is open_layers_by_key:  # there is no way on from the last tab
            continue
        begin(qtbot, window)
        assert done(window) == set()
        way(window)
        assert done(window) == {act}


@pytest.mark.parametrize(
    "copy",
    [lambda w: w.parts.curves.code.copy_button.click(), copy_by_keys, copy_by_menu],
    ids=["button", "keys", "menu"],
)
def test_the_code_is_copied(
    qtbot: QtBot, window: MainWindow, copy: Callable[[MainWindow], None]
) -> None:
    window.parts.curves.tabs.setCurrentWidget(window.parts.curves.code)
    begin(qtbot, window)
    copy(window)
    assert done(window) == {"copy_code"}
    assert QGuiApplication.clipboard().text().strip() == window.parts.curves.code.script.strip()


def test_a_word_of_the_code_is_not_the_code(qtbot: QtBot, window: MainWindow) -> None:
    window.parts.curves.tabs.setCurrentWidget(window.parts.curves.code)
    begin(qtbot, window)
    text = window.parts.curves.code.text
    text.verticalScrollBar().setValue(0)
    QTest.mouseDClick(text.viewport(), LEFT, pos=QPoint(60, 12))  # on a word of the first line
    text.setFocus()
    assert text.textCursor().selectedText() not in ("", window.parts.curves.code.script)
    press(Key.Key_C, CONTROL)
    assert done(window) == set()


def test_what_is_done_with_images(qtbot: QtBot, window: MainWindow) -> None:
    begin(qtbot, window, IMAGES)
    for draw in (draw_by_pointer, draw_by_keys):
        window.guide.resume(LESSON)
        draw(window)
        assert done(window) == {"draw_digit"}
    # What lies on the pad is drawn by nobody when other images come.
    other = {**IMAGES, "data": {"kind": "digits", "seed": 3}}
    assert not window.parts.images.pad.is_empty
    begin(qtbot, window, other)
    assert done(window) == set()
    QTest.mouseClick(window.parts.images.augmented, LEFT)
    assert done(window) == {"see_augmentation"}
    window.parts.images.pad.clear()
    window.parts.images.augmented.setChecked(False)


def test_the_comparison_of_gradients_counts(qtbot: QtBot, window: MainWindow) -> None:
    begin(qtbot, window, VECTORS)
    click_tab(window, window.parts.curves.by_hand)
    assert done(window) == {"see_gradients"}
    # Other data have no such page; whichever comes to the front in its place was not asked for.
    begin(qtbot, window, POINTS)
    assert done(window) == set()


# Files.


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What is chosen in the dialogs for files."""
    chosen: dict[str, str] = {}
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: (chosen["file"], ""))
    return chosen


def test_saving_and_opening_count_when_a_file_was_written_or_read(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, answers: dict[str, str]
) -> None:
    begin(qtbot, window)
    project, network = tmp_path / "mine.playground.json", tmp_path / "mine.safetensors"

    def after(entry: str, file: Path | str) -> set[str]:
        qtbot.waitUntil(lambda: window.session.run.snapshot is not None, timeout=WAIT)
        window.guide.resume(LESSON)
        answers["file"] = str(file)
        choose(window, entry)
        return done(window)

    assert after("Save as…", "") == set()
    assert after("Save as…", project) == {"save"}
    assert after("Save", "") == {"save"}
    assert after("Save the trained network…", "") == set()
    assert after("Save the trained network…", network) == {"save"}
    assert after("Load a trained network…", "") == set()
    assert after("Load a trained network…", network) == {"open"}
    assert after("Open…", "") == set()
    assert after("Open…", project) == {"open"}
    assert after("Open…", network) == {"open"}
    assert window.parts.lesson.lesson is LESSON, "the step asked for a file"
    window.guide.resume(LESSON)
    choose(window, project.name)  # among those that were opened before
    assert done(window) == {"open"}


def test_what_fails_counts_for_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, answers: dict[str, str]
) -> None:
    begin(qtbot, window)
    other = tmp_path / "other.safetensors"
    save_weights({"0.weight": np.zeros((1, 1), np.float32)}, other)
    broken = tmp_path / "broken.playground.json"
    broken.write_text("{", encoding="utf-8")
    for entry, file in (("Load a trained network…", other), ("Open…", broken)):
        answers["file"] = str(file)
        choose(window, entry)
        assert window.notices.notice.isVisible(), entry
    assert done(window) == set()


# What counts for nothing.


def test_refused_edits_count_for_nothing(qtbot: QtBot, window: MainWindow) -> None:
    begin(qtbot, window)
    window.session.locked = ("data", "training.seed")
    before = window.session.experiment
    for act in ("paint", "erase", "move", "new_start"):
        for name, way in WAYS[act].items():
            with suppress(GreyError):  # an entry that is grey is one way less to refuse
                way(window)
            assert window.session.experiment == before, (act, name)
    assert done(window) == set()


def test_only_the_hand_paints(qtbot: QtBot, window: MainWindow) -> None:
    """Undo, another data set and another share of test points are not drawn by anybody."""
    session = window.session
    begin(qtbot, window)
    with_tool(window, Key.Key_B, (3.0, 3.0), (4.0, 3.0))
    window.guide.resume(LESSON)
    session.undo_stack.undo()
    session.undo_stack.redo()
    window.parts.data.gallery.buttons["spiral"].click()
    session.set_value("data.samples", 60)
    session.set_value("data.test_ratio", 0.3)
    assert done(window) == set()


def test_steps_that_come_to_nothing_do_not_count(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    begin(qtbot, window)
    choose(window, "Clear all points")
    qtbot.waitUntil(
        lambda: session.run.snapshot is not None and session.run.snapshot.state == State.BLOCKED,
        timeout=WAIT,
    )
    window.guide.resume(LESSON)
    for key in (Key.Key_S, Key.Key_S):
        press(key)
        press(key, SHIFT)
    session.undo_stack.undo()
    qtbot.waitUntil(lambda: session.run.snapshot.state == State.PAUSED, timeout=WAIT)
    assert session.run.snapshot.step == 0
    assert done(window) == set()


def test_each_of_several_steps_counts_once(qtbot: QtBot, window: MainWindow) -> None:
    begin(qtbot, window)
    window.parts.lesson.next.click()
    press(Key.Key_S, SHIFT)
    qtbot.waitUntil(lambda: window.session.run.snapshot.step == 1, timeout=WAIT)
    assert window.parts.lesson.reached() == (False,)
    press(Key.Key_S, SHIFT)
    qtbot.waitUntil(lambda: window.session.run.snapshot.step == 2, timeout=WAIT)
    assert window.parts.lesson.reached() == (True,)


def test_what_was_done_before_a_step_counts_for_nothing(qtbot: QtBot, window: MainWindow) -> None:
    """Train, and then only turn the page and go back to the start: nobody trained twice."""
    run = window.session.run
    begin(qtbot, window)
    press(Key.Key_S)
    press(Key.Key_S)
    qtbot.waitUntil(lambda: run.snapshot is not None and run.snapshot.epoch == 2, timeout=WAIT)
    window.guide.resume(LESSON)
    press(Key.Key_R)
    qtbot.waitUntil(lambda: run.snapshot is not None, timeout=WAIT)
    press(Key.Key_S)
    qtbot.waitUntil(lambda: run.snapshot is not None and run.snapshot.epoch == 1, timeout=WAIT)
    assert done(window) == {"step_epoch"}


def test_a_stroke_moves_once(qtbot: QtBot, window: MainWindow) -> None:
    twice = Lesson.parse(
        {
            **LESSON.plain(),
            "steps": [{"text": "Move.", "goals": [{"kind": "act", "act": "move", "times": 2}]}],
        }
    )
    begin(qtbot, window)
    window.guide.resume(twice)
    with_tool(window, Key.Key_V, first_point(window), (4.0, 4.0), (4.2, 4.2), (4.4, 4.4))
    assert window.parts.lesson.reached() == (False,)
    with_tool(window, Key.Key_V, (4.4, 4.4), (3.0, 3.0))
    assert window.parts.lesson.reached() == (True,)


def train(qtbot: QtBot, window: MainWindow) -> None:
    """Two epochs from the start, by keys."""
    run = window.session.run
    press(Key.Key_R)
    press(Key.Key_S)
    press(Key.Key_S)
    qtbot.waitUntil(lambda: run.snapshot is not None and run.snapshot.epoch == 2, timeout=WAIT)


def test_a_second_training_has_a_ghost(qtbot: QtBot, window: MainWindow) -> None:
    begin(qtbot, window)
    train(qtbot, window)
    assert done(window) == {"step_epoch"}
    train(qtbot, window)
    assert done(window) == {"step_epoch", "ghost"}


def test_a_second_training_in_instant_has_a_ghost(qtbot: QtBot, window: MainWindow) -> None:
    run = window.session.run
    begin(qtbot, window)
    press(Key.Key_I)
    qtbot.waitUntil(
        lambda: run.snapshot is not None and run.snapshot.state == State.REACHED, timeout=WAIT
    )
    assert done(window) == {"instant"}
    before = run.snapshot.origin
    write(window.parts.training.field("training.optimizer.learning_rate").control, "0.05")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: run.snapshot.origin != before, timeout=WAIT)
    assert done(window) == {"instant", "ghost"}
