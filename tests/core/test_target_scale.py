"""Targets in their own units while a network learns others: the laws, and what a file says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from playground.core.data.dataset import prepare
from playground.core.data.target_scale import PLAIN, TargetScale
from playground.core.errors import ExperimentError
from playground.core.experiment import files, sharing
from playground.core.experiment.experiment import Experiment, live_change

TARGETS = np.array([300.0, 340.5, 280.25, 410.0, 395.0, 301.0], np.float32)


def drawn(**data: Any) -> Experiment:
    x = np.arange(12.0).reshape(6, 2)
    raw = {"kind": "points", "x": x.tolist(), "target": TARGETS.tolist(), "test": [1, 4], **data}
    return Experiment.parse({"data": raw})


def test_targets_are_scaled_as_scikit_learn_scales_the_training_rows() -> None:
    dataset = prepare(drawn(target_scaling="standard"))
    train = np.array([True, False, True, True, False, True])
    scaler = StandardScaler().fit(TARGETS[train, None].astype(np.float64))
    expected = scaler.transform(TARGETS[:, None].astype(np.float64))[:, 0]
    np.testing.assert_allclose(dataset.train.targets, expected[train], rtol=1e-6)
    np.testing.assert_allclose(dataset.test.targets, expected[~train], rtol=1e-6)
    assert dataset.train.targets.dtype == np.float32
    np.testing.assert_array_equal(dataset.points.y, TARGETS)


def test_what_a_network_says_comes_back_in_the_units_of_the_data() -> None:
    scale = TargetScale.fitted(TARGETS)
    said = scale.learned(TARGETS)[:, None]
    np.testing.assert_allclose(scale.restored(said)[:, 0], TARGETS, rtol=1e-6)
    assert not scale.restored(said).flags.writeable


def test_equal_targets_keep_their_unit() -> None:
    scale = TargetScale.fitted(np.full(5, 21.3, np.float32))
    assert scale.unit == 1.0
    np.testing.assert_array_equal(scale.learned(np.full(5, 21.3, np.float32)), np.zeros(5))


def test_vectors_have_a_mean_each_and_one_unit() -> None:
    targets = np.random.default_rng(0).normal([5, -3, 0], [1, 2, 4], (50, 3)).astype(np.float32)
    learned = TargetScale.fitted(targets).learned(targets).astype(np.float64)
    np.testing.assert_allclose(learned.mean(axis=0), 0, atol=1e-6)
    assert np.mean(learned.var(axis=0)) == pytest.approx(1, rel=1e-5)
    shares = learned.std(axis=0) / targets.astype(np.float64).std(axis=0)
    np.testing.assert_allclose(shares, shares[0], rtol=1e-5)


def test_without_the_key_targets_are_learned_as_they_are() -> None:
    dataset = prepare(drawn())
    assert dataset.target_scale is PLAIN
    np.testing.assert_array_equal(dataset.train.targets, TARGETS[[0, 2, 3, 5]])


def test_classes_have_no_scale() -> None:
    raw = {"kind": "generated", "samples": 20, "target_scaling": "standard"}
    dataset = prepare(Experiment.parse({"data": raw}))
    assert dataset.target_scale is PLAIN
    assert dataset.train.targets.dtype == np.int64


@given(
    st.lists(st.floats(-100, 100, width=32), min_size=3, max_size=9).filter(
        lambda values: np.ptp(values) > 0.1
    ),
    st.floats(0.01, 1e6),
    st.floats(-1e6, 1e6),
)
def test_another_unit_is_learned_alike(values: list[float], a: float, b: float) -> None:
    """y -> a y + b: the same numbers are learned, squares grow by a², distances by a."""
    targets = np.array(values)
    scale, other = TargetScale.fitted(targets), TargetScale.fitted(a * targets + b)
    np.testing.assert_allclose(
        other.learned(a * targets + b), scale.learned(targets), atol=1e-4, rtol=1e-4
    )
    for key, power in (("mse", 2), ("sse", 2), ("huber", 2), ("l1", 1)):
        assert other.of_loss(key) == pytest.approx(a**power * scale.of_loss(key), rel=1e-4)


# The file.


def test_a_file_has_the_second_format_only_where_it_needs_it(tmp_path: Path) -> None:
    for experiment, number in ((drawn(), 1), (drawn(target_scaling="standard"), 2)):
        path = tmp_path / f"{number}.playground.json"
        files.save(experiment, path)
        raw = json.loads(path.read_text("utf-8"))
        assert raw["format"] == f"playground/{number}"
        assert raw["data"].get("target_scaling") == {1: None, 2: "standard"}[number]
        assert files.load(path) == experiment
        assert sharing.from_link(sharing.to_link(experiment)) == experiment


def test_an_unknown_scaling_is_refused_by_its_path() -> None:
    with pytest.raises(ExperimentError, match=r"data\.target_scaling"):
        drawn(target_scaling="minmax")


def test_another_scaling_starts_the_training_again() -> None:
    assert not live_change(drawn(), drawn(target_scaling="standard"))
    assert live_change(drawn(), drawn(test_ratio=0.2))


def test_a_table_that_is_imported_is_scaled(tmp_path: Path) -> None:
    path = tmp_path / "rooms.csv"
    path.write_text("area,price\n10,1000.5\n20,2000\n30,3100\n40,3900\n", "utf-8")
    experiment = files.open_any(path)
    assert experiment.data.target_scaling == "standard"
    assert files.open_any(path).plain()["format"] == "playground/2"
