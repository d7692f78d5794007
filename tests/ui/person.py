"""What a person does in the window: keys, menu entries, the pointer on the canvas.

Used by tests that go the person's way instead of calling what lies behind it.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from playground.ui.window.main_window import MainWindow

__all__ = ["GreyError", "choose", "drag_on_canvas", "press", "write"]

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


class GreyError(AssertionError):
    """An entry of a menu is not there, or grey."""


def press(key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """A key goes to whatever has the keyboard."""
    owner = QApplication.focusWidget()
    assert owner is not None, "no window of the program is active"
    QTest.keyClick(owner, key, held)


def write(field: QLineEdit, text: str) -> None:
    """Click into a field and write something else in it."""
    QTest.mouseClick(field, LEFT)
    field.setFocus(Qt.FocusReason.MouseFocusReason)  # off-screen, a click into a panel gives none
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, text)


def choose(window: MainWindow, entry: str) -> None:
    """Choose an entry of the menus, as they are when they are open."""
    for menu in (action.menu() for action in window.menuBar().actions()):
        found = _entry_in(menu, entry)  # type: ignore[arg-type]
        if found is not None:
            found.trigger()
            return
    raise GreyError(f"no menu has an entry {entry!r} that can be chosen now")


def _entry_in(menu: QMenu, entry: str) -> QAction | None:
    menu.aboutToShow.emit()
    try:
        for action in menu.actions():
            inner = action.menu()
            if isinstance(inner, QMenu):
                found = _entry_in(inner, entry) if action.isEnabled() else None
                if found is not None:
                    return found
            elif action.text() == entry and action.isEnabled():
                return action
    finally:
        menu.aboutToHide.emit()
    return None


def drag_on_canvas(
    window: MainWindow, *places: tuple[float, float], held: Qt.KeyboardModifier = NONE
) -> None:
    """Press at the first place of the plane, go to the others, let go at the last."""
    _mouse(window, QEvent.Type.MouseButtonPress, places[0], held)
    for place in places[1:]:
        _mouse(window, QEvent.Type.MouseMove, place, held)
    _mouse(window, QEvent.Type.MouseButtonRelease, places[-1], held)


def _mouse(
    window: MainWindow,
    kind: QEvent.Type,
    place: tuple[float, float],
    held: Qt.KeyboardModifier,
) -> None:
    canvas = window.parts.output.canvas
    at = QPointF(*canvas.region.to_pixels(place, canvas.width(), canvas.height()))
    pressed = Qt.MouseButton.NoButton if kind != QEvent.Type.MouseButtonPress else LEFT
    where = canvas.viewport().mapToGlobal(at)
    event = QMouseEvent(kind, at, where, LEFT, pressed, held)
    QApplication.sendEvent(canvas.viewport(), event)
