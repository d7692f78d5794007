"""Every widget that a person can meet: the main window with all its tabs, and what it opens.

Used by tests that hold for all of them: names, tooltips, keyboard, language.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson_files import bundled
from playground.engines.contract.run_control import Snapshot, State
from playground.engines.recovery_file import Outline
from playground.ui import language
from playground.ui.app import make_application, make_window
from playground.ui.data.importing import ImportDialog
from playground.ui.explain.popover import Popover
from playground.ui.session.restore_dialog import RestoreDialog
from playground.ui.window.main_window import MainWindow

WAIT = 60_000
AREAS = ("transport", "data", "draw", "features", "network", "training", "output", "curves")
TABLE = "身長;体重;種類\n" + "170,5;60;高い\n158;48,25;低い\n181;;高い\n" * 4
"""In Japanese, so that whatever is English in a Japanese window is the window's own."""
SMALL = {
    "data": {"kind": "generated", "generator": "circle", "samples": 60},
    "training": {"engine": "numpy", "epochs": 3},
}


class _Place:
    """A recovery file that nobody needs."""

    def release(self) -> None:
        pass


@contextmanager
def open_window(
    qtbot: QtBot,
    spoken: str = "en",
    raw: dict[str, Any] = SMALL,
) -> Iterator[MainWindow]:
    """A window whose experiment has been trained to its end."""
    make_application()
    language.use(spoken)
    window = make_window()
    window.session.replace(Experiment.parse(raw))
    window.session.start()
    window.show()
    try:
        train(qtbot, window)
        yield window
    finally:
        window.session.replace(Experiment())  # nothing is left that closing would ask about
        window.close()
        window.deleteLater()


def train(qtbot: QtBot, window: MainWindow) -> None:
    """Train what is open to its end."""
    run = window.session.run
    qtbot.waitUntil(lambda: run.snapshot is not None, timeout=WAIT)
    run.toggle()
    epochs = window.session.experiment.training.epochs or 1
    qtbot.waitUntil(lambda: run.snapshot.epoch >= epochs, timeout=WAIT)


def settle(qtbot: QtBot, window: MainWindow) -> Snapshot:
    """The answer to everything that the run was told so far."""
    run = window.session.run
    wanted = run.mark()

    def has_answered() -> bool:
        now = run.snapshot
        return now is not None and now.revision >= wanted and now.state != State.RUNNING

    qtbot.waitUntil(has_answered, timeout=WAIT)
    assert run.snapshot is not None
    return run.snapshot


@contextmanager
def everything(qtbot: QtBot, window: MainWindow) -> Iterator[list[QWidget]]:
    """The window and all that can be opened from it, each once."""
    companions = window.windows
    companions.open_points_table()
    companions.open_comparison()
    companions.open_hiding()
    window.parts.output.open_probe_table()
    dialog = ImportDialog(TABLE, window)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.progress.isVisible(), timeout=WAIT)
    left = Outline("らせん", 1.7e9, 250, 1234, 2)
    restore = RestoreDialog([(_Place(), left)], lambda *_: True, window)  # type: ignore[list-item]
    restore.show()
    popovers = [Popover(area, area.capitalize(), window) for area in AREAS]
    for index in range(window.parts.curves.tabs.count()):
        window.parts.curves.tabs.setCurrentIndex(index)
        QApplication.processEvents()
    window.parts.lesson.show_lesson(bundled()[0])
    opened = (companions.points_table, companions.comparison, companions.hiding)
    try:
        yield [
            window,
            *filter(None, opened),
            window.parts.output.probe_table,
            dialog,
            restore,
            *popovers,
        ]
    finally:
        window.parts.lesson.hide()
        for widget in (dialog, restore, *popovers, window.parts.output.probe_table):
            widget.close()
        companions.close()


def within(roots: list[QWidget]) -> Iterator[QWidget]:
    """Each widget under the roots once, the roots too."""
    seen: set[int] = set()
    for root in roots:
        for widget in (root, *root.findChildren(QWidget)):
            if id(widget) not in seen:
                seen.add(id(widget))
                yield widget


def where(widget: QWidget) -> str:
    """A widget's kind and those around it, for a message."""
    names, place = [], widget
    while place is not None and len(names) < 4:
        names.append(f"{type(place).__name__}({place.accessibleName()})")
        place = place.parentWidget()
    return " in ".join(names)
