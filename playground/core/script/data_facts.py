"""What a script needs to know of the data before it is written.

A file of a person is always read, however large: nothing of it is taken for granted. Knows the
core; runs on any thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from playground.core.data import features
from playground.core.data.data import (
    BuiltinData,
    CsvData,
    DigitsData,
    GeneratedData,
    ImagesData,
    PhotographsData,
    ShapesData,
)
from playground.core.data.dataset import divided_rows
from playground.core.data.division import held_out_count
from playground.core.data.images.image_files import read_images
from playground.core.data.images.loading import load_images
from playground.core.data.images.shapes import SHAPE_NAMES, SIDE
from playground.core.data.points_data import PointsData
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.data.tables.table import Table, read_table
from playground.core.data.vectors import VectorData
from playground.core.errors import DataError, ExperimentError
from playground.core.experiment.experiment import Experiment
from playground.core.messages import plural
from playground.core.network.analysis import Analysis, analyse
from playground.core.training.losses import check_fits, output_count

MOST_POINTS = 10_000
"""Drawn points that a script can hold and still be read."""

QUICK_BYTES = 2_000_000
"""Bytes of a file that is read without keeping anyone waiting."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the data before they are read.

    rows     number of points
    inputs   values of a point
    classes  0 for regression
    targets  numbers of a target, for regression
    image    (channels, height, width) of images
    table    what is in the file of a person
    is_exact True where inputs are read as float64
    """

    rows: int
    inputs: int
    classes: int
    targets: int = 1
    image: tuple[int, int, int] | None = None
    table: Table | None = None
    is_exact: bool = False


BUILTIN_FACTS = {
    "iris": Facts(150, 4, 3),
    "wine": Facts(178, 13, 3),
    "breast_cancer": Facts(569, 30, 2),
}


def is_quick(experiment: Experiment) -> bool:
    """True where no large file has to be read before the script can be written."""
    data = experiment.data
    if not isinstance(data, CsvData | ImagesData):
        return not isinstance(data, PhotographsData)
    try:
        paths = filter(None, (data.path, getattr(data, "test_path", None)))
        return sum(Path(path).stat().st_size for path in paths) <= QUICK_BYTES
    except OSError:  # it is said when the file is read
        return True


def facts_of(experiment: Experiment, progress: Progress = no_progress) -> Facts:
    """Raises FileError or DataError where a file does not hold what it should."""
    data = experiment.data
    if isinstance(data, GeneratedData):
        return Facts(data.samples, *data.shape)
    if isinstance(data, PointsData):
        return Facts(len(data.x), *data.shape, is_exact=data.x.dtype == np.float64)
    if isinstance(data, DigitsData):
        return Facts(1797, data.size**2, 10, image=(1, data.size, data.size))
    if isinstance(data, ShapesData):
        return Facts(data.samples, 3 * SIDE**2, len(SHAPE_NAMES), image=(3, SIDE, SIDE))
    if isinstance(data, VectorData):
        return Facts(data.rows, data.inputs, 0, data.outputs)
    if isinstance(data, BuiltinData):
        return BUILTIN_FACTS[data.kind]
    if isinstance(data, ImagesData):
        return _of_table(read_images(data.path, data.arrays))
    if isinstance(data, PhotographsData):
        return _of_table(load_images(data, progress))
    return _of_csv(experiment, data, progress)


def _of_csv(experiment: Experiment, data: CsvData, progress: Progress) -> Facts:
    table = read_table(
        Path(data.path),
        data.inputs,
        data.label or data.target or "",
        regression=data.is_regression,
        missing=data.missing,
        exact=data.target_scaling == "standard",
        image=data.image,
        sheet=data.sheet,
        test=None if data.test_path is None else Path(data.test_path),
        progress=progress,
    )
    if table.gaps is not None or table.of_text:
        table = replace(table, points=divided_rows(table, experiment))
    return _of_table(table)


def _of_table(table: Table) -> Facts:
    points = table.points
    classes = 0 if points.is_regression else max(2, len(table.class_names))
    width, is_exact = points.x.shape[1], points.x.dtype == np.float64
    return Facts(
        len(points), width, classes, image=table.image, table=table, is_exact=bool(is_exact)
    )


def check(experiment: Experiment, facts: Facts) -> None:
    """Raise DataError or ExperimentError where there is nothing to train on, too much for a script,
    or something that does not fit.
    """
    data, training = experiment.data, experiment.training
    if facts.rows == 0:
        raise DataError("There are no points to train on; paint some, or choose a data set.")
    if facts.rows == held_out_rows(experiment, facts):
        raise DataError("All points are held out for testing; give some back for training.")
    if isinstance(data, PointsData) and len(data.x) > MOST_POINTS:
        raise DataError(
            "{count:,} drawn points are too many for a script, which holds {most:,} at most; save"
            " them as a table (CSV) and open that.",
            count=len(data.x),
            most=MOST_POINTS,
        )
    check_fits(training.loss, facts.classes, experiment.model.output.activation)
    for key in experiment.model.features or ():
        if key not in features.available(facts.inputs):
            raise ExperimentError(
                plural(
                    "model.features: '{key}' cannot be made from data with {count} input; leave the"
                    " features out to use all inputs.",
                    "model.features: '{key}' cannot be made from data with {count} inputs; leave"
                    " the features out to use all inputs.",
                    facts.inputs,
                    key=key,
                )
            )
    analysis_of(experiment, facts).check()


def held_out_rows(experiment: Experiment, facts: Facts) -> int:
    """Points that are held out."""
    data = experiment.data
    if isinstance(data, PointsData) and data.test is not None:
        return len(np.unique(data.test))
    if has_test_file(experiment) and facts.table is not None:
        return int(facts.table.points.held_out.sum())
    return held_out_count(facts.rows, data.test_ratio)


def has_test_file(experiment: Experiment) -> bool:
    """True where a second file has the points that are held out; they come last."""
    return isinstance(experiment.data, CsvData) and experiment.data.test_path is not None


def train_rows(experiment: Experiment, facts: Facts) -> int:
    """Points to train on."""
    return facts.rows - held_out_rows(experiment, facts)


def width(experiment: Experiment, facts: Facts) -> int:
    """Values that enter the network."""
    keys = experiment.model.features
    return facts.inputs if keys is None else len(keys)


def outputs(experiment: Experiment, facts: Facts) -> int:
    """Units of the output layer."""
    activation = experiment.model.output.activation
    return max(facts.targets, output_count(experiment.training.loss, facts.classes, activation))


def analysis_of(experiment: Experiment, facts: Facts) -> Analysis:
    """The network layer by layer."""
    return analyse(
        experiment,
        width(experiment, facts),
        outputs(experiment, facts),
        facts.image,
        points=train_rows(experiment, facts),
    )
