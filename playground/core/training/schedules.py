"""Learning-rate schedules: how the rate moves with the epochs.

A schedule is a factor that multiplies the learning rate, so a person can still change the rate
while training. All engines ask the same object, once an epoch. Each formula is the closed form of
the class of `torch.optim.lr_scheduler` that its docstring names.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.experiment.settings import Settings, Whole, kinds, setting
from playground.core.messages import N_, Message


class ScheduleSettings(Settings):
    """What every schedule has: a label, a help text and a factor for each epoch."""

    label: ClassVar[str]
    help: ClassVar[str]

    kind: str

    def factor(self, epoch: int) -> float:
        """What the learning rate is multiplied by in epoch 0, 1, 2, ..."""
        return 1.0

    def factors(self, epochs: Iterable[float]) -> list[float]:
        """The factor of each of these epochs."""
        return [self.factor(int(epoch)) for epoch in epochs]


def _period(help: str, default: int = 100) -> int:
    return setting(default, label="Period", ge=1, le=1_000_000, step=10, help=help)


def _gamma(default: float) -> float:
    return setting(
        default,
        label="Factor",
        gt=0.0,
        le=1.0,
        step=0.05,
        help="What the rate is multiplied by each time.",
    )


def _floor() -> float:
    return setting(
        0.0,
        label="Floor",
        ge=0.0,
        le=1.0,
        log=True,
        help="The smallest part of the learning rate that is left.",
    )


class Constant(ScheduleSettings):
    """The same rate for ever."""

    label = "Constant"
    help = "The learning rate stays as it is."

    kind: Literal["constant"] = "constant"


class Step(ScheduleSettings):
    """gamma^(epoch // period), as StepLR."""

    label = Message("Step", context="schedule")
    help = "Falls by a factor every so many epochs."

    kind: Literal["step"] = "step"
    period: Whole = _period(N_("Epochs between two falls."))
    gamma: float = _gamma(0.5)

    def factor(self, epoch: int) -> float:
        return self.gamma ** (epoch // self.period)


class Exponential(ScheduleSettings):
    """gamma^epoch, as ExponentialLR."""

    label = "Exponential"
    help = "Falls by the same factor every epoch."

    kind: Literal["exponential"] = "exponential"
    gamma: float = _gamma(0.99)

    def factor(self, epoch: int) -> float:
        return self.gamma**epoch


class Cosine(ScheduleSettings):
    """floor + (1 - floor) (1 + cos(pi epoch / period)) / 2, as CosineAnnealingLR, then floor."""

    label = "Cosine"
    help = "Falls along half a cosine wave, then stays at the floor."

    kind: Literal["cosine"] = "cosine"
    period: Whole = _period(N_("Epochs until the floor is reached."), 500)
    floor: float = _floor()

    def factor(self, epoch: int) -> float:
        return _half_cosine(min(epoch / self.period, 1.0), self.floor)


class CosineRestarts(ScheduleSettings):
    """A cosine that starts again, each time `stretch` times as long, as
    CosineAnnealingWarmRestarts.
    """

    label = "Cosine, warm restarts"
    help = "Falls along half a cosine wave again and again, jumping back up in between."

    kind: Literal["cosine_restarts"] = "cosine_restarts"
    period: Whole = _period(N_("Epochs of the first wave."))
    stretch: Whole = setting(
        2,
        label="Stretch",
        ge=1,
        le=10,
        step=1,
        help="How many times longer each wave is than the one before.",
    )
    floor: float = _floor()

    def factor(self, epoch: int) -> float:
        length = self.period
        while epoch >= length:
            epoch -= length
            length *= self.stretch
            if self.stretch == 1:
                epoch %= length
        return _half_cosine(epoch / length, self.floor)


class OneCycle(ScheduleSettings):
    """Up from 1/25 to 1 and down to 1/250,000 along cosines, as OneCycleLR with
    `cycle_momentum=False`.
    """

    label = "One cycle"
    help = (
        "Warms up to the learning rate, then cools down to almost nothing (Smith and Topin 2018)."
    )

    kind: Literal["one_cycle"] = "one_cycle"
    period: Whole = _period(N_("Epochs of the whole cycle."), 500)
    warm_up: float = setting(
        0.3,
        label="Warm-up",
        gt=0.0,
        lt=1.0,
        step=0.05,
        help="The part of the cycle in which the rate rises.",
    )

    START: ClassVar[float] = 1 / 25
    END: ClassVar[float] = START / 1e4

    def factor(self, epoch: int) -> float:
        # OneCycleLR counts `total_steps` points, the first and the last included.
        last = max(self.period - 1, 1)
        peak = self.warm_up * self.period - 1
        if epoch <= peak:
            return _half_cosine(1 - epoch / peak, self.START) if peak > 0 else 1.0
        return _half_cosine(min((epoch - peak) / max(last - peak, 1e-9), 1.0), self.END)


class Plateau(ScheduleSettings):
    """gamma for every `patience` epochs without progress, as ReduceLROnPlateau; PlateauWatch."""

    label = "Reduce on plateau"
    help = "Falls by a factor when the training loss has stopped falling."

    kind: Literal["plateau"] = "plateau"
    gamma: float = _gamma(0.5)
    patience: Whole = setting(
        10,
        label="Patience",
        ge=0,
        le=100_000,
        step=5,
        help="Epochs without progress before the rate falls.",
    )


class PlateauWatch:
    """The memory of a Plateau schedule: the best loss so far and the epochs since.

    Progress is a loss under 0.9999 of the best, torch's relative threshold of 1e-4.
    """

    def __init__(self, settings: Plateau) -> None:
        self.settings = settings
        self.factor = 1.0
        self._best = math.inf
        self._waiting = 0

    @property
    def memory(self) -> tuple[float, float, float]:
        """The factor, the lowest loss so far, and the epochs since: with them another watch goes
        on.
        """
        return self.factor, self._best, self._waiting

    def go_on(self, memory: Sequence[float]) -> None:
        """Watch on from what `memory` gave."""
        factor, best, waiting = memory
        self.factor, self._best, self._waiting = float(factor), float(best), int(waiting)

    def observe(self, loss: float) -> None:
        """Take the training loss at the end of an epoch into account."""
        if loss < self._best * (1 - 1e-4):
            self._best, self._waiting = loss, 0
            return
        self._waiting += 1
        if self._waiting > self.settings.patience:
            self.factor *= self.settings.gamma
            self._waiting = 0


def _half_cosine(part: float, floor: float) -> float:
    """1 at part 0, `floor` at part 1."""
    return floor + (1 - floor) * (1 + math.cos(math.pi * part)) / 2


Schedule = Annotated[
    Constant | Step | Exponential | Cosine | CosineRestarts | OneCycle | Plateau,
    Field(discriminator="kind"),
]
"""To add a schedule, write its class and name it here: files, forms and all engines take it from
this union.
"""

SCHEDULES: dict[str, type[ScheduleSettings]] = kinds(Schedule)
