"""Choice: one of several named things, each with its own help.

Imports PySide6 and the theme; GUI thread only.
"""

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QListView, QSizePolicy, QWidget

from playground.ui.language import tr
from playground.ui.look import icons, theme
from playground.ui.widgets.base import describe, paragraph


class Item(NamedTuple):
    """An entry of a choice: what it stands for, and what a person reads."""

    key: str
    label: str
    help: str


MOST_VISIBLE = 20
"""Entries that a list shows without a scroll bar, where the screen has room."""


class Choice(QComboBox):
    """A combo box of items; every item with a help explains itself in a tooltip.

    `set_key` is silent; `chosen` tells of the person's hand only.
    """

    chosen = Signal(str)  # the key

    def __init__(
        self,
        name: str,
        items: Iterable[tuple[str, str, str]] = (),
        *,
        key: str = "",
        help_text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setView(QListView(self))  # the plain view ignores the stylesheet's item heights
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(MOST_VISIBLE)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        describe(self, name, help_text)
        self.view().setAccessibleName(tr(name))
        self.set_items(items, key)
        self.activated.connect(self._on_activated)

    def set_items(self, items: Iterable[tuple[str, str, str]], key: str = "") -> None:
        """List (key, label, help) anew and show `key`, or the first."""
        self.clear()
        for index, (item_key, label, help_text) in enumerate(items):
            name = tr(label)
            self.addItem(name, item_key)
            if help_text:  # else Qt would show an empty tooltip
                help_ = tr(help_text)
                said = tr("{name}. {help}", name=name, help=help_)
                self.setItemData(index, paragraph(help_), Qt.ItemDataRole.ToolTipRole)
                self.setItemData(index, said, Qt.ItemDataRole.AccessibleTextRole)
        if key:
            self.set_key(key)

    def key(self) -> str:
        """The key on show; "" when there are no items."""
        return str(self.currentData() or "")

    def set_key(self, key: str) -> None:
        """Show a key; emits nothing.

        Raises:
            KeyError: it is not among the items.
        """
        index = self.findData(key)
        if index < 0:
            raise KeyError(key)
        self.setCurrentIndex(index)

    def set_key_if_there(self, key: str) -> None:
        """Show a key, where it is among the items; emits nothing."""
        if self.findData(key) >= 0:
            self.set_key(key)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.chosen.emit(str(self.itemData(index)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling the panel under the pointer must never change a setting.
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size = theme.scaled(14)
        color = theme.current().ink if self.isEnabled() else theme.current().muted
        mark = icons.pixmap("chevron-down", color, size, self.devicePixelRatioF())
        with QPainter(self) as painter:
            painter.drawPixmap(self.width() - size - theme.GAP, (self.height() - size) // 2, mark)
