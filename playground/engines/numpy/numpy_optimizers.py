"""Optimizers by hand: how a parameter moves, given its gradient. Each is the textbook's three to
seven lines.

All of them change the parameter `w` in place. `g` is its gradient, `m` what is remembered about it,
`rate` the learning rate now, `o` the settings. The formulas are those of the class of the same name
in `torch.optim`. Imports numpy and the core.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.core.training.optimizers import OptimizerSettings

Array = npt.NDArray


class ParameterMemory:
    """What is remembered of one parameter: two arrays of its shape, steps, a product of momenta."""

    def __init__(self, parameter: Array) -> None:
        self.steps = 0
        self.first = np.zeros_like(parameter)
        self.second = np.zeros_like(parameter)
        self.product = np.ones((), np.float32)


Update = Callable[[Array, Array, ParameterMemory, float, Any], None]


def sgd(w: Array, g: Array, m: ParameterMemory, rate: float, o: Any) -> None:
    """Downhill; with momentum along a velocity, `m.first`, that is kept (Polyak 1964, Nesterov
    1983).
    """
    g = g + o.weight_decay * w
    if o.momentum:
        m.first[...] = o.momentum * m.first + g
        g = g + o.momentum * m.first if o.nesterov else m.first
    w -= rate * g


def rmsprop(w: Array, g: Array, m: ParameterMemory, rate: float, o: Any) -> None:
    """Divide by the root of the running mean of squares, `m.second` (Hinton 2012)."""
    g = g + o.weight_decay * w
    m.second[...] = o.alpha * m.second + (1 - o.alpha) * g * g
    m.first[...] = o.momentum * m.first + g / (np.sqrt(m.second) + o.eps)
    w -= rate * m.first


def adagrad(w: Array, g: Array, m: ParameterMemory, rate: float, o: Any) -> None:
    """Divide by the root of the sum of all squares, `m.second` (Duchi, Hazan and Singer 2011)."""
    m.steps += 1
    g = g + o.weight_decay * w
    m.second += g * g
    w -= rate / (1 + (m.steps - 1) * o.lr_decay) * g / (np.sqrt(m.second) + o.eps)


def adadelta(w: Array, g: Array, m: ParameterMemory, rate: float, o: Any) -> None:
    """Steps in units of past steps: means of squared gradients, `m.second`, and steps, `m.first`
    (Zeiler 2012).
    """
    g = g + o.weight_decay * w
    m.second[...] = o.rho * m.second + (1 - o.rho) * g * g
    step = np.sqrt(m.first + o.eps) / np.sqrt(m.second + o.eps) * g
    m.first[...] = o.rho * m.first + (1 - o.rho) * step * step
    w -= rate * step


def adam(w: Array, g: Array, m: ParameterMemory, rate: float, o: Any) -> None:
    """Running means of the gradient and of its square, freed of their bias to zero (Kingma and Ba
    2015).
    """
    g = g + o.weight_decay * w
    m.steps += 1
    beta1, beta2 = o.betas
    m.first[...] = beta1 * m.first + (1 - beta1) * g
    m.second[...] = beta2 * m.second + (1 - beta2) * g * g
    mean, square = m.first / (1 - beta1**m.steps), m.second / (1 - beta2**m.steps)
    w -= rate * mean / (np.sqrt(square) + o.eps)


def adamw(w: Array, g: Array, m: ParameterMemory, rate: float, o: Any) -> None:
    """Adam in which the weights shrink apart from the gradient (Loshchilov and Hutter 2019)."""
    w *= 1 - rate * o.weight_decay
    adam(w, g, m, rate, o.model_copy(update={"weight_decay": 0.0}))


def nadam(w: Array, g: Array, m: ParameterMemory, rate: float, o: Any) -> None:
    """Adam that looks ahead with a momentum that warms up; `m.product` is that of all momenta so
    far, in float32 as torch keeps it (Dozat 2016).
    """
    g = g + o.weight_decay * w
    m.steps += 1
    beta1, beta2 = o.betas
    now, then = (beta1 * (1 - 0.96 ** (n * o.momentum_decay) / 2) for n in (m.steps, m.steps + 1))
    m.product[...] *= now
    product = float(m.product)
    m.first[...] = beta1 * m.first + (1 - beta1) * g
    m.second[...] = beta2 * m.second + (1 - beta2) * g * g
    ahead = (1 - now) / (1 - product) * g + then / (1 - product * then) * m.first
    w -= rate * ahead / (np.sqrt(m.second / (1 - beta2**m.steps)) + o.eps)


def radam(w: Array, g: Array, m: ParameterMemory, rate: float, o: Any) -> None:
    """Adam that divides by the mean of squares only once it is made of enough of them: `length`
    says of how many (Liu et al. 2020).
    """
    g = g + o.weight_decay * w
    m.steps += 1
    beta1, beta2 = o.betas
    m.first[...] = beta1 * m.first + (1 - beta1) * g
    m.second[...] = beta2 * m.second + (1 - beta2) * g * g
    mean, left = m.first / (1 - beta1**m.steps), 1 - beta2**m.steps
    longest = 2 / (1 - beta2) - 1
    length = longest - 2 * m.steps * beta2**m.steps / left
    if length <= 5:
        w -= rate * mean
        return
    trust = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
    w -= rate * mean * np.sqrt(trust * left) / (np.sqrt(m.second) + o.eps)


def adamax(w: Array, g: Array, m: ParameterMemory, rate: float, o: Any) -> None:
    """Divide by the largest gradient, `m.second`, slowly forgotten (Kingma and Ba 2015)."""
    g = g + o.weight_decay * w
    m.steps += 1
    beta1, beta2 = o.betas
    m.first[...] = beta1 * m.first + (1 - beta1) * g
    m.second[...] = np.maximum(beta2 * m.second, np.abs(g) + o.eps)
    w -= rate / (1 - beta1**m.steps) * m.first / m.second


def rprop(w: Array, g: Array, m: ParameterMemory, rate: float, o: Any) -> None:
    """A step of its own for each number, `m.second`: longer while its gradient keeps its sign,
    shorter, and left out, where that has changed (Riedmiller and Braun 1993).
    """
    m.steps += 1
    if m.steps == 1:
        m.second[...] = rate
    agreement = g * m.first
    m.second *= np.where(agreement > 0, 1.2, np.where(agreement < 0, 0.5, 1.0))
    np.clip(m.second, 1e-6, 50.0, out=m.second)
    m.first[...] = np.where(agreement < 0, 0.0, g)
    w -= m.second * np.sign(m.first)


UPDATES: dict[str, Update] = {
    update.__name__: update
    for update in (
        *(sgd, rmsprop, adagrad, adadelta, adam, adamw),
        *(nadam, radam, adamax, rprop),
    )
}

MEMORY: dict[str, dict[str, str]] = {
    "sgd": {"momentum_buffer": "first"},
    "rmsprop": {"square_avg": "second", "momentum_buffer": "first"},
    "adagrad": {"sum": "second"},
    "adadelta": {"square_avg": "second", "acc_delta": "first"},
    "adam": {"exp_avg": "first", "exp_avg_sq": "second"},
    "adamw": {"exp_avg": "first", "exp_avg_sq": "second"},
    "nadam": {"exp_avg": "first", "exp_avg_sq": "second", "mu_product": "product"},
    "radam": {"exp_avg": "first", "exp_avg_sq": "second"},
    "adamax": {"exp_avg": "first", "exp_inf": "second"},
    "rprop": {"prev": "first", "step_size": "second"},
}
"""What torch.optim calls the arrays that each optimizer remembers, and which of `ParameterMemory`
they are.
"""


def remembered(settings: OptimizerSettings) -> dict[str, str]:
    """The line of `MEMORY` for these settings: without momentum nothing is kept of it."""
    names = dict(MEMORY[settings.kind])
    if not getattr(settings, "momentum", 1.0):
        del names["momentum_buffer"]
    return names
