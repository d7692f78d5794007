"""What the line under the gallery says of the data on show.

Imports core and the language; pure functions.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playground.core.data.data import (
    BuiltinData,
    CsvData,
    Data,
    DigitsData,
    GeneratedData,
    ImagesData,
    PhotographsData,
    ShapesData,
    same_problem,
)
from playground.core.data.dataset import Dataset, flipped_labels
from playground.core.data.generators import GENERATORS
from playground.core.data.points_data import PointsData
from playground.core.data.tables.table import BUILTINS
from playground.core.data.vectors import VectorData
from playground.core.messages import N_, plural
from playground.ui.language import tr

MOST_TO_COMPARE: Final = 20_000


def caption_of(data: Data | None, dataset: Dataset | None, *, has_summary: bool = False) -> str:
    """What the data are called, and where no summary says so, how many rows and inputs they have as
    soon as that is known, and whether targets are scaled while they are learned.
    """
    if data is None:
        return ""
    if has_summary and isinstance(data, CsvData):
        return Path(data.path).stem
    said = _named(data, dataset)
    is_scaled = not has_summary and data.is_regression and data.target_scaling == "standard"
    return tr("{data}; targets are standardised", data=said) if is_scaled else said


def _named(data: Data, dataset: Dataset | None) -> str:
    if isinstance(data, GeneratedData):
        return _of_generated(data)
    if isinstance(data, PointsData):
        return tr("Your points: {count}", count=f"{len(data.x):,}")
    if isinstance(data, CsvData | ImagesData | PhotographsData):
        name = Path(data.path).stem
    elif isinstance(data, VectorData):
        name = tr("Vectors")
    else:
        key = data.kind if isinstance(data, BuiltinData | DigitsData | ShapesData) else ""
        name = tr(BUILTINS[key].label) if key else ""
    if dataset is None or not same_problem(data, dataset.data):
        return name
    points, image = dataset.points, dataset.image
    rows, inputs = points.x.shape
    if image is not None:
        text = N_("{name}: {rows:,} of {height} × {width}")
        return tr(text, name=name, rows=rows, height=image[1], width=image[2])
    if points.y.ndim == 2:
        text = N_("{rows:,} vectors: {inputs:,} → {outputs:,}")
        return tr(text, rows=rows, inputs=inputs, outputs=points.y.shape[1])
    width = plural("{count} input", "{count} inputs", inputs)
    return tr("{name}: {rows:,} rows, {inputs}", name=name, rows=rows, inputs=width)


def _of_generated(data: GeneratedData) -> str:
    """The data set, and what nobody could see: labels that the noise has turned over."""
    label = tr(GENERATORS[data.generator].label)
    can_be_seen = data.noise > 0 and data.samples <= MOST_TO_COMPARE
    flipped = flipped_labels(data) if can_be_seen else 0
    text = N_("{name}: noise flipped {flipped:,} of {count:,} labels")
    return tr(text, name=label, flipped=flipped, count=data.samples) if flipped else label
