"""The window as a whole: arrangement, wiring, files, and what bad input does to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QGraphicsView, QLabel, QWidget
from pytestqt.qtbot import QtBot

from playground.core.data.dataset import prepare
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson_files import bundled
from playground.engines.contract.run_control import State
from playground.engines.weights_file import save_weights
from playground.ui.app import make_application, make_window
from playground.ui.look import theme
from playground.ui.window import command_wiring
from playground.ui.window.main_window import MainWindow
from tests.ui.shared_window import SharedWindow, shared_window

WAIT = 30_000

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(scope="module")
def _shared() -> Iterator[SharedWindow]:
    with shared_window() as shared:
        yield shared


@pytest.fixture
def window(qtbot: QtBot, _shared: SharedWindow) -> Iterator[MainWindow]:
    with _shared.lent(qtbot) as window:
        yield window


def first_picture(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.session.run.snapshot is not None, timeout=WAIT)


def open_experiment(qtbot: QtBot, window: MainWindow, raw: dict) -> None:
    window.session.replace(Experiment.parse(raw))
    first_picture(qtbot, window)


def rectangle(widget: QWidget, window: QWidget) -> tuple[int, int, int, int]:
    corner = widget.mapTo(window, QPoint(0, 0))
    return corner.x(), corner.y(), corner.x() + widget.width(), corner.y() + widget.height()


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900), (1920, 1080), (1100, 700)])
def test_everything_has_its_place_at_every_size(
    qtbot: QtBot, window: MainWindow, size: tuple[int, int]
) -> None:
    window.resize(*size)
    QApplication.processEvents()
    canvas = window.parts.output.canvas
    assert canvas.width() == canvas.height() >= 380
    parts = [
        window.parts.network,
        window.parts.training,
        window.parts.output,
        window.parts.curves,
        window.parts.transport,
    ]
    boxes = [rectangle(part, window) for part in parts]
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert top >= 0
        assert right <= size[0]
        assert bottom <= size[1]
    assert rectangle(canvas, window)[3] <= rectangle(window.parts.output.reading, window)[1]
    for i, first in enumerate(boxes):
        for second in boxes[i + 1 :]:
            apart = (
                first[2] <= second[0]
                or second[2] <= first[0]
                or first[3] <= second[1]
                or second[3] <= first[1]
            )
            assert apart, "two parts of the window overlap"


def test_no_label_is_cut_off_at_the_smallest_classroom_size(window: MainWindow) -> None:
    window.resize(1280, 720)
    QApplication.processEvents()
    for label in window.findChildren(QLabel):
        if label.isVisible() and label.text() and not label.wordWrap():
            needed = label.fontMetrics().horizontalAdvance(label.text())
            assert label.width() >= needed, f"“{label.text()}” needs {needed} px"


def test_every_control_that_takes_the_focus_has_a_name(window: MainWindow) -> None:
    nameless = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert not nameless


def test_no_two_commands_share_their_keys(window: MainWindow) -> None:
    keys = [
        shortcut.toString()
        for action in window.findChildren(QAction)
        for shortcut in action.shortcuts()
    ]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("type.playground.json", '{"training": {"epochs": "many"}}', "Epochs: 'many'"),
        ("key.playground.json", '{"trainning": {}}', "trainning"),
        ("nan.playground.json", '{"data": {"kind": "generated", "noise": NaN}}', "NaN"),
        ("deep.playground.json", "[" * 10_000_000, "nested"),
        ("latin.playground.json", '{"title": "é"}'.encode("latin-1"), "UTF-8"),
        ("empty.playground.json", "", "JSON"),
        ("device.playground.json", '{"data": {"kind": "csv", "path": "no.csv", "inputs": ["a"], '
         '"label": "b"}}', "no.csv"),
        ("header.csv", "a,b,c\n", "one row"),
    ],
)  # fmt: skip
def test_a_bad_file_is_one_sentence_and_changes_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, name: str, content: str | bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before, title = window.session.experiment, window.windowTitle()
    window.documents.open(path)
    qtbot.waitUntil(lambda: said in window.notices.notice.text(), timeout=WAIT)
    assert window.notices.notice.text().count("\n") == 0
    assert window.session.experiment is before
    assert window.windowTitle() == title


def test_a_folder_and_a_missing_file_are_explained(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    notice = window.notices.notice
    for path in (tmp_path, tmp_path / "missing.playground.json"):
        notice.hide()
        window.documents.open(path)
        # A folder, which may hold many pictures, is read in the background, and that is said first.
        qtbot.waitUntil(lambda: notice.level() == "warning", timeout=WAIT)
        assert notice.isVisible()
        assert path.name in notice.text()


def test_saving_where_it_cannot_be_written_keeps_the_old_file(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept.playground.json"
    window.session.save(path)
    old = path.read_bytes()

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    window.session.set_value("data.noise", 0.3)
    assert not window.documents.save()
    assert "the disk is full" in window.notices.notice.text()
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]
    assert window.session.is_modified


def test_opened_files_are_remembered(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "mine.playground.json"
    path.write_text(json.dumps({"title": "Mine"}), encoding="utf-8")
    window.documents.open(path)
    assert window.documents.recent() == [path.resolve()]
    assert window.windowTitle().startswith("Mine")


def test_the_title_names_what_was_imported_last(window: MainWindow) -> None:
    """Also where the document had changes before, and where a step back brings another one."""
    session = window.session
    for number, name in enumerate(("first", "second", "third")):
        points = Points.empty().add([(0.5 * number, 1.0), (1.0, 0.5)], 0)
        session.use_data(PointsData.of(points), name)
        assert window.windowTitle().startswith(name)
        assert window.isWindowModified()
    for name in ("second", "first"):
        session.undo_stack.undo()
        assert window.windowTitle().startswith(name)
    session.undo_stack.redo()
    assert window.windowTitle().startswith("second")


def test_points_are_called_hollow_where_each_of_them_is_drawn(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As density, points have no outline."""
    dataset = prepare(Experiment.parse({"data": {"kind": "generated", "samples": 60}}))
    window.session.dataBrought.emit(dataset)
    assert (
        "30 of 60 points are held out for testing: the hollow ones." in window.notices.notice.text()
    )
    monkeypatch.setattr(command_wiring, "MARKERS_AT_MOST", 59)
    window.session.dataBrought.emit(dataset)
    assert "30 of 60 points are held out for testing. " in window.notices.notice.text()


