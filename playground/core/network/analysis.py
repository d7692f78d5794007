"""What a network will be, before it is trained: shapes, parameters, multiply-adds, and faults in
place.

Pure and quick, without torch: it may run after every change, on any thread, and never raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from playground.core.errors import ExperimentError
from playground.core.experiment.experiment import Experiment
from playground.core.messages import Message
from playground.core.network.layer_settings import LayerSettings, layer_place, output_modules
from playground.core.network.layers import entry_shape
from playground.core.network.modules import SYMBOLS, Cost, Linear, Module, Shape, cost_of

OUTPUT = Message("Output")

EVALUATION_ROWS = 65_536
EVALUATION_VALUES = 1 << 24
"""Points that are evaluated at a time, and values behind one layer that gives images."""


@dataclass(frozen=True, slots=True)
class Row:
    """One layer.

    name           what people call it
    shape          of one point behind the layer: (units,) or (channels, height, width); that before
                   the layer where there is a fault
    parameters     trained values
    multiply_adds  products with weights for one point, forward
    modules        the numbers of its torch modules in the flat Sequential, by which `state_dict`
                   calls its weights; an empty range where there is a fault
    parts          what stands for these modules, see `modules`
    fault          a sentence, None where all is well
    """

    name: str
    shape: Shape
    parameters: int
    multiply_adds: int
    modules: range
    parts: tuple[Module, ...] = field(default=(), compare=False)
    fault: str | None = None


@dataclass(frozen=True)
class Analysis:
    """A row for every hidden layer and, last, one for the output layer.

    inputs is the shape in which points enter the first layer.
    """

    inputs: Shape
    rows: tuple[Row, ...]

    @cached_property
    def parameters(self) -> int:
        return sum(row.parameters for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """Of one point, forward."""
        return sum(row.multiply_adds for row in self.rows)

    def work_per_step(self, batch_size: int | str) -> int:
        """Multiply-adds of a training step: forward, and about twice as much backward."""
        return 3 * (batch_size if isinstance(batch_size, int) else 1000) * self.multiply_adds

    @property
    def evaluation_rows(self) -> int:
        """Points that are evaluated at a time to bound memory: fewer where images are large."""
        images = [prod(row.shape) for row in self.rows if len(row.shape) > 1]
        return max(1, min(EVALUATION_ROWS, EVALUATION_VALUES // max(images, default=1)))

    @property
    def faults(self) -> tuple[tuple[int, str], ...]:
        """(number of the hidden layer from 0 up, what is wrong with it), first to last."""
        return tuple((i, row.fault) for i, row in enumerate(self.rows) if row.fault is not None)

    def check(self) -> None:
        """Raise ExperimentError where a layer does not fit what comes before it, or cannot be
        trained on so few points at all.
        """
        for number, fault in self.faults:
            raise ExperimentError(fault).within(layer_place(number, self.rows[number].name))


def analyse(
    experiment: Experiment,
    inputs: int,
    outputs: int,
    image: Shape | None = None,
    *,
    points: int | None = None,
) -> Analysis:
    """The network of an experiment, layer by layer.

    inputs   number of values that enter the network
    outputs  units of the output layer
    image    (channels, height, width) where the inputs are pixels
    points   number of training points, None where it is not known
    """
    model = experiment.model
    start = shape = entry_shape(model.layers, inputs, image)
    batch = _smallest_batch(experiment, points)
    module = 1 if len(start) > 1 else 0
    rows = []
    for layer in model.layers:
        row = _row(layer, shape, module, batch)
        shape, module = row.shape, max(module, row.modules.stop)
        rows.append(row)
    linear = Linear(prod(shape), outputs, model.output.bias)
    last = output_modules(linear, model.output.activation, shape, SYMBOLS, SYMBOLS)
    cost = cost_of(last, shape)
    rows.append(_filled(OUTPUT, cost, module, last))
    return Analysis(start, tuple(rows))


def _row(layer: LayerSettings, inputs: Shape, module: int, batch: int) -> Row:
    try:
        modules = layer.modules(SYMBOLS, inputs, SYMBOLS)
        cost = cost_of(modules, inputs)
    except ExperimentError as error:
        return Row(layer.label, inputs, 0, 0, range(module, module), fault=error.message)
    fault = None
    if layer.normalizes and batch < 2:
        fault = Message(
            "{name} needs batches of at least two points; raise the batch size or add points.",
            name=Message(layer.label),
        )
    return _filled(layer.label, cost, module, modules, fault)


def _filled(
    name: str, cost: Cost, number: int, parts: Sequence[Module], fault: str | None = None
) -> Row:
    modules = range(number, number + len(parts))
    return Row(name, cost.shape, cost.parameters, cost.multiply_adds, modules, tuple(parts), fault)


def _smallest_batch(experiment: Experiment, points: int | None) -> int:
    """Points in a usual batch; two stand for any number where nothing is known."""
    size = experiment.training.batch_size
    if points is None:
        return 2 if size == "full" else size
    return points if size == "full" else min(size, points)
