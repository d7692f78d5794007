"""The plane as a picture: the map of what the network says, the points over it, and what marks some
of them.

Shows what it is given; gestures come with the canvas. Maps, markers and overlays have modules of
their own, this one puts them together. GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.core import class_looks
from playground.core.class_looks import ClassLooks
from playground.core.data.axis import Axis
from playground.core.data.dataset import Dataset
from playground.core.data.picture_scale import PictureScale
from playground.core.data.plane import Axes, Plane
from playground.core.data.points import FloatArray, IntArray, Points
from playground.core.data.target_scale import TargetScale
from playground.core.experiment.view import ViewSpec
from playground.core.messages import Message
from playground.engines.contract.base import Weights
from playground.engines.contract.views import Frame
from playground.ui.data.tools import Place, no_rows
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.output.canvas import axes, overlays
from playground.ui.output.canvas.canvas_points import CURVE_AXES, PLAIN_AXES, places_of
from playground.ui.output.canvas.maps import MapLayer, Unit
from playground.ui.output.canvas.markers import Markers, Rings
from playground.ui.output.canvas.region import Region
from playground.ui.output.names import class_names
from playground.ui.widgets import FocusRing, painting

EXTENT = 6.0
"""The canvas shows [-6, 6]^2 until it is told otherwise."""

CORNER = 8
PIXELS_A_CELL = 2
"""Of the density: finer than a marker, coarser than noise."""
FIRST_SCALE = PictureScale(PLAIN_AXES, PLAIN_AXES, PLAIN_AXES, (-1.0, 1.0))


class PlaneView(pg.GraphicsView):
    """A square picture of the input plane, which can be panned and zoomed."""

    ghostChanged = Signal()  # the boundary of the run before came or went
    regionChanged = Signal(object, float)  # (x1, x2) of the middle, half the side that is shown
    scaleChanged = Signal(object)  # PictureScale: another range, or other colours of targets

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=None)
        self.setFrameShape(self.Shape.NoFrame)
        for part in (self, self.viewport()):
            part.setAcceptDrops(False)  # a file is for the window, which opens it
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False)
        self._box.disableAutoRange()
        self.setCentralItem(self._box)
        self._map = MapLayer(self._box)
        self._markers = Markers(self._box)
        self._mistake_rings = Rings(self._box, "d", 1.8, 1.0)
        self._outline_rings = Rings(self._box, "s", 1.8, 1.2)
        self._rings = [self._mistake_rings, self._outline_rings]
        self._region = self._home = Region((0.0, 0.0), EXTENT)
        self._box.setRange(self._region.rect, padding=0)
        self._points = Points.empty()
        self._places = self._points.x
        self._outlined = no_rows()
        self._probes: tuple[tuple[Place, str], ...] = ()
        self._box.sigResized.connect(self._on_resized)
        theme.follow(self, self._apply_theme)
        self._apply_theme()

    _plane: Plane | None = None
    _scale = FIRST_SCALE
    _dataset: Dataset | None = None
    _predictions: npt.NDArray[np.float32] | None = None
    _has_axes = True
    _has_mistakes = _shows_tests = False
    _looks = class_looks.DEFAULT
    _view = ViewSpec()

    # The data.

    def show_dataset(self, dataset: Dataset) -> None:
        """Prepare for data of this kind."""
        if self._dataset is not None and _kind(self._dataset) != _kind(dataset):
            self.dismiss_ghost()
            self.show_frame(None)
        self._dataset = dataset

    def show_plane(self, plane: Plane | None) -> None:
        """Draw points and axes on another plane; the ghost stays behind on the old one."""
        if self._plane is not None and plane is not None and plane.axes != self._plane.axes:
            self.dismiss_ghost()
        self._plane = plane
        self._place_points()

    def show_scale(self, scale: PictureScale, target_scale: TargetScale) -> None:
        """Draw with this range, and with these colours of targets."""
        self._map.show_scale(scale, target_scale)
        self._markers.show_values(scale.values)
        if scale == self._scale:
            return
        is_elsewhere = scale.stored != self._scale.stored
        if is_elsewhere:  # what is shown was drawn where other numbers lie now
            self.dismiss_ghost()
            self.show_frame(None)
        self._scale = scale
        self._place_points()
        self._go_home(self._home_at(self._view.extent), is_elsewhere or self.is_at_home())
        self.scaleChanged.emit(scale)

    def show_points(self, points: Points) -> None:
        if not points.same_as(self._points):
            self._points = points
            self._place_points()

    def show_looks(self, looks: ClassLooks) -> None:
        """Draw points and map with these colours and markers of the classes."""
        self._looks = looks
        self._markers.show_looks(looks)
        self._map.show_looks(looks)
        self.viewport().update()

    def show_test_points(self, shown: bool) -> None:
        self._shows_tests = shown
        self._markers.show_test_points(shown)
        self._draw_rings()

    def show_probes(self, probes: Sequence[tuple[Place, str]]) -> None:
        """Mark these places, each with what is said beside it."""
        if tuple(probes) != self._probes:
            self._probes = tuple(probes)
            self.viewport().update()

    @property
    def is_dense(self) -> bool:
        """True where there are too many points for a marker each."""
        return self._markers.is_dense

    def _place_points(self) -> None:
        self._places = places_of(self._points, self._plane, self._stored)
        self._markers.show(self._points, self._places)
        self._draw_rings()
        self.viewport().update()

    # Outlines.

    def show_mistakes(self, shown: bool) -> None:
        """Outline the points that `show_predictions` puts into a wrong class."""
        self._has_mistakes = shown
        self._draw_rings()

    def show_predictions(self, predictions: npt.NDArray[np.float32] | None) -> None:
        """Class probabilities (N, C) of the points, of which mistakes are told."""
        self._predictions = predictions
        if self._has_mistakes:
            self._draw_rings()

    def outline_rows(self, rows: IntArray | None) -> None:
        """Outline some points, as those in a cell of the confusion matrix; None for none."""
        self._outlined = no_rows() if rows is None else np.asarray(rows, np.int64)
        self._draw_rings()

    def _draw_rings(self) -> None:
        for rings, rows in (
            (self._mistake_rings, self._visible(self._mistaken())),
            (self._outline_rings, self._outlined),
        ):
            rings.show(self._places_at(rows))

    def _places_at(self, rows: IntArray) -> FloatArray:
        return self._places[rows[rows < len(self._places)]]

    def _mistaken(self) -> IntArray:
        predictions, answers = self._predictions, self._points.y
        if not self._has_mistakes or predictions is None or len(predictions) != len(answers):
            return no_rows()
        if self._points.is_regression or predictions.shape[1] < 2:
            return no_rows()
        return np.flatnonzero(predictions.argmax(axis=1) != answers)

    def _visible(self, rows: IntArray) -> IntArray:
        """Those of the rows whose points are drawn: test points only where they are asked for."""
        rows = rows[rows < len(self._points)]
        return rows if self._shows_tests else rows[~self._points.held_out[rows]]

    # What the network says.

    def show_frame(self, frame: Frame | None, weights: Weights | None = None) -> None:
        """Draw the map or the curve; None clears it. `weights` scale the curves of single units."""
        self._map.show(frame, weights)

    def keep_ghost(self) -> None:
        """Leave the boundary of the last picture as a faint outline."""
        self._map.keep_ghost()
        self.ghostChanged.emit()

    def has_ghost(self) -> bool:
        """True where a boundary of the run before is shown."""
        return self._map.has_ghost()

    def take_over(self, other: PlaneView) -> None:
        """Look where another view looks, at the ghost that it shows."""
        self._map.take_over_ghost(other._map)
        self.ghostChanged.emit()
        self._look_at(other._region)

    @Slot()
    def dismiss_ghost(self) -> None:
        self._map.dismiss_ghost()
        self.ghostChanged.emit()

    def set_discrete(self, discrete: bool) -> None:
        """Show the class that wins instead of how likely it is."""
        self._map.set_discrete(discrete)

    def show_contours(self, shown: bool) -> None:
        """Draw lines of equal probability: 0.5, and 0.25 and 0.75."""
        self._map.show_contours(shown)

    def show_units(self, shown: bool) -> None:
        """With one input: draw what each unit of the last hidden layer adds to the curve."""
        self._map.show_units(shown)

    def show_unit(self, unit: Unit | None) -> None:
        """Show what one unit (hidden layer, number) or one feature (its key) makes of the plane;
        None for the boundary.
        """
        self._map.show_unit(unit)

    @property
    def frame(self) -> Frame | None:
        """The picture that is shown."""
        return self._map.frame

    # Where one looks.

    def show_view(self, view: ViewSpec) -> None:
        """Look at the range that the experiment asks for, if that has changed."""
        self._view = view
        self._go_home(self._home_at(view.extent))

    def reach_at(self, extent: float) -> Message:
        """From where to where one sees where the experiment asks for this range."""
        return axes.reach(self.axes, self._home_at(extent))

    def _home_at(self, extent: float) -> Region:
        """What is seen at first where the experiment asks for this range, on a canvas that reaches
        as far as the points do.
        """
        scale = self._scale
        if scale.seen == scale.stored:
            return Region((0.0, 0.0), extent)
        (across, up), reach = scale.seen, max(axis.scale for axis in scale.seen)
        return Region((across.offset, up.offset), extent * reach)

    def _go_home(self, home: Region, looks_there: bool = True) -> None:
        """What there is to see is elsewhere now; who has zoomed in may stay there."""
        if home != self._home:
            self._home = home
            if looks_there:
                self._look_at(home)

    def show_axes(self, shown: bool) -> None:
        """Write numbers along the lower and the left edge."""
        self._has_axes = shown
        self.viewport().update()

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """What the two directions mean."""
        if self._plane is not None:
            return self._plane.axes
        is_known = self._scale.inputs == self._points.x.shape[1]
        return self._scale.axes if is_known else self._stored

    @property
    def _stored(self) -> Axes:
        """What places of the canvas are stored as; as drawn ones until the data are known."""
        inputs = self._points.x.shape[1]
        if self._scale.inputs == inputs:
            return self._scale.stored
        return CURVE_AXES if inputs == 1 else PLAIN_AXES

    @property
    def region(self) -> Region:
        """The part of the plane that is shown."""
        return self._region

    def is_at_home(self) -> bool:
        """True where nobody has panned or zoomed."""
        return self._region == self._home

    def zoom_by(self, factor: float, around: Place | None = None) -> None:
        """Show `factor` times as much of the plane; less than 1 looks closer."""
        self._look_at(self._region.zoomed(factor, around))

    def pan_by(self, dx: float, dy: float) -> None:
        """Look at another part of the plane, this far away in canvas units."""
        self._look_at(self._region.moved(dx, dy))

    @Slot()
    def reset_view(self) -> None:
        """Look at what the experiment asks for."""
        self._look_at(self._home)

    def _look_at(self, region: Region) -> None:
        if region == self._region:
            return
        self._region = region
        self._box.setRange(region.rect, padding=0)
        self._markers.show_region(region, self._cells())
        self.regionChanged.emit(region.center, region.extent)

    def _cells(self) -> int:
        return int(np.clip(self.width() // PIXELS_A_CELL, 100, 400))

    # The look.

    @Slot()
    def _apply_theme(self) -> None:
        if self.closed:  # its items are gone already, before the view is
            return
        self._map.apply_theme()
        self._markers.apply_theme()
        for rings in self._rings:
            rings.apply_theme()
        self.setBackground(theme.current().soft)

    @Slot()
    def _on_resized(self) -> None:
        self._markers.show_region(self._region, self._cells())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with painting(self.viewport()) as painter:
            self._paint_overlays(painter)
            whole = QRectF(self.viewport().rect())
            corners, rounded = QPainterPath(), QPainterPath()
            corners.addRect(whole)
            rounded.addRoundedRect(whole, CORNER, CORNER)
            painter.fillPath(corners - rounded, theme.current().panel)
            if self.hasFocus() and self._was_reached_by_key:
                FocusRing.paint_ring(painter, whole.adjusted(1, 1, -1, -1), CORNER - 1)

    def _paint_overlays(self, painter: QPainter) -> None:
        size = self._size()
        if self._has_axes:
            axes.paint(painter, self._region, self.axes, size, self._names_upwards())
        marks = [(self._region.to_pixels(at, *size), text) for at, text in self._probes]
        overlays.probes(painter, [overlays.Mark(x, y, text) for (x, y), text in marks], size[0])
        if self.is_dense:
            overlays.caption(painter, self._density_words(), size[0])

    def _names_upwards(self) -> tuple[str, ...]:
        """What the heights of three classes and more are; two have their probability there."""
        dataset = self._dataset
        is_high = dataset is not None and dataset.points.x.shape[1] == 1 and dataset.classes > 2
        return class_names(dataset) if is_high and dataset is not None else ()

    def _density_words(self) -> str:
        return tr("{count} points, shown as density", count=f"{len(self._places):,}")

    def _size(self) -> tuple[float, float]:
        return float(self.width()), float(self.height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._was_reached_by_key = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        super().focusInEvent(event)

    _was_reached_by_key = False

    def sizeHint(self) -> QSize:
        return QSize(380, 380)


def _kind(dataset: Dataset) -> tuple[int, int]:
    """(inputs, classes): boundaries of different kinds have nothing in common."""
    return dataset.points.x.shape[1], dataset.classes
