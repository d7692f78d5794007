"""Another language brings another window on the same session: nothing set or done is lost."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson import Lesson
from playground.ui import language
from playground.ui.app import _Place, keep, make_application, make_window
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets import Choice, Slider, Switch
from playground.ui.window.main_window import MainWindow
from tests.ui.person import choose, drag_on_canvas, press
from tests.ui.whole_window import WAIT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
POINTS: dict[str, Any] = {
    "data": {"kind": "generated", "generator": "circle", "samples": 60},
    "training": {"engine": "numpy", "epochs": 100},
}
IMAGES: dict[str, Any] = {
    "data": {"kind": "digits"},
    "model": {"layers": [{"kind": "linear", "units": 4}]},
    "training": {"batch_size": 500, "augmentation": {"rotation": 10.0}},
}


@pytest.fixture(autouse=True)
def _windows_alone_are_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    """No window of these tests was set aside, so what the packages bring need not be looked at for
    each change of language, half a second long; `test_lifetimes.py` has the whole.
    """
    monkeypatch.setattr("playground.ui.app.collect_everything", gc.collect)


@pytest.fixture(scope="module")
def _one_place(request: pytest.FixtureRequest) -> Iterator[_Place]:
    make_application()
    language.use("en")
    window = make_window()
    made = _Place(window, keep(window))
    window.session.start()
    window.show()
    bot = QtBot(request)
    try:
        bot.waitUntil(lambda: bool(window.session.run.devices), timeout=WAIT)
        yield made
    finally:
        made.window.session.replace(Experiment())
        made.window.close()
        made.end()
        made.window.deleteLater()
        language.use("en")
        theme.manager().set_scale(1.0)


@pytest.fixture
def place(qtbot: QtBot, _one_place: _Place) -> Iterator[_Place]:
    """Where the window is, and those that follow it, in one language and in the other."""
    open_experiment(qtbot, _one_place.window, POINTS)
    activate(qtbot, _one_place.window)
    yield _one_place
    window = _one_place.window
    window.windows.close()
    window.session.run.pause()
    window.session.run.set_instant(False)


def activate(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.setFocus()


def first_picture(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.session.run.snapshot is not None, timeout=WAIT)


def open_experiment(qtbot: QtBot, window: MainWindow, raw: dict[str, Any]) -> None:
    window.session.replace(Experiment.parse(raw))
    qtbot.waitUntil(lambda: window.session.dataset is not None, timeout=WAIT)
    first_picture(qtbot, window)


def in_another_language(qtbot: QtBot, place: _Place) -> MainWindow:
    """The window that follows when a person chooses the other language in the menu."""
    before, word = place.window, tr("Train")
    choose(before, "日本語" if language.code() == "en" else "English")
    after = place.window
    assert after is not before
    assert tr("Train") != word
    activate(qtbot, after)
    return after


# What the session has come to.


def test_pictures_and_devices_are_there(qtbot: QtBot, place: _Place) -> None:
    def pictures(window: MainWindow) -> list[QImage]:
        return [button.grab().toImage() for button in window.parts.data.gallery.buttons.values()]

    def devices(window: MainWindow) -> list[str]:
        field = window.parts.training.field("training.device")
        return [entry.value for entry in field.entries()]  # type: ignore[attr-defined]

    before = place.window
    drawn, known = pictures(before), devices(before)
    assert known != ["auto"]
    after = in_another_language(qtbot, place)
    assert pictures(after) == drawn
    assert devices(after) == known


def test_speed_and_instant_are_shown_as_they_are(qtbot: QtBot, place: _Place) -> None:
    before = place.window
    QTest.keyClick(before.parts.transport.speed, Key.Key_Home)
    press(Key.Key_I)
    run = before.session.run
    number = run.run_id
    after = in_another_language(qtbot, place)
    assert after.parts.transport.speed.value() == run.speed == 1
    assert after.parts.transport.instant.isChecked()
    assert run.is_instant
    assert run.run_id == number, "nothing is trained anew"
    QTest.keyClick(after.parts.transport.speed, Key.Key_End)


# What a person has set.


def turn_everything(window: MainWindow) -> None:
    """Put every control that stands in no document to another value than it has at first."""
    for switch in window.findChildren(Switch):
        if not is_of_document(switch) and switch is not window.parts.transport.instant:
            switch.click()
    for bar in window.findChildren(QTabBar):
        for index in reversed(range(bar.count())):
            if bar.isTabVisible(index) and index != bar.currentIndex():
                bar.setCurrentIndex(index)
                break
    for choice in window.findChildren(Choice):
        if not is_of_document(choice) and choice.count() > 1:
            QTest.keyClick(choice, Key.Key_End)
    for slider in window.findChildren(Slider):
        if not is_of_document(slider):
            QTest.keyClick(
                slider, Key.Key_Home if QSlider.value(slider) > slider.minimum() else Key.Key_End
            )
            slider.clearFocus()


def is_of_document(control: QWidget) -> bool:
    """True for what shows the experiment."""
    forms = ("DataPanel", "PlaneChooser", "MoreSettings", "TrainingPanel")
    is_inside = any(type(above).__name__ in forms for above in parents(control))
    return is_inside and not isinstance(control, QTabBar)


def parents(control: QObject) -> Iterator[QObject]:
    above = control.parent()
    while above is not None:
        yield above
        above = above.parent()


def settings_of(window: MainWindow) -> dict[str, Any]:
    """The values of all controls of the window that are about no document, by where they stand."""
    found: dict[str, Any] = {}
    kinds: tuple[tuple[type[QWidget], Any], ...] = (
        (Switch, lambda w: w.isChecked()),
        (QTabBar, lambda w: w.currentIndex()),
        (Choice, lambda w: w.key()),
        (Slider, lambda w: w.value()),
    )
    for kind, value_of in kinds:
        for widget in window.findChildren(kind):
            if not is_of_document(widget):
                path = ".".join(type(above).__name__ for above in (widget, *parents(widget)))
                found.setdefault(path, []).append(value_of(widget))
    return {**found, "hand": [window.parts.draw.tool(), window.parts.draw.chosen_class()]}


@pytest.mark.parametrize("raw", [POINTS, IMAGES], ids=["points", "images"])
def test_every_control_stays_as_it_was_set(
    qtbot: QtBot, place: _Place, raw: dict[str, Any]
) -> None:
    before = place.window
    open_experiment(qtbot, before, raw)
    at_first = settings_of(before)
    turn_everything(before)
    before.session.run.pause()
    first_picture(qtbot, before)
    turned = settings_of(before)
    others = [key for key, value in turned.items() if value != at_first[key]]
    assert len(others) > 5, "turning them does something"
    after = in_another_language(qtbot, place)
    kept = settings_of(after)
    assert {key: kept.get(key) for key in turned} == turned


def test_the_hand_goes_on_where_it_was(qtbot: QtBot, place: _Place) -> None:
    before = place.window
    press(Key.Key_U)
    press(Key.Key_2)
    drag_on_canvas(before, (3.0, 3.0))
    after = in_another_language(qtbot, place)
    assert after.parts.draw.tool() == "put"
    drag_on_canvas(after, (4.0, -4.0))
    points = after.session.points
    np.testing.assert_allclose(points.x[-1], (4.0, -4.0), atol=0.1)
    assert list(points.y[-2:]) == [1, 1]


def test_the_picture_stays_where_it_was(qtbot: QtBot, place: _Place) -> None:
    before = place.window
    canvas = before.parts.output.canvas
    canvas.setFocus()
    press(Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    canvas.zoom_by(0.5, (1.0, 1.0))
    before.parts.network.network.zoom_at(
        before.parts.network.network.rect().center().toPointF(), 2.0
    )
    lens = before.parts.network.network.viewport()
    after = in_another_language(qtbot, place)
    assert after.parts.output.canvas.region == canvas.region
    assert np.array_equal(after.parts.output.canvas.selection(), canvas.selection())
    assert len(after.parts.output.canvas.selection())
    assert after.parts.network.network.is_zoomed
    assert after.parts.network.network.viewport().zoom == pytest.approx(lens.zoom, rel=0.05)
    assert after.parts.network._fit.isVisible()


def test_the_ghost_of_the_run_before_stays(qtbot: QtBot, place: _Place) -> None:
    before, run = place.window, place.window.session.run
    for key in (Key.Key_S, Key.Key_S, Key.Key_S):
        press(key)
    qtbot.waitUntil(lambda: run.snapshot.epoch == 3, timeout=WAIT)
    press(Key.Key_R)
    first_picture(qtbot, before)
    assert before.parts.curves.has_ghost()
    ghost = before.parts.curves.loss.plot.ghost
    after = in_another_language(qtbot, place)
    assert after.parts.curves.has_ghost()
    assert list(after.parts.curves.loss.plot.ghost) == list(ghost)
    assert after.parts.output.canvas.has_ghost() == before.parts.output.canvas.has_ghost()


def test_a_drawing_and_its_image_stay(qtbot: QtBot, place: _Place) -> None:
    before = place.window
    open_experiment(qtbot, before, IMAGES)
    pad = before.parts.images.pad
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    before.parts.images.grid.setFocus()
    press(Key.Key_End)
    bar = before.parts.images.grid.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)  # so that the image that is chosen is out of sight
    scrolled = bar.value()
    after = in_another_language(qtbot, place)
    assert 0 < after.parts.images.grid.verticalScrollBar().value() == scrolled
    assert np.array_equal(after.parts.images.pad._ink, pad._ink)
    assert after.parts.images.grid.chosen_row == before.parts.images.grid.chosen_row
    assert after.session.run._views.image_row == before.parts.images.grid.chosen_row
    assert after.session.run._views.pad is not None


def test_the_windows_beside_it_are_open_again(qtbot: QtBot, place: _Place) -> None:
    before = place.window
    before.windows.open_points_table()
    before.windows.open_hiding()
    before.parts.output.open_probe_table()
    after = in_another_language(qtbot, place)
    for companion in (
        after.windows.points_table,
        after.windows.hiding,
        after.parts.output.probe_table,
    ):
        assert companion is not None
        assert companion.isVisible()
        assert companion.windowTitle() != ""
    after.parts.output.probe_table.close()
    assert after.windows.comparison is None


def test_a_comparison_without_a_race_speaks_the_new_language(qtbot: QtBot, place: _Place) -> None:
    before = place.window.windows.open_comparison()
    before.form.race.show_value("any")
    before.form._on_race_chosen()
    before.form.line.setText("sgd, adam")
    before.form.epochs.show_value(7)
    before.form.pace.show_value("fast")
    lanes, geometry, title = before.form.lanes(), before.geometry(), before.windowTitle()
    after = in_another_language(qtbot, place).windows.comparison
    assert after is not None
    assert {after.windowTitle(), title} == {"Compare", "比較"}
    assert after.form.lanes() == lanes
    assert (after.form.length(), after.form.speed()) == (7, None)
    assert after.geometry() == geometry
    with qtbot.waitSignal(after.finished, timeout=WAIT):
        after.start_button.click()
    after.close()


def test_a_race_goes_on(qtbot: QtBot, place: _Place) -> None:
    comparison = place.window.windows.open_comparison()
    comparison.form.pace.show_value("fast")
    comparison.form.epochs.show_value(5)
    comparison.start_button.click()
    after = in_another_language(qtbot, place)
    assert after.windows.comparison is comparison
    assert comparison.isVisible()
    if comparison.moment is None or not comparison.moment.is_over:
        with qtbot.waitSignal(comparison.finished, timeout=WAIT):
            pass
    with qtbot.waitSignal(after.session.changed, timeout=WAIT):
        comparison.table.laneChosen.emit(1)
        comparison.table.selectRow(1)
        comparison.adopt_button.click()
    comparison.close()


def test_the_projector_keeps_its_size(qtbot: QtBot, place: _Place) -> None:
    press(Key.Key_F5)
    after = in_another_language(qtbot, place)
    assert after.arrangement.is_presenting
    assert not after.parts.training.isVisible()
    press(Key.Key_F5)
    assert not after.arrangement.is_presenting
    assert theme.manager().scale == 1.0


# A lesson.

LESSON = Lesson.parse(
    {
        "key": "switch",
        "title": {"en": "Switch", "ja": "切りかえ"},
        "locked": ["data"],
        "hidden": ["features"],
        "experiments": {"points": POINTS},
        "steps": [
            {"text": "First.", "goals": [{"kind": "act", "act": "step_epoch"}]},
            {
                "text": "Second.",
                "goals": [
                    {"kind": "epoch", "at_least": 2},
                    {"kind": "act", "act": "see_code"},
                    {"kind": "act", "act": "step_batch", "times": 2},
                    {"kind": "changed", "path": "training.optimizer.learning_rate"},
                ],
            },
        ],
    }
)


def test_a_lesson_goes_on_with_all_that_was_done(qtbot: QtBot, place: _Place) -> None:
    before, run = place.window, place.window.session.run
    before.guide.start(LESSON)
    first_picture(qtbot, before)
    press(Key.Key_S)
    qtbot.waitUntil(before.parts.lesson.is_done, timeout=WAIT)
    before.parts.lesson.next.click()
    press(Key.Key_S)
    qtbot.waitUntil(lambda: before.parts.lesson.reached()[0], timeout=WAIT)
    press(Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: run.snapshot.step % 2 == 1 or run.snapshot.step > 2, timeout=WAIT)
    revision = run.revision
    after = in_another_language(qtbot, place)
    assert after.parts.lesson.lesson is LESSON
    assert after.parts.lesson.step == 1
    assert after.parts.lesson.reached(0) == (True,)
    assert after.parts.lesson.reached() == (True, False, False, False)
    assert [row.is_reached for row in after.parts.lesson.rows] == [True, False, False, False]
    assert run.revision == revision, "what was trained in the step still counts"
    assert after.parts.features.isHidden()
    assert after.session.locked == ("data",)
    assert not after.hiding.parts["data"].widget.isEnabled()
    # One batch was stepped before, and one now: that makes two.
    press(Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: after.parts.lesson.reached()[2], timeout=WAIT)
    assert after.parts.lesson.reached() == (True, False, True, False)
    after.parts.lesson.leave.click()
    assert not after.parts.features.isHidden()
