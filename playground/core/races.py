"""Which experiments race against each other: one experiment, and what differs from lane to lane.

    sweep     a setting and its values; several of them give every combination
    line-up   lanes with a name and any settings of their own
    RACES     ready-made ones, for menus

Imports the core; pure, any thread.
"""

from __future__ import annotations

import json
import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from playground.core.errors import ExperimentError, short
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.settings import Settings, presentation
from playground.core.messages import N_, Message
from playground.core.network.activations import ACTIVATIONS
from playground.core.palette import CLASS_COLORS, CLASS_MARKERS
from playground.core.registry import Registry
from playground.core.training.losses import LOSSES
from playground.core.training.optimizers import OPTIMIZERS
from playground.core.training.schedules import SCHEDULES

MOST_LANES = 16
ALL_LAYERS = "model.layers.*."

Sweep = tuple[str, Sequence[Any]]
"""The path of a setting, and the values it takes in turn. `model.layers.*.` means every layer."""


def with_setting(experiment: Experiment, path: str, value: Any) -> Experiment:
    """`Experiment.with_setting`, where `*` for a layer's number means every layer that has it.

    Raises ExperimentError where no layer has it, or the value does not fit.
    """
    if not path.startswith(ALL_LAYERS):
        return experiment.with_setting(path, value)
    name = path.removeprefix(ALL_LAYERS)
    numbers = [i for i, layer in enumerate(experiment.model.layers) if hasattr(layer, name)]
    if not numbers:
        raise ExperimentError(
            "{path}: no hidden layer has this setting; check its spelling.", path=short(path)
        )
    for number in numbers:
        experiment = experiment.with_setting(f"model.layers.{number}.{name}", value)
    return experiment


def with_settings(experiment: Experiment, settings: Iterable[tuple[str, Any]]) -> Experiment:
    """`Experiment.with_settings`, where `*` means every layer that has the setting.

    Raises ExperimentError as `with_setting` does.
    """
    waiting: list[tuple[str, Any]] = []
    for path, value in settings:
        if path.startswith(ALL_LAYERS):
            experiment = with_setting(experiment.with_settings(waiting), path, value)
            waiting = []
        else:
            waiting.append((path, value))
    return experiment.with_settings(waiting)


def called(path: str, value: Any) -> str:
    """A value as a lane is called by it: words speak for themselves, numbers need their setting."""
    if isinstance(value, str) and value != "full":
        return value
    name = path.rpartition(".")[2].replace("_", " ")
    return f"{name} {value if isinstance(value, str) else json.dumps(value)}"


Called = Callable[[str, Any], str]
"""Path and value of a setting -> what a lane is called by it."""


def sweep_all(
    experiment: Experiment, sweeps: Iterable[Sweep], called: Called = called
) -> dict[str, Experiment]:
    """Every combination of the values, by a name that tells the lanes apart.

    Raises ExperimentError for more than MOST_LANES of them, for a value that is named twice or
    does not fit, and for a setting that does not exist.
    """
    sweeps = [(path, tuple(values)) for path, values in sweeps]
    for path, values in sweeps:
        if len({json.dumps(value) for value in values}) < len(values):
            raise ExperimentError(
                "{path}: a value is named twice; name each one once.", path=short(path)
            )
    count = math.prod(len(values) for _, values in sweeps)
    if count > MOST_LANES:
        raise ExperimentError(
            "These values make {count} lanes, but {most} are the most; name fewer values.",
            count=count,
            most=MOST_LANES,
        )
    result = {}
    for choice in product(*(values for _, values in sweeps)):
        pairs = [(path, value) for (path, _), value in zip(sweeps, choice, strict=True)]
        lane = with_settings(experiment, pairs)
        differ = [len(values) > 1 for _, values in sweeps]
        parts = [called(*pair) for pair, differs in zip(pairs, differ, strict=True) if differs]
        result[", ".join(parts) or experiment.title or "As it is"] = lane
    return result


def values_in(text: str) -> tuple[Any, ...]:
    """The values in a line such as `0.01, 0.1`, `sgd,adam` or `[0.9, 0.99], [0.8, 0.9]`.

    What is not JSON is text, so that names need no quotes.
    """
    return tuple(_value(part) for part in re.split(r",(?![^\[]*\])", text) if part.strip())


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text.strip()


