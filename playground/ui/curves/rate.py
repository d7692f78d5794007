"""RATE: the learning rate over the epochs, and before them what the schedule plans.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from playground.core.experiment.experiment import Experiment
from playground.core.training.schedules import Plateau
from playground.engines.contract.run_control import CurvePoint, Snapshot
from playground.ui.curves.plots import DASHES, MOST_POINTS, STRONG, EpochPlot, Reading, Record
from playground.ui.look import theme

SHORTEST_PLAN = 100
HEADROOM = 1.1
PERIODS = 3
"""How far a plan without an end reaches: cosine waves, falls and warm-ups are seen in that."""


class Rates(Record):
    """The learning rate, in the first column."""

    def _row(self, moment: CurvePoint | Snapshot) -> Reading:
        return moment.epoch, moment.learning_rate, np.nan


def planned_rates(experiment: Experiment, least: float = 0) -> npt.NDArray[np.float64]:
    """Epochs and the learning rates that the schedule plans for them, (2, N).

    The plan ends with the training, or else after some periods of the schedule, and not before
    epoch `least`. It is empty where the schedule waits to see how the loss moves.
    """
    training = experiment.training
    if isinstance(training.schedule, Plateau):
        return np.zeros((2, 0))
    period = getattr(training.schedule, "period", 0)
    end = max(training.epochs or max(PERIODS * period, SHORTEST_PLAN), int(least))
    epochs = np.unique(np.linspace(0, end, MOST_POINTS).round())
    factors = np.array(training.schedule.factors(epochs))
    return np.stack([epochs, factors * training.optimizer.learning_rate])


class RatePlot(EpochPlot):
    """The rate that was used in ink, the planned one dashed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Learning rate", Rates(), parent)
        self._experiment: Experiment | None = None
        self._plan = np.zeros((2, 0))
        self._planned = self._plot.plot(antialias=True)
        self._used = self._plot.plot(antialias=True)
        self._dress()

    @property
    def plans(self) -> bool:
        """True where the schedule knows the rate of every epoch beforehand."""
        return bool(self._plan.size)

    def start(self) -> None:
        """A new run: only the plan is left."""
        self.record.follow(())
        self._used.setData([], [])
        self._fit()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what this experiment's schedule plans."""
        self._experiment = experiment
        self._draw_plan()

    def show_curve(self, curve: Sequence[CurvePoint], now: Snapshot) -> None:
        self.record.follow(curve, now)
        if self.plans and now.epoch > self._plan[0, -1]:
            self._draw_plan(2 * now.epoch)  # twice as far, so that this is seldom needed
        self._used.setData(*self.record.line(1))
        self._fit()

    def planned_at(self, epoch: float) -> float:
        """The planned rate; NaN where there is no plan."""
        if self._experiment is None or not self.plans:
            return np.nan
        training = self._experiment.training
        return training.schedule.factor(int(epoch)) * training.optimizer.learning_rate

    def _draw_plan(self, least: float = 0) -> None:
        if self._experiment is not None:
            self._plan = planned_rates(self._experiment, least)
            self._planned.setData(*self._plan)
            self._fit()

    def _fit(self) -> None:
        """A rate starts at zero: its height above that is what counts."""
        used = self.record.line(1)
        epochs, rates = (np.concatenate([self._plan[row], used[row]]) for row in (0, 1))
        self._plot.set_empty(len(rates) < 2)
        self.fit(epochs.max(initial=1.0), 0.0, HEADROOM * rates.max(initial=0.0) or 1.0)
        has_fallen = self._plan[1][-1:].sum() < rates.max(initial=0.0) / 2
        above, below = Qt.Corner.TopRightCorner, Qt.Corner.BottomRightCorner
        self.empty_corner = above if has_fallen else below

    @Slot()
    def _dress(self) -> None:
        super()._dress()
        now = theme.current()
        self._used.setPen(theme.line_pen(now.ink, STRONG))
        planned = theme.line_pen(now.muted)
        planned.setDashPattern(DASHES)
        self._planned.setPen(planned)
