"""Vector data: shapes, laws of the two relations, and what `prepare` makes of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.data.dataset import prepare
from playground.core.data.vectors import AFFINE_OFFSET, VectorData, sample
from playground.core.errors import ExperimentError
from playground.core.experiment.experiment import Experiment


def data(**settings: Any) -> VectorData:
    return VectorData.model_validate({"kind": "vectors", **settings})


@given(st.integers(1, 40), st.integers(1, 30), st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_shapes_and_repetition(rows: int, inputs: int, outputs: int, seed: int) -> None:
    settings = data(rows=rows, inputs=inputs, outputs=outputs, seed=seed)
    x, y = sample(settings)
    assert (x.shape, y.shape) == ((rows, inputs), (rows, outputs))
    assert (x.dtype, y.dtype) == (np.float32, np.float32)
    again = sample(settings)
    assert np.array_equal(x, again[0])
    assert np.array_equal(y, again[1])


def test_independent_numbers_are_standard_normal() -> None:
    for numbers in sample(data(rows=2000, inputs=40, outputs=40)):
        assert numbers.mean() == pytest.approx(0, abs=0.02)
        assert numbers.std() == pytest.approx(1, abs=0.02)


@given(st.integers(2, 20), st.integers(0, 1000))
def test_affine_targets_have_one_slope(size: int, seed: int) -> None:
    x, y = sample(data(rows=5, inputs=size, outputs=size, relation="affine", seed=seed))
    slope = np.polyfit(x.ravel(), y.ravel(), 1)
    assert slope[1] == pytest.approx(AFFINE_OFFSET, abs=1e-4)
    np.testing.assert_allclose(y, slope[0] * x + slope[1], atol=1e-4)


def test_another_seed_gives_other_vectors() -> None:
    first, second = (sample(data(seed=seed))[0] for seed in (1, 2))
    assert not np.array_equal(first, second)


def test_a_network_has_an_output_for_every_number_of_a_target() -> None:
    experiment = Experiment.parse(
        {"data": {"kind": "vectors", "rows": 10, "inputs": 6, "outputs": 3, "test_ratio": 0.3}}
    )
    dataset = prepare(experiment)
    assert experiment.training.loss == "mse"
    assert (dataset.width, dataset.outputs, dataset.classes) == (6, 3, 0)
    assert dataset.train.targets.shape == (7, 3)
    assert dataset.test.targets.shape == (3, 3)


def test_a_loss_for_classes_is_refused() -> None:
    experiment = Experiment.parse({"data": {"kind": "vectors"}})
    with pytest.raises(ExperimentError, match="is for classes"):
        prepare(experiment.with_setting("training.loss", "cross_entropy"))


def test_vectors_that_no_memory_holds_are_refused() -> None:
    with pytest.raises(ExperimentError, match=r"100,000 rows of 11,000 numbers are more than"):
        Experiment.parse(
            {"data": {"kind": "vectors", "rows": 100_000, "inputs": 10_000, "outputs": 1_000}}
        )
