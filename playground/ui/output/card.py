"""OUTPUT: the canvas in its card, with a key to its colours, the prediction under the pointer, and
what can be shown beside the points.

GUI thread. Shows and forwards; decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from playground.core.data.dataset import Dataset
from playground.core.data.plane import Plane
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.view import ViewSpec
from playground.core.messages import Message
from playground.engines.contract.run_control import Snapshot
from playground.engines.contract.views import Frame
from playground.ui.data.tools import TOOLS
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.output.absence import Absence
from playground.ui.output.canvas import probes
from playground.ui.output.canvas.axes import spoken
from playground.ui.output.canvas.canvas import Canvas
from playground.ui.output.canvas.color_key import ColorKey
from playground.ui.output.canvas.plane_chooser import PlaneChooser
from playground.ui.output.canvas.probe_table import ProbeTable
from playground.ui.output.canvas.show_panel import OutputSwitches, ShowButton
from playground.ui.output.ghost_label import GhostLabel
from playground.ui.output.kept_scale import KeptScale
from playground.ui.output.names import mistakes
from playground.ui.widgets import Card, ElidedLabel, Label, LinkButton, Switch
from playground.ui.widgets.layouts import fill, hbox


class OutputCard(Card):
    """The large square picture and what explains it."""

    projectionChosen = Signal(str)  # "slice" or "pca"
    axesChosen = Signal(int, int)  # the inputs that a slice shows, across and upwards
    probesChanged = Signal(object)  # tuple of the inputs of each probe, a tuple of floats each
    ghostDismissed = Signal()
    scaleChanged = Signal(object)  # what places of the canvas are stored as; None where they stay

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Output", parent)
        self.canvas = Canvas()
        self.chooser = PlaneChooser(self)
        self.ghost = GhostLabel(self.canvas)
        self.probe_table = ProbeTable(self)
        fit = Message("Fit", context="view")
        self.fit = LinkButton(
            fit,
            "Show the whole picture again, as before panning with the middle button and zooming"
            " with the wheel.",
        )
        self.test_points = Switch(
            "Test points", "Show the points that are held out: hollow, and never trained on."
        )
        self.panel = OutputSwitches(self.canvas, self)
        self.show_button = ShowButton("Show", "Choose what the canvas shows.", self.panel)
        self._key = ColorKey()
        self.reading = ElidedLabel("", "caption", muted=True)
        self._score = Label("", "caption", muted=True)
        self._score.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._absence = Absence()
        self._view, self._scale = ViewSpec(), KeptScale()
        self._probes: tuple[probes.Coordinates, ...] = ()
        self._answers: Frame | None = None
        self._arrange()
        self._connect()
        self._say()

    _dataset: Dataset | None = None
    _plane: Plane | None = None
    _picture: QWidget | None = None
    _place: tuple[float, float] | None = None
    _tool = "brush"
    _unit = _wrong = ""
    _said = "", ""
    _is_low = False
    _is_presenting = False
    _has_foot = True
    _side = _least = 0

    # Arrangement.

    def _arrange(self) -> None:
        for widget in (self.fit, self.test_points, self.show_button):
            self.add_to_header(widget)
        self.fit.hide()
        self.chooser.hide()
        for label in (self.reading, self._score):  # of one height, whatever it says, in any script
            label.setFixedHeight(QFontMetrics(theme.font("caption")).height() + 1)
        foot = hbox((self.reading, 1), self._score, spacing=None)
        middle = (self.canvas, Qt.AlignmentFlag.AlignHCenter)
        fill(self.content, self.chooser, middle, (self._absence, 1), self._key, foot)
        self.content.addStretch(0)  # what nobody has asked for stays at the foot

    def _connect(self) -> None:
        canvas = self.canvas
        self.test_points.toggled.connect(canvas.show_test_points)
        self.panel.batch.toggled.connect(self._on_batch_toggled)
        self.panel.discretize.toggled.connect(self._key.set_discrete)
        self.fit.clicked.connect(canvas.reset_view)
        self.panel.probes.clicked.connect(self.open_probe_table)
        self.probe_table.removed.connect(self._on_probes_removed)
        self.chooser.projectionChosen.connect(self.projectionChosen)
        self.chooser.axesChosen.connect(self.axesChosen)
        canvas.pointed.connect(self._on_pointed)
        canvas.toolChanged.connect(self._on_tool_changed)
        canvas.gestureEnded.connect(self._on_gesture_ended)
        canvas.probeDropped.connect(self._on_probe_dropped)
        canvas.regionChanged.connect(self._on_region_changed)
        self.ghost.cleared.connect(self.ghostDismissed)

    def set_canvas_side(self, side: int, least: int = 0) -> None:
        """Make the canvas a square of this many pixels. What stands in its place is as wide, and
        has the height of the words under it, too. What few data need is taken from the side, as far
        as `least` are left.
        """
        self._side, self._least = side, least
        side = max(min(side, least), side - self._beside())
        self.canvas.setFixedSize(side, side)
        if self._picture is not None:
            self._picture.setFixedSize(side, side + self._under())

    def _beside(self) -> int:
        """Pixels of the row over a slice, and of more rows of the key than there is room for."""
        spacing = self.content.spacing()
        chooser = 0 if self.chooser.isHidden() else self.chooser.sizeHint().height() + spacing
        return chooser + self._key.beyond(-spacing if self._is_low else self._key.row_height())

    def _under(self) -> int:
        """Pixels that the key and the foot take under a canvas."""
        key = 0 if self._is_low else self._key.row_height()
        rows = (key, self.reading.height() if self._has_foot else 0)
        return sum(row + self.content.spacing() for row in rows if row)

    def present(self, on: bool, *, has_title: bool = True, has_foot: bool = True) -> None:
        """For the projector: leave out what there is no room for in large text."""
        self._is_presenting = on
        self.show_title_row(has_title)
        self._has_foot = has_foot
        self.reading.show_whole_or_not_at_all(on)
        self._show_parts()
        self._say()

    def set_low(self, is_low: bool) -> None:
        """In a low window the curves need the height of the key, except where colours repeat."""
        self._is_low = is_low
        self._show_parts()

    def set_picture(self, picture: QWidget | None) -> None:
        """Put another picture in the canvas's place, for data that are no points on a plane."""
        if self._picture is not None and self._picture is not picture:
            focused = self.window().focusWidget()
            if focused is not None and self._picture.isAncestorOf(focused):
                self.window().setFocus()  # else Qt hands the keyboard to whatever comes next
            self.content.removeWidget(self._picture)
            self._picture.setParent(None)
            self._picture.hide()  # said, or the layout shows it as a window when it comes to it
        if picture is not None and picture is not self._picture:
            self.content.insertWidget(2, picture, 0, Qt.AlignmentFlag.AlignHCenter)
            picture.show()
        self._picture = picture
        self._show_parts()

    def _show_parts(self) -> None:
        """Show the controls that mean something for this data, and no others."""
        dataset = self._dataset
        if dataset is None:
            return
        inputs = dataset.points.x.shape[1]
        has_plane, is_curve = self._plane is not None, self._draws_a_curve()
        has_canvas = (has_plane or is_curve) and self._picture is None
        if self.canvas.hasFocus() and not has_canvas:
            self.window().setFocus()  # else Qt hands the keyboard to whatever comes next
        self.canvas.setVisible(has_canvas)
        self.show_button.setVisible(has_canvas and not self._is_presenting)
        self.test_points.setVisible(has_canvas)
        for control in (self.panel.discretize, self.panel.contours):
            control.setVisible(has_plane)
        self.panel.mistakes.setVisible(not dataset.is_regression)
        self.panel.units.setVisible(is_curve)
        has_key = (has_plane or not dataset.is_regression) and self._key.fits(is_low=self._is_low)
        self._key.setVisible(has_canvas and has_key)
        for label in (self.reading, self._score):
            label.setVisible(self._has_foot and self._picture is None)
        has_choice = has_canvas and has_plane and inputs > 2
        self.chooser.setVisible(has_choice and not self._is_presenting)
        if self._side:
            self.set_canvas_side(self._side, self._least)
        self._absence.setVisible(not has_canvas and self._picture is None)
        self._absence.say(inputs)

    def _draws_a_curve(self) -> bool:
        dataset = self._dataset
        return dataset is not None and dataset.points.x.shape[1] == 1 and dataset.points.y.ndim == 1

    # What is shown.

    def show_experiment(self, experiment: Experiment) -> None:
        """Show its probes and its view."""
        kinds = {layer.kind for layer in experiment.model.layers}
        self.panel.in_training.setVisible(bool(kinds & {"dropout", "batch_norm"}))
        self._probes = experiment.probes
        if experiment.view != self._view:
            self._view = experiment.view
            self.canvas.show_view(experiment.view)
            if self._dataset is not None:
                self._show_plane(self._dataset)
        self._show_probes()

    def show_dataset(self, dataset: Dataset) -> None:
        """Prepare for these data; those without a place on a plane are said to have none."""
        is_new = self._scale.follow(dataset, is_drawing=self.canvas.is_drawing)
        self._dataset = dataset
        self.canvas.show_dataset(dataset)
        if self.canvas.frame is None:  # what was said before is about another kind of data
            self._answers = None
        self._key.show_dataset(dataset)
        self._key.show_scale(self._scale.now)
        if is_new or dataset.points.x.shape[1] > 2:  # a plane in many inputs depends on the rows
            self._show_plane(dataset)
        else:
            self.canvas.show_scale(self._scale.now, dataset.target_scale)
        self._say()

    @Slot()
    def _on_gesture_ended(self) -> None:
        """The picture was not to move under the hand; now it may."""
        if self._dataset is not None:
            self.show_dataset(self._dataset)

    def _show_plane(self, dataset: Dataset) -> None:
        self._plane = Plane.of(dataset, self._view, self._scale.stored)
        self.canvas.show_plane(self._plane)
        self.canvas.show_scale(self._scale.now, dataset.target_scale)
        self.scaleChanged.emit(self._scale.stored)
        if self._plane is not None and dataset.points.x.shape[1] > 2:
            self.chooser.show_plane(dataset, self._view)
        self._show_parts()
        self._show_probes()

    def controls(self) -> dict[str, QWidget]:
        return {"test_points": self.test_points, "show_button": self.show_button}

    def show_unit(self, layer: int, unit: int, equation: str = "") -> None:
        """Let one unit of the network fill the canvas; (-1, -1) brings the boundary back."""
        self.canvas.show_unit(None if layer < 0 else (layer, unit))
        named = tr("Unit {unit} of layer {layer}, on its own scale", unit=unit + 1, layer=layer + 1)
        self._unit = "" if layer < 0 else "   ".join(filter(None, (named, equation)))
        self._say()

    @Slot(str)
    def show_feature(self, key: str) -> None:
        """Let a feature fill the canvas; "" brings the boundary back."""
        self.canvas.show_unit(key or None)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.frame is not None and self._scale.has(snapshot.frame):
            self.canvas.show_frame(snapshot.frame, snapshot.weights)
            self._answers = snapshot.frame
        if snapshot.inspection is not None:
            self.canvas.show_predictions(snapshot.inspection.predictions)
        if self.panel.batch.isChecked():
            self.canvas.outline_rows(snapshot.batch)
        self._wrong = mistakes(snapshot) if snapshot.has_scores else ""
        self._show_probes()
        self._say()

    def show_answers(self, snapshot: Snapshot) -> None:
        """Show what the network says where it was asked; the pictures are those that are shown."""
        if self._scale.has(snapshot.frame):
            self._answers = snapshot.frame
        self._show_probes()
        self._say()

    def show_nothing(self) -> None:
        """There is no run to count the mistakes of, and no network to ask."""
        self._wrong = ""
        self._answers = None
        self._show_probes()
        self._say()
        self.canvas.show_predictions(None)

    def switches(self) -> list[Switch]:
        """What can be shown or left out."""
        return [self.test_points, *self.panel.findChildren(Switch)]

    def start(self, before: Snapshot | None, *, keep_ghost: bool) -> None:
        """A new run begins; the boundary of a trained one before it stays as a ghost, where the two
        can be compared.
        """
        self.show_nothing()
        if not keep_ghost:
            self.canvas.dismiss_ghost()
        elif before is not None:
            self.ghost.say(before.test or before.train)
            self.canvas.keep_ghost()

    @Slot(bool)
    def _on_batch_toggled(self, shown: bool) -> None:
        if not shown:
            self.canvas.outline_rows(None)

    @Slot(object, float)
    def _on_region_changed(self, center: tuple[float, float], extent: float) -> None:
        self.fit.setVisible(not self.canvas.is_at_home())

    # Probes.

    @Slot()
    def open_probe_table(self) -> None:
        """Show the table of probes beside the window."""
        self.panel.hide()
        self.probe_table.show()
        self.probe_table.raise_()
        self._show_probes()

    def _readings(self) -> list[probes.Reading]:
        if self._dataset is None:
            return []
        said = {} if self._answers is None else self._answers.probes
        return probes.readings(self._probes, self._dataset, self._plane, said, self._scale.now)

    def _show_probes(self) -> None:
        dataset, readings = self._dataset, self._readings()
        if dataset is None:
            return
        scale = self._scale.now
        self.canvas.show_probes([(found.place, found.words(dataset, scale)) for found in readings])
        if self.probe_table.isVisible():
            axes, extent = self.canvas.axes, self.canvas.region.extent
            self.probe_table.show_readings(readings, dataset, axes, extent, scale)

    @Slot(object)
    def _on_probe_dropped(self, place: tuple[float, float]) -> None:
        if self._plane is not None or self._draws_a_curve():
            probe = probes.lifted(place, self._plane, self._scale.now)
            self.probesChanged.emit((*self._probes, probe))

    @Slot(object)
    def _on_probes_removed(self, rows: Sequence[int]) -> None:
        shown = [found.inputs for found in self._readings()]
        gone = [shown[row] for row in rows]
        self.probesChanged.emit(tuple(probe for probe in self._probes if probe not in gone))

    # Words.

    @Slot(object)
    def _on_pointed(self, place: tuple[float, float] | None) -> None:
        self._place = place
        self._say()

    @Slot(str)
    def _on_tool_changed(self, key: str) -> None:
        self._tool = key
        self._say()

    def _say(self) -> None:
        """Which unit is shown, or what the network says under the pointer; and how many points are
        wrong, or while the pointer is on the canvas what can be done there.

        The answer may lag behind the pointer; the place that is named is the one it is about.
        """
        is_pointed = self._place is not None and not self._is_presenting
        score = self._gestures() if is_pointed and self.canvas.can_draw else self._wrong
        said = (self._unit, "") if self._unit else (self._answer(), score)
        for label, before, now in zip((self.reading, self._score), self._said, said, strict=True):
            if now != before:
                label.setText(now)
        self._said = said

    def _answer(self) -> str:
        dataset = self._dataset
        answer = None if self._answers is None else self._answers.pointer
        if self._place is None or answer is None or dataset is None:
            return self._note()
        place, prediction = answer
        extent = self.canvas.region.extent
        shown = self.canvas.axes[: min(2, dataset.points.x.shape[1])]
        where = ", ".join(spoken(axis, at, extent) for axis, at in zip(shown, place, strict=False))
        return f"({where})   {probes.predicted(prediction, dataset, self._scale.now)}"

    def _note(self) -> str:
        """What the plane is, where it is a slice of more: said while nothing is pointed at."""
        is_said = self._plane is not None and bool(self._plane.said)
        return tr(self._plane.said, **self._plane.numbers) if is_said and self._plane else ""

    def _gestures(self) -> str:
        """What the keys do with the tool in use."""
        tool = TOOLS[self._tool]
        has_values = self._dataset is not None and self._dataset.is_regression
        return (has_values and tool.value_gestures) or tool.gestures
