"""The range and the colours of the picture, kept while a hand moves points within them: a picture
that moves under the hand cannot be drawn in.

Pure numbers; GUI thread.
"""

from __future__ import annotations

from playground.core.data.dataset import Dataset
from playground.core.data.picture_scale import PictureScale
from playground.core.data.plane import Axes, depends_on_data
from playground.engines.contract.views import Frame
from playground.ui.output.canvas.plane_view import FIRST_SCALE


class KeptScale:
    """The scale of the data that are shown."""

    def __init__(self) -> None:
        self.now = FIRST_SCALE
        self._shape: tuple[object, ...] | None = None
        self._depends = False

    def follow(self, dataset: Dataset, *, is_drawing: bool) -> bool:
        """These data are shown now, maybe in the middle of a gesture. True where their picture is
        another one: of another kind, or range.
        """
        scale = PictureScale.of(dataset)
        is_same_kind, self._shape = dataset.shape == self._shape, dataset.shape
        if is_same_kind and (is_drawing or self.now.holds(scale)):
            return False
        self.now, self._depends = scale, depends_on_data(dataset)
        return True

    @property
    def stored(self) -> Axes | None:
        """What places of the canvas are stored as; None where that does not depend on the data."""
        return self.now.stored if self._depends else None

    def has(self, frame: Frame | None) -> bool:
        """False for a picture of another range, drawn before the data or the range were new."""
        return frame is not None and (not self._depends or frame.stored == self.now.stored)
