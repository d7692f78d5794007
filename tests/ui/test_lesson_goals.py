"""Goals that ask for results count what was trained in their step, with the settings they name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from playground.core.lessons.goals import (
    AccuracyGoal,
    ActGoal,
    ChangedGoal,
    ComparedGoal,
    DivergedGoal,
    EpochGoal,
    LossGoal,
    ProbeGoal,
)
from playground.core.lessons.lesson import Lesson
from playground.core.lessons.lesson_files import bundled
from playground.engines.contract.base import Score
from playground.engines.contract.run_control import Snapshot, State
from playground.ui.compare import CompareWindow
from playground.ui.window.main_window import MainWindow
from tests.ui.person import choose, drag_on_canvas, press, write
from tests.ui.whole_window import WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
RATE = "training.optimizer.learning_rate"
EASY: dict[str, Any] = {
    "data": {"kind": "generated", "generator": "blobs", "samples": 60, "noise": 0.0},
    "training": {
        "engine": "numpy",
        "epochs": 200,
        "batch_size": 20,
        "optimizer": {"kind": "sgd", "learning_rate": 0.1},
    },
}
TRAINING_OR_DOING = (
    EpochGoal,
    LossGoal,
    AccuracyGoal,
    ChangedGoal,
    ProbeGoal,
    ComparedGoal,
    DivergedGoal,
    ActGoal,
)
LESSONS = bundled()


def lesson_of(*steps: dict[str, Any] | list[dict[str, Any]], **experiments: Any) -> Lesson:
    """A lesson with a step for each list of goals."""
    pages = [step if isinstance(step, dict) else {"goals": step} for step in steps]
    return Lesson.parse(
        {
            "key": "goals",
            "title": "Goals",
            "experiments": {"easy": EASY, **experiments},
            "steps": [{"text": "Do it.", **page} for page in pages],
        }
    )


@pytest.fixture(scope="module")
def _one_window(request: pytest.FixtureRequest) -> Iterator[MainWindow]:
    with open_window(QtBot(request)) as made:
        yield made


@pytest.fixture
def window(qtbot: QtBot, _one_window: MainWindow) -> Iterator[MainWindow]:
    _one_window.activateWindow()
    qtbot.waitUntil(_one_window.isActiveWindow)
    yield _one_window
    _one_window.windows.close()
    _one_window.session.run.pause()
    _one_window.session.run.set_instant(False)


def begin(qtbot: QtBot, window: MainWindow, lesson: Lesson) -> None:
    """Open a lesson, and wait for the first picture."""
    session = window.session
    session.undo_stack.setClean()
    session._saved_view = session.experiment.view
    window.guide.start(lesson)
    first_picture(qtbot, window)
    window.setFocus()


def first_picture(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.session.run.snapshot is not None, timeout=WAIT)


def train_to(qtbot: QtBot, window: MainWindow, epochs: int) -> None:
    """Step by step, by the key, until so many epochs are trained."""
    run = window.session.run
    for epoch in range(run.snapshot.epoch + 1, epochs + 1):
        press(Key.Key_S)
        qtbot.waitUntil(
            lambda epoch=epoch: run.snapshot is not None and run.snapshot.epoch == epoch,
            timeout=WAIT,
        )


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the run has answered to the last edit, with nothing trained."""
    run = window.session.run
    qtbot.waitUntil(
        lambda: run.snapshot is not None and run.snapshot.revision == run.revision, timeout=WAIT
    )


def type_rate(window: MainWindow, rate: str) -> None:
    write(window.parts.training.field(RATE).control, rate)
    press(Key.Key_Return)


def hurry(comparison: CompareWindow) -> None:
    """Let a race go as fast as it can."""
    comparison.form.pace.show_value("fast")
    comparison.form.pace.committed.emit("fast")


def reached(window: MainWindow) -> tuple[bool, ...]:
    return window.parts.lesson.reached()


def deliver(window: MainWindow, snapshot: Snapshot) -> None:
    """A snapshot arrives from the training thread."""
    (task,) = window.session.run._worker._tasks
    task.mailbox.put(snapshot)
    window.session.run._worker._on_arrived()


def perfect(snapshot: Snapshot, **changes: Any) -> Snapshot:
    """A snapshot that reaches every goal that asks for results."""
    best = Score(1e-12, 1.0)
    made = replace(
        snapshot, epoch=10_000, step=10_000, train=best, test=best, state=State.DIVERGED, curve=()
    )
    return replace(made, **changes)


