"""Random vectors to learn: inputs and targets of any length, for which no picture exists.

Knows numpy and pydantic; pure, so any thread may call it.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import model_validator

from playground.core.data.data_settings import DataSettings
from playground.core.data.points import FloatArray
from playground.core.errors import InvalidValueError
from playground.core.experiment.settings import Whole, setting

AFFINE_OFFSET = 2.0
MOST_NUMBERS = 20_000_000
"""Numbers of all random vectors together: 80 MB, and some copies of them while they train."""


class VectorData(DataSettings):
    """Random vectors as inputs and targets, for which no picture exists."""

    kind: Literal["vectors"] = "vectors"
    rows: Whole = setting(
        64, label="Rows", ge=1, le=100_000, step=1, log=True, help="How many pairs there are."
    )
    inputs: Whole = setting(
        1000, label="Inputs", ge=1, le=10_000, step=1, log=True, help="Numbers in an input vector."
    )
    outputs: Whole = setting(
        10, label="Outputs", ge=1, le=1_000, step=1, log=True, help="Numbers in a target vector."
    )
    relation: Literal["independent", "affine"] = setting(
        "independent",
        label="Relation",
        help="Independent: inputs and targets have nothing to do with each other, and can only be"
        " learned by heart. Affine: the target is w x + 2 with one random w.",
    )

    @model_validator(mode="after")
    def _all_numbers_have_room(self) -> VectorData:
        numbers = self.rows * (self.inputs + self.outputs)
        if numbers > MOST_NUMBERS:
            raise InvalidValueError(
                "{rows:,} rows of {numbers:,} numbers are more than {most:,}; choose fewer rows,"
                " inputs or outputs.",
                rows=self.rows,
                numbers=self.inputs + self.outputs,
                most=MOST_NUMBERS,
            )
        return self

    @model_validator(mode="after")
    def _affine_targets_are_as_long_as_the_inputs(self) -> VectorData:
        if self.relation == "affine" and self.inputs != self.outputs:
            raise InvalidValueError(
                "affine targets are as long as the inputs, not {outputs} for {inputs}.",
                outputs=self.outputs,
                inputs=self.inputs,
            )
        return self

    @property
    def is_regression(self) -> bool:
        return True


def sample(data: VectorData) -> tuple[FloatArray, FloatArray]:
    """Inputs x float32 (rows, inputs) and targets y float32 (rows, outputs), decided by the seed.

    independent  every number of x and y is standard normal
    affine       x is standard normal, and y = w x + 2 with one standard normal number w
    """
    random = np.random.default_rng(data.seed)
    x = random.standard_normal((data.rows, data.inputs), np.float32)
    if data.relation == "affine":
        return x, np.float32(random.standard_normal()) * x + np.float32(AFFINE_OFFSET)
    return x, random.standard_normal((data.rows, data.outputs), np.float32)
