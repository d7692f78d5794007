"""DRAW: the tools of the canvas, the class or value that is drawn, and the size of the brush.

Shows what there is to draw and tells what the person has chosen; the canvas does the drawing.
Imports core, PySide6, the widget kit and the tools; GUI thread only.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QSizePolicy, QStackedWidget, QWidget

from playground.core import numbers, palette
from playground.core.class_looks import ClassLooks
from playground.core.data.dataset import Dataset, class_count, input_count
from playground.core.data.picture_scale import PictureScale
from playground.core.data.points import MOST_DRAWN_CLASSES, Points
from playground.core.experiment.edits import FEWEST_CLASSES
from playground.core.experiment.experiment import Experiment
from playground.core.messages import N_
from playground.ui.class_names import shown_class, stored_class
from playground.ui.data.class_row import ClassRow, NameEdit, Says
from playground.ui.data.tool_grid import CLEAR_ALL, CLEAR_HELP, ToolGrid
from playground.ui.data.tools import TOOLS, ToolSettings
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets import Card, Label, LinkButton, Slider, ToolButton, describe
from playground.ui.widgets.layouts import STRETCH, hbox, scrolling, vbox

_MOST_WITH_NAMES: Final = 4  # more classes stand in two columns, without their names
_MOST_LINES: Final = 6  # of more classes than can be drawn by hand; the others are scrolled to
_VALUE_STEPS: Final = 20
_SMALL: Final = 20  # edge of the buttons in the title's line
_ADD: Final = N_("One more class of points to draw.")
_CLEAR: Final = N_("Remove the {points} of {name}; the class stays.")


class DrawPanel(Card):
    """The second card of the left column; it hides itself for data that cannot be drawn.

    Its tooltips name the keys of the menus: letters for tools, digits for classes.
    """

    toolChosen = Signal(str)  # key of tools.TOOLS
    classChosen = Signal(int)
    classAddRequested = Signal()
    classRenamed = Signal(int, str)  # class, its new name; no other class has it
    classColorRequested = Signal(int, str)  # class, colour as files write it
    classMarkerRequested = Signal(int, str)  # class, key of class_looks.SYMBOLS
    classClearRequested = Signal(int)  # the class that is to lose its points
    classRemoveRequested = Signal(int)  # the class that is to go with its points
    clearRequested = Signal()
    tableRequested = Signal()
    brushChanged = Signal(float, float)  # radius in canvas units, density as in tools.ToolSettings
    valueChosen = Signal(float)  # for regression, within the range of the targets
    valuesChanged = Signal(float, float)  # that range: -1 and 1 for what is drawn

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Draw", parent)
        self._applies = True
        self._is_compact = False
        self._chosen = 0
        self._has_points = False
        self._values = -1.0, 1.0
        self.rows: list[ClassRow] = []
        self._group = QButtonGroup(self)
        self._classes = QGridLayout()
        self._make_header()
        self.grid = ToolGrid()
        self.grid.chosen.connect(self._on_tool)
        self.clear = self.grid.clear
        self.clear.clicked.connect(self.clearRequested)
        self.content.addWidget(self.grid)
        self._make_class_list()
        self._make_sliders()
        self.content.addStretch(1)
        self._show_classes(FEWEST_CLASSES, None, palette.CLASS_NAMES)
        self._show_settings()

    # What is shown ------------------------------------------------------------------------------

    @property
    def tools(self) -> dict[str, ToolButton]:
        """The buttons of the tools, by the keys of `tools.TOOLS`."""
        return self.grid.buttons

    def show_experiment(
        self, experiment: Experiment, dataset: Dataset | None = None, points: Points | None = None
    ) -> None:
        """Show the classes and how many points each has, or a value, as the data need it; emits
        nothing.

        dataset  as soon as the data are prepared
        points   those on the canvas, which may not be prepared yet
        """
        classes = class_count(experiment, dataset)
        inputs = input_count(experiment, dataset)
        # Those of the experiment are newer than those of prepared data.
        names = getattr(experiment.data, "class_names", ()) or (dataset and dataset.class_names)
        looks = ClassLooks.of(experiment.data)
        self._show_classes(classes, points, looks.called(names or (), classes))
        for row in self.rows:
            row.show_looks(looks, can_go=self.can_lose_a_class())
        # Over a single input a point's height is its value.
        self.value.setVisible(classes == 0 and inputs != 1)
        self._show_applies(inputs is not None and inputs <= 2)

    @Slot(object)
    def show_scale(self, scale: PictureScale) -> None:
        """Values from one end of the colours to the other can be drawn."""
        if scale.values == self._values:
            return
        self._values = low, high = scale.values
        is_plain = scale.values == (-1.0, 1.0)
        step = 0.1 if is_plain else (high - low) / _VALUE_STEPS
        self.value.set_track(low, high, step, numbers.signed if is_plain else scale.text)
        self.valuesChanged.emit(low, high)
        self.valueChosen.emit(self.value.value())

    def controls(self) -> dict[str, QWidget]:
        return dict(self.grid.buttons)

    def set_compact(self, is_compact: bool) -> None:
        """Take less height: smaller tools and rows, and the list's buttons in the title's line."""
        self._is_compact = is_compact
        self.grid.set_compact(is_compact)
        self.content.setSpacing(theme.UNIT if is_compact else theme.GAP)
        self._classes.setVerticalSpacing(1 if is_compact else 2)
        for row in self.rows:
            row.set_compact(is_compact)
        self._fit_scrolled()
        self._show_list_buttons()
        self._fit_list()

    def keep_room(self, keeps: bool) -> None:
        """Keep room for as many classes as have a line each, so that one more moves nothing."""
        self._keeps_room = keeps
        self._fit_list()

    _keeps_room = False

    def _fit_list(self) -> None:
        if not (self._keeps_room and self.rows):
            self._list.setMinimumHeight(0)
            return
        lines = self._line_height()
        under = 0 if self._is_compact else self.add_class.sizeHint().height()
        self._list.setMinimumHeight(_MOST_WITH_NAMES * lines + under)

    def _line_height(self) -> int:
        return self.rows[0].sizeHint().height() + self._classes.verticalSpacing()

    def _fit_scrolled(self) -> None:
        """All classes that can be drawn by hand are on show, and some lines of more."""
        lines = -(-len(self.rows) // self._columns())
        if len(self.rows) > MOST_DRAWN_CLASSES:
            lines = min(lines, _MOST_LINES)
        spare = self._classes.verticalSpacing()
        self._scrolled.setFixedHeight(lines * self._line_height() - spare if lines else 0)

    def _columns(self) -> int:
        return 1 if len(self.rows) <= _MOST_WITH_NAMES or self._has_long_names else 2

    _has_long_names = False

    def take_over(self, other: DrawPanel) -> None:
        """Draw with the tool, the class and the sizes of another panel; emits nothing."""
        self.show_tool(other.tool())
        self.show_class(other.chosen_class())
        for mine, theirs in zip(self._all_sliders(), other._all_sliders(), strict=True):
            mine.set_value(theirs.value())

    def _all_sliders(self) -> tuple[Slider, Slider, Slider]:
        return self.radius, self.density, self.value

    def show_tool(self, key: str) -> None:
        """Put a tool down; emits nothing."""
        self.grid.show_tool(key)
        self._show_settings()

    def show_class(self, index: int) -> None:
        """Highlight a class; emits nothing."""
        if index < len(self.rows):
            self._choose(index)

    def can_lose_a_class(self) -> bool:
        """True where there is still something to tell apart with one class less."""
        return len(self.rows) > FEWEST_CLASSES

    def chosen_class(self) -> int:
        return self._chosen

    def tool(self) -> str:
        """Key of the tool that is down."""
        return self.grid.tool()

    def rename(self, index: int) -> None:
        """Let the person write another name for a class."""
        others = {row.name() for row in self.rows if row is not self.rows[index]}
        edit = NameEdit(self.rows[index], others, self)
        edit.named.connect(partial(self._on_named, index))

    def _show_applies(self, applies: bool) -> None:
        # Told only when it changes, so that whoever hides this card for other reasons is obeyed.
        if applies != self._applies:
            self._applies = applies
            self.setVisible(applies)

    def _show_classes(self, count: int, points: Points | None, names: tuple[str, ...]) -> None:
        if count != len(self.rows):
            self._make_rows(count)
        self._has_points = points is not None and len(points) > 0
        counts = np.zeros(count, np.int64)
        if points is not None and not points.is_regression:
            counts = np.bincount(points.y, minlength=count)
        says: Says = "all" if count <= _MOST_WITH_NAMES else "key"
        says = "name" if count > MOST_DRAWN_CLASSES else says
        named = map(shown_class, names)
        for name, points_of, row in zip(named, counts.tolist(), self.rows, strict=False):
            row.show_class(name, points_of, says=says)
        has_long_names = says == "name" and any(row.has_long_name() for row in self.rows)
        if has_long_names != self._has_long_names:
            self._has_long_names = has_long_names
            self._lay_rows()
        self._show_list_buttons()

    def _show_list_buttons(self) -> None:
        """The buttons stand under the classes, or in the title's line; the bin is about one class,
        and says which, or about all points where there are no classes.
        """
        any_rows = bool(self.rows)
        for button in (self.add_class, self.clear_class):
            button.setVisible(any_rows and not self._is_compact)
        self.add_class_small.setVisible(any_rows and self._is_compact)
        self.clear_class_small.setVisible(self._is_compact or not any_rows)
        for add in (self.add_class, self.add_class_small):
            add.setEnabled(len(self.rows) < MOST_DRAWN_CLASSES)
        if any_rows:
            row = self.rows[self._chosen]
            name, has_points = tr("Clear {name}", name=row.name()), row.count() > 0
            help_ = tr(_CLEAR, points=row.points_text(), name=row.name())
        else:
            name, has_points, help_ = tr(CLEAR_ALL), self._has_points, tr(CLEAR_HELP)
        for clear in (self.clear_class, self.clear_class_small):
            describe(clear, name, help_)
            clear.setEnabled(has_points)

    def _make_rows(self, count: int) -> None:
        for edit in self.findChildren(NameEdit):
            edit.close_for_good()  # its class may be gone
        for row in self.rows:
            self._group.removeButton(row)
            self._classes.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [ClassRow(index) for index in range(count)]
        for index, row in enumerate(self.rows):
            row.set_compact(self._is_compact)
            self._group.addButton(row, index)
            row.clicked.connect(partial(self._on_class, index))
            row.renameRequested.connect(partial(self.rename, index))
            row.colorRequested.connect(partial(self.classColorRequested.emit, index))
            row.markerRequested.connect(partial(self.classMarkerRequested.emit, index))
            row.clearRequested.connect(partial(self.classClearRequested.emit, index))
            row.removeRequested.connect(partial(self.classRemoveRequested.emit, index))
        self._lay_rows()
        self._fit_list()
        if self.rows:
            self._chosen = min(self._chosen, count - 1)
            self.rows[self._chosen].setChecked(True)

    def _lay_rows(self) -> None:
        for index, row in enumerate(self.rows):
            self._classes.addWidget(row, *divmod(index, self._columns()))
        self._fit_scrolled()

    def _show_settings(self) -> None:
        """Sliders for a tool that uses them, else a hint in their place, so that nothing jumps."""
        uses = TOOLS[self.tool()].uses
        self.density.setVisible("density" in uses)
        self._hint.setText(TOOLS[self.tool()].hint)
        self._settings.setCurrentIndex(int("radius" not in uses))

    # What is told -------------------------------------------------------------------------------

    def _choose(self, index: int) -> None:
        self._chosen = index
        self.rows[index].setChecked(True)
        self._scrolled.ensureWidgetVisible(self.rows[index], 0, 0)
        self._show_list_buttons()

    def _on_class(self, index: int) -> None:
        self._choose(index)
        self.classChosen.emit(index)

    def _on_named(self, index: int, name: str) -> None:
        self.classRenamed.emit(index, stored_class(name))

    @Slot()
    def _on_clear_class(self) -> None:
        if self.rows:
            self.classClearRequested.emit(self._chosen)
        else:
            self.clearRequested.emit()

    @Slot(str)
    def _on_tool(self, key: str) -> None:
        self._show_settings()
        self.toolChosen.emit(key)

    @Slot()
    def _on_brush(self) -> None:
        self.brushChanged.emit(self.radius.value(), self.density.value())

    # How it is made -----------------------------------------------------------------------------

    def _make_header(self) -> None:
        """Small buttons in the title's line; two of them only where the list has no room."""
        self.table = ToolButton(
            "table",
            "Table of the points",
            "Show the points as a table, to read, type and paste numbers.",
            framed=False,
            size=_SMALL,
        )
        self.table.clicked.connect(self.tableRequested)
        self.clear_class_small = ToolButton("trash", "Clear class", framed=False, size=_SMALL)
        self.add_class_small = ToolButton("plus", "Add class", _ADD, framed=False, size=_SMALL)
        for button in (self.clear_class_small, self.add_class_small, self.table):
            self.add_to_header(button)

    def _make_class_list(self) -> None:
        self._classes.setHorizontalSpacing(theme.UNIT)
        self._classes.setVerticalSpacing(2)
        self.add_class = LinkButton("Add class", _ADD, "plus")
        self.clear_class = ToolButton("trash", "Clear class", framed=False, size=_SMALL)
        under = hbox(self.add_class, STRETCH, self.clear_class, spacing=None)
        self._list = QWidget()
        rows = QWidget()
        vbox(self._classes, of=rows, spacing=0)
        self._scrolled = scrolling(rows)
        vbox(self._scrolled, under, STRETCH, of=self._list, spacing=0)
        self.content.addWidget(self._list)
        for add in (self.add_class, self.add_class_small):
            add.clicked.connect(self.classAddRequested)
        for clear in (self.clear_class, self.clear_class_small):
            clear.clicked.connect(self._on_clear_class)

    def _make_sliders(self) -> None:
        settings = ToolSettings()
        self.value = Slider(
            "Value",
            -1,
            1,
            settings.value,
            step=0.1,
            text=numbers.signed,
            help_text="The number that new points have; Shift draws the opposite.",
        )
        self.radius = Slider(
            "Radius",
            0.1,
            2,
            settings.radius,
            step=0.1,
            help_text="How far brush, eraser, jitter and magnet reach, in units of the axes.",
        )
        self.density = Slider(
            "Density",
            1,
            20,
            settings.density,
            integer=True,
            help_text="How many points the brush leaves where it is set down, and again on each"
            " radius of its way, however fast it goes.",
        )
        self.value.valueChanged.connect(self.valueChosen)
        self.radius.valueChanged.connect(self._on_brush)
        self.density.valueChanged.connect(self._on_brush)
        self.content.addWidget(self.value)
        self.content.addWidget(self._make_settings())

    def _make_settings(self) -> QWidget:
        """The sliders, and the hint that takes their place."""
        keeps_place = self.density.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)
        self.density.setSizePolicy(keeps_place)
        sizes = QWidget()
        hbox((self.radius, 1), (self.density, 1), of=sizes, spacing=theme.PANEL_GAP)
        self._hint = Label("", "caption", muted=True)
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._settings = QStackedWidget()
        self._settings.addWidget(sizes)
        self._settings.addWidget(self._hint)
        self._settings.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return self._settings
