"""Selected points on their way from one window to another: as text that a spreadsheet reads, too.

The text is the table that points are exported as, tab separated: its first line names the columns,
classes have their stored names, and a last column tells that these are points of Playground. Pure;
any thread.
"""

from __future__ import annotations

import numpy as np

from playground.core.data.data import GeneratedData
from playground.core.data.points import ASIDE, MOST_DRAWN_CLASSES, Points
from playground.core.data.points_data import PointsData
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.export import points_csv
from playground.core.data.tables.exported import MARK, default_names, points_data, recognised
from playground.core.data.tables.formats.signatures import START_BYTES
from playground.core.data.tables.formats.source import is_made_anew
from playground.core.data.tables.importing import read_table_text
from playground.core.errors import ExperimentError, FileError
from playground.core.experiment import edits
from playground.core.experiment.experiment import Experiment

MOST_POINTS = 20_000
"""More take longer to write, or to read, than the window may wait."""
MOST_CHARACTERS = 5_000_000


def text_of(experiment: Experiment, points: Points) -> str:
    """Some points of an experiment as a table. Raises DataError where none can be written."""
    if len(points) > MOST_POINTS:
        raise ExperimentError(
            "{count:,} points are too many for the clipboard; select {most:,} at most, or export"
            " the points as a CSV file.",
            count=len(points),
            most=MOST_POINTS,
        )
    data = experiment.data
    axes = getattr(data, "axes", None)
    inputs = points.x.shape[1]
    names = default_names(inputs) if axes is None else [axis.name for axis in axes]
    classes = edits.names_of_classes(data)
    table = points_csv(points, names, classes, axes, settings=data, copied=True, delimiter="\t")
    return table.decode().replace("\r\n", "\n")


def points_in(text: str) -> PointsData | None:
    """The points in a text that `text_of` has written, whatever a spreadsheet has done to their
    rows since; None for any other text, such as a table that was exported.
    """
    first = text.lstrip().partition("\n")[0].rstrip().rpartition("\t")[2]
    if first.rstrip("'") != MARK or len(text) > MOST_CHARACTERS:
        return None
    try:
        table = read_table_text(text)
        mark = recognised(facts_of(table))
        return points_data(table, mark) if mark is not None and mark.copied else None
    except (FileError, ValueError):
        return None


def is_table(text: str) -> bool:
    """True where a text has several lines or cells, or is the table of another program."""
    words = text.strip()
    is_made = is_made_anew(words[:START_BYTES].encode(errors="replace"))
    return "\n" in words or "\t" in words or is_made


def fit(experiment: Experiment, pasted: PointsData) -> bool:
    """True where points can stand among those of an experiment: drawn ones, of the same kind and
    in the same units.
    """
    data = experiment.data
    if not isinstance(data, GeneratedData | PointsData) or not edits.can_draw(experiment):
        return False
    is_same_problem = (data.shape[0], data.is_regression) == (
        pasted.shape[0],
        pasted.is_regression,
    )
    return is_same_problem and getattr(data, "axes", None) == pasted.axes


def with_pasted(experiment: Experiment, points: Points, pasted: PointsData) -> Experiment:
    """`points` of an experiment with pasted ones behind them.

    Classes are told by their names; those that are not there yet are added, up to ten. A copy is
    held out where its original was; copies that would hide their originals stand a little aside.
    Raises ExperimentError where a class would be added to ten or more.
    """
    new, names = pasted.points(), edits.names_of_classes(experiment.data)
    y = new.y
    if not new.is_regression:
        theirs = edits.names_of_classes(pasted)
        added = [theirs[label] for label in np.unique(new.y) if theirs[label] not in names]
        names += added
        if added and len(names) > MOST_DRAWN_CLASSES:
            raise ExperimentError(
                "With the classes of these points there would be {count}, and by hand ten are the"
                " most; rename or remove some first, or import them as a table.",
                count=len(names),
            )
        numbers = [names.index(name) if name in names else 0 for name in theirs]
        y = np.array(numbers, np.int64)[new.y]
    joined = Points(
        np.concatenate([points.x, _beside(points, new)]),
        np.concatenate([points.y, y]),
        np.concatenate([points.held_out, new.held_out]),
    )
    return edits.fitting(edits.with_points(experiment, joined, names), experiment)


def _beside(points: Points, new: Points) -> np.ndarray:
    """Where new points go: where they say, or aside of points that are there already."""
    there = set(map(bytes, points.x))
    if len(new) and all(bytes(place) in there for place in new.x):
        return new.x + np.array(ASIDE[: new.x.shape[1]], np.float32)
    return new.x
