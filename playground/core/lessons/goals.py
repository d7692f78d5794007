"""Goals of a lesson: what can be asked for, and how it is told that it was reached.

A goal is one class here, a pure question to the facts (`step_facts.Facts`). Files and their JSON
Schema take it from the union `Goal`; the window and the check without one ask `reached`. A goal
must not depend on luck: where a network learns just enough, another start fails it. Knows numpy
and pydantic; runs on any thread.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from playground.core.errors import InvalidValueError, PlaygroundError, short
from playground.core.experiment.settings import Settings, Whole
from playground.core.lessons.step_facts import Act, Facts, has_setting, has_settings, setting_at
from playground.core.lessons.texts import OwnText, Text
from playground.core.messages import N_, Message, plural
from playground.core.network.layers import LAYERS

_ACT_TEXTS: dict[Act, str] = {
    "paint": N_("Paint {n} points"),
    "erase": N_("Erase {n} points"),
    "move": N_("Move a point"),
    "save": N_("Save your work to a file"),
    "open": N_("Open a saved file"),
    "instant": N_("Switch Instant on"),
    "ghost": N_("Train twice, and compare with the ghost"),
    "new_start": N_("Draw a new start"),
    "step_batch": N_("Take {n} single batch steps"),
    "step_epoch": N_("Take {n} single epoch steps"),
    "see_accuracy": N_("Open the accuracy curve"),
    "see_rate": N_("Open the learning-rate curve"),
    "see_classes": N_("Open the table of classes"),
    "see_weights": N_("Open the histograms of the weights"),
    "see_gradients": N_("Open the comparison of gradients"),
    "see_layers": N_("Open the list of layers"),
    "see_code": N_("Open the code"),
    "copy_code": N_("Copy the code"),
    "see_augmentation": N_("Open the augmented pictures"),
    "draw_digit": N_("Draw a digit of your own"),
}


class GoalSettings(Settings, ABC):
    """What every goal has.

    text     what the checklist says; left out, the goal says it itself
    when     settings that have to hold at the moment it is reached; a list of values stands for
             any of them
    comment  for whoever edits the file; never shown
    """

    kind: str
    text: Text | None = None
    when: dict[str, Any] = Field(
        default_factory=dict,
        description="Settings that have to hold at the same time, by path; a list of values stands"
        " for any of them.",
    )
    comment: str = ""

    def reached(self, facts: Facts) -> bool:
        """True where the facts show what is asked for."""
        return has_settings(facts.experiment, self.when) and self._reached(facts)

    def missing(self, facts: Facts) -> list[str]:
        """Paths of the settings that are not as the goal asks for."""
        asked = self.when.items()
        return [path for path, value in asked if not has_settings(facts.experiment, {path: value})]

    @property
    def words(self) -> Text | OwnText:
        """What the checklist says."""
        return self.text or self._words()

    @abstractmethod
    def _reached(self, facts: Facts) -> bool: ...

    @abstractmethod
    def _words(self) -> OwnText: ...


class EpochGoal(GoalSettings):
    """Train for so many epochs.

    The run has trained for that many epochs with the settings of "when", the last of them in
    this step.
    """

    kind: Literal["epoch"] = "epoch"
    at_least: Whole = Field(ge=1, le=100_000_000)

    def _reached(self, facts: Facts) -> bool:
        return facts.epochs_with(self.when) >= self.at_least

    def _words(self) -> OwnText:
        words = plural("Train for {count:,} epoch", "Train for {count:,} epochs", self.at_least)
        return OwnText(words)


class ResultGoal(GoalSettings):
    """What goals that ask for a result have in common.

    after  a result that was there before the settings of `when` were cannot be told from theirs
           until the run has trained so many epochs with them
    """

    after: Whole = Field(
        0,
        ge=0,
        le=100_000_000,
        description='Counts once the run has trained so many epochs with the settings of "when".',
    )

    def reached(self, facts: Facts) -> bool:
        return super().reached(facts) and facts.epochs_with(self.when) >= self.after


class LossGoal(ResultGoal):
    """Bring the loss below a number.

    The loss on training or test points is below a number.
    """

    kind: Literal["loss"] = "loss"
    on: Literal["train", "test"] = "train"
    below: float = Field(gt=0.0)

    def _reached(self, facts: Facts) -> bool:
        loss = facts.train_loss if self.on == "train" else facts.test_loss
        return loss is not None and loss < self.below

    def _words(self) -> OwnText:
        return OwnText(
            "Bring the training loss below {bound}"
            if self.on == "train"
            else "Bring the test loss below {bound}",
            bound=_spelled(self.below),
        )


def _spelled(number: float) -> str:
    """A small number in the digits that a class can read: 0.00001 instead of 1e-05."""
    return f"{number:.10f}".rstrip("0").rstrip(".") if 1e-9 < number < 1e-4 else f"{number:g}"


class AccuracyGoal(ResultGoal):
    """Get so many answers right.

    The part of right answers, 0 to 1, is at least this.
    """

    kind: Literal["accuracy"] = "accuracy"
    on: Literal["train", "test"] = "test"
    at_least: float = Field(gt=0.0, le=1.0)

    def _reached(self, facts: Facts) -> bool:
        accuracy = facts.train_accuracy if self.on == "train" else facts.test_accuracy
        return accuracy is not None and accuracy >= self.at_least

    def _words(self) -> OwnText:
        return OwnText(
            "Reach {share:g} % training accuracy"
            if self.on == "train"
            else "Reach {share:g} % test accuracy",
            share=100 * self.at_least,
        )


class OfSetting(GoalSettings):
    """What goals about one setting have in common."""

    path: str = Field(min_length=1)

    def missing(self, facts: Facts) -> list[str]:
        own = [] if self._reached(facts) else [self.path]
        return list(dict.fromkeys([*own, *super().missing(facts)]))


class SettingGoal(OfSetting):
    """Bring a setting to a value, or to one side of it.

    A setting has this value, or is at least or at most this.
    """

    kind: Literal["setting"] = "setting"
    equals: Any = None
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _one_thing_is_asked(self) -> SettingGoal:
        if (self.equals, self.at_least, self.at_most) == (None, None, None):
            raise InvalidValueError('a setting goal needs "equals", "at_least" or "at_most".')
        return self

    def _reached(self, facts: Facts) -> bool:
        if self.equals is not None:
            return has_setting(facts.experiment, self.path, self.equals)
        try:
            value = setting_at(facts.experiment, self.path)
        except PlaygroundError:
            return False
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        low = -math.inf if self.at_least is None else self.at_least
        high = math.inf if self.at_most is None else self.at_most
        return is_number and low <= value <= high

    def _words(self) -> OwnText:
        wanted = f"= {self.equals}" if self.equals is not None else ""
        wanted = wanted or (f"≥ {self.at_least:g}" if self.at_least is not None else "")
        wanted = wanted or f"≤ {self.at_most:g}"
        return OwnText("Set {path} {wanted}", path=self.path, wanted=wanted)


class ChangedGoal(OfSetting):
    """Change a setting to anything else.

    A setting is no longer what it was when the step began.
    """

    kind: Literal["changed"] = "changed"

    def _reached(self, facts: Facts) -> bool:
        try:
            before = setting_at(facts.start, self.path)
        except PlaygroundError:
            return False
        return not has_setting(facts.experiment, self.path, before)

    def _words(self) -> OwnText:
        return OwnText("Change {path}", path=self.path)


class LayersGoal(GoalSettings):
    """Have so many hidden layers, of any kind or of one.

    There are that many hidden layers; "layer" counts one kind only.
    """

    kind: Literal["layers"] = "layers"
    at_least: Whole = Field(1, ge=0, le=64)
    at_most: Whole = Field(64, ge=0, le=64)
    layer: str | None = Field(None, json_schema_extra={"enum": [*LAYERS, None]})

    @model_validator(mode="after")
    def _there_is_such_a_layer(self) -> LayersGoal:
        if self.layer is not None and self.layer not in LAYERS:
            raise InvalidValueError(
                "no layer is called '{name}'; there is: {names}.",
                name=short(self.layer),
                names=", ".join(LAYERS),
            )
        return self

    def _reached(self, facts: Facts) -> bool:
        found: list[str] = [layer.kind for layer in facts.experiment.model.layers]
        count = len(found) if self.layer is None else found.count(self.layer)
        return self.at_least <= count <= self.at_most

    def _words(self) -> OwnText:
        is_most = self.at_most < 64
        count = self.at_most if is_most else self.at_least
        if self.layer is None:
            return OwnText(
                "Keep at most {count} layers (hidden)"
                if is_most
                else "Have at least {count} layers (hidden)",
                count=count,
            )
        return OwnText(
            "Keep at most {count} layers ({name})"
            if is_most
            else "Have at least {count} layers ({name})",
            count=count,
            name=Message(LAYERS[self.layer].label),
        )


class ProbeGoal(GoalSettings):
    """Ask the network about points that have no label.

    That many unlabelled points were dropped since the step began.
    """

    kind: Literal["probe"] = "probe"
    at_least: Whole = Field(1, ge=1, le=100)

    def _reached(self, facts: Facts) -> bool:
        before = facts.start.probes
        return sum(probe not in before for probe in facts.experiment.probes) >= self.at_least

    def _words(self) -> OwnText:
        return OwnText("Drop an unlabelled point")


class ComparedGoal(GoalSettings):
    """Race experiments against each other.

    A comparison of that many experiments was begun in this step and ran to its end, with
    different values of a setting if "across" names one, and one of them with the settings of
    "when".
    """

    kind: Literal["compared"] = "compared"
    at_least: Whole = Field(2, ge=2, le=100)
    across: str | None = None

    def reached(self, facts: Facts) -> bool:
        """What is open in the window says nothing about what was raced."""
        is_meant = any(has_settings(lane, self.when) for lane in facts.compared)
        return is_meant and self._reached(facts)

    def _reached(self, facts: Facts) -> bool:
        if self.across is None:
            return len(facts.compared) >= self.at_least
        values: list[Any] = []
        for experiment in facts.compared:
            try:
                value = setting_at(experiment, self.across)
            except PlaygroundError:
                continue
            if value not in values:
                values.append(value)
        return len(values) >= self.at_least

    def _words(self) -> OwnText:
        return OwnText("Race {count} experiments", count=self.at_least)


class DivergedGoal(GoalSettings):
    """Break the training on purpose.

    The loss stopped being a number.
    """

    kind: Literal["diverged"] = "diverged"

    def _reached(self, facts: Facts) -> bool:
        return facts.diverged

    def _words(self) -> OwnText:
        return OwnText("Make the loss blow up")


class ActGoal(GoalSettings):
    """Do something by hand.

    A hand has done this so many times since the step began.
    """

    kind: Literal["act"] = "act"
    act: Act
    times: Whole = Field(1, ge=1, le=10_000)

    def _reached(self, facts: Facts) -> bool:
        return facts.acts.get(self.act, 0) >= self.times

    def _words(self) -> OwnText:
        return OwnText(_ACT_TEXTS[self.act], n=self.times)


Goal = Annotated[
    EpochGoal
    | LossGoal
    | AccuracyGoal
    | SettingGoal
    | ChangedGoal
    | LayersGoal
    | ProbeGoal
    | ComparedGoal
    | DivergedGoal
    | ActGoal,
    Field(discriminator="kind"),
]
"""To add a goal, write its class and name it here: files, the panel and the check take it from
this union.
"""
