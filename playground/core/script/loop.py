"""The training loop of a script, whoever does the arithmetic: epochs, schedule, end and report.

Pure text: knows the core. Runs on any thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from playground.core.experiment.experiment import Experiment
from playground.core.script.data_facts import Facts
from playground.core.script.data_step import has_test, loss_unit
from playground.core.script.layout import indented
from playground.core.script.sources import as_function, settings_of, with_helpers
from playground.core.training.schedules import Constant, Plateau, ScheduleSettings

EPOCHS = 100
"""Epochs of the script where the experiment trains until it is stopped."""

ROWS_PRINTED = 100


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the loop says in PyTorch or in NumPy.

    set_rate    lines that set the learning rate to {factor} times its first value
    price       the penalty as a number
    numbers     a line that collects what has to be finite, {losses} among it
    are_finite  an expression that is True where all of it is
    """

    set_rate: tuple[str, ...]
    price: str
    numbers: str
    are_finite: str


def is_penalized(experiment: Experiment) -> bool:
    """True where large weights have a price."""
    regularization = experiment.training.regularization
    return regularization.kind != "none" and regularization.rate > 0


def watches_accuracy(experiment: Experiment, facts: Facts) -> bool:
    """True where the loop asks for `accuracy(x, y)`."""
    return experiment.training.stop.accuracy_above is not None and facts.classes != 0


def schedule_text(schedule: ScheduleSettings) -> str:
    """What the loop needs to know of a schedule; "" for a constant rate."""
    if isinstance(schedule, Constant):
        return ""
    if isinstance(schedule, Plateau):
        return (
            "\n\n# The learning rate falls where the training loss has stopped falling.\n"
            f"gamma = {schedule.gamma}\npatience = {schedule.patience}\n"
            "factor, best, waiting = 1.0, math.inf, 0"
        )
    factor = type(schedule).factor
    names = settings_of(factor)
    settings = "".join(f"{name} = {getattr(schedule, name)}\n" for name in names)
    helpers = map(as_function, with_helpers(factor))
    return (
        "\n\n# The learning rate is multiplied by a factor that moves with the epochs.\n"
        + settings
        + "\n\n"
        + "\n\n".join(helpers)
    )


def loop_settings(experiment: Experiment) -> str:
    """How long and in which batches the loop runs."""
    training = experiment.training
    is_endless = training.epochs is None
    note = "  # the experiment itself goes on until it is stopped" if is_endless else ""
    batch = "len(train_x)" if training.batch_size == "full" else training.batch_size
    lines = [
        f"epochs = {EPOCHS if is_endless else training.epochs}{note}",
        f"batch_size = {batch}",
        f"shuffler = np.random.default_rng({training.seed})",
    ]
    if training.stop.patience is not None:
        lines.append("lowest, lowest_epoch = math.inf, 0")
    return "\n".join(lines) + "\n"


def loop(experiment: Experiment, facts: Facts, dialect: Dialect) -> str:
    """The loop over the epochs. It calls `train_epoch()`, `evaluate(x, y)` and, where it watches
    it, `accuracy(x, y)`.
    """
    training = experiment.training
    epochs = EPOCHS if training.epochs is None else training.epochs
    every = max(1, math.ceil(epochs / ROWS_PRINTED))
    stops = training.stop.is_set
    report = _report(experiment, facts, dialect)
    body = ["is_over = False"] if stops else []
    body += ["if epoch > 0:", *indented(_epoch(experiment, facts, dialect))]
    body += indented(_stop(experiment, facts)) if stops else []
    if every > 1:
        is_due = f"epoch % {every} == 0 or epoch == epochs{' or is_over' if stops else ''}"
        report = [f"if {is_due}:", *indented(report)]
    body += [*report, *(["if is_over:", "    break"] if stops else [])]
    title = " epoch     train loss" + ("      test loss" if has_test(experiment, facts) else "")
    return "\n".join([f'print("{title}")', "for epoch in range(epochs + 1):", *indented(body)])


def _report(experiment: Experiment, facts: Facts, dialect: Dialect) -> list[str]:
    """Print a row, or say that the loss is no number any more and end."""
    tested = has_test(experiment, facts)
    losses = "train_loss, test_loss" if tested else "train_loss"
    shown = "{epoch:6d} {train_loss:14.8g}" + (" {test_loss:14.8g}" if tested else "")
    return [
        "train_loss = evaluate(train_x, train_y)",
        *(["test_loss = evaluate(test_x, test_y)"] if tested else []),
        dialect.numbers.format(losses=losses),
        f"if not {dialect.are_finite}:",
        '    print("The loss is no longer a finite number: lower the learning rate.")',
        "    break",
        f'print(f"{shown}")',
    ]


def _epoch(experiment: Experiment, facts: Facts, dialect: Dialect) -> list[str]:
    """One epoch with what its schedule does before and behind it."""
    schedule = experiment.training.schedule
    if isinstance(schedule, Constant):
        return ["train_epoch()"]
    factor = "factor" if isinstance(schedule, Plateau) else "factor(epoch - 1)"
    lines = [*[line.format(factor=factor) for line in dialect.set_rate], "train_epoch()"]
    if isinstance(schedule, Plateau):
        price = f" + {dialect.price}" if is_penalized(experiment) else ""
        unit = loss_unit(experiment, facts)
        lines += [
            f"watched = evaluate(train_x, train_y){unit and f' / {unit}'}{price}",
            "if watched < best * (1 - 1e-4):",
            "    best, waiting = watched, 0",
            "else:",
            "    waiting += 1",
            "if waiting > patience:",
            "    factor, waiting = factor * gamma, 0",
        ]
    return lines


def _stop(experiment: Experiment, facts: Facts) -> list[str]:
    """What ends the run at an epoch before the last."""
    stop = experiment.training.stop
    split = "test" if stop.watch == "test" and has_test(experiment, facts) else "train"
    points = f"({split}_x, {split}_y)"
    lines, conditions = [], []
    if stop.loss_below is not None or stop.patience is not None:
        lines.append(f"loss_now = evaluate{points}")
    if stop.loss_below is not None:
        conditions.append(f"loss_now < {stop.loss_below}")
    if watches_accuracy(experiment, facts):
        conditions.append(f"accuracy{points} > {stop.accuracy_above}")
    if stop.patience is not None:
        lines += ["if loss_now < lowest:", "    lowest, lowest_epoch = loss_now, epoch"]
        conditions.append(f"epoch - lowest_epoch >= {stop.patience}")
    return [*lines, f"is_over = {' or '.join(conditions) or False}"]
