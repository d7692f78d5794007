"""Training without a window: the whole result, and what it says of new points."""

import json
import threading

import numpy as np
import pytest

from playground.core.errors import DataError, ExperimentError
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.run_control import RunControl, Snapshot, State
from playground.engines.loop.headless import Result, train_to_end
from playground.engines.many import picture


def experiment_with(generator: str = "circle", **training: object) -> Experiment:
    data = {"kind": "generated", "generator": generator, "samples": 100}
    return Experiment.parse({"data": data, "training": {"engine": "torch", **training}})


def test_a_result_is_whole() -> None:
    result = train_to_end(experiment_with(), epochs=20)
    assert result.state == State.REACHED
    assert (result.epochs, result.steps) == (20, 100)
    assert result.curve[0].epoch == 0
    assert result.curve[-1].epoch == 20
    assert result.curve[-1].train == result.train
    assert result.train_loss == result.train.loss
    assert result.test is not None
    assert (result.test_loss, result.test_accuracy) == (result.test.loss, result.test.accuracy)
    assert result.seconds > 0
    assert result.info.engine == "torch"
    assert result.experiment.training.epochs == 20


def test_the_same_twice() -> None:
    one, two = (train_to_end(experiment_with(), epochs=20) for _ in range(2))
    assert one.curve == two.curve


@pytest.mark.parametrize(("epochs", "rows"), [(0, 1), (1, 2), (50, 51), (100, 101), (250, 85)])
def test_the_curve_has_about_a_hundred_rows(epochs: int, rows: int) -> None:
    experiment = experiment_with(batch_size="full")
    assert len(train_to_end(experiment, epochs=epochs).curve) == rows


def test_what_scripts_read() -> None:
    result = train_to_end(experiment_with(), epochs=3)
    read = json.loads(json.dumps(result.as_json(), allow_nan=False))
    expected = {
        "engine": "torch",
        "device": "cpu",
        "threads": 1,
        "seed": 42,
        "epochs": 3,
        "steps": 15,
        "train_loss": result.train_loss,
        "test_loss": result.test_loss,
        "train_accuracy": result.train_accuracy,
        "test_accuracy": result.test_accuracy,
    }
    assert read | expected == read
    assert [row["epoch"] for row in read["curve"]] == [0, 1, 2, 3]
    assert set(read["curve"][0]) >= {"epoch", "train_loss", "test_loss"}


def test_regression_has_no_accuracy_and_no_test_points_no_test_loss() -> None:
    experiment = experiment_with("plane").with_setting("data.test_ratio", 0.0)
    read = train_to_end(experiment, epochs=1).as_json()
    assert not {"train_accuracy", "test_accuracy", "test_loss"} & set(read)
    assert "test_loss" not in read["curve"][0]


def test_a_result_predicts_what_it_was_scored_on() -> None:
    result = train_to_end(experiment_with(), epochs=30)
    points, labels = result.dataset.points, result.dataset.points.y
    probabilities = result.predict(points.x)
    assert probabilities.shape == (100, 2)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    right = (probabilities.argmax(axis=1) == labels)[points.held_out]
    assert result.test_accuracy == pytest.approx(right.mean())


def test_a_result_predicts_raw_points_of_a_prepared_experiment() -> None:
    experiment = experiment_with("plane").with_setting("data.standardize", True)
    result = train_to_end(experiment.with_setting("model.features", ("x1^2", "x2")), epochs=3)
    values = result.predict(result.dataset.points.x[result.dataset.points.held_out])
    error = values[:, 0] - result.dataset.test.targets
    assert np.mean(error**2) == pytest.approx(result.test_loss, rel=1e-4)


def test_points_may_be_written_short() -> None:
    two = train_to_end(experiment_with(), epochs=1)
    assert np.array_equal(two.predict([0.0, 1.0]), two.predict([[0.0, 1.0]]))
    one = train_to_end(experiment_with("sine"), epochs=1)
    assert one.predict([0.0, 1.0, 2.0]).shape == (3, 1)
    for wrong in ([[1.0, 2.0, 3.0]], [1.0, 2.0, 3.0]):
        with pytest.raises(DataError, match="3 coordinates, not 2"):
            two.predict(wrong)


def test_an_interrupted_run_keeps_what_was_trained() -> None:
    control = RunControl()
    results: list[Result] = []
    begun = threading.Event()

    def watch(snapshot: Snapshot) -> None:
        if snapshot.epoch >= 3:
            begun.set()

    def run() -> None:
        experiment = experiment_with()
        results.append(
            train_to_end(experiment, epochs=10**6, evaluate_every=1, control=control, watch=watch)
        )

    runner = threading.Thread(target=run)
    runner.start()
    assert begun.wait(20)
    control.stop()
    runner.join(20)
    (result,) = results
    assert 3 <= result.epochs < 10**6
    assert result.steps >= 15
    assert result.state == State.RUNNING
    assert [point.epoch for point in result.curve] == list(range(len(result.curve)))


def test_a_run_that_diverges_keeps_its_last_good_weights() -> None:
    experiment = experiment_with("hills", optimizer={"kind": "sgd", "learning_rate": 10.0})
    experiment = experiment.with_setting(
        "model.layers", ({"kind": "linear", "units": 8, "activation": "relu"},) * 3
    )
    result = train_to_end(experiment, epochs=100)
    assert result.state == State.DIVERGED
    assert "Lower the learning rate" in result.message
    assert all(np.isfinite(array).all() for array in result.weights.values())
    json.dumps(result.as_json(), allow_nan=False)


@pytest.mark.parametrize("epochs", [-1, 1.5, 10**9])
def test_epochs_that_make_no_sense(epochs: int) -> None:
    with pytest.raises(ExperimentError, match=r"^training\.epochs: "):
        train_to_end(experiment_with(), epochs=epochs)


def test_a_picture_has_the_looks_that_were_chosen() -> None:
    colors = ["#00ff00", "#ff00ff"]
    data = {"kind": "generated", "samples": 60, "class_colors": colors}
    raw = {"data": data, "training": {"engine": "numpy"}}
    drawn = picture.draw(train_to_end(Experiment.parse(raw), epochs=1))
    assert drawn is not None
    shown = {color for _, color in drawn.getcolors(1 << 20)}
    assert {(0, 255, 0), (255, 0, 255)} <= shown
