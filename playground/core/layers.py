"""Hidden layers: what a person can put between the features and the output.

A layer is one class here: its settings, the width it gives, and the torch modules it stands for.
`nn` is the module `torch.nn`, handed in by the engine, so that this floor stays free of torch.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from playground.core.activations import ACTIVATIONS
from playground.core.settings import Settings, Whole, kinds, setting

__all__ = [
    "LAYERS",
    "ActivationName",
    "BatchNorm",
    "Dropout",
    "Layer",
    "LayerNorm",
    "LayerSettings",
    "Linear",
    "Residual",
    "activation_module",
]

MAX_UNITS = 1024

ActivationName = Annotated[
    str,
    AfterValidator(ACTIVATIONS.check),
    Field(json_schema_extra={"enum": ACTIVATIONS.keys()}),
]


class LayerSettings(Settings, ABC):
    """What every layer can say of itself."""

    label: ClassVar[str]
    help: ClassVar[str]

    def width(self, inputs: int) -> int:
        """Number of values that leave the layer when `inputs` enter it."""
        return inputs

    @abstractmethod
    def modules(self, nn: Any, inputs: int, extra: Any) -> list[Any]:
        """The layer as torch modules, in order. `extra` holds the modules that torch lacks: Sine,
        Residual.
        """


def activation_module(key: str, nn: Any, extra: Any) -> list[Any]:
    """The module of an activation in a list, which is empty for the linear one."""
    if key == "linear":
        return []
    name = ACTIVATIONS[key].value.torch_name
    return [getattr(nn if hasattr(nn, name) else extra, name)()]


class Linear(LayerSettings):
    """A dense layer: every unit sees every value before it, then an activation bends the result."""

    label: ClassVar[str] = "Linear"
    help: ClassVar[str] = "Every unit weighs all values before it, adds a bias, and bends the sum."

    kind: Literal["linear"] = "linear"
    units: Whole = setting(
        4,
        label="Units",
        ge=1,
        le=MAX_UNITS,
        step=1,
        help="How many neurons the layer has. More can draw finer shapes, and overfit sooner.",
    )
    activation: ActivationName = setting(
        "tanh",
        label="Activation",
        help="The bend behind every unit. Without one, all layers together are a single straight"
        " line.",
    )
    bias: bool = setting(
        True,
        label="Bias",
        help="A number added to every sum, which moves the line away from the origin.",
    )

    def width(self, inputs: int) -> int:
        return self.units

    def modules(self, nn: Any, inputs: int, extra: Any) -> list[Any]:
        linear = nn.Linear(inputs, self.units, bias=self.bias)
        return [linear, *activation_module(self.activation, nn, extra)]


class Dropout(LayerSettings):
    """Switches units off at random while training."""

    label: ClassVar[str] = "Dropout"
    help: ClassVar[str] = (
        "Switches units off at random while training, so that none is relied upon."
    )

    kind: Literal["dropout"] = "dropout"
    p: float = setting(
        0.1,
        label="Probability",
        ge=0.0,
        lt=1.0,
        step=0.05,
        help="The chance of a unit to be off in a step. More fights overfitting, and slows"
        " learning.",
    )

    def modules(self, nn: Any, inputs: int, extra: Any) -> list[Any]:
        return [nn.Dropout(self.p)]


class BatchNorm(LayerSettings):
    """Gives every unit mean 0 and deviation 1 over the batch (Ioffe and Szegedy 2015)."""

    label: ClassVar[str] = "Batch norm"
    help: ClassVar[str] = (
        "Scales every unit by what it does over the batch. Needs at least two points a batch."
    )

    kind: Literal["batch_norm"] = "batch_norm"

    def modules(self, nn: Any, inputs: int, extra: Any) -> list[Any]:
        return [nn.BatchNorm1d(inputs)]


class LayerNorm(LayerSettings):
    """Gives every point mean 0 and deviation 1 over the units (Ba, Kiros and Hinton 2016)."""

    label: ClassVar[str] = "Layer norm"
    help: ClassVar[str] = "Scales the units of each point to a common size, whatever the batch."

    kind: Literal["layer_norm"] = "layer_norm"

    def modules(self, nn: Any, inputs: int, extra: Any) -> list[Any]:
        return [nn.LayerNorm(inputs)]


class Residual(LayerSettings):
    """A residual block, x + W2 f(W1 x + b1) + b2, as wide as its input (after He et al. 2016)."""

    label: ClassVar[str] = "Residual block"
    help: ClassVar[str] = (
        "Two layers whose result is added to what came in, so that depth does no harm."
    )

    kind: Literal["residual"] = "residual"
    activation: ActivationName = setting(
        "relu", label="Activation", help="The bend between the two layers of the block."
    )

    def modules(self, nn: Any, inputs: int, extra: Any) -> list[Any]:
        inner = activation_module(self.activation, nn, extra)
        return [extra.Residual(nn.Linear(inputs, inputs), *inner, nn.Linear(inputs, inputs))]


Layer = Annotated[Linear | Dropout | BatchNorm | LayerNorm | Residual, Field(discriminator="kind")]
"""To add a layer, write its class and name it here: files, forms and engines take it from this
union.
"""

LAYERS: dict[str, type[LayerSettings]] = kinds(Layer)
