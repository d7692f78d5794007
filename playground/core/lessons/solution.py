"""Solutions: what a person does to reach the goals of a step, one action after the other.

An action is told apart by its first word: {"key": "Space"}, {"control": ..., "value": ...}. Nothing
here does anything; `ui.lessons.driver` carries actions out with keys and pointer, so an action more
is a class here and a method of `ui.lessons.driver.actions`. Knows pydantic; runs on any thread.
"""

from __future__ import annotations

import re
from abc import ABC
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, field_validator, model_validator

from playground.core.errors import InvalidValueError
from playground.core.experiment.settings import Settings, Whole
from playground.core.lessons.texts import OwnText
from playground.core.messages import N_

_NO_ACTION = N_("this is no action; one begins with {names}.")

PANEL_BUTTONS: Mapping[str, OwnText] = {
    "Open experiment": OwnText("Open experiment"),
    "Race": OwnText("Race", context="lesson"),
}
"""The buttons of the lesson's own panel, which speaks both languages by itself."""

Times = Annotated[Whole, Field(ge=1, le=1_000)]
Place = Annotated[tuple[float, float], Field(strict=False)]
Places = Annotated[tuple[Place, ...], Field(min_length=1, max_length=1_000, strict=False)]

_NAMED_KEYS = (
    *("Space", "Escape", "Return", "Tab", "Backspace", "Delete", "Insert"),
    *("Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown"),
)
_KEY = re.compile(
    r"((Ctrl|Shift|Alt|Meta)\+)*([A-Z0-9]|F([1-9]|1[0-2])|[=+,.-]|" + "|".join(_NAMED_KEYS) + ")"
)


class ActionSettings(Settings, ABC):
    """What every action has.

    labels   what the text of the step has to name, in the words of the English window
    comment  for whoever edits the file; never shown
    """

    comment: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        return ()


