"""The menu bar, made from the table of commands. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFocusEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from playground.ui.commands.command import Command, Menu
from playground.ui.language import tr

Entry = tuple[QAction, Command | Menu]


_UNBOUNDED = (1 << 24) - 1
"""What Qt calls no largest height."""


class FoldingMenuBar(QMenuBar):
    """A menu bar that can be away until Alt asks for it.

    It is not hidden, which would take the keys of its commands with it, but without height.
    """

    _is_folded = False

    def fold(self, on: bool) -> None:
        """Be there only while the keyboard is here, or always."""
        self._is_folded = on
        self._fit(is_wanted=self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._fit(is_wanted=True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # A menu of the bar only borrows the keyboard.
        self._fit(is_wanted=event.reason() == Qt.FocusReason.PopupFocusReason)

    def _fit(self, *, is_wanted: bool) -> None:
        self.setMaximumHeight(_UNBOUNDED if is_wanted or not self._is_folded else 0)


class Menus:
    """Fills a menu bar.

    An entry that would come to nothing is grey while its menu is open. Its key acts all the same:
    what is pressed in vain says why.

    Args:
        locked: the paths of settings that a lesson keeps at the moment.
    """

    def __init__(
        self, bar: QMenuBar, menus: Sequence[Menu], locked: Callable[[], Collection[str]]
    ) -> None:
        self._locked = locked
        for menu in menus:
            self._fill(bar.addMenu(tr(menu.label)), menu)

    def _fill(self, shown: QMenu, menu: Menu) -> None:
        """Make the entries, now or each time when the menu opens, and keep their state."""
        shown.setToolTipsVisible(True)
        entries: list[Entry] = []
        if menu.is_fixed:
            self._add_sections(shown, menu, entries)
        else:
            shown.aboutToShow.connect(lambda: self._renew(shown, menu, entries))
        shown.aboutToShow.connect(lambda: self._show_states(entries))
        shown.aboutToHide.connect(lambda: _let_keys_act(entries))

    def _renew(self, shown: QMenu, menu: Menu, entries: list[Entry]) -> None:
        shown.clear()
        entries.clear()
        self._add_sections(shown, menu, entries)

    def _add_sections(self, shown: QMenu, menu: Menu, entries: list[Entry]) -> None:
        for index, section in enumerate(menu.sections()):
            if index:
                shown.addSeparator()
            for entry in section:
                if isinstance(entry, Command):
                    entries.append((_add_command(shown, entry), entry))
                else:
                    inner = shown.addMenu(tr(entry.label))
                    self._fill(inner, entry)
                    entries.append((inner.menuAction(), entry))

    def _show_states(self, entries: Sequence[Entry]) -> None:
        for action, entry in entries:
            is_locked = isinstance(entry, Command) and entry.is_locked(self._locked())
            action.setEnabled(entry.is_enabled() and not is_locked)
            if isinstance(entry, Command):
                _show_state(action, entry)


def _add_command(shown: QMenu, command: Command) -> QAction:
    action = shown.addAction(tr(command.label))
    action.setToolTip(command.detail or tr(command.help or command.label))
    action.setShortcuts([QKeySequence(keys) for keys in command.shortcuts])
    if command.owner is not None:
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        command.owner.addAction(action)
    if command.switch is not None:
        action.setCheckable(True)
        action.setChecked(command.switch.isChecked())
        # Not `triggered`, which PySide would connect in its form without the new state.
        action.toggled.connect(command.switch.setChecked)
        command.switch.toggled.connect(action.setChecked)
    else:
        action.setCheckable(command.is_checked is not None)
        action.triggered.connect(lambda: command.run())
    return action


def _show_state(action: QAction, command: Command) -> None:
    if command.says is not None:
        action.setText(command.says())
    if command.is_checked is not None:
        action.setChecked(command.is_checked())


def _let_keys_act(entries: Sequence[Entry]) -> None:
    for action, _ in entries:
        action.setEnabled(True)
