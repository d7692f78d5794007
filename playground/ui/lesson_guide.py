"""A lesson in the window: opens its experiments, gathers the facts that its goals ask about, and
leaves everything as it is when the person goes.

Connects the panel with the session and with every view in which a hand can do something. GUI
thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, SignalInstance, Slot
from PySide6.QtWidgets import QWidget

from playground.core.errors import PlaygroundError
from playground.core.experiment import Experiment
from playground.core.lessons.facts import Act, Facts
from playground.core.lessons.files import SUFFIX, lesson_from, save_lesson
from playground.core.lessons.lesson import Lesson
from playground.core.points import Points
from playground.engines.exchange import Snapshot, State
from playground.ui.language import code, tr
from playground.ui.saving import ask_where

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

__all__ = ["LessonGuide"]


class LessonGuide(QObject):
    """Leads through one lesson at a time."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._session, self._panel = window, window.session, window.lesson
        self._facts: Facts | None = None
        self._points: Points | None = None
        self._hidden_before: tuple[str, ...] = ()
        panel = self._panel
        panel.set_language(code())
        panel.experimentRequested.connect(self._on_experiment_requested)
        panel.raceRequested.connect(self._on_race_requested)
        panel.stepChanged.connect(self._on_step_changed)
        panel.left.connect(self._on_left)
        window.documents.lessonRequested.connect(self.start)
        self._session.experimentChanged.connect(self._on_experiment_changed)
        self._session.run.snapshotTaken.connect(self._on_snapshot)
        self._session.pointsChanged.connect(self._on_points_changed)
        self._watch_the_hand()

    # Begin and end.

    @Slot(object)
    def start(self, lesson: Lesson) -> None:
        """Open a lesson at its first step, and its first experiment."""
        if not self._window.documents.may_leave():
            return
        if self._facts is None:  # what a lesson before this one hid is nobody's choice
            self._hidden_before = self._session.experiment.view.hidden
        self._window.notice.hide()
        self._session.replace(lesson.experiment())
        self.resume(lesson)

    def resume(
        self,
        lesson: Lesson,
        step: int = 0,
        reached: Iterable[tuple[int, int]] = (),
        hidden_before: tuple[str, ...] | None = None,
    ) -> None:
        """Lead through a lesson from one of its steps on, with the document that is open.

        reached        (step, goal) of every goal that is ticked already
        hidden_before  what comes back when the person leaves, where it is known
        """
        if hidden_before is not None:
            self._hidden_before = hidden_before
        self._panel.show_lesson(lesson, step, reached)
        self._window.arrangement.show_lesson(True)
        self._window.hiding.lock(lesson.locked)
        self._session.locked = lesson.locked
        self._begin_step()

    @property
    def hidden_before(self) -> tuple[str, ...]:
        """What was hidden before the lesson began."""
        return self._hidden_before

    def take_over(self, other: LessonGuide) -> None:
        """Go on with the lesson of a window that gives way to this one."""
        lesson, step = other._panel.lesson, other._panel.step
        if lesson is None:
            return
        self._hidden_before = other._hidden_before
        self._panel.show_lesson(lesson, step)
        self._window.arrangement.show_lesson(True)
        self._window.hiding.lock(lesson.locked)
        self._on_step_changed(step)

    @Slot()
    def save_as(self) -> None:
        """Write a lesson that begins with this experiment, for a teacher to go on with."""
        proposal = str(Path.home() / f"{self._session.name}{SUFFIX}")
        kinds = f"{tr('Lessons')} (*{SUFFIX})"
        place = ask_where(self._window, "Save as lesson", proposal, kinds, [SUFFIX, ".json"])
        if place is None:
            return
        try:
            save_lesson(lesson_from(self._session.experiment, self._session.name), place)
        except PlaygroundError as error:
            self._window.warn(str(error))
        else:
            self._window.inform(f"{place.name} is written. Add your steps to it with any editor.")

    @Slot()
    def _on_left(self) -> None:
        """Nothing of the work is lost; only what the lesson hid comes back."""
        self._facts = None
        self._window.arrangement.show_lesson(False)
        self._window.hiding.lock(())
        self._session.locked = ()
        self._session.set_view("hidden", self._hidden_before)

    # What the panel asks for.

    @Slot(object)
    def _on_experiment_requested(self, experiment: Experiment) -> None:
        self._session.use_experiment(experiment, "open the experiment of the step")
        self._begin_step()

    @Slot(object)
    def _on_race_requested(self, lanes: dict[str, Experiment]) -> None:
        comparison = self._window.companions.open_comparison()
        comparison.race(lanes)
        comparison.finished.connect(self._on_race_finished)

    @Slot()
    def _on_race_finished(self) -> None:
        comparison = self._window.companions.comparison
        if comparison is not None:
            self._change(compared=tuple(comparison.lanes.values()))

    @Slot(int)
    def _on_step_changed(self, step: int) -> None:
        self._begin_step()
        if self._session.run.snapshot is not None:  # what is trained already counts
            self._on_snapshot(self._session.run.snapshot)

    def _begin_step(self) -> None:
        """What was done before this step counts for nothing."""
        self._facts = Facts.at_start(self._session.experiment)
        self._panel.show_facts(self._facts)

    # The facts.

    @Slot(object)
    def _on_experiment_changed(self, experiment: Experiment) -> None:
        self._change(experiment=experiment)

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if self._facts is None:
            return
        test = snapshot.test
        self._change(
            epoch=snapshot.epoch,
            train_loss=snapshot.train.loss,
            test_loss=None if test is None else test.loss,
            train_accuracy=snapshot.train.accuracy,
            test_accuracy=None if test is None else test.accuracy,
            diverged=snapshot.state == State.DIVERGED,
        )

    def _change(self, **facts: object) -> None:
        if self._facts is not None:
            self._facts = replace(self._facts, **facts)  # type: ignore[arg-type]
            self._panel.show_facts(self._facts)

    def note(self, act: Act, count: int = 1) -> None:
        """A hand did something that leaves no trace in the experiment."""
        if self._facts is not None:
            self._facts = self._facts.with_act(act, count)
            self._panel.show_facts(self._facts)

    def _watch_the_hand(self) -> None:
        window, session = self._window, self._session
        bar, curves = window.transport, window.curves
        signals: tuple[tuple[SignalInstance, Act], ...] = (
            (bar.newStartRequested, "new_start"),
            (bar.stepBatchRequested, "step_batch"),
            (bar.stepEpochRequested, "step_epoch"),
            (session.saved, "save"),
            (window.documents.networks.saved, "save"),
            (window.documents.opened, "open"),
            (window.documents.networks.loaded, "open"),
            (curves.code.copy_button.clicked, "copy_code"),
            (window.images.augmentationSeen, "see_augmentation"),
        )
        for signal, act in signals:
            signal.connect(_Witness(act, self).note)
        session.run.instantChanged.connect(self._on_instant_changed)
        session.run.started.connect(self._on_run_started)
        curves.tabs.currentChanged.connect(self._on_tab_opened)
        window.network_card.tabs.currentChanged.connect(self._on_network_tab_opened)
        window.images.drawn.connect(self._on_digit_drawn)
        window.output.canvas.edited.connect(self._on_edited)

    @Slot(bool)
    def _on_instant_changed(self, on: bool) -> None:
        if on:
            self.note("instant")

    @Slot()
    def _on_run_started(self) -> None:
        """A second training begins, and leaves the first one as its ghost."""
        if self._window.output.canvas.has_ghost():
            self.note("ghost")

    @Slot(int)
    def _on_tab_opened(self, index: int) -> None:
        curves = self._window.curves
        acts: dict[QWidget, Act] = {
            curves.accuracy: "see_accuracy",
            curves.rate: "see_rate",
            curves.classes: "see_classes",
            curves.weights: "see_weights",
            curves.code: "see_code",
            curves.by_hand: "see_gradients",
        }
        opened = curves.tabs.widget(index)
        if opened in acts:
            self.note(acts[opened])

    @Slot(int)
    def _on_network_tab_opened(self, index: int) -> None:
        if index == 1:
            self.note("see_layers")

    @Slot(object)
    def _on_digit_drawn(self, pixels: object) -> None:
        if pixels is not None:
            self.note("draw_digit")

    @Slot(object)
    def _on_points_changed(self, points: Points) -> None:
        self._points = points

    @Slot(object, str)
    def _on_edited(self, points: Points, text: str) -> None:
        """How many points a stroke painted, erased or moved."""
        before, self._points = self._points, points
        if self._facts is None or before is None:
            return
        more = len(points) - len(before)
        if more > 0:
            self.note("paint", more)
        elif more < 0:
            self.note("erase", -more)
        elif not np.array_equal(points.x, before.x):
            self.note("move")


class _Witness(QObject):
    """Notes one act. An object of Qt, so that the session forgets it together with its window."""

    def __init__(self, act: Act, guide: LessonGuide) -> None:
        super().__init__(guide)
        self._act: Act = act
        self._guide = guide

    @Slot()
    def note(self) -> None:
        self._guide.note(self._act)
