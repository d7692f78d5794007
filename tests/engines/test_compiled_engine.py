"""What only the compiled engine can get wrong; whether it learns as PyTorch does is tested
elsewhere.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import special

from playground.core.data.dataset import Dataset, prepare
from playground.core.experiment.experiment import Experiment
from playground.engines.compiled import compiled_engine
from playground.engines.compiled.compiled_engine import CompiledEngine
from playground.engines.contract.base import Engine, Plan
from playground.engines.numpy.numpy_engine import NumpyEngine


def prepared(
    units: list[int],
    kind: type[Engine] = CompiledEngine,
    generator: str = "spiral",
    samples: int = 100,
    bias: bool = True,
    **training: Any,
) -> tuple[Engine, Dataset]:
    experiment = Experiment.parse(
        {
            "data": {"kind": "generated", "generator": generator, "samples": samples},
            "model": {
                "layers": [{"kind": "linear", "units": n, "bias": bias} for n in units],
                "output": {"bias": bias},
            },
            "training": training,
        }
    )
    dataset = prepare(experiment)
    engine = kind(Plan.of(experiment, dataset))  # type: ignore[call-arg]
    engine.load(dataset)
    return engine, dataset


def train(engine: Engine, dataset: Dataset, epochs: int, batch_size: int, rate: float) -> None:
    random = np.random.default_rng(0)
    rows = len(dataset.train)
    orders = np.stack([random.permutation(rows) for _ in range(epochs)])
    engine.train(orders, batch_size, np.full(epochs, rate))


@pytest.mark.parametrize("processors", [1, 4])
@pytest.mark.parametrize("standardize", [False, True])
def test_images_that_stay_bytes_are_learned_as_floats_are(
    processors: int, standardize: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "images.csv"
    pixels = np.random.default_rng(0).integers(0, 256, (100, 64))
    lines = [",".join(map(str, [*row, place % 3])) for place, row in enumerate(pixels.tolist())]
    place.write_text(",".join([*(f"p{i}" for i in range(64)), "kind"]) + "\n" + "\n".join(lines))
    names = [f"p{i}" for i in range(64)]
    data = {"kind": "csv", "path": str(place), "inputs": names, "label": "kind"}
    experiment = Experiment.parse(
        {"data": {**data, "image": [1, 8, 8], "standardize": standardize}}
    )
    dataset = prepare(experiment)
    monkeypatch.setattr(compiled_engine, "WORTH_A_THREAD", 1)
    monkeypatch.setattr(compiled_engine, "_BLOCK", 32)
    found = []
    for most in (10**9, 0):
        monkeypatch.setattr(compiled_engine, "_MOST_FLOATS", most)
        monkeypatch.setattr(compiled_engine, "_processors", lambda: processors)
        engine = CompiledEngine(Plan.of(experiment, dataset))
        engine.load(dataset)
        train(engine, dataset, epochs=3, batch_size=9, rate=0.1)
        scores = [engine.evaluate("train"), engine.evaluate("test")]
        found.append((engine.weights(), scores, tracked(engine)))
    (weights, scores, held), (others, other_scores, less) = found
    assert all(np.array_equal(weights[name], others[name]) for name in weights)
    for one, other in zip(scores, other_scores, strict=True):
        assert one is not None
        assert other is not None
        assert (one.loss, one.accuracy) == pytest.approx((other.loss, other.accuracy), rel=1e-6)
    assert (held, less) == (100 * 64, 0)


def tracked(engine: CompiledEngine) -> int:
    """Floats of inputs that an engine holds."""
    inputs = [split[0] for split in engine._splits.values()]
    return sum(each.size for each in inputs if isinstance(each, np.ndarray))


LANE_FUNCTIONS: list[tuple[str, Callable, float]] = [
    ("exp", np.exp, 80),
    ("tanh", np.tanh, 12),
    ("sigmoid", special.expit, 80),
    ("softplus", lambda z: np.logaddexp(z, 0), 80),
    ("sin", np.sin, 1000),
    ("cos", np.cos, 1000),
    ("erf", special.erf, 6),
]


@pytest.mark.parametrize(
    ("name", "exact", "reach"), LANE_FUNCTIONS, ids=[f[0] for f in LANE_FUNCTIONS]
)
def test_functions_of_lanes_are_as_good_as_float32(
    name: str, exact: Callable, reach: float
) -> None:
    import numba

    from playground.engines.compiled import lane_functions
    from playground.engines.compiled.kernel_layout import LANES
    from playground.engines.compiled.lanes import load, store

    function = getattr(lane_functions, name)

    @numba.njit
    def apply(z, results):  # type: ignore[no-untyped-def]
        for k in range(0, len(z), LANES):
            store(results, k, function(load(z, k)))

    z = np.linspace(-reach, reach, 100_000 * LANES).astype(np.float32)
    results = np.empty_like(z)
    apply(z, results)
    np.testing.assert_allclose(results, exact(z.astype(np.float64)), rtol=4e-7, atol=2e-7)


@pytest.mark.parametrize("name", ["exp", "tanh", "sigmoid", "softplus", "erf"])
def test_what_is_not_a_number_stays_so(name: str) -> None:
    import numba

    from playground.engines.compiled import lane_functions
    from playground.engines.compiled.lanes import load, store

    function = getattr(lane_functions, name)

    @numba.njit
    def apply(z):  # type: ignore[no-untyped-def]
        store(z, 0, function(load(z, 0)))

    z = np.zeros(16, np.float32)
    z[5] = np.nan
    apply(z)
    assert np.isnan(z).tolist() == [lane == 5 for lane in range(16)]


@pytest.mark.parametrize("units", [[], [1], [16], [17, 5], [3, 130, 256, 4]])
@pytest.mark.parametrize("loss", ["cross_entropy", "bce_with_logits", "mse"])
def test_any_width_learns_as_numpy_does(units: list[int], loss: str) -> None:
    generator = "plane" if loss == "mse" else "spiral"
    # Not Adam: it would blow the last digit of a gradient near zero up to a whole step.
    settings: dict[str, Any] = {"loss": loss, "optimizer": {"kind": "sgd", "momentum": 0.5}}
    compiled, dataset = prepared(units, generator=generator, **settings)
    numpy, _ = prepared(units, NumpyEngine, generator=generator, **settings)
    for engine in (compiled, numpy):
        train(engine, dataset, 3, 7, 0.02)
    for name, weight in numpy.weights().items():
        np.testing.assert_allclose(compiled.weights()[name], weight, atol=1e-5, err_msg=name)


def test_pictures_are_those_of_numpy() -> None:
    compiled, dataset = prepared([8, 17, 3])
    numpy, _ = prepared([8, 17, 3], NumpyEngine)
    inputs = dataset.prepare(np.random.default_rng(0).normal(size=(101, 2)).astype(np.float32))
    np.testing.assert_allclose(compiled.predict(inputs), numpy.predict(inputs), atol=1e-6)
    pairs = zip(compiled.neurons(inputs), numpy.neurons(inputs), strict=True)
    for ours, theirs in pairs:
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_a_network_without_hidden_layers_has_no_neurons() -> None:
    engine, dataset = prepared([])
    assert engine.neurons(dataset.train.inputs) == ()


@pytest.mark.parametrize("loss", ["cross_entropy", "bce_with_logits"])
def test_probabilities_add_up_to_one(loss: str) -> None:
    engine, dataset = prepared([4], loss=loss)
    train(engine, dataset, 20, 10, 0.01)
    probabilities = engine.predict(dataset.test.inputs)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    right = (probabilities.argmax(axis=1) == dataset.test.targets).mean()
    score = engine.evaluate("test")
    assert score is not None
    assert score.accuracy == pytest.approx(right)


def test_steps_too_large_end_in_weights_that_are_not_finite() -> None:
    engine, dataset = prepared([4], generator="plane", loss="mse", optimizer={"kind": "sgd"})
    train(engine, dataset, 200, 10, 100.0)
    assert not all(np.isfinite(weight).all() for weight in engine.weights().values())


def test_padding_disturbs_nothing_where_epsilon_is_zero() -> None:
    optimizer = {"kind": "adam", "eps": 0.0}
    engine, dataset = prepared([5, 3], bias=False, optimizer=optimizer)
    train(engine, dataset, 20, 10, 0.01)
    assert all(np.isfinite(weight).all() for weight in engine.weights().values())
    assert np.isfinite(engine.predict(dataset.test.inputs)).all()


def test_threads_that_share_a_step_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def weights_of(threads: int) -> dict[str, np.ndarray]:
        monkeypatch.setattr(compiled_engine, "MOST_THREADS", threads)
        engine, dataset = prepared([6, 5])
        train(engine, dataset, 5, 45, 0.001)
        return dict(engine.weights())

    monkeypatch.setattr(compiled_engine, "WORTH_A_THREAD", 1)
    monkeypatch.setattr(compiled_engine, "_processors", lambda: 8)
    alone, together, again = weights_of(1), weights_of(3), weights_of(3)
    for name, weight in alone.items():
        np.testing.assert_array_equal(together[name], weight, err_msg=name)
        np.testing.assert_array_equal(together[name], again[name], err_msg=name)


def test_other_threads_run_while_it_trains() -> None:
    engine, dataset = prepared([32, 32])
    train(engine, dataset, 1, 10, 0.001)
    orders, rates = np.tile(np.arange(len(dataset.train)), (5_000, 1)), np.full(5_000, 0.001)
    is_over = threading.Event()
    counted = 0

    def count() -> None:
        nonlocal counted
        while not is_over.is_set():
            counted += 1

    other = threading.Thread(target=count)
    other.start()
    before = counted
    engine.train(orders, 10, rates)
    during = counted - before
    is_over.set()
    other.join()
    assert during > 1000


def test_new_rows_may_come_while_it_trains() -> None:
    engine, dataset = prepared([4])
    train(engine, dataset, 1, 10, 0.01)
    _, larger = prepared([4], samples=301)
    engine.load(larger)
    train(engine, larger, 1, 1000, 0.01)
    score = engine.evaluate("train")
    assert score is not None
    assert np.isfinite(score.loss)


def test_weights_are_copies_and_can_be_put_back() -> None:
    engine, dataset = prepared([4], optimizer={"kind": "adam"})
    first = engine.weights()
    kept = {name: weight.copy() for name, weight in first.items()}
    train(engine, dataset, 3, 10, 0.01)
    after = engine.weights()
    for name, weight in first.items():
        np.testing.assert_array_equal(weight, kept[name])
    engine.set_weights(first)
    engine.forget()
    train(engine, dataset, 3, 10, 0.01)
    for name, weight in engine.weights().items():
        np.testing.assert_array_equal(weight, after[name])


@pytest.mark.parametrize(
    "rates",
    [np.zeros(1, np.float32), np.zeros((1, 1)), np.zeros(4)[::2]],
    ids=["dtype", "dimensions", "gaps"],
)
def test_arrays_of_another_kind_are_refused_before_they_are_read(rates: npt.NDArray) -> None:
    """Machine code would read beyond their ends."""
    engine, dataset = prepared([4])
    assert isinstance(engine, CompiledEngine)
    before = engine.weights()
    orders = np.arange(len(dataset.train))[None]
    with pytest.raises(TypeError, match="train needs float64 of 1"):
        engine._kernels.call(
            "train", engine._bound, engine._rows, engine._targets, orders, 10, rates
        )
    for name, weight in engine.weights().items():
        np.testing.assert_array_equal(weight, before[name])
