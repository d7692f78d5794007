"""What has become of things, on its way from the session to what a person sees.

The session announces each change of the document once. Of everything that shows something of it
stands here which slice of the document that is: it is told when its slice has changed, and left
alone otherwise. Decides nothing. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from playground.core.class_looks import ClassLooks
from playground.core.data.data import GeneratedData
from playground.core.data.dataset import Dataset
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.experiment.edits import test_share
from playground.core.experiment.experiment import Experiment
from playground.core.training.augmentation import augmented
from playground.engines.contract.run_control import Snapshot
from playground.ui.output.names import class_names
from playground.ui.session.document import Document
from playground.ui.session.runner import Activity
from playground.ui.session.session import Session
from playground.ui.window.canvas_wiring import Drawing
from playground.ui.window.notices import Notices
from playground.ui.window.parts import Parts
from playground.ui.window.view_requests import ViewRequests

AUGMENTED = 8
"""Images that are shown before and after augmentation."""


@dataclass(slots=True, eq=False)
class _Shown:
    """Something on the screen.

    slice  what it shows of a document; None for as long as there is nothing to show
    show   shows it
    last   the slice that it shows now
    """

    slice: Callable[[Document], Any]
    show: Callable[[Document], object]
    last: Any = None

    def update(self, document: Document) -> None:
        now = self.slice(document)
        if now is not None and now != self.last:
            self.last = now
            self.show(document)


class ViewUpdater(QObject):
    """Connects a session to the parts of its window."""

    hiddenChanged = Signal(object)  # keys of what is hidden, a tuple of str

    def __init__(
        self,
        parts: Parts,
        session: Session,
        drawing: Drawing,
        requests: ViewRequests,
        notices: Notices,
    ) -> None:
        super().__init__(parts.output)  # ends with its window, not with the session
        self._parts, self._session, self._notices = parts, session, notices
        self._snapshot: Snapshot | None = None
        self._shown = (
            *_settings(parts),
            *_data(parts, drawing),
            *_pictures(parts, requests),
            _Shown(lambda now: now.experiment.view.hidden, self._tell_hidden),
        )
        run = session.run
        session.changed.connect(self._on_changed)
        session.noticed.connect(notices.notify)
        session.replaced.connect(self._forget_the_run_before)
        run.snapshotTaken.connect(self.show_snapshot)
        run.started.connect(self._on_run_started)
        run.activityChanged.connect(self._show_activity)
        run.settled.connect(notices.hide)
        run.pictured.connect(parts.data.set_thumbnail)
        run.devicesFound.connect(parts.training.set_devices)
        parts.curves.cellChosen.connect(parts.output.canvas.outline_rows)
        parts.curves.ghostDismissed.connect(parts.output.canvas.dismiss_ghost)
        parts.output.ghostDismissed.connect(parts.curves.dismiss_ghost)
        parts.curves.code.failed.connect(notices.warn)

    @Slot(object, object)
    def _on_changed(self, before: Document, after: Document) -> None:
        if before.experiment != after.experiment:
            self._notices.settle_refusal()
        for shown in self._shown:
            shown.update(after)

    def _tell_hidden(self, document: Document) -> None:
        self.hiddenChanged.emit(document.experiment.view.hidden)

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Every number that is shown of a run is shown of the same snapshot."""
        parts, run = self._parts, self._session.run
        before, self._snapshot = self._snapshot, snapshot
        if snapshot.answers_only(before):
            parts.output.show_answers(snapshot)
            self._show_pad(snapshot)
            return
        parts.output.show_snapshot(snapshot)
        parts.curves.show_curve(run.curve, snapshot)
        parts.network.show_snapshot(snapshot)
        parts.transport.show_snapshot(snapshot, run.elapsed())
        self._show_picture(snapshot)

    def _show_no_numbers(self) -> None:
        """What is shown of the run before has nothing to do with what is open now; the output is
        told by who calls this.
        """
        parts, self._snapshot = self._parts, None
        parts.transport.clear_numbers()
        parts.curves.show_nothing()
        parts.images.show_predictions(None)

    def _show_picture(self, snapshot: Snapshot) -> None:
        """Images with their predictions, or vectors against their targets."""
        inspection = snapshot.inspection
        self._show_pad(snapshot)
        if inspection is None or inspection.predictions is None:
            return
        if snapshot.dataset.image is not None:
            self._parts.images.show_predictions(inspection.predictions, inspection.epoch)
        elif snapshot.dataset.points.y.ndim == 2:
            self._parts.fitted.show_values(snapshot.dataset.points, inspection.predictions)

    def _show_pad(self, snapshot: Snapshot) -> None:
        if snapshot.dataset.image is not None and snapshot.frame is not None:
            self._parts.images.show_probabilities(snapshot.frame.pad)

    def catch_up(self) -> None:
        """Show what the session has come to before this window was there."""
        parts, session, run = self._parts, self._session, self._session.run
        for key, points in run.pictures.items():
            parts.data.set_thumbnail(key, points)
        if run.devices:
            parts.training.set_devices(run.devices)
        parts.transport.show_speed(run.speed)
        parts.transport.instant.setChecked(run.is_instant)
        self._show_activity(run.activity)
        self._on_changed(session.document, session.document)
        if run.snapshot is not None:
            self.show_snapshot(run.snapshot)

    @Slot()
    def _on_run_started(self) -> None:
        run = self._session.run
        before, trained = run.snapshot, run.snapshot is not None and run.snapshot.epoch > 0
        self._show_no_numbers()
        self._parts.curves.start(keep_ghost=run.is_comparable)
        self._parts.output.start(before if trained else None, keep_ghost=run.is_comparable)

    @Slot()
    def _forget_the_run_before(self) -> None:
        """A ghost compares two runs of one document; another document starts without."""
        self._snapshot = None
        self._parts.curves.forget()
        self._parts.output.canvas.show_frame(None)
        self._parts.output.canvas.dismiss_ghost()
        self._parts.output.canvas.select_none()

    @Slot(str)
    def _show_activity(self, activity: str) -> None:
        if activity == Activity.FAILED:
            self._show_no_numbers()
            self._parts.output.show_nothing()
            if self._session.dataset is None:
                self._show_no_data()
        is_running = activity == Activity.TRAINING
        self._parts.transport.show_state("running" if is_running else "paused")

    def _show_no_data(self) -> None:
        """What is on show belongs to other data; those of now cannot be read."""
        self._parts.output.set_picture(self._parts.unread)
        self._parts.data.show_dataset(None)
        for shown in self._shown:
            shown.last = None  # so that data that come back are shown again


