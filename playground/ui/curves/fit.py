"""FIT: predicted values against true ones, and the share of the variance that they explain.

GUI thread. `PredictedAgainstTarget` is the picture alone, for any size; `FitPage` is the tab.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from playground.core.data.points import FloatArray, Points
from playground.core.messages import N_, Message
from playground.core.training.measures import r2
from playground.engines.contract.run_control import CurvePoint, Snapshot
from playground.ui.curves.axes.marks import number
from playground.ui.curves.axes.plot import Plot
from playground.ui.curves.key import beside, caption
from playground.ui.curves.pages import Page
from playground.ui.curves.plots import polygon
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.output.names import KINDS
from playground.ui.widgets import Headline, Label, describe
from playground.ui.widgets.layouts import vbox

MOST_DOTS = 5_000
"""Dots that are drawn; of more values, evenly spread ones stand for all."""

MOST_SMOOTH = 1_000
"""Dots that are drawn round; more are squares, which are drawn in a fraction of the time."""

ROOMY = 200
"""Pixels of height from which on the axes are named."""

DOT = 5.0
RING = 6.5
HOLE = 3.5

HELP = N_(
    "Each dot is a prediction: how far right is the true value, how far up the predicted one."
    " On the diagonal they are the same."
)
R2_HELP = N_(
    "The share of the spread of the true values that the predictions explain: 1 is perfect, 0 is no"
    " better than always saying the mean, below 0 is worse than that."
)
SAME = N_("All {kind} targets are the same, so R² has nothing to explain.")
WAITING = N_("The dots appear when training starts.")


class Dots(pg.GraphicsObject):
    """Many dots of one colour: painted in one go, which is ten times as fast as one by one.

    A hollow dot has its inside painted over it in another colour.
    """

    def __init__(self) -> None:
        super().__init__()
        self._places = QPolygonF()
        self._bounds = QRectF()
        self._pens: tuple[QPen, ...] = ()

    def show(self, x: npt.NDArray, y: npt.NDArray) -> None:
        """Show dots at x, y (N,), which are finite."""
        self.prepareGeometryChange()
        self._places = polygon(x, y)
        self._bounds = self._places.boundingRect()
        self.update()

    def set_pens(self, *pens: QPen) -> None:
        self._pens = pens
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        is_light = self._places.size() <= MOST_SMOOTH
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_light)
        places = painter.transform().map(self._places)
        painter.resetTransform()  # dots are round, however unlike the scales of the two axes
        caps = Qt.PenCapStyle
        for pen in self._pens:
            pen.setCapStyle(caps.RoundCap if is_light else caps.SquareCap)
            painter.setPen(pen)
            painter.drawPoints(places)


class PredictedAgainstTarget(QWidget):
    """Predictions over targets with the diagonal; training dots are gray, test dots hollow.

    It stands alone, too, in place of the canvas where the data have no place on a plane.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot = Plot()
        describe(self._plot, "Predicted against true values", HELP)
        self._diagonal = pg.InfiniteLine(angle=45)
        self._train, self._test = Dots(), Dots()
        for item in (self._diagonal, self._train, self._test):
            self._plot.addItem(item, ignoreBounds=True)
        self._note = Label("", "caption", muted=True)
        self._note.hide()
        vbox((self._plot, 1), self._note, of=self, spacing=0)
        self._is_roomy = False
        theme.follow(self, self._dress)
        self._dress()

    def show_values(self, points: Points, predictions: FloatArray) -> None:
        """Show predictions (N, K) beside the targets of points, (N,) or (N, K).

        Every one of the K components is a dot; what is not finite has none.
        """
        targets = points.y.reshape(len(points), -1)
        values = predictions.reshape(targets.shape)
        held_out = np.repeat(points.held_out, targets.shape[1])
        x, y = targets.ravel(), values.ravel()
        self._say(len(x), targets.shape[1])
        shown = np.flatnonzero(np.isfinite(y))
        if len(shown) > MOST_DOTS:
            shown = shown[np.linspace(0, len(shown) - 1, MOST_DOTS).astype(np.int64)]
        self._show_range(x[shown], y[shown])
        for dots, rows in ((self._train, ~held_out[shown]), (self._test, held_out[shown])):
            dots.show(x[shown][rows], y[shown][rows])

    def clear(self) -> None:
        """Show no dots."""
        nothing = np.zeros(0)
        for dots in (self._train, self._test):
            dots.show(nothing, nothing)
        self._note.hide()

    def note(self) -> str:
        """What is said below: how many components there are, and how many dots stand for all."""
        return self._note.text()

    def _say(self, count: int, components: int) -> None:
        whole, part = (
            Message("All {count:,} components of every point.", count=components),
            Message("{shown:,} of {count:,} values are drawn.", shown=MOST_DOTS, count=count),
        )
        note = Message(whole if components > 1 else "", part if count > MOST_DOTS else "")
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def _show_range(self, x: npt.NDArray, y: npt.NDArray) -> None:
        """The same range on both axes, so that the diagonal is one: that of the targets, and as
        much of the predictions as leaves the targets readable.
        """
        if not len(x):
            return
        low, high = float(x.min()), float(x.max())
        room = max(high - low, 1e-6)
        low = max(min(low, float(y.min())), low - room)
        high = min(max(high, float(y.max())), high + room)
        self._plot.box.setRange(xRange=(low, high), yRange=(low, high), padding=0.04)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        if (self.height() >= theme.scaled(ROOMY)) != self._is_roomy:
            self._is_roomy = not self._is_roomy
            self._dress()

    @Slot()
    def _dress(self) -> None:
        now = theme.current()
        for side, name in (("left", N_("predicted")), ("bottom", N_("true value"))):
            axis = self._plot.getAxis(side)
            if self._is_roomy:
                axis.setLabel(tr(name), color=now.muted.name())
            else:
                axis.showLabel(False)
        self._plot.dress(grid_x=True)
        self._diagonal.setPen(theme.line_pen(theme.faded(now.muted, 0.6)))
        self._train.set_pens(theme.line_pen(theme.faded(now.ink, 0.6), DOT))
        self._test.set_pens(theme.line_pen(now.ink, RING), theme.line_pen(now.panel, HOLE))


