"""A weight that a person puts to a value: what the network then says is what torch says."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from playground.core.data.dataset import prepare
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.run_control import RunControl, Snapshot
from playground.engines.contract.views import Views
from playground.engines.loop.training import train

GRID = 16
EXTENT = 6.0


def experiment(engine: str) -> Experiment:
    return Experiment.parse({"data": {"kind": "generated"}, "training": {"engine": engine}})


def after_edit(engine: str, name: str, place: tuple[int, ...], value: float) -> Snapshot:
    """The first snapshot after some epochs of training and one edit."""
    control = RunControl(interactive=True, paused=True, views=Views(grid=GRID))
    chosen = experiment(engine)
    snapshots = train(chosen, prepare(chosen), control)
    control.take_epochs(3)
    next(snapshot for snapshot in snapshots if snapshot.epoch == 3)
    control.change(edited=(name, place, value))
    found = next(snapshots)
    control.stop()
    return found


def torch_says(snapshot: Snapshot) -> np.ndarray:
    """Class probabilities over the canvas, of a network in plain PyTorch with these weights."""
    network = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2), nn.Tanh(), nn.Linear(2, 2))
    network.load_state_dict({name: torch.tensor(w) for name, w in snapshot.weights.items()})
    cells = (torch.arange(GRID) + 0.5) * (2 * EXTENT / GRID) - EXTENT
    x2, x1 = torch.meshgrid(cells, cells, indexing="ij")
    with torch.inference_mode():
        says = torch.softmax(network(torch.stack([x1.ravel(), x2.ravel()], dim=1)), dim=1)
    return says.reshape(GRID, GRID, 2).numpy()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 3), st.integers(0, 1), st.floats(-5, 5, width=32))
def test_the_torch_engine_says_exactly_what_torch_says(row: int, column: int, value: float) -> None:
    snapshot = after_edit("torch", "0.weight", (row, column), value)
    assert snapshot.weights["0.weight"][row, column] == np.float32(value)
    assert snapshot.frame is not None
    np.testing.assert_array_equal(snapshot.frame.map, torch_says(snapshot))


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
@pytest.mark.parametrize(
    ("name", "place"), [("0.weight", (2, 1)), ("0.bias", (3,)), ("4.weight", (0, 1))]
)
def test_the_other_engines_say_it_to_the_last_digits(
    engine: str, name: str, place: tuple[int, ...]
) -> None:
    snapshot = after_edit(engine, name, place, 1.25)
    assert snapshot.weights[name][place] == np.float32(1.25)
    assert snapshot.frame is not None
    np.testing.assert_allclose(snapshot.frame.map, torch_says(snapshot), atol=2e-6)


@pytest.mark.parametrize("engine", ["torch", "numpy", "compiled"])
def test_training_goes_on_from_there(engine: str) -> None:
    control = RunControl(interactive=True, paused=True, views=Views(grid=4))
    chosen = experiment(engine)
    snapshots = train(chosen, prepare(chosen), control)
    control.change(edited=("0.weight", (0, 0), 3.0))
    edited = next(item for item in snapshots if item.weights["0.weight"][0, 0] == 3.0)
    control.take_epochs(1)
    after = next(item for item in snapshots if item.epoch == 1)
    assert after.weights["0.weight"][0, 0] == pytest.approx(3.0, abs=0.8)
    assert after.weights["0.weight"][0, 0] != edited.weights["0.weight"][0, 0]
    control.stop()
