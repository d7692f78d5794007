"""What the network picture has to show: inputs, hidden layers and outputs as plain columns.

Owns the way from an Experiment to columns. Imports `core` only: neither Qt nor torch. Pure
functions, any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Final, Literal

from playground.core import class_looks, palette
from playground.core.class_looks import ClassLooks
from playground.core.data import features
from playground.core.data.features import FEATURES
from playground.core.experiment.experiment import Experiment
from playground.core.messages import N_, Message
from playground.core.network.activations import ACTIVATIONS
from playground.core.network.layer_settings import LayerSettings
from playground.core.network.layers import Linear, Residual
from playground.core.network.modules import Shape
from playground.ui.network.structure import titles
from playground.ui.network.structure.parameters import Built, Parameters, built

Kind = Literal["inputs", "layer", "block", "outputs"]
Image = tuple[int, int, int]

VISIBLE_UNITS: Final = 8
"""A column with more units shows this many at a time."""

FEATURES_AREA: Final = "features"
"""What a project hides where nobody shall choose features; then none is left out here either."""

MOST_OUTPUTS: Final = 10
"""Outputs are all shown up to this many; those of more classes scroll."""


@dataclass(frozen=True, slots=True)
class Input:
    """A value that enters the network.

    key     the feature's key, or the name of the column of the data
    source  its place among the values that enter the network
    """

    key: str
    label: str
    help: str
    source: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the picture.

    kind     "inputs"; "layer" has units of its own (linear, residual, whatever makes images);
             "block" acts on each unit of the column before it; "outputs"
    layer    index of the hidden layer: -1 for the inputs, for the outputs one more than the last
    settings of the hidden layer, else None
    units    how many rows the column has: values that leave it; of an image the channels
    group    index of the column it scrolls with: units of a group stand on common lines
    shape    of what leaves it: (units,), or (channels, height, width) where it is an image
    area     values that leave each unit: 1, or the pixels of a channel
    ending   of the outputs: the key of their activation
    sign     "+" where the input is added to what the layer makes of it, "×" where it is multiplied
    """

    kind: Kind
    layer: int
    settings: LayerSettings | None
    units: int
    group: int
    parameters: Parameters | None = None
    shape: Shape = ()
    area: int = 1
    ending: str = "linear"
    sign: Literal["", "+", "×"] = ""

    @property
    def is_image(self) -> bool:
        """True where every unit is a channel of an image."""
        return len(self.shape) == 3

    @property
    def has_bar(self) -> bool:
        """True where a bar with the name of the layer stands before its units."""
        return self.kind == "layer" and not self.is_linear

    @property
    def is_for_images(self) -> bool:
        return self.settings is not None and self.settings.takes == "image"

    @property
    def has_card(self) -> bool:
        """True where there is more to set than a number, and more than its kind."""
        return self.is_for_images and bool(set(dict(self.settings or ())) - {"kind"})

    @property
    def count_setting(self) -> str | None:
        """The setting that says how many units or channels there are; None where none does."""
        names = ("units", "channels")
        return next((name for name in names if hasattr(self.settings, name)), None)

    @property
    def count(self) -> int:
        """The value of that setting."""
        return getattr(self.settings, self.count_setting) if self.count_setting else self.units

    @property
    def is_linear(self) -> bool:
        return isinstance(self.settings, Linear)

    @property
    def is_residual(self) -> bool:
        return isinstance(self.settings, Residual)

    @property
    def has_weights(self) -> bool:
        """True where every unit weighs all values before it."""
        return self.is_linear or self.kind == "outputs"

    @property
    def visible(self) -> int:
        """How many units are shown at a time."""
        most = MOST_OUTPUTS if self.kind == "outputs" else VISIBLE_UNITS
        return min(self.units, most)

    @property
    def is_folded(self) -> bool:
        return self.visible < self.units

    @property
    def activation(self) -> str | None:
        """Key of the activation, None for layers without one."""
        return getattr(self.settings, "activation", None)

    @property
    def bend(self) -> str:
        """Key of the function that bends the sums of its units; "linear" where none does."""
        return self.activation or self.ending

    @property
    def activation_label(self) -> str:
        return ACTIVATIONS[self.activation].label if self.activation else ""

    @property
    def title(self) -> str:
        """What a block says of itself: "Dropout 0.1", "Convolution 3×3"."""
        kind = Message(self.kind.capitalize())
        return kind if self.settings is None else titles.title(self.settings)


