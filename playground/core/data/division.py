"""Which rows are held out for testing: those that scikit-learn's `train_test_split` would hold out
with the same seed, found without importing it, which takes a second.

Pure NumPy; any thread.
"""

from __future__ import annotations

import math

import numpy as np

from playground.core.data.points import IntArray


def held_out_count(rows: int, ratio: float) -> int:
    """How many of `rows` are held out: the share `ratio` of them, rounded up; at least one row
    stays for training.
    """
    return min(math.ceil(rows * ratio), max(rows - 1, 0))


def held_out_rows(labels: IntArray | None, rows: int, ratio: float, seed: int) -> IntArray:
    """The rows, int64 (M,) in no order, of `rows` that are held out, see `held_out_count`.

    With labels (N,) each class keeps its share on both sides, where every class is found on both.
    """
    if ratio == 0 or rows < 2:
        return np.zeros(0, np.int64)
    count = held_out_count(rows, ratio)
    random = np.random.RandomState(seed)
    if labels is None:
        return random.permutation(rows)[:count]
    found, numbers, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    if sizes.min() < 2 or len(found) > min(count, rows - count):
        return random.permutation(rows)[:count]
    trained = _share_of_each(sizes, rows - count, random)
    tested = _share_of_each(sizes - trained, count, random)
    of_class = np.split(np.argsort(numbers, kind="stable"), np.cumsum(sizes)[:-1])
    held_out = []
    for members, first, taken in zip(of_class, trained, tested, strict=True):
        shuffled = members[random.permutation(len(members))]
        held_out.append(shuffled[first : first + taken])
    return np.concatenate(held_out)


def _share_of_each(sizes: IntArray, drawn: int, random: np.random.RandomState) -> IntArray:
    """How many of `drawn` rows come from each class: in proportion to its size, rounded down, and
    those that are left over go to the largest remainders; equal remainders are drawn between.
    """
    exact = sizes / sizes.sum() * drawn
    counts = np.floor(exact)
    left_over = int(drawn - counts.sum())
    remainders = exact - counts
    for remainder in np.unique(remainders)[::-1]:
        if left_over <= 0:
            break
        equal = np.flatnonzero(remainders == remainder)
        chosen = random.choice(equal, size=min(len(equal), left_over), replace=False)
        counts[chosen] += 1
        left_over -= len(chosen)
    return counts.astype(np.int64)
