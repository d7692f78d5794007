"""The order in which a run sees the training rows.

One NumPy generator, seeded by the training; one permutation an epoch; the last short batch is kept.
Belongs to the thread that trains.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from playground.core.data.points import frozen
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.state import Arrays, put_words, words_of

_NOTHING = frozen(np.empty(0, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """How far the rows have been dealt out.

    generator  uint64 (6,): the state of the generator, as `words_of` gives it
    order      int64 (rows,): the permutation of this epoch; empty between two epochs
    position   rows of it that have been dealt out
    """

    generator: npt.NDArray[np.uint64]
    rows: int
    position: int
    order: npt.NDArray[np.int64]

    def arrays(self) -> dict[str, npt.NDArray]:
        """The place as arrays by name; numbers are int64 ()."""
        return {
            "generator": self.generator,
            "rows": frozen(np.array(self.rows, np.int64)),
            "position": frozen(np.array(self.position, np.int64)),
            "order": self.order,
        }

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """The place whose `arrays` these are."""
        rows, position = int(arrays["rows"]), int(arrays["position"])
        return cls(arrays["generator"], rows, position, arrays["order"])


class Batches:
    """Deals out rows, whole epochs or parts of one."""

    def __init__(self, experiment: Experiment, rows: int) -> None:
        self._random = np.random.default_rng(experiment.training.seed)
        self.last: npt.NDArray[np.int64] | None = None
        """The rows of the newest batch; None before the first."""
        self._order = _NOTHING
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
        order = frozen(self._order.copy()) if self.position else _NOTHING
        return Place(words_of(self._random), self.rows, self.position, order)

    def go_back(self, place: Place) -> None:
        """Deal from there again; of other rows, from a new permutation on."""
        put_words(place.generator, self._random)
        is_same = place.rows == self.rows
        self.position = place.position if is_same else 0
        self._order, self.last = place.order.copy(), None

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
