"""No thread outlives its object, whatever goes away first, and quitting waits for nobody long."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThread, Slot
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from playground.core.experiment import Experiment
from playground.engines.race import RaceControl
from playground.ui import threads
from playground.ui.compare.worker import RaceThread

WAIT = 20_000
NO_WINDOW_MANAGER = "This plugin does not support"
"""What Qt's off-screen platform says each time."""


class Busy(QObject):
    """Works for as long as it is let, and does not look up."""

    def __init__(self) -> None:
        super().__init__()
        self.is_at_work, self.may_end = threading.Event(), threading.Event()

    @Slot()
    def work(self) -> None:
        self.is_at_work.set()
        self.may_end.wait(WAIT / 1_000)


def test_a_thread_is_kept_with_all_that_lives_on_it_until_it_has_ended(qtbot: QtBot) -> None:
    thread, busy = QThread(), Busy()
    busy.moveToThread(thread)
    thread.started.connect(busy.work)
    may_end, is_at_work = busy.may_end, busy.is_at_work
    threads.start(thread, busy)
    assert is_at_work.wait(WAIT / 1_000)
    thread.quit()
    (kept,) = threads.running()
    assert kept is thread
    del thread, busy, kept
    assert len(threads.running()) == 1
    may_end.set()
    qtbot.waitUntil(lambda: threads.running() == [], timeout=WAIT)


def test_a_race_that_does_not_look_up_outlives_its_window(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_at_work, may_end = threading.Event(), threading.Event()

    def deaf(*lanes: object, **how: object) -> list[object]:
        is_at_work.set()
        may_end.wait(WAIT / 1_000)
        return []

    monkeypatch.setattr("playground.engines.race.race", deaf)
    owner = QObject()
    race = RaceThread(owner)
    race.start({"one": Experiment()}, 5, RaceControl())
    assert is_at_work.wait(WAIT / 1_000)
    race.close()
    Shiboken.delete(owner)
    assert len(threads.running()) == 1
    may_end.set()
    assert threads.have_ended()


def test_a_race_that_cannot_even_be_imported_fails(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "playground.engines.race", None)
    race = RaceThread()
    with qtbot.waitSignal(race.failed, timeout=WAIT) as told:
        race.start({"one": Experiment()}, 5, RaceControl())
    race.close()
    assert "unexpected error" in told.args[0]
    assert "ModuleNotFoundError" in capsys.readouterr().err
    assert threads.have_ended()


QUITTING = """
import sys, threading
from pathlib import Path
from PySide6.QtCore import QTimer
from playground.core.experiment import Experiment
from playground.engines.numpy_engine import NumpyEngine
from playground.ui import app, documents, threads
from playground.ui.importing import reader
from playground.ui.main_window import MainWindow

threads.LAST_SECONDS = 0.5
busy = []

def deaf(*_, **__):
    busy.append(threading.current_thread())
    threading.Event().wait()

class Quitting(MainWindow):
    def __init__(self, session):
        super().__init__(session)
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.look)
        self.timer.start(20)
        self.steps = iter((self.begin, self.close))
        self.seen = 0

    def look(self):
        wanted = 1 if sys.argv[3] == "race" else 4
        first = self.session.run.snapshot is not None
        ready = first if self.seen == 0 else len(set(busy)) == wanted
        if ready and self.seen < 2:
            self.seen += 1
            next(self.steps)()

    def begin(self):
        import playground.engines.race
        playground.engines.race.race = deaf
        self.companions.open_comparison().start()
        if sys.argv[3] == "race":
            return
        NumpyEngine.train = deaf
        reader.first_rows = deaf
        documents.read_file = deaf
        self.documents.open(Path(sys.argv[1]))
        self.documents.bring([Path(sys.argv[2])])
        self.session.run.resume()

    def closeEvent(self, event):
        super().closeEvent(event)
        print("closed")

def make_window():
    session = app.Session()
    session.replace(Experiment.parse({"training": {"engine": "numpy"}}))
    return Quitting(session)

app.make_window = make_window
sys.exit(app.run())
"""


@pytest.mark.parametrize("busy", ["race", "everything"])
def test_quitting_while_nothing_looks_up_ends_well(tmp_path: Path, busy: str) -> None:
    """A race that would go on for ever, and a training, an import and an opening with it."""
    large, table = tmp_path / "large.json", tmp_path / "table.csv"
    large.write_text(" " * 1_100_000, encoding="utf-8")
    table.write_text("a,b,c\n1,2,x\n", encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-c", QUITTING, str(large), str(table), busy],
        capture_output=True,
        text=True,
        timeout=100,
    )
    said = [line for line in result.stderr.splitlines() if NO_WINDOW_MANAGER not in line]
    assert (result.stdout, said) == ("closed\n", [])
    assert result.returncode == 0
