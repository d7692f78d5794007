"""What the canvas shows beside the points: switches in a small panel that a button opens.

Switches and not menu entries, so that several can be turned while one watches. GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QWidget

from playground.ui.look import theme
from playground.ui.output.canvas.canvas import Canvas
from playground.ui.widgets import LinkButton, Switch
from playground.ui.widgets.layouts import fill, vbox
from playground.ui.widgets.popup import Popup


class ShowPanel(Popup):
    """A column of controls that floats under its button."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(name, parent)
        self.column = vbox(of=self, spacing=theme.UNIT, margins=theme.PANEL_PADDING)

    def open_under(self, button: QWidget) -> None:
        """Show the panel with its right edge under that of a button, and hand it the keyboard."""
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width(), button.height() + theme.UNIT))
        self.open_at(corner - QPoint(self.width(), 0), button)
        first = next((s for s in self.findChildren(Switch) if s.isVisible()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)


class OutputSwitches(ShowPanel):
    """What the canvas shows beside the points, and the way to the table of probes."""

    def __init__(self, canvas: Canvas, parent: QWidget) -> None:
        super().__init__("What the canvas shows", parent)
        self.mistakes = Switch(
            "Mistakes", "Outline the points that the network puts into a wrong class."
        )
        self.discretize = Switch(
            "Discretise", "Show only which class wins, not how sure the network is."
        )
        self.contours = Switch(
            "Contours",
            "Draw lines of equal probability: 0.5, where the classes meet, and 0.25 and 0.75.",
        )
        self.batch = Switch(
            "Last batch", "Outline the points that the last step of training looked at."
        )
        self.in_training = Switch(
            "As in training",
            "Show the boundary as the last step saw it: dropout at work, and batches normalised"
            " by themselves. Otherwise it is drawn in evaluation mode, with running statistics.",
        )
        self.units = Switch(
            "Units", "Draw what each unit of the last hidden layer adds to the curve."
        )
        self.axes = Switch("Axes", "Write numbers along the edges, in the units of the data.")
        self.axes.setChecked(True)
        self.probes = LinkButton("Table of probes", "List all probes and what is predicted there.")
        self.probes.setStyleSheet("padding-left: 3px;")  # in line with the tracks of the switches
        marks = (self.mistakes, self.discretize, self.contours, self.batch, self.in_training)
        fill(self.column, *marks, self.units, self.axes, self.probes)
        self._connect(canvas)

    def _connect(self, canvas: Canvas) -> None:
        self.mistakes.toggled.connect(canvas.show_mistakes)
        self.discretize.toggled.connect(canvas.set_discrete)
        self.contours.toggled.connect(canvas.show_contours)
        self.units.toggled.connect(canvas.show_units)
        self.axes.toggled.connect(canvas.show_axes)


class ShowButton(LinkButton):
    """Opens its panel."""

    def __init__(self, text: str, help_text: str, panel: ShowPanel) -> None:
        super().__init__(text, help_text, "chevron-down")
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the mark behind the word
        self._panel = panel
        self.clicked.connect(self._open)

    @Slot()
    def _open(self) -> None:
        self._panel.open_under(self)