def _settings(parts: Parts) -> tuple[_Shown, ...]:
    """What shows settings."""
    return (
        _Shown(
            lambda now: now.experiment.data,
            lambda now: parts.data.show_experiment(now.experiment),
        ),
        _Shown(
            lambda now: (now.inputs, now.experiment.model.features),
            lambda now: parts.features.show_experiment(now.experiment),
        ),
        _Shown(
            lambda now: (now.experiment.training, now.classes),
            lambda now: parts.training.show_experiment(now.experiment, now.dataset),
        ),
        _Shown(
            lambda now: (now.experiment.training, now.experiment.model),
            lambda now: parts.curves.show_experiment(now.experiment),
        ),
        _Shown(
            lambda now: (now.experiment.data, now.experiment.training, now.experiment.model),
            lambda now: parts.curves.code.show_experiment(now.experiment),
        ),
        _Shown(
            lambda now: (now.experiment.view, now.experiment.probes, now.experiment.model.layers),
            lambda now: parts.output.show_experiment(now.experiment),
        ),
    )


def _data(parts: Parts, drawing: Drawing) -> tuple[_Shown, ...]:
    """What shows points, or what there is of each class."""
    canvas = parts.output.canvas
    return (
        _Shown(
            lambda now: (_read_data(now),),
            lambda now: parts.data.show_dataset(_read_data(now)),
        ),
        _Shown(
            lambda now: (now.experiment.data, now.points, _read_data(now)),
            lambda now: parts.draw.show_experiment(now.experiment, now.dataset, now.points),
        ),
        _Shown(
            lambda now: (now.classes, len(parts.draw.rows)),
            lambda now: drawing.use_chosen_class(),
        ),
        _Shown(
            lambda now: ClassLooks.of(now.experiment.data),
            lambda now: canvas.show_looks(ClassLooks.of(now.experiment.data)),
        ),
        _Shown(
            lambda now: test_share(now.experiment.data),
            lambda now: canvas.hold_out(test_share(now.experiment.data)),
        ),
        _Shown(
            lambda now: (now.can_draw,),
            lambda now: drawing.allow(now.can_draw),
        ),
        _Shown(
            lambda now: now.points,
            lambda now: canvas.show_points(now.points or Points.empty()),
        ),
    )


