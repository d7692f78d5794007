"""A run that begins with a checkpoint, which has been in a file, is the run that was never
interrupted.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load

import playground
from playground.core.data.dataset import Dataset, prepare
from playground.core.errors import EngineError, PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.checkpoint import Checkpoint
from playground.engines.contract.run_control import CurvePoint, RunControl, Snapshot, State
from playground.engines.loop.headless import train_to_end
from playground.engines.loop.progress import Progress
from playground.engines.pytorch.torch_engine import TorchEngine
from playground.engines.tensor_file import tensor_pieces

EPOCHS = 14
SCHEDULES: list[dict[str, Any]] = [
    {"kind": "constant"},
    {"kind": "one_cycle", "period": 10},
    {"kind": "plateau", "patience": 0, "gamma": 0.7},
    {"kind": "plateau", "patience": 2},
]
STOPS: list[dict[str, Any]] = [{}, {"patience": 3}, {"loss_below": 0.4}, {"accuracy_above": 0.9}]


def experiment_with(**training: Any) -> Experiment:
    data = {"kind": "generated", "generator": "moons", "samples": 60, "noise": 0.2}
    layers = [{"kind": "linear", "units": 6}]
    raw = {"data": data, "model": {"layers": layers}, "training": {"epochs": EPOCHS, **training}}
    return Experiment.parse(raw)


experiments = st.builds(
    experiment_with,
    engine=st.sampled_from(["torch", "numpy", "compiled"]),
    optimizer=st.sampled_from(
        [
            {"kind": "sgd", "learning_rate": 0.1, "momentum": 0.9},
            {"kind": "adam", "learning_rate": 0.1},
            {"kind": "adadelta", "learning_rate": 1.0},
        ]
    ),
    schedule=st.sampled_from(SCHEDULES),
    stop=st.sampled_from(STOPS),
    batch_size=st.sampled_from([7, 10, "full"]),
    seed=st.integers(0, 1000),
)


def filed(checkpoint: Checkpoint) -> Checkpoint:
    """The checkpoint after it was written and read again."""
    file = io.BytesIO()
    np.savez(file, **checkpoint.arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        return Checkpoint.of(dict(arrays))


def in_safetensors(checkpoint: Checkpoint) -> Checkpoint:
    content = b"".join(bytes(piece) for piece in tensor_pieces(checkpoint.arrays()))
    return Checkpoint.of(load(content))


def same(one: Checkpoint, other: Checkpoint) -> bool:
    first, second = one.arrays(), other.arrays()
    return first.keys() == second.keys() and all(
        np.array_equal(first[name], second[name]) for name in first
    )


def begun(point: CurvePoint) -> CurvePoint:
    """A point as one that a run begins with: its rate is that of the epoch which then comes."""
    return replace(point, learning_rate=0.0)


def to_the_end(progress: Progress, steps: int) -> None:
    while progress.state == State.RUNNING:
        progress.take(progress.steps_within(steps))


@settings(max_examples=15, deadline=None)
@given(experiment=experiments, first=st.integers(0, EPOCHS))
def test_a_result_is_gone_on_from(experiment: Experiment, first: int) -> None:
    whole = playground.train(experiment)
    part = playground.train(experiment, epochs=first)
    rest = playground.train(experiment, start=filed(part.checkpoint))
    assert begun(rest.curve[0]) == begun(part.curve[-1])
    assert part.curve + rest.curve[1:] == whole.curve
    assert (rest.message, rest.steps) == (whole.message, whole.steps)
    assert same(rest.checkpoint, whole.checkpoint)


@pytest.mark.parametrize("engine", ["torch", "numpy", "compiled"])
def test_a_run_that_was_stopped_is_gone_on_with(engine: str) -> None:
    """As after Ctrl+C; through the format of a file of weights."""
    dropout = [{"kind": "linear", "units": 6}, {"kind": "dropout", "p": 0.2}]
    experiment = experiment_with(engine=engine, epochs=300, optimizer={"kind": "adam"})
    if engine == "torch":
        experiment = experiment.with_setting("model.layers", dropout)
    control = RunControl()

    def stop_early(snapshot: Snapshot) -> None:
        if snapshot.epoch >= 7:
            control.stop()

    part = train_to_end(experiment, control=control, watch=stop_early)
    assert 7 <= part.epochs < 300
    rest = train_to_end(experiment, start=in_safetensors(part.checkpoint))
    assert same(rest.checkpoint, train_to_end(experiment).checkpoint)


@settings(max_examples=15, deadline=None)
@given(experiment=experiments, steps=st.integers(0, 80), stride=st.integers(1, 20))
def test_within_an_epoch_too(experiment: Experiment, steps: int, stride: int) -> None:
    dataset = prepare(experiment)
    whole, first = (Progress(experiment, dataset, 1) for _ in range(2))
    to_the_end(whole, 1)
    while first.step < steps and first.state == State.RUNNING:
        first.take(1)
    second = Progress(experiment, dataset, 1, start=filed(first.checkpoint()))
    to_the_end(second, stride)
    behind = [point for point in whole.curve if point.epoch >= second.curve[0].epoch]
    assert begun(second.curve[0]) == begun(behind[0])
    assert second.curve[1:] == behind[1:]
    assert second.message == whole.message
    assert same(second.checkpoint(), whole.checkpoint())


def exploding() -> tuple[Experiment, Dataset]:
    experiment = experiment_with(
        engine="numpy",
        loss="mse",
        epochs=100,
        optimizer={"kind": "sgd", "learning_rate": 5.0, "momentum": 0.9},
        schedule={"kind": "one_cycle", "period": 60},
    )
    experiment = experiment.with_setting("data.generator", "hills")
    linear = {"kind": "linear", "units": 8, "activation": "linear"}
    experiment = experiment.with_setting("model.layers", [linear] * 3)
    return experiment, prepare(experiment)


def test_a_run_that_breaks_goes_back_to_where_it_would_have() -> None:
    experiment, dataset = exploding()
    whole = Progress(experiment, dataset, 7)
    to_the_end(whole, 1)
    assert whole.state == State.DIVERGED
    first = Progress(experiment, dataset, 7)
    while first.step < whole.step + 2:
        first.take(1)
    checkpoint = first.checkpoint()
    assert checkpoint.good.step < checkpoint.step
    second = Progress(experiment, dataset, 7, start=filed(checkpoint))
    to_the_end(second, 1)
    assert (second.state, second.epoch, second.step) == (whole.state, whole.epoch, whole.step)
    assert same(second.checkpoint(), whole.checkpoint())


def test_other_data_are_learned_from_where_it_was() -> None:
    """A permutation of rows that are gone is not gone on with; everything else is."""
    experiment = experiment_with(engine="numpy", epochs=3)
    result = playground.train(experiment)
    more = experiment.with_setting("data.samples", 90).with_setting("training.epochs", 5)
    rest = playground.train(more, start=filed(result.checkpoint))
    assert rest.epochs == 5
    assert rest.steps > result.steps


def test_a_checkpoint_that_does_not_fit_is_refused() -> None:
    experiment = experiment_with(engine="torch", epochs=2, optimizer={"kind": "adam"})
    start = playground.train(experiment).checkpoint
    other = experiment.with_setting("model.layers", [{"kind": "linear", "units": 7}])
    with pytest.raises(EngineError, match=r"left by another network, as '\d.\w+' shows"):
        playground.train(other, start=start)
    other = experiment.with_setting("training.optimizer", {"kind": "rmsprop"})
    with pytest.raises(EngineError, match=r"another optimizer, as '0.weight.\w+' shows"):
        playground.train(other, start=start)
    broken = {name: array * np.nan for name, array in start.engine.weights.items()}
    nothing = replace(start, engine=replace(start.engine, weights=broken))
    with pytest.raises(PlaygroundError, match="go on from an earlier one"):
        playground.train(experiment, start=nothing)


def test_the_engine_may_change() -> None:
    experiment = experiment_with(engine="numpy", epochs=10, optimizer={"kind": "adam"})
    start = filed(playground.train(experiment, epochs=5).checkpoint)
    expected = playground.train(experiment)
    for engine in ("torch", "compiled"):
        rest = playground.train(experiment.with_setting("training.engine", engine), start=start)
        assert rest.info.engine == engine
        np.testing.assert_allclose(rest.train_loss, expected.train_loss, rtol=1e-4)


def test_a_moment_in_the_middle_is_small() -> None:
    """Nothing but numbers is kept: three arrays a weight, the order of rows, and what to go back
    to.
    """
    experiment = experiment_with(engine="torch", optimizer={"kind": "adam"})
    progress = Progress(experiment, prepare(experiment), 1)
    progress.take(3)
    assert isinstance(progress.engine, TorchEngine)
    size = sum(array.nbytes for array in progress.checkpoint().arrays().values())
    weights = sum(array.nbytes for array in progress.engine.weights().values())
    assert size < 4 * weights + 1000
