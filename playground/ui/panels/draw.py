"""DRAW: the tools of the canvas, the class or value that is drawn, and the size of the brush.

Shows what there is to draw and tells what the person has chosen; the canvas does the drawing.
Imports core, PySide6, the widget kit and the tools' names; GUI thread only.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from playground.core import palette
from playground.core.dataset import Dataset
from playground.core.experiment import Experiment
from playground.core.points import Points
from playground.ui import theme
from playground.ui.panels.facts import class_count, input_count
from playground.ui.tools import Hand
from playground.ui.widgets import (
    Card,
    FocusRing,
    LinkButton,
    Slider,
    ToolButton,
    describe,
    exclusive,
)

__all__ = ["MOST_CLASSES", "ClassRow", "DrawPanel"]

MOST_CLASSES: Final = len(palette.CLASS_NAMES)
_MOST_WITH_NAMES: Final = 4  # more classes stand in two columns, without their names

# key of `tools.TOOLS`: icon, name, keyboard shortcut, help
_TOOLS: Final = {
    "brush": (
        "brush",
        "Brush",
        "B",
        "Paint points of the chosen class; Shift paints the next class, Ctrl removes a point.",
    ),
    "pick": ("move", "Pick and move", "V", "Drag single points; Ctrl removes one."),
    "erase": ("erase", "Erase", "E", "Remove the points under the pointer."),
}


class ClassRow(FocusRing, QAbstractButton):
    """One class: its marker in its colour, its name, the key that chooses it, its points."""

    _HEIGHT = 24
    _MARKER = 10
    ring_radius = 6.0

    def __init__(self, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._index = index
        self._name = palette.CLASS_NAMES[index]
        self._count = 0
        self._says_name = True
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._explain()

    def key(self) -> str:
        """The digit that chooses this class: 1 to 9, then 0."""
        return str((self._index + 1) % 10)

    def count(self) -> int:
        return self._count

    def name(self) -> str:
        return self._name

    def show_class(self, name: str, count: int, *, says_name: bool = True) -> None:
        """Show another name or count."""
        self._name, self._count, self._says_name = name, count, says_name
        self._explain()
        self.update()

    def _explain(self) -> None:
        points = f"{self._count:,} point{'s' * (self._count != 1)}"
        help_ = f"{self._name}, {points}. Draw points of this class. Key: {self.key()}."
        describe(self, f"{self._name}: {points}", help_)

    def sizeHint(self) -> QSize:
        return QSize(80, theme.scaled(self._HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.soft)
            painter.drawRoundedRect(self.rect(), self.ring_radius, self.ring_radius)
        self._paint_marker(painter)
        self._paint_text(painter, now)
        if self.has_ring():
            box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            self.paint_ring(painter, box, self.ring_radius)
        painter.end()

    def _paint_marker(self, painter: QPainter) -> None:
        from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

        size = theme.scaled(self._MARKER)
        painter.save()
        painter.translate(theme.GAP + size / 2, self.height() / 2)
        painter.scale(size, size)
        painter.fillPath(
            Symbols[palette.CLASS_MARKERS[self._index]], theme.class_color(self._index)
        )
        painter.restore()

    def _paint_text(self, painter: QPainter, now: theme.Theme) -> None:
        left = theme.GAP * 2 + theme.scaled(self._MARKER)
        area = self.rect().adjusted(left, 0, -theme.GAP, 0)
        numbers = f"{self.key()} · {self._count:,}"
        painter.setFont(theme.font("caption"))
        painter.setPen(now.muted)
        end = Qt.AlignmentFlag.AlignRight if self._says_name else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, end | Qt.AlignmentFlag.AlignVCenter, numbers)
        if not self._says_name:
            return
        taken = QFontMetrics(theme.font("caption")).horizontalAdvance(numbers) + theme.GAP
        metrics = QFontMetrics(theme.font())
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, area.width() - taken)
        painter.setFont(theme.font())
        painter.setPen(now.ink)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, name)


class DrawPanel(Card):
    """The second card of the left column; it hides itself for data that cannot be drawn.

    Its tooltips name the keys of the menus: B, V and E for tools, digits for classes.
    """

    toolChosen = Signal(str)  # key of tools.TOOLS
    classChosen = Signal(int)
    classAddRequested = Signal()
    clearRequested = Signal()
    brushChanged = Signal(float, float)  # radius in canvas units, points a dab
    valueChosen = Signal(float)  # -1 to 1, for regression

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Draw", parent)
        self._applies = True
        self._chosen = 0
        self._experiment: Experiment | None = None
        self._dataset: Dataset | None = None
        self.tools = self._make_tools()
        self.clear = ToolButton("clear", "Clear", "Remove all points. Undo brings them back.")
        self.clear.clicked.connect(self.clearRequested)
        self.content.addLayout(self._tool_row())
        self.rows: list[ClassRow] = []
        self._group = QButtonGroup(self)
        self._classes = QGridLayout()
        self._classes.setHorizontalSpacing(theme.UNIT)
        self._classes.setVerticalSpacing(2)
        listing = QVBoxLayout()
        listing.setSpacing(0)
        listing.addLayout(self._classes)
        self.content.addLayout(listing)
        self._is_compact = False
        help_ = "One more class of points to draw."
        self.add_class = LinkButton("Add class", help_, "plus")
        listing.addWidget(self.add_class)
        self.add_class_small = ToolButton("plus", "Add class", help_, framed=False, size=20)
        self.add_to_header(self.add_class_small)
        for button in (self.add_class, self.add_class_small):
            button.clicked.connect(self.classAddRequested)
        self._make_sliders()
        self.content.addStretch(1)
        self._show_classes(2, None, ())

    # What is shown ------------------------------------------------------------------------------

    def show_experiment(self, experiment: Experiment) -> None:
        """Show classes or a value, as the data need it; emits nothing."""
        self._experiment = experiment
        self._refresh()

    def show_dataset(self, dataset: Dataset) -> None:
        """Show the classes of prepared data and how many points each has; emits nothing."""
        self._dataset = dataset
        self._refresh()

    def set_compact(self, is_compact: bool) -> None:
        """Take less height: adding a class moves into the title's line."""
        self._is_compact = is_compact
        self.add_class.setVisible(bool(self.rows) and not is_compact)
        self.add_class_small.setVisible(bool(self.rows) and is_compact)

    def show_tool(self, key: str) -> None:
        """Put a tool down; emits nothing."""
        self.tools[key].setChecked(True)

    def show_class(self, index: int) -> None:
        """Highlight a class; emits nothing."""
        if index < len(self.rows):
            self._chosen = index
            self.rows[index].setChecked(True)

    def chosen_class(self) -> int:
        return self._chosen

    def tool(self) -> str:
        """Key of the tool that is down."""
        return next(key for key, button in self.tools.items() if button.isChecked())

    def _refresh(self) -> None:
        dataset = self._dataset
        if self._experiment is not None:
            classes = class_count(self._experiment, dataset)
            inputs = input_count(self._experiment, dataset)
        elif dataset is not None:
            classes, inputs = dataset.classes, dataset.points.x.shape[1]
        else:
            return
        points, names = (None, ()) if dataset is None else (dataset.points, dataset.class_names)
        self._show_classes(min(classes, MOST_CLASSES), points, names)
        self._show_applies(inputs is not None and inputs <= 2)

    def _show_applies(self, applies: bool) -> None:
        # Told only when it changes, so that whoever hides this card for other reasons is obeyed.
        if applies != self._applies:
            self._applies = applies
            self.setVisible(applies)

    def _show_classes(self, count: int, points: Points | None, names: tuple[str, ...]) -> None:
        if count != len(self.rows):
            self._make_rows(count)
        counts = np.zeros(MOST_CLASSES, np.int64)
        if points is not None and not points.is_regression:
            counts = np.bincount(points.y, minlength=MOST_CLASSES)
        for index, row in enumerate(self.rows):
            name = names[index] if index < len(names) else palette.CLASS_NAMES[index]
            row.show_class(name, int(counts[index]), says_name=count <= _MOST_WITH_NAMES)
        self.add_class.setVisible(count > 0 and not self._is_compact)
        self.add_class_small.setVisible(count > 0 and self._is_compact)
        for button in (self.add_class, self.add_class_small):
            button.setEnabled(count < MOST_CLASSES)
        self.value.setVisible(count == 0)

    def _make_rows(self, count: int) -> None:
        for row in self.rows:
            self._group.removeButton(row)
            self._classes.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [ClassRow(index) for index in range(count)]
        columns = 1 if count <= _MOST_WITH_NAMES else 2
        for index, row in enumerate(self.rows):
            self._group.addButton(row, index)
            self._classes.addWidget(row, *divmod(index, columns))
            row.clicked.connect(partial(self._on_class, index))
        if self.rows:
            self._chosen = min(self._chosen, count - 1)
            self.rows[self._chosen].setChecked(True)

    # What is told -------------------------------------------------------------------------------

    def _on_class(self, index: int) -> None:
        self._chosen = index
        self.classChosen.emit(index)

    @Slot()
    def _on_brush(self) -> None:
        self.brushChanged.emit(self.radius.value(), self.density.value())

    # How it is made -----------------------------------------------------------------------------

    def _make_tools(self) -> dict[str, ToolButton]:
        buttons = {}
        for key, (icon, name, shortcut, help_) in _TOOLS.items():
            button = ToolButton(icon, name, f"{name}. {help_} Key: {shortcut}.", checkable=True)
            button.clicked.connect(partial(self.toolChosen.emit, key))
            buttons[key] = button
        exclusive(buttons.values(), self)
        buttons["brush"].setChecked(True)
        return buttons

    def _tool_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.GAP - 1)
        for button in self.tools.values():
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.clear)
        return row

    def _make_sliders(self) -> None:
        hand = Hand()
        self.value = Slider(
            "Value",
            -1,
            1,
            hand.value,
            step=0.1,
            text=lambda v: f"{v:+.1f}",
            help_text="The number that new points have; Shift draws the opposite.",
        )
        self.radius = Slider(
            "Brush",
            0.1,
            2,
            hand.radius,
            step=0.1,
            help_text="How wide brush and eraser are; the canvas is 12 wide.",
        )
        self.density = Slider(
            "Density",
            1,
            20,
            hand.density,
            integer=True,
            help_text="How many points one dab of the brush leaves.",
        )
        self.value.valueChanged.connect(self.valueChosen)
        self.radius.valueChanged.connect(self._on_brush)
        self.density.valueChanged.connect(self._on_brush)
        sizes = QHBoxLayout()
        sizes.setSpacing(theme.PANEL_GAP)
        sizes.addWidget(self.radius)
        sizes.addWidget(self.density)
        self.content.addWidget(self.value)
        self.content.addLayout(sizes)
