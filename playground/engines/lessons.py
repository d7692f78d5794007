"""Lessons without a window: train their experiments, measure their figures.

Imports the core, and so torch, through the engines; runs on the thread that trains.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from playground.core.errors import ExperimentError
from playground.core.experiment.experiment import Experiment
from playground.core.lessons.figures import Figure, Measure
from playground.core.lessons.lesson import Lesson
from playground.engines.contract.base import Plan
from playground.engines.contract.run_control import RunInfo
from playground.engines.first_weights import initial_weights
from playground.engines.inside import by_hand
from playground.engines.loop.headless import ROWS_OF_THE_CURVE, Result, train_to_end

EVERY_EPOCH = 1_000
"""Runs of up to so many epochs are evaluated after each one."""

Told = Callable[[str], None]


def _silent(sentence: str) -> None:
    pass


class Runs:
    """Trains each experiment once, however often its result is asked for.

    `told` hears the title of every experiment before it is trained.
    """

    def __init__(self, told: Told = _silent) -> None:
        self._told = told
        self._results: dict[str, Result] = {}

    def result(self, experiment: Experiment) -> Result:
        """The result of training it as long as it says. Raises PlaygroundError."""
        key = json.dumps(experiment.plain(), sort_keys=True)
        if key not in self._results:
            self._told(experiment.title)
            every = _evaluate_every(experiment)
            self._results[key] = train_to_end(experiment, evaluate_every=every)
        return self._results[key]


def _evaluate_every(experiment: Experiment) -> int:
    total = experiment.training.epochs or 0
    return 1 if total <= EVERY_EPOCH else math.ceil(total / ROWS_OF_THE_CURVE)


def train_lesson(lesson: Lesson, runs: Runs) -> dict[str, Result]:
    """The result of every experiment of a lesson that says how long it trains, by its name."""
    return {
        name: runs.result(experiment)
        for name, experiment in lesson.experiments.items()
        if experiment.training.epochs is not None
    }


# Figures.


@dataclass(frozen=True, slots=True)
class Measured:
    """A published figure beside what was measured, and who trained it."""

    figure: Figure
    value: float
    info: RunInfo

    @property
    def is_met(self) -> bool:
        return self.figure.is_met(self.value)


@dataclass(frozen=True, slots=True)
class _Case:
    """What a measure is taken of: a run, and the one that it is compared with, if any."""

    figure: Figure
    result: Result
    rival: Result | None
    runs: Runs


def measure(figure: Figure, lesson: Lesson, runs: Runs) -> Measured:
    """Take the measure of one figure. Raises PlaygroundError where it cannot be trained."""
    rival = None if figure.rival is None else runs.result(lesson.experiments[figure.rival])
    result = runs.result(lesson.experiments[figure.experiment])
    return Measured(
        figure, _MEASURES[figure.measure](_Case(figure, result, rival, runs)), result.info
    )


def measure_all(lesson: Lesson, told: Told = _silent) -> tuple[Measured, ...]:
    """Measure every figure of a lesson. Raises PlaygroundError where one cannot be trained."""
    runs = Runs(told)
    return tuple(measure(figure, lesson, runs) for figure in lesson.published)


def _loss_or_accuracy(case: _Case) -> float:
    """One of the four scores, at the epoch of the figure or at the end; NaN where there is none."""
    split, _, name = case.figure.measure.partition("_")
    wanted = case.result.epochs if case.figure.epoch is None else case.figure.epoch
    for point in case.result.curve:
        if point.epoch == wanted:
            value = getattr(getattr(point, split), name, None)
            return math.nan if value is None else value
    return math.nan


def _lowest_loss(case: _Case) -> float:
    return min(point.train.loss for point in case.result.curve)


def _first_below(result: Result, threshold: float) -> float:
    """The first epoch with a training loss below the threshold; infinite where there is none."""
    epochs = (point.epoch for point in result.curve if point.train.loss < threshold)
    return next(epochs, math.inf)


def _stays_below(result: Result, threshold: float) -> float:
    """The first epoch from which the training loss is never above the threshold again."""
    settled = math.inf
    for point in reversed(result.curve):
        if point.train.loss >= threshold:
            break
        settled = point.epoch
    return settled


def _race(reached: Callable[[Result, float], float]) -> Callable[[_Case], float]:
    """The epoch at which a run gets below the threshold, or its lead over the rival's."""

    def taken(case: _Case) -> float:
        assert case.figure.threshold is not None, "checked when the figure was read"
        own = reached(case.result, case.figure.threshold)
        return own if case.rival is None else reached(case.rival, case.figure.threshold) - own

    return taken


def _gradient_difference(case: _Case) -> float:
    """The largest difference of both gradients at the first weights, over all rows.

    Where the loss has come close to zero, almost equal numbers are subtracted, and what is left of
    them is rounding in either way.
    """
    result = case.result
    plan = Plan.of(result.experiment, result.dataset)
    rows = np.arange(len(result.dataset.train))
    compared = by_hand.compare(plan, result.dataset, initial_weights(plan), rows)
    if isinstance(compared, str):
        raise ExperimentError(compared).within(result.experiment.title)
    return compared.relative


def _curve_difference(case: _Case) -> float:
    """The largest relative difference of the losses of both engines, after any epoch."""
    curves = []
    for engine in ("numpy", "torch"):
        experiment = case.result.experiment.with_setting("training.engine", engine)
        curves.append([point.train.loss for point in case.runs.result(experiment).curve])
    first, second = np.array(curves)
    return float((np.abs(first - second) / np.maximum(np.abs(first), np.abs(second))).max())


_MEASURES: dict[Measure, Callable[[_Case], float]] = {
    "train_loss": _loss_or_accuracy,
    "test_loss": _loss_or_accuracy,
    "train_accuracy": _loss_or_accuracy,
    "test_accuracy": _loss_or_accuracy,
    "lowest_loss": _lowest_loss,
    "first_below": _race(_first_below),
    "stays_below": _race(_stays_below),
    "parameters": lambda case: float(case.result.info.parameters),
    "gradient_difference": _gradient_difference,
    "curve_difference": _curve_difference,
}
