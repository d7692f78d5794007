"""What a network is made of for the kernels: operations, one behind the other.

A hidden layer is one of them; a residual block is two, which know of each other. Imports the core
and what the dense engines share.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from playground.core.network.layers import Layer
from playground.engines.contract.base import Plan

KIND = IntEnum("KIND", "dense drop norm batch_norm", start=0)


LAYERS = ("linear", "dropout", "batch_norm", "layer_norm", "residual", "flatten")
"""Hidden layers that are operations, as long as no image enters them."""


class Operation(NamedTuple):
    """A part of a network that takes one row of values and gives another.

    kind        one of `KIND`: f(W x + b); values that are dropped; values that are scaled to mean 0
                and deviation 1, over one point or over a batch, then to a weight and a bias a value
    name        of what has parameters, as in torch's `state_dict`
    activation  f, "linear" where there is none
    keeps       the share of values that are not dropped
    adds        how many operations before it the value entered that is added to its own; 0 for none
    ends        True where a hidden layer, or the network, ends with it
    """

    kind: KIND
    name: str
    inputs: int
    units: int
    activation: str = "linear"
    bias: bool = True
    keeps: float = 1.0
    adds: int = 0
    ends: bool = True

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of the parameters, as torch has them."""
        if self.kind is KIND.drop:
            return {}
        is_dense = self.kind is KIND.dense
        weight = (self.units, self.inputs) if is_dense else (self.units,)
        bias = {f"{self.name}.bias": (self.units,)} if self.bias else {}
        return {f"{self.name}.weight": weight, **bias}


def operations(plan: Plan) -> list[Operation]:
    """Those of a plan that the compiled engine can train, output layer last."""
    found: list[Operation] = []
    inputs, module = plan.width, 0
    for layer in plan.experiment.model.layers:
        found += _of(layer, module, inputs)
        inputs = found[-1].units
        bends = layer.kind in ("linear", "batch_norm") and layer.activation != "linear"
        module += 2 if bends else 1
    last = plan.experiment.model.output
    return [
        *found,
        Operation(KIND.dense, str(module), inputs, plan.outputs, last.activation, last.bias),
    ]


def _of(layer: Layer, module: int, inputs: int) -> Iterator[Operation]:
    """The operations of a hidden layer whose first module has that number."""
    name = str(module)
    if layer.kind == "linear":
        yield Operation(KIND.dense, name, inputs, layer.units, layer.activation, layer.bias)
    elif layer.kind == "layer_norm":
        yield Operation(KIND.norm, name, inputs, inputs)
    elif layer.kind == "batch_norm":
        yield Operation(KIND.batch_norm, name, inputs, inputs, layer.activation)
    elif layer.kind == "residual":
        second = 1 if layer.activation == "linear" else 2
        bend = layer.activation
        yield Operation(KIND.dense, f"{name}.0", inputs, inputs, bend, ends=False)
        yield Operation(KIND.dense, f"{name}.{second}", inputs, inputs, adds=1)
    else:
        yield Operation(
            KIND.drop, name, inputs, inputs, keeps=1 - layer.p if layer.kind == "dropout" else 1.0
        )


def drops(plan: Plan) -> bool:
    """True where a layer drops values at random while training."""
    return any(layer.kind == "dropout" for layer in plan.experiment.model.layers)
