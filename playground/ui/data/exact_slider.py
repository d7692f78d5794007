"""A slider that says the value that holds, not the step of its track that is nearest to it.

Imports the widget kit; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.ui.widgets import Slider


class ExactSlider(Slider):
    """A slider that says the true value even between its steps and beyond its ends."""

    def __init__(self, *args: Any, text: Callable[[float], str], **settings: Any) -> None:
        self._exact: float | None = None
        self._stand_in = 0.0
        self._words = text
        super().__init__(*args, text=self._say, **settings)
        self.valueChanged.connect(self._forget_exact)

    def show_exact(self, value: float) -> None:
        """Show a value; emits nothing."""
        self.set_value(value)
        self._exact, self._stand_in = value, self.value()
        self.set_value(value)

    def _forget_exact(self) -> None:
        self._exact = None

    def _say(self, value: float) -> str:
        if self._exact is not None and value == self._stand_in:
            return self._words(self._exact)
        return self._words(value)
