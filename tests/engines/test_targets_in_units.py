"""Prices, scores and temperatures are learned as scikit-learn learns them, and said in their own
units by every engine, script and command.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import datasets
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import r2_score
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from playground.core.data.dataset import prepare
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment
from playground.core.script.pytorch import pytorch_script
from playground.engines.contract.base import Plan
from playground.engines.contract.run_control import RunControl
from playground.engines.contract.views import Views
from playground.engines.loop.headless import Result, train_to_end
from playground.engines.loop.training import train
from playground.engines.numpy.numpy_script import numpy_script
from playground.engines.pytorch.network import initial_weights
from tests.script_runner import wrong_scripts

ENGINES = ("torch", "numpy", "compiled")
LOSSES = ("mse", "sse", "l1", "huber")
SEEDS = range(5)


def write_table(path: Path, names: list[str], columns: list[np.ndarray]) -> Path:
    rows = np.column_stack(columns).astype(np.float64).tolist()
    lines = [",".join(names), *(",".join(map(repr, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def prices(folder: Path) -> Path:
    """Flats: 2,500 a square metre and 20,000, give or take 10,000."""
    random = np.random.default_rng(3)
    area = random.integers(30, 200, 120)
    return write_table(
        folder / "flats.csv",
        ["area", "price"],
        [area, np.round(2500 * area + 20_000 + random.normal(0, 10_000, 120)) + 0.5],
    )


def scores(folder: Path) -> Path:
    """A hill of scores from 60 to 90 over two inputs."""
    random = np.random.default_rng(4)
    u, v = random.uniform(-3, 3, (2, 120))
    score = 75 + 15 * np.sin(u) * np.cos(v / 2) + random.normal(0, 0.3, 120)
    return write_table(folder / "scores.csv", ["u", "v", "score"], [u, v, score])


def diabetes(folder: Path) -> Path:
    bunch = datasets.load_diabetes()
    names = [f"{name} of the patient" for name in bunch.feature_names]
    columns = [*bunch.data.T, bunch.target]
    return write_table(folder / "diabetes.csv", [*names, "progression"], columns)


def opened(path: Path, **training: Any) -> Experiment:
    return files.open_any(path).with_settings([(f"training.{k}", v) for k, v in training.items()])


# As well as scikit-learn.


def ours(
    path: Path, seed: int, units: list[int], epochs: int, rate: float, **training: Any
) -> Result:
    """A network of tanh whose weights are drawn as scikit-learn draws them."""
    layers = [{"kind": "linear", "units": count, "activation": "tanh"} for count in units]
    experiment = opened(path, seed=seed, **training).with_settings(
        [
            ("data.seed", seed),
            ("model.layers", layers),
            ("model.initializer", "xavier"),
            ("training.optimizer.learning_rate", rate),
        ]
    )
    return train_to_end(experiment, epochs=epochs)


def regressor(result: Result, units: list[int], **settings: Any) -> MLPRegressor:
    training = result.experiment.training
    return MLPRegressor(
        hidden_layer_sizes=units,
        activation="tanh",
        learning_rate_init=training.optimizer.learning_rate,
        alpha=0.0,
        n_iter_no_change=10_000,
        random_state=training.seed,
        **settings,
    )


def theirs(result: Result, units: list[int], epochs: int) -> float:
    network = regressor(result, units, batch_size=16, max_iter=epochs)
    scaled = TransformedTargetRegressor(network, transformer=StandardScaler())
    points = result.dataset.points
    train, test = ~points.held_out, points.held_out
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = make_pipeline(StandardScaler(), scaled).fit(points.x[train], points.y[train])
    return float(model.score(points.x[test], points.y[test]))


@pytest.mark.parametrize(
    ("table", "units", "epochs", "rate"),
    [(prices, [4], 60, 0.01), (scores, [12], 120, 0.03), (diabetes, [32], 15, 0.001)],
)
def test_r2_is_that_of_scikit_learn(
    table: Any, units: list[int], epochs: int, rate: float, tmp_path: Path
) -> None:
    """On the same divisions. The weights differ by chance: of the patients two networks of one
    program, alike but for their seeds, may be 0.1 apart where they are small or learn for long.
    """
    path = table(tmp_path)
    results = [ours(path, seed, units, epochs, rate, batch_size=16) for seed in SEEDS]
    r2 = np.median([result.r2 for result in results])
    assert r2 == pytest.approx(
        np.median([theirs(result, units, epochs) for result in results]), abs=0.02
    )
    assert r2 > 0.4


def theirs_from_our_start(result: Result, units: list[int], epochs: int) -> float:
    """R² of scikit-learn's network that begins with the weights of ours; every step is over all
    rows, so that chance has no part in it.
    """
    points = result.dataset.points
    train, test = ~points.held_out, points.held_out
    inputs, targets = StandardScaler(), StandardScaler()
    x = inputs.fit_transform(points.x[train])
    y = targets.fit_transform(points.y[train, None])[:, 0]
    network = regressor(result, units, batch_size=len(x), max_iter=1, warm_start=True)
    start = list(initial_weights(Plan.of(result.experiment, result.dataset)).values())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit(x, y)
        network.coefs_ = [weight.T.astype(np.float64) for weight in start[::2]]
        network.intercepts_ = [bias.astype(np.float64) for bias in start[1::2]]
        network.set_params(max_iter=epochs).fit(x, y)
    said = targets.inverse_transform(network.predict(inputs.transform(points.x[test]))[:, None])
    return float(r2_score(points.y[test], said[:, 0]))


@pytest.mark.parametrize("table", [prices, scores, diabetes])
@pytest.mark.parametrize(
    ("units", "epochs", "rate"), [([4, 2], 100, 0.03), ([8], 200, 0.01), ([16, 8], 60, 0.003)]
)
def test_from_one_start_r2_is_that_of_scikit_learn(
    table: Any, units: list[int], epochs: int, rate: float, tmp_path: Path
) -> None:
    result = ours(table(tmp_path), 3, units, epochs, rate, batch_size="full", engine="numpy")
    assert result.r2 == pytest.approx(theirs_from_our_start(result, units, epochs), abs=0.002)


# In the units of the data.


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_is_that_of_the_predictions(loss: str, engine: str, tmp_path: Path) -> None:
    """Each formula by hand, over predictions and targets in their own units."""
    result = train_to_end(opened(prices(tmp_path), loss=loss, engine=engine), epochs=3)
    points = result.dataset.points
    for rows, score in ((~points.held_out, result.train_loss), (points.held_out, result.test_loss)):
        d = result.predict(points.x[rows])[:, 0] - points.y[rows]
        deviation = points.y[~points.held_out].std(dtype=np.float64)
        far = np.abs(d) > deviation
        expected = {
            "mse": np.mean(d**2),
            "sse": np.sum(d**2),
            "l1": np.mean(np.abs(d)),
            "huber": np.mean(np.where(far, deviation * (np.abs(d) - deviation / 2), d**2 / 2)),
        }
        assert score == pytest.approx(expected[loss], rel=1e-5)


def test_engines_agree(tmp_path: Path) -> None:
    results = [train_to_end(opened(scores(tmp_path), engine=name), epochs=12) for name in ENGINES]
    for result in results[1:]:
        for one, other in zip(results[0].curve, result.curve, strict=True):
            assert other.train.loss == pytest.approx(one.train.loss, rel=1e-4)
            assert one.test is not None
            assert other.test is not None
            assert other.test.loss == pytest.approx(one.test.loss, rel=1e-4)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("a", "b"), [(4.0, 0.0), (0.25, 1000.0), (8192.0, -70_000.0)])
def test_another_unit_changes_the_unit_alone(
    engine: str, a: float, b: float, tmp_path: Path
) -> None:
    """y -> a y + b: the same R², a mean squared error a² times as large, the same weights."""
    path = scores(tmp_path)
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    other = write_table(
        tmp_path / "other.csv", ["u", "v", "s"], [*table.T[:2], a * table[:, 2] + b]
    )
    one, two = (train_to_end(opened(p, engine=engine), epochs=3) for p in (path, other))
    assert two.r2 == pytest.approx(one.r2, rel=1e-3)
    assert two.train_loss == pytest.approx(a**2 * one.train_loss, rel=1e-3)
    for name, array in one.weights.items():
        np.testing.assert_allclose(two.weights[name], array, atol=2e-4)


def test_r2_is_that_of_the_predictions(tmp_path: Path) -> None:
    result = train_to_end(opened(prices(tmp_path)), epochs=5)
    points, rows = result.dataset.points, result.dataset.points.held_out
    expected = r2_score(points.y[rows], result.predict(points.x[rows])[:, 0])
    assert result.r2 == pytest.approx(expected, rel=1e-9)
    assert result.as_json()["r2"] == result.r2


def test_classes_have_no_r2() -> None:
    raw = {"data": {"kind": "generated", "samples": 20}}
    assert "r2" not in train_to_end(Experiment.parse(raw), epochs=1).as_json()


def test_pictures_and_answers_are_in_the_units_of_the_data(tmp_path: Path) -> None:
    experiment = opened(scores(tmp_path), epochs=3).with_setting("probes", [[0.5, 0.25]])
    dataset = prepare(experiment)
    control = RunControl(views=Views(grid=6, predictions=True, pointer=(0.0, 0.0)))
    *_, last = train(experiment, dataset, control)
    result = train_to_end(experiment)
    frame = last.frame
    assert frame is not None
    assert frame.map is not None
    assert frame.pointer is not None
    assert last.inspection is not None
    expected = result.predict(dataset.points.x)
    np.testing.assert_allclose(last.inspection.predictions, expected, rtol=1e-6)
    np.testing.assert_allclose(frame.probes[0.5, 0.25], result.predict([0.5, 0.25])[0], rtol=1e-6)
    assert 55 < frame.pointer[1][0] < 95
    assert (np.abs(frame.map - 75) < 25).all()
    assert last.r2 == pytest.approx(result.r2, abs=1e-6)


# Scripts.


def test_scripts_print_the_losses_in_the_units_of_the_data(tmp_path: Path) -> None:
    l2 = {"kind": "l2", "rate": 0.01}
    plateau: dict[str, Any] = {"kind": "plateau", "patience": 0, "gamma": 0.5}
    settings: list[dict[str, Any]] = [
        {"loss": "mse"},
        {"loss": "l1", "stop": {"loss_below": 200_000.0}},
        {"loss": "huber", "schedule": plateau, "regularization": l2},
        # The price on weights falls while the loss rises: only beside a loss in its own unit can
        # the plateau be seen.
        {"schedule": plateau, "regularization": {"kind": "l2", "rate": 1.0}},
        {"loss": "sse", "optimizer": {"kind": "sgd", "learning_rate": 0.001}, "schedule": plateau},
    ]
    path = prices(tmp_path)
    for write, engine in ((pytorch_script, "torch"), (numpy_script, "numpy")):
        made = [opened(path, engine=engine, epochs=8, device="cpu", **one) for one in settings]
        vectors = {"kind": "vectors", "rows": 12, "inputs": 3, "target_scaling": "standard"}
        made.append(
            Experiment.parse({"data": vectors, "training": {"epochs": 4, "engine": engine}})
        )
        made.append(made[0].with_settings([("data.test_ratio", 0.0), ("data.standardize", False)]))
        assert wrong_scripts(made, write) == []
