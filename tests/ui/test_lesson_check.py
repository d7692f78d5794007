"""Lessons gone through by keys and pointer: that they can be done as they are written, and that the
check finds what is wrong with one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import platformdirs
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.core.catalogues import languages
from playground.core.data.data import DigitsData
from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson import Lesson, Step
from playground.core.lessons.lesson_files import bundled, find, lesson_from
from playground.core.lessons.outcomes import Walk
from playground.core.lessons.solution import PANEL_BUTTONS, ActionSettings
from playground.ui import language
from playground.ui.app import make_application
from playground.ui.compare import CompareWindow
from playground.ui.curves.card import CurvesCard
from playground.ui.lessons.driver import finding
from playground.ui.lessons.driver.dialogs import Answers
from playground.ui.lessons.lesson_check import walk
from playground.ui.lessons.lesson_facts import LessonFacts
from playground.ui.lessons.lesson_guide import LessonGuide
from playground.ui.lessons.lesson_panel import LessonPanel
from playground.ui.session import recovery, unsaved
from playground.ui.window.main_window import MainWindow
from tests.spoken import LANGUAGES

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CIRCLE: dict[str, Any] = {
    "data": {"kind": "generated", "generator": "circle", "samples": 60},
    "training": {"engine": "numpy", "epochs": 5},
}
TRAIN = [{"key": "Space"}, {"until": "paused"}]


def lesson(*steps: dict[str, Any], **parts: Any) -> Lesson:
    plain = {"key": "small", "title": "Small", "experiments": {"circle": CIRCLE}, **parts}
    return Lesson.parse({**plain, "steps": [{"text": "Train.", **step} for step in steps]})


def ticks(found: Walk) -> list[bool]:
    return [outcome.is_reached for outcome in found.outcomes]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    language.use("en")


# What a pupil reads.


def labels() -> list[tuple[str, int, Step, ActionSettings, str]]:
    return [
        (known.key, number, step, action, label)
        for known in bundled()
        for number, step in enumerate(known.steps, start=1)
        for action in step.solution
        if isinstance(action, ActionSettings)
        for label in action.labels
    ]


WORDS = {
    "en": {"on": "on", "max": "max"},
    "ja": {"on": "オン", "max": "最大", "Space": "スペース"},
}
"""What is written for keys and for the values of switches and tracks."""


def is_said(label: str, text: str) -> bool:
    """True where a text has the label as a word of its own."""
    edge = r"(?![A-Za-z0-9+])" if label[-1:].isascii() else ""
    start = r"(?<![A-Za-z0-9+.])" if label[:1].isascii() else ""
    return re.search(start + re.escape(label) + edge, text) is not None


@pytest.mark.parametrize("spoken", languages())
def test_what_a_lesson_uses_is_found_by_its_word(spoken: str) -> None:
    language.use(spoken)
    words = {label: language.tr(label) for label in ("Train", *(row[-1] for row in labels()))}
    found = [label for label, word in words.items() if finding.is_called(word, label)]
    assert found == list(words)


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_a_step_names_whatever_its_solution_uses(spoken: str) -> None:
    language.use(spoken)
    found = labels()
    assert len(found) > 100
    missing = []
    for key, number, step, _, label in found:
        parts = (step.text, step.look_at, step.try_this)
        text = " ".join(part.said(spoken) for part in parts if part is not None)
        meanings = [word for word in finding.spoken(label) if word != label] or [label]
        own = WORDS[spoken].get(label)
        words = [own] if own else meanings
        if not any(is_said(word, text) for word in words):
            missing.append((key, number, label, words))
    assert missing == []


TABS = {"en": r"\btab ([A-Z]\w+(?: hand)?)", "ja": r"「([^」]+)」タブ"}


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_tabs_that_texts_speak_of_are_there(qtbot: QtBot, spoken: str) -> None:
    make_application()
    language.use(spoken)
    host = QWidget()
    qtbot.addWidget(host)
    card = CurvesCard(host)
    there = {card.tabs.tabText(index) for index in range(card.tabs.count())}
    named = {
        name
        for known in bundled()
        for step in known.steps
        for part in (step.text, step.look_at, step.try_this)
        if part is not None
        for name in re.findall(TABS[spoken], part.said(spoken))
    }
    assert len(named) > 4
    assert named <= there


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_panel_calls_its_buttons_so(qtbot: QtBot, spoken: str) -> None:
    make_application()
    panel = LessonPanel()
    qtbot.addWidget(panel)
    panel.set_language(spoken)
    panel.show_lesson(lesson({}))
    said = {panel.start.text(), panel.race.text()}
    assert said == {text.said(spoken) for text in PANEL_BUTTONS.values()}


# The lessons that come along. What takes long to train is left to `playground lessons --check`.


def quick(known: Lesson) -> Lesson:
    """A lesson without the steps that train on large images, which open experiments of their own
    and leave nothing that a later step needs, or on a thousand inputs.
    """
    steps = [
        step
        for index, step in enumerate(known.steps)
        if not any(
            isinstance(known.experiments[name].data, DigitsData)
            and known.experiments[name].data.size == 28
            for name in (known.name_at(index), *step.compare)
        )
    ]
    return known.model_copy(update={"steps": tuple(steps)})


@pytest.mark.parametrize(
    ("key", "spoken"), [("L1", "en"), ("L2", "ja"), ("L4", "en"), ("L5", "ja")]
)
def test_a_lesson_can_be_done_as_it_is_written(key: str, spoken: str) -> None:
    found = walk(quick(find(key)), spoken)
    assert found.troubles == ()
    assert [
        (outcome.step + 1, outcome.goal.words.en, outcome.is_early)
        for outcome in found.outcomes
        if not outcome.is_reached
    ] == []
    assert len(found.outcomes) > 5


def test_a_lesson_that_was_begun_in_the_window_can_be_done() -> None:
    experiment = Experiment.parse({**CIRCLE, "title": "Mine"})
    assert ticks(walk(lesson_from(experiment, "Mine"))) == [True]


# What the check finds.


def test_a_goal_that_the_solution_does_not_reach() -> None:
    goals = [{"kind": "epoch", "at_least": 5}]
    found = walk(lesson({"goals": goals, "solution": [{"key": "S"}]}, {"goals": goals}))
    assert ticks(found) == [False, False]
    assert not found.arrives


def test_a_step_goes_on_from_where_the_one_before_has_left_the_window() -> None:
    rate = "training.optimizer.learning_rate"
    steps = (
        {
            "goals": [{"kind": "setting", "path": rate, "equals": 0.5}],
            "solution": [{"control": "Learning rate", "value": "0.5"}],
        },
        {"goals": [{"kind": "epoch", "at_least": 5, "when": {rate: 0.5}}], "solution": TRAIN},
    )
    assert ticks(walk(lesson(*steps))) == [True, True]


def test_a_goal_that_is_ticked_before_anything_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guide that counts what was done before a step, as one once did."""
    begin = LessonFacts.begin

    def begin_with_an_act(facts: LessonFacts) -> None:
        begin(facts)
        facts.note("see_code")

    monkeypatch.setattr(LessonFacts, "begin", begin_with_an_act)
    goals = [{"kind": "act", "act": "see_code"}]
    found = walk(lesson({"goals": goals, "solution": [{"tab": "Code"}]}))
    assert ticks(found) == [False]
    assert found.outcomes[0].is_early
    assert not found.arrives


