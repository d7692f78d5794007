"""LESSON: the steps of a lesson beside the living window.

Shows a lesson and the facts of the window, ticks the goals that they reach, and asks for
experiments and races; it never changes either. Imports core, PySide6 and the widget kit; GUI thread
only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson import Lesson, Step
from playground.core.lessons.step_facts import Facts
from playground.core.lessons.texts import OwnText, Text
from playground.ui.lessons.lesson_parts import GoalRow, Passage, Progress, Prose, ScrolledPage
from playground.ui.look import theme
from playground.ui.widgets import (
    Card,
    Label,
    PrimaryButton,
    QuietButton,
    ToolButton,
    describe,
)
from playground.ui.widgets.layouts import STRETCH, fill, hbox, vbox

WIDTH: Final = 320
_IN_FORMS: Final = ("training.", "data.standardize", "model.output.")
"""Settings that have a field in a form, which may be folded away."""

_LESSON = OwnText("Lesson")
_PAGE = OwnText("Step {n} of {all}")
_LOOK = OwnText("Look at")
_TRY = OwnText("Try")
_GOALS = OwnText("Goals")
_START = OwnText("Open experiment")
_START_HELP = OwnText(
    "Put the experiment of this step into the window. Undo brings back what was there."
)
_RACE = OwnText("Race", context="lesson")
_RACE_HELP = OwnText("Train the experiments of this step side by side, from one start.")
_OWN_LANE = OwnText("Yours")
_BACK = OwnText("Back")
_BACK_HELP = OwnText("Go to the step before.")
_NEXT = OwnText("Next")
_NEXT_HELP = OwnText("Go to the next step, whether or not the goals are reached.")
_FINISH = OwnText("Finish")
_LEAVE = OwnText("Leave the lesson")
_LEAVE_HELP = OwnText("Close this panel. Everything in the window stays as it is.")


class LessonPanel(Card):
    """The card of an open lesson; hidden while there is none.

    A goal that was reached once stays ticked, also when the window goes on to something else.
    """

    experimentRequested = Signal(object)  # Experiment of this step
    raceRequested = Signal(object)  # dict[str, Experiment]: the lanes, by the name they show
    stepChanged = Signal(int)  # index of the step that is shown, by the person's hand
    goalReached = Signal(int, int)  # step, goal
    placeRequested = Signal(str)  # path of a setting whose control is looked for
    left = Signal()  # the person leaves the lesson

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._lesson: Lesson | None = None
        self._step = 0
        self._language = "en"
        self._reached: set[tuple[int, int]] = set()
        self._facts: Facts | None = None
        self.rows: list[GoalRow] = []
        self._make_header()
        self._make_page()
        self._make_checklist()
        self._make_buttons()
        self._dress()
        self.explain("Lesson")
        self.hide()

    # What is shown ------------------------------------------------------------------------------

    def show_lesson(
        self, lesson: Lesson, step: int = 0, reached: Iterable[tuple[int, int]] = ()
    ) -> None:
        """Open a lesson at one of its steps; emits nothing.

        reached  (step, goal) of every goal that is reached already
        """
        self._lesson, self._reached, self._facts = lesson, set(reached), None
        self.show_step(step)
        self.show()

    def show_step(self, step: int) -> None:
        """Turn to a step; emits nothing."""
        if self._lesson is None:
            return
        self._step = max(0, min(step, len(self._lesson.steps) - 1))
        self._facts = None  # they belong to the step before, until the window says more
        self._make_rows()
        self._show_words()
        self._scroll.verticalScrollBar().setValue(0)

    def show_facts(self, facts: Facts) -> None:
        """Tick the goals of this step that the facts reach; those that were reached stay so."""
        if self._lesson is None:
            return
        self._facts = facts
        for index, row in enumerate(self.rows):
            place = (self._step, index)
            if place not in self._reached and row.goal.reached(facts):
                self._reached.add(place)
                row.show_reached(True, self._language)
                self.goalReached.emit(*place)
        self._show_ways()
        self._show_next()

    def set_language(self, language: str) -> None:
        """Say everything in another language, "en" or "ja"; emits nothing."""
        self._language = language
        self._show_words()

    def forget(self) -> None:
        """Close the lesson; emits nothing."""
        self._lesson = None
        self.hide()

    @property
    def lesson(self) -> Lesson | None:
        """The lesson that is open."""
        return self._lesson

    @property
    def step(self) -> int:
        """The index of the step that is shown."""
        return self._step

    @property
    def reached_goals(self) -> tuple[tuple[int, int], ...]:
        """(step, goal) of every goal that was reached so far."""
        return tuple(sorted(self._reached))

    def reached(self, step: int | None = None) -> tuple[bool, ...]:
        """Which goals of a step were reached so far, in their order; of this step by default."""
        if self._lesson is None:
            return ()
        number = self._step if step is None else step
        goals = range(len(self._lesson.steps[number].goals))
        return tuple((number, goal) in self._reached for goal in goals)

    def is_done(self) -> bool:
        """True where every goal of this step is reached."""
        return all(row.is_reached for row in self.rows)

    # What is asked for --------------------------------------------------------------------------

    @Slot()
    def _ask_for_experiment(self) -> None:
        experiment = self._experiment()
        if experiment is not None:
            self.experimentRequested.emit(experiment)

    @Slot()
    def _ask_for_race(self) -> None:
        lesson, page = self._lesson, self._page()
        if lesson is None or page is None:
            return
        named = {name: lesson.experiment(name, self._language) for name in page.compare}
        lanes = {experiment.title or name: experiment for name, experiment in named.items()}
        if page.compare_own and self._facts is not None:
            lanes[self._said(_OWN_LANE)] = self._facts.experiment
        self.raceRequested.emit(lanes)

    @Slot()
    def _go_back(self) -> None:
        self._turn_to(self._step - 1)

    @Slot()
    def _go_on(self) -> None:
        if self._lesson is not None and self._step == len(self._lesson.steps) - 1:
            self._leave()
        else:
            self._turn_to(self._step + 1)

    @Slot()
    def _leave(self) -> None:
        self.forget()
        self.left.emit()

    def _turn_to(self, step: int) -> None:
        self.show_step(step)
        self.stepChanged.emit(self._step)

    def _page(self) -> Step | None:
        return None if self._lesson is None else self._lesson.steps[self._step]

    def _experiment(self) -> Experiment | None:
        """The experiment of this step, where it has one of its own."""
        page = self._page()
        if self._lesson is None or page is None or page.experiment is None:
            return None
        return self._lesson.experiment(page.experiment, self._language)

    # How it is filled ---------------------------------------------------------------------------

    def _make_rows(self) -> None:
        for row in self.rows:
            self._checklist.removeWidget(row)
            row.hide()
            row.deleteLater()
        page = self._page()
        self.rows = [] if page is None else [GoalRow(goal) for goal in page.goals]
        for index, row in enumerate(self.rows):
            self._checklist.addWidget(row)
            row.placeRequested.connect(self.placeRequested)
            row.show_reached((self._step, index) in self._reached, self._language)

    def _show_words(self) -> None:
        self._say_controls()
        lesson, page = self._lesson, self._page()
        if lesson is None or page is None:
            return
        said = self._said
        number = said(_PAGE).format(n=self._step + 1, all=len(lesson.steps))
        self.set_title(said(_LESSON))
        self._lesson_title.setText(said(lesson.title))
        self._number.setText(number)
        self._progress.show_step(self._step, len(lesson.steps))
        self._progress.setAccessibleName(number)
        self._title_of_step.setText(said(page.title))
        self._title_of_step.setVisible(page.title is not None)
        self._text.show_prose(said(page.text), self._language)
        self._look.show_text(said(_LOOK), said(page.look_at), self._language)
        self._try.show_text(said(_TRY), said(page.try_this), self._language)
        self._goals_title.setText(said(_GOALS))
        self._goals_title.setVisible(bool(self.rows))
        for row in self.rows:
            row.show_reached(row.is_reached, self._language)
        self._show_ways()
        self._show_buttons(page)

    def _show_ways(self) -> None:
        """Lead to the settings that goals wait for, where the window has their controls."""
        facts = self._facts if self._width is None else None
        for row in self.rows:
            missing = [] if facts is None or row.is_reached else row.goal.missing(facts)
            path = next((path for path in missing if path.startswith(_IN_FORMS)), "")
            row.wait_for(path, self._language)

    def _show_buttons(self, page: Step) -> None:
        self.start.setVisible(page.experiment is not None)
        self.race.setVisible(bool(page.compare))
        self.back.setEnabled(self._step > 0)
        self._show_next()

    def _show_next(self) -> None:
        lesson = self._lesson
        is_last = lesson is not None and self._step == len(lesson.steps) - 1
        self.next.set_label(self._said(_FINISH if is_last else _NEXT))
        # The way on stands out once there is nothing left to do here.
        self.next.set_icon("check" if self.rows and self.is_done() else "")

    def _say_controls(self) -> None:
        for button, name, help_text in (
            (self.start, _START, _START_HELP),
            (self.race, _RACE, _RACE_HELP),
            (self.back, _BACK, _BACK_HELP),
            (self.next, _NEXT, _NEXT_HELP),
        ):
            describe(button, self._said(name), self._said(help_text))
            button.setText(self._said(name))
        describe(self.leave, self._said(_LEAVE), self._said(_LEAVE_HELP))

    def _said(self, text: Text | OwnText | None) -> str:
        return "" if text is None else text.said(self._language)

    # How it is made -----------------------------------------------------------------------------

    def _make_header(self) -> None:
        self._number = Label("", "caption", muted=True)
        self.leave = ToolButton("close", "Leave the lesson", framed=False, size=20)
        self.leave.clicked.connect(self._leave)
        self.add_to_header(self._number)
        self.add_to_header(self.leave)
        self._progress = Progress()
        self.content.addWidget(self._progress)

    def _make_page(self) -> None:
        self._lesson_title = Label("", "caption", muted=True)
        self._lesson_title.setWordWrap(True)
        self._title_of_step = Label("", "headline")
        self._title_of_step.setWordWrap(True)
        self._text = Prose()
        self._look, self._try = Passage("eye"), Passage("play")
        page = QWidget()
        head = (self._lesson_title, self._title_of_step, self._text, theme.UNIT)
        vbox(*head, self._look, self._try, of=page)
        self._scroll = ScrolledPage(page, self)
        describe(self._scroll, "Text of the step", "What there is to look at and to try.")
        self.content.addWidget(self._scroll)

    def _make_checklist(self) -> None:
        """Right under the text, and in view however long that is: that they tick themselves is
        news.
        """
        self._goals_title = Label("", "section", muted=True)
        self._checklist = vbox(spacing=theme.UNIT // 2)
        fill(self.content, theme.UNIT, self._goals_title, self._checklist, STRETCH)

    def _make_buttons(self) -> None:
        """Alone at the foot."""
        self.start = QuietButton("", icon="open")
        self.start.clicked.connect(self._ask_for_experiment)
        self.race = QuietButton("", icon="lightning")
        self.race.clicked.connect(self._ask_for_race)
        self.back = QuietButton("")
        self.back.clicked.connect(self._go_back)
        self.next = PrimaryButton("")
        self.next.clicked.connect(self._go_on)
        onward = hbox(self.back, (self.next, 1))
        fill(self.content, theme.UNIT, hbox((self.start, 1), (self.race, 1)), onward)

    def set_width(self, width: int | None) -> None:
        """Be this wide, or with None as wide as usual."""
        self._width = width
        self._show_ways()  # for a class the forms are away
        self._lesson_title.setVisible(width is None)  # the step is what the class reads
        self._dress()

    _width: int | None = None

    def _dress(self) -> None:
        self.setFixedWidth(theme.scaled(WIDTH) if self._width is None else self._width)
