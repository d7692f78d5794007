"""The ways through a network: forward to its outputs, back to the gradient, tile by tile.

The heart is `_multiply_add`, a product of matrices in which four results at a time stay in
registers; it is the forward pass, the backward pass and the gradient of the weights alike. On wide
layers it does nine tenths of the multiply-adds that a BLAS does on one core, without a call for
each layer; so there is no second path for them.

Compiled into the kernels; nothing else calls them. `kernel_layout` says how a network lies in
memory.
"""

from __future__ import annotations

import numpy as np

from playground.engines.compiled.kernel_layers import (
    add_gradient_of_norm,
    draw_masks,
    drop,
    normalize,
    normalize_by_batch,
    pass_back_batch,
    pass_back_norm,
    sum_of_tile,
    use_batch,
    use_running,
)
from playground.engines.compiled.kernel_layout import ACTIVATIONS, LANES, TILE, Column, Workspace
from playground.engines.compiled.kernel_rules import activate, loss_slope
from playground.engines.compiled.lanes import compiled, fill, load, spread, store, total
from playground.engines.compiled.operations import KIND


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
def outputs_of(layers):  # type: ignore[no-untyped-def]
    """Where the results of the last layer are in Workspace.values."""
    last = layers[len(layers) - 1]
    return last[Column.VALUES] + last[Column.INPUTS] * LANES


@compiled
def forward(network, work, masks):  # type: ignore[no-untyped-def]
    """From the inputs of a tile to its outputs, keeping every layer's values and slopes.

    masks  where the masks of the tile begin, -1 outside of training
    """
    for layer in network.layers:
        forward_layer(network, layer, work, masks)


@compiled
def forward_layer(network, layer, work, masks):  # type: ignore[no-untyped-def]
    """`forward` through one layer."""
    if layer[Column.KIND] == KIND.drop:
        drop(layer, work, masks)
        return
    if layer[Column.KIND] == KIND.norm:
        normalize(network, layer, work)
        return
    if layer[Column.KIND] == KIND.dense:
        _sums_of_dense(network, layer, work)
    else:
        normalize_by_batch(network, layer, work)
    results = layer[Column.VALUES] + layer[Column.INPUTS] * LANES
    slopes, units = layer[Column.SLOPES], layer[Column.UNITS]
    activate(layer[Column.ACTIVATION], work.values, results, work.slopes, slopes, units)


@compiled
def _sums_of_dense(network, layer, work):  # type: ignore[no-untyped-def]
    """W x + b, and what is added to it."""
    inputs, units, stride = layer[Column.INPUTS], layer[Column.UNITS], layer[Column.STRIDE]
    first, added = layer[Column.VALUES], layer[Column.ADDED]
    results = first + inputs * LANES
    for unit in range(units):
        bias = fill(np.float32(0.0))
        if layer[Column.HAS_BIAS]:
            bias = spread(network.parameters, layer[Column.BIASES] + unit)
        if added >= 0:
            bias = bias + load(work.values, added + unit * LANES)
        store(work.values, results + unit * LANES, bias)
    _multiply_add(
        network.parameters, layer[Column.WEIGHTS], stride, 1, units, inputs,
        work.values, first, work.values, results, LANES,
    )  # fmt: skip


@compiled
def _backward(network, work, rows, adds_gradient):  # type: ignore[no-untyped-def]
    """From the deltas of the last layer, which are there already, to those of all layers; with what
    enters each layer turned round for the gradient, which is added where somebody asks for it.
    """
    for index in range(len(network.layers) - 1, -1, -1):
        layer = network.layers[index]
        if index > 0 and layer[Column.KIND] == KIND.dense:
            _turn(work, layer[Column.VALUES], layer[Column.TURNED], layer[Column.INPUTS], rows)
        if adds_gradient:
            add_gradient(layer, work, rows, 0, layer[Column.UNITS], work.gradient)
        if index > 0:
            _pass_back(network, layer, work, network.layers[index - 1][Column.SLOPES], rows, rows)


