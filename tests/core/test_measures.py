"""Measures against scikit-learn, and where there is nothing to divide."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn import metrics

from playground.core.training.measures import (
    confusion,
    dead_units,
    macro,
    per_class,
    r2,
    saturated,
)

Labelled = tuple[int, npt.NDArray, npt.NDArray]


@st.composite
def labelled(draw: st.DrawFn) -> Labelled:
    """A number of classes, true labels and predicted ones; some classes may be missing."""
    classes = draw(st.integers(2, 10))
    labels = arrays.arrays(np.int64, draw(st.integers(1, 60)), elements=st.integers(0, classes - 1))
    true = draw(labels)
    predicted = draw(arrays.arrays(np.int64, len(true), elements=st.integers(0, classes - 1)))
    return classes, true, predicted


@given(labelled())
def test_confusion_is_that_of_scikit_learn(case: Labelled) -> None:
    classes, true, predicted = case
    expected = metrics.confusion_matrix(true, predicted, labels=range(classes))
    matrix = confusion(true, predicted, classes)
    assert matrix.dtype == np.int64
    assert np.array_equal(matrix, expected)


@given(labelled())
def test_precision_recall_and_f1_are_those_of_scikit_learn(case: Labelled) -> None:
    classes, true, predicted = case
    expected = metrics.precision_recall_fscore_support(
        true, predicted, labels=range(classes), zero_division=np.nan
    )
    found = per_class(confusion(true, predicted, classes))
    for ours, theirs in zip((found.precision, found.recall, found.f1), expected[:3], strict=True):
        np.testing.assert_allclose(ours, theirs)


def test_no_points_is_a_matrix_of_zeros() -> None:
    matrix = confusion(np.zeros(0, np.int64), np.zeros(0, np.int64), 3)
    assert matrix.shape == (3, 3)
    assert not matrix.any()
    assert np.isnan(per_class(matrix).f1).all()


def test_the_macro_average_leaves_out_what_has_no_value() -> None:
    assert macro(np.array([1.0, np.nan, 0.5])) == 0.75
    assert np.isnan(macro(np.array([np.nan, np.nan])))


numbers = st.floats(-100, 100).map(lambda value: round(value, 3))


@given(
    arrays.arrays(np.float64, st.tuples(st.integers(2, 30), st.integers(1, 3)), elements=numbers)
)
def test_r2_is_that_of_scikit_learn(targets: npt.NDArray) -> None:
    values = np.roll(targets, 1, axis=0)
    assume(np.ptp(targets, axis=0).all())
    expected = metrics.r2_score(targets, values, multioutput="variance_weighted")
    assert r2(targets, values) == pytest.approx(expected)
    assert r2(targets, targets) == 1.0


def test_r2_of_a_table_may_have_a_constant_column() -> None:
    targets = np.array([[0.0, 7.0], [1.0, 7.0], [2.0, 7.0]])
    assert r2(targets, targets) == 1.0
    assert r2(targets, np.array([[1.0, 7.0]] * 3)) == 0.0


@pytest.mark.parametrize("value", [0.0, 0.1, 1e6 / 3])
def test_constant_targets_have_no_variance_to_explain(value: float) -> None:
    targets = np.full(10, value)
    assert np.isnan(r2(targets, targets))
    assert np.isnan(r2(np.zeros(0), np.zeros(0)))


def test_a_unit_is_dead_where_it_is_zero_for_every_row() -> None:
    activations = np.array([[0.0, 0.0, 1.0], [0.0, 2.0, 0.0]], np.float32)
    assert dead_units(activations).tolist() == [True, False, False]
    assert dead_units(np.zeros((0, 2), np.float32)).tolist() == [False, False]


def test_saturation_counts_both_flat_ends() -> None:
    activations = np.array([[-0.99, 0.0], [0.995, 0.9]])
    assert saturated(activations, -1.0, 1.0) == 0.5
    assert saturated(np.array([[0.005, 0.5]]), 0.0, 1.0) == 0.5
    assert saturated(np.zeros((0, 2)), 0.0, 1.0) == 0.0
