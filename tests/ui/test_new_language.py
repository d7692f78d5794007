"""A folder with a name and two texts is a language of the window; the rest of it is English."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from playground import assets
from playground.core import catalogues
from playground.core.lessons.lesson_files import bundled
from playground.ui import language
from playground.ui.explain import texts
from playground.ui.window.main_window import MainWindow
from tests.ui.whole_window import open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CODE, NAME = "tlh", "tlhIngan Hol"
MESSAGES = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Train"
msgstr "yIghojmoH"

msgid "{count} parameters"
msgstr "{count} Dotlh"
"""
CACHES = (catalogues.languages, catalogues.catalogue, texts._file)


@pytest.fixture(autouse=True)
def _one_folder_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Languages are English and another one; all other assets stay where they are."""
    real = assets.path
    place = tmp_path / "languages" / CODE
    place.mkdir(parents=True)
    (place / "language.json").write_text(json.dumps({"name": NAME}), encoding="utf-8")
    (place / "messages.po").write_text(MESSAGES, encoding="utf-8")
    for file in real("languages/en").iterdir():
        copy = tmp_path / "languages" / "en" / file.name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(file.read_bytes())

    def path(name: str) -> Path:
        return tmp_path / name if name.startswith("languages") else real(name)

    monkeypatch.setattr(assets, "path", path)
    forget()
    yield
    monkeypatch.undo()
    language.use("en")
    forget()


def forget() -> None:
    for remembered in CACHES:
        remembered.cache_clear()


def labels_of(window: MainWindow) -> set[str]:
    return {label.text() for label in window.findChildren(QLabel)}


def test_it_is_in_the_menu_and_is_shown(qtbot: QtBot) -> None:
    with open_window(qtbot, "en") as window:
        assert NAME in {action.text() for action in window.findChildren(QAction)}
        english = labels_of(window)
    with open_window(qtbot, CODE) as window:
        assert window.parts.transport.train.text() == "yIghojmoH"
        assert language.tr("{count} parameters", count=28) == "28 Dotlh"
        own = labels_of(window)
    differing = {text for text in own - english if "Dotlh" not in text}
    assert all(any(sign.isdigit() for sign in text) for text in differing), "what it lacks"


def test_what_it_lacks_is_explained_and_taught_in_english() -> None:
    language.use(CODE)
    assert texts.area("network").startswith("The network from left to right")
    title = bundled()[0].title
    assert title.said(CODE) == title.en
