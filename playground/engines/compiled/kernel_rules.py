"""The kernels' activations and losses, each told by its code.

A code is looked at once a layer, outside the inner loop. Formulas are those of
PyTorch's documentation of the class or function of the same name. Compiled into the kernels;
nothing else calls them.
"""

from __future__ import annotations

import math

import numpy as np

from playground.engines.compiled.kernel_layout import ACTIVATIONS, LANES, LOSSES
from playground.engines.compiled.lane_functions import cos, erf, exp, sigmoid, sin, softplus, tanh
from playground.engines.compiled.lanes import (
    compiled,
    fill,
    load,
    maximum,
    minimum,
    store,
    where_equal,
    where_greater,
)

_SQRT_HALF = math.sqrt(0.5)
_NORMAL = 1 / math.sqrt(2 * math.pi)


@compiled
def _relu(z):  # type: ignore[no-untyped-def]
    return maximum(z, 0.0), where_greater(z, 0.0, 1.0, 0.0)


@compiled
def _leaky_relu(z):  # type: ignore[no-untyped-def]
    return where_greater(z, 0.0, z, z * 0.01), where_greater(z, 0.0, 1.0, 0.01)


@compiled
def _elu(z):  # type: ignore[no-untyped-def]
    power = exp(minimum(z, 0.0))
    return where_greater(z, 0.0, z, power - 1.0), power


@compiled
def _gelu(z):  # type: ignore[no-untyped-def]
    share = 0.5 * (erf(z * _SQRT_HALF) + 1.0)
    return z * share, share + z * (exp(z * z * -0.5) * _NORMAL)


@compiled
def _silu(z):  # type: ignore[no-untyped-def]
    s = sigmoid(z)
    return z * s, s * (1.0 + z * (1.0 - s))


@compiled
def _mish(z):  # type: ignore[no-untyped-def]
    # tanh(ln(1 + e^z)) = n / (n + 2) with n = e^z (e^z + 2); beyond 20 it is 1, long before n
    # overflows.
    power = exp(minimum(z, 20.0))
    n = power * (power + 2.0)
    t = n / (n + 2.0)
    return z * t, t + z * (power / (power + 1.0)) * (1.0 - t * t)


@compiled
def _tanh(z):  # type: ignore[no-untyped-def]
    t = tanh(z)
    return t, 1.0 - t * t


@compiled
def _sigmoid(z):  # type: ignore[no-untyped-def]
    s = sigmoid(z)
    return s, s * (1.0 - s)


@compiled
def _softplus(z):  # type: ignore[no-untyped-def]
    return softplus(z), sigmoid(z)


@compiled
def _sine(z):  # type: ignore[no-untyped-def]
    return sin(z), cos(z)


def _over_rows(function):  # type: ignore[no-untyped-def]
    """A loop over rows of lanes that puts f(z) in the place of z, and f'(z) into `slopes`."""

    @compiled
    def loop(values, first, slopes, first_slope, rows):  # type: ignore[no-untyped-def]
        for row in range(rows):
            value, slope = function(load(values, first + row * LANES))
            store(values, first + row * LANES, value)
            store(slopes, first_slope + row * LANES, slope)

    return loop


_relus, _leaky_relus, _elus, _gelus, _silus, _mishes, _tanhs, _sigmoids, _softpluses, _sines = (
    _over_rows(function)
    for function in (
        _relu, _leaky_relu, _elu, _gelu, _silu, _mish, _tanh, _sigmoid, _softplus, _sine,
    )
)  # fmt: skip


@compiled
def activate(code, values, first, slopes, first_slope, rows):  # type: ignore[no-untyped-def]
    """Put f(z) in the place of z in rows of lanes from `first` on, and f'(z) into `slopes`."""
    if code == ACTIVATIONS.tanh:
        _tanhs(values, first, slopes, first_slope, rows)
    elif code == ACTIVATIONS.relu:
        _relus(values, first, slopes, first_slope, rows)
    elif code == ACTIVATIONS.leaky_relu:
        _leaky_relus(values, first, slopes, first_slope, rows)
    elif code == ACTIVATIONS.elu:
        _elus(values, first, slopes, first_slope, rows)
    elif code == ACTIVATIONS.gelu:
        _gelus(values, first, slopes, first_slope, rows)
    elif code == ACTIVATIONS.silu:
        _silus(values, first, slopes, first_slope, rows)
    elif code == ACTIVATIONS.mish:
        _mishes(values, first, slopes, first_slope, rows)
    elif code == ACTIVATIONS.sigmoid:
        _sigmoids(values, first, slopes, first_slope, rows)
    elif code == ACTIVATIONS.softplus:
        _softpluses(values, first, slopes, first_slope, rows)
    elif code == ACTIVATIONS.sine:
        _sines(values, first, slopes, first_slope, rows)
    else:
        for row in range(rows):
            store(slopes, first_slope + row * LANES, fill(np.float32(1.0)))


