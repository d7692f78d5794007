"""The window in another language: nothing stays behind, and no template loses a number."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QMenu,
    QTabBar,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from playground import assets
from playground.core.palette import CLASS_NAMES
from playground.ui import language
from playground.ui.explain import texts
from playground.ui.language import Language, tr
from tests.ui.whole_window import everything, open_window, within

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PEOPLE_AND_THINGS = """
    Playground PyTorch NumPy Python CPU GPU scikit learn autograd Excel UTF BOM Shift JIS Windows
    PNG CSV TSV Ctrl Alt Enter Escape Delete Plus Backspace Space Del Esc Left Right
    SGD Adam AdamW NAdam RAdam Adamax RMSprop Adagrad Adadelta Rprop BFGS Nesterov
    ReLU ELU GELU SiLU Mish tanh sin exp ln sign Leaky Huber Xavier Kaiming float
    CNN LeNet AlexNet VGG GoogLeNet ResNet Wide MobileNet SENet Inception English
    Fisher Smith Topin Transformer swish Independent Affine Same Valid
"""
OTHERS = {"Bar", "Export", "Export...", "Scroll Left", "Scroll Right"}
"""What Qt and the plot library say where nobody sees it."""
TITLE_END = " — Playground"
PATH = re.compile(r"[a-z_]+(\.[a-z_*\d]+)+")
WORD = re.compile(r"[A-Za-z]{2,}")
NAMES = {*WORD.findall(PEOPLE_AND_THINGS), *CLASS_NAMES}
"""What is called the same in every language."""
TAG = re.compile(r"<[^>]*>")


def is_english(text: str) -> bool:
    """True where words are left that are nobody's name."""
    plain = PATH.sub("", unescape(TAG.sub(" ", text)))
    if text in OTHERS or text.endswith(TITLE_END):
        return False
    return any(word not in NAMES for word in WORD.findall(plain))


def said(widget: QWidget) -> Iterator[str]:
    """All that a widget says, seen, hovered or read aloud."""
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    yield widget.toolTip()
    yield widget.whatsThis()
    if widget.isWindow():
        yield widget.windowTitle().replace("[*]", "")
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QMenu):
        yield widget.title()
    if isinstance(widget, QTabBar):
        for index in range(widget.count()):
            yield widget.tabText(index)
            yield widget.tabToolTip(index)
    if isinstance(widget, QComboBox):
        for index in range(widget.count()):
            yield widget.itemText(index)
            yield str(widget.itemData(index, Qt.ItemDataRole.ToolTipRole) or "")
    if isinstance(widget, QTableView) and widget.model() is not None:
        model = widget.model()
        for column in range(model.columnCount()):
            yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")


@pytest.fixture
def _japanese() -> Iterator[None]:
    language.use(Language.JAPANESE)
    try:
        yield
    finally:
        language.use(Language.ENGLISH)


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


@pytest.mark.usefixtures("_japanese")
def test_nothing_stays_english_in_japanese(qtbot: QtBot, painted: set[str]) -> None:
    left = set()
    with open_window(qtbot, Language.JAPANESE) as window, everything(qtbot, window) as roots:
        for widget in within(roots):
            left.update(text for text in said(widget) if is_english(text))
        for action in window.findChildren(QAction):
            left.update(t for t in (action.text(), action.toolTip()) if is_english(t))
        for root in roots:
            root.grab()
    left.update(text for text in painted if is_english(text))
    assert not left, "\n".join(sorted(left))


def catalogue() -> dict[str, str]:
    place = assets.path("translations/ja.json")
    return json.loads(place.read_text(encoding="utf-8"))


def test_every_template_keeps_its_values() -> None:
    names = re.compile(r"\{\w*\}")
    for english, translated in catalogue().items():
        assert sorted(names.findall(english)) == sorted(names.findall(translated)), english


def test_no_translation_is_empty_or_ends_otherwise() -> None:
    for english, translated in catalogue().items():
        assert translated.strip(), english
        assert english.endswith("…") == translated.endswith("…"), english


def test_both_languages_explain_the_same() -> None:
    english, japanese = (texts._file(code) for code in ("en", "ja"))
    assert {kind: set(english[kind]) for kind in english} == {
        kind: set(japanese[kind]) for kind in japanese
    }


@pytest.mark.usefixtures("_japanese")
def test_sentences_are_known_one_by_one() -> None:
    assert tr("Let the network learn. Key: Space.") == "ネットワークに学ばせます。キー: スペース。"
    assert tr("Light\nDark") == "ライト\nダーク"
    assert tr("{count} points", count=3) == "3点"


@pytest.mark.usefixtures("_japanese")
def test_one_unknown_sentence_keeps_the_whole_english() -> None:
    text = "Let the network learn. The moon is made of cheese."
    assert tr(text) == text


@given(st.text())
def test_english_is_what_the_code_says(text: str) -> None:
    assert tr(text) == text
