"""Every setting that has a control in the window, by name, with the way to it. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from playground.ui.language import tr
from playground.ui.training.fields import ChoiceField, Field
from playground.ui.training.training_panel import TrainingPanel
from playground.ui.widgets import Slider
from playground.ui.window.parts import Parts


@dataclass(frozen=True, slots=True, eq=False)
class FoundSetting:
    """A setting, or one of the values it can have.

    label  as its control calls it, in English
    value  one of its values, "" for the setting itself
    where  the area that it stands in, in the language in use
    path   as in `Experiment.with_setting`
    go     brings the keyboard to its control, or sets the value
    """

    label: str
    value: str
    where: str
    path: str
    go: Callable[[], object]


def settings_in(parts: Parts, hidden: Collection[str] = ()) -> list[FoundSetting]:
    """The settings of the panels in reading order, those that apply to the present data.

    hidden  keys of areas and controls that are hidden, and so are not found either
    """
    found = [] if "data" in hidden else [*_in_data(parts)]
    if "training" not in hidden:
        found += [*_in_training(parts.training), *_in_more(parts.training)]
    return [setting for setting in found if setting.path not in hidden]


def _in_data(parts: Parts) -> Iterator[FoundSetting]:
    panel, where = parts.data, tr("Data")
    for slider in panel.findChildren(Slider):
        if not slider.isHidden():
            name = slider.accessibleName().partition(":")[0]
            yield FoundSetting(name, "", where, "data", partial(_focus, slider))
    for field in panel.findChildren(Field):
        yield from _found(field, where, f"data.{field.caption}", partial(_focus, field))


def _in_training(panel: TrainingPanel) -> Iterator[FoundSetting]:
    for path, field in panel.fields.items():
        yield from _found(field, panel.title(), path, partial(panel.reveal, field))


def _in_more(panel: TrainingPanel) -> Iterator[FoundSetting]:
    for form in panel.more.forms():
        for name, field in form.fields.items():
            go = partial(_open_more, panel, field)
            yield from _found(field, panel.title(), f"{form.path}.{name}", go)


def _found(field: Field, where: str, path: str, go: Callable[[], object]) -> Iterator[FoundSetting]:
    """The setting, and every value that its list offers now."""
    name = field.caption
    yield FoundSetting(name, "", where, path, go)
    if isinstance(field, ChoiceField):
        for entry in field.entries():
            if not entry.obstacle:
                choose = partial(field.committed.emit, entry.value)
                yield FoundSetting(name, entry.label, where, path, choose)


def _open_more(panel: TrainingPanel, field: Field) -> None:
    panel.open_more()
    _focus(field)


def _focus(control: QWidget) -> None:
    control.setFocus(Qt.FocusReason.ShortcutFocusReason)
