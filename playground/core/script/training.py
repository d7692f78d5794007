"""The last steps of a PyTorch script: the optimizer with its penalty, and the training.

Pure text: knows the core. Runs on any thread.
"""

from __future__ import annotations

from playground.core.experiment.experiment import Experiment
from playground.core.script.augmentation_step import is_augmented
from playground.core.script.data_facts import Facts, analysis_of, outputs, train_rows
from playground.core.script.data_step import loss_unit
from playground.core.script.layout import filled, indented
from playground.core.script.loop import (
    Dialect,
    is_penalized,
    loop,
    loop_settings,
    schedule_text,
    watches_accuracy,
)
from playground.core.script.network import normalizing, weighted
from playground.core.training.optimizers import LBFGS
from playground.core.training.schedules import Plateau


def optimizer_step(experiment: Experiment, facts: Facts) -> str:
    optimizer = experiment.training.optimizer
    fields = type(optimizer).model_fields
    arguments = ["network.parameters()", "lr=learning_rate"] + [
        f"{name}={value!r}"
        for name, value in optimizer.arguments().items()
        if name != "lr" and value != fields[name].default
    ]
    made = filled(f"optimizer = torch.optim.{optimizer.torch_name}", arguments)
    rate = f"learning_rate = {optimizer.learning_rate}\n"
    schedule = schedule_text(experiment.training.schedule)
    return rate + made + schedule + _penalty(experiment, facts)


def _penalty(experiment: Experiment, facts: Facts) -> str:
    if not is_penalized(experiment):
        return ""
    regularization = experiment.training.regularization
    is_l1 = regularization.kind == "l1"
    slope = "weight.sign()" if is_l1 else "weight"
    price = "rate * sum |w|" if is_l1 else "rate / 2 * sum w^2"
    of_l1, of_l2 = (
        '"""The gradient of rate * sum |w|."""',
        '"""The gradient of rate / 2 * sum w^2."""',
    )
    text = (
        "\n\n# The price on large weights: its slope is added to the gradient of the loss.\n"
        f"rate = {regularization.rate}\n"
        f"kinds = {weighted(experiment, facts)}\n"
        "weights = [m.weight for m in network.modules() if isinstance(m, kinds)]\n\n\n"
        "def add_penalty_gradient():\n"
        f"    {of_l1 if is_l1 else of_l2}\n"
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
    accuracy = [_accuracy(experiment, facts)] if watches_accuracy(experiment, facts) else []
    return "\n\n".join(
        [
            loop_settings(experiment),
            _train_epoch(experiment, facts),
            _evaluate(experiment, facts),
            *accuracy,
            loop(experiment, facts, TORCH),
        ]
    )


TORCH = Dialect(
    set_rate=("for group in optimizer.param_groups:", '    group["lr"] = learning_rate * {factor}'),
    price="penalty().item()",
    numbers="numbers = [*network.state_dict().values(), torch.tensor([{losses}])]",
    are_finite="all(tensor.isfinite().all() for tensor in numbers)",
)


def _evaluate(experiment: Experiment, facts: Facts) -> str:
    at_a_time = analysis_of(experiment, facts).evaluation_rows
    result = "network(x)"
    if facts.image is not None and facts.rows > at_a_time:
        result = f"torch.cat([network(part) for part in x.split({at_a_time})])"
    unit = loss_unit(experiment, facts)
    return (
        "def evaluate(x, y):\n"
        '    """The loss, with layers such as dropout as they are in use, not in training."""\n'
        "    network.eval()\n"
        "    with torch.no_grad():\n"
        f"        return loss_function({result}, y).item(){unit and f' * {unit}'}\n"
    )


def _accuracy(experiment: Experiment, facts: Facts) -> str:
    right = "network(x).argmax(dim=1) == y"
    if outputs(experiment, facts) == 1:
        right = "(network(x) > 0) == (y > 0.5)"
    return (
        "def accuracy(x, y):\n"
        '    """The part of right answers."""\n'
        "    network.eval()\n"
        "    with torch.no_grad():\n"
        f"        return ({right}).double().mean().item()\n"
    )


def _train_epoch(experiment: Experiment, facts: Facts) -> str:
    lines = [
        "def train_epoch():",
        '    """Every training point once, in a new order."""',
        "    network.train()",
        "    order = torch.from_numpy(shuffler.permutation(len(train_x))).to(device)",
        "    for rows in order.split(batch_size):",
        *_batch(experiment, facts),
    ]
    return "\n".join([*lines, *indented(indented(_step(experiment, facts)))]) + "\n"


def _batch(experiment: Experiment, facts: Facts) -> list[str]:
    if not is_augmented(experiment, facts):
        return ["        x, y = train_x[rows], train_y[rows]"]
    number = f"dtype=torch.{experiment.training.dtype}, device=device"
    return [
        f"        x = torch.tensor(augmented(rows.cpu().numpy()), {number})",
        "        y = train_y[rows]",
    ]


def _step(experiment: Experiment, facts: Facts) -> list[str]:
    """One step of the optimizer."""
    lines = ["optimizer.zero_grad()", "loss = loss_function(network(x), y)", "loss.backward()"]
    has_price = is_penalized(experiment)
    lines += ["add_penalty_gradient()"] if has_price else []
    if isinstance(experiment.training.optimizer, LBFGS):
        result = "return loss.detach() + penalty()" if has_price else "return loss"
        inner = indented([*lines, result])
        lines = ["def closure(x=x, y=y):", *inner, "", "optimizer.step(closure)"]
    else:
        lines.append("optimizer.step()")
    return [*_single_row(experiment, facts), *lines]


def _single_row(experiment: Experiment, facts: Facts) -> list[str]:
    """What batch normalisation needs where the last batch may be a single point."""
    kinds = normalizing(experiment, facts)
    if not kinds:
        return []
    rows, batch = train_rows(experiment, facts), experiment.training.batch_size
    if isinstance(batch, str) or rows % min(batch, rows) != 1:
        return []
    return [
        "if len(x) == 1:  # a single point has no deviation: use the running one",
        "    for module in network.modules():",
        f"        if isinstance(module, {kinds}):",
        "            module.eval()",
    ]
