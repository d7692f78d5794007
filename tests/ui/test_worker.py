"""Work of a worker ends in exactly one way: done, refused, broken, or stopped."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from playground.core.data.tables.reading import Progress
from playground.core.errors import DataError
from playground.engines.contract.control import Control, Post
from playground.ui.session import threads
from playground.ui.session.worker import Worker, with_progress
from tests.ui.going import goes

WAIT = 20_000


class Heard(QObject):
    """What was heard of a worker, on the thread of the window."""

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self.posted: list[object] = []
        self.ends: list[object] = []
        worker.posted.connect(self.on_posted)
        worker.finished.connect(self.on_end)
        worker.failed.connect(self.on_end)

    @Slot(object)
    def on_posted(self, found: object) -> None:
        assert threading.current_thread() is threading.main_thread()
        self.posted.append(found)

    @Slot(object)
    @Slot(str)
    def on_end(self, end: object) -> None:
        assert threading.current_thread() is threading.main_thread()
        self.ends.append(end)


class Gate:
    """Work that waits for the test, and looks at nothing meanwhile."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.is_at_work, self.may_end, self.error = threading.Event(), threading.Event(), error

    def __call__(self, control: Control, post: Post) -> str:
        self.is_at_work.set()
        self.may_end.wait(WAIT / 1_000)
        if self.error is not None:
            raise self.error
        return "done"

    def begin(self, worker: Worker) -> threads.Thread:
        """Start, and come back once it is at work."""
        worker.start(self, Control())
        assert self.is_at_work.wait(WAIT / 1_000)
        assert worker._thread is not None
        return worker._thread


def at_every_look(is_at_work: threading.Event, progress: Progress) -> None:
    is_at_work.set()
    while True:
        progress(0.0)


@pytest.fixture
def owner(qapp: object) -> QObject:
    return QObject()


@pytest.fixture
def worker(owner: QObject) -> Worker:
    return Worker(owner, "work")


def test_the_result_comes_back_to_the_thread_of_the_window(qtbot: QtBot, worker: Worker) -> None:
    heard = Heard(worker)
    with qtbot.waitSignal(worker.finished, timeout=WAIT) as caught:
        worker.start(lambda control, post: threading.current_thread(), Control())
        assert worker.is_busy
    assert caught.args[0] is not threading.current_thread()
    assert len(heard.ends) == 1
    assert not worker.is_busy


def test_who_waits_has_heard_the_end(worker: Worker) -> None:
    heard, gate = Heard(worker), Gate()
    gate.begin(worker)
    worker.wait(0.0)
    assert worker.is_busy
    gate.may_end.set()
    worker.wait(WAIT / 1_000)
    assert heard.ends == ["done"]
    assert not worker.is_busy


def test_progress_is_told_in_steps_that_can_be_seen() -> None:
    def work(progress: Progress) -> None:
        for step in range(10_001):
            progress(step / 10_000)

    told: list[float] = []
    with_progress(work)(Control(), told.append)  # type: ignore[arg-type]
    assert told == sorted(told)
    assert 50 < len(told) <= 100


def test_a_refusal_is_its_sentence(qtbot: QtBot, worker: Worker) -> None:
    def work(progress: Progress) -> None:
        raise DataError("There is nothing here.")

    with qtbot.waitSignal(worker.failed, timeout=WAIT) as caught:
        worker.start(with_progress(work), Control())
    assert caught.args[0] == "There is nothing here."


def test_a_bug_is_reported_and_keeps_its_traceback(
    qtbot: QtBot, worker: Worker, capsys: pytest.CaptureFixture[str]
) -> None:
    with qtbot.waitSignal(worker.failed, timeout=WAIT) as caught:
        worker.start(lambda control, post: 1 / 0, Control())
    assert "unexpected error: division by zero" in caught.args[0]
    assert "Traceback" in capsys.readouterr().err


def test_stopped_work_ends_without_a_word(qtbot: QtBot, worker: Worker) -> None:
    is_at_work, heard = threading.Event(), Heard(worker)
    worker.start(with_progress(lambda progress: at_every_look(is_at_work, progress)), Control())
    thread = worker._thread
    assert thread is not None
    with goes(qtbot, thread):
        assert is_at_work.wait(WAIT / 1_000)
        worker.stop()
    assert heard.ends == []
    worker.stop()  # it is no more, and that is no fault


def test_work_whose_control_is_stopped_by_another_hand_has_finished(
    qtbot: QtBot, worker: Worker
) -> None:
    """As a person does who wants no more of it: the window hears that it is over."""
    is_at_work, heard, control = threading.Event(), Heard(worker), Control()
    with qtbot.waitSignal(worker.finished, timeout=WAIT):
        worker.start(with_progress(lambda progress: at_every_look(is_at_work, progress)), control)
        assert is_at_work.wait(WAIT / 1_000)
        control.stop()
    assert heard.ends == [None]


def test_to_post_ends_work_that_nobody_waits_for(qtbot: QtBot, worker: Worker) -> None:
    """So a short piece of work need not ask whether it was stopped."""
    gate, done = Gate(), []

    def work(control: Control, post: Post) -> None:
        gate(control, post)
        post("late")
        done.append("all of it")

    worker.start(work, Control())
    thread = worker._thread
    assert thread is not None
    assert gate.is_at_work.wait(WAIT / 1_000)
    worker.stop()
    with goes(qtbot, thread):
        gate.may_end.set()
    assert done == []


