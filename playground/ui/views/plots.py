"""The curves beside the epochs: loss and accuracy, of training and test data, with the value under
the pointer.

GUI thread. The curves of the run before stay as a ghost until it is dismissed, so that a change can
be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.engines.base import Score
from playground.engines.exchange import CurvePoint, Snapshot
from playground.ui import theme

__all__ = ["CurvePlot", "accuracy_of", "loss_of"]

Measure = Callable[[Score], float | None]

SMALLEST_ON_LOG_SCALE = 1e-12


def loss_of(score: Score) -> float | None:
    return score.loss


def accuracy_of(score: Score) -> float | None:
    return score.accuracy


class CurvePlot(QWidget):
    """One measure over the epochs: test in ink, training muted, the run before dashed."""

    read = Signal(str)  # the values under the pointer as a sentence; empty when it leaves

    def __init__(self, measure: Measure, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measure, self._name = measure, name
        self._is_log = False
        self._points: list[tuple[float, Score, Score | None]] = []
        self._ghost_points: list[tuple[float, Score, Score | None]] = []
        self._plot = pg.PlotWidget(enableMenu=False)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.setAccessibleName(f"{name} over epochs")
        for part in (self._plot, self._plot.viewport()):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.viewport().installEventFilter(self)
        # The curves have a thousand points at most, so smooth lines are cheap here.
        self._ghost = self._plot.plot(antialias=True)
        self._train = self._plot.plot(antialias=True)
        self._test = self._plot.plot(antialias=True)
        self._cross = pg.InfiniteLine(angle=90)
        self._cross.hide()
        self._plot.addItem(self._cross, ignoreBounds=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        theme.manager().changed.connect(self._dress)
        self._dress()

    # What is shown.

    def start(self, before: Sequence[CurvePoint]) -> None:
        """A new run: the curve of the one before becomes the ghost."""
        if len(before) > 1:
            self._ghost_points = _scores(before)
        self._points = []
        self._draw()

    def dismiss_ghost(self) -> None:
        self._ghost_points = []
        self._draw()

    def show_curve(self, curve: Sequence[CurvePoint], now: Snapshot) -> None:
        """The curve so far, and where the run is at this moment."""
        self._points = _scores(curve)
        if not curve or now.epoch > curve[-1].epoch:
            self._points.append((now.epoch, now.train, now.test))
        self._draw()

    def set_log(self, is_log: bool) -> None:
        """Show powers of ten at equal distances, which tells small losses apart."""
        self._is_log = is_log
        self._plot.setLogMode(y=is_log)
        self._draw()

    def values_at(self, epoch: float) -> tuple[float, Score, Score | None] | None:
        """The point of the curve nearest to an epoch."""
        if not self._points:
            return None
        return min(self._points, key=lambda point: abs(point[0] - epoch))

    def _draw(self) -> None:
        self._test.setData(*self._series(self._points, test=True))
        self._train.setData(*self._series(self._points, test=False))
        has_test = any(test is not None for _, _, test in self._ghost_points)
        self._ghost.setData(*self._series(self._ghost_points, test=has_test))

    def _series(
        self, points: Sequence[tuple[float, Score, Score | None]], *, test: bool
    ) -> tuple[npt.NDArray, npt.NDArray]:
        """Epochs and values without what is missing or not finite, which would break the curve."""
        scores = [(epoch, second if test else first) for epoch, first, second in points]
        pairs = [(epoch, self._measure(score)) for epoch, score in scores if score is not None]
        x = np.array([epoch for epoch, value in pairs if value is not None], float)
        y = np.array([value for _, value in pairs if value is not None], float)
        if self._is_log:
            y = np.maximum(y, SMALLEST_ON_LOG_SCALE)
        good = np.isfinite(y)
        return x[good], y[good]

    # The value under the pointer.

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove:
            self._read_at(event.position())  # type: ignore[attr-defined]
        elif event.type() == QEvent.Type.Leave:
            self._cross.hide()
            self.read.emit("")
        return False

    def _read_at(self, position: QPointF) -> None:
        scene = self._plot.mapToScene(position.toPoint())
        found = self.values_at(self._plot.plotItem.vb.mapSceneToView(scene).x())
        if found is None:
            return
        epoch, train, test = found
        self._cross.setPos(epoch)
        self._cross.show()
        parts = [f"epoch {epoch:,.0f}", f"training {_shown(self._measure(train))}"]
        if test is not None:
            parts.append(f"test {_shown(self._measure(test))}")
        self.read.emit("  ".join(parts))

    @Slot()
    def _dress(self) -> None:
        now = theme.current()
        self._plot.setBackground(now.panel)
        theme.style_plot(self._plot.plotItem)
        self._plot.getAxis("left").setWidth(theme.scaled(44))
        self._plot.getAxis("left").setTickDensity(0.5)
        self._test.setPen(theme.line_pen(now.ink, 1.5))
        self._train.setPen(theme.line_pen(now.muted))
        ghost = theme.line_pen(theme.faded(now.muted, 0.6))
        ghost.setStyle(Qt.PenStyle.DashLine)
        self._ghost.setPen(ghost)
        self._cross.setPen(theme.line_pen(now.line))


def _scores(curve: Sequence[CurvePoint]) -> list[tuple[float, Score, Score | None]]:
    return [(point.epoch, point.train, point.test) for point in curve]


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"
