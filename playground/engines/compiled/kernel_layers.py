"""Layers without a matrix: values that are dropped at random, values of a point that are scaled.

Rows are units, lanes are points; see `kernel_layout`. Compiled into the kernels; nothing else calls
them.
"""

from __future__ import annotations

import numpy as np

from playground.engines.compiled.kernel_layout import DRAWS, LANES, Column
from playground.engines.compiled.lanes import (
    compiled,
    compiled_apart,
    fill,
    load,
    sqrt,
    store,
    total,
)

_WORDS = 624
_AHEAD = 397
_UPPER, _LOWER = 0x80000000, 0x7FFFFFFF
_TWIST = 0x9908B0DF
"""The Mersenne Twister of 32 bits (Matsumoto and Nishimura 1998), in whole numbers of 64 bits."""
_HIGH = 0x1FFFFF
"""Bits of a first word that go before the 32 of a second one, which makes 53."""
_EPSILON = 1e-5
"""What torch's layers add to a variance."""


@compiled
def _twisted(state, k, next_one, far):  # type: ignore[no-untyped-def]
    mixed = (state[k] & _UPPER) | (state[next_one] & _LOWER)
    state[k] = state[far] ^ (mixed >> 1) ^ ((mixed & 1) * _TWIST)


@compiled
def _twist(state):  # type: ignore[no-untyped-def]
    """The next 624 words."""
    for k in range(_WORDS - _AHEAD):
        _twisted(state, k, k + 1, k + _AHEAD)
    for k in range(_WORDS - _AHEAD, _WORDS - 1):
        _twisted(state, k, k + 1, k + _AHEAD - _WORDS)
    _twisted(state, _WORDS - 1, 0, _AHEAD - 1)
    state[_WORDS] = 0


@compiled
def _word(state):  # type: ignore[no-untyped-def]
    if state[_WORDS] == _WORDS:
        _twist(state)
    word = state[state[_WORDS]]
    state[_WORDS] += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9D2C5680
    word ^= (word << 15) & 0xEFC60000
    return word ^ (word >> 18)


@compiled_apart
def draw_masks(network, masks, state, rows):  # type: ignore[no-untyped-def]
    """The factors of a batch of so many rows, in the order in which torch's Dropout draws them:
    layer by layer, row by row, two words a value.
    """
    for layer in network.layers:
        kept, units = layer[Column.KEPT], layer[Column.UNITS]
        if kept == DRAWS:
            continue
        factor = np.float32(1.0) / np.float32(kept / DRAWS)
        for row in range(rows):
            first = row // LANES * network.masks + layer[Column.MASKS] + row % LANES
            for unit in range(units):
                draw = (_word(state) & _HIGH) << 32
                draw |= _word(state)
                masks[first + unit * LANES] = factor if draw < kept else np.float32(0.0)


@compiled_apart
def drop(layer, work, masks):  # type: ignore[no-untyped-def]
    """Multiply by the masks of a tile, which are its `slopes`; masks is where those of all layers
    begin, -1 outside of training.
    """
    first, slopes = layer[Column.VALUES], layer[Column.SLOPES]
    units = layer[Column.UNITS]
    drawn = masks >= 0 and layer[Column.KEPT] < DRAWS
    mask = masks + layer[Column.MASKS]
    for place in range(0, units * LANES, LANES):
        factor = load(work.masks, mask + place) if drawn else fill(np.float32(1.0))
        store(work.slopes, slopes + place, factor)
        store(work.values, first + units * LANES + place, load(work.values, first + place) * factor)


@compiled_apart
def normalize(network, layer, work):  # type: ignore[no-untyped-def]
    """x̂ = (x - mean) / deviation over the values of each point, times a weight, plus a bias (Ba,
    Kiros and Hinton 2016, as in torch.nn.LayerNorm). x̂ is kept for the way back, and behind it one
    over the deviation.
    """
    first, units = layer[Column.VALUES], layer[Column.UNITS]
    share = np.float32(1.0 / units)
    mean = fill(np.float32(0.0))
    for place in range(first, first + units * LANES, LANES):
        mean = mean + load(work.values, place)
    mean = mean * share
    variance = fill(np.float32(0.0))
    for place in range(first, first + units * LANES, LANES):
        apart = load(work.values, place) - mean
        variance = variance + apart * apart
    scale = 1.0 / sqrt(variance * share + _EPSILON)
    store(work.turned, layer[Column.TURNED] + units * LANES, scale)
    for unit in range(units):
        place = first + unit * LANES
        weight = network.parameters[layer[Column.WEIGHTS] + unit]
        bias = network.parameters[layer[Column.BIASES] + unit]
        scaled = (load(work.values, place) - mean) * scale
        store(work.turned, layer[Column.TURNED] + unit * LANES, scaled)
        store(work.values, place + units * LANES, scaled * weight + bias)
        store(work.slopes, layer[Column.SLOPES] + unit * LANES, fill(np.float32(1.0)))


@compiled
def add_gradient_of_norm(layer, work, begin, end, gradient):  # type: ignore[no-untyped-def]
    """The sum over the points of d x̂ for each weight, of d for each bias."""
    for unit in range(begin, end):
        delta = load(work.deltas, layer[Column.SLOPES] + unit * LANES)
        scaled = load(work.turned, layer[Column.TURNED] + unit * LANES)
        gradient[layer[Column.WEIGHTS] + unit] += total(delta * scaled)
        gradient[layer[Column.BIASES] + unit] += total(delta)


@compiled_apart
def pass_back_norm(network, layer, work, below):  # type: ignore[no-untyped-def]
    """The derivative by x: (w d - its mean - x̂ times the mean of w d x̂) / deviation."""
    deltas, scaled, units = layer[Column.SLOPES], layer[Column.TURNED], layer[Column.UNITS]
    mean_slope, mean_product = fill(np.float32(0.0)), fill(np.float32(0.0))
    for unit in range(units):
        weight = network.parameters[layer[Column.WEIGHTS] + unit]
        slope = load(work.deltas, deltas + unit * LANES) * weight
        store(work.deltas, below + unit * LANES, slope)
        mean_slope = mean_slope + slope
        mean_product = mean_product + slope * load(work.turned, scaled + unit * LANES)
    share = np.float32(1.0 / units)
    mean_slope, mean_product = mean_slope * share, mean_product * share
    scale = load(work.turned, scaled + units * LANES)
    for unit in range(units):
        place = below + unit * LANES
        apart = load(work.turned, scaled + unit * LANES) * mean_product
        store(work.deltas, place, (load(work.deltas, place) - mean_slope - apart) * scale)