@compiled
def clear_gradient(layer, begin, end, gradient):  # type: ignore[no-untyped-def]
    """Zeros for the units begin to end of one layer."""
    if layer[Column.KIND] == KIND.drop:
        return
    stride = layer[Column.STRIDE] if layer[Column.KIND] == KIND.dense else 1
    weights = layer[Column.WEIGHTS]
    gradient[weights + begin * stride : weights + end * stride] = np.float32(0.0)
    gradient[layer[Column.BIASES] + begin : layer[Column.BIASES] + end] = np.float32(0.0)


@compiled
def add_gradient(layer, work, rows, begin, end, gradient):  # type: ignore[no-untyped-def]
    """What one tile adds to the gradient of the units begin to end of one layer."""
    if layer[Column.KIND] == KIND.dense:
        _add_gradient_of_dense(layer, work, rows, begin, end, gradient)
    elif layer[Column.KIND] != KIND.drop:
        add_gradient_of_norm(layer, work, begin, end, gradient)


@compiled
def _add_gradient_of_dense(layer, work, rows, begin, end, gradient):  # type: ignore[no-untyped-def]
    """dW += d xᵀ and db += the sum of d over the points."""
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
def _pass_back(network, layer, work, below, batch, count):  # type: ignore[no-untyped-def]
    """The deltas of the layer below: the derivative by what enters this one, times f'(z).

    count  points of this tile, of all of the `batch`
    """
    rows = layer[Column.INPUTS]
    if layer[Column.KIND] == KIND.dense:
        _pass_back_dense(network, layer, work, below)
    elif layer[Column.KIND] == KIND.norm:
        pass_back_norm(network, layer, work, below)
    elif layer[Column.KIND] == KIND.batch_norm:
        pass_back_batch(network, layer, work, below, batch, count)
    else:
        for place in range(0, rows * LANES, LANES):
            store(work.deltas, below + place, load(work.deltas, layer[Column.SLOPES] + place))
    for place in range(below, below + rows * LANES, LANES):
        store(work.deltas, place, load(work.deltas, place) * load(work.slopes, place))


