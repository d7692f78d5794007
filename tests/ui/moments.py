"""Snapshots made by hand, for tests of what draws them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.core.data.dataset import Dataset
from playground.core.data.points import frozen
from playground.engines.contract.base import Score, Weights
from playground.engines.contract.run_control import CurvePoint, RunInfo, Snapshot, State
from playground.engines.contract.views import Inspection

INFO = RunInfo("numpy", "NumPy", "", "cpu", 10)


def snapshot(
    dataset: Dataset,
    epoch: int = 1,
    *,
    weights: Weights | None = None,
    inspection: Inspection | None = None,
    run_id: int = 1,
) -> Snapshot:
    """A run at the end of an epoch of ten steps."""
    score = Score(1 / (1 + epoch), None if dataset.is_regression else 0.5)
    return Snapshot(
        run_id=run_id,
        info=INFO,
        state=State.RUNNING,
        epoch=epoch,
        step=10 * epoch,
        seconds=1.0,
        steps_per_second=10.0,
        learning_rate=0.03,
        train=score,
        test=score,
        penalty=0.0,
        curve=(),
        weights=weights or {},
        frame=None,
        dataset=dataset,
        inspection=inspection,
    )


def curve(epochs: int) -> list[CurvePoint]:
    """A loss that falls, at the ends of the first epochs."""
    scores = [Score(1 / (1 + epoch), 0.5) for epoch in range(epochs)]
    return [CurvePoint(epoch, score, score, 0.03) for epoch, score in enumerate(scores)]


def look(
    *,
    gradients: Weights | None = None,
    activations: tuple[npt.NDArray, ...] = (),
    predictions: npt.NDArray | None = None,
) -> Inspection:
    """A look into the network, float32 and read-only as the engines give it."""
    arrays = tuple(frozen(np.array(array, np.float32)) for array in activations)
    told = None if predictions is None else frozen(np.array(predictions, np.float32))
    return Inspection(gradients or {}, arrays, told)


def predicting(labels: npt.NDArray, classes: int) -> npt.NDArray:
    """Probabilities (N, classes) under which each point gets this label."""
    return np.eye(classes, dtype=np.float32)[labels] * 0.8 + 0.1