@dataclass(frozen=True, slots=True)
class Diagram:
    """The whole picture; `columns[i + 1]` is hidden layer i."""

    inputs: tuple[Input, ...]
    columns: tuple[Column, ...]
    classes: int
    class_names: tuple[str, ...]
    data_inputs: int
    has_images: bool = False
    looks: ClassLooks = class_looks.DEFAULT
    can_toggle: bool = False
    answer: str = ""
    """What the table calls the number that is learned; "" where it has no name."""

    @classmethod
    def of(
        cls,
        experiment: Experiment,
        input_names: tuple[str, ...],
        outputs: int,
        classes: int,
        class_names: tuple[str, ...] = (),
        image: Image | None = None,
    ) -> Diagram:
        """The picture of an experiment on data with these inputs, outputs and classes.

        `input_names` are those before features; `classes` is 0 for regression; `image` is
        (channels, height, width) where the inputs are pixels.
        """
        inputs = _inputs(experiment, input_names) if image is None else _channels(image)
        names = class_names or palette.SPOKEN_NAMES[:classes]
        return cls(
            inputs,
            _columns(experiment, inputs, outputs, image),
            classes,
            tuple(names),
            len(input_names),
            image is not None,
            ClassLooks.of(experiment.data),
            can_toggle=bool(features.available(len(input_names)))
            and FEATURES_AREA not in experiment.view.hidden,
            answer=experiment.data.answer_name,
        )

    @property
    def has_features(self) -> bool:
        """True where the inputs are features, each with a picture."""
        return bool(features.available(self.data_inputs))

    @property
    def hidden(self) -> tuple[Column, ...]:
        return self.columns[1:-1]

    def place_at(self, index: int) -> Literal["row", "image", "behind"]:
        """What arrives where a layer would be added at hidden index `index`: a row of values, an
        image, or a row that was an image before.
        """
        if not self.has_images:
            return "row"
        return "image" if self.columns[index].is_image else "behind"

    @property
    def sources(self) -> list[int]:
        """Which of `inputs` enter the network, in the order of the weights."""
        return [i for _, i in sorted((entry.source, i) for i, entry in enumerate(self.inputs))]

    def unit_name(self, column: int, unit: int) -> str:
        """What a person calls a unit: "x₁", "unit 3", "Orange"."""
        kind = self.columns[column].kind
        if kind == "inputs":
            return self.inputs[unit].label
        if kind == "outputs":
            return self.output_name(unit)
        is_image = self.columns[column].is_image
        return Message("channel {number}" if is_image else "unit {number}", number=unit + 1)

    def output_name(self, unit: int) -> str:
        """The class of an output; of a single output, the class it speaks for; of a number, what
        the table calls it.
        """
        if not self.classes and self.columns[-1].units > 1:
            return _pretty(f"y{unit + 1}")
        if not self.classes:
            return " ".join(self.answer.split()) or Message("Value")
        index = 1 if self.columns[-1].units == 1 else unit
        return self.class_names[index] if index < len(self.class_names) else str(index)

    def sources_of(self, column: int) -> list[int]:
        """Units of the column before a column with weights, in the order of the weights.

        Each unit stands for `area` weights where it is a channel of an image.
        """
        before = self.columns[column - 1]
        return self.sources if before.group == 0 else list(range(before.units))


def _inputs(experiment: Experiment, names: tuple[str, ...]) -> tuple[Input, ...]:
    possible = features.available(len(names))
    if not possible:
        return tuple(Input(name, _pretty(name), "", i) for i, name in enumerate(names))
    chosen = experiment.model.features or tuple(f"x{i + 1}" for i in range(len(names)))
    sources = {key: place for place, key in enumerate(chosen)}
    own_names = {f"x{i + 1}": name for i, name in enumerate(names)}
    return tuple(
        Input(key, _feature_label(key, own_names), FEATURES[key].help, sources[key])
        for key in possible
        if key in sources
    )


def _feature_label(key: str, own_names: Mapping[str, str]) -> str:
    """The column's own name where the data give it one, else the formula."""
    return FEATURES[key].label if own_names.get(key, key) == key else own_names[key]


def _pretty(name: str) -> str:
    digits = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    is_numbered = name[:1] in ("x", "y") and name[1:].isdigit()
    return name.translate(digits) if is_numbered else name


def _channels(image: Image) -> tuple[Input, ...]:
    """One input for each channel: a row of pixels says little by itself."""
    count, height, width = image
    template = N_("The image that was chosen, {height} × {width} pixels.")
    help_text = Message(template, height=height, width=width)
    numbered = [Message("channel {number}", number=i + 1) for i in range(count)]
    names = {1: [Message("image")], 3: [Message("red"), Message("green"), Message("blue")]}
    labels = names.get(count, numbered)
    return tuple(Input(str(numbered[i]), labels[i], help_text, i) for i in range(count))


def _columns(
    experiment: Experiment, inputs: tuple[Input, ...], outputs: int, image: Image | None
) -> tuple[Column, ...]:
    layers = experiment.model.layers
    width = prod(image) if image else len(inputs)
    steps, last = built(layers, width, image, has_output_bias=experiment.model.output.bias)
    shape: Shape = image or (width,)
    columns = [Column("inputs", -1, None, len(inputs), 0, None, shape, prod(shape[1:]))]
    for index, (layer, step) in enumerate(zip(layers, steps, strict=True)):
        columns.append(_column(index, layer, step, columns[-1]))
    parameters, ending = last.parameters, experiment.model.output.activation
    group, shape = len(columns), (outputs,)
    return (
        *columns,
        Column("outputs", len(layers), None, outputs, group, parameters, shape, ending=ending),
    )


def _column(index: int, layer: LayerSettings, step: Built, before: Column) -> Column:
    own = isinstance(layer, Linear | Residual) or layer.takes == "image"
    if not own or step.is_impossible:
        group, units, area = before.group, before.units, before.area
        shape = before.shape if step.is_impossible else step.shape
        return Column("block", index, layer, units, group, step.parameters, shape, area)
    units, area = step.shape[0], prod(step.shape[1:])
    keeps_channels = titles.keeps_channels(layer, step.sign)
    follows = before.group > 0 and units == before.units and keeps_channels
    group = before.group if follows else index + 1
    shape = step.shape
    return Column("layer", index, layer, units, group, step.parameters, shape, area, sign=step.sign)
