"""Published figures of a lesson: numbers that its runs have to meet.

A measure is a name here and a function of `engines.lessons`, which does the measuring. Knows
pydantic; runs on any thread.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from playground.core.errors import InvalidValueError
from playground.core.experiment.settings import Settings, Whole
from playground.core.lessons.texts import Text

Measure = Literal[
    "train_loss",
    "test_loss",
    "train_accuracy",
    "test_accuracy",
    "lowest_loss",
    "first_below",
    "stays_below",
    "parameters",
    "gradient_difference",
    "curve_difference",
]
MEASURES: dict[Measure, str] = {
    "train_loss": "loss on the training points",
    "test_loss": "loss on the test points",
    "train_accuracy": "part of right answers on the training points, 0 to 1",
    "test_accuracy": "part of right answers on the test points, 0 to 1",
    "lowest_loss": "lowest training loss of the whole run",
    "first_below": 'first epoch with a training loss below "threshold"',
    "stays_below": 'first epoch from which the training loss stays below "threshold"',
    "parameters": "number of trained values",
    "gradient_difference": "largest relative difference of the gradients by hand and by autograd,"
    " at the first weights",
    "curve_difference": "largest relative difference of the losses by hand and by autograd",
}

Epochs = Annotated[Whole, Field(ge=0, le=100_000_000)]


class Figure(Settings):
    """A number that a run has to meet.

    It is met within `tolerance` of `published`, or on the right side of `at_most` and `at_least`.
    Without an epoch the end of the run counts. With a `rival`, another experiment, the measure is
    how many epochs sooner than the rival it gets below the threshold.
    """

    what: Text
    experiment: str
    measure: Measure
    epoch: Epochs | None = None
    published: float | None = None
    tolerance: float | None = Field(None, ge=0.0)
    at_most: float | None = None
    at_least: float | None = None
    threshold: float | None = None
    rival: str | None = None
    source: str = Field("", description="Where the number comes from.")
    comment: str = ""

    @model_validator(mode="after")
    def _there_is_something_to_meet(self) -> Figure:
        if self.tolerance is not None and self.published is None:
            raise InvalidValueError('a "tolerance" needs the "published" number it is about.')
        if (self.tolerance, self.at_most, self.at_least) == (None, None, None):
            raise InvalidValueError('a figure needs a "tolerance", "at_most" or "at_least".')
        return self

    @model_validator(mode="after")
    def _the_measure_has_what_it_needs(self) -> Figure:
        races = self.measure in ("first_below", "stays_below")
        if races != (self.threshold is not None):
            raise InvalidValueError(
                '"{measure}" needs a "threshold".' if races else '"{measure}" has no "threshold".',
                measure=self.measure,
            )
        if self.rival is not None and not races:
            raise InvalidValueError(
                '"{measure}" has no "rival"; "first_below" does.', measure=self.measure
            )
        for number in (self.published, self.at_most, self.at_least):
            if "accuracy" in self.measure and number is not None and not 0 <= number <= 1:
                raise InvalidValueError(
                    "an accuracy is between 0 and 1, not {number:g}.", number=number
                )
        return self

    def is_met(self, measured: float) -> bool:
        """True where the measured number is good enough; NaN never is."""
        low = -float("inf") if self.at_least is None else self.at_least
        high = float("inf") if self.at_most is None else self.at_most
        if self.tolerance is not None and self.published is not None:
            low = max(low, self.published - self.tolerance)
            high = min(high, self.published + self.tolerance)
        return low <= measured <= high

    @property
    def wanted(self) -> str:
        """What has to be met, as a table shows it: "0.5763 ± 0.01"."""
        if self.tolerance is not None:
            return f"{self.published:g} ± {self.tolerance:g}"
        bounds = [("≥", self.at_least), ("≤", self.at_most)]
        return ", ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)
