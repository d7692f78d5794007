"""Means and deviations, to the bit those of scikit-learn's `StandardScaler`, without importing it,
which takes a second.

Pure NumPy; any thread.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class StandardScale:
    """Mean and deviation of columns, over rows that come in blocks.

    The variance of a block is that of the corrected two-pass algorithm, and two blocks are joined,
    as in Chan, Golub and LeVeque, "Algorithms for Computing the Sample Variance: Analysis and
    Recommendations", The American Statistician 37 (1983).

    mean      float64 (K,)
    variance  float64 (K,), divided by the number of rows
    rows      how many there were
    """

    def __init__(self, blocks: Iterable[Floats]) -> None:
        """Of blocks float64 (N, K) without gaps, at least one of which has a row."""
        self.rows = 0
        self.mean: Floats = np.zeros(1)
        self.variance: Floats = np.zeros(1)
        for block in blocks:
            self._add(block)

    @property
    def scale(self) -> Floats:
        """The deviation of each column; 1 where it is the same number in every row, but for the
        rounding of the algorithm.
        """
        accuracy = np.finfo(np.float64).eps
        rounding = self.rows * accuracy * self.variance + (self.rows * self.mean * accuracy) ** 2
        return np.where(self.variance <= rounding, 1.0, np.sqrt(self.variance))

    def _add(self, block: Floats) -> None:
        before, added = self.rows, len(block)
        after = before + added
        total, total_before = np.sum(block, axis=0), self.mean * before
        apart = block - total / added
        correction = np.sum(apart, axis=0)
        apart **= 2
        squares = np.sum(apart, axis=0) - correction**2 / added
        if before:
            ratio = before / added
            squares = (
                self.variance * before
                + squares
                + ratio / after * (total_before / ratio - total) ** 2
            )
        self.mean, self.variance = (total_before + total) / after, squares / after
        self.rows = after
