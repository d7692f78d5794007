"""Schedules: the closed forms against torch.optim.lr_scheduler, epoch by epoch."""

import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from playground.core.experiment.experiment import Experiment
from playground.core.training.schedules import (
    SCHEDULES,
    Cosine,
    CosineRestarts,
    Exponential,
    OneCycle,
    Plateau,
    PlateauWatch,
    ScheduleSettings,
    Step,
)
from tests.strategies import schedules

Make = Callable[[torch.optim.Optimizer], Any]


def rates_of_torch(make: Make, epochs: int) -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nothing is trained here, which torch finds odd
        scheduler = make(optimizer)
        rates = []
        for _ in range(epochs):
            rates.append(optimizer.param_groups[0]["lr"])
            scheduler.step()
    return rates


CASES: list[tuple[ScheduleSettings, int, Make]] = [
    (Step(period=7, gamma=0.3), 50, lambda o: lr_scheduler.StepLR(o, 7, 0.3)),
    (Exponential(gamma=0.9), 50, lambda o: lr_scheduler.ExponentialLR(o, 0.9)),
    (Cosine(period=30), 31, lambda o: lr_scheduler.CosineAnnealingLR(o, 30)),
    (
        Cosine(period=30, floor=0.2),
        31,
        lambda o: lr_scheduler.CosineAnnealingLR(o, 30, eta_min=0.2),
    ),
    (
        CosineRestarts(period=10, stretch=1, floor=0.1),
        65,
        lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 10, 1, eta_min=0.1),
    ),
    (
        CosineRestarts(period=5, stretch=2),
        80,
        lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 5, 2),
    ),
    (
        CosineRestarts(period=1, stretch=3),
        60,
        lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 1, 3),
    ),
    *[
        (
            OneCycle(period=period, warm_up=warm_up),
            period,
            lambda o, period=period, warm_up=warm_up: lr_scheduler.OneCycleLR(
                o, 1.0, total_steps=period, pct_start=warm_up, cycle_momentum=False
            ),
        )
        for period, warm_up in [(100, 0.3), (50, 0.5), (7, 0.9), (2, 0.3), (3, 0.1)]
    ],
]


@pytest.mark.parametrize(("schedule", "epochs", "make"), CASES, ids=lambda case: str(case)[:60])
def test_the_factor_is_the_rate_of_torch(
    schedule: ScheduleSettings, epochs: int, make: Make
) -> None:
    ours = [schedule.factor(epoch) for epoch in range(epochs)]
    assert ours == pytest.approx(rates_of_torch(make, epochs), rel=1e-9, abs=1e-9)


@given(schedules(), st.integers(0, 10**9))
def test_factors_are_shares_of_the_rate(raw: dict[str, Any], epoch: int) -> None:
    schedule = Experiment.parse({"training": {"schedule": raw}}).training.schedule
    assert 0 <= schedule.factor(epoch) <= 1 + 1e-12


def test_a_cosine_stays_at_its_floor() -> None:
    assert Cosine(period=10, floor=0.25).factor(10_000) == pytest.approx(0.25)
    assert OneCycle(period=10).factor(10_000) == pytest.approx(1 / 250_000)


@settings(max_examples=50)
@given(
    st.lists(st.floats(0.1, 1), max_size=60),
    st.integers(0, 5),
    st.floats(0.1, 0.9),
)
def test_the_plateau_watch_is_that_of_torch(
    losses: list[float], patience: int, gamma: float
) -> None:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    theirs = lr_scheduler.ReduceLROnPlateau(optimizer, factor=gamma, patience=patience, eps=0)
    ours = PlateauWatch(Plateau(gamma=gamma, patience=patience))
    for loss in losses:
        theirs.step(loss)
        ours.observe(loss)
        assert ours.factor == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-9)


def test_all_are_there() -> None:
    assert list(SCHEDULES) == [
        "constant",
        "step",
        "exponential",
        "cosine",
        "cosine_restarts",
        "one_cycle",
        "plateau",
    ]
    for schedule in SCHEDULES.values():
        assert schedule.label
        assert schedule.help.endswith(".")
