"""What is shown never changes what is learned: weights, curve and seed stay bit for bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar, QTabWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.engines.contract.base import Weights
from playground.engines.contract.run_control import CurvePoint, State
from playground.ui.look import theme
from playground.ui.widgets import Switch
from playground.ui.window.main_window import MainWindow
from tests.ui.whole_window import open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Option = Callable[[], None]
WAIT = 20_000
EPOCHS = 60
EPOCHS_A_SECOND = 60.0
ACTS_A_PICTURE = 6
EXPERIMENT: dict[str, Any] = {
    "data": {"kind": "generated", "generator": "circle", "samples": 60, "noise": 0.2},
    "model": {
        "features": ["x1", "x2", "x1*x2"],
        "layers": [
            {"kind": "linear", "units": 6},
            {"kind": "linear", "units": 4},
        ],
    },
    "training": {"engine": "torch", "seed": 7, "epochs": EPOCHS},
}
KEEPING_COUNT = ({"kind": "dropout", "p": 0.2}, {"kind": "batch_norm"})


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot) as made:
        try:
            yield made
        finally:
            made.session.replace(Experiment())  # nothing is left to be asked about
            theme.manager().set_mode(theme.Mode.SYSTEM)
            theme.manager().set_scale(1.0)


def options(window: MainWindow) -> Iterator[tuple[str, Option]]:
    """Every display option by name, as something that a hand does."""
    curves, session = window.parts.curves, window.session
    for card in (window.parts.output, curves):
        for switch in card.findChildren(Switch):
            yield switch.accessibleName(), switch.toggle
    yield from looking_around(window)
    settings: dict[str, tuple[Any, Any]] = {
        "extent": (3.0, 50.0),
        "grid": (50, 200),
        "hidden": (("features", "transport.speed"), ()),
        "projection": ("pca", "slice"),
        "axes": ((1, 0), (0, 1)),
    }
    for name, values in settings.items():
        yield f"view.{name}", _in_turn(partial(session.set_view, name), values)
    yield "probes", _in_turn(session.set_probes, ([(1.0, 2.0)], ()))
    yield "appearance", _in_turn(theme.manager().set_mode, (theme.Mode.DARK, theme.Mode.LIGHT))
    yield "presenter mode", window.toggle_presenter
    yield "points as a table", window.windows.open_points_table
    for tabs in (curves.tabs, window.parts.network.tabs):
        for index in range(tabs.count()):
            if tabs.isTabVisible(index):
                yield f"tab {tabs.tabText(index)}", _opening(tabs, index)


def looking_around(window: MainWindow) -> Iterator[tuple[str, Option]]:
    """Hovering, zooming and panning."""
    network, canvas = window.parts.network.network, window.parts.output.canvas
    yield (
        "hovering a unit",
        _in_turn(lambda place: network.neuronHovered.emit(*place), ((1, 0), (-1, -1))),
    )
    yield "hovering an input", _in_turn(network.inputHovered.emit, ("x2", ""))
    yield "hovering a weight", _in_turn(network.gradientsWanted.emit, (True, False))
    yield "sweeping over the network", lambda: sweep(window)
    yield "hovering the canvas", _in_turn(canvas.pointed.emit, ((1.0, 1.0), None))
    yield "zoom", _in_turn(canvas.zoom_by, (0.5, 3.0))
    yield "pan", lambda: canvas.pan_by(0.5, -0.5)
    yield "fit", canvas.reset_view


def sweep(window: MainWindow) -> None:
    """Pass the pointer over units, weights and biases alike."""
    picture = window.parts.network.network
    for part in range(1, 12):
        across, down = part * picture.width() // 12, picture.height() // 2 + 3 * part
        QTest.mouseMove(picture, QPoint(across, down))


def _in_turn(act: Callable[[Any], object], values: tuple[Any, ...]) -> Option:
    following = cycle(values)
    return lambda: (act(next(following)), None)[1]


def _opening(tabs: QTabWidget | QTabBar, index: int) -> Option:
    return lambda: tabs.setCurrentIndex(index)


def train(
    qtbot: QtBot, window: MainWindow, raw: dict[str, Any], acts: Callable[[], None]
) -> tuple[Weights, list[CurvePoint]]:
    """Weights and curve of a run to its last epoch, while with every picture something is done."""
    session, run = window.session, window.session.run
    session.replace(Experiment.parse(raw))
    qtbot.waitUntil(lambda: run.snapshot is not None, timeout=WAIT)
    seen: list[int] = []

    def act(snapshot: object) -> None:
        if run.is_training:
            seen.append(1)
            acts()

    run.snapshotTaken.connect(act)
    run.set_speed(EPOCHS_A_SECOND)
    run.resume()
    qtbot.waitUntil(lambda: run.snapshot.state == State.REACHED, timeout=WAIT)
    run.snapshotTaken.disconnect(act)
    assert len(seen) > 5, "nothing was done while it trained"
    assert session.experiment.training == Experiment.parse(raw).training
    assert run.snapshot is not None
    return run.snapshot.weights, list(run.curve)


def with_engine(engine: str) -> dict[str, Any]:
    """The experiment for an engine; PyTorch's also has layers that draw and that keep count."""
    model, training = EXPERIMENT["model"], {**EXPERIMENT["training"], "engine": engine}
    if engine == "torch":
        model = {**model, "layers": [*model["layers"], *KEEPING_COUNT]}
    return {**EXPERIMENT, "model": model, "training": training}


@pytest.mark.parametrize("engine", ["torch", "numpy", "compiled"])
def test_nothing_that_is_shown_changes_what_is_learned(
    qtbot: QtBot, window: MainWindow, engine: str
) -> None:
    raw = with_engine(engine)
    weights, curve = train(qtbot, window, raw, lambda: None)
    assert [point.epoch for point in curve] == list(range(EPOCHS + 1))
    following, done = cycle(options(window)), set[str]()

    def everything() -> None:
        for _ in range(ACTS_A_PICTURE):
            name, act = next(following)
            act()
            done.add(name)

    run = window.session.run.run_id
    disturbed, curve_then = train(qtbot, window, raw, everything)
    assert window.session.run.run_id == run + 1, "an option started the run again"
    assert done == {name for name, _ in options(window)}
    assert curve_then == curve
    assert weights.keys() == disturbed.keys()
    for name, array in weights.items():
        np.testing.assert_array_equal(disturbed[name], array, err_msg=name)


def test_no_option_adds_a_point_to_the_curve_of_a_run_that_waits(
    qtbot: QtBot, window: MainWindow
) -> None:
    run = window.session.run
    curve, weights, epoch = list(run.curve), run.snapshot.weights, run.snapshot.epoch
    for name, act in options(window):
        before = run.snapshot
        act()
        window.parts.output.canvas.pan_by(
            0.01, 0.0
        )  # whatever was asked for is drawn before this is
        qtbot.waitUntil(lambda before=before: run.snapshot is not before, timeout=WAIT)
        assert run.curve == curve, name
        assert run.snapshot.epoch == epoch, name
        for key, array in weights.items():
            np.testing.assert_array_equal(run.snapshot.weights[key], array, err_msg=name)
