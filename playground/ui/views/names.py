"""What the classes of a data set are called in the window.

Pure; any thread.
"""

from __future__ import annotations

from playground.core import palette
from playground.core.dataset import Dataset

__all__ = ["class_names"]


def class_names(dataset: Dataset) -> tuple[str, ...]:
    """The names of the classes: the data's own, then those of the colours."""
    own = dataset.class_names
    return (*own, *palette.CLASS_NAMES[len(own) :])[: dataset.classes]
