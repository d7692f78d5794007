"""The compiled kernels: training, scoring and predicting with a dense network, float32, outside the
GIL.

    train      optimizer steps over whole epochs
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

The heart is `_multiply_add`, a product of matrices in which four results at a time stay in
registers; it is the forward pass, the backward pass and the gradient of the weights alike. On wide
layers it does nine tenths of the multiply-adds that a BLAS does on one core, without a call for
each layer; so there is no second path for them.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import types

from playground.engines.compiled.kernel_arrays import WORDS, arguments_of, bound_of
from playground.engines.compiled.kernel_layout import ACTIVATIONS, LANES, TILE, Column, Workspace
from playground.engines.compiled.kernel_rules import (
    activate,
    loss_of_row,
    loss_slope,
    probabilities,
    update,
)
from playground.engines.compiled.lanes import (
    compiled,
    fill,
    load,
    spread,
    store,
    total,
    where_greater,
)

_njit: Any = numba.njit
_kernels: dict[str, Any] = {}


def _kernel(function):  # type: ignore[no-untyped-def]
    """The decorator of every kernel."""
    _kernels[function.__name__] = function
    return function


def code() -> dict[str, tuple[str, str]]:
    """By the name of each kernel, what LLVM calls it and its code, without what would call it from
    Python. Takes some ten seconds.
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
_deltas_arguments = arguments_of["deltas"]
_gradient_arguments = arguments_of["gradient"]
_step_arguments = arguments_of["step"]
_score_arguments = arguments_of["score"]
_predict_arguments = arguments_of["predict"]
_neurons_arguments = arguments_of["neurons"]


@compiled
def _multiply_add(  # type: ignore[no-untyped-def]
    matrix, origin, down, right, rows, columns, source, first, target, to, stride
):
    """target[r] += sum over c of matrix[r, c] source[c], where source and target have rows of
    lanes.

    matrix[r, c] is at origin + r down + c right; source[c] at first + c LANES; target[r] at to + r
    stride.
    """
    row = 0
    while row + 4 <= rows:
        a = to + row * stride
        b, c, d = a + stride, a + 2 * stride, a + 3 * stride
        sum_a, sum_b, sum_c, sum_d = (
            load(target, a),
            load(target, b),
            load(target, c),
            load(target, d),
        )
        at = origin + row * down
        for column in range(columns):
            values = load(source, first + column * LANES)
            sum_a = sum_a + spread(matrix, at) * values
            sum_b = sum_b + spread(matrix, at + down) * values
            sum_c = sum_c + spread(matrix, at + 2 * down) * values
            sum_d = sum_d + spread(matrix, at + 3 * down) * values
            at += right
        store(target, a, sum_a)
        store(target, b, sum_b)
        store(target, c, sum_c)
        store(target, d, sum_d)
        row += 4
    while row < rows:
        _multiply_add_row(
            matrix, origin + row * down, right, columns, source, first, target, to + row * stride
        )
        row += 1


@compiled
def _multiply_add_row(  # type: ignore[no-untyped-def]
    matrix, at, right, columns, source, first, target, to
):
    """The same for the one row of matrix that is at `at`."""
    result = load(target, to)
    for column in range(columns):
        result = result + spread(matrix, at) * load(source, first + column * LANES)
        at += right
    store(target, to, result)


@compiled
def _outputs(layers):  # type: ignore[no-untyped-def]
    """Where the results of the last layer are in Workspace.values."""
    last = layers[len(layers) - 1]
    return last[Column.VALUES] + last[Column.INPUTS] * LANES


@compiled
def _forward(network, work):  # type: ignore[no-untyped-def]
    """From the inputs of a tile to its outputs, keeping every layer's values and slopes."""
    for layer in network.layers:
        inputs, units, stride = layer[Column.INPUTS], layer[Column.UNITS], layer[Column.STRIDE]
        first = layer[Column.VALUES]
        results = first + inputs * LANES
        for unit in range(units):
            bias = fill(np.float32(0.0))
            if layer[Column.HAS_BIAS]:
                bias = spread(network.parameters, layer[Column.BIASES] + unit)
            store(work.values, results + unit * LANES, bias)
        _multiply_add(
            network.parameters, layer[Column.WEIGHTS], stride, 1, units, inputs,
            work.values, first, work.values, results, LANES,
        )  # fmt: skip
        activate(
            layer[Column.ACTIVATION], work.values, results, work.slopes, layer[Column.SLOPES], units
        )


