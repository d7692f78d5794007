"""The hand: keys, clicks and drags, as events of the windowing system.

They arrive where those of a person would: the pointer at what lies there, keys at what has the
focus. GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from playground.ui.lessons.driver.finding import Obstacle

LEFT = Qt.MouseButton.LeftButton
NOTHING = Qt.KeyboardModifier.NoModifier


def press_key(keys: str) -> None:
    """Press a key such as "S" or "Shift+S" on whatever has the focus."""
    sequence = QKeySequence.fromString(keys, QKeySequence.SequenceFormat.PortableText)
    combination = sequence[0]  # type: ignore[index]  # missing in PySide's stubs
    QTest.keyClick(_keyboard_target(), combination.key(), combination.keyboardModifiers())


def type_text(text: str) -> None:
    """Type into whatever has the focus."""
    QTest.keyClicks(_keyboard_target(), text)


def _keyboard_target() -> QWidget:
    popup = QApplication.activePopupWidget()
    if popup is not None:
        return popup.focusWidget() or popup
    target = QApplication.focusWidget() or QApplication.activeWindow()
    if target is None:
        raise Obstacle("no window has the keyboard.")
    return target


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """Click on a widget: in its middle, or at one of its points."""
    window, place = _place(widget, at)
    QTest.mouseMove(window, place)
    QTest.mouseClick(window, LEFT, NOTHING, place)


def drag(widget: QWidget, path: Sequence[QPoint]) -> None:
    """Press at the first point of a widget, move along the others, and let go at the last."""
    window, place = _place(widget, path[0])
    QTest.mouseMove(window, place)
    QTest.mousePress(window, LEFT, NOTHING, place)
    for at in path[1:]:
        place = widget.mapTo(widget.window(), at)
        QTest.mouseMove(window, place)
    QTest.mouseRelease(window, LEFT, NOTHING, place)


def _place(widget: QWidget, at: QPoint | None) -> tuple[QWindow, QPoint]:
    """The system's window of a widget, and a point in it at which the widget can be touched."""
    _scroll_to(widget)
    _leave_popups_but(widget.window())
    point = widget.rect().center() if at is None else at
    top = widget.window()
    place = widget.mapTo(top, point)
    touched = top.childAt(place) or top
    if touched is not widget and not widget.isAncestorOf(touched):
        raise Obstacle(f"'{widget.accessibleName()}' is covered, or out of sight.")
    window = top.windowHandle()
    assert window is not None, "what is on the screen has a window"
    return window, place


def _scroll_to(widget: QWidget) -> None:
    """What a wheel does for what lies further down."""
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, QScrollArea):
            inside = QRect(widget.mapTo(parent, QPoint()), widget.size())
            if not parent.viewport().rect().contains(inside):
                parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


def close_popups() -> None:
    """Put away panels and menus that float over the window, with Escape."""
    _leave_popups_but(None)


def _leave_popups_but(window: QWidget | None) -> None:
    for _ in range(5):
        popup = QApplication.activePopupWidget()
        if popup is None or popup is window:
            return
        press_key("Escape")
    raise Obstacle("what floats over the window does not close with Escape.")