@compiled
def _pass_back_dense(network, layer, work, below):  # type: ignore[no-untyped-def]
    """Wᵀ d, and what was added to the results of a later layer passes back beside it."""
    rows, joined = layer[Column.INPUTS], layer[Column.JOINED]
    for place in range(0, rows * LANES, LANES):
        slope = fill(np.float32(0.0))
        if joined >= 0:
            slope = load(work.deltas, joined + place)
        store(work.deltas, below + place, slope)
    _multiply_add(
        network.parameters, layer[Column.WEIGHTS], 1, layer[Column.STRIDE], rows,
        layer[Column.UNITS], work.deltas, layer[Column.SLOPES], work.deltas, below, LANES,
    )  # fmt: skip


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
def deltas_of_tile(network, work, rules, x, y, order, begin, end, adds_gradient):  # type: ignore[no-untyped-def]
    """Forward and backward for the tile of a batch that holds the points order[begin:end]."""
    rows = end - begin
    _take_points(network, work, x, y, order, begin, rows)
    forward(network, work, begin // LANES * network.masks)
    _first_deltas(network, work, rules, len(order), rows)
    _backward(network, work, rows, adds_gradient)


@compiled
def _first_deltas(network, work, rules, batch, rows):  # type: ignore[no-untyped-def]
    """The deltas of the last layer for a tile of so many rows of a batch; 0 where there is no
    point.
    """
    last = network.layers[len(network.layers) - 1]
    outputs, deltas, units = outputs_of(network.layers), last[Column.SLOPES], last[Column.UNITS]
    loss_slope(rules.loss, batch, work.values, outputs, units, work.targets, work.deltas, deltas)
    if last[Column.ACTIVATION] != ACTIVATIONS.linear:
        for place in range(deltas, deltas + units * LANES, LANES):
            store(work.deltas, place, load(work.deltas, place) * load(work.slopes, place))
    for unit in range(units):
        for lane in range(rows, LANES):
            work.deltas[deltas + unit * LANES + lane] = 0.0


@compiled
def forward_by_layers(network, works, tiles, memory, x, y, order):  # type: ignore[no-untyped-def]
    """Forward for all tiles of a batch, each in its own workspace, layer by layer: a norm over the
    batch has to know all that enters it. A batch of one point is scaled by running statistics.
    """
    rows = len(order)
    if network.masks > 0:
        draw_masks(network, works.masks, memory.generator, rows)
    if rows > 1:
        network.batches[0] += 1
    else:
        use_running(network)
    for begin in range(0, rows, LANES):
        work = tile_of(works, tiles, begin // LANES)
        _take_points(network, work, x, y, order, begin, min(LANES, rows - begin))
    for layer in network.layers:
        if layer[Column.KIND] == KIND.batch_norm and rows > 1:
            _use_statistics(network, layer, works, tiles, rows)
        for tile in range(-(-rows // LANES)):
            work = tile_of(works, tiles, tile)
            forward_layer(network, layer, work, tile * network.masks)


@compiled
def _use_statistics(network, layer, works, tiles, rows):  # type: ignore[no-untyped-def]
    """Mean and variance of what enters a layer, over all tiles."""
    for unit in range(layer[Column.UNITS]):
        place, mean, variance = layer[Column.VALUES] + unit * LANES, 0.0, 0.0
        for begin in range(0, rows, LANES):
            values = tile_of(works, tiles, begin // LANES).values
            mean += sum_of_tile(values, place, 0.0, 1, min(LANES, rows - begin))
        mean /= rows
        for begin in range(0, rows, LANES):
            values = tile_of(works, tiles, begin // LANES).values
            variance += sum_of_tile(values, place, mean, 2, min(LANES, rows - begin))
        use_batch(network, layer, unit, mean, variance / rows, rows)


@compiled
def backward_by_layers(network, works, tiles, rules, rows):  # type: ignore[no-untyped-def]
    """Leave the gradient of a batch's loss in works.gradient, after `forward_by_layers`."""
    for k in range(0, len(works.gradient), LANES):
        store(works.gradient, k, fill(np.float32(0.0)))
    for begin in range(0, rows, LANES):
        work = tile_of(works, tiles, begin // LANES)
        _first_deltas(network, work, rules, rows, min(LANES, rows - begin))
    for index in range(len(network.layers) - 1, -1, -1):
        layer = network.layers[index]
        for begin in range(0, rows, LANES):
            work, count = tile_of(works, tiles, begin // LANES), min(LANES, rows - begin)
            if index > 0 and layer[Column.KIND] == KIND.dense:
                _turn(work, layer[Column.VALUES], layer[Column.TURNED], layer[Column.INPUTS], count)
            add_gradient(layer, work, count, 0, layer[Column.UNITS], work.gradient)
        for begin in range(0, rows if index > 0 else 0, LANES):
            work, count = tile_of(works, tiles, begin // LANES), min(LANES, rows - begin)
            _pass_back(network, layer, work, network.layers[index - 1][Column.SLOPES], rows, count)


@compiled
def gradient_of_batch(network, work, rules, memory, x, y, order):  # type: ignore[no-untyped-def]
    """Leave the gradient of a batch's loss in work.gradient, tile by tile."""
    if network.masks > 0:
        draw_masks(network, work.masks, memory.generator, len(order))
    for k in range(0, len(work.gradient), LANES):
        store(work.gradient, k, fill(np.float32(0.0)))
    for begin in range(0, len(order), LANES):
        end = min(begin + LANES, len(order))
        deltas_of_tile(network, work, rules, x, y, order, begin, end, True)


@compiled
def tile_of(works, tiles, index):  # type: ignore[no-untyped-def]
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
        works.masks,
    )


@compiled
def take_rows(network, work, x, begin, rows):  # type: ignore[no-untyped-def]
    """The inputs of rows begin, begin + 1, ... of x (N, F)."""
    first = network.layers[0][Column.VALUES]
    for point in range(rows):
        for column in range(x.shape[1]):
            work.values[first + column * LANES + point] = x[begin + point, column]
