"""A folder of photographs, from the drop to the data: by the dialog, its keys and its buttons."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.core.data.data import PhotographsData
from playground.core.data.images.photographs import read_photographs
from playground.ui.data.importing import PhotographsDialog
from playground.ui.window.main_window import MainWindow
from tests.image_specimens import photographed
from tests.ui.person import press
from tests.ui.whole_window import WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot) as made:
        yield made


def _drop(window: MainWindow, path: Path) -> PhotographsDialog:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    left = Qt.MouseButton.LeftButton
    place = QPointF(window.rect().center())
    window.dropEvent(
        QDropEvent(place, Qt.DropAction.CopyAction, mime, left, Qt.KeyboardModifier.NoModifier)
    )
    dialog = window.findChild(PhotographsDialog)
    assert dialog is not None
    return dialog


def test_a_dropped_folder_becomes_the_data(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = photographed(tmp_path)
    dialog = _drop(window, folder)
    qtbot.waitUntil(lambda: len(dialog.samples.pictures) == 8, timeout=WAIT)
    assert [name for name, _ in dialog.samples.pictures] == ["a"] * 4 + ["b"] * 4
    said = "8 photographs, 2 classes (a, b). Pictures that cannot be read, left out: a/torn.png."
    assert dialog.message.text() == said
    assert dialog.foot.warns
    size = dialog.form.fields["size"].control
    size.setFocus()
    size.selectAll()
    QTest.keyClicks(size, "16")
    QTest.keyClick(size, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: dialog.samples.pictures[0][1].width() % 16 == 0, timeout=WAIT)
    qtbot.waitUntil(dialog.import_button.isEnabled, timeout=WAIT)
    QTest.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: isinstance(window.session.experiment.data, PhotographsData), timeout=WAIT
    )
    qtbot.waitUntil(lambda: _is_shown(window), timeout=WAIT)
    dataset = window.session.dataset
    assert dataset is not None
    assert dataset.image == (3, 16, 16)
    assert dataset.class_names == ("a", "b")
    expected = read_photographs(folder, 16, "crop").points.x
    assert np.array_equal(np.asarray(dataset.points.x), np.asarray(expected) / np.float32(255))
    assert "torn.png" in str(dataset.notes[0])
    assert window.windowTitle().startswith("photographs")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    window.parts.output.setFocus()
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not isinstance(window.session.experiment.data, PhotographsData)


def _is_shown(window: MainWindow) -> bool:
    dataset = window.session.dataset
    return dataset is not None and dataset.image is not None


def test_a_folder_without_classes_says_what_to_do(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    before = window.session.experiment
    dialog = _drop(window, tmp_path)
    qtbot.waitUntil(lambda: bool(dialog.message.text()), timeout=WAIT)
    assert "make a folder for each class" in dialog.message.text()
    assert not dialog.import_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert window.session.experiment is before
    assert dialog.foot.warns


def test_every_file_that_is_no_picture_is_known_before_the_import(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    """Also those that are not among the examples; a sound folder has no sign."""
    folder = photographed(tmp_path)
    (folder / "a" / "torn.png").unlink()
    for number in range(30):
        shutil.copy(folder / "b" / "1.png", folder / "b" / f"more {number}.png")
    dialog = _drop(window, folder)
    qtbot.waitUntil(lambda: not dialog._looker.is_busy, timeout=WAIT)
    assert dialog.message.text() == "38 photographs, 2 classes (a, b)."
    assert not dialog.foot.warns
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(PhotographsDialog) is None, timeout=WAIT)
    for number in range(30):
        (folder / "b" / f"more {number}.png").write_text("no picture")
    dialog = _drop(window, folder)
    qtbot.waitUntil(lambda: not dialog._looker.is_busy, timeout=WAIT)
    assert dialog.message.text().startswith("8 photographs, 2 classes (a, b). Pictures that cannot")
    assert "and 27 more" in dialog.message.text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_pictures_that_are_gone_are_not_shown_under_another_name(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    """Undo leads back to a folder that is there no more: neither pictures nor numbers stay."""
    first, second = photographed(tmp_path / "one"), photographed(tmp_path / "two")
    second = second.rename(second.with_name("pets"))
    for folder in (first, second):
        data = PhotographsData(path=str(folder), size=16)
        window.session.use_data(data, folder.name)
        qtbot.waitUntil(
            lambda: getattr(window.session.dataset, "data", None) == data,  # noqa: B023
            timeout=WAIT,
        )
    assert window.parts.images.isVisible()
    assert window.parts.data.caption() == "pets: 8 of 16 × 16"
    shutil.rmtree(first)
    window.session.undo_stack.undo()
    assert window.parts.data.caption() == "photographs"
    qtbot.waitUntil(lambda: window.session.dataset is None, timeout=WAIT)
    assert not window.parts.images.isVisible()
    assert window.parts.unread.isVisible()
    assert window.parts.data.caption() == "photographs"
    assert "cannot be read" in window.notices.notice.text()
    window.session.undo_stack.redo()
    qtbot.waitUntil(lambda: window.parts.images.isVisible(), timeout=WAIT)
    assert window.parts.data.caption() == "pets: 8 of 16 × 16"
    assert not window.parts.unread.isVisible()
