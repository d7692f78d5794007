"""What is said of a network before training, against the network that torch builds."""

from typing import Any

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from playground.core.errors import ExperimentError
from playground.core.experiment.experiment import Experiment
from playground.core.network.analysis import Analysis, analyse
from playground.core.network.layers import LAYERS
from playground.core.network.modules import shape_text
from playground.engines.contract.base import Plan
from playground.engines.pytorch.network import build, seeded
from tests.strategies import experiments, image_layers

IMAGE = (2, 9, 7)
WIDTH = 2 * 9 * 7


def experiment_of(layers: list[dict[str, Any]], **training: Any) -> Experiment:
    return Experiment.parse(
        {"data": {"kind": "digits"}, "model": {"layers": layers}, "training": training}
    )


def analysis_of(layers: list[dict[str, Any]], **training: Any) -> Analysis:
    return analyse(experiment_of(layers, **training), WIDTH, 10, IMAGE)


@given(image_layers(), st.booleans())
def test_shapes_and_parameters_are_those_of_torch(
    layers: list[dict[str, Any]], are_pixels: bool
) -> None:
    experiment = experiment_of(layers)
    plan = Plan(experiment, WIDTH, 3, 3, IMAGE if are_pixels else None)
    analysis = plan.analysis
    assume(not analysis.faults)
    with seeded(0):
        network = build(plan).eval()
    assert analysis.parameters == sum(p.numel() for p in network.parameters())
    with torch.no_grad():
        shapes = [tuple(v.shape[1:]) for v in network.hidden(torch.zeros(2, WIDTH))]
        outputs = network(torch.zeros(2, WIDTH))
    assert [row.shape for row in analysis.rows] == [*shapes, tuple(outputs.shape[1:])]
    for row in analysis.rows:
        inside = [network[number] for number in row.modules]
        assert row.parameters == sum(p.numel() for module in inside for p in module.parameters())
    assert [row.modules.stop for row in analysis.rows] == [*network.ends, len(network)]


@given(image_layers())
def test_multiply_adds_are_counted_where_torch_multiplies(layers: list[dict[str, Any]]) -> None:
    """Hooks on every linear and convolutional module: weights of a unit times values it gives."""
    plan = Plan(experiment_of(layers), WIDTH, 3, 3, IMAGE)
    assume(not plan.analysis.faults)
    with seeded(0):
        network = build(plan).eval()
    counted = []

    def count(module: torch.nn.Module, _: Any, output: torch.Tensor) -> None:
        weight = module.weight
        assert isinstance(weight, torch.Tensor)
        counted.append(weight[0].numel() * output.numel())

    for module in network.modules():
        if isinstance(module, torch.nn.Linear | torch.nn.Conv2d):
            module.register_forward_hook(count)
    with torch.no_grad():
        network(torch.zeros(1, WIDTH))
    assert plan.analysis.multiply_adds == sum(counted)


@given(experiments(), st.integers(1, 200), st.integers(1, 9), st.none() | st.integers(1, 99))
def test_it_never_raises(
    experiment: Experiment, inputs: int, outputs: int, points: int | None
) -> None:
    for image in (None, (1, 1, inputs), (inputs, 1, 1)):
        analysis = analyse(experiment, inputs, outputs, image, points=points)
        assert len(analysis.rows) == len(experiment.model.layers) + 1
        assert analysis.parameters >= 0


def test_the_network_of_the_seven_steps() -> None:
    """784 pixels, two convolutions and two linear layers: 28 filters of 2 x 2 have 112 weights."""
    layers = [
        {"kind": "conv", "channels": 28, "kernel": 2, "padding": "valid"},
        {"kind": "pool"},
        {"kind": "conv", "channels": 32, "kernel": 2, "padding": "valid"},
        {"kind": "pool"},
        {"kind": "linear", "units": 100, "activation": "relu"},
    ]
    analysis = analyse(experiment_of(layers), 784, 10, (1, 28, 28))
    assert analysis.inputs == (1, 28, 28)
    assert [shape_text(row.shape) for row in analysis.rows] == [
        "28 x 27 x 27",
        "28 x 13 x 13",
        "32 x 12 x 12",
        "32 x 6 x 6",
        "100",
        "10",
    ]
    assert [row.parameters for row in analysis.rows] == [140, 0, 3616, 0, 115_300, 1010]
    assert analysis.rows[0].multiply_adds == 28 * 4 * 27 * 27
    assert analysis.rows[2].multiply_adds == 28 * 4 * 32 * 12 * 12


def test_dense_layers_see_a_row_of_pixels() -> None:
    analysis = analysis_of([{"kind": "batch_norm"}, {"kind": "linear"}])
    assert analysis.inputs == (WIDTH,)
    assert analysis.rows[1].modules == range(1, 3)


def test_inputs_that_are_no_longer_all_pixels_are_no_image() -> None:
    analysis = analyse(experiment_of([{"kind": "conv"}]), 7, 2, IMAGE)
    assert analysis.inputs == (7,)
    assert "needs an image" in analysis.faults[0][1]


@pytest.mark.parametrize("kind", [kind for kind, layer in LAYERS.items() if layer.takes == "image"])
@pytest.mark.parametrize("where", ["behind a linear layer", "without an image"])
def test_a_layer_for_images_says_that_it_has_none(kind: str, where: str) -> None:
    if where == "without an image":
        analysis, place = analyse(experiment_of([{"kind": kind}]), 2, 2), 0
    else:
        analysis, place = analysis_of([{"kind": "linear"}, {"kind": kind}]), 1
    ((number, sentence),) = analysis.faults
    assert number == place
    assert "needs an image" in sentence
    assert sentence.endswith(".")
    assert analysis.rows[place].shape == ((4,) if place else (2,))


def test_a_layer_says_that_the_image_is_too_small() -> None:
    analysis = analysis_of([{"kind": "pool", "size": 4}, {"kind": "pool"}, {"kind": "linear"}])
    assert [number for number, _ in analysis.faults] == [1]
    assert "2x1 here" in analysis.faults[0][1]


@pytest.mark.parametrize("kind", [kind for kind, layer in LAYERS.items() if layer.normalizes])
def test_batches_of_one_are_a_fault_of_batch_norm(kind: str) -> None:
    layers = [{"kind": kind}]
    assert "at least two points" in analysis_of(layers, batch_size=1).faults[0][1]
    assert not analysis_of(layers, batch_size=2).faults
    experiment = experiment_of(layers, batch_size="full")
    Plan(experiment, WIDTH, 10, 10, IMAGE, points=2).analysis.check()
    with pytest.raises(ExperimentError, match=f"model.layers.0: {LAYERS[kind].label} needs"):
        Plan(experiment, WIDTH, 10, 10, IMAGE, points=1).analysis.check()
