"""A state that an engine leaves goes through a file into a fresh engine, which then takes the steps
that the first one would have taken: to the bit in an engine of the same class, and as far as two
engines agree in another one.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from playground.core.data.dataset import Dataset, prepare
from playground.core.errors import EngineError
from playground.core.experiment.experiment import Experiment
from playground.core.training.optimizers import OPTIMIZERS
from playground.engines.compiled.compiled_engine import CompiledEngine
from playground.engines.contract.base import Engine, Plan, Weights
from playground.engines.contract.state import EngineState, put_words, words_of
from playground.engines.numpy.numpy_engine import NumpyEngine
from playground.engines.numpy.numpy_optimizers import MEMORY, UPDATES
from playground.engines.pytorch.torch_engine import TorchEngine

ENGINES: tuple[type[Engine], ...] = (TorchEngine, NumpyEngine, CompiledEngine)
ROWS = 40
"""Rows that are trained on; there may be more."""

RATES = {
    **{"lbfgs": 0.3, "adadelta": 0.3, "adagrad": 0.01, "sgd": 0.01},
    **{"rprop": 0.0001, "rmsprop": 0.0005},
}
"""At these the loss falls steadily, behind a residual block, too: where it does not, PyTorch itself
goes another way once the last bit of a weight is another one.
"""
MEMORIES: list[dict[str, Any]] = [
    *({"kind": kind} for kind in OPTIMIZERS),
    {"kind": "sgd", "momentum": 0.8},
    {"kind": "sgd", "momentum": 0.8, "nesterov": True},
    {"kind": "rmsprop", "momentum": 0.5},
    {"kind": "adam", "betas": (0.8, 0.99), "weight_decay": 0.01},
    {"kind": "adagrad", "lr_decay": 0.01},
    {"kind": "lbfgs", "history_size": 3, "max_iter": 4},
]
"""Every optimizer, and settings by which it remembers something else."""

LINEAR = {"kind": "linear", "units": 5}
LAYERS: dict[str, list[dict[str, Any]]] = {
    "dense": [LINEAR, {**LINEAR, "units": 17, "activation": "relu", "bias": False}],
    "dropout": [LINEAR, {"kind": "dropout", "p": 0.3}, LINEAR, {"kind": "dropout", "p": 0.1}],
    "batch norm": [LINEAR, {"kind": "batch_norm"}, LINEAR],
    "residual": [LINEAR, {"kind": "residual"}, {"kind": "layer_norm"}],
    "convolution": [
        {"kind": "conv", "channels": 4},
        {"kind": "batch_norm"},
        {"kind": "pool"},
        {"kind": "dropout", "p": 0.2},
    ],
}


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def experiments() -> SearchStrategy[Experiment]:
    return st.builds(
        _experiment,
        st.sampled_from(list(LAYERS)),
        st.sampled_from(MEMORIES),
        st.fixed_dictionaries(
            {
                "batch_size": st.sampled_from([3, 10, "full"]),
                "seed": st.integers(0, 2**31),
                "dtype": st.sampled_from(["float32", "float64"]),
                "regularization": st.sampled_from(
                    [{"kind": "none"}, {"kind": "l1", "rate": 0.01}, {"kind": "l2", "rate": 0.01}]
                ),
                "augmentation": st.sampled_from([{}, {"jitter": 0.1}, {"rotation": 10.0}]),
            }
        ),
    )


def _experiment(layers: str, optimizer: dict[str, Any], training: dict[str, Any]) -> Experiment:
    random = np.random.default_rng(1)
    x = random.normal(size=(ROWS, 2)).astype(np.float32)
    points = {
        "kind": "points",
        "x": x.tolist(),
        "label": (x[:, 0] * x[:, 1] > 0).astype(int).tolist(),
        "class_names": ["like", "unlike"],
        "test": [],
    }
    images = {"kind": "digits"}
    rate = RATES.get(optimizer["kind"], 0.003)
    return Experiment.parse(
        {
            "data": images if layers == "convolution" else points,
            "model": {"layers": LAYERS[layers]},
            "training": {**training, "optimizer": {"learning_rate": rate, **optimizer}},
        }
    )


def as_engines_agree(experiment: Experiment) -> Experiment:
    """In float32, which all have. Rprop looks at signs, which the last digit of a sum over a batch
    may decide; it was made for full batches.
    """
    experiment = experiment.with_setting("training.dtype", "float32")
    if experiment.training.optimizer.kind == "rprop":
        experiment = experiment.with_setting("training.batch_size", "full")
        return experiment.with_setting("training.regularization", {"kind": "none"})
    return experiment


def prepared(experiment: Experiment) -> tuple[Plan, Dataset]:
    dataset = prepare(experiment)
    return Plan.of(experiment, dataset), dataset


def made(kind: type[Engine], plan: Plan, dataset: Dataset) -> Engine:
    engine = kind(plan)
    engine.load(dataset)
    return engine


def take(engine: Engine, plan: Plan, first: int, last: int) -> None:
    """The steps from the one to the other, with the rows and rates that those steps always have."""
    wanted = plan.experiment.training.batch_size
    size = ROWS if isinstance(wanted, str) else wanted
    rate = plan.experiment.training.optimizer.learning_rate
    for step in range(first, last):
        rows = np.random.default_rng(step).permutation(ROWS)[None, :size]
        engine.train(rows, size, np.array([rate * (1 - step / 1000)]))


def filed(state: EngineState) -> EngineState:
    """The state after it was written and read again."""
    file = io.BytesIO()
    np.savez(file, **state.arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        return EngineState.of(dict(arrays))


def same(one: Weights, other: Weights) -> bool:
    """Equal to the bit; also where L-BFGS on batches has run away to what is no number."""
    return one.keys() == other.keys() and all(
        one[name].dtype == other[name].dtype
        and np.array_equal(one[name], other[name], equal_nan=True)
        for name in one
    )


@pytest.mark.parametrize("kind", [NumpyEngine, CompiledEngine], ids=lambda kind: kind.key)
def test_torch_begins_from_a_state_without_steps(kind: type[Engine]) -> None:
    """Rprop's first steps are the learning rate, not the zeros that nobody has filled yet."""
    for optimizer in MEMORIES:
        plan, dataset = prepared(as_engines_agree(_experiment("dense", optimizer, {})))
        if kind.obstacle(plan) is None:
            first, begun, other = (made(one, plan, dataset) for one in (kind, *[TorchEngine] * 2))
            begun.set_state(filed(first.state()))
            for engine in (begun, other):
                take(engine, plan, 0, 5)
            assert same(begun.weights(), other.weights()), optimizer


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    experiment=experiments(),
    before=st.integers(0, 12),
    after=st.integers(1, 12),
    data=st.data(),
)
def test_a_fresh_engine_goes_on_to_the_bit(
    experiment: Experiment, before: int, after: int, data: st.DataObject
) -> None:
    plan, dataset = prepared(experiment)
    kind = data.draw(st.sampled_from([one for one in ENGINES if one.obstacle(plan) is None]))
    whole, first, second = (made(kind, plan, dataset) for _ in range(3))
    take(whole, plan, 0, before + after)
    take(first, plan, 0, before)
    state = first.state()
    take(first, plan, before, before + after)
    second.set_state(filed(state))
    take(second, plan, before, before + after)
    assert same(first.weights(), whole.weights()), "to take a state changes nothing"
    assert same(second.weights(), whole.weights())
    assert same(second.state().arrays(), whole.state().arrays())


