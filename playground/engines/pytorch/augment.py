"""Training rows that are changed at random each time they are seen.

Owns the randomness of one run's augmentation. The raw data are changed, and then prepared like any
others, so that a jitter is one of the points themselves, and not of their features. Belongs to the
thread that trains; imports no torch.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.core.data.dataset import Dataset
from playground.core.data.points import FloatArray, IntArray
from playground.core.training.augmentation import augment, augmenting_random
from playground.engines.contract.base import Plan
from playground.engines.contract.state import put_words, words_of


class RowChanges:
    """Network inputs of training rows, changed anew at every call."""

    def __init__(self, plan: Plan) -> None:
        training = plan.experiment.training
        self._settings = training.augmentation
        self._image = plan.image
        self._random = augmenting_random(training.seed)

    @classmethod
    def of(cls, plan: Plan) -> RowChanges | None:
        """None where the plan asks for no augmentation."""
        settings = plan.experiment.training.augmentation
        return cls(plan) if settings.acts(on_images=plan.image is not None) else None

    def load(self, dataset: Dataset) -> None:
        """Use these data from now on."""
        self._raw, self._rows = dataset.points.x, np.flatnonzero(~dataset.points.held_out)
        self._prepare = dataset.prepare

    def take(self, rows: IntArray) -> FloatArray:
        """The inputs (n, width) of these rows of the training split, as one step sees them."""
        return self._prepare(
            augment(self._raw[self._rows[rows]], self._image, self._settings, self._random)
        )

    def words(self) -> npt.NDArray[np.uint64]:
        """The state of the generator, as `words_of` gives it."""
        return words_of(self._random)

    def go_on_from(self, words: npt.NDArray[np.uint64]) -> None:
        """Draw from this state of the generator on."""
        put_words(words, self._random)
