"""The command palette: type a part of a name, and Return does it.

Finds commands, settings and their values, in the language of the window and in English. GUI thread.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from playground.ui.commands.command import Menu, commands_in, is_locked, menu_path
from playground.ui.commands.setting_finder import FoundSetting
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets import describe, wrapped
from playground.ui.widgets.layouts import vbox

WIDTH, HEIGHT = 640, 380
LISTED_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A line of the palette.

    text     what it is, in the language in use
    english  the same in English
    also     other words by which it is found, such as its help
    where    the menu or the area that it stands in
    keys     its shortcut
    """

    text: str
    english: str
    also: str
    where: str
    run: Callable[[], object]
    keys: str = ""
    is_enabled: bool = True


def matching(entries: Iterable[Entry], query: str) -> list[Entry]:
    """The entries in which every word of the query begins some word; the closest come first."""
    words = _folded(query).split()
    ranked = [(rank, entry) for entry in entries if (rank := _rank(entry, words)) is not None]
    return [entry for _, entry in sorted(ranked, key=lambda found: found[0])]


def _rank(entry: Entry, words: Sequence[str]) -> tuple[int, int, int] | None:
    """Lower is closer: in the name before in other words, whole before begun; None for no match.

    Without words all are as close, and stay in the order of the menus.
    """
    if not words:
        return 0, 0, 0
    for text in map(_folded, (entry.text, entry.english)):
        if all(_begins_in(word, text) for word in words):
            return 0, int(not entry.is_enabled), len(text.split()) - len(words)
    everything = _folded(f"{entry.text} {entry.english} {entry.also} {entry.where}")
    if all(_begins_in(word, everything) for word in words):
        return 1, int(not entry.is_enabled), 0
    return None


def _begins_in(word: str, text: str) -> bool:
    """True where a word of `text` begins so; of text without blanks any part counts."""
    if not word.isascii():
        return word in text
    return any(part.startswith(word) for part in text.split())


def _folded(text: str) -> str:
    """Without case, accents and signs, so that "don't care" is easy to type."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign if sign.isalnum() else " " for sign in plain if not _is_accent(sign))


def _is_accent(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn" and ord(sign) < 0x3000


class CommandPalette(QDialog):
    """A field over a list of what it finds; goes away with Escape or a click elsewhere.

    Args:
        locked: the paths of settings that a lesson keeps as they are.
    """

    def __init__(
        self,
        menus: Sequence[Menu],
        settings: Sequence[FoundSetting],
        locked: Collection[str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self._owner = parent
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Find a command"))
        self._entries = [*_of_menus(menus, locked), *_of_settings(settings, locked)]
        self.field = QLineEdit()
        self.field.setAcceptDrops(False)  # a file is for the window, which opens it
        self.field.setPlaceholderText(tr("Command, setting or layer"))
        describe(self.field, "Find a command", "Type a part of its name; Return does it.")
        self.list = self._make_list()
        self.field.textChanged.connect(self._find)
        self.field.installEventFilter(self)
        self.list.itemActivated.connect(self._run)
        self.list.itemClicked.connect(self._run)
        vbox(self.field, (self.list, 1), of=self, spacing=None, margins=theme.GAP)
        self.list.ensurePolished()  # before Qt measures the first line, which all others are like
        self._find("")

    def open_over(self, window: QWidget) -> None:
        """Open in the upper middle of a window."""
        self.setFixedSize(
            min(theme.scaled(WIDTH), window.width()), min(theme.scaled(HEIGHT), window.height())
        )
        corner = QPoint((window.width() - self.width()) // 2, window.height() // 8)
        self.move(window.mapToGlobal(corner))
        self.show()
        self.activateWindow()
        self.field.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def _make_list(self) -> QTreeWidget:
        found = QTreeWidget()
        describe(found, "What was found")
        found.setColumnCount(3)
        found.setHeaderHidden(True)
        found.setRootIsDecorated(False)
        found.setUniformRowHeights(True)
        found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        found.header().setStretchLastSection(False)
        found.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            mode = QHeaderView.ResizeMode.ResizeToContents
            found.header().setSectionResizeMode(column, mode)
        return found

    @Slot(str)
    def _find(self, query: str) -> None:
        self.list.clear()
        self._found = matching(self._entries, query)
        for entry in self._found:
            item = QTreeWidgetItem([entry.text, entry.where, entry.keys])
            item.setToolTip(0, wrapped(entry.also))
            item.setForeground(1, theme.current().muted)
            item.setDisabled(not entry.is_enabled)
            self.list.addTopLevelItem(item)
        if self._found:
            self.list.setCurrentItem(self.list.topLevelItem(0))  # type: ignore[arg-type]

    @Slot()
    def _run(self) -> None:
        """Close first: what is done may want the keyboard, or open a window of its own."""
        index = self.list.currentIndex().row()
        if index >= 0 and self._found[index].is_enabled:
            self.reject()
            self._found[index].run()

    def done(self, result: int) -> None:
        """Give the keyboard back to the window, which not every window manager does by itself."""
        had_keyboard = self.isActiveWindow()
        super().done(result)
        if had_keyboard:
            self._owner.activateWindow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows move in the list while the field has the keyboard."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in LISTED_KEYS:
                QApplication.sendEvent(self.list, event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.close()


def _of_menus(menus: Sequence[Menu], locked: Collection[str]) -> Iterator[Entry]:
    for menu in menus:
        for labels, command in commands_in(menu):
            yield Entry(
                tr(command.label),
                command.label,
                f"{tr(command.help)} {command.detail}".strip(),
                menu_path(labels),
                command.run,
                QKeySequence(command.shortcut).toString(QKeySequence.SequenceFormat.NativeText),
                command.is_enabled() and not command.is_locked(locked),
            )


def _named(found: FoundSetting, translate: Callable[[str], str]) -> str:
    label = translate(found.label)
    return f"{label}: {translate(found.value)}" if found.value else label


def _of_settings(settings: Sequence[FoundSetting], locked: Collection[str]) -> Iterator[Entry]:
    for found in settings:
        english, text = _named(found, str), _named(found, tr)
        also = found.path.replace(".", " ").replace("_", " ")
        is_free = not is_locked(found.path, locked)
        yield Entry(text, english, also, found.where, found.go, is_enabled=is_free)