@pytest.mark.parametrize("kind", [NumpyEngine, CompiledEngine], ids=lambda kind: kind.key)
def test_powers_of_many_steps_go_on_to_the_bit(kind: type[Engine]) -> None:
    """A power that was multiplied up step by step is another one than of `**`."""
    plan, dataset = prepared(_experiment("dense", {"kind": "adam"}, {"batch_size": 3}))
    whole, second = (made(kind, plan, dataset) for _ in range(2))
    take(whole, plan, 0, 300)
    second.set_state(filed(whole.state()))
    for engine in (whole, second):
        take(engine, plan, 300, 310)
    assert same(second.state().arrays(), whole.state().arrays())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    experiment=experiments().map(as_engines_agree),
    before=st.integers(0, 60),
    data=st.data(),
)
def test_another_engine_goes_on_as_well(
    experiment: Experiment, before: int, data: st.DataObject
) -> None:
    plan, dataset = prepared(experiment)
    able = [kind for kind in ENGINES if kind.obstacle(plan) is None]
    if len(able) == 1:
        return
    steps, tolerance = 60, 1e-4
    if experiment.training.optimizer.kind == "rprop":  # as in the conformance tests
        before, steps, tolerance = before % 25, 20, 1e-3
    one, other = data.draw(st.permutations(able))[:2]
    whole, second = made(one, plan, dataset), made(other, plan, dataset)
    take(whole, plan, 0, before)
    second.set_state(filed(whole.state()))
    for step in range(before, before + steps, 10):
        for engine in (whole, second):
            take(engine, plan, step, step + 10)
        expected, found = whole.evaluate("train"), second.evaluate("train")
        assert expected is not None
        assert found is not None
        np.testing.assert_allclose(found.loss, expected.loss, rtol=tolerance)


