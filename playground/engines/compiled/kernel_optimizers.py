"""The kernels' optimizers, each told by its code.

The code is looked at once a step, outside the inner loop. Formulas are those of PyTorch's
documentation of the class of the same name in `torch.optim`. Compiled into the kernels; nothing
else calls them.
"""

from __future__ import annotations

import math

import numpy as np

from playground.engines.compiled.kernel_layout import LANES, OPTIMIZERS, Clock
from playground.engines.compiled.lanes import (
    absolute,
    compiled,
    fill,
    load,
    maximum,
    minimum,
    sqrt,
    store,
    where_equal,
    where_greater,
)

_WARMING = math.log(0.96)
"""NAdam's momentum warms up as 1 - 0.96^t / 2."""
_SURE_FROM = 5.0
"""RAdam divides by the root of the mean square from this length of the average on."""
_FASTER, _SLOWER = 1.2, 0.5
_SMALLEST, _LARGEST = 1e-6, 50.0
"""Rprop's factors of a step, and its bounds: torch's defaults."""


@compiled
def update(rules, rate, parameters, gradient, memory):  # type: ignore[no-untyped-def]
    """One step of the optimizer: all parameters, padding included, which stays zero."""
    code, knobs = rules.optimizer, rules.knobs
    clock = memory.clock
    clock[Clock.STEPS] += 1
    clock[Clock.POWER1] *= knobs.decay1
    clock[Clock.POWER2] *= knobs.decay2
    if code == OPTIMIZERS.adam or code == OPTIMIZERS.adamw:
        _adam(code == OPTIMIZERS.adamw, knobs, rate, parameters, gradient, memory)
        return
    if code == OPTIMIZERS.rmsprop:
        _rmsprop(knobs, rate, parameters, gradient, memory)
    elif code == OPTIMIZERS.adagrad:
        _adagrad(knobs, rate, parameters, gradient, memory)
    elif code == OPTIMIZERS.adadelta:
        _adadelta(knobs, rate, parameters, gradient, memory)
    elif code == OPTIMIZERS.nadam:
        _nadam(knobs, rate, parameters, gradient, memory)
    elif code == OPTIMIZERS.radam:
        _radam(knobs, rate, parameters, gradient, memory)
    elif code == OPTIMIZERS.adamax:
        _adamax(knobs, rate, parameters, gradient, memory)
    elif code == OPTIMIZERS.rprop:
        _rprop(rate, parameters, gradient, memory)
    elif code == OPTIMIZERS.sgd:
        _sgd(knobs, rate, parameters, gradient)
    else:
        _momentum(code == OPTIMIZERS.nesterov, knobs, rate, parameters, gradient, memory)


@compiled
def _sgd(knobs, rate, parameters, gradient):  # type: ignore[no-untyped-def]
    step, shrink = np.float32(rate), np.float32(knobs.weight_decay)
    for k in range(0, len(parameters), LANES):
        p = load(parameters, k)
        store(parameters, k, p - (load(gradient, k) + p * shrink) * step)


@compiled
def _momentum(nesterov, knobs, rate, parameters, gradient, memory):  # type: ignore[no-untyped-def]
    step, shrink = np.float32(rate), np.float32(knobs.weight_decay)
    keep = np.float32(knobs.decay1)
    ahead = keep if nesterov else np.float32(1.0)
    now = np.float32(1.0) if nesterov else np.float32(0.0)
    for k in range(0, len(parameters), LANES):
        p = load(parameters, k)
        g = load(gradient, k) + p * shrink
        velocity = load(memory.first, k) * keep + g
        store(memory.first, k, velocity)
        store(parameters, k, p - (g * now + velocity * ahead) * step)


