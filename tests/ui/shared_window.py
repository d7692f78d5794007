"""One window for many tests: before each of them it is put back to how a new one is.

To make a window and its first picture is most of what many a test costs. `test_shared_window.py`
compares a window that was put back with a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.ui import language
from playground.ui.app import make_application, make_window
from playground.ui.look import theme
from playground.ui.widgets import Choice, Slider, Switch
from playground.ui.window.arrangement import FIRST_SIZE
from playground.ui.window.main_window import MainWindow
from tests.ui.whole_window import train

WAIT = 60_000

_OF_DOCUMENT = {"DataPanel", "PlaneChooser", "MoreSettings", "TrainingPanel"}
"""What shows the experiment; another one puts it back."""


class SharedWindow:
    """A window on show, and how its controls stand at first."""

    def __init__(self) -> None:
        make_application()
        language.use("en")
        self.window = make_window()
        self.window.session.start()
        self.window.show()
        self._first = {control: value_of(control) for control in controls(self.window)}

    @contextmanager
    def lent(self, qtbot: QtBot, raw: dict[str, Any] | None = None) -> Iterator[MainWindow]:
        """The window, put back, for one test; behind it no thread is left.

        raw  an experiment that has been trained to its end then, as in `open_window`
        """
        try:
            window = self.put_back(qtbot)
            if raw is not None:
                window.session.replace(Experiment.parse(raw))
                train(qtbot, window)
            yield window
        finally:
            self._close_what_is_open()
            self.window.session.run.close()

    def put_back(self, qtbot: QtBot) -> MainWindow:
        """The window with a new document, and with everything as it was at first.

        What a test has made itself, such as a dialog, it has closed.
        """
        window = self.window
        language.use("en")
        self._close_what_is_open()
        run = window.session.run
        run.pause()
        run.set_instant(False)
        for control, value in self._first.items():
            _set(control, value)
        theme.manager().set_mode(theme.Mode.SYSTEM)
        window.session.locked = ()
        window.session.replace(Experiment())
        window.resize(*FIRST_SIZE)
        qtbot.waitUntil(lambda: run.snapshot is not None, timeout=WAIT)
        self._forget()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
        return window

    def _close_what_is_open(self) -> None:
        window, parts = self.window, self.window.parts
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        window.windows.close()
        parts.output.probe_table.close()
        if parts.lesson.lesson is not None:
            parts.lesson.leave.click()
        if window.arrangement.is_presenting:
            window.toggle_presenter()

    def _forget(self) -> None:
        """What outlives a document, because a person would want it to."""
        window, parts = self.window, self.window.parts
        window.notices.hide()
        window.drawing.choose_tool("brush")
        window.drawing.choose_class(0)
        parts.curves.forget()
        parts.output.canvas.dismiss_ghost()
        parts.output.canvas.reset_view()
        parts.output.canvas.setFocus()

    def close(self) -> None:
        self.window.session.replace(Experiment())  # nothing is left that closing would ask about
        self.window.close()
        self.window.deleteLater()


@contextmanager
def shared_window() -> Iterator[SharedWindow]:
    """For a fixture that lives as long as its module."""
    shared = SharedWindow()
    try:
        yield shared
    finally:
        shared.close()


def controls(window: QWidget) -> list[QWidget]:
    """Tabs, switches, choices and sliders that stand in no document."""
    kinds = (QTabBar, Switch, Choice, Slider)
    found = [widget for kind in kinds for widget in window.findChildren(kind)]
    return [widget for widget in found if not _OF_DOCUMENT & _kinds_above(widget)]


def value_of(control: QWidget) -> object:
    """Which tab or entry, on or off, where a slider stands."""
    if isinstance(control, QTabBar):
        return control.currentIndex()
    if isinstance(control, Switch):
        return control.isChecked()
    if isinstance(control, Choice):
        return control.key()
    assert isinstance(control, Slider)
    return control.value()


def _set(control: QWidget, value: object) -> None:
    """As by hand, where it stands otherwise."""
    if value_of(control) == value:
        return
    if isinstance(control, QTabBar):
        control.setCurrentIndex(value)
    elif isinstance(control, Switch):
        control.setChecked(value)
    elif isinstance(control, Choice):
        control.setCurrentIndex(control.findData(value))
        control.activated.emit(control.currentIndex())
    elif isinstance(control, Slider):
        control.set_value(value)
        control.valueChanged.emit(value)
        control.valueCommitted.emit(value)


def _kinds_above(widget: QObject) -> set[str]:
    """The classes that a widget stands in."""
    kinds, above = set(), widget.parent()
    while above is not None:
        kinds.add(type(above).__name__)
        above = above.parent()
    return kinds
