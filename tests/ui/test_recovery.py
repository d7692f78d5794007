"""After a crash: what a window held comes back the person's way, and nothing of a living one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.core.data.points import Points
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import save
from playground.core.lessons.lesson_files import find
from playground.engines.recovery_file import read
from playground.engines.recovery_folder import RecoveryFolder
from playground.ui import language
from playground.ui.app import keep, make_application, make_window
from playground.ui.session.recovery import Recovery
from playground.ui.session.restore_dialog import RestoreDialog
from playground.ui.window.main_window import MainWindow
from tests.ui.answers import Answers, escapes, presses
from tests.ui.whole_window import SMALL, WAIT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(autouse=True)
def _nobody_answers_behind_the_test() -> Iterator[None]:
    yield
    Answers.leave()


SOON = 20
POINTS = Points.of([[-3, 1], [-2, 2], [3, -1], [2, -2]], [0, 0, 1, 1])


@pytest.fixture
def folder(tmp_path: Path) -> RecoveryFolder:
    return RecoveryFolder(tmp_path / "state")


@contextmanager
def started(qtbot: QtBot, folder: RecoveryFolder) -> Iterator[tuple[MainWindow, Recovery]]:
    """A window as `playground` starts it; at the end it is gone as in a crash."""
    make_application()
    window = make_window()
    window.session.replace(Experiment.parse(SMALL))
    window.show()
    recovery = keep(window, folder, SOON)
    qtbot.waitUntil(lambda: window.session.run.snapshot is not None, timeout=WAIT)
    try:
        yield window, recovery
    finally:
        crash(recovery)
        window.session.undo_stack.setClean()
        window.documents.may_leave = lambda: True  # type: ignore[method-assign]
        window.close()
        window.deleteLater()


def crash(recovery: Recovery) -> None:
    """What the end of a process does to locks and timers, without the end of the process."""
    recovery._timer.stop()
    recovery._wait()
    if recovery._place is not None:
        recovery._place.release()
    for dialog in recovery._guide.panel.window().findChildren(RestoreDialog):
        dialog.reject()


def kept(folder: RecoveryFolder) -> list[Path]:
    return sorted(folder.path.glob("*.safetensors"))


def when_kept(qtbot: QtBot, recovery: Recovery) -> None:
    """Wait for the timer that a change has started, and for the writing."""
    qtbot.waitUntil(lambda: not recovery._timer.isActive(), timeout=WAIT)
    recovery._wait()


def offered(qtbot: QtBot, window: MainWindow, recovery: Recovery) -> RestoreDialog:
    """The dialog, once it has the keys."""
    qtbot.waitUntil(lambda: not window.findChildren(RestoreDialog), timeout=WAIT)
    recovery.offer()
    (dialog,) = window.findChildren(RestoreDialog)
    qtbot.waitUntil(dialog.isActiveWindow, timeout=WAIT)
    return dialog


def train(qtbot: QtBot, window: MainWindow) -> None:
    run = window.session.run
    run.toggle()
    qtbot.waitUntil(lambda: run.snapshot.epoch >= 3, timeout=WAIT)


def test_work_comes_back_after_a_crash(
    qtbot: QtBot, folder: RecoveryFolder, tmp_path: Path
) -> None:
    project = tmp_path / "mine.playground.json"
    save(Experiment.parse(SMALL | {"title": "Mine"}), project)
    with started(qtbot, folder) as (window, recovery):
        window.documents.open(project)
        qtbot.waitUntil(lambda: window.session.run.snapshot is not None, timeout=WAIT)
        window.session.edit_points(POINTS, "paint")
        window.guide.resume(find("L1"), 2, [(0, 0), (2, 0)])
        train(qtbot, window)
        when_kept(qtbot, recovery)
        before, weights = window.session.experiment, window.session.run.snapshot.weights
    with started(qtbot, folder) as (window, recovery):
        dialog = offered(qtbot, window, recovery)
        (row,) = dialog.rows
        assert row.outline.title == "Mine"
        assert "4 points · trained to epoch 3 · step 3 of a lesson" in row._words.text()
        assert dialog.focusWidget() is row.restore
        QTest.keyClick(row.restore, Qt.Key.Key_Space)
        session = window.session
        assert session.experiment == before
        assert session.is_modified, "what is restored counts as unsaved"
        assert not session.undo_stack.canUndo()
        assert session.path == project
        assert (window.parts.lesson.lesson, window.parts.lesson.step) == (find("L1"), 2)
        assert {(0, 0), (2, 0)} <= set(window.parts.lesson.reached_goals)
        assert "trained to epoch 3" in window.notices.notice.text()
        qtbot.waitUntil(
            lambda: (
                session.run.snapshot is not None
                and all(
                    np.array_equal(session.run.snapshot.weights[n], w) for n, w in weights.items()
                )
            ),
            timeout=WAIT,
        )
        assert session.unsaved.is_worth_asking()
        # The file goes on being that of this window, and says how far the weights are trained.
        when_kept(qtbot, recovery)
        (path,) = kept(folder)
        assert read(path).epoch == 3
        assert session.path == project


def test_a_second_crash_before_the_weights_are_back_loses_nothing(
    qtbot: QtBot, folder: RecoveryFolder
) -> None:
    with started(qtbot, folder) as (window, recovery):
        train(qtbot, window)
        when_kept(qtbot, recovery)
        weights = window.session.run.snapshot.weights
    with started(qtbot, folder) as (window, recovery):
        dialog = offered(qtbot, window, recovery)
        QTest.keyClick(dialog.rows[0].restore, Qt.Key.Key_Space)
        recovery.keep_now()  # the first picture of the restored network has not come yet
    again = read(kept(folder)[0])
    assert again.epoch == 3
    assert all(np.array_equal(again.weights[name], array) for name, array in weights.items())


def test_a_living_window_is_not_offered_and_a_clean_end_leaves_nothing(
    qtbot: QtBot, folder: RecoveryFolder
) -> None:
    with started(qtbot, folder) as (window, recovery):
        window.session.edit_points(POINTS, "paint")
        when_kept(qtbot, recovery)
        assert len(kept(folder)) == 1
        assert folder.left_behind() == ([], []), "locked by its window"
        recovery.end()
        assert list(folder.path.iterdir()) == []


def test_what_is_saved_is_not_kept(qtbot: QtBot, folder: RecoveryFolder, tmp_path: Path) -> None:
    with started(qtbot, folder) as (window, recovery):
        window.session.edit_points(POINTS, "paint")
        when_kept(qtbot, recovery)
        project = tmp_path / "x.playground.json"
        window.session.save(project)
        when_kept(qtbot, recovery)
        assert kept(folder) == []
        train(qtbot, window)  # a project holds no weights
        when_kept(qtbot, recovery)
        assert len(kept(folder)) == 1
        window.session.save(project)
        recovery._wait()
        assert read(kept(folder)[0]).when >= project.stat().st_mtime, "else Save would ask later"
        window.documents.networks.write(tmp_path / "x.safetensors")
        assert kept(folder) == [], "both are saved: after a crash there would be nothing to restore"


def test_later_keeps_and_discard_removes_when_the_dialog_closes(
    qtbot: QtBot, folder: RecoveryFolder
) -> None:
    with started(qtbot, folder) as (window, recovery):
        window.session.edit_points(POINTS, "paint")
        when_kept(qtbot, recovery)
    with started(qtbot, folder) as (window, recovery):
        dialog = offered(qtbot, window, recovery)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert len(kept(folder)) == 1
        dialog = offered(qtbot, window, recovery)
        QTest.keyClick(dialog.rows[0].discard, Qt.Key.Key_Space)
        assert dialog.rows[0]._title.font().strikeOut()
        assert dialog.later.text() == "Close"
        assert dialog.later.isDefault(), "what Return does can be done"
        QTest.keyClick(dialog.rows[0].discard, Qt.Key.Key_Space)  # a slip of the hand
        assert not dialog.rows[0]._title.font().strikeOut()
        assert dialog.later.text() == "Later"
        assert dialog.rows[0].restore.isDefault()
        QTest.keyClick(dialog.later, Qt.Key.Key_Space)
        assert len(kept(folder)) == 1
        dialog = offered(qtbot, window, recovery)
        QTest.keyClick(dialog.rows[0].discard, Qt.Key.Key_Space)
        QTest.keyClick(dialog.later, Qt.Key.Key_Space)
        assert kept(folder) == []


@pytest.mark.parametrize("title", ["long name " * 18, "long" * 45])
def test_what_has_a_long_name_can_be_restored_with_the_pointer(
    qtbot: QtBot, folder: RecoveryFolder, title: str
) -> None:
    with started(qtbot, folder) as (window, recovery):
        window.session.replace(Experiment.parse(SMALL | {"title": title}))
        window.session.edit_points(POINTS, "paint")
        when_kept(qtbot, recovery)
    with started(qtbot, folder) as (window, recovery):
        (row,) = offered(qtbot, window, recovery).rows
        for button in (row.restore, row.discard):
            assert button.visibleRegion().boundingRect() == button.rect(), "in sight as a whole"
        assert title in row._title.toolTip()


def test_restoring_asks_before_it_replaces_what_is_open(
    qtbot: QtBot, folder: RecoveryFolder
) -> None:
    with started(qtbot, folder) as (window, recovery):
        window.session.edit_points(POINTS, "paint")
        when_kept(qtbot, recovery)
    with started(qtbot, folder) as (window, recovery):
        dialog = offered(qtbot, window, recovery)
        window.session.set_value("training.seed", 7)
        before = window.session.experiment
        person = Answers(presses("Cancel"))
        QTest.keyClick(dialog.rows[0].restore, Qt.Key.Key_Space)
        assert "Unsaved changes" in person.said[0]
        assert window.session.experiment is before
        assert dialog.isVisible()
        assert len(dialog.rows) == 1


def test_a_file_that_was_written_since_is_asked_about(
    qtbot: QtBot, folder: RecoveryFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "mine.playground.json"
    save(Experiment.parse(SMALL), project)
    with started(qtbot, folder) as (window, recovery):
        window.documents.open(project)
        window.session.edit_points(POINTS, "paint")
        when_kept(qtbot, recovery)
    save(Experiment(title="By somebody else"), project)
    content = project.read_bytes()
    with started(qtbot, folder) as (window, recovery):
        QTest.keyClick(offered(qtbot, window, recovery).rows[0].restore, Qt.Key.Key_Space)
        assert (
            "mine.playground.json was written after this was kept" in window.notices.notice.text()
        )
        person = Answers(escapes, escapes)
        action(window, "Save").trigger()
        assert "is there already. Replace it?" in person.said[0]
        assert project.read_bytes() == content


def action(window: MainWindow, words: str) -> QAction:
    return next(one for one in window.findChildren(QAction) if one.text() == words)


def test_damaged_files_are_set_aside_in_one_sentence(qtbot: QtBot, folder: RecoveryFolder) -> None:
    with started(qtbot, folder) as (window, recovery):
        window.session.edit_points(POINTS, "paint")
        when_kept(qtbot, recovery)
    (path,) = kept(folder)
    path.write_bytes(path.read_bytes()[:-3])
    with started(qtbot, folder) as (window, recovery):
        recovery.offer()
        assert window.findChildren(RestoreDialog) == []
        assert "was damaged and cannot be restored" in window.notices.notice.text()
        assert [place.suffix for place in folder.path.iterdir()] == [".damaged"]


def test_the_sentence_about_a_damaged_file_is_there_after_another_was_restored(
    qtbot: QtBot, folder: RecoveryFolder
) -> None:
    with started(qtbot, folder) as (window, recovery):
        window.session.edit_points(POINTS, "paint")
        when_kept(qtbot, recovery)
    (path,) = kept(folder)
    path.with_name("20260101-000000-0.safetensors").write_bytes(path.read_bytes()[:-3])
    with started(qtbot, folder) as (window, recovery):
        (row,) = offered(qtbot, window, recovery).rows
        QTest.keyClick(row.restore, Qt.Key.Key_Space)
        assert "is restored. A recovery file was damaged" in window.notices.notice.text()


def test_weights_of_another_network_are_refused_in_a_sentence(
    qtbot: QtBot, folder: RecoveryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with started(qtbot, folder) as (window, recovery):
        train(qtbot, window)
        when_kept(qtbot, recovery)
    with started(qtbot, folder) as (window, recovery):
        dialog = offered(qtbot, window, recovery)
        place = dialog.rows[0].place
        other = read(place.path)
        model = {"layers": [{"kind": "linear", "units": 9}]}
        place.write(
            type(other)(
                experiment=Experiment.parse(SMALL | {"model": model}),
                title="Odd",
                when=other.when,
                epoch=3,
                weights=other.weights,
            )
        )
        QTest.keyClick(dialog.rows[0].restore, Qt.Key.Key_Space)
        qtbot.waitUntil(
            lambda: "belongs to another network" in window.notices.notice.text(), timeout=WAIT
        )


def test_the_dialog_is_japanese_in_a_japanese_window(qtbot: QtBot, folder: RecoveryFolder) -> None:
    with started(qtbot, folder) as (window, recovery):
        train(qtbot, window)
        when_kept(qtbot, recovery)
    try:
        with started(qtbot, folder) as (window, recovery):
            language.use("ja")
            dialog = offered(qtbot, window, recovery)
            assert dialog.windowTitle() == "復元"
            assert dialog.rows[0].restore.text() == "復元"
            assert "エポック3まで学習" in dialog.rows[0]._words.text()
    finally:
        language.use("en")


def test_writing_that_fails_is_said_once(
    qtbot: QtBot, folder: RecoveryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.path.parent.mkdir(exist_ok=True)
    folder.path.write_text("a file where the folder should be")
    with started(qtbot, folder) as (window, recovery):
        said: list[str] = []
        monkeypatch.setattr(window.notices, "warn", said.append)
        for seed in (1, 2, 3):
            window.session.set_value("training.seed", seed)
            recovery.keep_now()
        qtbot.waitUntil(lambda: bool(said), timeout=WAIT)
        recovery.keep_now()
        QApplication.processEvents()
        assert len(said) == 1
        assert "cannot be made" in said[0]


def test_a_session_that_ends_keeps_first_and_asks_then(
    qtbot: QtBot, folder: RecoveryFolder
) -> None:
    from playground.ui.app import _Place

    class Manager:
        """What Qt hands over when the computer is shut down."""

        def __init__(self) -> None:
            self.told: list[str] = []

        def allowsInteraction(self) -> bool:
            return True

        def release(self) -> None:
            self.told.append("release")

        def cancel(self) -> None:
            self.told.append("cancel")

    with started(qtbot, folder) as (window, recovery):
        place = _Place(window, recovery)
        window.session.edit_points(POINTS, "paint")
        manager, seen = Manager(), set[int]()
        person = Answers(lambda dialog: (seen.add(len(kept(folder))), escapes(dialog)))
        place.on_session_ends(manager)  # type: ignore[arg-type]
        assert (manager.told, seen, person.left) == (["cancel"], {1}, 0)
        person = Answers(presses("Discard"))
        place.on_session_ends(manager)  # type: ignore[arg-type]
        assert manager.told == ["cancel", "release"]
        assert kept(folder) == []
        assert QApplication.activeModalWidget() is None
