"""The division and the scaling are scikit-learn's to the bit, and found without importing it."""

import subprocess
import sys
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as of_numpy
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from playground.core.data.division import held_out_rows
from playground.core.data.standard_scale import StandardScale

SEEDS = st.integers(0, 2**32 - 1)
RATIOS = st.floats(0.01, 0.99)
LABELS = st.lists(st.integers(0, 6), min_size=2, max_size=120).map(np.array)


@given(LABELS, RATIOS, SEEDS)
def test_the_division_is_that_of_train_test_split(
    labels: npt.NDArray[np.int64], ratio: float, seed: int
) -> None:
    rows = len(labels)
    count = min(int(np.ceil(rows * ratio)), rows - 1)
    shares: dict[str, Any] = {"test_size": count, "random_state": seed}
    try:
        _, expected = train_test_split(np.arange(rows), **shares, stratify=labels)
    except ValueError:  # a class that does not fit both sides
        _, expected = train_test_split(np.arange(rows), **shares)
    assert sorted(held_out_rows(labels, rows, ratio, seed)) == sorted(expected)
    _, expected = train_test_split(np.arange(rows), **shares)
    assert sorted(held_out_rows(None, rows, ratio, seed)) == sorted(expected)


def test_large_classes_are_divided_alike() -> None:
    labels = np.random.default_rng(3).integers(0, 26, 20_000)
    _, expected = train_test_split(
        np.arange(20_000), test_size=0.3, random_state=5, stratify=labels
    )
    assert np.array_equal(np.sort(held_out_rows(labels, 20_000, 0.3, 5)), np.sort(expected))


@pytest.mark.parametrize(("rows", "ratio"), [(0, 0.5), (1, 0.5), (40, 0.0)])
def test_nothing_is_held_out_of_nothing(rows: int, ratio: float) -> None:
    assert len(held_out_rows(None, rows, ratio, 1)) == 0


NUMBERS = st.one_of(
    st.floats(-1e6, 1e6, width=32),
    st.floats(1e11, 1.00001e11),  # far from 0, where two passes are needed
    st.sampled_from([0.0, 1.0, 0.1]),  # columns that are all the same
)
BLOCKS = st.lists(st.integers(1, 9), min_size=1, max_size=4)


@given(BLOCKS, st.integers(1, 4), st.booleans(), st.data())
def test_the_scale_is_that_of_standard_scaler_to_the_bit(
    sizes: list[int], width: int, is_transposed: bool, drawn: st.DataObject
) -> None:
    blocks = []
    for size in sizes:
        block = drawn.draw(
            of_numpy.arrays(np.float64, (size, width), elements=NUMBERS, fill=NUMBERS)
        )
        blocks.append(np.asfortranarray(block) if is_transposed else block)
    expected = StandardScaler()
    for block in blocks:
        expected.partial_fit(block)
    found = StandardScale(blocks)
    assert found.mean.tobytes() == expected.mean_.tobytes()
    assert found.variance.tobytes() == expected.var_.tobytes()
    assert found.scale.tobytes() == expected.scale_.tobytes()
    assert found.rows == sum(sizes)


def test_the_first_data_need_no_scikit_learn() -> None:
    """Data that are drawn, divided, scaled and have targets in their own units."""
    data = "{'kind': 'points', 'x': x, 'target': [1.0, 2.0, 5.0], 'standardize': True}"
    script = f"""
import sys
from playground.core.data.dataset import prepare
from playground.core.experiment.experiment import Experiment
prepare(Experiment())
x = [[0.0, 1.0], [2.0, 3.0], [4.0, 9.0]]
data = {data} | {{'target_scaling': 'standard'}}
prepare(Experiment.parse({{'data': data, 'training': {{'loss': 'mse'}}}}))
print([name for name in ("sklearn", "scipy", "torch") if name in sys.modules])
"""
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"
