"""The data sets that can be generated, each a pure function of its settings and its seed.

Coordinates are for a canvas of [-6, 6] x [-6, 6]. `noise` goes from 0 to 0.5. Circle, xor,
gaussians, spiral, plane and hills follow TensorFlow Playground (Smilkov, Carter et al. 2016), so
that results can be compared; there, noise displaces a point *for labelling only*, which flips
labels near the boundary.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.core.registry import Registry

RADIUS = 5.0
"""Radius of the classification data; the canvas shows one unit more on each side."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a generator is asked for: numbers of points and classes, noise in [0, 0.5], seed."""

    samples: int
    noise: float
    classes: int
    seed: int

    def random(self) -> np.random.Generator:
        return np.random.default_rng(self.seed)

    def share(self, part: int, of: int) -> int:
        """Size of one of `of` parts that add up to all samples and differ by one point at most."""
        return (self.samples + of - 1 - part) // of


Sampler = Callable[[Recipe], tuple[npt.NDArray, npt.NDArray]]


@dataclass(frozen=True, slots=True)
class Generator:
    """A data set: the sampler makes x (N, inputs) and y (N,), whole labels or floating targets."""

    sample: Sampler
    regression: bool = False
    inputs: int = 2
    classes: tuple[int, int] = (2, 2)
    """Fewest and most classes it can make; without meaning for regression."""
    default_samples: int = 500

    @property
    def canvas(self) -> bool:
        """True where the points lie on the two-dimensional canvas."""
        return self.inputs == 2


GENERATORS: Registry[Generator] = Registry("data set")


def data_set(key: str, *, label: str, help: str, **facts: Any) -> Callable[[Sampler], Sampler]:
    """Register the decorated sampler; `facts` are the other fields of Generator."""

    def register(sample: Sampler) -> Sampler:
        GENERATORS.add(key, Generator(sample, **facts), label=label, help=help)
        return sample

    return register


def _uniform_square(recipe: Recipe, half: float) -> tuple[npt.NDArray, npt.NDArray]:
    """Points in [-half, half]^2, and the same points displaced by the noise, for labelling."""
    random = recipe.random()
    x = random.uniform(-half, half, (recipe.samples, 2))
    return x, x + random.uniform(-half, half, x.shape) * recipe.noise


def _polar(radius: npt.NDArray, angle: npt.NDArray) -> npt.NDArray:
    return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)


@data_set(
    "circle",
    label="Circle",
    help="A disc inside a ring. No straight line parts them: a hidden layer is needed.",
)
def circle(recipe: Recipe) -> tuple[npt.NDArray, npt.NDArray]:
    """Half the points with radius U(0, 2.5) are class 1, half with radius U(3.5, 5) class 0."""
    random = recipe.random()
    inner, outer = recipe.share(0, 2), recipe.share(1, 2)
    radius = np.concatenate(
        [random.uniform(0, RADIUS * 0.5, inner), random.uniform(RADIUS * 0.7, RADIUS, outer)]
    )
    x = _polar(radius, random.uniform(0, 2 * np.pi, recipe.samples))
    labelled_at = x + random.uniform(-RADIUS, RADIUS, x.shape) * recipe.noise
    return x, (np.hypot(*labelled_at.T) < RADIUS * 0.5).astype(np.int64)


@data_set(
    "xor",
    label="Exclusive or",
    help="Opposite corners share a class: the classic task that a single layer cannot learn.",
)
def xor(recipe: Recipe) -> tuple[npt.NDArray, npt.NDArray]:
    """U(-5, 5)^2 pushed 0.3 off both axes; class 1 where x1 * x2 >= 0."""
    random = recipe.random()
    x = random.uniform(-RADIUS, RADIUS, (recipe.samples, 2))
    x += np.where(x > 0, 0.3, -0.3)
    labelled_at = x + random.uniform(-RADIUS, RADIUS, x.shape) * recipe.noise
    return x, (labelled_at.prod(axis=1) >= 0).astype(np.int64)


@data_set(
    "gaussians",
    label="Gaussians",
    help="Two round clouds. One straight line is enough, so even a network without hidden layers"
    " learns it.",
)
def gaussians(recipe: Recipe) -> tuple[npt.NDArray, npt.NDArray]:
    """Class 1 around (2, 2), class 0 around (-2, -2); variance 0.5 rising with noise to 4."""
    random = recipe.random()
    deviation = np.sqrt(0.5 + 7.0 * recipe.noise)
    y = np.repeat([1, 0], [recipe.share(0, 2), recipe.share(1, 2)])
    centers = np.where(y[:, None] == 1, 2.0, -2.0)
    return random.normal(centers, deviation, (recipe.samples, 2)), y


@data_set(
    "spiral",
    label="Spiral",
    help="Two arms wound around each other: hard, and worth a wider network or more features.",
)
def spiral(recipe: Recipe) -> tuple[npt.NDArray, npt.NDArray]:
    """Two arms, r = 5 i/n and t = 1.75 * 2 pi * i/n (+ pi for class 0), jitter U(-1, 1) * noise."""
    random = recipe.random()
    arms = []
    for arm in (0, 1):
        n = recipe.share(arm, 2)
        along = np.arange(n) / max(n, 1)
        arms.append(_polar(RADIUS * along, 1.75 * 2 * np.pi * along + np.pi * arm))
    x = np.concatenate(arms)
    y = np.repeat([1, 0], [len(arm) for arm in arms])
    return x + random.uniform(-1, 1, x.shape) * recipe.noise, y


@data_set(
    "moons",
    label="Moons",
    help="Two half circles that reach into each other.",
)
def moons(recipe: Recipe) -> tuple[npt.NDArray, npt.NDArray]:
    """scikit-learn's two half circles, centred and enlarged three times."""
    from sklearn.datasets import make_moons

    x, y = make_moons(recipe.samples, noise=recipe.noise * 0.6, random_state=recipe.seed)
    return (x - [0.5, 0.25]) * 3.0, y


