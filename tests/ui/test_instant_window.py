"""Instant in the real window: what a hand does that trains anew, and what it does that does not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.core.lessons.lesson_files import bundled
from playground.engines.contract.run_control import State
from playground.ui.window.main_window import MainWindow
from tests.ui.whole_window import open_window, settle

WAIT = 60_000
CIRCLE = {
    "data": {"kind": "generated", "generator": "circle", "samples": 60},
    "training": {"engine": "numpy", "epochs": 3},
}
DIGITS = {"data": {"kind": "digits"}, "training": {"engine": "numpy", "epochs": 2}}
EPOCHS = 20


@pytest.fixture(params=["points", "images"])
def window(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[MainWindow]:
    with in_instant(qtbot, CIRCLE if request.param == "points" else DIGITS) as opened:
        yield opened


class in_instant:
    """A window in Instant, with its first result."""

    def __init__(self, qtbot: QtBot, raw: dict[str, object]) -> None:
        self._qtbot, self._opening = qtbot, open_window(qtbot, raw=raw)

    def __enter__(self) -> MainWindow:
        window = self._opening.__enter__()
        window.session.run.set_instant_epochs(EPOCHS)
        self._qtbot.keyClick(window, Qt.Key.Key_I)
        assert window.session.run.is_instant
        settle(self._qtbot, window)
        return window

    def __exit__(self, *exception: object) -> None:
        self._opening.__exit__(*exception)  # type: ignore[arg-type]


def zoom(window: MainWindow, steps: int) -> None:
    canvas = window.parts.output.canvas
    middle = QPointF(canvas.rect().center())
    QApplication.sendEvent(
        canvas,
        QWheelEvent(
            middle,
            canvas.mapToGlobal(middle),
            QPoint(),
            QPoint(0, 120 * steps),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def test_what_only_changes_the_view_trains_nothing(qtbot: QtBot, window: MainWindow) -> None:
    before = settle(qtbot, window)
    tabs = window.parts.curves.tabs
    for index in range(tabs.count()):
        tabs.setCurrentIndex(index)
        settle(qtbot, window)
    zoom(window, 3)
    settle(qtbot, window)
    window.session.set_view("grid", 60)
    window.session.set_view("hidden", ("features",))
    after = settle(qtbot, window)
    assert (after.run_id, after.generation) == (before.run_id, before.generation)
    assert after.weights is before.weights
    assert after.dataset is before.dataset


def test_strokes_on_the_pad_train_nothing(qtbot: QtBot) -> None:
    """Each of them asks for a prediction, and for nothing else; afterwards there is rest."""
    with in_instant(qtbot, DIGITS) as window:
        before, pad = settle(qtbot, window), window.parts.images.pad
        qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(30, 20))
        for step in range(8):
            qtbot.mouseMove(pad, QPoint(30 + step, 25 + 6 * step))
            QApplication.processEvents()
        qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(38, 70))
        after = settle(qtbot, window)
        assert not pad.is_empty
        assert after.frame is not None
        assert after.frame.pad is not None
        assert after.generation == before.generation
        trained: list[int] = []
        window.session.run.snapshotTaken.connect(lambda now: trained.append(now.generation))
        settle(qtbot, window)
        assert set(trained) == {before.generation}


def test_a_comparison_leaves_instant_as_it_was(qtbot: QtBot, window: MainWindow) -> None:
    """It pauses the window's own run; afterwards each training still goes to its end."""
    comparison = window.windows.open_comparison()
    for rate in (0.01, 0.02, 0.04):
        before = settle(qtbot, window)
        window.session.set_value("training.optimizer.learning_rate", rate)
        after = settle(qtbot, window)
        assert (after.state, after.epoch) == (State.REACHED, EPOCHS)
        assert after.generation == before.generation + 1
    comparison.close()
    window.session.set_value("training.optimizer.learning_rate", 0.05)
    assert settle(qtbot, window).epoch == EPOCHS
    assert window.session.run.is_instant


def test_undo_trains_what_was_before(qtbot: QtBot, window: MainWindow) -> None:
    before = settle(qtbot, window)
    window.session.set_value("training.seed", 99)
    other = settle(qtbot, window)
    assert other.train != before.train
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    again = settle(qtbot, window)
    assert again.train == before.train
    assert all(np.array_equal(again.weights[name], before.weights[name]) for name in before.weights)
    assert again.generation == other.generation + 1


def test_a_lesson_can_be_worked_on_in_instant(qtbot: QtBot) -> None:
    with in_instant(qtbot, CIRCLE) as window:
        window.session.undo_stack.setClean()
        window.guide.start(bundled()[0])
        first = settle(qtbot, window)
        assert window.session.run.is_instant
        window.session.set_value("training.optimizer.learning_rate", 0.02)
        after = settle(qtbot, window)
        assert after.epoch == EPOCHS
        assert after.generation == first.generation + 1


def test_training_leaves_instant(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert not window.session.run.is_instant
    assert not window.parts.transport.instant.isChecked()
    qtbot.waitUntil(lambda: window.session.run.snapshot is not None, timeout=WAIT)
    window.session.run.pause()
