"""The generated data sets against the formulas they are published with."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.datasets import make_blobs, make_moons

from playground.core.data.generators import GENERATORS, Recipe

MANY = 20_000


def sample(
    key: str, *, samples: int = MANY, noise: float = 0.0, classes: int = 2, seed: int = 7
) -> tuple[npt.NDArray, npt.NDArray]:
    return GENERATORS[key].value.sample(Recipe(samples, noise, classes, seed))


def close(values: npt.NDArray, expected: float, within: float) -> bool:
    return abs(float(np.mean(values)) - expected) < within


@pytest.mark.parametrize("key", GENERATORS.keys())
@pytest.mark.parametrize("samples", [1, 2, 3, 7, 500])
def test_shapes_and_counts(key: str, samples: int) -> None:
    generator = GENERATORS[key].value
    for classes in range(generator.classes[0], generator.classes[1] + 1):
        x, y = sample(key, samples=samples, noise=0.3, classes=classes)
        assert x.shape == (samples, generator.inputs)
        assert y.shape == (samples,)
        assert np.isfinite(x).all()
        assert np.issubdtype(y.dtype, np.floating if generator.regression else np.integer)
        if not generator.regression:
            assert y.min() >= 0
            assert y.max() < classes


@pytest.mark.parametrize("key", GENERATORS.keys())
def test_the_seed_decides(key: str) -> None:
    one, same, other = (sample(key, samples=50, noise=0.2, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one[0], same[0])
    assert np.array_equal(one[1], same[1])
    assert not np.array_equal(one[0], other[0])


@pytest.mark.parametrize("key", ["circle", "gaussians", "spiral", "moons", "blobs", "rings"])
def test_classes_are_equally_many(key: str) -> None:
    most = GENERATORS[key].value.classes[1]
    _, y = sample(key, samples=501, classes=most)
    counts = np.bincount(y)
    assert len(counts) == most
    assert np.ptp(counts) <= 1


def test_circle() -> None:
    x, y = sample("circle")
    radius = np.hypot(*x.T)
    inner, outer = radius[y == 1], radius[y == 0]
    assert inner.max() <= 2.5
    assert outer.min() >= 3.5
    assert outer.max() <= 5
    # The radius is uniform, not the area.
    assert close(inner, 1.25, 0.03)
    assert close(outer, 4.25, 0.03)
    assert close(inner**2, 2.5**2 / 3, 0.1)
    assert close(np.arctan2(*x.T), 0, 0.05)


def test_circle_noise_displaces_points_for_labelling_only() -> None:
    calm, noisy = sample("circle"), sample("circle", noise=0.5)
    assert np.array_equal(calm[0], noisy[0])
    flipped = calm[1] != noisy[1]
    assert 0.05 < flipped.mean() < 0.4
    # U(-5, 5) * 0.5 moves a point by at most 2.5 sqrt(2); nothing flips further from the edge.
    assert np.abs(np.hypot(*noisy[0].T)[flipped] - 2.5).max() < 2.5 * np.sqrt(2)


def test_xor() -> None:
    x, y = sample("xor")
    assert np.abs(x).min() >= 0.3
    assert np.abs(x).max() <= 5.3
    assert np.array_equal(y, (x.prod(axis=1) >= 0).astype(int))
    assert close(np.abs(x), 2.8, 0.05)
    calm, noisy = y, sample("xor", noise=0.5)
    assert np.array_equal(x, noisy[0])
    flipped = calm != noisy[1]
    assert flipped.any()
    assert np.abs(x)[flipped].min(axis=1).max() <= 2.5


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.25, 2.25), (0.5, 4.0)])
def test_gaussians(noise: float, variance: float) -> None:
    x, y = sample("gaussians", noise=noise)
    for label, center in ((1, 2.0), (0, -2.0)):
        cloud = x[y == label]
        assert np.allclose(cloud.mean(axis=0), center, atol=0.08)
        assert np.allclose(cloud.var(axis=0), variance, rtol=0.06)


def test_spiral() -> None:
    x, y = sample("spiral", samples=500)
    for label, turn in ((1, 0.0), (0, np.pi)):
        i = np.arange(250)
        r, t = 5 * i / 250, 1.75 * 2 * np.pi * i / 250 + turn
        assert np.allclose(x[y == label], np.stack([r * np.sin(t), r * np.cos(t)], axis=1))
    noisy, _ = sample("spiral", samples=500, noise=0.5)
    assert 0.45 < np.abs(noisy - x).max() <= 0.5


def test_moons_are_those_of_scikit_learn() -> None:
    x, y = sample("moons", samples=301, noise=0.2)
    expected, labels = make_moons(301, noise=0.12, random_state=7)
    assert np.array_equal(x, (expected - [0.5, 0.25]) * 3)
    assert np.array_equal(y, labels)
    assert np.allclose(sample("moons")[0].mean(axis=0), 0, atol=0.02)


@pytest.mark.parametrize("classes", range(2, 9))
def test_blobs_are_those_of_scikit_learn(classes: int) -> None:
    x, y = sample("blobs", samples=100, classes=classes)
    expected, labels = make_blobs(100, centers=classes, random_state=7)
    assert np.array_equal(x, expected / 2)
    assert np.array_equal(y, labels)
    noisy, _ = sample("blobs", classes=classes, noise=0.5)
    calm, labels = sample("blobs", classes=classes)
    for moved, deviation in ((calm, 0.5), (noisy, 1.5)):
        assert np.allclose(moved[labels == 0].std(axis=0), deviation, rtol=0.05)


@pytest.mark.parametrize("classes", [2, 3, 4])
def test_rings_do_not_touch(classes: int) -> None:
    x, y = sample("rings", classes=classes)
    radius = np.hypot(*x.T)
    edges = [(radius[y == label].min(), radius[y == label].max()) for label in range(classes)]
    assert edges[-1][1] <= 5
    for (_, outer), (inner, _) in pairwise(edges):
        assert 0.29 < inner - outer < 0.35
    moved = sample("rings", classes=classes, noise=0.4)[0] - x
    assert np.allclose(moved.std(axis=0), 0.4, atol=0.02)


def test_checkerboard() -> None:
    x, y = sample("checkerboard")
    assert np.abs(x).max() <= 5
    column, row = np.floor((x + 5) / 2.5).astype(int).T
    assert np.array_equal(y, (column + row) % 2)
    assert close(y, 0.5, 0.02)
    assert 0.1 < (sample("checkerboard", noise=0.5)[1] != y).mean() < 0.6


def test_plane() -> None:
    x, y = sample("plane")
    assert np.abs(x).max() <= 6
    assert np.allclose(y, x.sum(axis=1) / 10)
    noisy = sample("plane", noise=0.5)
    assert np.array_equal(noisy[0], x)
    assert 0.5 < np.abs(noisy[1] - y).max() <= 0.6


def test_hills() -> None:
    x, y = sample("hills")
    assert np.abs(x).max() <= 6
    expected = np.zeros(len(x))
    centers = [(-4, 2.5), (0, 2.5), (4, 2.5), (-4, -2.5), (0, -2.5), (4, -2.5)]
    for (a, b), sign in zip(centers, [1, -1, 1, -1, 1, -1], strict=True):
        bump = sign * np.maximum(0, 1 - np.hypot(x[:, 0] - a, x[:, 1] - b) / 2)
        expected = np.where(np.abs(bump) > np.abs(expected), bump, expected)
    assert np.allclose(y, expected)


CURVES = {
    "sine": lambda x: np.sin(1.5 * x),
    "line": lambda x: x / 5,
    "parabola": lambda x: 2 * (x / 5) ** 2 - 1,
    "steps": lambda x: np.select([x < -2.5, x < 0, x < 2.5], [-0.75, -0.25, 0.25], 0.75),
}


@pytest.mark.parametrize("key", CURVES)
def test_curves(key: str) -> None:
    x, y = sample(key)
    assert np.abs(x).max() <= 5
    assert np.allclose(y, CURVES[key](x[:, 0]))
    noise = sample(key, noise=0.3)[1] - y
    assert np.isclose(noise.std(), 0.3, rtol=0.05)


def test_every_data_set_says_what_it_is() -> None:
    for choice in GENERATORS:
        assert choice.label
        assert choice.help.endswith(".")
        assert choice.value.default_samples == (
            500 if not choice.value.regression else 1200 if choice.value.inputs == 2 else 200
        )
