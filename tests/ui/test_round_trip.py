"""Export points, then import the table: by default everything is as it was, as a person sees it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from playground.core.data.points_data import PointsData
from playground.ui.data.importing import ImportDialog
from playground.ui.session.file_kinds import TABLES
from playground.ui.window.main_window import MainWindow
from tests.ui.whole_window import open_window

WAIT = 20_000
CIRCLE = {"training": {"engine": "torch", "device": "cpu", "epochs": 0}}

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def _said(window: MainWindow) -> str:
    """How many points are wrong, as it stands under the canvas."""
    texts = [label.text() for label in window.parts.output.findChildren(QLabel)]
    return next((text for text in texts if text.endswith(" wrong")), "")


def _trained_on(window: MainWindow) -> object:
    snapshot = window.session.run.snapshot
    return None if snapshot is None else snapshot.dataset.data


def _trigger(window: MainWindow, text: str) -> None:
    """As from the menu."""
    action = next(a for a in window.findChildren(QAction) if a.text().replace("&", "") == text)
    action.trigger()


def _export(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    form = next(iter(TABLES))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(place), form))
    with qtbot.waitSignal(window.documents.told, timeout=WAIT):
        _trigger(window, "Export points…")


def _dialog(qtbot: QtBot, window: MainWindow, act: Callable[[], None]) -> ImportDialog:
    with qtbot.waitSignal(window.documents.importRequested, timeout=WAIT) as caught:
        act()
    dialog: ImportDialog = caught.args[0]
    qtbot.waitUntil(dialog.import_button.isEnabled, timeout=WAIT)
    return dialog


def _import(qtbot: QtBot, window: MainWindow, dialog: ImportDialog) -> PointsData:
    with qtbot.waitSignal(window.documents.opened, timeout=WAIT):
        dialog.import_button.click()
    data = window.session.experiment.data
    assert isinstance(data, PointsData)
    qtbot.waitUntil(lambda: _trained_on(window) == data, timeout=WAIT)
    return data


def test_a_circle_comes_back_with_as_many_points_wrong(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "circle.csv"
    with open_window(qtbot, raw=CIRCLE) as window:
        before, said = window.session.points, _said(window)
        assert "of 250 wrong" in said
        _export(qtbot, window, monkeypatch, place)
        dialog = _dialog(qtbot, window, lambda: window.documents.bring([place]))
        assert dialog.choices.units.currentText() == "As it was exported"
        assert "comes back as it was" in dialog.message.text()
        data = _import(qtbot, window, dialog)
        qtbot.waitUntil(lambda: _said(window) == said, timeout=WAIT)
        assert data.x.tobytes() == before.x.tobytes()
        assert data.points().held_out.tolist() == before.held_out.tolist()
        assert data.standardize is False
        # The same by way of the clipboard, as a spreadsheet would give it.
        rows = place.read_text("utf-8").replace(",", "\t")
        mark = place.read_text("utf-8").splitlines()[1].partition('"')[2]
        QApplication.clipboard().setText(rows.replace(mark.replace(",", "\t"), mark))
        again = _import(qtbot, window, _dialog(qtbot, window, lambda: _trigger(window, "Paste")))
        assert again == data


def test_a_person_may_choose_otherwise(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "circle.csv"
    with open_window(qtbot, raw=CIRCLE) as window:
        _export(qtbot, window, monkeypatch, place)
        dialog = _dialog(qtbot, window, lambda: window.documents.bring([place]))
        assert _scales(dialog) == ["As it was exported", "Fit to the canvas", "Keep the units"]
        _press_until(dialog.choices.units, Qt.Key.Key_Down, "Keep the units")
        assert "the inputs are standardised" in dialog.message.text()
        assert _import(qtbot, window, dialog).standardize is True
        dialog = _dialog(qtbot, window, lambda: window.documents.bring([place]))
        _press_until(dialog.choices.answer, Qt.Key.Key_Up, "x2")
        assert "As it was exported" not in _scales(dialog)
        assert _import(qtbot, window, dialog).is_regression


def _scales(dialog: ImportDialog) -> list[str]:
    units = dialog.choices.units
    return [units.itemText(index) for index in range(units.count())]


def _press_until(field: QWidget, key: Qt.Key, text: str) -> None:
    field.setFocus()
    for _ in range(8):
        if field.currentText() == text:  # type: ignore[attr-defined]
            return
        QTest.keyClick(field, key)
    raise AssertionError(text)
