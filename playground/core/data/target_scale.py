"""Between targets in the units of the data and the numbers that a network learns.

Pure NumPy; any thread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.core.data.points import frozen
from playground.core.data.standard_scale import StandardScale
from playground.core.training.losses import LOSSES


@dataclass(frozen=True, slots=True, eq=False)
class TargetScale:
    """target = center + unit * learned: what stands for a target while a network learns it.

    center  float64 (K,), one for each component of a target
    unit    one for all components, so that a loss has a unit of its own, too; more than 0
    """

    center: npt.NDArray[np.float64]
    unit: float

    @classmethod
    def fitted(cls, targets: npt.NDArray) -> TargetScale:
        """Mean 0 and deviation 1 over targets (N,) or (N, K), as scikit-learn's StandardScaler has
        it; for several components the deviation is the root of their mean variance.

        Targets that are all the same keep their unit.
        """
        fitted = StandardScale([targets.astype(np.float64).reshape(len(targets), -1)])
        is_one = len(fitted.mean) == 1
        unit = fitted.scale[0] if is_one else np.sqrt(fitted.variance.mean()) or 1.0
        return cls(frozen(fitted.mean), float(unit))

    @property
    def is_plain(self) -> bool:
        """True where targets are learned as they are."""
        return self is PLAIN

    def learned(self, targets: npt.NDArray) -> npt.NDArray:
        """What a network learns for targets (N,) or (N, K): float32; the array itself where that is
        as it is.
        """
        if self.is_plain:
            return targets
        center = self.center if targets.ndim > 1 else self.center[0]
        return ((targets.astype(np.float64) - center) / self.unit).astype(np.float32)

    def restored(self, said: npt.NDArray) -> npt.NDArray:
        """What a network says, (N, K), in the units of the data: read-only float64, because a large
        center leaves float32 no digits; the array itself where it is in them already.
        """
        return said if self.is_plain else frozen(self.center + self.unit * said.astype(np.float64))

    def of_loss(self, key: str) -> float:
        """What a loss of the learned numbers has to be multiplied by to be one in the units of the
        data, or in their square.

        Huber's threshold of 1 lies among the learned numbers, so that it is one `unit` of the data.
        """
        return float(self.unit ** LOSSES[key].value.degree)


PLAIN = TargetScale(frozen(np.zeros(1)), 1.0)
"""Targets are learned as they are."""
