"""A run without a window: train to the end, keep the curve and the trained network, write the
results.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.core.data.dataset import Dataset, prepare
from playground.core.data.points import FloatArray
from playground.core.errors import DataError
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.base import Engine, Plan, Score, Weights
from playground.engines.contract.checkpoint import Checkpoint
from playground.engines.contract.run_control import CurvePoint, RunControl, RunInfo, Snapshot, State
from playground.engines.loop.measuring import explained
from playground.engines.loop.selection import ENGINES, await_kernels
from playground.engines.loop.training import train

ROWS_OF_THE_CURVE = 100
ROW_OF_JSON = ("epoch", "train_loss", "test_loss")


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What a run leaves behind.

    `state` is DIVERGED where the loss stopped being finite; weights and scores are then the last
    good ones. `checkpoint` is where another run can go on.
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
    checkpoint: Checkpoint

    @property
    def has_diverged(self) -> bool:
        return self.state == State.DIVERGED

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
        """What the network says at raw coordinates x (N, D).

        Class probabilities float32 (N, classes), or values (N, 1) in the units of the data for
        regression: float32, or float64 where targets are scaled. One point may be given without its
        list; with one input, N numbers may be. Raises DataError where the points do not have D
        coordinates.
        """
        inputs = len(self.dataset.input_names)
        points = np.asarray(x, self.dataset.points.x.dtype)
        if points.ndim < 2:
            points = points.reshape(-1, inputs) if points.size % inputs == 0 else points[None]
        if points.ndim != 2 or points.shape[1] != inputs:
            raise DataError(
                "These points have {count} coordinates, not {inputs}.",
                count=points.shape[-1],
                inputs=inputs,
            )
        said = self._engine().predict(self.dataset.prepare(points))
        return self.dataset.target_scale.restored(said)

    @property
    def r2(self) -> float | None:
        """R² of the test points, or of the training points where there are none; None for classes,
        and where all targets are the same.
        """
        if self.dataset.classes:
            return None
        found = explained(self._engine(), self.dataset)
        return found if math.isfinite(found) else None

    def _engine(self) -> Engine:
        engine = ENGINES[self.info.engine]()(Plan.of(self.experiment, self.dataset))
        engine.set_weights(self.weights)
        return engine

    def as_json(self) -> dict[str, Any]:
        """The object that `playground train --json` prints; what JSON cannot hold is left out."""
        speed = self.steps / self.seconds if self.seconds > 0 else 0.0
        return {
            "engine": self.info.engine,
            "reason": self.info.reason,
            "device": self.info.device,
            "threads": self.info.threads,
            "seed": self.experiment.training.seed,
            "epochs": self.epochs,
            "steps": self.steps,
            "seconds": round(self.seconds, 6),
            "steps_per_second": round(speed, 1),
            **known({**scores_of(self.train, self.test), "r2": self.r2}),
            **_read_of(self.dataset, self.experiment),
            "curve": [
                known({name: row_of(point).get(name) for name in ROW_OF_JSON})
                for point in self.curve
            ],
        }


def _read_of(dataset: Dataset, experiment: Experiment) -> dict[str, Any]:
    """What was read of a table or of somebody's images, as "data", and with what a table is
    trained, as "training"; nothing for other data.
    """
    if dataset.description is not None:
        data = dataset.description.as_json(dataset.data.target_scaling)
        return {"data": data, "training": _first_settings(experiment)}
    if not dataset.has_own_images:
        return {}
    found = {
        "image": list(dataset.image or ()),
        "rows": len(dataset.points),
        "classes": list(dataset.class_names),
        "warnings": [str(note) for note in dataset.notes],
        "test_rows": len(dataset.test),
    }
    return {"data": found}


def _first_settings(experiment: Experiment) -> dict[str, Any]:
    """What a table is trained with, as `--set` would name it behind `training` and `model`."""
    training = experiment.training
    return {
        "optimizer": training.optimizer.kind,
        "learning_rate": training.optimizer.learning_rate,
        "batch_size": training.batch_size,
        "initializer": experiment.model.initializer,
    }


def row_of(point: CurvePoint) -> dict[str, float | int]:
    """A point of the curve as a flat row; what does not exist is left out."""
    scores = scores_of(point.train, point.test)
    return known({"epoch": point.epoch, **scores, "learning_rate": point.learning_rate})


def scores_of(train: Score, test: Score | None) -> dict[str, float | None]:
    """The four figures by the names that files and JSON have for them."""
    return {
        "train_loss": train.loss,
        "test_loss": None if test is None else test.loss,
        "train_accuracy": train.accuracy,
        "test_accuracy": None if test is None else test.accuracy,
    }


def known(row: Mapping[str, Any]) -> dict[str, Any]:
    """`row` without what does not exist, or is not finite and so not a number in JSON."""
    return {
        name: value
        for name, value in row.items()
        if value is not None and not (isinstance(value, float) and not math.isfinite(value))
    }


def train_to_end(
    experiment: Experiment,
    *,
    epochs: int | None = None,
    evaluate_every: int | None = None,
    control: RunControl | None = None,
    watch: Callable[[Snapshot], None] | None = None,
    start: Checkpoint | None = None,
) -> Result:
    """Train without a window; raises PlaygroundError where the experiment cannot be trained.

    epochs          overrides `training.epochs`; after 0 epochs the result is the network's start.
    evaluate_every  epochs between two points of the curve; left out, there are about a hundred.
    control         `control.stop()` from anywhere ends the run early; the result is what was
                    trained so far.
    watch           is called with every Snapshot, in this thread.
    start           the checkpoint of an earlier result, to go on from; `epochs` counts from the
                    first weights on. EngineError where it belongs to another network.
    """
    if epochs is not None:
        experiment = experiment.with_setting("training.epochs", epochs)
    every = evaluate_every or _epochs_a_row(experiment)
    dataset = prepare(experiment)
    await_kernels(Plan.of(experiment, dataset))
    curve: list[CurvePoint] = []
    control = control or RunControl()
    for snapshot in train(experiment, dataset, control, evaluate_every=every, start=start):
        curve += snapshot.curve
        if watch is not None:
            watch(snapshot)
    return _result(experiment, dataset, snapshot, curve)


def _result(
    experiment: Experiment, dataset: Dataset, snapshot: Snapshot, curve: list[CurvePoint]
) -> Result:
    """What the last snapshot of a run leaves behind."""
    assert snapshot.checkpoint is not None, "the last snapshot has one"
    return Result(
        experiment=experiment,
        dataset=dataset,
        info=snapshot.info,
        state=snapshot.state,
        epochs=snapshot.epoch,
        steps=snapshot.step,
        seconds=snapshot.seconds,
        train=snapshot.train,
        test=snapshot.test,
        curve=tuple(curve),
        weights=snapshot.weights,
        message=snapshot.message,
        checkpoint=snapshot.checkpoint,
    )


def _epochs_a_row(experiment: Experiment) -> int:
    """Epochs between two points of the curve, so that there are about a hundred of them."""
    return max(1, math.ceil((experiment.training.epochs or 0) / ROWS_OF_THE_CURVE))
