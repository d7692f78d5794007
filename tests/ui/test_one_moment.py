"""One moment, one set of numbers: the bar on top, the legend of the curves, the counts.

All of it is read off the real window, and what is done to it goes through its menus and panels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.ui.curves.axes.marks import number
from playground.ui.session.runner import Activity
from playground.ui.training.transport import loss_text
from playground.ui.window.main_window import MainWindow
from tests.ui.shared_window import SharedWindow, shared_window
from tests.ui.whole_window import open_window, settle

WAIT = 30_000
CIRCLE = {
    "data": {"kind": "generated", "generator": "circle", "samples": 100},
    "training": {"engine": "numpy", "epochs": 3},
}


@pytest.fixture(scope="module")
def _shared() -> Iterator[SharedWindow]:
    with shared_window() as shared:
        yield shared


@pytest.fixture
def window(qtbot: QtBot, _shared: SharedWindow) -> Iterator[MainWindow]:
    with _shared.lent(qtbot, CIRCLE) as window:
        settle(qtbot, window)
        yield window


def legend(window: MainWindow) -> dict[str, str]:
    """The values beside the loss curve."""
    return {row.name: row.value for row in window.parts.curves.loss.key.rows}


def wrong(text: str) -> tuple[int, int]:
    found = re.search(r"(\d+) of (\d+)", text)
    assert found is not None, text
    return int(found[1]), int(found[2])


def check_one_moment(window: MainWindow) -> None:
    """Whatever is shown is what the newest snapshot says."""
    now = window.session.run.snapshot
    assert now is not None
    shown = legend(window)
    assert shown["epoch"] == f"{now.epoch:,}"
    assert shown["training"] == number(now.train.loss)
    if now.test is None:
        assert shown["test"] == "–"
        said = f"training loss: {loss_text(now.train.loss)}"
        assert window.parts.transport.loss.accessibleName() == said
    else:
        assert shown["test"] == number(now.test.loss)
        assert window.parts.transport.loss.value() == loss_text(now.test.loss)
    score, rows = (now.test, now.dataset.test) if now.test else (now.train, now.dataset.train)
    if score.accuracy is not None:
        count = round((1 - score.accuracy) * len(rows))
        assert wrong(window.parts.output._score.text()) == (count, len(rows))
    counts = np.bincount(window.session.points.y, minlength=2)
    assert [row.count() for row in window.parts.draw.rows[:2]] == counts[:2].tolist()


CHANGES: dict[str, Callable[[MainWindow], object]] = {
    "noise": lambda window: window.session.set_value("data.noise", 0.3),
    "division": lambda window: window.session.set_value("data.test_ratio", 0.2),
    "no test points": lambda window: window.session.set_value("data.test_ratio", 0.0),
    "another seed of the data": lambda window: window.session.set_value("data.seed", 3),
    "a weight": lambda window: window.session.set_weight("0.weight", (0, 0), 2.5),
    "another class for a point": lambda window: window.session.edit_points(
        window.session.points.relabel(np.flatnonzero(window.session.points.y == 0)[:20], 1),
        "relabel",
    ),
    "a layer": lambda window: window.session.add_layer(0, "linear"),
    "a feature": lambda window: window.session.toggle_feature("x1^2", True),
    "reset": lambda window: window.session.run.reset(),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_shown_while_paused_belongs_to_what_is_there(
    qtbot: QtBot, window: MainWindow, name: str
) -> None:
    before = legend(window)
    CHANGES[name](window)
    settle(qtbot, window)
    assert legend(window) != before
    check_one_moment(window)


def test_the_curve_under_the_pointer_follows_other_data(qtbot: QtBot, window: MainWindow) -> None:
    """At the end of an epoch the newest point of the curve is measured again, too."""
    window.session.set_value("data.noise", 0.3)
    settle(qtbot, window)
    now, last = window.session.run.snapshot, window.parts.curves.loss.plot.values_at(3)
    assert now is not None
    assert last is not None
    assert last[1] == now.train.loss
    assert [point.epoch for point in window.session.run.curve] == [0, 1, 2, 3]


def test_undo_brings_the_numbers_back(qtbot: QtBot, window: MainWindow) -> None:
    before = legend(window)
    window.session.set_value("data.noise", 0.3)
    window.session.set_value("data.test_ratio", 0.1)
    settle(qtbot, window)
    assert legend(window) != before
    for _ in range(2):
        qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    assert legend(window) == before
    check_one_moment(window)


def test_after_clearing_no_number_of_the_points_is_left(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    assert len(window.session.points) == 0
    qtbot.waitUntil(lambda: legend(window)["training"] == "–", timeout=WAIT)
    assert legend(window)["test"] == "–"
    assert window.parts.transport.loss.value() == "–"
    assert window.parts.transport.accuracy.value() == "–"
    assert window.parts.output._score.text() == ""
    assert [row.count() for row in window.parts.draw.rows] == [0, 0]
    window.session.undo_stack.undo()
    qtbot.waitUntil(lambda: legend(window)["training"] != "–", timeout=WAIT)
    settle(qtbot, window)
    check_one_moment(window)


def test_a_document_without_points_shows_no_number_of_the_one_before(
    qtbot: QtBot, window: MainWindow
) -> None:
    empty = {"data": {"kind": "points", "x": [], "label": [], "test": []}}
    window.session.replace(Experiment.parse(empty))
    qtbot.waitUntil(lambda: window.session.run.activity == Activity.FAILED, timeout=WAIT)
    assert legend(window)["training"] == "–"
    assert window.parts.transport.loss.value() == "–"
    assert window.parts.transport.epoch.value() == "0"
    assert window.parts.output._score.text() == ""


def test_a_loaded_network_is_the_one_that_the_legend_speaks_of(
    qtbot: QtBot, window: MainWindow
) -> None:
    now = window.session.run.snapshot
    assert now is not None
    window.session.set_weights({name: array * 0.5 for name, array in now.weights.items()})
    settle(qtbot, window)
    check_one_moment(window)


def test_while_it_trains_bar_and_legend_agree_at_every_picture(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.session.set_value("training.epochs", 400)
    seen: list[int] = []

    def look() -> None:
        check_one_moment(window)
        seen.append(window.session.run.snapshot.epoch)  # type: ignore[union-attr]

    window.session.run.snapshotTaken.connect(look)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] >= 400, timeout=WAIT)
    window.session.run.snapshotTaken.disconnect(look)
    assert len(seen) > 1


def test_a_look_that_is_older_says_its_epoch(qtbot: QtBot, window: MainWindow) -> None:
    """Predictions of all points come a few times a second, so their counts may lag."""
    window.parts.curves.tabs.setCurrentWidget(window.parts.curves.classes)
    run = window.session.run
    qtbot.waitUntil(lambda: run.snapshot.inspection is not None, timeout=WAIT)  # type: ignore[union-attr]
    now = run.snapshot
    assert now is not None
    assert now.inspection is not None
    assert (now.inspection.epoch, now.inspection.step) == (now.epoch, now.step)
    lagging = replace(now, epoch=now.epoch + 7, step=now.step + 70)
    window.parts.curves.show_curve(run.curve, lagging)
    assert f"Epoch {now.epoch}." in window.parts.curves.classes._words.text()


def test_images_are_counted_once_and_with_their_epoch(qtbot: QtBot) -> None:
    digits = {"data": {"kind": "digits"}, "training": {"engine": "numpy", "epochs": 2}}
    with open_window(qtbot, raw=digits) as window:
        images, run = window.parts.images, window.session.run
        qtbot.waitUntil(lambda: "epoch 2" in images.summary.text(), timeout=WAIT)
        now = run.snapshot
        assert now is not None
        assert now.test is not None
        assert now.test.accuracy is not None
        count = round((1 - now.test.accuracy) * len(now.dataset.test))
        assert wrong(images.summary.text()) == (count, len(now.dataset.test))
        assert window.parts.output._score.text() == ""


def test_a_refused_value_lets_the_training_go_on(qtbot: QtBot, window: MainWindow) -> None:
    """The last input feature cannot be switched off; the run has nothing to do with that."""
    window.session.set_value("training.epochs", None)
    window.session.toggle_feature("x2", False)
    settle(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.session.run.snapshot.epoch > 5, timeout=WAIT)  # type: ignore[union-attr]
    run_id = window.session.run.run_id
    qtbot.mouseClick(window.parts.features.chips["x1"], Qt.MouseButton.LeftButton)
    assert window.notices.notice.isVisible()
    assert window.session.run.is_training
    epoch = window.session.run.snapshot.epoch  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: window.session.run.snapshot.epoch > epoch, timeout=WAIT)  # type: ignore[union-attr]
    assert window.session.run.run_id == run_id
    assert window.session.experiment.model.features == ("x1",)
    window.session.run.pause()


def test_an_edit_that_changes_nothing_changes_nothing(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    before, run_id, steps = session.experiment, session.run.run_id, session.undo_stack.count()
    session.edit_points(session.points, "move")
    session.rename_class(0, window.parts.draw.rows[0].name())
    session.toggle_feature("x1", True)
    session.set_value("data.test_ratio", before.data.test_ratio)
    session.set_value("training.optimizer.learning_rate", before.training.optimizer.learning_rate)
    session.set_layer(0, "units", before.model.layers[0].units)  # type: ignore[union-attr]
    assert session.experiment is before
    assert (session.run.run_id, session.undo_stack.count()) == (run_id, steps)