def test_a_goal_that_opening_the_experiment_reaches(monkeypatch: pytest.MonkeyPatch) -> None:
    requested = LessonGuide._on_experiment_requested

    def and_tick(guide: LessonGuide, experiment: Experiment) -> None:
        requested(guide, experiment)
        guide.facts.note("see_code")

    monkeypatch.setattr(LessonGuide, "_on_experiment_requested", and_tick)
    goals = [{"kind": "act", "act": "see_code"}]
    solution = [{"press": "Open experiment"}, {"tab": "Code"}]
    found = walk(lesson({"experiment": "circle", "goals": goals, "solution": solution}))
    assert found.outcomes[0].is_early


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ({"press": "Trian"}, "there is no button 'Trian' on the screen. Did you mean 'Train'?"),
        ({"tab": "Cod"}, "there is no tab 'Cod' on the screen. Did you mean 'Code'?"),
        ({"menu": "File > Clear the network"}, "there is no entry 'Clear the network' in the menu"),
        ({"menu": "Fle > New"}, "there is no entry 'Fle' in the menu. Did you mean 'File'?"),
        ({"menu": "Edit > Redo"}, "the entry 'Redo' of the menu cannot be chosen now."),
        ({"control": "Engine", "value": "NumPy"}, "there is no control 'Engine' on the screen."),
        ({"control": "Optimizer", "value": "Adma"}, "'Adma' is not in the list 'Optimizer'."),
        ({"control": "Rate", "value": "0.1"}, "the control 'Rate' cannot be used now."),
        ({"control": "Speed", "value": "fast"}, "'fast' is no number for 'Speed'."),
        ({"control": "Test points", "value": "yes"}, "the switch 'Test points' is put"),
        ({"layer": 9, "units": 3}, "there is no hidden layer 9."),
    ],
)
def test_an_action_that_cannot_be_carried_out(action: dict[str, Any], said: str) -> None:
    goals = [{"kind": "epoch", "at_least": 5}]
    found = walk(lesson({"goals": goals, "solution": [*TRAIN, action]}))
    ((step, sentence),) = found.troubles
    assert step == 0
    assert sentence.startswith(f"action 3: {said}")
    assert not found.arrives


def test_a_setting_behind_more_is_out_of_sight_until_it_is_opened() -> None:
    goals = [{"kind": "setting", "path": "training.dtype", "equals": "float64"}]
    choose = [{"press": "More"}, {"control": "Precision", "value": "float64"}]
    assert ticks(walk(lesson({"goals": goals, "solution": choose}))) == [True]


