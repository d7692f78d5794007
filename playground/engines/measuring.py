"""What a run knows of its network at one moment, and the moment it goes back to.

Imports the core and the protocol of engines; belongs to the thread that trains.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from playground.engines.base import Engine, Score, Weights
from playground.engines.batches import Place

__all__ = ["Mark", "Measured", "measure"]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Scores of the network, and the weights they belong to, after that many steps."""

    step: int
    train: Score
    test: Score | None
    weights: Weights

    @property
    def has_finite_weights(self) -> bool:
        """False where training is over: no step leads back from what is not a number."""
        return all(np.isfinite(array).all() for array in self.weights.values())

    @property
    def is_finite(self) -> bool:
        losses = [score.loss for score in (self.train, self.test) if score is not None]
        return all(map(math.isfinite, losses)) and self.has_finite_weights


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A moment to which a run goes back where it breaks: weights, and how far it was."""

    epoch: int
    step: int
    weights: Weights
    place: Place


def measure(engine: Engine, step: int) -> Measured:
    """Evaluate the network as it is now, and copy its weights."""
    train = engine.evaluate("train")
    assert train is not None, "a dataset always has rows to train on"
    return Measured(step, train, engine.evaluate("test"), engine.weights())
