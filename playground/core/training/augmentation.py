"""Augmentation: training points that are changed a little each time they are seen.

Owns the settings and the arithmetic, in numpy on raw data (pixels, coordinates), so that the
window, the engine and a script do the same. Test points are never changed. Runs on any thread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.core.data.points import FloatArray, frozen
from playground.core.experiment.settings import Settings, Whole, setting

Image = tuple[int, int, int]


class Augmentation(Settings):
    """What happens to training points at random; all zero is none at all."""

    horizontal_flip: float = setting(
        0.0,
        label="Flip left-right",
        ge=0.0,
        le=1.0,
        step=0.1,
        help="The chance that an image is mirrored. Good for photographs, bad for letters.",
    )
    vertical_flip: float = setting(
        0.0,
        label="Flip top-bottom",
        ge=0.0,
        le=1.0,
        step=0.1,
        help="The chance that an image is turned upside down. A 6 becomes something like a 9.",
    )
    rotation: float = setting(
        0.0,
        label="Rotation",
        ge=0.0,
        le=180.0,
        step=5,
        help="Images are turned by up to so many degrees, either way.",
    )
    crop: Whole = setting(
        0,
        label="Random crop",
        ge=0,
        le=16,
        step=1,
        help="Images are moved by up to so many pixels: a border is added, and a piece cut out.",
    )
    brightness: float = setting(
        0.0,
        label="Brightness",
        ge=0.0,
        le=1.0,
        step=0.1,
        help="All pixels of an image are multiplied by up to 1 plus or minus this.",
    )
    contrast: float = setting(
        0.0,
        label="Contrast",
        ge=0.0,
        le=1.0,
        step=0.1,
        help="The distance of pixels from their mean is multiplied by up to 1 plus or minus this.",
    )
    jitter: float = setting(
        0.0,
        label="Jitter",
        ge=0.0,
        le=100.0,
        step=0.1,
        help="Every value is moved by noise with this standard deviation, in units of the data.",
    )

    @property
    def moves_images(self) -> bool:
        return max(self.horizontal_flip, self.vertical_flip, self.rotation, self.crop) > 0

    @property
    def shades_images(self) -> bool:
        return max(self.brightness, self.contrast) > 0

    def acts(self, *, on_images: bool) -> bool:
        """True where training points are changed; all but jitter is for images."""
        return self.jitter > 0 or (on_images and (self.moves_images or self.shades_images))


def augmented(x: npt.NDArray, image: Image | None, settings: Augmentation, seed: int) -> FloatArray:
    """Raw data x (N, D) as the first batch of a training from `seed` would see them, float32.

    image is (channels, height, width) with D = channels * height * width, None for points.
    """
    return augment(x, image, settings, augmenting_random(seed))


def augmenting_random(seed: int) -> np.random.Generator:
    """The randomness of augmentation: its own, so that it does not change the order of batches."""
    return np.random.default_rng((seed, 1))


def augment(
    x: npt.NDArray, image: Image | None, settings: Augmentation, random: np.random.Generator
) -> FloatArray:
    """Raw data x (N, D), changed at random as `settings` say: (N, D), float64 where x is, else
    float32.
    """
    dtype = np.float64 if x.dtype == np.float64 else np.float32
    if image is not None and settings.moves_images:
        x = placed(x, image, settings, random)
    if image is not None and settings.shades_images:
        x = shaded(x, settings, random)
    if settings.jitter > 0:
        x = jittered(x, settings, random)
    return frozen(np.array(x, dtype))


def placed(
    x: npt.NDArray, image: Image, settings: Augmentation, random: np.random.Generator
) -> npt.NDArray:
    """Images x (N, C * H * W) flipped, turned and moved; what comes in from outside is 0."""
    _, height, width = image
    chances = [[settings.horizontal_flip], [settings.vertical_flip]]
    flip_u, flip_v = np.where(random.random((2, len(x))) < chances, -1, 1)[..., None, None]
    angles = random.uniform(-settings.rotation, settings.rotation, (len(x), 1, 1))
    moves = random.integers(-settings.crop, settings.crop + 1, (2, len(x), 1, 1))
    # Where a pixel comes from, as seen from the middle of the image: u to the right, v down.
    u = np.arange(width)[None, None, :] - (width - 1) / 2 - moves[0]
    v = np.arange(height)[None, :, None] - (height - 1) / 2 - moves[1]
    cos, sin = np.cos(np.radians(angles)), np.sin(np.radians(angles))
    columns = flip_u * (cos * u + sin * v) + (width - 1) / 2
    rows = flip_v * (cos * v - sin * u) + (height - 1) / 2
    return sampled(x, image, rows, columns)


def sampled(x: npt.NDArray, image: Image, rows: npt.NDArray, columns: npt.NDArray) -> npt.NDArray:
    """Images x (N, C * H * W) at the fractional places rows, columns (N, H, W): a mean of the four
    pixels around, 0 outside.
    """
    _, height, width = image
    pictures = np.pad(x.reshape(-1, *image), ((0, 0), (0, 0), (1, 2), (1, 2)))
    rows, columns = np.clip(rows + 1, 0, height + 1), np.clip(columns + 1, 0, width + 1)
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    down, right = (rows - top)[..., None], (columns - left)[..., None]
    one = np.arange(len(x))[:, None, None]
    above = (1 - right) * pictures[one, :, top, left] + right * pictures[one, :, top, left + 1]
    top = top + 1
    below = (1 - right) * pictures[one, :, top, left] + right * pictures[one, :, top, left + 1]
    return np.moveaxis((1 - down) * above + down * below, -1, 1).reshape(len(x), -1)


def shaded(x: npt.NDArray, settings: Augmentation, random: np.random.Generator) -> npt.NDArray:
    """Images x (N, D), each times a number for brightness, then its pixels' distance from their
    mean times one for contrast, as in torchvision.
    """
    light = random.uniform(1 - settings.brightness, 1 + settings.brightness, (len(x), 1))
    stretch = random.uniform(1 - settings.contrast, 1 + settings.contrast, (len(x), 1))
    mean = (x * light).mean(axis=1, keepdims=True)
    return mean + (x * light - mean) * stretch


def jittered(x: npt.NDArray, settings: Augmentation, random: np.random.Generator) -> npt.NDArray:
    """Every value of x moved by noise of its own."""
    return x + settings.jitter * random.standard_normal(x.shape)
