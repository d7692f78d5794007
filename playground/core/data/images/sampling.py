"""A picture as points: its dark or colored regions, sampled into classes.

Imports numpy and the core; Pillow and scikit-learn inside the functions that need them, which take
a second to import. Any thread.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt

from playground.core.data.images.pictures import open_picture
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.errors import DataError

SIDE = 320
"""Pixels along the longer side of what is looked at."""
REACH = 5.5
MAX_COLORS = 5

_GROUND_DISTANCE = 60.0
"""How far a color has to be from the ground to belong to a region; white to black is 442."""
_EDGE_DISTANCE = 40.0
"""How far the neighbors of a pixel may be from it: at an edge colors mix to ones nobody drew."""
_APART = 70.0
"""Clusters nearer than this are shades of one color."""
_SMALLEST_SHARE = 0.01
_CLUSTERED_PIXELS = 5_000


def points_of_image(
    path: Path, count: int = 500, seed: int = 7, progress: Progress = no_progress
) -> Points:
    """`count` points in the dark or colored regions of a picture, one class for each color.

    The picture keeps its proportions and fits into [-5.5, 5.5]; its top is up. Class 0 has the
    most points. Raises FileError where the picture cannot be read, DataError where it is blank.
    """
    colors = _colors(path)
    progress(0.3)
    drawn = _drawn(colors)
    if not drawn.any():
        raise DataError(
            "{name} shows nothing on its ground; draw dark or colored regions on a light one.",
            name=path,
        )
    random = np.random.default_rng(seed)
    rows, columns = np.nonzero(drawn)
    labels = _clustered(colors[rows, columns], seed)
    progress(0.9)
    chosen = random.choice(len(rows), count, replace=len(rows) < count)
    height, width = drawn.shape
    jitter = random.uniform(0, 1, (count, 2))
    scale = 2 * REACH / max(height, width)
    x1 = (columns[chosen] + jitter[:, 0] - width / 2) * scale
    x2 = (height / 2 - rows[chosen] - jitter[:, 1]) * scale
    return Points.of(np.stack([x1, x2], axis=1), labels[chosen])


def data_of_image(path: Path, progress: Progress = no_progress) -> PointsData:
    """The points of a picture as data, not divided yet. Raises what `points_of_image` raises."""
    data = PointsData.of(points_of_image(path, progress=progress))
    return data.model_copy(update={"test": None})


def _colors(path: Path) -> npt.NDArray[np.float64]:
    """Colors (H, W, 3), 0 to 255, of a small copy on white."""
    picture = open_picture(path, SIDE)
    picture.thumbnail((SIDE, SIDE))
    return np.asarray(picture, np.float64)


def _drawn(colors: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Pixels (H, W) that lie inside a region: unlike the ground, and like their neighbors."""
    far = np.linalg.norm(colors - _ground(colors), axis=2) > _GROUND_DISTANCE
    inside = far & (_step(colors) < _EDGE_DISTANCE)
    # Thin lines are nothing but edges; there the mixed colors have to do.
    return inside if inside.sum() >= 0.2 * far.sum() else far


def _ground(colors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The color (3,) that most of the border has; white where the border is dark."""
    border = np.concatenate([colors[0], colors[-1], colors[:, 0], colors[:, -1]])
    coarse = (border // 32).astype(np.int64) @ [64, 8, 1]
    most = np.bincount(coarse).argmax()
    found = border[coarse == most].mean(axis=0)
    return found if found.mean() >= 128 else np.full(3, 255.0)


def _step(colors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The largest distance (H, W) of a pixel to the four around it."""
    padded = np.pad(colors, ((1, 1), (1, 1), (0, 0)), mode="edge")
    height, width = colors.shape[:2]
    largest = np.zeros((height, width))
    for row, column in ((0, 1), (2, 1), (1, 0), (1, 2)):
        other = padded[row : row + height, column : column + width]
        largest = np.maximum(largest, np.linalg.norm(colors - other, axis=2))
    return largest


def _clustered(colors: npt.NDArray[np.float64], seed: int) -> npt.NDArray[np.int64]:
    """A class (N,) for each color (N, 3): the cluster it is nearest to, the largest first."""
    centers = _centers(colors, seed)
    distance = np.linalg.norm(colors[:, None] - centers[None], axis=2)
    nearest = distance.argmin(axis=1)
    order = np.argsort(-np.bincount(nearest, minlength=len(centers)), kind="stable")
    return np.argsort(order)[nearest]


def _centers(colors: npt.NDArray[np.float64], seed: int) -> npt.NDArray[np.float64]:
    """The colors (K, 3) of as many clusters as lie apart, five at most."""
    from sklearn.cluster import KMeans

    random = np.random.default_rng(seed)
    sample = colors
    if len(colors) > _CLUSTERED_PIXELS:
        sample = colors[random.choice(len(colors), _CLUSTERED_PIXELS, replace=False)]
    most = min(MAX_COLORS, len(np.unique(sample.round(), axis=0)))
    for clusters in range(most, 1, -1):
        fit = KMeans(clusters, n_init=4, random_state=seed).fit(sample)
        share = np.bincount(fit.labels_, minlength=clusters) / len(sample)
        if _are_apart(fit.cluster_centers_) and share.min() >= _SMALLEST_SHARE:
            return fit.cluster_centers_
    return sample.mean(axis=0, keepdims=True)


def _are_apart(centers: npt.NDArray[np.float64]) -> bool:
    return all(
        np.linalg.norm(first - second) >= _APART
        for (i, first), (j, second) in product(enumerate(centers), repeat=2)
        if i < j
    )
