"""The last steps of a script: the optimizer with its schedule and penalty, and the training loop.

Pure text: knows the core. Runs on any thread.
"""

from __future__ import annotations

import inspect
import math
import re

from playground.core.experiment import Experiment
from playground.core.optimizers import LBFGS
from playground.core.schedules import Constant, Plateau, ScheduleSettings
from playground.core.script_data import Facts, has_test, normalizes, train_rows
from playground.core.script_text import as_function, filled, indented, with_helpers

__all__ = ["EPOCHS", "optimizer_step", "training_step"]

EPOCHS = 100
"""Epochs of the script where the experiment trains until it is stopped."""


ROWS_PRINTED = 100


def _is_penalized(experiment: Experiment) -> bool:
    regularization = experiment.training.regularization
    return regularization.kind != "none" and regularization.rate > 0


def optimizer_step(experiment: Experiment) -> str:
    optimizer = experiment.training.optimizer
    fields = type(optimizer).model_fields
    arguments = ["network.parameters()", "lr=learning_rate"] + [
        f"{name}={value!r}"
        for name, value in optimizer.arguments().items()
        if name != "lr" and value != fields[name].default
    ]
    made = filled(f"optimizer = torch.optim.{optimizer.torch_name}", arguments)
    rate = f"learning_rate = {optimizer.learning_rate}\n"
    return rate + made + _schedule(experiment.training.schedule) + _penalty(experiment)


def _schedule(schedule: ScheduleSettings) -> str:
    if isinstance(schedule, Constant):
        return ""
    if isinstance(schedule, Plateau):
        return (
            "\n\n# The learning rate falls where the training loss has stopped falling.\n"
            f"gamma = {schedule.gamma}\npatience = {schedule.patience}\n"
            "factor, best, waiting = 1.0, math.inf, 0"
        )
    source = inspect.getsource(type(schedule).factor)
    names = dict.fromkeys(re.findall(r"\bself\.(\w+)", source))
    settings = "".join(f"{name} = {getattr(schedule, name)}\n" for name in names)
    helpers = map(as_function, with_helpers(type(schedule).factor))
    return (
        "\n\n# The learning rate is multiplied by a factor that moves with the epochs.\n"
        + settings
        + "\n\n"
        + "\n\n".join(helpers)
    )


def _penalty(experiment: Experiment) -> str:
    if not _is_penalized(experiment):
        return ""
    regularization = experiment.training.regularization
    is_l1 = regularization.kind == "l1"
    slope = "weight.sign()" if is_l1 else "weight"
    price = "rate * sum |w|" if is_l1 else "rate / 2 * sum w^2"
    text = (
        "\n\n# The price on large weights: its slope is added to the gradient of the loss.\n"
        f"rate = {regularization.rate}\n"
        "weights = [m.weight for m in network.modules() if isinstance(m, nn.Linear)]\n\n\n"
        "def add_penalty_gradient():\n"
        f'    """The gradient of {price}."""\n'
        "    with torch.no_grad():\n"
        "        for weight in weights:\n"
        f"            weight.grad.add_({slope}, alpha=rate)\n"
    )
    training = experiment.training
    if isinstance(training.optimizer, LBFGS) or isinstance(training.schedule, Plateau):
        part = "weight.abs().sum()" if is_l1 else "weight.square().sum() / 2"
        text += (
            "\n\ndef penalty():\n"
            f'    """{price}."""\n'
            "    with torch.no_grad():\n"
            f"        return rate * torch.stack([{part} for weight in weights]).sum()\n"
        )
    return text


