"""Images in place of the canvas: the grid, the pad, and ink that looks like the data."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication

from playground.core.data.dataset import Dataset, prepare
from playground.core.data.points import Points
from playground.core.experiment.experiment import Experiment
from playground.ui.look import theme
from playground.ui.output.images import ink, pixels
from playground.ui.output.images.view import ImagesView

Key = Qt.Key
LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def manager(qapp: QApplication) -> Iterator[theme.ThemeManager]:
    found = theme.install(qapp)
    found.set_mode(theme.Mode.LIGHT)
    yield found
    found.set_mode(theme.Mode.SYSTEM)


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return prepare(Experiment.parse({"data": {"kind": "digits"}}))


@pytest.fixture
def view(qtbot, digits: Dataset) -> ImagesView:
    view = ImagesView()
    qtbot.addWidget(view)
    view.resize(420, 560)
    view.show_dataset(digits)
    with qtbot.waitExposed(view):
        view.show()
    return view


def certain(dataset: Dataset, wrong: dict[int, int] | None = None) -> np.ndarray:
    """Predictions that are right but for {row: class}."""
    taken_for = np.asarray(dataset.points.y, np.int64).copy()
    for row, label in (wrong or {}).items():
        taken_for[row] = label
    return np.eye(dataset.classes, dtype=np.float32)[taken_for]


def test_rows(dataset: Dataset) -> np.ndarray:
    return np.flatnonzero(dataset.points.held_out)


test_rows.__test__ = False  # type: ignore[attr-defined]


# The grid ---------------------------------------------------------------------------------------


def test_images_that_are_taken_for_something_else_come_first(view, digits) -> None:
    rows = test_rows(digits)
    wrong = {int(rows[i]): (int(digits.points.y[rows[i]]) + 1) % 10 for i in (5, 200)}
    view.show_predictions(certain(digits, wrong))
    assert view.grid.order()[:2].tolist() == list(wrong)
    assert sorted(view.grid.order().tolist()) == rows.tolist()
    assert view.summary.text() == f"2 of {len(rows):,} test images wrong, shown first"
    label, taken_for = int(digits.points.y[rows[5]]), wrong[int(rows[5])]
    said = view.grid.said_of(0)
    assert said == f"Image {rows[5] + 1}: predicted {taken_for} with 1.00, but it is {label}"


def test_what_is_wrong_is_marked_by_a_shape(view, digits) -> None:
    row = int(test_rows(digits)[0])
    view.show_predictions(certain(digits))
    right = view.grid.viewport().grab().toImage()
    view.show_predictions(certain(digits, {row: (int(digits.points.y[row]) + 1) % 10}))
    marked = view.grid.viewport().grab().toImage()
    box = view.grid._box(0)
    colour = theme.current().ink.rgb()
    cell = [QPoint(x, y) for x in range(box.width()) for y in range(30)]
    # The digit itself is ink, too.
    before, after = (sum(seen.pixel(at) == colour for at in cell) for seen in (right, marked))
    assert after > before + 40


def test_a_click_chooses_the_image_that_is_there(view, digits) -> None:
    chosen = QSignalSpy(view.imageChosen)
    QTest.mouseClick(view.grid.viewport(), LEFT, pos=view.grid._box(7).center())
    assert [chosen.at(i)[0] for i in range(chosen.count())] == [test_rows(digits)[7]]


def test_arrow_keys_walk_and_scroll(view, digits) -> None:
    chosen = QSignalSpy(view.imageChosen)
    columns = view.grid._columns()
    view.grid.setFocus()
    for key in (Key.Key_Right, Key.Key_Down, Key.Key_Left, Key.Key_End, Key.Key_Home):
        QTest.keyClick(view.grid, key)
    places = [1, 1 + columns, columns, len(test_rows(digits)) - 1, 0]
    assert [chosen.at(i)[0] for i in range(5)] == test_rows(digits)[places].tolist()
    QTest.keyClick(view.grid, Key.Key_End)
    last = view.grid._box(len(test_rows(digits)) - 1)
    assert view.grid.viewport().rect().contains(last.center())
    assert str(test_rows(digits)[-1] + 1) in view.grid.accessibleDescription()


def test_the_order_stays_while_the_pointer_is_over_the_images(view, digits) -> None:
    view.show_predictions(certain(digits))
    before = view.grid.order().tolist()
    QTest.mouseMove(view.grid.viewport(), view.grid._box(3).center())
    last = before[-1]
    wrong = certain(digits, {last: (int(digits.points.y[last]) + 1) % 10})
    view.show_predictions(wrong)
    assert view.grid.order().tolist() == before
    view.grid._hover(None)
    assert view.grid.order()[0] == last


def test_the_image_under_the_pointer_is_enlarged(view) -> None:
    before = view.grid.viewport().grab().toImage()
    view.grid._hover(0)
    after = view.grid.viewport().grab().toImage()
    ink_colour = theme.current().ink.rgb()
    beside = view.grid._box(0).topRight() + QPoint(8, 60)
    assert before.pixel(beside) != ink_colour
    assert after.pixel(beside) == ink_colour


def test_predictions_of_other_data_are_left_out(view) -> None:
    view.show_predictions(np.ones((3, 2), np.float32))
    assert view.summary.text().endswith(" test images"), "nothing is known, so nothing is counted"
    view.grab()


def test_without_test_points_the_training_images_are_shown(view, digits) -> None:
    points = Points(digits.points.x, digits.points.y, np.zeros(len(digits.points), bool))
    view.show_dataset(replace(digits, points=points))
    assert len(view.grid.order()) == len(points)
    assert "training images" in view.summary.text()


# The pad ----------------------------------------------------------------------------------------


def drag(view: ImagesView, *places: tuple[float, float]) -> None:
    at = [QPoint(round(x * view.pad.width()), round(y * view.pad.height())) for x, y in places]
    QTest.mousePress(view.pad, LEFT, pos=at[0])
    for place in at[1:]:
        QTest.mouseMove(view.pad, place)
    QTest.mouseRelease(view.pad, LEFT, pos=at[-1])


def test_a_stroke_asks_for_the_prediction_of_an_image_of_the_data(view, digits) -> None:
    asked = QSignalSpy(view.drawn)
    drag(view, (0.5, 0.1), (0.5, 0.9))
    image = asked.at(asked.count() - 1)[0]
    assert image.shape == (64,)
    assert image.dtype == np.float32
    assert image.min() >= digits.points.x.min()
    assert image.max() <= digits.points.x.max()
    columns = image.reshape(8, 8).sum(axis=0)
    assert columns[3:5].sum() > 0.9 * columns.sum()


def test_clear_takes_the_drawing_and_its_probabilities_away(view) -> None:
    drag(view, (0.2, 0.2), (0.8, 0.8))
    view.show_probabilities(np.eye(10, dtype=np.float32)[4])
    assert view.bars.accessibleDescription().startswith("4: 100 %")
    asked = QSignalSpy(view.drawn)
    view.wipe.click()
    assert asked.at(0)[0] is None
    view.show_probabilities(np.eye(10, dtype=np.float32)[4])  # late, of what is wiped
    assert view.bars.accessibleDescription() == "Nothing is drawn."


def test_the_keyboard_draws_too(view) -> None:
    view.pad.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view.pad, Key.Key_Left)
    assert view.pad.is_empty
    QTest.keyClick(view.pad, Key.Key_Down, SHIFT)
    assert not view.pad.is_empty
    view.grab()
    QTest.keyClick(view.pad, Key.Key_Delete)
    assert view.pad.is_empty


def test_every_part_can_be_reached_and_has_a_name(view) -> None:
    for part in (view.grid, view.pad, view.wipe):
        assert part.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert part.accessibleName()


def test_augmentation_is_shown_before_and_after(view, digits) -> None:
    seen = QSignalSpy(view.augmentationSeen)
    assert not view.augmented.isVisible()
    before = digits.train.inputs[:3]
    view.show_augmented(before, before[:, ::-1].copy())
    assert not view.strip.isVisible()
    view.augmented.click()
    assert view.strip.isVisible()
    assert seen.count() == 1
    view.grab()
    view.show_augmented(None, None)
    assert not view.strip.isVisible()
    assert not view.augmented.isVisible()


# Ink --------------------------------------------------------------------------------------------


def writing(*strokes: tuple[tuple[float, float], tuple[float, float]], radius=8.0) -> np.ndarray:
    paper = np.zeros((ink.SIDE, ink.SIDE), np.float32)
    for start, end in strokes:
        paper = ink.stroke(paper, start, end, radius)
    return paper


STYLES = [
    ink.Style((1, 8, 8), 0.0, 16.0, 1.0),
    ink.Style((1, 28, 28), 0.0, 1.0, 20 / 28),
    ink.Style((3, 10, 16), 255.0, 0.0, 0.8),
]


@given(st.sampled_from(STYLES), st.integers(-30, 30), st.integers(-30, 30))
def test_where_it_is_drawn_makes_no_difference(style: ink.Style, dx: int, dy: int) -> None:
    here = ink.pixels_of(writing(((60, 50), (60, 110)), ((60, 50), (90, 80))), style)
    there = ink.pixels_of(
        writing(
            ((60 + dx, 50 + dy), (60 + dx, 110 + dy)), ((60 + dx, 50 + dy), (90 + dx, 80 + dy))
        ),
        style,
    )
    assert here is not None
    assert there is not None
    assert np.allclose(here, there, atol=1e-3 * abs(style.ink - style.paper))


@given(st.sampled_from(STYLES), st.floats(0.5, 1.6))
def test_nor_does_how_large_it_is_drawn(style: ink.Style, scale: float) -> None:
    def drawn(factor: float) -> np.ndarray:
        spots = np.array([[50, 40], [50, 90], [80, 60]]) * factor
        lines = ((tuple(spots[0]), tuple(spots[1])), (tuple(spots[0]), tuple(spots[2])))
        pixels = ink.pixels_of(writing(*lines, radius=9 * factor), style)
        assert pixels is not None
        return (pixels - style.paper) / (style.ink - style.paper)

    assert np.abs(drawn(1.0) - drawn(scale)).mean() < 0.06


@given(st.sampled_from(STYLES), st.tuples(*[st.floats(20, 150)] * 4))
def test_all_ink_arrives_and_stays_in_the_range_of_the_data(style: ink.Style, ends) -> None:
    paper = writing((ends[:2], ends[2:]))
    pixels = ink.pixels_of(paper, style)
    assert pixels is not None
    low, high = sorted((style.paper, style.ink))
    assert pixels.min() >= low - 1e-3
    assert pixels.max() <= high + 1e-3
    shares = ((pixels - style.paper) / (style.ink - style.paper)).reshape(style.image)[0]
    rows, columns = np.nonzero(shares > 0.5 * shares.max())
    side = max(np.ptp(rows), np.ptp(columns)) + 1
    assert side <= style.fill * max(style.image[1:]) + 2


def test_empty_paper_is_no_image() -> None:
    assert ink.pixels_of(np.zeros((ink.SIDE, ink.SIDE), np.float32), STYLES[0]) is None


def test_the_style_is_read_off_the_data() -> None:
    images = np.zeros((20, 1, 28, 28), np.float32)
    images[:, :, 4:24, 9:19] = 255.0
    style = ink.style_of(images.reshape(20, -1), (1, 28, 28))
    assert (style.paper, style.ink) == (0.0, 255.0)
    assert style.fill == pytest.approx(20 / 28)
    inverse = ink.style_of(255.0 - images.reshape(20, -1), (1, 28, 28))
    assert (inverse.paper, inverse.ink) == (255.0, 0.0)


# Pixels -----------------------------------------------------------------------------------------


def test_row_0_of_an_image_is_at_the_top_and_three_channels_are_colours(qapp) -> None:
    gray = np.zeros((1, 4, 4), np.float32)
    gray[0, 0] = 1.0
    drawn = pixels.picture(gray, 0.0, 1.0)
    now = theme.current()
    assert drawn.pixelColor(5, 2) == now.ink
    assert drawn.pixelColor(5, drawn.height() - 3) == now.panel
    red = np.zeros((3, 4, 4), np.float32)
    red[0] = 9.0
    assert pixels.picture(red, 0.0, 9.0).pixelColor(1, 1).name() == "#ff0000"


def test_dark_paper_has_light_ink(view, manager) -> None:
    view.pad._draw_to((84.0, 84.0), is_new=True)
    manager.set_mode(theme.Mode.DARK)
    drawn = view.pad.grab().toImage()
    middle = QPointF(drawn.width() / 2, drawn.height() / 2).toPoint()
    assert drawn.pixelColor(middle).lightness() > 200