@dataclass(frozen=True, slots=True)
class Lineup:
    """What differs between the lanes: sweeps, or lanes with a name and (path, value) pairs."""

    sweeps: tuple[Sweep, ...] = ()
    lanes: Mapping[str, tuple[tuple[str, Any], ...]] | None = None

    def experiments(self, experiment: Experiment, called: Called = called) -> dict[str, Experiment]:
        """The lanes of a race on `experiment`. Raises ExperimentError, as `sweep_all` does."""
        if self.lanes is None:
            return sweep_all(experiment, self.sweeps, called)
        return {name: with_settings(experiment, settings) for name, settings in self.lanes.items()}


OPTIMIZER = "training.optimizer."
KIND, RATE = f"{OPTIMIZER}kind", f"{OPTIMIZER}learning_rate"
MOMENTUM = (KIND, "sgd"), (f"{OPTIMIZER}momentum", 0.9)

RACES: Registry[Lineup] = Registry("race")
RACES.add(
    "optimizers",
    Lineup(
        lanes={
            "SGD": ((KIND, "sgd"), (f"{OPTIMIZER}momentum", 0.0)),
            Message("Momentum"): MOMENTUM,
            "RMSprop": ((KIND, "rmsprop"),),
            "Adagrad": ((KIND, "adagrad"),),
            "Adam": ((KIND, "adam"),),
        }
    ),
    label="Optimizers",
    help="Five ways to step, all at the learning rate that is set.",
)
RACES.add(
    "usual_optimizers",
    Lineup(
        lanes={
            "SGD": ((KIND, "sgd"), (f"{OPTIMIZER}momentum", 0.0), (RATE, 0.1)),
            Message("Momentum"): (*MOMENTUM, (RATE, 0.1)),
            "Adam": (
                (KIND, "adam"),
                (RATE, 0.1),
                (f"{OPTIMIZER}betas", [0.9, 0.99]),
                (f"{OPTIMIZER}eps", 1e-9),
            ),
            "RMSprop": ((KIND, "rmsprop"), (RATE, 0.01)),
        }
    ),
    label="Optimizers at usual rates",
    help="SGD, momentum and Adam at 0.1, RMSprop at its default of 0.01.",
)
RACES.add(
    "learning_rates",
    Lineup(((RATE, (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)),)),
    label="Learning rates",
    help="Too small crawls, too large jumps over the goal; the best is just below the jump.",
)
RACES.add(
    "activations",
    Lineup(((f"{ALL_LAYERS}activation", ("relu", "tanh", "sigmoid", "linear")),)),
    label="Activations",
    help="How the units bend, the same one in every hidden layer.",
)
RACES.add(
    "batch_sizes",
    Lineup((("training.batch_size", (1, 10, 50, "full")),)),
    label="Batch sizes",
    help="Small batches take many noisy steps an epoch, the full batch a single sure one.",
)
RACES.add(
    "starts",
    Lineup((("training.seed", tuple(range(1, 9))),)),
    label="First weights",
    help="The same experiment from eight different starts: how much is luck?",
)
RACES.add(
    "wall",
    Lineup(((RATE, (0.003, 0.03, 0.1, 0.3)), ("training.seed", (1, 2, 3, 4)))),
    label="Wall: rates by starts",
    help="Four learning rates, each from four starts: what is the setting, and what is luck?",
)


@dataclass(frozen=True, slots=True)
class RaceSetting:
    """A setting that can be raced.

    label  what it is called where all of them are listed
    usual  values to begin with, as `values_in` reads them
    name   what it is called where nothing else is near
    """

    path: str
    label: str
    usual: str
    name: str


def race_settings(experiment: Experiment) -> list[RaceSetting]:
    """Every setting that can be raced, those of all layers first, each path once."""
    found = [
        RaceSetting(path, label, values, label)
        for path, label, values in (
            (KIND, Message("Optimizer"), _line(OPTIMIZERS)),
            ("training.schedule.kind", Message("Schedule"), _line(SCHEDULES)),
        )
    ]
    if any(layer.kind == "linear" for layer in experiment.model.layers):
        activations = _line(ACTIVATIONS.keys())
        found += [
            RaceSetting(
                f"{ALL_LAYERS}activation",
                Message("Activation of all layers"),
                activations,
                Message("Activation"),
            ),
            RaceSetting(
                f"{ALL_LAYERS}units",
                Message("Units of all layers"),
                "2, 4, 8, 16",
                Message("Units"),
            ),
        ]
    for part in ("training", "model", "data"):
        found += _walk(getattr(experiment, part), part)
    return found


