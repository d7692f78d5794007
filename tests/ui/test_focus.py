"""After typing, Return and Escape give the keyboard back: letters and Space are commands again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.core.network.layers import LAYERS
from playground.ui import language
from playground.ui.data.class_row import NameEdit
from playground.ui.network.editing.editors import LayerEditor, NumberEditor
from playground.ui.session import threads
from playground.ui.session.runner import Activity
from playground.ui.training.value_edit import Bounds, ValueEdit, Word
from playground.ui.widgets import NumberField
from playground.ui.window.main_window import MainWindow
from tests.ui.person import press, write
from tests.ui.whole_window import SMALL, WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key


@pytest.fixture(scope="module")
def _one_window(request: pytest.FixtureRequest) -> Iterator[MainWindow]:
    bot = QtBot(request)
    with open_window(bot) as made:
        yield made
    assert threads.have_ended(), "the window has left a thread"


@pytest.fixture(autouse=True)
def _no_thread_left() -> None:
    """Asked once, at the end: the window outlives its tests, and a run that fails gets another
    thread.
    """


@pytest.fixture
def window(qtbot: QtBot, _one_window: MainWindow) -> Iterator[MainWindow]:
    _one_window.session.replace(Experiment.parse(SMALL))
    qtbot.waitUntil(lambda: _one_window.session.run.snapshot is not None, timeout=WAIT)
    _one_window.activateWindow()
    qtbot.waitUntil(_one_window.isActiveWindow)
    yield _one_window
    _one_window.session.run.pause()
    _one_window.session.undo_stack.setClean()


def fields_of(root: QWidget) -> list[NumberField]:
    """The fields in which somebody who looks at `root` can write a number."""
    return [
        field
        for field in root.findChildren(NumberField)
        if field.isVisible() and field.isEnabled() and field.window() is root.window()
    ]


def other_number(field: NumberField) -> str:
    """Another number that the field takes."""
    value = field.value() + 1 if field.value() + 1 <= field._maximum else field._minimum
    return f"{value:g}"


def assert_keys_command(window: MainWindow, field: QLineEdit) -> None:
    """R resets, Space trains and pauses, and nothing of it is written anywhere."""
    run, text = window.session.run, field.text()
    name = field.accessibleName()
    assert QApplication.focusWidget() is not field, name
    before = run.run_id
    press(Key.Key_R)
    assert run.run_id == before + 1, f"R did not reset after {name}"
    press(Key.Key_Space)
    assert run.activity == Activity.TRAINING, f"Space did not train after {name}"
    press(Key.Key_Space)
    assert run.activity == Activity.PAUSED, name
    assert field.text() == text, name


@pytest.mark.parametrize("end", [Key.Key_Return, Key.Key_Enter, Key.Key_Escape])
def test_every_field_of_the_window_gives_the_keyboard_back(
    qtbot: QtBot, window: MainWindow, end: Qt.Key
) -> None:
    fields = fields_of(window)
    assert {"Learning rate", "Batch size"} <= {field.accessibleName() for field in fields}
    for field in fields:
        before = field.text()
        write(field, other_number(field))
        press(end)
        assert (field.text() == before) == (end == Key.Key_Escape), field.accessibleName()
        assert_keys_command(window, field)


def test_s_steps_after_a_learning_rate(qtbot: QtBot, window: MainWindow) -> None:
    run = window.session.run
    field = window.parts.training.field("training.optimizer.learning_rate").control
    assert isinstance(field, NumberField)
    write(field, "0.1")
    press(Key.Key_Return)
    assert window.session.experiment.training.optimizer.learning_rate == 0.1
    press(Key.Key_R)
    qtbot.waitUntil(lambda: run.snapshot is not None, timeout=WAIT)
    press(Key.Key_S)
    qtbot.waitUntil(lambda: run.snapshot.epoch == 1, timeout=WAIT)
    assert field.text() == "0.1"


def test_a_number_from_the_list_gives_the_keyboard_back(window: MainWindow) -> None:
    for field in fields_of(window):
        if not isinstance(field, ValueEdit) or not field._usual:
            continue
        QTest.mouseClick(field, Qt.MouseButton.LeftButton)
        field.open_menu()
        menu = QApplication.activePopupWidget()
        assert menu is not None
        QTest.keyClick(menu, Key.Key_Down)
        QTest.keyClick(menu, Key.Key_Return)
        assert_keys_command(window, field)


def test_a_refused_entry_keeps_the_keyboard_to_be_corrected(window: MainWindow) -> None:
    field = window.parts.training.field("training.optimizer.learning_rate").control
    assert isinstance(field, NumberField)
    before = field.text()
    write(field, "fast")
    press(Key.Key_Return)
    assert field.hasFocus()
    assert field.text() == "fast"
    press(Key.Key_Escape)
    assert field.text() == before
    assert_keys_command(window, field)


@pytest.mark.parametrize("end", [Key.Key_Return, Key.Key_Escape])
def test_tab_goes_on_from_the_field(window: MainWindow, end: Qt.Key) -> None:
    """Whoever works by keyboard alone does not lose their place."""
    field = window.parts.training.field("training.optimizer.learning_rate").control
    assert isinstance(field, NumberField)
    field.setFocus(Qt.FocusReason.TabFocusReason)
    press(Key.Key_Tab)
    neighbour = QApplication.focusWidget()
    for key, wanted in ((Key.Key_Tab, neighbour), (Key.Key_Backtab, None)):
        field.setFocus(Qt.FocusReason.TabFocusReason)
        press(end)
        press(key)
        there = QApplication.focusWidget()
        assert there is wanted if wanted is not None else there not in (neighbour, field, window)


@pytest.mark.parametrize("end", [Key.Key_Return, Key.Key_Escape])
def test_the_name_of_a_class_gives_the_keyboard_back(window: MainWindow, end: Qt.Key) -> None:
    row = window.parts.draw.rows[0]
    before = row.name()
    QTest.mouseDClick(row, Qt.MouseButton.LeftButton)
    edit = window.parts.draw.findChild(NameEdit)
    assert edit is not None
    QTest.keyClicks(edit, "sky")
    press(end)
    assert window.parts.draw.rows[0].name() == (before if end == Key.Key_Escape else "sky")
    assert_keys_command(window, edit)


@pytest.mark.parametrize("end", [Key.Key_Return, Key.Key_Escape])
def test_a_number_in_the_network_gives_the_keyboard_back(window: MainWindow, end: Qt.Key) -> None:
    editor = NumberEditor(
        window.parts.network.network, "Units", 3, minimum=1, maximum=64, integer=True
    )
    editor.open_at(window.parts.network.network.rect().center())
    QTest.keyClicks(editor.field, "5")
    press(end)
    assert not editor.isVisible()
    assert_keys_command(window, editor.field)


# Panels that float.


def open_more(window: MainWindow) -> QWidget:
    QTest.mouseClick(window.parts.training.more_button, Qt.MouseButton.LeftButton)
    assert window.parts.training.more.isVisible()
    return window.parts.training.more


def open_layer(window: MainWindow) -> QWidget:
    panel = LayerEditor(window.parts.network.network, 0, LAYERS["conv"]())
    panel.open_at(window.parts.network.network.rect().center())
    return panel


@pytest.mark.parametrize("is_written_in", [False, True], ids=["as it was", "written in"])
@pytest.mark.parametrize("open_panel", [open_more, open_layer])
def test_escape_closes_a_panel_from_each_of_its_fields(
    window: MainWindow, open_panel, is_written_in: bool
) -> None:
    count = len(fields_of(open_panel(window)))
    assert count
    press(Key.Key_Escape)
    words = 0
    for number in range(count):
        panel = open_panel(window)
        field = fields_of(panel)[number]
        words += isinstance(field, ValueEdit) and field.shows_word()
        before = window.session.experiment
        field.setFocus(Qt.FocusReason.MouseFocusReason)
        if is_written_in:
            QTest.keyClicks(field, "7")
        press(Key.Key_Escape)
        assert not panel.isVisible(), field.accessibleName()
        assert window.session.experiment == before, field.accessibleName()
    assert words or open_panel is open_layer, "a field that says Never is among them"


def test_keys_command_the_window_from_a_panel_after_return(window: MainWindow) -> None:
    more = open_more(window)
    for field in fields_of(more):
        if not field.isVisible():  # another one took its place
            continue
        write(field, other_number(field))
        press(Key.Key_Return)
        assert more.isVisible()
        assert_keys_command(window, field)
    press(Key.Key_Escape)
    assert not more.isVisible()


@pytest.mark.parametrize("end", [Key.Key_Return, Key.Key_Escape])
def test_the_fields_of_a_comparison_give_the_keyboard_back(
    qtbot: QtBot, window: MainWindow, end: Qt.Key
) -> None:
    comparison = window.windows.open_comparison()
    qtbot.waitUntil(comparison.isActiveWindow)
    QTest.keyClick(comparison.form.race.choice, Key.Key_End)  # any setting: its values are typed
    for field in [*fields_of(comparison), comparison.form.line]:
        before = field.text()
        write(field, "20, 30" if field is comparison.form.line else "20")
        press(end)
        assert QApplication.focusWidget() is comparison, field.accessibleName()
        assert comparison.isVisible(), "Escape in a field closes no window"
        assert (field.text() == before) == (end == Key.Key_Escape), field.accessibleName()
    comparison.close()


@pytest.mark.parametrize("spoken", ["en", "ja"])
def test_return_on_a_word_is_right_in_every_language(qtbot: QtBot, spoken: str) -> None:
    language.use(spoken)
    try:
        edit = ValueEdit(
            "Epochs", Bounds(1, 100, integer=True), usual=(5,), word=Word("Never", None)
        )
        qtbot.addWidget(edit)
        edit.show_word()
        QTest.keyClick(edit, Key.Key_Return)
        assert not edit.message()
        assert edit.shows_word()
        edit.open_menu()
        menu = edit.findChild(QMenu)
        assert menu is not None
        assert menu.actions()[0].text() == edit.text()
        menu.close()
    finally:
        language.use("en")
