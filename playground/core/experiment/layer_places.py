"""Where a new hidden layer can stand, so that neither it nor another one is at fault.

Pure and quick; any thread.
"""

from __future__ import annotations

from playground.core.data.dataset import Dataset
from playground.core.errors import ExperimentError
from playground.core.experiment.edits import add_layer
from playground.core.experiment.experiment import Experiment
from playground.core.messages import Message
from playground.core.network.analysis import Analysis, analyse
from playground.core.network.layers import LAYERS, Flatten


def append_layer(experiment: Experiment, kind: str, dataset: Dataset | None) -> Experiment:
    """A new layer as far back as it can stand. Raises ExperimentError where it cannot."""
    index = last_place(experiment, kind, dataset)
    if index is None:
        name = Message(LAYERS[kind].label)
        raise ExperimentError("{name}: it needs an image, and here is none.", name=name)
    return add_layer(experiment, index, kind)


def last_place(experiment: Experiment, kind: str, dataset: Dataset | None) -> int | None:
    """The last index at which a new layer of this kind can be added; None where there is none.

    What was at fault before may stay so. Without a dataset nothing is known, and the end will do.
    """
    last = len(experiment.model.layers)
    if dataset is None:
        return last
    before = _analysis(experiment, dataset)
    for index in range(last, -1, -1):
        after = _analysis(add_layer(experiment, index, kind), dataset)
        if _fits(kind, index, before, after):
            return index
    return None


def _fits(kind: str, index: int, before: Analysis, after: Analysis) -> bool:
    """True where a layer that was added at `index` does something, and no harm."""
    entering = after.inputs if index == 0 else after.rows[index - 1].shape
    if LAYERS[kind] is Flatten and len(entering) == 1:
        return False
    return after.rows[index].fault is None and len(after.faults) <= len(before.faults)


def _analysis(experiment: Experiment, dataset: Dataset) -> Analysis:
    """The network by its shapes alone: what batches are too small for is no question of places."""
    training = experiment.training.model_copy(update={"batch_size": "full"})
    experiment = experiment.model_copy(update={"training": training})
    return analyse(experiment, dataset.width, dataset.outputs, dataset.image)
