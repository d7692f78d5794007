"""Optimizers: torch takes every argument, and the defaults are torch's own."""

import inspect

import pytest
import torch
from hypothesis import given, settings

from playground.core.experiment.experiment import Experiment
from playground.core.experiment.settings import presentation
from playground.core.training.optimizers import OPTIMIZERS
from tests.strategies import optimizers

# Fixed by the files that are out there: a name is never taken away.
KINDS = [
    "sgd",
    "adam",
    "adamw",
    "nadam",
    "radam",
    "adamax",
    "rmsprop",
    "adagrad",
    "adadelta",
    "rprop",
    "lbfgs",
]


def test_all_are_there() -> None:
    assert list(OPTIMIZERS) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_defaults_are_those_of_torch(kind: str) -> None:
    settings_class = OPTIMIZERS[kind]
    parameters = inspect.signature(getattr(torch.optim, settings_class.torch_name)).parameters
    arguments = settings_class().arguments()
    assert arguments.pop("lr") == 0.03
    assert arguments == {name: parameters[name].default for name in arguments}


@given(optimizers())
@settings(max_examples=200)
def test_torch_takes_whatever_is_valid(raw: dict[str, object]) -> None:
    optimizer = Experiment.parse({"training": {"optimizer": raw}}).training.optimizer
    made = getattr(torch.optim, optimizer.torch_name)(
        [torch.zeros(1, requires_grad=True)], **optimizer.arguments()
    )
    assert made.param_groups[0]["lr"] == optimizer.learning_rate


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_can_be_shown(kind: str) -> None:
    settings_class = OPTIMIZERS[kind]
    assert settings_class.label
    assert settings_class.help.endswith(".")
    for name, field in settings_class.model_fields.items():
        if name != "kind":
            shown = presentation(field)
            assert shown.label
            assert shown.help.endswith(".")
            assert shown.live == (name == "learning_rate")
