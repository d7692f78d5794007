"""What somebody wants to see of a run, and what is shown of it: pictures, answers, insights.

Plain data that cross between the thread that trains and the thread that looks; any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from playground.core.data.plane import Axes
from playground.core.data.points import FloatArray
from playground.engines.contract.base import Weights
from playground.engines.inside.comparison import Comparison


@dataclass(frozen=True, slots=True)
class Views:
    """Which pictures are wanted: points along each side of the map and of the neurons' pictures (0:
    none).

    The pictures cover the square of half side `extent` around `center`, in the canvas's units.
    inspect      what training does to the weights and units
    predictions  what the network says of every point
    by_hand      gradients worked out by hand beside those of autograd
    image_row    the row of `dataset.points` whose way through the layers is wanted, for images
    in_training  the map as the last training step would have it: dropout at work, batches
                 normalised by themselves
    pad          raw inputs float32 (D,) of a drawing, to be predicted with every picture
    pointer      the place of the canvas at which somebody asks what the network says
    stored       what the canvas's units are, across and up, in the numbers that points are stored
                 in; where they depend on the data and None is said, those of `PictureScale`
    """

    grid: int = 100
    neuron_grid: int = 0
    extent: float = 6.0
    center: tuple[float, float] = (0.0, 0.0)
    inspect: bool = False
    predictions: bool = False
    by_hand: bool = False
    image_row: int | None = None
    in_training: bool = False
    pad: FloatArray | None = field(default=None, compare=False)
    pointer: tuple[float, float] | None = None
    stored: Axes | None = None

    def shows_the_same_as(self, other: Views | None) -> bool:
        """True where both want the same pictures, wherever the pointer is."""
        if other is None or self.pad is not other.pad:
            return False
        return replace(self, pointer=None) == replace(other, pointer=None)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What the views draw. Row 0 of a picture is its lower edge; all arrays are read-only.

    Numbers that somebody reads are the network's own, never those of a picture: pictures have
    cells and edges.

    map      (grid, grid, classes): probabilities, or (grid, grid, 1): values in the units of the
             data; for one input (grid, classes) or (grid, 1), over [-extent, extent]; None where
             the data have more inputs. float32, or float64 where targets are scaled.
    neurons  float32 (units, size, size), one array a hidden layer; empty where they are not wanted;
             for one input (units, grid).
    pad      float32 (classes,) or (K,): what the network says of the drawing, if there is one.
    probes   what the network says of each probe of the experiment that fits the data, by its
             inputs: float32 (classes,) or (1,).
    pointer  the place of the canvas that somebody asked about, and the network's answer, float32
             (classes,) or (1,); None where nobody asks.
    stored   what the canvas's units were taken for; None where points are stored in them, and for
             more than two inputs
    values   lowest and highest target that colours tell apart
    """

    map: FloatArray | None
    neurons: tuple[FloatArray, ...]
    extent: float
    center: tuple[float, float] = (0.0, 0.0)
    pad: FloatArray | None = None
    probes: Mapping[tuple[float, ...], FloatArray] = field(default_factory=dict)
    pointer: tuple[tuple[float, float], FloatArray] | None = None
    stored: Axes | None = None
    values: tuple[float, float] = (-1.0, 1.0)

    def shows_the_same_as(self, other: Frame) -> bool:
        """True where the pictures of both are one and the same; what was asked may differ."""
        return (
            self.map is other.map
            and self.neurons is other.neurons
            and (self.extent, self.center) == (other.extent, other.center)
            and self.stored == other.stored
        )


@dataclass(frozen=True, slots=True, eq=False)
class Inspection:
    """A look into the network at one moment; parts that nobody wanted are empty or None.

    gradients    the derivative of the data loss, without penalty and with layers in evaluation
                 mode, by every parameter, over at most 512 training rows; named as the weights
    activations  float32 (rows, ...), one array a hidden layer: what its units give for at most 256
                 training rows
    predictions  float32 (N, classes) probabilities or (N, K) values for every row of
                 `dataset.points`; None where there are too many rows to ask for
    feature_maps float32 (channels, height, width) or (units,), one array for each hidden layer
    by_hand      both gradients of every parameter, or the sentence why there is nothing to compare
    epoch, step  when this was; a later snapshot may still carry it
    """

    gradients: Weights
    activations: tuple[FloatArray, ...]
    predictions: FloatArray | None
    feature_maps: tuple[FloatArray, ...] = ()
    by_hand: Comparison | str | None = None
    epoch: int = 0
    step: int = 0
