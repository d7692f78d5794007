"""Files that a person lets go over the window, wherever the pointer is by then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from playground.ui.data.class_row import NameEdit
from playground.ui.data.importing import ImportDialog
from playground.ui.data.points.points_table import PointsTable
from playground.ui.window.main_window import MainWindow
from tests.ui.whole_window import WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot) as made:
        yield made


@pytest.fixture
def table(tmp_path: Path) -> Path:
    place = tmp_path / "people.csv"
    place.write_text("height,weight,kind\n1,2,a\n3,4,b\n")
    return place


def let_go(path: Path, over: QWidget) -> None:
    """What the system tells a window of a file that is carried over it and let go."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    mime.setText(str(path))
    top = over.window()
    at = over.mapTo(top, over.rect().center())
    how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton)
    none, system = Qt.KeyboardModifier.NoModifier, top.windowHandle()
    enters = QDragEnterEvent(QPoint(at), *how, none)
    QApplication.sendEvent(system, enters)
    if not enters.isAccepted():
        return
    QApplication.sendEvent(system, QDragMoveEvent(QPoint(at), *how, none))
    QApplication.sendEvent(system, QDropEvent(at.toPointF(), *how, none))


def let_go_link(link: str, over: QWidget) -> None:
    """What a browser's link, or a text with one, is to the window that it is let go over."""
    mime = QMimeData()
    mime.setText(link)
    top = over.window()
    at = over.mapTo(top, over.rect().center())
    how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton)
    none, system = Qt.KeyboardModifier.NoModifier, top.windowHandle()
    enters = QDragEnterEvent(QPoint(at), *how, none)
    QApplication.sendEvent(system, enters)
    assert enters.isAccepted()
    QApplication.sendEvent(system, QDropEvent(at.toPointF(), *how, none))


def test_a_link_that_is_let_go_is_opened(window: MainWindow, qtbot: QtBot) -> None:
    link = "https://playground.tensorflow.org/#dataset=xor&networkShape=3,3,3"
    let_go_link(link, window.parts.output)
    assert window.session.experiment.data.generator == "xor"
    assert len(window.session.experiment.model.layers) == 3
    notice = window.notices.notice
    qtbot.waitUntil(notice.isVisible, timeout=WAIT)
    assert "half its learning rate" in notice.text()


def fields(window: MainWindow) -> dict[str, QWidget]:
    """A field of text of every kind that is on show."""
    everywhere = [*window.findChildren(QLineEdit), *window.findChildren(QPlainTextEdit)]
    shown = [field for field in everywhere if field.isVisible() and field.window() is window]
    return {type(field).__name__: field for field in shown}


def test_a_file_let_go_over_a_field_is_opened(
    window: MainWindow, qtbot: QtBot, table: Path
) -> None:
    window.parts.curves.tabs.setCurrentWidget(window.parts.curves.code)
    window.parts.draw.rename(0)
    found = fields(window)
    assert {"ValueEdit", "NameEdit", "Script"} <= found.keys()
    for field in sorted(found.values(), key=lambda each: not isinstance(each, NameEdit)):
        before = field.text() if isinstance(field, QLineEdit) else ""
        let_go(table, field)
        dialog = window.findChild(ImportDialog)
        assert dialog is not None, field.accessibleName()
        if isinstance(field, QLineEdit):
            assert field.text() == before
        dialog.reject()
        qtbot.waitUntil(lambda: window.findChild(ImportDialog) is None, timeout=WAIT)


def test_a_cell_of_the_table_of_points_takes_no_file(
    window: MainWindow, qtbot: QtBot, table: Path
) -> None:
    window.windows.open_points_table()
    points = window.windows.points_table
    assert isinstance(points, PointsTable)
    first = points.model.index(0, 0)
    points.view.edit(first)
    field = points.view.indexWidget(first)
    assert isinstance(field, QLineEdit)
    before = field.text()
    let_go(table, field)
    assert field.text() == before


def test_what_is_let_go_stays_where_it_was(window: MainWindow) -> None:
    """A text or file that is moved is removed by the program that it comes from."""
    mime = QMimeData()
    mime.setText("https://playground.tensorflow.org/#dataset=xor")
    system, none = window.windowHandle(), Qt.KeyboardModifier.NoModifier
    offers = (
        (Qt.DropAction.MoveAction | Qt.DropAction.CopyAction, Qt.DropAction.CopyAction),
        (Qt.DropAction.MoveAction | Qt.DropAction.LinkAction, Qt.DropAction.LinkAction),
    )
    for offered, taken in offers:
        how = (offered, mime, Qt.MouseButton.LeftButton, none)
        enters = QDragEnterEvent(QPoint(200, 200), *how)
        QApplication.sendEvent(system, enters)
        assert (enters.isAccepted(), enters.dropAction()) == (True, taken)
        drops = QDropEvent(QPoint(200, 200).toPointF(), *how)
        QApplication.sendEvent(system, drops)
        assert (drops.isAccepted(), drops.dropAction()) == (True, taken)
    how = (Qt.DropAction.MoveAction, mime, Qt.MouseButton.LeftButton, none)
    enters = QDragEnterEvent(QPoint(200, 200), *how)
    QApplication.sendEvent(system, enters)
    assert not enters.isAccepted()
