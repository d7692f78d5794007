"""A file of arrays, from the drop to the data: which are images, and which are their labels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.core.data.data import ImagesData
from playground.ui.data.importing import ArraysDialog
from playground.ui.widgets import Choice
from playground.ui.window.main_window import MainWindow
from tests.ui.whole_window import WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot) as made:
        yield made


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """Large and small pictures with two kinds of labels, and an array with a number for each."""
    random = np.random.default_rng(0)
    large = random.integers(0, 256, (60, 12, 9), dtype=np.uint8)
    arrays = {"scans": large, "previews": large[:, ::3, ::3], "organ_label": np.arange(60) % 3}
    path = tmp_path / "scans.npz"
    np.savez(path, **arrays, patient=np.arange(60) * 7, sick_label=np.arange(60) % 2)
    return path


def _drop(window: MainWindow, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    place = QPointF(window.rect().center())
    window.dropEvent(
        QDropEvent(place, Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    )


def _asked(window: MainWindow, qtbot: QtBot) -> ArraysDialog:
    """The dialog that is open, once it has read the file."""
    (dialog,) = [each for each in window.findChildren(ArraysDialog) if each.isVisible()]
    _settle(qtbot, dialog)
    return dialog


def _settle(qtbot: QtBot, dialog: ArraysDialog) -> None:
    qtbot.waitUntil(lambda: not dialog._reader.is_busy, timeout=WAIT)


def _choose(qtbot: QtBot, dialog: ArraysDialog, field: Choice, key: str) -> None:
    """Go to an entry by the keyboard."""
    places = [field.itemData(row) for row in range(field.count())]
    steps = places.index(key) - field.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(field, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    _settle(qtbot, dialog)


def _import(window: MainWindow, qtbot: QtBot, dialog: ArraysDialog) -> ImagesData:
    with qtbot.waitSignal(dialog.imported, timeout=WAIT):
        QTest.mouseClick(dialog.import_button, LEFT)
    data = window.session.experiment.data
    assert isinstance(data, ImagesData)
    qtbot.waitUntil(lambda: _shown(window, data), timeout=WAIT)
    return data


def _shown(window: MainWindow, data: ImagesData) -> bool:
    dataset = window.session.dataset
    return dataset is not None and dataset.data == data


def test_images_and_labels_are_chosen_and_changed_later(
    window: MainWindow, qtbot: QtBot, scans: Path
) -> None:
    before = window.session.experiment
    _drop(window, scans)
    dialog = _asked(window, qtbot)
    assert dialog.images.currentText() == "scans · 60 × 12 × 9"
    assert dialog.message.text() == "60 images of 9 × 12, 3 classes (0, 1, 2)."
    assert [name for name, _ in dialog.samples.pictures] == ["0"] * 5 + ["1"] * 5 + ["2"] * 5
    _choose(qtbot, dialog, dialog.labels, "sick_label")
    assert "2 classes (0, 1)" in dialog.message.text()
    data = _import(window, qtbot, dialog)
    assert (data.arrays, data.test_ratio) == ("scans, sick_label", 0.3)
    dataset = window.session.dataset
    assert dataset is not None
    assert (dataset.image, dataset.classes, dataset.notes) == ((1, 12, 9), 2, ())
    window.session.set_value("data.test_ratio", 0.5)
    QTest.mouseClick(window.parts.data.arrays, LEFT)
    again = _asked(window, qtbot)
    assert (again.images.key(), again.labels.key()) == ("scans", "sick_label")
    _choose(qtbot, again, again.images, "previews")
    changed = _import(window, qtbot, again)
    assert (changed.arrays, changed.test_ratio) == ("previews, organ_label", 0.5)
    assert window.session.dataset.image == (1, 4, 3)  # type: ignore[union-attr]
    for _ in range(3):
        window.session.undo_stack.undo()
    assert window.session.experiment == before
    assert not window.parts.data.arrays.isVisible()


def test_labels_that_are_none_are_refused_and_others_can_be_chosen(
    window: MainWindow, qtbot: QtBot, scans: Path
) -> None:
    before = window.session.experiment
    _drop(window, scans)
    dialog = _asked(window, qtbot)
    _choose(qtbot, dialog, dialog.labels, "patient")
    assert "there can be 100 classes at most" in dialog.message.text()
    assert not dialog.import_button.isEnabled()
    assert not dialog.samples.pictures
    _choose(qtbot, dialog, dialog.labels, "organ_label")
    assert dialog.import_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert window.session.experiment is before


def test_the_divisions_of_a_file_come_together_or_one_alone(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    random = np.random.default_rng(1)
    path = tmp_path / "divided.npz"
    arrays = {}
    for part, count in (("train", 30), ("test", 12)):
        arrays[f"x_{part}"] = random.integers(0, 256, (count, 5, 5), dtype=np.uint8)
        arrays[f"y_{part}"] = np.arange(count) % 3
    np.savez(path, **arrays, heat_maps=random.random((30, 4, 4)))
    _drop(window, path)
    dialog = _asked(window, qtbot)
    assert dialog.images.currentText() == "All divisions: train, test"
    assert not dialog.labels.isEnabled()
    assert dialog.labels.currentText() == "Those of each division"
    assert "choose one array of images first" in dialog.labels.toolTip()
    assert dialog.message.text().startswith("42 images of 5 × 5, 3 classes (0, 1, 2). The file div")
    assert _import(window, qtbot, dialog).arrays is None
    QTest.mouseClick(window.parts.data.arrays, LEFT)
    again = _asked(window, qtbot)
    assert again.images.currentText() == "All divisions: train, test"
    _choose(qtbot, again, again.images, "x_test")
    assert again.labels.currentText() == "y_test · 12"
    assert _import(window, qtbot, again).arrays == "x_test, y_test"


def test_nothing_is_asked_where_there_is_nothing_to_choose(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "plain.npz"
    np.savez(path, x=np.zeros((8, 3, 3), np.uint8), y=np.arange(8) % 2)
    _drop(window, path)
    assert not window.findChildren(ArraysDialog)
    qtbot.waitUntil(lambda: isinstance(window.session.experiment.data, ImagesData), timeout=WAIT)