@compiled
def _adam(decoupled, knobs, rate, parameters, gradient, memory):  # type: ignore[no-untyped-def]
    step = np.float32(rate / (1 - memory.clock[Clock.POWER1]))
    correction = np.float32(1 / math.sqrt(1 - memory.clock[Clock.POWER2]))
    new1, keep2 = np.float32(1 - knobs.decay1), np.float32(knobs.decay2)
    new2, epsilon = np.float32(1 - knobs.decay2), np.float32(knobs.epsilon)
    into_gradient = np.float32(0.0 if decoupled else knobs.weight_decay)
    left = np.float32(1 - rate * knobs.weight_decay if decoupled else 1.0)
    for k in range(0, len(parameters), LANES):
        p = load(parameters, k)
        g = load(gradient, k) + p * into_gradient
        m = load(memory.first, k)
        m = m + (g - m) * new1
        v = load(memory.second, k) * keep2 + g * g * new2
        store(memory.first, k, m)
        store(memory.second, k, v)
        store(parameters, k, p * left - m * step / (sqrt(v) * correction + epsilon))


@compiled
def _rmsprop(knobs, rate, parameters, gradient, memory):  # type: ignore[no-untyped-def]
    step, shrink = np.float32(rate), np.float32(knobs.weight_decay)
    keep, new = np.float32(knobs.decay2), np.float32(1 - knobs.decay2)
    momentum, epsilon = np.float32(knobs.decay1), np.float32(knobs.epsilon)
    for k in range(0, len(parameters), LANES):
        p = load(parameters, k)
        g = load(gradient, k) + p * shrink
        v = load(memory.second, k) * keep + g * g * new
        velocity = load(memory.first, k) * momentum + g / (sqrt(v) + epsilon)
        store(memory.first, k, velocity)
        store(memory.second, k, v)
        store(parameters, k, p - velocity * step)


@compiled
def _adagrad(knobs, rate, parameters, gradient, memory):  # type: ignore[no-untyped-def]
    step = np.float32(rate / (1 + (memory.clock[Clock.STEPS] - 1) * knobs.rate_decay))
    shrink, epsilon = np.float32(knobs.weight_decay), np.float32(knobs.epsilon)
    for k in range(0, len(parameters), LANES):
        p = load(parameters, k)
        g = load(gradient, k) + p * shrink
        total = load(memory.second, k) + g * g
        store(memory.second, k, total)
        store(parameters, k, p - g * step / (sqrt(total) + epsilon))


@compiled
def _adadelta(knobs, rate, parameters, gradient, memory):  # type: ignore[no-untyped-def]
    step, shrink = np.float32(rate), np.float32(knobs.weight_decay)
    keep, new = np.float32(knobs.decay2), np.float32(1 - knobs.decay2)
    epsilon = np.float32(knobs.epsilon)
    for k in range(0, len(parameters), LANES):
        p = load(parameters, k)
        g = load(gradient, k) + p * shrink
        v = load(memory.second, k) * keep + g * g * new
        moved = load(memory.first, k)
        change = g * (sqrt(moved + epsilon) / sqrt(v + epsilon))
        store(memory.first, k, moved * keep + change * change * new)
        store(memory.second, k, v)
        store(parameters, k, p - change * step)


@compiled
def _averages(k, g, new1, keep2, new2, memory):  # type: ignore[no-untyped-def]
    """Sixteen running means of gradients g and of their squares, brought up to date."""
    m = load(memory.first, k)
    m = m + (g - m) * new1
    v = load(memory.second, k) * keep2 + g * g * new2
    store(memory.first, k, m)
    store(memory.second, k, v)
    return m, v


@compiled
def _momentum_at(knobs, step):  # type: ignore[no-untyped-def]
    """NAdam's momentum at a step, counted from 1."""
    return knobs.decay1 * (1 - 0.5 * math.exp(_WARMING * step * knobs.rate_decay))


