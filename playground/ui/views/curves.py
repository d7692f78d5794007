"""LOSS, ACCURACY and CODE: the curves of the run, and the experiment as a script, one tab each.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QTabWidget, QWidget

from playground.core.dataset import Dataset
from playground.engines.exchange import CurvePoint, Snapshot
from playground.ui.views.code import CodeView
from playground.ui.views.plots import CurvePlot, Legend, accuracy_of, loss_of
from playground.ui.widgets import Card, Label, LinkButton, Switch, describe

__all__ = ["CurvesCard"]


class CurvesCard(Card):
    """The curves of the run, and the ghost of the one before."""

    ghostDismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName("Curves")
        self.loss = CurvePlot(loss_of, "Loss")
        self.accuracy = CurvePlot(accuracy_of, "Accuracy")
        self.code = CodeView()
        # It scrolls: whatever room the curves have is enough.
        self.code.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        describe(self.tabs, "Curves")
        describe(self.tabs.tabBar(), "Curves", "Choose what is plotted over the epochs.")
        self.log = Switch("Log", "Show powers of ten at equal distances: tells small losses apart.")
        self._ghost = LinkButton(
            "Clear ghost", "Remove the dashed curves and boundary of the run before this one."
        )
        self._ghost.hide()
        self._reading = Label("", "caption", muted=True)
        self._legend = Legend()
        self.tabs.addTab(self.loss, "Loss")
        self.tabs.addTab(self.accuracy, "Accuracy")
        self.tabs.addTab(self.code, "Code")
        self.tabs.setTabToolTip(2, "The experiment as a PyTorch script that runs by itself.")
        self.tabs.setCornerWidget(self._corner())
        self.content.addWidget(self.tabs)
        self.log.toggled.connect(self.loss.set_log)
        self._ghost.clicked.connect(self._on_ghost_dismissed)
        self.tabs.currentChanged.connect(self._draw)
        self._curve: Sequence[CurvePoint] = ()
        self._snapshot: Snapshot | None = None
        for plot in (self.loss, self.accuracy):
            plot.read.connect(self._show_reading)

    def _corner(self) -> QWidget:
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self._reading, self._legend, self._ghost, self.log):
            row.addWidget(widget)
        return corner

    @Slot(str)
    def _show_reading(self, text: str) -> None:
        """The values under the pointer take the place of the legend."""
        self._reading.setText(text)
        self._legend.setVisible(not text)

    def start(self) -> None:
        """A new run: the curves so far become the ghost."""
        self._snapshot = None
        for plot in (self.loss, self.accuracy):
            plot.start(self._curve)
        self._ghost.setVisible(len(self._curve) > 1 or not self._ghost.isHidden())
        self._curve = ()

    def show_dataset(self, dataset: Dataset) -> None:
        self.tabs.setTabVisible(1, not dataset.is_regression)

    def show_curve(self, curve: Sequence[CurvePoint], snapshot: Snapshot) -> None:
        self._curve, self._snapshot = curve, snapshot
        self._draw()

    @Slot()
    def _draw(self) -> None:
        """Draw the plot that is in front; the other one costs nothing until it is."""
        plot = self.tabs.currentWidget()
        for widget in (self._legend, self.log):
            widget.setVisible(isinstance(plot, CurvePlot))
        if isinstance(plot, CurvePlot) and self._snapshot is not None:
            plot.show_curve(self._curve, self._snapshot)

    def forget(self) -> None:
        """No curve is left, and no ghost comes of it."""
        self._curve, self._snapshot = (), None
        self._on_ghost_dismissed()

    @Slot()
    def _on_ghost_dismissed(self) -> None:
        for plot in (self.loss, self.accuracy):
            plot.dismiss_ghost()
        self._ghost.hide()
        self.ghostDismissed.emit()
