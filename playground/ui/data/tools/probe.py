"""The tool that asks: it drops a point without a label, whose prediction stays shown.

Imports the core through `tool`; pure Python without Qt; GUI thread.
"""

from __future__ import annotations

from playground.core.messages import N_
from playground.ui.data.tools.tool import CanvasState, Modifier, Place, Tool, ToolResult


class Probe(Tool):
    """Drops one probe a click; the points stay as they are."""

    name = N_("drop a probe")
    label = "Probe"
    key = "P"
    icon = "probe"
    help = "Drop a point without a class: what the network says of that place stays shown."
    hint = "Click to ask what the network says of a place."
    gestures = "Click: what does the network say here?"
    cursor = "point"

    def press(self, state: CanvasState, at: Place, held: Modifier = Modifier.NONE) -> ToolResult:
        return ToolResult(probe=at)
