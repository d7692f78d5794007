"""The table of commands, and what is made of it: menus, key list, palette, locks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from playground.core.lessons.step_facts import Act
from playground.ui.commands.command import commands_in
from playground.ui.commands.command_palette import CommandPalette, Entry, matching
from playground.ui.commands.key_list import KeyList, keys_by_group
from playground.ui.training.fields import Field
from playground.ui.window.main_window import MainWindow
from tests.ui.person import press
from tests.ui.shared_window import SharedWindow, shared_window
from tests.ui.whole_window import SMALL, WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def _shared() -> Iterator[SharedWindow]:
    with shared_window() as shared:
        yield shared


@pytest.fixture
def window(qtbot: QtBot, _shared: SharedWindow) -> Iterator[MainWindow]:
    with _shared.lent(qtbot, SMALL) as made:
        yield made


def palette_of(qtbot: QtBot, window: MainWindow) -> CommandPalette:
    """The palette, opened by its key."""
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    window.parts.output.canvas.setFocus()
    press(Key.Key_K, CTRL)
    qtbot.waitUntil(lambda: bool(window.findChildren(CommandPalette)), timeout=WAIT)
    palette = window.findChildren(CommandPalette)[-1]
    qtbot.waitUntil(lambda: QApplication.focusWidget() is palette.field, timeout=WAIT)
    return palette


def find(qtbot: QtBot, window: MainWindow, words: str) -> CommandPalette:
    palette = palette_of(qtbot, window)
    if words.isascii():
        QTest.keyClicks(palette.field, words)
    else:
        palette.field.insert(words)  # as an input method does
    return palette


def menu_of(window: MainWindow, *labels: str) -> QMenu:
    """A menu, opened as a person opens it, menu by menu."""
    menus: list[QAction] = window.menuBar().actions()
    for label in labels:
        action = next(one for one in menus if one.text().replace("&", "") == label)
        menu = action.menu()
        assert isinstance(menu, QMenu)
        menu.aboutToShow.emit()
        menus = menu.actions()
    return menu


def entry_of(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == text)


# Return does it.


def test_batch_norm_and_return_adds_the_layer(qtbot: QtBot, window: MainWindow) -> None:
    before = len(window.session.experiment.model.layers)
    palette = find(qtbot, window, "batch norm")
    QTest.keyClick(palette.field, Key.Key_Return)
    layers = window.session.experiment.model.layers
    assert [layer.kind for layer in layers[before:]] == ["batch_norm"]
    assert palette.isHidden()


@pytest.mark.parametrize("path", ["training.optimizer.learning_rate", "training.batch_size"])
def test_a_setting_gets_the_keyboard(qtbot: QtBot, window: MainWindow, path: str) -> None:
    field = window.parts.training.fields[path]
    palette = find(qtbot, window, field.caption)
    QTest.keyClick(palette.field, Key.Key_Return)
    qtbot.waitUntil(lambda: field.isAncestorOf(QApplication.focusWidget()), timeout=WAIT)


def test_a_setting_of_more_is_opened(qtbot: QtBot, window: MainWindow) -> None:
    palette = find(qtbot, window, "precision")
    QTest.keyClick(palette.field, Key.Key_Return)
    more = window.parts.training.more
    qtbot.waitUntil(more.isVisible, timeout=WAIT)
    focused = QApplication.focusWidget()
    assert any(field.isAncestorOf(focused) for field in more.findChildren(Field))
    more.close()


def test_a_value_of_a_setting_is_set(qtbot: QtBot, window: MainWindow) -> None:
    palette = find(qtbot, window, "optimizer rmsprop")
    QTest.keyClick(palette.field, Key.Key_Return)
    assert window.session.experiment.training.optimizer.kind == "rmsprop"
    assert window.parts.training.fields["training.optimizer.kind"].shown_value() == "rmsprop"


def test_the_arrows_choose_and_escape_leaves(qtbot: QtBot, window: MainWindow) -> None:
    palette = find(qtbot, window, "add")
    for _ in range(2):
        QTest.keyClick(palette.field, Key.Key_Down)
    assert palette.list.currentIndex().row() == 2
    before = window.session.experiment
    QTest.keyClick(palette.field, Key.Key_Escape)
    qtbot.waitUntil(lambda: not palette.isVisible(), timeout=WAIT)
    assert window.session.experiment is before


def test_nothing_found_and_return_does_nothing(qtbot: QtBot, window: MainWindow) -> None:
    before = window.session.experiment
    palette = find(qtbot, window, "qwertz")
    assert palette.list.topLevelItemCount() == 0
    QTest.keyClick(palette.field, Key.Key_Return)
    assert window.session.experiment is before
    QTest.keyClick(palette.field, Key.Key_Escape)


def test_what_a_lesson_locks_cannot_be_chosen(qtbot: QtBot, window: MainWindow) -> None:
    window.session.locked = ("model.layers", "training.optimizer")
    for words in ("batch norm", "optimizer rmsprop"):
        palette = find(qtbot, window, words)
        before = window.session.experiment
        QTest.keyClick(palette.field, Key.Key_Return)
        assert window.session.experiment is before
        assert palette.isVisible()
        QTest.keyClick(palette.field, Key.Key_Escape)


def test_it_finds_in_both_languages(qtbot: QtBot) -> None:
    with open_window(qtbot, "ja") as window:
        window.activateWindow()
        for words in ("バッチ正規化", "batch norm"):
            before = len(window.session.experiment.model.layers)
            palette = find(qtbot, window, words)
            QTest.keyClick(palette.field, Key.Key_Return)
            added = window.session.experiment.model.layers[before:]
            assert [layer.kind for layer in added] == ["batch_norm"], words


WORDS = st.text(st.sampled_from("abc é"), min_size=1, max_size=6)


@given(st.lists(WORDS, max_size=8), WORDS)
def test_matching_keeps_what_has_every_word_and_nothing_else(labels: list[str], query: str) -> None:
    entries = [Entry(label, "", "", "", str) for label in labels]
    found = matching(entries, query)

    def plain(text: str) -> list[str]:
        return text.replace("é", "e").split()

    def has_all(entry: Entry) -> bool:
        return all(any(p.startswith(w) for p in plain(entry.text)) for w in plain(query))

    if query.isascii():
        assert {id(entry) for entry in found} == {id(e) for e in entries if has_all(e)}


# One table.


def test_every_command_of_the_table_is_in_the_menus_with_its_key(window: MainWindow) -> None:
    for menu in window.menus:
        for labels, command in commands_in(menu):
            if "Open recent" in labels:
                continue
            shown = menu_of(window, *(label.replace("&", "") for label in labels))
            action = entry_of(shown, command.says() if command.says else command.label)
            assert action.shortcuts() == [QKeySequence(keys) for keys in command.shortcuts]
            assert action.toolTip(), command.label


def test_the_key_list_has_every_key_of_the_window(window: MainWindow) -> None:
    press(Key.Key_F1)
    shown = window.findChildren(KeyList)[0]
    text = shown.text.toPlainText()
    for action in window.findChildren(QAction):
        for shortcut in action.shortcuts():
            keys = shortcut.toString(QKeySequence.SequenceFormat.NativeText)
            assert keys in text, keys
    for name in keys_by_group(window.menus):
        assert name in text
    shown.close()


def test_every_act_that_a_menu_can_do_is_one_that_lessons_know(window: MainWindow) -> None:
    acts = {command.act for menu in window.menus for _, command in commands_in(menu) if command.act}
    assert acts <= set(get_args(Act))
    by_pointer = {"paint", "ghost", "see_layers", "copy_code", "see_augmentation", "draw_digit"}
    assert set(get_args(Act)) - acts == by_pointer


def test_locks_name_settings_that_exist(window: MainWindow) -> None:
    plain = window.session.experiment.plain()
    for menu in window.menus:
        for _, command in commands_in(menu):
            place = plain
            for part in filter(None, command.changes.split(".")):
                place = place[part]


# Grey now.


def test_entries_that_would_come_to_nothing_are_grey(window: MainWindow) -> None:
    session = window.session
    edit, network = ("Edit",), ("Network",)
    assert not entry_of(menu_of(window, *edit), "Delete the selection").isEnabled()
    window.parts.output.canvas.select_all()
    assert entry_of(menu_of(window, *edit), "Delete the selection").isEnabled()
    assert entry_of(menu_of(window, *network), "Remove the last layer").isEnabled()
    while session.experiment.model.layers:
        session.remove_layer(0)
    assert not entry_of(menu_of(window, *network), "Remove the last layer").isEnabled()
    classes = menu_of(window, "Data", "Class").actions()
    assert [action.isEnabled() for action in classes] == [True] * 2 + [False] * 8
    assert not entry_of(menu_of(window, "View", "Curves"), "Fit").isEnabled()
    assert entry_of(menu_of(window, "View", "Curves"), "Accuracy").isEnabled()


def test_what_a_lesson_locks_is_grey_and_its_key_says_why(window: MainWindow) -> None:
    window.session.locked = ("data",)
    menu = menu_of(window, "Data")
    assert not entry_of(menu, "Clear all points").isEnabled()
    menu.aboutToHide.emit()
    window.parts.output.canvas.setFocus()
    press(Key.Key_Backspace, CTRL)
    assert "keeps 'data'" in window.notices.notice.text()


def test_choices_are_marked_as_they_are_now(window: MainWindow) -> None:
    window.session.set_view("grid", 200)
    menu = menu_of(window, "View", "Map detail")
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["200 × 200"]
