"""What all hidden layers have in common, whatever they do.

`nn` is the module `torch.nn`, handed in by the engine, so that this floor stays free of torch;
`extra` holds the modules that torch lacks.

`modules` is the only definition of a layer. It is asked three times: with torch, to train; with
`modules.SYMBOLS`, for the analysis before training; and with what writes a script. So a module of
torch that is used for the first time needs its cost in `modules._MODULES`; a name that is missing
there counts as an activation, which trains nothing. Layers for images are subclasses of
`conv_layers.ImageLayer`. How a layer is titled in the picture stands in `ui.network.structure`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import prod
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from playground.core.errors import Wording
from playground.core.experiment.settings import Settings
from playground.core.messages import Message
from playground.core.network.activations import ACTIVATIONS
from playground.core.network.modules import SYMBOLS, Shape, cost_of

ActivationName = Annotated[
    str,
    AfterValidator(ACTIVATIONS.check),
    Field(json_schema_extra={"enum": ACTIVATIONS.keys()}),
]


class LayerSettings(Settings, ABC):
    """What every layer can say of itself.

    takes       what the layer is made for: an image, a vector, or either
    normalizes  True where training needs batches of two points or more
    """

    label: ClassVar[str]
    help: ClassVar[str]
    takes: ClassVar[Literal["image", "vector", "either"]] = "either"
    normalizes: ClassVar[bool] = False

    @abstractmethod
    def modules(self, nn: Any, inputs: Shape, extra: Any) -> list[Any]:
        """The layer as torch modules, in order. `extra` holds the modules that torch lacks: Sine,
        Residual, Sum, Concatenation, Gate.

        Raises ExperimentError where points of shape `inputs` are nothing for this layer.
        """

    def shape(self, inputs: Shape) -> Shape:
        """Shape of what leaves the layer when points of shape `inputs` enter it; raises as
        `modules` does, and where an image is too small.
        """
        return cost_of(self.modules(SYMBOLS, inputs, SYMBOLS), inputs).shape

    def width(self, inputs: int) -> int:
        """Number of values that leave the layer when a row of `inputs` values enters it."""
        return prod(self.shape((inputs,)))


def layer_name(index: int, label: str) -> Message:
    """What the window calls hidden layer `index`, counted from 0: "Layer 4, convolution"."""
    if not label:
        return Message("Layer {number}", number=index + 1)
    return Message("Layer {number}, {name:small}", number=index + 1, name=Message(label))


def layer_place(index: int, label: str) -> Wording:
    """Where an error in hidden layer `index` is."""
    return Wording(f"model.layers.{index}", layer_name(index, label))


def activation_module(key: str, nn: Any, extra: Any) -> list[Any]:
    """The module of an activation in a list, which is empty for the linear one."""
    if key == "linear":
        return []
    name = ACTIVATIONS[key].value.torch_name
    return [getattr(nn if hasattr(nn, name) else extra, name)()]


def output_modules(linear: Any, activation: str, inputs: Shape, nn: Any, extra: Any) -> list[Any]:
    """The modules of the output layer, whose units are those of `linear`, behind a layer that gives
    `inputs`.
    """
    return [*flattened(nn, inputs), linear, *activation_module(activation, nn, extra)]


def flattened(nn: Any, inputs: Shape) -> list[Any]:
    """What makes a row of an image, in a list, which is empty for what is a row already."""
    return [nn.Flatten()] if len(inputs) > 1 else []