_WITHOUT = frozenset({"training.epochs", "training.stop", "training.device"})
"""A race has a length of its own, and one device for all."""

_USUAL = {"training.batch_size": "1, 10, 50, full", "training.seed": "1, 2, 3, 4"}
_MOST_USUAL = 8


def _line(values: Iterable[Any]) -> str:
    return ", ".join(str(value) for value in islice(values, _MOST_USUAL))


def _walk(
    settings: Settings, path: str, where: str = "{name}", number: int = 0
) -> Iterator[RaceSetting]:
    for name, field in type(settings).model_fields.items():
        value, place = getattr(settings, name), f"{path}.{name}"
        if place in _WITHOUT:
            continue
        if isinstance(value, Settings):
            yield from _walk(value, place, _NAMED.get(name, "{name}"))
        elif isinstance(value, tuple) and value and isinstance(value[0], Settings):
            for index, part in enumerate(value):
                yield from _walk(part, f"{place}.{index}", _IN_A_LAYER, index + 1)
        elif field.title:
            label = Message(where, name=Message(field.title), number=number)
            usual = _USUAL.get(place) or _usual(name, field, value)
            yield RaceSetting(place, label, usual, Message(field.title))


_NAMED = {
    "optimizer": N_("{name} (optimizer)"),
    "schedule": N_("{name} (schedule)"),
    "augmentation": N_("{name} (augmentation)"),
}
_IN_A_LAYER = N_("{name} (layer {number})")
"""Parts whose settings do not say where they belong."""


def _usual(name: str, field: FieldInfo, value: Any) -> str:
    """Values to begin with: all there are, or the one that is set between its neighbors."""
    if name == "loss":
        is_distance = LOSSES[value].value.regression
        return _line(loss.key for loss in LOSSES if loss.value.regression == is_distance)
    if get_origin(field.annotation) is Literal:
        return _line(get_args(field.annotation))
    if name == "activation":
        return _line(ACTIVATIONS.keys())
    if isinstance(value, bool):
        return "false, true"
    if isinstance(value, int | float):
        return _line(_neighbors(field, value))
    return value if isinstance(value, str) else json.dumps(value)


def _neighbors(field: FieldInfo, value: float) -> list[float]:
    """The value between a smaller and a larger one, inside the bounds and of its type."""
    shown = presentation(field)
    step = shown.step or 1.0
    around = [value / 3, value * 10 / 3] if shown.log else [value - step, value + step]
    if shown.log and not value:
        around = [0.001, 0.01]
    rounded = [float(f"{x:.1g}" if shown.log else f"{x:.6g}") for x in around]
    kept = [x for x in rounded if _is_allowed(field, x)]
    return sorted({value, *(map(int, kept) if isinstance(value, int) else kept)})


_COMPARISONS = {"ge": operator.ge, "gt": operator.gt, "le": operator.le, "lt": operator.lt}


def _is_allowed(field: FieldInfo, value: float) -> bool:
    """True where a number is inside the bounds of a setting."""
    return all(
        holds(value, getattr(constraint, name))
        for constraint in field.metadata
        for name, holds in _COMPARISONS.items()
        if hasattr(constraint, name)
    )


DASHES: tuple[tuple[float, ...], ...] = ((), (6, 3), (2, 2), (8, 3, 2, 3))
"""Lengths of lines and gaps by turns, in widths of the line; none for a solid one."""


@dataclass(frozen=True, slots=True)
class LaneStyle:
    """How a lane is drawn: number of its class colour, the marker of that class, and its dashes.

    Any two of MOST_LANES lanes differ without their colour, too.
    """

    color: int
    marker: str
    dashes: tuple[float, ...]


def lane_style(number: int) -> LaneStyle:
    """The style of a lane, counted from 0."""
    color = number % len(CLASS_COLORS)
    return LaneStyle(color, CLASS_MARKERS[color], DASHES[number % len(DASHES)])
