"""A document as it is open in the window: what a person has set, and what is known of its data.

Immutable: each change makes another one, and the session tells of both. Any thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playground.core.dataset import Dataset
from playground.core.experiment import Experiment
from playground.core.points import Points

__all__ = ["Document"]


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """What is open.

    dataset  the data that are trained on, None until they are prepared; those of the experiment
             before for a moment after a change
    points   what the canvas shows, None before there is anything
    """

    experiment: Experiment = field(default_factory=Experiment)
    dataset: Dataset | None = None
    points: Points | None = None
