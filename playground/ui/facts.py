"""What has become of things, on its way from the session to what a person sees.

The session answers with facts: another experiment, other data, a snapshot. This module hands each
to the panels and views that show it. It decides nothing. GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Slot

from playground.core.augmentation import augmented
from playground.core.dataset import Dataset
from playground.core.experiment import Experiment
from playground.core.points import Points
from playground.engines.exchange import Snapshot
from playground.ui.language import tr
from playground.ui.runner import Activity
from playground.ui.views.names import class_names

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

__all__ = ["Facts"]

AUGMENTED = 8
"""Images that are shown before and after augmentation."""


class Facts(QObject):
    """Connects a session to the parts of its window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._shown: Snapshot | None = None
        session, run = self._session, self._session.run
        session.experimentChanged.connect(self.show_experiment)
        session.datasetChanged.connect(self.show_dataset)
        session.pointsChanged.connect(self.show_points)
        session.noticed.connect(window.notify)
        session.fileChanged.connect(self.show_file)
        session.replaced.connect(self._forget_the_run_before)
        run.snapshotTaken.connect(self.show_snapshot)
        run.started.connect(self._on_run_started)
        run.activityChanged.connect(self._show_activity)
        run.settled.connect(window.notice.hide)
        run.pictured.connect(window.data.set_thumbnail)
        run.devicesFound.connect(window.training.set_devices)
        window.curves.cellChosen.connect(window.output.canvas.outline_rows)
        window.documents.told.connect(window.inform)
        window.curves.ghostDismissed.connect(window.output.canvas.dismiss_ghost)
        window.documents.opened.connect(window.notice.hide)
        window.documents.failed.connect(window.warn)
        window.curves.code.failed.connect(window.warn)

    @Slot(object)
    def show_experiment(self, experiment: Experiment) -> None:
        window, session = self._window, self._session
        for panel in (window.data, window.draw, window.features, window.training):
            panel.show_experiment(experiment)
        window.curves.show_experiment(experiment)
        window.output.show_experiment(experiment)
        window.wanted.show_experiment(experiment)
        window.menus.show_view(experiment.view)
        self._show_augmentation()
        window.output.canvas.allow_drawing(session.can_draw)
        window.output.canvas.set_tool_settings(label=window.draw.chosen_class())
        window.draw.setVisible(session.can_draw)
        window.show_hidden(experiment.view.hidden)
        if session.dataset is not None:
            self._show_network(experiment, session.dataset)

    @Slot(object)
    def show_dataset(self, dataset: Dataset) -> None:
        window = self._window
        for part in (window.data, window.draw, window.training, window.output, window.curves):
            part.show_dataset(dataset)
        window.output.canvas.set_tool_settings(label=window.draw.chosen_class())
        window.wanted.show_dataset(dataset)
        self._choose_picture(dataset)
        self._show_augmentation()
        self._show_network(self._session.experiment, dataset)

    def _choose_picture(self, dataset: Dataset) -> None:
        """What takes the canvas's place for data that are no points on a plane."""
        window = self._window
        if dataset.image is not None:
            window.images.show_dataset(dataset, class_names(dataset))
            window.output.set_picture(window.images)
        elif dataset.points.y.ndim == 2:
            window.fitted.clear()
            window.output.set_picture(window.fitted)
        else:
            window.output.set_picture(None)

    def _show_network(self, experiment: Experiment, dataset: Dataset) -> None:
        self._window.network_card.show_experiment(experiment, dataset, class_names(dataset))

    def _show_augmentation(self) -> None:
        """Some training images before and after, where they are changed while training."""
        dataset, training = self._session.dataset, self._session.experiment.training
        if dataset is None or dataset.image is None:
            return
        before = after = None
        if training.augmentation.acts(on_images=True):
            rows = np.flatnonzero(~dataset.points.held_out)[:AUGMENTED]
            before = dataset.points.x[rows]
            after = augmented(before, dataset.image, training.augmentation, training.seed)
        self._window.images.show_augmented(before, after)

    @Slot(object)
    def show_points(self, points: Points) -> None:
        self._window.draw.show_points(points)
        self._window.output.canvas.show_points(points)

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Every number that is shown of a run is shown of the same snapshot."""
        window, run = self._window, self._session.run
        before, self._shown = self._shown, snapshot
        if snapshot.answers_only(before):
            window.output.show_answers(snapshot)
            self._show_pad(snapshot)
            return
        window.output.show_snapshot(snapshot)
        window.curves.show_curve(run.curve, snapshot)
        window.network_card.show_snapshot(snapshot)
        window.transport.show_numbers(snapshot, run.elapsed())
        if not snapshot.has_scores:
            window.transport.clear_scores()
        window.transport.show_info(snapshot.info)
        self._show_picture(snapshot)

    @Slot()
    def _show_no_numbers(self) -> None:
        """What is shown of the run before has nothing to do with what is open now."""
        window, self._shown = self._window, None
        window.transport.clear_numbers()
        window.curves.show_nothing()
        window.output.show_nothing()
        window.images.show_predictions(None)

    def _show_picture(self, snapshot: Snapshot) -> None:
        """Images with their predictions, or vectors against their targets."""
        window, inspection = self._window, snapshot.inspection
        self._show_pad(snapshot)
        if inspection is None or inspection.predictions is None:
            return
        if snapshot.dataset.image is not None:
            window.images.show_predictions(inspection.predictions, inspection.epoch)
        elif snapshot.dataset.points.y.ndim == 2:
            window.fitted.show_values(snapshot.dataset.points, inspection.predictions)

    def _show_pad(self, snapshot: Snapshot) -> None:
        if snapshot.dataset.image is not None and snapshot.frame is not None:
            self._window.images.show_probabilities(snapshot.frame.pad)

    def catch_up(self) -> None:
        """Show what the session has come to before this window was there."""
        window, session, run = self._window, self._session, self._session.run
        for key, points in run.pictures.items():
            window.data.set_thumbnail(key, points)
        if run.devices:
            window.training.set_devices(run.devices)
        window.transport.show_speed(run.speed)
        window.instant.setChecked(run.is_instant)
        self.show_experiment(session.experiment)
        self.show_file()
        self._show_activity(run.activity)
        if session.dataset is not None:
            self.show_dataset(session.dataset)
            self.show_points(session.points)
        if run.snapshot is not None:
            self.show_snapshot(run.snapshot)

    @Slot()
    def _on_run_started(self) -> None:
        before = self._session.run.snapshot
        self._shown = None
        self._show_no_numbers()
        self._window.curves.start()
        self._window.output.start(keep_ghost=before is not None and before.epoch > 0)

    @Slot()
    def _forget_the_run_before(self) -> None:
        """A ghost compares two runs of one document; another document starts without."""
        self._shown = None
        self._window.curves.forget()
        self._window.output.canvas.show_frame(None)
        self._window.output.canvas.dismiss_ghost()

    @Slot(str)
    def _show_activity(self, activity: str) -> None:
        if activity == Activity.FAILED:
            self._show_no_numbers()
        self._window.transport.show_state("running" if activity == Activity.TRAINING else "paused")

    @Slot()
    def show_file(self) -> None:
        self._window.setWindowTitle(f"{tr(self._session.name)}[*] — Playground")
        self._window.setWindowModified(self._session.is_modified)
