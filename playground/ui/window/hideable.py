"""Everything in the window that can be hidden or locked, by the keys that project files and lessons
use. GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from playground.core.messages import N_
from playground.ui.window.hiding import HideableControl
from playground.ui.window.parts import Parts


def hideable_controls(parts: Parts) -> Iterator[HideableControl]:
    """Each area of the window, then its controls."""
    areas = (
        ("transport", N_("Transport bar"), parts.transport),
        ("data", N_("Data"), parts.data),
        ("draw", N_("Draw"), parts.draw),
        ("features", N_("Features"), parts.features),
        ("network", N_("Network"), parts.network),
        ("training", N_("Training"), parts.training),
        ("output", N_("Output"), parts.output),
        ("curves", N_("Curves"), parts.curves),
    )
    for key, label, area in areas:
        yield HideableControl(key, label, area)
        for name, control in area.controls().items():
            yield HideableControl(f"{key}.{name}", _name_of(control), control)


def _name_of(control: QWidget) -> str:
    """What a control is called; a field of a form wears its name as a caption."""
    return getattr(control, "caption", "") or control.accessibleName().partition(":")[0]
