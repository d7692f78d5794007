"""From a declared setting to its field: a form for any part of an experiment.

Owns the reading of pydantic fields: which control a type needs, with which bounds, and what its
tooltip says. The declarations are in `core` (`settings.setting`), so a new setting appears here by
itself. Imports core, PySide6 and the fields; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from playground.core.errors import first_fault
from playground.core.experiment.settings import Presentation, Settings, presentation
from playground.core.messages import Message
from playground.ui.look import theme
from playground.ui.training.fields import (
    ChoiceField,
    Entry,
    Field,
    PairField,
    SwitchField,
    ValueField,
)
from playground.ui.training.value_edit import Bounds, Word
from playground.ui.widgets import Label

ACTS_AT_ONCE = Message("Acts at once.")
STARTS_AGAIN = Message("Starts the run again.")
_FAR = 1e12  # stands for "no bound"
_INSIDE = 1e-6  # how far inside an open bound the last allowed number is shown


@dataclass(frozen=True, slots=True)
class Hints:
    """What a declaration does not say about a setting.

    caption  what the form calls it, where that is not its label
    entries  labels and help of a choice's values, in the order of the menu
    usual    values for a number's menu
    word     the text for None or for a word in place of a number
    """

    entries: Sequence[Entry] = ()
    usual: Sequence[float] = ()
    word: str = ""
    caption: str = ""


def help_text(shown: Presentation) -> str:
    """The setting's help, and whether a change acts at once or starts the run again."""
    effect = ACTS_AT_ONCE if shown.live else STARTS_AGAIN
    return Message(shown.help, "" if shown.help.endswith(effect) else effect)


def field_for(field: FieldInfo, hints: Hints | None = None) -> Field:
    """The field for a declared setting.

    Raises:
        TypeError: no control shows that type.
    """
    hints = hints or Hints()
    shown = presentation(field)
    help_, caption = help_text(shown), hints.caption or shown.label
    parts = list(_members(field.annotation))
    numbers = [part for part in parts if _bare(part) in (int, float)]
    if get_origin(field.annotation) is tuple:
        pair = [_bounds(part, field, shown) for part in get_args(field.annotation)]
        return PairField(caption, pair, help_)
    if numbers:
        others = [value for part in parts for value in _values(part)]
        word = Word(hints.word, others[0]) if others else None
        bounds = _bounds(numbers[0], field, shown)
        return ValueField(caption, bounds, help_, usual=hints.usual, word=word)
    if parts == [bool]:
        return SwitchField(caption, help_)
    entries = hints.entries or [_entry(value) for part in parts for value in _values(part)]
    if entries:
        return ChoiceField(caption, entries, help_)
    raise TypeError(f"No control shows a {field.annotation}.")


