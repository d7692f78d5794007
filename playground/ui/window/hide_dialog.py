"""View > Hide controls: a list of everything in the window, with a tick at what is shown.

Shows which keys are hidden and tells of changes at once; the session keeps them. GUI thread.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QTreeWidget, QTreeWidgetItem, QWidget

from playground.ui.data.check_rows import CheckRows
from playground.ui.language import tr
from playground.ui.widgets import Label, QuietButton, describe
from playground.ui.widgets.layouts import STRETCH, hbox, vbox
from playground.ui.window.hiding import HideableControl

KEY = Qt.ItemDataRole.UserRole


class HideDialog(QDialog):
    """A tick for each area and each of its controls."""

    hiddenChanged = Signal(object)  # tuple of keys

    def __init__(self, parts: Iterable[HideableControl], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Hide controls"))
        self.resize(360, 520)
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setItemDelegate(CheckRows(self.tree))
        describe(self.tree, "Areas and controls", "Space ticks the chosen one, or takes it away.")
        self._items: dict[str, QTreeWidgetItem] = {}
        for part in parts:
            self._add(part)
        self.tree.itemChanged.connect(self._tell)
        show_all = QuietButton("Show everything", "Bring back all areas and controls.")
        show_all.clicked.connect(self._show_all)
        introduction = Label(
            "Take away what would distract. Areas and controls without a tick are hidden; the"
            " project file remembers them, and a link in the window says that something is hidden.",
            muted=True,
        )
        introduction.setWordWrap(True)
        self.close_button = QuietButton("Close", "What is hidden stays hidden.")
        self.close_button.clicked.connect(self.close)
        row = hbox(show_all, STRETCH, self.close_button, spacing=None)
        vbox(introduction, (self.tree, 1), row, of=self, margins=None)

    def show_hidden(self, keys: Collection[str]) -> None:
        """Take the ticks from these; emits nothing."""
        self.tree.blockSignals(True)
        for key, item in self._items.items():
            shown = Qt.CheckState.Unchecked if key in keys else Qt.CheckState.Checked
            item.setCheckState(0, shown)
        self.tree.blockSignals(False)

    def _add(self, part: HideableControl) -> None:
        above = None if part.is_area else self._items.get(part.area)
        item = QTreeWidgetItem([tr(part.label)])
        item.setData(0, KEY, part.key)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(0, Qt.CheckState.Checked)
        item.setToolTip(0, part.widget.toolTip())
        if above is None:
            self.tree.addTopLevelItem(item)
        else:
            above.addChild(item)
        self._items[part.key] = item

    def keys(self) -> tuple[str, ...]:
        """What is hidden now."""
        return tuple(
            key
            for key, item in self._items.items()
            if item.checkState(0) == Qt.CheckState.Unchecked
        )

    @Slot()
    def _tell(self) -> None:
        self.hiddenChanged.emit(self.keys())

    @Slot()
    def _show_all(self) -> None:
        self.show_hidden(())
        self._tell()
