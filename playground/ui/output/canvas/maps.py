"""What the network says, as items of the canvas: the map or the fitted curve, its contours, the
curves of single units, and the ghost of the run before.

GUI thread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from playground.core import class_looks, palette
from playground.core.class_looks import ClassLooks
from playground.core.class_maps import bordered, refined, repeats_colors
from playground.core.data.features import FEATURES
from playground.core.data.picture_scale import PictureScale, curve_heights, shades
from playground.core.data.target_scale import PLAIN, TargetScale
from playground.engines.contract.base import Weights
from playground.engines.contract.views import Frame
from playground.ui.look import theme
from playground.ui.look.marker_shapes import map_colors
from playground.ui.network.painting.pictures import feature_values
from playground.ui.output.canvas.canvas_points import CURVE_AXES, CURVE_SCALE
from playground.ui.output.canvas.contours import boundary, certainty

FINE = 200
"""Cells along each side that look smooth on the screen; a class border wants twice as many."""

UNITS_AT_MOST = 64
"""Curves of single units that are drawn: of a wider layer, those that add most."""


Unit = tuple[int, int] | str
"""A unit by its layer and number, or a feature by its key."""


class SmoothImage(pg.ImageItem):
    """An image whose pixels melt into each other, as probabilities do."""

    def paint(self, painter: QPainter, *arguments: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *arguments)


class MapLayer:
    """Draws frames into a view box."""

    def __init__(self, box: pg.ViewBox) -> None:
        self._image = SmoothImage(axisOrder="row-major")
        self._units = pg.PlotDataItem(antialias=True)
        self._ghost = pg.PlotDataItem(antialias=True)
        self._contours = [pg.PlotDataItem(antialias=True) for _ in range(2)]
        self._curve = pg.PlotDataItem(connect="finite", antialias=True)
        for item in (self._image, self._ghost, self._units, *self._contours, self._curve):
            box.addItem(item, ignoreBounds=True)
        self.frame: Frame | None = None
        self._weights: Weights | None = None
        self._is_discrete = self._has_contours = self._has_units = False
        self._unit: Unit | None = None
        self._looks = class_looks.DEFAULT
        self._stored, self._ends = CURVE_AXES, (-1.0, 1.0)
        self._target_scale = PLAIN

    # What is shown.

    def show_scale(self, scale: PictureScale, target_scale: TargetScale) -> None:
        """Draw with this height and these colours of targets, which the network learns otherwise
        where `target_scale` says so.
        """
        shown = scale.stored, scale.values, target_scale
        if shown != (self._stored, self._ends, self._target_scale):
            self._stored, self._ends, self._target_scale = shown
            self._draw()

    def show(self, frame: Frame | None, weights: Weights | None = None) -> None:
        """Draw a frame; None clears it. `weights` scale the curves of single units."""
        self.frame, self._weights = frame, weights
        self._draw()

    def show_looks(self, looks: ClassLooks) -> None:
        """Draw maps in the colours of these classes."""
        self._looks = looks
        self._draw()

    def set_discrete(self, discrete: bool) -> None:
        self._is_discrete = discrete
        self._draw()

    def show_contours(self, shown: bool) -> None:
        self._has_contours = shown
        self._draw()

    def show_units(self, shown: bool) -> None:
        self._has_units = shown
        self._draw()

    def show_unit(self, unit: Unit | None) -> None:
        self._unit = unit
        self._draw()

    # The ghost.

    def keep_ghost(self) -> None:
        """Leave the boundary of the last picture as a faint outline."""
        frame = self.frame
        if frame is None or frame.map is None:
            return
        if frame.map.ndim == 2:
            self._ghost.setData(*self._fitted(frame), connect="all")
        else:
            lines = boundary(self._signed(frame.map), frame.extent, frame.center)
            self._ghost.setData(*lines, connect="pairs")

    def has_ghost(self) -> bool:
        x, _ = self._ghost.getData()
        return x is not None and len(x) > 0

    def take_over_ghost(self, other: MapLayer) -> None:
        """Show the ghost that another layer shows."""
        if other.has_ghost():
            x, y = other._ghost.getData()
            self._ghost.setData(x, y, connect=other._ghost.opts["connect"])

    def dismiss_ghost(self) -> None:
        self._ghost.setData([], [])

    # Drawing.

    def _draw(self) -> None:
        frame = self.frame
        picture = None
        if frame is not None and self._unit is not None:
            picture = self._of_unit(frame, self._unit)
        is_map = picture is not None and picture.ndim > 1
        if frame is not None and picture is not None and is_map:
            self._draw_map(picture[:, :, None], frame)
        elif frame is not None and frame.map is not None and frame.map.ndim > 2:
            is_map = True
            self._draw_map(self._signed(frame.map), frame)
        elif frame is not None and frame.map is not None and picture is None:
            is_map = frame.map.shape[1] > 1
            if is_map:  # classes over a single input: bands, as high as the picture
                height = len(frame.map)
                self._draw_map(np.broadcast_to(frame.map, (height, *frame.map.shape)), frame)
        if not is_map:
            self._image.clear()
        self._draw_curves(frame, picture)
        self._draw_contours(frame if self._has_contours and picture is None else None)

    def _draw_curves(self, frame: Frame | None, unit: npt.NDArray | None) -> None:
        """With one input: the fit, or a single unit in its place, over what the units add."""
        if frame is None or frame.map is None or frame.map.ndim > 2:
            self._curve.setData([], [])
            self._units.setData([], [])
            return
        centers, fitted = self._fitted(frame)
        self._curve.setData(centers, fitted if unit is None else unit * CURVE_SCALE)
        parts = self._contributions(frame) if self._has_units else np.zeros((0, len(centers)))
        joined = np.ones(parts.shape, bool)
        joined[:, -1:] = False
        heights = self._stored[1].canvas(self._target_scale.restored(parts.ravel()))
        self._units.setData(np.tile(centers, len(parts)), heights, connect=joined.ravel())

    def _contributions(self, frame: Frame) -> npt.NDArray:
        """What each unit of the last hidden layer adds to the fit: weight x output, (units, x)."""
        weight = None if self._weights is None else _last_weight(self._weights)
        if not frame.neurons or weight is None or weight.shape != (1, len(frame.neurons[-1])):
            return np.zeros((0, 0))
        parts = weight[0][:, None] * frame.neurons[-1]
        parts = parts[np.isfinite(parts).all(axis=1)]
        return parts[np.argsort(-np.ptp(parts, axis=1))[:UNITS_AT_MOST]]

    def _draw_contours(self, frame: Frame | None) -> None:
        if frame is None or frame.map is None or frame.map.ndim < 3:
            for item in self._contours:
                item.setData([], [])
            return
        lines = certainty(self._signed(frame.map), frame.extent, frame.center)
        for item, ends in zip(self._contours, lines, strict=True):
            item.setData(*ends, connect="pairs")

    def _draw_map(self, picture: npt.NDArray[np.float32], frame: Frame) -> None:
        colors = self._colors_of(picture)
        # An image that sets its own levels would change the colours.
        self._image.setImage(colors, autoLevels=False, levels=(0, 255))
        low = frame.center[0] - frame.extent, frame.center[1] - frame.extent
        self._image.setRect(QRectF(*low, 2 * frame.extent, 2 * frame.extent))

    def _colors_of(self, picture: npt.NDArray[np.float32]) -> palette.Rgb:
        if repeats_colors(picture.shape[2]):
            colors = map_colors(self._looks)
            return bordered(picture, colors, 2 * FINE, decided=self._is_discrete)
        picture = refined(picture, FINE)
        if self._is_discrete:
            picture = _decided(refined(picture, 2 * FINE))
        return palette.map_colors(picture, theme.current().neutral, self._looks.rgb)

    def _fitted(self, frame: Frame) -> tuple[npt.NDArray, npt.NDArray]:
        """The curve that a network with one input draws, in canvas units."""
        assert frame.map is not None
        cells = len(frame.map)
        centers = (np.arange(cells) + 0.5) * (2 * frame.extent / cells) - frame.extent
        return centers + frame.center[0], curve_heights(frame.map, self._stored)

    def _signed(self, picture: npt.NDArray) -> npt.NDArray[np.float32]:
        """A map as colours have it: values from -1 to 1, and probabilities as they are."""
        return shades(picture, self._ends) if picture.shape[-1] == 1 else picture

    def _of_unit(self, frame: Frame, unit: Unit) -> npt.NDArray[np.float32] | None:
        """What a unit or a feature gives over the plane, from -1 to 1; None where that is not
        known.

        The units behind the hidden layers are the outputs, one a class or one for a value.
        """
        if isinstance(unit, str):
            return _of_feature(frame, unit)
        layer, number = unit
        if layer < len(frame.neurons) and number < len(frame.neurons[layer]):
            values = frame.neurons[layer][number]
            return values / max(float(np.abs(values).max()), 1e-9)
        if layer != len(frame.neurons) or frame.map is None or frame.map.ndim < 3:
            return None
        classes = frame.map.shape[2]
        if classes == 1:
            return self._signed(frame.map)[:, :, 0]
        return frame.map[:, :, min(number, classes - 1)] * 2 - 1

    def apply_theme(self) -> None:
        """Take the colours of the theme."""
        now = theme.current()
        self._curve.setPen(theme.line_pen(now.ink, 2.0))
        self._units.setPen(theme.line_pen(theme.faded(now.ink, 0.35)))
        ghost = theme.line_pen(theme.faded(now.ink, 0.45))
        ghost.setDashPattern([4, 4])
        self._ghost.setPen(ghost)
        for item, (width, strength) in zip(self._contours, ((1.5, 0.8), (1.0, 0.45)), strict=True):
            item.setPen(theme.line_pen(theme.faded(now.ink, strength), width))
        self._draw()


def _decided(picture: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Certainty for the class that wins; for values, only their sign."""
    classes = picture.shape[2]
    if classes == 1:
        return np.sign(picture)
    return np.eye(classes, dtype=np.float32)[picture.argmax(axis=2)]


def _of_feature(frame: Frame, key: str) -> npt.NDArray[np.float32] | None:
    if frame.map is None or key not in FEATURES:
        return None
    size, inputs = len(frame.map), frame.map.ndim - 1
    values = feature_values(key, inputs, size, frame.extent, frame.center, frame.stored)
    values = values[0] if inputs == 1 else values
    return values / max(float(np.abs(values).max()), 1e-9)


def _last_weight(weights: Weights) -> npt.NDArray | None:
    """The matrix of the output layer, (outputs, units): the last one of the flat Sequential."""
    matrices = [name for name, array in weights.items() if array.ndim == 2]
    return weights[matrices[-1]] if matrices else None
