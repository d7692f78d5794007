"""The picture as training sees it: other layers at work, and nothing of the training changed."""

from itertools import product

import numpy as np
import pytest
import torch
from torch import nn

from playground.core.data.dataset import prepare
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.run_control import RunControl, Snapshot
from playground.engines.contract.views import Views
from playground.engines.loop.training import train
from playground.engines.pytorch.training_mode import as_in_training

NORM = [{"kind": "linear", "units": 6}, {"kind": "batch_norm"}]
DROPOUT = [{"kind": "linear", "units": 6}, {"kind": "dropout", "p": 0.5}]


def run(layers: list[dict], *, in_training: bool, engine: str = "torch") -> Snapshot:
    experiment = Experiment.parse(
        {
            "data": {"kind": "generated", "samples": 60},
            "model": {"layers": layers},
            "training": {"epochs": 3, "engine": engine},
        }
    )
    control = RunControl(views=Views(grid=12, in_training=in_training))
    return list(train(experiment, prepare(experiment), control))[-1]


@pytest.mark.parametrize(
    ("layers", "engine"), list(product((NORM, DROPOUT), ("torch", "compiled")))
)
def test_it_shows_something_else_and_changes_nothing(layers: list[dict], engine: str) -> None:
    calm, busy = (run(layers, in_training=shown, engine=engine) for shown in (False, True))
    assert calm.frame is not None
    assert busy.frame is not None
    assert not np.allclose(calm.frame.map, busy.frame.map, atol=1e-3)
    for name, weight in calm.weights.items():
        np.testing.assert_array_equal(weight, busy.weights[name])


def test_without_such_layers_both_are_the_same() -> None:
    layers = [{"kind": "linear", "units": 6}]
    calm, busy = run(layers, in_training=False), run(layers, in_training=True)
    assert calm.frame is not None
    assert busy.frame is not None
    np.testing.assert_array_equal(calm.frame.map, busy.frame.map)


def test_batches_are_normalized_by_themselves() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)).eval()
    batch = torch.randn(10, 2)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    with as_in_training(network, batch):
        inside = network(batch)
    z = network[0](batch)
    expected = (z - z.mean(0)) / torch.sqrt(z.var(0) + 1e-5)  # running statistics are unbiased
    torch.testing.assert_close(inside, expected, rtol=1e-4, atol=1e-5)
    for name, value in network.state_dict().items():
        torch.testing.assert_close(value, before[name])
    assert not network.training
