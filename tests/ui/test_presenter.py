"""Presenter mode: what a class looks at, large enough for the last row, and nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QMenuBar, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson_files import bundled
from playground.ui import language
from playground.ui.curves.key import Side
from playground.ui.look import theme
from playground.ui.widgets import Label
from playground.ui.window.areas import presenter
from playground.ui.window.main_window import MainWindow
from tests.ui.reading import box_of, cut_texts, painted, texts
from tests.ui.whole_window import WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SIZES = [(1280, 720), (1366, 768), (1440, 900), (1920, 1080)]
LEAST_PIXELS = 20
SPIRAL: dict[str, Any] = {
    "data": {"kind": "generated", "generator": "spiral", "samples": 60},
    "model": {
        "features": ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"],
        "layers": [{"kind": "linear", "units": 8}, {"kind": "linear", "units": 8}],
    },
    "training": {"engine": "numpy", "epochs": 3},
}


@pytest.fixture(params=["en", "ja"])
def window(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot, request.param, SPIRAL) as made:
        try:
            made.notices.notice.hide()  # it goes by itself, which may be in the middle of this
            yield made
        finally:
            language.use("en")
            theme.manager().set_scale(1.0)


def areas(window: MainWindow) -> dict[str, QWidget]:
    names = ("transport", "lesson", "data", "draw", "features", "network", "training")
    parts = {name: getattr(window.parts, name) for name in (*names, "output", "curves")}
    return {name: part for name, part in parts.items() if part.isVisible()}


def resize(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    for _ in range(3):  # what one layout does, the next one hears of
        QApplication.processEvents()
    assert window.size().toTuple() == size


def open_lesson(qtbot: QtBot, window: MainWindow) -> None:
    window.guide.start(bundled()[0])
    run = window.session.run
    qtbot.waitUntil(lambda: run.snapshot is not None and run.snapshot.epoch == 0, timeout=WAIT)
    window.notices.notice.hide()


def check(window: MainWindow, patch: pytest.MonkeyPatch, shown: set[str], least_unit: int) -> None:
    """What holds in presenter mode whatever there is to see."""
    parts = areas(window)
    assert set(parts) == shown
    boxes = {name: box_of(part, window) for name, part in parts.items()}
    for name, box in boxes.items():
        assert window.rect().contains(box), name
    for one, other in combinations(boxes, 2):
        assert not boxes[one].intersects(boxes[other]), (one, other)
    small = {
        text: widget.fontInfo().pixelSize()
        for widget, text in texts(window.centralWidget())
        if widget.fontInfo().pixelSize() < LEAST_PIXELS
    }
    assert not small
    found = painted(window, patch)
    assert len(found.sizes) > 15
    assert not {text: size for text, size in found.sizes.items() if size < LEAST_PIXELS - 0.01}
    assert not found.cut
    assert not cut_texts(window.centralWidget())
    assert not any(s.is_floating for s in window.findChildren(Side) if s.isVisible())
    canvas = window.parts.output.canvas
    assert canvas.width() == canvas.height() >= 380
    assert window.parts.output.rect().contains(box_of(canvas, window.parts.output))
    scene = window.parts.network.network.arrangement()
    assert all(n.width() >= least_unit for place in scene.places for n in place.nodes)
    assert window.parts.network.network.viewport().zoom == 1


def test_everything_can_be_read_at_every_size_with_a_lesson_and_without(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.toggle_presenter()
    usual = {"transport", "network", "output", "curves"}
    for size in SIZES:
        resize(window, size)
        check(window, monkeypatch, usual, 40)
    open_lesson(qtbot, window)
    for step, size in product((0, 1), SIZES):
        window.parts.lesson.show_step(step)
        resize(window, size)
        check(window, monkeypatch, {*usual, "lesson"}, 40)


def test_a_step_that_is_turned_to_in_the_same_moment_is_large_too(
    qtbot: QtBot, window: MainWindow
) -> None:
    """Its goals are made, but not yet shown, when the text grows."""
    open_lesson(qtbot, window)
    window.parts.lesson.next.click()
    window.toggle_presenter()
    for _ in range(3):
        QApplication.processEvents()
    goals = [label for row in window.parts.lesson.rows for label in row.findChildren(Label)]
    assert goals
    assert {label.fontInfo().pixelSize() for label in goals} == {LEAST_PIXELS}


@pytest.mark.parametrize("window", ["en"], indirect=True)
def test_what_the_menu_leaves_is_the_canvas_s(window: MainWindow) -> None:
    resize(window, SIZES[0])
    window.toggle_presenter()
    for _ in range(3):
        QApplication.processEvents()
    side = window.parts.output.canvas.width()
    resize(window, SIZES[1])
    resize(window, SIZES[0])
    assert window.parts.output.canvas.width() == side


@given(st.integers(1250, 4000), st.integers(600, 2200), st.booleans())
def test_the_areas_never_want_more_than_the_room(width: int, height: int, has_lesson: bool) -> None:
    found = presenter.stand(width, height, has_lesson=has_lesson)
    gap, padding = theme.PANEL_GAP, 2 * theme.PANEL_PADDING
    beside = width - (found.lesson + gap) * has_lesson
    network = beside - gap - found.canvas - padding
    assert found.canvas >= 300
    assert network >= presenter.NETWORK_LEAST
    left = height - (found.curves + gap) * found.is_across
    assert found.canvas + padding <= left
    assert height - found.curves - gap >= 300


@pytest.mark.parametrize("has_lesson", [True, False])
def test_without_room_nothing_has_a_negative_size(has_lesson: bool) -> None:
    """So it is for a moment in a window that takes over from another one."""
    assert presenter.stand(300, 100, has_lesson=has_lesson).canvas == 0


def geometry(window: MainWindow) -> dict[int, QRect]:
    return {
        id(widget): box_of(widget, window)
        for widget in window.centralWidget().findChildren(QWidget)
        if widget.isVisible() and not isinstance(widget.parentWidget(), QScrollArea)
    }


@pytest.mark.parametrize("window", ["en"], indirect=True)
def test_it_goes_back_to_how_everything_was(qtbot: QtBot, window: MainWindow) -> None:
    open_lesson(qtbot, window)
    window.parts.lesson.show_step(1)
    for size in ((1440, 900), (1280, 720)):
        resize(window, size)
        before, experiment = geometry(window), window.session.experiment
        for _ in range(2):
            window.toggle_presenter()
            resize(window, size)
        assert geometry(window) == before
        assert window.session.experiment is experiment
        assert window.parts.lesson.step == 1


@pytest.mark.parametrize("window", ["en"], indirect=True)
def test_the_menu_is_away_until_alt_asks_for_it_and_its_keys_act(
    qtbot: QtBot, window: MainWindow
) -> None:
    session, run = window.session, window.session.run
    bar = window.menuBar()
    assert isinstance(bar, QMenuBar)
    usual = bar.height()
    resize(window, SIZES[0])
    window.toggle_presenter()
    resize(window, SIZES[0])
    assert bar.height() == 0
    assert window.parts.transport.height() == 76
    bar.setFocus(Qt.FocusReason.MenuBarFocusReason)
    qtbot.waitUntil(lambda: bar.height() >= usual)
    window.parts.output.canvas.setFocus(Qt.FocusReason.MenuBarFocusReason)
    qtbot.waitUntil(lambda: bar.height() == 0)
    session.set_value("training.epochs", None)
    run.resume()
    epoch = run.snapshot.epoch
    qtbot.waitUntil(lambda: run.snapshot.epoch > epoch + 2, timeout=WAIT)
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert not window.arrangement.is_presenting
    qtbot.waitUntil(lambda: bar.height() == usual)
    run.pause()
    session.replace(Experiment())


def test_a_notice_leaves_the_network_alone(qtbot: QtBot, window: MainWindow) -> None:
    resize(window, (1280, 720))
    window.toggle_presenter()
    window.notices.warn("What a lesson keeps as it is cannot be changed, not by this either.")
    notice, parts = window.notices.notice, window.parts

    def lies_on(card: QWidget) -> bool:
        return box_of(card, window).contains(box_of(notice, window))

    qtbot.waitUntil(lambda: lies_on(parts.curves), timeout=WAIT)
    assert not box_of(notice, window).intersects(box_of(parts.network, window))
    window.toggle_presenter()
    qtbot.waitUntil(lambda: lies_on(parts.network), timeout=WAIT)
    notice.hide()
