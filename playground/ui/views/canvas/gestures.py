"""From the pointer to the tools: who holds the tool in use, and tells it of press, drag and time.

Knows places and modifiers, no widgets and no pixels. What a tool answers leaves as a signal. GUI
thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from playground.ui.tools import (
    TICKS_PER_SECOND,
    TOOLS,
    CanvasState,
    Modifier,
    Place,
    Tool,
    ToolResult,
)

__all__ = ["Gestures", "modifiers_of"]


class Gestures(QObject):
    """The tool in use and the gesture under way."""

    answered = Signal(object)  # ToolResult
    ended = Signal()

    def __init__(self, sheet_of: Callable[[], CanvasState], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state_of = sheet_of
        self.tool: Tool = TOOLS["brush"]()
        self.key = "brush"
        self.is_pressed = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1_000 // TICKS_PER_SECOND)
        self._timer.timeout.connect(self._tick)

    def use_tool(self, key: str) -> None:
        """Go on with another tool, the same settings."""
        self.release()
        self.key, self.tool = key, TOOLS[key](self.tool.settings)

    def press(self, at: Place, modifiers: Modifier) -> None:
        self.is_pressed = True
        self._timer.start()
        self._answer(self.tool.press(self._state_of(), at, modifiers))

    def drag(self, at: Place) -> None:
        if self.is_pressed:
            self._answer(self.tool.drag(self._state_of(), at))

    def release(self) -> None:
        """End the gesture, if there is one."""
        if not self.is_pressed:
            return
        self.is_pressed = False
        self._timer.stop()
        self._answer(self.tool.release(self._state_of()))
        self.ended.emit()

    @Slot()
    def _tick(self) -> None:
        if self.is_pressed:
            self._answer(self.tool.tick(self._state_of()))

    def _answer(self, result: ToolResult) -> None:
        self.answered.emit(result)


def modifiers_of(held: Qt.KeyboardModifier) -> Modifier:
    """The held keys that tools know of."""
    result = Modifier.NONE
    if held & Qt.KeyboardModifier.ShiftModifier:
        result |= Modifier.SHIFT
    if held & Qt.KeyboardModifier.ControlModifier:
        result |= Modifier.CTRL
    return result
