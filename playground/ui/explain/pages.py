"""The pages of an explanation: a title, a formula, a sentence, a drawing.

Activations, losses and optimizers come from their registries. The formulas of the optimizers are
those of the classes in `torch.optim`, with g the gradient, η the learning rate, and averages freed
of their bias to zero written with a hat. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from playground.core.activations import ACTIVATIONS
from playground.core.losses import LOSSES
from playground.core.optimizers import OPTIMIZERS
from playground.ui.explain.drawing import Descent, Drawing, Graph, draw_neuron
from playground.ui.language import tr

__all__ = ["Page", "pages"]

STEPS: Final = 30
NEURON_HELP: Final = (
    "A neuron multiplies each value by a weight, adds them up with its bias, and bends the sum."
    " Training changes nothing but weights and biases."
)
SOFTMAX_HELP: Final = (
    "The outputs of all classes become probabilities that add up to 1. With two classes only their"
    " difference z counts, and the curve is an S."
)

LOSS_FORMULAS: Final = {
    "cross_entropy": "L = −ln p",
    "bce_with_logits": "L = −y ln p − (1 − y) ln(1 − p)",
    "mse": "L = mean of d²",
    "sse": "L = sum of d²",
    "l1": "L = mean of |d|",
    "huber": "L = d² / 2 where |d| < 1, else |d| − 1/2",
}
OPTIMIZER_FORMULAS: Final = {
    "sgd": "v ← μ v + g\nw ← w − η v",
    "adam": "m ← β₁ m + (1 − β₁) g\nv ← β₂ v + (1 − β₂) g²\nw ← w − η m̂ / (√v̂ + ε)",
    "adamw": "w ← w − η λ w\nw ← w − η m̂ / (√v̂ + ε)",
    "nadam": "w ← w − η (β₁ m̂ + (1 − β₁) ĝ) / (√v̂ + ε)",
    "radam": "w ← w − η r m̂ / (√v̂ + ε)",
    "adamax": "u ← max(β₂ u, |g|)\nw ← w − η m̂ / u",
    "rmsprop": "v ← α v + (1 − α) g²\nw ← w − η g / (√v + ε)",
    "adagrad": "s ← s + g²\nw ← w − η g / (√s + ε)",
    "adadelta": "v ← ρ v + (1 − ρ) g²\nΔ = g √(u + ε) / √(v + ε)\n"
    "u ← ρ u + (1 − ρ) Δ²\nw ← w − η Δ",
    "rprop": "step × 1.2 where g keeps its sign, × 0.5 where not\nw ← w − step · sign g",
    "lbfgs": "w ← w − η H g",
}
RATES: Final = {
    "sgd": 0.15,
    "rmsprop": 0.1,
    "adagrad": 0.5,
    "adadelta": 10.0,
    "adam": 0.2,
    "adamw": 0.2,
}
"""Learning rates at which the way down the valley shows what an optimizer is like."""

PROBABILITY_NOTE: Final = "p: the probability that the network gave the right class."
DISTANCE_NOTE: Final = "d: predicted value minus true value."
DESCENT_NOTE: Final = (
    "{steps} steps down a long valley, from above, at a learning rate of {rate}; the cross is the"
    " bottom."
)

_SURPRISE: Final = Graph([("L", lambda p: -np.log(p))], (0.0, 1.1), (-0.4, 4.0), "p")
_SQUARE: Final = Graph([("L", np.square)], (-2.5, 2.5), (-0.5, 4.0), "d")
LOSS_GRAPHS: Final = {
    "cross_entropy": _SURPRISE,
    "bce_with_logits": _SURPRISE,
    "mse": _SQUARE,
    "sse": _SQUARE,
    "l1": Graph([("L", np.abs)], (-2.5, 2.5), (-0.5, 4.0), "d"),
    "huber": Graph(
        [("L", lambda d: np.where(np.abs(d) < 1, d * d / 2, np.abs(d) - 0.5)), ("|d|", np.abs)],
        (-2.5, 2.5),
        (-0.5, 4.0),
        "d",
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One thing, explained; `drawing` is None where a picture would tell nothing."""

    title: str
    formula: str
    sentence: str
    drawing: Drawing | None = None
    note: str = ""


def pages(area: str) -> list[Page]:
    """The pages that belong to an area of the window ("network"); mostly none."""
    made = {
        "network": lambda: [_neuron(), *_activations()],
        "training": lambda: [*_losses(), *_optimizers()],
        "output": lambda: [_softmax()],
    }
    return made[area]() if area in made else []


def _neuron() -> Page:
    formula = "z = w₁ x₁ + w₂ x₂ + … + b\na = f(z)"
    return Page(tr("A neuron"), formula, tr(NEURON_HELP), draw_neuron)


def _softmax() -> Page:
    graph = Graph([("p", lambda z: 1 / (1 + np.exp(-z)))], (-5.0, 5.0), (-0.2, 1.2))
    return Page(tr("Softmax"), "pᵢ = exp(zᵢ) / Σⱼ exp(zⱼ)", tr(SOFTMAX_HELP), graph)


def _activations() -> Iterator[Page]:
    for choice in ACTIVATIONS:
        activation = choice.value
        curves = [("f(z)", activation.f), ("slope", activation.derivative)]
        formula = f"f(z) = {activation.formula.replace('-', '−')}"
        graph = Graph(curves, (-5.0, 5.0), (-1.5, 3.0))
        yield Page(tr(choice.label), tr(formula), tr(choice.help), graph)


def _losses() -> Iterator[Page]:
    for choice in LOSSES:
        formula = LOSS_FORMULAS.get(choice.key, "")
        graph = LOSS_GRAPHS.get(choice.key)
        note = DISTANCE_NOTE if choice.value.regression else PROBABILITY_NOTE
        yield Page(tr(choice.label), tr(formula), tr(choice.help), graph, tr(note))


def _optimizers() -> Iterator[Page]:
    for kind, settings in OPTIMIZERS.items():
        formula = OPTIMIZER_FORMULAS.get(kind, "")
        rate, drawing, note = RATES.get(kind), None, ""
        if rate is not None and Descent.knows(kind):
            drawing = Descent(settings(kind=kind), rate, STEPS)
            note = tr(DESCENT_NOTE, steps=STEPS, rate=f"{rate:g}")
        yield Page(tr(settings.label), tr(formula), tr(settings.help), drawing, note)
