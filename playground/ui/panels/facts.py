"""What panels need to know of an experiment before its data are prepared.

Preparing reads files and may fail; a panel has to show something before that, and after a failure,
too. Imports core; no Qt, any thread.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

from playground.core.data import CsvData, GeneratedData, PointsData
from playground.core.dataset import Dataset
from playground.core.experiment import Experiment

__all__ = ["class_count", "input_count", "value_at"]


def value_at(experiment: Experiment, path: str) -> Any:
    """The setting at a path of attributes such as `training.optimizer.learning_rate`."""
    return reduce(getattr, path.split("."), experiment)


def input_count(experiment: Experiment, dataset: Dataset | None = None) -> int | None:
    """Values that make up one point; None for a built-in table that is not read yet."""
    data = experiment.data
    if isinstance(data, GeneratedData | PointsData):
        return data.shape[0]
    if isinstance(data, CsvData):
        return len(data.inputs)
    return None if dataset is None else int(dataset.points.x.shape[1])


def class_count(experiment: Experiment, dataset: Dataset | None = None) -> int:
    """Number of classes, 0 where targets are numbers; 2 for a table that is not read yet."""
    data = experiment.data
    if data.is_regression:
        return 0
    if isinstance(data, GeneratedData | PointsData):
        return data.class_count
    return 2 if dataset is None or dataset.is_regression else dataset.classes
