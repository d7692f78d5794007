"""The widget kit: what the hand does, what the signals tell, what a screen reader hears."""

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from playground.core.errors import PlaygroundError
from playground.core.numbers import plain
from playground.ui.look import theme
from playground.ui.widgets import (
    Chip,
    Choice,
    ElidedLabel,
    Headline,
    Notice,
    NumberField,
    PrimaryButton,
    Slider,
    Switch,
    ThumbnailButton,
    ToolButton,
    exclusive,
)
from playground.ui.widgets.number_field import parse

Key = Qt.Key

# What the offscreen platform says about every window; it is no fault of a widget.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(autouse=True)
def manager(qapp: QApplication) -> Iterator[theme.ThemeManager]:
    found = theme.install(qapp)
    found.set_mode(theme.Mode.LIGHT)
    yield found
    found.set_mode(theme.Mode.SYSTEM)
    found.set_scale(1.0)


Show = Callable[..., QWidget]


@pytest.fixture
def show(qtbot) -> Show:
    """Puts widgets into a window that lives as long as the test."""
    pages = []

    def put(*widgets: QWidget) -> QWidget:
        page = QWidget()
        pages.append(page)
        layout = QHBoxLayout(page)
        for widget in widgets:
            layout.addWidget(widget)
        qtbot.addWidget(page)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        return page

    return put


def told(spy: QSignalSpy) -> list[object]:
    return [spy.at(index)[0] for index in range(spy.count())]


# Slider ---------------------------------------------------------------------------------------


@given(st.floats(-5, 1))
def test_a_log_slider_finds_its_value_again(exponent: float) -> None:
    value = float(f"{10**exponent:.3g}")
    slider = Slider("Rate", 1e-5, 10, 1, log=True)
    assert slider.value_at(slider.position(value)) == pytest.approx(value, rel=1e-9)


@given(st.floats(-0.5, 1.5), st.booleans(), st.booleans())
def test_a_slider_never_leaves_its_bounds(position: float, log: bool, integer: bool) -> None:
    value = Slider("n", 3, 700, 10, step=7, log=log, integer=integer).value_at(position)
    assert 3 <= value <= 700
    assert not integer or value == round(value)


def test_dragging_changes_often_and_commits_once(qtbot, show: Show) -> None:
    slider = Slider("Noise", 0, 50, 0, step=5)
    show(slider)
    slider.resize(200, slider.height())
    changed, committed = QSignalSpy(slider.valueChanged), QSignalSpy(slider.valueCommitted)
    y = slider.height() - 8
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(7, y))
    qtbot.mouseMove(slider, QPoint(100, y))
    assert slider.value() == 25
    qtbot.mouseMove(slider, QPoint(193, y))
    assert committed.count() == 0
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(193, y))
    assert told(changed) == [25.0, 50.0]
    assert told(committed) == [50.0]


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        (Key.Key_Right, 0.6),
        (Key.Key_Down, 0.4),
        (Key.Key_PageUp, 1.5),
        (Key.Key_Home, 0.1),
        (Key.Key_End, 2.0),
    ],
)
def test_keys_move_a_slider(qtbot, key: Key, wanted: float, show: Show) -> None:
    slider = Slider("Brush", 0.1, 2, 0.5, step=0.1)
    show(slider)
    committed = QSignalSpy(slider.valueCommitted)
    qtbot.keyClick(slider, key)
    assert told(committed) == [wanted]


def test_a_key_always_moves_a_whole_number_on_a_log_track(qtbot, show: Show) -> None:
    slider = Slider("Units", 1, 1024, 1, log=True, integer=True)
    show(slider)
    qtbot.keyClick(slider, Key.Key_Right)
    assert slider.value() == 2
    qtbot.keyClick(slider, Key.Key_Left)
    assert slider.value() == 1


def _turn(slider: Slider) -> None:
    up = QPoint(0, 120)
    middle = QPointF(slider.rect().center())
    nothing = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(middle, middle, QPoint(), up, *nothing, phase, False)
    QApplication.sendEvent(slider, event)


def test_the_wheel_works_only_with_the_focus(qtbot, show: Show) -> None:
    slider, other = Slider("Points", 0, 10, 5), Switch("Other")
    show(slider, other)
    other.setFocus()
    _turn(slider)
    assert slider.value() == 5
    slider.setFocus()
    qtbot.waitUntil(slider.hasFocus)
    _turn(slider)
    assert slider.value() == 6


def test_setting_a_slider_is_silent_and_spoken(qtbot) -> None:
    slider = Slider("Noise", 0, 50, 0, text=lambda value: f"{value:g} %")
    changed = QSignalSpy(slider.valueChanged)
    slider.set_value(20)
    assert changed.count() == 0
    assert slider.accessibleName() == "Noise: 20 %"


def test_a_log_track_from_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="Rate"):
        Slider("Rate", 0, 1, 0.5, log=True)


# NumberField ----------------------------------------------------------------------------------


@given(st.floats(1e-9, 1e9))
def test_a_number_written_plainly_reads_back(value: float) -> None:
    assert parse(plain(value), "n", 0, 1e10) == pytest.approx(value, rel=1e-11)