@compiled
def _nadam(knobs, rate, parameters, gradient, memory):  # type: ignore[no-untyped-def]
    clock = memory.clock
    now, then = (
        _momentum_at(knobs, clock[Clock.STEPS]),
        _momentum_at(knobs, clock[Clock.STEPS] + 1),
    )
    # Torch keeps this product in float32.
    clock[Clock.PRODUCT] = np.float32(clock[Clock.PRODUCT]) * np.float32(now)
    product = clock[Clock.PRODUCT]
    of_gradient = np.float32(rate * (1 - now) / (1 - product))
    of_mean = np.float32(rate * then / (1 - product * then))
    correction = np.float32(1 / math.sqrt(1 - clock[Clock.POWER2]))
    new1, keep2 = np.float32(1 - knobs.decay1), np.float32(knobs.decay2)
    new2, epsilon = np.float32(1 - knobs.decay2), np.float32(knobs.epsilon)
    shrink = np.float32(knobs.weight_decay)
    for k in range(0, len(parameters), LANES):
        p = load(parameters, k)
        g = load(gradient, k) + p * shrink
        m, v = _averages(k, g, new1, keep2, new2, memory)
        store(
            parameters,
            k,
            p - (g * of_gradient + m * of_mean) / (sqrt(v) * correction + epsilon),
        )


@compiled
def _radam(knobs, rate, parameters, gradient, memory):  # type: ignore[no-untyped-def]
    steps, power = memory.clock[Clock.STEPS], memory.clock[Clock.POWER2]
    longest = 2 / (1 - knobs.decay2) - 1
    length = longest - 2 * steps * power / (1 - power)
    is_sure = length > _SURE_FROM
    step = rate / (1 - memory.clock[Clock.POWER1])
    if is_sure:
        step *= math.sqrt(
            (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
        )
        step *= math.sqrt(1 - power)
    step = np.float32(step)
    new1, keep2 = np.float32(1 - knobs.decay1), np.float32(knobs.decay2)
    new2, epsilon = np.float32(1 - knobs.decay2), np.float32(knobs.epsilon)
    shrink = np.float32(knobs.weight_decay)
    for k in range(0, len(parameters), LANES):
        p = load(parameters, k)
        g = load(gradient, k) + p * shrink
        m, v = _averages(k, g, new1, keep2, new2, memory)
        divisor = sqrt(v) + epsilon if is_sure else fill(np.float32(1.0))
        store(parameters, k, p - m * step / divisor)


@compiled
def _adamax(knobs, rate, parameters, gradient, memory):  # type: ignore[no-untyped-def]
    step = np.float32(rate / (1 - memory.clock[Clock.POWER1]))
    new1, keep2 = np.float32(1 - knobs.decay1), np.float32(knobs.decay2)
    epsilon, shrink = np.float32(knobs.epsilon), np.float32(knobs.weight_decay)
    for k in range(0, len(parameters), LANES):
        p = load(parameters, k)
        g = load(gradient, k) + p * shrink
        m = load(memory.first, k)
        m = m + (g - m) * new1
        largest = maximum(load(memory.second, k) * keep2, absolute(g) + epsilon)
        store(memory.first, k, m)
        store(memory.second, k, largest)
        store(parameters, k, p - m * step / largest)


@compiled
def _rprop(rate, parameters, gradient, memory):  # type: ignore[no-untyped-def]
    if memory.clock[Clock.STEPS] == 1:
        for k in range(0, len(parameters), LANES):
            store(memory.second, k, fill(np.float32(rate)))
    for k in range(0, len(parameters), LANES):
        g = load(gradient, k)
        agreement = g * load(memory.first, k)
        slower = where_greater(0.0 - agreement, 0.0, _SLOWER, 1.0)
        factor = where_greater(agreement, 0.0, _FASTER, slower)
        step = minimum(maximum(load(memory.second, k) * factor, _SMALLEST), _LARGEST)
        g = where_greater(0.0 - agreement, 0.0, 0.0, g)
        sign = where_greater(g, 0.0, 1.0, 0.0) - where_greater(0.0 - g, 0.0, 1.0, 0.0)
        store(memory.first, k, g)
        store(memory.second, k, step)
        # What is not a number equals nothing, and stays so.
        store(parameters, k, load(parameters, k) - where_equal(g, g, sign, g) * step)
