"""Cards: their title rows stand in one line, and question marks show themselves where one looks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWhatsThis, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson_files import bundled
from playground.ui import language
from playground.ui.look import theme
from playground.ui.widgets import Card, Tabs
from playground.ui.widgets.card import TITLE_ROW
from playground.ui.widgets.question import QuestionMark
from playground.ui.window.main_window import MainWindow
from tests.ui.whole_window import SMALL, WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(params=["en", "ja"])
def window(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot, request.param) as made:
        try:
            yield made
        finally:
            language.use("en")


def middle_of(widget: QWidget, card: QWidget) -> float:
    return widget.mapTo(card, QPoint(0, 0)).y() + widget.height() / 2


def test_the_first_lines_of_all_cards_are_one_line(qtbot: QtBot, window: MainWindow) -> None:
    parts, run = window.parts, window.session.run
    cards = [parts.data, parts.draw, parts.features, parts.network, parts.training]
    for data in (SMALL["data"], {"kind": "digits"}, {"kind": "iris"}):
        window.session.replace(Experiment.parse({"data": data}))
        qtbot.waitUntil(lambda: run.snapshot is not None, timeout=WAIT)
        window.resize(1440, 900)
        QApplication.processEvents()
        for card in (*cards, parts.output, parts.curves):
            if not card.isVisible():
                continue
            line = theme.PANEL_PADDING + TITLE_ROW / 2
            heads = [*card.findChildren(Tabs), *card.findChildren(QuestionMark)]
            heads += [card._title] if card.title() else []
            for head in heads:
                if head.isVisible():
                    assert abs(middle_of(head, card) - line) <= 1, (card.title(), head)


def test_a_question_mark_shows_itself_to_the_keyboard_and_the_pointer(qtbot: QtBot) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    card, other = Card("Network", around), QPushButton("elsewhere", around)
    inside = QPushButton("inside")
    card.content.addWidget(inside)
    card.setGeometry(0, 0, 300, 200)
    other.setGeometry(0, 220, 100, 30)
    around.show()
    around.activateWindow()
    qtbot.waitUntil(around.isActiveWindow)
    mark = card.findChild(QuestionMark)
    assert mark is not None
    other.setFocus()
    card.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    blank = mark.grab().toImage()
    inside.setFocus()
    qtbot.waitUntil(inside.hasFocus)
    assert mark.grab().toImage() != blank
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    assert mark.grab().toImage() == blank
    card.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    QApplication.sendEvent(card, QEvent(QEvent.Type.Enter))
    assert mark.grab().toImage() != blank


def test_all_question_marks_show_themselves_while_the_window_asks(
    qtbot: QtBot, window: MainWindow
) -> None:
    marks = [mark for mark in window.findChildren(QuestionMark) if mark.isVisible()]
    assert len(marks) >= 6
    assert sum(mark.shows() for mark in marks) <= 1  # the one whose area has the keyboard
    window.ask_what_anything_is()
    try:
        assert all(mark.shows() for mark in marks)
    finally:
        QWhatsThis.leaveWhatsThisMode()
    assert sum(mark.shows() for mark in marks) <= 1


def test_the_chosen_tab_is_ink_and_the_keyboard_a_ring(qtbot: QtBot, window: MainWindow) -> None:
    tabs = window.parts.curves.tabs.tabBar()
    window.parts.output.canvas.setFocus()
    violet = theme.current().focus.rgb()

    def violets() -> int:
        picture, name = tabs.grab().toImage(), tabs.tabRect(0).adjusted(4, 4, -18, -4)
        inside = [
            (x, y)
            for x in range(name.left(), name.right())
            for y in range(name.top(), name.bottom())
        ]
        return sum(picture.pixel(x, y) == violet for x, y in inside)

    tabs.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(tabs.hasFocus)
    assert violets() == 0
    whole = tabs.grab().toImage()
    assert any(whole.pixel(x, 1) == violet for x in range(tabs.tabRect(0).width()))


def test_the_goals_of_a_lesson_stand_under_its_text_and_its_boxes_end_in_one_line(
    qtbot: QtBot, window: MainWindow
) -> None:
    panel = window.parts.lesson
    for lesson in bundled():
        window.guide.start(lesson)
        for size in ((1440, 900), (1280, 720)):
            window.resize(*size)
            for _ in range(3):
                QApplication.processEvents()
            right = panel.width() - theme.PANEL_PADDING
            for box in (panel._progress, panel._text, panel._look, panel._try, panel.next):
                if box.isVisible():
                    assert box.mapTo(panel, QPoint(box.width(), 0)).x() == right
            if panel.rows:
                text = panel._scroll.geometry().bottom()
                gap = panel._goals_title.y() - text
                assert 0 < gap <= 24, lesson.key
                assert panel.rows[-1].geometry().bottom() < panel.next.y()
