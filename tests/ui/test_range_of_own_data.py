"""What the window shows of one table after another: its range, its colours, its axes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.ui.window.main_window import MainWindow
from tests.ui.person import choose
from tests.ui.shared_window import SharedWindow, shared_window
from tests.ui.whole_window import WAIT, settle


@pytest.fixture(scope="module")
def _shared() -> Iterator[SharedWindow]:
    with shared_window() as shared:
        yield shared


@pytest.fixture
def window(qtbot: QtBot, _shared: SharedWindow) -> Iterator[MainWindow]:
    with _shared.lent(qtbot) as window:
        yield window


def opened(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    """A table in the window, with the first picture of its network."""
    window.session.open(path)
    run = window.session.run
    qtbot.waitUntil(lambda: run.snapshot is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: run.snapshot.dataset is window.session.dataset, timeout=WAIT)
    settle(qtbot, window)


def curve(path: Path, low: float, high: float, middle: float, half: float) -> Path:
    """Levels over depths: a wave from `middle - half` to `middle + half`."""
    depth = np.linspace(low, high, 41)
    level = middle + half * np.sin(np.linspace(0, 2 * np.pi, 41))
    rows = [f"{x:.6f},{y:.6f}" for x, y in zip(depth, level, strict=True)]
    path.write_text("\n".join(["depth,level", *rows]) + "\n", "utf-8")
    return path


def test_a_second_table_of_the_same_columns_has_a_range_of_its_own(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    output = window.parts.output
    opened(qtbot, window, curve(tmp_path / "lake.csv", 0, 40, 12, 3))
    opened(qtbot, window, curve(tmp_path / "sea.csv", 1000, 3000, -50, 20))
    across, up = output.canvas.axes
    # The data fill the picture but for a tenth on each side.
    assert [across.original(-5), across.original(5)] == pytest.approx([1000, 3000])
    assert [up.original(-5), up.original(5)] == pytest.approx([-70, -30])
    frame = output.canvas.frame
    assert frame is not None
    assert frame.stored == output._scale.stored
    assert (np.abs(output.canvas._places) <= 5.001).all()


def test_the_slider_and_the_bar_have_the_values_of_the_data_that_are_open(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    for name, low, high in (("first.csv", 60, 90), ("second.csv", 1200, 1300)):
        lines = [f"{i % 5},{i // 5},{low + (high - low) * i / 24}" for i in range(25)]
        path = tmp_path / name
        path.write_text("\n".join(["u,v,score", *lines]) + "\n", "utf-8")
        opened(qtbot, window, path)
        value = window.parts.draw.value
        assert value.value_at(0.0) == pytest.approx(low)
        assert value.value_at(1.0) == pytest.approx(high)
        assert window.parts.output._key.ends() == (f"{low:,}", f"{high:,}")


def test_the_range_of_the_canvas_is_chosen_in_the_units_of_the_data(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    """Depths 0 to 40 are -5 to 5 of the canvas, levels 9 to 15 likewise; 10 shows twice as much."""
    opened(qtbot, window, curve(tmp_path / "lake.csv", 0, 40, 12, 3))
    canvas = window.parts.output.canvas
    choose(window, "depth: −20 to 60, level: 6.0 to 18.0")
    assert window.session.experiment.view.extent == 10.0
    across, up = canvas.axes
    low, high = canvas.region.low, canvas.region.high
    assert [across.original(low[0]), across.original(high[0])] == pytest.approx([-20, 60])
    assert [up.original(low[1]), up.original(high[1])] == pytest.approx([6, 18], abs=0.02)
    settle(qtbot, window)
    frame = canvas.frame
    assert frame is not None
    assert (frame.extent, frame.center) == (10.0, (0.0, 0.0))
    assert window.session.experiment.plain()["view"]["extent"] == 10.0
    # Data that lie on the canvas have its units.
    window.session.choose_generator("circle")
    qtbot.waitUntil(lambda: canvas.axes[0].is_plain, timeout=WAIT)
    choose(window, "−3 to 3")
    assert canvas.region.high == (3.0, 3.0)


def test_who_has_zoomed_in_stays_while_drawn_points_reach_farther(
    qtbot: QtBot, window: MainWindow
) -> None:
    canvas = window.parts.output.canvas

    def place(x: float) -> None:
        raw = {"kind": "points", "x": [[0.0, 0.0], [x, 1.0]], "label": [0, 1]}
        window.session.use_data(Experiment.parse({"data": raw}).data, "points")
        qtbot.waitUntil(lambda: window.session.dataset.points.x[-1, 0] == x, timeout=WAIT)

    place(3.0)
    canvas.zoom_by(0.5)
    seen = canvas.region
    place(20.0)
    assert canvas.region == seen
    canvas.reset_view()
    assert canvas.region.high[0] == pytest.approx(20)
