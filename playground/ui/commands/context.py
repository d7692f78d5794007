"""What the commands of one window are about, and how those that are alike are made. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from PySide6.QtWidgets import QAbstractButton

from playground.core.lessons.step_facts import Act
from playground.ui.commands.command import Command, Menu
from playground.ui.lessons.lesson_guide import LessonGuide
from playground.ui.session.documents import Documents
from playground.ui.session.session import Session
from playground.ui.window.canvas_wiring import Drawing
from playground.ui.window.parts import Parts
from playground.ui.window.secondary_windows import SecondaryWindows

Section = list[Command | Menu]


class Shell(Protocol):
    """What the window itself can do."""

    def close(self) -> bool: ...
    def language(self) -> str: ...
    def set_language(self, chosen: str) -> None: ...
    def toggle_presenter(self) -> None: ...
    def toggle_full_screen(self) -> None: ...
    def show_palette(self) -> None: ...
    def ask_what_anything_is(self) -> None: ...
    def show_keys(self) -> None: ...
    def show_about(self) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """The parts of a window that commands call."""

    parts: Parts
    session: Session
    documents: Documents
    windows: SecondaryWindows
    guide: LessonGuide
    drawing: Drawing
    shell: Shell


def can_draw(context: Context) -> bool:
    return context.session.can_draw


def has_data(context: Context) -> bool:
    return context.session.dataset is not None


def switched(label: str, switch: QAbstractButton, keys: str, act: Act | None = None) -> Command:
    """A command and a switch that are one; where the switch is hidden, it means nothing."""

    def is_there() -> bool:
        return not switch.isHidden()

    help_ = switch.toolTip()
    return Command(label, switch.click, keys, help_, is_enabled=is_there, switch=switch, act=act)


def choices(
    label: str,
    values: Mapping[Any, str] | Callable[[], Mapping[Any, str]],
    chosen: Callable[[], Any],
    choose: Callable[[Any], object],
) -> Menu:
    """A menu of values, one of which may be marked; a function gives those whose texts change."""

    def is_chosen(value: Any) -> bool:
        return bool(chosen() == value)

    def entries() -> list[Section]:
        return [
            [
                Command(text, partial(choose, value), is_checked=partial(is_chosen, value))
                for value, text in (values() if callable(values) else values).items()
            ]
        ]

    return Menu(label, entries, is_fixed=not callable(values))
