"""WHAT WAS CHOSEN of a table, in two lines, with a sign where there is something to be warned of.

Shows and asks to change it; remembers which points came from which file, as long as they are the
same. GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

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
from playground.ui.widgets import Label, LinkButton, Restyled, draw_fitted
from playground.ui.widgets.base import paragraph
from playground.ui.widgets.layouts import hbox, vbox

_MOST_BROUGHT: Final = 8
_MOST_LINES: Final = 2
_HELP: Final = N_("Choose other columns, or another way to read the table.")


class _Sentence(Label):
    """A text in at most two lines, the second of which ends in dots where there is no room for the
    rest; the tooltip of the whole has it.
    """

    def __init__(self, *, muted: bool = False) -> None:
        super().__init__("", "caption", muted=muted)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return len(self._lines(width)) * self.fontMetrics().height()

    def sizeHint(self) -> QSize:
        return QSize(0, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def _lines(self, width: int) -> list[str]:
        """What stands in each line; the last one may be longer than there is room for."""
        layout = QTextLayout(self.text(), self.font())
        layout.beginLayout()
        ends: list[int] = []
        while len(ends) < _MOST_LINES and (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            ends.append(line.textStart() + line.textLength())
        layout.endLayout()
        edges = [0, *ends[:-1], len(self.text())]
        return [self.text()[first:end].strip() for first, end in pairwise(edges)]

    def paintEvent(self, event: QPaintEvent) -> None:
        box = QRectF(self.contentsRect())
        box.setHeight(self.fontMetrics().height())
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            for line in self._lines(self.width()):
                draw_fitted(painter, box, Qt.AlignmentFlag.AlignVCenter, line)
                box.translate(0, box.height())


class TableSummary(Restyled, QWidget):
    """Two sentences about a table, a third with what is to be warned of; hidden for other data."""

    changeRequested = Signal(object, object)  # Path or text, what was chosen of it: import it again

    def __init__(self) -> None:
        super().__init__()
        self._brought: tuple[Brought, ...] = ()
        self._source: tuple[Path | str, Remembered] | None = None
        self.first, self.second = (_Sentence(muted=True) for _ in range(2))
        self.warning = _Sentence()
        self._sign = QLabel()
        self.change = LinkButton("Change…", _HELP)
        self.change.clicked.connect(self._on_change)
        self.setAccessibleName(tr("What was chosen of the table"))
        self._foot = hbox(self._sign, (self.warning, 1), self.change, spacing=theme.UNIT)
        vbox(self.first, self.second, self._foot, of=self, spacing=2)
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
        font = theme.font("caption")
        height = QFontMetrics(font).height()
        self.change.setStyleSheet(
            f"min-height: {height}px; max-height: {height}px; font-size: {font.pixelSize()}px;"
        )

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
