"""Whoever uses the keyboard, a screen reader or a tooltip meets no control without a word."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from re import sub

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction, QKeySequence
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from playground.ui.app import make_application
from playground.ui.curves.confusion import ConfusionTable
from playground.ui.curves.heat import HeatPlot
from playground.ui.network.view import NetworkView
from playground.ui.output.images.grid import ImageGrid
from playground.ui.widgets import Chip, Slider, Switch
from tests.ui.whole_window import everything, open_window, where, within

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CONTROLS = (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QAbstractSpinBox,
    QTabBar,
    Slider,
    Switch,
    Chip,
)
FEW_WORDS = 2
MOST_STEPS = 400


@pytest.fixture
def roots(qtbot: QtBot) -> Iterator[list[QWidget]]:
    with open_window(qtbot) as window, everything(qtbot, window) as opened:
        yield opened


def is_of_qt(widget: QWidget) -> bool:
    """Parts that Qt makes inside its own widgets, such as the list of a combo box."""
    parent = widget.parentWidget()
    in_combo_box = parent is not None and isinstance(parent.parentWidget(), QComboBox)
    scrolls_tabs = isinstance(parent, QTabBar) and isinstance(widget, QToolButton)
    return widget.objectName().startswith("qt_") or in_combo_box or scrolls_tabs


def words(widget: QWidget) -> list[str]:
    tips = [widget.toolTip()]
    if isinstance(widget, QTabBar):
        tips += [widget.tabToolTip(index) for index in range(widget.count())]
    return sub(r"<[^>]*>", " ", unescape(" ".join(tips))).split()


def test_whatever_takes_the_focus_has_a_name(roots: list[QWidget]) -> None:
    nameless = {
        where(widget)
        for widget in within(roots)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.focusProxy() is None
        and not is_of_qt(widget)
        and not widget.accessibleName().strip()
    }
    assert not nameless, "\n".join(sorted(nameless))


def test_every_control_has_a_tooltip_that_says_something(roots: list[QWidget]) -> None:
    silent = {
        where(widget)
        for widget in within(roots)
        if isinstance(widget, CONTROLS)
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not is_of_qt(widget)
        and len(words(widget)) < FEW_WORDS
    }
    assert not silent, "\n".join(sorted(silent))


def test_every_control_and_plot_explains_itself(roots: list[QWidget]) -> None:
    mute = {
        where(widget)
        for widget in within(roots)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.isWindow()
        and not is_of_qt(widget)
        and widget.focusProxy() is None
        and not _explained(widget)
    }
    assert not mute, "\n".join(sorted(mute))


def role_of(widget: QWidget) -> QAccessible.Role:
    return QAccessible.queryAccessibleInterface(widget).role()


def test_a_screen_reader_reads_and_moves_a_slider(qtbot: QtBot) -> None:
    slider = Slider("Noise", 0, 50, 5, step=5, text=lambda value: f"{value:g} %")
    qtbot.addWidget(slider)
    changed, committed = QSignalSpy(slider.valueChanged), QSignalSpy(slider.valueCommitted)
    spoken = QAccessible.queryAccessibleInterface(slider)
    assert spoken.role() == QAccessible.Role.Slider
    assert spoken.text(QAccessible.Text.Name) == "Noise: 5 %"
    value = spoken.valueInterface()
    assert (value.minimumValue(), value.currentValue(), value.maximumValue()) == (0, 1, 10)
    value.setCurrentValue(4)
    assert slider.value() == 20
    assert spoken.text(QAccessible.Text.Name) == "Noise: 20 %"
    for spy in (changed, committed):
        assert [spy.at(index) for index in range(spy.count())] == [[20.0]]
    slider.set_value(35)
    assert value.currentValue() == 7
    assert changed.count() == committed.count() == 1


def test_every_control_has_a_role(roots: list[QWidget]) -> None:
    mute = {
        where(widget)
        for widget in within(roots)
        if isinstance(widget, CONTROLS) and role_of(widget) == QAccessible.Role.Client
    }
    assert not mute, "\n".join(sorted(mute))


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (NetworkView, QAccessible.Role.Graphic),
        (ConfusionTable, QAccessible.Role.Table),
        (ImageGrid, QAccessible.Role.List),
        (HeatPlot, QAccessible.Role.Chart),
    ],
)
def test_what_paints_itself_has_a_role_and_a_name(
    qtbot: QtBot, kind: type[QWidget], role: QAccessible.Role
) -> None:
    make_application()
    widget = kind()
    qtbot.addWidget(widget)
    spoken = QAccessible.queryAccessibleInterface(widget)
    assert spoken.role() == role
    assert spoken.text(QAccessible.Text.Name) == widget.accessibleName() != ""


def _explained(widget: QWidget | None) -> bool:
    """What's This asks a widget, and then those around it."""
    while widget is not None:
        if widget.whatsThis():
            return True
        widget = None if widget.isWindow() else widget.parentWidget()
    return False


def wants_tab(widget: QWidget) -> bool:
    """True where the Tab key alone should lead; the arrow keys lead on inside a group."""
    reachable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
    if not reachable or not widget.isVisible() or not widget.isEnabled() or is_of_qt(widget):
        return False
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    in_group = group is not None and group.exclusive()
    return not in_group or widget.isChecked()


def test_tab_reaches_everything_in_the_window(qtbot: QtBot) -> None:
    with open_window(qtbot) as window:
        window.resize(1440, 900)
        window.activateWindow()
        wanted = {id(w): w for w in within([window]) if wants_tab(w) and w.window() is window}
        wanted.pop(id(window), None)
        for _ in range(MOST_STEPS):
            focused = QApplication.focusWidget()
            if focused is not None:
                wanted.pop(id(focused), None)
            if not wanted:
                break
            QTest.keyClick(focused or window, Qt.Key.Key_Tab)
        assert not wanted, "\n".join(sorted(map(where, wanted.values())))


def test_a_question_mark_opens_its_explanation_by_keyboard(qtbot: QtBot) -> None:
    with open_window(qtbot) as window:
        mark = window.parts.network.findChild(QWidget, "question")
        assert mark is not None
        mark.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(mark, Qt.Key.Key_Space)
        popover = QApplication.activePopupWidget()
        assert popover is not None
        assert "neurons" in popover.accessibleDescription()
        QTest.keyClick(popover, Qt.Key.Key_Escape)
        assert QApplication.activePopupWidget() is None


def test_what_is_this_has_a_key(qtbot: QtBot) -> None:
    with open_window(qtbot) as window:
        keys = [action.shortcut() for action in window.findChildren(QAction)]
        assert QKeySequence("Shift+F1") in keys


def test_item_views_say_which_cell_is_current(roots: list[QWidget]) -> None:
    for widget in within(roots):
        is_header = isinstance(widget, QHeaderView)
        if isinstance(widget, QAbstractItemView) and not is_header and not is_of_qt(widget):
            assert widget.accessibleName(), where(widget)
