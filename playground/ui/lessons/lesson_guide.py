"""A lesson in the window: opens its experiments, shows its steps what was done, and leaves
everything as it is when the person goes.

Connects the panel with the session and with the facts that its goals ask about. GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal, Slot

from playground.core.errors import PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.core.lessons.goals import ActGoal
from playground.core.lessons.lesson import Lesson
from playground.core.lessons.lesson_files import SUFFIX, lesson_from, name_in, save_lesson
from playground.core.messages import N_, Message
from playground.ui.language import code, tr
from playground.ui.lessons.lesson_facts import LessonFacts
from playground.ui.lessons.lesson_panel import LessonPanel
from playground.ui.session.documents import Documents
from playground.ui.session.saving import ask_where
from playground.ui.session.session import Session
from playground.ui.window.notices import Notices
from playground.ui.window.secondary_windows import SecondaryWindows


class LessonGuide(QObject):
    """Leads through one lesson at a time."""

    shown = Signal(bool)  # a lesson is open from now on, or none any more

    def __init__(
        self,
        panel: LessonPanel,
        session: Session,
        facts: LessonFacts,
        documents: Documents,
        windows: SecondaryWindows,
        notices: Notices,
    ) -> None:
        super().__init__(panel)
        self.panel, self.facts = panel, facts
        self._session, self._documents = session, documents
        self._windows, self._notices = windows, notices
        self._hidden_before: tuple[str, ...] = ()
        self._is_starting = False
        panel.set_language(code())
        panel.experimentRequested.connect(self._on_experiment_requested)
        panel.raceRequested.connect(self._on_race_requested)
        panel.stepChanged.connect(self._on_step_changed)
        panel.left.connect(self._on_left)
        self.facts.changed.connect(panel.show_facts)
        documents.lessonRequested.connect(self.start)
        self._session.replaced.connect(self._on_replaced)
        self._session.projectOpened.connect(self._on_project_opened)

    # Begin and end.

    @Slot(object)
    def start(self, lesson: Lesson) -> None:
        """Open a lesson at its first step, and its first experiment."""
        if not self._documents.may_leave():
            return
        if self.panel.lesson is None:  # what a lesson before this one hid is nobody's choice
            self._hidden_before = self._session.experiment.view.hidden
        self._notices.hide()
        self._is_starting = True
        try:
            self._session.replace(lesson.experiment(language=code()))
        finally:
            self._is_starting = False
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
        self.panel.show_lesson(lesson, step, reached)
        self._session.locked = lesson.locked
        self.shown.emit(True)
        self.facts.begin()

    @property
    def hidden_before(self) -> tuple[str, ...]:
        """What was hidden before the lesson began."""
        return self._hidden_before

    def take_over(self, other: LessonGuide) -> None:
        """Go on with the lesson of a window that gives way to this one: nothing done is undone."""
        lesson = other.panel.lesson
        if lesson is None:
            return
        self._hidden_before = other._hidden_before
        self.panel.show_lesson(lesson, other.panel.step, other.panel.reached_goals)
        self.shown.emit(True)
        self.facts.take_over(other.facts)

    @Slot()
    def save_as(self) -> None:
        """Write a lesson that begins with this experiment, for a teacher to go on with."""
        proposal = f"{self._session.name}{SUFFIX}"
        kinds = f"{tr('Lessons')} (*{SUFFIX})"
        place = ask_where(self.panel.window(), "Save as lesson", proposal, kinds, [SUFFIX, ".json"])
        if place is None:
            return
        try:
            lesson = lesson_from(self._session.experiment, name_in(place.name), code())
            save_lesson(lesson, place)
        except PlaygroundError as error:
            self._notices.warn(error.message)
        else:
            sentence = N_("{name} is written. Add your steps to it with any editor.")
            self._notices.inform(Message(sentence, name=place.name))

    @Slot()
    def _on_left(self) -> None:
        """Nothing of the work is lost; only what the lesson hid comes back."""
        self._end()
        self._session.set_view("hidden", self._hidden_before)

    def _end(self) -> None:
        self.facts.end()
        self._session.locked = ()
        self.shown.emit(False)

    # Another document.

    @Slot()
    def _on_replaced(self) -> None:
        """Another document ends the lesson, unless the step asks for one to be opened.

        What the other document hides, and nothing else, is hidden then.
        """
        if self.panel.lesson is None or self._is_starting:
            return
        if self._session.is_opening_project and self._asks_to_open():
            self.facts.expect_another_document()
            return
        self.panel.forget()
        self._end()

    def _asks_to_open(self) -> bool:
        goals = (row.goal for row in self.panel.rows)
        return any(isinstance(goal, ActGoal) and goal.act == "open" for goal in goals)

    @Slot()
    def _on_project_opened(self) -> None:
        """A project that the step asked for: what the lesson hides stays hidden."""
        lesson = self.panel.lesson
        if lesson is not None and lesson.hidden:
            hidden = dict.fromkeys([*self._session.experiment.view.hidden, *lesson.hidden])
            self._session.set_view("hidden", tuple(hidden))

    # What the panel asks for.

    @Slot(object)
    def _on_experiment_requested(self, experiment: Experiment) -> None:
        """Put it into the window, at its start, whatever was trained of it before."""
        self.facts.end()  # to open it is no change that the step asks for
        run = self._session.run
        run.pause()
        before = run.run_id
        self._session.use_experiment(experiment, N_("open the experiment of the step"))
        if run.run_id == before:
            run.reset()
        self.facts.begin()

    @Slot(object)
    def _on_race_requested(self, lanes: dict[str, Experiment]) -> None:
        self._windows.open_comparison().race(lanes)

    @Slot(int)
    def _on_step_changed(self, step: int) -> None:
        self.facts.begin()
