"""A document as it is open in the window: what a person has set, and what is known of its data.

Immutable: each change makes another one, and the session tells of both. Any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playground.core.data.data import same_but_for_looks
from playground.core.data.dataset import Dataset, class_count, input_count, prepare
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.experiment import edits, files
from playground.core.experiment.experiment import Experiment


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """What is open.

    dataset   the data that are trained on, None until they are prepared; those of the experiment
              before for a moment after a change
    points    what the canvas shows, None before there is anything
    inputs    values that make up one point, None as long as that is not known
    classes   number of classes, 0 where targets are numbers
    shape     what stays as it is while the rows of `dataset` come and go; None without it
    can_draw  True where the data are points on the canvas
    """

    experiment: Experiment
    dataset: Dataset | None
    points: Points | None
    inputs: int | None
    classes: int
    shape: tuple[object, ...] | None
    can_draw: bool

    @property
    def knows_other_data(self) -> bool:
        """True where `dataset` is not of the experiment, but of the one before."""
        known = self.dataset
        return known is not None and not same_but_for_looks(known.data, self.experiment.data)

    @classmethod
    def of(
        cls, experiment: Experiment, dataset: Dataset | None = None, points: Points | None = None
    ) -> Document:
        """The document of an experiment, as far as its data are known."""
        return cls(
            experiment,
            dataset,
            points,
            input_count(experiment),
            class_count(experiment, dataset),
            None if dataset is None else dataset.shape,
            edits.can_draw(experiment),
        )


def read_file(path: Path, progress: Progress = no_progress) -> tuple[Experiment, Dataset | None]:
    """The experiment of a file with its data, on any thread. Raises PlaygroundError."""
    experiment = files.open_any(path, progress)
    return experiment, _prepared(experiment, progress)


def _prepared(experiment: Experiment, progress: Progress) -> Dataset | None:
    """The data of an experiment; None for a document without points, which is there to paint in.

    Raises what `prepare` raises.
    """
    if isinstance(experiment.data, PointsData) and len(experiment.data.x) == 0:
        return None
    return prepare(experiment, progress)
