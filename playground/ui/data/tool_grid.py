"""The tools of the canvas as a grid of icon buttons.

What tools are called and do is in `ui.tools`. Imports PySide6 and the widget
kit; GUI thread only.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from playground.core.errors import ended
from playground.core.messages import N_, Message
from playground.ui.data.tools import TOOLS
from playground.ui.look import theme
from playground.ui.widgets import ToolButton, exclusive

CLEAR_ALL = N_("Clear all")
CLEAR_HELP = N_("Remove all points. Undo brings them back.")


class _SizedButton(ToolButton):
    """A tool button that can become smaller."""

    def set_edge(self, edge: int) -> None:
        self._size = edge
        self._dress()


class ToolGrid(QWidget):
    """One button down at a time; further actions stand at the end of the last row."""

    chosen = Signal(str)  # key of tools.TOOLS

    # Both fill the width of the panel: five buttons and the gaps between them, across and down.
    _COLUMNS = 5
    _EDGE, _GAPS = theme.CONTROL_HEIGHT, (theme.GAP, theme.GAP)
    _COMPACT_EDGE, _COMPACT_GAPS = 24, (16, theme.UNIT)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, ToolButton] = {}
        for key, tool in TOOLS.items():
            name, keys = ended(Message(tool.label)), Message("Key: {key}.", key=tool.key)
            help_ = Message(name, Message(tool.help), keys)
            button = _SizedButton(tool.icon, tool.label, help_, checkable=True, parent=self)
            button.clicked.connect(partial(self.chosen.emit, key))
            self.buttons[key] = button
        exclusive(self.buttons.values(), self)
        self.buttons["brush"].setChecked(True)
        self.clear = _SizedButton("clear", CLEAR_ALL, CLEAR_HELP, parent=self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for number, each in enumerate(self.buttons.values()):
            self._grid.addWidget(each, *divmod(number, self._COLUMNS))
        row = len(self.buttons) // self._COLUMNS  # a full row is followed by one of its own
        self._grid.addWidget(self.clear, row, self._COLUMNS - 1)
        self.set_compact(False)

    def tool(self) -> str:
        """Key of the tool that is down."""
        return next(key for key, button in self.buttons.items() if button.isChecked())

    def show_tool(self, key: str) -> None:
        """Put a tool down; emits nothing."""
        self.buttons[key].setChecked(True)

    def set_compact(self, is_compact: bool) -> None:
        """Take less height: smaller buttons, at the same places."""
        edge = self._COMPACT_EDGE if is_compact else self._EDGE
        across, down = self._COMPACT_GAPS if is_compact else self._GAPS
        self._grid.setHorizontalSpacing(across)
        self._grid.setVerticalSpacing(down)
        for button in (*self.buttons.values(), self.clear):
            assert isinstance(button, _SizedButton)
            button.set_edge(edge)
