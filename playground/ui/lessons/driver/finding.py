"""Finds the parts of the window by what they are called, as a person who reads a lesson does.

A name is that of the English window, or the one in the language of the window. Reads widgets and
changes none; GUI thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenuBar,
    QTabBar,
    QWidget,
)

from playground.core.errors import PlaygroundError, nearest
from playground.core.lessons.solution import PANEL_BUTTONS
from playground.core.messages import Message
from playground.ui.commands.network_menu import ADDING
from playground.ui.language import code, tr
from playground.ui.widgets import Slider, Switch

CONTROLS = (QComboBox, QLineEdit, Slider, Switch)
_MEANINGS = ("curves", "points", "schedule", "values", "view")
"""Contexts of words that the window shows in more than one meaning: "Rate" is a tab and a field."""

_MNEMONIC = re.compile(r"\(&.\)")

Found = TypeVar("Found")


class Obstacle(PlaygroundError):
    """Something that a lesson names is not there, or cannot be used now."""


def spoken(label: str) -> list[str]:
    """What a person reads where the English window says `label`: translated, and as it is."""
    own = PANEL_BUTTONS.get(label)
    said = [own.said(code())] if own is not None else []
    said += [tr(text) for text in ADDING.values() if text == label]
    # A menu's name has an underlined letter; what a catalogue lacks stays as it is.
    meant = [Message(label, context=meaning) for meaning in _MEANINGS]
    said += [tr(text) for text in (f"&{label}", label, f"{label}…", *meant) if tr(text) != text]
    return list(dict.fromkeys(_plain(text) for text in (*said, label)))


def is_called(text: str, label: str) -> bool:
    """True where a text of the window is what a lesson calls `label`."""
    return _plain(text) in spoken(label)


def _plain(text: str) -> str:
    """A text without what Qt's menus add: the underlined letter, the key, the dots."""
    text = _MNEMONIC.sub("", text).replace("&", "").partition("\t")[0]
    return text.strip().rstrip("…").strip()


def on_screen(kind: type[Found]) -> Iterator[Found]:
    """The visible widgets of a kind: in an open popup first, then in the active window."""
    popup, active = QApplication.activePopupWidget(), QApplication.activeWindow()
    others = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    roots = [root for root in (popup, active, *others) if root is not None]
    for root in dict.fromkeys(roots):
        for widget in (root, *root.findChildren(QWidget)):
            if isinstance(widget, kind) and widget.isVisible():
                yield widget


def control(label: str) -> QWidget:
    """The field, list, switch or track with this name. Raises Obstacle."""
    return _named(on_screen(QWidget), label, "control", lambda widget: isinstance(widget, CONTROLS))


def button(label: str) -> QAbstractButton:
    """The button with this name. Raises Obstacle."""
    return _named(on_screen(QAbstractButton), label, "button", lambda widget: True)


def _named(
    widgets: Iterable[Found], label: str, what: str, is_one: Callable[[Found], bool]
) -> Found:
    known: dict[str, Found] = {}
    for widget in widgets:
        if is_one(widget):
            known.setdefault(_name_of(widget), widget)
    for name, widget in known.items():
        if is_called(name, label):
            if not widget.isEnabled():  # type: ignore[attr-defined]
                raise Obstacle(f"the {what} '{label}' cannot be used now.")
            return widget
    raise Obstacle(f"there is no {what} '{label}' on the screen.{_near(label, known)}")


def _name_of(widget: object) -> str:
    """What a screen reader says; a track adds its value, "Speed: max"."""
    assert isinstance(widget, QWidget)
    name = widget.accessibleName()
    return name.partition(":")[0] if isinstance(widget, Slider) else name


def tab(label: str) -> tuple[QTabBar, int]:
    """A row of tabs, and which of them it is. Raises Obstacle."""
    known: dict[str, tuple[QTabBar, int]] = {}
    for bar in on_screen(QTabBar):
        for index in range(bar.count()):
            if bar.isTabVisible(index):
                known.setdefault(bar.tabText(index), (bar, index))
    for name, place in known.items():
        if is_called(name, label):
            return place
    raise Obstacle(f"there is no tab '{label}' on the screen.{_near(label, known)}")


def action_in(actions: Sequence[QAction], label: str) -> QAction:
    """The entry of a menu or of the menu bar. Raises Obstacle."""
    for action in actions:
        if action.isVisible() and is_called(action.text(), label):
            if not action.isEnabled():
                raise Obstacle(f"the entry '{label}' of the menu cannot be chosen now.")
            return action
    known = [_plain(action.text()) for action in actions if action.text()]
    raise Obstacle(f"there is no entry '{label}' in the menu.{_near(label, known)}")


def index_in(choices: QComboBox, label: str) -> int:
    """Which of the entries of a list it is. Raises Obstacle."""
    known = [choices.itemText(index) for index in range(choices.count())]
    for index, text in enumerate(known):
        if is_called(text, label):
            return index
    raise Obstacle(
        f"'{label}' is not in the list '{choices.accessibleName()}'. {nearest(label, known)}"
    )


def menu_bar() -> QMenuBar:
    """The menu bar of the window. Raises Obstacle."""
    for bar in on_screen(QMenuBar):
        return bar
    raise Obstacle("there is no menu on the screen.")


def _near(label: str, known: Iterable[str]) -> str:
    """A name that is close, where there is one; all of them would be a long list."""
    found = nearest(label, known)
    return f" {found}" if "mean" in found else ""
