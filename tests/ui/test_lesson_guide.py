"""Lessons in the window: opened, worked through as a person would, and left with nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import save
from playground.core.experiment.sharing import to_link
from playground.core.lessons.lesson import Lesson
from playground.core.lessons.lesson_files import bundled
from playground.ui.window.main_window import MainWindow
from tests.ui.person import choose, press
from tests.ui.shared_window import SharedWindow, shared_window
from tests.ui.whole_window import SMALL, WAIT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LESSONS = bundled()
RATE = "training.optimizer.learning_rate"


@pytest.fixture(scope="module")
def _shared() -> Iterator[SharedWindow]:
    with shared_window() as shared:
        yield shared


@pytest.fixture
def window(qtbot: QtBot, _shared: SharedWindow) -> Iterator[MainWindow]:
    with _shared.lent(qtbot, SMALL) as window:
        yield window


def lesson(key: str) -> Lesson:
    return next(found for found in LESSONS if found.key == key)


def begin(qtbot: QtBot, window: MainWindow, opened: Lesson, *, step: int = 0) -> None:
    """Open a lesson, turn to a step, and wait for the first picture."""
    window.guide.start(opened)
    first_picture(qtbot, window)
    for _ in range(step):
        window.parts.lesson.next.click()


def first_picture(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.session.run.snapshot is not None, timeout=WAIT)


def ticks(window: MainWindow) -> list[bool]:
    return [row.is_reached for row in window.parts.lesson.rows]


def step_epochs(window: MainWindow, count: int) -> None:
    for _ in range(count):
        window.session.run.step_epoch()


def train_until_done(qtbot: QtBot, window: MainWindow) -> None:
    window.session.run.resume()
    qtbot.waitUntil(window.parts.lesson.is_done, timeout=WAIT)
    window.session.run.pause()


@pytest.mark.parametrize("opened", LESSONS, ids=lambda found: found.key)
def test_each_lesson_opens_with_nothing_done(
    qtbot: QtBot, window: MainWindow, opened: Lesson
) -> None:
    begin(qtbot, window, opened)
    assert window.parts.lesson.isVisible()
    assert window.parts.lesson.lesson is opened
    assert window.session.experiment == opened.experiment()
    assert ticks(window) == [False] * len(opened.steps[0].goals)
    hidden = {key for key, part in window.hiding.parts.items() if part.widget.isHidden()}
    assert set(opened.hidden) <= hidden
    for index, page in enumerate(opened.steps):
        assert window.parts.lesson.step == index
        assert len(ticks(window)) == len(page.goals)
        window.parts.lesson.next.click()
    assert window.parts.lesson.lesson is None, "after the last step the lesson ends"
    assert not window.parts.lesson.isVisible()


def test_the_first_lesson_is_worked_through_step_by_step(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    session, panel = window.session, window.parts.lesson
    begin(qtbot, window, lesson("L1"))
    run, file = session.run, tmp_path / "mine.playground.json"

    def keep() -> None:
        session.save(file)
        assert ticks(window) == [True, False, False]
        assert window.documents.open(file)
        assert ticks(window) == [True, True, False]
        window.parts.curves.tabs.setCurrentWidget(window.parts.curves.code)

    def faster() -> None:
        session.set_value(RATE, 0.1)
        assert ticks(window)[0]
        run.reset()
        train_until_done(qtbot, window)

    def by_torch() -> None:
        session.set_value("training.engine", "torch")
        train_until_done(qtbot, window)

    deeds: list[Callable[[], None]] = [
        lambda: step_epochs(window, 10),
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
    step_epochs(window, 10)
    qtbot.waitUntil(window.parts.lesson.is_done, timeout=WAIT)
    window.session.run.reset()
    first_picture(qtbot, window)
    assert ticks(window) == [True]
    window.parts.lesson.next.click()
    window.parts.lesson.back.click()
    assert ticks(window) == [True]


def test_a_race_of_a_lesson_is_run_in_its_window(qtbot: QtBot, window: MainWindow) -> None:
    begin(qtbot, window, lesson("L2"), step=2)
    assert ticks(window) == [False]
    window.parts.lesson.race.click()
    qtbot.waitUntil(window.parts.lesson.is_done, timeout=WAIT)
    comparison = window.windows.comparison
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
    window.parts.lesson.leave.click()
    assert session.experiment.model_copy(update={"view": before.view}) == before
    assert session.run.run_id == run
    assert session.run.snapshot.epoch == snapshot.epoch
    assert session.run.snapshot.train == snapshot.train
    assert session.undo_stack.undoText() == "change learning rate"
    assert not window.parts.lesson.isVisible()
    assert window.parts.features.isVisible()
    session.undo_stack.undo()
    assert session.experiment.training.optimizer.learning_rate == 0.01


def test_leaving_brings_back_what_was_hidden_before_the_first_lesson(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.session.set_view("hidden", ("curves",))
    window.session.replace(window.session.experiment)
    for key in ("L1", "L2"):
        begin(qtbot, window, lesson(key))
    assert not window.parts.curves.isHidden()
    window.parts.lesson.leave.click()
    assert window.session.experiment.view.hidden == ("curves",)
    assert window.parts.curves.isHidden()


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
    assert "This lesson keeps 'data'" in window.notices.notice.text()
    window.parts.lesson.leave.click()
    for key in ("data", "training.batch_size"):
        assert parts[key].widget.isEnabled()
    window.session.set_value("data.noise", 0.3)
    assert window.session.experiment.data.noise == 0.3


def new(window: MainWindow, folder: Path) -> None:
    choose(window, "New")


def new_by_key(window: MainWindow, folder: Path) -> None:
    press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)


def open_project(window: MainWindow, folder: Path) -> None:
    save(Experiment(), folder / "other.playground.json")
    window.documents.bring([folder / "other.playground.json"])


def open_table(window: MainWindow, folder: Path) -> None:
    (folder / "table.csv").write_text("a,b,kind\n" + "1,2,x\n3,4,y\n" * 5, encoding="utf-8")
    window.documents.open(folder / "table.csv")


def paste_link(window: MainWindow, folder: Path) -> None:
    QGuiApplication.clipboard().setText(to_link(Experiment()))
    choose(window, "Paste")


@pytest.mark.parametrize(
    "replace", [new, new_by_key, open_project, open_table, paste_link], ids=lambda way: way.__name__
)
def test_another_document_ends_the_lesson(
    qtbot: QtBot,
    window: MainWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    replace: Callable[[MainWindow, Path], None],
) -> None:
    locked = Lesson.parse({**lesson("L1").plain(), "locked": ["data", "training.batch_size"]})
    window.resize(1280, 720)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    begin(qtbot, window, locked)
    assert window.parts.features.isHidden()
    monkeypatch.setattr(window.documents, "may_leave", lambda *_: False)
    replace(window, tmp_path)
    assert window.parts.lesson.lesson is locked, "what would be lost is asked about first"
    monkeypatch.setattr(window.documents, "may_leave", lambda *_: True)
    replace(window, tmp_path)
    assert window.parts.lesson.lesson is None
    assert not window.parts.lesson.isVisible()
    assert window.parts.data.isVisible()
    assert window.session.experiment.view.hidden == ()
    assert not window.menuBar().cornerWidget().isVisible(), "nothing is hidden any more"
    assert replace is open_table or not window.parts.features.isHidden()
    assert all(part.widget.isEnabled() for part in window.hiding.parts.values() if part.is_area)
    window.session.set_value("data.seed", 5)
    assert window.session.experiment.data.seed == 5, "nothing is locked any more"
    first_picture(qtbot, window)


def test_one_lesson_takes_the_place_of_another(qtbot: QtBot, window: MainWindow) -> None:
    begin(qtbot, window, lesson("L1"))
    begin(qtbot, window, lesson("L2"))
    assert window.parts.lesson.lesson is lesson("L2")
    assert window.session.experiment.view.hidden == (), "only the first one hides something"


def test_opening_what_a_step_asks_for_goes_on_with_the_lesson(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    """What the lesson hides stays hidden, and what is locked stays locked."""
    hiding = Lesson.parse(
        {
            **lesson("L1").plain(),
            "locked": ["data"],
            "steps": [
                {"text": "Open it.", "goals": [{"kind": "act", "act": "open"}]},
                {"text": "Train.", "goals": [{"kind": "epoch", "at_least": 1}]},
            ],
        }
    )
    begin(qtbot, window, hiding)
    open_project(window, tmp_path)
    assert window.parts.lesson.reached() == (True,)
    assert window.parts.features.isHidden()
    before = window.session.experiment
    window.session.set_value("data.seed", 5)
    assert window.session.experiment == before
    window.parts.lesson.next.click()
    window.session.undo_stack.setClean()
    window.session._saved_view = window.session.experiment.view
    open_project(window, tmp_path)
    assert window.parts.lesson.lesson is None, "this step asks for something else"
    assert not window.parts.features.isHidden()


def test_locks_hold_through_an_edit_that_fails(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = Lesson.parse({**lesson("L1").plain(), "locked": ["data"]})
    begin(qtbot, window, locked)

    def fail(*_: object) -> None:
        raise RuntimeError("an edit that fails")

    with monkeypatch.context() as broken:
        broken.setattr(window.session.undo_stack, "add", fail)
        with pytest.raises(RuntimeError):
            window.session.use_experiment(locked.experiment("ten times faster"), "open")
    before = window.session.experiment
    window.session.set_value("data.noise", 0.3)
    assert window.session.experiment is before
    assert window.session.locked == ("data",)


def test_a_lesson_takes_the_side_column_of_a_narrow_window_and_gives_it_back(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.resize(1280, 720)
    begin(qtbot, window, lesson("L2"))
    assert window.parts.lesson.isVisible()
    assert not window.parts.data.isVisible()
    window.parts.lesson.leave.click()
    assert window.parts.data.isVisible()


@pytest.mark.parametrize(("key", "step"), [("L3", 2), ("L4", 7), ("L5", 9)])
def test_the_experiment_of_a_step_is_opened_at_its_start(
    qtbot: QtBot, window: MainWindow, key: str, step: int
) -> None:
    opened = lesson(key)
    begin(qtbot, window, opened, step=step)
    window.parts.lesson.start.click()
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


@pytest.mark.parametrize("rate", [0.01, 0.02], ids=["unchanged", "another rate"])
@pytest.mark.parametrize("goes_on", [False, True], ids=["paused", "training"])
def test_the_experiment_that_is_open_already_begins_anew(
    qtbot: QtBot, window: MainWindow, goes_on: bool, rate: float
) -> None:
    begin(qtbot, window, lesson("L1"))
    session = window.session
    session.run.set_speed(100.0)
    session.set_value(RATE, rate)
    step_epochs(window, 3)
    qtbot.waitUntil(lambda: session.run.snapshot.epoch == 3, timeout=WAIT)
    if goes_on:
        session.run.resume()
    run = session.run.run_id
    window.parts.lesson.start.click()
    assert session.run.run_id == run + 1
    assert not session.run.is_training
    first_picture(qtbot, window)
    assert session.run.snapshot.epoch == 0
    assert session.experiment == lesson("L1").experiment()
    window.parts.lesson.leave.click()


def test_goals_lead_to_the_settings_that_they_wait_for_in_a_low_window(
    qtbot: QtBot, window: MainWindow
) -> None:
    """There the form of training is folded away, and most settings stand behind More anyway."""
    window.resize(1280, 720)
    led = set()
    for opened in LESSONS:
        begin(qtbot, window, opened)
        assert window.parts.training.is_folded
        for index in range(len(opened.steps)):
            window.parts.lesson.show_step(index)
            window.guide.facts.begin()
            QApplication.processEvents()
            for row in window.parts.lesson.rows:
                if row.show_me.isVisible():
                    row.show_me.click()
                    QApplication.processEvents()
                    popup, control = QApplication.activePopupWidget(), QApplication.focusWidget()
                    assert popup is not None, (opened.key, index)
                    assert control is not None
                    assert popup.isAncestorOf(control), (opened.key, index)
                    assert not control.visibleRegion().isEmpty()
                    led.add((opened.key, index, control.accessibleName()))
                    popup.close()
    assert ("L1", 4, "Learning rate") in led
    assert ("L2", 4, "Schedule") in led
    assert ("L4", 5, "Jitter") in led
    assert len(led) > 8