def test_a_solution_of_version_0_1_is_not_carried_out() -> None:
    found = walk(lesson({"goals": [{"kind": "epoch", "at_least": 5}], "solution": [{"epochs": 5}]}))
    assert ticks(found) == [False]
    assert "in the form of version 0.1" in found.troubles[0][1]


def test_a_question_that_nobody_had_foreseen() -> None:
    goals = [{"kind": "epoch", "at_least": 5}]
    solution = [{"control": "Learning rate", "value": "0.5"}, {"menu": "File > New"}]
    found = walk(lesson({"goals": goals, "solution": solution}))
    assert any("the window asked: " in sentence for _, sentence in found.troubles)


def test_an_error_of_the_window_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_down(card: CurvesCard, widget: object) -> None:
        raise ZeroDivisionError("broken")

    monkeypatch.setattr(CurvesCard, "bring_forward", break_down)
    goals = [{"kind": "epoch", "at_least": 5}]
    solution = [*TRAIN, {"menu": "View > Code"}]
    monkeypatch.setattr("sys.excepthook", lambda *error: None)
    found = walk(lesson({"goals": goals, "solution": solution}))
    assert [sentence for _, sentence in found.troubles] == [
        "the window failed: ZeroDivisionError: broken."
    ]


def test_a_file_is_written_and_opened_again_by_its_dialogs() -> None:
    goals = [{"kind": "act", "act": "save"}, {"kind": "act", "act": "open"}]
    solution = [
        *TRAIN,
        {"menu": "File > Save the trained network", "file": "mine.safetensors"},
        {"key": "R"},
        {"menu": "File > Load a trained network", "file": "mine.safetensors"},
    ]
    before = QSettings().allKeys()
    assert ticks(walk(lesson({"goals": goals, "solution": solution}))) == [True, True]
    assert QSettings().allKeys() == before


def test_strokes_are_drawn() -> None:
    goals = [
        {"kind": "act", "act": "paint", "times": 5},
        {"kind": "probe", "at_least": 2},
        {"kind": "act", "act": "erase", "times": 1},
    ]
    solution = [
        {"key": "B"},
        {"drag": [[-4, -4], [4, -4]]},
        {"key": "P"},
        {"click": [[1, 1], [-2, 2]]},
        {"menu": "Data > Tool > Erase"},
        {"drag": [[-4, -4], [4, -4]]},
    ]
    assert ticks(walk(lesson({"goals": goals, "solution": solution}))) == [True, True, True]


def test_what_is_built_in_the_window_races_too(monkeypatch: pytest.MonkeyPatch) -> None:
    raced: list[dict[str, Experiment]] = []
    requested = LessonGuide._on_race_requested

    def and_note(guide: LessonGuide, lanes: dict[str, Experiment]) -> None:
        raced.append(lanes)
        requested(guide, lanes)

    monkeypatch.setattr(LessonGuide, "_on_race_requested", and_note)
    goals = [{"kind": "compared", "at_least": 2, "across": "model.layers"}]
    step = {
        "compare": ["circle"],
        "compare_own": True,
        "goals": goals,
        "solution": [{"layer": 1, "units": 7}, {"press": "Race"}, {"until": "race"}],
    }
    assert ticks(walk(lesson(step))) == [True]
    (lanes,) = raced
    units = [experiment.model.layers[0].units for experiment in lanes.values()]
    assert units[-1] == 7
    assert units[0] != 7


def test_a_race_does_not_keep_the_check_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    paces: list[float | None] = []
    end = CompareWindow._on_finished

    def and_note(comparison: CompareWindow) -> None:
        paces.append(comparison.form.speed())
        end(comparison)

    monkeypatch.setattr(CompareWindow, "_on_finished", and_note)
    step = {
        "compare": ["circle", "long"],
        "goals": [{"kind": "compared"}],
        "solution": [{"press": "Race"}, {"until": "race"}],
    }
    long = {"from": "circle", "settings": {"training.epochs": 50, "training.seed": 2}}
    for spoken in LANGUAGES:
        found = walk(lesson(step, experiments={"circle": CIRCLE, "long": long}), spoken)
        assert ticks(found) == [True]
    assert paces == [None, None]


def test_the_check_keeps_nothing_and_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long somebody has trained in it."""
    monkeypatch.setattr(unsaved, "SECONDS_WORTH_ASKING", 0.0)
    monkeypatch.setattr(recovery, "MILLISECONDS", 0)
    asked: list[str] = []
    monkeypatch.setattr(Answers, "_refuse", lambda answers, dialog: asked.append(dialog.text()))
    step = {"goals": [{"kind": "epoch", "at_least": 5}], "solution": TRAIN}
    assert walk(lesson(step)).arrives
    assert asked == []
    folder = platformdirs.user_state_path("playground", appauthor=False)
    assert not [*folder.rglob("*")]


def test_no_window_is_left_behind() -> None:
    """Nor a thread, which every test is asked for."""
    walk(lesson({"goals": [{"kind": "epoch", "at_least": 5}], "solution": TRAIN}))
    left = QApplication.topLevelWidgets()
    assert not any(widget.isVisible() or isinstance(widget, MainWindow) for widget in left)
