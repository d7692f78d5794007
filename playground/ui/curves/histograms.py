"""How the values of a layer have been spread over the course of a run: histograms beside each
other.

Owns the memory of the values and the counting. Pure numpy without Qt, any thread. Only a sample of
a large layer is remembered, and the histograms are counted when somebody looks, so that
remembering costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from playground.core.data.points import FloatArray, IntArray

Values = Mapping[int, tuple[npt.NDArray, ...]]
"""The arrays, of any shape, that hold the values of each layer."""

BINS = 64
"""Intervals of equal width between the smallest and the largest value that can be shown."""

MOST_COLUMNS = 400
"""Moments that are remembered, about one a pixel; where there are more, every other one goes."""

MOST_VALUES = 512
"""Values of an array that are remembered of a moment."""

NEWEST = 8
"""One part in so many of the columns is always shown as far as it reaches."""

MOST_FOR_MEAN = 65_536
"""Values of an array that a mean is taken of."""


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """Histograms of one layer, oldest first; all with the same bins.

    epochs  int64 (columns,)
    share   float32 (bins, columns): the part of the values in each bin, lowest bin first
    low     lower edge of the first bin
    high    upper edge of the last bin
    means, lowest, highest  float64 (columns,)

    The bins reach as far as most columns and the newest ones do; what lies beyond counts for the
    outermost bin.
    """

    epochs: IntArray
    share: FloatArray
    low: float
    high: float
    means: npt.NDArray[np.float64]
    lowest: npt.NDArray[np.float64]
    highest: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Some values (n,) of a layer with their ends, and the mean of all, or of very many."""

    values: FloatArray
    mean: float
    lowest: float
    highest: float
    counted: dict[float, FloatArray] = field(default_factory=dict)

    @classmethod
    def of(cls, arrays: Sequence[npt.NDArray]) -> Sample:
        """A sample of the values in some arrays; what is not finite is left out."""
        flats = [array.ravel() for array in arrays]
        some = np.concatenate([flat[_places(len(flat))] for flat in flats])
        many = np.concatenate([flat[:: len(flat) // MOST_FOR_MEAN + 1] for flat in flats])
        with np.errstate(over="ignore", invalid="ignore"):  # the values of a training that breaks
            values = some.astype(np.float32)
            mean = float(many.mean())
        values = values[np.isfinite(values)]
        if not len(values):
            return cls(values, np.nan, np.nan, np.nan)
        return cls(values, mean, float(values.min()), float(values.max()))

    @property
    def size(self) -> float:
        """The largest absolute value."""
        return max(-self.lowest, self.highest)

    def share(self, reach: float) -> FloatArray:
        """The histogram (BINS,) over [-reach, reach]."""
        if reach not in self.counted:
            self.counted.clear()
            scaled = (self.values.astype(np.float64) + reach) * (BINS / (2 * reach))
            bins = np.clip(scaled, 0, BINS - 1).astype(np.int64)
            counts = np.bincount(bins, minlength=BINS).astype(np.float32)
            self.counted[reach] = counts / np.float32(max(1, len(self.values)))
        return self.counted[reach]


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What was seen at a step: a sample of each layer."""

    epoch: int
    step: int
    samples: Mapping[int, Sample]


class History:
    """The values of the layers over a run, at moments that lie evenly apart and fill the memory at
    most.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything: another run begins."""
        self._kept: list[Moment] = []
        self._newest: Moment | None = None
        self._seen = 0
        self._stride = 1

    def __len__(self) -> int:
        return len(self._columns())

    def add(self, epoch: int, step: int, values: Values) -> None:
        """Remember the values of some layers; those of the same step again replace the old ones."""
        moment = Moment(epoch, step, {key: Sample.of(arrays) for key, arrays in values.items()})
        if self._newest is not None and self._newest.step == step:
            if self._kept and self._kept[-1] is self._newest:
                self._kept[-1] = moment
        else:
            self._keep(moment)
        self._newest = moment

    def _keep(self, moment: Moment) -> None:
        if self._seen % self._stride == 0:
            self._kept.append(moment)
        self._seen += 1
        if len(self._kept) >= MOST_COLUMNS:
            self._kept = self._kept[::2]
            self._stride *= 2

    def heat(self, layer: int) -> Heat | None:
        """The histograms of a layer; None while nothing is known of it."""
        seen = [m for m in self._columns() if layer in m.samples and len(m.samples[layer].values)]
        if not seen:
            return None
        samples = [moment.samples[layer] for moment in seen]
        reach = _reach([sample.size for sample in samples])
        share = np.stack([sample.share(reach) for sample in samples], axis=1)
        # Bins that no column uses would only make the picture smaller.
        used = np.flatnonzero(share.any(axis=1))
        first, last = int(used[0]), int(used[-1]) + 1
        edges = np.linspace(-reach, reach, BINS + 1)
        return Heat(
            np.array([moment.epoch for moment in seen]),
            share[first:last],
            float(edges[first]),
            float(edges[last]),
            *(
                np.array([getattr(sample, name) for sample in samples])
                for name in ("mean", "lowest", "highest")
            ),
        )

    def _columns(self) -> list[Moment]:
        """The moments that are kept, and the newest in any case."""
        if self._newest is None or (self._kept and self._kept[-1] is self._newest):
            return self._kept
        return [*self._kept, self._newest]


def _reach(sizes: Sequence[float]) -> float:
    """How far the bins reach: as far as half of all columns, and the newest, which count most.

    Gradients fall by orders of magnitude; the first ones must not make the rest a line. A power of
    two, so that the bins stay the same for long.
    """
    largest = max(float(np.median(sizes)), max(sizes[-(len(sizes) // NEWEST + 1) :]))
    return float(2.0 ** np.ceil(np.log2(max(largest, 2.0**-40))))


@lru_cache(maxsize=64)
def _places(size: int) -> IntArray:
    """Which of so many values are remembered: always the same ones, in no pattern."""
    if size <= MOST_VALUES:
        return np.arange(size)
    return np.sort(np.random.default_rng(0).permutation(size)[:MOST_VALUES])
