"""What the engines for dense networks share: the layers of a plan, and what keeps such an engine
from training it.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from playground.core.messages import N_, Message
from playground.engines.contract.base import Plan


class DenseLayer(NamedTuple):
    """f(W x + b); the output layer is the last one.

    name is what torch's `state_dict` of the flat Sequential calls the layer: the number of its
    module.
    """

    name: str
    inputs: int
    units: int
    activation: str
    bias: bool


def dense_layers(plan: Plan) -> list[DenseLayer]:
    """Hidden layers and output layer of a plan whose hidden layers are all linear."""
    model = plan.experiment.model
    layers, inputs, module = [], plan.width, 0
    for layer in model.layers:
        assert layer.kind == "linear", "dense_obstacle names other layers"
        layers.append(DenseLayer(str(module), inputs, layer.units, layer.activation, layer.bias))
        inputs = layer.units
        # The linear activation has no module of its own.
        module += 1 if layer.activation == "linear" else 2
    last = model.output
    layers.append(DenseLayer(str(module), inputs, plan.outputs, last.activation, last.bias))
    return layers


def dense_obstacle(
    plan: Plan,
    *,
    activations: Container[str],
    optimizers: Container[str],
    dtypes: Container[str],
    layers: Container[str] = ("linear",),
) -> Message | None:
    """Why an engine on the processor with these abilities cannot train the plan; see
    `Engine.obstacle`.
    """
    training = plan.experiment.training
    for number, layer in enumerate(plan.experiment.model.layers, start=1):
        if layer.kind not in layers:
            return Message("hidden layer {number}, '{kind}'", number=number, kind=layer.kind)
        activation = getattr(layer, "activation", "linear")
        if activation not in activations:
            template = N_("the activation '{activation}' of hidden layer {number}")
            return Message(template, activation=activation, number=number)
    if training.augmentation.acts(on_images=plan.image is not None):
        return Message("with augmentation")
    if training.optimizer.kind not in optimizers:
        return Message("with the optimizer '{optimizer}'", optimizer=training.optimizer.kind)
    if training.dtype not in dtypes:
        return Message("in {dtype}", dtype=training.dtype)
    if training.device not in ("auto", "cpu"):
        return Message("on the device '{device}'", device=training.device)
    return None