def test_no_picture_takes_a_file_from_the_window(window: MainWindow) -> None:
    views = window.findChildren(QGraphicsView)
    assert views
    assert not [view for view in views if view.acceptDrops() or view.viewport().acceptDrops()]


@pytest.mark.parametrize(
    "raw",
    [
        {"data": {"kind": "digits", "standardize": True}},
        {"data": {"kind": "iris"}, "model": {"layers": []}},
        {"data": {"kind": "generated", "generator": "sine", "samples": 50}},
        {"data": {"kind": "generated", "generator": "blobs", "classes": 8}},
        {"data": {"kind": "points", "x": [[1, 1]], "label": [0]}},
        {"data": {"kind": "points", "x": [[1, 1], [1, 1]], "label": [0, 0], "standardize": True}},
    ],
)
def test_unusual_data_are_shown_and_trained(qtbot: QtBot, window: MainWindow, raw: dict) -> None:
    open_experiment(qtbot, window, raw)
    window.session.run.step_epoch()
    run = window.session.run
    qtbot.waitUntil(lambda: run.snapshot is not None and run.snapshot.epoch == 1, timeout=WAIT)
    window.grab()


def test_a_slice_of_more_inputs_is_said_plainly(qtbot: QtBot, window: MainWindow) -> None:
    open_experiment(qtbot, window, {"data": {"kind": "iris"}})
    assert (
        "the other 2 inputs are at their mean" in window.parts.output.canvas.accessibleDescription()
    )
    assert window.parts.output.canvas.isVisible()


def test_vectors_are_shown_against_their_targets(qtbot: QtBot, window: MainWindow) -> None:
    data = {"kind": "vectors", "rows": 8, "inputs": 20, "outputs": 5}
    open_experiment(qtbot, window, {"data": data})
    assert window.parts.fitted.isVisible()
    assert not window.parts.output.canvas.isVisible()
    qtbot.waitUntil(lambda: "5 components" in window.parts.fitted.note(), timeout=WAIT)


def test_digits_are_shown_as_images(qtbot: QtBot, window: MainWindow) -> None:
    open_experiment(qtbot, window, {"data": {"kind": "digits"}})
    assert window.parts.images.isVisible()
    window.session.choose_generator("xor")
    qtbot.waitUntil(window.parts.output.canvas.isVisible, timeout=WAIT)
    assert not window.parts.images.isVisible()


def test_an_empty_canvas_can_be_opened_and_painted_on(qtbot: QtBot, window: MainWindow) -> None:
    window.session.clear_points()
    window.session.run.reset()
    qtbot.waitUntil(lambda: "no points" in window.notices.notice.text(), timeout=WAIT)
    canvas = window.parts.output.canvas
    for place in (QPointF(100, 100), QPointF(250, 250)):
        mouse(canvas, QEvent.Type.MouseButtonPress, place)
        mouse(canvas, QEvent.Type.MouseButtonRelease, place)
    first_picture(qtbot, window)
    assert len(window.session.points) == 2 * canvas.tool.settings.density


