"""What a person has done since a step of a lesson began, and what came of it, when a goal asks.

To add an act, name it in `Act` and its words in `goals._ACT_TEXTS`, and have
`ui.lessons.lesson_facts` note it, from a signal of whoever carried it out, never of a button.
Knows numpy and pydantic; runs on any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from playground.core.errors import ExperimentError, PlaygroundError, short
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.settings import Settings

Act = Literal[
    "paint",
    "erase",
    "move",
    "save",
    "open",
    "instant",
    "ghost",
    "new_start",
    "step_batch",
    "step_epoch",
    "see_accuracy",
    "see_rate",
    "see_classes",
    "see_weights",
    "see_gradients",
    "see_layers",
    "see_code",
    "copy_code",
    "see_augmentation",
    "draw_digit",
]
"""What a hand can do that leaves no trace in the experiment. `paint` and `erase` count points that
came and went by an accepted edit; the others count how often it was done.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A part of a run: what was trained from this epoch on."""

    experiment: Experiment
    epoch: int


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What goals ask about.

    experiment  what is open now
    start       what was open when the step began
    epoch       epochs the present run has trained
    stretches   what it was trained with, oldest first; empty where that never changed
    compared    the experiments of the last comparison that was begun in this step and ran to its
                end
    acts        how often a hand did what leaves no trace in the experiment

    Losses and accuracies are those of the present run. They are None, `epoch` is 0 and `diverged`
    is False until a step is taken after the step of the lesson began and after the experiment
    became what it is.
    """

    experiment: Experiment
    start: Experiment
    epoch: int = 0
    train_loss: float | None = None
    test_loss: float | None = None
    train_accuracy: float | None = None
    test_accuracy: float | None = None
    diverged: bool = False
    acts: Mapping[Act, int] = field(default_factory=dict)
    compared: tuple[Experiment, ...] = ()
    stretches: tuple[Stretch, ...] = ()

    @classmethod
    def at_start(cls, experiment: Experiment) -> Facts:
        """Nothing was done yet."""
        return cls(experiment, experiment)

    def with_act(self, act: Act, count: int = 1) -> Facts:
        """The same, after a hand did something `count` times more."""
        return replace(self, acts={**self.acts, act: self.acts.get(act, 0) + count})

    def epochs_with(self, settings: Mapping[str, Any]) -> int:
        """Epochs that the present run has trained up to now with these settings, by path."""
        began = self.epoch if self.stretches else 0
        for stretch in reversed(self.stretches):
            if not has_settings(stretch.experiment, settings):
                break
            began = stretch.epoch
        return self.epoch - began

    def untrained(self) -> Facts:
        """The same before anything was trained."""
        return replace(
            self,
            epoch=0,
            train_loss=None,
            test_loss=None,
            train_accuracy=None,
            test_accuracy=None,
            diverged=False,
            stretches=(),
        )


def setting_at(experiment: Experiment, path: str) -> Any:
    """The setting at a path such as `model.layers.0.units`, as plain data of a file.

    Raises ExperimentError where there is none.
    """
    place: Any = experiment
    for part in path.split("."):
        if isinstance(place, list | tuple) and part.isdecimal() and int(part) < len(place):
            place = place[int(part)]
        elif part in getattr(type(place), "model_fields", {}):
            place = getattr(place, part)
        else:
            raise ExperimentError("'{path}' names no setting of this experiment.", path=short(path))
    return _plain(place)


def _plain(value: Any) -> Any:
    """`value` as JSON has it, so that it can be compared with what a file says."""
    if isinstance(value, Settings):
        return value.model_dump(mode="json")
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def has_setting(experiment: Experiment, path: str, value: Any) -> bool:
    """True where the experiment has this setting with this value; 1 is not true."""
    try:
        found = setting_at(experiment, path)
    except PlaygroundError:
        return False
    return found == value and isinstance(found, bool) == isinstance(value, bool)


def has_settings(experiment: Experiment, settings: Mapping[str, Any]) -> bool:
    """True where the experiment has all of these settings, by path, with these values.

    A list stands for any of its values, unless the setting is a list itself.
    """
    return all(
        has_setting(experiment, path, value)
        or (isinstance(value, list) and any(has_setting(experiment, path, one) for one in value))
        for path, value in settings.items()
    )