class FitPage(Page):
    """The scatter, with R² of training and test points as numbers to be read from afar."""

    wants = frozenset({"predictions"})

    def __init__(self) -> None:
        super().__init__()
        self.plot = PredictedAgainstTarget()
        # The signs are those of the dots, so that no key is needed.
        self.test = Headline("○ R² test", "−0.000", R2_HELP)
        self.train = Headline("● R² training", "−0.000", R2_HELP)
        self._words = Label(WAITING, "caption", muted=True)
        self._when = caption()
        column = (self.test, self.train, self._when)
        beside(self, self.plot, *column).addWidget(self._words)

    def forget(self) -> None:
        self.plot.clear()
        self._words.setText(WAITING)
        self._words.show()
        self.show_nothing()

    def show_nothing(self) -> None:
        if self._when.text():
            self._when.setText("")
            for headline in (self.test, self.train):
                headline.set_value("–")

    def show_moment(self, curve: Sequence[CurvePoint], snapshot: Snapshot) -> None:
        inspection, points = snapshot.inspection, snapshot.dataset.points
        if inspection is None or inspection.predictions is None or not points.is_regression:
            return
        if len(inspection.predictions) != len(points):
            return
        if not snapshot.has_scores:
            self.show_nothing()
            return
        self.plot.show_values(points, inspection.predictions)
        self._when.setText(tr("epoch {epoch}", epoch=f"{inspection.epoch:,}"))
        reasons = []
        sides = (("test", self.test, points.held_out), ("training", self.train, ~points.held_out))
        for kind, headline, rows in sides:
            targets = points.y[rows]
            score = r2(targets, inspection.predictions.reshape(points.y.shape)[rows])
            headline.set_value(number(round(score, 3) + 0.0))
            if len(targets) and np.isnan(score) and not np.ptp(targets, axis=0).any():
                reasons.append(Message(SAME, kind=KINDS[kind]))
        self._words.setText(Message(*reasons))
        self._words.setVisible(bool(reasons))
