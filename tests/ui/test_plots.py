"""The curves: what is kept of a run, and what is drawn and read off."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.engines.base import Score
from playground.engines.exchange import CurvePoint
from playground.ui.app import make_application
from playground.ui.views.plots import MOST_POINTS, CurvePlot, Track, accuracy_of, loss_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def curve_of(epochs: range, scale: float = 1.0, *, test: bool = True) -> list[CurvePoint]:
    return [
        CurvePoint(
            epoch,
            Score(scale / (1 + epoch), 0.5),
            Score(2 * scale / (1 + epoch), 0.4) if test else None,
            0.1,
        )
        for epoch in epochs
    ]


def test_a_growing_curve_is_the_same_as_the_whole_one() -> None:
    whole, growing = Track(loss_of), Track(loss_of)
    curve = curve_of(range(100))
    grown: list[CurvePoint] = []
    for start, end in pairwise((0, 0, 1, 40, 41, 100)):
        grown += curve[start:end]
        growing.follow(grown)
    whole.follow(curve)
    assert np.array_equal(growing.thinned(), whole.thinned())


def test_another_curve_takes_the_place_of_the_old_one() -> None:
    track = Track(loss_of)
    track.follow(curve_of(range(0, 50, 2)))
    track.follow(curve_of(range(60)))
    assert np.array_equal(track.thinned()[:, 0], np.arange(60))


def test_a_second_training_of_the_same_epochs_is_another_curve() -> None:
    track = Track(loss_of)
    track.follow(curve_of(range(60)))
    track.follow(curve_of(range(60), scale=5.0))
    assert track.thinned()[0, 1] == 5.0


def test_a_long_curve_is_thinned_evenly_and_keeps_its_ends() -> None:
    track = Track(loss_of)
    track.follow(curve_of(range(10_001)))
    rows = track.thinned()
    assert len(rows) <= MOST_POINTS
    assert rows[0, 0] == 0
    assert rows[-1, 0] == 10_000
    assert np.diff(rows[:, 0]).max() <= 2 * 10_000 / MOST_POINTS


def test_without_test_data_there_is_no_test_curve() -> None:
    track = Track(loss_of)
    track.follow(curve_of(range(5), test=False))
    assert np.isnan(track.thinned()[:, 2]).all()


def test_the_value_under_the_pointer_is_the_nearest_point() -> None:
    track = Track(accuracy_of)
    assert track.nearest(3) is None
    track.follow(curve_of(range(0, 100, 10)))
    assert track.nearest(34.0) == (30.0, 0.5, 0.4)


@pytest.mark.parametrize("is_log", [False, True])
def test_losses_that_cannot_be_drawn_leave_the_rest(qtbot: QtBot, is_log: bool) -> None:
    make_application()
    plot = CurvePlot(loss_of, "Loss")
    qtbot.addWidget(plot)
    plot.set_log(is_log)
    broken = CurvePoint(3, Score(float("nan"), None), Score(0.0, None), 0.1)
    plot.start([*curve_of(range(3)), broken])
    plot.grab()
    plot.dismiss_ghost()
    plot.grab()