def _members(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in (Union, UnionType):
        yield from get_args(annotation)
    else:
        yield annotation


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _values(part: Any) -> tuple[Any, ...]:
    """The values that a member of a union can be, if it is not a number."""
    if part is bool:
        return (False, True)
    if part is type(None):
        return (None,)
    return get_args(part) if get_origin(part) is Literal else ()


def _entry(value: Any) -> Entry:
    return Entry(value, str(value).replace("_", " ").capitalize())


def _bounds(part: Any, field: FieldInfo, shown: Presentation) -> Bounds:
    """Bounds of a number: those written at its own type before those of the whole setting."""
    limits: dict[str, float] = {}
    inner = [item for item in get_args(part)[1:] if isinstance(item, FieldInfo)]
    for constraint in [*field.metadata, *(c for item in inner for c in item.metadata)]:
        names = ("ge", "gt", "le", "lt")
        limits |= {name: getattr(constraint, name) for name in names if hasattr(constraint, name)}
    integer = _bare(part) is int
    inside = 1 if integer else _INSIDE
    return Bounds(
        minimum=limits.get("ge", limits.get("gt", -_FAR) + inside * ("gt" in limits)),
        maximum=limits.get("le", limits.get("lt", _FAR) - inside * ("lt" in limits)),
        step=shown.step or (1.0 if integer else 0.05),
        log=shown.log,
        integer=integer,
    )


def objection(settings: Settings, name: str, value: Any, label: str) -> str:
    """Why `settings` cannot have `value` as its `name`, in one sentence; "" where it can."""
    raw = {**dict(settings), name: value}
    try:
        type(settings).model_validate(raw)
    except ValidationError as error:
        return Message("{path}: {fault}", path=Message(label), fault=first_fault(error))
    return ""


class SettingsForm(QWidget):
    """All settings of one part of an experiment, in a grid.

    Args:
        path: where the part stands: "training.optimizer".
        only: names of the settings to show; empty for all except `kind`.
        without: names of settings that are shown elsewhere.
        hints: what the declarations do not say, by name.
        columns: fields in a row.
        column_width: pixels of a field, so that forms under each other stand in line; 0 shares
            what there is.
        room: pixels that there are for a row, where that is known: what could not be read in its
            part of it has a row of its own.
    """

    committed = Signal(str, object)  # path, value
    refused = Signal(object)

    def __init__(
        self,
        path: str,
        *,
        only: Collection[str] = (),
        without: Collection[str] = (),
        hints: Mapping[str, Hints] | None = None,
        columns: int = 3,
        column_width: int = 0,
        room: int = 0,
    ) -> None:
        super().__init__()
        self.path = path
        self.fields: dict[str, Field] = {}
        self.only, self._without = only, {"kind", *without}
        self._hints = hints or {}
        self._columns, self._column_width, self._room = columns, column_width, room
        self._settings: Settings | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.PANEL_GAP)
        self._grid.setVerticalSpacing(theme.GAP)

    def show_settings(self, settings: Settings) -> None:
        """Show the values that have changed; settings of another class get fields of their own."""
        if type(settings) is not type(self._settings):
            self._build(type(settings))
        self._settings = settings
        for name, field in self.fields.items():
            value = getattr(settings, name)
            if value != field.known:
                field.refresh(value)

    def put_back(self) -> None:
        """Show again what holds, in place of an entry that was refused."""
        for name, field in self.fields.items():
            field.refresh(getattr(self._settings, name))

    def _build(self, kind: type[Settings]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        names = self.only or [name for name in kind.model_fields if name not in self._without]
        self.fields = {name: self._field(kind, name) for name in names}
        place, spans = 0, [self._span(field) for field in self.fields.values()]
        for field, span, after in zip(self.fields.values(), spans, [*spans[1:], 0], strict=False):
            place += -place % self._columns if span > 1 else 0
            is_alone = self._room and place % self._columns == 0 and after != 1
            wide = self._columns if is_alone else span
            self._grid.addWidget(field, *divmod(place, self._columns), 1, wide)
            place += wide
        if not self.fields:
            self._grid.addWidget(Label("Nothing to set.", "caption", muted=True), 0, 0)
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 1)

    def _span(self, field: Field) -> int:
        """How many columns a field takes."""
        share = (self._room + theme.PANEL_GAP) // self._columns - theme.PANEL_GAP
        return self._columns if self._room and field.most_width() > share else 1

    def _field(self, kind: type[Settings], name: str) -> Field:
        field = field_for(kind.model_fields[name], self._hints.get(name))
        if self._column_width:
            field.setFixedWidth(theme.scaled(self._column_width))
        field.committed.connect(partial(self._commit, name))
        field.refused.connect(self.refused)
        return field

    def _commit(self, name: str, value: Any) -> None:
        if self._settings is None:
            return
        field = self.fields[name]
        sentence = objection(self._settings, name, value, field.caption)
        if sentence:
            field.refuse(sentence, getattr(self._settings, name))
        else:
            self.committed.emit(f"{self.path}.{name}", value)
