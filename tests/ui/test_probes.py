"""The numbers at probes and under the pointer, in the window: the network's own, in any view."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.engines.contract.run_control import Snapshot
from playground.ui.window.main_window import MainWindow
from tests.ui.whole_window import open_window

WAIT = 20_000
PROBES = [[-3.78, 1.74], [5.25, 0.01], [-0.58, -3.29]]
RAW = {
    "data": {"kind": "generated", "generator": "circle"},
    "model": {"layers": [{"kind": "linear", "units": 4, "activation": "tanh"}]},
    "training": {"engine": "torch", "device": "cpu", "epochs": 20},
    "probes": PROBES,
}

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def _says(snapshot: Snapshot, places: object) -> np.ndarray:
    """What a network with these weights says, by torch."""
    weights = {name: torch.tensor(array) for name, array in snapshot.weights.items()}
    x = torch.tensor(np.float32(places))
    hidden = torch.tanh(x @ weights["0.weight"].T + weights["0.bias"])
    out = hidden @ weights["2.weight"].T + weights["2.bias"]
    return torch.softmax(out, dim=1).numpy()


def _table(window: MainWindow) -> list[list[str]]:
    table = window.parts.output.probe_table.table
    return [
        [table.item(row, column).text() for column in (3, 4)] for row in range(table.rowCount())
    ]


def _turn_wheel(window: MainWindow, notches: int) -> None:
    target = window.parts.output.canvas.viewport()
    at = QPointF(target.rect().center()) + QPointF(30, -20)
    for _ in range(abs(notches)):
        turned = QPoint(0, 120 if notches > 0 else -120)
        event = QWheelEvent(
            at,
            QPointF(target.mapToGlobal(at.toPoint())),
            QPoint(),
            turned,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(target, event)


def test_the_table_holds_what_the_network_says_however_it_is_looked_at(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_window(qtbot, raw=RAW) as window:
        monkeypatch.setattr(window.documents, "may_leave", lambda: True)
        window.parts.output.panel.probes.click()
        expected = [[f"{c:.3f}" for c in row] for row in _says(window.session.run.snapshot, PROBES)]
        qtbot.waitUntil(lambda: _table(window) == expected, timeout=WAIT)
        for grid in (50, 400):
            window.session.set_view("grid", grid)
            qtbot.waitUntil(
                lambda g=grid: len(window.parts.output.canvas.frame.map) == g, timeout=WAIT
            )
            assert _table(window) == expected
        for notches in (6, -12):
            _turn_wheel(window, notches)
            extent = window.parts.output.canvas.region.extent
            assert extent != 6.0
            qtbot.waitUntil(
                lambda e=extent: window.parts.output.canvas.frame.extent == e, timeout=WAIT
            )
            assert _table(window) == expected


def test_the_reading_is_the_networks_and_redraws_nothing(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_window(qtbot, raw=RAW) as window:
        monkeypatch.setattr(window.documents, "may_leave", lambda: True)
        run, canvas = window.session.run, window.parts.output.canvas
        window.session.set_view("grid", 50)
        qtbot.waitUntil(lambda: len(canvas.frame.map) == 50, timeout=WAIT)
        drawn: list[object] = []
        monkeypatch.setattr(canvas, "show_frame", lambda *_: drawn.append(0))
        monkeypatch.setattr(window.parts.network, "show_snapshot", drawn.append)
        side = canvas.viewport().width()
        for x, y in ((0.31, 0.4), (0.7, 0.55), (0.5, 0.93)):
            at = QPoint(round(side * x), round(side * y))
            qtbot.mouseMove(canvas.viewport(), at)
            place = canvas.region.from_pixels(at.x(), at.y(), side, canvas.viewport().height())
            (said,) = _says(run.snapshot, [place])
            winner = int(said.argmax())
            text = f"{('Blue', 'Orange')[winner]} {said[winner]:.2f}"
            place_text = f"({place[0]:.2f}, {place[1]:.2f})".replace("-", "−")
            qtbot.waitUntil(
                lambda t=f"{place_text}   {text}": window.parts.output.reading.text() == t,
                timeout=WAIT,
            )
        assert drawn == []
