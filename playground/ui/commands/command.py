"""A command: what a person can ask the window for, as data.

Menus, the key list, tooltips, the command palette and what a lesson locks are all made from lists
of these. GUI thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtWidgets import QAbstractButton, QWidget

from playground.core.lessons.step_facts import Act
from playground.ui.language import tr

MNEMONIC = re.compile(r"\(&\w\)|&")
"""How a menu says which letter opens it: "&File", or "(&F)" behind a word of another script."""


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Command:
    """One command.

    label       English, as menus and the palette show it
    run         carries it out
    shortcut    a key sequence in Qt's portable form; "" for none
    alias       a second one, which menus do not show
    help        English, for tooltips; the label where it is left out
    detail      what it is about, in no need of translation, such as the path of a file
    is_enabled  False while it would come to nothing
    is_checked  for a command that is a choice: whether it is the one that is made now
    switch      the button that the command is one with; both show the same state
    owner       the widget that the shortcut works in; the whole window where it is left out
    changes     path of the setting that it changes, which a lesson may lock
    act         what a lesson may ask for, and this command does
    says        the text as it is now, where it changes, in the language in use
    """

    label: str
    run: Callable[[], object]
    shortcut: str = ""
    help: str = ""
    alias: str = ""
    detail: str = ""
    is_enabled: Callable[[], bool] = _always
    is_checked: Callable[[], bool] | None = None
    switch: QAbstractButton | None = None
    owner: QWidget | None = None
    changes: str = ""
    act: Act | None = None
    says: Callable[[], str] | None = None

    @property
    def shortcuts(self) -> list[str]:
        """Every key sequence that means this command."""
        return [keys for keys in (self.shortcut, self.alias) if keys]

    def is_locked(self, locked: Iterable[str]) -> bool:
        """True where a lesson keeps what this would change, by the paths that it locks."""
        return bool(self.changes) and is_locked(self.changes, locked)


@dataclass(frozen=True, slots=True, eq=False)
class Menu:
    """A menu of commands in sections; a line stands between two sections.

    sections    asked for each time the menu opens, so that what is listed may change
    is_fixed    False where the entries are not known before the menu opens
    is_enabled  False while there would be nothing in it
    is_repeated True where the same commands stand in another menu, which tells of them
    """

    label: str
    sections: Callable[[], list[list[Command | Menu]]]
    is_fixed: bool = True
    is_enabled: Callable[[], bool] = _always
    is_repeated: bool = False


def is_locked(changes: str, locked: Iterable[str]) -> bool:
    """True where one of the paths in `locked` is the setting at `changes`, or holds it."""
    return any(changes == path or changes.startswith(f"{path}.") for path in locked)


def menu_path(labels: Iterable[str]) -> str:
    """Menus within each other by their labels, in the language in use."""
    return " / ".join(MNEMONIC.sub("", tr(label)) for label in labels)


def commands_in(menu: Menu) -> Iterator[tuple[tuple[str, ...], Command]]:
    """Every command of a menu and its submenus, with the labels of the menus around it."""
    for section in menu.sections():
        for entry in section:
            if isinstance(entry, Command):
                yield (menu.label,), entry
            elif not entry.is_repeated:
                for labels, command in commands_in(entry):
                    yield (menu.label, *labels), command
