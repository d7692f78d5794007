"""The pages of an explanation: a title, a formula, a sentence, a drawing.

Activations, losses and optimizers come with their formulas from their registries. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from playground.core.messages import N_
from playground.core.network.activations import ACTIVATIONS
from playground.core.training.losses import LOSSES
from playground.core.training.optimizers import OPTIMIZERS
from playground.ui.explain.drawing import Descent, Drawing, Graph, draw_neuron
from playground.ui.language import tr

STEPS: Final = 30
NEURON_HELP: Final = N_(
    "A neuron multiplies each value by a weight, adds them up with its bias, and bends the sum."
    " Training changes nothing but weights and biases."
)
SOFTMAX_HELP: Final = N_(
    "The outputs of all classes become probabilities that add up to 1. With two classes only their"
    " difference z counts, and the curve is an S."
)

RATES: Final = {
    "sgd": 0.15,
    "rmsprop": 0.1,
    "adagrad": 0.5,
    "adadelta": 10.0,
    "adam": 0.2,
    "adamw": 0.2,
}
"""Learning rates at which the way down the valley shows what an optimizer is like."""

PROBABILITY_NOTE: Final = N_("p: the probability that the network gave the right class.")
DISTANCE_NOTE: Final = N_(
    "d: predicted value minus true value. Of two classes these are -1 and +1."
)
DESCENT_NOTE: Final = N_(
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
        curves = [("f(z)", activation.f), (N_("slope"), activation.derivative)]
        formula = f"f(z) = {tr(activation.formula).replace('-', '−')}"
        graph = Graph(curves, (-5.0, 5.0), (-1.5, 3.0))
        yield Page(tr(choice.label), formula, tr(choice.help), graph)


def _losses() -> Iterator[Page]:
    for choice in LOSSES:
        graph = LOSS_GRAPHS.get(choice.key)
        note = DISTANCE_NOTE if choice.value.regression else PROBABILITY_NOTE
        yield Page(tr(choice.label), tr(choice.value.formula), tr(choice.help), graph, tr(note))


def _optimizers() -> Iterator[Page]:
    for kind, settings in OPTIMIZERS.items():
        rate, drawing, note = RATES.get(kind), None, ""
        if rate is not None and Descent.knows(kind):
            drawing = Descent(settings(kind=kind), rate, STEPS)
            note = tr(DESCENT_NOTE, steps=STEPS, rate=f"{rate:g}")
        yield Page(tr(settings.label), tr(settings.formula), tr(settings.help), drawing, note)
