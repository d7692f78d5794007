"""Where one class gives way to another, and how surely: lines of a map, by marching squares.

Pure NumPy; any thread.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Lines = tuple[npt.NDArray, npt.NDArray]

# The edges of a cell that a contour crosses, for each combination of corners above zero. Corners
# are counted from the lower left, against the clock: 1, 2, 4, 8; edge i leads from corner i to the
# next one.
_CROSSED = {
    1: [(3, 0)], 2: [(0, 1)], 3: [(3, 1)], 4: [(1, 2)], 5: [(3, 0), (1, 2)], 6: [(0, 2)],
    7: [(3, 2)], 8: [(2, 3)], 9: [(2, 0)], 10: [(0, 1), (2, 3)], 11: [(2, 1)], 12: [(1, 3)],
    13: [(1, 0)], 14: [(0, 3)],
}  # fmt: skip
_CORNERS = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])


def boundary(
    picture: npt.NDArray[np.float32], extent: float, center: tuple[float, float] = (0.0, 0.0)
) -> Lines:
    """The lines of equal chance in a map (H, W, classes), or of value 0 in a map (H, W, 1).

    Returns x and y, each (2 n,): the ends of n segments, two by two, over the square of half side
    `extent` around `center`.
    """
    classes = picture.shape[2]
    if classes == 1:
        margins = [picture[:, :, 0]]
    elif classes == 2:
        margins = [picture[:, :, 1] - picture[:, :, 0]]
    else:
        margins = list(_margins(picture))
    return _lines(margins, extent, center)


def certainty(
    picture: npt.NDArray[np.float32], extent: float, center: tuple[float, float] = (0.0, 0.0)
) -> tuple[Lines, Lines]:
    """Lines of a map: the boundary, and those where the network is half as undecided.

    Two classes: probability 0.5, and 0.25 and 0.75. More: where the winner changes, and where it
    has 0.5 and 0.75. Values: 0, and -0.5 and 0.5.
    """
    classes = picture.shape[2]
    if classes <= 2:
        values = picture[:, :, 0] if classes == 1 else picture[:, :, 1] - picture[:, :, 0]
        others = [values - 0.5, values + 0.5]
    else:
        best = picture.max(axis=2)
        others = [best - 0.5, best - 0.75]
    return boundary(picture, extent, center), _lines(others, extent, center)


def _lines(fields: list[npt.NDArray], extent: float, center: tuple[float, float]) -> Lines:
    """The zero lines of fields (H, W), as x and y in the units of the canvas."""
    ends = np.concatenate([segments(field) for field in fields])
    size = np.array(fields[0].shape[1::-1])
    places = (ends.reshape(-1, 2) + 0.5) * (2 * extent / size) - extent
    return places[:, 0] + center[0], places[:, 1] + center[1]


def segments(values: npt.NDArray) -> npt.NDArray[np.float64]:
    """Segments (n, 2, 2) of the zero line of values (H, W) at whole x (columns) and y (rows)."""
    above = values > 0
    kinds = sum(
        above[y : y + values.shape[0] - 1, x : x + values.shape[1] - 1].astype(int) << bit
        for bit, (x, y) in enumerate(_CORNERS)
    )
    found = [
        np.stack([_crossing(values, cells, start), _crossing(values, cells, end)], axis=1)
        for kind, edges in _CROSSED.items()
        if len(cells := np.argwhere(kinds == kind))
        for start, end in edges
    ]
    return np.concatenate(found) if found else np.zeros((0, 2, 2))


def _crossing(
    values: npt.NDArray, cells: npt.NDArray[np.int64], edge: int
) -> npt.NDArray[np.float64]:
    """Where the zero line crosses an edge of each cell (row, column), by linear interpolation: (n,
    2) x, y.
    """
    corners = cells[:, ::-1]
    first, second = corners + _CORNERS[edge], corners + _CORNERS[(edge + 1) % 4]
    a, b = values[first[:, 1], first[:, 0]], values[second[:, 1], second[:, 0]]
    part = (a / (a - b))[:, None]
    return first + part * (second - first)


def _margins(picture: npt.NDArray[np.float32]) -> Iterator[npt.NDArray[np.float32]]:
    """How far each class that wins somewhere is ahead of the best of the others, (H, W)."""
    winner = picture.argmax(axis=2)
    second, best = np.moveaxis(np.partition(picture, -2, axis=2)[:, :, -2:], 2, 0)
    for label in np.unique(winner):
        yield picture[:, :, label] - np.where(winner == label, second, best)
