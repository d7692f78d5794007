"""Losses: what training makes small, and which problems each fits."""

from __future__ import annotations

from dataclasses import dataclass

from playground.core.errors import ExperimentError, Wording
from playground.core.messages import N_, Message
from playground.core.registry import Registry


@dataclass(frozen=True, slots=True)
class Loss:
    """`torch_name` is the function in `torch.nn.functional`; `reduction` is its argument.

    formula  as the explanations show it: p the probability of the right class, y the target, d the
             predicted value minus the true one
    degree   how many times the unit of the targets is in the loss: 2 for squares, 0 for classes
    """

    torch_name: str
    formula: str
    regression: bool
    reduction: str = "mean"
    only_two_classes: bool = False
    degree: int = 0


LOSSES: Registry[Loss] = Registry("loss")
LOSSES.add(
    "cross_entropy",
    Loss("cross_entropy", "L = −ln p", regression=False),
    label="Cross-entropy",
    help="For classes: how surprised the network is by the right answer.",
)
LOSSES.add(
    "bce_with_logits",
    Loss(
        "binary_cross_entropy_with_logits",
        "L = −y ln p − (1 − y) ln(1 − p)",
        regression=False,
        only_two_classes=True,
    ),
    label="Binary cross-entropy",
    help="For two classes with a single output: how surprised the network is by the right answer.",
)
LOSSES.add(
    "mse",
    Loss("mse_loss", N_("L = mean of d²"), regression=True, degree=2),
    label="Mean squared error",
    help="For numbers, and for two classes as -1 and +1: the mean of the squared distances. Large"
    " mistakes count most.",
)
LOSSES.add(
    "sse",
    Loss("mse_loss", N_("L = sum of d²"), regression=True, reduction="sum", degree=2),
    label="Sum of squares",
    help="For numbers: squared distances added up, so a larger batch takes larger steps.",
)
LOSSES.add(
    "l1",
    Loss("l1_loss", N_("L = mean of |d|"), regression=True, degree=1),
    label="Mean absolute error",
    help="For numbers: the mean distance. Outliers count no more than their distance.",
)
LOSSES.add(
    "huber",
    Loss("huber_loss", N_("L = d² / 2 where |d| < 1, else |d| − 1/2"), regression=True, degree=2),
    label="Huber",
    help="For numbers: squared near the target, absolute far from it.",
)


def learns_signs(key: str, classes: int) -> bool:
    """True where a loss of numbers learns two classes: the first as -1, the second as +1."""
    return classes == 2 and LOSSES[key].value.regression


def check_fits(key: str, classes: int, activation: str = "linear") -> None:
    """Raise ExperimentError where the loss does not fit data of that many classes, or outputs with
    that activation.
    """
    if fault := misfit(key, classes, activation):
        raise ExperimentError(fault).within(Wording("training.loss", Message("Loss")))


def misfit(key: str, classes: int, activation: str = "linear") -> Message | None:
    """Why the loss does not fit data of that many classes, 0 for regression, or outputs with that
    activation; None if it does.
    """
    if classes and activation != "linear":
        return _misfit_of_bent_outputs(key, classes, activation)
    loss = LOSSES[key].value
    label = LOSSES[key].label
    if loss.regression and classes > 2:
        return Message(
            "'{key}' ({label}) measures distances between numbers, which two classes can be, but"
            " this data has {classes} classes; choose 'cross_entropy'.",
            key=key,
            label=label,
            classes=classes,
        )
    if not loss.regression and not classes:
        return Message(
            "'{key}' ({label}) is for classes, but this data has numbers as targets; choose 'mse'.",
            key=key,
            label=label,
        )
    if loss.only_two_classes and classes > 2:
        return Message(
            "'{key}' ({label}) tells two classes apart, but this data has"
            " {classes}; choose 'cross_entropy'.",
            key=key,
            label=label,
            classes=classes,
        )
    return None


def _misfit_of_bent_outputs(key: str, classes: int, activation: str) -> Message | None:
    """Outputs that have ends are numbers: good for two classes that are -1 and +1, no logits."""
    label = LOSSES[key].label
    if classes > 2:
        return Message(
            "The output activation '{activation}' is for numbers and for two classes, which are -1"
            " and +1, but this data has {classes} classes; choose 'linear' for it, with"
            " 'cross_entropy'.",
            activation=activation,
            classes=classes,
        )
    if not LOSSES[key].value.regression:
        return Message(
            "'{key}' ({label}) needs outputs of any size, but the output activation '{activation}'"
            " keeps them between -1 and 1; choose 'mse', which learns two classes as -1 and +1.",
            key=key,
            label=label,
            activation=activation,
        )
    return None


def usual_loss(classes: int, activation: str = "linear") -> str:
    """The loss that data of that many classes, 0 for regression, are usually learned with."""
    return "cross_entropy" if classes and activation == "linear" else "mse"


def output_count(key: str, classes: int, activation: str = "linear") -> int:
    """Units of the output layer: one a class; a single one for regression and where two classes
    are told apart by one number. Raises as `check_fits` does.
    """
    check_fits(key, classes, activation)
    is_single = LOSSES[key].value.only_two_classes or learns_signs(key, classes)
    return 1 if not classes or is_single else classes
