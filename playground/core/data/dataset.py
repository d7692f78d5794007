"""From an experiment to the arrays that are trained on: generate or read, divide, make features,
standardise.

`prepare` is pure: the same experiment gives the same arrays. Runs on any thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from playground.core.class_looks import ClassLooks
from playground.core.data.axis import Axis
from playground.core.data.data import (
    CsvData,
    Data,
    DigitsData,
    GeneratedData,
    ImagesData,
    PhotographsData,
    ShapesData,
    same_but_for_looks,
)
from playground.core.data.division import held_out_rows
from playground.core.data.generators import GENERATORS, Recipe
from playground.core.data.images.loading import load_images
from playground.core.data.pixels import pixels_in, prepared_in
from playground.core.data.points import FloatArray, Points, frozen
from playground.core.data.points_data import PointsData
from playground.core.data.preparation import Preparation, prepared
from playground.core.data.tables.description import Description, few_rows
from playground.core.data.tables.inputs import without_unseen
from playground.core.data.tables.reading import Progress, is_file, no_progress
from playground.core.data.tables.table import BUILTINS, Table, read_table
from playground.core.data.target_scale import PLAIN, TargetScale
from playground.core.data.vectors import VectorData, sample
from playground.core.errors import DataError, short
from playground.core.experiment.experiment import Experiment
from playground.core.messages import Message, plural
from playground.core.training.losses import learns_signs, output_count

_PIXEL_ROWS = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Rows ready for a network: inputs float32 (N, F), of images also `PreparedPixels`; targets
    int64 (N,) labels, float32 (N,) numbers, or float32 (N, K) vectors, as the network learns them.
    """

    inputs: FloatArray
    targets: npt.NDArray

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Everything the engines and views need to know of the data. All arrays are read-only.

    data is the setting that it was made from; classes is 0 for regression; outputs is the number of
    units of the output layer; notes are sentences on what was left out or filled in. `image` is
    (channels, height, width) where the inputs are pixels, which stay in one row for each image.
    table is what was read, so that the next dataset of the same file need not read it again.
    unseen has a sentence on words that only test rows have, where there are some.
    target_scale leads from the targets of the splits to those of the points, which are in the units
    of the data.
    """

    data: Data
    points: Points
    train: Split
    test: Split
    prepare: Preparation
    classes: int
    outputs: int
    input_names: tuple[str, ...]
    class_names: tuple[str, ...]
    notes: tuple[str, ...] = ()
    image: tuple[int, int, int] | None = None
    table: Table | None = None
    unseen: tuple[Message, ...] = ()
    target_scale: TargetScale = PLAIN

    @property
    def description(self) -> Description | None:
        """What was read and chosen of a file of a person; None for other data."""
        if self.table is None or self.table.description is None:
            return None
        warnings = [*few_rows(len(self.train)), *self.unseen]
        return self.table.description.divided(len(self.test), warnings)

    @property
    def fills(self) -> npt.NDArray[np.float64]:
        """What stands for a missing value of each input (D,), as a rule the mean of the training
        points.
        """
        if self.table is not None and self.table.fills is not None:
            return self.table.fills
        if pixels_in(self.points.x) is not None:
            return _mean_pixels(self.points)
        gaps = None if self.table is None else self.table.gaps
        is_trained = ~self.points.held_out[:, None]
        return _means(self.points, is_trained if gaps is None else is_trained & ~gaps)

    @property
    def has_own_images(self) -> bool:
        """True where a person has brought images: a file of them, or a folder of photographs."""
        return isinstance(self.data, ImagesData | PhotographsData)

    @property
    def width(self) -> int:
        """Number of values that enter the network."""
        return self.train.inputs.shape[1]

    @property
    def is_regression(self) -> bool:
        return self.classes == 0

    @property
    def shape(self) -> tuple[object, ...]:
        """All that stays as it is while rows come, go and move: equal for data of one kind."""
        return (
            *(type(self.data), self.input_names, self.class_names, self.classes, self.outputs),
            *(self.points.x.shape[1], self.points.y.ndim, self.image, self.width),
            *(getattr(self.data, "axes", None), self.looks),
        )

    @property
    def inputs(self) -> FloatArray:
        """What the network is shown of all points, in their order."""
        if (kept := prepared_in(self.train.inputs)) is not None:
            return replace(kept, rows=np.arange(len(self.points))).as_floats()
        inputs = np.empty((len(self.points), self.width), np.float32)
        inputs[~self.points.held_out] = self.train.inputs
        inputs[self.points.held_out] = self.test.inputs
        return frozen(inputs)

    @property
    def looks(self) -> ClassLooks:
        """What the classes look like."""
        return ClassLooks.of(self.data)

    def looking_like(self, data: Data) -> Dataset:
        """This dataset with the looks of `data`, where these settings differ from its own in
        nothing else; itself where they do.
        """
        if data == self.data or not same_but_for_looks(data, self.data):
            return self
        return replace(self, data=data)


def prepare(experiment: Experiment, progress: Progress = no_progress) -> Dataset:
    """The data of an experiment; `progress` is told of the reading of a table.

    Raises DataError where there is nothing to train on, ExperimentError where features or loss do
    not fit the data, FileError where a table cannot be read.
    """
    table = _load(experiment, progress)
    points, unseen_rows = _divided_rows(table, experiment)
    _check_something_to_train_on(points)
    classes = _count_classes(points, table.class_names)
    loss = experiment.training.loss
    outputs = output_count(loss, classes, experiment.model.output.activation)
    preparation, train, test = prepared(experiment, points)
    scale = _fit_target_scale(experiment, points)
    unseen = _said_of_unseen(unseen_rows)
    targets = signs(points.y) if learns_signs(loss, classes) else scale.learned(points.y)
    return Dataset(
        data=experiment.data,
        points=points,
        train=Split(train, frozen(targets[~points.held_out])),
        test=Split(test, frozen(targets[points.held_out])),
        prepare=preparation,
        classes=classes,
        outputs=points.y.shape[1] if points.y.ndim == 2 else outputs,
        input_names=table.input_names,
        class_names=table.class_names,
        notes=(*table.notes, *unseen),
        unseen=unseen,
        image=table.image,
        table=table,
        target_scale=scale,
    )


def signs(labels: npt.NDArray) -> FloatArray:
    """Two classes as numbers, float32: -1 for class 0, +1 for class 1."""
    return (2 * labels - 1).astype(np.float32)


def what_makes_data(experiment: Experiment) -> object:
    """Two experiments that agree in this have the same dataset, as long as no file is rewritten."""
    paths = [getattr(experiment.data, name, None) for name in ("path", "test_path")]
    written = [_written(Path(path)) if path else 0 for path in paths]
    model, training = experiment.model, experiment.training
    return experiment.data, model.features, model.output.activation, training.loss, *written


def _written(path: Path) -> int:
    """When a file was last changed, in ns; 0 where there is none."""
    return path.stat().st_mtime_ns if is_file(path) else 0


def divided(experiment: Experiment) -> Points:
    """The points of an experiment with their division, whether or not they can be trained on.

    Raises FileError or DataError where a table cannot be read.
    """
    return divided_rows(_load(experiment), experiment)


def flipped_labels(data: GeneratedData) -> int:
    """How many points have another class than without noise, though they lie in the same place."""
    noisy, calm = _generated(data), _generated(data.model_copy(update={"noise": 0.0}))
    if data.is_regression or not np.array_equal(noisy.x, calm.x):
        return 0
    return int((noisy.y != calm.y).sum())


def _generated(data: GeneratedData) -> Points:
    recipe = Recipe(data.samples, data.noise, data.class_count, data.seed)
    return Points.of(*GENERATORS[data.generator].value.sample(recipe))


def _load(experiment: Experiment, progress: Progress = no_progress) -> Table:
    data = experiment.data
    if isinstance(data, GeneratedData):
        return _named(_generated(data))
    if isinstance(data, PointsData):
        return _named(data.points(), data.class_names, data.axes)
    if isinstance(data, CsvData):
        answer = data.label or data.target or ""
        return read_table(
            Path(data.path),
            data.inputs,
            answer,
            regression=data.is_regression,
            missing=data.missing,
            exact=data.target_scaling == "standard",
            image=data.image,
            sheet=data.sheet,
            test=None if data.test_path is None else Path(data.test_path),
            progress=progress,
        )
    if isinstance(data, VectorData):
        return _named(Points.of(*sample(data)))
    if isinstance(data, DigitsData | ShapesData | ImagesData | PhotographsData):
        return load_images(data, progress)
    return BUILTINS[data.kind].value()


def _named(
    points: Points, class_names: tuple[str, ...] = (), axes: tuple[Axis, ...] | None = None
) -> Table:
    names = (
        [f"x{i + 1}" for i in range(points.x.shape[1])]
        if axes is None
        else [axis.name for axis in axes]
    )
    return Table(points, tuple(names), class_names)


def _count_classes(points: Points, names: tuple[str, ...]) -> int:
    """0 for regression; else at least two, so that a single painted class can be trained, too."""
    if points.is_regression:
        return 0
    return max(2, len(names), int(points.y.max(initial=0)) + 1)


def divided_rows(table: Table, experiment: Experiment) -> Points:
    """The points of a table with their division; gaps hold the mean over the training rows.

    A word that no training row has is as if there were none.
    """
    return _divided_rows(table, experiment)[0]


def _divided_rows(table: Table, experiment: Experiment) -> tuple[Points, int]:
    """The points, and how many test rows have a word that no training row has."""
    points, unseen = without_unseen(_divide(table.points, experiment), table.of_text)
    unseen_rows = int((unseen if table.unseen is None else unseen | table.unseen).sum())
    if table.gaps is None:
        return points, unseen_rows
    is_known = ~table.gaps & ~points.held_out[:, None]
    if not is_known.any(axis=0).all():
        column = int(is_known.any(axis=0).argmin())
        raise DataError(
            "Column '{name}' has no number among the training points to take the mean of; divide"
            " the points otherwise, or choose other columns.",
            name=short(table.input_names[column]),
        )
    mean = _means(points, is_known)
    x = np.where(table.gaps, mean.astype(points.x.dtype), points.x)
    return Points(x, points.y, points.held_out), unseen_rows


def _means(points: Points, is_known: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """The means (D,) of the values that are known."""
    return np.asarray(np.mean(points.x, axis=0, where=is_known, dtype=np.float64))


def _mean_pixels(points: Points) -> npt.NDArray[np.float64]:
    """The mean of each pixel (D,) over the training points; as floats all at once are too large."""
    rows = np.flatnonzero(~points.held_out)
    total = np.zeros(points.x.shape[1])
    for start in range(0, len(rows), _PIXEL_ROWS):
        total += points.x[rows[start : start + _PIXEL_ROWS]].sum(axis=0, dtype=np.float64)
    return total / len(rows)


def _said_of_unseen(rows: int) -> tuple[Message, ...]:
    """A sentence on words that only test rows have, where there are some."""
    if not rows:
        return ()
    said = plural(
        "{count:,} test row has a word that no training row has; it counts as none.",
        "{count:,} test rows have words that no training row has; they count as none.",
        rows,
    )
    return (said,)


def _divide(points: Points, experiment: Experiment) -> Points:
    """`points` with the rows marked that are held out for testing."""
    data = experiment.data
    if isinstance(data, PointsData) and data.test is not None:
        return points
    if isinstance(data, CsvData) and data.test_path is not None:
        return points
    held_out = np.zeros_like(points.held_out)
    labels = points.y if data.stratify and not points.is_regression else None
    held_out[held_out_rows(labels, len(points), data.test_ratio, data.seed)] = True
    return Points(points.x, points.y, held_out)


def _check_something_to_train_on(points: Points) -> None:
    if not points.held_out.all():
        return
    if len(points) == 0:
        raise DataError("There are no points to train on; paint some, or choose a data set.")
    raise DataError(
        "All {count} points are held out for testing; give some of them back for training.",
        count=len(points),
    )


def _fit_target_scale(experiment: Experiment, points: Points) -> TargetScale:
    is_scaled = points.is_regression and experiment.data.target_scaling == "standard"
    return TargetScale.fitted(points.y[~points.held_out]) if is_scaled else PLAIN


def input_count(experiment: Experiment, dataset: Dataset | None = None) -> int | None:
    """Values that make up one point; None for a built-in table that is not read yet."""
    data = experiment.data
    if isinstance(data, GeneratedData | PointsData):
        return data.shape[0]
    if isinstance(data, CsvData) and dataset is None:
        return data.width
    return None if dataset is None else int(dataset.points.x.shape[1])


def class_count(experiment: Experiment, dataset: Dataset | None = None) -> int:
    """Number of classes, 0 where targets are numbers; 2 for a table that is not read yet."""
    data = experiment.data
    if data.is_regression:
        return 0
    if isinstance(data, GeneratedData | PointsData):
        return data.class_count
    return 2 if dataset is None or dataset.is_regression else dataset.classes
