"""A window with more classes than colours: what tells them apart is read, reached, drawn with."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.core.class_looks import DEFAULT
from playground.core.experiment import edits
from playground.core.experiment.experiment import Experiment
from playground.ui import language
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.output.canvas.color_key import REPEATED, ColorKey
from playground.ui.output.canvas.density import MARKERS_AT_MOST
from playground.ui.window.main_window import MainWindow
from tests.ui.person import drag_on_canvas
from tests.ui.reading import box_of, cut_texts
from tests.ui.whole_window import WAIT, open_window

LETTERS = [chr(ord("A") + number) for number in range(26)]
HUNDRED = [f"word {number}" for number in range(100)]
LEFT = Qt.MouseButton.LeftButton

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def drawn(names: list[str], times: int = 2) -> dict[str, Any]:
    random = np.random.default_rng(4)
    labels = np.arange(len(names) * times) % len(names)
    x = np.stack([labels % 10 - 4.5, labels // 10 - 4.5], axis=1)
    x = (x + random.normal(0, 0.1, x.shape)).tolist()
    return {
        "data": {"kind": "points", "x": x, "label": labels.tolist(), "class_names": names},
        "training": {"engine": "numpy", "epochs": 2},
    }


@pytest.fixture(params=["en", "ja"])
def window(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot, request.param, drawn(LETTERS)) as made:
        try:
            yield made
        finally:
            language.use("en")
            theme.manager().set_mode(theme.Mode.SYSTEM)


@pytest.fixture
def letters(qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot, "en", drawn(LETTERS)) as made:
        yield made


def key_of(window: MainWindow) -> ColorKey:
    key = window.parts.output.findChild(ColorKey)
    assert isinstance(key, ColorKey)
    return key


def show(qtbot: QtBot, window: MainWindow, names: list[str]) -> None:
    window.session.use_experiment(Experiment.parse(drawn(names)), "other classes")
    session = window.session
    qtbot.waitUntil(
        lambda: session.document.classes == len(names) == classes_of(window), timeout=WAIT
    )


def classes_of(window: MainWindow) -> int:
    """As many as the data have that are trained on; 0 before there are any."""
    dataset = window.session.dataset
    return 0 if dataset is None else dataset.classes


def overlapping(window: MainWindow) -> list[tuple[str, str]]:
    """Parts of the card of the output that lie over each other, or reach out of it."""
    card = window.parts.output
    parts: list[QWidget] = [card.canvas, key_of(window), card.reading]
    boxes = [(part, box_of(part, window)) for part in parts if part.isVisible()]
    inside = box_of(card, window)
    out = [(type(part).__name__, "card") for part, box in boxes if not inside.contains(box)]
    pairs = [
        (type(one).__name__, type(other).__name__)
        for (one, first), (other, second) in combinations(boxes, 2)
        if first.intersects(second)
    ]
    return out + pairs


def test_the_key_has_room_at_every_size(qtbot: QtBot, window: MainWindow) -> None:
    for names in (LETTERS, HUNDRED):
        if names is HUNDRED:
            show(qtbot, window, names)
        for width, height in ((1280, 720), (1280, 800), (1440, 900)):
            window.resize(width, height)
            QApplication.processEvents()
            assert key_of(window).isVisible(), (width, height)
            assert overlapping(window) == [], (width, height)
            assert cut_texts(window.parts.output) == []
            assert window.parts.output.canvas.width() >= 300
    window.arrangement.present(True)
    QApplication.processEvents()
    assert key_of(window).isVisible()
    assert overlapping(window) == []
    window.arrangement.present(False)


def test_the_key_says_that_colours_repeat_and_names_every_class(window: MainWindow) -> None:
    key = key_of(window)
    said = key.accessibleDescription()
    assert said.startswith(tr(REPEATED))
    assert said.endswith(", ".join(LETTERS))


def test_few_classes_have_the_key_that_they_had(qtbot: QtBot, letters: MainWindow) -> None:
    show(qtbot, letters, LETTERS[:10])
    key = key_of(letters)
    assert not key.is_long
    assert key.accessibleDescription() == ", ".join(LETTERS[:10])
    assert key.sizeHint().height() == 2 * key.row_height()


def test_a_hundred_classes_are_scrolled_to_by_keys_and_by_the_wheel(
    qtbot: QtBot, letters: MainWindow
) -> None:
    show(qtbot, letters, HUNDRED)
    key = key_of(letters)
    assert key.focusPolicy() == Qt.FocusPolicy.StrongFocus
    seen = {key.name_at(place) for place in places_in(key)} - {""}
    assert HUNDRED[0] in seen
    assert HUNDRED[-1] not in seen
    before = picture_of(key)
    key.setFocus()
    bar = key.verticalScrollBar()
    for _ in range(len(HUNDRED)):
        QTest.keyClick(key, Qt.Key.Key_Down)
        seen |= {key.name_at(place) for place in places_in(key)}
    assert bar.value() == bar.maximum()
    assert seen - {""} == set(HUNDRED)
    assert picture_of(key) != before


def places_in(key: ColorKey) -> Iterator[QPointF]:
    row = key.row_height()
    for y in range(row + row // 2, key.height(), row):
        for x in range(2, key.viewport().width(), 8):
            yield QPointF(x, y)


def picture_of(key: ColorKey) -> QImage:
    return key.grab().toImage()


def test_points_of_the_last_class_are_painted_by_pointer(letters: MainWindow) -> None:
    letters.resize(1280, 720)
    QApplication.processEvents()
    panel, session = letters.parts.draw, letters.session
    assert [row.name() for row in panel.rows] == LETTERS
    panel.rows[0].setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(12):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert panel.chosen_class() == 24
    last = panel.rows[25]  # the list has scrolled to the row that it stands in
    place = last.mapTo(panel, QPoint(8, last.height() // 2))
    assert panel.childAt(place) is last
    QTest.mouseClick(last, LEFT, pos=QPoint(8, last.height() // 2))
    assert panel.chosen_class() == 25
    before = np.bincount(session.points.y, minlength=26)
    drag_on_canvas(letters, (4.0, 4.0), (4.5, 4.5))
    added = np.bincount(session.points.y, minlength=26) - before
    assert added[25] > 0
    assert added[:25].sum() == 0
    assert edits.names_of_classes(session.experiment.data) == LETTERS


def test_long_names_of_many_classes_have_a_line_each(qtbot: QtBot, letters: MainWindow) -> None:
    """Half a line tells single letters apart, but would cut words off behind two of theirs."""
    panel = letters.parts.draw

    def across() -> set[int]:
        QApplication.processEvents()
        return {row.x() for row in panel.rows}

    assert len(across()) == 2
    height = panel._scrolled.height()
    show(qtbot, letters, HUNDRED)
    assert len(across()) == 1
    for row in panel.rows:
        width = QFontMetrics(theme.font()).horizontalAdvance(row.name())
        assert width < row.width() - 70, "the marker and the number of points stand beside it"
    show(qtbot, letters, LETTERS)
    assert len(across()) == 2
    assert panel._scrolled.height() == height


def test_no_class_is_added_by_hand(letters: MainWindow) -> None:
    panel = letters.parts.draw
    assert not panel.add_class.isEnabled()
    assert not panel.add_class_small.isEnabled()
    assert panel.rows[9].key() == "0"
    assert panel.rows[10].key() == ""
    before = letters.session.experiment
    letters.session.add_class()
    assert letters.session.experiment == before


def test_a_dense_picture_has_the_colours_that_classes_share(
    qtbot: QtBot, letters: MainWindow
) -> None:
    """Of many points, those of classes 5 and 15 are as brown as each other."""
    markers = letters.parts.output.canvas._markers
    count = MARKERS_AT_MOST + 2
    x = [[-4.0, 0.0] if number % 2 else [4.0, 0.0] for number in range(count)]
    labels = [5 if number % 2 else 15 for number in range(count)]
    raw = {"kind": "points", "x": x, "label": labels, "class_names": LETTERS}
    letters.session.use_experiment(Experiment.parse({"data": raw}), "many points")
    qtbot.waitUntil(lambda: markers.is_dense, timeout=WAIT)
    pixels = markers._density.image
    found = np.unique(pixels[pixels[..., 3] > 0][:, :3], axis=0)
    assert found.tolist() == [DEFAULT.rgb[5].tolist()]