def test_the_memory_is_that_of_torch() -> None:
    """Every engine calls it by the names of torch.optim, in the shapes that it has there."""
    for optimizer in MEMORIES:
        plan, dataset = prepared(_experiment("dense", optimizer, {}))
        states = []
        for kind in ENGINES:
            if kind.obstacle(plan) is None:
                engine = made(kind, plan, dataset)
                take(engine, plan, 0, 3)
                states.append(engine.state())
        reference, *others = states
        assert reference.optimizer or optimizer == {"kind": "sgd"}
        for other in others:
            for name, array in reference.optimizer.items():
                assert other.optimizer[name].shape == array.shape
                np.testing.assert_allclose(other.optimizer[name], array, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("kind", ENGINES, ids=lambda kind: kind.key)
def test_a_state_is_a_copy_that_nobody_changes(kind: type[Engine]) -> None:
    plan, dataset = prepared(_experiment("dense", {"kind": "adam"}, {}))
    engine = made(kind, plan, dataset)
    take(engine, plan, 0, 2)
    state = engine.state()
    before = {name: array.copy() for name, array in state.arrays().items()}
    take(engine, plan, 2, 4)
    assert same(state.arrays(), before)
    assert not any(array.flags.writeable for array in state.arrays().values())


@pytest.mark.parametrize("kind", ENGINES, ids=lambda kind: kind.key)
def test_a_foreign_state_is_refused_and_changes_nothing(kind: type[Engine]) -> None:
    plan, dataset = prepared(_experiment("dense", {"kind": "adam"}, {}))
    engine = made(kind, plan, dataset)
    take(engine, plan, 0, 2)
    before = engine.state()
    foreign = {"network": ("residual", "adam"), "optimizer": ("dense", "adadelta")}
    for thing, (layers, optimizer) in foreign.items():
        other, its_data = prepared(_experiment(layers, {"kind": optimizer}, {}))
        stranger = made(TorchEngine, other, its_data)
        take(stranger, other, 0, 2)
        with pytest.raises(EngineError, match=f"left by another {thing}, as '"):
            engine.set_state(stranger.state())
        assert same(engine.state().arrays(), before.arrays())


@given(seed=st.integers(0, 2**31), words=st.integers(0, 9), halves=st.integers(0, 9))
def test_a_generator_of_numpy_goes_on(seed: int, words: int, halves: int) -> None:
    random = np.random.default_rng(seed)
    random.random(words)
    random.integers(0, 2**32, halves, dtype=np.uint32)  # half a word may be left over
    other = np.random.default_rng()
    put_words(words_of(random), other)
    assert np.array_equal(other.permutation(9), random.permutation(9))
    assert np.array_equal(other.random(5, np.float32), random.random(5, np.float32))


def test_what_every_optimizer_remembers_has_a_name() -> None:
    assert MEMORY.keys() == UPDATES.keys()
