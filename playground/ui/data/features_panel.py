"""FEATURES: what the network is shown of a point, as chips.

Shows an experiment and asks for changes; it never makes one. Imports core, PySide6 and the widget
kit; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from playground.core.data import features
from playground.core.data.dataset import input_count
from playground.core.data.features import FEATURES
from playground.core.experiment.experiment import Experiment
from playground.core.messages import Message
from playground.ui.look import theme
from playground.ui.training.settings_form import STARTS_AGAIN
from playground.ui.widgets import Card, Chip, Restyled, describe

_LAST: Final = Message("A network needs at least one feature: switch another one on first.")


class _Grid(Restyled, QWidget):
    """Chips in columns of one width."""

    _SPACING = theme.UNIT
    _COLUMNS, _COMPACT_COLUMNS = 2, 4

    def __init__(self) -> None:
        super().__init__()
        self._chips: list[Chip] = []
        self._is_compact = False

    def show_chips(self, chips: Sequence[Chip], *, is_compact: bool) -> None:
        """Arrange these chips: two a line, or where it is compact four small ones."""
        self._chips, self._is_compact = list(chips), is_compact
        self._dress()

    def _dress(self) -> None:
        # The column's width is known, so the height is right before anything is laid out.
        room = theme.scaled(theme.SIDE_COLUMN) - 2 * theme.PANEL_PADDING
        for chip in self._chips:
            chip.set_small(self._is_compact)
        hints = [chip.sizeHint() for chip in self._chips]
        widest = max((hint.width() for hint in hints), default=1)
        most = self._COMPACT_COLUMNS if self._is_compact else self._COLUMNS
        columns = max(1, min(most, (room + self._SPACING) // (widest + self._SPACING)))
        width = (room - (columns - 1) * self._SPACING) // columns
        high = max((hint.height() for hint in hints), default=0)
        for number, chip in enumerate(self._chips):
            row, column = divmod(number, columns)
            left, top = column * (width + self._SPACING), row * (high + self._SPACING)
            chip.setGeometry(left, top, width, high)
        rows = -(-len(self._chips) // columns)
        self.setFixedHeight(max(0, rows * (high + self._SPACING) - self._SPACING))


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
        self._grid = _Grid()
        self.content.addWidget(self._grid)
        self.chips: dict[str, Chip] = {}
        for choice in FEATURES:
            chip = Chip(choice.label, Message(choice.help, STARTS_AGAIN), self._grid)
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
        """Take less height: small chips, more of them in a line."""
        self._is_compact = is_compact
        self._arrange()

    def _arrange(self) -> None:
        for key, chip in self.chips.items():
            chip.setVisible(key in self._available)
        shown = [self.chips[key] for key in self._available]
        self._grid.show_chips(shown, is_compact=self._is_compact)

    def _on_clicked(self, key: str) -> None:
        if not self.chosen():
            self.chips[key].setChecked(True)
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
