"""Which plane is cut out of data with more than two inputs: a row of controls over the canvas.

GUI thread. Shows and forwards; decides nothing.
"""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from playground.core.data.dataset import Dataset
from playground.core.data.plane import sliced_inputs
from playground.core.experiment.view import ViewSpec
from playground.ui.look import theme
from playground.ui.widgets import Choice, Item
from playground.ui.widgets.layouts import hbox

LISTED = 1_000
"""Inputs that can be chosen; a longer list could not be read."""

PROJECTIONS = (
    Item(
        "slice",
        "Slice",
        "Along two of the inputs; all others stay at the mean of the training points.",
    ),
    Item(
        "pca",
        "Components",
        "Along the two directions in which the points differ most: the first two principal"
        " components.",
    ),
)


class PlaneChooser(QWidget):
    """Slice or components, and the two inputs of a slice."""

    projectionChosen = Signal(str)  # "slice" or "pca"
    axesChosen = Signal(int, int)  # the input across, the input upwards

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.projection = Choice(
            "Plane", PROJECTIONS, help_text="Which plane of the inputs the canvas shows."
        )
        self.across = Choice("Across", help_text="The input that grows from left to right.")
        self.upwards = Choice("Upwards", help_text="The input that grows from bottom to top.")
        choices = (self.projection, self.across, self.upwards)
        for choice in choices:
            choice.setMinimumContentsLength(3)
        hbox(*[(choice, 1) for choice in choices], of=self, spacing=theme.UNIT)
        self.projection.chosen.connect(self.projectionChosen)
        self.across.chosen.connect(self._on_chosen)
        self.upwards.chosen.connect(self._on_chosen)

    def show_plane(self, dataset: Dataset, view: ViewSpec) -> None:
        """List the inputs of this data, and what is chosen of them."""
        names = dataset.input_names[:LISTED]
        items = [(str(index), name, "") for index, name in enumerate(names)]
        self._shown = sliced_inputs(view, len(names))
        self.projection.set_key(view.projection)
        for choice, index in zip((self.across, self.upwards), self._shown, strict=True):
            if [choice.itemText(i) for i in range(choice.count())] != list(names):
                choice.set_items(items)
            choice.set_key(str(index))
            choice.setVisible(view.projection == "slice")

    _shown = (0, 1)

    @Slot(str)
    def _on_chosen(self, key: str) -> None:
        """One input cannot be both axes: the other axis takes what this one had."""
        across, upwards = int(self.across.key()), int(self.upwards.key())
        if across == upwards:
            upwards, across = self._shown
        self.axesChosen.emit(across, upwards)
