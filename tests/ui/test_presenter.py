"""Presenter mode: what a class looks at, large enough for the last row, and nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.ui.look import theme
from playground.ui.window.main_window import MainWindow
from tests.ui.whole_window import WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SIZES = [(1280, 720), (1920, 1080)]
LEAST_PIXELS = 20


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot) as made:
        try:
            yield made
        finally:
            made.session.replace(Experiment())
            theme.manager().set_scale(1.0)


def present(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.toggle_presenter()
    QApplication.processEvents()


def box_of(widget: QWidget, window: MainWindow) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def texts(window: MainWindow) -> Iterator[QLabel | QAbstractButton]:
    """Every label and button of the window that says something."""
    for kind in (QLabel, QAbstractButton):
        for widget in window.centralWidget().findChildren(kind):
            if widget.isVisible() and widget.text() and widget.window() is window:
                yield widget


@pytest.mark.parametrize("size", SIZES)
def test_it_shows_what_a_class_looks_at_and_nothing_else(
    window: MainWindow, size: tuple[int, int]
) -> None:
    present(window, size)
    assert window.size().toTuple() == size
    for part in (
        window.parts.transport,
        window.parts.network,
        window.parts.output,
        window.parts.curves,
    ):
        assert part.isVisible()
        assert QRect(QPoint(0, 0), window.size()).contains(box_of(part, window))
    for part in (
        window.parts.data,
        window.parts.draw,
        window.parts.features,
        window.parts.training,
        window.parts.lesson,
    ):
        assert not part.isVisible()


@pytest.mark.parametrize("size", SIZES)
def test_its_text_can_be_read_from_the_last_row(window: MainWindow, size: tuple[int, int]) -> None:
    present(window, size)
    sizes = {widget.text(): widget.fontInfo().pixelSize() for widget in texts(window)}
    assert len(sizes) > 10
    assert not {text: pixels for text, pixels in sizes.items() if pixels < LEAST_PIXELS}


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off(window: MainWindow, size: tuple[int, int]) -> None:
    present(window, size)
    cut = []
    for widget in texts(window):
        if isinstance(widget, QLabel):
            inside = not widget.wordWrap() and "<" not in widget.text()
            needed = widget.fontMetrics().horizontalAdvance(widget.text()) if inside else 0
        else:
            needed = widget.minimumSizeHint().width()
        around = widget.parentWidget()
        room = QRect(widget.mapTo(around, QPoint(0, 0)), widget.size())
        if widget.width() < needed or not around.rect().contains(widget.geometry()):
            cut.append(f"{widget.text()!r} has {widget.width()} of {needed} px, {room}")
    assert not cut, "\n".join(cut)


@pytest.mark.parametrize("size", SIZES)
def test_its_parts_stand_beside_each_other(window: MainWindow, size: tuple[int, int]) -> None:
    present(window, size)
    parts = (window.parts.transport, window.parts.network, window.parts.output, window.parts.curves)
    boxes = [box_of(part, window) for part in parts]
    for index, box in enumerate(boxes):
        assert not any(box.intersects(other) for other in boxes[index + 1 :])
    canvas = window.parts.output.canvas
    assert canvas.width() == canvas.height() >= 300
    assert window.parts.output.rect().contains(
        box_of(canvas, window).translated(-box_of(window.parts.output, window).topLeft())
    )


def test_it_goes_back_to_how_everything_was(window: MainWindow) -> None:
    def seen() -> dict[int, QRect]:
        return {
            id(widget): box_of(widget, window)
            for widget in window.centralWidget().findChildren(QWidget)
            if widget.isVisible() and not isinstance(widget.parentWidget(), QScrollArea)
        }

    window.resize(1440, 900)
    window.notices.notice.hide()  # it goes by itself, which may be in the middle of this
    QApplication.processEvents()
    before, experiment = seen(), window.session.experiment
    window.toggle_presenter()
    QApplication.processEvents()
    window.toggle_presenter()
    QApplication.processEvents()
    assert seen() == before
    assert window.session.experiment is experiment


def test_training_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    session, run = window.session, window.session.run
    session.set_value("training.epochs", None)
    run.resume()
    present(window, SIZES[0])
    epoch = run.snapshot.epoch
    qtbot.waitUntil(lambda: run.snapshot.epoch > epoch + 2, timeout=WAIT)
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert not window.arrangement.is_presenting
    run.pause()