def _pictures(parts: Parts, requests: ViewRequests) -> tuple[_Shown, ...]:
    """What shows the network or its answers on data of some shape."""
    return (
        _Shown(
            lambda now: now.experiment.view.grid,
            lambda now: requests.draw_as_finely_as(now.experiment.view.grid),
        ),
        _Shown(
            lambda now: now.dataset and (now.shape, bool(len(now.dataset.test))),
            lambda now: parts.curves.show_dataset(_of(now)),
        ),
        _Shown(
            lambda now: now.dataset,
            lambda now: parts.output.show_dataset(_of(now)),
        ),
        _Shown(
            lambda now: now.dataset and (now.shape, _if_images(now.dataset)),
            lambda now: _choose_picture(parts, requests, _of(now)),
        ),
        _Shown(
            lambda now: now.dataset and (_if_images(now.dataset), now.experiment.training),
            lambda now: _show_augmentation(parts, now.experiment, _of(now)),
        ),
        _Shown(
            lambda now: (
                now.dataset
                and (
                    now.experiment.model,
                    now.experiment.view.hidden,
                    now.experiment.training.batch_size,
                    now.shape,
                    min(2, len(now.dataset.train)),  # what the smallest batch is judged by
                    _if_many_inputs(now.dataset),
                )
            ),
            lambda now: parts.network.show_experiment(
                now.experiment, _of(now), class_names(_of(now))
            ),
        ),
    )


def _of(document: Document) -> Dataset:
    assert document.dataset is not None, "asked of a slice with a dataset"
    return document.dataset


def _read_data(document: Document) -> Dataset | None:
    """The dataset where the experiment alone does not say how many inputs and classes there are."""
    is_known = isinstance(document.experiment.data, GeneratedData | PointsData)
    return None if is_known else document.dataset


def _if_images(dataset: Dataset) -> Dataset | None:
    return None if dataset.image is None else dataset


def _if_many_inputs(dataset: Dataset) -> Dataset | None:
    """The dataset where the plane that is shown depends on its rows."""
    return None if dataset.points.x.shape[1] <= 2 else dataset


def _choose_picture(parts: Parts, requests: ViewRequests, dataset: Dataset) -> None:
    """What takes the canvas's place for data that are no points on a plane."""
    if dataset.image is not None:
        parts.images.show_dataset(dataset, class_names(dataset))
        parts.output.set_picture(parts.images)
    elif dataset.points.y.ndim == 2:
        parts.fitted.clear()
        parts.output.set_picture(parts.fitted)
    else:
        parts.output.set_picture(None)
    requests.show_dataset(dataset)


def _show_augmentation(parts: Parts, experiment: Experiment, dataset: Dataset) -> None:
    """Some training images before and after, where they are changed while training."""
    if dataset.image is None:
        return
    before = after = None
    training = experiment.training
    if training.augmentation.acts(on_images=True):
        rows = np.flatnonzero(~dataset.points.held_out)[:AUGMENTED]
        before = dataset.points.x[rows]
        after = augmented(before, dataset.image, training.augmentation, training.seed)
    parts.images.show_augmented(before, after)