@pytest.mark.parametrize(
    ("text", "value"), [("1e-3", 0.001), (" 0,03 ", 0.03), (".5", 0.5), ("+2", 2), ("1E1", 10)]
)
def test_numbers_are_read_as_people_write_them(text: str, value: float) -> None:
    assert parse(text, "Learning rate", 1e-6, 10) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "'' is not a number"),
        ("fast", "'fast' is not a number"),
        ("1,000,000", "is not a number"),
        ("1_0", "is not a number"),
        ("nan", "not a finite number"),
        ("1e400", "not a finite number"),
        ("40", "Learning rate: 40 is above 10; enter a number from 1e-6 to 10."),
        ("-1", "-1 is below 1e-6"),
        ("9" * 5000, "is not a finite number"),
    ],
)
def test_a_refused_entry_says_why_and_what_is_possible(text: str, words: str) -> None:
    with pytest.raises(PlaygroundError) as caught:
        parse(text, "Learning rate", 1e-6, 10)
    assert words in str(caught.value)
    assert "from 1e-6 to 10" in str(caught.value)
    assert len(str(caught.value)) < 120


def test_a_field_of_whole_numbers_has_thousands(qtbot, show: Show) -> None:
    field = NumberField("Epochs", 1, 100_000_000, 5000, integer=True)
    show(field)
    assert field.text() == "5,000"
    field.selectAll()
    qtbot.keyClicks(field, "12,448")
    qtbot.keyClick(field, Key.Key_Return)
    assert (field.value(), field.text()) == (12_448, "12,448")
    field.selectAll()
    qtbot.keyClicks(field, "200000000")
    qtbot.keyClick(field, Key.Key_Return)
    assert "200,000,000 is above 100,000,000" in field.message()


def test_a_text_that_is_cut_says_all_in_its_tooltip(show: Show) -> None:
    label = ElidedLabel("tanh(0.42 x₁ − 1.3 x₂ + 0.1)")
    show(label)
    label.resize(400, 20)
    assert not label.toolTip()
    label.resize(60, 20)
    assert "1.3 x₂" in label.toolTip()
    label.setText("x")
    assert not label.toolTip()


def test_a_text_may_be_left_out_where_it_would_be_cut(show: Show) -> None:
    label = ElidedLabel("A slice: the other 2 inputs are at their mean.")
    show(label)
    label.show_whole_or_not_at_all(True)
    for width, is_there in ((400, True), (100, False)):
        label.resize(width, 20)
        picture = label.grab().toImage()
        empty = picture.copy()
        empty.fill(picture.pixelColor(0, 0))
        assert (picture != empty) == is_there


def test_a_list_shows_as_many_entries_as_there_is_room_for(show: Show) -> None:
    choice = Choice("Optimizer", [(str(i), f"Number {i}", "") for i in range(11)])
    show(choice)
    choice.showPopup()
    assert not choice.view().verticalScrollBar().isVisible()
    choice.hidePopup()


def test_a_whole_number_must_be_whole() -> None:
    assert parse("1e2", "Batch size", 1, 1000, integer=True) == 100
    with pytest.raises(PlaygroundError, match=r"2\.5 is not a whole number; enter a whole number"):
        parse("2.5", "Batch size", 1, 1000, integer=True)


@pytest.fixture
def field(qtbot, show: Show) -> NumberField:
    field = NumberField("Learning rate", 1e-6, 10, 0.03, log=True, help_text="How far a step goes.")
    show(field)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    field.selectAll()
    return field


def test_enter_commits_a_new_number_once(qtbot, field: NumberField) -> None:
    committed = QSignalSpy(field.valueCommitted)
    qtbot.keyClicks(field, "1e-3")
    assert field.value() == 0.03
    qtbot.keyClick(field, Key.Key_Return)
    field.clearFocus()
    assert told(committed) == [0.001]
    assert field.text() == "0.001"


def test_a_refused_entry_stays_and_the_number_stays_good(qtbot, field: NumberField) -> None:
    committed, refused = QSignalSpy(field.valueCommitted), QSignalSpy(field.refused)
    qtbot.keyClicks(field, "40")
    qtbot.keyClick(field, Key.Key_Return)
    field.clearFocus()
    assert field.text() == "40"
    assert field.value() == 0.03
    assert committed.count() == 0
    assert told(refused) == [field.message()]
    assert field.accessibleDescription() == field.message()
    field.setFocus()
    qtbot.keyClick(field, Key.Key_Escape)
    assert field.text() == "0.03"
    assert field.message() == ""
    assert field.accessibleDescription() == "How far a step goes."


def test_arrows_climb_the_ladder_of_a_log_field(qtbot, field: NumberField) -> None:
    committed = QSignalSpy(field.valueCommitted)
    for key in (Key.Key_Up, Key.Key_Up, Key.Key_Up, Key.Key_Down):
        qtbot.keyClick(field, key)
    assert told(committed) == [0.1, 0.3, 1.0, 0.3]
    for _ in range(20):
        qtbot.keyClick(field, Key.Key_Up)
    assert field.value() == 10
    for _ in range(40):
        qtbot.keyClick(field, Key.Key_Down)
    assert field.value() == 1e-6


