"""Work in the background ends in exactly one way: done, refused, broken, or stopped."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from playground.core.errors import DataError
from playground.core.tables.reading import Progress
from playground.ui import threads
from playground.ui.importing import Job
from tests.ui.going import goes

WAIT = 20_000


class Heard(QObject):
    """How often something was heard, on the thread of the window."""

    count = 0

    @Slot(object, object)
    @Slot(object, str)
    def note(self, *what: object) -> None:
        self.count += 1


@pytest.fixture
def owner(qapp: object) -> QObject:
    return QObject()


def test_the_result_comes_back_with_its_job(qtbot: QtBot, owner: QObject) -> None:
    job = Job(lambda progress: threading.current_thread(), owner)
    with qtbot.waitSignal(job.succeeded, timeout=WAIT) as caught:
        job.start()
    assert caught.args[0] is job
    assert caught.args[1] is not threading.current_thread()
    job.wait()


def test_progress_is_told_in_steps_that_can_be_seen(qtbot: QtBot, owner: QObject) -> None:
    def work(progress: Progress) -> None:
        for step in range(10_001):
            progress(step / 10_000)

    job = Job(work, owner)
    told: list[float] = []
    job.progressed.connect(lambda job, fraction: told.append(fraction))
    with qtbot.waitSignal(job.succeeded, timeout=WAIT):
        job.start()
    assert told == sorted(told)
    assert 50 < len(told) <= 100
    job.wait()


def test_a_refusal_is_its_sentence(qtbot: QtBot, owner: QObject) -> None:
    def work(progress: Progress) -> None:
        raise DataError("There is nothing here.")

    job = Job(work, owner)
    with qtbot.waitSignal(job.failed, timeout=WAIT) as caught:
        job.start()
    assert caught.args[1] == "There is nothing here."
    job.wait()


def test_a_bug_is_reported_and_keeps_its_traceback(
    qtbot: QtBot, owner: QObject, capsys: pytest.CaptureFixture[str]
) -> None:
    job = Job(lambda progress: 1 / 0, owner)
    with qtbot.waitSignal(job.failed, timeout=WAIT) as caught:
        job.start()
    assert "unexpected error: division by zero" in caught.args[1]
    assert "Traceback" in capsys.readouterr().err
    job.wait()


def test_stopped_work_ends_without_a_word(qtbot: QtBot, owner: QObject) -> None:
    is_at_work = threading.Event()

    def work(progress: Progress) -> None:
        is_at_work.set()
        while True:
            progress(0.0)

    job, heard = Job(work, owner), Heard()
    job.succeeded.connect(heard.note)
    job.failed.connect(heard.note)
    with goes(qtbot, job):
        job.start()
        assert is_at_work.wait(WAIT / 1_000)
        job.stop()
    assert heard.count == 0
    job.stop()  # it is no more, and that is no fault


def test_to_stop_waits_for_nobody(qtbot: QtBot, owner: QObject) -> None:
    is_at_work, may_end, heard = threading.Event(), threading.Event(), Heard()

    def work(progress: Progress) -> None:
        is_at_work.set()
        may_end.wait(WAIT / 1_000)

    job = Job(work, owner)
    job.succeeded.connect(heard.note)
    job.start()
    assert is_at_work.wait(WAIT / 1_000)
    job.stop()
    assert job.isRunning(), "the work has not even looked up"
    with goes(qtbot, job):
        may_end.set()
    assert heard.count == 0


@pytest.mark.parametrize("error", [DataError("Too late."), ValueError("Too late.")])
def test_what_goes_wrong_after_the_stop_is_no_answer(
    qtbot: QtBot, owner: QObject, error: Exception
) -> None:
    is_at_work, may_end, heard = threading.Event(), threading.Event(), Heard()

    def work(progress: Progress) -> None:
        is_at_work.set()
        may_end.wait(WAIT / 1_000)
        raise error

    job = Job(work, owner)
    job.failed.connect(heard.note)
    job.start()
    assert is_at_work.wait(WAIT / 1_000)
    job.stop()
    with goes(qtbot, job):
        may_end.set()
    assert heard.count == 0


def test_a_job_ends_with_its_owner(qtbot: QtBot) -> None:
    owner, is_at_work = QObject(), threading.Event()

    def work(progress: Progress) -> None:
        is_at_work.set()
        while True:
            progress(0.0)

    job = Job(work, owner)
    job.start()
    assert is_at_work.wait(WAIT / 1_000)
    with goes(qtbot, job):
        Shiboken.delete(owner)


def test_work_that_does_not_listen_outlives_its_owner(qtbot: QtBot) -> None:
    owner, may_end = QObject(), threading.Event()
    is_at_work, heard = threading.Event(), []

    def work(progress: Progress) -> None:
        is_at_work.set()
        may_end.wait(WAIT / 1_000)

    job = Job(work, owner)
    job.succeeded.connect(lambda *_: heard.append("succeeded"))
    job.start()
    assert is_at_work.wait(WAIT / 1_000)
    job.stop()
    Shiboken.delete(owner)
    assert job.isRunning()
    with goes(qtbot, job):
        may_end.set()
    assert heard == []


def test_what_writes_a_file_is_let_to_its_end(qtbot: QtBot) -> None:
    """Neither closing the window nor quitting breaks off what a person has asked to be written."""
    owner, may_end = QObject(), threading.Event()
    is_at_work, written = threading.Event(), []

    def work(progress: Progress) -> None:
        is_at_work.set()
        may_end.wait(WAIT / 1_000)
        progress(1.0)
        written.append("all of it")

    job = Job(work, owner, writes=True)
    job.start()
    assert is_at_work.wait(WAIT / 1_000)
    job.stop()
    Shiboken.delete(owner)
    threading.Timer(0.1, may_end.set).start()
    assert threads.have_ended()
    assert written == ["all of it"]
