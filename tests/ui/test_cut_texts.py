"""What the window says can be read to its end, in the smallest rooms that people have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson_files import bundled
from playground.ui import language
from playground.ui.compare.window import RACE, CompareWindow
from playground.ui.window.main_window import MainWindow
from tests.ui.reading import cut_texts, on_show, painted
from tests.ui.whole_window import WAIT, everything, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SIZES = [(1100, 800), (1280, 720), (1366, 768), (1440, 900)]


def linear(*units: int, activation: str = "tanh") -> list[dict[str, Any]]:
    return [{"kind": "linear", "units": count, "activation": activation} for count in units]


DATA: dict[str, dict[str, Any]] = {
    "noise that flips labels": {
        "data": {"kind": "generated", "generator": "circle", "samples": 60, "noise": 0.5},
    },
    "activations beside blocks": {
        "data": {"kind": "generated", "generator": "spiral", "samples": 60},
        "model": {
            "layers": [
                {"kind": "linear", "units": 8, "activation": "linear"},
                {"kind": "batch_norm"},
                {"kind": "linear", "units": 8, "activation": "leaky_relu"},
                {"kind": "residual"},
                {"kind": "dropout"},
                {"kind": "linear", "units": 6, "activation": "linear"},
            ]
        },
    },
    "digits": {
        "data": {"kind": "digits"},
        "model": {"layers": [{"kind": "conv", "channels": 8}, {"kind": "pool"}, *linear(32)]},
    },
    "vectors": {"data": {"kind": "vectors", "rows": 8, "inputs": 20, "outputs": 5}},
    "long names of columns": {"data": {"kind": "wine"}, "model": {"layers": linear(4)}},
    "a long loss": {
        "data": {"kind": "generated", "generator": "hills", "samples": 60},
        "training": {"loss": "huber", "optimizer": {"kind": "sgd"}},
    },
}
NAMES_OF_DATA = ("nonflavanoid_phenols", "od280/od315_of_diluted_wines", "alcalinity_of_ash")
"""Longer than the room that is left for them; their tooltips and the axes have all of them."""


@pytest.fixture(params=["en", "ja"])
def window(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot, request.param) as made:
        try:
            yield made
        finally:
            language.use("en")


def resize(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    for _ in range(3):
        QApplication.processEvents()


def unreadable(window: MainWindow, patch: pytest.MonkeyPatch) -> list[str]:
    """What is cut, apart from the sizes in the middle of a long network and names of columns."""
    found = [*cut_texts(window.centralWidget()), *painted(window, patch).cut]
    return [text for text in found if "→" not in text and text not in NAMES_OF_DATA]


def test_no_text_is_cut_in_a_small_window(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, run = window.session, window.session.run
    cut = {}
    for name, raw in DATA.items():
        session.replace(Experiment.parse({"training": {"engine": "auto"}, **raw}))
        qtbot.waitUntil(lambda: run.snapshot is not None, timeout=WAIT)
        window.notices.notice.hide()
        for size in SIZES:
            resize(window, size)
            if found := unreadable(window, monkeypatch):
                cut[name, size] = found
    assert not cut


def test_no_text_is_cut_beside_a_lesson(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, cut = window.session.run, {}
    for lesson in bundled():
        window.guide.start(lesson)
        qtbot.waitUntil(lambda: run.snapshot is not None, timeout=WAIT)
        window.notices.notice.hide()
        for size in SIZES:
            resize(window, size)
            if found := unreadable(window, monkeypatch):
                cut[lesson.key, size] = found
    assert not cut


def test_every_button_is_as_wide_as_its_words(qtbot: QtBot, window: MainWindow) -> None:
    """In all windows; what a button says in other moments has room as well, and moves nothing."""
    parts = window.parts
    with everything(qtbot, window) as roots:
        buttons = [widget for root in roots for widget in on_show(root)]
        told = [each for each in buttons if isinstance(each, QPushButton) and each.text()]
        assert len(told) > 20
        assert not [each.text() for each in told if each.width() < each.sizeHint().width()]
        race = next(root for root in roots if isinstance(root, CompareWindow))
        for button, labels in (
            (parts.transport.train, ("Train", "Pause")),
            (race.start_button, (RACE, "Pause", "Go on")),
        ):
            width = button.width()
            for label in labels:
                button.set_label(label)
                assert button.sizeHint().width() <= width, label
            QApplication.processEvents()
            assert button.width() == width
