"""No thread outlives its object, whatever goes away first, and quitting waits for nobody long."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from playground.ui.session import threads

WAIT = 20_000
NO_WINDOW_MANAGER = "This plugin does not support"
"""What Qt's off-screen platform says each time."""


class Busy:
    """A task that works for as long as it is let, and does not listen."""

    is_dropped = False

    def __init__(self) -> None:
        self.is_at_work, self.may_end = threading.Event(), threading.Event()

    def drop(self) -> None:
        self.is_dropped = True

    def carry_out(self, notify: Callable[[], None]) -> None:
        self.is_at_work.set()
        self.may_end.wait(WAIT / 1_000)


def test_a_thread_is_kept_with_its_task_until_it_has_ended(qtbot: QtBot) -> None:
    busy = Busy()
    thread, may_end, is_at_work = threads.Thread(busy, "busy"), busy.may_end, busy.is_at_work
    threads.start(thread)
    assert is_at_work.wait(WAIT / 1_000)
    thread.drop()
    assert busy.is_dropped
    (kept,) = threads.running()
    assert kept is thread
    del thread, busy, kept
    gc.collect()
    assert len(threads.running()) == 1
    may_end.set()
    qtbot.waitUntil(lambda: threads.running() == [], timeout=WAIT)


def test_a_thread_takes_tasks_until_its_last_one_has_ended(qtbot: QtBot) -> None:
    first, second, late = Busy(), Busy(), Busy()
    thread = threads.Thread(first, "busy")
    threads.start(thread)
    assert first.is_at_work.wait(WAIT / 1_000)
    assert thread.take(second)
    first.may_end.set()
    assert second.is_at_work.wait(WAIT / 1_000)
    second.may_end.set()
    assert thread.wait(WAIT)
    assert not thread.take(late)


QUITTING = """
import sys, threading
from pathlib import Path
from PySide6.QtCore import QTimer
from playground.core.experiment.experiment import Experiment
from playground.engines.numpy.numpy_engine import NumpyEngine
from playground.ui import app
from playground.ui.session import documents
from playground.ui.session import threads
from playground.ui.data.importing import reader
from playground.ui.window.main_window import MainWindow

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
        self.steps = [(0, self.race), (1, self.open), (2, self.bring), (4, self.close)]
        if sys.argv[3] == "race":
            del self.steps[1:3]
            self.steps[1] = (1, self.close)

    def look(self):
        if self.session.run.snapshot is None or not self.steps:
            return
        wanted, act = self.steps[0]
        if len(set(busy)) == wanted:
            del self.steps[0]
            act()

    def race(self):
        import playground.engines.many.race
        playground.engines.many.race.race = deaf
        self.windows.open_comparison().start()

    def open(self):
        documents.read_file = deaf
        self.documents.open(Path(sys.argv[1]))

    def bring(self):
        NumpyEngine.train = deaf
        reader.first_rows = deaf
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
