"""What has happened since a step of a lesson began, gathered from those who carried it out.

Listens to facts in the past tense, never to what was asked for, so that keys, menus and buttons
count alike and what was refused does not count. GUI thread.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, SignalInstance, Slot
from PySide6.QtWidgets import QWidget

from playground.core.data.dataset import divided
from playground.core.data.points_data import PointsData
from playground.core.experiment.experiment import Experiment, learned_part
from playground.core.lessons.step_facts import Act, Facts, Stretch
from playground.engines.contract.run_control import Snapshot, State
from playground.ui.session.document import Document
from playground.ui.session.networks import Networks
from playground.ui.session.session import Session
from playground.ui.window.parts import Parts
from playground.ui.window.secondary_windows import SecondaryWindows


class LessonFacts(QObject):
    """The facts of the step that is open; nothing is gathered while there is none."""

    changed = Signal(object)  # Facts

    def __init__(
        self, parts: Parts, session: Session, networks: Networks, windows: SecondaryWindows
    ) -> None:
        super().__init__(parts.lesson)
        self._parts, self._session, self._run = parts, session, session.run
        self._facts: Facts | None = None
        self._stretches: tuple[Stretch, ...] = ()
        self._origin: tuple[int, int] | None = None
        self._is_new_stretch = self._is_another_document = False
        self._trained: tuple[tuple[int, int], ...] = ()
        self._is_race_of_step = False
        self._stroke_of_move = -1
        session.changed.connect(self._on_changed)
        session.run.snapshotTaken.connect(self._on_snapshot)
        session.run.stepped.connect(self._on_stepped)
        windows.raceStarted.connect(self._on_race_started)
        windows.raceFinished.connect(self._on_race_finished)
        self._record_acts(networks)

    def begin(self) -> None:
        """A step begins: what was trained and done before it counts for nothing."""
        self._run.mark()
        self._trained, self._is_race_of_step, self._stroke_of_move = (), False, -1
        self._is_another_document = False
        self._tell(Facts.at_start(self._session.experiment))

    def end(self) -> None:
        """No step is open any more."""
        self._facts = None

    def expect_another_document(self) -> None:
        """A document takes the place of the present one in the middle of a step; what is changed
        counts from there.
        """
        self._is_another_document = True

    def take_over(self, other: LessonFacts) -> None:
        """Go on with what another window has gathered, which stops."""
        self._facts, self._stretches, self._origin = other._facts, other._stretches, other._origin
        self._is_new_stretch, self._trained = other._is_new_stretch, other._trained
        self._is_race_of_step = other._is_race_of_step
        self._stroke_of_move = other._stroke_of_move
        other.end()

    def note(self, act: Act, count: int = 1) -> None:
        """A hand did something that leaves no trace in the experiment."""
        if self._facts is not None and count > 0:
            self._tell(self._facts.with_act(act, count))

    def _tell(self, facts: Facts) -> None:
        self._facts = facts
        self.changed.emit(facts)

    # The experiment, and what was trained.

    @Slot(object, object)
    def _on_changed(self, before: Document, after: Document) -> None:
        facts, experiment = self._facts, after.experiment
        if facts is None or experiment is facts.experiment:
            return
        if learned_part(experiment) != learned_part(facts.experiment):
            # The numbers so far are those of other settings.
            self._begin_stretch(experiment, facts.epoch)
            facts = facts.untrained()
        if self._is_another_document:
            self._is_another_document = False
            facts = replace(facts, start=experiment)
        self._tell(replace(facts, experiment=experiment))

    def _begin_stretch(self, experiment: Experiment, epoch: int) -> None:
        self._stretches = (*self._stretches, Stretch(experiment, epoch))
        self._is_new_stretch = True

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        """Judge what was trained with the experiment as it is now, and no other."""
        if self._facts is None or not self._is_judged(snapshot):
            return
        self._place_stretch(snapshot)
        if snapshot.steps_since == 0:
            self._tell(self._facts.untrained())
            return
        test = snapshot.test
        self._tell(
            replace(
                self._facts,
                epoch=snapshot.epoch,
                train_loss=snapshot.train.loss,
                test_loss=None if test is None else test.loss,
                train_accuracy=snapshot.train.accuracy,
                test_accuracy=None if test is None else test.accuracy,
                diverged=snapshot.state == State.DIVERGED,
                stretches=self._stretches,
            )
        )
        self._note_ghost(snapshot)

    def _is_judged(self, snapshot: Snapshot) -> bool:
        """False for what was trained before the last edit, or before this step began."""
        return snapshot.revision == self._run.revision

    def _place_stretch(self, snapshot: Snapshot) -> None:
        """Find out at which epoch of the run the present settings came into force."""
        experiment = self._session.experiment
        if snapshot.origin != self._origin:
            self._origin, self._stretches = snapshot.origin, (Stretch(experiment, 0),)
        elif self._is_new_stretch:
            since = snapshot.steps_since // _steps_per_epoch(experiment, snapshot)
            last = Stretch(experiment, snapshot.epoch - since)
            self._stretches = (*self._stretches[:-1], last)
        self._is_new_stretch = False

    def _note_ghost(self, snapshot: Snapshot) -> None:
        """A second training of this step, beside the ghost of the first."""
        if snapshot.origin in self._trained:
            return
        self._trained = (*self._trained, snapshot.origin)
        has_ghost = self._parts.output.canvas.has_ghost() or self._parts.curves.has_ghost()
        if len(self._trained) > 1 and has_ghost:
            self.note("ghost")

    @Slot()
    def _on_race_started(self) -> None:
        self._is_race_of_step = self._facts is not None

    @Slot(object)
    def _on_race_finished(self, lanes: tuple[Experiment, ...]) -> None:
        if self._facts is not None and self._is_race_of_step:
            self._tell(replace(self._facts, compared=lanes))

    @Slot(int, int)
    def _on_stepped(self, batches: int, epochs: int) -> None:
        self.note("step_batch", batches)
        self.note("step_epoch", epochs)

    # What else a hand has done.

    def _record_acts(self, networks: Networks) -> None:
        parts, session = self._parts, self._session
        signals: tuple[tuple[SignalInstance, Act], ...] = (
            (session.newStarted, "new_start"),
            (session.saved, "save"),
            (networks.saved, "save"),
            (session.projectOpened, "open"),
            (networks.loaded, "open"),
            (parts.curves.code.copied, "copy_code"),
            (parts.network.tableOpened, "see_layers"),
            (parts.images.augmentationSeen, "see_augmentation"),
            (parts.images.strokeDrawn, "draw_digit"),
        )
        for signal, act in signals:
            signal.connect(_ActRecorder(act, self).note)
        session.pointsEdited.connect(self._on_points_edited)
        self._run.instantChanged.connect(self._on_instant_changed)
        parts.curves.pageOpened.connect(self._on_page_opened)

    @Slot(bool)
    def _on_instant_changed(self, on: bool) -> None:
        if on:
            self.note("instant")

    @Slot(object)
    def _on_page_opened(self, page: QWidget) -> None:
        act = self._parts.curves.act_of(page)
        if act is not None:
            self.note(act)

    @Slot(object, object)
    def _on_points_edited(self, before: Experiment, after: Experiment) -> None:
        """How many points were painted, erased or moved; a stroke moves once, however long."""
        if self._facts is None:
            return
        old, new = self._places(before), self._places(after)
        more = len(new) - len(old)
        if more > 0:
            self.note("paint", more)
        elif more < 0:
            self.note("erase", -more)
        elif self._run.stroke != self._stroke_of_move and not np.array_equal(old, new):
            self._stroke_of_move = self._run.stroke
            self.note("move")

    def _places(self, experiment: Experiment) -> npt.NDArray[np.float32]:
        """The inputs (N, D) of the points of an experiment."""
        data, dataset = experiment.data, self._session.dataset
        if isinstance(data, PointsData):
            return data.x
        if dataset is not None and dataset.data == data:
            return dataset.points.x
        return divided(experiment).x


def _steps_per_epoch(experiment: Experiment, snapshot: Snapshot) -> int:
    rows, size = len(snapshot.dataset.train), experiment.training.batch_size
    return 1 if isinstance(size, str) else max(1, ceil(rows / size))


class _ActRecorder(QObject):
    """Notes one act. An object of Qt, so that the session forgets it together with its window."""

    def __init__(self, act: Act, facts: LessonFacts) -> None:
        super().__init__(facts)
        self._act: Act = act
        self._facts = facts

    @Slot()
    def note(self) -> None:
        self._facts.note(self._act)
