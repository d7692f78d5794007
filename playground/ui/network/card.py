"""NETWORK: the picture and the table of the network in their card.

Shows and forwards; decides nothing. Imports `core`, PySide6 and the two views; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from playground.core.data.dataset import Dataset
from playground.core.data.points import FloatArray
from playground.core.data.vectors import VectorData
from playground.core.experiment.experiment import Experiment
from playground.core.messages import N_, Message, plural
from playground.core.network.analysis import Analysis, analyse
from playground.engines.contract.base import Weights
from playground.engines.contract.run_control import Snapshot
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.network import NetworkView
from playground.ui.network.layer_table import LayersTable
from playground.ui.widgets import Card, Label, LinkButton, Tabs, wrapped

MOST_SIZES: Final = 6
MOST_STRIPES: Final = 16
"""Rows of data that are vectors, which the network shows as stripes."""


class NetworkCard(Card):
    """The network as a picture or as a table, with its size in the header.

    `network` has the requests of the person; what the layers cost and where they are at fault is
    worked out here with every change, before anything is trained.
    """

    tableOpened = Signal()  # the person brought the table to the front

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Network", parent)
        self.network, self.table = NetworkView(), LayersTable()
        self.analysis: Analysis | None = None
        self._dataset: Dataset | None = None
        self._row = 0
        self._maps: tuple[FloatArray, ...] = ()
        self._gradients: Weights | None = None
        self._seen = (0, 0)
        self._origin: object = None
        self.size_text = _SizeLabel("", "caption", muted=True)
        self.size_text.setContentsMargins(0, 0, theme.GAP, 0)
        fit = Message("Fit", context="view")
        self._fit = LinkButton(fit, "Show the whole network, as a double-click on its ground does.")
        self._fit.setVisible(False)
        self.tabs = Tabs(
            "Picture or table",
            "The network as a picture that can be changed, or as a table of shapes and costs.",
        )
        self._stack = QStackedWidget()
        self._arrange()
        self._fit.clicked.connect(self.network.fit)
        self.network.zoomed.connect(self._fit.setVisible)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.tabs.tabBarClicked.connect(self._on_tab_clicked)

    def _arrange(self) -> None:
        for name, widget in ((N_("Picture"), self.network), (N_("Table"), self.table)):
            self.tabs.addTab(tr(name))
            self._stack.addWidget(widget)
        for part in (self.size_text, self._fit, self.tabs):
            self.add_to_header(part)
        self.content.addWidget(self._stack, 1)

    @Slot(int)
    def _on_tab_changed(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self._fit.setVisible(index == 0 and self.network.is_zoomed)
        if self.table.isVisible():
            self.tableOpened.emit()

    @Slot(int)
    def _on_tab_clicked(self, index: int) -> None:
        """What is in front already does not change, but somebody asked for it."""
        if index == self.tabs.currentIndex() and self.table.isVisible():
            self.tableOpened.emit()

    def show_experiment(
        self, experiment: Experiment, dataset: Dataset, class_names: tuple[str, ...]
    ) -> None:
        """Show a structure on data of this kind, what it costs, and where it is at fault."""
        self._dataset = dataset
        self.network.show_columns(dataset.points.x if dataset.image is None else None)
        self.network.show_experiment(
            experiment,
            dataset.input_names,
            dataset.outputs,
            dataset.classes,
            class_names,
            dataset.image,
        )
        self._show_analysis(
            analyse(
                experiment, dataset.width, dataset.outputs, dataset.image, points=len(dataset.train)
            )
        )
        self._show_image()
        self._show_vectors(None)

    def _show_analysis(self, analysis: Analysis) -> None:
        """A stroke on the canvas changes the experiment, but seldom what its network costs."""
        if analysis == self.analysis:
            return
        self.analysis = analysis
        self.network.show_faults(dict(analysis.faults))
        self.table.show_analysis(analysis)
        self.size_text.setText(size_text(analysis))
        self.size_text.setToolTip(wrapped(whole_size_text(analysis)))

    def present(self, on: bool, *, has_title: bool = True) -> None:
        """For the projector: nothing but the network, with its title where there is room."""
        self.show_title_row(has_title)
        self.size_text.setVisible(not on)
        self.network.show_tools(not on)

    def take_over(self, other: NetworkCard) -> None:
        """Show the picture or the table, and the part of it, that another card shows."""
        self.network.take_over(other.network)
        self.tabs.setCurrentIndex(other.tabs.currentIndex())

    @Slot(int)
    def choose_image(self, row: int) -> None:
        """Show another image, a row of the data, on its way through the layers."""
        self._row, self._maps = row, ()
        self._show_image()

    def _show_image(self) -> None:
        dataset = self._dataset
        if dataset is None or dataset.image is None or self._row >= len(dataset.points):
            self.network.show_image(None)
            return
        image = dataset.points.x[self._row].reshape(dataset.image)
        self.network.show_image(image, self._maps)

    def _show_vectors(self, predictions: FloatArray | None) -> None:
        """Show the first rows, and what the network says of them, where the data are vectors."""
        dataset = self._dataset
        if dataset is None or not isinstance(dataset.data, VectorData):
            self.network.show_vectors(None)
        else:
            said = None if predictions is None else predictions[:MOST_STRIPES]
            self.network.show_vectors(dataset.points.x[:MOST_STRIPES], said)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show values and pictures; what does not come with each snapshot stays."""
        if (origin := snapshot.origin) != self._origin:
            self._origin, self._gradients = origin, None
        if snapshot.inspection is not None:
            self._gradients = snapshot.inspection.gradients
            self._seen = snapshot.inspection.epoch, snapshot.inspection.step
            self._maps = snapshot.inspection.feature_maps
            self._show_image()
            self._show_vectors(snapshot.inspection.predictions)
        is_late = self._seen[1] != snapshot.step
        epoch = self._seen[0] if is_late else None
        self.network.show_snapshot(snapshot.weights, snapshot.frame, self._gradients, epoch)


