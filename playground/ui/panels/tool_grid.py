"""The tools of the canvas as a grid of icon buttons.

Knows how tools are called and drawn; what they do is in `ui.tools`. Imports PySide6 and the widget
kit; GUI thread only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from playground.ui import theme
from playground.ui.language import tr
from playground.ui.widgets import ToolButton, exclusive

__all__ = ["TOOL_TEXTS", "ToolGrid", "ToolText"]


@dataclass(frozen=True, slots=True)
class ToolText:
    """How a tool is presented: its icon, name and key, and what it does.

    hint  is short enough for two lines of the panel, where a tool has no sliders
    """

    icon: str
    name: str
    key: str
    help: str
    hint: str = ""


TOOL_TEXTS: Final = {
    "brush": ToolText(
        "brush",
        "Brush",
        "B",
        "Paint points of the chosen class, and spray on while the button is held."
        " Shift paints the next class, Ctrl removes a point.",
    ),
    "put": ToolText(
        "put",
        "Put a point",
        "U",
        "One point for each click; drag before you let go to place it."
        " Shift puts one of the next class, Ctrl removes a point.",
        "Click for one point, drag to place it. Ctrl: remove.",
    ),
    "pick": ToolText(
        "move",
        "Pick and move",
        "V",
        "Drag a point, and what is selected with it."
        " Shift adds it to the selection, Ctrl removes it.",
        "Drag a point. Shift: add to selection, Ctrl: remove.",
    ),
    "select": ToolText(
        "select",
        "Select a rectangle",
        "X",
        "Drag a rectangle around points; Shift adds them to the selection, Ctrl takes them out."
        " Drag inside the selection to move it.",
        "Drag around points, then drag them. Shift: add, Ctrl: less.",
    ),
    "lasso": ToolText(
        "lasso",
        "Select with a lasso",
        "L",
        "Draw a line around points; Shift adds them to the selection, Ctrl takes them out."
        " Drag inside the selection to move it.",
        "Draw around points, then drag them. Shift: add, Ctrl: less.",
    ),
    "jitter": ToolText(
        "jitter",
        "Jitter",
        "J",
        "Shake the points under the pointer: data that are less tidy are harder to learn.",
    ),
    "magnet": ToolText(
        "magnet",
        "Magnet",
        "N",
        "Pull the points under the pointer together; Shift pushes them apart.",
    ),
    "erase": ToolText("erase", "Erase", "E", "Remove the points under the pointer."),
    "probe": ToolText(
        "probe",
        "Probe",
        "P",
        "Drop a point without a class: what the network says of that place stays shown.",
        "Click to ask what the network says of a place.",
    ),
}
"""Key of `tools.TOOLS`, in the order in which they are shown."""


class _SizedButton(ToolButton):
    """A tool button that can become smaller."""

    def set_edge(self, edge: int) -> None:
        self._size = edge
        self._dress()


class ToolGrid(QWidget):
    """One button down at a time; further actions stand at the end of the last row."""

    chosen = Signal(str)  # key of tools.TOOLS

    # Both fill the width of the panel: five or six buttons and the gaps between them.
    _COLUMNS, _EDGE, _GAP = 5, theme.CONTROL_HEIGHT, theme.GAP
    _COMPACT_COLUMNS, _COMPACT_EDGE, _COMPACT_GAP = 6, 24, theme.UNIT

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, ToolButton] = {}
        for key, text in TOOL_TEXTS.items():
            help_ = f"{tr(text.name)}. {tr(text.help)} {tr('Key: {key}.', key=text.key)}"
            button = _SizedButton(text.icon, text.name, help_, checkable=True, parent=self)
            button.clicked.connect(partial(self.chosen.emit, key))
            self.buttons[key] = button
        exclusive(self.buttons.values(), self)
        self.buttons["brush"].setChecked(True)
        self.clear = _SizedButton(
            "clear", "Clear all", "Remove all points. Undo brings them back.", parent=self
        )
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.GAP)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.set_compact(False)

    def tool(self) -> str:
        """Key of the tool that is down."""
        return next(key for key, button in self.buttons.items() if button.isChecked())

    def show_tool(self, key: str) -> None:
        """Put a tool down; emits nothing."""
        self.buttons[key].setChecked(True)

    def set_compact(self, is_compact: bool) -> None:
        """Take less height: smaller buttons, more of them in a row."""
        columns = self._COMPACT_COLUMNS if is_compact else self._COLUMNS
        edge = self._COMPACT_EDGE if is_compact else self._EDGE
        self._grid.setVerticalSpacing(self._COMPACT_GAP if is_compact else self._GAP)
        for number, button in enumerate(self.buttons.values()):
            self._grid.addWidget(button, *divmod(number, columns))
        self._grid.addWidget(self.clear, 1, columns - 1)
        for button in (*self.buttons.values(), self.clear):
            assert isinstance(button, _SizedButton)
            button.set_edge(edge)
