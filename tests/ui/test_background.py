"""Work in the background ends in exactly one way: done, refused, broken, or stopped."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from playground.core.errors import DataError
from playground.core.tables.reading import Progress
from playground.ui.importing import Job

WAIT = 20_000


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
    is_at_work, is_over = threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        is_at_work.set()
        while not is_over.is_set():
            progress(0.0)

    job = Job(work, owner)
    with (
        qtbot.assertNotEmitted(job.succeeded, wait=50),
        qtbot.assertNotEmitted(job.failed, wait=50),
    ):
        job.start()
        assert is_at_work.wait(WAIT / 1_000)
        job.stop()
        has_ended = job.isFinished()
        is_over.set()
    assert has_ended
    job.wait()


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
    assert not job.stop()
    Shiboken.delete(owner)
    assert job.isRunning()
    with qtbot.waitSignal(job.destroyed, timeout=WAIT):
        may_end.set()
    assert heard == []