class _SizeLabel(Label):
    """Sizes and the number of parameters; in a narrow card sizes in the middle are left out."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, room = QPainter(self), self.contentsRect()
        metrics = painter.fontMetrics()
        sizes, dot, count = self.text().rpartition(" · ")
        left = room.width() - metrics.horizontalAdvance(dot + count)
        shown = metrics.elidedText(sizes, Qt.TextElideMode.ElideMiddle, max(0, left))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(room, side, f"{shown}{dot}{count}")
        painter.end()


def size_text(analysis: Analysis) -> Message:
    """Such as "2 → 8 → 8 → 2 · 106 parameters"; of an image what its pixels become.

    Of a deep network layers of one size are counted: "2 → 4 ×10 → 2".
    """
    shapes = _shapes(analysis)
    if len(shapes) > MOST_SIZES:
        runs = [(shape, len(list(group))) for shape, group in groupby(shapes[1:-1])]
        inner = [_run(shape, count) for shape, count in runs]
        shapes = [shapes[0], *inner, shapes[-1]]
    return _with_parameters(shapes, analysis)


def whole_size_text(analysis: Analysis) -> Message:
    """The same with every layer by itself."""
    return _with_parameters(_shapes(analysis), analysis)


def _shapes(analysis: Analysis) -> list[str]:
    sizes = [analysis.inputs, *(row.shape for row in analysis.rows if row.parameters)]
    return ["×".join(map(str, shape)) for shape in sizes]


def _run(shape: str, count: int) -> str:
    """Layers of one size behind each other."""
    return shape if count == 1 else f"{shape} ×{count}"


def _with_parameters(shapes: Sequence[str], analysis: Analysis) -> Message:
    count = plural("{count:,} parameter", "{count:,} parameters", analysis.parameters)
    return Message("{sizes} · {parameters}", sizes=" → ".join(shapes), parameters=count)
