"""A run without a window: train to the end, keep the curve and the trained network, write the results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.core.dataset import Dataset, prepare
from playground.core.experiment import Experiment
from playground.core.points import FloatArray
from playground.engines.base import Plan, Score, Weights
from playground.engines.exchange import CurvePoint, RunControl, RunInfo, Snapshot, State, Views
from playground.engines.torch_engine import TorchEngine
from playground.engines.training import train

__all__ = ["Result", "train_to_end"]

ROWS_OF_THE_CURVE = 100


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What a run leaves behind.

    `state` is DIVERGED where the loss stopped being finite; weights and scores are then the last good ones.
    """

    experiment: Experiment
    dataset: Dataset
    info: RunInfo
    state: State
    epochs: int
    steps: int
    seconds: float
    train: Score
    test: Score | None
    curve: tuple[CurvePoint, ...]
    weights: Weights
    message: str

    @property
    def train_loss(self) -> float:
        return self.train.loss

    @property
    def test_loss(self) -> float | None:
        return None if self.test is None else self.test.loss

    @property
    def train_accuracy(self) -> float | None:
        return self.train.accuracy

    @property
    def test_accuracy(self) -> float | None:
        return None if self.test is None else self.test.accuracy

    def predict(self, x: npt.ArrayLike) -> FloatArray:
        """Class probabilities (N, classes), or values (N, 1) for regression, at raw coordinates x (N, D)."""
        engine = TorchEngine(Plan.of(self.experiment, self.dataset))
        engine.set_weights(self.weights)
        return engine.predict(self.dataset.prepare(np.atleast_2d(np.asarray(x, np.float32))))

    def as_json(self) -> dict[str, Any]:
        """The object that `playground train --json` prints."""
        speed = self.steps / self.seconds if self.seconds > 0 else 0.0
        scores = {
            "train_loss": self.train_loss,
            "test_loss": self.test_loss,
            "train_accuracy": self.train_accuracy,
            "test_accuracy": self.test_accuracy,
        }
        return {
            "engine": self.info.engine,
            "reason": self.info.reason,
            "device": self.info.device,
            "seed": self.experiment.training.seed,
            "epochs": self.epochs,
            "steps": self.steps,
            "seconds": round(self.seconds, 6),
            "steps_per_second": round(speed, 1),
            **{name: value for name, value in scores.items() if value is not None},
            "curve": [row_of(point) for point in self.curve],
        }


def row_of(point: CurvePoint) -> dict[str, float | int]:
    """A point of the curve as a flat row; what does not exist is left out."""
    row: dict[str, float | int | None] = {
        "epoch": point.epoch,
        "train_loss": point.train.loss,
        "test_loss": None if point.test is None else point.test.loss,
        "train_accuracy": point.train.accuracy,
        "test_accuracy": None if point.test is None else point.test.accuracy,
        "learning_rate": point.learning_rate,
    }
    return {name: value for name, value in row.items() if value is not None}


def train_to_end(
    experiment: Experiment,
    *,
    epochs: int | None = None,
    evaluate_every: int | None = None,
    control: RunControl | None = None,
    watch: Callable[[Snapshot], None] | None = None,
) -> Result:
    """Train without a window.

    watch  is called with every Snapshot, in this thread. `control.stop()` from anywhere ends the run early; what was
    trained so far is the result.
    """
    if epochs is not None:
        experiment = experiment.with_setting("training.epochs", epochs)
    total = experiment.training.epochs or 0
    every = evaluate_every or max(1, total // ROWS_OF_THE_CURVE)
    dataset = prepare(experiment)
    curve: list[CurvePoint] = []
    last: Snapshot | None = None
    for snapshot in train(
        experiment, dataset, control or RunControl(views=None), evaluate_every=every
    ):
        curve += snapshot.curve
        last = snapshot
        if watch is not None:
            watch(snapshot)
    assert last is not None, "a run always yields its start"
    return Result(
        experiment=experiment,
        dataset=dataset,
        info=last.info,
        state=last.state,
        epochs=last.epoch,
        steps=last.step,
        seconds=last.seconds,
        train=last.train,
        test=last.test,
        curve=tuple(curve),
        weights=last.weights,
        message=last.message,
    )