def test_to_stop_waits_for_nobody(qtbot: QtBot, worker: Worker) -> None:
    gate, heard = Gate(), Heard(worker)
    thread = gate.begin(worker)
    worker.stop()
    assert thread.isRunning(), "the work has not even looked up"
    with goes(qtbot, thread):
        gate.may_end.set()
    assert heard.ends == []


@pytest.mark.parametrize("error", [DataError("Too late."), ValueError("Too late.")])
def test_what_goes_wrong_after_the_stop_is_no_answer(
    qtbot: QtBot, worker: Worker, error: Exception
) -> None:
    gate, heard = Gate(error), Heard(worker)
    thread = gate.begin(worker)
    worker.stop()
    with goes(qtbot, thread):
        gate.may_end.set()
    assert heard.ends == []


def test_work_ends_with_its_owner(qtbot: QtBot) -> None:
    owner, is_at_work = QObject(), threading.Event()
    worker = Worker(owner, "work")
    worker.start(with_progress(lambda progress: at_every_look(is_at_work, progress)), Control())
    thread = worker._thread
    assert thread is not None
    assert is_at_work.wait(WAIT / 1_000)
    with goes(qtbot, thread):
        Shiboken.delete(owner)


def test_another_start_takes_the_place_of_the_work_under_way(qtbot: QtBot, worker: Worker) -> None:
    """It begins at once, however long the other one does not look up, and is the one heard of."""
    gate, heard = Gate(), Heard(worker)
    thread = gate.begin(worker)
    with qtbot.waitSignal(worker.finished, timeout=WAIT):
        worker.start(lambda control, post: "newer", Control())
    with goes(qtbot, thread):
        gate.may_end.set()
    assert heard.ends == ["newer"]


def test_in_turn_only_the_newest_start_follows_on_the_same_thread(
    qtbot: QtBot, owner: QObject
) -> None:
    worker, gate, begun = Worker(owner, "work", in_turn=True), Gate(), []
    heard = Heard(worker)

    def work(number: int) -> object:
        begun.append(number)
        return threading.current_thread()

    thread = gate.begin(worker)
    for number in range(3):
        worker.start(lambda control, post, number=number: work(number), Control())
    assert worker._thread is thread
    assert begun == []
    with goes(qtbot, thread):
        gate.may_end.set()
    assert begun == [2]
    assert len(heard.ends) == 1
    with qtbot.waitSignal(worker.finished, timeout=WAIT):
        worker.start(lambda control, post: work(3), Control())  # its thread has ended meanwhile
    assert begun == [2, 3]


def test_what_writes_a_file_is_let_to_its_end(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither closing the window nor quitting breaks off what a person has asked to be written."""
    monkeypatch.setattr(threads, "LAST_SECONDS", 0.0)
    owner, may_end = QObject(), threading.Event()
    is_at_work, written = threading.Event(), []

    def work(progress: Progress) -> None:
        is_at_work.set()
        may_end.wait(WAIT / 1_000)
        progress(1.0)
        written.append("all of it")

    worker = Worker(owner, "work", writes=True)
    worker.start(with_progress(work), Control())
    assert is_at_work.wait(WAIT / 1_000)
    worker.stop()
    Shiboken.delete(owner)
    threading.Timer(0.1, may_end.set).start()
    assert threads.have_ended()
    assert written == ["all of it"]


def test_two_that_write_are_both_heard_of(qtbot: QtBot, owner: QObject) -> None:
    worker, first, second = Worker(owner, "work", writes=True), Gate(), Gate(DataError("Full."))
    heard = Heard(worker)
    first.begin(worker)
    second.begin(worker)
    second.may_end.set()
    qtbot.waitUntil(lambda: heard.ends == ["Full."], timeout=WAIT)
    first.may_end.set()
    qtbot.waitUntil(lambda: heard.ends == ["Full.", "done"], timeout=WAIT)
    assert not worker.is_busy


def test_a_slot_that_starts_anew_hears_no_more_of_the_old(qtbot: QtBot, worker: Worker) -> None:
    """The moment and the end of one work arrive together; the slot of the first begins another."""
    heard = Heard(worker)

    def work(control: Control, post: Post) -> str:
        post(1.0)
        return "older"

    worker.posted.connect(lambda found: worker.start(lambda control, post: "newer", Control()))
    worker.start(work, Control())
    thread = worker._thread
    assert thread is not None
    assert thread.wait(WAIT)
    qtbot.waitUntil(lambda: bool(heard.ends), timeout=WAIT)
    assert (heard.posted, heard.ends) == ([1.0], ["newer"])


def test_in_turn_the_thread_stays_though_the_work_ends_as_soon_as_it_is_stopped(
    qtbot: QtBot, owner: QObject
) -> None:
    """Torch keeps much for each thread."""
    worker, is_at_work = Worker(owner, "work", in_turn=True), threading.Event()

    def work(control: Control, post: Post) -> None:
        is_at_work.set()
        control.sleep(WAIT)

    class Ended(Control):
        """To stop it comes back only once its thread has gone on, or is about to end."""

        def stop(self) -> None:
            super().stop()
            pause = threading.Event()
            while thread._tasks[:1] == [task]:
                pause.wait(0.001)

    worker.start(work, Ended())
    assert is_at_work.wait(WAIT / 1_000)
    thread, (task,) = worker._thread, worker._tasks
    assert thread is not None
    worker.start(work, Control())
    assert worker._thread is thread
    worker.stop()
