"""Optimizers and their hyperparameters.

One class is one optimizer. Its fields are named as the arguments of the class in `torch.optim` that
`torch_name` names, except that `learning_rate` stands for `lr`; defaults are torch's unless the
field says otherwise. `formula` is what the explanations show, with g the gradient, η the learning
rate, and averages freed of their bias to zero written with a hat.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from playground.core.errors import InvalidValueError
from playground.core.experiment.settings import Settings, Whole, kinds, setting
from playground.core.messages import N_

Decay = Annotated[float, Field(ge=0.0, lt=1.0)]


class OptimizerSettings(Settings):
    """What every optimizer has: a label, a help text and a learning rate."""

    label: ClassVar[str]
    help: ClassVar[str]
    torch_name: ClassVar[str]
    formula: ClassVar[str]
    takes_one_vector: ClassVar[bool] = False
    """True where torch looks at all weights as one long vector, so they must lie in plain order."""

    kind: str
    learning_rate: float = setting(
        0.03,
        label="Learning rate",
        ge=0.0,
        le=10.0,
        log=True,
        live=True,
        help="How far one step goes. Too small is slow, too large jumps past the goal. Acts at"
        " once.",
    )

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for the torch class, the learning rate as `lr`."""
        values = self.model_dump(exclude={"kind", "learning_rate"})
        return {"lr": self.learning_rate, **values}


def _epsilon(default: float) -> Any:
    return setting(
        default,
        label="Epsilon",
        ge=0.0,
        le=1.0,
        log=True,
        help="A small number that keeps a division from blowing up.",
    )


def _betas() -> Any:
    return setting(
        (0.9, 0.999),
        label="Betas",
        strict=False,
        help="How long the averages of the gradient and of its square remember: closer to 1 is"
        " longer.",
    )


def _weight_decay(default: float = 0.0) -> Any:
    return setting(
        default,
        label="Weight decay",
        ge=0.0,
        le=10.0,
        log=True,
        help="Shrinks the weights a little at every step, as part of the optimizer.",
    )


def _momentum() -> Any:
    return setting(
        0.0,
        label="Momentum",
        ge=0.0,
        lt=1.0,
        step=0.05,
        help="How much of the last step is taken along, like a ball that rolls.",
    )


class SGD(OptimizerSettings):
    label = "SGD"
    help = "Plain gradient descent on batches: downhill, one step at a time."
    torch_name = "SGD"
    formula = "v ← μ v + g\nw ← w − η v"

    kind: Literal["sgd"] = "sgd"
    momentum: float = _momentum()
    nesterov: bool = setting(
        False,
        label="Nesterov",
        help="Look where the momentum leads before measuring the slope. Needs momentum.",
    )
    weight_decay: float = _weight_decay()

    @model_validator(mode="after")
    def _nesterov_has_momentum(self) -> SGD:
        if self.nesterov and self.momentum == 0:
            raise InvalidValueError("nesterov needs a momentum above 0.")
        return self


class Adam(OptimizerSettings):
    label = "Adam"
    help = "Adapts the step of every weight to its recent gradients: a good first choice."
    torch_name = "Adam"
    formula = "m ← β₁ m + (1 − β₁) g\nv ← β₂ v + (1 − β₂) g²\nw ← w − η m̂ / (√v̂ + ε)"

    kind: Literal["adam"] = "adam"
    betas: tuple[Decay, Decay] = _betas()
    eps: float = _epsilon(1e-8)
    weight_decay: float = _weight_decay()


class AdamW(OptimizerSettings):
    label = "AdamW"
    help = "Adam whose weight decay works apart from the gradients."
    torch_name = "AdamW"
    formula = "w ← w − η λ w\nw ← w − η m̂ / (√v̂ + ε)"

    kind: Literal["adamw"] = "adamw"
    betas: tuple[Decay, Decay] = _betas()
    eps: float = _epsilon(1e-8)
    weight_decay: float = _weight_decay(0.01)


class NAdam(OptimizerSettings):
    label = "NAdam"
    help = "Adam with Nesterov's look ahead."
    torch_name = "NAdam"
    formula = "w ← w − η (β₁ m̂ + (1 − β₁) ĝ) / (√v̂ + ε)"

    kind: Literal["nadam"] = "nadam"
    betas: tuple[Decay, Decay] = _betas()
    eps: float = _epsilon(1e-8)
    weight_decay: float = _weight_decay()
    momentum_decay: float = setting(
        0.004,
        label="Momentum decay",
        ge=0.0,
        le=1.0,
        log=True,
        help="How fast the momentum warms up.",
    )


