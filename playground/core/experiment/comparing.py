"""Whether the curves of two experiments belong into one picture. Pure; any thread."""

from __future__ import annotations

from playground.core.data.data import Data, same_problem
from playground.core.data.points_data import PointsData
from playground.core.experiment.experiment import Experiment

KEPT = 0.5
"""How many of the points have to be those of before, for own points to be the same data still."""


def can_be_compared(before: Experiment, after: Experiment) -> bool:
    """True where both learn the same data set, the same task, by the same loss.

    More noise, other points of the same shape, or a few points that were drawn or moved are the
    same data set; what the network is and how it is trained may differ, which is what is compared.
    """
    if before.training.loss != after.training.loss:
        return False
    return same_problem(before.data, after.data) and _is_same_set(before.data, after.data)


def _is_same_set(before: Data, after: Data) -> bool:
    if isinstance(before, PointsData):
        return isinstance(after, PointsData) and _are_mostly_the_same(before, after)
    # Points are drawn into a data set that was generated; what was read has axes of its own.
    return not (isinstance(after, PointsData) and after.axes is not None)


def _are_mostly_the_same(before: PointsData, after: PointsData) -> bool:
    if before.axes != after.axes:
        return False
    known = {row.tobytes() for row in before.x}
    kept = sum(row.tobytes() in known for row in after.x)
    return kept >= KEPT * min(len(before.x), len(after.x))
