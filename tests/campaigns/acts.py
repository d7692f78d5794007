"""What a monkey can do to the window: one random event after another, as hands and keys would.

Runs on the GUI thread of the process of the campaign. Each act gets the random numbers and says in
a few words what it did.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMessageBox, QPushButton, QWidget
from shiboken6 import Shiboken

from playground.ui.window.main_window import MainWindow

__all__ = ["Acts"]

KEYS = (
    *"abcdghimprstxyz0123456789.,-+",
    *("Space", "Return", "Escape", "Tab", "Shift+Tab", "Backspace", "Del", "Up", "Down", "Left"),
    *("Right", "Home", "End", "PgUp", "PgDown", "F1", "F5", "F11", "Shift+F1", "Shift+S"),
    *("Ctrl+Z", "Ctrl+Y", "Ctrl+A", "Ctrl+D", "Ctrl+V", "Ctrl+C", "Ctrl+L", "Ctrl+Shift+L"),
    *(
        "Ctrl+K",
        "Ctrl+Shift+C",
        "Ctrl+N",
        "Ctrl+O",
        "Ctrl+S",
        "Ctrl+Shift+S",
        "Ctrl+Shift+R",
        "Ctrl+0",
        "Ctrl+=",
    ),
    *("Ctrl+-", "Ctrl+Backspace", "Shift+Up", "Shift+Left", "Alt+F", "Ctrl+W"),
)
TEXTS = (
    "", "1", "0.03", "-7", "1e9", "nan", "abc", "学習", "1,2\n3,4\n", "playground:not a link",
    "a\tb\tlabel\n1\t2\tx\n3\t4\ty\n", "\U0001f600" * 3, "\ud800,\n1,", "x" * 3_000,
)  # fmt: skip
BUTTONS = (Qt.MouseButton.LeftButton,) * 8 + (
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)
MODIFIERS = (Qt.KeyboardModifier.NoModifier,) * 6 + (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Acts:
    """Everything that can be done, and how often each is."""

    def __init__(self, chance: random.Random, files: list[Path]) -> None:
        self.chance, self.files = chance, files
        self._kinds: list[Callable[[], str]] = []
        for act, weight in (
            (self.click, 30),
            (self.press_key, 20),
            (self.drag, 12),
            (self.turn_wheel, 6),
            (self.double_click, 5),
            (self.type_number, 6),
            (self.hover, 5),
            (self.resize, 2),
            (self.close_a_window, 2),
        ):
            self._kinds += [act] * weight
        self._kinds_in_main = list(self._kinds)
        for act, weight in (
            (self.take_menu_entry, 14),
            (self.drop, 3),
            (self.paste, 2),
            (self.paint, 6),
            (self.train, 6),
        ):
            self._kinds_in_main += [act] * weight

    def one(self) -> str:
        """Do something, first of all with what has the floor."""
        popup = QApplication.activePopupWidget()
        if isinstance(popup, QMenu) and self.chance.random() < 0.9:
            return self._answer_menu(popup)
        modal = QApplication.activeModalWidget()
        if modal is None:
            return self.chance.choice(self._kinds_in_main)()
        if isinstance(modal, QDialog) and self.chance.random() < 0.4:
            return self._answer_dialog(modal)
        return self.chance.choice(self._kinds)()  # Qt lets no one into the windows behind it

    def main_windows(self) -> list[MainWindow]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]

    # What has the floor.

    def _answer_menu(self, menu: QMenu) -> str:
        actions = [a for a in menu.actions() if self._may_take(a) and a.menu() is None]
        if not actions or self.chance.random() < 0.4:
            QTest.keyClick(menu, Qt.Key.Key_Escape)
            return f"Escape in {_name(menu)}"
        action = self.chance.choice(actions)
        said = f"menu entry {action.text()!r} by pointer"
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
        return said

    def _answer_dialog(self, dialog: QDialog) -> str:
        buttons = [b for b in dialog.findChildren(QPushButton) if b.isVisible() and b.isEnabled()]
        if not buttons or self.chance.random() < 0.2:
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            return f"Escape in {_name(dialog)}"
        button = self.chance.choice(buttons)
        said = f"button {button.text()!r} of {_name(dialog)}"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        return said

    # Pointer.

    def click(self) -> str:
        widget = self._widget()
        at, button, held = self._place(widget), self._of(BUTTONS), self._of(MODIFIERS)
        said = f"click {button.name} {held.name} at {_xy(at)} of {_name(widget)}"
        QTest.mouseClick(widget, button, held, at)
        return said

    def double_click(self) -> str:
        widget = self._widget()
        at = self._place(widget)
        said = f"double click at {_xy(at)} of {_name(widget)}"
        QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, pos=at)
        return said

    def drag(self) -> str:
        return self._drag_on(self._widget())

    def paint(self) -> str:
        """On the canvas, which is a small part of all there is."""
        return self._drag_on(self._main().parts.output.canvas)

    def _drag_on(self, widget: QWidget) -> str:
        button, held = self._of(BUTTONS), self._of(MODIFIERS)
        places = [self._place(widget) for _ in range(self.chance.randint(2, 6))]
        said = (
            f"drag {button.name} {held.name} over {', '.join(map(_xy, places))} of {_name(widget)}"
        )
        QTest.mousePress(widget, button, held, places[0])
        for place in places[1:]:
            if Shiboken.isValid(widget):
                _move(widget, place, button, held)
        if Shiboken.isValid(widget):
            QTest.mouseRelease(widget, button, held, places[-1])
        return said

    def hover(self) -> str:
        widget = self._widget()
        at = self._place(widget)
        said = f"pointer to {_xy(at)} of {_name(widget)}"
        _move(widget, at, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)
        return said

    def turn_wheel(self) -> str:
        widget = self._widget()
        at, held = self._place(widget), self._of(MODIFIERS)
        delta = self.chance.choice((-480, -120, 120, 480))
        said = f"wheel {delta} {held.name} at {_xy(at)} of {_name(widget)}"
        event = QWheelEvent(
            QPointF(at),
            QPointF(widget.mapToGlobal(at)),
            QPoint(),
            QPoint(0, delta),
            Qt.MouseButton.NoButton,
            held,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)
        return said

    # Keys.

    def press_key(self) -> str:
        keys = self.chance.choice(KEYS)
        target = QApplication.focusWidget() or self._window()
        said = f"key {keys} to {_name(target)}"
        QTest.keySequence(target, QKeySequence(keys))
        return said

    def type_number(self) -> str:
        target = QApplication.focusWidget() or self._window()
        text = self.chance.choice(("3", "0.1", "-1", "1e-9", "250", "99999999", "abc", ""))
        said = f"types {text!r} and Return into {_name(target)}"
        QTest.keyClick(target, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        for sign in f"{text}\r":
            # A cell that opens with the first sign gets the others; each is done with before the
            # next comes, as from a keyboard.
            QTest.keyClicks(QApplication.focusWidget() or self._window(), sign)
            QApplication.sendPostedEvents()
        return said

    def train(self) -> str:
        window = self._main()
        keys = self.chance.choice(("Space", "I", "R", "S", "Shift+S", "Ctrl+Shift+C", "Ctrl+Z"))
        QTest.keySequence(window.parts.output.canvas, QKeySequence(keys))
        return f"key {keys} to the canvas"

    # Menus and windows.

    def take_menu_entry(self) -> str:
        """An entry of a menu as by its key; each menu is as likely as another."""
        window = self._main()
        menus = [a.menu() for a in window.menuBar().actions() if a.menu() is not None]
        menu = self.chance.choice(menus)
        while True:
            menu.aboutToShow.emit()
            actions = [a for a in menu.actions() if self._may_take(a)]
            if not actions:
                return f"nothing to take in {menu.title()!r}"
            action = self.chance.choice(actions)
            if action.menu() is None:
                said = f"menu entry {menu.title()!r} > {action.text()!r}"
                action.trigger()
                return said
            menu = action.menu()

    def _may_take(self, action: QAction) -> bool:
        """Leaving is another act, which is rarer."""
        if action.isSeparator() or not action.isEnabled():
            return False
        return action.shortcut() != QKeySequence("Ctrl+Q")

    def drop(self) -> str:
        window, mime = self._main(), QMimeData()
        if self.chance.random() < 0.8:
            paths = self.chance.sample(self.files, 1 if self.chance.random() < 0.9 else 2)
            mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
            said = f"drops {', '.join(path.name for path in paths)}"
        else:
            mime.setText(self.chance.choice(TEXTS))
            said = "drops a text"
        at, do = QPoint(300, 300), Qt.DropAction.CopyAction
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        entering = QDragEnterEvent(at, do, mime, left, none)
        QApplication.sendEvent(window, entering)
        if entering.isAccepted():
            QApplication.sendEvent(window, QDropEvent(QPointF(at), do, mime, left, none))
        return said

    def paste(self) -> str:
        text = self.chance.choice(TEXTS)
        QApplication.clipboard().setText(text)
        QTest.keySequence(self._main(), QKeySequence("Ctrl+V"))
        return f"pastes {text[:30]!r}"

    def resize(self) -> str:
        window = self._window()
        width, height = self.chance.randint(200, 2_400), self.chance.randint(150, 1_500)
        window.resize(width, height)
        return f"resizes {_name(window)} to {width} x {height}"

    def close_a_window(self) -> str:
        modal = QApplication.activeModalWidget()
        others = [w for w in self._windows() if not isinstance(w, MainWindow)]
        if modal is not None:
            window = modal
        elif others and self.chance.random() < 0.8:
            window = self.chance.choice(others)
        else:
            window = self._main()
        said = f"closes {_name(window)}"
        window.close()
        return said

    # Where.

    def _windows(self) -> list[QWidget]:
        return sorted((w for w in QApplication.topLevelWidgets() if w.isVisible()), key=_name)

    def _window(self) -> QWidget:
        modal = QApplication.activeModalWidget()
        return modal or self.chance.choice(self._windows() or [self._main()])

    def _main(self) -> MainWindow:
        windows = self.main_windows()
        return next((w for w in windows if w.isVisible()), windows[-1])

    def _widget(self) -> QWidget:
        """Any widget that can be seen and used, in a window that is not held back by another."""
        window = self._window()
        widgets = [window, *(w for w in window.findChildren(QWidget) if _can_be_met(w))]
        return self.chance.choice(widgets)

    def _place(self, widget: QWidget) -> QPoint:
        width, height = max(1, widget.width()), max(1, widget.height())
        return QPoint(self.chance.randrange(width), self.chance.randrange(height))

    def _of(self, choices: tuple) -> object:  # type: ignore[type-arg]
        return self.chance.choice(choices)


def _can_be_met(widget: QWidget) -> bool:
    """Dangerous are only the buttons of a box that asks, which are answered elsewhere."""
    return widget.isVisible() and widget.isEnabled() and not isinstance(widget, QMessageBox)


def _move(widget: QWidget, at: QPoint, button: Qt.MouseButton, held: Qt.KeyboardModifier) -> None:
    """QTest moves without a button."""
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(widget.mapToGlobal(at)),
        Qt.MouseButton.NoButton, button, held,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def _name(widget: QWidget) -> str:
    said = widget.accessibleName() or widget.windowTitle() or widget.objectName()
    return f"{type(widget).__name__}({said})"


def _xy(place: QPoint) -> str:
    return f"({place.x()}, {place.y()})"
