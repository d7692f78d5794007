"""The drawn shapes: what differs between them, and what does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import playground
from playground.core.data.data import ShapesData
from playground.core.data.dataset import prepare
from playground.core.data.images.loading import load_images
from playground.core.data.images.shapes import SHAPE_NAMES, shapes
from playground.core.experiment.experiment import Experiment

LUMA = np.array([0.299, 0.587, 0.114])
"""ITU-R BT.601."""


@given(st.integers(6, 600), st.integers(0, 2**32 - 1))
def test_a_seed_makes_the_same_images_and_all_classes_as_often(samples: int, seed: int) -> None:
    data = ShapesData(samples=samples, seed=seed)
    x, y = shapes(data)
    again, _ = shapes(data)
    counts = np.bincount(y, minlength=6)
    assert x.dtype == np.uint8
    assert x.shape == (samples, 3 * 32 * 32)
    assert counts.max() - counts.min() <= 1
    assert np.array_equal(x, again)
    assert len(np.unique(x, axis=0)) == samples


def _parts(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Redness (n,) and luma (n,) of the middle of pictures (n, 3, 32, 32)."""
    middle = pictures[:, :, 13:19, 13:19].mean(axis=(2, 3))
    return middle[:, 0] - middle[:, 2], middle @ LUMA


def test_red_differs_from_blue_in_colour_and_not_in_brightness() -> None:
    x, y = shapes(ShapesData(samples=3000, seed=1))
    redness, luma = _parts(x.reshape(-1, 3, 32, 32).astype(float))
    is_red = y % 2 == 0
    assert SHAPE_NAMES[0].startswith("Red")
    assert np.mean((redness > 0) == is_red) > 0.99
    # Two means of 1,500 each differ by less than four standard errors.
    error = np.hypot(luma[is_red].std(), luma[~is_red].std()) / np.sqrt(1500)
    assert abs(luma[is_red].mean() - luma[~is_red].mean()) < 4 * error


def test_shapes_have_equal_areas() -> None:
    """Else counting pixels would tell them apart."""
    x, y = shapes(ShapesData(samples=3000, seed=2))
    pictures = x.reshape(-1, 3, 32, 32).astype(float)
    contrast = pictures[:, 0] - pictures[:, 2]
    red = np.isin(y, (0, 2, 4))
    share = (contrast[red] > 60).mean(axis=(1, 2))
    by_shape = [share[y[red] == kind] for kind in (0, 2, 4)]
    means = [part.mean() for part in by_shape]
    assert max(means) / min(means) < 1.1


def test_they_are_images_of_three_channels_with_names() -> None:
    dataset = prepare(Experiment.parse({"data": {"kind": "shapes", "samples": 60}}))
    assert dataset.image == (3, 32, 32)
    assert dataset.class_names == SHAPE_NAMES
    assert dataset.classes == 6
    assert dataset.points.x.max() <= 1.0
    raw = load_images(ShapesData(samples=60, pixels="raw"))
    assert np.array_equal(raw.points.x, shapes(ShapesData(samples=60))[0])


@pytest.mark.parametrize("samples", [5, 20_001])
def test_how_many_there_can_be(samples: int) -> None:
    with pytest.raises(playground.PlaygroundError, match=r"data\.samples"):
        Experiment.parse({"data": {"kind": "shapes", "samples": samples}})
