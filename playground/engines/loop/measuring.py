"""What a run knows of its network at one moment.

Imports the core and the protocol of engines; belongs to the thread that trains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.core.data.dataset import Dataset
from playground.core.training.measures import r2
from playground.engines.contract.base import Engine, Score, Weights


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Scores of the network, in the units of the data, and the weights they belong to, after that
    many steps.

    has_finite_weights  False where training is over: no step leads back from what is not a number
    is_finite           True where the losses are numbers, too
    """

    step: int
    train: Score
    test: Score | None
    weights: Weights
    has_finite_weights: bool
    is_finite: bool


def measure(engine: Engine, step: int, unit: float) -> Measured:
    """Evaluate the network as it is now, and copy its weights.

    unit  what a loss is multiplied by to be one in the units of the data
    """
    learned, tested = engine.evaluate("train"), engine.evaluate("test")
    assert learned is not None, "a dataset always has rows to train on"
    train, test = learned, tested
    if unit != 1.0:
        train, test = learned.times(unit), None if tested is None else tested.times(unit)
    weights = engine.weights()
    losses = [score.loss for score in (train, test) if score is not None]
    is_right = all(np.isfinite(array).all() for array in weights.values())
    is_finite = is_right and bool(np.isfinite(losses).all())
    return Measured(step, train, test, weights, is_right, is_finite)


def explained(engine: Engine, dataset: Dataset) -> float:
    """R² of the test points, or of the training points where there are none; of numbers only."""
    split = dataset.test or dataset.train
    rows = dataset.points.held_out if len(dataset.test) else ~dataset.points.held_out
    targets = dataset.points.y[rows]
    said = dataset.target_scale.restored(engine.predict(split.inputs))
    return r2(targets, said.reshape(targets.shape))
