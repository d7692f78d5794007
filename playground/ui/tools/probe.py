"""The tool that asks: it drops a point without a label, whose prediction stays shown.

Imports the core through `hand`; pure Python without Qt; GUI thread.
"""

from __future__ import annotations

from playground.ui.tools.tool import Modifier, Place, Sheet, Stroke, Tool

__all__ = ["Probe"]


class Probe(Tool):
    """Drops one probe a click; the points stay as they are."""

    name = "drop a probe"
    cursor = "point"

    def press(self, sheet: Sheet, at: Place, modifiers: Modifier = Modifier.NONE) -> Stroke:
        return Stroke(probe=at)
