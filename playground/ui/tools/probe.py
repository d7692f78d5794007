"""The tool that asks: it drops a point without a label, whose prediction stays shown.

Imports the core through `tool`; pure Python without Qt; GUI thread.
"""

from __future__ import annotations

from playground.ui.tools.tool import CanvasState, Modifier, Place, Tool, ToolResult

__all__ = ["Probe"]


class Probe(Tool):
    """Drops one probe a click; the points stay as they are."""

    name = "drop a probe"
    cursor = "point"

    def press(self, state: CanvasState, at: Place, held: Modifier = Modifier.NONE) -> ToolResult:
        return ToolResult(probe=at)
