"""The whole network as modules, one behind the other, by whatever makes them. Pure; any thread."""

from __future__ import annotations

from math import prod
from typing import Any

from playground.core.experiment.experiment import ModelSpec
from playground.core.network.analysis import Analysis
from playground.core.network.layer_settings import output_modules


def network_modules(
    model: ModelSpec, analysis: Analysis, outputs: int, nn: Any, extra: Any
) -> tuple[list[Any], tuple[int, ...]]:
    """Modules of a network without faults that gives `outputs` values, made in the order in which
    they stand; and how many of them end each hidden layer.

    nn     `torch.nn`, or what stands in for it
    extra  the modules that torch lacks, see `layer_settings`
    """
    shape = analysis.inputs
    modules: list[Any] = [nn.Unflatten(1, shape)] if len(shape) > 1 else []
    ends = []
    for layer, row in zip(model.layers, analysis.rows, strict=False):
        modules += layer.modules(nn, shape, extra)
        shape = row.shape
        ends.append(len(modules))
    linear = nn.Linear(prod(shape), outputs, bias=model.output.bias)
    modules += output_modules(linear, model.output.activation, shape, nn, extra)
    return modules, tuple(ends)
