"""What every engine is, and what it promises.

An engine trains one network on one thread: it is made, used and dropped there. Given the same
experiment, all engines start from the same weights (made by torch's initializers from the
experiment's seed), take the same batches in the same order, and follow the same loss curve. If
two differ, one of them is wrong: `tests/engines/test_conformance.py` compares them with a loop in
plain PyTorch, at rates at which the loss falls steadily. Where the learning rate is large, the last
bit of a sum decides where training ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from playground.core.data.dataset import Dataset
from playground.core.data.points import FloatArray
from playground.core.experiment.experiment import Experiment, Regularization
from playground.core.messages import Message
from playground.core.network.analysis import Analysis, analyse
from playground.engines.contract.state import EngineState

Weights = Mapping[str, npt.NDArray]
"""Parameters and buffers by the names of torch's `state_dict` of the flat Sequential, as read-only
copies.
"""

SplitName = Literal["train", "test"]


@dataclass(frozen=True, slots=True)
class Score:
    """How well the network does on a split: the data loss without penalty, and the accuracy.

    The accuracy is in [0, 1], and None for regression.
    """

    loss: float
    accuracy: float | None

    def times(self, unit: float) -> Score:
        """The score with its loss in another unit."""
        return Score(self.loss * unit, self.accuracy)


@dataclass(frozen=True, eq=False)
class Plan:
    """What an engine needs to know before it is made.

    width    number of values that enter the network
    outputs  units of the output layer
    classes  number of classes, 0 for regression
    image    (channels, height, width) where the inputs are pixels
    points   number of training points, None where it is not known
    """

    experiment: Experiment
    width: int
    outputs: int
    classes: int
    image: tuple[int, int, int] | None = None
    points: int | None = None

    @classmethod
    def of(cls, experiment: Experiment, dataset: Dataset) -> Plan:
        points, width = dataset.train.inputs.shape
        return cls(experiment, width, dataset.outputs, dataset.classes, dataset.image, points)

    @property
    def learns_signs(self) -> bool:
        """True where the single output o stands for two classes, -1 and +1: the second one's share
        is (1 + o) / 2, and the sign says which it is.
        """
        return self.classes == 2 and self.experiment.learns_classes_as_numbers

    @property
    def work_per_step(self) -> int:
        """Multiply-adds of one training step: forward, and about twice as much backward."""
        return self.analysis.work_per_step(self.experiment.training.batch_size)

    @cached_property
    def analysis(self) -> Analysis:
        """Shapes, costs and faults of the network."""
        return analyse(self.experiment, self.width, self.outputs, self.image, points=self.points)


class Engine(Protocol):
    """One network that is being trained.

    The constructor raises EngineError where `obstacle` names one, DeviceError where the device of
    the plan is missing.
    """

    key: ClassVar[str]
    label: ClassVar[str]
    device: str

    def __init__(self, plan: Plan) -> None: ...

    @classmethod
    def obstacle(cls, plan: Plan) -> Message | None:
        """Why this engine cannot train the plan, as the end of a sentence ("dropout layers"); None
        if it can.
        """

    def load(self, dataset: Dataset) -> None:
        """Take the rows to train and test on. May be called again while training, with the same
        widths.
        """

    def train(
        self,
        orders: npt.NDArray[np.int64],
        batch_size: int,
        learning_rates: npt.NDArray[np.float64],
    ) -> None:
        """Take optimizer steps.

        orders          int64 (E, n): training rows in the order in which they are seen, one line an
                        epoch (or a part of one); each line is cut into batches, the last of which
                        may be short.
        batch_size      rows a step, at least 1.
        learning_rates  float64 (E,): the rate in each line.
        """

    def threads(self, batch_size: int) -> int:
        """How many threads of the processor may share a step of that many rows."""

    def regularize(self, regularization: Regularization) -> None:
        """Use this penalty from the next step on."""

    def penalty(self) -> float:
        """The current value of the penalty, which is not part of any Score."""

    def evaluate(self, split: SplitName) -> Score | None:
        """Loss and accuracy with the current weights, layers in evaluation mode; None for an empty
        split. The loss is that of the targets as they are learned.
        """

    def predict(self, inputs: FloatArray) -> FloatArray:
        """Class probabilities float32 (N, classes), or values (N, 1) for regression, of inputs (N,
        width); read-only. Where `Plan.learns_signs`, shares stand for probabilities. Values are
        those that are learned: `Dataset.target_scale` leads to those in the units of the data.
        """

    def neurons(self, inputs: FloatArray) -> tuple[FloatArray, ...]:
        """What every hidden layer gives for inputs (N, width): float32 (N, units) each, first layer
        first. For a layer that gives images, its units are the channels, with the mean of each.
        """

    def weights(self) -> Weights:
        """A copy of all weights that later training does not change."""

    def set_weights(self, weights: Weights) -> None:
        """Go on from these weights; the optimizer keeps its memory."""

    def forget(self) -> None:
        """Clear the memory of the optimizer (momentum, averages)."""

    def state(self) -> EngineState:
        """A copy of everything that the next steps depend on, beside data and settings; later
        training does not change it.
        """

    def set_state(self, state: EngineState) -> None:
        """Go on from a state, whichever engine left it.

        Raises EngineError where another network or another optimizer left it; then nothing has
        changed.
        """


@runtime_checkable
class ShowsTraining(Protocol):
    """An engine whose layers may be different in training."""

    def predict_in_training(self, inputs: FloatArray, rows: npt.NDArray[np.int64]) -> FloatArray:
        """As `Engine.predict`, but with layers as they are in a step on these training rows."""


@runtime_checkable
class ShowsLayers(Protocol):
    """An engine whose layers may look at images."""

    def feature_maps(self, inputs: FloatArray) -> tuple[FloatArray, ...]:
        """What every hidden layer makes of one image, inputs (1, width), first layer first:
        float32 (channels, height, width), or (units,) where it gives no image.
        """
