"""What data that somebody brings are trained with at first. Imports the core only; any thread."""

from __future__ import annotations

from typing import Any, Final

from playground.core.data.data import CsvData, Data, PhotographsData
from playground.core.data.points_data import PointsData
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.setting_paths import value_at
from playground.core.experiment.settings import Settings
from playground.core.network.conv_layers import Conv, Pool
from playground.core.network.layers import Flatten
from playground.core.training.optimizers import Adam

FOR_TABLES: Final[dict[str, Any]] = {
    "training.optimizer": Adam(learning_rate=0.01),
    "training.batch_size": 16,
    "model.initializer": "xavier",
}
"""What a table that somebody brings is trained with at first: rows that were measured are noisy, so
steps are smaller than for drawn points. `tests/benchmarks/first_settings.py` tries it on tables.
"""
FOR_PHOTOGRAPHS: Final[dict[str, Any]] = {
    "training.optimizer": Adam(learning_rate=0.003),
    "training.batch_size": 16,
    "model.initializer": "kaiming",
    "model.layers": (
        Conv(channels=8, kernel=3, activation="relu"),
        Pool(),
        Conv(channels=16, kernel=3, activation="relu"),
        Pool(),
        Flatten(),
    ),
}
"""Likewise for photographs: what they show is nowhere twice in the same place, so a few units that
look at all pixels learn nothing of it.
"""


def usually_trained(experiment: Experiment, before: Data | None = None) -> Experiment:
    """`experiment` with the settings of training that are usual for its data, where it has those
    that were usual for the data before; what somebody has chosen stays.

    before  None for data that nobody brought
    """
    old, new = _usual(before), _usual(experiment.data)
    for path, value in new.items():
        if value != old[path] and value_at(experiment, path) == old[path]:
            experiment = experiment.with_setting(path, _plain(value))
    return experiment


def _usual(data: Data | None) -> dict[str, Any]:
    """What is usual for these data, by path."""
    plain = {path: value_at(Experiment(), path) for path in FOR_PHOTOGRAPHS}
    if isinstance(data, PhotographsData):
        return plain | FOR_PHOTOGRAPHS
    return plain | FOR_TABLES if data is not None and _is_brought(data) else plain


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.model_dump() if isinstance(value, Settings) else value


def _is_brought(data: Data) -> bool:
    """True for a table as an import makes it, also where its points are in the project."""
    is_table = isinstance(data, CsvData | PointsData) and data.target_scaling == "standard"
    return is_table and getattr(data, "image", None) is None
