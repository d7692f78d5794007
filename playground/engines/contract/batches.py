"""The order in which a run sees the training rows.

One NumPy generator, seeded by the training; one permutation an epoch; the last short batch is kept.
Belongs to the thread that trains.
"""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.core.experiment.experiment import Experiment


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """How far the rows have been dealt out: the generator's state, and where in which order."""

    generator: Any
    rows: int
    position: int
    order: npt.NDArray[np.int64]


class Batches:
    """Deals out rows, whole epochs or parts of one."""

    def __init__(self, experiment: Experiment, rows: int) -> None:
        self._random = np.random.default_rng(experiment.training.seed)
        self.last: npt.NDArray[np.int64] | None = None
        """The rows of the newest batch; None before the first."""
        self._order: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self.resize(rows, experiment.training.batch_size)

    def resize(self, rows: int, batch_size: int | str) -> None:
        """Use this many rows from now on; another number of rows starts a new permutation."""
        if rows != getattr(self, "rows", None):
            self.position, self.last = 0, None
        self.rows = rows
        self.batch_size = rows if isinstance(batch_size, str) else min(batch_size, rows)
        self.steps_per_epoch = math.ceil(rows / self.batch_size)

    @property
    def steps_left(self) -> int:
        """Steps to the end of the epoch that is under way, or of a whole one."""
        return math.ceil((self.rows - self.position) / self.batch_size)

    def take(self, steps: int) -> npt.NDArray[np.int64]:
        """Rows for that many steps: (epochs, rows) of whole epochs, else (1, n) of the current."""
        orders = self._deal(steps)
        length = orders.shape[1]
        self.last = orders[-1, (length - 1) // self.batch_size * self.batch_size :]
        return orders

    def place(self) -> Place:
        """Where the dealing stands, to go back to."""
        generator = deepcopy(self._random.bit_generator.state)
        return Place(generator, self.rows, self.position, self._order)

    def go_back(self, place: Place) -> None:
        """Deal from there again; of other rows, from a new permutation on."""
        self._random.bit_generator.state = deepcopy(place.generator)
        is_same = place.rows == self.rows
        self.position = place.position if is_same else 0
        self._order, self.last = place.order, None

    def _deal(self, steps: int) -> npt.NDArray[np.int64]:
        if self.position == 0 and steps >= self.steps_per_epoch:
            epochs = steps // self.steps_per_epoch
            return np.stack([self._random.permutation(self.rows) for _ in range(epochs)])
        if self.position == 0:
            self._order = self._random.permutation(self.rows)
        end = min(self.position + steps * self.batch_size, self.rows)
        part = self._order[None, self.position : end]
        self.position = end % self.rows
        return part
