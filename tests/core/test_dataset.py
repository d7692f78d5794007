"""From an experiment to arrays: dividing, scaling, features, and data that cannot be trained on."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from playground.core.data.data import GeneratedData
from playground.core.data.dataset import Dataset, flipped_labels, prepare
from playground.core.data.features import FEATURES
from playground.core.data.generators import GENERATORS
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.errors import DataError, ExperimentError, PlaygroundError
from playground.core.experiment.experiment import Experiment
from tests.strategies import points


def generated(model: dict[str, Any] | None = None, **data: Any) -> Dataset:
    raw = {"data": {"kind": "generated", **data}, "model": model or {}}
    return prepare(Experiment.parse(raw))


def drawn(x: list[Any], label: list[int], **data: Any) -> Dataset:
    return prepare(Experiment.parse({"data": {"kind": "points", "x": x, "label": label, **data}}))


@pytest.mark.parametrize("ratio", [0.1, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("stratify", [True, False])
@pytest.mark.parametrize(("key", "classes"), [("gaussians", 2), ("blobs", 7), ("circle", 2)])
def test_the_division_is_that_of_scikit_learn(
    ratio: float, stratify: bool, key: str, classes: int
) -> None:
    data = generated(
        generator=key, classes=classes, samples=203, test_ratio=ratio, stratify=stratify, seed=11
    )
    y = data.points.y
    _, rows = train_test_split(
        np.arange(203), test_size=ratio, random_state=11, stratify=y if stratify else None
    )
    assert np.array_equal(np.flatnonzero(data.points.held_out), np.sort(rows))
    assert len(data.train) + len(data.test) == 203


def test_no_test_share_means_no_test_points() -> None:
    data = generated(test_ratio=0.0)
    assert (len(data.train), len(data.test)) == (500, 0)


@pytest.mark.parametrize("standardize", [True, "all"])
def test_standardise_is_that_of_scikit_learn(standardize: bool | str) -> None:
    features = ["x1", "x2^2", "sin x1"]
    data = generated({"features": features}, generator="gaussians", standardize=standardize)
    raw = generated({"features": features}, generator="gaussians")
    values = np.concatenate([raw.train.inputs, raw.test.inputs])
    scaler = StandardScaler().fit(values if standardize == "all" else raw.train.inputs)
    assert np.allclose(data.train.inputs, scaler.transform(raw.train.inputs), atol=1e-5)
    assert np.allclose(data.test.inputs, scaler.transform(raw.test.inputs), atol=1e-5)


def test_features_have_the_values_of_their_names() -> None:
    keys = ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"]
    assert FEATURES.keys() == keys
    data = generated({"features": keys})
    a, b = data.points.x[~data.points.held_out].astype(np.float64).T
    expected = np.stack([a, b, a * a, b * b, a * b, np.sin(a), np.sin(b)], axis=1)
    assert np.allclose(data.train.inputs, expected, atol=1e-5)
    assert data.width == 7


def test_what_is_left_out_means_all_inputs() -> None:
    data = generated()
    assert np.array_equal(data.train.inputs, data.points.x[~data.points.held_out])


@given(points(max_size=12), st.sampled_from([False, True, "all"]), st.floats(0, 0.9))
@settings(max_examples=200)
def test_whatever_is_drawn_is_prepared_or_explained(
    points: Points, standardize: bool | str, ratio: float
) -> None:
    data = {"standardize": standardize, "test_ratio": ratio}
    raw = PointsData.of(points, **data).model_dump() | {"test": None}
    try:
        prepared = prepare(Experiment.parse({"data": raw}))
    except PlaygroundError:
        assert len(points) == 0 or np.abs(points.x).max() > 1e15
        return
    assert len(prepared.train) >= 1
    assert len(prepared.train) + len(prepared.test) == len(points)
    for split in (prepared.train, prepared.test):
        assert split.inputs.dtype == np.float32
        assert split.inputs.shape == (len(split.targets), prepared.width)
        assert np.isfinite(split.inputs).all()
        assert not split.inputs.flags.writeable
        assert not split.targets.flags.writeable


def test_no_points() -> None:
    with pytest.raises(DataError, match=r"There are no points to train on; paint some"):
        drawn([], [])


def test_one_point_is_for_training() -> None:
    data = drawn([[1, 2]], [0])
    assert (len(data.train), len(data.test), data.classes, data.outputs) == (1, 0, 2, 2)


def test_one_class_only_is_trained_as_one_of_two() -> None:
    data = drawn([[0, 0], [1, 1], [2, 2]], [0, 0, 0], test_ratio=0.0)
    assert (data.classes, data.outputs) == (2, 2)


def test_the_highest_label_decides_the_classes() -> None:
    assert drawn([[0, 0], [1, 1]], [0, 4], test=[]).classes == 5
    assert drawn([[0, 0]], [0], class_names=["a", "b", "c"], test=[]).classes == 3


@pytest.mark.parametrize("standardize", [True, "all"])
def test_identical_points_can_be_standardised(standardize: bool | str) -> None:
    data = drawn([[3, 3]] * 4, [0, 1, 0, 1], standardize=standardize)
    assert np.array_equal(data.train.inputs, np.zeros((2, 2)))


def test_all_test_points() -> None:
    with pytest.raises(DataError, match="All 2 points are held out for testing; give some of"):
        drawn([[0, 0], [1, 1]], [0, 1], test=[0, 1])


def test_a_class_with_a_single_member_is_divided_anyhow() -> None:
    data = drawn([[i, 0] for i in range(6)], [0, 0, 0, 0, 0, 1])
    assert (len(data.train), len(data.test)) == (3, 3)


def test_named_test_rows_are_held_out() -> None:
    data = drawn([[0, 0], [1, 1], [2, 2]], [0, 1, 0], test=[1])
    assert data.points.held_out.tolist() == [False, True, False]
    assert data.test.inputs.tolist() == [[1, 1]]


@pytest.mark.parametrize(
    ("generator", "loss", "words"),
    [
        ("rings", "mse", "measures distances between numbers, .* but this data has 3 classes"),
        ("plane", "cross_entropy", "is for classes, but this data has numbers"),
        ("plane", "bce_with_logits", "is for classes, but this data has numbers"),
        ("rings", "bce_with_logits", "tells two classes apart, but this data has 3"),
    ],
)
def test_a_loss_that_does_not_fit(generator: str, loss: str, words: str) -> None:
    data = {"kind": "generated", "generator": generator}
    if generator == "rings":
        data["classes"] = 3  # type: ignore[assignment]
    experiment = Experiment.parse({"data": data, "training": {"loss": loss}})
    with pytest.raises(ExperimentError, match=f"^training.loss: '{loss}'.*{words}"):
        prepare(experiment)


@pytest.mark.parametrize(
    ("key", "loss", "outputs"),
    [
        ("circle", "cross_entropy", 2),
        ("circle", "bce_with_logits", 1),
        ("blobs", "cross_entropy", 2),
        ("plane", "mse", 1),
        ("sine", "huber", 1),
    ],
)
def test_outputs(key: str, loss: str, outputs: int) -> None:
    raw = {"data": {"kind": "generated", "generator": key}, "training": {"loss": loss}}
    data = prepare(Experiment.parse(raw))
    assert data.outputs == outputs
    assert data.is_regression == GENERATORS[key].value.regression


@pytest.mark.parametrize("feature", ["x2", "x1*x2", "sin x2"])
def test_a_feature_that_does_not_fit(feature: str) -> None:
    with pytest.raises(ExperimentError, match=r"cannot be made from data with 1 input;"):
        generated({"features": [feature]}, generator="sine")


def test_features_of_tables_are_their_columns() -> None:
    raw = {"data": {"kind": "iris"}, "model": {"features": ["x1"]}}
    with pytest.raises(ExperimentError, match="data with 4 inputs; leave the features out"):
        prepare(Experiment.parse(raw))


@pytest.mark.parametrize("standardize", [False, True])
def test_values_too_large_for_a_feature_are_explained(standardize: bool) -> None:
    raw = {
        "data": {
            "kind": "points",
            "x": [[1e30, 0], [0, 1]],
            "label": [0, 1],
            "test": [],
            "standardize": standardize,
        },
        "model": {"features": ["x1^2"]},
    }
    with pytest.raises(DataError, match="too large for these features"):
        prepare(Experiment.parse(raw))


@pytest.mark.parametrize(
    ("kind", "rows", "inputs", "classes"),
    [
        ("digits", 1797, 64, 10),
        ("iris", 150, 4, 3),
        ("wine", 178, 13, 3),
        ("breast_cancer", 569, 30, 2),
    ],
)
def test_built_in_tables(kind: str, rows: int, inputs: int, classes: int) -> None:
    data = prepare(Experiment.parse({"data": {"kind": kind, "test_ratio": 0.3}}))
    assert len(data.train) + len(data.test) == rows
    assert (data.width, data.classes, data.outputs) == (inputs, classes, classes)
    assert len(data.input_names) == inputs
    assert len(data.class_names) == classes


def test_preparing_twice_gives_the_same() -> None:
    one, two = generated(noise=0.2), generated(noise=0.2)
    assert one.points.same_as(two.points)


def test_a_table_beside_the_project(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("w;h;kind\n" + "1;2;b\n3;4;a\n" * 5)
    raw = {"kind": "csv", "path": str(table), "inputs": ["h", "w"], "label": "kind"}
    data = prepare(Experiment.parse({"data": raw}))
    assert data.input_names == ("h", "w")
    assert data.class_names == ("a", "b")
    assert sorted(map(tuple, data.points.x.tolist())) == [(2, 1)] * 5 + [(4, 3)] * 5
    assert set(data.points.y[data.points.x[:, 0] == 4]) == {0}


def test_labels_that_noise_turns_over_are_counted() -> None:
    data = GeneratedData(generator="circle", samples=400, noise=0.3)
    calm = prepare(Experiment(data=data.model_copy(update={"noise": 0.0}))).points
    noisy = prepare(Experiment(data=data)).points
    assert flipped_labels(data) == (calm.y != noisy.y).sum() > 0
    assert flipped_labels(data.model_copy(update={"noise": 0.0})) == 0


@pytest.mark.parametrize("generator", ["spiral", "gaussians", "plane", "sine"])
def test_noise_that_moves_points_flips_nothing(generator: str) -> None:
    assert flipped_labels(GeneratedData(generator=generator, samples=100, noise=0.4)) == 0
