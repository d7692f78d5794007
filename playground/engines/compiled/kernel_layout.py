"""What the compiled engine and its kernels agree upon: how a network lies in flat float32 arrays,
and what the codes mean.

Weights of a layer are rows of `STRIDE` floats, one row a unit, padded with zeros to whole lanes;
its biases follow. The values of a layer are *feature-major*: one row of sixteen floats (a tile of
the batch) for each unit. So in the forward and backward pass the lanes are sixteen points, and in
the gradient of the weights sixteen inputs. Only a tile is under way at a time, which keeps
everything but the weights in the first-level cache, however large a batch.

Imports no numba, so that naming a code never waits for it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from playground.core.experiment.experiment import Regularization, TrainingSpec
from playground.core.network import activations
from playground.core.training.optimizers import OptimizerSettings
from playground.engines.compiled.operations import KIND, Operation

LANES = 16
"""How many numbers are worked on as one; see `lanes`."""

TILE = LANES * LANES
"""Floats in a square of sixteen points and sixteen inputs."""

DRAWS = 2**53
"""Numbers that a draw of 53 bits may give."""

WIDE_STRIDE = 8 * LANES
"""From here on rows whose length is a power of two would share few cache lines; an odd number of
lanes prevents it.
"""


class Column(IntEnum):
    """Columns of the layer table, int64, one row a layer. Places are offsets into the arrays of
    that name.
    """

    INPUTS = 0
    UNITS = 1
    ACTIVATION = 2
    HAS_BIAS = 3
    STRIDE = 4
    WEIGHTS = 5
    BIASES = 6
    VALUES = 7
    """What enters the layer: INPUTS rows of lanes in Workspace.values; the last layer's results
    follow its inputs.
    """
    TURNED = 8
    """The same, transposed, in Workspace.turned: squares of sixteen inputs, one row a point. Of a
    norm, UNITS rows of scaled values, and one of what they were scaled by.
    """
    SLOPES = 9
    """UNITS rows of lanes in Workspace.slopes and .deltas."""
    KIND = 10
    ADDED = 11
    """Where the values are that are added to its own, -1 for none; in Workspace.values."""
    JOINED = 12
    """Where the deltas are that are added to those of what enters it, -1 for none."""
    KEPT = 13
    """How many of 2^53 draws keep a value that may be dropped."""
    MASKS = 14
    """UNITS rows of lanes among those that a tile has in Workspace.masks."""
    BUFFERS = 15
    """Of a norm over batches, four times UNITS numbers in Network.buffers: running mean and
    variance; the mean that is in use now, and one over the deviation.
    """


class Network(NamedTuple):
    """The layer table, all parameters, how many floats a tile has in Workspace.masks, and what
    norms over batches keep: see `Column.BUFFERS`, and (how many batches they have seen,).
    """

    layers: npt.NDArray[np.int64]
    parameters: npt.NDArray[np.float32]
    masks: int
    buffers: npt.NDArray[np.float32]
    batches: npt.NDArray[np.int64]


class Workspace(NamedTuple):
    """Scratch memory for one tile: `slopes` is f'(z), `deltas` the derivative of the loss by z.
    `masks` is for all tiles of a batch: what values that may be dropped are multiplied by.
    """

    values: npt.NDArray[np.float32]
    turned: npt.NDArray[np.float32]
    slopes: npt.NDArray[np.float32]
    deltas: npt.NDArray[np.float32]
    targets: npt.NDArray[np.float32]
    gradient: npt.NDArray[np.float32]
    masks: npt.NDArray[np.float32]


class Clock(IntEnum):
    """Places in Memory.clock."""

    STEPS = 0
    POWER1 = 1
    """decay1^steps; POWER2 likewise."""
    POWER2 = 2
    PRODUCT = 3
    """Of all of NAdam's momenta so far."""


class Memory(NamedTuple):
    """What the optimizer remembers: two numbers a parameter, and those of `Clock`; and the
    Mersenne Twister that values are dropped by: 624 words, and how many of them are used up.
    """

    first: npt.NDArray[np.float32]
    second: npt.NDArray[np.float32]
    clock: npt.NDArray[np.float64]
    generator: npt.NDArray[np.int64]


class Knobs(NamedTuple):
    """Settings of an optimizer, 0 where it has no such thing.

    decay1  momentum, or beta1
    decay2  beta2, alpha of RMSprop, rho of Adadelta
    rate_decay  lr_decay of Adagrad, momentum_decay of NAdam
    """

    decay1: float
    decay2: float
    epsilon: float
    weight_decay: float
    rate_decay: float


