"""Small drawings that explain: a graph, a neuron, the way of an optimizer downhill.

Each is a function of a painter and a box. They take colours from the theme and numbers from the
same functions that train networks, so that a picture cannot differ from what it explains. Imports
PySide6, numpy, core and the optimizers by hand; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from playground.core.training.optimizers import OptimizerSettings
from playground.engines.numpy.numpy_optimizers import UPDATES, ParameterMemory
from playground.ui.language import tr
from playground.ui.look import theme

Drawing = Callable[[QPainter, QRectF], None]
Function = Callable[[npt.NDArray], npt.NDArray]

SAMPLES = 241


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Functions of one variable over labelled axes; the first in ink, the second dashed.

    curves    name and function, float64 (N,) to (N,)
    x, y      the ranges on show
    variable  what stands at the end of the horizontal axis
    """

    curves: Sequence[tuple[str, Function]]
    x: tuple[float, float]
    y: tuple[float, float]
    variable: str = "z"

    def __call__(self, painter: QPainter, box: QRectF) -> None:
        now = theme.current()
        box = box.adjusted(theme.scaled(12), 0, 0, 0)  # room for the number beside the axis
        painter.setPen(QPen(now.track, 1.0))
        painter.drawLine(QLineF(self._at(box, self.x[0], 0), self._at(box, self.x[1], 0)))
        painter.drawLine(QLineF(self._at(box, 0, self.y[0]), self._at(box, 0, self.y[1])))
        self._draw_ticks(painter, box)
        painter.save()
        painter.setClipRect(box)
        for (_, function), pen in zip(self.curves, self._pens(), strict=False):
            painter.setPen(pen)
            painter.drawPolyline(self._polyline(box, function))
        painter.restore()
        self._draw_names(painter, box)

    def _at(self, box: QRectF, x: float, y: float) -> QPointF:
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return QPointF(box.left() + across * box.width(), box.bottom() - up * box.height())

    def _polyline(self, box: QRectF, function: Function) -> QPolygonF:
        xs = np.linspace(*self.x, SAMPLES)
        with np.errstate(divide="ignore"):
            ys = np.clip(function(xs), -1e3, 1e3)  # what is far outside is clipped anyway
        return QPolygonF([self._at(box, x, y) for x, y in zip(xs, ys, strict=True)])

    @staticmethod
    def _pens() -> tuple[QPen, QPen]:
        now = theme.current()
        return QPen(now.ink, 2.0), QPen(now.muted, 1.5, Qt.PenStyle.DashLine)

    def _draw_ticks(self, painter: QPainter, box: QRectF) -> None:
        """1 on both axes and the variable's name: enough to read the size of everything."""
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.current().muted)
        one, up = self._at(box, 1, 0), self._at(box, 0, 1)
        painter.drawText(_around(one + QPointF(0, theme.scaled(9))), _CENTER, "1")
        painter.drawText(_around(up - QPointF(theme.scaled(8), 0)), _CENTER, "1")
        end = self._at(box, self.x[1], 0)
        shift = QPointF(-theme.scaled(12), theme.scaled(9))
        painter.drawText(_around(end + shift), _CENTER, self.variable)

    def _draw_names(self, painter: QPainter, box: QRectF) -> None:
        """Which line is which, in the upper left corner."""
        if len(self.curves) < 2:
            return
        height, sample = painter.fontMetrics().height(), theme.scaled(18)
        for row, ((name, _), pen) in enumerate(zip(self.curves, self._pens(), strict=False)):
            middle = box.top() + (row + 0.5) * height
            painter.setPen(pen)
            painter.drawLine(QLineF(box.left(), middle, box.left() + sample, middle))
            place = QRectF(box.left() + sample + theme.UNIT, middle - height / 2, 90, height)
            painter.setPen(theme.current().muted)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, tr(name))


