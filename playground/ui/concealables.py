"""Everything in the window that can be hidden, by the keys that project files and lessons use.

Knows the window's parts; GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from playground.ui.hiding import Concealable

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

__all__ = ["concealables"]


def concealables(window: MainWindow) -> Iterator[Concealable]:
    """Everything in the window that can be hidden: each area, then its controls."""
    areas: dict[str, tuple[str, QWidget]] = {
        "transport": ("Transport bar", window.transport),
        "data": ("Data", window.data),
        "draw": ("Draw", window.draw),
        "features": ("Features", window.features),
        "network": ("Network", window.network_card),
        "training": ("Training", window.training),
        "output": ("Output", window.output),
        "curves": ("Curves", window.curves),
    }
    for key, (label, widget) in areas.items():
        yield Concealable(key, label, widget)
        for name, control in _controls(window, key):
            yield Concealable(f"{key}.{name}", _name_of(control), control)


def _name_of(control: QWidget) -> str:
    """What a control is called; a field of a form wears its name as a caption."""
    return getattr(control, "caption", "") or control.accessibleName().partition(":")[0]


def _controls(window: MainWindow, area: str) -> list[tuple[str, QWidget]]:
    """The controls of an area by name; in the training form these are paths of settings."""
    if area == "training":
        fields = window.training.fields.items()
        return [(path.removeprefix("training."), field) for path, field in fields]
    names: dict[str, tuple[QWidget, tuple[str, ...]]] = {
        "transport": (
            window.transport,
            ("reset", "new_start", "train", "step_epoch", "step_batch", "speed"),
        ),
        "data": (window.data, ("gallery", "samples", "noise", "training_share", "tables")),
        "output": (window.output, ("test_points", "show_button")),
    }
    owner, wanted = names.get(area, (window, ()))
    found: list[tuple[str, QWidget]] = [(name, getattr(owner, name)) for name in wanted]
    if area == "transport":
        found.append(("instant", window.instant))
    if area == "draw":
        found += [(key, button) for key, button in window.draw.grid.buttons.items()]
    if area == "curves":
        found.append(("log", window.curves.log))
    return found
