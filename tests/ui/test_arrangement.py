"""How the window shares its room: at every size nothing overlaps, and all is large enough."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson_files import bundled
from playground.ui.commands.setting_finder import settings_in
from playground.ui.curves.axes.plot import Plot
from playground.ui.output.canvas.color_key import ColorKey
from playground.ui.output.card import OutputCard
from playground.ui.window.areas.grip import STEP, Grip
from playground.ui.window.areas.shares import (
    CANVAS_LEAST,
    CURVES_LEAST,
    FOLDED,
    KEY_HEIGHT,
    NETWORK_LEAST,
    OUTPUT_AROUND,
    RIGHT_LEAST,
    Room,
    Wishes,
    shared_out,
)
from playground.ui.window.arrangement import Arrangement
from playground.ui.window.main_window import MainWindow
from tests.ui.reading import names_drawn
from tests.ui.whole_window import WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SIZES = [
    (1100, 700),
    (1100, 820),
    (1280, 720),
    (1366, 740),
    (1280, 800),
    (1365, 853),
    (1440, 900),
    (1920, 1080),
]
LOW_WINDOW = 800
PLOT_LEAST = 110
GAP = 12


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot) as made:
        yield made


def resized(window: MainWindow, width: int, height: int) -> None:
    window.resize(width, height)
    QApplication.processEvents()
    QApplication.processEvents()  # what was resized may have asked for more


def box_of(widget: QWidget, window: MainWindow) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def cards(window: MainWindow) -> dict[str, QRect]:
    """The areas on show; the left column scrolls, so that of it counts what can be seen."""
    parts = window.parts
    areas = {
        "transport": parts.transport,
        "lesson": parts.lesson,
        "network": parts.network,
        "training": parts.training,
        "output": parts.output,
        "curves": parts.curves,
        "left": window.arrangement.findChild(QWidget, "left column"),
    }
    return {name: box_of(area, window) for name, area in areas.items() if area.isVisible()}


def check(window: MainWindow, size: tuple[int, int]) -> None:
    """What holds in every window."""
    boxes = cards(window)
    for (one, box), (other, second) in combinations(boxes.items(), 2):
        assert not box.intersects(second), (size, one, other)
    for name, box in boxes.items():
        assert window.rect().contains(box), (size, name, box)
    parts = window.parts
    canvas = parts.output.canvas
    assert canvas.width() == canvas.height() >= CANVAS_LEAST, size
    assert box_of(parts.output, window).contains(box_of(canvas, window)), size
    assert not canvas.geometry().intersects(parts.output.reading.geometry()), size
    assert parts.network.height() >= NETWORK_LEAST, size
    for plot in parts.curves.findChildren(Plot):
        if plot.isVisible():
            assert plot.box.height() >= PLOT_LEAST, size
            names = names_drawn(plot)
            for (one, text), (second, other) in combinations(names, 2):
                assert not one.intersects(second), (size, text, other)
            for place, text in names:
                assert plot.rect().toRectF().contains(place), (size, text)
    for label in window.findChildren(QLabel):
        if label.isVisible() and label.window() is window and not label.wordWrap():
            needed = label.fontMetrics().horizontalAdvance(label.text())
            assert label.width() >= needed or label.minimumSizeHint().width() < needed, (
                size,
                label.text(),
            )


def test_at_every_size_nothing_overlaps_and_all_is_large_enough(window: MainWindow) -> None:
    for size in SIZES:
        resized(window, *size)
        check(window, size)
        parts = window.parts
        is_low = size[1] < LOW_WINDOW
        assert parts.training.is_folded == (is_low or size[0] == 1100), size
        beside = window.parts.network if is_low else window.parts.output
        assert box_of(parts.curves, window).left() == box_of(beside, window).left(), size
        if is_low:
            assert parts.training.height() == FOLDED
            assert box_of(parts.output, window).bottom() == box_of(parts.curves, window).bottom()
    lesson = window.parts.lesson
    lesson.show_lesson(bundled()[0])
    window.arrangement.show_lesson(True)
    for size in SIZES:
        resized(window, *size)
        check(window, size)


def test_no_tab_of_the_curves_and_no_row_over_a_slice_lies_on_the_canvas(
    qtbot: QtBot, window: MainWindow
) -> None:
    session, parts = window.session, window.parts
    for raw in ({"data": {"kind": "generated", "generator": "hills"}}, {"data": {"kind": "iris"}}):
        session.replace(Experiment.parse({**raw, "training": {"engine": "numpy"}}))
        qtbot.waitUntil(lambda: session.run.snapshot is not None, timeout=WAIT)
        for size in ((1440, 900), (1280, 720)):
            resized(window, *size)
            for page in filter(parts.curves.offers, parts.curves.tab_widgets()):
                parts.curves.bring_forward(page)
                QApplication.processEvents()
                QApplication.processEvents()
                boxes = [box_of(part, window) for part in stacked(parts.output)]
                assert box_of(parts.output, window).contains(boxes[0]), (raw, size, page)
                for one, other in combinations(boxes, 2):
                    assert not one.intersects(other), (raw, size, page)
                assert not cards(window)["output"].intersects(cards(window)["curves"])


def test_three_classes_fit_into_a_low_window_without_scrolling(
    qtbot: QtBot, window: MainWindow
) -> None:
    session, column = window.session, window.arrangement.findChild(QScrollArea, "left column")
    assert isinstance(column, QScrollArea)
    resized(window, 1280, 720)
    session.choose_generator("blobs")
    qtbot.waitUntil(lambda: len(window.parts.draw.rows) == 3, timeout=WAIT)
    assert window.parts.data.classes["blobs"].isVisible()
    QApplication.processEvents()
    assert column.widget().minimumSizeHint().height() <= column.viewport().height()


def stacked(card: OutputCard) -> list[QWidget]:
    """What stands in the card from its canvas downwards, and over it."""
    parts = (card.canvas, card.chooser, card.findChild(ColorKey), card.reading)
    return [part for part in parts if part is not None and part.isVisible()]


rooms = st.builds(
    Room,
    st.integers(RIGHT_LEAST + GAP + 440, 3_000),
    st.integers(2 * CURVES_LEAST + NETWORK_LEAST, 2_000),
    st.integers(1_100, 3_840),
    st.booleans(),
)
wishes = st.builds(Wishes, *[st.none() | st.integers(-100, 5_000) for _ in range(3)])


@given(rooms, wishes)
def test_whatever_somebody_drags_everyone_keeps_the_least(room: Room, wishes: Wishes) -> None:
    sizes = shared_out(room, wishes)
    assert sizes.canvas >= CANVAS_LEAST
    assert sizes.right >= sizes.canvas
    assert room.width - sizes.right - GAP >= NETWORK_LEAST
    if room.is_low:
        assert CURVES_LEAST <= sizes.curves <= room.height - NETWORK_LEAST - FOLDED - 2 * GAP
    else:
        around = OUTPUT_AROUND if sizes.has_key else OUTPUT_AROUND - KEY_HEIGHT
        assert sizes.curves >= CURVES_LEAST
        assert sizes.canvas + sizes.curves + GAP + around <= room.height


@given(rooms, wishes, st.integers(-2_000, 2_000))
def test_what_was_come_to_is_kept(room: Room, wishes: Wishes, more: int) -> None:
    """A size that is shown and put into the settings is the same the next time."""
    first = shared_out(room, wishes)
    again = shared_out(room, Wishes(first.right, first.curves, first.curves))
    assert (again.right, again.canvas) == (first.right, first.canvas)


def grip(window: MainWindow, name: str) -> Grip:
    return next(
        grip
        for grip in window.arrangement.findChildren(Grip)
        if grip.accessibleName() == name and grip.isVisible()
    )


def drag(grip: Grip, by: QPoint) -> None:
    middle = grip.rect().center()
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(grip, middle + by)
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=middle + by)
    QApplication.processEvents()


def test_a_grip_is_dragged_moved_by_keys_remembered_and_put_back(window: MainWindow) -> None:
    resized(window, 1440, 900)
    parts = window.parts
    before = parts.curves.height(), parts.output.width()
    beside, above = grip(window, "Width of the output"), grip(window, "Height of the curves")
    assert beside.width() == above.height() == GAP
    drag(beside, QPoint(-60, 0))
    assert parts.output.width() == before[1] + 60
    height = parts.curves.height()
    QTest.keyClick(above, Qt.Key.Key_Up)
    QApplication.processEvents()
    assert parts.curves.height() == height + STEP
    drag(above, QPoint(0, -40))
    assert parts.curves.height() == height + STEP + 40
    check(window, (1440, 900))
    kept = Arrangement(type(parts)())  # as the next window reads it
    assert kept._wishes == window.arrangement._wishes != Wishes()
    kept.deleteLater()
    QTest.mouseDClick(above, Qt.MouseButton.LeftButton)
    QTest.keyClick(beside, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert (parts.curves.height(), parts.output.width()) == before
    assert not [key for key in QSettings().allKeys() if key.startswith("areas")]
    drag(beside, QPoint(-5_000, 0))
    check(window, (1440, 900))


def test_in_a_low_window_the_curves_grow_at_the_cost_of_the_network(window: MainWindow) -> None:
    resized(window, 1440, 790)
    parts = window.parts
    before = parts.curves.height()
    drag(grip(window, "Height of the curves"), QPoint(0, -20))
    assert parts.curves.height() == before + 20
    assert parts.training.height() == FOLDED
    drag(grip(window, "Height of the curves"), QPoint(0, -900))
    check(window, (1440, 790))


def test_in_a_low_window_training_is_a_line_that_opens_a_sheet(
    qtbot: QtBot, window: MainWindow
) -> None:
    resized(window, 1280, 720)
    panel = window.parts.training
    assert "batch 10" in panel.line.text()
    window.session.set_value("training.batch_size", "full")
    window.session.set_value("training.optimizer.learning_rate", 0.25)
    assert "all points" in panel.line.text()
    assert "0.25" in panel.line.text()
    field = panel.field("training.optimizer.learning_rate")
    assert not field.isVisible()
    QTest.keyClick(panel.line, Qt.Key.Key_Return)
    assert field.isVisible()
    assert panel.sheet.geometry().bottom() <= panel.mapToGlobal(QPoint(0, 0)).y()
    QTest.keyClick(panel.sheet, Qt.Key.Key_Escape)
    assert not field.isVisible()
    rate = next(found for found in settings_in(window.parts) if found.label == "Learning rate")
    rate.go()
    assert field.isVisible()
    resized(window, 1440, 900)
    assert not panel.sheet.isVisible()
    assert field.isVisible()
    assert field.window() is window
