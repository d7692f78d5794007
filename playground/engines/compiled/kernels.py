"""The compiled kernels: training, scoring and predicting with a dense network, float32, outside the
GIL.

    train      optimizer steps over whole epochs
    train_by_layers
               the same where values are scaled over a batch
    draw       what a large step drops, before it is shared
    deltas     one tile of a large step, for threads that share it
    gradient   a part of such a step's gradient
    step       the rest of that step
    score      loss and accuracy
    predict    probabilities or values
    neurons    what every hidden unit gives

Only `kernel_cache` compiles them, and keeps what comes out. Each takes words twice, see
`kernel_words`: those of what a network is trained with (`Bound`), and those of its own arguments.
There is one kernel for every network: sizes, activations, loss and optimizer are data.
`kernel_layout` says how they lie in memory.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import types

from playground.engines.compiled.kernel_arrays import WORDS, arguments_of, bound_of
from playground.engines.compiled.kernel_layers import draw_masks, use_running
from playground.engines.compiled.kernel_layout import LANES, Column
from playground.engines.compiled.kernel_optimizers import update
from playground.engines.compiled.kernel_passes import (
    add_gradient,
    backward_by_layers,
    clear_gradient,
    deltas_of_tile,
    forward,
    forward_by_layers,
    gradient_of_batch,
    outputs_of,
    take_rows,
    tile_of,
)
from playground.engines.compiled.kernel_rules import loss_of_row, probabilities
from playground.engines.compiled.lanes import compiled, load, store, where_greater
from playground.engines.compiled.operations import KIND

_njit: Any = numba.njit
_kernels: dict[str, Any] = {}


def _kernel(function):  # type: ignore[no-untyped-def]
    """The decorator of every kernel."""
    _kernels[function.__name__] = function
    return function


def code() -> dict[str, tuple[str, str]]:
    """By the name of each kernel, what LLVM calls it and its code, without what would call it from
    Python. Takes half a minute.
    """
    compile_one = _njit(
        [types.void(WORDS, WORDS)],
        error_model="numpy",
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        _nrt=False,
    )
    found = {}
    for name, function in _kernels.items():
        (result,) = compile_one(function).overloads.values()
        found[name] = (result.fndesc.llvm_func_name, result.library.get_llvm_str())
    return found


_train_arguments = arguments_of["train"]
_train_by_layers_arguments = arguments_of["train_by_layers"]
_draw_arguments = arguments_of["draw"]
_deltas_arguments = arguments_of["deltas"]
_gradient_arguments = arguments_of["gradient"]
_step_arguments = arguments_of["step"]
_score_arguments = arguments_of["score"]
_predict_arguments = arguments_of["predict"]
_neurons_arguments = arguments_of["neurons"]


@compiled
def _add_penalty(network, work, l1, l2):  # type: ignore[no-untyped-def]
    """The gradient of l1 sum |w| + l2 / 2 sum w^2 over the weights, not the biases."""
    rate1, rate2 = np.float32(l1), np.float32(l2)
    for layer in network.layers:
        if layer[Column.KIND] != KIND.dense:
            continue
        for k in range(layer[Column.WEIGHTS], layer[Column.BIASES], LANES):
            w = load(network.parameters, k)
            sign = where_greater(w, 0.0, 1.0, 0.0) - where_greater(0.0 - w, 0.0, 1.0, 0.0)
            store(work.gradient, k, load(work.gradient, k) + w * rate2 + sign * rate1)


@compiled
def _step(bound, rate):  # type: ignore[no-untyped-def]
    rules, gradient = bound.rules, bound.work.gradient
    if rules.l1 > 0 or rules.l2 > 0:
        _add_penalty(bound.network, bound.work, rules.l1, rules.l2)
    update(rules, rate, bound.network.parameters, gradient, bound.memory)


@_kernel
def train(bound_words, words):  # type: ignore[no-untyped-def]
    """Take the optimizer's steps.

    x           float32 (N * STRIDE of the first layer,): rows padded with zeros
    y           float32 (N,): labels or numbers
    orders      int64 (E, n), batch_size, rates float64 (E,): as in `Engine.train`
    """
    bound = bound_of(bound_words)
    x, y, orders, batch_size, rates = _train_arguments(words)
    points = orders.shape[1]
    for epoch in range(len(orders)):
        for begin in range(0, points, batch_size):
            batch = orders[epoch, begin : min(begin + batch_size, points)]
            gradient_of_batch(bound.network, bound.work, bound.rules, bound.memory, x, y, batch)
            _step(bound, rates[epoch])


@_kernel
def train_by_layers(bound_words, words):  # type: ignore[no-untyped-def]
    """`train` for networks that scale values over a batch; there are workspaces for as many tiles
    as a batch has. Without rates there are no steps: values are scaled from now on as in the last
    batch, until others look at the network.
    """
    bound = bound_of(bound_words)
    x, y, orders, batch_size, rates, tiles = _train_by_layers_arguments(words)
    points = orders.shape[1]
    for epoch in range(len(orders)):
        for begin in range(0, points, batch_size):
            batch = orders[epoch, begin : min(begin + batch_size, points)]
            forward_by_layers(bound.network, bound.work, tiles, bound.memory, x, y, batch)
            if len(rates):
                backward_by_layers(bound.network, bound.work, tiles, bound.rules, len(batch))
                _step(bound, rates[epoch])


@_kernel
def draw(bound_words, words):  # type: ignore[no-untyped-def]
    """Draw what a batch of so many rows drops, before `deltas`."""
    bound = bound_of(bound_words)
    (rows,) = _draw_arguments(words)
    draw_masks(bound.network, bound.work.masks, bound.memory.generator, rows)


@_kernel
def deltas(bound_words, words):  # type: ignore[no-untyped-def]
    """Forward and backward for some tiles of a batch, each in its own workspace.

    x, y, order  as of `train`, for one batch (n,)
    tiles        how many workspaces lie in `Bound.work`, one behind the other
    first        the first tile, and behind the one after the last
    """
    bound = bound_of(bound_words)
    x, y, order, tiles, first, behind = _deltas_arguments(words)
    for tile in range(first, behind):
        begin = tile * LANES
        end = min(begin + LANES, len(order))
        work = tile_of(bound.work, tiles, tile)
        deltas_of_tile(bound.network, work, bound.rules, x, y, order, begin, end, False)


@_kernel
def gradient(bound_words, words):  # type: ignore[no-untyped-def]
    """The gradient of some units' weights, after `deltas` of all tiles. What the tiles give is
    added in their order, so that it is the same whoever works it out.

    tiles  as of `deltas`
    rows   how many points the batch has
    first  the first unit, counted over all layers, and behind the one after the last
    """
    bound = bound_of(bound_words)
    tiles, rows, first, behind = _gradient_arguments(words)
    result = bound.work.gradient
    before = 0
    for layer in bound.network.layers:
        units = layer[Column.UNITS]
        begin, end = min(max(first - before, 0), units), max(min(behind - before, units), 0)
        before += units
        if begin < end:
            clear_gradient(layer, begin, end, result)
        for tile in range(-(-rows // LANES) if begin < end else 0):
            work = tile_of(bound.work, tiles, tile)
            count = min(LANES, rows - tile * LANES)
            add_gradient(layer, work, count, begin, end, result)


@_kernel
def step(bound_words, words):  # type: ignore[no-untyped-def]
    """Take the optimizer's step down the gradient in work.gradient, at a learning rate."""
    bound = bound_of(bound_words)
    (rate,) = _step_arguments(words)
    _step(bound, rate)


