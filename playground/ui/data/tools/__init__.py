"""Canvas tools: gestures that change the points. They return new points and never touch data or
widgets.

One class a tool, registered in `TOOLS` under the key that panels and menus name it by. Imports core
and numpy; pure Python without Qt; GUI thread.
"""

from playground.ui.data.tools.brush import Brush, Erase, Put
from playground.ui.data.tools.nudge import Jitter, Magnet
from playground.ui.data.tools.pick import Pick
from playground.ui.data.tools.probe import Probe
from playground.ui.data.tools.select import Lasso, Select
from playground.ui.data.tools.tool import (
    TICKS_PER_SECOND,
    CanvasState,
    Cursor,
    Modifier,
    Place,
    Tool,
    ToolResult,
    ToolSettings,
    no_rows,
)

__all__ = [
    "TICKS_PER_SECOND",
    "TOOLS",
    "Brush",
    "CanvasState",
    "Cursor",
    "Erase",
    "Jitter",
    "Lasso",
    "Magnet",
    "Modifier",
    "Pick",
    "Place",
    "Probe",
    "Put",
    "Select",
    "Tool",
    "ToolResult",
    "ToolSettings",
    "no_rows",
]

TOOLS: dict[str, type[Tool]] = {
    "brush": Brush,
    "put": Put,
    "pick": Pick,
    "select": Select,
    "lasso": Lasso,
    "jitter": Jitter,
    "magnet": Magnet,
    "erase": Erase,
    "probe": Probe,
}