# Whatever was trained before.


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
def test_no_step_of_any_lesson_is_done_by_entering_it(
    qtbot: QtBot, window: MainWindow, lesson: Lesson
) -> None:
    """From any of its experiments, however well that was trained."""
    run, session = window.session.run, window.session
    begin(qtbot, window, lesson)
    known = run.snapshot
    others = [*lesson.experiments]
    judged = 0
    for number, step in enumerate(lesson.steps):
        asked = [isinstance(goal, TRAINING_OR_DOING) for goal in step.goals]
        # What was trained with another experiment, before and after its button is pressed.
        if number % 2:
            session.use_experiment(lesson.experiment(others[number % len(others)]), "another")
        deliver(window, perfect(known, run_id=run.run_id, revision=run.revision, steps_since=9))
        before = run.revision
        window.guide.resume(lesson, number)
        for is_opened in (False, True):
            if is_opened:
                window.parts.lesson.start.click()
            for revision, since in ((before, 9), (run.revision, 0)):
                late = perfect(known, run_id=run.run_id, revision=revision, steps_since=since)
                deliver(window, late)
                ticks = zip(asked, reached(window), strict=True)
                assert not any(is_asked and tick for is_asked, tick in ticks), number + 1
        deliver(window, perfect(known, run_id=run.run_id, revision=run.revision, steps_since=1))
        judged += sum(reached(window))
    assert judged, "what is trained in a step does reach goals"


def test_a_result_of_the_step_before_does_not_count(qtbot: QtBot, window: MainWindow) -> None:
    goals = [
        {"kind": "epoch", "at_least": 3},
        {"kind": "loss", "below": 2.0},  # as low as that it is before anything is trained
        {"kind": "accuracy", "at_least": 0.01, "on": "train"},
    ]
    begin(qtbot, window, lesson_of(goals, goals))
    train_to(qtbot, window, 10)
    assert reached(window) == (True, True, True)
    steps = window.session.run.snapshot.step
    window.parts.lesson.next.click()
    settle(qtbot, window)
    assert reached(window) == (False, False, False)
    press(Key.Key_S, SHIFT)
    qtbot.waitUntil(window.parts.lesson.is_done, timeout=WAIT)
    assert window.session.run.snapshot.step == steps + 1, "the same run goes on"


def test_the_experiment_of_a_step_begins_with_nothing_reached(
    qtbot: QtBot, window: MainWindow
) -> None:
    momentum = {**EASY, "training": {**EASY["training"], "optimizer": {"kind": "sgd"}}}
    momentum["training"]["optimizer"]["momentum"] = 0.9
    when = {"training.optimizer.momentum": 0.9}
    page = {"experiment": "fast", "goals": [{"kind": "epoch", "at_least": 3, "when": when}]}
    begin(qtbot, window, lesson_of([], page, fast=momentum))
    train_to(qtbot, window, 5)
    window.parts.lesson.next.click()
    window.parts.lesson.start.click()
    first_picture(qtbot, window)
    settle(qtbot, window)
    assert window.session.run.snapshot.epoch == 0
    assert reached(window) == (False,)
    train_to(qtbot, window, 2)
    assert reached(window) == (False,)
    train_to(qtbot, window, 3)
    assert reached(window) == (True,)


# The settings that a goal names.

NAMED = lesson_of(
    [
        {"kind": "loss", "below": 2.0, "when": {RATE: 0.2}},
        {"kind": "epoch", "at_least": 3, "when": {RATE: 0.2}},
        {"kind": "epoch", "at_least": 3},
    ]
)


def test_settings_count_from_when_they_are_in_force(qtbot: QtBot, window: MainWindow) -> None:
    begin(qtbot, window, NAMED)
    train_to(qtbot, window, 10)
    assert reached(window) == (False, False, True)
    type_rate(window, "0.2")
    settle(qtbot, window)
    assert window.session.run.snapshot.epoch == 10, "the same run goes on"
    assert reached(window) == (False, False, True)
    train_to(qtbot, window, 11)
    assert reached(window) == (True, False, True)
    train_to(qtbot, window, 12)
    assert reached(window) == (True, False, True)
    train_to(qtbot, window, 13)
    assert reached(window) == (True, True, True)


def test_epochs_before_an_edit_that_changes_nothing_named_go_on_counting(
    qtbot: QtBot, window: MainWindow
) -> None:
    begin(qtbot, window, NAMED)
    type_rate(window, "0.2")
    train_to(qtbot, window, 2)
    window.session.set_value("training.regularization.kind", "l2")
    settle(qtbot, window)
    assert reached(window)[1:] == (False, False)
    train_to(qtbot, window, 3)
    assert reached(window)[1:] == (True, True)


