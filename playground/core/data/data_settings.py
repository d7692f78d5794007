"""What every kind of data has: how it is divided and scaled.

Knows pydantic only; runs on any thread.
"""

from __future__ import annotations

from typing import Literal

from playground.core.experiment.settings import Settings, Whole, setting

MAX_SEED = 2**32 - 1


class DataSettings(Settings):
    """What every kind of data has."""

    seed: Whole = setting(
        7,
        label="Data seed",
        live=True,
        ge=0,
        le=MAX_SEED,
        step=1,
        help="The number that decides which points are drawn and which are held out for testing.",
    )
    test_ratio: float = setting(
        0.5,
        label="Test share",
        live=True,
        ge=0.0,
        le=0.9,
        step=0.1,
        help="The part of the points that the network never trains on; it shows how well it"
        " generalises.",
    )
    standardize: bool | Literal["all"] = setting(
        False,
        label="Standardise",
        help="Give every input mean 0 and deviation 1, measured on the training points"
        ' (or on "all" points).',
    )
    stratify: bool = setting(
        True, label="Stratify", live=True, help="Hold out the same part of every class for testing."
    )

    @property
    def is_regression(self) -> bool:
        """True where targets are numbers, False where they are classes."""
        return False
