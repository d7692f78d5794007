"""What was closed is gone: no window, no connection and no thread of it is left."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from playground.ui import app, language
from playground.ui.compare import CompareWindow
from playground.ui.compare.window import Phase
from playground.ui.session import threads
from playground.ui.window.main_window import MainWindow
from tests.ui.going import goes

WAIT = 60_000

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def place(qtbot: QtBot) -> Iterator[app._Place]:
    app.make_application()
    language.use("en")
    made = app.make_place()
    made.window.session.start()
    made.window.show()
    try:
        qtbot.waitUntil(lambda: made.window.session.run.snapshot is not None, timeout=WAIT)
        yield made
    finally:
        made.window.session.undo_stack.setClean()
        made.window.close()
        made.end()
        made.window.deleteLater()
        language.use("en")


def choose(window: MainWindow, menu: str, entry: str) -> None:
    """Take an entry of a menu, or of a menu in it."""
    for action in window.menuBar().actions():
        if action.text() == menu:
            found = [a for a in _entries(action) if a.text() == entry]
            found[0].trigger()
            return
    raise AssertionError(f"there is no menu {menu}")


def _entries(action: QAction) -> Iterator[QAction]:
    yield action
    if action.menu() is not None:
        for inner in action.menu().actions():  # type: ignore[attr-defined]
            yield from _entries(inner)


def compare_windows() -> list[CompareWindow]:
    return [w for w in Shiboken.getAllValidWrappers() if isinstance(w, CompareWindow)]


def test_a_comparison_that_was_closed_is_gone(qtbot: QtBot, place: app._Place) -> None:
    window = place.window
    about_to_quit = QApplication.instance().receivers("2aboutToQuit()")  # type: ignore[union-attr]
    for _ in range(3):
        choose(window, "&Train", "Compare…")
        comparison = window.windows.comparison
        assert comparison is not None
        qtbot.waitUntil(lambda: QApplication.activeWindow() is comparison, timeout=WAIT)  # noqa: B023
        qtbot.mouseClick(comparison.start_button, Qt.MouseButton.LeftButton)
        assert comparison.phase == Phase.RACING
        with goes(qtbot, comparison):
            qtbot.keyClick(comparison, Qt.Key.Key_Escape)
        assert window.windows.comparison is None
    assert compare_windows() == []
    assert QApplication.instance().receivers("2aboutToQuit()") == about_to_quit  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: len(threads.running()) == 1, timeout=WAIT)  # the window's own


def test_another_comparison_takes_the_place_of_the_one_before(
    qtbot: QtBot, place: app._Place
) -> None:
    choose(place.window, "&Train", "Compare…")
    first = place.window.windows.comparison
    assert first is not None
    with goes(qtbot, first):
        choose(place.window, "&Train", "Compare…")
    assert compare_windows() == [place.window.windows.comparison]


def test_a_window_is_gone_after_a_change_of_language_though_it_was_set_aside(
    qtbot: QtBot, place: app._Place
) -> None:
    """Importing torch sets aside all there is, the first window included."""
    gc.freeze()
    windows = []
    for entry in ("日本語", "English"):
        windows.append(weakref.ref(place.window))
        menu = {"日本語": "&View", "English": "表示(&V)"}[entry]
        choose(place.window, menu, entry)
        qtbot.waitUntil(lambda: all(window() is None for window in windows), timeout=WAIT)
    assert place.window.isVisible()
