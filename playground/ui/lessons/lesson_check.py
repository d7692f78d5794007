"""Goes through a lesson in the window as a person would, and says which goals were ticked.

One window goes through the whole lesson: each step finds what the one before has left. What is done
is done by keys and pointer (`ui.driver`); nothing else sets a fact. The caller has chosen Qt's
"offscreen" platform before Qt was imported, where nobody shall see it. GUI thread; the training
thread ends with the window.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMessageLogContext,
    QSettings,
    QtMsgType,
    qInstallMessageHandler,
)

from playground.core.lessons.lesson import Lesson, Step
from playground.core.lessons.outcomes import Outcome, Walk
from playground.core.lessons.solution import Attempt, PressAction
from playground.ui import language
from playground.ui.app import make_application, make_window
from playground.ui.lessons.driver import hand
from playground.ui.lessons.driver.actions import Performer
from playground.ui.lessons.driver.dialogs import Answers
from playground.ui.lessons.driver.finding import Obstacle
from playground.ui.session.waiting import run_for, wait_until
from playground.ui.window.arrangement import FIRST_SIZE
from playground.ui.window.open_window import OpenWindow

GRACE: Final = 5.0
"""Seconds that the last action of a step has to reach its goals."""

OLD_FORM: Final = (
    "its solution is in the form of version 0.1, which set facts; write what a person does, such"
    ' as {"key": "Space"} and {"until": "paused"}.'
)

Told = Callable[[str], None]


def walk(lesson: Lesson, spoken: str = "en", told: Told = lambda sentence: None) -> Walk:
    """Do in every step what its solution says, in a window that speaks "en" or "ja".

    `told` hears of every step before it is begun.
    """
    with _settings_of_its_own() as folder, _quiet_platform(), _window(spoken) as window:
        answers = Answers(window.session)
        try:
            return _Walker(window, lesson, folder, answers, told).walk()
        finally:
            answers.discards = True  # what was done for the check is nobody's work
            _close(window)


@contextmanager
def _settings_of_its_own() -> Iterator[Path]:
    """A folder for what is written; recent files and choices of the person stay as they are."""
    before = QSettings.defaultFormat()
    with tempfile.TemporaryDirectory(prefix="playground-lesson-", ignore_cleanup_errors=True) as at:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, at)
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        try:
            yield Path(at)
        finally:
            QSettings.setDefaultFormat(before)


@contextmanager
def _quiet_platform() -> Iterator[None]:
    """The off-screen platform says of every window what it cannot do with it."""

    def hear(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if not text.startswith("This plugin does not support"):
            print(text, file=sys.stderr) if before is None else before(kind, context, text)

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


@contextmanager
def _window(spoken: str) -> Iterator[OpenWindow]:
    make_application()
    before = language.code()
    language.use(spoken)
    try:
        window = make_window()
        window.resize(*FIRST_SIZE)  # the screen that is not there is smaller than any real one
        window.show()
        window.activateWindow()
        yield window
    finally:
        language.use(before)


def _close(window: OpenWindow) -> None:
    """Close the window, and let its threads and objects end before the caller goes on."""
    hand.close_popups()
    window.session.undo_stack.setClean()
    window.close()
    run_for(0.01)
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class _Walker:
    """Goes through one lesson."""

    def __init__(
        self, window: OpenWindow, lesson: Lesson, folder: Path, answers: Answers, told: Told
    ) -> None:
        self._window, self._lesson, self._answers, self._told = window, lesson, answers, told
        self._performer = Performer(window, folder, answers)
        self._outcomes: list[Outcome] = []
        self._troubles: list[tuple[int, str]] = []

    def walk(self) -> Walk:
        wait_until(self._window.isActiveWindow, GRACE)
        self._report, sys.excepthook = sys.excepthook, self._note_error
        try:
            self._window.guide.start(self._lesson)
            for index, step in enumerate(self._lesson.steps):
                self._told(f"{self._lesson.key}, step {index + 1} of {len(self._lesson.steps)}")
                self._go_through(index, step)
        finally:
            sys.excepthook = self._report
        return Walk(tuple(self._outcomes), tuple(self._troubles))

    def _note_error(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """An error in a slot, which Qt would let pass."""
        step = self._window.parts.lesson.step
        self._troubles.append((step, f"the window failed: {kind.__name__}: {error}."))
        self._report(kind, error, trace)

    def _go_through(self, index: int, step: Step) -> None:
        early: set[int] = set()
        try:
            self._performer.settle()
            early = self._ticked()
            early |= self._perform(step)
            self._await_goals()
        except Obstacle as obstacle:
            self._troubles.append((index, str(obstacle)))
        except TimeoutError:
            self._troubles.append((index, "the window did not answer in time."))
        ticked = self._ticked()
        self._outcomes += [
            Outcome(index, goal, number in ticked - early, number in early)
            for number, goal in enumerate(step.goals)
        ]
        self._go_on(index)

    def _perform(self, step: Step) -> set[int]:
        """Carry out a solution; the goals that opening the experiment ticked, without any work."""
        early: set[int] = set()
        for number, action in enumerate(step.solution):
            if isinstance(action, Attempt):
                raise Obstacle(OLD_FORM)
            try:
                self._performer.do(action)
            except Obstacle as obstacle:
                raise Obstacle(f"action {number + 1}: {obstacle}") from None
            only_opens = isinstance(action, PressAction) and action.press == "Open experiment"
            if number == 0 and only_opens and len(step.solution) > 1:
                early = self._ticked()
        return early

    def _ticked(self) -> set[int]:
        return {
            number for number, row in enumerate(self._window.parts.lesson.rows) if row.is_reached
        }

    def _await_goals(self) -> None:
        """A person who has done it all looks at the goals; some come with the next picture."""
        if self._lesson.steps[self._window.parts.lesson.step].solution:
            try:
                wait_until(self._window.parts.lesson.is_done, GRACE)
            except TimeoutError:
                return  # what is missing is told by the outcomes

    def _go_on(self, index: int) -> None:
        """Note what was asked, put away what has opened, and press Next."""
        self._troubles += [(index, f"the window asked: {text}") for text in self._answers.asked]
        self._answers.asked.clear()
        try:
            self._performer.tidy()
            hand.click(self._window.parts.lesson.next)
        except Obstacle as obstacle:
            self._troubles.append((index, f"the step cannot be left: {obstacle}"))
            self._window.parts.lesson.next.click()