@data_set(
    "blobs",
    label="Blobs",
    help="Round clouds at random places, two to eight classes.",
    classes=(2, 8),
)
def blobs(recipe: Recipe) -> tuple[npt.NDArray, npt.NDArray]:
    """scikit-learn's `make_blobs` at half size: at noise 0 exactly `make_blobs(...,
    random_state=seed) / 2`.
    """
    from sklearn.datasets import make_blobs

    x, y = make_blobs(
        recipe.samples,
        n_features=2,
        centers=recipe.classes,
        cluster_std=1.0 + 4.0 * recipe.noise,
        random_state=recipe.seed,
    )
    return x * 0.5, y


@data_set(
    "rings",
    label="Rings",
    help="Rings inside each other, two to four classes.",
    classes=(2, 4),
)
def rings(recipe: Recipe) -> tuple[npt.NDArray, npt.NDArray]:
    """Concentric rings of equal width, one a class from the middle outwards, normal jitter of
    deviation noise.
    """
    random = recipe.random()
    width, gap = RADIUS / recipe.classes, 0.3
    sizes = [recipe.share(label, recipe.classes) for label in range(recipe.classes)]
    y = np.repeat(np.arange(recipe.classes), sizes)
    inner = np.where(y > 0, y * width + gap / 2, 0.0)
    outer = (y + 1) * width - gap / 2
    x = _polar(random.uniform(inner, outer), random.uniform(0, 2 * np.pi, recipe.samples))
    return x + random.normal(0, 1, x.shape) * recipe.noise, y


@data_set(
    "checkerboard",
    label="Checkerboard",
    help="Sixteen squares in two classes: many corners, so many hidden units.",
)
def checkerboard(recipe: Recipe) -> tuple[npt.NDArray, npt.NDArray]:
    """U(-5, 5)^2 on a board of 4 x 4 squares; neighbours have different classes."""
    x, labelled_at = _uniform_square(recipe, RADIUS)
    squares = np.floor((labelled_at + RADIUS) / (RADIUS / 2)).astype(np.int64)
    return x, squares.sum(axis=1) % 2


@data_set(
    "plane",
    label="Plane",
    help="Regression: a number that rises evenly towards one corner.",
    regression=True,
    default_samples=1200,
)
def plane(recipe: Recipe) -> tuple[npt.NDArray, npt.NDArray]:
    """U(-6, 6)^2 with target (x1 + x2) / 10."""
    x, targeted_at = _uniform_square(recipe, 6.0)
    return x, targeted_at.sum(axis=1) / 10


HILL_CENTERS = np.array([(-4, 2.5), (0, 2.5), (4, 2.5), (-4, -2.5), (0, -2.5), (4, -2.5)])
HILL_SIGNS = np.array([1, -1, 1, -1, 1, -1])


@data_set(
    "hills",
    label="Hills",
    help="Regression: six bumps, up and down in turn.",
    regression=True,
    default_samples=1200,
)
def hills(recipe: Recipe) -> tuple[npt.NDArray, npt.NDArray]:
    """Six bumps of alternating sign; the target is the largest bump, 1 - d/2 or 0, in size."""
    x, targeted_at = _uniform_square(recipe, 6.0)
    distance = np.linalg.norm(targeted_at[:, None] - HILL_CENTERS, axis=2)
    bumps = HILL_SIGNS * np.clip(1 - distance / 2, 0, 1)
    return x, bumps[np.arange(len(x)), np.abs(bumps).argmax(axis=1)]


def _curve(
    recipe: Recipe, shape: Callable[[npt.NDArray], npt.NDArray]
) -> tuple[npt.NDArray, npt.NDArray]:
    """x1 = U(-5, 5) with target `shape(x1)` and normal noise."""
    random = recipe.random()
    x = random.uniform(-RADIUS, RADIUS, (recipe.samples, 1))
    return x, shape(x[:, 0]) + random.normal(0, 1, recipe.samples) * recipe.noise


@data_set(
    "sine",
    label="Sine",
    help="Curve fitting: one input, a wave to follow.",
    regression=True,
    inputs=1,
    default_samples=200,
)
def sine(recipe: Recipe) -> tuple[npt.NDArray, npt.NDArray]:
    """One input, target sin(1.5 x1)."""
    return _curve(recipe, lambda x: np.sin(1.5 * x))


@data_set(
    "steps",
    label="Steps",
    help="Curve fitting: one input, a stair whose edges a smooth network rounds off.",
    regression=True,
    inputs=1,
    default_samples=200,
)
def steps(recipe: Recipe) -> tuple[npt.NDArray, npt.NDArray]:
    """One input, a stair of four steps from -0.75 to 0.75."""
    return _curve(recipe, lambda x: (np.clip(np.floor(x / 2.5), -2, 1) + 0.5) / 2)


@data_set(
    "line",
    label="Line",
    help="Curve fitting: one input, a straight line, which needs no hidden layer.",
    regression=True,
    inputs=1,
    default_samples=200,
)
def line(recipe: Recipe) -> tuple[npt.NDArray, npt.NDArray]:
    """One input, target x1 / 5."""
    return _curve(recipe, lambda x: x / 5)


@data_set(
    "parabola",
    label="Parabola",
    help="Curve fitting: one input, a bowl.",
    regression=True,
    inputs=1,
    default_samples=200,
)
def parabola(recipe: Recipe) -> tuple[npt.NDArray, npt.NDArray]:
    """One input, target 2 (x1 / 5)^2 - 1."""
    return _curve(recipe, lambda x: 2 * (x / 5) ** 2 - 1)
