"""The window in another language: nothing stays behind, and no template loses a number."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QAction, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QMenu,
)
from pytestqt.qtbot import QtBot

from playground.core.catalogues import ENGLISH, languages
from playground.core.data.tables.table import BUILTINS
from playground.core.lessons.lesson_files import bundled
from playground.core.messages import Message
from playground.core.races import RACES
from playground.engines.contract.base import Score
from playground.engines.many.race import Standing
from playground.ui import language
from playground.ui.app import make_application
from playground.ui.commands.command_palette import CommandPalette
from playground.ui.commands.key_list import KeyList, keys_by_group
from playground.ui.compare.table import StandingsTable
from playground.ui.explain import texts
from playground.ui.language import tr, trn
from playground.ui.network import NetworkView, descriptions
from playground.ui.network.editing.layer_menus import activation_menu, add_menu
from playground.ui.network.layout.targets import Part, Target
from playground.ui.window.main_window import MainWindow
from tests.ui.questions import Reader, ask_everything
from tests.ui.whole_window import everything, open_window, within
from tests.ui.words import all_said, english_in, is_left, said, said_of, said_of_menu

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

TRAINING = {"engine": "torch", "epochs": 1}
OTHER_DATA: tuple[dict[str, Any], ...] = (
    {
        "data": {"kind": "generated", "generator": "sine", "samples": 40},
        "training": {**TRAINING, "loss": "mse"},
    },
    {"data": {"kind": "iris"}, "training": TRAINING},
    {
        "data": {"kind": "digits"},
        "model": {"layers": [{"kind": "conv", "channels": 2}, {"kind": "linear", "units": 4}]},
        "training": {**TRAINING, "batch_size": 500},
    },
    {"data": {"kind": "vectors", "rows": 20}, "training": {**TRAINING, "loss": "sse"}},
)
OTHER_LANGUAGES = [code for code in languages() if code != ENGLISH]


@pytest.fixture
def _japanese() -> Iterator[None]:
    language.use("ja")
    try:
        yield
    finally:
        language.use("en")


@pytest.fixture(params=OTHER_LANGUAGES)
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    """A language other than English, in use."""
    language.use(request.param)
    try:
        yield request.param
    finally:
        language.use("en")


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every text that is painted from now on."""
    seen: set[str] = set()
    draw = QPainter.drawText

    def draw_and_note(painter: QPainter, *arguments: object) -> object:
        seen.update(argument for argument in arguments if isinstance(argument, str))
        return draw(painter, *arguments)

    monkeypatch.setattr(QPainter, "drawText", draw_and_note)
    return seen


def texts_of_menus(window: MainWindow) -> Iterator[str]:
    """The menu bar with all that hangs from it, the palette and the key list."""
    for action in window.menuBar().actions():
        menu = action.menu()
        assert isinstance(menu, QMenu)
        yield from said_of_menu(menu)
    window.show_palette()
    window.show_keys()
    (keys,), (palette,) = window.findChildren(KeyList), window.findChildren(CommandPalette)
    yield from keys.text.toPlainText().splitlines()
    for dialog in (keys, palette):
        yield from all_said(dialog)
        dialog.close()


def texts_of_lessons(window: MainWindow, spoken: str) -> Iterator[str]:
    """Every step of every lesson, and what its experiments are called."""
    panel = window.parts.lesson
    for lesson in bundled():
        panel.show_lesson(lesson)
        for step in range(len(lesson.steps)):
            panel.show_step(step)
            yield from all_said(panel)
        titles = (lesson.experiment(name, spoken).title for name in lesson.experiments)
        yield from (*titles, lesson.title.said(spoken))
        yield from (figure.what.said(spoken) for figure in lesson.published)
    panel.forget()


def texts_of_races(window: MainWindow) -> Iterator[str]:
    """What the lanes of every ready-made race are called."""
    form = window.windows.open_comparison().form
    for race in RACES:
        form.race.show_value(race.key)
        form._on_race_chosen()
        yield from form.lanes()
    window.windows.close()


def texts_of_everything(
    qtbot: QtBot, spoken: str, painted: set[str], reader: Reader, folder: Path
) -> set[str]:
    """All that the window and what opens from it say and paint in a language."""
    found = set()
    with open_window(qtbot, spoken) as window:
        with everything(qtbot, window) as roots:
            for widget in within(roots):
                found.update(said(widget))
            for action in window.findChildren(QAction):
                found.update(said_of(action))
            for root in roots:
                root.grab()
        found.update(texts_of_menus(window))
        found.update(texts_of_lessons(window, spoken))
        found.update(texts_of_races(window))
        ask_everything(window, folder, reader)
    return found | painted | reader.texts


