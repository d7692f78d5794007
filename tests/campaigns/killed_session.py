"""One session of somebody who is about to be killed: paints, trains, follows a lesson, imports,
saves, and writes a journal of everything that could be kept.

Runs the application as `playground` does, in a process of its own that `killed_fork_server` forks.
Nothing of the product knows of it; the acts are keys, clicks and menu entries.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson_files import find
from playground.ui import app
from playground.ui.data.importing import ImportDialog
from playground.ui.session.recovery import Recovery
from playground.ui.session.restore_dialog import RestoreDialog
from playground.ui.window.main_window import MainWindow
from tests.ui.answers import Answers, names, presses

EPOCHS_PER_SECOND = 20.0
GAP_MILLISECONDS = 150
TABLE = "height,weight,kind\n170,60,tall\n158,48,short\n181,77,tall\n165,50,short\n" * 5


def digest(experiment: Experiment) -> str:
    """What of an experiment must not be lost."""
    plain = {key: part for key, part in experiment.plain().items() if key != "view"}
    return hashlib.sha1(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:12]


def digest_of_weights(weights: Any) -> str:
    """ "" where there is nothing trained to keep."""
    content = b"".join(name.encode() + weights[name].tobytes() for name in sorted(weights))
    return hashlib.sha1(content).hexdigest()[:12] if content else ""


class Session(QObject):
    """Acts at random in a window, and tells the journal of every state on its way."""

    def __init__(self, window: MainWindow, order: dict[str, Any], journal: int) -> None:
        super().__init__(window)
        self._window, self._order, self._journal = window, order, journal
        self._random = random.Random(order["seed"])
        self._project = Path(order["project"])
        self._table = self._project.with_name("table.csv")
        self._table.write_text(TABLE)
        self._person: Answers | None = None
        self._is_ready = False
        self._timer = QTimer(self, interval=GAP_MILLISECONDS)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start()
        session, panel = window.session, window.parts.lesson
        session.run.set_speed(EPOCHS_PER_SECOND)
        for signal_ in (
            session.changed, session.fileChanged, session.run.snapshotTaken,
            panel.stepChanged, panel.goalReached, panel.left,
        ):  # fmt: skip
            signal_.connect(self._note)

    def tell(self, **what: Any) -> None:
        """One line, whole whatever happens to the process."""
        os.write(self._journal, (json.dumps({"t": time.time(), **what}) + "\n").encode())

    def state(self) -> dict[str, Any]:
        """What a recovery file has to bring back."""
        recovery = self._recovery()
        weights, epoch = recovery._weights()
        panel = self._window.parts.lesson
        return {
            "experiment": digest(self._window.session.experiment),
            "weights": digest_of_weights(weights),
            "epoch": epoch,
            "lesson": [panel.lesson.key, panel.step] if panel.lesson else None,
            "worth": recovery._kept() is not None,
        }

    @Slot()
    def _note(self) -> None:
        if self._is_ready:
            self.tell(state=self.state())

    def _recovery(self) -> Recovery:
        (found,) = self._window.session.findChildren(Recovery)
        return found

    @Slot()
    def _on_tick(self) -> None:
        if not self._is_ready:
            self._begin()
        elif self._person is None or self._person.left == 0:
            self._random.choice(self._acts())()
            self._note()

    # The start.

    def _begin(self) -> None:
        """Restore what the session before left behind, by the button, and wait for its weights."""
        dialogs = self._window.findChildren(RestoreDialog)
        if dialogs and dialogs[0].isActiveWindow():
            QTest.keyClick(dialogs[0].rows[0].restore, Qt.Key.Key_Space)
            self._has_restored = True
        recovery = self._recovery()
        waits = dialogs or recovery._coming is not None or self._window.session.run.snapshot is None
        if not waits:
            self.tell(restored=self.state() if self._has_restored else None, ready=True)
            self._is_ready = True
            self._note()

    _has_restored = False

    # The acts.

    def _acts(self) -> list[Callable[[], object]]:
        return [self._paint] * 4 + [self._train] * 2 + [
            self._turn_a_page, self._import, self._save, self._step, self._start_a_lesson,
        ]  # fmt: skip

    def _paint(self) -> None:
        canvas = self._window.parts.output.canvas.viewport()
        middle, reach = canvas.rect().center(), canvas.height() // 3
        by = QPoint(self._random.randint(-reach, reach), self._random.randint(-reach, reach))
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=middle + by)

    def _train(self) -> None:
        self._entry("Train or pause").trigger()

    def _step(self) -> None:
        self._entry("Step one epoch").trigger()

    def _turn_a_page(self) -> None:
        panel = self._window.parts.lesson
        if panel.lesson is not None and panel.step < len(panel.lesson.steps) - 1:
            panel.next.click()

    def _start_a_lesson(self) -> None:
        if self._random.random() < 0.2 and self._window.parts.lesson.lesson is None:
            self._answer(presses("Discard"))
            self._window.guide.start(find("L1"))
            self._person = None

    def _import(self) -> None:
        for dialog in self._window.findChildren(ImportDialog):
            dialog.import_button.click()
            return
        if self._random.random() < 0.3:
            self._window.documents.bring([self._table])

    def _save(self) -> None:
        content = digest(self._window.session.experiment)
        now = [str(self._window.session.path or self._project), content]
        self.tell(saving=now)
        if self._window.session.path is None:
            self._answer(names(str(self._project)))
            self._entry("Save as…").trigger()
            self._person = None
        else:
            self._answer(presses("Replace"))  # where it was written after what was restored
            self._entry("Save").trigger()
            self._person = None
        if self._window.session.path and not self._window.session.is_modified:
            self.tell(saved=now)

    def _answer(self, *acts: Callable[[Any], object]) -> None:
        self._person = Answers(*acts)

    def _entry(self, words: str) -> QAction:
        return next(one for one in self._window.findChildren(QAction) if one.text() == words)


# The wounds.


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wound(place: str, number: int) -> None:
    """Have this process killed at the `number`th time that a writing comes to a place: in the
    middle of the content, before it is on the disk, before the name is moved, or right after.
    """
    left = [number]

    def strike(here: str) -> None:
        if here == place:
            left[0] -= 1
            if left[0] == 0:
                die()

    fsync, replace, temporary = os.fsync, Path.replace, files._temporary_file

    def fsync_or_die(number_of_file: int) -> None:
        strike("before fsync")
        fsync(number_of_file)

    def replace_or_die(self: Path, target: Path) -> Path:
        strike("before rename")
        moved = replace(self, target)
        strike("after rename")
        return moved

    @contextmanager
    def temporary_or_die(path: Path) -> Iterator[tuple[IO[bytes], Path]]:
        with temporary(path) as (file, name):
            yield _Torn(file, strike), name  # type: ignore[misc]

    files.os.fsync = fsync_or_die  # type: ignore[attr-defined]
    Path.replace = replace_or_die  # type: ignore[assignment, method-assign]
    files._temporary_file = temporary_or_die


class _Torn:
    """A file whose writer may die with half a piece written."""

    def __init__(self, file: IO[bytes], strike: Callable[[str], None]) -> None:
        self._file, self._strike = file, strike

    def write(self, piece: Any) -> int:
        half = memoryview(piece).cast("B")[: len(memoryview(piece).cast("B")) // 2]
        self._file.write(half)
        self._file.flush()
        self._strike("in the content")
        return self._file.write(memoryview(piece).cast("B")[len(half) :])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


PLACES = ("in the content", "before fsync", "before rename", "after rename")


def run(order: dict[str, Any], journal: int) -> int:
    """Be that somebody, until the end. `order` has seed, project, wound and number."""
    if order["wound"]:
        wound(order["wound"], order["number"])
    make_window = app.make_window

    def make_watched_window() -> MainWindow:
        window = make_window()
        Session(window, order, journal)
        return window

    app.make_window = make_watched_window
    return app.run()
