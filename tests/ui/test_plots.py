"""The curves: what is kept of a run, and what is drawn and read off."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.engines.contract.base import Score
from playground.engines.contract.run_control import CurvePoint
from playground.ui.app import make_application
from playground.ui.curves.plots import (
    MOST_POINTS,
    CurvePlot,
    Track,
    accuracy_of,
    decimated,
    loss_of,
)
from playground.ui.curves.rate import planned_rates

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


def rows_of(track: Track) -> npt.NDArray:
    """Epochs, training values and test values as they are drawn."""
    (x, train), (_, test) = track.line(1), track.line(2)
    return np.stack([x, train, test], axis=1)


def test_a_growing_curve_is_the_same_as_the_whole_one() -> None:
    whole, growing = Track(loss_of), Track(loss_of)
    curve = curve_of(range(100))
    grown: list[CurvePoint] = []
    for start, end in pairwise((0, 0, 1, 40, 41, 100)):
        grown += curve[start:end]
        growing.follow(grown)
    whole.follow(curve)
    assert np.array_equal(rows_of(growing), rows_of(whole))


def test_another_curve_takes_the_place_of_the_old_one() -> None:
    track = Track(loss_of)
    track.follow(curve_of(range(0, 50, 2)))
    track.follow(curve_of(range(60)))
    assert np.array_equal(rows_of(track)[:, 0], np.arange(60))


def test_a_second_training_of_the_same_epochs_is_another_curve() -> None:
    track = Track(loss_of)
    track.follow(curve_of(range(60)))
    track.follow(curve_of(range(60), scale=5.0))
    assert rows_of(track)[0, 1] == 5.0


def test_a_long_curve_is_thinned_evenly_and_keeps_its_ends() -> None:
    track = Track(loss_of)
    track.follow(curve_of(range(10_001)))
    epochs = rows_of(track)[:, 0]
    assert len(epochs) <= MOST_POINTS
    assert epochs[0] == 0
    assert epochs[-1] == 10_000
    assert np.diff(epochs).max() <= 4 * 10_000 / MOST_POINTS


@given(st.integers(0, 9_999), st.booleans())
def test_thinning_loses_no_single_spike(place: int, is_up: bool) -> None:
    x = np.arange(10_000.0)
    y = np.sin(x / 700)
    y[place] = 5.0 if is_up else -5.0
    thin_x, thin_y = decimated(x, y)
    assert len(thin_x) <= MOST_POINTS
    assert (place, y[place]) in zip(thin_x, thin_y, strict=True)
    assert (np.diff(thin_x) > 0).all()


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=2_000), st.integers(0, 1_000))
def test_thinning_keeps_order_ends_and_range(values: list[float], gap: int) -> None:
    x = np.cumsum(np.arange(len(values)) % 7 * gap + 1.0)
    y = np.array(values)
    thin_x, thin_y = decimated(x, y)
    assert len(thin_x) <= max(MOST_POINTS, 1)
    assert (thin_x[0], thin_x[-1]) == (x[0], x[-1])
    assert (thin_y.min(), thin_y.max()) == (y.min(), y.max())
    assert set(zip(thin_x, thin_y, strict=True)) <= set(zip(x, y, strict=True))


def test_without_test_data_there_is_no_test_curve() -> None:
    track = Track(loss_of)
    track.follow(curve_of(range(5), test=False))
    assert not len(track.line(2)[0])
    assert len(track.line(1)[0]) == 5


def test_the_value_under_the_pointer_is_the_nearest_point() -> None:
    track = Track(accuracy_of)
    assert track.nearest(3) is None
    track.follow(curve_of(range(0, 100, 10)))
    assert track.nearest(34.0) == (30.0, 0.5, 0.4)
    assert track.latest() == (90.0, 0.5, 0.4)


def plan(schedule: dict, epochs: int | None = None) -> npt.NDArray:
    training = {"schedule": schedule, "epochs": epochs, "optimizer": {"kind": "adam"}}
    experiment = Experiment.parse({"training": training})
    return planned_rates(experiment.with_setting("training.optimizer.learning_rate", 0.5))


def test_the_plan_is_what_the_schedule_says() -> None:
    epochs, rates = plan({"kind": "step", "period": 10, "gamma": 0.5}, epochs=40)
    assert epochs.tolist() == list(range(41))
    assert rates[[0, 9, 10, 40]].tolist() == [0.5, 0.5, 0.25, 0.5**5]


def test_a_plan_without_an_end_shows_some_periods() -> None:
    epochs, rates = plan({"kind": "cosine_restarts", "period": 100, "stretch": 2})
    assert epochs[-1] == 300
    assert len(epochs) <= MOST_POINTS
    assert epochs[1:][np.diff(rates) > 0.4].tolist() == [100, 300]


def test_a_schedule_that_waits_for_the_loss_has_no_plan() -> None:
    assert plan({"kind": "plateau"}).shape == (2, 0)


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