@compiled
def _softmax(outputs, first, results, to, classes):  # type: ignore[no-untyped-def]
    """Probabilities of `classes` rows of lanes into `results`."""
    highest = load(outputs, first)
    for k in range(1, classes):
        highest = maximum(highest, load(outputs, first + k * LANES))
    total = fill(np.float32(0.0))
    for k in range(classes):
        power = exp(load(outputs, first + k * LANES) - highest)
        store(results, to + k * LANES, power)
        total = total + power
    for k in range(classes):
        store(results, to + k * LANES, load(results, to + k * LANES) / total)


@compiled
def probabilities(loss, outputs, first, classes):  # type: ignore[no-untyped-def]
    """Turn the outputs of a tile into probabilities in place; a single one is that of class 1.
    Numbers stay.
    """
    if loss == LOSSES.cross_entropy:
        _softmax(outputs, first, outputs, first, classes)
    elif loss == LOSSES.bce_with_logits:
        store(outputs, first, sigmoid(load(outputs, first)))


@compiled
def loss_slope(loss, rows, outputs, first, classes, targets, deltas, to):  # type: ignore[no-untyped-def]
    """The derivative of a batch's loss by the outputs of one of its tiles, into `deltas`.

    Outputs with an activation still have to be multiplied by its slope.

    rows is the size of the batch, whose mean the loss is (sse: whose sum).
    """
    share = np.float32(1.0 / rows)
    target = load(targets, 0)
    if loss == LOSSES.cross_entropy:
        _softmax(outputs, first, deltas, to, classes)
        for k in range(classes):
            hit = where_equal(target, np.float32(k), 1.0, 0.0)
            store(deltas, to + k * LANES, (load(deltas, to + k * LANES) - hit) * share)
        return
    output = load(outputs, first)
    error = output - target
    if loss == LOSSES.bce_with_logits:
        slope = (sigmoid(output) - target) * share
    elif loss == LOSSES.mse:
        slope = error * (np.float32(2.0) * share)
    elif loss == LOSSES.sse:
        slope = error * 2.0
    elif loss == LOSSES.l1:
        slope = (
            where_greater(error, 0.0, 1.0, 0.0) - where_greater(0.0 - error, 0.0, 1.0, 0.0)
        ) * share
    else:
        slope = minimum(maximum(error, -1.0), 1.0) * share
    store(deltas, to, slope)


@compiled
def loss_of_row(loss, outputs, first, classes, target):  # type: ignore[no-untyped-def]
    """(loss, whether the class is right) of one point, float64; its outputs lie LANES apart from
    `first` on. Of numbers, whether the sign is right: two classes may be -1 and +1.
    """
    z = np.float64(outputs[first])
    if loss == LOSSES.cross_entropy:
        best = 0
        for k in range(1, classes):
            if outputs[first + k * LANES] > outputs[first + best * LANES]:
                best = k
        highest = np.float64(outputs[first + best * LANES])
        total = 0.0
        for k in range(classes):
            total += math.exp(outputs[first + k * LANES] - highest)
        label = int(target)
        return math.log(total) + highest - outputs[first + label * LANES], best == label
    if loss == LOSSES.bce_with_logits:
        return max(z, 0.0) - z * target + math.log1p(math.exp(-abs(z))), (z > 0) == (target > 0.5)
    error, is_right = abs(z - target), (z > 0) == (target > 0)
    if loss == LOSSES.l1:
        return error, is_right
    if loss == LOSSES.huber and error > 1:
        return error - 0.5, is_right
    return error * error * (0.5 if loss == LOSSES.huber else 1.0), is_right
