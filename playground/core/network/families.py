"""The families of convolutional networks, each as a small network for the digits.

Every one keeps the idea of the paper that it is named after, and little more: these have thousands
of weights where the originals have millions. Pure; runs on any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from playground.core.experiment.experiment import Experiment
from playground.core.registry import Registry

Settings = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Family:
    """A reference network.

    layers  hidden layers as a project file has them
    size    side of the digits that it is made for
    epochs  until it has learned them
    rate    Adam's learning rate, along half a cosine down to 0
    changes what is done to training images at random
    """

    layers: tuple[Settings, ...]
    size: Literal[8, 28] = 28
    epochs: int = 12
    rate: float = 0.003
    changes: Mapping[str, float] = field(default_factory=dict)


FAMILIES: Registry[Family] = Registry("network family")


def family_experiment(key: str) -> Experiment:
    """The experiment that trains a family on the digits: 30 % for testing, batches of 50."""
    family = FAMILIES[key].value
    return Experiment.parse(
        {
            "title": FAMILIES[key].label,
            "data": {
                "kind": "digits",
                "size": family.size,
                "pixels": "unit",
                "test_ratio": 0.3,
                "seed": 1234,
                "stratify": False,
            },
            "model": {"layers": list(family.layers)},
            "training": {
                "optimizer": {"kind": "adam", "learning_rate": family.rate},
                "schedule": {"kind": "cosine", "period": family.epochs},
                "batch_size": 50,
                "epochs": family.epochs,
                "seed": 1,
                "augmentation": dict(family.changes),
            },
        }
    )


def _conv(channels: int, kernel: int = 3, **settings: Any) -> Settings:
    return {"kind": "conv", "channels": channels, "kernel": kernel, **settings}


def _block(kind: str, **settings: Any) -> Settings:
    return {"kind": kind, **settings}


_POOL: Settings = {"kind": "pool"}
_GLOBAL: Settings = {"kind": "global_pool"}
_NORM: Settings = {"kind": "batch_norm"}


def _linear(units: int, activation: str = "relu") -> Settings:
    return {"kind": "linear", "units": units, "activation": activation}


FAMILIES.add(
    "cnn",
    Family(
        (
            _conv(28, 2, padding="valid"),
            _POOL,
            _conv(32, 2, padding="valid"),
            _POOL,
            _linear(100),
        ),
        epochs=30,
        changes={"rotation": 10.0, "crop": 1},
    ),
    label="CNN",
    help="Two convolutions with pooling, then two linear layers: the smallest that deserves the"
    " name.",
)
FAMILIES.add(
    "lenet",
    Family(
        (
            _conv(6, 5, activation="tanh"),
            _block("pool", mode="average"),
            _conv(16, 5, padding="valid", activation="tanh"),
            _block("pool", mode="average"),
            _linear(120, "tanh"),
            _linear(84, "tanh"),
        ),
        epochs=20,
    ),
    label="LeNet",
    help="LeNet-5 read cheques: average pooling and tanh (LeCun et al. 1998).",
)
FAMILIES.add(
    "alexnet",
    Family(
        (
            _conv(16, 5, stride=2),
            _block("pool"),
            _conv(32),
            _conv(32),
            _POOL,
            _linear(128),
            _block("dropout", p=0.5),
        ),
        epochs=20,
    ),
    label="AlexNet",
    help="Large strides first, ReLU, max pooling and dropout (Krizhevsky et al. 2012).",
)
FAMILIES.add(
    "vgg",
    Family((_conv(16), _conv(16), _POOL, _conv(32), _conv(32), _POOL, _linear(64))),
    label="VGG",
    help="Nothing but 3 x 3 kernels, two before every pooling (Simonyan and Zisserman 2015).",
)
FAMILIES.add(
    "inception",
    Family(
        (
            _conv(16, stride=2),
            _NORM,
            _block("inception", channels=8),
            _NORM,
            _POOL,
            _block("inception", channels=16),
            _NORM,
            _GLOBAL,
        ),
        rate=0.01,
    ),
    label="GoogLeNet",
    help="Filters of three sizes side by side, and no linear layer but the last (Szegedy et al."
    " 2015).",
)
FAMILIES.add(
    "resnet",
    Family(
        (
            _conv(16, stride=2),
            _block("residual_conv", channels=16),
            _block("residual_conv", channels=32, stride=2),
            _GLOBAL,
        ),
        rate=0.01,
    ),
    label="ResNet",
    help="What comes in is added to what two convolutions make of it (He et al. 2016).",
)
FAMILIES.add(
    "wide_resnet",
    Family(
        (
            _conv(16, stride=2),
            _block("wide_residual", channels=8, widening=4),
            _block("wide_residual", channels=16, widening=4, stride=2),
            _NORM,
            _GLOBAL,
        ),
        rate=0.01,
    ),
    label="Wide ResNet",
    help="Few residual blocks with four times the channels (Zagoruyko and Komodakis 2016).",
)
FAMILIES.add(
    "mobilenet",
    Family(
        (
            _conv(16, stride=2),
            _block("depthwise_separable", channels=32),
            _block("depthwise_separable", channels=64, stride=2),
            _block("depthwise_separable", channels=64),
            _GLOBAL,
        ),
        rate=0.01,
    ),
    label="MobileNet",
    help="Filters for each channel by itself, then a mix of the channels (Howard et al. 2017).",
)
FAMILIES.add(
    "senet",
    Family(
        (
            _conv(16, stride=2),
            _block("residual_conv", channels=16),
            _block("squeeze_excite"),
            _block("residual_conv", channels=32, stride=2),
            _block("squeeze_excite"),
            _GLOBAL,
        ),
        rate=0.01,
    ),
    label="SENet",
    help="A ResNet that turns its channels up and down (Hu et al. 2018).",
)
FAMILIES.add(
    "mobilenet_v2",
    Family(
        (
            _conv(16, stride=2),
            _block("inverted_residual", channels=16),
            _block("inverted_residual", channels=24, stride=2),
            _block("inverted_residual", channels=24),
            _conv(64, 1),
            _GLOBAL,
        ),
        rate=0.01,
    ),
    label="MobileNet v2",
    help="Thin between the blocks, wide inside them (Sandler et al. 2018).",
)
