"""Augmentation: what is done to images and points, and that it is repeatable."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.training.augmentation import Augmentation, augmented, sampled

IMAGE = (2, 5, 4)


def images(count: int = 6, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, 16, (count, 40)).astype(np.float32)


def changed(x: np.ndarray, **settings: Any) -> np.ndarray:
    return augmented(x, IMAGE, Augmentation(**settings), 3)


def as_pictures(x: np.ndarray) -> np.ndarray:
    return x.reshape(-1, *IMAGE)


def test_nothing_is_the_default() -> None:
    x = images()
    assert np.array_equal(augmented(x, IMAGE, Augmentation(), 0), x)
    assert not Augmentation().acts(on_images=True)


def test_flips_are_exact() -> None:
    x = as_pictures(images())
    assert np.array_equal(as_pictures(changed(images(), horizontal_flip=1.0)), x[..., ::-1])
    assert np.array_equal(as_pictures(changed(images(), vertical_flip=1.0)), x[..., ::-1, :])
    some = as_pictures(changed(images(200), horizontal_flip=0.5))
    flipped = (some == as_pictures(images(200))[..., ::-1]).all(axis=(1, 2, 3))
    assert 70 < flipped.sum() < 130


def test_a_crop_moves_by_whole_pixels_and_fills_with_nothing() -> None:
    x = as_pictures(images())
    moved = as_pictures(changed(images(), crop=1))
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    for picture, around in zip(moved, padded, strict=True):
        pieces = [around[:, i : i + 5, j : j + 4] for i in range(3) for j in range(3)]
        assert any(np.array_equal(picture, piece) for piece in pieces)


def test_a_quarter_turn_is_the_one_of_numpy() -> None:
    square = np.random.default_rng(0).uniform(0, 1, (1, 25)).astype(np.float32)
    rows, columns = np.indices((5, 5), float)[:, None]
    turned = sampled(square, (1, 5, 5), columns, 4 - rows).reshape(5, 5)
    assert turned == pytest.approx(np.rot90(square.reshape(5, 5)))
    back = sampled(square, (1, 5, 5), 4 - columns, rows).reshape(5, 5)
    assert back == pytest.approx(np.rot90(square.reshape(5, 5), -1))


def test_a_rotation_keeps_the_middle() -> None:
    x = np.zeros((30, 49), np.float32)
    x[:, 24] = 1
    turned = augmented(x, (1, 7, 7), Augmentation(rotation=180.0), 0)
    assert turned[:, 24] == pytest.approx(1)
    x[:, 23] = 1
    turned = augmented(x, (1, 7, 7), Augmentation(rotation=180.0), 0)
    assert len({tuple(row.round(3)) for row in turned}) == 30


def test_brightness_multiplies_and_contrast_keeps_the_mean() -> None:
    x = images()
    ratio = changed(x, brightness=0.5) / x
    assert ratio.std(axis=1) == pytest.approx(0, abs=1e-5)
    assert ((ratio >= 0.5) & (ratio <= 1.5)).all()
    duller = changed(x, contrast=0.5)
    assert duller.mean(axis=1) == pytest.approx(x.mean(axis=1), rel=1e-5)
    factor = duller.std(axis=1) / x.std(axis=1)
    assert ((factor > 0.49) & (factor < 1.51)).all()
    assert factor.std() > 0.05


def test_jitter_is_noise_of_that_deviation_on_points_and_images() -> None:
    x = np.zeros((20_000, 2), np.float32)
    noise = augmented(x, None, Augmentation(jitter=0.3), 5)
    assert noise.mean() == pytest.approx(0, abs=0.01)
    assert noise.std() == pytest.approx(0.3, rel=0.02)
    assert Augmentation(jitter=0.3).acts(on_images=False)


def test_points_are_not_turned() -> None:
    x = images()
    settings = Augmentation(rotation=90.0, brightness=1.0)
    assert np.array_equal(augmented(x, None, settings, 0), x)
    assert not settings.acts(on_images=False)


@given(
    st.builds(
        Augmentation,
        horizontal_flip=st.floats(0, 1),
        vertical_flip=st.floats(0, 1),
        rotation=st.floats(0, 180),
        crop=st.integers(0, 16),
        brightness=st.floats(0, 1),
        contrast=st.floats(0, 1),
        jitter=st.floats(0, 100),
    ),
    st.integers(0, 2**32 - 1),
)
def test_it_is_repeatable_and_leaves_the_original_alone(settings: Augmentation, seed: int) -> None:
    x = images()
    first = augmented(x, IMAGE, settings, seed)
    assert first.shape == x.shape
    assert first.dtype == np.float32
    assert np.isfinite(first).all()
    assert np.array_equal(first, augmented(x, IMAGE, settings, seed))
    assert np.array_equal(x, images())
