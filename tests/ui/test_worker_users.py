"""The same laws for everybody who has work done beside the window.

To add one, write how it begins and what its work calls; the laws do the rest.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from playground.core.data.tables.form import WantedForm
from playground.core.errors import DataError
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import save
from playground.engines.contract.control import Control, Post
from playground.ui import reports
from playground.ui.compare.window import CompareWindow
from playground.ui.curves import code
from playground.ui.data.importing import ImportDialog
from playground.ui.look import theme
from playground.ui.session import file_kinds, saving, threads
from playground.ui.session.documents import Documents
from playground.ui.session.runner import Runner
from playground.ui.session.session import Session
from playground.ui.session.worker import Worker
from tests.ui.going import goes

WAIT = 60_000

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@dataclass(frozen=True)
class User:
    """Who has work done. `ends` brings an end to what would go on for ever, `goes` tidies up."""

    owner: QObject
    worker: Worker
    begin: Callable[[], object]
    ends: Callable[[], object] = lambda: None
    goes: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Kind:
    """How to make a user, and the function that its work calls first: what is broken here."""

    make: Callable[[QtBot, Path, pytest.MonkeyPatch], User]
    calls: str
    writes: bool = False


def training(qtbot: QtBot, folder: Path, patch: pytest.MonkeyPatch) -> User:
    run = Runner()

    def end() -> None:
        if run._control is not None and run.snapshot is not None:
            run._control.stop()

    return User(run, run._worker, lambda: run.start(Experiment(), paused=True), end)


def racing(qtbot: QtBot, folder: Path, patch: pytest.MonkeyPatch) -> User:
    window = CompareWindow(Experiment())
    window.form.epochs.show_value(2)
    window.form.pace.show_value("fast")
    return User(window, window._worker, window.start)


def table(folder: Path) -> Path:
    place = folder / "people.csv"
    place.write_text("height;weight;kind\n170,5;60;tall\n158;48,25;short\n181;70;tall\n")
    return place


def dialog(qtbot: QtBot, folder: Path) -> ImportDialog:
    made = ImportDialog(table(folder))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    made.show()
    qtbot.waitUntil(lambda: not made.progress.isVisible(), timeout=WAIT)
    return made


def reading(qtbot: QtBot, folder: Path, patch: pytest.MonkeyPatch) -> User:
    made = dialog(qtbot, folder)
    return User(made, made._reader, lambda: made._read(WantedForm()))


def importing(qtbot: QtBot, folder: Path, patch: pytest.MonkeyPatch) -> User:
    made = dialog(qtbot, folder)
    return User(made, made._importer, made.import_button.click)


def documents() -> tuple[Documents, Callable[[], None]]:
    """Those of a session, and what closes it."""
    session = Session()

    def close() -> None:
        session.close()
        session.undo_stack.clear()  # Python may collect its steps before it

    return Documents(session, QWidget()), close


def opening(qtbot: QtBot, folder: Path, patch: pytest.MonkeyPatch) -> User:
    patch.setattr(file_kinds, "MOST_BYTES_AT_ONCE", 0)
    (made, close), place = documents(), folder / "one.playground.json"
    save(Experiment(), place)
    return User(made, made._reader, lambda: made.open(place), goes=close)


def sampling(qtbot: QtBot, folder: Path, patch: pytest.MonkeyPatch) -> User:
    (made, close), place = documents(), folder / "picture.png"
    Image.new("RGB", (40, 40), "red").save(place)
    return User(made, made._reader, lambda: made.open(place), goes=close)


def exporting(qtbot: QtBot, folder: Path, patch: pytest.MonkeyPatch) -> User:
    made, close = documents()
    place = folder / "points.csv"
    return User(made, made._writer, lambda: made.write_points(place, ""), goes=close)


def writing_a_script(qtbot: QtBot, folder: Path, patch: pytest.MonkeyPatch) -> User:
    made, place = code.CodeView(), table(folder)
    patch.setattr(code, "is_quick", lambda experiment: False)
    patch.setitem(code._SCRIPTS, "torch", lambda *given: code.pytorch_script(*given))
    data = {"kind": "csv", "path": str(place), "inputs": ["height", "weight"], "label": "kind"}
    made.show()

    def begin() -> None:
        made.show_experiment(Experiment.parse({"data": data}))

    return User(made, made._worker, begin)


KINDS = {
    "training": Kind(training, "playground.engines.loop.training.train"),
    "a race": Kind(racing, "playground.engines.many.race.race"),
    "reading a table": Kind(reading, "playground.ui.data.importing.reader.read_table_text"),
    "importing it": Kind(importing, "playground.ui.data.importing.dialog.made_of"),
    "opening a file": Kind(opening, "playground.ui.session.documents.read_file"),
    "sampling a picture": Kind(sampling, "playground.ui.session.documents.data_of_image"),
    "exporting points": Kind(exporting, "playground.ui.session.documents.points_csv", writes=True),
    "a script": Kind(writing_a_script, "playground.ui.curves.code.pytorch_script"),
}


class Told:
    """What the window was told of a piece of work."""

    def __init__(self, worker: Worker) -> None:
        self.posted: list[object] = []
        self.finished: list[object] = []
        self.failed: list[str] = []
        worker.posted.connect(self.posted.append)
        worker.finished.connect(self.finished.append)
        worker.failed.connect(self.failed.append)

    @property
    def ends(self) -> int:
        return len(self.finished) + len(self.failed)


class Held:
    """A function that the work calls: waits until the test lets it go on, looking at nothing."""

    def __init__(self, function: Callable[..., object]) -> None:
        self.function = function
        self.is_called, self.may_go_on = threading.Event(), threading.Event()

    def __call__(self, *given: object, **named: object) -> object:
        self.is_called.set()
        self.may_go_on.wait(WAIT / 1_000)
        return self.function(*given, **named)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, qapp: QApplication) -> Kind:
    theme.install(qapp)
    return KINDS[request.param]


@pytest.fixture
def user(
    kind: Kind, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], User]:
    made = kind.make(qtbot, tmp_path, monkeypatch)
    yield made  # type: ignore[misc]
    made.goes()
    if Shiboken.isValid(made.owner):
        made.worker.stop()
        made.owner.deleteLater()
    assert threads.have_ended()


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """The bugs of which a report was made."""
    made: list[BaseException] = []
    monkeypatch.setattr(reports, "report", made.append)
    return made


def broken(kind: Kind, patch: pytest.MonkeyPatch, function: Callable[..., object]) -> None:
    patch.setattr(kind.calls, function)


def held(kind: Kind, patch: pytest.MonkeyPatch) -> Held:
    module, _, name = kind.calls.rpartition(".")
    __import__(module)
    one = Held(getattr(sys.modules[module], name))
    broken(kind, patch, one)
    return one


def at_work(user: User, one: Held) -> threads.Thread:
    user.begin()
    assert one.is_called.wait(WAIT / 1_000)
    assert user.worker._thread is not None
    return user.worker._thread


def raises(error: BaseException) -> Callable[..., object]:
    def function(*given: object, **named: object) -> object:
        raise error

    return function


def test_what_goes_well_ends_once(qtbot: QtBot, user: User) -> None:
    told = Told(user.worker)

    def is_over() -> bool:
        user.ends()
        return not user.worker.is_busy

    user.begin()
    qtbot.waitUntil(is_over, timeout=WAIT)
    qtbot.waitUntil(lambda: not Shiboken.isValid(user.worker._thread), timeout=WAIT)
    assert (len(told.finished), told.failed) == (1, [])


@pytest.mark.parametrize(
    "error",
    [
        DataError("There is nothing here."),
        ValueError("a bug"),
        ModuleNotFoundError("No module named 'torch'"),
        MemoryError("no room"),
        SystemExit("an exit"),
        KeyboardInterrupt("an interrupt"),
        GeneratorExit("an exit of a generator"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_is_raised_the_window_hears_once_that_it_failed(
    qtbot: QtBot,
    kind: Kind,
    user: User,
    monkeypatch: pytest.MonkeyPatch,
    reported: list[BaseException],
    error: BaseException,
) -> None:
    told = Told(user.worker)
    broken(kind, monkeypatch, raises(error))
    user.begin()
    qtbot.waitUntil(lambda: not user.worker.is_busy, timeout=WAIT)
    qtbot.waitUntil(lambda: not Shiboken.isValid(user.worker._thread), timeout=WAIT)
    assert (told.finished, len(told.failed)) == ([], 1)
    assert str(error) in told.failed[0]
    assert reported == [error] * (not isinstance(error, DataError))


@pytest.mark.parametrize("kind", ["training", "a race"], indirect=True)
def test_what_cannot_be_imported_in_the_thread_fails(
    qtbot: QtBot,
    kind: Kind,
    user: User,
    monkeypatch: pytest.MonkeyPatch,
    reported: list[BaseException],
) -> None:
    told = Told(user.worker)
    monkeypatch.setitem(sys.modules, kind.calls.rpartition(".")[0], None)
    user.begin()
    qtbot.waitUntil(lambda: not user.worker.is_busy, timeout=WAIT)
    assert "unexpected error" in told.failed[0]
    assert [type(error) for error in reported] == [ModuleNotFoundError]


def test_work_that_does_not_look_up_outlives_its_owner(
    qtbot: QtBot,
    kind: Kind,
    user: User,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    one, told = held(kind, monkeypatch), Told(user.worker)
    thread = at_work(user, one)
    before = list(told.posted)
    Shiboken.delete(user.owner)
    QApplication.processEvents()
    assert thread in threads.running()
    with goes(qtbot, thread):
        one.may_go_on.set()
    assert (told.posted, told.ends) == (before, 0)
    assert "Traceback" not in capfd.readouterr().err


def test_what_is_late_is_dropped(
    qtbot: QtBot, kind: Kind, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless it writes what a person asked for: then it is let to its end, which is told."""
    one, told = held(kind, monkeypatch), Told(user.worker)
    thread = at_work(user, one)
    before = list(told.posted)
    user.worker.stop()
    assert thread.isRunning()
    with goes(qtbot, thread):
        one.may_go_on.set()
    if kind.writes:
        assert len(told.finished) == 1
    else:
        assert (told.posted, told.ends) == (before, 0)


