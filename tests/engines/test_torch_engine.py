"""The reference engine against plain PyTorch written out here."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from playground.core.data.dataset import Dataset, prepare
from playground.core.experiment.experiment import Experiment, Regularization
from playground.core.network.activations import ACTIVATIONS
from playground.core.network.layers import LAYERS
from playground.core.training.losses import LOSSES
from playground.core.training.optimizers import OPTIMIZERS
from playground.engines.contract.base import Plan, Weights
from playground.engines.loop.headless import train_to_end
from playground.engines.pytorch.network import initial_weights
from playground.engines.pytorch.torch_engine import TorchEngine

TANH = {"kind": "linear", "units": 6, "activation": "tanh"}
DROPOUT = {"kind": "dropout", "p": 0.2}


def experiment_with(
    layers: list[dict[str, Any]] | None = None, data: dict[str, Any] | None = None, **training: Any
) -> Experiment:
    return Experiment.parse(
        {
            "data": {"kind": "generated", "samples": 100, "noise": 0.1, **(data or {})},
            "model": {"layers": [TANH] if layers is None else layers},
            "training": {"engine": "torch", **training},
        }
    )


def engine_of(experiment: Experiment) -> tuple[TorchEngine, Dataset]:
    dataset = prepare(experiment)
    engine = TorchEngine(Plan.of(experiment, dataset))
    engine.load(dataset)
    return engine, dataset


def rows_of(dataset: Dataset) -> np.ndarray:
    return np.arange(len(dataset.train))[None]


def train(engine: TorchEngine, dataset: Dataset, epochs: int = 1, rate: float = 0.03) -> None:
    for _ in range(epochs):
        engine.train(rows_of(dataset), 10, np.array([rate]))


def same(one: Weights, other: Weights) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[k], other[k]) for k in one)


# The same curve as a plain loop.

PLAIN_LAYERS = {
    "dense": ([TANH, TANH], lambda: [nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 6), nn.Tanh()]),
    "dropout": (
        [TANH, DROPOUT, TANH],
        lambda: [nn.Linear(2, 6), nn.Tanh(), nn.Dropout(0.2), nn.Linear(6, 6), nn.Tanh()],
    ),
}
PLAIN_OPTIMIZERS: dict[str, Callable[[Any], torch.optim.Optimizer]] = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.03),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=0.03),
    "rmsprop": lambda parameters: torch.optim.RMSprop(parameters, lr=0.03),
}


def plain_curve(
    data: Dataset, layers: str, optimizer: str, size: int, epochs: int
) -> Iterator[tuple[float, float]]:
    """(training loss, test loss) before training and after each epoch."""
    x, y = torch.tensor(data.train.inputs), torch.tensor(data.train.targets)
    x_test, y_test = torch.tensor(data.test.inputs), torch.tensor(data.test.targets)
    torch.manual_seed(42)
    model = nn.Sequential(*PLAIN_LAYERS[layers][1](), nn.Linear(6, 2))
    steps = PLAIN_OPTIMIZERS[optimizer](model.parameters())
    order = np.random.default_rng(42)
    for epoch in range(epochs + 1):
        if epoch:
            model.train()
            rows = order.permutation(len(x))
            for start in range(0, len(x), size):
                batch = rows[start : start + size]
                steps.zero_grad()
                functional.cross_entropy(model(x[batch]), y[batch]).backward()
                steps.step()
        model.eval()
        with torch.no_grad():
            yield (
                functional.cross_entropy(model(x), y).item(),
                functional.cross_entropy(model(x_test), y_test).item(),
            )


@pytest.mark.parametrize("layers", PLAIN_LAYERS)
@pytest.mark.parametrize("optimizer", PLAIN_OPTIMIZERS)
@pytest.mark.parametrize(("size", "epochs"), [(10, 40), (7, 25), ("full", 200)])
def test_the_curve_is_that_of_a_plain_loop(
    layers: str, optimizer: str, size: int | str, epochs: int
) -> None:
    kind = {"kind": optimizer, "learning_rate": 0.03}
    experiment = experiment_with(PLAIN_LAYERS[layers][0], optimizer=kind, batch_size=size)
    result = train_to_end(experiment, epochs=epochs, evaluate_every=1)
    assert result.steps == 200
    with torch.random.fork_rng(devices=[]):
        rows = size if isinstance(size, int) else len(result.dataset.train)
        expected = list(plain_curve(result.dataset, layers, optimizer, rows, epochs))
    curve = [(point.train.loss, point.test.loss) for point in result.curve if point.test]
    np.testing.assert_allclose(curve, expected, rtol=1e-6)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_optimizer_steps_like_torchs_own(kind: str) -> None:
    experiment = experiment_with(optimizer={"kind": kind, "learning_rate": 0.01})
    engine, dataset = engine_of(experiment)
    train(engine, dataset, epochs=4, rate=0.01)
    settings = experiment.training.optimizer
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(42)
        model = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 2))
    optimizer = getattr(torch.optim, settings.torch_name)(model.parameters(), lr=0.01)
    x, y = torch.tensor(dataset.train.inputs), torch.tensor(dataset.train.targets)

    def closure(batch: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(batch), targets)
        loss.backward()
        return loss

    for _ in range(4):
        for batch, targets in zip(x.split(10), y.split(10), strict=True):
            optimizer.step(partial(closure, batch, targets))
    for name, tensor in model.state_dict().items():
        np.testing.assert_allclose(engine.weights()[name], tensor, rtol=1e-5, atol=1e-7)


# Everything can be trained.


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_optimizer_learns(kind: str, dtype: str) -> None:
    engine, dataset = engine_of(experiment_with(optimizer={"kind": kind}, dtype=dtype))
    before = engine.evaluate("train")
    # Adadelta finds its own step sizes; the last two are made for full batches.
    rate, size = 1.0 if kind == "adadelta" else 0.01, 50 if kind in ("rprop", "lbfgs") else 10
    for _ in range(5):
        engine.train(rows_of(dataset), size, np.array([rate]))
    after = engine.evaluate("train")
    assert before is not None
    assert after is not None
    assert after.loss < before.loss
    assert all(str(array.dtype) == dtype for array in engine.weights().values())


@pytest.mark.parametrize("kind", [k for k, layer in LAYERS.items() if layer.takes != "image"])
def test_every_layer_learns(kind: str) -> None:
    engine, dataset = engine_of(experiment_with([TANH, {"kind": kind}, TANH]))
    before = engine.weights()
    train(engine, dataset, epochs=3)
    for name, array in engine.weights().items():
        assert np.isfinite(array).all()
        assert not np.array_equal(array, before[name]), name


@pytest.mark.parametrize("activation", ACTIVATIONS.keys())
@pytest.mark.parametrize("kind", ["linear", "residual"])
def test_every_activation_is_the_one_of_its_name(activation: str, kind: str) -> None:
    layer = {"kind": kind, "activation": activation}
    engine, dataset = engine_of(experiment_with([layer], dtype="float64"))
    weights, x = engine.weights(), dataset.train.inputs.astype(np.float64)
    f = ACTIVATIONS[activation].value.f
    (hidden,) = engine.neurons(dataset.train.inputs)
    if kind == "linear":
        expected = f(x @ weights["0.weight"].T + weights["0.bias"])
    else:
        last = "1" if activation == "linear" else "2"
        inner = f(x @ weights["0.0.weight"].T + weights["0.0.bias"])
        expected = x + inner @ weights[f"0.{last}.weight"].T + weights[f"0.{last}.bias"]
    np.testing.assert_allclose(hidden, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("loss", LOSSES.keys())
def test_every_loss_is_the_one_of_its_name(loss: str) -> None:
    regression = LOSSES[loss].value.regression
    data = {"generator": "hills" if regression else "circle", "samples": 60}
    engine, dataset = engine_of(experiment_with(data=data, loss=loss))
    outputs = torch.tensor(engine.predict(dataset.test.inputs), dtype=torch.float64)
    targets = torch.tensor(dataset.test.targets)
    score = engine.evaluate("test")
    assert score is not None
    error = outputs[:, 0] - targets
    size = error.abs()
    expected = {
        "cross_entropy": lambda: -outputs[range(30), targets].log().mean(),
        "bce_with_logits": lambda: -outputs[range(30), targets].log().mean(),
        "mse": lambda: (error**2).mean(),
        "sse": lambda: (error**2).sum(),
        "l1": lambda: size.mean(),
        "huber": lambda: torch.where(size < 1, error**2 / 2, size - 0.5).mean(),
    }[loss]()
    assert score.loss == pytest.approx(expected.item(), rel=1e-5)
    if regression:
        assert score.accuracy is None
    else:
        right = outputs.argmax(dim=1) == targets
        assert score.accuracy == pytest.approx(right.double().mean().item())
        assert outputs.sum(dim=1).numpy() == pytest.approx(np.ones(30), abs=1e-6)
    train(engine, dataset, epochs=5, rate=0.01)
    after = engine.evaluate("test")
    assert after is not None
    assert np.isfinite(after.loss)


@pytest.mark.parametrize("initializer", ["default", "xavier", "kaiming", "normal", "zeros"])
def test_initializers(initializer: str) -> None:
    layers = [{"kind": "linear", "units": 200, "activation": "relu"}] * 2
    experiment = experiment_with(layers).with_setting("model.initializer", initializer)
    plan = Plan.of(experiment, prepare(experiment))
    weights = initial_weights(plan)
    square, bias = weights["2.weight"], weights["2.bias"]
    # Deviations: U(-1/sqrt n, 1/sqrt n); sqrt(2 / 2n); sqrt(2 / n).
    deviation = {
        "default": 1 / np.sqrt(3 * 200),
        "xavier": np.sqrt(2 / 400),
        "kaiming": np.sqrt(2 / 200),
        "normal": 0.5,
        "zeros": 0.0,
    }[initializer]
    assert square.std() == pytest.approx(deviation, rel=0.02)
    assert bias.any() == (initializer == "default")
    assert plan.analysis.parameters == 2 * 200 + 200 + 200 * 200 + 200 + 200 * 2 + 2
    assert same(TorchEngine(plan).weights(), weights)


def test_layers_without_a_bias() -> None:
    experiment = experiment_with([TANH | {"bias": False}]).with_setting("model.output.bias", False)
    engine, _ = engine_of(experiment)
    assert list(engine.weights()) == ["0.weight", "2.weight"]


# The penalty.


@pytest.mark.parametrize("kind", ["l1", "l2"])
def test_the_penalty_and_its_gradient_are_those_stated(kind: str) -> None:
    layers = [TANH, {"kind": "residual"}, {"kind": "layer_norm"}]
    experiment = experiment_with(
        layers,
        optimizer={"kind": "sgd", "learning_rate": 1.0},
        regularization={"kind": kind, "rate": 0.1},
        batch_size="full",
        dtype="float64",
    )
    engine, dataset = engine_of(experiment)
    start = engine.weights()
    plain, _ = engine_of(experiment.with_setting("training.regularization.kind", "none"))
    weights = {name: torch.tensor(array, requires_grad=True) for name, array in start.items()}
    penalized = [t for name, t in weights.items() if name.endswith("weight") and t.ndim == 2]
    assert len(penalized) == 4
    size = sum((t.abs() if kind == "l1" else t**2 / 2).sum() for t in penalized)
    penalty = 0.1 * torch.as_tensor(size)
    penalty.backward()
    assert engine.penalty() == pytest.approx(penalty.item())
    assert plain.penalty() == 0.0
    for one in (engine, plain):
        one.train(rows_of(dataset), 50, np.array([1.0]))
    for name, tensor in weights.items():
        gradient = np.zeros(start[name].shape) if tensor.grad is None else tensor.grad.numpy()
        difference = plain.weights()[name] - engine.weights()[name]
        np.testing.assert_allclose(difference, gradient, atol=1e-12, err_msg=name)


def test_l1_lets_weights_come_back_from_zero() -> None:
    experiment = experiment_with([], regularization={"kind": "l1", "rate": 1e-3})
    engine, dataset = engine_of(experiment)
    engine.set_weights({name: array * 0 for name, array in engine.weights().items()})
    train(engine, dataset)
    assert (engine.weights()["0.weight"] != 0).all()


def test_the_penalty_acts_from_the_next_step_on() -> None:
    engine, dataset = engine_of(experiment_with(optimizer={"kind": "sgd"}))
    before = np.abs(engine.weights()["0.weight"]).sum()
    engine.regularize(Regularization(kind="l2", rate=1.0))
    train(engine, dataset, epochs=20)
    assert np.abs(engine.weights()["0.weight"]).sum() < before / 2
    engine.regularize(Regularization(kind="l2", rate=0.0))
    assert engine.penalty() == 0.0


# What must not disturb the training.


def test_dropout_leaves_torchs_own_generator_alone() -> None:
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    engine, dataset = engine_of(experiment_with([TANH, DROPOUT]))
    train(engine, dataset)
    engine.evaluate("train")
    assert torch.equal(torch.rand(3), expected)


def test_what_others_draw_leaves_dropout_alone() -> None:
    (one, data), (two, _) = (engine_of(experiment_with([TANH, DROPOUT])) for _ in range(2))
    for _ in range(3):
        train(one, data)
        torch.rand(7)
        train(two, data)
    assert same(one.weights(), two.weights())


@pytest.mark.parametrize("layer", [TANH, DROPOUT, {"kind": "batch_norm"}])
def test_looking_changes_nothing(layer: dict[str, Any]) -> None:
    (seen, data), (unseen, _) = (engine_of(experiment_with([TANH, layer])) for _ in range(2))
    for _ in range(3):
        train(seen, data)
        train(unseen, data)
        seen.evaluate("train")
        seen.evaluate("test")
        seen.predict(data.test.inputs)
        seen.neurons(data.test.inputs)
        seen.weights()
        seen.penalty()
    assert same(seen.weights(), unseen.weights())


def test_looking_means_evaluation_mode() -> None:
    engine, data = engine_of(experiment_with([TANH, {"kind": "dropout", "p": 0.9}]))
    train(engine, data)
    assert np.array_equal(engine.predict(data.test.inputs), engine.predict(data.test.inputs))


def test_weights_are_copies() -> None:
    engine, data = engine_of(experiment_with())
    weights = engine.weights()
    kept = {name: array.copy() for name, array in weights.items()}
    train(engine, data)
    assert same(weights, kept)
    assert not same(engine.weights(), kept)
    assert not any(array.flags.writeable for array in weights.values())
    engine.set_weights(kept)
    assert same(engine.weights(), kept)
    train(engine, data)
    assert same(weights, kept)


def test_forgetting_starts_the_optimizer_anew() -> None:
    (one, data), (two, _) = (engine_of(experiment_with()) for _ in range(2))
    start = one.weights()
    train(one, data, epochs=3)
    one.set_weights(start)
    one.forget()
    for engine in (one, two):
        train(engine, data)
    assert same(one.weights(), two.weights())


# Batch normalisation.


def test_a_remainder_of_one_row_uses_the_running_statistics() -> None:
    experiment = experiment_with([TANH, {"kind": "batch_norm"}], data={"samples": 42}, batch_size=4)
    engine, data = engine_of(experiment)
    assert len(data.train) % 4 == 1
    engine.train(rows_of(data), 4, np.array([0.03]))
    weights = engine.weights()
    assert weights["2.num_batches_tracked"] == 5  # not the sixth
    assert all(np.isfinite(array).all() for array in weights.values())


def test_batch_size_one_never_trains_batch_norm_by_statistics() -> None:
    engine, data = engine_of(experiment_with([TANH, {"kind": "batch_norm"}]))
    engine.train(rows_of(data), 1, np.array([0.03]))
    assert engine.weights()["2.num_batches_tracked"] == 0


# Data.


def test_other_data_may_be_loaded_while_training() -> None:
    engine, data = engine_of(experiment_with())
    train(engine, data)
    for samples in (20, 300):
        other = prepare(experiment_with(data={"samples": samples}))
        engine.load(other)
        train(engine, other)
        score = engine.evaluate("train")
        assert score is not None
        assert np.isfinite(score.loss)


def test_an_empty_split_has_no_score() -> None:
    engine, _ = engine_of(experiment_with(data={"test_ratio": 0.0}))
    assert engine.evaluate("test") is None


def test_what_neurons_give() -> None:
    layers = [TANH, DROPOUT, {"kind": "residual"}, {"kind": "linear", "units": 3}]
    engine, data = engine_of(experiment_with(layers))
    values = engine.neurons(data.test.inputs)
    assert [layer.shape for layer in values] == [(50, 6), (50, 6), (50, 6), (50, 3)]
    assert np.array_equal(values[0], values[1])
    assert all(layer.dtype == np.float32 and not layer.flags.writeable for layer in values)
    logits = values[-1] @ engine.weights()["6.weight"].T + engine.weights()["6.bias"]
    expected = functional.softmax(torch.tensor(logits), dim=1)
    np.testing.assert_allclose(engine.predict(data.test.inputs), expected, rtol=1e-5)
