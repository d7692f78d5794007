"""WEIGHTS: how the weights, gradients or activations of a layer are spread, over the course of a
run.

GUI thread. What is seen of each snapshot is remembered at once; histograms are counted and drawn
while the page is in front.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from playground.core.data.dataset import Dataset
from playground.core.experiment.experiment import Experiment
from playground.core.messages import N_, Message
from playground.core.network.modules import Shape
from playground.engines.contract.base import Weights
from playground.engines.contract.run_control import CurvePoint, Snapshot
from playground.ui.curves import layer_words
from playground.ui.curves.heat import HeatPlot
from playground.ui.curves.histograms import History, Values
from playground.ui.curves.key import Gap, Sentence, beside
from playground.ui.curves.layer_words import Layer, layers_of
from playground.ui.curves.pages import Page
from playground.ui.look import theme
from playground.ui.widgets import Choice, Item

KINDS = (
    Item("weights", "Weights", "What the layer multiplies its inputs by."),
    Item(
        "gradients",
        "Gradients",
        "How the loss would change with each weight: what training follows.",
    ),
    Item(
        "activations",
        Message("Activations", context="values"),
        "What the units give for the training points.",
    ),
)
ROOMY = 110
"""Pixels of height from which on there is room for a second line of words."""

WAITING = N_("The picture appears when training starts.")
NO_LAYERS = N_("This network has no hidden layers.")


class WeightsPage(Page):
    """The histograms of a layer over time, and what its values say now."""

    wants = frozenset({"inspection"})

    def __init__(self) -> None:
        super().__init__()
        self.plot = HeatPlot()
        self.plot.waiting = WAITING
        self.kind = Choice("Values", KINDS, help_text="What the histograms count.")
        self.layer = Choice("Layer", help_text="Which layer the histograms are of.")
        self._words = Sentence()
        self._experiment: Experiment | None = None
        self._entry: tuple[int, Shape | None] = (0, None)
        self._layers: tuple[Layer, ...] = ()
        self._names: dict[int, tuple[str, ...]] = {}
        self._known: tuple[str, ...] = ()
        self._origin: tuple[int, int] | None = None
        self._rows = 0
        self.histories = {key: History() for key, _, _ in KINDS}
        self._newest: dict[str, Values] = {}
        beside(self, self.plot, self.kind, Gap(), self.layer, QWidget()).addWidget(self._words)
        self.kind.chosen.connect(self._on_kind_chosen)
        self.layer.chosen.connect(self._draw)
        self.plot.pointed.connect(self._say)

    # What there is to look at.

    def show_experiment(self, experiment: Experiment) -> None:
        is_same = self._experiment is not None and self._experiment.model == experiment.model
        self._experiment = experiment
        if not is_same:
            self._find_layers()

    def show_dataset(self, dataset: Dataset) -> None:
        if (dataset.width, dataset.image) != self._entry:
            self._entry = (dataset.width, dataset.image)
            self._find_layers()

    def _find_layers(self) -> None:
        inputs, image = self._entry
        if self._experiment is None or not inputs:
            return
        self._layers = layers_of(self._experiment, inputs, image)
        self._find_names(self._known)

    def _find_names(self, known: tuple[str, ...]) -> None:
        """Find out which of the arrays of a snapshot are the weights of which layer."""
        self._known = known
        found = {layer.index: layer.weights_among(known) for layer in self._layers}
        self._names = {index: names for index, names in found.items() if names}
        self._offer_layers()

    def _offer_layers(self) -> None:
        """Offer the layers that have values of the kind; the chosen one stays, if it is there."""
        if self.kind.key() == "activations":
            offered = self._layers[:-1]
        else:
            offered = tuple(la for la in self._layers if la.index in self._names or not self._known)
        keys, chosen = [str(layer.index) for layer in offered], self.layer.key()
        items = [(key, la.label, la.help) for key, la in zip(keys, offered, strict=True)]
        self.layer.set_items(items, chosen if chosen in keys else "")

    def take_over(self, other: WeightsPage) -> None:
        """Show the layer that another page shows, with all that it remembers."""
        self._origin, self.histories, self._newest = other._origin, other.histories, other._newest
        self.kind.set_key(other.kind.key())
        self._offer_layers()
        self.layer.set_key_if_there(other.layer.key())
        self._draw()

    # What is seen.

    def start(self) -> None:
        self._clear()
        self._draw()

    def _clear(self) -> None:
        self._newest.clear()
        for history in self.histories.values():
            history.clear()

    def note(self, snapshot: Snapshot) -> None:
        if (origin := snapshot.origin) != self._origin:
            self._origin = origin
            self._clear()
        if tuple(snapshot.weights) != self._known:
            self._find_names(tuple(snapshot.weights))
        now = snapshot.epoch, snapshot.step
        self._remember("weights", now, self._by_layer(snapshot.weights))
        inspection = snapshot.inspection
        if inspection is not None:
            then = inspection.epoch, inspection.step
            self._remember("gradients", then, self._by_layer(inspection.gradients))
            activations = enumerate(inspection.activations)
            self._remember("activations", then, {i: (array,) for i, array in activations})

    def show_moment(self, curve: Sequence[CurvePoint], snapshot: Snapshot) -> None:
        self._rows = len(snapshot.dataset.train)
        self._draw()

    def _by_layer(self, arrays: Weights) -> Values:
        return {
            index: tuple(arrays[name] for name in names)
            for index, names in self._names.items()
            if all(name in arrays for name in names)
        }

    def _remember(self, kind: str, moment: tuple[int, int], values: Values) -> None:
        """Keep values of an epoch and a step."""
        if values:
            self._newest[kind] = values
            self.histories[kind].add(*moment, values)

    # What is shown.

    @Slot()
    def _on_kind_chosen(self) -> None:
        self._offer_layers()
        self._draw()

    @Slot()
    def _draw(self) -> None:
        layer = self._chosen()
        heat = None if layer is None else self.histories[self.kind.key()].heat(layer.index)
        is_bare = len(self._layers) == 1 and layer is None
        self.plot.waiting = NO_LAYERS if is_bare else WAITING
        self.plot.show_heat(heat)
        self._say(self.plot.words())

    def _chosen(self) -> Layer | None:
        key = self.layer.key()
        return self._layers[int(key)] if key and int(key) < len(self._layers) else None

    @Slot(object)
    def _say(self, words: str) -> None:
        """The moment under the pointer, or what the values say now."""
        self._words.say(words or self.reading())

    def reading(self) -> str:
        """What the newest values of the chosen layer say; empty where there are none."""
        layer, kind = self._chosen(), self.kind.key()
        arrays = self._newest.get(kind, {}).get(-1 if layer is None else layer.index, ())
        if layer is None or not any(array.size for array in arrays):
            return ""
        if kind == "activations":
            return layer_words.of_activations(layer.label, arrays[0], layer.activation, self._rows)
        values: npt.NDArray = np.concatenate([array.ravel() for array in arrays])
        say = layer_words.of_weights if kind == "weights" else layer_words.of_gradients
        return say(layer.label, values)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._words.set_lines(2 if self.height() >= theme.scaled(ROOMY) else 1)
