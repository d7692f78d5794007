"""The lesson panel: what is shown, ticked and asked for, by pointer and by keyboard."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.core.lessons.lesson import Lesson
from playground.core.lessons.step_facts import Facts
from playground.ui.lessons.lesson_panel import LessonPanel
from playground.ui.lessons.lesson_parts import GoalRow
from playground.ui.look import theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
RATE = "training.optimizer.learning_rate"
LESSON = Lesson.parse(
    {
        "key": "two",
        "title": {"en": "Two steps", "ja": "2つのステップ"},
        "hidden": ["features"],
        "experiments": {
            "slow": {"title": "Slow", "data": {"kind": "generated", "generator": "circle"}},
            "fast": {"from": "slow", "title": "Fast", "settings": {RATE: 0.3}},
        },
        "steps": [
            {
                "title": {"en": "First", "ja": "はじめに"},
                "text": {"en": "Train <it>.", "ja": "学習しよう。"},
                "look_at": {"en": "The loss.", "ja": "損失。"},
                "goals": [
                    {"kind": "epoch", "at_least": 10},
                    {"kind": "setting", "path": RATE, "at_least": 0.3},
                ],
            },
            {
                "text": {"en": "Race them.", "ja": "競走しよう。"},
                "try_this": {"en": "Guess first.", "ja": "まず予想。"},
                "experiment": "fast",
                "compare": ["slow", "fast"],
                "goals": [{"kind": "compared"}],
            },
        ],
    }
)
START = LESSON.experiments["slow"]


@pytest.fixture(autouse=True)
def _theme(qapp: QApplication) -> Iterator[None]:
    found = theme.install(qapp)
    found.set_mode(theme.Mode.LIGHT)
    yield
    found.set_mode(theme.Mode.SYSTEM)
    found.set_scale(1.0)


@pytest.fixture
def panel(qtbot: QtBot) -> LessonPanel:
    result = LessonPanel()
    qtbot.addWidget(result)
    result.show_lesson(LESSON)
    with qtbot.waitExposed(result):
        result.show()
    result.activateWindow()
    qtbot.waitUntil(result.isActiveWindow)
    return result


def facts(**known: Any) -> Facts:
    return dataclasses.replace(Facts.at_start(START), **known)


def ticks(panel: LessonPanel) -> list[bool]:
    return [row.is_reached for row in panel.rows]


# What is shown.


def test_nothing_is_shown_without_a_lesson(qtbot: QtBot) -> None:
    panel = LessonPanel()
    qtbot.addWidget(panel)
    assert not panel.isVisible()
    panel.show_facts(facts(epoch=10))
    panel.show_step(1)
    panel.set_language("ja")
    assert (panel.lesson, panel.rows) == (None, [])


def test_a_step_is_shown_with_all_its_parts(panel: LessonPanel) -> None:
    assert panel.title() == "Lesson"
    assert panel._number.text() == "Step 1 of 2"
    assert panel._title_of_step.text() == "First"
    assert panel._text.accessibleName() == "Train <it>."
    assert "Train &lt;it&gt;." in panel._text.text()  # its text is never taken for markup
    assert panel._look.isVisible()
    assert not panel._try.isVisible()
    assert not panel.start.isVisible()
    assert not panel.race.isVisible()
    assert panel.rows[0].text() == "Train for 10 epochs"
    panel.show_step(1)
    assert not panel._title_of_step.isVisible()
    assert not panel._look.isVisible()
    assert panel._try.isVisible()
    assert panel.start.isVisible()
    assert panel.race.isVisible()


def test_everything_is_said_in_japanese(panel: LessonPanel) -> None:
    panel.set_language("ja")
    words = [panel.title(), panel._number.text(), panel._title_of_step.text()]
    words += [panel._text.accessibleName(), panel.back.text(), panel.next.text()]
    words += [panel.rows[0].text(), panel.leave.toolTip(), panel.next.toolTip()]
    assert all(any(ord(sign) > 0x3000 for sign in word) for word in words)
    assert panel.rows[0].accessibleName().endswith("まだ")
    panel.set_language("en")
    assert panel.title() == "Lesson"


def test_every_control_has_a_name_and_a_help_text(panel: LessonPanel) -> None:
    for button in (panel.back, panel.next, panel.start, panel.race, panel.leave):
        assert button.accessibleName()
        assert button.toolTip()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


# Goals.


def test_a_goal_ticks_itself_and_stays_ticked(panel: LessonPanel) -> None:
    reached = QSignalSpy(panel.goalReached)
    assert ticks(panel) == [False, False]
    panel.show_facts(facts(epoch=9))
    assert ticks(panel) == [False, False]
    panel.show_facts(facts(epoch=10))
    assert ticks(panel) == [True, False]
    assert panel.rows[0].accessibleName() == "Train for 10 epochs: reached"
    panel.show_facts(facts(epoch=0, experiment=LESSON.experiments["fast"]))
    assert ticks(panel) == [True, True]
    assert panel.is_done()
    assert [reached.at(index) for index in range(reached.count())] == [[0, 0], [0, 1]]


def test_ticks_are_remembered_from_step_to_step(panel: LessonPanel) -> None:
    panel.show_facts(facts(epoch=10))
    panel.show_step(1)
    assert ticks(panel) == [False]
    panel.show_step(0)
    assert ticks(panel) == [True, False]
    panel.show_lesson(LESSON)
    assert ticks(panel) == [False, False]


def test_a_tick_differs_in_shape_and_not_in_color_alone(qtbot: QtBot) -> None:
    row = GoalRow(LESSON.steps[0].goals[0])
    qtbot.addWidget(row)
    row.show_reached(False, "en")
    row.resize(240, 30)
    before = row.grab().toImage()
    row.show_reached(True, "en")
    assert _pixels(row.grab().toImage())[:18, :18].std() != _pixels(before)[:18, :18].std()


def _pixels(image: QImage) -> np.ndarray:
    gray = image.convertToFormat(QImage.Format.Format_Grayscale8)
    buffer = np.frombuffer(gray.constBits(), np.uint8).reshape(gray.height(), -1)
    return buffer[:, : gray.width()].astype(float)


# What is asked for.


def test_next_and_back_turn_the_pages(panel: LessonPanel, qtbot: QtBot) -> None:
    turned = QSignalSpy(panel.stepChanged)
    assert not panel.back.isEnabled()
    qtbot.mouseClick(panel.next, Qt.MouseButton.LeftButton)
    assert panel.step == 1
    assert panel.next.text() == "Finish"
    qtbot.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    assert panel.step == 0
    assert [turned.at(index) for index in range(turned.count())] == [[1], [0]]


def test_pages_are_turned_by_keyboard(panel: LessonPanel, qtbot: QtBot) -> None:
    panel.next.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(panel.next, Key.Key_Space)
    assert panel.step == 1


def test_showing_emits_nothing(panel: LessonPanel) -> None:
    signals = (panel.stepChanged, panel.experimentRequested, panel.raceRequested, panel.left)
    spies = [QSignalSpy(signal) for signal in signals]
    panel.show_step(1)
    panel.show_lesson(LESSON, 1)
    panel.set_language("ja")
    panel.forget()
    assert [spy.count() for spy in spies] == [0, 0, 0, 0]


def test_the_experiment_of_a_step_is_asked_for(panel: LessonPanel, qtbot: QtBot) -> None:
    panel.show_step(1)
    asked = QSignalSpy(panel.experimentRequested)
    qtbot.mouseClick(panel.start, Qt.MouseButton.LeftButton)
    experiment = asked.at(0)[0]
    assert experiment.training.optimizer.learning_rate == 0.3
    assert experiment.view.hidden == ("features",)


def test_a_race_is_asked_for_by_the_titles_of_its_lanes(panel: LessonPanel, qtbot: QtBot) -> None:
    panel.show_step(1)
    asked = QSignalSpy(panel.raceRequested)
    qtbot.mouseClick(panel.race, Qt.MouseButton.LeftButton)
    lanes = asked.at(0)[0]
    assert list(lanes) == ["Slow", "Fast"]
    assert lanes["Fast"].training.optimizer.learning_rate == 0.3


@pytest.mark.parametrize("control", ["leave", "next"])
def test_a_lesson_is_left(panel: LessonPanel, qtbot: QtBot, control: str) -> None:
    panel.show_step(1)  # where next is Finish
    left = QSignalSpy(panel.left)
    qtbot.mouseClick(getattr(panel, control), Qt.MouseButton.LeftButton)
    assert left.count() == 1
    assert panel.lesson is None
    assert not panel.isVisible()


# Room.


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_sticks_out(panel: LessonPanel, scale: float, language: str) -> None:
    theme.manager().set_scale(scale)
    panel.set_language(language)
    panel.resize(panel.width(), theme.scaled(560))
    QApplication.processEvents()
    inside = panel.rect()
    for part in panel.findChildren(QWidget):
        if part.isVisible() and not panel._scroll.isAncestorOf(part):
            corner = part.mapTo(panel, part.rect().bottomRight())
            assert inside.contains(corner), part
    assert panel._scroll.widget().width() <= panel._scroll.viewport().width()
