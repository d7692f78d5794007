"""FEATURES: what the network is shown of a point, as chips.

Shows an experiment and asks for changes; it never makes one. Imports core, PySide6 and the widget
kit; GUI thread only.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QToolTip, QWidget

from playground.core import features
from playground.core.experiment import Experiment
from playground.core.features import FEATURES
from playground.ui import theme
from playground.ui.panels.facts import input_count
from playground.ui.panels.settings_form import STARTS_AGAIN
from playground.ui.widgets import Card, Chip, FlowLayout, describe, wrapped

__all__ = ["FeaturesPanel"]

_LAST: Final = "A network needs at least one feature: switch another one on first."


class FeaturesPanel(Card):
    """The third card of the left column; it hides itself for data with more than two inputs."""

    changed = Signal(str, object)  # path, value; part of what every panel has
    committed = Signal(str, object)  # "model.features", keys in the order of FEATURES
    refused = Signal(str)

    # Two chips fill the column.
    _HALF = (theme.SIDE_COLUMN - 2 * theme.PANEL_PADDING - theme.GAP + 2) // 2

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Features", parent)
        self._applies = True
        self._available: list[str] = FEATURES.keys()
        flow = FlowLayout(spacing=theme.GAP - 2)
        self.content.addLayout(flow)
        self.chips: dict[str, Chip] = {}
        for choice in FEATURES:
            chip = Chip(choice.label, f"{choice.help} {STARTS_AGAIN}")
            chip.clicked.connect(partial(self._on_clicked, choice.key))
            self.chips[choice.key] = chip
            flow.addWidget(chip)
        self.content.addStretch(1)
        self.set_compact(False)

    def chosen(self) -> list[str]:
        """Keys of the chips that are on."""
        return [key for key in self._available if self.chips[key].isChecked()]

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
        for key, chip in self.chips.items():
            chip.setChecked(key in chosen)
        self._explain()
        # Told only when it changes, so that whoever hides this card for other reasons is obeyed.
        if self._applies != bool(self._available):
            self._applies = bool(self._available)
            self.setVisible(self._applies)

    def set_compact(self, is_compact: bool) -> None:
        """Take less height: chips only as wide as their text."""
        for chip in self.chips.values():
            chip.setMinimumWidth(0 if is_compact else self._HALF)

    def _arrange(self) -> None:
        for key, chip in self.chips.items():
            chip.setVisible(key in self._available)

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
            describe(self.chips[choice.key], choice.label, f"{choice.help} {ending}")