class RAdam(OptimizerSettings):
    label = "RAdam"
    help = "Adam that is careful in its first steps, while its averages are rough."
    torch_name = "RAdam"
    formula = "w ← w − η r m̂ / (√v̂ + ε)"

    kind: Literal["radam"] = "radam"
    betas: tuple[Decay, Decay] = _betas()
    eps: float = _epsilon(1e-8)
    weight_decay: float = _weight_decay()


class Adamax(OptimizerSettings):
    label = "Adamax"
    help = "Adam that scales by the largest recent gradient instead of the average."
    torch_name = "Adamax"
    formula = "u ← max(β₂ u, |g|)\nw ← w − η m̂ / u"

    kind: Literal["adamax"] = "adamax"
    betas: tuple[Decay, Decay] = _betas()
    eps: float = _epsilon(1e-8)
    weight_decay: float = _weight_decay()


class RMSprop(OptimizerSettings):
    label = "RMSprop"
    help = "Divides each step by the recent size of its gradient."
    torch_name = "RMSprop"
    formula = "v ← α v + (1 − α) g²\nw ← w − η g / (√v + ε)"

    kind: Literal["rmsprop"] = "rmsprop"
    alpha: Decay = setting(
        0.99, label="Alpha", step=0.01, help="How long the average of squared gradients remembers."
    )
    eps: float = _epsilon(1e-8)
    momentum: float = _momentum()
    weight_decay: float = _weight_decay()


class Adagrad(OptimizerSettings):
    label = "Adagrad"
    help = "Takes smaller steps where it has already moved a lot."
    torch_name = "Adagrad"
    formula = "s ← s + g²\nw ← w − η g / (√s + ε)"

    kind: Literal["adagrad"] = "adagrad"
    lr_decay: float = setting(
        0.0,
        label="Rate decay",
        ge=0.0,
        le=1.0,
        log=True,
        help="Lowers the learning rate with the number of steps.",
    )
    eps: float = _epsilon(1e-10)
    weight_decay: float = _weight_decay()


class Adadelta(OptimizerSettings):
    label = "Adadelta"
    help = "Finds its own step sizes; a learning rate of 1 is usual."
    torch_name = "Adadelta"
    formula = "v ← ρ v + (1 − ρ) g²\nΔ = g √(u + ε) / √(v + ε)\nu ← ρ u + (1 − ρ) Δ²\nw ← w − η Δ"

    kind: Literal["adadelta"] = "adadelta"
    rho: Decay = setting(
        0.9, label="Rho", step=0.05, help="How long the averages of squares remember."
    )
    eps: float = _epsilon(1e-6)
    weight_decay: float = _weight_decay()


class Rprop(OptimizerSettings):
    label = "Rprop"
    help = "Looks only at the signs of the gradients. Made for full batches."
    torch_name = "Rprop"
    formula = N_("step × 1.2 where g keeps its sign, × 0.5 where not\nw ← w − step · sign g")

    kind: Literal["rprop"] = "rprop"


class LBFGS(OptimizerSettings):
    label = "L-BFGS"
    help = "Learns the curvature of the loss: few, costly, precise steps. Made for full batches."
    torch_name = "LBFGS"
    formula = "w ← w − η H g"
    takes_one_vector = True

    kind: Literal["lbfgs"] = "lbfgs"
    max_iter: Whole = setting(
        20, label="Iterations", ge=1, le=100, step=1, help="Inner iterations of one step."
    )
    history_size: Whole = setting(
        100,
        label="History",
        ge=1,
        le=1000,
        step=1,
        help="How many past steps the curvature is learned from.",
    )


Optimizer = Annotated[
    SGD | Adam | AdamW | NAdam | RAdam | Adamax | RMSprop | Adagrad | Adadelta | Rprop | LBFGS,
    Field(discriminator="kind"),
]
"""To add an optimizer, write its class and name it here: files, forms and the torch engine take it
from this union.
"""

OPTIMIZERS: dict[str, type[OptimizerSettings]] = kinds(Optimizer)
