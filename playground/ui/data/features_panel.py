"""FEATURES: what the network is shown of a point, as chips.

Shows an experiment and asks for changes; it never makes one. Imports core, PySide6 and the widget
kit; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QToolTip, QWidget

from playground.core.data import features
from playground.core.data.dataset import input_count
from playground.core.data.features import FEATURES
from playground.core.experiment.experiment import Experiment
from playground.core.messages import Message
from playground.ui.look import theme
from playground.ui.training.settings_form import STARTS_AGAIN
from playground.ui.widgets import Card, Chip, Restyled, describe, wrapped

_LAST: Final = Message("A network needs at least one feature: switch another one on first.")


class _Lines(Restyled, QWidget):
    """Chips side by side, on the next line when the line is full."""

    _SPACING = theme.UNIT

    def __init__(self) -> None:
        super().__init__()
        self._chips: list[Chip] = []
        self._is_compact = False

    def show_chips(self, chips: Sequence[Chip], *, is_compact: bool) -> None:
        """Arrange these chips: two a line, or where it is compact as many as fit."""
        self._chips, self._is_compact = list(chips), is_compact
        self._dress()

    def _dress(self) -> None:
        # The column's width is known, so the height is right before anything is laid out.
        room = theme.scaled(theme.SIDE_COLUMN) - 2 * theme.PANEL_PADDING
        half = (room - self._SPACING) // 2
        x = y = 0
        for chip in self._chips:
            hint = chip.sizeHint()
            width = hint.width() if self._is_compact else max(half, hint.width())
            if x and x + width > room:
                x, y = 0, y + hint.height() + self._SPACING
            chip.setGeometry(x, y, width, hint.height())
            x += width + self._SPACING
        self.setFixedHeight(y + (self._chips[0].sizeHint().height() if self._chips else 0))


class FeaturesPanel(Card):
    """The third card of the left column; it hides itself for data with more than two inputs."""

    changed = Signal(str, object)  # path, value; part of what every panel has
    committed = Signal(str, object)  # "model.features", keys in the order of FEATURES
    refused = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Features", parent)
        self._applies = True
        self._available: list[str] = FEATURES.keys()
        self._is_compact = False
        self._lines = _Lines()
        self.content.addWidget(self._lines)
        self.chips: dict[str, Chip] = {}
        for choice in FEATURES:
            chip = Chip(choice.label, Message(choice.help, STARTS_AGAIN), self._lines)
            chip.clicked.connect(partial(self._on_clicked, choice.key))
            self.chips[choice.key] = chip
        self.content.addStretch(1)
        self._arrange()

    def chosen(self) -> list[str]:
        """Keys of the chips that are on."""
        return [key for key in self._available if self.chips[key].isChecked()]

    _chosen: tuple[str, ...] = ()

    def _check_chips(self) -> None:
        for key, chip in self.chips.items():
            chip.setChecked(key in self._chosen)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show which features are on; emits nothing."""
        inputs = input_count(experiment)
        available = [] if inputs is None else features.available(inputs)
        if available != self._available:
            self._available = available
            self._arrange()
        keys = experiment.model.features
        # Left out means the inputs as they are, which are the first features.
        chosen = self._available[: inputs or 0] if keys is None else keys
        self._chosen = tuple(chosen)
        self._check_chips()
        self._explain()
        # Told only when it changes, so that whoever hides this card for other reasons is obeyed.
        if self._applies != bool(self._available):
            self._applies = bool(self._available)
            self.setVisible(self._applies)

    def put_back(self) -> None:
        """Show again what holds, in place of a choice that was refused."""
        self._check_chips()

    def set_compact(self, is_compact: bool) -> None:
        """Take less height: chips only as wide as their text."""
        self._is_compact = is_compact
        self._arrange()

    def _arrange(self) -> None:
        for key, chip in self.chips.items():
            chip.setVisible(key in self._available)
        shown = [self.chips[key] for key in self._available]
        self._lines.show_chips(shown, is_compact=self._is_compact)

    def _on_clicked(self, key: str) -> None:
        if not self.chosen():
            chip = self.chips[key]
            chip.setChecked(True)
            QToolTip.showText(chip.mapToGlobal(QPoint(0, chip.height())), wrapped(_LAST), chip)
            self.refused.emit(_LAST)
            return
        self._explain()
        self.committed.emit("model.features", self.chosen())

    def _explain(self) -> None:
        chosen = self.chosen()
        for choice in FEATURES:
            is_last = chosen == [choice.key]
            ending = _LAST if is_last else STARTS_AGAIN
            describe(self.chips[choice.key], choice.label, Message(choice.help, ending))
