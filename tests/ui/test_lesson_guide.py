"""Lessons in the window: opened, worked through as a person would, and left with nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from playground.core.experiment import Experiment
from playground.core.lessons.files import bundled
from playground.core.lessons.lesson import Lesson
from playground.ui.main_window import MainWindow
from tests.ui.whole_window import WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LESSONS = bundled()
RATE = "training.optimizer.learning_rate"


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot) as made:
        try:
            yield made
        finally:
            made.session.replace(Experiment())


def lesson(key: str) -> Lesson:
    return next(found for found in LESSONS if found.key == key)


def begin(qtbot: QtBot, window: MainWindow, opened: Lesson, *, step: int = 0) -> None:
    """Open a lesson, turn to a step, and wait for the first picture."""
    window.guide.start(opened)
    first_picture(qtbot, window)
    for _ in range(step):
        window.lesson.next.click()


def first_picture(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.session.run.snapshot is not None, timeout=WAIT)


def ticks(window: MainWindow) -> list[bool]:
    return [row.is_reached for row in window.lesson.rows]


def train_until_done(qtbot: QtBot, window: MainWindow) -> None:
    window.session.run.resume()
    qtbot.waitUntil(window.lesson.is_done, timeout=WAIT)
    window.session.run.pause()


@pytest.mark.parametrize("opened", LESSONS, ids=lambda found: found.key)
def test_each_lesson_opens_with_nothing_done(
    qtbot: QtBot, window: MainWindow, opened: Lesson
) -> None:
    begin(qtbot, window, opened)
    assert window.lesson.isVisible()
    assert window.lesson.lesson is opened
    assert window.session.experiment == opened.experiment()
    assert ticks(window) == [False] * len(opened.steps[0].goals)
    hidden = {key for key, part in window.hiding.parts.items() if part.widget.isHidden()}
    assert set(opened.hidden) <= hidden
    for index, page in enumerate(opened.steps):
        assert window.lesson.step == index
        assert len(ticks(window)) == len(page.goals)
        window.lesson.next.click()
    assert window.lesson.lesson is None, "after the last step the lesson ends"
    assert not window.lesson.isVisible()


def test_the_first_lesson_is_worked_through_step_by_step(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    session, panel = window.session, window.lesson
    begin(qtbot, window, lesson("L1"))
    run, file = session.run, tmp_path / "mine.playground.json"

    def keep() -> None:
        session.save(file)
        assert ticks(window) == [True, False, False]
        assert window.documents.open(file)
        assert ticks(window) == [True, True, False]
        window.curves.tabs.setCurrentWidget(window.curves.code)

    def faster() -> None:
        session.set_value(RATE, 0.1)
        assert ticks(window)[0]
        run.reset()
        train_until_done(qtbot, window)

    def by_torch() -> None:
        session.set_value("training.engine", "torch")
        train_until_done(qtbot, window)

    deeds: list[Callable[[], None]] = [
        run.step_epoch,
        lambda: train_until_done(qtbot, window),
        lambda: train_until_done(qtbot, window),
        lambda: session.set_probes([(-1.0, 4.0), (0.0, 0.0)]),
        faster,
        keep,
        by_torch,
    ]
    for index, deed in enumerate(deeds):
        assert panel.step == index
        # A long run may have reached what the next step asks for, if that is to train on.
        assert index == 2 or not panel.is_done(), index
        deed()
        qtbot.waitUntil(panel.is_done, timeout=WAIT)
        panel.next.click()
    assert panel.lesson is None


def test_a_goal_that_was_reached_stays_so(qtbot: QtBot, window: MainWindow) -> None:
    begin(qtbot, window, lesson("L1"))
    window.session.run.step_epoch()
    qtbot.waitUntil(window.lesson.is_done, timeout=WAIT)
    window.session.run.reset()
    first_picture(qtbot, window)
    assert ticks(window) == [True]
    window.lesson.next.click()
    window.lesson.back.click()
    assert ticks(window) == [True]


def test_a_race_of_a_lesson_is_run_in_its_window(qtbot: QtBot, window: MainWindow) -> None:
    begin(qtbot, window, lesson("L2"), step=2)
    assert ticks(window) == [False]
    window.lesson.race.click()
    qtbot.waitUntil(window.lesson.is_done, timeout=WAIT)
    comparison = window.companions.comparison
    assert comparison is not None
    assert len(comparison.lanes) == 4
    comparison.close()


def test_leaving_loses_nothing_of_the_work(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    begin(qtbot, window, lesson("L1"))
    session.set_value(RATE, 0.05)
    session.run.step_epoch()
    qtbot.waitUntil(lambda: session.run.snapshot.epoch == 1, timeout=WAIT)
    before, run, snapshot = session.experiment, session.run.run_id, session.run.snapshot
    window.lesson.leave.click()
    assert session.experiment.model_copy(update={"view": before.view}) == before
    assert session.run.run_id == run
    assert session.run.snapshot.epoch == snapshot.epoch
    assert session.run.snapshot.train == snapshot.train
    assert session.undo_stack.undoText() == "change learning rate"
    assert not window.lesson.isVisible()
    assert window.features.isVisible()
    session.undo_stack.undo()
    assert session.experiment.training.optimizer.learning_rate == 0.01


def test_leaving_brings_back_what_was_hidden_before_the_first_lesson(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.session.set_view("hidden", ("curves",))
    window.session.replace(window.session.experiment)
    for key in ("L1", "L2"):
        begin(qtbot, window, lesson(key))
    assert not window.curves.isHidden()
    window.lesson.leave.click()
    assert window.session.experiment.view.hidden == ("curves",)
    assert window.curves.isHidden()


def test_locks_hold_as_long_as_the_lesson(qtbot: QtBot, window: MainWindow) -> None:
    raw = lesson("L1").plain()
    locked = Lesson.parse({**raw, "locked": ["data", "training.batch_size"]})
    begin(qtbot, window, locked)
    parts = window.hiding.parts
    for key in ("data", "training.batch_size"):
        assert not parts[key].widget.isEnabled()
    before = window.session.experiment
    window.session.set_value("data.noise", 0.3)  # by a menu or a key, past the locked control
    assert window.session.experiment is before
    assert "This lesson keeps 'data'" in window.notice.text()
    window.lesson.leave.click()
    for key in ("data", "training.batch_size"):
        assert parts[key].widget.isEnabled()
    window.session.set_value("data.noise", 0.3)
    assert window.session.experiment.data.noise == 0.3


def test_a_lesson_takes_the_side_column_of_a_narrow_window_and_gives_it_back(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.resize(1280, 720)
    begin(qtbot, window, lesson("L2"))
    assert window.lesson.isVisible()
    assert not window.data.isVisible()
    window.lesson.leave.click()
    assert window.data.isVisible()


@pytest.mark.parametrize(("key", "step"), [("L3", 2), ("L4", 7), ("L5", 9)])
def test_the_experiment_of_a_step_is_opened_at_its_start(
    qtbot: QtBot, window: MainWindow, key: str, step: int
) -> None:
    opened = lesson(key)
    begin(qtbot, window, opened, step=step)
    window.lesson.start.click()
    wanted = opened.experiment(opened.steps[step].experiment)
    qtbot.waitUntil(
        lambda: (
            window.session.run.snapshot is not None
            and window.session.run.snapshot.dataset.data == wanted.data
        ),
        timeout=WAIT,
    )
    assert window.session.experiment == wanted
    assert window.session.run.snapshot.epoch == 0
    assert not any(ticks(window))
