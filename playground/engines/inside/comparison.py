"""Two gradients of every parameter side by side, as plain numbers.

Imports numpy and nothing that needs torch, so that views may know it; any thread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class GradientPair:
    """One parameter's gradient, worked out by hand and by autograd.

    name      as in torch's `state_dict`
    symbol    as in the formulas, with the layer counted from 1
    formula   how the gradient is worked out by hand
    by_hand   float32 or float64, in the shape of the parameter, as is
    autograd
    """

    name: str
    symbol: str
    formula: str
    by_hand: npt.NDArray
    autograd: npt.NDArray

    @property
    def absolute(self) -> float:
        """The largest distance between two numbers that should be the same; NaN where one is not
        finite.
        """
        with np.errstate(invalid="ignore"):
            return float(np.abs(self.by_hand - self.autograd).max(initial=0.0))

    @property
    def relative(self) -> float:
        """That distance as a part of the largest number in either gradient; 0 where all are 0."""
        absolute = self.absolute
        largest = max(float(np.abs(g).max(initial=0.0)) for g in (self.by_hand, self.autograd))
        return absolute / largest if absolute != 0 else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """The gradients of all parameters at one moment, over `rows` training rows, first layer first.

    `dtype` is the precision both were worked out in.
    """

    pairs: tuple[GradientPair, ...]
    rows: int
    dtype: str

    @property
    def relative(self) -> float:
        """The largest relative difference of all."""
        return max(pair.relative for pair in self.pairs)