def test_nothing_stays_english_in_another_language(
    qtbot: QtBot,
    spoken: str,
    painted: set[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    found = texts_of_everything(qtbot, spoken, painted, Reader(monkeypatch), tmp_path)
    left = {text for text in found if is_left(text)}
    assert not left, "\n".join(sorted(left))


@pytest.mark.usefixtures("_japanese")
@pytest.mark.parametrize("raw", OTHER_DATA, ids=lambda raw: raw["data"]["kind"])
def test_other_data_are_spoken_of_in_japanese(
    qtbot: QtBot, painted: set[str], raw: dict[str, Any]
) -> None:
    left = set()
    with open_window(qtbot, "ja", raw) as window:
        for index in range(window.parts.curves.tabs.count()):
            window.parts.curves.tabs.setCurrentIndex(index)
            QApplication.processEvents()
        window.grab()
        for widget in within([window]):
            left.update(text for text in said(widget) if english_in(text))
    left.update(text for text in painted if english_in(text))
    assert not left, "\n".join(sorted(left))


@pytest.mark.usefixtures("_japanese")
def test_the_tables_that_come_along_are_listed_in_japanese(qtbot: QtBot) -> None:
    with open_window(qtbot, "ja") as window:
        panel = window.parts.data
        panel.open_tables()
        (menu,) = panel.findChildren(QMenu)
        entries = [action for action in menu.actions() if not action.isSeparator()]
        assert len(entries) == len(BUILTINS) + 4
        left = {t for a in entries for t in (a.text(), a.toolTip()) if english_in(t)}
        menu.close()
    assert not left, "\n".join(sorted(left))


@pytest.mark.usefixtures("_japanese")
def test_what_was_done_is_told_in_japanese(qtbot: QtBot) -> None:
    with open_window(qtbot, "ja") as window:
        session, told = window.session, []
        for edit in (
            partial(session.set_value, "data.noise", 0.2),
            partial(session.set_value, "training.optimizer.kind", "sgd"),
            partial(session.set_value, "training.schedule.kind", "cosine"),
            partial(session.add_layer, 0, "linear"),
            partial(session.set_layer, 0, "units", 3),
            partial(session.move_layer, 0, 1),
            partial(session.remove_layer, 0),
            partial(session.toggle_feature, "x1*x2", True),
            partial(session.choose_table, "breast_cancer"),
            partial(session.choose_generator, "spiral"),
            session.new_start,
            session.clear_points,
            session.add_class,
            partial(session.rename_class, 0, "甲"),
        ):
            edit()
            told.append(session.undo_stack.undoText())
        undo = next(a for a in window.findChildren(QAction) if tr("Undo") in a.text())
        window.menuBar().actions()[1].menu().aboutToShow.emit()
        told.append(undo.text())
    assert [text for text in told if english_in(text)] == []
    assert told[-2] in told[-1]
    assert len(set(told)) == len(told)


def test_nothing_is_cut_off_in_another_language(qtbot: QtBot, spoken: str) -> None:
    with open_window(qtbot, spoken) as window:
        window.resize(1280, 720)
        QApplication.processEvents()
        for label in window.findChildren(QLabel):
            if label.isVisible() and label.text() and not label.wordWrap():
                needed = label.fontMetrics().horizontalAdvance(label.text())
                assert label.width() >= needed, f"“{label.text()}” needs {needed} px"
        for button in window.findChildren(QAbstractButton):
            if button.isVisible() and button.text():
                needed = button.sizeHint().width()
                assert button.width() >= needed, f"“{button.text()}” needs {needed} px"
        column = window.parts.data.parentWidget()
        assert column is not None
        assert column.height() <= column.parentWidget().height(), "the left column scrolls"


LAYERS_OF_A_ROW: list[dict[str, Any]] = [
    {"kind": "linear", "units": 3, "activation": "relu"},
    {"kind": "batch_norm"},
    {"kind": "dropout", "p": 0.1},
    {"kind": "residual"},
    {"kind": "linear", "units": 1},
]
LAYERS_OF_AN_IMAGE: list[dict[str, Any]] = [
    {"kind": "conv", "channels": 4, "stride": 2},
    {"kind": "depthwise_separable", "channels": 4},
    {"kind": "inverted_residual", "channels": 4},
    {"kind": "inception", "channels": 2},
    {"kind": "squeeze_excite"},
    {"kind": "wide_residual", "channels": 4},
    {"kind": "residual_conv", "channels": 4},
    {"kind": "pool"},
    {"kind": "global_pool"},
]


def words_of(view: NetworkView) -> Iterator[str]:
    """What the network says of everything that can be pointed at, and its menus."""
    diagram, weights = view._diagram, view._weights
    for part, column in product(Part, range(1, len(diagram.columns))):
        target = Target(part, column, 0, 0)
        if part is Part.ACTIVATION and not diagram.columns[column].activation:
            continue
        try:
            yield descriptions.headline(diagram, target)
            yield from descriptions.readout(diagram, target, weights)
            yield descriptions.description(diagram, target, weights)
        except (IndexError, AttributeError, TypeError):
            continue  # the column has no such part


@pytest.mark.usefixtures("_japanese")
@pytest.mark.parametrize(
    ("data", "layers"),
    [
        ({"kind": "generated", "generator": "spiral", "samples": 40}, LAYERS_OF_A_ROW),
        ({"kind": "digits"}, LAYERS_OF_AN_IMAGE),
    ],
    ids=["row", "image"],
)
def test_the_network_speaks_japanese_of_all_its_parts(
    qtbot: QtBot, data: dict[str, Any], layers: list[dict[str, Any]]
) -> None:
    raw = {
        "data": data,
        "model": {"layers": layers},
        "training": {**TRAINING, "batch_size": "full"},
    }
    with open_window(qtbot, "ja", raw) as window:
        left = {
            text for text in map(tr, words_of(window.parts.network.network)) if english_in(text)
        }
        owner = window.parts.network.network
        opened = [activation_menu(owner, "relu", str), add_menu(owner, str, "behind")]
        for menu in opened:
            for action in menu.actions():
                left.update(t for t in (action.text(), action.toolTip()) if english_in(t))
    assert not left, "\n".join(sorted(left))


def test_both_languages_explain_the_same() -> None:
    english, japanese = (texts._file(code) for code in ("en", "ja"))
    assert {kind: set(english[kind]) for kind in english} == {
        kind: set(japanese[kind]) for kind in japanese
    }


@pytest.mark.parametrize("code", OTHER_LANGUAGES)
def test_other_languages_explain_nothing_that_is_not_there(code: str) -> None:
    english, other = (texts._file(each) for each in ("en", code))
    assert set(other) <= set(english)
    assert all(set(other[kind]) <= set(english[kind]) for kind in other)


def test_keys_are_called_as_in_the_language() -> None:
    def undo() -> str:
        return QKeySequence("Ctrl+Z").toString(QKeySequence.SequenceFormat.NativeText)

    make_application()
    names = {}
    for code in ("en", "de", "ja", "en"):
        language.use(code)
        names[code] = undo()
    assert names == {"en": "Ctrl+Z", "de": "Strg+Z", "ja": "Ctrl+Z"}


def test_the_key_list_calls_keys_as_in_the_language() -> None:
    make_application()
    language.use("de")
    keys = {key for rows in keys_by_group(()).values() for key, _ in rows}
    assert {"Leertaste", "Entf", "Einfg", "Strg+Links, Strg+Rechts", tr("Arrows")} <= keys


@pytest.mark.usefixtures("_japanese")
def test_a_lane_that_diverged_says_so_in_japanese(qtbot: QtBot) -> None:
    table = StandingsTable()
    qtbot.addWidget(table)
    table.start(["甲"])
    score = Score(float("nan"), None)
    lane = Standing("甲", score, None, has_diverged=True, epoch=None, step=None)
    table.show_standings([lane])
    shown = {table.item(0, column).text() for column in range(table.columnCount())}
    assert tr("diverged") in shown


@pytest.mark.usefixtures("_japanese")
def test_a_text_is_looked_up_by_its_template_alone() -> None:
    sentences = Message("Let the network learn.", Message("Key: Space."))
    assert tr(sentences) == "ネットワークに学ばせます。キー: スペース。"
    assert tr(str(sentences)) == str(sentences)
    assert trn("{count:,} point", "{count:,} points", 3_000) == "3,000点"


@given(st.text())
def test_english_is_what_the_code_says(text: str) -> None:
    assert tr(text) == text
