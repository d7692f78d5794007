"""A window that was put back is as a new one: so no test hears of the one before it."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from playground.core.lessons.lesson_files import bundled
from playground.ui.look import theme
from playground.ui.widgets import Switch
from playground.ui.window.main_window import MainWindow
from tests.ui.shared_window import WAIT, controls, shared_window, value_of
from tests.ui.whole_window import where

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def picture(window: MainWindow) -> Counter[tuple[object, ...]]:
    """Of every widget on show: what it is and stands in, whether it can be used, where it is, and
    what it says.
    """
    found = Counter[tuple[object, ...]]()
    for widget in window.centralWidget().findChildren(QWidget):
        if widget.isVisible() and widget.window() is window:
            says = widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else ""
            corner, size = widget.mapTo(window, QPoint(0, 0)), widget.size().toTuple()
            # Behind large text Qt leaves a bar of tabs some pixels narrower than it was.
            box = None if isinstance(widget, QTabBar) else (corner.toTuple(), size)
            found[where(widget), widget.isEnabled(), box, says, widget.toolTip()] += 1
    return found


def state(window: MainWindow, first_controls: list[QWidget]) -> dict[str, object]:
    """What is no picture."""
    session, run, canvas = window.session, window.session.run, window.parts.output.canvas
    return {
        "experiment": session.experiment,
        "points": session.points.x.tolist(),
        "file": (session.name, session.path, session.is_modified),
        "undo": session.undo_stack.count(),
        "locked": session.locked,
        "run": (run.activity, run.is_instant, run.speed, len(run.curve)),
        "controls": [value_of(control) for control in first_controls],
        "hand": (window.parts.draw.tool(), window.parts.draw.chosen_class()),
        "seen": (canvas.region.center, canvas.region.extent, len(canvas.selection())),
        "ghost": window.parts.curves.has_ghost(),
        "look": theme.manager().look,
        "lesson": window.parts.lesson.lesson,
        "notice": window.notices.notice.isVisible(),
        "focus": type(QApplication.focusWidget()),
        "menus": [
            (action.text(), action.isEnabled(), action.isChecked())
            for menu in window.menuBar().actions()
            for action in menu.menu().actions()
        ],
    }


def use_everything(qtbot: QtBot, window: MainWindow) -> None:
    """Leave behind as much as a test can."""
    run = window.session.run
    window.guide.start(bundled()[0])
    qtbot.waitUntil(lambda: run.snapshot is not None, timeout=WAIT)
    run.step_epoch()
    qtbot.waitUntil(lambda: len(run.curve) > 1, timeout=WAIT)
    run.reset()
    window.session.locked = ("data.noise",)
    window.session.set_view("hidden", ("features",))
    window.session.set_probes([(1.0, 1.0)])
    window.drawing.choose_tool("probe")
    window.drawing.choose_class(1)
    window.parts.output.canvas.zoom_by(2.0)
    window.windows.open_comparison()
    window.windows.open_points_table()
    window.toggle_presenter()
    window.resize(1280, 720)
    theme.manager().set_mode(theme.Mode.DARK)
    for switch in window.findChildren(Switch):
        switch.click()
    window.parts.curves.tabs.setCurrentIndex(window.parts.curves.tabs.count() - 1)
    window.parts.network.tabs.setCurrentIndex(1)
    QTest.keyClick(window.parts.transport.speed, Qt.Key.Key_Home)
    window.notices.warn("Something went wrong.")
    window.parts.training.setFocus()
    window.parts.training.open_more()


def test_a_window_that_was_put_back_is_as_a_new_one(qtbot: QtBot) -> None:
    with shared_window() as shared:
        window = shared.put_back(qtbot)
        held = controls(window)
        QApplication.processEvents()
        new, shown = state(window, held), picture(window)
        use_everything(qtbot, window)
        QApplication.processEvents()
        used = state(window, held)
        assert [key for key in used if used[key] == new[key]] == []
        shared.put_back(qtbot)
        for _ in range(5):
            QApplication.processEvents()
        now = state(window, held)
        assert {key: now[key] for key in now if now[key] != new[key]} == {}
        assert (picture(window) - shown, shown - picture(window)) == (Counter(), Counter())
