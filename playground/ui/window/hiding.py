"""What of the window is hidden or locked: a teacher leaves only what a class shall look at.

Owns the override that keeps a part hidden whatever the window does meanwhile. Which keys are hidden
stands in the project file. GUI thread.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True, eq=False)
class HideableControl:
    """An area or a control that can be hidden.

    key  "area", or "area.control"; in the training form the path of the setting
    """

    key: str
    label: str
    widget: QWidget

    @property
    def area(self) -> str:
        return self.key.partition(".")[0]

    @property
    def is_area(self) -> bool:
        return self.area == self.key


class _VisibilityOverride:
    """Keeps one widget hidden, and remembers whether it would be on show.

    Stands before the widget's `setVisible`, as a subclass would: Qt tells nobody that a hidden
    widget is hidden once more, so no event could say what the window wants meanwhile.
    """

    def __init__(self, widget: QWidget) -> None:
        self._set_visible = widget.setVisible
        self._would_show = not widget.isHidden()
        self._is_on = False
        widget.setVisible = self._on_asked  # type: ignore[method-assign]

    def set_on(self, on: bool) -> None:
        if on != self._is_on:
            self._is_on = on
            self._set_visible(self._would_show and not on)

    def _on_asked(self, visible: bool) -> None:
        """The window, or Qt for it, shows or hides the widget."""
        self._would_show = visible
        self._set_visible(visible and not self._is_on)


class Hiding(QObject):
    """Hides and locks parts of a window by their keys."""

    def __init__(self, parts: Iterator[HideableControl], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.parts = {part.key: part for part in parts}
        self._overrides = {
            key: _VisibilityOverride(part.widget) for key, part in self.parts.items()
        }

    def hide(self, keys: Collection[str]) -> None:
        """Hide exactly these; keys that this window does not know are left alone."""
        for key, override in self._overrides.items():
            override.set_on(key in keys)

    def lock(self, keys: Collection[str]) -> None:
        """Let exactly these be seen but not changed."""
        for key, part in self.parts.items():
            is_locked = key in keys or part.area in keys
            if is_locked == (part.widget.property("locked") is True):
                continue
            part.widget.setProperty("locked", is_locked)
            part.widget.setEnabled(not is_locked)

    def hidden(self, keys: Collection[str]) -> list[HideableControl]:
        """The parts that these keys hide here."""
        return [part for key, part in self.parts.items() if key in keys]
