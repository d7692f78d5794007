"""The colours of data: ten class colours, their markers, and the maps made from them.

Owns everything that turns class probabilities or signed values into colour. Imports numpy and the
messages only and holds no state, so any thread may call it.

The ten colours are M. A. Petroff's accessible sequence ("Accessible Color Sequences for Data
Visualization", arXiv:2107.02270, 2021), which stays distinguishable with the common kinds of colour
blindness. A class is never told by its colour alone: each one has its own marker, too.
"""

from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from playground.core.messages import Message

Rgb = NDArray[np.uint8]

MAP_STRENGTH: Final = 0.55
"""How far a map goes from neutral to a class colour, so that full-strength points stand out."""


def _table(*codes: str) -> Rgb:
    table = np.frombuffer(bytes.fromhex("".join(codes)), dtype=np.uint8).reshape(-1, 3)
    return table  # frombuffer over bytes: read-only, as shared constants should be


CLASS_COLORS: Final[Rgb] = _table(
    "3f90da",
    "ffa90e",
    "bd1f01",
    "94a4a2",
    "832db6",
    "a96b59",
    "e76300",
    "b9ac70",
    "717581",
    "92dadd",
)
"""(10, 3) uint8 RGB, class 0 first; read-only."""

SPOKEN_NAMES: Final = (
    Message("Blue", context="class"),
    Message("Orange", context="class"),
    Message("Red", context="class"),
    Message("Gray", context="class"),
    Message("Purple", context="class"),
    Message("Brown", context="class"),
    Message("Tangerine", context="class"),
    Message("Khaki", context="class"),
    Message("Slate", context="class"),
    Message("Aqua", context="class"),
)
"""What a window calls the classes that nobody has named."""

CLASS_NAMES: Final = tuple(map(str, SPOKEN_NAMES))
"""What files and commands call them."""

CLASS_MARKERS: Final = ("o", "s", "t1", "d", "star", "+", "x", "t", "p", "t3")
"""One filled marker per class, in the plotting library's symbol keys."""

NEUTRALS: Final[dict[str, Rgb]] = {
    "light": _table("f4f4f2")[0],
    "dark": _table("2a2d33")[0],
}


def neutral(scheme: Literal["light", "dark"]) -> Rgb:
    """The undecided middle of a map in a colour scheme: (3,) uint8 RGB, read-only."""
    return NEUTRALS[scheme]


def blend(
    probabilities: ArrayLike,
    neutral: ArrayLike,
    strength: float = MAP_STRENGTH,
    colors: ArrayLike = CLASS_COLORS,
) -> Rgb:
    """Map colours, uint8 (..., 3), for class probabilities (..., C) that sum to one.

    With C classes, each class pulls the neutral colour towards its own by how far its probability
    is above chance::

        w_c    = max(0, (p_c - 1/C) / (1 - 1/C))
        colour = neutral + strength * sum_c w_c * (colour_c - neutral)

    A certain class gives exactly `strength` of its colour, equal probabilities give neutral, and
    because sum_c w_c <= 1 the result never leaves the colours it is made from. For two classes this
    is the straight line class 0 - neutral - class 1 in p. With one class there is nothing to be
    undecided about: w = p.

    neutral   (3,) RGB, 0 to 255
    strength  0 (all neutral) to 1 (full class colours)
    colors    (>= C, 3) RGB, 0 to 255; one row a class

    Raises ValueError where there are more classes than colours.
    """
    p = np.asarray(probabilities, dtype=np.float32)
    table = np.asarray(colors, dtype=np.float32)
    middle = np.asarray(neutral, dtype=np.float32)
    classes = p.shape[-1]
    if classes > len(table):
        raise ValueError(f"{classes} classes need {classes} colors, there are {len(table)}.")
    chance = 1.0 / classes if classes > 1 else 0.0
    weights = np.maximum(0.0, p - np.float32(chance))
    mixed = weights @ ((table[:classes] - middle) * np.float32(strength / (1.0 - chance)))
    mixed += middle + np.float32(0.5)  # half: rounding, not truncation, in the cast below
    result: Rgb = np.clip(mixed, 0.0, 255.0, out=mixed).astype(np.uint8)
    return result


def ramp(
    low: ArrayLike, high: ArrayLike, neutral: ArrayLike, strength: float = MAP_STRENGTH
) -> Rgb:
    """Lookup table low - neutral - high for two-class maps and signed values.

    Index 0 is `strength` of `low`, the middle is neutral, index 255 is `strength` of `high`; both
    halves are straight lines in RGB, so the table agrees with `blend` for two classes.

    Args:
        low, high, neutral: (3,) RGB, 0 to 255.
        strength: 0 (all neutral) to 1 (full end colours).

    Returns:
        (256, 4) uint8 RGBA, opaque.
    """
    low_, high_, middle = (np.asarray(c, dtype=np.float64) for c in (low, high, neutral))
    t = np.linspace(-1.0, 1.0, 256)[:, None]
    ends = np.where(t < 0.0, low_, high_)
    rgb = middle + strength * np.abs(t) * (ends - middle)
    table = np.full((256, 4), 255, dtype=np.uint8)
    table[:, :3] = np.rint(np.clip(rgb, 0.0, 255.0)).astype(np.uint8)
    return table


def signed_index(values: ArrayLike, scale: float = 1.0) -> NDArray[np.uint8]:
    """Row of a `ramp` for each signed value: -scale and below is 0, +scale and above is 255.

    Not-finite values become the neutral middle (a picture must not fail on a diverged network).
    """
    t = np.nan_to_num(np.asarray(values, np.float32) / np.float32(scale), nan=0.0)
    rows = np.clip(t, -1.0, 1.0) * np.float32(127.5) + np.float32(128.0)
    result: NDArray[np.uint8] = np.minimum(rows, 255.0).astype(np.uint8)
    return result


def signed_colors(
    values: ArrayLike,
    neutral: ArrayLike,
    strength: float = MAP_STRENGTH,
    ends: Rgb = CLASS_COLORS,
) -> Rgb:
    """Colours (..., 3) of signed values (...): -1 and below is `ends[0]`, 1 and above `ends[1]`."""
    low, high = ends[:2]
    colors: Rgb = ramp(low, high, neutral, strength)[:, :3].take(signed_index(values), axis=0)
    return colors


def map_colors(
    values: NDArray[np.float32], neutral: ArrayLike, class_colors: Rgb = CLASS_COLORS
) -> Rgb:
    """Colours (..., 3) of a map: probabilities (..., C) of classes in `class_colors`, (>= C, 3), or
    signed values (..., 1), whose colours are always the same.
    """
    if values.shape[-1] > 2:
        return blend(values, neutral, colors=class_colors)
    if values.shape[-1] == 1:
        return signed_colors(values[..., 0], neutral)
    return signed_colors(2 * values[..., 1] - 1, neutral, ends=class_colors)


def packed(colors: ArrayLike) -> NDArray[np.uint32]:
    """Colours (..., 3), 0 to 255, as 0xffRRGGBB (...)."""
    red, green, blue = np.moveaxis(np.asarray(colors, np.uint32), -1, 0)
    return np.asarray(0xFF000000 | red << 16 | green << 8 | blue, np.uint32)