class Rules(NamedTuple):
    """How a step is taken: codes of the loss and the optimizer, the rates of the penalties, the
    optimizer's knobs.
    """

    loss: int
    optimizer: int
    l1: float
    l2: float
    knobs: Knobs


def _activation_codes() -> Any:
    keys = [one.key for one in activations.ACTIVATIONS if one.value.is_compiled]
    return IntEnum("ACTIVATIONS", keys, start=0)


ACTIVATIONS = _activation_codes()
LOSSES = IntEnum("LOSSES", "cross_entropy bce_with_logits mse sse l1 huber", start=0)
OPTIMIZERS = IntEnum(
    "OPTIMIZERS",
    "sgd momentum nesterov rmsprop adagrad adadelta adam adamw nadam radam adamax rprop",
    start=0,
)


def padded(count: int) -> int:
    """`count` floats rounded up to whole lanes."""
    return -(-count // LANES) * LANES


def describe(parts: Sequence[Operation]) -> tuple[Network, Workspace]:
    """A network of these operations with all parameters zero, and a workspace for it, which has no
    masks yet.
    """
    table = np.zeros((len(parts), len(Column)), np.int64)
    weights = values = turned = slopes = masks = buffers = 0
    for row, part in zip(table, parts, strict=True):
        stride = padded(part.inputs)
        if stride >= WIDE_STRIDE and stride // LANES % 2 == 0:
            stride += LANES
        is_dense, draws = part.kind is KIND.dense, part.keeps < 1
        biases = weights + _floats_of_weights(part, stride)
        row[:] = (
            part.inputs, part.units, ACTIVATIONS[part.activation], part.bias and is_dense,
            stride, weights, biases, values, turned, slopes,
            part.kind, -1, -1, math.ceil(part.keeps * DRAWS), masks, buffers,
        )  # fmt: skip
        weights = biases + (0 if part.kind is KIND.drop else padded(part.units))
        values += part.inputs * LANES
        turned += (stride + (part.kind is KIND.norm)) * LANES
        buffers += 4 * part.units if part.kind is KIND.batch_norm else 0
        slopes += part.units * LANES
        masks += part.units * LANES if draws else 0
    values += parts[-1].units * LANES
    for index, part in enumerate(parts):
        if part.adds:
            first = table[index - part.adds]
            table[index, Column.ADDED] = first[Column.VALUES]
            first[Column.JOINED] = table[index, Column.SLOPES]
    sizes = (values, turned, slopes, slopes, LANES, weights, 0)
    parameters, kept = np.zeros(weights, np.float32), np.zeros(buffers, np.float32)
    network = Network(table, parameters, masks, kept, np.zeros(1, np.int64))
    return network, Workspace(*(np.zeros(size, np.float32) for size in sizes))


def _floats_of_weights(part: Operation, stride: int) -> int:
    if part.kind is KIND.dense:
        return part.units * stride
    return 0 if part.kind is KIND.drop else padded(part.units)


def rules_of(training: TrainingSpec, penalty: Regularization) -> Rules:
    """How a step is taken with these settings and that penalty."""
    rates = {penalty.kind: penalty.rate}
    return Rules(
        loss=LOSSES[training.loss].value,
        optimizer=_optimizer_code(training.optimizer),
        l1=rates.get("l1", 0.0),
        l2=rates.get("l2", 0.0),
        knobs=_knobs(training.optimizer),
    )


def _optimizer_code(settings: OptimizerSettings) -> int:
    if settings.kind == "sgd" and settings.momentum > 0:  # type: ignore[attr-defined]
        return OPTIMIZERS["nesterov" if settings.nesterov else "momentum"].value  # type: ignore[attr-defined]
    return OPTIMIZERS[settings.kind].value


def _knobs(settings: OptimizerSettings) -> Knobs:
    values = settings.arguments()
    decay1, decay2 = values.get("betas", (values.get("momentum", 0.0), 0.0))
    return Knobs(
        decay1=decay1,
        decay2=values.get("alpha", values.get("rho", decay2)),
        epsilon=values.get("eps", 0.0),
        weight_decay=values.get("weight_decay", 0.0),
        rate_decay=values.get("lr_decay", values.get("momentum_decay", 0.0)),
    )
