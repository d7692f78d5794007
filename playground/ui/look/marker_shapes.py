"""The markers of the canvas as shapes, for whoever paints one elsewhere.

Imports PySide6 and, when the first one is asked for, the plot library that has drawn them; any
thread.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QTransform


def marker(symbol: str, middle: QPointF, size: float) -> QPainterPath:
    """The shape of a symbol of `palette.CLASS_MARKERS` around a point, `size` pixels wide."""
    from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

    return QTransform(size, 0, 0, size, middle.x(), middle.y()).map(Symbols[symbol])