def test_the_map_shows_what_the_network_predicts(qtbot: QtBot, window: MainWindow) -> None:
    run = window.session.run
    run.resume()
    qtbot.waitUntil(lambda: run.snapshot is not None and run.snapshot.epoch > 100, timeout=WAIT)
    run.pause()
    canvas = window.parts.output.canvas
    qtbot.waitUntil(lambda: canvas.frame is not None and canvas.frame.map[50, 50, 1] > 0.9)
    assert canvas.frame.map[-1, -1, 0] > 0.9
    picture = canvas.grab().toImage()
    side = picture.width()
    corner = picture.pixelColor(side // 20, side // 20)
    assert corner.blue() > corner.red() + 40


def test_display_options_never_touch_the_training(qtbot: QtBot, window: MainWindow) -> None:
    before, run = window.session.experiment, window.session.run.run_id
    for switch in (
        window.parts.output.test_points,
        window.parts.output.panel.discretize,
        window.parts.curves.log,
    ):
        switch.setChecked(True)
        switch.setChecked(False)
    assert window.session.experiment is before
    assert window.session.run.run_id == run
    assert not window.session.is_modified


def test_light_and_dark_differ_and_come_back(window: MainWindow) -> None:
    def corner() -> tuple[int, ...]:
        return window.grab().toImage().pixelColor(4, window.height() - 4).getRgb()

    theme.manager().set_mode(theme.Mode.LIGHT)
    light = corner()
    theme.manager().set_mode(theme.Mode.DARK)
    assert sum(corner()[:3]) < sum(light[:3]) - 300
    theme.manager().set_mode(theme.Mode.LIGHT)
    assert corner() == light


def test_fast_and_careless_clicking_does_no_harm(qtbot: QtBot, window: MainWindow) -> None:
    random = np.random.default_rng(0)
    session = window.session
    actions = [
        session.run.toggle,
        session.run.reset,
        session.new_start,
        session.run.step_epoch,
        session.run.step_batch,
        lambda: session.choose_generator(str(random.choice(["xor", "hills", "blobs", "sine"]))),
        lambda: session.add_layer(0, str(random.choice(["linear", "dropout", "residual"]))),
        lambda: session.experiment.model.layers and session.remove_layer(0),
        session.undo_stack.undo,
        session.undo_stack.redo,
        lambda: session.run.set_instant(bool(random.integers(2))),
        lambda: session.can_draw and session.clear_points(),
    ]
    for index in random.integers(0, len(actions), 150):
        actions[index]()
        if index % 3 == 0:
            QApplication.processEvents()
    session.replace(Experiment())
    first_picture(qtbot, window)
    session.run.step_epoch()
    run = session.run
    qtbot.waitUntil(lambda: run.snapshot is not None and run.snapshot.epoch == 1, timeout=WAIT)


def mouse(canvas: QWidget, kind: QEvent.Type, place: QPointF) -> None:
    left = Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else left
    event = QMouseEvent(
        kind, place, canvas.mapToGlobal(place), left, held, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(canvas.viewport(), event)


def test_another_document_starts_without_the_ghost_of_the_one_before(
    qtbot: QtBot, window: MainWindow
) -> None:
    run, canvas = window.session.run, window.parts.output.canvas
    run.step_epoch()
    qtbot.waitUntil(lambda: run.snapshot is not None and run.snapshot.epoch == 1, timeout=WAIT)
    run.reset()
    first_picture(qtbot, window)
    assert canvas.has_ghost()
    open_experiment(qtbot, window, {"title": "Other"})
    assert not canvas.has_ghost()


def test_a_unit_under_the_pointer_fills_the_canvas_and_goes_again(window: MainWindow) -> None:
    output, snapshot = window.parts.output, window.session.run.snapshot
    assert snapshot is not None
    boundary = output.canvas.grab().toImage()
    window.parts.network.network.neuronHovered.emit(0, 1)
    assert output.canvas.grab().toImage() != boundary
    assert "Unit 2 of layer 1" in label_texts(output)
    window.parts.network.network.neuronHovered.emit(-1, -1)
    assert output.canvas.grab().toImage() == boundary
    assert window.session.run.snapshot is snapshot


def label_texts(parent: QWidget) -> str:
    return "\n".join(label.text() for label in parent.findChildren(QLabel))


@pytest.mark.parametrize("key", ["I", "T", "D", "G"])
def test_a_key_turns_its_switch(qtbot: QtBot, window: MainWindow, key: str) -> None:
    switches = {
        "I": window.parts.transport.instant,
        "T": window.parts.output.test_points,
        "D": window.parts.output.panel.discretize,
        "G": window.parts.curves.log,
    }
    for expected in (True, False):
        qtbot.keyClick(window.parts.output.canvas, key)
        assert switches[key].isChecked() is expected


def test_classes_that_go_while_the_pointer_is_on_the_canvas(
    qtbot: QtBot, window: MainWindow
) -> None:
    run = window.session.run
    for _ in range(2):
        window.session.add_class()
        first_picture(qtbot, window)
    window.parts.output.canvas.pointed.emit((0.0, 0.0))
    while window.session.undo_stack.canUndo():
        window.session.undo_stack.undo()
        first_picture(qtbot, window)
    qtbot.waitUntil(lambda: run.snapshot is not None and run.snapshot.dataset.classes == 2)
    qtbot.waitUntil(
        lambda: window.parts.output.reading.text().startswith("(0.00, 0.00)"), timeout=WAIT
    )


def test_a_refused_value_is_forgotten_once_another_holds(window: MainWindow) -> None:
    window.parts.training.refused.emit("Learning rate: 'abc' is not a number.")
    assert window.notices.notice.isVisible()
    window.parts.training.committed.emit("training.optimizer.learning_rate", 0.1)
    assert not window.notices.notice.isVisible()
    assert window.session.experiment.training.optimizer.learning_rate == 0.1


def test_undo_speaks_the_words_of_the_window(window: MainWindow) -> None:
    window.session.set_value("data.samples", 300)
    assert window.session.undo_stack.undoText() == "change points"
    window.session.set_value("training.optimizer.learning_rate", 0.1)
    assert window.session.undo_stack.undoText() == "change learning rate"


def test_what_was_left_out_of_a_table_is_said(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("a;b;kind\n1,5;2;x\n;4;y\n3;1;x\n2;2;y\n", encoding="cp932")
    window.documents.open(path)
    first_picture(qtbot, window)
    assert "left out: 1 of 4" in window.notices.notice.text()
    assert len(window.session.points) == 3


def test_the_code_follows_the_experiment(window: MainWindow) -> None:
    window.parts.curves.tabs.setCurrentWidget(window.parts.curves.code)
    assert "torch.optim.Adam" in window.parts.curves.code.script
    window.session.set_value("training.optimizer.kind", "sgd")
    assert "torch.optim.SGD" in window.parts.curves.code.script
    window.parts.curves.tabs.setCurrentIndex(0)


def test_a_trained_network_is_saved_and_comes_back(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, path = window.session.run, tmp_path / "trained.safetensors"
    run.resume()
    qtbot.waitUntil(lambda: run.snapshot is not None and run.snapshot.epoch >= 5, timeout=WAIT)
    run.pause()
    qtbot.waitUntil(lambda: run.snapshot.state == State.PAUSED, timeout=WAIT)
    trained = run.snapshot.weights
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    window.documents.networks.ask_and_save()
    run.reset()
    first_picture(qtbot, window)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    window.documents.networks.ask_and_load()
    qtbot.waitUntil(
        lambda: all(np.array_equal(run.snapshot.weights[n], w) for n, w in trained.items()),
        timeout=WAIT,
    )


def test_weights_of_another_network_are_refused(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "other.safetensors"
    save_weights({"0.weight": np.zeros((9, 9), np.float32)}, path)
    before = window.session.run.snapshot
    window.documents.open(path)
    assert "belongs to another network" in window.notices.notice.text()
    assert window.session.run.snapshot is before


def test_a_locked_setting_stays_and_says_so(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    session.locked = ("data", "training.optimizer.learning_rate")
    before = session.experiment
    session.choose_generator("xor")
    assert "keeps 'data' as it is" in window.notices.notice.text()
    session.set_value("training.optimizer.learning_rate", 0.5)
    session.edit_points(session.points.add([(0, 0)], 1), "paint")
    assert session.experiment is before
    session.add_layer(0, "dropout")
    assert session.experiment is not before


def test_a_lesson_puts_an_old_sentence_away(window: MainWindow) -> None:
    window.notices.warn("Something was wrong before.")
    window.guide.start(bundled()[0])
    assert not window.notices.notice.isVisible()


def test_a_window_that_gave_way_hears_nothing_of_the_session(qtbot: QtBot) -> None:
    make_application()
    before = make_window()
    before.show()
    session, heard = before.session, []
    before.guide.note = lambda *act: heard.append(act)  # type: ignore[method-assign]
    after = MainWindow(session)
    with qtbot.waitSignal(before.destroyed, timeout=WAIT):
        before.retire()
    session.saved.emit()
    assert heard == []
    after.close()
    after.deleteLater()
