"""Explanations: a text for everything, pages with formulas, drawings that tell the truth."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

import playground.core
from playground.core.data.features import FEATURES
from playground.core.experiment.settings import Settings, presentation
from playground.core.network.activations import ACTIVATIONS
from playground.core.training.losses import LOSSES
from playground.core.training.optimizers import OPTIMIZERS, SGD
from playground.ui.explain import texts
from playground.ui.explain.drawing import Descent
from playground.ui.explain.explanations import LOSS_GRAPHS, Page, pages
from playground.ui.explain.popover import Popover
from playground.ui.look import theme
from playground.ui.widgets import Card, Slider, describe
from playground.ui.widgets.question import QuestionMark
from tests.ui.whole_window import AREAS, everything, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LONGEST = 420
"""Letters of a text that is still two or three sentences."""


@pytest.fixture(autouse=True)
def _look(qapp: QApplication) -> None:
    theme.install(qapp)


def all_pages() -> list[Page]:
    return [page for area in AREAS for page in pages(area)]


def drawn(page: Page) -> QImage:
    image = QImage(300, 120, QImage.Format.Format_ARGB32)
    image.fill(theme.current().panel)
    painter = QPainter(image)
    assert page.drawing is not None
    page.drawing(painter, QRectF(image.rect()))
    painter.end()
    return image


@pytest.mark.parametrize("area", AREAS)
def test_every_area_is_explained(area: str) -> None:
    text = texts.area(area)
    assert 2 <= len(re.findall(r"[.!?](?: |$)", text)) <= 4
    assert len(text) < LONGEST


def test_texts_are_short_enough_to_be_read() -> None:
    for kind in texts._file("en").values():
        for topic, text in kind.items():
            assert len(text) < LONGEST, topic
            assert text.endswith("."), topic
            assert topic == topic.lower()


def test_an_unknown_topic_has_no_text() -> None:
    assert texts.area("the moon") == ""
    assert texts.control("the moon") == ""


def labels() -> Iterator[str]:
    """What the settings of an experiment are called."""
    for module in pkgutil.walk_packages(playground.core.__path__, "playground.core."):
        for item in vars(importlib.import_module(module.name)).values():
            if isinstance(item, type) and issubclass(item, Settings):
                yield from (presentation(field).label for field in item.model_fields.values())


def test_no_text_explains_what_is_not_there(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {*labels(), *(choice.label for choice in FEATURES)}
    control = texts.control
    monkeypatch.setattr(texts, "control", lambda topic: asked.add(topic) or control(topic))
    with open_window(qtbot) as window, everything(qtbot, window):
        unused = set(texts._file("en")["controls"]) - {topic.lower() for topic in asked}
    assert not unused


def test_whats_this_says_more_than_the_tooltip(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    describe(button, "Learning rate", "How far one step goes.")
    assert "powers of ten" in button.whatsThis()
    assert "powers of ten" not in button.toolTip()


def test_whats_this_says_the_help_where_there_is_no_more(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    describe(button, "Nobody explained this", "What it does.")
    assert "What it does." in button.whatsThis()


def test_a_slider_is_explained_by_its_caption(qtbot: QtBot) -> None:
    slider = Slider("Noise", 0, 1, 0.5, step=0.1, help_text="How much the points stray.")
    qtbot.addWidget(slider)
    assert "chance" in slider.whatsThis()


def test_a_card_has_a_question_mark_where_it_is_explained(qtbot: QtBot) -> None:
    explained, plain = Card("Network"), Card("The moon")
    for card in (explained, plain):
        qtbot.addWidget(card)
    assert explained.findChild(QuestionMark).accessibleName() == "What is this? Network"
    assert plain.findChild(QuestionMark) is None


def test_every_activation_loss_and_optimizer_has_a_page_with_its_formula() -> None:
    by_title = {page.title: page for page in all_pages()}
    wanted = [choice.label for registry in (ACTIVATIONS, LOSSES) for choice in registry]
    wanted += [optimizer.label for optimizer in OPTIMIZERS.values()]
    for label in wanted:
        assert by_title[label].formula, label
        assert by_title[label].sentence, label


@pytest.mark.parametrize("choice", list(ACTIVATIONS), ids=lambda choice: choice.key)
def test_an_activation_is_drawn_by_its_own_function(choice) -> None:  # type: ignore[no-untyped-def]
    page = next(page for page in pages("network") if page.title == choice.label)
    z = np.linspace(-4, 4, 9)
    (_, curve), (_, slope) = page.drawing.curves
    np.testing.assert_array_equal(curve(z), choice.value.f(z))
    np.testing.assert_array_equal(slope(z), choice.value.derivative(z))


@given(st.floats(-3, 3))
def test_the_losses_of_numbers_are_those_of_their_formulas(d: float) -> None:
    def value(key: str) -> float:
        return float(LOSS_GRAPHS[key].curves[0][1](np.array([d]))[0])

    assert value("mse") == pytest.approx(d * d)
    assert value("l1") == pytest.approx(abs(d))
    assert value("huber") == pytest.approx(d * d / 2 if abs(d) < 1 else abs(d) - 0.5)


@given(st.floats(0.01, 0.19), st.integers(1, 40))
def test_gradient_descent_goes_where_the_formula_says(rate: float, steps: int) -> None:
    """On a bowl of curvature 1 and 10 each step shrinks x by 1 - rate, y by 1 - 10 rate."""
    path = Descent(SGD(), rate, steps).path()
    powers = np.arange(steps + 1)[:, None]
    wanted = path[0] * np.array([1 - rate, 1 - 10 * rate]) ** powers
    np.testing.assert_allclose(path, wanted, atol=1e-12)


def test_every_shown_descent_comes_nearer_to_the_bottom() -> None:
    for page in pages("training"):
        if isinstance(page.drawing, Descent):
            path = page.drawing.path()
            heights = (path**2 @ np.array([1.0, 10.0])) / 2
            assert heights[-1] < heights[0] / 2, page.title


@pytest.mark.parametrize("mode", [theme.Mode.LIGHT, theme.Mode.DARK])
def test_every_drawing_shows_something_in_both_looks(mode: theme.Mode) -> None:
    theme.manager().set_mode(mode)
    try:
        ground = QColor(theme.current().panel).rgba()
        for page in all_pages():
            if page.drawing is not None:
                image = drawn(page)
                colors = {image.pixel(x, y) for x in range(0, 300, 2) for y in range(0, 120, 2)}
                assert ground in colors, page.title
                assert len(colors) > 3, page.title
    finally:
        theme.manager().set_mode(theme.Mode.SYSTEM)


@pytest.fixture
def popover(qtbot: QtBot) -> Iterator[Popover]:
    parent = QWidget()
    qtbot.addWidget(parent)
    yield Popover("network", "Network", parent)
    parent.close()


def test_arrow_keys_and_buttons_turn_the_pages(popover: Popover) -> None:
    book = popover.booklet
    assert book is not None
    first = book.title.text()
    QTest.keyClick(book.after, Qt.Key.Key_Right)
    second = book.title.text()
    assert second != first
    QTest.mouseClick(book.before, Qt.MouseButton.LeftButton)
    assert book.title.text() == first
    QTest.keyClick(book.before, Qt.Key.Key_Left)
    assert book.title.text() == pages("network")[-1].title


def test_turning_pages_moves_no_button(popover: Popover) -> None:
    book = popover.booklet
    assert book is not None
    heights = set()
    for index in range(len(pages("network"))):
        book.show_page(index)
        heights.add(popover.layout().totalHeightForWidth(popover.width()))
    assert len(heights) == 1


def test_an_area_without_pages_has_words_alone(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    made = Popover("data", "Data", parent)
    assert made.booklet is None
    assert made.text.text() == texts.area("data")
    assert made.accessibleName() == "Data"
