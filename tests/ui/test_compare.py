"""The window of a race: choosing lanes, watching them, pausing, exporting, closing at any time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QStyle, QStyleOptionFrame
from pytestqt.qtbot import QtBot

from playground.core.data.dataset import prepare
from playground.core.experiment.experiment import Experiment
from playground.core.races import RACES
from playground.engines.many.race_picture import SIZE
from playground.ui import language
from playground.ui.compare import CompareWindow
from playground.ui.compare.form import ANY_SETTING
from playground.ui.compare.table import COLUMNS
from playground.ui.compare.tiles import _best_columns, _short, point_looks
from playground.ui.compare.window import SMALLEST, Phase
from playground.ui.look import theme
from playground.ui.session import threads
from playground.ui.window.areas import presenter
from tests.ui.reading import cut_texts, noting

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

WAIT = 60_000
TEXT_MARGIN = 2
"""Pixels that Qt leaves on both sides of what is typed."""
RATE = "training.optimizer.learning_rate"


def small(**parts: Any) -> Experiment:
    data = {"kind": "generated", "generator": "circle", "samples": 40}
    training = {"engine": "numpy", "epochs": 8}
    return Experiment.parse({"data": data, "training": training, **parts})


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot) -> Iterator[CompareWindow]:
    theme.install(qapp)
    made = CompareWindow(small())
    qtbot.addWidget(made)
    made.show()
    choose(made, "learning_rates", "fast")
    try:
        yield made
    finally:
        made.shut_down()


def choose(window: CompareWindow, race: str, pace: str, values: str = "") -> None:
    """What a person does in the form."""
    for field, key in ((window.form.race, race), (window.form.pace, pace)):
        choice = field.choice
        choice.setCurrentIndex(choice.findData(key))
        choice.activated.emit(choice.currentIndex())
    if values:
        window.form.line.setText(values)


def finish(qtbot: QtBot, window: CompareWindow) -> None:
    qtbot.waitUntil(lambda: window.phase == Phase.OVER, timeout=WAIT)


def cell(window: CompareWindow, row: int, column: str) -> str:
    return window.table.item(row, COLUMNS.index(column)).text()


def test_it_shows_what_it_is_for_before_anything_was_raced(window: CompareWindow) -> None:
    assert window.phase == Phase.IDLE
    assert window.moment is None
    assert not window.restart_button.isEnabled()
    assert not window.picture_button.isEnabled()
    assert window.form.length() == 8
    window.grab()


def test_a_race_fills_curves_table_and_pictures(qtbot: QtBot, window: CompareWindow) -> None:
    window.form.line.setText("0.01, 0.1, 0.3")
    qtbot.mouseClick(window.start_button, Qt.MouseButton.LeftButton)
    assert window.phase == Phase.RACING
    finish(qtbot, window)
    assert window.moment is not None
    assert [lane.name for lane in window.moment.lanes] == [
        f"learning rate {rate}" for rate in (0.01, 0.1, 0.3)
    ]
    for number, lane in enumerate(window.moment.lanes):
        drawn = window.curves.drawn(number)
        assert drawn[:, 0].tolist() == list(range(9))
        assert drawn[-1, 1] == lane.snapshot.train.loss
        assert cell(window, number, "Training").strip() == f"{lane.snapshot.train.loss:.3g}"
        assert cell(window, number, "Parameters") == f"{lane.snapshot.info.parameters:,}" != "0"
        assert window.wall.tiles()[number].accessibleName().startswith(lane.name)
    assert window.picture_button.isEnabled()
    window.grab()


def test_pictures_of_a_race_have_the_looks_that_were_chosen(
    qapp: QApplication, qtbot: QtBot
) -> None:
    theme.install(qapp)
    other = CompareWindow(small().with_setting("data.class_colors", ["#00ff00", "#ff00ff"]))
    qtbot.addWidget(other)
    other.show()
    choose(other, "learning_rates", "fast", "0.1, 0.3")
    try:
        other.start()
        finish(qtbot, other)
        picture = other.wall.tiles()[0].grab().toImage()
        places = [(x, y) for x in range(picture.width()) for y in range(picture.height())]
        shown = {picture.pixelColor(*place).name() for place in places}
        assert {"#00ff00", "#ff00ff"} <= shown
    finally:
        other.shut_down()


def test_the_threshold_acts_at_once(qtbot: QtBot, window: CompareWindow) -> None:
    window.start()
    finish(qtbot, window)
    window.threshold.setText("1000")
    window.threshold.editingFinished.emit()
    assert cell(window, 0, "Step") == "0"
    window.threshold.setText("4e8")  # of squared prices
    window.threshold.editingFinished.emit()
    assert window.threshold.value() == 4e8
    window.threshold.setText("1e-9")
    window.threshold.editingFinished.emit()
    assert cell(window, 0, "Step") == "–"


def test_test_losses_can_be_watched(qtbot: QtBot, window: CompareWindow) -> None:
    window.start()
    finish(qtbot, window)
    window.watch.set_key("test")
    window.watch.chosen.emit("test")
    assert window.moment is not None
    score = window.moment.lanes[0].snapshot.test
    assert score is not None
    assert window.curves.drawn(0)[-1, 1] == score.loss
    window.log.setChecked(False)
    window.grab()


def test_pause_and_go_on(qtbot: QtBot, window: CompareWindow) -> None:
    window.form.epochs.show_value(100_000)
    window.start()
    qtbot.waitUntil(lambda: window.moment is not None and window.moment.epoch > 2, timeout=WAIT)
    window.toggle()
    assert (window.phase, window.start_button.text()) == (Phase.PAUSED, "Go on")
    assert window.moment is not None
    stood = window.moment.epoch
    window.toggle()
    qtbot.waitUntil(lambda: window.moment is not None and window.moment.epoch > stood, timeout=WAIT)


def test_restart_takes_the_lanes_as_they_are_chosen_now(
    qtbot: QtBot, window: CompareWindow
) -> None:
    window.form.epochs.show_value(100_000)
    window.start()
    qtbot.waitUntil(lambda: window.moment is not None, timeout=WAIT)
    choose(window, "activations", "fast")
    window.form.epochs.show_value(3)
    qtbot.mouseClick(window.restart_button, Qt.MouseButton.LeftButton)
    finish(qtbot, window)
    assert window.moment is not None
    names = [lane.name for lane in window.moment.lanes]
    assert names == ["ReLU", "Tanh", "Sigmoid", "Linear"], "as the forms have them"
    assert window.moment.epoch == 3
    assert len(window.wall.tiles()) == 4


def test_lanes_can_be_given(qtbot: QtBot, window: CompareWindow) -> None:
    lanes = {
        "one": small(),
        "two": small().with_setting(RATE, 0.2).with_setting("training.epochs", 5),
    }
    choose(window, "starts", "fast")
    with qtbot.waitSignal(window.finished, timeout=WAIT):
        window.race(lanes)
    assert window.lanes == lanes
    assert window.moment is not None
    assert window.moment.epochs == 8
    assert window.form.line.text() == "one, two"
    window.form.race.show_value("starts")
    window.form.race.choice.activated.emit(0)
    assert len(window.form.lanes()) == 8


def test_a_race_that_is_broken_off_has_not_finished(qtbot: QtBot, window: CompareWindow) -> None:
    window.form.epochs.show_value(100_000)
    window.start()
    qtbot.waitUntil(lambda: window.moment is not None, timeout=WAIT)
    with qtbot.assertNotEmitted(window.finished):
        window.close()


def test_closing_in_the_middle_ends_the_thread(qtbot: QtBot, window: CompareWindow) -> None:
    window.form.epochs.show_value(100_000)
    window.start()
    qtbot.waitUntil(lambda: window.moment is not None, timeout=WAIT)
    with qtbot.waitSignal(window.closed):
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert threads.have_ended()


def test_any_setting_can_be_raced(qtbot: QtBot, window: CompareWindow) -> None:
    choose(window, ANY_SETTING, "fast")
    assert window.form.setting.isVisible()
    setting = window.form.setting.choice
    setting.setCurrentIndex(setting.findData("training.regularization.rate"))
    setting.activated.emit(setting.currentIndex())
    assert window.form.line.text() == "0.0, 0.001, 0.01"
    window.form.line.setText("0.0, 1.0")
    qtbot.keyClick(window.form.line, Qt.Key.Key_Return)
    finish(qtbot, window)
    assert window.moment is not None
    rates = [lane.experiment.training.regularization.rate for lane in window.moment.lanes]
    assert rates == [0.0, 1.0]


@pytest.mark.parametrize("key", RACES.keys())
def test_every_ready_made_race_can_be_chosen(window: CompareWindow, key: str) -> None:
    choose(window, key, "fast")
    lanes = window.form.lanes()
    assert list(lanes.values()) == list(RACES[key].value.experiments(small()).values())
    assert window.form.line.text()
    assert not window.form.setting.isVisible()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ("0.1", "name at least two values"),
        ("0.1, 0.1", "named twice"),
        ("0.1, many", "Learning rate: 'many'"),
        (", ".join(f"0.{n}" for n in range(11, 20)), "8 are the most"),
    ],
)
def test_what_is_no_race_is_said_and_changes_nothing(
    window: CompareWindow, values: str, sentence: str
) -> None:
    window.form.line.setText(values)
    window.start()
    assert sentence in window.notice.text()
    assert window.notice.isVisible()
    assert window.phase == Phase.IDLE


def test_a_lane_that_cannot_be_trained_is_said(qtbot: QtBot, window: CompareWindow) -> None:
    choose(window, ANY_SETTING, "fast")
    setting = window.form.setting.choice
    setting.setCurrentIndex(setting.findData("model.output.activation"))
    window.form.line.setText("linear, tanh")
    window.start()
    finish(qtbot, window)
    assert window.notice.text().startswith("Tanh: Loss: ")
    assert window.start_button.text() == "Race"


def test_a_lane_can_be_chosen_and_taken(qtbot: QtBot, window: CompareWindow) -> None:
    window.form.line.setText("0.01, 0.1")
    window.start()
    finish(qtbot, window)
    assert not window.adopt_button.isEnabled()
    window.table.selectRow(1)
    assert [tile.is_chosen for tile in window.wall.tiles()] == [False, True]
    with qtbot.waitSignal(window.adopted) as asked:
        window.adopt_button.click()
    assert asked.args == [small().with_setting(RATE, 0.1)]


def test_curves_leave_as_picture_and_table(
    qtbot: QtBot, window: CompareWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.start()
    finish(qtbot, window)
    target = tmp_path / "race"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    window.picture_button.click()
    window.table_button.click()
    with Image.open(target.with_suffix(".png")) as picture:
        assert picture.size == SIZE
    text = target.with_suffix(".csv").read_text(encoding="utf-8")
    assert len(text.splitlines()) == 1 + 6 * 9
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / ("n" * 300)), "")
    )
    window.table_button.click()
    assert "its name is too long" in window.notice.text()


@pytest.mark.parametrize(
    ("data", "has_pictures"),
    [
        ({"kind": "generated", "generator": "sine", "samples": 40}, True),
        ({"kind": "generated", "generator": "plane", "samples": 40}, True),
        ({"kind": "generated", "generator": "blobs", "classes": 4, "samples": 40}, True),
        ({"kind": "vectors", "rows": 4, "inputs": 6, "outputs": 2}, False),
    ],
)
def test_every_kind_of_data(
    qtbot: QtBot, qapp: QApplication, data: dict[str, Any], has_pictures: bool
) -> None:
    theme.install(qapp)
    training = {"epochs": 3, "engine": "numpy"}
    window = CompareWindow(Experiment.parse({"data": data, "training": training}))
    qtbot.addWidget(window)
    try:
        window.show()
        choose(window, "learning_rates", "fast")
        window.start()
        finish(qtbot, window)
        assert window.notice.text() == ""
        assert window.wall_card.isVisible() == has_pictures
        window.grab()
    finally:
        window.shut_down()


@pytest.mark.parametrize("mode", [theme.Mode.LIGHT, theme.Mode.DARK])
def test_both_looks_are_drawn(qtbot: QtBot, window: CompareWindow, mode: theme.Mode) -> None:
    window.start()
    finish(qtbot, window)
    theme.manager().set_mode(mode)
    try:
        image = window.grab().toImage()
        corner = image.pixelColor(2, 2)
        assert corner == theme.current().background
    finally:
        theme.manager().set_mode(theme.Mode.SYSTEM)


def test_controls_have_names_and_help(window: CompareWindow) -> None:
    controls = (
        window.start_button, window.restart_button, window.watch, window.log, window.threshold,
        window.picture_button, window.table_button, window.adopt_button, window.table,
        window.form.race.control, window.form.setting.control, window.form.line,
        window.form.epochs.control, window.form.pace.control,
    )  # fmt: skip
    for control in controls:
        assert control.accessibleName()
        assert control.toolTip(), control.accessibleName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_tiles_are_as_large_as_they_can_be() -> None:
    assert _best_columns(4, 400, 500) == 2
    assert _best_columns(4, 2000, 200) == 4
    assert _best_columns(16, 520, 600) == 4
    assert all(1 <= _best_columns(count, 500, 500) <= count for count in range(1, 17))


def test_long_names_keep_their_values() -> None:
    assert _short("learning rate 0.003, seed 1") == "0.003, 1"
    assert _short("Adam") == "Adam"


def test_curves_are_finite(qtbot: QtBot, window: CompareWindow) -> None:
    window.form.line.setText("0.01, 10")
    window.start()
    finish(qtbot, window)
    assert np.isfinite(window.curves.drawn(1)).all()


@pytest.mark.parametrize(
    ("size", "scale", "spoken"),
    [(SMALLEST, 1.0, "en"), (SMALLEST, 1.0, "ja"), ((1240, 700), presenter.SCALE, "en")],
)
def test_all_that_a_race_is_called_can_be_read_in_a_small_window(
    qapp: QApplication,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    scale: float,
    spoken: str,
) -> None:
    language.use(spoken)
    theme.install(qapp).set_scale(scale, presenter.LEAST if scale > 1 else 0)
    window = CompareWindow(small())
    try:
        qtbot.addWidget(window)
        window.show()
        window.resize(*size)
        for race in RACES:
            choose(window, race.key, "fast")
            QApplication.processEvents()
            line = window.form.line
            needs = line.fontMetrics().horizontalAdvance(line.text())
            option = QStyleOptionFrame()
            line.initStyleOption(option)
            part = QStyle.SubElement.SE_LineEditContents
            room = line.style().subElementRect(part, option, line).width() - 2 * TEXT_MARGIN
            assert needs <= room, line.text()
            assert not cut_texts(window), race.key
        choose(window, "optimizers", "fast")
        window.start()
        qtbot.waitUntil(lambda: window.phase == Phase.OVER, timeout=WAIT)
        with noting(monkeypatch) as painted:
            window.grab()
        assert not painted.cut
        assert window.table.columnWidth(0) >= window.table.sizeHintForColumn(0)
    finally:
        window.shut_down()
        theme.manager().set_scale(1.0)
        language.use("en")


def test_points_of_a_tile_have_the_colours_of_their_targets() -> None:
    """As on the canvas: no class is made of what is above the middle."""
    dataset = prepare(Experiment.parse({"data": {"kind": "generated", "generator": "plane"}}))
    rows = np.argsort(dataset.points.y)
    colors, symbols = point_looks(dataset, rows)
    assert set(symbols) == {"o"}
    assert len(np.unique(colors, axis=0)) > 50
    blue = colors[:, 2].astype(int) - colors[:, 0]
    assert (blue[0] > 100, blue[-1] < -100, abs(blue[len(rows) // 2]) < 60) == (True, True, True)
    assert (np.diff(blue) <= 8).all()  # without a leap
