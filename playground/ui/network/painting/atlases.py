"""Which pictures the nodes show: neurons, features, classes, images and their feature maps.

Owns the atlases of one moment. Imports `core`, the theme and the pure modules beside it; GUI thread
only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from playground.core import palette
from playground.core.data.points import FloatArray
from playground.engines.contract.base import Weights
from playground.engines.contract.views import Frame
from playground.ui.look import theme
from playground.ui.network.layout.shapes import Layout, Place
from playground.ui.network.painting import pictures
from playground.ui.network.painting.pictures import Atlas
from playground.ui.network.structure.diagram import Column
from playground.ui.network.structure.values import weights_by_pixel
from playground.ui.output.images import pixels

OUTPUT_SIZE: Final = 40
"""Points along each side of an output's picture: it is the one that people look at longest."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The values on show.

    image  (channels, height, width), the image that goes through the network
    maps   what each hidden layer makes of it, (channels, height, width) or (units,); or only of
           those layers that give images
    vectors  some rows of data that are vectors: their inputs (rows, inputs), and what the network
             makes of them (rows, outputs) where that is known
    """

    weights: Weights | None = None
    frame: Frame | None = None
    image: FloatArray | None = None
    maps: tuple[FloatArray, ...] = ()
    vectors: tuple[FloatArray | None, FloatArray | None] = (None, None)


class Atlases:
    """The pictures of every column that has some, made once for a layout and the values."""

    def __init__(self) -> None:
        self._layout: Layout | None = None
        self._shown: Shown | None = None
        self._theme: theme.Theme | None = None
        self._ramp = np.empty(0, np.uint32)
        self._made: dict[int, Atlas] = {}

    def of(self, layout: Layout, shown: Shown) -> dict[int, Atlas]:
        """Column -> pictures of its visible units, the first one first."""
        now = theme.current()
        if now is not self._theme:
            low, high = palette.CLASS_COLORS[:2]
            self._ramp = pictures.colors(low, high, now.neutral)
        if layout is not self._layout or shown is not self._shown or now is not self._theme:
            self._layout, self._shown, self._theme = layout, shown, now
            self._made = self._all(layout, shown)
        return self._made

    def _all(self, layout: Layout, shown: Shown) -> dict[int, Atlas]:
        if layout.diagram.has_images:
            made = [self._of_image(layout, shown, i) for i in range(len(layout.places) - 1)]
        else:
            made = [self._of_neurons(layout, shown.frame, i) for i in range(len(layout.places) - 1)]
        made.append(self._of_outputs(layout, shown.frame))
        for column, values in zip((0, len(made) - 1), shown.vectors, strict=True):
            made[column] = self._of_vectors(layout.places[column], values) or made[column]
        return {column: atlas for column, atlas in enumerate(made) if atlas is not None}

    # Data on a plane: every neuron is a picture over it.

    def _of_neurons(self, layout: Layout, frame: Frame | None, column: int) -> Atlas | None:
        entry, place = layout.diagram.columns[column], layout.places[column]
        if column == 0:
            return self._of_features(layout, frame) if layout.diagram.has_features else None
        if frame is None or entry.kind != "layer" or entry.layer >= len(frame.neurons):
            return None
        values = frame.neurons[entry.layer]
        if values.ndim != 3 or len(values) != entry.units:
            return None
        return self._signed(_visible(values, place))

    def _of_features(self, layout: Layout, frame: Frame | None) -> Atlas:
        diagram = layout.diagram
        region = () if frame is None else (frame.extent, frame.center, frame.stored)
        rows = [
            pictures.feature_picture(entry.key, diagram.data_inputs, *region)
            for entry in diagram.inputs
        ]
        return Atlas([self._ramp.take(row) for row in rows])

    def _of_outputs(self, layout: Layout, frame: Frame | None) -> Atlas | None:
        outputs, classes = layout.diagram.columns[-1].units, layout.diagram.classes
        if frame is None or frame.map is None or frame.map.shape[-1] != max(1, classes):
            return None
        if frame.map.ndim == 2 and not classes:
            return None  # a fitted curve, which is drawn as one
        values = pictures.class_pictures(frame.map, outputs, OUTPUT_SIZE, frame.values)
        neutral, colors = theme.current().neutral, layout.diagram.looks.rgb
        if outputs == 1:
            ramp = pictures.colors(colors[0], colors[1], neutral) if classes else self._ramp
            return Atlas([ramp.take(pictures.signed(values))])
        place = layout.places[-1]
        return Atlas(
            [
                pictures.colors(neutral, colors[index], neutral).take(
                    palette.signed_index(values[index : index + 1])
                )
                for index in range(place.first, place.first + len(place.nodes))
            ]
        )

    # Vectors: a value has no picture, but in some rows of the data it makes a pattern.

    def _of_vectors(self, place: Place, values: FloatArray | None) -> Atlas | None:
        """A strip for each value, with a stripe a row, all on one scale."""
        if values is None or values.shape[1] != place.column.units:
            return None
        largest = max(float(np.abs(np.nan_to_num(values)).max()), pictures.FAINTEST_SCALE)
        stripes = self._ramp.take(palette.signed_index(_visible(values.T, place), largest))
        return Atlas([pixels.crisp(np.repeat(stripes[:, None], len(values), axis=1))])

    # Images: every channel is a picture of what the layer makes of one of them.

    def _of_image(self, layout: Layout, shown: Shown, column: int) -> Atlas | None:
        entry, place = layout.diagram.columns[column], layout.places[column]
        if not place.nodes:
            return None
        if column == 0:
            return _of_pixels(place, shown.image)
        before = layout.diagram.columns[column - 1]
        if entry.is_linear and before.group == 0 and shown.image is not None:
            return self._of_templates(layout, shown, column)
        values = _map_of(layout, shown, entry)
        if values is None or values.shape != entry.shape:
            return None
        if values.ndim == 3:
            return self._signed_pixels(_visible(values, place))
        largest = max(float(np.abs(values).max()), pictures.FAINTEST_SCALE)
        levels = palette.signed_index(_visible(values, place), largest)
        return Atlas([self._ramp.take(np.repeat(levels, 16).reshape(-1, 4, 4))])

    def _of_templates(self, layout: Layout, shown: Shown, column: int) -> Atlas | None:
        """What each unit looks for: its weights in the places of the pixels."""
        place, image = layout.places[column], shown.image
        bundles = weights_by_pixel(layout.diagram, shown.weights, column)
        if bundles is None or image is None or image[0].size != bundles.shape[2]:
            return None
        seen = _visible(bundles, place).sum(axis=1).reshape(-1, *image.shape[1:])
        return self._signed_pixels(seen)

    def filters(self, kernels: npt.NDArray) -> npt.NDArray[np.uint32]:
        """Kernels (inputs, side, side) beside each other, on one scale: colours (height, width)."""
        scale = max(float(np.abs(kernels).max()), pictures.FAINTEST_SCALE)
        drawn = pixels.crisp(self._ramp.take(palette.signed_index(kernels, scale)))
        gap = drawn.shape[1] // 8
        ink = theme.current().ink.rgb()  # that of the card they stand on
        framed = np.pad(drawn, ((0, 0), (0, 0), (0, gap)), constant_values=ink)
        return np.ascontiguousarray(np.concatenate(list(framed), axis=1)[:, :-gap])

    def _signed(self, values: npt.NDArray) -> Atlas:
        return Atlas([self._ramp.take(pictures.signed(values))])

    def _signed_pixels(self, values: npt.NDArray) -> Atlas:
        """Row 0 of an image is its upper edge, that of a map of the plane its lower one."""
        drawn = self._ramp.take(pictures.signed(_square(values)))
        return Atlas([pixels.crisp(drawn)[:, ::-1]])


def _map_of(layout: Layout, shown: Shown, entry: Column) -> FloatArray | None:
    """What a layer makes of the image, as far as it is known."""
    hidden = layout.diagram.hidden
    if len(shown.maps) == len(hidden):
        return shown.maps[entry.layer]
    drawn = [column.layer for column in hidden if column.is_image]
    is_known = entry.layer in drawn and len(shown.maps) == len(drawn)
    return shown.maps[drawn.index(entry.layer)] if is_known else None


def _visible(values: npt.NDArray, place: Place) -> npt.NDArray:
    return values[place.first : place.first + len(place.nodes)]


def _of_pixels(place: Place, image: FloatArray | None) -> Atlas | None:
    if image is None or len(image) < len(place.nodes):
        return None
    low, high = float(image.min()), float(image.max())
    drawn = [pixels.colors_of(channel[None], low, high) for channel in _visible(image, place)]
    return Atlas([pixels.crisp(_square(np.stack(drawn)))[:, ::-1]])


def _square(values: npt.NDArray) -> npt.NDArray:
    """Pictures (N, height, width) made square; what is missing repeats the edge."""
    height, width = values.shape[1:]
    edge = max(height, width)
    spare_rows, spare_columns = edge - height, edge - width
    if not spare_rows and not spare_columns:
        return values
    around = ((0, 0), _halves(spare_rows), _halves(spare_columns))
    return np.pad(values, around, mode="edge")


def _halves(spare: int) -> tuple[int, int]:
    return spare // 2, spare - spare // 2