@dataclass(frozen=True, slots=True, eq=False)
class Descent:
    """The way of an optimizer down a long valley, seen from above.

    The height is (x² + 10 y²) / 2, so the slope is (x, 10 y). The steps are those of the engine
    that does everything by hand.
    """

    settings: OptimizerSettings
    rate: float
    steps: int

    _START = (-2.6, 0.85)
    _REACH = (3.0, 1.2)

    @staticmethod
    def knows(kind: str) -> bool:
        return kind in UPDATES

    def path(self) -> npt.NDArray[np.float64]:
        """(steps + 1, 2): where the optimizer is before the first and after every step."""
        place = np.array(self._START)
        memory, places = ParameterMemory(place), [place.copy()]
        for _ in range(self.steps):
            slope = place * (1.0, 10.0)
            UPDATES[self.settings.kind](place, slope, memory, self.rate, self.settings)
            places.append(place.copy())
        return np.array(places)

    def __call__(self, painter: QPainter, box: QRectF) -> None:
        now = theme.current()
        scale = min(box.width() / 2 / self._REACH[0], box.height() / 2 / self._REACH[1])
        painter.save()
        painter.setClipRect(box)
        painter.setPen(QPen(now.track, 1.0))
        for level in (0.02, 0.2, 0.6, 1.3, 2.4, 3.9, 6.0):
            reach = QPointF(np.sqrt(2 * level), np.sqrt(level / 5)) * scale
            painter.drawEllipse(box.center(), reach.x(), reach.y())
        way = [box.center() + QPointF(x, -y) * scale for x, y in self.path()]
        painter.setPen(QPen(now.ink, 1.2))
        painter.drawPolyline(QPolygonF(way))
        painter.setBrush(now.ink)
        for place in way:
            painter.drawEllipse(place, 2.0, 2.0)
        _draw_goal(painter, box.center())
        painter.restore()


def draw_neuron(painter: QPainter, box: QRectF) -> None:
    """Two inputs, a weight on each way, the sum with its bias, the activation, what comes out."""
    now, middle = theme.current(), box.center().y()
    radius, size = theme.scaled(15), theme.scaled(17)
    columns = [box.left() + share * box.width() for share in (0.1, 0.46, 0.72, 0.94)]
    inputs = [QPointF(columns[0], middle + side * box.height() * 0.27) for side in (-1, 1)]
    total, activation = QPointF(columns[1], middle), QPointF(columns[2], middle)
    out, bias = QPointF(columns[3], middle), QPointF(columns[1], middle + box.height() * 0.36)
    for start, class_, width in ((inputs[0], 0, 4.0), (inputs[1], 1, 2.0)):
        painter.setPen(QPen(theme.class_color(class_), width))
        painter.drawLine(QLineF(start, total))
    painter.setPen(QPen(now.muted, 1.5))
    for start, end in ((bias, total), (total, activation), (activation, out)):
        painter.drawLine(QLineF(start, end))
    for place, text in ((inputs[0], "x₁"), (inputs[1], "x₂"), (total, "Σ"), (out, "a")):
        _draw_node(painter, place, radius, text)
    corner = activation - QPointF(size, size)
    _draw_activation(painter, QRectF(corner, QSizeF(2 * size, 2 * size)))
    painter.setPen(now.ink)
    painter.setFont(theme.font("caption"))
    lift = QPointF(0, theme.scaled(12))
    painter.drawText(_around((inputs[0] + total) / 2 - lift), _CENTER, "w₁")
    painter.drawText(_around((inputs[1] + total) / 2 + lift), _CENTER, "w₂")
    painter.drawText(_around(bias + QPointF(theme.scaled(10), 0)), _CENTER, "b")


_CENTER = Qt.AlignmentFlag.AlignCenter


def _around(place: QPointF, reach: float = 40.0) -> QRectF:
    return QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)


def _draw_node(painter: QPainter, place: QPointF, radius: float, text: str) -> None:
    now = theme.current()
    painter.setPen(QPen(now.ink, 1.5))
    painter.setBrush(now.panel)
    painter.drawEllipse(place, radius, radius)
    painter.setFont(theme.font())
    painter.drawText(_around(place), _CENTER, text)


def _draw_activation(painter: QPainter, box: QRectF) -> None:
    """The S of tanh in a box: any activation stands there."""
    now = theme.current()
    painter.setPen(QPen(now.ink, 1.5))
    painter.setBrush(now.panel)
    painter.drawRoundedRect(box, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
    inner = box.adjusted(5, 6, -5, -6)
    xs = np.linspace(-1, 1, 41)
    ys = np.tanh(3 * xs)
    curve = [
        inner.center() + QPointF(x * inner.width() / 2, -y * inner.height() / 2)
        for x, y in zip(xs, ys, strict=True)
    ]
    painter.drawPolyline(QPolygonF(curve))


def _draw_goal(painter: QPainter, place: QPointF) -> None:
    """A cross at the bottom of the valley."""
    color: QColor = theme.current().focus
    painter.setPen(QPen(color, 2.0))
    for side in (-1, 1):
        arm = QPointF(4, 4 * side)
        painter.drawLine(QLineF(place - arm, place + arm))