def training_step(experiment: Experiment, facts: Facts) -> str:
    training = experiment.training
    epochs = EPOCHS if training.epochs is None else training.epochs
    every = max(1, math.ceil(epochs / ROWS_PRINTED))
    note = (
        "  # the experiment itself goes on until it is stopped" if training.epochs is None else ""
    )
    batch = "len(train_x)" if training.batch_size == "full" else training.batch_size
    tested = has_test(experiment, facts)
    head = [
        f"epochs = {epochs}{note}",
        f"batch_size = {batch}",
        f"shuffler = np.random.default_rng({training.seed})",
    ]
    losses = "train_loss, test_loss" if tested else "train_loss"
    shown = "{epoch:6d} {train_loss:14.8g}" + (" {test_loss:14.8g}" if tested else "")
    is_due = f"epoch % {every} == 0 or epoch == epochs" if every > 1 else ""
    report = ["train_loss = evaluate(train_x, train_y)"]
    report += ["test_loss = evaluate(test_x, test_y)"] if tested else []
    report += [
        f"numbers = [*network.state_dict().values(), torch.tensor([{losses}])]",
        "if not all(tensor.isfinite().all() for tensor in numbers):",
        '    print("The loss is no longer a finite number: lower the learning rate.")',
        "    break",
        f'print(f"{shown}")',
    ]
    body = ["if epoch > 0:", *indented(_epoch(experiment))]
    body += [f"if {is_due}:", *indented(report)] if is_due else report
    title = " epoch     train loss" + ("      test loss" if tested else "")
    parts = [
        "\n".join(head) + "\n",
        _train_epoch(experiment, facts),
        EVALUATE,
        "\n".join([f'print("{title}")', "for epoch in range(epochs + 1):", *indented(body)]),
    ]
    return "\n\n".join(parts)


EVALUATE = '''\
def evaluate(x, y):
    """The loss, with layers such as dropout as they are in use, not in training."""
    network.eval()
    with torch.no_grad():
        return loss_function(network(x), y).item()
'''


def _epoch(experiment: Experiment) -> list[str]:
    """One epoch with what its schedule does before and behind it."""
    schedule = experiment.training.schedule
    if isinstance(schedule, Constant):
        return ["train_epoch()"]
    factor = "factor" if isinstance(schedule, Plateau) else "factor(epoch - 1)"
    lines = [
        "for group in optimizer.param_groups:",
        f'    group["lr"] = learning_rate * {factor}',
        "train_epoch()",
    ]
    if isinstance(schedule, Plateau):
        price = " + penalty().item()" if _is_penalized(experiment) else ""
        lines += [
            f"watched = evaluate(train_x, train_y){price}",
            "if watched < best * (1 - 1e-4):",
            "    best, waiting = watched, 0",
            "else:",
            "    waiting += 1",
            "if waiting > patience:",
            "    factor, waiting = factor * gamma, 0",
        ]
    return lines


def _train_epoch(experiment: Experiment, facts: Facts) -> str:
    lines = [
        "def train_epoch():",
        '    """Every training point once, in a new order."""',
        "    network.train()",
        "    order = torch.from_numpy(shuffler.permutation(len(train_x))).to(device)",
        "    for rows in order.split(batch_size):",
        "        x, y = train_x[rows], train_y[rows]",
    ]
    return "\n".join([*lines, *indented(indented(_step(experiment, facts)))]) + "\n"


def _step(experiment: Experiment, facts: Facts) -> list[str]:
    """One step of the optimizer."""
    lines = ["optimizer.zero_grad()", "loss = loss_function(network(x), y)", "loss.backward()"]
    is_penalized = _is_penalized(experiment)
    lines += ["add_penalty_gradient()"] if is_penalized else []
    if isinstance(experiment.training.optimizer, LBFGS):
        result = "return loss.detach() + penalty()" if is_penalized else "return loss"
        inner = indented([*lines, result])
        lines = ["def closure(x=x, y=y):", *inner, "", "optimizer.step(closure)"]
    else:
        lines.append("optimizer.step()")
    return [*_single_row(experiment, facts), *lines]


def _single_row(experiment: Experiment, facts: Facts) -> list[str]:
    """What batch normalisation needs where the last batch may be a single point."""
    if not normalizes(experiment):
        return []
    rows, batch = train_rows(experiment, facts), experiment.training.batch_size
    if isinstance(batch, str) or (rows is not None and rows % min(batch, rows) != 1):
        return []
    return [
        "if len(x) == 1:  # a single point has no deviation: use the running one",
        "    for module in network.modules():",
        "        if isinstance(module, nn.BatchNorm1d):",
        "            module.eval()",
    ]