@compiled
def _backward(network, work, rows):  # type: ignore[no-untyped-def]
    """From the deltas of the last layer, which are there already, to those of all layers; with what
    enters each layer turned round for the gradient.
    """
    for index in range(len(network.layers) - 1, 0, -1):
        layer = network.layers[index]
        _turn(work, layer[Column.VALUES], layer[Column.TURNED], layer[Column.INPUTS], rows)
        _pass_back(network, layer, work, network.layers[index - 1][Column.SLOPES])


@compiled
def _add_gradient(layer, work, rows, begin, end, gradient):  # type: ignore[no-untyped-def]
    """dW += d xᵀ and db += the sum of d over the points, for one tile and the units begin to end of
    one layer.
    """
    units, deltas = end - begin, layer[Column.SLOPES] + begin * LANES
    weights = layer[Column.WEIGHTS] + begin * layer[Column.STRIDE]
    for part in range(0, layer[Column.INPUTS], LANES):
        _multiply_add(
            work.deltas, deltas, LANES, 1, units, rows,
            work.turned, layer[Column.TURNED] + part * LANES,
            gradient, weights + part, layer[Column.STRIDE],
        )  # fmt: skip
    if layer[Column.HAS_BIAS]:
        for unit in range(begin, end):
            place = layer[Column.BIASES] + unit
            gradient[place] += total(load(work.deltas, layer[Column.SLOPES] + unit * LANES))


@compiled
def _pass_back(network, layer, work, below):  # type: ignore[no-untyped-def]
    """The deltas of the layer below: Wᵀ d f'(z)."""
    rows = layer[Column.INPUTS]
    for place in range(below, below + rows * LANES, LANES):
        store(work.deltas, place, fill(np.float32(0.0)))
    _multiply_add(
        network.parameters, layer[Column.WEIGHTS], 1, layer[Column.STRIDE], rows,
        layer[Column.UNITS], work.deltas, layer[Column.SLOPES], work.deltas, below, LANES,
    )  # fmt: skip
    for place in range(below, below + rows * LANES, LANES):
        store(work.deltas, place, load(work.deltas, place) * load(work.slopes, place))


@compiled
def _turn(work, first, turned, inputs, rows):  # type: ignore[no-untyped-def]
    """Transpose what enters a layer: from rows of sixteen points to rows of sixteen inputs."""
    for row in range(inputs):
        to = turned + row // LANES * TILE + row % LANES
        for point in range(rows):
            work.turned[to + point * LANES] = work.values[first + row * LANES + point]


@compiled
def _take_points(network, work, x, y, order, begin, rows):  # type: ignore[no-untyped-def]
    """The inputs (both ways round) and targets of the points order[begin : begin + rows]."""
    first = network.layers[0]
    inputs, stride = first[Column.INPUTS], first[Column.STRIDE]
    for point in range(rows):
        index = order[begin + point]
        work.targets[point] = y[index]
        for part in range(0, inputs, LANES):
            row = load(x, index * stride + part)
            store(work.turned, first[Column.TURNED] + part * LANES + point * LANES, row)
        for column in range(inputs):
            work.values[first[Column.VALUES] + column * LANES + point] = x[index * stride + column]


@compiled
def _add_penalty(network, work, l1, l2):  # type: ignore[no-untyped-def]
    """The gradient of l1 sum |w| + l2 / 2 sum w^2 over the weights, not the biases."""
    rate1, rate2 = np.float32(l1), np.float32(l2)
    for layer in network.layers:
        for k in range(layer[Column.WEIGHTS], layer[Column.BIASES], LANES):
            w = load(network.parameters, k)
            sign = where_greater(w, 0.0, 1.0, 0.0) - where_greater(0.0 - w, 0.0, 1.0, 0.0)
            store(work.gradient, k, load(work.gradient, k) + w * rate2 + sign * rate1)


@compiled
def _deltas(network, work, rules, x, y, order, begin, end):  # type: ignore[no-untyped-def]
    """Forward and backward for the tile of a batch that holds the points order[begin:end]."""
    last = network.layers[len(network.layers) - 1]
    outputs, deltas, units = _outputs(network.layers), last[Column.SLOPES], last[Column.UNITS]
    rows = end - begin
    _take_points(network, work, x, y, order, begin, rows)
    _forward(network, work)
    loss_slope(
        rules.loss, len(order), work.values, outputs, units, work.targets, work.deltas, deltas
    )
    if last[Column.ACTIVATION] != ACTIVATIONS.linear:
        for place in range(deltas, deltas + units * LANES, LANES):
            store(work.deltas, place, load(work.deltas, place) * load(work.slopes, place))
    for unit in range(units):
        for lane in range(rows, LANES):
            work.deltas[deltas + unit * LANES + lane] = 0.0
    _backward(network, work, rows)


