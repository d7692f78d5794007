"""A look into the network: right, and without a trace in what is learned."""

import numpy as np
import pytest
import torch
from torch import nn

from playground.core.data.dataset import Dataset, prepare
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.base import Plan
from playground.engines.contract.run_control import RunControl, Snapshot, State
from playground.engines.contract.views import Inspection, Views
from playground.engines.inside.inspection import GRADIENT_ROWS
from playground.engines.loop.training import train
from playground.engines.pytorch.autograd import autograd
from playground.engines.pytorch.network import initial_weights

EVERYTHING = Views(grid=0, inspect=True, predictions=True)


def spiral(**training: object) -> Experiment:
    return Experiment.parse(
        {
            "data": {"generator": "spiral", "kind": "generated", "samples": 90, "noise": 0.1},
            "model": {"layers": [{"kind": "linear", "units": 5, "activation": "relu"}]},
            "training": {"engine": "numpy", "epochs": 6, **training},
        }
    )


def run(experiment: Experiment, views: Views | None) -> list[Snapshot]:
    control = RunControl(views=views)
    return list(train(experiment, prepare(experiment), control))


def last_inspection(experiment: Experiment) -> tuple[Snapshot, Inspection]:
    last = run(experiment, EVERYTHING)[-1]
    assert last.state == State.REACHED
    assert last.inspection is not None
    return last, last.inspection


def plain_network(snapshot: Snapshot) -> nn.Sequential:
    network = nn.Sequential(nn.Linear(2, 5), nn.ReLU(), nn.Linear(5, 2))
    network.load_state_dict({name: torch.tensor(w) for name, w in snapshot.weights.items()})
    return network


def test_gradients_are_those_of_a_plain_network() -> None:
    last, inspection = last_inspection(spiral())
    network = plain_network(last)
    train_split = last.dataset.train
    loss = nn.functional.cross_entropy(
        network(torch.tensor(train_split.inputs)), torch.tensor(train_split.targets)
    )
    loss.backward()
    expected = {
        name: p.grad.numpy() for name, p in network.named_parameters() if p.grad is not None
    }
    assert inspection.gradients.keys() == expected.keys()
    for name, gradient in expected.items():
        np.testing.assert_allclose(inspection.gradients[name], gradient, rtol=1e-5, atol=1e-7)


def test_activations_are_those_of_training_rows() -> None:
    last, inspection = last_inspection(spiral())
    hidden = plain_network(last)[:2](torch.tensor(last.dataset.train.inputs))
    np.testing.assert_allclose(inspection.activations[0], hidden.detach().numpy(), rtol=1e-5)


def test_predictions_stand_in_the_order_of_the_points() -> None:
    last, inspection = last_inspection(spiral())
    inputs = torch.tensor(last.dataset.prepare(last.dataset.points.x))
    expected = torch.softmax(plain_network(last)(inputs), dim=1).detach().numpy()
    assert inspection.predictions is not None
    np.testing.assert_allclose(inspection.predictions, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("engine", ["torch", "numpy", "compiled"])
def test_looking_changes_nothing_of_what_is_learned(engine: str) -> None:
    experiment = spiral(engine=engine)
    unseen, seen = run(experiment, None)[-1], run(experiment, EVERYTHING)[-1]
    for name, weight in unseen.weights.items():
        np.testing.assert_array_equal(weight, seen.weights[name])


def test_looking_does_not_move_the_dice_of_dropout() -> None:
    experiment = Experiment.parse(
        {
            "model": {"layers": [{"kind": "linear"}, {"kind": "dropout", "p": 0.5}]},
            "training": {"engine": "torch", "epochs": 3},
        }
    )
    unseen, seen = run(experiment, None)[-1], run(experiment, EVERYTHING)[-1]
    for name, weight in unseen.weights.items():
        np.testing.assert_array_equal(weight, seen.weights[name])


def test_nothing_is_looked_at_unless_wanted() -> None:
    assert run(spiral(), Views(grid=4))[-1].inspection is None
    only_gradients = run(spiral(), Views(grid=0, inspect=True))[-1].inspection
    assert only_gradients is not None
    assert only_gradients.predictions is None
    only_predictions = run(spiral(), Views(grid=0, predictions=True))[-1].inspection
    assert only_predictions is not None
    assert not only_predictions.gradients


def test_a_paused_run_looks_once() -> None:
    experiment = spiral(epochs=None)
    control = RunControl(interactive=True, paused=True, views=EVERYTHING)
    snapshots = train(experiment, prepare(experiment), control)
    first = next(snapshots)
    control.change(views=Views(grid=8, inspect=True, predictions=True))
    second = next(snapshots)
    assert first.inspection is not None
    assert second.inspection is first.inspection
    control.stop()


def test_the_last_batch_is_pointed_out() -> None:
    experiment = spiral(epochs=None, batch_size=10)
    control = RunControl(interactive=True, paused=True, views=Views(grid=0))
    snapshots = train(experiment, prepare(experiment), control)
    assert next(snapshots).batch is None
    control.take_steps(2)
    seen = next(item for item in snapshots if item.step == 2)
    order = np.random.default_rng(experiment.training.seed).permutation(45)
    train_rows = np.flatnonzero(~seen.dataset.points.held_out)
    assert seen.batch is not None
    np.testing.assert_array_equal(seen.batch, train_rows[order[10:20]])
    control.stop()


def test_a_sum_over_rows_is_what_a_short_look_sees() -> None:
    experiment = Experiment.parse(
        {"data": {"kind": "generated", "generator": "plane", "samples": 1200, "test_ratio": 0.0}}
    )
    dataset: Dataset = prepare(experiment)
    plan = Plan.of(experiment, dataset)
    weights = initial_weights(plan)
    last = run(experiment.with_setting("training.epochs", 0), EVERYTHING)[-1]
    some = slice(GRADIENT_ROWS)
    expected = autograd(plan, weights, dataset.train.inputs[some], dataset.train.targets[some])
    assert last.inspection is not None
    for name, gradient in expected.items():
        np.testing.assert_array_equal(last.inspection.gradients[name], gradient)