def test_arrows_step_a_linear_field(qtbot, show: Show) -> None:
    field = NumberField("p", 0, 1, 0.2, step=0.1)
    show(field)
    qtbot.keyClick(field, Key.Key_Up)
    assert field.value() == 0.3


# Choice, buttons ------------------------------------------------------------------------------


def test_a_choice_tells_of_the_hand_only(qtbot, show: Show) -> None:
    choice = Choice("Optimizer", [("sgd", "SGD", "Plain."), ("adam", "Adam", "Adapts.")])
    show(choice)
    chosen = QSignalSpy(choice.chosen)
    choice.set_key("adam")
    assert chosen.count() == 0
    assert choice.key() == "adam"
    choice.setFocus()
    qtbot.keyClick(choice, Key.Key_Up)
    assert told(chosen) == ["sgd"]
    assert "Adapts." in choice.itemData(1, Qt.ItemDataRole.ToolTipRole)
    with pytest.raises(KeyError, match="adagrad"):
        choice.set_key("adagrad")


@pytest.mark.parametrize("make", [Switch, Chip, ThumbnailButton])
def test_space_toggles(qtbot, make: type[Switch], show: Show) -> None:
    control = make("x1", "Feeds the first input.")
    show(control)
    toggled = QSignalSpy(control.toggled)
    qtbot.keyClick(control, Key.Key_Space)
    assert told(toggled) == [True]
    assert control.isChecked()


def test_one_tool_of_a_group_is_down_and_arrows_walk(qtbot, show: Show) -> None:
    tools = [ToolButton(name, name, checkable=True) for name in ("brush", "move", "erase")]
    page = show(*tools)
    exclusive(tools, page)
    tools[0].click()
    tools[0].setFocus()
    qtbot.waitUntil(tools[0].hasFocus)
    qtbot.keyClick(tools[0], Key.Key_Right)
    assert [tool.isChecked() for tool in tools] == [False, True, False]


def test_a_chip_keeps_its_width_when_checked(qtbot) -> None:
    chip = Chip("sin x1")
    before = chip.sizeHint()
    chip.setChecked(True)
    assert chip.sizeHint() == before


def test_the_ring_shows_for_the_keyboard_and_not_for_the_pointer(qtbot, show: Show) -> None:
    first, second = PrimaryButton("Train"), PrimaryButton("Stop")
    show(first, second)
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    qtbot.keyClick(first, Key.Key_Tab)
    assert second.has_ring()
    ring = second.grab().toImage().pixelColor(second.width() // 2, 1)
    assert ring == theme.LIGHT.focus
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert not second.has_ring()


# The rest -------------------------------------------------------------------------------------


def test_a_headline_never_moves_its_neighbours(qtbot) -> None:
    headline = Headline("epoch", "000,000")
    headline.set_value("000,001")
    width = headline.sizeHint().width(), headline.width()
    headline.set_value("111,111")
    assert (headline.sizeHint().width(), headline.width()) == width
    assert headline.accessibleName() == "epoch: 111,111"


def test_a_notice_is_read_and_dismissed(qtbot, show: Show) -> None:
    notice = Notice()
    page = show(notice)
    assert not notice.isVisible()
    notice.show_message("The loss is not a number.", "warning")
    assert notice.isVisible()
    assert notice.accessibleName() == "The loss is not a number."
    qtbot.keyClick(notice, Key.Key_Escape)
    assert not notice.isVisible()
    assert page.isVisible()


def test_a_thumbnail_shows_all_its_classes(show: Show) -> None:
    button = ThumbnailButton("Circle")
    labels = np.arange(2000) % 2
    angle = np.linspace(0, 6.28, 2000)
    radius = 1 + labels
    button.show_points(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), labels)
    show(button)
    image = button.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(56) for y in range(56)}
    assert {theme.class_color(0).name(), theme.class_color(1).name()} <= seen


def test_a_value_map_lies_the_right_way_up(show: Show) -> None:
    button = ThumbnailButton("Plane")
    button.show_map(np.repeat(np.linspace(-1, 1, 16)[:, None], 16, axis=1))
    show(button)
    image = button.grab().toImage()
    assert image.pixelColor(28, 6).red() > image.pixelColor(28, 50).red()


def _specimen() -> QWidget:
    spec = importlib.util.spec_from_file_location("specimen", Path(__file__).parent / "specimen.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.specimen()


def test_every_control_has_a_name_in_every_look(qtbot, manager: theme.ThemeManager) -> None:
    page = _specimen()
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    light = page.grab().toImage()
    manager.set_mode(theme.Mode.DARK)
    dark = page.grab().toImage()
    assert light.pixelColor(2, 2) == theme.LIGHT.background
    assert dark.pixelColor(2, 2) == theme.DARK.background
    before = page.minimumSizeHint().height()
    manager.set_scale(1.5)
    assert page.minimumSizeHint().height() > before
    nameless = [
        type(widget).__name__
        for widget in page.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisibleTo(page)
        and not widget.accessibleName()
        and not widget.objectName().startswith("qt_")
    ]
    assert nameless == []
