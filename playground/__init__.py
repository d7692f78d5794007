"""Playground: draw points, build a small neural network, and watch PyTorch train it.

>>> import playground
>>> experiment = playground.load("spiral.playground.json")
>>> result = playground.train(experiment, epochs=500)
>>> result.test_accuracy, result.predict([[0.0, 1.0]])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.core.errors import PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import load, save

if TYPE_CHECKING:
    from playground.engines.contract.checkpoint import Checkpoint
    from playground.engines.loop.headless import Result

__all__ = ["Experiment", "PlaygroundError", "__version__", "load", "save", "train"]

__version__ = "0.1.0"


def train(
    experiment: Experiment, epochs: int | None = None, start: Checkpoint | None = None
) -> Result:
    """Train an experiment to the end and return what came out of it.

    epochs  overrides `training.epochs`
    start   the `checkpoint` of an earlier result, to go on from as if it had never ended; `epochs`
            then counts from its beginning

    Raises PlaygroundError where the experiment cannot be trained, or `start` is none of its.
    """
    from playground.engines.loop.headless import train_to_end

    return train_to_end(experiment, epochs=epochs, start=start)
