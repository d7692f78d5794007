"""Networks for images, and augmentation, on the reference engine."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from playground.core.data.dataset import Dataset, prepare
from playground.core.errors import EngineError
from playground.core.experiment.experiment import Experiment
from playground.core.network.families import FAMILIES, family_experiment
from playground.core.network.layers import LAYERS
from playground.core.script.pytorch import pytorch_script
from playground.core.training.augmentation import augment, augmenting_random
from playground.core.training.optimizers import OPTIMIZERS
from playground.engines.compiled.compiled_engine import CompiledEngine
from playground.engines.contract.base import Plan, Weights
from playground.engines.loop.headless import train_to_end
from playground.engines.loop.selection import select
from playground.engines.numpy.numpy_engine import NumpyEngine
from playground.engines.pytorch.torch_engine import TorchEngine

SGD = {"kind": "sgd", "learning_rate": 0.05}
CONV = {"kind": "conv", "channels": 4, "kernel": 3, "padding": "valid"}
POOL = {"kind": "pool"}
IMAGE_LAYERS = [kind for kind, layer in LAYERS.items() if layer.takes == "image"]


def digits(
    layers: list[dict[str, Any]], data: dict[str, Any] | None = None, **training: Any
) -> Experiment:
    """A network on some 180 of the digits."""
    return Experiment.parse(
        {
            "data": {"kind": "digits", "test_ratio": 0.9, **(data or {})},
            "model": {"layers": layers},
            "training": {"optimizer": SGD, "engine": "torch", "device": "cpu", **training},
        }
    )


def engine_of(experiment: Experiment) -> tuple[TorchEngine, Dataset]:
    dataset = prepare(experiment)
    engine = TorchEngine(Plan.of(experiment, dataset))
    engine.load(dataset)
    return engine, dataset


def train(engine: TorchEngine, dataset: Dataset, epochs: int = 1, size: int = 30) -> None:
    for _ in range(epochs):
        engine.train(np.arange(len(dataset.train))[None], size, np.array([0.05]))


def same(one: Weights, other: Weights) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[k], other[k]) for k in one)


def tensors(engine: TorchEngine, prefix: str = "") -> dict[str, torch.Tensor]:
    found = engine.weights().items()
    return {k.removeprefix(prefix): torch.tensor(v) for k, v in found if k.startswith(prefix)}


# Where oneDNN writes past the end of its memory, images keep their usual order.

BLOCK = {"kind": "residual_conv", "channels": 16, "stride": 2}


@pytest.mark.parametrize(
    ("layers", "is_reordered"),
    [
        ([CONV], True),
        ([{**CONV, "channels": 15}, BLOCK], False),
        ([{**CONV, "channels": 16}, BLOCK], True),
        ([{**CONV, "channels": 4}, {**BLOCK, "stride": 1}], True),
        ([CONV, {**CONV, "kernel": 1, "stride": 2}], False),
        ([CONV, {**CONV, "kernel": 3, "stride": 2}], True),
    ],
)
def test_strided_convolutions_of_single_pixels_are_left_in_order(
    layers: list[dict[str, Any]], is_reordered: bool
) -> None:
    experiment = digits([CONV, *layers])
    engine, _ = engine_of(experiment)
    filters = [p for p in engine._network.parameters() if p.ndim == 4 and p[0].numel() > len(p[0])]
    usual = {p.is_contiguous() for p in filters if p.size(1) > 1}
    assert usual == {not is_reordered}
    assert ("memory_format" in pytorch_script(experiment)) == is_reordered


# The same curve as a plain loop.


def test_a_cnn_follows_a_plain_loop() -> None:
    layers = [CONV, POOL, {"kind": "linear", "units": 9, "activation": "relu"}]
    result = train_to_end(digits(layers, batch_size=40), epochs=5, evaluate_every=1)
    data = result.dataset
    x, y = torch.tensor(data.train.inputs).reshape(-1, 1, 8, 8), torch.tensor(data.train.targets)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(42)
        model = nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 9)
        )
        model.extend([nn.ReLU(), nn.Linear(9, 10)])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    order, losses = np.random.default_rng(42), []
    for epoch in range(6):
        for rows in torch.from_numpy(order.permutation(len(x))).split(40) if epoch else ():
            optimizer.zero_grad()
            functional.cross_entropy(model(x[rows]), y[rows]).backward()
            optimizer.step()
        losses.append(functional.cross_entropy(model(x), y).item())
    np.testing.assert_allclose([point.train.loss for point in result.curve], losses, rtol=1e-5)
    assert list(result.weights) == [
        f"{number}.{name}" for number in (1, 5, 7) for name in ("weight", "bias")
    ]


@pytest.mark.parametrize("kind", IMAGE_LAYERS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_layer_for_images_learns(kind: str, dtype: str) -> None:
    engine, dataset = engine_of(digits([CONV, {"kind": kind}], dtype=dtype))
    before, score = engine.weights(), engine.evaluate("train")
    train(engine, dataset, epochs=4)
    after, later = engine.weights(), engine.evaluate("train")
    assert score is not None
    assert later is not None
    assert later.loss < score.loss
    for name, array in after.items():
        assert np.isfinite(array).all()
        assert not np.array_equal(array, before[name]), name


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_optimizer_takes_every_layer_for_images(kind: str) -> None:
    for layer in IMAGE_LAYERS:
        layers = [CONV, CONV, {"kind": layer}, {"kind": "linear", "units": 5}]
        optimizer = {"kind": kind, "learning_rate": 0.001}
        engine, dataset = engine_of(digits(layers, optimizer=optimizer))
        before = engine.weights()
        train(engine, dataset, size=90)
        after = engine.weights()
        assert all(np.isfinite(array).all() for array in after.values()), layer
        assert not same(before, after), layer


def test_a_single_image_at_the_end_is_trained_with_running_statistics() -> None:
    layers = [CONV, {"kind": "batch_norm"}, {"kind": "global_pool"}, {"kind": "batch_norm"}]
    engine, dataset = engine_of(digits(layers))
    assert len(dataset.train) % 178 == 1
    train(engine, dataset, size=178)
    assert all(np.isfinite(array).all() for array in engine.weights().values())


def test_raw_pixels_in_a_dense_network_stay_a_row() -> None:
    engine, _ = engine_of(digits([{"kind": "linear", "units": 5}]))
    assert next(iter(engine.weights())) == "0.weight"
    assert engine.weights()["0.weight"].shape == (5, 64)


# What blocks compute.


def block(layer: dict[str, Any]) -> tuple[torch.Tensor, torch.Tensor, dict[str, torch.Tensor]]:
    """What enters and leaves a layer behind a convolution in evaluation mode, and its weights."""
    engine, dataset = engine_of(digits([CONV, layer]))
    train(engine, dataset, epochs=2)
    first, second = engine.feature_maps(dataset.test.inputs[:1])
    return torch.tensor(first)[None], torch.tensor(second)[None], tensors(engine, "3.")


def normalized(x: torch.Tensor, weights: dict[str, torch.Tensor], name: str) -> torch.Tensor:
    mean, deviation = weights[f"{name}.running_mean"], weights[f"{name}.running_var"]
    return functional.batch_norm(
        x, mean, deviation, weights[f"{name}.weight"], weights[f"{name}.bias"]
    )


def test_a_resnet_block_adds_what_came_in() -> None:
    x, y, w = block({"kind": "residual_conv", "channels": 4})
    inner = normalized(functional.conv2d(x, w["0.weight"], padding=1), w, "1").relu()
    inner = normalized(functional.conv2d(inner, w["3.weight"], padding=1), w, "4")
    torch.testing.assert_close(y, (x + inner).relu() if y.min() >= 0 else x + inner)


def test_a_resnet_block_that_changes_the_shape_has_a_shortcut() -> None:
    x, y, w = block({"kind": "residual_conv", "channels": 6, "stride": 2, "activation": "linear"})
    inner = normalized(functional.conv2d(x, w["0.0.weight"], stride=2, padding=1), w, "0.1")
    inner = normalized(functional.conv2d(inner, w["0.2.weight"], padding=1), w, "0.3")
    shortcut = normalized(functional.conv2d(x, w["1.0.weight"], stride=2), w, "1.1")
    torch.testing.assert_close(y, inner + shortcut)


def test_squeeze_and_excitation_scales_channels() -> None:
    x, y, w = block({"kind": "squeeze_excite", "reduction": 2})
    means = x.mean(dim=(2, 3))
    hidden = functional.linear(means, w["2.weight"], w["2.bias"]).relu()
    gate = functional.linear(hidden, w["4.weight"], w["4.bias"]).sigmoid()
    torch.testing.assert_close(y, x * gate[:, :, None, None])


def test_inception_stacks_its_branches() -> None:
    x, y, w = block({"kind": "inception", "channels": 2})
    assert y.shape[1] == 8
    first = functional.conv2d(x, w["0.0.weight"], w["0.0.bias"]).relu()
    last = functional.max_pool2d(x, 3, stride=1, padding=1)
    last = functional.conv2d(last, w["3.1.weight"], w["3.1.bias"]).relu()
    torch.testing.assert_close(y[:, :2], first)
    torch.testing.assert_close(y[:, 6:], last)


def test_a_depthwise_filter_sees_one_channel() -> None:
    engine, _ = engine_of(digits([CONV, {"kind": "depthwise_separable", "channels": 6}]))
    weights = engine.weights()
    assert weights["3.weight"].shape == (4, 1, 3, 3)
    assert weights["6.weight"].shape == (6, 4, 1, 1)


def test_an_inverted_residual_is_wide_inside() -> None:
    engine, _ = engine_of(digits([CONV, {"kind": "inverted_residual", "channels": 4}]))
    shapes = [w.shape for name, w in engine.weights().items() if w.ndim == 4]
    assert shapes == [(4, 1, 3, 3), (16, 4, 1, 1), (16, 1, 3, 3), (4, 16, 1, 1)]


# Looking inside.


def test_feature_maps_are_what_the_layers_give() -> None:
    layers = [CONV, POOL, {"kind": "global_pool"}, {"kind": "linear", "units": 3}]
    engine, dataset = engine_of(digits(layers))
    maps = engine.feature_maps(dataset.test.inputs[:1])
    assert [one.shape for one in maps] == [(4, 6, 6), (4, 3, 3), (4,), (3,)]
    assert all(one.dtype == np.float32 and not one.flags.writeable for one in maps)
    w = tensors(engine, "1.")
    x = torch.tensor(dataset.test.inputs[:1]).reshape(1, 1, 8, 8)
    expected = functional.conv2d(x, w["weight"], w["bias"]).relu()
    torch.testing.assert_close(torch.tensor(maps[0])[None], expected)
    torch.testing.assert_close(torch.tensor(maps[1])[None], functional.max_pool2d(expected, 2))


def test_the_units_of_a_layer_for_images_are_its_channels() -> None:
    engine, dataset = engine_of(digits([CONV, POOL, {"kind": "linear", "units": 3}]))
    values = engine.neurons(dataset.test.inputs[:5])
    assert [one.shape for one in values] == [(5, 4), (5, 4), (5, 3)]
    np.testing.assert_allclose(
        values[0][0], engine.feature_maps(dataset.test.inputs[:1])[0].mean((1, 2)), rtol=1e-5
    )


def test_many_images_are_evaluated_in_parts() -> None:
    experiment = digits([{"kind": "conv", "channels": 64}, {"kind": "global_pool"}])
    engine, dataset = engine_of(experiment)
    whole, score = engine.predict(dataset.test.inputs), engine.evaluate("test")
    engine._evaluation_rows = 100
    np.testing.assert_allclose(engine.predict(dataset.test.inputs), whole, rtol=1e-5)
    parts = engine.evaluate("test")
    assert score is not None
    assert parts is not None
    assert parts.loss == pytest.approx(score.loss)
    large = digits([{"kind": "conv", "channels": 256}], {"size": 28})
    assert Plan.of(large, prepare(large)).analysis.evaluation_rows == 2**24 // (256 * 28 * 28)


# Augmentation.

CHANGES = {"rotation": 10.0, "crop": 1, "jitter": 0.1}


def test_augmented_training_is_repeatable_and_leaves_evaluation_alone() -> None:
    (one, data), (two, _) = (engine_of(digits([CONV], augmentation=CHANGES)) for _ in range(2))
    plain, _ = engine_of(digits([CONV]))
    assert one.evaluate("train") == plain.evaluate("train")
    for engine in (one, two, plain):
        train(engine, data, epochs=2)
    assert same(one.weights(), two.weights())
    assert not same(one.weights(), plain.weights())


def test_a_step_sees_what_the_core_makes() -> None:
    experiment = digits([], {"standardize": True}, augmentation=CHANGES)
    engine, dataset = engine_of(experiment)
    start = tensors(engine)
    rows = np.arange(len(dataset.train))
    engine.train(rows[None], len(rows), np.array([0.05]))
    raw = dataset.points.x[~dataset.points.held_out]
    random = augmenting_random(experiment.training.seed)
    changed = augment(raw, (1, 8, 8), experiment.training.augmentation, random)
    x = torch.tensor(dataset.prepare(changed))
    w, b = start["0.weight"].requires_grad_(), start["0.bias"].requires_grad_()
    functional.cross_entropy(x @ w.T + b, torch.tensor(dataset.train.targets)).backward()
    assert w.grad is not None
    np.testing.assert_allclose(
        engine.weights()["0.weight"], (w - 0.05 * w.grad).detach(), atol=1e-6
    )


def test_jitter_moves_points_before_their_features_are_made() -> None:
    experiment = Experiment.parse(
        {
            "data": {"kind": "generated", "samples": 40},
            "model": {"features": ["x1", "x1^2"], "layers": []},
            "training": {"engine": "torch", "augmentation": {"jitter": 0.5}},
        }
    )
    engine, dataset = engine_of(experiment)
    assert engine._changes is not None
    seen = engine._changes.take(np.arange(len(dataset.train)))
    assert not np.allclose(seen, dataset.train.inputs)
    np.testing.assert_allclose(seen[:, 1], seen[:, 0] ** 2, rtol=1e-5)


@pytest.mark.parametrize("kind", [NumpyEngine, CompiledEngine])
def test_other_engines_leave_images_and_augmentation_to_torch(kind: Any) -> None:
    for experiment, words in (
        (digits([CONV]), "hidden layer 1, 'conv'"),
        (digits([], augmentation=CHANGES), "with augmentation"),
    ):
        plan = Plan.of(experiment, prepare(experiment))
        assert words in kind.obstacle(plan)
        auto = experiment.with_setting("training.engine", "auto")
        selection = select(Plan.of(auto, prepare(auto)))
        assert selection.engine is TorchEngine
        assert words in selection.reason
        with pytest.raises(EngineError, match=words):
            select(Plan.of(experiment.with_setting("training.engine", "numpy"), prepare(auto)))


def test_settings_for_images_do_nothing_to_points() -> None:
    experiment = Experiment.parse({"training": {"augmentation": {"rotation": 30.0}}})
    assert NumpyEngine.obstacle(Plan.of(experiment, prepare(experiment))) is None


# Families.


@pytest.mark.parametrize("key", FAMILIES.keys())
def test_every_family_fits_its_digits(key: str) -> None:
    experiment = family_experiment(key)
    family = FAMILIES[key].value
    image = (1, family.size, family.size)
    analysis = Plan(experiment, family.size**2, 10, 10, image, 1257).analysis
    assert not analysis.faults
    assert analysis.inputs == image
    assert 1_000 < analysis.parameters < 200_000


def test_a_family_learns_the_digits() -> None:
    experiment = family_experiment("resnet").with_setting("data.size", 8)
    result = train_to_end(experiment, epochs=4)
    assert result.test_accuracy is not None
    assert result.test_accuracy > 0.93
