"""Layers without a matrix: values that are dropped at random, values of a point that are scaled.

Rows are units, lanes are points; see `kernel_layout`. Compiled into the kernels; nothing else calls
them.
"""

from __future__ import annotations

import math

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
from playground.engines.compiled.operations import KIND

_WORDS = 624
_AHEAD = 397
_UPPER, _LOWER = 0x80000000, 0x7FFFFFFF
_TWIST = 0x9908B0DF
"""The Mersenne Twister of 32 bits (Matsumoto and Nishimura 1998), in whole numbers of 64 bits."""
_HIGH = 0x1FFFFF
"""Bits of a first word that go before the 32 of a second one, which makes 53."""
_EPSILON = 1e-5
"""What torch's layers add to a variance."""
_MOMENTUM = 0.1
"""How much of a batch's statistics torch's layers remember."""


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


@compiled
def use_running(network):  # type: ignore[no-untyped-def]
    """Let norms over batches scale by their running statistics."""
    for layer in network.layers:
        if layer[Column.KIND] == KIND.batch_norm:
            units, kept = layer[Column.UNITS], layer[Column.BUFFERS]
            for unit in range(kept, kept + units):
                variance = network.buffers[unit + units]
                network.buffers[unit + 2 * units] = network.buffers[unit]
                network.buffers[unit + 3 * units] = 1.0 / math.sqrt(variance + _EPSILON)


@compiled
def sum_of_tile(values, place, mean, power, rows):  # type: ignore[no-untyped-def]
    """The sum of (x - mean)^power over the points of a tile, float64; power is 1 or 2."""
    result = 0.0
    for point in range(rows):
        apart = np.float64(values[place + point]) - mean
        result += apart if power == 1 else apart * apart
    return result


@compiled
def use_batch(network, layer, unit, mean, variance, rows):  # type: ignore[no-untyped-def]
    """Let a unit scale by the statistics of a batch of so many rows, and remember a tenth of them;
    the variance that is remembered is that of the population (as in torch.nn.BatchNorm1d).
    """
    units, place = layer[Column.UNITS], layer[Column.BUFFERS] + unit
    kept = network.buffers
    kept[place] = kept[place] * (1 - _MOMENTUM) + mean * _MOMENTUM
    whole = variance * rows / (rows - 1)
    kept[place + units] = kept[place + units] * (1 - _MOMENTUM) + whole * _MOMENTUM
    kept[place + 2 * units] = mean
    kept[place + 3 * units] = 1.0 / math.sqrt(variance + _EPSILON)


@compiled_apart
def normalize_by_batch(network, layer, work):  # type: ignore[no-untyped-def]
    """x̂ = (x - mean) / deviation, with those in use, times a weight, plus a bias (Ioffe and Szegedy
    2015). x̂ is kept for the way back.
    """
    first, units, kept = layer[Column.VALUES], layer[Column.UNITS], layer[Column.BUFFERS]
    for unit in range(units):
        place = first + unit * LANES
        mean, scale = (
            network.buffers[kept + 2 * units + unit],
            network.buffers[kept + 3 * units + unit],
        )
        weight = network.parameters[layer[Column.WEIGHTS] + unit]
        bias = network.parameters[layer[Column.BIASES] + unit]
        scaled = (load(work.values, place) - mean) * scale
        store(work.turned, layer[Column.TURNED] + unit * LANES, scaled)
        store(work.values, place + units * LANES, scaled * weight + bias)


@compiled_apart
def pass_back_batch(network, layer, work, below, batch, rows):  # type: ignore[no-untyped-def]
    """The derivative by x: w / deviation times (d - its mean - x̂ times the mean of d x̂), with the
    means over the batch, whose sums are the gradient already. A batch of one point was scaled by
    running statistics, which do not depend on it.

    rows  points of this tile, of all of the `batch`
    """
    units, scaled = layer[Column.UNITS], layer[Column.TURNED]
    share = np.float32(1.0 / batch if batch > 1 else 0.0)
    for unit in range(units):
        slope = work.gradient[layer[Column.BIASES] + unit] * share
        product = work.gradient[layer[Column.WEIGHTS] + unit] * share
        scale = network.buffers[layer[Column.BUFFERS] + 3 * units + unit]
        factor = network.parameters[layer[Column.WEIGHTS] + unit] * scale
        delta = load(work.deltas, layer[Column.SLOPES] + unit * LANES)
        apart = load(work.turned, scaled + unit * LANES) * product
        store(work.deltas, below + unit * LANES, (delta - slope - apart) * factor)
        for lane in range(rows, LANES):
            work.deltas[below + unit * LANES + lane] = 0.0
