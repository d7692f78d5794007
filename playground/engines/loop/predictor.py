"""A trained network with all that leads from a table to its predictions, kept with its weights.

The file is safetensors, its key `playground` in the metadata JSON. What is in it was fitted to the
training rows, so no training table is needed to predict. Runs on any thread; torch is imported only
where no other engine can predict.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, ValidationError, model_validator

from playground.core.data.dataset import Dataset
from playground.core.data.points_data import PointsData
from playground.core.data.preparation import Preparation
from playground.core.data.tables.fitted.columns import (
    FittedColumns,
    FittedInput,
    OtherInputs,
    inputs_in,
)
from playground.core.data.tables.importing import TableText
from playground.core.data.target_scale import PLAIN, TargetScale
from playground.core.errors import FileError, InvalidValueError, PlaygroundError
from playground.core.experiment.edits import names_of_classes
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import parse_json
from playground.core.experiment.settings import Settings
from playground.engines.contract.base import Plan, Weights
from playground.engines.loop.selection import predicting
from playground.engines.weights_file import fitting, load_tensors

METADATA = "playground"
FORMAT: Final = "playground-trained/1"
_ROWS_AT_ONCE = 65_536

_Numbers = Annotated[tuple[float, ...], Field(min_length=1, strict=False)]


class TrainedTable(Settings):
    """What stands between a table and a network.

    columns  how the columns were read
    unseen   which inputs are words that no training row had
    fills    what stands for a missing value of each input
    exact    True where inputs keep the digits of float64
    mean, scale   of each value that enters the network
    center, unit  of the targets, see `TargetScale`; None where they are learned as they are
    outputs  units of the output layer
    image    (channels, height, width) where the inputs are pixels
    """

    columns: FittedColumns
    unseen: tuple[int, ...] = Field((), strict=False)
    fills: _Numbers
    exact: bool
    mean: _Numbers
    scale: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=1, strict=False)]
    center: _Numbers | None
    unit: float = Field(gt=0)
    outputs: int = Field(ge=1)
    image: Annotated[tuple[int, int, int] | None, Field(strict=False)] = None

    @model_validator(mode="after")
    def _all_lengths_fit(self) -> Self:
        width = sum(each.width for each in self.columns.inputs)
        is_known = all(0 <= place < width for place in self.unseen)
        classes = len(self.columns.classes)
        is_right = classes in (0, self.outputs) or (classes <= 2 and self.outputs in (1, 2))
        is_known = is_known and (self.image is None or prod(self.image) == width)
        if len(self.fills) != width or len(self.mean) != len(self.scale) or not is_known:
            raise InvalidValueError("the numbers of inputs do not agree.")
        if not is_right or (self.center is not None and len(self.center) not in (1, self.outputs)):
            raise InvalidValueError("the numbers of outputs do not agree.")
        return self

    @classmethod
    def of(cls, dataset: Dataset) -> TrainedTable | None:
        """What a dataset was fitted to; None for images that come in no table."""
        table = dataset.table
        if dataset.image is not None and (table is None or table.fitted is None):
            return None
        is_trained = ~dataset.points.held_out
        spans = () if table is None else table.of_text
        words = [place for start, end in spans for place in range(start, end)]
        scale = dataset.target_scale
        return cls(
            columns=_columns(dataset),
            unseen=tuple(p for p in words if not dataset.points.x[is_trained, p].any()),
            fills=tuple(dataset.fills.tolist()),
            exact=dataset.points.x.dtype == np.float64,
            mean=tuple(dataset.prepare.mean.tolist()),
            scale=tuple(dataset.prepare.scale.tolist()),
            center=None if scale.is_plain else tuple(scale.center.tolist()),
            unit=scale.unit,
            outputs=dataset.outputs,
            image=dataset.image,
        )

    @property
    def target_scale(self) -> TargetScale:
        """What leads from what the network says to numbers in the units of the data."""
        return PLAIN if self.center is None else TargetScale(np.array(self.center), self.unit)


def _columns(dataset: Dataset) -> FittedColumns:
    """How the inputs of a table were read; other data are told by the names of their inputs."""
    if dataset.table is not None and dataset.table.fitted is not None:
        return dataset.table.fitted
    data = dataset.data
    names = dataset.input_names
    axes = data.axes if isinstance(data, PointsData) and data.axes else [None] * len(names)
    answer = "y" if dataset.is_regression else "class"
    classes = names_of_classes(data) or dataset.class_names
    return FittedColumns(
        inputs=tuple(
            FittedInput(column=name, axis=axis) for name, axis in zip(names, axes, strict=True)
        ),
        answer=answer,
        classes=tuple(classes),
        unnamed=(*names, answer),
    )


class _Trained(Settings):
    """The JSON beside the weights."""

    format: Literal["playground-trained/1"] = FORMAT
    model: dict[str, Any]
    training: dict[str, Any]
    table: TrainedTable


def metadata_of(experiment: Experiment, dataset: Dataset) -> dict[str, str]:
    """What is written beside the weights, so that they can predict; nothing for images."""
    table = TrainedTable.of(dataset)
    if table is None:
        return {}
    plain = experiment.model_copy(update={"data": Experiment().data}).plain()
    trained = _Trained(model=plain["model"], training=plain["training"], table=table)
    return {METADATA: json.dumps(trained.model_dump(mode="json"), ensure_ascii=False)}


@dataclass(frozen=True, slots=True, eq=False)
class Predictor:
    """A trained network for tables."""

    experiment: Experiment
    table: TrainedTable
    weights: Weights

    @classmethod
    def load(cls, path: Path) -> Predictor:
        """The network in a file. Raises FileError where there is none that predicts."""
        tensors, metadata = load_tensors(path)
        trained = _parsed(metadata, path)
        # The data of it are not needed; nothing is drawn on what this computer may not have.
        training = {**trained.training, "device": "cpu", "engine": "auto"}
        raw = {"format": "playground/2", "model": trained.model, "training": training}
        try:
            experiment = Experiment.parse(raw)
            plan = _plan(experiment, trained.table)
            engine = predicting(plan)(plan)
        except PlaygroundError as error:
            raise FileError(error.message).within(path.name) from None
        weights = fitting(tensors, engine.weights(), path.name)
        return cls(experiment, trained.table, weights)

    def fits(self, experiment: Experiment) -> bool:
        """True where this may be the trained network of an experiment, as far as that tells."""
        kept = {"device": "cpu", "engine": "auto", "epochs": None}
        ours, theirs = (
            one.training.model_copy(update=kept) for one in (self.experiment, experiment)
        )
        return self.experiment.model == experiment.model and ours == theirs

    def inputs_in(self, text: TableText) -> OtherInputs:
        """The inputs in a table, with what stands for missing values where these are filled.

        Raises DataError where a column is missing or holds something else.
        """
        x, has_unseen = inputs_in(self.table.columns, text)
        x = x / self.table.columns.white
        unseen = list(self.table.unseen)
        has_unseen = has_unseen | (x[:, unseen] == 1).any(axis=1)
        x[:, unseen] = np.where(np.isnan(x[:, unseen]), np.nan, 0)
        if self.table.columns.fills:
            x = np.where(np.isnan(x), np.array(self.table.fills), x)
        return OtherInputs(x, has_unseen)

    def predict(self, x: npt.NDArray[np.float64]) -> npt.NDArray:
        """What the network says of inputs (N, D) without gaps: class probabilities float32 (N,
        classes), or numbers (N, K) in the units of the data.
        """
        table = self.table
        mean, scale = np.array(table.mean), np.array(table.scale)
        prepare = Preparation(self.experiment.model.features, mean, scale)
        plan = _plan(self.experiment, table)
        engine = predicting(plan)(plan)
        engine.set_weights(self.weights)
        values = x if table.exact else x.astype(np.float32)
        said = [
            engine.predict(prepare(values[start : start + _ROWS_AT_ONCE]))
            for start in range(0, len(values), _ROWS_AT_ONCE)
        ]
        return table.target_scale.restored(np.concatenate(said))


def _plan(experiment: Experiment, table: TrainedTable) -> Plan:
    classes = len(table.columns.classes)
    classes = max(2, classes) if classes else 0
    return Plan(experiment, len(table.mean), table.outputs, classes, table.image)


def _parsed(metadata: Mapping[str, str], path: Path) -> _Trained:
    if METADATA not in metadata:
        raise FileError(
            "{name} does not say from what it was trained, or it was images, so it cannot predict;"
            " 'playground train PROJECT --epochs 100 --out trained' writes weights that can.",
            name=path,
        )
    try:
        return _Trained.model_validate(parse_json(metadata[METADATA], path.name))
    except ValidationError:
        raise FileError(
            "{name} is damaged, or a later version wrote it; train again.", name=path
        ) from None
