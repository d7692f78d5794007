"""The Mersenne Twister of 32 bits between NumPy, torch and the kernels. Imports numpy; any thread.

Torch draws first weights, and what it drops, from one generator, and gives its state as 5056 bytes:
the seed (8), words that are left before the next 624 are made (4), whether it was seeded (4), words
used up (8), 624 words of 8 bytes, and a kept number of a normal distribution, which nobody uses
here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.core.data.points import frozen

_WORDS, _BYTES, _AHEAD = 624, 5056, 24
Words = npt.NDArray[np.int64]
"""int64 (625,): 624 words, and how many of them are used up."""


def words_of(random: np.random.RandomState) -> Words:
    """The state of a generator of NumPy."""
    kept = random.get_state(legacy=False)["state"]
    return np.array([*kept["key"], kept["pos"]], np.int64)


def words_in(state: npt.NDArray[np.uint8]) -> Words:
    """The words in a state of torch's generator."""
    kept = state[_AHEAD : _AHEAD + 8 * _WORDS].view(np.int64)
    left = int(state[8:12].view(np.int32)[0])
    return np.array([*kept, _WORDS + 1 - left], np.int64)


def torch_state(words: Words, seed: int) -> npt.NDArray[np.uint8]:
    """The state of torch's generator with these words, that once began from a seed; read-only."""
    state = np.zeros(_BYTES, np.uint8)
    state[:8].view(np.uint64)[0] = seed % 2**64
    used = int(words[_WORDS])
    state[8:16].view(np.int32)[:] = _WORDS + 1 - used, 1
    state[16:_AHEAD].view(np.int64)[0] = used
    state[_AHEAD : _AHEAD + 8 * _WORDS].view(np.int64)[:] = words[:_WORDS]
    return frozen(state)


def masks(random: np.random.RandomState, shape: tuple[int, ...], keeps: float) -> npt.NDArray:
    """What torch's Dropout multiplies by, float32: two words a value, 53 bits of which are below
    `keeps` where it is kept.
    """
    words = random.randint(0, 2**32, (*shape, 2), dtype=np.uint32).astype(np.int64)
    draws = (words[..., 0] & 0x1FFFFF) << 32 | words[..., 1]
    factor = np.float32(1) / np.float32(keeps)
    return np.where(draws * 2.0**-53 < keeps, factor, np.float32(0))