def test_an_end_that_waits_in_the_mailbox_is_dropped_with_the_rest(
    qtbot: QtBot, kind: Kind, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told(user.worker)
    broken(kind, monkeypatch, raises(DataError("Too late.")))
    user.begin()
    thread = user.worker._thread
    assert thread is not None
    assert thread.wait(WAIT)  # nobody has heard of it yet
    user.worker.stop()
    QApplication.processEvents()
    assert (told.posted, told.ends) == ([], int(kind.writes))


def test_many_posts_are_one_signal(qtbot: QtBot, user: User) -> None:
    for name in ("posted", "finished"):
        if user.worker.receivers(f"2{name}(PyObject)"):
            getattr(user.worker, name).disconnect()  # the owner knows nothing of numbers
    told, may_post, signals = Told(user.worker), threading.Event(), []

    def work(control: Control, post: Post) -> str:
        may_post.wait(WAIT / 1_000)
        for number in range(1_000):
            post(number)
        return "done"

    user.worker.start(work, Control())
    thread = user.worker._thread
    assert thread is not None
    thread.arrived.connect(partial(signals.append, 1), Qt.ConnectionType.DirectConnection)
    may_post.set()
    assert thread.wait(WAIT)
    qtbot.waitUntil(lambda: not user.worker.is_busy, timeout=WAIT)
    assert (signals, told.posted, told.finished) == ([1], [999], ["done"])


@pytest.mark.parametrize(
    "error",
    [DataError("The disk is full."), ValueError("a bug"), SystemExit("an exit")],
    ids=lambda error: type(error).__name__,
)
def test_who_waits_for_a_file_gets_the_error_itself(
    qtbot: QtBot, reported: list[BaseException], error: BaseException
) -> None:
    """The caller goes on only once the file is written, or could not be."""
    parent = QWidget()
    qtbot.addWidget(parent)
    done: list[object] = []
    saving.done_while_waiting(parent, "Saving…", lambda: done.append(threading.current_thread()))
    assert len(done) == 1
    assert done[0] is not threading.main_thread()
    with pytest.raises(type(error)) as caught:
        saving.done_while_waiting(parent, "Saving…", raises(error))
    assert caught.value is error
    assert reported == []