def test_undo_takes_a_setting_out_of_force(qtbot: QtBot, window: MainWindow) -> None:
    begin(qtbot, window, NAMED)
    train_to(qtbot, window, 9)
    type_rate(window, "0.2")
    window.session.undo_stack.undo()
    settle(qtbot, window)
    train_to(qtbot, window, 10)
    window.session.undo_stack.redo()
    settle(qtbot, window)
    assert reached(window) == (False, False, True)
    train_to(qtbot, window, 11)
    assert reached(window) == (True, False, True)


@pytest.mark.parametrize("entry", ["Reset to the same start", "New start"])
def test_another_start_is_judged_by_itself(qtbot: QtBot, window: MainWindow, entry: str) -> None:
    begin(qtbot, window, NAMED)
    train_to(qtbot, window, 2)
    choose(window, entry)
    first_picture(qtbot, window)
    type_rate(window, "0.2")
    settle(qtbot, window)
    train_to(qtbot, window, 2)
    assert reached(window)[1:] == (False, False)
    train_to(qtbot, window, 3)
    assert reached(window)[1:] == (True, True)


def test_an_edit_while_it_trains_is_honoured(qtbot: QtBot, window: MainWindow) -> None:
    """Whatever is on its way when the edit is made was trained without it."""
    run = window.session.run
    endless = {**EASY, "training": {**EASY["training"], "epochs": None}}
    goal = {"kind": "loss", "below": 0.5, "when": {RATE: 0.2}}
    begin(qtbot, window, lesson_of({"experiment": "endless", "goals": [goal]}, endless=endless))
    window.parts.lesson.start.click()
    first_picture(qtbot, window)
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: run.snapshot.train.loss < 0.1, timeout=WAIT)
    judged: list[tuple[int, int]] = []
    window.parts.lesson.goalReached.connect(
        lambda: judged.append((run.snapshot.revision - run.revision, run.snapshot.steps_since))
    )
    on_its_way = replace(run.snapshot, steps_since=5)
    type_rate(window, "0.2")
    deliver(window, on_its_way)
    assert reached(window) == (False,)
    qtbot.waitUntil(window.parts.lesson.is_done, timeout=WAIT)
    [(behind, since)] = judged
    assert behind == 0
    assert since > 0
    press(Key.Key_Space)


def test_instant_is_judged_by_its_newest_training(qtbot: QtBot, window: MainWindow) -> None:
    run = window.session.run
    goals = [{"kind": "epoch", "at_least": 3}, {"kind": "loss", "below": 0.5}]
    begin(qtbot, window, lesson_of([], goals))
    press(Key.Key_I)
    qtbot.waitUntil(
        lambda: run.snapshot is not None and run.snapshot.state == State.REACHED, timeout=WAIT
    )
    window.parts.lesson.next.click()
    settle(qtbot, window)
    assert reached(window) == (False, False)
    type_rate(window, "0.2")
    qtbot.waitUntil(window.parts.lesson.is_done, timeout=WAIT)


def test_a_break_counts_only_in_its_step(qtbot: QtBot, window: MainWindow) -> None:
    run = window.session.run
    wild = {
        "data": {"kind": "generated", "generator": "plane", "samples": 60},
        "model": {"layers": []},
        "training": {"engine": "numpy", "loss": "mse", "optimizer": {"kind": "sgd"}},
    }
    wild["training"]["optimizer"]["learning_rate"] = 10.0
    page = {"experiment": "wild", "goals": [{"kind": "diverged"}]}
    begin(qtbot, window, lesson_of(page, [{"kind": "diverged"}], wild=wild))
    window.parts.lesson.start.click()
    first_picture(qtbot, window)
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: run.snapshot.state == State.DIVERGED, timeout=WAIT)
    assert reached(window) == (True,)
    window.parts.lesson.next.click()
    settle(qtbot, window)
    assert reached(window) == (False,)
    press(Key.Key_Space)
    qtbot.waitUntil(window.parts.lesson.is_done, timeout=WAIT)


# What else a step asks for.


