"""What the classes of a data set are called in the window, and how many points are in a wrong one.

Pure; any thread.
"""

from __future__ import annotations

from playground.core.data.dataset import Dataset
from playground.core.messages import N_, Message
from playground.engines.contract.run_control import Snapshot
from playground.ui.class_names import shown_class
from playground.ui.language import tr

KINDS = {
    "test": Message("test", context="points"),
    "training": Message("training", context="points"),
}
"""What points and images are for, as a word before them."""


def class_names(dataset: Dataset) -> tuple[str, ...]:
    """What the window calls the classes: by the data's own names, then by their colours."""
    return tuple(map(shown_class, dataset.looks.called(dataset.class_names, dataset.classes)))


def mistakes(snapshot: Snapshot) -> str:
    """How many test points (training points where there are none) are on the wrong side.

    Images are counted beside their pictures.
    """
    if snapshot.dataset.image is not None:
        return ""
    text, score = N_("Test: {wrong:,} of {rows:,} wrong"), snapshot.test
    rows = len(snapshot.dataset.test)
    if score is None:
        text, score = N_("Training: {wrong:,} of {rows:,} wrong"), snapshot.train
        rows = len(snapshot.dataset.train)
    if score.accuracy is None:
        return ""
    return tr(text, wrong=round((1 - score.accuracy) * rows), rows=rows)