class KeyAction(ActionSettings):
    """A key, with others held down.

    Presses a key, such as "Space", "S" or "Shift+S".
    """

    key: str
    times: Times = 1

    @field_validator("key")
    @classmethod
    def _is_a_key(cls, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise InvalidValueError(
                "'{key}' is no key; write it as in the menus, such as Space, S or Shift+S.",
                key=key[:40],
            )
        return key

    @property
    def labels(self) -> tuple[str, ...]:
        return (self.key,)


class MenuAction(ActionSettings):
    """An entry of the menu bar.

    Chooses an entry of a menu, "Train > Step one batch"; "file" is the name given where the
    window asks for one.
    """

    menu: str
    times: Times = 1
    file: str = Field("", max_length=100)

    @field_validator("menu")
    @classmethod
    def _has_an_entry(cls, menu: str) -> str:
        if not all(part.strip() for part in menu.split(">")) or ">" not in menu:
            raise InvalidValueError(
                'write the menu and its entry, such as "Train > Step one batch".'
            )
        return menu

    @field_validator("file")
    @classmethod
    def _is_a_name(cls, file: str) -> str:
        if any(sign in file for sign in "/\\:"):
            raise InvalidValueError("give the file a name without a folder.")
        return file

    @property
    def path(self) -> tuple[str, ...]:
        """The menu, what lies within, and the entry."""
        return tuple(part.strip() for part in self.menu.split(">"))

    @property
    def labels(self) -> tuple[str, ...]:
        return self.path


class ControlAction(ActionSettings):
    """A value for a field, a list, a switch or a track.

    Gives a control a value: types it, chooses it, or puts a switch "on" or "off".
    """

    control: str = Field(min_length=1)
    value: str

    @property
    def labels(self) -> tuple[str, ...]:
        return (self.control, self.value)


class PressAction(ActionSettings):
    """A button.

    Presses a button, such as "Open experiment", "Race" or "More".
    """

    press: str = Field(min_length=1)
    times: Times = 1

    @property
    def labels(self) -> tuple[str, ...]:
        return (self.press,)


class TabAction(ActionSettings):
    """A tab beside the loss, or of the network.

    Opens a tab, such as "Code".
    """

    tab: str = Field(min_length=1)

    @property
    def labels(self) -> tuple[str, ...]:
        return (self.tab,)


class LayerAction(ActionSettings):
    """What stands above a hidden layer in the picture of the network.

    Clicks on what stands above a hidden layer, counted from 1: on its number of units, to type
    another one, or on its activation, to choose another one.
    """

    layer: Whole = Field(ge=1, le=64)
    units: Whole | None = Field(None, ge=1, le=1_000)
    activation: str = ""

    @model_validator(mode="after")
    def _something_is_given(self) -> LayerAction:
        if self.units is None and not self.activation:
            raise InvalidValueError('give the layer "units", an "activation", or both.')
        return self

    @property
    def labels(self) -> tuple[str, ...]:
        units = () if self.units is None else (str(self.units),)
        return (*units, *filter(None, (self.activation,)))


class ClickAction(ActionSettings):
    """Clicks on the canvas, with the tool that is in the hand.

    Clicks on places of the canvas, [x1, x2] each.
    """

    click: Places


class DragAction(ActionSettings):
    """A stroke on the canvas, with the tool that is in the hand.

    Drags over the canvas from place to place, [x1, x2] each.
    """

    drag: Places


class DrawAction(ActionSettings):
    """A stroke on the drawing pad.

    Draws a line on the pad for images, from place to place: [0, 0] is its upper left corner,
    [1, 1] its lower right one.
    """

    draw: Places

    @field_validator("draw")
    @classmethod
    def _is_on_the_pad(cls, places: tuple[Place, ...]) -> tuple[Place, ...]:
        if not all(0 <= number <= 1 for place in places for number in place):
            raise InvalidValueError("places of the pad lie between 0 and 1.")
        return places


class UntilAction(ActionSettings):
    """Waiting, as a person does.

    Waits: until training pauses by itself, until a race is over, until the run has come to an
    epoch ("at_least"), or until all goals of the step are reached.
    """

    until: Literal["paused", "race", "epoch", "goals"]
    at_least: Whole | None = Field(None, ge=1, le=100_000_000)

    @model_validator(mode="after")
    def _an_epoch_has_its_number(self) -> UntilAction:
        if (self.until == "epoch") != (self.at_least is not None):
            raise InvalidValueError(
                '"at_least" says which epoch is waited for, so it goes with "epoch".'
            )
        return self


class Attempt(Settings):
    """What stood in a solution of version 0.1, where the check set facts instead of acting.

    It is read, so that such a lesson opens and can be taught, but it cannot be carried out.
    """

    model_config = ConfigDict(json_schema_extra={"deprecated": True})

    experiment: Any = None
    settings: Any = None
    epochs: Any = None
    acts: Any = None
    compare: Any = None
    comment: Any = None


ACTIONS: dict[str, type[ActionSettings]] = {
    "key": KeyAction,
    "menu": MenuAction,
    "control": ControlAction,
    "press": PressAction,
    "tab": TabAction,
    "layer": LayerAction,
    "click": ClickAction,
    "drag": DragAction,
    "draw": DrawAction,
    "until": UntilAction,
}
"""By the word that tells an action apart."""


def _tag(raw: Any) -> str | None:
    """Which action this is; tags are no names of fields, so that a path in an error has none."""
    if isinstance(raw, Attempt):
        return "<attempt>"
    if isinstance(raw, ActionSettings):
        return next(f"<{word}>" for word, kind in ACTIONS.items() if kind is type(raw))
    if not isinstance(raw, Mapping):
        return None
    word = next((word for word in ACTIONS if word in raw), None)
    if word is not None:
        return f"<{word}>"
    return "<attempt>" if raw.keys() <= Attempt.model_fields.keys() else None


Action = Annotated[
    Annotated[KeyAction, Tag("<key>")]
    | Annotated[MenuAction, Tag("<menu>")]
    | Annotated[ControlAction, Tag("<control>")]
    | Annotated[PressAction, Tag("<press>")]
    | Annotated[TabAction, Tag("<tab>")]
    | Annotated[LayerAction, Tag("<layer>")]
    | Annotated[ClickAction, Tag("<click>")]
    | Annotated[DragAction, Tag("<drag>")]
    | Annotated[DrawAction, Tag("<draw>")]
    | Annotated[UntilAction, Tag("<until>")]
    | Annotated[Attempt, Tag("<attempt>")],
    Discriminator(
        _tag,
        custom_error_type="no_action",
        custom_error_message=_NO_ACTION,
        custom_error_context={"template": _NO_ACTION, "names": ", ".join(ACTIONS)},
    ),
]
