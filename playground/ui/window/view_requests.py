"""What the training thread is asked to draw and to look at: only what is on the screen.

Collects the wishes of all views into one `Views`. GUI thread.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Slot

from playground.core.data.dataset import Dataset
from playground.core.data.plane import Axes
from playground.core.data.points import FloatArray
from playground.engines.contract.views import Views
from playground.ui.session.runner import Runner
from playground.ui.window.parts import Parts

NEURON_GRID = 24


class ViewRequests(QObject):
    """Keeps the wishes, and tells the run of each change."""

    def __init__(self, parts: Parts, run: Runner) -> None:
        super().__init__(parts.output)
        self._run, self._pad = run, parts.images.pad
        self._views = Views(neuron_grid=NEURON_GRID)
        self._inspecting: set[str] = set()
        self._predicting: set[str] = set()
        output, curves, network = parts.output, parts.curves, parts.network
        output.canvas.regionChanged.connect(self._on_region_changed)
        output.canvas.pointed.connect(self._on_pointed)
        output.scaleChanged.connect(self._on_scale_changed)
        output.panel.mistakes.toggled.connect(self._on_mistakes_toggled)
        output.panel.in_training.toggled.connect(self._on_in_training_toggled)
        curves.inspectionWanted.connect(self._on_inspection_wanted)
        curves.predictionsWanted.connect(self._on_predictions_wanted)
        network.network.gradientsWanted.connect(self._on_gradients_wanted)
        parts.images.imageChosen.connect(self._on_image_chosen)
        parts.images.imageChosen.connect(network.choose_image)
        parts.images.grid.looked.connect(parts.data.show_image)
        parts.images.drawn.connect(self._on_drawn)
        curves.byHandWanted.connect(self._on_by_hand_wanted)
        self._run.set_views(self._views)

    def draw_as_finely_as(self, grid: int) -> None:
        """Ask for maps of grid x grid places."""
        self._ask(grid=grid)

    def show_dataset(self, dataset: Dataset) -> None:
        """Images and vectors are shown with their predictions, one image on its way through."""
        is_image = dataset.image is not None
        self._want(self._predicting, "picture", is_image or dataset.points.y.ndim == 2)
        if not is_image:
            self._ask(image_row=None, pad=None)
            return
        if self._views.image_row is None:
            held_out = dataset.points.held_out.nonzero()[0]
            self._ask(image_row=int(held_out[0]) if len(held_out) else 0)
        if self._views.pad is None:
            self._ask(pad=self._pad.pixels())  # drawn before other data came, and there still

    def _ask(self, **changes: Any) -> None:
        views = replace(self._views, **changes)
        is_new = views != self._views or views.pad is not self._views.pad
        self._views = views
        if is_new:
            self._run.set_views(views)

    def _want(self, wishes: set[str], who: str, wanted: bool) -> None:
        (wishes.add if wanted else wishes.discard)(who)
        self._ask(inspect=bool(self._inspecting), predictions=bool(self._predicting))

    @Slot(object, float)
    def _on_region_changed(self, center: tuple[float, float], extent: float) -> None:
        self._ask(center=center, extent=extent)

    @Slot(object)
    def _on_scale_changed(self, stored: Axes | None) -> None:
        self._ask(stored=stored)

    @Slot(object)
    def _on_pointed(self, place: tuple[float, float] | None) -> None:
        self._ask(pointer=None if place is None else (float(place[0]), float(place[1])))

    @Slot(bool)
    def _on_mistakes_toggled(self, on: bool) -> None:
        self._want(self._predicting, "mistakes", on)

    @Slot(bool)
    def _on_in_training_toggled(self, on: bool) -> None:
        self._ask(in_training=on)

    @Slot(bool)
    def _on_inspection_wanted(self, wanted: bool) -> None:
        self._want(self._inspecting, "curves", wanted)

    @Slot(bool)
    def _on_predictions_wanted(self, wanted: bool) -> None:
        self._want(self._predicting, "curves", wanted)

    @Slot(bool)
    def _on_gradients_wanted(self, wanted: bool) -> None:
        self._want(self._inspecting, "network", wanted)

    @Slot(bool)
    def _on_by_hand_wanted(self, wanted: bool) -> None:
        self._ask(by_hand=wanted)

    @Slot(int)
    def _on_image_chosen(self, row: int) -> None:
        self._ask(image_row=row)

    @Slot(object)
    def _on_drawn(self, pixels: FloatArray | None) -> None:
        self._ask(pad=pixels)
