"""WHAT WAS CHOSEN of a table, in two lines, with a sign where there is something to be warned of.

Shows and asks to change it; remembers which points came from which file, as long as they are the
same. GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from playground.core.data.data import CsvData, Data, same_problem
from playground.core.data.dataset import Dataset
from playground.core.data.division import held_out_count
from playground.core.data.points_data import PointsData
from playground.core.data.tables.description import Description, few_rows
from playground.core.messages import N_, Message
from playground.ui.data.importing import ImportDialog
from playground.ui.data.importing.remembered import Brought, Remembered
from playground.ui.language import tr
from playground.ui.look import icons, theme
from playground.ui.widgets import ElidedLabel, LinkButton, Restyled
from playground.ui.widgets.base import paragraph
from playground.ui.widgets.layouts import hbox, vbox

_MOST_BROUGHT: Final = 8
_HELP: Final = N_("Choose other columns, or another way to read the table.")


class _Line(ElidedLabel):
    """One line; what it leaves out is said by the tooltip of the whole."""

    def _explain(self) -> None:
        pass


class TableSummary(Restyled, QWidget):
    """Two lines about a table, and a third with what is to be warned of; hidden for other data."""

    changeRequested = Signal(object, object)  # Path or text, what was chosen of it: import it again

    def __init__(self) -> None:
        super().__init__()
        self._brought: tuple[Brought, ...] = ()
        self._source: tuple[Path | str, Remembered] | None = None
        self.first, self.second = (_Line("", "caption", muted=True) for _ in range(2))
        self.warning = _Line("", "caption")
        self._sign = QLabel()
        self.change = LinkButton("Change…", _HELP)
        self.change.clicked.connect(self._on_change)
        self.setAccessibleName(tr("What was chosen of the table"))
        self._foot = hbox(self._sign, (self.warning, 1), self.change, spacing=theme.UNIT)
        vbox(self.first, self.second, self._foot, of=self, spacing=0)
        self._dress()
        self.hide()

    @Slot(object)
    def hear_of(self, dialog: object) -> None:
        """Remember what a dialog will bring, if it is one of tables."""
        if isinstance(dialog, ImportDialog):
            dialog.described.connect(self.note)

    @Slot(object)
    def note(self, brought: Brought) -> None:
        """Remember where points came from, so that it can be said as long as they are these."""
        others = [each for each in self._brought if each.data is not brought.data]
        self._brought = (brought, *others)[:_MOST_BROUGHT]

    def take_over(self, other: TableSummary) -> None:
        """Know what another summary knows."""
        self._brought = other._brought

    def show_data(self, data: Data | None, dataset: Dataset | None) -> None:
        """Say what was chosen, where the data are those of a table."""
        description = self._description(data, dataset)
        self.setVisible(description is not None)
        if data is None or description is None:
            return
        said = description.lines(data)
        self.first.setText(said[0])
        self.second.setText(said[1])
        self._warn(description.warnings)
        everything = [tr(line) for line in (*said, *description.warnings)]
        self.setToolTip("".join(map(paragraph, everything)))
        self.setAccessibleDescription("\n".join(everything))

    def set_compact(self, is_compact: bool) -> None:
        """Take two lines: what is to be warned of has a sign only."""
        self.warning.setVisible(not is_compact)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        if is_compact:
            self._foot.insertWidget(1, self.second, 1)
        else:
            column.insertWidget(1, self.second)

    def _description(self, data: Data | None, dataset: Dataset | None) -> Description | None:
        self._source = None
        if isinstance(data, CsvData) and dataset is not None and same_problem(data, dataset.data):
            self._source = Path(data.path), Remembered.of_data(data)
            return dataset.description
        if not isinstance(data, PointsData):
            return None
        found = next((each for each in self._brought if _is_same(each.data, data)), None)
        if found is None or found.description is None:
            return None
        self._source = found.source, found.chosen
        tested = _test_rows(data)
        return found.description.divided(tested, [*few_rows(len(data.x) - tested)])

    def _warn(self, warnings: Sequence[Message]) -> None:
        """The first warning, with how many more there are."""
        first = warnings[0] if warnings else Message()
        if len(warnings) > 1:
            template = N_("{count} warnings: {first}")
            first = Message(template, count=len(warnings), first=first)
        self.warning.setText(first)
        self._sign.setVisible(bool(warnings))

    def _dress(self) -> None:
        size, color = theme.scaled(14), theme.current().warning
        self._sign.setPixmap(icons.pixmap("warning", color, size, self.devicePixelRatioF()))
        # As high as its text, in the line beside it; a size of Qt's own would be lost when the
        # style looks at the button for the first time.
        height = QFontMetrics(theme.font("body")).height()
        self.change.setStyleSheet(f"min-height: {height}px; max-height: {height}px;")

    @Slot()
    def _on_change(self) -> None:
        if self._source is not None:
            self.changeRequested.emit(*self._source)


def _is_same(brought: Data, data: PointsData) -> bool:
    """True where points are those that were brought, whatever was set of them since."""
    return (
        isinstance(brought, PointsData)
        and np.array_equal(brought.x, data.x)
        and np.array_equal(brought.answers, data.answers)
    )


def _test_rows(data: PointsData) -> int:
    if data.test is not None:
        return len(data.test)
    return held_out_count(len(data.x), data.test_ratio)
