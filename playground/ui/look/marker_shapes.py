"""The markers of the canvas as shapes, and classes as they look, for whoever paints one elsewhere.

Imports PySide6 and, when the first one is asked for, the plot library that has drawn them; any
thread.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPainterPath, QTransform

from playground.core.class_looks import ClassLooks
from playground.core.class_maps import Colors
from playground.ui.look import theme


def marker(symbol: str, middle: QPointF, size: float) -> QPainterPath:
    """The shape of a symbol of `palette.CLASS_MARKERS` around a point, `size` pixels wide."""
    from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

    return QTransform(size, 0, 0, size, middle.x(), middle.y()).map(Symbols[symbol])


def paint_class(
    painter: QPainter, looks: ClassLooks, label: int, middle: QPointF, size: float
) -> None:
    """The marker of a class in its colour."""
    painter.fillPath(marker(looks.symbol(label), middle, size), theme.color(looks.rgb[label]))


def map_colors(looks: ClassLooks) -> Colors:
    """The colours of a map with borders between these classes."""
    ink = theme.current().ink
    line = np.array([ink.red(), ink.green(), ink.blue()])
    return Colors(looks.rgb, theme.current().neutral, line)
