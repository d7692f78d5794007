"""Random vectors to learn: inputs and targets of any length, for which no picture exists.

Imports numpy only; pure, so any thread may call it.
"""

from __future__ import annotations

import numpy as np

from playground.core.data.data import VectorData
from playground.core.data.points import FloatArray

AFFINE_OFFSET = 2.0


def sample(data: VectorData) -> tuple[FloatArray, FloatArray]:
    """Inputs x float32 (rows, inputs) and targets y float32 (rows, outputs), decided by the seed.

    independent  every number of x and y is standard normal
    affine       x is standard normal, and y = w x + 2 with one standard normal number w
    """
    random = np.random.default_rng(data.seed)
    x = random.standard_normal((data.rows, data.inputs), np.float32)
    if data.relation == "affine":
        return x, np.float32(random.standard_normal()) * x + np.float32(AFFINE_OFFSET)
    return x, random.standard_normal((data.rows, data.outputs), np.float32)