@_kernel
def score(bound_words, words):  # type: ignore[no-untyped-def]
    """For x (N, F) and y (N,) write to results (2,), float64, the sum of the losses of all points,
    and the number of points whose class is right.
    """
    bound = bound_of(bound_words)
    x, y, results = _score_arguments(words)
    network, work = bound.network, bound.work
    use_running(network)
    outputs = outputs_of(network.layers)
    classes = network.layers[len(network.layers) - 1][Column.UNITS]
    loss, right = 0.0, 0.0
    for begin in range(0, len(x), LANES):
        rows = min(LANES, len(x) - begin)
        take_rows(network, work, x, begin, rows)
        forward(network, work, -1)
        for point in range(rows):
            target = np.float64(y[begin + point])
            one, is_right = loss_of_row(
                bound.rules.loss, work.values, outputs + point, classes, target
            )
            loss += one
            right += is_right
    results[0], results[1] = loss, right


@_kernel
def predict(bound_words, words):  # type: ignore[no-untyped-def]
    """Write probabilities or values of x (N, F) to results (N, outputs); a single output is that of
    class 1. Where `in_training` is 1, values are dropped, for which there are masks of a tile, and
    scaled as `train_by_layers` has left it.
    """
    bound = bound_of(bound_words)
    x, results, in_training = _predict_arguments(words)
    network, work = bound.network, bound.work
    if not in_training:
        use_running(network)
    outputs = outputs_of(network.layers)
    units = results.shape[1]
    for begin in range(0, len(x), LANES):
        rows = min(LANES, len(x) - begin)
        take_rows(network, work, x, begin, rows)
        if in_training and network.masks > 0:
            draw_masks(network, work.masks, bound.memory.generator, rows)
        forward(network, work, 0 if in_training else -1)
        probabilities(bound.rules.loss, work.values, outputs, units)
        for point in range(rows):
            for unit in range(units):
                results[begin + point, unit] = work.values[outputs + unit * LANES + point]


@_kernel
def neurons(bound_words, words):  # type: ignore[no-untyped-def]
    """Write what all hidden units, first layer first, give for x (N, F): rows of N padded to whole
    lanes.
    """
    bound = bound_of(bound_words)
    x, results = _neurons_arguments(words)
    network, work = bound.network, bound.work
    use_running(network)
    stride = -(-len(x) // LANES) * LANES
    layers = network.layers
    hidden = layers[0][Column.VALUES] + layers[0][Column.INPUTS] * LANES
    end = outputs_of(layers)
    for begin in range(0, len(x), LANES):
        take_rows(network, work, x, begin, min(LANES, len(x) - begin))
        forward(network, work, -1)
        for unit in range((end - hidden) // LANES):
            store(results, unit * stride + begin, load(work.values, hidden + unit * LANES))