def test_probes_count_that_were_dropped_in_the_step(qtbot: QtBot, window: MainWindow) -> None:
    goal = {"kind": "probe", "at_least": 2}
    begin(qtbot, window, lesson_of([goal], [goal]))
    press(Key.Key_P)
    drag_on_canvas(window, (1.0, 1.0))
    assert reached(window) == (False,)
    drag_on_canvas(window, (2.0, 1.0))
    assert reached(window) == (True,)
    window.parts.lesson.next.click()
    assert reached(window) == (False,)
    drag_on_canvas(window, (3.0, 1.0))
    assert reached(window) == (False,)
    drag_on_canvas(window, (4.0, 1.0))
    assert reached(window) == (True,)
    press(Key.Key_B)


def test_races_count_that_were_begun_in_the_step(qtbot: QtBot, window: MainWindow) -> None:
    short = {**EASY, "training": {**EASY["training"], "epochs": 2}}
    other = {**short, "training": {**short["training"], "batch_size": 10}}
    page = {"compare": ["short", "other"], "goals": [{"kind": "compared"}]}
    begin(qtbot, window, lesson_of(page, page, short=short, other=other))
    window.parts.lesson.race.click()
    comparison = window.windows.comparison
    assert comparison is not None
    hurry(comparison)
    window.parts.lesson.next.click()  # it goes on, and ends in another step
    with qtbot.waitSignal(comparison.finished, timeout=WAIT):
        pass
    assert reached(window) == (False,)
    with qtbot.waitSignal(comparison.finished, timeout=WAIT):
        comparison.start_button.click()
    assert reached(window) == (True,)
    window.parts.lesson.back.click()
    assert reached(window) == (False,)
    window.windows.open_comparison()  # by the menu, with lanes of the person's own
    comparison = window.windows.comparison
    assert comparison is not None
    qtbot.waitUntil(comparison.isActiveWindow)
    hurry(comparison)
    with qtbot.waitSignal(comparison.finished, timeout=WAIT):
        comparison.start_button.click()
    assert reached(window) == (True,)


def test_a_race_that_was_cut_short_does_not_count(qtbot: QtBot, window: MainWindow) -> None:
    short = {**EASY, "training": {**EASY["training"], "epochs": 4}}
    other = {**short, "training": {**short["training"], "batch_size": 10}}
    page = {"compare": ["short", "other"], "goals": [{"kind": "compared"}]}
    begin(qtbot, window, lesson_of(page, short=short, other=other))
    window.parts.lesson.race.click()
    comparison = window.windows.comparison
    assert comparison is not None
    qtbot.waitUntil(comparison.isActiveWindow)
    for epochs, counts in (("1", False), ("4", True)):
        write(comparison.form.epochs.edit, epochs)
        press(Key.Key_Return)
        with qtbot.waitSignal(comparison.finished, timeout=WAIT):
            is_on = comparison.restart_button.isEnabled()
            (comparison.restart_button if is_on else comparison.start_button).click()
            hurry(comparison)
        assert reached(window) == (counts,)


def test_a_race_is_judged_by_what_was_raced(qtbot: QtBot, window: MainWindow) -> None:
    """What is open in the window may have been changed since."""
    short = {**EASY, "training": {**EASY["training"], "epochs": 2}}
    other = {**short, "training": {**short["training"], "batch_size": 10}}
    size = "training.batch_size"
    goals = [{"kind": "compared", "when": {size: value}} for value in (7, 10)]
    begin(
        qtbot,
        window,
        lesson_of({"compare": ["short", "other"], "goals": goals}, short=short, other=other),
    )
    window.parts.lesson.race.click()
    comparison = window.windows.comparison
    assert comparison is not None
    hurry(comparison)
    with qtbot.waitSignal(comparison.finished, timeout=WAIT):
        pass
    window.session.set_value(size, 7)
    assert reached(window) == (False, True)


def test_a_result_that_was_there_before_its_settings_does_not_count(
    qtbot: QtBot, window: MainWindow
) -> None:
    """Nor at once after they came into force."""
    when = {RATE: 0.2}
    goals = [
        {"kind": "loss", "below": 1.0, "when": when, "after": 3},
        {"kind": "accuracy", "at_least": 0.5, "on": "train", "when": when, "after": 2},
    ]
    begin(qtbot, window, lesson_of(goals))
    train_to(qtbot, window, 30)
    assert window.session.run.snapshot.train.loss < 1.0
    type_rate(window, "0.2")
    settle(qtbot, window)
    for epoch, ticks in ((31, (False, False)), (32, (False, True)), (33, (True, True))):
        train_to(qtbot, window, epoch)
        assert reached(window) == ticks