@compiled
def _gradient(network, work, rules, x, y, order):  # type: ignore[no-untyped-def]
    """Leave the gradient of a batch's loss in work.gradient, tile by tile."""
    for k in range(0, len(work.gradient), LANES):
        store(work.gradient, k, fill(np.float32(0.0)))
    for begin in range(0, len(order), LANES):
        end = min(begin + LANES, len(order))
        _deltas(network, work, rules, x, y, order, begin, end)
        for layer in network.layers:
            _add_gradient(layer, work, end - begin, 0, layer[Column.UNITS], work.gradient)


@compiled
def _tile(works, tiles, index):  # type: ignore[no-untyped-def]
    """The workspace of one tile of a batch, whose workspaces lie one behind the other."""
    values, turned = len(works.values) // tiles, len(works.turned) // tiles
    slopes = len(works.slopes) // tiles
    return Workspace(
        works.values[index * values : (index + 1) * values],
        works.turned[index * turned : (index + 1) * turned],
        works.slopes[index * slopes : (index + 1) * slopes],
        works.deltas[index * slopes : (index + 1) * slopes],
        works.targets[index * LANES : (index + 1) * LANES],
        works.gradient,
    )


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
            _gradient(bound.network, bound.work, bound.rules, x, y, batch)
            _step(bound, rates[epoch])


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
        work = _tile(bound.work, tiles, tile)
        _deltas(bound.network, work, bound.rules, x, y, order, begin, end)


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
        stride, weights = layer[Column.STRIDE], layer[Column.WEIGHTS]
        for k in range(weights + begin * stride, weights + end * stride, LANES):
            store(result, k, fill(np.float32(0.0)))
        for unit in range(begin, end):
            result[layer[Column.BIASES] + unit] = 0.0
        for tile in range(-(-rows // LANES) if begin < end else 0):
            work = _tile(bound.work, tiles, tile)
            count = min(LANES, rows - tile * LANES)
            _add_gradient(layer, work, count, begin, end, result)


@_kernel
def step(bound_words, words):  # type: ignore[no-untyped-def]
    """Take the optimizer's step down the gradient in work.gradient, at a learning rate."""
    bound = bound_of(bound_words)
    (rate,) = _step_arguments(words)
    _step(bound, rate)


@compiled
def _take_rows(network, work, x, begin, rows):  # type: ignore[no-untyped-def]
    """The inputs of rows begin, begin + 1, ... of x (N, F)."""
    first = network.layers[0][Column.VALUES]
    for point in range(rows):
        for column in range(x.shape[1]):
            work.values[first + column * LANES + point] = x[begin + point, column]


@_kernel
def score(bound_words, words):  # type: ignore[no-untyped-def]
    """For x (N, F) and y (N,) write to results (2,), float64, the sum of the losses of all points,
    and the number of points whose class is right.
    """
    bound = bound_of(bound_words)
    x, y, results = _score_arguments(words)
    network, work = bound.network, bound.work
    outputs = _outputs(network.layers)
    classes = network.layers[len(network.layers) - 1][Column.UNITS]
    loss, right = 0.0, 0.0
    for begin in range(0, len(x), LANES):
        rows = min(LANES, len(x) - begin)
        _take_rows(network, work, x, begin, rows)
        _forward(network, work)
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
    class 1.
    """
    bound = bound_of(bound_words)
    x, results = _predict_arguments(words)
    network, work = bound.network, bound.work
    outputs = _outputs(network.layers)
    units = results.shape[1]
    for begin in range(0, len(x), LANES):
        rows = min(LANES, len(x) - begin)
        _take_rows(network, work, x, begin, rows)
        _forward(network, work)
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
    stride = -(-len(x) // LANES) * LANES
    layers = network.layers
    hidden = layers[0][Column.VALUES] + layers[0][Column.INPUTS] * LANES
    end = _outputs(layers)
    for begin in range(0, len(x), LANES):
        _take_rows(network, work, x, begin, min(LANES, len(x) - begin))
        _forward(network, work)
        for unit in range((end - hidden) // LANES):
            store(results, unit * stride + begin, load(work.values, hidden + unit * LANES))
